"""The recapitulation: the followers of all accounts in one table, and the two charts that go with it.

Nothing is added up over platforms: the same people follow on several, and platforms' terms forbid blending.
"""

from collections.abc import Iterator
from decimal import Decimal

from collector.growth.change import Change
from collector.language import t
from collector.reports import formats
from collector.reports.evidence import Figures
from collector.reports.material import AccountMaterial, Material
from collector.reports.model import Align, Block, Cell, Chart, ChartKind, ChartSeries, Column, Report, Section, Table
from collector.reports.words import difference_cell, percent_cell, value_of, when_of, word
from connectors.kit import Kind
from connectors.kit.metrics import FOLLOWERS

RECAP = "recap"
"""The key of the recapitulation's section."""


def followers_of(account: AccountMaterial) -> Change | None:
    """Return the change of an account's followers, None where nothing is known of them."""
    return next((one for one in account.changes if one.metric == FOLLOWERS.key and one.kind is Kind.LEVEL), None)


def followers_of_report(report: Report) -> tuple[str, ...]:
    """Return what a report says of the followers, a sentence for each account: the five lines to paste into a chat."""
    for section in report.sections:
        if section.key == RECAP:
            return next(block.notes for block in section.blocks if isinstance(block, Table))
    return ()


def compose_recap(material: Material, figures: Figures) -> Section:
    """Make the recapitulation."""
    blocks: list[Block] = [_table(material, figures)]
    blocks += _charts(material)
    return Section(RECAP, t("Rekapitulasi Pengikut", en="Followers at a Glance"), tuple(blocks))


def _table(material: Material, figures: Figures) -> Table:
    columns = (
        Column(t("Platform", en="Platform")), Column(t("Akun", en="Account")),
        Column(t("Pengikut", en="Followers"), Align.RIGHT), Column(t("Per tanggal", en="On")),
        Column(t("Data dasar", en="Base"), Align.RIGHT), Column(t("Per tanggal", en="On")),
        Column(t("Selisih", en="Difference"), Align.RIGHT), Column("%", Align.RIGHT, is_percent=True),
        Column(t("Kode", en="Code")),
    )  # fmt: skip
    rows, notes = [], []
    for account in material.accounts:
        change = followers_of(account)
        if change is None:
            continue
        code = figures.of_change(change, account.platform, account.handle, account.identity, FOLLOWERS.labels.id)
        rows.append(_row(account, change, code))
        wording = word(change, FOLLOWERS.labels.text(material.language), began=account.question.began)
        notes.append(f"{account.platform}: {wording.sentence}.")
    title = t(f"Pengikut, {formats.period(material.period)}", en=f"Followers, {formats.period(material.period)}")
    return Table(title, columns, tuple(rows), tuple(notes))


def _row(account: AccountMaterial, change: Change, code: str) -> tuple[Cell, ...]:
    end, base, percent, difference = change.end, change.base, change.percent, change.difference
    return (
        Cell(account.platform),
        Cell(account.handle),
        Cell(value_of(end, change.decimals), Decimal(end.value), code) if end is not None else Cell(formats.NONE),
        Cell(when_of(end.points[0]) if end is not None else formats.NONE),
        Cell(value_of(base, change.decimals), _exact(base.value, base.most))
        if base is not None
        else Cell(formats.NONE),
        Cell(when_of(base.points[0]) if base is not None else formats.NONE),
        Cell(difference_cell(change), _exact(difference.least, difference.most) if difference is not None else None),
        Cell(percent_cell(change), formats.rounded(percent.value) if percent is not None else None),
        Cell(code),
    )


def _exact(least: int, most: int) -> Decimal | None:
    """Return a number that is one; an interval is no number for a spreadsheet."""
    return Decimal(least) if least == most else None


def _charts(material: Material) -> Iterator[Chart]:
    lines = tuple(
        ChartSeries(account.platform, tuple((point.day, Decimal(point.value)) for point in account.followers))
        for account in material.accounts
        if len(account.followers) > 1
    )
    title = t("Pengikut dari waktu ke waktu", en="Followers over time")
    if lines:
        told = "; ".join(
            f"{one.label} {formats.number(int(one.points[0][1]))} → {formats.number(int(one.points[-1][1]))}"
            for one in lines
        )
        yield Chart("followers", ChartKind.LINES, title, f"{title}: {told}.", FOLLOWERS.labels.id, lines)
    bars = []
    for account in material.accounts:
        change = followers_of(account)
        if change is not None and change.percent is not None:
            bars.append((account.platform, formats.rounded(change.percent.value)))
    if bars:
        title = t("Perubahan pengikut (%)", en="Change in followers (%)")
        told = "; ".join(f"{label} {formats.number(int(value * 10), 1)}%" for label, value in bars)
        yield Chart("change", ChartKind.BARS, title, f"{title}: {told}.", "%", (ChartSeries(title, tuple(bars)),))
