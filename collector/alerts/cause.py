"""A cause: why people are told something, in words that stay good from its begin to its end."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from connectors.kit import Words

NOTHING = Words("", "")


class Level(StrEnum):
    """How pressing a cause is; in this order."""

    ERROR = "error"  # figures are being lost, or soon the report is
    WARNING = "warning"  # they will be, if nobody acts
    NOTE = "note"  # nobody has to act


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing to tell. Its `key` stays the same for as long as it lasts; `office` is the name that people read.

    `covers` are keys of causes that need not be told beside this one, and that end without a word where it takes
    their place; one that ends in ":" or "/" means all that begin so. `account` is whose it is: it ends without a word
    where that account is no longer collected. What is `quiet` always ends without a word.
    """

    key: str
    level: Level
    office: str
    what: Words
    why: Words
    mend: Words
    over: Words = NOTHING
    account: int | None = None
    covers: tuple[str, ...] = ()
    quiet: bool = False

    def is_covering(self, key: str) -> bool:
        """Whether this one takes the place of another."""
        return key != self.key and any(
            key.startswith(one) if one.endswith((":", "/")) else key == one for one in self.covers
        )

    def dump(self) -> str:
        """Return the cause as JSON, its key left out."""
        texts = {name: [words.id, words.en] for name, words in self._texts().items()}
        about = {"level": self.level, "office": self.office, "account": self.account, "quiet": self.quiet}
        return json.dumps({**about, **texts}, ensure_ascii=False)

    @classmethod
    def load(cls, key: str, text: str) -> Self:
        """Return the cause of a key from its JSON."""
        read = json.loads(text)
        words = {name: Words(*read[name]) for name in ("what", "why", "mend", "over")}
        return cls(
            key, Level(read["level"]), read["office"], words["what"], words["why"], words["mend"], words["over"],
            account=read["account"], quiet=read["quiet"],
        )  # fmt: skip

    def _texts(self) -> dict[str, Words]:
        return {"what": self.what, "why": self.why, "mend": self.mend, "over": self.over}


def joined(texts: Iterable[Words], between: str = "; ") -> Words:
    """Return several texts as one."""
    found = [one for one in texts if one != NOTHING]
    return Words(between.join(one.id for one in found), between.join(one.en for one in found))
