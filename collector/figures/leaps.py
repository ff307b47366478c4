"""Asking people of leaps in the followers: each once, and no more where it explained itself."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from collector.figures.lines import Lines
from collector.growth.holding import agrees
from collector.growth.points import Ending, Leap
from collector.store.findings import ACCEPTED, ITSELF, JUMP, OPEN, Findings, StoredFinding
from collector.store.records import StoredAccount

_LOOKED_AT = timedelta(days=400)  # both periods of a report lie within


@dataclass(frozen=True, slots=True)
class Leaps:
    """Watches the followers."""

    lines: Lines
    findings: Findings

    def look(self, account: StoredAccount, at: datetime) -> None:
        """Ask of each leap that is held now, and let go of the questions on those that are held no more."""
        since = at.astimezone(account.office.timezone).date() - _LOOKED_AT
        followers = self.lines.followers_of(account, since)
        asked = [one for one in self.findings.list_of(account.id) if one.code == JUMP]
        held = {
            point.code
            for found in followers.values() for leap in found.leaps if leap.ending is Ending.HELD
            for point in leap.points
        }  # fmt: skip
        for finding in asked:
            if finding.state == OPEN and finding.about not in held:
                self.findings.decide(finding.id, ACCEPTED, at, by=ITSELF)
        for measure, found in followers.items():
            for leap in found.leaps:
                if leap.ending is Ending.HELD and not _is_asked(leap, asked):
                    asked.append(self._ask(account, measure, leap, at))

    def _ask(self, account: StoredAccount, measure: str, leap: Leap, at: datetime) -> StoredFinding:
        before, first = leap.before, leap.points[0]
        told = {
            "measure": measure, "base": before.code, "before": before.value, "before_day": before.day.isoformat(),
            "after": first.value, "day": first.day.isoformat(),
        }  # fmt: skip
        self.findings.ask(JUMP, account.id, at, about=first.code, detail=json.dumps(told))
        return next(one for one in reversed(self.findings.list_of(account.id)) if one.about == first.code)


def _is_asked(leap: Leap, asked: Iterable[StoredFinding]) -> bool:
    """Whether a person was asked of a leap: of it, of an earlier figure on the same way up, or in another line."""
    first = leap.points[0]
    for one in asked:
        told = one.told
        is_near = abs((first.day - date.fromisoformat(told["day"])).days) <= 1 and agrees(told["after"], first.value)
        if one.about == first.code or (one.state == OPEN and (told["base"] == leap.before.code or is_near)):
            return True
    return False
