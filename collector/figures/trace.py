"""From a reading back to the stored answer it was made from."""

import json
from dataclasses import dataclass
from typing import Any

from collector.errors import SelectionError
from collector.figures.answers import find_at, is_said, show_cited, show_marked
from collector.figures.codes import parse_reading_code
from collector.figures.history import MeasureKey, exact, plain_reading, request_line
from collector.growth.points import Ending
from collector.language import current, t
from collector.platforms import find_measure, get_connector
from collector.store.history import History
from collector.store.queries import Queries
from collector.store.records import EarlierReading, HistoryReading, StoredExchange
from connectors.kit import Measure


@dataclass(frozen=True, slots=True)
class Trace:
    """A reading, what it means, the answer it stands in and what it was before.

    `unused` says why it is not used where it is not: held until somebody decides, or refused.
    """

    reading: HistoryReading
    measure: Measure | None
    exchange: StoredExchange
    pointer: str
    earlier: tuple[EarlierReading, ...]
    agrees: bool
    unused: Ending | None = None

    def plain(self) -> dict[str, Any]:
        """Return the trace as plain values."""
        return {
            "reading": plain_reading(self.reading, self.unused),
            "definition": self._definition(),
            "exchange": {
                "id": self.exchange.id,
                "run": self.exchange.run_id,
                "snapshot": self.exchange.snapshot_id,
                "request": json.loads(self.exchange.request),
                "status": self.exchange.status,
                "sent_at": self.exchange.sent_at.isoformat(),
                "sha256": self.exchange.sha256,
                "reduced_at": self.exchange.reduced_at.isoformat() if self.exchange.reduced_at else None,
            },
            "pointer": self.pointer,
            "agrees": self.agrees,
            "earlier": [
                {"value": exact(one.value, self.reading.decimals), "exchange": one.exchange_id, "pointer": one.place,
                 "replaced_at": one.replaced_at.isoformat()}
                for one in self.earlier
            ],
            "answer": self.answer_lines(),
        }  # fmt: skip

    def lines(self) -> list[str]:
        """Return the trace as lines for a person."""
        plain = plain_reading(self.reading)
        about = plain["dimension"] or plain["post"] or ""
        lines = [
            f"{plain['id']}: {plain['platform']} {plain['account']}, {plain['measure']} {about}".rstrip(),
            t(f"  nilai      {plain['value']} per {plain['at']}", en=f"  value      {plain['value']} at {plain['at']}"),
            *self._unused_lines(),
            t(f"  arti       {self._definition()}", en=f"  meaning    {self._definition()}"),
            t(
                f"  asal       {plain['origin']}: {plain['source']}",
                en=f"  origin     {plain['origin']}: {plain['source']}",
            ),
            t("  permintaan ", en="  request    ") + request_line(self.exchange.request),
            t("  jawaban    ", en="  answer     ")
            + f"#{self.exchange.id}, status {self.exchange.status}, {self.exchange.sent_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"sha256 {self.exchange.sha256}",
            *self._reduced_lines(),
            t("  tempat     ", en="  place      ") + self.pointer,
            t("  cocok      ", en="  agrees     ")
            + (
                t("ya", en="yes")
                if self.agrees
                else t("TIDAK: nilai tersimpan berbeda", en="NO: the stored value differs")
            ),
        ]
        lines += [
            t(f"  sebelumnya {one.value}, diganti {one.replaced_at:%Y-%m-%d %H:%M} UTC",
              en=f"  before     {one.value}, replaced {one.replaced_at:%Y-%m-%d %H:%M} UTC")
            for one in self.earlier
        ]  # fmt: skip
        return [*lines, "", *self.answer_lines()]

    def answer_lines(self) -> list[str]:
        """Return the stored answer, or what is left of it, with the value marked."""
        if self.exchange.cited is not None and self.pointer.startswith("body:"):
            return show_cited(self.exchange.cited, self.pointer)
        name = json.loads(self.exchange.request).get("path", "").lstrip("/")
        return show_marked(name, self.exchange.body or b"", self.exchange.status, self.pointer)

    def _unused_lines(self) -> list[str]:
        """Say of a figure that is not used why."""
        match self.unused:
            case Ending.HELD:
                return [t("  keadaan    ditahan: menunggu keputusan (collector findings list)",
                          en="  state      held: it waits for a decision (collector findings list)")]  # fmt: skip
            case Ending.REFUSED:
                return [t("  keadaan    ditolak: tidak dipakai dalam laporan",
                          en="  state      refused: not used in any report")]  # fmt: skip
        return []

    def _reduced_lines(self) -> list[str]:
        """Say of an answer that was reduced since when, and by whose wish; the hash above is the whole answer's."""
        if self.exchange.reduced_at is None:
            return []
        day = f"{self.exchange.reduced_at:%Y-%m-%d}"
        return [
            t(
                f"  utuh       tidak lagi: jawaban lengkap dihapus {day} sesuai ketentuan platform; nilai yang dikutip "
                "tetap ada, dan sha256 di atas adalah sha256 jawaban aslinya",
                en=f"  whole      no longer: the whole answer was dropped on {day} as the platform's terms ask; the "
                "cited values remain, and the sha256 above is the original answer's",
            )
        ]

    def _definition(self) -> str:
        if self.measure is None or len(self.measure.definitions) < self.reading.definition:
            return self.reading.measure
        return self.measure.definitions[self.reading.definition - 1].text.text(current())


def trace_reading(code: str, history: History, queries: Queries) -> Trace:
    """Trace a reading by its code. Raises SelectionError where there is none."""
    parsed = parse_reading_code(code)
    reading = history.find_reading(*parsed) if parsed is not None else None
    if reading is None:
        raise SelectionError(
            t(
                f"Tidak ada angka dengan kode {code}. Kode R-… ada di collector history --json.",
                en=f"There is no reading with the code {code}. The R-… codes are in collector history --json.",
            )
        )
    exchange = queries.find_exchange(reading.exchange_id)
    if exchange is None:
        raise SelectionError(
            t(
                f"Jawaban #{reading.exchange_id} dari angka {code} tidak ada lagi di basis data.",
                en=f"The answer #{reading.exchange_id} of the reading {code} is no longer in the database.",
            )
        )
    pointer = history.find_pointer(reading.place_id)
    return Trace(
        reading, _find_measure(reading), exchange, pointer, history.list_earlier(reading.series_id, reading.at),
        agrees(reading, exchange, pointer),
    )  # fmt: skip


def agrees(reading: HistoryReading, exchange: StoredExchange, pointer: str) -> bool:
    """Whether the value stands at its place in the stored answer; a declared zero has no value there but 0."""
    if pointer.startswith("head:"):
        return reading.value == exchange.status
    if pointer.startswith("cell:") or reading.source or reading.mark:
        return True  # typed figures are written in many ways; what was typed is shown beside the value
    try:
        found = exchange.cited[pointer] if exchange.cited is not None else find_at(exchange.body or b"", pointer)
    except (LookupError, ValueError, TypeError):
        return False
    return is_said(found, reading.value, reading.decimals)


def _find_measure(reading: HistoryReading) -> Measure | None:
    """Return what a reading is of; a person may have typed a span that the platform has under another one only."""
    exactly = find_measure(reading.platform, reading.measure)
    if exactly is not None:
        return exactly
    try:
        connector = get_connector(reading.platform)
    except LookupError:
        return None
    key, every = MeasureKey.of(reading.measure), (*connector.measures, *connector.typed_measures)
    alike = (one for one in every if (one.metric.key, one.by, one.subject) == (key.metric, key.by, key.subject))
    return next(alike, None)
