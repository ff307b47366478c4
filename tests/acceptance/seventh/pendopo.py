"""Pendopo, a platform that does not exist: one account's counts, read with one question."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import SecretStr

from connectors.kit import (
    AccessError,
    Account,
    Assignment,
    Bearer,
    Connector,
    Exchange,
    Fetch,
    Host,
    Keys,
    Kind,
    Limits,
    Measure,
    Node,
    Observation,
    PlatformError,
    Profile,
    Reason,
    Request,
    Subject,
    ThrottledError,
    UnreachableError,
    Words,
    key,
    metric,
    since,
)
from connectors.kit.metrics import FOLLOWERS, NOW

GUESTS = metric("pendopo.guests", "guest", "tamu", "guests")
COUNTS = {
    "followers": Measure(FOLLOWERS, Subject.ACCOUNT, NOW, Kind.LEVEL,
                         (since(None, "Pengikut akun saat ini", "Followers of the account now"),)),
    "guests": Measure(GUESTS, Subject.ACCOUNT, NOW, Kind.COUNTER,
                      (since(None, "Tamu sejak akun dibuat", "Guests since the account was made"),)),
}  # fmt: skip


class PendopoKeys(Keys):
    """What an office fills in."""

    name: str | None = key(
        "PENDOPO_NAME", Words("Nama akun", "Account name"), Words("Nama di Pendopo.", "The name on Pendopo.")
    )
    token: SecretStr | None = key(
        "PENDOPO_TOKEN", Words("Kunci akun", "Account key"), Words("Dari halaman pengaturan.", "From its settings.")
    )


class Pendopo(Connector):
    """Pendopo."""

    slug = "pendopo"
    name = "Pendopo"
    aliases = ("joglo",)
    colour = "#7A4B12"
    measures = tuple(COUNTS.values())
    hosts: ClassVar[Mapping[str, Host]] = {
        "api": Host("PENDOPO_API_URL", "https://api.pendopo.example", auth={"key": Bearer("token")})
    }
    limits = Limits(per_second=5)
    Keys = PendopoKeys
    identity = "name"
    identity_is = "handle"
    needs = (frozenset({"name", "token"}),)
    reread_days = 0
    terms = Words(
        "Pendopo tidak ada; angkanya boleh disimpan selamanya.", "Pendopo does not exist; keep its figures for ever."
    )

    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        """Read the two counts."""
        counts = self._ask(assignment.account, fetch)["counts"]
        for name, measure in COUNTS.items():
            yield counts[name].read(measure) if counts[name].exists else counts[name].gap(measure, Reason.NOT_OFFERED)

    def check(self, account: Account, fetch: Fetch) -> Profile:
        """Ask who it is."""
        answer = self._ask(account, fetch)
        return Profile(answer["id"].text(), answer["name"].text())

    def _ask(self, account: Account, fetch: Fetch) -> Node:
        return fetch(Request("api", f"/accounts/{account.settings['name']}"))

    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        """Say what is wrong by the status alone."""
        if exchange.status == 401 and exchange.json() is not None:
            return AccessError("the key is refused", place=exchange.place())
        if exchange.status == 429:
            return ThrottledError("slow down", after=exchange.retry_after, place=exchange.place())
        if exchange.status >= 400:
            return UnreachableError(f"status {exchange.status}", place=exchange.place())
        return None


CONNECTOR = Pendopo()
