"""Every answer opened once, with every figure that stands in it: snapshot by snapshot, then what belongs to none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from collector.accounts.service import DEFAULT_ZONE
from collector.figures.codes import reading_code
from collector.language import t
from collector.store.digests import Tally
from collector.store.proofs import OUTSIDE, Answer, Fact, Grouped, Missed, Proofs, Taken
from collector.store.records import from_ms
from collector.verifying.answers import Opened, open_answer
from collector.verifying.damage import Damage, Scene, Scenes, codes_of, restore
from collector.verifying.rereading import Differences, compare, reread
from collector.verifying.typed import read_again
from connectors.kit import Assignment
from connectors.kit.replay import load_assignment

_FEW = 5  # figures of one snapshot that are told one by one; more of them have one cause


@dataclass(slots=True)
class Counts:
    """What was looked at. `reread` snapshots were read again as a whole, `reduced` and `other` ones cannot be."""

    answers: int = 0
    figures: int = 0
    reread: int = 0
    reduced: int = 0
    other: int = 0


@dataclass(slots=True)
class Figures:
    """Goes through all answers and figures. `program` is this version: what another one read may differ.

    `deep`: whether whole answers are read again by their connector, which is four fifths of the work.
    """

    proofs: Proofs
    scenes: Scenes
    program: str
    counts: Counts
    deep: bool
    _damaged: set[str] = field(default_factory=set)

    def verify(self) -> Iterator[Damage | None]:
        """Yield each damage, and None for each snapshot that was gone through."""
        facts, missed = Grouped(self.proofs.list_facts()), Grouped(self.proofs.list_missed())
        yield from self._verify_outside(facts.of(OUTSIDE))
        for taken in self.proofs.list_taken():
            yield from self._verify_snapshot(taken, facts.of(taken.id), missed.of(taken.id))
            yield None

    def _verify_outside(self, facts: Sequence[Fact]) -> Iterator[Damage]:
        """Check typed figures in their files and entries, and open the answers of which nothing was read."""
        by_exchange: dict[int, list[Fact]] = {}
        for fact in facts:
            by_exchange.setdefault(fact.exchange_id, []).append(fact)
        for answer in self.proofs.list_outside():
            own = by_exchange.pop(answer.id, [])
            self.proofs.learn(own)
            opened = self._open(answer, None)
            about = self.proofs.about(own[0].series_id) if own else None
            scene = self.scenes.at(about.account_id if about is not None else None, answer.platform, answer.sent_at)
            yield from self._verify_bytes([opened], own, scene)
            if own and opened.fault is None:
                said = read_again(opened, scene.account.office.timezone if scene.account else ZoneInfo(DEFAULT_ZONE))
                if said is not None:
                    yield from _tell_disagreeing(self._list_disagreeing_typed(own, said), scene)

    def _verify_snapshot(self, taken: Taken, facts: list[Fact], missed: list[Missed]) -> Iterator[Damage]:
        scene = self.scenes.at(taken.account_id, taken.platform, taken.started_at)
        assignment = _load(taken.assignment)
        opened = [self._open(one, assignment) for one in self.proofs.list_answers(taken.id)]
        self.proofs.learn(facts, missed)
        found = list(self._verify_bytes(opened, facts, scene))
        by_id = {one.answer.id: one for one in opened}
        readable = [fact for fact in facts if by_id[fact.exchange_id].fault is None]
        wrong = [fact for fact in readable if not self._stands(fact, by_id[fact.exchange_id], taken.account_id)]
        found += _tell_disagreeing(wrong, scene)
        found += self._verify_missed(missed, by_id, taken, scene)
        if assignment is not None and self.deep:
            found += _tell_differences(self._differences(taken, assignment, opened, facts, missed), set(wrong), scene)
        yield from found
        if not found and taken.tally is not None and taken.tally != str(self._tally(facts)):
            yield _tell_tally(taken.tally, self._tally(facts), facts, scene)

    def _open(self, answer: Answer, assignment: Assignment | None) -> Opened:
        self.counts.answers += answer.sha256 is not None
        return open_answer(answer, assignment.now if assignment is not None else from_ms(answer.sent_at))

    def _verify_bytes(self, opened: Sequence[Opened], facts: Sequence[Fact], scene: Scene) -> Iterator[Damage]:
        """Yield the answers that are damaged, each body once."""
        self.counts.figures += len(facts)
        for one in opened:
            if one.fault is None or (one.answer.sha256 or str(one.answer.id)) in self._damaged:
                continue
            self._damaged.add(one.answer.sha256 or str(one.answer.id))
            what = f"{t('Jawaban', en='The answer')} #{one.answer.id}: {one.fault}."
            touched = codes_of(fact for fact in facts if fact.exchange_id == one.answer.id)
            yield Damage("answer.damaged", what, str(scene), touched, restore(scene.period))

    def _stands(self, fact: Fact, opened: Opened, account_id: int) -> bool:
        """Whether a figure is of the account that was asked, and stands where it says in the answer."""
        about, pointer = self.proofs.about(fact.series_id), self.proofs.pointer(fact.place_id)
        if about is None or pointer is None:
            return True  # it leads nowhere, and is told of as such
        return about.account_id == account_id and opened.says(pointer, fact.value, about.decimals)

    def _list_disagreeing_typed(self, facts: Sequence[Fact], said: Mapping[str, tuple[int, int | None]]) -> list[Fact]:
        return [
            fact
            for fact in facts
            if (pointer := self.proofs.pointer(fact.place_id)) is not None
            and said.get(pointer) != (fact.value, fact.upto)
        ]

    def _verify_missed(
        self, missed: Sequence[Missed], by_id: Mapping[int, Opened], taken: Taken, scene: Scene
    ) -> Iterator[Damage]:
        """Yield the gaps that are another account's, or whose place is not in their answer."""
        wrong: list[str] = []
        for one in missed:
            opened, pointer = by_id[one.exchange_id], self.proofs.pointer(one.place_id)
            is_readable = opened.fault is None and pointer is not None
            if one.account_id != taken.account_id or (is_readable and not opened.has(pointer or "")):
                wrong.append(one.measure)
        if wrong:
            yield _tell_notes(wrong, scene)

    def _differences(
        self, taken: Taken, assignment: Assignment, opened: Sequence[Opened], facts: Sequence[Fact],
        missed: Sequence[Missed],
    ) -> Differences:  # fmt: skip
        """Read a snapshot's answers again, as far as they are whole, and return where the store differs."""
        last = {one.answer.step: one for one in opened if one.answer.step > 0}
        if any(one.fault is not None for one in last.values()):
            return Differences()
        if not all(one.is_whole for one in last.values()):
            self.counts.reduced += 1
            return Differences()
        replayed = reread(taken, assignment, [one.exchange for one in last.values() if one.exchange is not None])
        found = compare(taken, replayed, facts, missed, self.proofs) if replayed is not None else Differences()
        if replayed is None or (found and taken.program != self.program):
            self.counts.other += 1
            return Differences()
        self.counts.reread += 1
        return found

    def _tally(self, facts: Sequence[Fact]) -> Tally:
        tally = Tally()
        for fact in facts:
            about = self.proofs.about(fact.series_id)
            if about is not None:
                tally.add(
                    [
                        (
                            about.measure, about.definition, about.about, about.origin, about.precision, fact.at,
                            fact.value, fact.upto, fact.exchange_id, self.proofs.pointer(fact.place_id),
                        )
                    ]
                )  # fmt: skip
        return tally


