"""Reading a snapshot's kept answers again, and what of it is stored differently or not at all.

It tells what no pointer can: a figure that is missing, or that stands under another day. Where the answers are no
longer whole, or another version of the program read them, the chain of digests alone vouches for that.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from collector.platforms import get_connector
from collector.store.proofs import About, Fact, Missed, Proofs, Taken
from collector.store.readings import at_of, last_day
from collector.store.records import to_day_number, to_ms
from connectors.kit import Assignment, Coverage, Exchange, Gap, Moment, Observation, Post, Reading
from connectors.kit.replay import Replayed, replay

Key = tuple[str, int, str, str, int]
"""Of a collected figure: its measure, definition, what it is about, precision, and when."""
Said = tuple[int, int | None]


@dataclass(slots=True)
class Differences:
    """Where the store does not hold what its answers say."""

    lost: list[Key] = field(default_factory=list)
    """Figures that the answers say and that were never stored, or are gone."""
    foreign: list[Fact] = field(default_factory=list)
    """Stored figures that the answers do not say."""
    notes: list[str] = field(default_factory=list)
    """Gaps, answered days and posts that are missing or other ones: measure or id."""

    def __bool__(self) -> bool:
        return bool(self.lost or self.foreign or self.notes)


def reread(taken: Taken, assignment: Assignment, exchanges: Sequence[Exchange]) -> Replayed | None:
    """Read answers again; None where this version of the program cannot."""
    try:
        return replay(get_connector(taken.platform), assignment, exchanges)
    except Exception:  # noqa: BLE001 - whatever a connector makes of answers that were not made for it
        return None


def compare(
    taken: Taken, replayed: Replayed, facts: Sequence[Fact], missed: Sequence[Missed], proofs: Proofs
) -> Differences:
    """Hold what reading again gave against what is stored of it."""
    found, observations = Differences(), replayed.observations
    read = {_key(one): one for one in observations if isinstance(one, Reading)}
    stored = {
        _stored_key(about, fact): fact
        for fact in facts
        if (about := proofs.about(fact.series_id)) is not None and about.origin == "api"
    }
    unstored = [key for key in read if key not in stored]
    earlier = _list_earlier(taken, unstored, proofs)
    found.lost = [key for key in unstored if (*key, *_said(read[key])) not in earlier]
    # Where the answers ran out, the live connector met a fault that left no answer, and went on without it.
    found.foreign = [
        fact
        for key, fact in stored.items()
        if (key in read or not replayed.ended) and (key not in read or _said(read[key]) != (fact.value, fact.upto))
    ]
    found.notes = [
        *_compare_gaps(taken, observations, missed, proofs, is_complete=not replayed.ended),
        *_compare_coverage(taken, observations, proofs),
        *_compare_posts(taken, observations, proofs),
    ]
    return found


def _key(reading: Reading) -> Key:
    measure = reading.measure
    precision = "instant" if isinstance(reading.when, Moment) else "day"
    return measure.key, measure.version(last_day(reading.when)), reading.about, precision, at_of(reading.when)


def _stored_key(about: About, fact: Fact) -> Key:
    return about.measure, about.definition, about.about, about.precision, fact.at


def _said(reading: Reading) -> Said:
    return reading.value, reading.upto


def _list_earlier(taken: Taken, keys: Sequence[Key], proofs: Proofs) -> set[tuple[object, ...]]:
    """Return what was stored of figures by other snapshots: one that says the same is not stored again."""
    said: set[tuple[object, ...]] = set()
    for precision in ("instant", "day"):
        some = [key for key in keys if key[3] == precision]
        if some:
            ats = [key[4] for key in some]
            measures, abouts = {key[0] for key in some}, {key[2] for key in some}
            said |= proofs.list_said(taken.account_id, measures, abouts, min(ats), max(ats))
    return said


def _ends(gap: Gap) -> tuple[int, int]:
    if isinstance(gap.when, Moment):
        return to_ms(gap.when.at), to_ms(gap.when.at)
    return to_day_number(gap.when.first), to_day_number(gap.when.last)


def _compare_gaps(
    taken: Taken, observations: Iterable[Observation], missed: Sequence[Missed], proofs: Proofs, *, is_complete: bool
) -> Iterator[str]:
    """Yield the measures whose gaps are gone, say something else, or were never told."""
    read = {(gap.measure.key, gap.about, *_ends(gap)): gap for gap in observations if isinstance(gap, Gap)}
    own = {(one.measure, one.about, one.from_at, one.to_at): one for one in missed}
    for key, gap in read.items():
        here = own.get(key)
        if here is not None and (here.reason, here.note) != (str(gap.reason), gap.note):
            yield gap.measure.key
    if is_complete:
        yield from (str(key[0]) for key in own if key not in read)
    elsewhere = [key for key in read if key not in own]
    for is_moment in (True, False):
        starts = [key[2] for key in elsewhere if isinstance(read[key].when, Moment) is is_moment]
        if starts:
            there = proofs.list_gaps(taken.account_id, min(starts), max(starts))
            yield from (
                key[0] for key in elsewhere if isinstance(read[key].when, Moment) is is_moment and key not in there
            )


def _compare_coverage(taken: Taken, observations: Iterable[Observation], proofs: Proofs) -> Iterator[str]:
    read = {
        (one.measure.key, to_day_number(one.days.first), to_day_number(one.days.last))
        for one in observations
        if isinstance(one, Coverage)
    }
    if read:
        starts = [first for _, first, _ in read]
        there = proofs.list_covered(taken.account_id, min(starts), max(starts))
        yield from (measure for measure, _, _ in sorted(read - there))


def _compare_posts(taken: Taken, observations: Iterable[Observation], proofs: Proofs) -> Iterator[str]:
    read = {one.id for one in observations if isinstance(one, Post)}
    if read:
        yield from sorted(read - proofs.list_posts(taken.account_id, read))
