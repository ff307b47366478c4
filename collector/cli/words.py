"""What people write on the command line, understood, and the words that answers are given in."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from zoneinfo import ZoneInfo

from collector.errors import SelectionError
from collector.growth.periods import Period, parse_period
from collector.importers.moments import read_moment
from collector.importers.values import CellError
from collector.language import current, t
from collector.platforms import find_connector, list_connectors
from collector.reports import formats
from collector.store.records import StoredAccount
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
    "replaced": Words("digantikan", "replaced"),
    "reconnect": Words("perlu disambung ulang", "to be reconnected"),
}
LEVELS = {
    "error": Words("penting", "error"),
    "warning": Words("peringatan", "warning"),
    "note": Words("kabar", "note"),
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
    guess = _guess(word, slugs)
    raise SelectionError(
        t(
            f"Platform {word} tidak dikenal.{guess} Yang ada: {', '.join(slugs)}.",
            en=f"The platform {word} is not known.{guess} There are: {', '.join(slugs)}.",
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
    guess = _guess(word, keys)
    raise SelectionError(
        t(
            f"Metrik {word} tidak dikenal.{guess} Lihat: collector metrics.",
            en=f"The metric {word} is not known.{guess} See: collector metrics.",
        )
    )


def no_account(handle: str, accounts: Iterable[StoredAccount]) -> SelectionError:
    """Return what to say of a handle that none of the accounts has."""
    guess = _guess(handle.lstrip("@"), sorted({account.handle for account in accounts}))
    return SelectionError(
        t(
            f"Akun {handle} tidak ada.{guess} Lihat: collector accounts list.",
            en=f"There is no account {handle}.{guess} See: collector accounts list.",
        )
    )


def _guess(word: str, known: Iterable[str]) -> str:
    """Return a question that names the known word nearest to a mistyped one, "" where none is near."""
    spellings = {one.casefold(): one for one in known}
    nearest = get_close_matches(word.strip().casefold(), spellings, n=1)
    return t(f" Mungkin {spellings[nearest[0]]}?", en=f" Perhaps {spellings[nearest[0]]}?") if nearest else ""


def read_period(text: str, today: date | None = None) -> Period:
    """Read a period; with `today` also the last 7, 28, 30 or 90 days. Raises SelectionError where it is none."""
    try:
        return parse_period(text, today)
    except ValueError:
        raise SelectionError(
            t(
                f"Periode {text} tidak dikenal. Tulis misalnya 2026-S2, 2026-Q4, 2026-12, 2026, atau "
                "2026-07-01..2026-12-28.",
                en=f"The period {text} is not known. Write for example 2026-S2, 2026-Q4, 2026-12, 2026 or "
                "2026-07-01..2026-12-28.",
            )
        ) from None


def read_position(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Read a moment up to now, as people write it; a day alone is its last second. Raises SelectionError."""
    try:
        return min(read_moment(text, zone=zone, now=now).at, now)
    except CellError as error:
        raise SelectionError(str(error)) from None


def read_day(text: str | None, *, end: bool = False) -> date | None:
    """Read a day, or a month, quarter, semester or year by its first (or last) day. Raises SelectionError."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        period = read_period(text)
        return period.last if end else period.first


def in_dollars(millionths: int) -> str:
    """Write a sum of money exactly, with at least two decimal places ("USD 0,02")."""
    amount = Decimal(millionths).scaleb(-6).normalize()
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int)
    written = f"{amount:,.{max(2, -exponent)}f}"
    return f"USD {written}" if current() == "en" else f"USD {written.translate(_INDONESIAN)}"


_INDONESIAN = str.maketrans(",.", ".,")


def megabytes(count: int) -> str:
    """Write a size in MB, with the language's own decimal sign. What is there at all is never 0,0."""
    tenths = int(formats.rounded(Fraction(count, 10**6)).scaleb(1))
    return formats.number(max(tenths, 1 if count else 0), 1)
