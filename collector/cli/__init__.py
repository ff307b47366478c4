"""The command line: `collector`, and `collect` for its collecting group.

The language is set before any command's module is imported, because their help texts are made at import.
"""

from collector import language, settings


def main() -> None:
    """Run `collector`."""
    set_language()
    from collector.cli.root import collector

    collector()


def collect_main() -> None:
    """Run `collect`, which is `collector collect`."""
    set_language()
    from collector.cli.collect import collect

    collect()


def set_language() -> None:
    """Use the wanted language, before anything is said."""
    language.use(settings.language_of())
