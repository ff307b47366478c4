"""What a row of a list is about: a page, a country or a city.

Only addresses without parameters are taken, and none that could name a person: a search word, an e-mail address or a
number as long as that of an identity card may stand in an address, and none of them is the office's business. Rows
that gather the rest ("(other)", "Others") or the unknown ("(not set)", "Unknown", xx) are no such thing either.
"""

import re

from connectors.website.measures import COUNTRY, PAGE

ASKED, KEPT = 50, 20
"""How many rows are asked for, because some are left out, and how many are kept, because nobody reads more."""

_PERSONAL = re.compile(r"[?#;@]|%40|[0-9]{10}")
_LONGEST_ADDRESS = 200
_NO_CITY = {"", "(not set)", "(other)", "others", "unknown"}


def about_of(part: str, label: str) -> str | None:
    """Return what a row with this label is about ("country:ID"), None for a row that is left out."""
    if part == PAGE:
        is_plain = label.startswith("/") and len(label) <= _LONGEST_ADDRESS and not _PERSONAL.search(label)
        return f"{part}:{label}" if is_plain else None
    if part == COUNTRY:
        return f"{part}:{label.upper()}" if re.fullmatch("[A-Za-z]{2}", label) and label.lower() != "xx" else None
    return None if label.strip().casefold() in _NO_CITY else f"{part}:{label.strip()}"
