"""The chain of digests over runs, gone through from its first link to its last."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from collector.language import t
from collector.store.digests import Link
from collector.store.proofs import Proofs
from collector.store.records import from_ms
from collector.verifying.damage import Damage, restore


@dataclass(slots=True)
class Chain:
    """What was seen of the chain. `end` is the digest of its last link: whoever has noted it can prove all before."""

    links: int = 0
    before: int = 0
    end: str = ""

    def verify(self, proofs: Proofs) -> Iterator[Damage]:
        """Yield the places where the chain is broken, and the runs that are not what their link says."""
        self.before, untied = proofs.count_unlinked()
        for link, contents in proofs.list_links():
            where = _where(link)
            if link.number != self.links + 1:
                what = t(
                    f"Mata rantai {self.links + 1} sampai {link.number - 1} hilang.",
                    en=f"The links {self.links + 1} to {link.number - 1} of the chain are gone.",
                )
                yield Damage("chain.gap", what, where, (), restore())
            elif link.digest_after(self.end) != link.sha256:
                what = t(f"Mata rantai {link.number} diubah.", en=f"Link {link.number} of the chain was changed.")
                yield Damage("chain.broken", what, where, (), restore())
            elif contents != link.contents:
                yield Damage("run.changed", _what(link.contents, contents), where, (), restore())
            self.links, self.end = link.number, link.sha256
        if untied:
            what = t(
                f"{untied} pengumpulan yang sudah selesai tidak ada di rantai.",
                en=f"{untied} runs that have ended are not in the chain.",
            )
            yield Damage("chain.untied", what, "", (), restore())


def _where(link: Link) -> str:
    if not link.trigger:
        return f"#{link.run_id}"
    return f"{link.trigger} #{link.run_id}, {from_ms(link.started_at):%Y-%m-%d %H:%M} UTC"


def _what(kept: str, now: str) -> str:
    """Say what of a run was changed, in the words of those who read it."""
    words = {
        "run": t("catatan pengumpulan", en="the run's own record"),
        "exchanges": t("permintaan atau jawaban", en="requests or answers"),
        "snapshots": t("hasil pengumpulan per akun", en="how the snapshots went"),
        "entries": t("keterangan angka yang diketik", en="what was said of typed figures"),
        "typed": t("angka yang diketik", en="typed figures"),
    }
    then, here = json.loads(kept), json.loads(now)
    changed = []
    for kind, word in words.items():
        counts = [str(told.get(kind, "")).partition(":")[0] for told in (then, here)]
        if then.get(kind) != here.get(kind):
            counted = f" ({counts[0]} → {counts[1]})" if counts[0] != counts[1] else ""
            changed.append(f"{word}{counted}")
    parts = ", ".join(changed)
    return t(f"Diubah setelah disimpan: {parts}.", en=f"Changed after it was stored: {parts}.")
