"""What a platform's page sends back with the browser: read from a request, or from an address that a person pasted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from collector.connecting.refusals import no_code


@dataclass(frozen=True, slots=True, repr=False)
class Callback:
    """The answer of a platform's page. It never prints the code."""

    state: str
    code: str = ""
    error: str = ""
    description: str = ""


def read_query(query: str, codes: tuple[str, ...]) -> Callback:
    """Read what stands behind the question mark. `codes` are the names that the code may have."""
    told: Mapping[str, str] = dict(parse_qsl(query, keep_blank_values=True))
    return Callback(
        told.get("state", ""),
        next((told[name] for name in codes if told.get(name)), ""),
        told.get("error", ""),
        told.get("error_description", ""),
    )


def read_pasted(text: str, codes: tuple[str, ...]) -> Callback:
    """Read a pasted address: the whole line, also broken over lines, between quotes, or without its beginning.

    Raises ConnectingError where it is no such address: the code alone is not enough, because then nobody could tell
    whether it belongs to this very connecting.
    """
    line = re.sub(r"\s+", "", text).strip("\"'<>")
    try:
        parts = urlsplit(line)
    except ValueError:
        raise no_code() from None
    callback = read_query(parts.query or line.lstrip("?&"), codes)
    if not callback.state or not (callback.code or callback.error):
        raise no_code()
    return callback
