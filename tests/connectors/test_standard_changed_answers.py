"""What every platform's connector makes of answers in which one thing is other than usual.

Each sample case is read again with one member gone, one number written another way, or one name in another script.
Members of one kind (`/data/*/value`) are changed once in the first place and once in all places.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from collector.platforms import list_connectors
from connectors.kit import Exchange, Gap, Reading, Reason
from connectors.kit.replay import ReplayDifferedError, Replayed
from connectors.kit.samples import Case, list_cases, load_case, replay_case

CASES = [(one, name) for one in list_connectors() for name in list_cases(one.slug)]
PAGE_CASES = [
    (one, name) for one, name in CASES
    if any(isinstance(seen, Reading) for seen in replay_case(one, load_case(one.slug, name)).observations)
]  # fmt: skip

BEYOND_DOUBLES = 2**53 + 1
BEYOND_64_BITS = 2**63


def of_cases(cases):
    return pytest.mark.parametrize(
        ("connector", "name"), cases, ids=lambda one: one if isinstance(one, str) else one.slug
    )


def exact(body: bytes):
    """Parse a body, its fractions kept as they are written."""
    return json.loads(body, parse_float=Decimal)


def plain(value: object) -> str:
    """Write a parsed body as it would be sent, its fractions as they were written."""
    marked = json.dumps(value, default=lambda fraction: f"\0{fraction}\0")
    return re.sub(r'"\\u0000([^"]*?)\\u0000"', r"\1", marked)


def steps_of(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def members(value: object, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the way to every member of every object."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*at, name)
            yield from members(inner, (*at, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from members(inner, (*at, str(number)))


def kinds(ways: Iterator[tuple[str, ...]]) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """Put ways that differ in numbers and days alone together."""
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for way in ways:
        found.setdefault(tuple("*" if re.fullmatch(r"[0-9-]+", step) else step for step in way), []).append(way)
    return found


def changed(case: Case, number: int, ways: list[tuple[str, ...]], change: Callable[[dict | list, str | int], None]):
    """Return the case with places of one answer changed."""
    exchange = case.exchanges[number]
    body = exact(exchange.body)
    for way in ways:
        here = body
        for step in way[:-1]:
            here = here[int(step)] if isinstance(here, list) else here[step]
        change(here, int(way[-1]) if isinstance(here, list) else way[-1])
    other = Exchange(
        exchange.id, exchange.request, exchange.status, exchange.headers, plain(body).encode(), exchange.now
    )
    return replace(case, exchanges=(*case.exchanges[:number], other, *case.exchanges[number + 1 :]))


def read(connector, case: Case) -> Replayed | None:
    """Read a case, None where another answer made the connector ask something else."""
    try:
        return replay_case(connector, case)
    except ReplayDifferedError:
        return None


def readings(replayed: Replayed) -> dict:
    """Return the values by what they are of."""
    return {(one.measure, one.about, one.when): one.value for one in replayed.observations if isinstance(one, Reading)}


def printed(exchanges: tuple[Exchange, ...], one: Reading) -> object:
    """Return what stands where a reading was read; of a declared zero, what would hold the member."""
    here = exact(exchanges[one.place.exchange - 1].body)
    for step in steps_of(one.place.pointer):
        here = here[int(step)] if isinstance(here, list) else here[step]
    return here


def is_declared(exchanges: tuple[Exchange, ...], one: Reading) -> bool:
    """Whether a zero is one that a fact sheet declares: no number stands at its place."""
    return one.value == 0 and isinstance(printed(exchanges, one), dict | None)


def delete(holder, name) -> None:
    if isinstance(holder, dict):
        del holder[name]


def nothing(holder, name) -> None:
    holder[name] = None


@of_cases(CASES)
@pytest.mark.parametrize("change", [delete, nothing], ids=["gone", "null"])
def test_a_member_that_is_missing_never_becomes_a_figure(connector, name, change):
    """It is a gap, nothing at all, a fault, or the one zero that the sheet declares: never a crash, never a number.

    What was held back because of a member that is gone now (a flag, a count below the floor) may come, as printed;
    but a nought never, where the figure was said to be hidden.
    """
    case = load_case(connector.slug, name)
    whole = replay_case(connector, case)
    usual = readings(whole)
    hidden = {(one.measure, one.about) for one in whole.observations
              if isinstance(one, Gap) and one.reason is Reason.HIDDEN}  # fmt: skip
    for number, exchange in enumerate(case.exchanges):
        if exchange.json() is None:
            continue
        for kind, ways in kinds(members(exchange.json())).items():
            for some in ([ways[0]], ways)[: 2 if len(ways) > 1 else 1]:
                other = changed(case, number, some, change)
                replayed = read(connector, other)
                if replayed is None:
                    continue
                for one in replayed.observations:
                    if not isinstance(one, Reading) or usual.get((one.measure, one.about, one.when)) == one.value:
                        continue
                    if not is_declared(other.exchanges, one):
                        assert one.value != 0 or (one.measure, one.about) not in hidden, ("/".join(kind), one)
                        number_there = Decimal(str(printed(other.exchanges, one)))
                        assert number_there.scaleb(one.measure.places) == one.value, ("/".join(kind), one)


def places(connector, case: Case) -> Iterator[tuple[int, list[tuple[str, ...]], Reading]]:
    """Yield one place of each kind at which a number is read."""
    seen = set()
    for one in replay_case(connector, case).observations:
        if not isinstance(one, Reading) or not one.place.pointer.startswith("body:/"):
            continue
        way = tuple(steps_of(one.place.pointer))
        kind = (one.measure, one.place.exchange, *(re.sub(r"[0-9-]+", "*", step) for step in way))
        if kind not in seen and not is_declared(case.exchanges, one):
            seen.add(kind)
            yield one.place.exchange - 1, [way], one


def put(value: object) -> Callable:
    def change(holder, name) -> None:
        holder[name] = value

    return change


def turned(holder, name) -> None:
    """Write a number as a text, and a text as a number."""
    value = holder[name]
    holder[name] = Decimal(value) if isinstance(value, str) else str(value)


@of_cases(PAGE_CASES)
def test_a_number_may_come_as_a_text(connector, name):
    """Platforms write counts as numbers in one answer and as texts in the next; both are the same figure."""
    case = load_case(connector.slug, name)
    for number, ways, one in places(connector, case):
        replayed = read(connector, changed(case, number, ways, turned))
        assert replayed is not None
        assert readings(replayed) == readings(replay_case(connector, case)), one


@of_cases(PAGE_CASES)
def test_large_numbers_are_exact_or_not_at_all(connector, name):
    """Above 2^53 a double would lose the last digits; above 2^63 no count of anything can be."""
    case = load_case(connector.slug, name)
    usual = readings(replay_case(connector, case))
    for number, ways, one in places(connector, case):
        for value in (BEYOND_DOUBLES, str(BEYOND_DOUBLES)):
            replayed = read(connector, changed(case, number, ways, put(value)))
            found = [
                other for other in replayed.observations if isinstance(other, Reading) and other.place == one.place
            ] if replayed is not None else []  # fmt: skip
            assert {other.value for other in found} <= {BEYOND_DOUBLES * 10**one.measure.places}, one
        for value in (BEYOND_64_BITS, str(BEYOND_64_BITS), -BEYOND_64_BITS, Decimal("0.123456789"), "12 orang", True):
            replayed = read(connector, changed(case, number, ways, put(value)))
            for other in replayed.observations if replayed is not None else ():
                if isinstance(other, Reading):
                    assert usual.get((other.measure, other.about, other.when)) == other.value, (value, other)


@of_cases(PAGE_CASES)
def test_a_printed_zero_is_a_zero(connector, name):
    """What the platform prints as nought is a figure like any other, and no gap."""
    case = load_case(connector.slug, name)
    for number, ways, one in places(connector, case):
        replayed = read(connector, changed(case, number, ways, put(0)))
        found = readings(replayed) if replayed is not None else {}
        assert found.get((one.measure, one.about, one.when), 0) == 0, one


@of_cases(PAGE_CASES)
def test_a_place_keeps_its_name_in_any_script(connector, name):
    """Followers live in 宜蘭縣 and الإسكندرية too; their city's name is theirs, letter for letter."""
    case = load_case(connector.slug, name)
    cities = [one for one in replay_case(connector, case).observations
              if isinstance(one, Reading) and one.about.startswith("city:")]  # fmt: skip
    for one in cities[:3]:
        label = one.about.removeprefix("city:")
        for other in ("宜蘭縣", "الإسكندرية", "Улан-Удэ", "Co/mi~ng “Ä”"):
            exchanges = tuple(
                Exchange(each.id, each.request, each.status, each.headers,
                         plain(renamed(exact(each.body), label, other)).encode(), each.now)
                if each.json() is not None else each for each in case.exchanges
            )  # fmt: skip
            replayed = replay_case(connector, replace(case, exchanges=exchanges))
            assert readings(replayed)[one.measure, f"city:{other}", one.when] == one.value


def renamed(value, label: str, other: str):
    """Call a place by another name, where it is a text or a member's name."""
    if isinstance(value, dict):
        return {other if name == label else name: renamed(inner, label, other) for name, inner in value.items()}
    if isinstance(value, list):
        return [renamed(inner, label, other) for inner in value]
    return other if value == label else value
