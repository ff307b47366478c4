"""A kept answer, opened: whether its bytes are those that came, and what stands in it.

Nothing that lies in a damaged body may end the verifying: every fault of it becomes a sentence.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from collector.figures.answers import is_said, walk
from collector.language import t
from collector.store.proofs import Answer
from connectors.kit import Exchange, Request

_LARGEST_REST = 64 * 1024 * 1024  # of what is left of a reduced answer; how large it was nothing tells


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer that was looked into. `fault` says what is wrong with it; then nothing can be read in it.

    `exchange` is what a connector is given, with an empty body where only `cited` is left of the answer.
    """

    answer: Answer
    fault: str | None
    exchange: Exchange | None = None
    cited: Mapping[str, object] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all that came is still there, or nothing ever came."""
        return self.fault is None and self.cited is None

    def has(self, pointer: str) -> bool:
        """Whether there is such a place in the answer."""
        return self._find(pointer)[0]

    def says(self, pointer: str, value: int, decimals: int) -> bool:
        """Whether a value stands at a place of the answer."""
        if pointer.startswith("head:"):
            return value == self.answer.status
        is_there, found = self._find(pointer)
        return is_there and is_said(found, value, decimals)

    def _find(self, pointer: str) -> tuple[bool, object]:
        if not pointer.startswith("body:"):
            return pointer == "head:/status", None
        try:
            if self.cited is not None:
                return True, self.cited[pointer]
            parsed = self.exchange.json() if self.exchange is not None else None
            return parsed is not None or pointer == "body:", walk(parsed, pointer)
        except (LookupError, ValueError, TypeError):
            return False, None


def open_answer(answer: Answer, now: datetime) -> Opened:
    """Open an answer and hold it against its digest. `now` is the moment for which it was read."""
    body, cited = b"", None
    if answer.sha256 is not None:
        if not answer.held:
            return Opened(answer, t("isi jawaban tidak ada lagi", en="the answer's content is gone"))
        fault, unpacked = _unpack(answer)
        if fault is None and answer.reduced_at is None:
            body = unpacked
        elif fault is None:
            fault, cited = _read_rest(unpacked)
        if fault is not None:
            return Opened(answer, fault)
    try:
        request = Request.from_shape(json.loads(answer.request))
        headers = json.loads(answer.headers)
        exchange = Exchange(answer.id, request, answer.status, headers, body, now)
    except (ValueError, LookupError, TypeError, AttributeError):
        return Opened(answer, t("permintaannya tidak terbaca", en="its request cannot be read"))
    return Opened(answer, None, exchange, cited)


def _unpack(answer: Answer) -> tuple[str | None, bytes]:
    """Return what is wrong with a body, or its bytes."""
    changed = t("isinya berubah", en="its content has changed")
    if answer.crc is not None and zlib.crc32(answer.packed) != answer.crc:
        return changed, b""
    most = answer.size if answer.reduced_at is None else _LARGEST_REST
    unpacking = zlib.decompressobj()
    try:
        body = unpacking.decompress(answer.packed, most + 1)  # a damaged body may unpack into anything
    except (zlib.error, OverflowError, MemoryError):
        return t("isinya tidak dapat dibuka", en="its content cannot be unpacked"), b""
    if not unpacking.eof or unpacking.unused_data:
        return changed, b""
    if answer.reduced_at is None and (len(body) != answer.size or sha256(body).hexdigest() != answer.sha256):
        return changed, b""
    return None, body


def _read_rest(unpacked: bytes) -> tuple[str | None, Mapping[str, object] | None]:
    """Return what is left of a reduced answer, or what is wrong with that."""
    try:
        rest = json.loads(unpacked)
    except (ValueError, RecursionError):
        rest = None
    if isinstance(rest, dict):
        return None, rest
    return t("sisa jawaban yang diringkas tidak terbaca", en="what is left of the answer cannot be read"), None
