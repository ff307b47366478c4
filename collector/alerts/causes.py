"""All causes there are, in the order in which they are told."""

from collections.abc import Callable, Iterator

from collector.alerts.access import access, cut_off, reconnect
from collector.alerts.cause import Cause
from collector.alerts.collecting import collecting
from collector.alerts.facts import Facts
from collector.alerts.identity import identity
from collector.alerts.machine import CLOCK_BEHIND, backup, clock, disk
from collector.alerts.semester import semester
from collector.alerts.weekly import weekly

_RULES: tuple[Callable[[Facts], Iterator[Cause]], ...] = (
    clock, disk, backup, cut_off, reconnect, access, collecting, identity, semester,
)  # fmt: skip


def list_causes(facts: Facts) -> tuple[Cause, ...]:
    """Return what there is to tell now; of two with one root only the nearer to it.

    With a clock that went back nothing else can be judged.
    """
    found = [cause for rule in _RULES for cause in rule(facts)]
    for cause in found:
        if cause.key == CLOCK_BEHIND:
            return (cause,)
    told = [cause for cause in found if not any(other.is_covering(cause.key) for other in found)]
    return (*told, *weekly(facts, told))
