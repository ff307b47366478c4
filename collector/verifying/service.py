"""Verifying an installation: one pass after the other, each going on where another met a damage."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from collector.errors import StoreError
from collector.language import t
from collector.store.engine import Store
from collector.store.evidence import Evidence
from collector.store.proofs import open_proofs
from collector.store.queries import Queries
from collector.verifying.chain import Chain
from collector.verifying.damage import Damage, Scenes, restore
from collector.verifying.figures import Counts, Figures
from collector.verifying.files import verify_attachments, verify_reports
from collector.verifying.rows import verify_database, verify_references, verify_sums

Progress = Callable[[int, int], None]
"""Told how many snapshots were gone through, and how many there are."""


@dataclass(slots=True)
class Verified:
    """What verifying saw."""

    counts: Counts = field(default_factory=Counts)
    chain: Chain = field(default_factory=Chain)
    files: int = 0
    damages: list[Damage] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        counts, chain = self.counts, self.chain
        return {
            "intact": not self.damages,
            "answers": counts.answers,
            "files": self.files,
            "figures": counts.figures,
            "snapshots": {"reread": counts.reread, "reduced": counts.reduced, "other_version": counts.other},
            "chain": {"links": chain.links, "end": chain.end, "runs_before": chain.before},
            "damages": [one.plain() for one in self.damages],
        }


@dataclass(frozen=True, slots=True)
class Verifying:
    """Proves that what is stored is what was stored. `program` is this version."""

    store: Store
    queries: Queries
    home: Path
    program: str

    def verify(self, *, deep: bool = True, progress: Progress = lambda done, of: None) -> Verified:
        """Go through everything; only if `deep` are whole answers read again by their connectors.

        Raises StoreError only where not even the accounts can be read.
        """
        verified = Verified()
        accounts = {one.id: one for one in (*self.queries.list_accounts(), *self.queries.list_removed())}
        passes: tuple[Iterator[Damage | None], ...] = (
            verify_database(self.store),
            self._verify_figures(verified, Scenes(accounts), progress, deep=deep),
            self._verify_files(verified),
            verify_references(self.store),
            verify_sums(self.store, accounts),
            self._verify_chain(verified),
        )
        for one in passes:
            verified.damages += _gather(one)
        return verified

    def _verify_figures(
        self, verified: Verified, scenes: Scenes, progress: Progress, *, deep: bool
    ) -> Iterator[Damage]:
        with open_proofs(self.store) as proofs:
            done, of = 0, proofs.count_taken()
            progress(done, of)
            for found in Figures(proofs, scenes, self.program, verified.counts, deep).verify():
                if found is not None:
                    yield found
                else:
                    done += 1
                    progress(done, of)

    def _verify_files(self, verified: Verified) -> Iterator[Damage]:
        evidence = Evidence(self.store)
        for one in (verify_attachments(self.home, evidence), verify_reports(evidence)):
            for found in one:
                verified.files += 1
                if found is not None:
                    yield found

    def _verify_chain(self, verified: Verified) -> Iterator[Damage]:
        with open_proofs(self.store) as proofs:
            yield from verified.chain.verify(proofs)


def _gather(found: Iterator[Damage | None]) -> Iterator[Damage]:
    """Yield the damages of a pass, and that it could not go on where the database cannot be read."""
    try:
        yield from (one for one in found if one is not None)
    except StoreError as error:
        what = t(
            f"Pemeriksaan tidak dapat dilanjutkan di bagian ini. {error}",
            en=f"This part could not be verified to its end. {error}",
        )
        mend = t(
            "Ini belum tentu kerusakan: ulangi setelah ada ruang dan sambungan. Bila tetap begitu: ",
            en="It need not be a damage: try again once there is room and a connection. If it stays so: ",
        )
        yield Damage("database.unreadable", what, "", (), mend + restore())
