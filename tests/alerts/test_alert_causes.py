"""Each cause by itself: pure rules on plain facts, at the very moments at which they change."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from collector.alerts.access import STEPS, access, cut_off, reconnect
from collector.alerts.cause import Cause, Level
from collector.alerts.causes import list_causes
from collector.alerts.collecting import collecting
from collector.alerts.facts import AccountFacts, Facts
from collector.alerts.identity import identity
from collector.alerts.machine import backup, clock, disk
from collector.alerts.semester import semester
from collector.alerts.weekly import weekly
from collector.store.records import Office, StoredAccess, StoredAccount
from collector.store.watch import Backup, Failure, Question
from connectors.kit import Words

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFFICE = Office(1, "kpu", "KPU Kota Contoh", "Contoh", "Asia/Jakarta")


def account(
    number: int = 1, *, office: Office = OFFICE, state: str = "active", due: datetime | None = None
) -> AccountFacts:
    """Return an account that is connected and has just been collected."""
    stored = StoredAccount(number, office, "square", "7", f"kpu_{number}", "", "", None, state, "", "7", due)
    return AccountFacts(stored, f"Square kpu_{number}", last_good=NOW - HOUR, base=date(2026, 6, 30), last=NOW.date())


def failing(*hours_ago: float, good: float | None = 40, **more: object) -> AccountFacts:
    """Return an account that failed so many hours ago, after it last went well."""
    return replace(
        account(),
        last_good=NOW - good * HOUR if good is not None else None,
        failures=tuple(Failure(NOW - ago * HOUR, "shape") for ago in hours_ago),
        **more,
    )


def facts(*accounts: AccountFacts, now: datetime = NOW, **more: object) -> Facts:
    """Return an office with some accounts."""
    return Facts(now, (OFFICE,), accounts, **more)


def keys(causes: object) -> list[str]:
    """Return the keys of causes."""
    return [cause.key for cause in causes]


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (account(), False),
        (failing(24, 13, good=36), True),
        (failing(24, 13, good=35.9), False),
        (failing(13, 0.5, good=37), True),
        (failing(13, good=37), True),
        (failing(2, good=168), False),  # a weekly schedule at its first failure
        (failing(good=168), False),  # nobody tried
        (failing(40, 28, good=None), True),
        (failing(35, 28, good=None), False),
    ],
)
def test_an_account_without_success_for_36_hours_is_told(one: AccountFacts, told: bool) -> None:
    """At 36 hours, and not for a first failure that mends itself by the next try."""
    assert keys(collecting(facts(one))) == (["collect.failed:1"] if told else [])


@pytest.mark.parametrize("change", [{"state": "paused"}, {"state": "active", "is_connected": False}])
def test_who_is_not_to_be_collected_does_not_fail(change: dict[str, object]) -> None:
    """A paused account and one whose figures are typed are silent on purpose."""
    one = failing(24, 13, good=100)
    stored = replace(one.account, state=str(change["state"]))

    assert keys(collecting(facts(replace(one, account=stored, is_connected=change.get("is_connected", True))))) == []


def test_a_computer_that_was_off_is_no_accounts_failure() -> None:
    """Nor is a line that was down: what failed then says nothing of the account."""
    one, off = failing(30, 20, 10, good=60), [(NOW - 59 * HOUR, NOW - 5 * HOUR)]

    assert keys(collecting(facts(one))) == ["collect.failed:1"]
    assert keys(collecting(facts(one, off=off))) == []


def test_an_account_that_fails_on_a_computer_that_sleeps_at_night_is_told() -> None:
    """Three mornings of failures are no accident, though the hours with power are few."""
    off = [(NOW - (24 * back + 16) * HOUR, NOW - (24 * back + 1) * HOUR) for back in range(3)]

    assert keys(collecting(facts(failing(47, 23, 0.5, good=71), off=off))) == ["collect.failed:1"]


def test_an_account_that_the_service_never_tries_is_told() -> None:
    """A service that lives and does not collect would otherwise look healthy."""
    one = account(due=NOW - 36 * HOUR)

    assert keys(collecting(facts(one, served_since=NOW - 90 * DAY))) == ["collect.failed:1"]
    assert keys(collecting(facts(one))) == []  # nobody promised to collect it
    assert keys(collecting(facts(one, served_since=NOW - 90 * DAY, off=[(NOW - 50 * HOUR, NOW - HOUR)]))) == []


def test_an_account_whose_keys_are_gone_is_told_and_one_that_was_always_typed_is_not() -> None:
    """A lost .env would otherwise look like an office that types its figures: all is well, for months."""
    lost = replace(account(), is_connected=False, last_good=NOW - 30 * DAY)
    typed, paused = replace(lost, last_good=None), replace(lost, account=account(state="paused").account)

    (cause, week) = list_causes(facts(lost))
    assert cause.key == "account.cut_off:1"
    assert cause.what.id == (
        "Square kpu_1 tidak dapat dikumpulkan lagi: isian kuncinya tidak ada. Angka terakhir: 21 Oktober 2026, pukul "
        "10.00 WIB."
    )
    assert "collector accounts pause kpu_1" in cause.mend.id
    assert cause.what.id in week.what.id
    assert keys(cut_off(facts(typed, paused))) == []


def with_access(**ends: timedelta) -> AccountFacts:
    """Return an account whose sign-in ends so long from now."""
    until = {name: NOW + left for name, left in ends.items()}
    stored = StoredAccess(1, "", None, "", "", until.get("ends_at"), until.get("data_ends_at"), None, NOW)
    return replace(account(), accesses=(stored,))


@pytest.mark.parametrize(
    ("left", "step"),
    [
        (timedelta(days=30, milliseconds=1), None), (30 * DAY, 30), (timedelta(days=14, milliseconds=1), 30),
        (14 * DAY, 14), (7 * DAY, 7), (3 * DAY, 3), (1 * DAY, 1), (timedelta(milliseconds=1), 1), (0 * DAY, 0),
        (-100 * DAY, 0),
    ],
)  # fmt: skip
def test_a_sign_in_is_told_of_at_each_step(left: timedelta, step: int | None) -> None:
    """Thirty days are enough to find who holds the password; the last day is for who did not look."""
    assert keys(access(facts(with_access(ends_at=left)))) == ([] if step is None else [f"access.ends:1:{step}"])


def test_the_earlier_end_counts() -> None:
    """A sign-in may outlive the right to read with it."""
    one = with_access(ends_at=50 * DAY, data_ends_at=6 * DAY)

    assert keys(access(facts(one))) == ["access.ends:1:7"]
    assert keys(access(facts(with_access(data_ends_at=6 * DAY)))) == ["access.ends:1:7"]
    assert keys(access(facts(with_access()))) == []


def test_each_service_of_a_platform_is_told_by_itself() -> None:
    """An optional one that has ended must not hide that the other one will."""
    first, second = with_access(ends_at=-DAY).accesses[0], with_access(ends_at=6 * DAY).accesses[0]
    one = replace(account(), accesses=(replace(first, slot="a"), replace(second, slot="b")))

    assert keys(list_causes(facts(one)))[:2] == ["access.ends:1/a:0", "access.ends:1/b:7"]


def test_the_steps_to_connect_again_are_in_it() -> None:
    """Who reads it on a telephone must know what to do."""
    (cause,) = access(facts(with_access(ends_at=3 * DAY)))

    assert "collector connect square" in cause.mend.id
    assert "collector connect square" in cause.mend.en
    assert "3 hari lagi, pada 23 November 2026" in cause.what.id
    assert cause.level is Level.ERROR


def test_of_one_root_only_the_nearest_is_told() -> None:
    """An account whose sign-in ended fails, too; that is one thing to do and not three."""
    one = replace(failing(24, 13, good=100), accesses=with_access(ends_at=-DAY).accesses)
    waiting = replace(one, account=replace(one.account, state="reconnect"))

    assert "collect.failed:1" not in keys(list_causes(facts(one)))
    assert keys(list_causes(facts(waiting)))[0] == "account.reconnect:1"
    assert not [key for key in keys(list_causes(facts(waiting))) if key.startswith(("access.", "collect."))]
    assert keys(reconnect(facts(one))) == []


def test_only_questions_on_who_an_account_is_are_told() -> None:
    """Other findings wait in their list; a stolen account does not wait."""
    asked = [Question(5, 1, "account.name"), Question(6, 1, "followers.jump"), Question(7, 1, "report.other")]

    assert keys(identity(facts(replace(account(), questions=tuple(asked))))) == ["identity:5", "identity:6"]


@pytest.mark.parametrize(
    ("free", "database", "told"),
    [(1_000_000_000, 0, False), (999_999_999, 0, True), (6_000_000_000, 3_000_000_000, False),
     (5_999_999_999, 3_000_000_000, True)],
)  # fmt: skip
def test_a_disk_is_low_before_a_backup_no_longer_fits(free: int, database: int, told: bool) -> None:
    """Full is too late."""
    assert keys(disk(facts(free=free, database_size=database))) == (["disk.low"] if told else [])


def test_a_failed_backup_is_told_and_a_missing_one_after_48_hours() -> None:
    """Only where a service has run that long: who collects by hand makes copies by hand."""
    made, failed = Backup(NOW - 48 * HOUR, None), Backup(NOW - HOUR, "disk full")
    served = {"served_since": NOW - 90 * DAY}

    assert keys(backup(facts(last_backup=failed, last_good_backup=NOW - 2 * HOUR))) == ["backup.failed"]
    assert keys(backup(facts(last_backup=made, last_good_backup=made.made_at, **served))) == ["backup.missing"]
    assert keys(backup(facts(last_backup=made, last_good_backup=NOW - 47.9 * HOUR, **served))) == []
    assert keys(backup(facts(served_since=NOW - 48 * HOUR))) == ["backup.missing"]
    assert keys(backup(facts(served_since=NOW - 47 * HOUR))) == []
    assert keys(backup(facts())) == []


def test_after_a_weekend_off_the_backup_has_some_hours_to_be_made() -> None:
    """Monday morning must not begin with an alarm about what is done a minute later."""
    since, off = NOW - 70 * HOUR, [(NOW - 60 * HOUR, NOW - HOUR)]

    assert keys(backup(facts(served_since=since, off=off))) == []
    assert keys(backup(facts(served_since=since, off=[(NOW - 60 * HOUR, NOW - 6 * HOUR)]))) == ["backup.missing"]


def test_with_a_clock_that_went_back_nothing_else_is_judged() -> None:
    """All that depends on the time would be told wrong."""
    low = facts(failing(24, 13, good=100), free=0, newest=NOW + 6 * timedelta(minutes=1))

    assert keys(list_causes(low)) == ["clock.behind"]
    assert keys(clock(facts(now=datetime(2020, 1, 1, tzinfo=UTC)))) == ["clock.behind"]
    assert keys(clock(facts(drift=timedelta(minutes=-6)))) == ["clock.drift"]
    assert keys(clock(facts(drift=timedelta(minutes=5), newest=NOW))) == []


@pytest.mark.parametrize(
    ("today", "key"),
    [
        (date(2026, 11, 30), None), (date(2026, 12, 1), "2026-S2:30"), (date(2026, 12, 20), "2026-S2:30"),
        (date(2026, 12, 21), "2026-S2:10"), (date(2026, 12, 30), "2026-S2:10"), (date(2026, 12, 31), "2026-S2:0"),
        (date(2027, 1, 14), "2026-S2:0"), (date(2027, 1, 15), None), (date(2027, 5, 31), "2027-S1:30"),
        (date(2027, 6, 30), "2027-S1:0"), (date(2028, 2, 29), None),
    ],
)  # fmt: skip
def test_the_end_of_the_semester_is_told_at_30_10_and_0_days(today: date, key: str | None) -> None:
    """The last reminder stays for two weeks: over New Year the computer is off."""
    now = datetime(today.year, today.month, today.day, 5, tzinfo=UTC)

    assert keys(semester(facts(account(), now=now))) == ([] if key is None else [f"semester:kpu:{key}"])


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 12, 30), ("berakhir 1 hari lagi, pada", "ends tomorrow, on")),
        (date(2026, 12, 31), ("berakhir hari ini,", "ends today,")),
        (date(2027, 1, 4), ("sudah berakhir,", "has ended,")),
    ],
)
def test_the_reminder_says_how_far_it_is(today: date, said: tuple[str, str]) -> None:
    """After New Year the semester does not end any more: it has ended."""
    now = datetime(today.year, today.month, today.day, 5, tzinfo=UTC)
    (cause,) = semester(facts(account(), now=now))

    assert cause.what.id.startswith(f"Semester II 2026 {said[0]} 31 Desember 2026.")
    assert cause.what.en.startswith(f"Semester II 2026 {said[1]} 31 December 2026.")


def test_the_reminder_names_what_is_missing() -> None:
    """Each thing with its accounts, while there is still time for it."""
    now = datetime(2026, 12, 21, 5, tzinfo=UTC)
    whole = replace(account(1), last=date(2026, 12, 14))
    bare = replace(account(2, state="reconnect"), base=None, last=None, questions=(Question(1, 2, "account.name"),))
    old = replace(account(3), base=date(2026, 5, 29), last=date(2026, 12, 13))
    unwritten = {(1, "2026-S2"): (Words("Kendala", "Obstacles"), Words("Solusi", "Solutions"))}

    (complete,) = semester(facts(whole, now=now))
    (lacking,) = semester(facts(whole, bare, old, now=now, unwritten=unwritten))

    assert (complete.level, complete.what.id) == (
        Level.NOTE, "Semester II 2026 berakhir 10 hari lagi, pada 31 Desember 2026. Semua data lengkap.",
    )  # fmt: skip
    assert lacking.level is Level.WARNING
    assert lacking.what.id.endswith(
        "Yang kurang: data dasar semester lalu (Square kpu_2, Square kpu_3); angka 7 hari terakhir (Square kpu_2, "
        "Square kpu_3); sambungan yang masih berlaku (Square kpu_2); jawaban atas 1 temuan (collector findings list); "
        "naskah: Kendala, Solusi."
    )
    assert "Missing: base of last semester" in lacking.what.en


@pytest.mark.parametrize(
    ("hours", "week"),
    # NOW is a Friday, 10:00 in the office; Monday at eight is seventy hours away.
    [(0, "2026-W47"), (69.9, "2026-W47"), (70, "2026-W48"), (70 + 167, "2026-W48")],
)
def test_the_word_of_the_week_changes_on_monday_morning(hours: float, week: str) -> None:
    """In the office's own time, and once."""
    assert keys(weekly(facts(account(), now=NOW + hours * HOUR), [])) == [f"weekly:kpu:{week}"]


