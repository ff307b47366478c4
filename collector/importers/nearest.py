"""What to say of a word that is not known: the nearest known one, and all of them."""

from collections.abc import Mapping
from difflib import get_close_matches

from collector.language import t


def suggest(word: str, spellings: Mapping[str, str]) -> str:
    """Return the end of a sentence about an unknown word. `spellings` maps what is understood to its chief spelling."""
    nearest = get_close_matches(word.casefold(), spellings, n=1)
    known = ", ".join(dict.fromkeys(spellings.values()))
    guess = spellings[nearest[0]] if nearest else None
    return (t(f'Mungkin maksudnya "{guess}"? ', en=f'Did you mean "{guess}"? ') if guess else "") + t(
        f"Yang dikenal: {known}.", en=f"Known: {known}."
    )
