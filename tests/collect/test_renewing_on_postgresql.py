"""Several machines on one database: only the database can tell that another one is renewing a sign-in."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from collector.clock import SetClock
from collector.collect.run import Checked, Selection
from collector.demo.contracts.tiktok import refresh_token
from collector.demo.standin import Answered, Asked, Fault, StandIn
from collector.settings import DATABASE_URL, HOME, load
from collector.store import schema
from collector.wiring import Application

TOKENS = "/v2/oauth/token/"


@pytest.fixture
def machines(
    environment: dict[str, str], clock: SetClock, postgresql_address: str, tmp_path: Path
) -> Iterator[tuple[Application, Application]]:
    """Two homes with one database, one key file and one account; empty again for each test."""
    shared = {**environment, DATABASE_URL: postgresql_address}
    with (
        Application.open(load(shared), clock=clock) as one,
        Application.open(load({**shared, HOME: str(tmp_path / "another")}), clock=clock) as other,
    ):
        with one.store.write() as connection:
            connection.exec_driver_sql(f"TRUNCATE {', '.join(schema.metadata.tables)} RESTART IDENTITY")
        yield one, other


def check(machine: Application) -> Checked:
    """Ask who the account is, which needs a key."""
    [checked] = machine.collecting.check(Selection(platforms=("tiktok",)))
    return checked


def sent(standin: StandIn) -> list[str]:
    """List the keys that were sent for new ones."""
    return [asked.form["refresh_token"] for asked in standin.asked if asked.path == TOKENS]


def test_two_machines_renew_once(machines: tuple[Application, Application], standin: StandIn, clock: SetClock) -> None:
    """A lock in a folder holds on one machine only; the second key sent would end the whole sign-in."""
    one, other = machines
    assert check(one).ok
    clock.sleep(3 * 3600)
    meanwhile: list[Checked] = []

    def ask_as_well(asked: Asked, good: Answered) -> Answered:
        meanwhile.append(check(other))
        return good

    standin.faults.append(Fault(TOKENS, ask_as_well))
    assert check(one).ok
    assert [(each.ok, "another machine is renewing" in each.message) for each in meanwhile] == [(False, True)]

    assert check(other).ok  # with the pair of the first
    assert sent(standin) == [refresh_token("display", 0), refresh_token("display", 1)]


def test_a_machine_that_died_in_a_renewal_is_waited_for_and_then_followed(
    machines: tuple[Application, Application], standin: StandIn, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of another machine only time can tell that it is dead."""
    one, other = machines

    class PowerCutError(BaseException):
        pass

    def cut(*_: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(one.http, "send", cut)
        with pytest.raises(PowerCutError):
            check(one)
    assert "another machine is renewing" in check(other).message
    assert sent(standin) == []
    clock.sleep(timedelta(minutes=11).total_seconds())

    assert check(other).ok
    assert sent(standin) == [refresh_token("display", 0)]


def test_a_machine_that_was_done_between_look_and_claim_is_not_followed_with_the_old_key(
    machines: tuple[Application, Application], standin: StandIn, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row of its renewal is gone by then: only the vault shows that the key in hand is used up."""
    one, other = machines
    assert check(one).ok
    clock.sleep(3 * 3600)
    attempts = other.renewer._attempts
    begin = type(attempts).begin

    def begin_late(self: object, *rest: object) -> object:
        if self is attempts and len(sent(standin)) == 1:
            assert check(one).ok
        return begin(self, *rest)

    monkeypatch.setattr(type(attempts), "begin", begin_late)

    assert check(other).ok
    assert sent(standin) == [refresh_token("display", 0), refresh_token("display", 1)]
