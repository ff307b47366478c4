"""What the causes are judged by, read from a store that the application's own writers filled."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from collector.alerts.facts import AccountFacts, Facts
from collector.alerts.gather import free_space
from collector.clock import SetClock
from collector.growth.periods import Period, parse_period
from collector.reports.naskah import Manuscripts
from collector.settings import load
from collector.store import schema
from collector.store.ledger import Kept
from collector.store.records import StoredAccount, to_ms
from collector.wiring import Application
from connectors.kit import Access, Moment, Observation, Place, Reading
from connectors.x import CONNECTOR as X

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def facts(application: Application) -> Facts:
    """Return how all stands now."""
    return application.alerts.gather(application.clock.now())


def the_account(application: Application) -> AccountFacts:
    """Return the facts of the only account."""
    (one,) = facts(application).accounts
    return one


def snapshot(application: Application, account: StoredAccount, outcome: str, *seen: Observation) -> None:
    """Take a snapshot that ends so."""
    ledger, now = application.ledger, application.clock.now()
    run = ledger.begin_run("schedule", "", "test", now)
    number = ledger.claim(run, account.id, "{}", "me", now, now + HOUR)
    assert number is not None
    ledger.finish_snapshot(
        number, account.id, seen, outcome=outcome, at=now, error_code="shape" if outcome == "failed" else None
    )


def write(application: Application, table: str, **values: object) -> None:
    """Write a row as another part of the application does."""
    with application.store.write() as connection:
        connection.execute(insert(schema.metadata.tables[table]).values(**values))


def test_failures_count_from_the_last_success_on(
    application: Application, clock: SetClock, account: StoredAccount
) -> None:
    """What failed before it went well again is over."""
    moments = []
    for outcome in ("failed", "ok", "failed", "interrupted", "failed"):
        moments.append(clock.now())
        snapshot(application, account, outcome)
        clock.sleep(3600)

    one = the_account(application)

    assert one.last_good == moments[1]
    assert [(failure.at, failure.code) for failure in one.failures] == [(moments[2], "shape"), (moments[4], "shape")]
    assert (one.label, one.is_watched) == ("X kpu_contoh", True)


def test_outages_and_the_time_since_the_last_sign_of_life_are_off(application: Application, clock: SetClock) -> None:
    """Also the outage that lasts, and the one that nobody has written down yet because nothing runs."""
    now = clock.now()
    write(application, "outages", kind="power", from_at=to_ms(now - 9 * HOUR), to_at=to_ms(now - 8 * HOUR), noted_at=0)
    write(application, "outages", kind="line", from_at=to_ms(now - 3 * HOUR), to_at=None, noted_at=0)
    assert facts(application).off == [(now - 9 * HOUR, now - 8 * HOUR), (now - 3 * HOUR, now)]
    assert facts(application).on_time(now - 10 * HOUR) == 6 * HOUR

    write(application, "beats", name="service", at=to_ms(now - 6 * HOUR))
    assert facts(application).on_time(now - 10 * HOUR) == 3 * HOUR


def test_backups_the_service_and_the_clock_are_read(application: Application, clock: SetClock) -> None:
    """A command's run is no service; a failed backup does not hide when the last good one was made."""
    now = clock.now()
    application.ledger.begin_run("collect now", "", "test", now - 50 * HOUR)
    write(application, "beats", name="service", at=to_ms(now))
    assert (facts(application).served_since, facts(application).last_backup) == (None, None)

    application.ledger.begin_run("schedule", "", "test", now - 40 * HOUR)
    write(application, "backups", path="a", size=1, sha256="", made_at=to_ms(now - 5 * HOUR), error=None)
    write(application, "backups", path="b", size=0, sha256="", made_at=to_ms(now - HOUR), error="disk full")
    seen = facts(application)

    assert (seen.served_since, seen.newest) == (now - 40 * HOUR, now - 40 * HOUR)
    assert seen.last_backup is not None
    assert (seen.last_backup.error, seen.last_good_backup) == ("disk full", now - 5 * HOUR)
    assert seen.database_size > 0


def test_sign_ins_and_questions_belong_to_their_account(application: Application, account: StoredAccount) -> None:
    """An account that was removed is not asked about any more."""
    now = application.clock.now()
    application.accounts.accesses.note(account.id, Access(ends_at=now + DAY), now)
    application.findings.ask("account.name", account.id, now, detail="?")
    one = the_account(application)
    assert ([stored.ends_at for stored in one.accesses], [asked.code for asked in one.questions]) == (
        [now + DAY], ["account.name"],
    )  # fmt: skip

    application.accounts.set_state(account, "removed")
    assert facts(application).accounts == ()


def test_an_account_of_typed_figures_is_not_watched(application: Application, account: StoredAccount) -> None:
    """Nobody collects it, so it cannot fail."""
    typed = application.accounts.ensure(account.office, X, "lain")

    watched = {one.account.id: one.is_watched for one in facts(application).accounts}

    assert watched == {account.id: True, typed.id: False}


