"""Reports as stored: the model as JSON and back, when two are the same version, and what changed between two."""

import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from pydantic import TypeAdapter

from collector.language import t
from collector.reports.model import Figure, Report

_REPORT = TypeAdapter(Report)


def dump(report: Report) -> str:
    """Return a report as JSON, the same for the same report."""
    return json.dumps(_REPORT.dump_python(report, mode="json"), ensure_ascii=False, sort_keys=True)


def load(text: str) -> Report:
    """Return the report that was dumped."""
    return _REPORT.validate_json(text)


def substance_of(report: Report) -> str:
    """Return a digest of all that makes a report another one.

    Its version, and its position where that is merely the present moment, do not: a report of a running period that
    says the same things an hour later is the same report.
    """
    plain = replace(report, version=0, changed=(), checks=(), made_at=report.position)
    text = dump(plain).replace(json.dumps(report.position_text, ensure_ascii=False)[1:-1], "§")
    told = json.loads(text)
    del told["position"], told["made_at"]
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def list_changes(old: Report, new: Report) -> tuple[str, ...]:
    """Return what changed from one version to the next, in sentences, and why where that can be told."""
    before, after = ({figure.code: figure for figure in report.figures} for report in (old, new))
    said = [*_figures(before, after)]
    if old.sign_off != new.sign_off:
        said.append(t("Tanda tangan diubah.", en="The signature was changed."))
    texts = [_texts(report) for report in (old, new)]
    if texts[0] != texts[1]:
        said.append(t("Naskah diubah.", en="Texts were changed."))
    if old.position != new.position:
        said.append(
            t(
                f"Posisi data: {old.position_text} → {new.position_text}.",
                en=f"Position: {old.position_text} → {new.position_text}.",
            )
        )
    return tuple(said)


def _figures(before: dict[str, Figure], after: dict[str, Figure]) -> Iterator[str]:
    for code, figure in after.items():
        old = before.get(code)
        what = f"{code} {figure.platform} {figure.label}"
        if old is None:
            yield t(f"{what}: angka baru {figure.value}.", en=f"{what}: a new figure, {figure.value}.")
        elif (old.value, old.base, old.percent) != (figure.value, figure.base, figure.percent):
            yield f"{what}: {_told(old)} → {_told(figure)} ({_why(old, figure)})."
    for code, figure in before.items():
        if code not in after:
            what = f"{code} {figure.platform} {figure.label}"
            yield t(f"{what}: tidak ada lagi ({figure.value}).", en=f"{what}: no longer there ({figure.value}).")


def _told(figure: Figure) -> str:
    return f"{figure.value} / {figure.base} / {figure.percent}"


def _why(old: Figure, new: Figure) -> str:
    """Say what a changed figure comes from: a newer reading, or another value of the same one."""
    readings = [[code for one in figure.evidence for code in one.codes] for figure in (old, new)]
    if readings[0] == readings[1] and [one.count for one in old.evidence] == [one.count for one in new.evidence]:
        return t("pencatatan yang sama direvisi", en="the same readings were revised")
    return t("pencatatan lain atau tambahan", en="other or further readings")


def _texts(report: Report) -> list[object]:
    kept = ("introduction", "obstacles", "solutions", "closing")
    stamp = report.position_text
    return [(section.key, str(section.blocks).replace(stamp, "")) for section in report.sections if section.key in kept]
