"""Which measure of a platform a typed figure is of, by its metric, its dimension and its window.

A figure without a window is of the moment; one with a window takes the platform's own measure of that span, or a copy
of a declared one with another span: people type what the screens show, which may be a span that no API is asked for.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace

from collector.importers.nearest import suggest
from collector.importers.values import CellError
from collector.language import t
from connectors.kit import Connector, Days, Kind, Measure, Subject, window
from connectors.kit.metrics import DAY, MONTH, NOW, QUARTER, SEMESTER, YEAR, window_days

_WINDOWED = {Kind.FLOW, Kind.UNIQUE, Kind.RATIO}
_MONTHS_IN = {MONTH: 1, QUARTER: 3, SEMESTER: 6, YEAR: 12}


def list_measures(connector: Connector, word: str) -> tuple[Measure, ...]:
    """Return the measures that people may type of a metric, by its key or label. Raises CellError.

    A figure that is typed is never one service's own: which of two counted it, the screen does not always tell.
    """
    typed = [
        measure
        for measure in (*connector.measures, *connector.typed_measures)
        if measure.subject in {Subject.ACCOUNT, Subject.AUDIENCE} and not measure.by
    ]
    spellings = {measure.metric.key: measure.metric.key for measure in typed}
    for label in ("id", "en"):
        spellings |= {measure.metric.labels.text(label).casefold(): measure.metric.key for measure in typed}
    key = spellings.get(word.casefold())
    if key is None:
        raise CellError(
            t(f'"{word}" bukan metrik {connector.name}. ', en=f'"{word}" is no metric of {connector.name}. ')
            + suggest(word, spellings)
        )
    return tuple(measure for measure in typed if measure.metric.key == key)


def of_subject(measures: Sequence[Measure], about: str) -> tuple[Measure, ...]:
    """Return those of the audience where a dimension is given, else those of the account. Raises CellError."""
    subject = Subject.AUDIENCE if about else Subject.ACCOUNT
    chosen = tuple(measure for measure in measures if measure.subject is subject)
    if chosen:
        return chosen
    key = measures[0].metric.key
    if about:
        raise CellError(
            t(
                f"platform ini tidak merinci {key} per kota, negara, usia, atau gender. Kosongkan kolom ini.",
                en=f"this platform does not break {key} down by city, country, age or gender. Leave this empty.",
            )
        )
    raise CellError(
        t(
            f"wajib untuk {key}. Tulis misalnya city:Pontianak.",
            en=f"needed for {key}. Write for example city:Pontianak.",
        )
    )


def of_moment(measures: Sequence[Measure]) -> Measure:
    """Return the measure of a figure that holds at a moment. Raises CellError where only windows have a meaning."""
    for measure in measures:
        if measure.span == NOW:
            return measure
    for measure in measures:
        if measure.span == DAY and measure.kind is Kind.LEVEL:
            return replace(measure, span=NOW)
    raise CellError(
        t(
            f"wajib untuk {measures[0].metric.key}. Tulis panjang jendelanya dalam hari, misalnya 28.",
            en=f"needed for {measures[0].metric.key}. Write the length of its window in days, such as 28.",
        )
    )


def of_days(measures: Sequence[Measure], days: Days) -> Measure:
    """Return the measure of a figure of whole days. Raises CellError for what only has a position."""
    windowed = [measure for measure in measures if measure.kind in _WINDOWED and measure.span != NOW]
    if not windowed:
        raise CellError(
            t(
                f"{measures[0].metric.key} adalah posisi pada satu saat, bukan jumlah beberapa hari. Kosongkan.",
                en=f"{measures[0].metric.key} is a position at a moment, not of several days. Leave it empty.",
            )
        )
    for span in (window(days.length), _calendar_span(days)):
        for measure in windowed:
            if measure.span == span:
                return measure
    # A rolling window is nearer in meaning to another window than a day's or a month's figure is.
    pattern = min(windowed, key=lambda measure: window_days(measure.span) is None)
    return replace(pattern, span=DAY if days.length == 1 else window(days.length))


def _calendar_span(days: Days) -> str | None:
    """Return the span word of the calendar period that the days cover exactly, None where there is none."""
    if days.length == 1:
        return DAY
    first, last = days.first, days.last
    if first.day != 1 or first.year != last.year or last.day != monthrange(last.year, last.month)[1]:
        return None
    months = last.month - first.month + 1
    for span, length in _MONTHS_IN.items():
        if months == length and last.month % length == 0:
            return span
    return None
