"""Keys and codes that tell by themselves whose they are, since when, and what was allowed.

They carry a seal, so that nothing of them has to be remembered and a demo may move the clock through past months.
"""

import base64
import json
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from hashlib import sha256

DATA_ACCESS_SECONDS = 90 * 86400
"""So long data may be read after a person's word, whatever the key itself says (facebook.md §2.1)."""

_SEAL = 16


@dataclass(frozen=True, slots=True)
class Key:
    """A key, or the code that stands for one.

    `kind` is code, user, page, system or account. `lifetime` are seconds, 0 for no end; `consented` the second in which
    the person allowed it, 0 for a business's own key. `pages` are the Pages that were ticked, none for all of them. A
    code is good for one `redirect` address; its `mark` tells it from another of the same second.
    """

    kind: str
    holder: str
    issued: int
    lifetime: int
    scopes: tuple[str, ...]
    consented: int = 0
    pages: tuple[str, ...] = ()
    redirect: str = ""
    mark: str = ""

    def sealed(self, prefix: str = "EAAB") -> str:
        """Return the key as it is handed out."""
        told = base64.urlsafe_b64encode(json.dumps(astuple(self)).encode()).decode().rstrip("=")
        return f"{prefix}{told}{_seal(prefix + told)}"

    @property
    def ends(self) -> int:
        """The second in which it ends, 0 for never."""
        return self.issued + self.lifetime if self.lifetime else 0

    @property
    def data_ends(self) -> int:
        """The second from which no data may be read with it, 0 for never."""
        return self.consented + DATA_ACCESS_SECONDS if self.consented else 0

    def is_over(self, now: datetime) -> bool:
        """Whether it has ended."""
        return 0 < self.ends <= now.timestamp()

    def reads_nothing(self, now: datetime) -> bool:
        """Whether the person's word is too long ago for any data."""
        return 0 < self.data_ends <= now.timestamp()

    def allows(self, page: str) -> bool:
        """Whether it is good for a Page."""
        return page in self.pages or not self.pages

    def followed(self, kind: str, now: datetime, lifetime: int) -> "Key":
        """Return the key that is given out for this one."""
        return replace(self, kind=kind, issued=int(now.timestamp()), lifetime=lifetime, redirect="", mark="")


def read_key(text: str, prefix: str = "EAAB") -> Key | None:
    """Return the key that a text is, None for a text that was never handed out."""
    told, seal = text[len(prefix) : -_SEAL], text[-_SEAL:]
    if not text.startswith(prefix) or seal != _seal(prefix + told):
        return None
    kind, holder, issued, lifetime, scopes, consented, pages, redirect, mark = json.loads(
        base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))
    )
    return Key(kind, holder, issued, lifetime, tuple(scopes), consented, tuple(pages), redirect, mark)


def _seal(told: str) -> str:
    return sha256(f"demo-graph {told}".encode()).hexdigest()[:_SEAL]
