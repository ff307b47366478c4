"""Letting go of what need not be kept: whole answers whose time is over, proofs that nothing cites, dead locks.

Never a figure, an entry, a proof that a figure cites, or a report. What is let go of leaves what is cited behind, so
that every figure still traces and verifying finds nothing missing.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from collector.clock import Clock
from collector.collect.holder import Holder
from collector.collect.retention import Due, Retention
from collector.errors import StoreError
from collector.store.engine import Store
from collector.store.evidence import Evidence
from collector.verifying.files import attachment_path

_JUST_NOW = timedelta(days=1)  # a proof is kept before the figure that cites it


@dataclass(slots=True)
class Share:
    """Whole answers of one platform and year: how many, and the bytes that they take."""

    answers: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Pruned:
    """What was let go of, or would be. `compacted` is None for a dry run, else whether the room was given
    back; where it was not, `needed` bytes were not free, or `hindrance` says what else was in the way. `until` is
    when the age of answers is counted to, where that is not today's clock."""

    shares: dict[tuple[str, int], Share] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    file_bytes: int = 0
    locks: int = 0
    size_before: int = 0
    size_after: int = 0
    compacted: bool | None = None
    needed: int = 0
    hindrance: str = ""
    until: datetime | None = None

    @property
    def answers(self) -> int:
        """How many answers were reduced, or would be."""
        return sum(share.answers for share in self.shares.values())

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "answers": [
                {"platform": platform, "year": year, "answers": share.answers, "bytes": share.bytes}
                for (platform, year), share in sorted(self.shares.items())
            ],
            "files": [str(path) for path in self.files],
            "file_bytes": self.file_bytes,
            "locks": self.locks,
            "database_bytes": {"before": self.size_before, "after": self.size_after},
            "compacted": self.compacted,
            "counted_until": self.until.isoformat() if self.until is not None else None,
        }


@dataclass(frozen=True, slots=True)
class Pruning:
    """Prunes a home. `keep_days` is the office's setting, None where answers stay as long as the terms let them."""

    store: Store
    evidence: Evidence
    holder: Holder
    home: Path
    clock: Clock
    make_retention: Callable[[int | None], Retention]
    keep_days: int | None

    def prune(self, *, older_than: int | None = None, dry_run: bool) -> Pruned:
        """Let go of what need not be kept, or with `dry_run` only find it. `older_than` days replace the setting."""
        retention = self.make_retention(older_than if older_than is not None else self.keep_days)
        pruned = Pruned(size_before=self.store.size())
        until = retention.now()
        if self.clock.now() - until > _JUST_NOW:
            pruned.until = until
        counted: set[str] = set()  # equal answers of many days are one, and would be met again in a dry run
        for due in retention.list_due():
            _count(pruned, due, retention, counted)
            if not dry_run:
                retention.apply(due)
        self._prune_files(pruned, dry_run=dry_run)
        self._prune_locks(pruned, dry_run=dry_run)
        if not dry_run:  # also where nothing was reduced: an earlier time there may have been no room for it
            self._compact(pruned)
        pruned.size_after = self.store.size()
        return pruned

    def _prune_files(self, pruned: Pruned, *, dry_run: bool) -> None:
        before = self.clock.now() - _JUST_NOW
        uncited = self.evidence.list_uncited(before)
        pruned.files = [attachment_path(self.home, one.sha256, one.name) for one in uncited]
        drafts = (self.home / "attachments").glob(".*")
        pruned.files += sorted(path for path in drafts if path.stat().st_mtime < before.timestamp())
        pruned.file_bytes = sum(path.stat().st_size for path in pruned.files if path.exists())
        if not dry_run:
            self.evidence.forget([one.sha256 for one in uncited])
            for path in pruned.files:
                path.unlink(missing_ok=True)

    def _prune_locks(self, pruned: Pruned, *, dry_run: bool) -> None:
        dead = self.holder.list_dead()
        pruned.locks = len(dead)
        if not dry_run:
            for name in dead:
                self.holder.is_alive(name)  # it takes away what a dead one left

    def _compact(self, pruned: Pruned) -> None:
        """Give the room back where there is enough to do it in: the database is written anew beside the old one."""
        needed = 2 * pruned.size_before
        if self.store.is_sqlite and shutil.disk_usage(self.home).free < needed:
            pruned.compacted, pruned.needed = False, needed
            return
        try:
            self.store.compact()
            pruned.compacted = True
        except StoreError as error:  # a collection holds it: the room is used anew, and given back another time
            pruned.compacted, pruned.hindrance = False, str(error)


def _count(pruned: Pruned, due: Due, retention: Retention, counted: set[str]) -> None:
    sizes = retention.bodies.list_sizes(due.bodies.keys() - counted)
    counted.update(sizes)
    for digest, size in sizes.items():
        owners = due.bodies[digest]
        newest = max(owners, key=lambda owner: owner.newest)
        share = pruned.shares.setdefault((newest.platform, newest.newest.year), Share())
        share.answers += 1
        share.bytes += size
