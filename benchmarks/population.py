"""The accounts of a benchmark: how each of them is called and signed in, and on which of the six platforms it is.

An account is a number. Everything else is made from it, so that the server, the product and the replaying sides know
the same accounts without telling each other.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

NOW = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
"""The moment at which every side collects. Sixteen days of November are over then."""

SLUGS = tuple(f"bench{number}" for number in range(1, 7))
"""The platforms. Each has every sixth account."""

CLIENT = "bench-client"


def environment(home: str, address: str, database: str = "") -> dict[str, str]:
    """Return the environment of an installation whose platforms are all the benchmark's server."""
    own = {"COLLECTOR_HOME": home, "COLLECTOR_KEY_FILE": f"{home}.key", "COLLECTOR_DATABASE_URL": database}
    return {**own, **{f"{slug.upper()}_URL": f"{address}/{slug}" for slug in SLUGS}}


def sqlite_file(environment: Mapping[str, str]) -> str | None:
    """Return the database file of an installation, None where it has another database."""
    return None if environment.get("COLLECTOR_DATABASE_URL") else f"{environment['COLLECTOR_HOME']}/collector.db"


def platform_of(number: int) -> str:
    """Return the platform that an account is on."""
    return SLUGS[number % len(SLUGS)]


def id_of(number: int) -> str:
    """Return the platform's own id of an account."""
    return f"{number:05d}"


def handle_of(number: int) -> str:
    """Return what people call an account."""
    return f"kpu_{number:05d}"


def is_refreshed(number: int) -> bool:
    """Whether an account is signed in with a short-lived key: every sixth one of each platform."""
    return number // len(SLUGS) % 6 == 0


def key_of(id: str) -> str:
    """Return the key that an account is asked with."""
    return f"bench-key-{id}-0123456789abcdef"


def refresh_key_of(id: str) -> str:
    """Return the key that a short-lived one is had for."""
    return f"bench-refresh-{id}-0123456789abcdef"


def id_of_refresh_key(refresh_key: str) -> str:
    """Return whose key that is."""
    return refresh_key.split("-")[2]


def keys_of(number: int) -> dict[str, str]:
    """Return the key fields of an account, as an office would fill them in."""
    id = id_of(number)
    if is_refreshed(number):
        return {"account_id": id, "client_id": CLIENT, "refresh_key": refresh_key_of(id)}
    return {"account_id": id, "access_key": key_of(id)}
