"""How one snapshot went, for the person who asked for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from collector.figures.gaps import explain_gap
from collector.language import current, t
from collector.store.records import StoredAccount
from connectors.kit import Gap, PlatformError


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong: a stable code, a technical message, and what the person can do."""

    code: str
    message: str
    hint: str = ""

    @classmethod
    def of(cls, error: PlatformError, message: str) -> Self:
        """Make a problem of a platform's fault, with its message as it may be shown."""
        return cls(error.code, message, error.hint.text(current()))

    @classmethod
    def busy(cls) -> Self:
        """Return the problem of an account that another process is collecting."""
        hint = t("Tunggu sampai pengumpulan itu selesai.", en="Wait until that collection is done.")
        return cls("busy", t("Akun ini sedang dikumpulkan proses lain.", en="Another process is collecting it."), hint)

    @classmethod
    def stopped(cls) -> Self:
        """Return the problem of an account whose turn did not come before the program was stopped."""
        return cls(
            "stopped", t("Program dihentikan sebelum gilirannya.", en="The program was stopped before its turn.")
        )

    @classmethod
    def paused(cls) -> Self:
        """Return the problem of an account that a person has paused."""
        return cls("paused", t("Akun ini dijeda.", en="This account is paused."), "collector accounts resume")

    @classmethod
    def not_connected(cls) -> Self:
        """Return the problem of an account of which only typed figures are known."""
        return cls("not_connected", t("Akun ini belum disambungkan; angkanya diisi manual.",
                                      en="This account is not connected; its figures are typed in."))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Price:
    """What a snapshot will cost at most, told before it is taken; what the year has cost so far; and the year's limit.

    In millionths of a US dollar. It is there for accounts of platforms that charge.
    """

    account: StoredAccount
    most: int
    spent: int
    cap: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One account's part of a run. `result` is ok, partial, failed or skipped; `cost` in millionths of a dollar."""

    office: str
    platform: str
    account: str
    result: str
    requests: int = 0
    readings: int = 0
    revised: int = 0
    gaps: tuple[Gap, ...] = ()
    cost: int = 0
    due_at: datetime | None = None
    problem: Problem | None = None
    price: Price | None = None

    @classmethod
    def skipped(cls, account: StoredAccount, problem: Problem) -> Self:
        """Return the outcome of an account that was not collected."""
        return cls(account.office.slug, account.platform, account.handle, "skipped", problem=problem)

    @classmethod
    def not_begun(cls, account: StoredAccount, problem: Problem) -> Self:
        """Return the outcome of an account that could not be collected because its set-up is wrong."""
        return cls(account.office.slug, account.platform, account.handle, "failed", problem=problem)

    @property
    def is_failure(self) -> bool:
        """Whether the person who asked did not get what was asked for."""
        return self.result in ("failed", "partial") or (self.problem is not None and self.problem.code == "busy")


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did. `reduced` counts the kept answers that the platforms' terms let nobody keep whole any longer."""

    run_id: int
    trigger: str
    outcomes: tuple[Outcome, ...]
    recovered: int = 0
    reduced: int = 0


def plain_gap(gap: Gap) -> dict[str, Any]:
    """Return a gap as plain values for JSON."""
    return {
        "metric": gap.measure.metric.key,
        "measure": gap.measure.key,
        "about": gap.about,
        "reason": str(gap.reason),
        "message": explain_gap(gap.reason, gap.measure),
        "note": gap.note,
    }
