"""Taking secrets out of whatever is kept, logged or shown.

Three fences: a connector never holds a secret, so a request cannot contain one; every secret in use is known here and
is struck out of anything that passes, in the spellings a server may echo it in; and names that always carry secrets
are struck out by pattern, because an answer may hold one that was never ours (a Page's key inside a paging address).
"""

import base64
import json
import re
import threading
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from collector.collect.needles import Needles

STRUCK = "[disembunyikan]"
_MOST = 500  # secrets; 48 accounts at a time have about eight each
_SHORTEST = 6  # shorter values ("demo", a year) would strike out ordinary text

_NAMES = (
    "access_token|refresh_token|id_token|appsecret_proof|client_secret|fb_exchange_token|input_token|token_auth|"
    "assertion|code_verifier|device_code|app_secret|private_key"
)
_NAMED = (*_NAMES.split("|"), "key=", "code=")
# As a query parameter, also in JSON or HTML where & may stand as \u0026 or &amp;; "key" and "code" only there.
_IN_ADDRESS = re.compile(rf"(?i)((?:[?&]|\\u0026|&amp;)(?:{_NAMES}|key|code)=)[^&\"'\s\\<>#]+")
# As a JSON member; the text may hold escaped characters, and may be cut off. A ticket is no secret (tickets.py).
_AS_MEMBER = re.compile(rf'(?is)("(?:{_NAMES})"\s*:\s*")(?!\[titipan:[0-9]+\]")(?:[^"\\]|\\.)*')
# The same inside the text of another JSON member, where every quote has the same backslashes before it.
_AS_INNER_MEMBER = re.compile(rf'(?is)((\\+)"(?:{_NAMES})\2"\s*:\s*\2").*?(?=(?<!\\)\2"|\Z)')
_AS_HEADER = re.compile(r"(?i)\b(bearer|basic|oauth)\s+[A-Za-z0-9._~+/=|-]{12,}")


class Redactor:
    """Knows the secrets in use and strikes them out. Safe to use from several threads.

    The longest unused ones are forgotten: keys that died long ago.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spellings: dict[str, frozenset[str]] = {}
        self._needles = Needles()

    def know(self, *secrets: str | None) -> None:
        """Add secrets to strike out from now on."""
        with self._lock:
            for secret in secrets:
                if secret is not None and len(secret) >= _SHORTEST:
                    self._spellings[secret] = self._spellings.pop(secret, frozenset()) or self._learn(secret)
            while len(self._spellings) > _MOST:
                for spelling in self._spellings.pop(next(iter(self._spellings))):
                    self._needles.remove(spelling)

    def _learn(self, secret: str) -> frozenset[str]:
        spellings = _spell(secret)
        for spelling in spellings:
            self._needles.add(spelling)
        return spellings

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        for spelling in self._needles.find(text):
            text = text.replace(spelling, STRUCK)
        folded = text.casefold()
        if not any(name in folded for name in _NAMED):  # the patterns are slow, and most texts have no such name
            return text
        text = _IN_ADDRESS.sub(rf"\g<1>{STRUCK}", text)
        text = _AS_INNER_MEMBER.sub(rf"\g<1>{STRUCK}", text)
        return _AS_MEMBER.sub(rf"\g<1>{STRUCK}", text)

    def line(self, line: str) -> str:
        """Return a log line without secrets: also without anything that looks like an Authorization header."""
        return _AS_HEADER.sub(rf"\g<1> {STRUCK}", self.text(line))

    def body(self, body: bytes) -> bytes:
        """Return an answer's body without secrets. Bytes that are no UTF-8 come through unharmed."""
        return self.text(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _spell(secret: str) -> frozenset[str]:
    """Return the spellings under which a server or a library may echo a secret. Of a plain one they are but four."""
    in_json = {_in_json(secret), json.dumps(secret, ensure_ascii=False)[1:-1]}
    in_address = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    return frozenset({
        secret,
        *in_json,
        *(text.replace("/", "\\/") for text in in_json),
        *(_in_json(text) for text in in_json),
        *in_address,
        *(re.sub("%..", lambda code: code[0].lower(), text) for text in in_address),
        *_in_base64(secret.encode()),
    })  # fmt: skip


def _in_base64(secret: bytes) -> Iterator[str]:
    """Yield the letters that a secret alone decides, wherever it stands in what is encoded: three bytes are four."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before, mixed in ((0, 0), (1, 2), (2, 3)):
            text = encode(bytes(before) + secret).decode().rstrip("=")
            yield text[mixed : -1 if (before + len(secret)) % 3 else None]


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]
