"""The language of screens: Bahasa Indonesia first, English second.

Every text that staff read is written in both languages where it is used: `t("…", en="…")`. Which one is shown is set
once, at the start of a command, from `COLLECTOR_LANG`.
"""

_current = "id"


def use(language: str) -> None:
    """Set the language ("id" or "en") for this process."""
    global _current
    _current = "en" if language == "en" else "id"


def current() -> str:
    """Return the language in use."""
    return _current


def t(id: str, *, en: str) -> str:
    """Return the text in the language in use."""
    return en if _current == "en" else id
