"""What every platform's connector keeps to in a whole conversation with its own stand-in contract.

The conversations are found: every connector that has a contract, with each kind of keys that the contract knows.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from conversation import Collected, Conversation, demo_keys

from collector.demo.standin import Answered, Contract, list_contracts
from collector.demo.world import World
from collector.platforms import list_connectors
from connectors.kit import ClosedPeriod, Coverage, Days, Gap, Moment, Reading, Subject
from connectors.kit.auth import Renewable
from connectors.kit.metrics import DAY

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
WINDOW = Days(date(2026, 11, 9), date(2026, 11, 20))
OCTOBER = ClosedPeriod("month", Days(date(2026, 10, 1), date(2026, 10, 31)))
BUDGET = 5_000_000

CONTRACTS = {contract.slug: contract for contract in list_contracts()}
WAYS = [
    (connector, keys)
    for connector in list_connectors()
    if connector.slug in CONTRACTS
    for keys in (CONTRACTS[connector.slug].keys, *CONTRACTS[connector.slug].other_keys)
]
each_way = pytest.mark.parametrize(("connector", "keys"), WAYS, ids=[
    f"{connector.slug}-{number}" for number, (connector, _) in enumerate(WAYS)
])  # fmt: skip


def talk(connector, keys, *retired) -> Conversation:
    """Begin a conversation with a contract that knows some names no longer."""
    contract = CONTRACTS[connector.slug](World(lambda: NOW))
    contract.retired.update(retired)
    return Conversation(contract, connector, demo_keys(contract, connector, keys), contract.bearers)


def collect(conversation: Conversation) -> Collected:
    """Collect some days and a closed month."""
    return conversation.collect(
        conversation.assignment(WINDOW.first, WINDOW.last, closed_periods=(OCTOBER,), budget=BUDGET)
    )


def words_of(question: Any) -> Iterator[str]:
    """Yield the words that the values of a question hold."""
    if isinstance(question, dict | list):
        for inner in question.values() if isinstance(question, dict) else question:
            yield from words_of(inner)
    elif isinstance(question, str):
        for word in re.findall(r"[A-Za-z_][\w.]+", question):
            yield from (word, word.partition(".")[0])


def leaves_of(answer: Any, name: str = "") -> Iterator[str]:
    """Yield the names of an answer's single values, and what is called a name there."""
    if isinstance(answer, dict | list):
        for member, inner in answer.items() if isinstance(answer, dict) else ((name, one) for one in answer):
            yield from leaves_of(inner, member)
    else:
        yield from (name, str(answer)) if name == "name" else (name,)


def names_of(conversation: Conversation) -> list[str]:
    """List every name that was asked for or answered."""
    found: set[str] = set()
    for asked in conversation.asked:
        found.update(words_of([dict(asked.query), asked.json() or asked.form]))
    for exchange in conversation.exchanges:
        found.update(leaves_of(exchange.json()))
    return sorted(name for name in found if re.fullmatch(r"[A-Za-z_][\w.]+", name))


def readings_of(collected: Collected) -> Counter:
    """Count the readings by what they are of and what they say."""
    return Counter((one.measure, one.about, one.when, one.value) for one in collected.all(Reading))


def losses(before: Counter, after: Counter) -> set[tuple]:
    """Name what has lost readings: a measure, of an audience's measure one dimension."""
    return {(measure, measure.part(about)) for measure, about, _, _ in before - after}


def is_named(lost: tuple, gaps: list[Gap]) -> bool:
    """Whether a gap says that a reading is missing: for itself, for its dimension, or for the measure."""
    measure, about, _, _ = lost
    dimension = about.partition(":")[0]
    return any(gap.measure == measure and gap.about in ("", about, dimension) for gap in gaps)


@each_way
def test_every_metric_retired_in_turn_costs_only_itself(connector, keys):
    """Platforms retire names every quarter; each may cost its own figures, with a gap that says so, and no other's.

    A name that loses several metrics alone is a map of them, or what makes a post a post. But two metrics that are
    always lost together, whichever of their names goes, were asked for in one breath and never apart.
    """
    whole = talk(connector, keys)
    before = readings_of(collect(whole))
    assert before
    without: dict[str, Collected] = {}
    lost_by: dict[str, set[tuple]] = {}
    for name in names_of(whole):
        collected = collect(talk(connector, keys, name))
        lost = losses(before, readings_of(collected))
        if lost:
            without[name], lost_by[name] = collected, lost

    lines = {(one.measure, one.measure.part(one.about)) for one in collect(whole).all(Reading)
             if one.place.pointer.startswith("body:")}  # fmt: skip
    for line in lines:
        names = [name for name, lost in lost_by.items() if line in lost]
        own = min(names, key=lambda name: (len({measure.metric for measure, _ in lost_by[name]}), len(lost_by[name])))
        together = lost_by[own]
        if len({measure.metric for measure, _ in together}) > 1:
            assert [name for name in names if lost_by[name] == together] == [own], f"{line[1]} is never asked for alone"
        collected, after = without[own], readings_of(without[own])
        assert collected.error is None, f"{own} ended the collection"
        assert not after - before, f"{own} changed other figures"
        unsaid = [one for one in before - after if not is_named(one, collected.all(Gap))]
        assert not unsaid, f"{own} was lost without a word: {unsaid[:3]}"


