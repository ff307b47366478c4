"""What people write on the command line, understood, and the words that answers are given in."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from collector.errors import SelectionError
from collector.growth.periods import Period, parse_period
from collector.language import t
from collector.platforms import find_connector, list_connectors
from connectors.kit import Connector, Words

RESULTS = {
    "ok": Words("berhasil", "ok"),
    "partial": Words("sebagian", "partial"),
    "failed": Words("gagal", "failed"),
    "skipped": Words("dilewati", "skipped"),
    "interrupted": Words("terputus", "interrupted"),
}
STATES = {
    "active": Words("aktif", "active"),
    "paused": Words("dijeda", "paused"),
    "reconnect": Words("perlu disambung ulang", "to be reconnected"),
}


def find_platforms(words: Iterable[str]) -> list[Connector]:
    """Return the connectors that are named. Raises SelectionError for a name that is none."""
    return [get_platform(word) for word in words]


def get_platform(word: str) -> Connector:
    """Return the connector that is named. Raises SelectionError for a name that is none."""
    found = find_connector(word)
    if found is not None:
        return found
    slugs = [connector.slug for connector in list_connectors()]
    nearest = get_close_matches(word.casefold(), slugs, n=1)
    guess_id, guess_en = (f" Mungkin {nearest[0]}?", f" Perhaps {nearest[0]}?") if nearest else ("", "")
    raise SelectionError(
        t(
            f"Platform {word} tidak dikenal.{guess_id} Yang ada: {', '.join(slugs)}.",
            en=f"The platform {word} is not known.{guess_en} There are: {', '.join(slugs)}.",
        )
    )


def check_metric(word: str) -> str:
    """Return a metric's key. Raises SelectionError where no platform has it."""
    keys = sorted(
        {
            measure.metric.key
            for connector in list_connectors()
            for measure in (*connector.measures, *connector.typed_measures)
        }
    )
    if word in keys:
        return word
    nearest = get_close_matches(word, keys, n=1)
    guess_id, guess_en = (f" Mungkin {nearest[0]}?", f" Perhaps {nearest[0]}?") if nearest else ("", "")
    raise SelectionError(
        t(
            f"Metrik {word} tidak dikenal.{guess_id} Lihat: collector metrics.",
            en=f"The metric {word} is not known.{guess_en} See: collector metrics.",
        )
    )


def read_period(text: str) -> Period:
    """Read a period. Raises SelectionError where it is none."""
    try:
        return parse_period(text)
    except ValueError:
        raise SelectionError(
            t(
                f"Periode {text} tidak dikenal. Tulis misalnya 2026-S2, 2026-Q4, 2026-12, 2026, atau "
                "2026-07-01..2026-12-28.",
                en=f"The period {text} is not known. Write for example 2026-S2, 2026-Q4, 2026-12, 2026 or "
                "2026-07-01..2026-12-28.",
            )
        ) from None


def read_day(text: str | None, *, end: bool = False) -> date | None:
    """Read a day, or a month, quarter, semester or year by its first (or last) day. Raises SelectionError."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        period = read_period(text)
        return period.last if end else period.first
