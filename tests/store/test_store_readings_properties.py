"""Whatever is collected, typed, missed or broken off, in whatever order: what must always hold of the store."""

import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count, pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from store_books import (
    FOLLOWERS_NOW,
    LIKES_OF_POST,
    REACH_28,
    USERS_MONTH,
    VIEWS_DAY,
    Books,
    day,
    entry,
    gap,
    placed,
    reading,
)

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import Stored, to_day_number, to_ms
from connectors.kit import Days, Gap, Moment, Place, Post, Reading, Reason

DAYS = [day(offset) for offset in range(-3, 4)]
MOMENTS = [datetime(2026, 8, 1, hour, tzinfo=UTC) for hour in range(3)]

Series = tuple[str, int, str, str, str]
"""measure, definition, about, origin, precision"""


Key = tuple[Series, int]


@dataclass(frozen=True)
class Written:
    """One value that once was the current one: since when, and of which exchange and place."""

    recorded_at: int
    value: int
    upto: int | None
    exchange: int
    pointer: str


Current = dict[Key, Written]
Earlier = tuple[Key, Written, int, int]
"""What it was, what was written, when it was replaced, by which exchange."""


class Seen(NamedTuple):
    """A reading in few words: of what, at which of few times."""

    what: str
    at: int
    value: int
    upto: int | None = None

    def reading(self, pointer: str = "") -> Reading:
        """Return the reading itself."""
        measure, about = THINGS[self.what]
        when: date | Days = MOMENTS[self.at % len(MOMENTS)] if measure.span == "now" else DAYS[self.at]
        if measure is REACH_28:
            when = Days(date.fromordinal(when.toordinal() - 27), when)
        return reading(measure, self.value, when, about=about, upto=self.upto, pointer=pointer or f"body:/{self.what}")


class Missed(NamedTuple):
    """A gap in few words: of what, from and to which of few times."""

    what: str
    first: int
    last: int
    reason: Reason

    def gap(self) -> Gap:
        """Return the gap itself."""
        measure, about = THINGS[self.what]
        first, last = sorted([self.first, self.last])
        when: date | Days = Days(DAYS[first], DAYS[last])
        if measure.span == "now":
            when = MOMENTS[first % len(MOMENTS)]
        return gap(measure, when, self.reason, about=about, pointer=None if first == last else "body:/none")


THINGS = {
    "followers": (FOLLOWERS_NOW, ""),
    "views": (VIEWS_DAY, ""),
    "likes 1": (LIKES_OF_POST, "p1"),
    "likes 2": (LIKES_OF_POST, "p2"),
    "reach": (REACH_28, ""),
    "users": (USERS_MONTH, ""),
}
_AT = st.integers(0, len(DAYS) - 1)
SEEN = st.builds(Seen, st.sampled_from(["views", *THINGS]), _AT, st.sampled_from([0, 1, 2, 1_619, 2**58]), st.none())
TYPED = st.builds(
    Seen, st.sampled_from(["followers", "views", "reach"]), _AT, st.integers(0, 3), st.sampled_from([None, 9])
)
MISSED = st.builds(Missed, st.sampled_from(["views", "views", "users", "followers"]), _AT, _AT,
                   st.sampled_from([Reason.TOO_EARLY, Reason.EMPTY]))  # fmt: skip


