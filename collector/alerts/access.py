"""Sign-ins that end soon, and those that have ended: told early, and with the steps to connect again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from collector.alerts import dates
from collector.alerts.cause import Cause, Level
from collector.alerts.facts import AccountFacts, Facts
from collector.store.records import StoredAccess
from connectors.kit import Words

STEPS = (30, 14, 7, 3, 1, 0)
"""Days before the end at which people are told; at each of them once."""

_PRESSING = 3
_WHY = Words(
    "Sesudah itu angka akun ini tidak dapat dikumpulkan.", "After that this account's figures cannot be collected."
)

_WHY_CUT_OFF = Words("Tanpa kunci angka akun ini tidak terkumpul.", "Without keys nothing is collected of it.")


def access(facts: Facts) -> Iterator[Cause]:
    """Yield the sign-ins that end within thirty days or have ended."""
    for one in facts.accounts:
        if one.is_watched:
            for stored in one.accesses:
                ends_at = min((end for end in (stored.ends_at, stored.data_ends_at) if end is not None), default=None)
                if ends_at is not None:
                    yield from _ending(facts.now, one, stored, ends_at)


def reconnect(facts: Facts) -> Iterator[Cause]:
    """Yield the accounts whose sign-in the platform no longer takes."""
    for one in facts.accounts:
        if one.account.state == "reconnect":
            number = one.account.id
            yield Cause(
                f"account.reconnect:{number}", Level.ERROR, one.account.office.name,
                _to_connect(one),
                Words("Platform tidak lagi menerima izin akun ini, jadi angkanya tidak terkumpul.",
                      "The platform no longer takes this account's sign-in, so nothing is collected."),
                steps(one),
                Words(f"{one.label} sudah tersambung lagi.", f"{one.label} is connected again."), number,
                (f"collect.failed:{number}", f"access.ends:{number}:", f"access.ends:{number}/"),
            )  # fmt: skip


def _to_connect(one: AccountFacts) -> Words:
    if one.last_good is None:
        return Words(f"{one.label} perlu disambung ulang.", f"{one.label} has to be connected again.")
    last = dates.moment(one.last_good, one.account.office.timezone)
    return Words(f"{one.label} perlu disambung ulang. Angka terakhir: {last.id}.",
                 f"{one.label} has to be connected again. Last figures: {last.en}.")  # fmt: skip


def cut_off(facts: Facts) -> Iterator[Cause]:
    """Yield the accounts whose keys are gone: a lost .env looks like an office that types its figures."""
    for one in facts.accounts:
        if one.is_cut_off and one.last_good is not None:
            number, last = one.account.id, dates.moment(one.last_good, one.account.office.timezone)
            yield Cause(
                f"account.cut_off:{number}", Level.ERROR, one.account.office.name,
                Words(f"{one.label} tidak dapat dikumpulkan lagi: isian kuncinya tidak ada. Angka terakhir: {last.id}.",
                      f"{one.label} cannot be collected any more: its keys are gone. Last figures: {last.en}."),
                _WHY_CUT_OFF,
                Words("Isi lagi kuncinya di berkas .env lalu mulai ulang layanan; bila sengaja diisi manual, jalankan "
                      f"collector accounts pause {one.account.handle}.",
                      "Fill its keys in again in the .env file and restart the service; if its figures are typed on "
                      f"purpose, run collector accounts pause {one.account.handle}."),
                Words(f"{one.label} sudah tersambung lagi.", f"{one.label} is connected again."), number,
                (f"account.reconnect:{number}", f"collect.failed:{number}", f"access.ends:{number}:",
                 f"access.ends:{number}/"),
            )  # fmt: skip


def steps(one: AccountFacts) -> Words:
    """Say how an account is connected again."""
    command = f"collector connect {one.account.platform}"
    return Words(
        f"Sambung ulang: 1) di komputer kantor jalankan {command}; 2) buka alamat yang ditampilkan dan masuk sebagai "
        f"pengelola {one.label}; 3) setujui izinnya. Riwayat angka tidak hilang.",
        f"Connect again: 1) on the office's computer run {command}; 2) open the address that it shows and sign in as "
        f"who runs {one.label}; 3) agree to what it asks. No history is lost.",
    )


def _ending(now: datetime, one: AccountFacts, stored: StoredAccess, ends_at: datetime) -> Iterator[Cause]:
    left = ends_at - now
    if left > timedelta(days=STEPS[0]):
        return
    step = min(days for days in STEPS if left <= timedelta(days=days)) if left > timedelta(0) else 0
    number, service = one.account.id, f"/{stored.slot}" if stored.slot else ""
    key, last = f"access.ends:{number}{service}:", dates.day(ends_at.astimezone(one.account.office.timezone).date())
    days = -(-left // timedelta(days=1))
    what = Words(
        f"Izin akun {one.label} berakhir {days} hari lagi, pada {last.id}.",
        f"The sign-in of {one.label} ends in {days} {'day' if days == 1 else 'days'}, on {last.en}.",
    )
    if step == 0:
        what = Words(f"Izin akun {one.label} sudah berakhir pada {last.id}.",
                     f"The sign-in of {one.label} ended on {last.en}.")  # fmt: skip
    yield Cause(
        f"{key}{step}", Level.ERROR if step <= _PRESSING else Level.WARNING, one.account.office.name, what, _WHY,
        steps(one), Words(f"Izin akun {one.label} sudah diperpanjang.", f"The sign-in of {one.label} was renewed."),
        number, (key, f"collect.failed:{number}") if step == 0 else (key,),
    )  # fmt: skip
