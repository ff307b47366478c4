"""Keys that live a while, renewed by keys that serve once (tiktok.md §2, §7).

Access tokens say themselves when they were issued and carry a seal, so that the stand-in remembers nothing but which
refresh tokens were used up, and a demo may move the clock through past months.
"""

from functools import lru_cache
from hashlib import sha256

from collector.demo.world import World

_FAMILY = 1_000_000  # renewals are counted on from here at each consent


@lru_cache(maxsize=4096)
def _seal(*parts: object) -> str:
    return sha256("|".join(("demo-tiktok", *map(str, parts))).encode()).hexdigest()[:24]


def refresh_token(service: str, number: int) -> str:
    """Return the refresh token that a service gives at the `number`th renewal; 0 is what an office fills in."""
    return f"rft.{number}.{_seal(service, 'refresh', number)}"


def _access_token(service: str, number: int, issued: int, lifetime: int) -> str:
    return f"act.{number}.{issued}.{lifetime}.{_seal(service, 'access', number, issued, lifetime)}"


class Tokens:
    """The keys of one service's one account. `expired` and `revoked` refuse every access or refresh token."""

    def __init__(self, world: World, service: str, expires_in: int) -> None:
        self.world = world
        self.service = service
        self.expires_in = expires_in
        self.expired = False
        self.revoked = False
        self._used: set[str] = set()
        self._accounts = ["office"]  # who each consent was of; the first was before the stand-in began

    def renew(self, token: str) -> tuple[str, str] | None:
        """Use a refresh token up. Returns an access token and the next refresh token, None for a bad one."""
        number = token.removeprefix("rft.").partition(".")[0]
        if not number.isdecimal() or token != refresh_token(self.service, int(number)):
            return None
        if token in self._used or self.revoked:
            return None
        self._used.add(token)
        issued = int(self.world.now().timestamp())
        access = _access_token(self.service, int(number), issued, self.expires_in)
        return access, refresh_token(self.service, int(number) + 1)

    def begin(self, account: str) -> tuple[str, str]:
        """Give the first pair of a new consent."""
        self._accounts.append(account)
        self.revoked = False
        number = (len(self._accounts) - 1) * _FAMILY
        issued = int(self.world.now().timestamp())
        return _access_token(self.service, number, issued, self.expires_in), refresh_token(self.service, number)

    def account_of(self, access: str) -> str:
        """Return who an access token is of."""
        number = access.split(".")[1] if access.count(".") == 4 else ""
        consent = int(number) // _FAMILY if number.isdecimal() else 0
        return self._accounts[consent] if consent < len(self._accounts) else "office"

    def is_good(self, access: str) -> bool:
        """Whether an access token was given out here and still lives."""
        parts = access.split(".")
        if self.expired or len(parts) != 5 or not all(part.isdecimal() for part in parts[1:4]):
            return False
        number, issued, lifetime = (int(part) for part in parts[1:4])
        known = access == _access_token(self.service, number, issued, lifetime)
        return known and self.world.now().timestamp() < issued + lifetime
