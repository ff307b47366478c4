"""The whole path on the second database: the same figures as on the first, and a line that is cut costs nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from collector.clock import SetClock
from collector.collect.run import Selection
from collector.demo.standin import Answered, Asked, Fault, StandIn
from collector.errors import StoreError
from collector.figures.history import plain_reading, select_days
from collector.settings import DATABASE_URL, load
from collector.store import schema
from collector.store.history import Wanted
from collector.store.readings import ReadingWriter
from collector.wiring import Application

_CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
)


@pytest.fixture
def served(environment: dict[str, str], clock: SetClock, postgresql_address: str) -> Iterator[Application]:
    """Open an office whose store is on a PostgreSQL server; empty again for each test."""
    with Application.open(load({**environment, DATABASE_URL: postgresql_address}), clock=clock) as opened:
        with opened.store.write() as connection:
            connection.exec_driver_sql(f"TRUNCATE {', '.join(schema.metadata.tables)} RESTART IDENTITY")
        yield opened


def _figures(application: Application) -> list[dict[str, object]]:
    """Return all figures without their codes, which count series in the order in which threads came."""
    plain = [plain_reading(one) for one in select_days(application.history.list_readings(Wanted()), None, None)]
    return [{name: value for name, value in one.items() if name != "id"} for one in plain]


def _cut_all(application: Application) -> None:
    """End every connection of the store but the one that says so, as a restarted server does."""
    with application.store.write() as connection:
        connection.execute(_CUT)


def test_both_databases_hold_the_same_figures(served: Application, application: Application, clock: SetClock) -> None:
    """A province on PostgreSQL must report what its offices on SQLite report."""
    begin = clock.now()
    for each in (served, application):
        clock.move_to(begin)  # waiting for the platform's pace has moved it
        [outcome] = each.collecting.run("collect now", Selection(platforms=("facebook",))).outcomes
        assert outcome.result == "ok"

    assert len(_figures(served)) > 1_000
    assert _figures(served) == _figures(application)


def test_a_second_run_doubles_nothing(served: Application, clock: SetClock) -> None:
    """What COPY put in must be found again by its key."""
    served.collecting.run("collect now", Selection(platforms=("facebook",)))
    before = len(_figures(served))
    clock.sleep(60)
    [outcome] = served.collecting.run("collect now", Selection(platforms=("facebook",))).outcomes

    assert outcome.result == "ok"
    assert len(_figures(served)) == before + outcome.readings
    assert outcome.readings < before // 10


def test_a_line_cut_between_two_questions_is_taken_up_again(served: Application, standin: StandIn) -> None:
    """The server may be restarted while the platform thinks."""

    def cut(asked: Asked, good: Answered) -> Answered:
        _cut_all(served)
        return good

    standin.faults.append(Fault("insights", cut, times=2))
    [outcome] = served.collecting.run("collect now", Selection(platforms=("facebook",))).outcomes

    assert standin.faults[0].times == 0
    assert outcome.result == "ok"


def _cut_while_storing(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """End the store's own connection in the middle of its transaction, `times` times."""
    write_gaps = ReadingWriter.write_gaps
    left = [times]

    def cut(self: ReadingWriter, *args: object) -> None:
        if left[0]:
            left[0] -= 1
            self._connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        write_gaps(self, *args)

    monkeypatch.setattr(ReadingWriter, "write_gaps", cut)


def test_a_line_cut_while_storing_is_stored_once_more(served: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readings and the mark that their answers were read are one transaction, so it can simply be had again."""
    _cut_while_storing(monkeypatch, times=1)
    [outcome] = served.collecting.run("collect now", Selection(platforms=("instagram",))).outcomes

    assert outcome.result == "ok"
    assert len(_figures(served)) == outcome.readings > 3


def test_a_database_that_stays_away_leaves_nothing_half_stored(
    served: Application, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person is told in one sentence; the next start reads the answers that were kept."""
    _cut_while_storing(monkeypatch, times=2)
    with pytest.raises(StoreError, match="PostgreSQL"):
        served.collecting.run("collect now", Selection(platforms=("instagram",)))
    assert _figures(served) == []

    served.close()
    clock.sleep(60)
    with Application.open(served.settings, clock=clock) as later:
        result = later.collecting.run("collect now", Selection(platforms=("instagram",)))

        assert result.recovered == 1
        assert len([one for one in _figures(later) if one["metric"] == "following"]) == 2
