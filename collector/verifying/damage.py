"""What verifying finds: one damage each, with where it is, what it touches and how to mend it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from collector.figures.codes import reading_code
from collector.growth.periods import period_of
from collector.language import t
from collector.store.proofs import Fact
from collector.store.records import StoredAccount, from_ms

_NAMED = 3  # figures that are named; of more only how many


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it was stored. `id` is stable; `where` names account and time as far as it has them."""

    id: str
    what: str
    where: str
    figures: tuple[str, ...]
    mend: str

    def plain(self) -> dict[str, Any]:
        """Return the damage as plain values."""
        return {
            "id": self.id, "what": self.what, "where": self.where, "figures": list(self.figures), "mend": self.mend,
        }  # fmt: skip

    def lines(self) -> list[str]:
        """Return the damage as lines for a person."""
        touched = t("angka", en="figures") + ": " + _names(self.figures) if self.figures else ""
        under = [part for part in (self.where, touched) if part]
        return [f"[{self.id}] {self.what}", *(f"    {line}" for line in under), f"    -> {self.mend}"]


def _names(codes: Sequence[str]) -> str:
    more = len(codes) - _NAMED
    return ", ".join(codes[:_NAMED]) + (t(f" dan {more} lagi", en=f" and {more} more") if more > 0 else "")


@dataclass(frozen=True, slots=True)
class Scene:
    """Where something stands: whose it is, and when it was had."""

    account: StoredAccount | None
    platform: str
    moment: datetime

    def __str__(self) -> str:
        if self.account is None:
            who = self.platform
            here = self.moment
        else:
            who = f"{self.account.platform} {self.account.handle} ({self.account.office.slug})"
            here = self.moment.astimezone(self.account.office.timezone)
        return f"{who}, {here:%Y-%m-%d %H:%M}"

    @property
    def period(self) -> str:
        """The semester in which it was had, as commands take it."""
        zone = self.account.office.timezone if self.account is not None else UTC
        return period_of("semester", self.moment.astimezone(zone).date()).name


@dataclass(frozen=True, slots=True)
class Scenes:
    """Makes scenes of numbers."""

    accounts: Mapping[int, StoredAccount]

    def at(self, account_id: int | None, platform: str, ms: int) -> Scene:
        """Return the scene of an account, if it is known, at a moment."""
        account = self.accounts.get(account_id) if account_id is not None else None
        return Scene(account, platform, from_ms(ms))


def codes_of(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return the codes of some figures, each once."""
    return tuple(dict.fromkeys(reading_code(one.series_id, one.at) for one in facts))


def restore(period: str | None = None) -> str:
    """Say how something is mended that only a backup still has; what lies in a period may also be collected anew."""
    if period is None:
        return t(
            "Pulihkan dari cadangan yang dibuat sebelum kerusakan ini.",
            en="Restore it from a backup that was made before this damage.",
        )
    return t(
        "Pulihkan dari cadangan yang dibuat sebelum kerusakan ini; tanpa cadangan, kumpulkan ulang periodenya: "
        f"collect now --period {period}.",
        en="Restore it from a backup that was made before this damage; without one, collect its period anew: "
        f"collect now --period {period}.",
    )
