"""Findings in words: what happened, since when, and what a yes or a no would mean."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from collector.language import current, t
from collector.reports import formats
from collector.store.findings import (
    ACCEPTED,
    BIO,
    HANDLE,
    ITSELF,
    JUMP,
    OPEN,
    OTHER_ID,
    REFUSED,
    RENAMED,
    WHICH,
    StoredFinding,
)
from connectors.kit import Words

STATES = {
    OPEN: Words("menunggu keputusan", "waits for a decision"),
    ACCEPTED: Words("diterima", "accepted"),
    REFUSED: Words("ditolak", "refused"),
}
"""How a finding stands."""

_CHANGED = {
    RENAMED: Words("nama akun", "the account's name"),
    HANDLE: Words("nama pengguna", "the handle"),
    BIO: Words("tautan di bio", "the link in the bio"),
}
_ANSWERS = {
    JUMP: Words(
        "terima: angkanya benar dan dipakai; tolak: angkanya tidak pernah dipakai dalam laporan",
        "accept: the figure is right and used; refuse: it is never used in a report",
    ),
    OTHER_ID: Words(
        "terima: itu akun baru kami, menggantikan yang lama; tolak: kuncinya salah",
        "accept: it is our new account, in the old one's place; refuse: the key is wrong",
    ),
    WHICH: Words(
        "terima dengan --account NAMA: akun itu digabung; tolak: bukan salah satunya",
        "accept with --account NAME: that one is joined; refuse: it is none of them",
    ),
}
_WAS_IT_US = Words(
    "terima: perubahan ini dari kantor; tolak: bukan dari kantor, mungkin diretas",
    "accept: the office made this change; refuse: it did not, the account may be hacked",
)


def describe(finding: StoredFinding, zone: ZoneInfo) -> str:
    """Say what a finding is of, without the account's name."""
    told = finding.told
    if finding.code in _CHANGED:
        return describe_change(finding, zone)
    if finding.code == JUMP:
        before, after = formats.number(told["before"]), formats.number(told["after"])
        day, base = (formats.day(date.fromisoformat(told[name])) for name in ("day", "before_day"))
        return t(
            f"jumlah pengikut berubah tidak biasa pada {day}: dari {before} ({base}) menjadi {after}",
            en=f"an unusual change of the followers on {day}: from {before} ({base}) to {after}",
        )
    if finding.code == OTHER_ID:
        answering = told["handle"] or told["name"]
        return t(
            f"kuncinya menjawab untuk akun lain, {answering} ({told['after']}); tidak ada angkanya yang disimpan",
            en=f"its key answers for another account, {answering} ({told['after']}); nothing of it is stored",
        )
    if finding.code == WHICH:
        return t(
            f"akun manual mana yang sama dengan akun ini? {finding.detail}",
            en=f"which of the typed accounts is this one? {finding.detail}",
        )
    return f"{finding.code} {finding.about} {finding.detail}".strip()


def describe_change(finding: StoredFinding, zone: ZoneInfo) -> str:
    """Say what by which the account is known became what, since when and until when."""
    told, what = finding.told, _CHANGED[finding.code].text(current())
    since = formats.day(finding.created_at.astimezone(zone).date())
    nothing = t("(kosong)", en="(nothing)")
    before, after = (told.get(name) or nothing for name in ("before", "after"))
    back = ""
    if "until" in told:
        until = formats.day(datetime.fromisoformat(told["until"]).astimezone(zone).date())
        back = t(f"; kembali seperti semula {until}", en=f"; as it was again on {until}")
    return t(
        f"{what} berubah dari “{before}” menjadi “{after}” sejak {since}{back}",
        en=f"{what} changed from “{before}” to “{after}” on {since}{back}",
    )


def say_answers(finding: StoredFinding) -> str:
    """Say what a yes and a no would mean."""
    return _ANSWERS.get(finding.code, _WAS_IT_US).text(current())


def say_decider(finding: StoredFinding) -> str:
    """Say who decided."""
    return t("selesai sendiri", en="settled itself") if finding.by == ITSELF else finding.by