class Keeping(RuleBasedStateMachine):
    """One account's life, told to the store and to a plain model of it, which must agree at every step."""

    def __init__(self, books: Books) -> None:
        super().__init__()
        self.books = books
        self.past: dict[Key, list[Written]] = defaultdict(list)
        self.gaps: dict[tuple[str, str, int, int], tuple[str, bool]] = {}
        self.moments: list[int] = []

    @initialize()
    def begin(self) -> None:
        """Begin with one account."""
        self.account = self.books.account()

    def teardown(self) -> None:
        """Let go of the database."""
        self.books.store.close()

    @rule(seen=st.lists(SEEN, max_size=8), missed=st.lists(MISSED, max_size=2))
    def collect(self, seen: list[Seen], missed: list[Missed]) -> None:
        """A snapshot: what it read stands, of two that differ the later; what it missed is open from then on."""
        read, gone = [one.reading() for one in seen], [one.gap() for one in missed]
        snapshot = self.books.must_claim(self.account)
        exchange = self.books.keep(snapshot)

        stored = self.books.finish(snapshot, self.account, placed([*read, *gone], exchange))

        assert stored == self._write({(_series(one, "api"), _at(one)): one for one in read}, exchange)
        self._fill(read)
        self.gaps.update({_gap_key(one): (str(one.reason), True) for one in gone})

    @rule(figures=st.lists(TYPED, max_size=4), mark=st.sampled_from(["stated", "derived", "quoted"]),
          precision=st.sampled_from(["day", "month"]))  # fmt: skip
    def type_in(self, figures: list[Seen], mark: str, precision: str) -> None:
        """A file of typed figures, each at a place of its own; of two that differ the later row stands."""
        rows = [one.reading(f"cell:/{row}/4") for row, one in enumerate(figures, start=2)]
        entries = [entry(one, precision=precision, mark=mark) for one in rows]

        stored = self.books.enter((self.account, entries), body=f"{len(self.moments)} {self.account}".encode())

        exchange = max(row["id"] for row in self.books.rows(schema.exchanges))
        origin = "derived" if mark == "derived" else "typed"
        assert stored == self._write({(_series(one, origin, precision), _at(one)): one for one in rows}, exchange)
        self._fill(rows)

    @rule(seen=st.lists(SEEN, min_size=1, max_size=4), missed=st.lists(MISSED, max_size=2))
    def break_off(self, seen: list[Seen], missed: list[Missed]) -> None:
        """A snapshot whose storing fails at its very end, as a full disk makes it, changes nothing at all."""
        snapshot = self.books.must_claim(self.account)
        exchange = self.books.keep(snapshot)
        before = self.books.contents()
        told = [one.reading() for one in seen], [one.gap() for one in missed]

        with pytest.raises(UnicodeEncodeError):
            self.books.finish(snapshot, self.account, [*placed([*told[0], *told[1]], exchange), _broken(exchange)])

        assert self.books.contents() == before
        self.books.finish(snapshot, self.account, [], outcome="interrupted")

    @invariant()
    def the_store_agrees_with_the_model(self) -> None:
        """Hold the store to its promises after every step."""
        if not hasattr(self, "account"):
            return
        current, earlier = self._kept()
        self._hold_current_and_earlier(current, earlier)
        self._hold_what_was_known(current, earlier)
        self._hold_gaps()

    def _hold_current_and_earlier(self, current: Current, earlier: list[Earlier]) -> None:
        """What is current is what was written last; what it was before is kept, each time once."""
        assert current == {key: past[-1] for key, past in self.past.items()}
        assert sorted(earlier, key=repr) == sorted(
            (
                (key, before, after.recorded_at, after.exchange)
                for key, past in self.past.items()
                for before, after in pairwise(past)
            ),
            key=repr,
        )

    def _hold_what_was_known(self, current: Current, earlier: list[Earlier]) -> None:
        """A report says what was known when it was made, and must say it again years later."""
        for moment in self.moments:
            known = [(key, one.value) for key, one in current.items() if one.recorded_at <= moment]
            known += [(key, before.value) for key, before, until, _ in earlier if before.recorded_at <= moment < until]
            then = {
                key: [one.value for one in past if one.recorded_at <= moment][-1]
                for key, past in self.past.items()
                if past[0].recorded_at <= moment
            }
            assert sorted(known, key=repr) == sorted(then.items(), key=repr)

    def _hold_gaps(self) -> None:
        """A figure that came at last closes its gap, half of one does not, and a new gap opens it again."""
        found = {
            (row["measure"], row["about"], row["from_at"], row["to_at"]): (row["reason"], row["closed_at"] is None)
            for row in self.books.rows(schema.gaps)
        }

        assert found == self.gaps

    def _write(self, rows: dict[Key, Reading], exchange: int) -> Stored:
        """Write into the model. Returns how much is new and how much changed."""
        moment = to_ms(self.books.now)
        self.moments.append(moment)
        new = revised = 0
        for key, one in rows.items():
            past = self.past[key]
            if past and (past[-1].value, past[-1].upto) == (one.value, one.upto):
                continue
            new, revised = (new, revised + 1) if past else (new + 1, revised)
            past.append(Written(moment, one.value, one.upto, exchange, one.place.pointer))
        return Stored(new, revised)

    def _fill(self, seen: Iterable[Reading]) -> None:
        have = {(series[0], series[2], at) for (series, at), past in self.past.items() if past}
        touched = {(one.measure.key, one.about, _at(one)) for one in seen if not isinstance(one.when, Moment)}
        for (measure, about, first, last), (reason, _) in self.gaps.items():
            days = range(first, last + 1) if measure.endswith(":day") else [last]
            things = {(measure, about, number) for number in days}
            if things & touched and things <= have:
                self.gaps[(measure, about, first, last)] = (reason, False)

    def _kept(self) -> tuple[Current, list[Earlier]]:
        """Return the current readings and the replaced ones as they are in the store."""
        books = self.books
        names = {
            row["id"]: (row["measure"], row["definition"], row["about"], row["origin"], row["precision"])
            for row in books.rows(schema.series)
        }
        pointers = {row["id"]: row["pointer"] for row in books.rows(schema.places)}
        recorded = {row["id"]: row["read_at"] for row in books.rows(schema.exchanges)}

        def written(row: dict[str, int]) -> Written:
            exchange = row["exchange_id"]
            return Written(recorded[exchange], row["value"], row["upto"], exchange, pointers[row["place_id"]])

        current = {(names[row["series_id"]], row["at"]): written(row) for row in books.rows(schema.readings)}
        earlier = [
            ((names[row["series_id"]], row["at"]), written(row), row["replaced_at"], row["replaced_by"])
            for row in books.rows(schema.replaced)
        ]
        return current, earlier


