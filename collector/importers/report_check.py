"""Checking a report that people wrote: each stated figure reckoned again, and how its numbers are written."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from collector.importers.report_text import Passage, read_passages
from collector.importers.statements import find_statements
from collector.importers.verdicts import WRONG, Verdict, judge
from collector.language import t
from collector.platforms import list_connectors
from collector.reports.wording_faults import find_shortened, find_twice

_DOTTED = re.compile(r"(?<![\w.,])\d{1,3}(?:\.\d{3})+(?![\d.,]*\d)")
_COMMAED = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\d.,]*\d)")
_HANDLE = re.compile(r"@[\w.]+")
_COLUMNS = ("platform", "account", "metric", "value", "at", "days", "source", "note", "upto", "mark")
_METRICS = {
    "pengikut": "followers", "follower": "followers", "subscriber": "followers", "pelanggan": "followers",
    "jangkauan": "reach", "reach": "reach", "interaksi": "interactions", "engagement": "interactions",
    "tayangan": "views", "unggahan": "posts", "postingan": "posts",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with how a document writes its numbers. `passage` counts its paragraphs and rows from 1."""

    code: str
    passage: int
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a document states, and what is wrong with it."""

    name: str
    verdicts: tuple[Verdict, ...]
    faults: tuple[Fault, ...]

    @property
    def wrong(self) -> tuple[Verdict, ...]:
        """The statements that cannot be true."""
        return tuple(one for one in self.verdicts if one.result == WRONG)


def check_report(path: Path) -> Checked:
    """Check a written report. Raises SelectionError where it cannot be read."""
    passages = read_passages(path)
    verdicts = tuple(judge(statement) for statement in find_statements(passages))
    faults = sorted([*_writing(passages), *_undated(verdicts)], key=lambda fault: fault.passage)
    return Checked(path.name, verdicts, tuple(faults))


def _writing(passages: Sequence[Passage]) -> Iterator[Fault]:
    for passage in passages:
        yield from (Fault("percent_twice", passage.number, said) for said in find_twice(passage.text))
    yield from _mixed(passages)
    yield from _shortened(passages)


def _mixed(passages: Sequence[Passage]) -> Iterator[Fault]:
    """Name the numbers grouped with commas where others are grouped with dots: one document, one way."""
    dotted = [found[0] for passage in passages for found in _DOTTED.finditer(passage.text)]
    for passage in passages:
        for found in _COMMAED.finditer(passage.text):
            if not dotted:
                continue
            twin = found[0].replace(",", ".")
            other = twin if twin in dotted else dotted[0]
            yield Fault(
                "mixed_grouping",
                passage.number,
                t(
                    f"“{found[0]}” di samping “{other}”: ribuan ditulis dengan titik (1.619)",
                    en=f"“{found[0]}” beside “{other}”: group thousands in one way",
                ),
            )


def _shortened(passages: Sequence[Passage]) -> Iterator[Fault]:
    """Name shortened numbers; where the whole one stands elsewhere, with it."""
    whole = [
        (int(found[0].replace(".", "").replace(",", "")), found[0])
        for passage in passages
        for pattern in (_DOTTED, _COMMAED)
        for found in pattern.finditer(passage.text)
    ]
    for passage in passages:
        for short, least, most in find_shortened(passage.text):
            twin = next((text for number, text in whole if least <= number < most), None)
            beside = t(f" di samping “{twin}”", en=f" beside “{twin}”") if twin else ""
            yield Fault(
                "shortened",
                passage.number,
                t(
                    f"“{short}”{beside}: angka disingkat; tulis angka lengkapnya",
                    en=f"“{short}”{beside}: the number is shortened; write it in full",
                ),
            )


def _undated(verdicts: Sequence[Verdict]) -> Iterator[Fault]:
    for one in verdicts:
        if not one.statement.at:
            yield Fault(
                "undated",
                one.statement.passage,
                t(
                    f"“{one.statement.text[:70]}”: angka tanpa tanggal",
                    en=f"“{one.statement.text[:70]}”: a figure without a date",
                ),
            )


def to_csv(checked: Checked) -> str:
    """Return what is stated as a file for `collector import`: each value, and the base that it implies.

    Worked-back bases are marked derived, an interval stays one; what the report does not say is left for a person.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in checked.verdicts:
        said = one.statement
        platform = _platform(f"{said.section} {said.text}")
        handle = _HANDLE.search(f"{said.text} {said.section}")
        row = {
            "platform": platform, "account": handle[0] if handle else "", "metric": _metric(said.text),
            "days": _days(said.text), "source": checked.name,
        }  # fmt: skip
        at = said.at.split("–")[-1].strip()  # of a window its last day
        writer.writerow({**row, "value": said.value, "at": at, "mark": "stated", "note": said.text[:120]})
        if one.bases is not None and one.bases[0] > 0:
            least, most = one.bases
            writer.writerow(
                {**row, "value": least, "upto": most if most != least else "", "at": _base_at(said.base_at, at),
                 "mark": "derived", "note": one.message}
            )  # fmt: skip
    return out.getvalue()


def _metric(text: str) -> str:
    """Return the metric that a sentence speaks of: of several words the first; of none the followers."""
    found = re.search("|".join(_METRICS), text.casefold())
    return _METRICS[found[0]] if found is not None else "followers"


def _days(text: str) -> str:
    found = re.search(r"\b(\d{1,2})\s*hari\b", text, re.IGNORECASE)
    return found[1] if found is not None else ""


def _platform(text: str) -> str:
    """Return the platform that a text names, "" where it names none or several."""
    words = set(re.findall(r"[a-z]+", text.casefold()))
    named = {
        connector.slug
        for connector in list_connectors()
        if {connector.slug, connector.name.casefold(), *connector.aliases} & words
    }
    return named.pop() if len(named) == 1 else ""


def _base_at(named: str, at: str) -> str:
    """Return the month of a base as far as it is named: "Juni" of the year of the figure's own date."""
    year = re.search(r"\b(?:19|20)\d{2}\b", at)
    if not named or year is None:
        return ""
    if "semester" in named.casefold():
        return f"{year[0]}-06"
    return named if re.search(r"\d{4}", named) else f"{named} {year[0]}"
