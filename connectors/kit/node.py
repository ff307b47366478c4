"""A node: one place in one kept answer, and the only way from an answer to a reading.

`answer["data"][0]["value"].read(FOLLOWERS)` does three things at once: it checks the shape (an error names the exact
place), converts the value exactly, and records the place. Going down never fails, so that `.gap(…)` is as short as
`.read(…)` and an absent member can be asked about; only taking a value does.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from email.utils import parsedate_to_datetime
from typing import Any

from connectors.kit.errors import Place, PlatformError, Reason, ShapeError
from connectors.kit.metrics import DAY, NOW, Measure, window_days
from connectors.kit.observations import Days, Gap, Moment, Reading, When
from connectors.kit.requests import Request

_ABSENT: Any = object()
_LARGEST = 2**63 - 1
_NUMBER = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,4})?")
"""A number as JSON writes one, also inside a text. Anything longer or wider is no count of anything."""
_BROKEN = re.compile("[\ud800-\udfff\0]")
_MAYBE_BROKEN = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)|\xed[\xa0-\xbf]")
"""Platforms cut titles by UTF-16 units and so in the middle of an emoji. Whole emojis match as well, and stay."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its kept answer, as a connector sees it.

    `headers` have lower-case names. `now` is the assignment's moment (UTC), not the wall clock, so that reading the
    same answer again gives the same readings.
    """

    id: int
    request: Request
    status: int
    headers: Mapping[str, str]
    body: bytes
    now: datetime
    _parsed: list[Any] = field(default_factory=list, repr=False, compare=False)

    def json(self) -> Any:  # noqa: ANN401 - JSON is what it is
        """Return the parsed body, floats as Decimal, or None where it is not JSON."""
        if not self._parsed:
            try:
                parsed = json.loads(self.body, parse_float=Decimal, parse_constant=_refuse)
                self._parsed.append(_mended(parsed) if _MAYBE_BROKEN.search(self.body) else parsed)
            except (ValueError, ArithmeticError, RecursionError):
                self._parsed.append(None)
        return self._parsed[0]

    def place(self, pointer: str = "head:/status") -> Place:
        """Return the place at `pointer` in this exchange."""
        return Place(self.id, pointer)

    @property
    def retry_after(self) -> timedelta | None:
        """How long Retry-After asks to stay away, from `now` where it names a moment; None without a readable one."""
        said = self.headers.get("retry-after", "").strip()
        if re.fullmatch(r"[0-9]{1,9}", said):
            return timedelta(seconds=int(said))
        try:
            until = parsedate_to_datetime(said)
        except ValueError:
            return None
        return max(timedelta(0), until.replace(tzinfo=until.tzinfo or UTC) - self.now)

    @property
    def status_node(self) -> "Node":
        """The status line as a node, for answers that have nothing else to read."""
        return Node(self, "head:/status", self.status)

    def root(self) -> "Node":
        """Return the whole body as a node. Of a body that is not JSON nothing can be read."""
        parsed = self.json()
        return Node(self, "body:", _ABSENT if parsed is None else parsed)


def _mended(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a parsed value whose texts any database takes: half characters and NULs are shown as unreadable ones."""
    if isinstance(value, str):
        return _BROKEN.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, list):
        return [_mended(element) for element in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(member) for name, member in value.items()}
    return value


def _refuse(word: str) -> Any:  # noqa: ANN401 - JSON
    raise ValueError(f"{word} is not JSON")


