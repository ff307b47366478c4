"""What is said where a sign-in was not renewed: refused by the platform, lost half-way, or not asked for at all.

A refusal is remembered beside the renewal, so that the next process need not ask a dead sign-in again to say the same.
"""

import json
from datetime import datetime, timedelta

from collector.collect.redact import Redactor
from connectors.kit import AccessError, Action, UnreachableError, Words

INTERRUPTED = "access.interrupted"
"""The code of a sign-in that ended because a renewal did not come to its end."""

_INTERRUPTED_HINT = Words(
    "Perpanjangan terputus di tengah jalan (listrik atau internet), sehingga kunci sekali pakai akun ini mungkin sudah "
    "terpakai dan penggantinya tidak sampai. Sambungkan ulang akun ini; riwayat angkanya tetap utuh.",
    "A renewal was interrupted half-way (power or line), so this account's single-use key may be used up and the next "
    "one never arrived. Connect the account again; the history of its figures stays whole.",
)
_RESTING_HINT = Words(
    "Layanan masuk platform sedang terganggu; dicoba lagi dengan sendirinya.",
    "The platform's sign-in service is out of order; it is tried again by itself.",
)


class NotAskedError(UnreachableError):
    """The platform was not asked for a new key, because of what was just tried: asking at once would help nobody."""

    action = Action.WAIT

    def __init__(self, message: str) -> None:
        super().__init__(message, hint=_RESTING_HINT)


def as_interrupted(refusal: AccessError, lost_at: datetime) -> AccessError:
    """Return the refusal of a single-use key that was sent before without an answer: that is why it is refused."""
    return AccessError(
        f"{refusal.message}; a renewal begun on {lost_at:%Y-%m-%d %H:%M} UTC was interrupted",
        place=refusal.place, code=INTERRUPTED, hint=_INTERRUPTED_HINT,
    )  # fmt: skip


def dump_refusal(refusal: AccessError, redactor: Redactor) -> str:
    """Return a refusal as it is kept."""
    return json.dumps({
        "code": refusal.code, "message": redactor.line(refusal.message), "patience": refusal.patience.total_seconds(),
        "hint": [refusal.hint.id, refusal.hint.en],
    })  # fmt: skip


def load_refusal(kept: str) -> AccessError:
    """Return a kept refusal. Its place is left out: the answer was looked at in another run."""
    said = json.loads(kept)
    return AccessError(
        said["message"], patience=timedelta(seconds=said["patience"]), code=said["code"], hint=Words(*said["hint"])
    )
