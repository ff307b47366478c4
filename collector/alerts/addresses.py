"""The addresses that alerts are sent to, as they are filled in. Each is a secret: it holds a password or a key."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

_PIECES = re.compile(r"[/?&=:@,;#]+")
_SHORTEST_KEY, _LONGEST_WORD = 10, 15
_SHORTEST_PATH = 6


def split_addresses(text: str) -> tuple[str, ...]:
    """Return the addresses of a setting: they stand apart by blanks or lines."""
    return tuple(text.split())


def kind_of(address: str) -> str:
    """Return what comes before `://` of an address: mailto, tgram, json; "" where it has none."""
    kind, found, _ = address.partition("://")
    return kind.lower() if found and re.fullmatch(r"[A-Za-z0-9+.-]{1,20}", kind) else ""


def list_names(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Name the addresses without telling them: by their kind, and a number where one kind comes again."""
    names: list[str] = []
    for address in addresses:
        kind = kind_of(address) or "?"
        count = sum(1 for name in names if name.partition(" ")[0] == kind)
        names.append(f"{kind} {count + 1}" if count else kind)
    return tuple(names)


def list_secrets(text: str) -> Iterator[str]:
    """Yield whatever of the addresses must never be shown: each as a whole, passwords, paths, and what is like a key.

    The names of servers and mailboxes are left alone: struck out they would be missing from kept answers, too.
    """
    for address in split_addresses(text):
        yield address
        inner = address.partition("://")[2]
        yield from _passwords(address)
        path = inner.partition("?")[0].partition("/")[2]
        if len(path) >= _SHORTEST_PATH:
            yield f"/{path}"
        for piece in _PIECES.split(inner):
            for spelling in {piece, unquote(piece)}:
                if _is_like_a_key(spelling):
                    yield spelling


def _passwords(address: str) -> Iterator[str]:
    try:
        password = urlsplit(address).password
    except ValueError:
        return
    if password:
        yield password
        yield unquote(password)


def _is_like_a_key(piece: str) -> bool:
    """Whether a piece is no word, number or name of a server."""
    has_both = any(one.isdigit() for one in piece) and any(one.isalpha() for one in piece)
    return len(piece) >= _SHORTEST_KEY and "." not in piece and (has_both or len(piece) > _LONGEST_WORD)
