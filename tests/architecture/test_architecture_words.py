"""The words: none that say nothing, one list of those that say something, and plain ones for the staff."""

import re

import pytest
from architecture_rules import (
    ROOT,
    Module,
    names_say_something,
    product,
    public_classes,
    staff_read_plain_words,
    written_by_hand,
)

from collector.store.schema import metadata

GLOSSARY = ROOT / "docs" / "glossary.md"

WORDS = {
    "office", "account", "platform", "connector", "credential", "request", "exchange", "place", "node", "reading",
    "gap", "snapshot", "run", "assignment", "metric", "measure", "series", "period", "change", "figure", "evidence",
    "attachment", "report", "finding",
}  # fmt: skip
"""The words of the design, one per idea."""


def _defined(text: str, *, code: bool) -> list[str]:
    """Return what the glossary defines: words, or with `code` the names in the code, which stand between backticks."""
    firsts = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)
    words = [
        word.strip() for cell in firsts for word in cell.split(",") if cell not in ("word", "table", "class", "---")
    ]
    return [word.strip("`") for word in words if word.startswith("`") is code]


@pytest.fixture(scope="module")
def glossary() -> str:
    """Return the glossary's text."""
    return GLOSSARY.read_text("utf-8")


def test_no_module_class_or_function_has_an_empty_name() -> None:
    """What is called a manager or a helper has no idea of its own yet."""
    complaints = [complaint for module in product().values() for complaint in names_say_something(module)]

    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("collector.utils", ""),
        ("collector.common.text", ""),
        ("collector.text", "class AccountManager: pass"),
        ("collector.text", "def helper(): pass"),
        ("collector.text", "class Text:\n    async def misc_texts(self): pass"),
        ("collector.text", "class _Handler(Reader): pass"),
    ],
)
def test_an_empty_name_is_seen(name: str, source: str) -> None:
    """Modules, classes, functions and methods are all looked at."""
    assert list(names_say_something(Module(name, source)))


def test_a_library_may_call_its_bases_what_it_likes() -> None:
    """The web server of the standard library wants a class of its own making to inherit from."""
    source = "class _Handler(http.server.BaseHTTPRequestHandler): pass\ndef commonly(): pass"

    assert list(names_say_something(Module("collector.demo", source))) == []


def test_staff_are_never_told_technicians_words() -> None:
    """The person in front of the screen signs in with a key; the rest is ours to know."""
    complaints = [complaint for module in product().values() for complaint in staff_read_plain_words(module)]

    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(
    "source",
    [
        't("Token habis.", en="The key ended.")',
        't("Kuncinya habis.", en="The token ended.")',
        't(f"{name}: token lama " + "habis", en="")',
        'Words("Masuk dengan OAuth", "Sign in")',
        'Words(id="Kunci API", en="Key")',
        'since(None, "Menurut API", "As they say")',
        'metric("calls", "call", "panggilan API", "calls")',
    ],
)
def test_a_technicians_word_is_seen(source: str) -> None:
    """Every way in which a text for staff is written is looked at."""
    assert list(staff_read_plain_words(Module("collector.screen", source)))


@pytest.mark.parametrize(
    "source",
    [
        't("Periksa FACEBOOK_ACCESS_TOKEN.", en="Check FACEBOOK_ACCESS_TOKEN.")',
        'Words("Aktifkan Google Analytics Data API.", "Enable the Google Analytics Data API.")',
        't("Tertulis kapital.", en="Written in capitals.")',
        'request("token")',
    ],
)
def test_names_of_settings_and_screens_are_written_as_they_are(source: str) -> None:
    """Staff have to find the very name that stands in the file or on the platform's page."""
    assert list(staff_read_plain_words(Module("collector.screen", source))) == []


def test_the_glossary_has_every_word_of_the_design(glossary: str) -> None:
    """One word per idea only helps where the words can be looked up."""
    assert WORDS - set(_defined(glossary, code=False)) == set()


def test_the_glossary_has_every_table(glossary: str) -> None:
    """Who opens the database must find out what a table is for."""
    assert set(metadata.tables) - set(_defined(glossary, code=True)) == set()


def test_the_glossary_has_every_public_class_of_the_kit_and_the_records(glossary: str) -> None:
    """These are the words that the author of a connector and of a report meets."""
    classes = {
        name
        for module in written_by_hand()
        if module.is_in("connectors.kit", "collector.store.records")
        for name in public_classes(module)
    }

    assert classes - set(_defined(glossary, code=True)) == set()


def test_the_glossary_defines_nothing_that_is_gone(glossary: str) -> None:
    """A word that nothing is called by any more misleads."""
    classes = {name for module in written_by_hand() for name in public_classes(module)}

    assert set(_defined(glossary, code=True)) - classes - set(metadata.tables) == set()


def test_the_glossary_defines_each_word_once(glossary: str) -> None:
    """Two definitions are two ideas."""
    for code in (False, True):
        words = _defined(glossary, code=code)
        assert len(words) > 20
        assert sorted({word for word in words if words.count(word) > 1}) == []