def test_the_word_of_the_week_is_all_is_well_or_the_one_thing_to_do() -> None:
    """Silence would not tell a dead program from a healthy one; a list would not be read."""
    (well,) = list_causes(facts(account()))
    *others, one_thing = list_causes(facts(with_access(ends_at=10 * DAY), failing(24, 13, good=100), free=0))

    assert (well.what.id, well.level) == ("Minggu ini semua aman (1 akun dikumpulkan).", Level.NOTE)
    assert len(others) == 3
    assert one_thing.what.id == "Minggu ini satu hal perlu dikerjakan: Ruang disk tinggal 0,0 GB."
    assert one_thing.mend.id.endswith("(2 hal lain: collector alerts list)")


@pytest.mark.parametrize(
    ("accounts", "said"),
    [
        ((account(), account(2)), "Minggu ini semua aman (2 akun dikumpulkan)."),
        ((replace(account(), last_good=None),), "Minggu ini 0 dari 1 akun terkumpul; yang lain masih dicoba."),
        ((account(), failing(2, good=200)), "Minggu ini 1 dari 2 akun terkumpul; yang lain masih dicoba."),
        ((replace(account(due=NOW + DAY), last_good=NOW - 20 * DAY),), "Minggu ini semua aman (1 akun dikumpulkan)."),
        ((replace(account(due=NOW), last_good=NOW - 8 * DAY),),
         "Minggu ini 0 dari 1 akun terkumpul; yang lain masih dicoba."),
        ((account(state="paused"), replace(account(2), is_connected=False)),
         "Minggu ini semua aman (tidak ada akun yang dikumpulkan: dijeda atau diisi manual)."),
    ],
)  # fmt: skip
def test_the_word_of_the_week_says_nothing_false(accounts: tuple[AccountFacts, ...], said: str) -> None:
    """What was not collected must not be called collected; a monthly schedule is no failure."""
    (week,) = weekly(facts(*accounts), [])

    assert week.what.id == said


