"""What can go wrong with a platform, grouped by what happens next.

    PlatformError
    ├── UnreachableError   retry      no answer, or a passing fault of the platform
    ├── ThrottledError     wait       until a moment that the platform names
    ├── AccessError        reconnect  a person has to sign in again; the account is marked
    │   └── OtherAccountError         ... because the sign-in is of another account
    ├── NotOfferedError    skip       the platform does not give this; it becomes a gap with the reason
    ├── ShapeError         report     an answer that cannot be read; it is kept, the snapshot is partial
    │   └── GarbledError   retry      ... because it is no JSON at all
    └── SettingError       fix        the set-up is wrong; waiting or signing in would not help

`diagnose` of a connector makes them from an answer; the shell makes `UnreachableError` where there is no answer. Each
has a stable `code` for machines, a `message` for logs and a `hint` for the person in the office. `place` is where in a
kept answer the fault is stated, if it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from connectors.kit.metrics import Words


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value or a fault stands: a kept exchange and a pointer into it.

    `pointer` is `body:` and a JSON pointer (RFC 6901), `head:/status` for the status line, or `cell:/row/column` of
    an imported table (both from 1).
    """

    exchange: int
    pointer: str


class Action(StrEnum):
    """What the shell does next about an error."""

    RETRY = "retry"
    WAIT = "wait"
    RECONNECT = "reconnect"
    SKIP = "skip"
    REPORT = "report"
    FIX = "fix"


class Reason(StrEnum):
    """Why a figure is missing: the closed list of a gap's reasons."""

    HIDDEN = "hidden"  # the owner hides it
    RETIRED = "retired"  # the platform does not know the metric any more
    NOT_PERMITTED = "not_permitted"  # the permission given does not cover it
    NOT_OFFERED = "not_offered"  # the platform does not give it for this account or post
    BELOW_FLOOR = "below_floor"  # the audience is smaller than the platform's minimum
    EMPTY = "empty"  # the platform answered with an empty set
    TOO_EARLY = "too_early"  # the platform has not finished the day yet
    TOO_LATE = "too_late"  # further back than the platform remembers
    UNREACHABLE = "unreachable"  # no answer could be had
    UNREADABLE = "unreadable"  # an answer came that cannot be read
    BUDGET = "budget"  # asking would cost more than the cap allows

    @property
    def words(self) -> Words:
        """The reason as people read it, after "the figure is missing:"."""
        return _REASON_WORDS[self]


_REASON_WORDS = {
    Reason.HIDDEN: Words("disembunyikan pemilik akun", "hidden by the account's owner"),
    Reason.RETIRED: Words("tidak lagi disediakan platform", "no longer offered by the platform"),
    Reason.NOT_PERMITTED: Words("izinnya belum diberikan", "the permission was not given"),
    Reason.NOT_OFFERED: Words("tidak disediakan platform", "not offered by the platform"),
    Reason.BELOW_FLOOR: Words("belum memenuhi syarat platform", "below the platform's minimum"),
    Reason.EMPTY: Words("platform menjawab tanpa angka", "the platform answered without a figure"),
    Reason.TOO_EARLY: Words("platform belum selesai menghitung", "the platform has not finished counting"),
    Reason.TOO_LATE: Words("lebih lama dari ingatan platform", "further back than the platform remembers"),
    Reason.UNREACHABLE: Words("tidak dapat dihubungi", "could not be reached"),
    Reason.UNREADABLE: Words("jawaban tidak dapat dibaca", "the answer could not be read"),
    Reason.BUDGET: Words("melewati batas biaya", "beyond the cost cap"),
}


class PlatformError(Exception):
    """A platform's fault or refusal."""

    code = "platform"
    action = Action.REPORT
    hint = Words("Catat pesan ini dan coba lagi.", "Note this message and try again.")

    def __init__(
        self, message: str, *, place: Place | None = None, code: str | None = None, hint: Words | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.code = code or type(self).code
        self.hint = hint or type(self).hint


class UnreachableError(PlatformError):
    """No answer, or an answer that says the fault is passing (5xx)."""

    code = "unreachable"
    action = Action.RETRY
    hint = Words(
        "Periksa sambungan internet kantor; pengumpulan dicoba lagi dengan sendirinya.",
        "Check the office's internet line; collecting is tried again by itself.",
    )


class ThrottledError(PlatformError):
    """The platform wants to be left alone: for `after`, or until `until` (UTC), or for its usual time."""

    code = "throttled"
    action = Action.WAIT
    hint = Words(
        "Batas permintaan platform tercapai; dilanjutkan sendiri setelah waktunya.",
        "The platform's request limit is reached; it goes on by itself later.",
    )

    def __init__(
        self,
        message: str,
        *,
        after: timedelta | None = None,
        until: datetime | None = None,
        place: Place | None = None,
        code: str | None = None,
        hint: Words | None = None,
    ) -> None:
        super().__init__(message, place=place, code=code, hint=hint)
        self.after = after
        self.until = until


class AccessError(PlatformError):
    """The sign-in is no longer good; a person has to connect the account again.

    `patience` is how long it must have been so before a person is asked, where the platform also refuses good
    sign-ins for some hours.
    """

    code = "access.expired"
    action = Action.RECONNECT
    hint = Words(
        "Akun ini perlu disambung ulang.",
        "This account has to be connected again.",
    )

    def __init__(
        self,
        message: str,
        *,
        patience: timedelta = timedelta(0),
        place: Place | None = None,
        code: str | None = None,
        hint: Words | None = None,
    ) -> None:
        super().__init__(message, place=place, code=code, hint=hint)
        self.patience = patience


class OtherAccountError(AccessError):
    """The sign-in answers for another account: nothing of it may be stored under the one that is collected."""

    code = "access.other_account"
    hint = Words(
        "Kunci ini milik akun lain. Sambungkan ulang dengan kunci akun ini, atau lihat: collector findings list.",
        "This key belongs to another account. Connect again with this account's key, or see: collector findings list.",
    )


class NotOfferedError(PlatformError):
    """The platform does not give this. `reason` says why, for the gap."""

    code = "not_offered"
    action = Action.SKIP
    hint = Words("Isi angka ini secara manual bila perlu.", "Type this figure in by hand if it is needed.")

    def __init__(
        self,
        message: str,
        *,
        reason: Reason = Reason.NOT_OFFERED,
        place: Place | None = None,
        code: str | None = None,
        hint: Words | None = None,
    ) -> None:
        super().__init__(message, place=place, code=code or f"not_offered.{reason}", hint=hint)
        self.reason = reason


class ShapeError(PlatformError):
    """An answer does not look as its contract says; the message names the exact place."""

    code = "shape"
    action = Action.REPORT
    hint = Words(
        "Jawaban platform tidak dikenali; jawaban itu disimpan. Perbarui program ini.",
        "The platform's answer was not understood; it is kept. Update this program.",
    )


class GarbledError(ShapeError):
    """An answer that is no JSON at all where JSON was promised: cut off on the way, or a login page of the line's.

    It is asked for again; if it stays so, it is a ShapeError like any other.
    """

    action = Action.RETRY
    hint = Words(
        "Jawaban rusak di jalan, atau jaringan kantor meminta login (portal Wi-Fi). Periksa jaringan.",
        "The answer was damaged on the way, or the office's network asks for a login. Check the network.",
    )


class SettingError(PlatformError):
    """A setting is wrong: the platform refuses what was configured."""

    code = "setting"
    action = Action.FIX
    hint = Words("Perbaiki pengaturan akun ini.", "Mend the settings of this account.")