def followers(application: Application, account: StoredAccount, value: int) -> None:
    """Collect a count of followers at this moment."""
    now, ledger = application.clock.now(), application.ledger
    run = ledger.begin_run("schedule", "", "test", now)
    number = ledger.claim(run, account.id, "{}", "me", now, now + HOUR)
    request = {"api": "x", "method": "GET", "path": "/"}
    exchange = ledger.keep_exchange(Kept(run, number, 1, 1, "x", request, 200, {}, now, 1, b'{"value": 1}'))
    measure = next(one for one in X.measures if one.key == "followers:account:now")
    assert number is not None
    seen = Reading(measure, value, Moment(now), Place(exchange, "body:/value"))
    ledger.finish_snapshot(number, account.id, [seen], outcome="ok", at=now)


def test_near_the_end_of_the_semester_the_newest_figures_are_looked_for(
    application: Application, clock: SetClock, account: StoredAccount
) -> None:
    """The last one before the semester, by the office's midnight, and the last one at all; not before it matters."""
    for moment in (
        datetime(2026, 6, 30, 16, 59, 59, tzinfo=UTC), datetime(2026, 6, 30, 17, tzinfo=UTC),
        datetime(2026, 12, 9, 3, tzinfo=UTC),
    ):  # fmt: skip
        clock.move_to(moment)
        followers(application, account, 100)

    clock.move_to(datetime(2026, 11, 30, 3, tzinfo=UTC))
    early = the_account(application)
    clock.move_to(datetime(2026, 12, 20, 3, tzinfo=UTC))
    near = the_account(application)

    assert (early.base, early.last) == (None, None)
    assert (near.base, near.last) == (date(2026, 6, 30), date(2026, 12, 9))


def test_texts_that_nobody_wrote_are_named_and_none_is_begun_by_looking(
    application: Application, clock: SetClock, account: StoredAccount
) -> None:
    """The file is the office's: reminding of it must not make it."""
    clock.move_to(datetime(2026, 12, 20, 3, tzinfo=UTC))
    path = Manuscripts(application.settings.home).path_of(account.office, _semester())

    def unwritten() -> list[str]:
        return [words.id for words in facts(application).unwritten[account.office.id, "2026-S2"]]

    assert (unwritten(), path.exists()) == (["belum ditulis"], False)
    path.parent.mkdir(parents=True)
    path.write_text("- Nama: Seseorang\n## Pendahuluan\nSatu.\n## Kendala\n- Dua\n## Solusi\n\n", "utf-8")
    assert unwritten() == ["Solusi", "Penutup"]


def _semester() -> Period:
    return parse_period("2026-S2")


def test_the_free_space_is_that_of_the_homes_disk(tmp_path: Path) -> None:
    """Read from the system, in bytes."""
    assert 0 < free_space(tmp_path) < 1 << 60


@pytest.mark.parametrize("key", ["missing", "another"])
def test_keys_that_cannot_be_opened_leave_an_account_watched(
    application: Application, account: StoredAccount, key: str
) -> None:
    """It was connected and fails now; that is the very thing to be told of."""
    typed = application.accounts.ensure(account.office, X, "lain")
    application.keyring.seal_own(X, typed.id, {"username": "lain", "bearer_token": "canary-bearer"})
    if key == "missing":
        application.settings.key_file.unlink()
    else:
        application.settings.key_file.chmod(0o600)
        application.settings.key_file.write_bytes(b"A" * 43 + b"=")
    vars(application).pop("vault")

    with Application.open(application.settings, clock=application.clock) as anew:
        assert {one.account.handle: one.is_watched for one in facts(anew).accounts}["lain"]


def test_an_account_that_was_collected_and_has_no_keys_any_more_is_cut_off(
    application: Application, environment: dict[str, str], account: StoredAccount
) -> None:
    """The .env was lost in a move to another computer: that must not pass for an office that types its figures."""
    snapshot(application, account, "ok")
    bare = {name: value for name, value in environment.items() if not name.startswith("X_")}

    with Application.open(load(bare), clock=application.clock) as anew:
        (lost,) = facts(anew).accounts
    assert (lost.is_watched, lost.is_cut_off, the_account(application).is_cut_off) == (False, True, False)


def test_an_account_that_was_replaced_is_left_alone(application: Application, account: StoredAccount) -> None:
    """It ended on purpose; a reminder of what it lacks would come with every semester."""
    write_state(application, account, "replaced")

    assert facts(application).accounts == ()


def write_state(application: Application, account: StoredAccount, state: str) -> None:
    """Set an account's state as another part of the application does."""
    with application.store.write() as connection:
        connection.execute(update(schema.accounts).where(schema.accounts.c.id == account.id).values(state=state))
