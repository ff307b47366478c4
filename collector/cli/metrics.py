"""`collector metrics`: the dictionary of every metric, to be read by people and by programs."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import click

from collector.cli.frame import command, json_option, print_json
from collector.cli.words import get_platform
from collector.figures.dictionary import plain_measure
from collector.language import current, t
from collector.platforms import list_connectors
from collector.wiring import Application

_CAPTION, _WIDTH = 12, 110


@click.command(help=t("Kamus metrik setiap platform.", en="The dictionary of each platform's metrics."))
@click.option("--platform", help=t("Hanya platform ini.", en="Only this platform."))
@json_option
@command
def metrics(application: Application, platform: str | None, as_json: bool) -> None:
    """Print what each metric means, in both languages."""
    connectors = [get_platform(platform)] if platform else list(list_connectors())
    rows = {
        connector.name: [
            plain_measure(connector, measure, current()) for measure in (*connector.measures, *connector.typed_measures)
        ]
        for connector in connectors
    }
    if as_json:
        print_json({"metrics": [row for group in rows.values() for row in group]})
        return
    for name, group in rows.items():
        click.echo(f"{name} ({group[0]['platform']})\n{'=' * _WIDTH}")
        for row in group:
            click.echo("\n".join(_lines(row)) + "\n")


def _lines(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield a measure's paragraph; labels and definitions stand in both languages, one's own first."""
    yield f"{row['metric']}  {_both(row['labels'])}"
    origin = (
        t("dikumpulkan dari platform", en="collected") if row["collected"] else t("hanya diisi manual", en="typed only")
    )
    if row["by"]:
        origin += t(f"; dihitung oleh {row['by']}", en=f"; counted by {row['by']}")
    texts = [
        (t("sebutan", en="measure"), row["measure"]),
        (t("tentang", en="of"), f"{_own(row['subjects'])}; {_own(row['spans'])}"),
        (t("jenis", en="kind"), f"{row['kind']}: {_own(row['kinds'])}"),
        (t("satuan", en="unit"), _both(row["units"])),
        (t("asal", en="origin"), origin),
        *_limits(row),
        *_definitions(row),
    ]
    for caption, text in texts:
        yield from textwrap.wrap(
            text, _WIDTH, initial_indent=f"  {caption:<{_CAPTION}}", subsequent_indent=" " * (_CAPTION + 2)
        )


def _limits(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    days, floor, caption = row["reach_back"], row["floor"], t("mundur", en="reaches")
    if not row["collected"]:
        return
    if days is not None:
        yield caption, t(f"{days} hari ke belakang", en=f"{days} days back")
    elif row["span"] == "now":
        yield caption, t("hanya saat diambil; yang terlewat tidak dapat diminta", en="the moment only; no past")
    else:
        yield caption, t("sejauh yang diingat platform", en="as far back as the platform remembers")
    if floor is not None:
        yield t("syarat", en="floor"), t(f"sedikitnya {floor}", en=f"at least {floor}")


def _definitions(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in row["definitions"]:
        if one["since"]:
            change = t("arti berubah; tidak dibandingkan melewatinya", en="new meaning; never compared across it")
            yield one["since"], change if one["since"] in row["breaks"] else t("mulai", en="begins")
        for language in sorted(one["texts"], key=lambda tongue: tongue != current()):
            yield t("arti", en="meaning") if language == current() else f"({language})", one["texts"][language]


def _own(words: Mapping[str, str]) -> str:
    return words[current()]


def _both(words: Mapping[str, str]) -> str:
    own, other = sorted(words, key=lambda tongue: tongue != current())
    return words[own] if words[own] == words[other] else f"{words[own]} / {words[other]}"