class Node:
    """A place in a kept answer. Immutable; cheap to make."""

    __slots__ = ("_above", "_pointer", "_value", "exchange")

    def __init__(self, exchange: Exchange, pointer: str, value: object, *, above: "Node | None" = None) -> None:
        self.exchange = exchange
        self._value = value
        self._above = above
        self._pointer = pointer  # of a node below another only its last step, until the whole is asked for

    @property
    def pointer(self) -> str:
        """Where this is in the exchange. Put together when first asked for: most nodes are only passed through."""
        if self._above is not None:
            self._pointer = f"{self._above.pointer}/{self._pointer}"
            self._above = None
        return self._pointer

    def __getitem__(self, key: str | int) -> "Node":
        step = str(key)
        if "~" in step or "/" in step:
            step = step.replace("~", "~0").replace("/", "~1")
        return Node(self.exchange, step, _below(self._value, key), above=self)

    def __iter__(self) -> Iterator["Node"]:
        """Iterate over a list's elements. Raises ShapeError where this is no list."""
        if not isinstance(self._value, list):
            raise self._wrong("a list")
        return (self[number] for number in range(len(self._value)))

    def members(self) -> Iterator[tuple[str, "Node"]]:
        """Iterate over an object's members. Raises ShapeError where this is no object."""
        if not isinstance(self._value, dict):
            raise self._wrong("an object")
        return ((name, self[name]) for name in self._value)

    @property
    def exists(self) -> bool:
        """Whether the place holds something; an absent member and a JSON null do not."""
        return self._value is not _ABSENT and self._value is not None

    @property
    def place(self) -> Place:
        """Where this is; for an absent member the nearest place above that exists."""
        if self._value is not _ABSENT:
            return Place(self.exchange.id, self.pointer)
        return Place(self.exchange.id, _nearest(self.exchange, self.pointer))

    def text(self) -> str:
        """Return a string's value. Raises ShapeError for anything else."""
        if not isinstance(self._value, str):
            raise self._wrong("a text")
        return self._value

    def truth(self) -> bool:
        """Return true for JSON `true`, false for `false`. Raises ShapeError for anything else."""
        if not isinstance(self._value, bool):
            raise self._wrong("true or false")
        return self._value

    def number(self, places: int = 0) -> int:
        """Return a number, or a text that holds one, as an integer scaled by `places` decimal places.

        Exact or not at all: raises ShapeError where the value has more places than that, or lies beyond 64 bits.
        """
        if not places and type(self._value) is int and -_LARGEST <= self._value <= _LARGEST:
            return self._value  # what most are; the rest is for texts, fractions and what is no count
        if self._value is _ABSENT or isinstance(self._value, bool):
            raise self._wrong("a number")
        if not isinstance(self._value, int | Decimal | str):
            raise self._wrong("a number")
        if isinstance(self._value, str) and not _NUMBER.fullmatch(self._value):
            raise self._wrong("a number")
        exact = Decimal(self._value)
        if abs(exact.adjusted()) > 30:
            raise self._wrong("a 64-bit number")
        scaled = exact.scaleb(places, Context(prec=len(exact.as_tuple().digits)))
        if scaled != scaled.to_integral_value():
            raise self._wrong(f"a number with at most {places} decimal places" if places else "a whole number")
        if abs(scaled) > _LARGEST:
            raise self._wrong("a 64-bit number")
        return int(scaled)

    def read(
        self, measure: Measure, *, on: date | Days | None = None, about: str = "", upto: int | None = None
    ) -> Reading:
        """Make a reading of `measure` from this place.

        `on` is the platform's own day or days for a measure with a span, and None for one of the moment. `about` is
        the post's id or the audience's dimension; `upto` the upper end where the platform rounds down.
        """
        return Reading(measure, self.number(measure.places), self._when(measure, on), self.place, about, upto)

    def or_zero(self, measure: Measure, *, because: str, on: date | Days | None = None, about: str = "") -> Reading:
        """Read this place, or a zero where the member is absent, which `because` (a fact sheet) must declare."""
        if not because:
            raise ValueError("a zero that no answer prints needs the fact sheet that declares it")
        if self._value is not _ABSENT:
            return self.read(measure, on=on, about=about)
        return Reading(measure, 0, self._when(measure, on), self.place, about, None)

    def gap(
        self,
        measure: Measure,
        reason: Reason,
        *,
        on: date | Days | None = None,
        about: str = "",
        note: str = "",
    ) -> Gap:
        """Say that `measure` is missing here, and why. `note` is the platform's own words, if it has any."""
        return Gap(measure, reason, _missing_when(measure, on, self.exchange.now), self.place, about, note)

    def _when(self, measure: Measure, on: date | Days | None) -> When:
        return when(measure, on, self.exchange.now)

    def _wrong(self, wanted: str) -> ShapeError:
        found = "nothing" if self._value is _ABSENT else f"{type(self._value).__name__} {str(self._value)[:40]!r}"
        return ShapeError(
            f"{self.exchange.request.path}: expected {wanted} at {self.pointer}, found {found}",
            place=self.place,
        )


def _below(value: Any, key: str | int) -> Any:  # noqa: ANN401 - JSON
    """Return the member or element `key` of a parsed value, _ABSENT where there is none."""
    kind = type(value)  # JSON has no others, and this is asked a thousand times an account
    if kind is dict:
        return value.get(key, _ABSENT)
    if kind is list and isinstance(key, int) and 0 <= key < len(value):
        return value[key]
    return _ABSENT


def when(measure: Measure, on: date | Days | None, now: datetime) -> When:
    """Return the moment or the days that a figure of `measure` is of. Raises ValueError where they do not fit."""
    if measure.span == NOW:
        if on is not None:
            raise ValueError(f"{measure.key} is of the moment and takes no day")
        return Moment(now)
    if on is None:
        raise ValueError(f"{measure.key} needs its day or days")
    days = on if isinstance(on, Days) else Days(on, on)
    length = 1 if measure.span == DAY else window_days(measure.span)
    if length is not None and days.length != length:
        raise ValueError(f"{measure.key} is of {length} days, not of {days.length}")
    return days


def missing(
    measure: Measure,
    reason: Reason,
    error: PlatformError | None,
    now: datetime,
    on: date | Days | None = None,
    about: str = "",
) -> Gap:
    """Say that `measure` is missing without having an answer at hand, or because of the error that came instead."""
    place = error.place if error is not None else None
    note = error.message if error is not None else ""
    return Gap(measure, reason, _missing_when(measure, on, now), place, about, note)


def _missing_when(measure: Measure, on: date | Days | None, now: datetime) -> When:
    """Return what a gap is of: like a reading's, but one gap may say it for many days of a daily measure."""
    if measure.span == DAY and isinstance(on, Days):
        return on
    return when(measure, on, now)


def _nearest(exchange: Exchange, pointer: str) -> str:
    """Return the longest prefix of `pointer` that exists in the exchange's body."""
    scheme, _, path = pointer.partition(":")
    if scheme != "body":
        return pointer
    here, kept = exchange.json(), ""
    for step in path.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        here = _below(here, int(name) if isinstance(here, list) and name.isdigit() else name)
        if here is _ABSENT:
            break
        kept += f"/{step}"
    return f"body:{kept}"