def test_several_offices_are_told_each_of_its_own() -> None:
    """A province looks after fourteen; only the computer is everybody's."""
    other = Office(2, "kpu-b", "KPU Kabupaten B", "B", "Asia/Jayapura")
    both = replace(facts(replace(failing(24, 13, good=100)), account(2, office=other), free=0), offices=(OFFICE, other))

    told = {cause.key: cause.office for cause in list_causes(both)}

    assert told["collect.failed:1"] == told["weekly:kpu:2026-W47"] == "KPU Kota Contoh"
    assert told["weekly:kpu-b:2026-W47"] == "KPU Kabupaten B"
    assert told["disk.low"] == "Collector"


def test_an_empty_installation_has_nothing_to_tell() -> None:
    """Before there is an account nobody waits for a word."""
    assert list_causes(Facts(NOW)) == list_causes(facts()) == ()


def test_every_cause_is_said_in_both_languages_and_comes_back_from_the_store() -> None:
    """Its end is told from what was stored at its begin."""
    one = replace(with_access(ends_at=3 * DAY), questions=(Question(5, 1, "account.name"),))
    waiting = replace(account(2, state="reconnect"))
    every = list_causes(
        facts(one, waiting, replace(failing(24, 13, good=100), account=account(3).account), free=0,
              last_backup=Backup(NOW, "x"), drift=DAY)
    )  # fmt: skip

    assert len(every) == 8
    for cause in every:
        for words in (cause.what, cause.why, cause.mend, *([] if cause.quiet else [cause.over])):
            assert words.id
            assert words.en
            assert words.id != words.en
        assert Cause.load(cause.key, cause.dump()) == replace(cause, covers=())


