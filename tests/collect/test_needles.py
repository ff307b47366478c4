"""Finding which of many texts occur in another: exactly those, wherever they stand."""

from hypothesis import example, given
from hypothesis import strategies as st

from collector.collect.needles import Needles

FEW_LETTERS = st.text("ab", min_size=1, max_size=40)
LETTERS = st.text(st.characters(), min_size=1, max_size=40)


def looking_for(*texts: str) -> Needles:
    needles = Needles()
    for text in texts:
        needles.add(text)
    return needles


@given(
    known=st.lists(FEW_LETTERS | LETTERS, max_size=8),
    before=st.text("ab", max_size=20),
    after=st.text("ab", max_size=20),
)
@example(known=["a" * 15], before="a" * 7, after="")
@example(known=["ab" * 7], before="b", after="")
def test_exactly_what_occurs_is_found(known: list[str], before: str, after: str) -> None:
    """One that is missed is a secret that is kept; one too many would only cost time."""
    text = before + "".join(known[:2]) + after

    assert looking_for(*known).find(text) == sorted({one for one in known if one in text}, key=lambda t: (-len(t), t))


@given(secret=st.text("abc", min_size=15, max_size=17), place=st.integers(0, 30))
def test_it_is_found_at_any_place(secret: str, place: int) -> None:
    """Pieces are cut at every eighth letter, and a secret begins where it wants."""
    assert looking_for(secret).find("-" * place + secret + "-" * 20) == [secret]
    assert looking_for(secret).find("-" * place + secret) == [secret]


@given(known=st.lists(FEW_LETTERS, min_size=1, max_size=8), removed=st.integers(0, 7))
def test_what_is_removed_is_not_found_and_the_others_are(known: list[str], removed: int) -> None:
    """Two secrets may share a spelling, and pieces: forgetting the one must not lose the other."""
    needles, left = looking_for(*known), list(known)
    needles.remove(left.pop(removed % len(left)))
    text = "|".join(known)

    assert needles.find(text) == sorted({one for one in left if one in text}, key=lambda t: (-len(t), t))
