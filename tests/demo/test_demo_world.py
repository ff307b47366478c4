"""The stand-in's numbers live, and are the same for the same day."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collector.demo.world import EPOCH, World, chance, flow, total

DAYS = st.dates(EPOCH - timedelta(days=3), EPOCH + timedelta(days=200))  # over the edges of four blocks of 64 days
NAMES = st.text(max_size=12)


@given(st.lists(st.text(max_size=5) | st.integers() | DAYS, max_size=4))
def test_chance_depends_on_its_names_alone(names: list[object]) -> None:
    """Two runs of the demo, on two machines, must show the same figures."""
    assert 0 <= chance(*names) < 1
    assert chance(*names) == chance(*names)
    assert chance(*names, "and another") != chance(*names)


def test_chance_is_the_same_on_every_machine() -> None:
    """Made from a digest, not from Python's own hash, which differs from run to run."""
    assert [round(chance("fixed", number), 6) for number in range(3)] == [0.649987, 0.586594, 0.885644]


@given(NAMES, DAYS, st.floats(0.1, 500))
def test_a_days_flow_is_a_plausible_whole_number(name: str, day: date, average: float) -> None:
    """Around its average, never negative, never wild."""
    amount = flow(name, day, average)

    assert isinstance(amount, int)
    assert 0 <= amount <= average * 1.15 * 1.7 + 1
    assert amount == flow(name, day, average)


def test_flows_are_idle_now_and_then_and_quieter_on_weekends() -> None:
    """The demo has to show idle days and the week: both are where programs go wrong."""
    days = [EPOCH + timedelta(days=number) for number in range(7 * 150)]
    amounts = {day: flow("views", day, 100) for day in days}

    idle = [day for day in days if amounts[day] == 0]
    weekend = [amount for day, amount in amounts.items() if day.weekday() >= 5 and amount]
    working = [amount for day, amount in amounts.items() if day.weekday() < 5 and amount]
    assert 20 < len(idle) < 70
    assert sum(weekend) / len(weekend) < 0.7 * sum(working) / len(working)
    assert len(set(working)) > 100


@given(NAMES, DAYS, st.sampled_from([0.4, 1.1, 40]))
def test_a_total_is_the_sum_of_its_flows(name: str, day: date, average: float) -> None:
    """Followers on a day and the gains up to it must agree, however the sum is remembered."""
    days = (EPOCH + timedelta(days=number) for number in range((day - EPOCH).days + 1))

    assert total(name, day, average) == sum(flow(name, each, average) for each in days)


@given(NAMES, DAYS)
def test_a_total_grows_by_each_days_flow(name: str, day: date) -> None:
    """From one day to the next, also over the edges of what is remembered in blocks."""
    assert total(name, day + timedelta(days=1), 3) - total(name, day, 3) == (
        flow(name, day + timedelta(days=1), 3) if day + timedelta(days=1) >= EPOCH else 0
    )


def test_totals_of_far_days_are_sums_too() -> None:
    """A demo of the next years is summed over many blocks."""
    day = date(2029, 12, 31)

    assert total("far", day, 5) == sum(flow("far", day - timedelta(days=n), 5) for n in range((day - EPOCH).days + 1))


def test_nothing_happened_before_the_world_began() -> None:
    """A platform asked for 2020 has nothing to tell."""
    assert total("views", EPOCH - timedelta(days=1), 100) == 0
    assert total("views", EPOCH, 100) == flow("views", EPOCH, 100)


def test_the_worlds_day_is_that_of_utc() -> None:
    """Early morning in Jakarta is still yesterday there."""
    moment = datetime.fromisoformat("2026-11-20T06:59:00+07:00")
    world = World(lambda: moment)

    assert world.today == date(2026, 11, 19)
    world.now = lambda: datetime(2026, 11, 20, tzinfo=UTC)
    assert world.today == date(2026, 11, 20)