def test_each_step_is_one_of_the_promised() -> None:
    """Thirty, fourteen, seven, three, one, and the end itself."""
    assert STEPS == (30, 14, 7, 3, 1, 0)


def test_each_cause_says_since_when() -> None:
    """A message may arrive days late, and who reads it must know what it speaks of; in the office's own time."""
    held = replace(account(), questions=(Question(5, 1, "followers.jump", NOW - DAY),))
    waiting = account(2, state="reconnect")
    failed = {"last_backup": Backup(NOW - HOUR, "x"), "last_good_backup": NOW - 3 * DAY}

    told = {cause.key: cause.what.id for cause in list_causes(facts(held, waiting, drift=-DAY, **failed))}
    never = list_causes(facts(last_backup=Backup(NOW, "x"), now=NOW))[0].what.id
    behind = list_causes(facts(newest=NOW + DAY))[0].what

    assert told["identity:5"] == (
        "Jumlah pengikut Square kpu_1 berubah tidak biasa (terlihat 19 November 2026, pukul 10.00 WIB)."
    )
    assert told["account.reconnect:2"].endswith("Angka terakhir: 20 November 2026, pukul 09.00 WIB.")
    assert told["backup.failed"] == (
        "Pencadangan gagal pada 20 November 2026, pukul 09.00 WIB. Cadangan terakhir: 17 November 2026, pukul 10.00 "
        "WIB."
    )
    assert told["clock.drift"] == "Jam komputer 1440 menit lebih lambat dari jam platform."
    assert never.endswith("Belum ada satu pun cadangan.")
    assert behind.id == "Jam komputer mundur: 20 November 2026, pukul 10.00 WIB."
