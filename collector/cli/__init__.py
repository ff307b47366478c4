"""The command line: `collector`, and `collect` for its collecting group.

The language is set before the commands are imported, because their help texts are made at import.
"""


def main() -> None:
    """Run `collector`."""
    from collector.cli.frame import set_language

    set_language()
    from collector.cli.root import collector

    collector()


def collect_main() -> None:
    """Run `collect`, which is `collector collect`."""
    from collector.cli.frame import set_language

    set_language()
    from collector.cli.collect import collect

    collect()