@each_way
def test_what_was_answered_is_covered(connector, keys):
    """Without its coverage an idle day could not be told from one that was never asked for."""
    collected = collect(talk(connector, keys))
    covered: dict[str, list[Days]] = {}
    for one in collected.all(Coverage):
        covered.setdefault(one.measure.key, []).append(one.days)

    for one in collected.all(Reading):
        if one.measure.subject is not Subject.ACCOUNT or isinstance(one.when, Moment) or one.measure.span != DAY:
            continue
        spans = covered.get(one.measure.key, [])
        assert any(span.first <= one.when.first <= span.last for span in spans), (one.measure.key, one.when)


@each_way
def test_no_day_is_passed_over(connector, keys):
    """From the first day asked for to the newest that is told of, every one is read, covered or a gap."""
    collected = collect(talk(connector, keys))
    daily = {one.measure for one in collected.all(Reading)
             if one.measure.span == DAY and one.measure.subject is Subject.ACCOUNT}  # fmt: skip
    for measure in daily:
        spans = [one.days for one in collected.all(Coverage, measure.key)]
        spans += [one.when for one in (*collected.all(Gap, measure.key), *collected.all(Reading, measure.key))]
        newest = min(WINDOW.last, max(span.last for span in spans))
        for number in range(WINDOW.first.toordinal(), newest.toordinal() + 1):
            day = date.fromordinal(number)
            assert any(span.first <= day <= span.last for span in spans), (measure.key, day)


@each_way
def test_two_conversations_agree(connector, keys):
    """A connector has no memory of its own: what it asks and reads follows from the assignment and the answers."""
    first, second = talk(connector, keys), talk(connector, keys)

    assert collect(first).observations == collect(second).observations
    assert [one.path for one in first.asked] == [one.path for one in second.asked]


class Endless(Contract):
    """A contract whose lists never end: each page is the first again, with a cursor that was never seen before."""

    def __init__(self, inner: Contract, firsts: dict[tuple[str, str], tuple[Any, str]]) -> None:
        super().__init__(inner.world)
        self.hosts, self.bearers = inner.hosts, inner.bearers
        self.inner, self.firsts, self.pages = inner, firsts, Counter()

    def answer(self, asked):
        """Answer one request."""
        if (asked.host, asked.path) not in self.firsts:
            return self.inner.answer(asked)
        body, cursor = self.firsts[asked.host, asked.path]
        self.pages[asked.host, asked.path] += 1
        number = self.pages[asked.host, asked.path]
        return Answered(with_cursor(body, cursor, number))


def with_cursor(body: Any, cursor: str, number: int) -> Any:
    """Return a page with another cursor."""
    if isinstance(body, dict):
        return {name: with_cursor(inner, cursor, number) for name, inner in body.items()}
    if isinstance(body, list):
        return [with_cursor(inner, cursor, number) for inner in body]
    if str(body) != cursor:
        return body
    return body - number if isinstance(body, int) else f"{body[:-4]}{int(body[-4:], 36) + number}"


def texts_of(body: Any) -> Iterator[str]:
    """Yield every single value of a body as a text."""
    if isinstance(body, dict | list):
        for inner in body.values() if isinstance(body, dict) else body:
            yield from texts_of(inner)
    else:
        yield str(body)


def first_pages(conversation: Conversation) -> dict[tuple[str, str], tuple[Any, str]]:
    """Find the lists that were read page by page: the next question holds a word that only the answer before had."""
    before: dict[tuple[str, str], tuple[set[str], Any]] = {}
    found: dict[tuple[str, str], tuple[Any, str]] = {}
    data = [exchange for exchange in conversation.exchanges if exchange.request.path not in SIGN_INS]
    for exchange in data:
        request = exchange.request
        where = (conversation.connector.hosts[request.api].setting, request.path)
        sent = {str(value) for values in (request.params, request.json or {}, request.form or {})
                for value in values.values()}  # fmt: skip
        known, body = before.get(where, (sent, None))
        for value in (sent - known) & set(texts_of(body)):
            if re.fullmatch(r"[A-Za-z0-9]{4,}", value):
                found.setdefault(where, (body, value))
        before[where] = (sent, json.loads(exchange.body) if exchange.json() is not None else None)
    return found


SIGN_INS = {auth.request.path for connector in list_connectors() for host in connector.hosts.values()
            for auth in host.auth.values() if isinstance(auth, Renewable)}  # fmt: skip
LONG = Days(date(2025, 7, 1), date(2026, 11, 20))
MOST_PAGES = 500


@each_way
def test_a_list_that_never_ends_is_cut_off_and_said(connector, keys):
    """A cursor that is new each time would be followed for ever; where it is left, the list is not taken for read."""
    whole = talk(connector, keys)
    usual = whole.collect(whole.assignment(LONG.first, LONG.last, budget=BUDGET))
    lists = first_pages(whole)
    if not lists:
        pytest.skip(f"{connector.name} reads no list page by page in these days")
    endless = talk(connector, keys)
    endless.contract = Endless(endless.contract, lists)

    collected = endless.collect(endless.assignment(LONG.first, LONG.last, budget=BUDGET))

    assert max(endless.contract.pages.values()) <= MOST_PAGES
    said = {(one.measure, one.reason) for one in collected.all(Gap)} - {
        (one.measure, one.reason) for one in usual.all(Gap)
    }
    fewer = {(one.measure, one.days) for one in usual.all(Coverage)} - {
        (one.measure, one.days) for one in collected.all(Coverage)
    }
    if max(endless.contract.pages.values()) > 2:  # a page that only repeats what was listed is an end as well
        assert collected.error or said or fewer
