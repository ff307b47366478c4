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
    """Knows the secrets in use and strikes them out. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spellings: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def know(self, *secrets: str | None) -> None:
        """Add secrets to strike out from now on."""
        with self._lock:
            before = len(self._spellings)
            for secret in secrets:
                if secret and len(secret) >= _SHORTEST:
                    self._spellings.update(_spell(secret))
            if len(self._spellings) > before:
                longest_first = sorted(self._spellings, key=lambda spelling: (-len(spelling), spelling))
                self._pattern = re.compile("|".join(re.escape(spelling) for spelling in longest_first))

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        pattern = self._pattern
        if pattern is not None:
            text = pattern.sub(STRUCK, text)
        text = _IN_ADDRESS.sub(rf"\g<1>{STRUCK}", text)
        return _AS_MEMBER.sub(rf"\g<1>{STRUCK}", text)

    def line(self, line: str) -> str:
        """Return a log line without secrets: also without anything that looks like an Authorization header."""
        return _AS_HEADER.sub(rf"\g<1> {STRUCK}", self.text(line))

    def body(self, body: bytes) -> bytes:
        """Return an answer's body without secrets. Bytes that are no UTF-8 come through unharmed."""
        return self.text(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _spell(secret: str) -> set[str]:
    """Return the spellings under which a server or a library may echo a secret."""
    escaped = secret.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return {
        secret,
        escaped,
        escaped.replace("/", "\\/"),
        quote(secret, safe=""),
        quote_plus(secret),
        base64.b64encode(secret.encode()).decode().rstrip("="),
    }