def _at(one: Reading) -> int:
    return to_ms(one.when.at) if isinstance(one.when, Moment) else to_day_number(one.when.last)


def _series(one: Reading, origin: str, precision: str | None = None) -> Series:
    """Return a reading's series: the daily views have another definition from the day of the break on."""
    is_later = one.measure is VIEWS_DAY and isinstance(one.when, Days) and one.when.last >= day(0)
    usual = "instant" if isinstance(one.when, Moment) else "day"
    return (one.measure.key, 2 if is_later else 1, one.about, origin, precision or usual)


def _broken(exchange: int) -> Post:
    """Return a post that no database takes: half a character. Posts are stored last."""
    return Post("p9", MOMENTS[0], "photo", "\ud83d", "", Place(exchange, "body:"))


def _gap_key(one: Gap) -> tuple[str, str, int, int]:
    if isinstance(one.when, Moment):
        return one.measure.key, one.about, to_ms(one.when.at), to_ms(one.when.at)
    return one.measure.key, one.about, to_day_number(one.when.first), to_day_number(one.when.last)


def test_the_store_keeps_its_promises_in_every_order_of_events(empty_database: Path, tmp_path: Path) -> None:
    """Examples only show the orders that somebody thought of."""
    numbers = count()

    def begin() -> Keeping:
        path = shutil.copy(empty_database, tmp_path / f"{next(numbers)}.db")
        return Keeping(Books(Store(f"sqlite:///{path}")))

    run_state_machine_as_test(
        begin,
        settings=settings(
            max_examples=30, stateful_step_count=8, deadline=None, database=None, derandomize=True,
            suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate],
        ),
    )  # fmt: skip
