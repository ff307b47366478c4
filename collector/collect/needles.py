"""Which of many texts occur in another one, found without searching for each of them.

A text of fifteen letters, wherever it stands, covers eight that begin at a multiple of eight. So the other text is cut
into pieces of eight letters, and only what has such a piece is looked for: the cost does not grow with how many texts
are known, and nothing is ever missed. Shorter ones are searched one by one.
"""

from collections import Counter

_PIECE = 8
_SHORTEST = 2 * _PIECE - 1


class Needles:
    """The texts to look for. Adding and removing is for one thread at a time; `find` for any."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._by_piece: dict[str, tuple[str, ...]] = {}
        self._short: tuple[str, ...] = ()

    def add(self, needle: str) -> None:
        """Look for a text, too. Added twice, it has to be removed twice."""
        self._times[needle] += 1
        if self._times[needle] > 1:
            return
        if len(needle) < _SHORTEST:
            self._short = (*self._short, needle)
        for piece in _pieces_of(needle):
            self._by_piece[piece] = (*self._by_piece.get(piece, ()), needle)

    def remove(self, needle: str) -> None:
        """Look for a text no longer."""
        self._times[needle] -= 1
        if self._times[needle] > 0:
            return
        del self._times[needle]
        self._short = tuple(one for one in self._short if one != needle)
        for piece in _pieces_of(needle):
            left = tuple(one for one in self._by_piece[piece] if one != needle)
            if left:
                self._by_piece[piece] = left
            else:
                del self._by_piece[piece]

    def find(self, text: str) -> list[str]:
        """Return the texts that occur, the longest first, because one may begin like another."""
        by_piece = self._by_piece
        pieces = [text[start : start + _PIECE] for start in range(0, len(text) - _PIECE + 1, _PIECE)]
        maybe = {needle for piece in pieces if piece in by_piece for needle in by_piece.get(piece, ())}
        return sorted((one for one in (*self._short, *maybe) if one in text), key=lambda one: (-len(one), one))


def _pieces_of(needle: str) -> set[str]:
    """Return the pieces of a text, one of which begins at a multiple of eight wherever it stands."""
    if len(needle) < _SHORTEST:
        return set()
    return {needle[start : start + _PIECE] for start in range(_PIECE)}
