"""Taking secrets out of whatever is kept, logged or shown.

Three fences: a connector never holds a secret, so a request cannot contain one; every secret in use is known here and
is struck out of anything that passes, in the spellings a server may echo it in; and names that always carry secrets
are struck out by pattern, because an answer may hold one that was never ours (a Page's key inside a paging address).
"""

import base64
import re
import threading
from urllib.parse import quote, quote_plus

STRUCK = "[disembunyikan]"
_MOST = 200  # secrets; a national server uses a few at a time
_SHORTEST = 6  # shorter values ("demo", a year) would strike out ordinary text

_NAMES = (
    "access_token|refresh_token|id_token|appsecret_proof|client_secret|fb_exchange_token|input_token|token_auth|"
    "assertion|code_verifier|device_code|app_secret|private_key"
)
# As a query parameter, also inside a JSON text where & may stand as \u0026; "key" and "code" only there.
_IN_ADDRESS = re.compile(rf"(?i)((?:[?&]|\\u0026)(?:{_NAMES}|key|code)=)[^&\"'\s\\<>#]+")
# As a JSON member; the text may hold escaped characters.
_AS_MEMBER = re.compile(rf'(?i)(\\*"(?:{_NAMES})\\*"\s*:\s*\\*")(?:[^"\\]|\\[^"])*')
_AS_HEADER = re.compile(r"(?i)\b(bearer|basic|oauth)\s+[A-Za-z0-9._~+/=|-]{12,}")


class Redactor:
    """Knows the secrets in use and strikes them out. Safe to use from several threads.

    The spellings are searched one by one, because a pattern of all of them would have to be compiled anew with every
    short-lived key. The longest unused ones are forgotten: keys that died long ago.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spellings: dict[str, tuple[str, ...]] = {}

    def know(self, *secrets: str | None) -> None:
        """Add secrets to strike out from now on."""
        with self._lock:
            for secret in secrets:
                if secret is not None and len(secret) >= _SHORTEST:
                    self._spellings[secret] = self._spellings.pop(secret, ()) or _spell(secret)
            while len(self._spellings) > _MOST:
                del self._spellings[next(iter(self._spellings))]

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        with self._lock:
            known = list(self._spellings.values())
        for spellings in known:
            for spelling in spellings:
                if spelling in text:
                    text = text.replace(spelling, STRUCK)
        text = _IN_ADDRESS.sub(rf"\g<1>{STRUCK}", text)
        return _AS_MEMBER.sub(rf"\g<1>{STRUCK}", text)

    def line(self, line: str) -> str:
        """Return a log line without secrets: also without anything that looks like an Authorization header."""
        return _AS_HEADER.sub(rf"\g<1> {STRUCK}", self.text(line))

    def body(self, body: bytes) -> bytes:
        """Return an answer's body without secrets. Bytes that are no UTF-8 come through unharmed."""
        return self.text(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _spell(secret: str) -> tuple[str, ...]:
    """Return the spellings under which a server or a library may echo a secret, longest first."""
    escaped = secret.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    spellings = {
        secret,
        escaped,
        escaped.replace("/", "\\/"),
        quote(secret, safe=""),
        quote_plus(secret),
        base64.b64encode(secret.encode()).decode().rstrip("="),
    }
    return tuple(sorted(spellings, key=lambda spelling: (-len(spelling), spelling)))