def _load(text: str) -> Assignment | None:
    try:
        return load_assignment(text) if text else None
    except ValueError:
        return None


def _tell_disagreeing(facts: Sequence[Fact], scene: Scene) -> Iterator[Damage]:
    groups = [[fact] for fact in facts] if len(facts) <= _FEW else [list(facts)]
    for some in groups:
        if len(some) == 1:
            (one,) = some
            code = reading_code(one.series_id, one.at)
            what = t(
                f"Angka {code} tersimpan {one.value}; jawaban #{one.exchange_id} tidak mengatakan itu.",
                en=f"The figure {code} is stored as {one.value}; the answer #{one.exchange_id} does not say so.",
            )
        else:
            what = t(
                f"{len(some)} angka tidak sama dengan jawabannya.",
                en=f"{len(some)} figures are not what their answers say.",
            )
        yield Damage("figure.differs", what, str(scene), codes_of(some), restore(scene.period))


def _tell_differences(found: Differences, told: set[Fact], scene: Scene) -> Iterator[Damage]:
    yield from _tell_disagreeing([fact for fact in found.foreign if fact not in told], scene)
    changed = {fact.at for fact in (*found.foreign, *told)}
    lost = [key for key in found.lost if key[4] not in changed]  # the other half of a figure that was changed
    if lost:
        names = ", ".join(sorted({key[0] for key in lost})[:3])
        what = t(
            f"{len(lost)} angka yang ada di jawaban tidak tersimpan ({names}).",
            en=f"{len(lost)} figures that the answers say are not stored ({names}).",
        )
        yield Damage("figure.missing", what, str(scene), (), restore(scene.period))
    if found.notes:
        yield _tell_notes(found.notes, scene)


def _tell_notes(names: Sequence[str], scene: Scene) -> Damage:
    shown = ", ".join(sorted(set(names))[:3])
    what = t(
        f"{len(names)} catatan tentang angka yang tidak ada, hari yang dijawab, atau kiriman tidak sama dengan "
        f"jawabannya ({shown}).",
        en=f"{len(names)} notes of missing figures, answered days or posts are not what the answers say ({shown}).",
    )
    return Damage("note.differs", what, str(scene), (), restore(scene.period))


def _tell_tally(kept: str, now: Tally, facts: Sequence[Fact], scene: Scene) -> Damage:
    count = kept.partition(":")[0]
    what = (
        t(f"{now.count} angka tersimpan, dahulu {count}.", en=f"{now.count} figures are stored, there were {count}.")
        if count != str(now.count)
        else t(
            f"Salah satu dari {count} angka pengumpulan ini diubah (nilai, waktu, atau tempatnya).",
            en=f"One of this snapshot's {count} figures was changed (its value, time or place).",
        )
    )
    return Damage("figures.changed", what, str(scene), codes_of(facts), restore(scene.period))
