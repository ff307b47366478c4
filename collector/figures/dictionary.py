"""The dictionary of measures: what each figure of each platform means, since when, and how far it reaches."""

from typing import Any

from connectors.kit import Connector, Kind, Measure, Subject, Words
from connectors.kit.metrics import DAY, MONTH, NOW, QUARTER, SEMESTER, YEAR, window_days

KINDS = {
    Kind.LEVEL: Words("posisi pada satu saat; tidak pernah dijumlahkan", "a position at a moment; never summed"),
    Kind.COUNTER: Words(
        "hitungan sejak awal; yang dibandingkan selisihnya", "a lifetime count; compared by difference"
    ),
    Kind.FLOW: Words("jumlah dalam rentangnya; boleh dijumlahkan", "an amount of its span; may be summed"),
    Kind.UNIQUE: Words(
        "orang yang berbeda dalam rentangnya; tidak pernah dijumlahkan", "distinct people of its span; never summed"
    ),
    Kind.RATIO: Words("persentase atau rasio dari sumbernya; hanya dikutip", "a rate of its source; only quoted"),
}
SUBJECTS = {
    Subject.ACCOUNT: Words("akun", "the account"),
    Subject.POST: Words("satu unggahan", "a post"),
    Subject.AUDIENCE: Words("sebagian audiens", "a share of the audience"),
}
_SPANS = {
    NOW: Words("saat diambil", "the moment of asking"),
    DAY: Words("satu hari", "a day"),
    MONTH: Words("satu bulan", "a month"),
    QUARTER: Words("satu triwulan", "a quarter"),
    SEMESTER: Words("satu semester", "a semester"),
    YEAR: Words("satu tahun", "a year"),
}
_UNITS = {
    "person": "orang", "account": "akun", "post": "unggahan", "view": "kali tayang", "impression": "impresi",
    "interaction": "interaksi", "reaction": "reaksi", "like": "suka", "comment": "komentar", "share": "kali dibagikan",
    "save": "kali disimpan", "click": "klik", "visit": "kunjungan", "minute": "menit", "second": "detik", "hour": "jam",
    "session": "sesi", "percent": "persen", "status code": "kode status", "video": "video",
    "millisecond": "milidetik", "play": "kali putar", "reply": "balasan", "repost": "unggahan ulang",
    "quote": "kutipan", "tap": "ketukan",
}  # fmt: skip


def words_of_span(span: str) -> Words:
    """Return a span as people read it."""
    days = window_days(span)
    return _SPANS[span] if days is None else Words(f"{days} hari", f"{days} days")


def words_of_unit(unit: str) -> Words:
    """Return the unit of a metric as people read it; one that a platform brought along is told in its own word."""
    return Words(_UNITS.get(unit, unit), unit)


def plain_measure(connector: Connector, measure: Measure, language: str) -> dict[str, Any]:
    """Return all that is said of a measure as plain values, in both languages; `label` and `text` in `language`."""
    return {
        "platform": connector.slug,
        "metric": measure.metric.key,
        "measure": measure.key,
        "label": measure.metric.labels.text(language),
        "labels": _both(measure.metric.labels),
        "subject": str(measure.subject),
        "subjects": _both(SUBJECTS[measure.subject]),
        "span": measure.span,
        "spans": _both(words_of_span(measure.span)),
        "kind": str(measure.kind),
        "kinds": _both(KINDS[measure.kind]),
        "unit": measure.metric.unit,
        "units": _both(words_of_unit(measure.metric.unit)),
        "places": measure.places,
        "by": measure.by or None,
        "collected": measure in connector.measures,
        "reach_back": measure.reach_back,
        "floor": measure.floor,
        "breaks": [str(one.since) for one in measure.definitions[1:]],
        "definitions": [
            {
                "since": str(one.since) if one.since else None,
                "text": one.text.text(language),
                "texts": _both(one.text),
            }
            for one in measure.definitions
        ],
    }


def _both(words: Words) -> dict[str, str]:
    return {"id": words.id, "en": words.en}
