"""The accounts of a benchmark: how many of each platform, and how each of them is called and signed in.

An account is its platform and a number. Everything else (ids, keys) is made from the number, so that the server, the
product and the replaying sides know the same accounts without telling each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

NOW = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
"""The moment at which every side collects. Sixteen days of November are over then, in every platform's calendar."""

PERIOD = "2026-11"
"""What is collected: the month so far."""

APP_SECRET = "bench-app-secret"  # noqa: S105 - opens nothing but the benchmark's server
CLIENT = "bench-client"

_FIRST_PAGE = 711_000_000_000_000
_FIRST_INSTAGRAM = 17_841_400_000_000_000
_FIRST_X = 1_480_000_000_000_000_000
_FIRST_PROPERTY = 300_000_000

_PREFIXES = {
    "FACEBOOK_GRAPH_URL": "facebook-graph", "INSTAGRAM_GRAPH_URL": "instagram-graph",
    "YOUTUBE_DATA_URL": "youtube-data", "YOUTUBE_ANALYTICS_URL": "youtube-analytics",
    "GOOGLE_OAUTH_URL": "google-oauth", "X_API_URL": "x-api", "TIKTOK_API_URL": "tiktok-api",
    "GA4_DATA_URL": "ga4-data", "MATOMO_URL": "matomo",
}  # fmt: skip

Keys = dict[str, str]


@dataclass(frozen=True, slots=True)
class Mix:
    """How the accounts are spread over the platforms: so many parts of each."""

    name: str
    parts: Mapping[str, int]

    def counts(self, total: int) -> dict[str, int]:
        """Return how many accounts each platform has of `total`; the largest remainders get what is left over."""
        whole = sum(self.parts.values())
        counts = {platform: total * part // whole for platform, part in self.parts.items()}
        by_remainder = sorted(self.parts, key=lambda platform: -(total * self.parts[platform] % whole))
        for platform in by_remainder[: total - sum(counts.values())]:
            counts[platform] += 1
        return counts


USUAL = Mix("usual", {"facebook": 9, "youtube": 7, "instagram": 1, "x": 1, "tiktok": 1, "website": 1})
"""Five requests and three hundred readings an account on average, which Facebook and YouTube have to provide."""

EVEN = Mix("even", {"facebook": 14, "youtube": 10, "instagram": 70, "x": 70, "tiktok": 35, "website": 35})
"""Every platform is asked about equally often, so that all platforms' connections are busy to the end."""


def environment(home: str, address: str, database: str = "") -> dict[str, str]:
    """Return the environment of an installation whose platforms are all the benchmark's server."""
    own = {"COLLECTOR_HOME": home, "COLLECTOR_KEY_FILE": f"{home}.key", "COLLECTOR_DATABASE_URL": database}
    return {**own, **{setting: f"{address}/{prefix}" for setting, prefix in _PREFIXES.items()}}


def sqlite_file(environment: Mapping[str, str]) -> str | None:
    """Return the database file of an installation, None where it has another database."""
    return None if environment.get("COLLECTOR_DATABASE_URL") else f"{environment['COLLECTOR_HOME']}/collector.db"


def external_id(platform: str, number: int, address: str) -> str:
    """Return the platform's own id of an account. A website's is its address without the scheme."""
    match platform:
        case "facebook":
            return str(_FIRST_PAGE + number)
        case "instagram":
            return str(_FIRST_INSTAGRAM + number)
        case "youtube":
            return f"UC{number:022d}"
        case "x":
            return str(_FIRST_X + number)
        case "tiktok":
            return f"open-{number}"
        case "website":
            return f"{address.partition('://')[2]}/site/{number}"
    raise LookupError(platform)


def number_of(platform: str, external: str) -> int:
    """Return an account's number out of the platform's own id."""
    match platform:
        case "facebook":
            return int(external) - _FIRST_PAGE
        case "instagram":
            return int(external) - _FIRST_INSTAGRAM
        case "youtube":
            return int(external.removeprefix("UC"))
        case "x":
            return int(external) - _FIRST_X
        case "tiktok":
            return int(external.removeprefix("open-"))
        case "website":
            return int(external.rpartition("/")[2])
        case "ga4":
            return int(external) - _FIRST_PROPERTY
    raise LookupError(platform)


def handle_of(platform: str, number: int, address: str) -> str:
    """Return what people call an account."""
    return external_id("website", number, address) if platform == "website" else f"kpu_{number:05d}"


def bearer_of(platform: str, number: int) -> str:
    """Return the key that an account is asked with."""
    return f"bench-{platform}-{number:05d}-0123456789abcdef"


def service_account_of(number: int) -> str:
    """Return the e-mail address of a website's service account."""
    return f"bench-{number:05d}@bench.iam.gserviceaccount.com"


def keys_of(platform: str, number: int, address: str, private_key: str) -> Keys:
    """Return the key fields of an account, as an office would fill them in."""
    bearer, external = bearer_of(platform, number), external_id(platform, number, address)
    match platform:
        case "facebook":
            return {"page_id": external, "access_token": bearer, "app_secret": APP_SECRET}
        case "instagram":
            return {"user_id": external, "access_token": bearer, "app_secret": APP_SECRET}
        case "youtube":
            return {"channel_id": external, "client_id": CLIENT, "client_secret": APP_SECRET,
                    "refresh_token": f"bench-refresh-{number:05d}"}  # fmt: skip
        case "x":
            return {"username": handle_of(platform, number, address), "bearer_token": bearer}
        case "tiktok":
            return {"client_key": CLIENT, "client_secret": APP_SECRET, "refresh_token": f"bench-refresh-{number:05d}"}
        case "website":
            return {"url": f"{address}/site/{number}", **_counting_keys(number, private_key)}
    raise LookupError(platform)


def _counting_keys(number: int, private_key: str) -> Keys:
    """Return the keys of a website's counting service: of three sites one has Matomo, one Google's, one has none."""
    if number % 3 == 0:
        return {"matomo_site_id": str(number), "matomo_token": bearer_of("website", number)}
    if number % 3 == 1:
        file = f'{{"client_email": "{service_account_of(number)}", "private_key": {private_key}}}'
        return {"ga4_property_id": str(_FIRST_PROPERTY + number), "service_account": file}
    return {}
