"""A section for each account: its figures in sentences and a table, its audience, its best content."""

from collections.abc import Iterator
from decimal import Decimal

from collector.growth.change import Change
from collector.language import current, t
from collector.reports import formats
from collector.reports.evidence import Figures
from collector.reports.material import AccountMaterial, Material, Quote, Share
from collector.reports.model import (
    Align,
    Block,
    Bullets,
    Cell,
    Chart,
    ChartKind,
    ChartSeries,
    Column,
    Paragraph,
    Section,
    Table,
)
from collector.reports.words import difference_cell, percent_cell, say, value_of, when_of
from connectors.kit import Kind, metrics

SHOWN = 5
"""How many cities or countries are shown by name; single persons far away are noise, and told together."""

_TOLD = {
    metric.key
    for metric in (
        metrics.FOLLOWERS, metrics.FOLLOWING, metrics.POSTS, metrics.REACH, metrics.INTERACTIONS, metrics.VIEWS,
        metrics.PROFILE_VISITS, metrics.USERS, metrics.SESSIONS, metrics.PAGE_VIEWS,
    )
}  # fmt: skip

_KINDS = {
    "city": ("Kota teratas", "Top cities"),
    "country": ("Negara teratas", "Top countries"),
    "age": ("Kelompok usia", "Age groups"),
    "gender": ("Jenis kelamin", "Gender"),
    "source": ("Asal kunjungan", "Sources"),
    "page": ("Halaman teratas", "Top pages"),
}


def compose_platform(account: AccountMaterial, material: Material, figures: Figures) -> Section:
    """Make an account's section."""
    blocks: list[Block] = [Paragraph(_opening(account), link=account.link)]
    blocks += [_sentence(account, change, figures) for change in account.changes if _is_told(change)]
    if account.changes:
        blocks.append(_table(account, figures))
    blocks += _quotes(account, figures)
    blocks += _audience(account, figures)
    blocks += _top(account, figures)
    features = material.narrative.part("features").below.get(account.platform)
    if features is not None and not features.is_empty:
        blocks.append(Paragraph(t("Fitur yang dimanfaatkan:", en="Features used:")))
        blocks += [Paragraph(text) for text in features.paragraphs]
        blocks += [Bullets(features.items)] if features.items else []
    title = f"{account.platform} ({account.handle})"
    return Section("platform", title, tuple(blocks), platform=account.slug, colour=account.colour)


def _is_told(change: Change) -> bool:
    """Whether a change gets a sentence. The metrics that receivers look at do, where there is something to say of them;
    the table has all."""
    if change.end is None or change.metric not in _TOLD:
        return False
    return change.kind is not Kind.FLOW or change.span != "day" or change.percent is not None


def _opening(account: AccountMaterial) -> str:
    name = account.name or account.handle
    seen = account.posts_seen
    opening = " ".join(filter(None, (t(f"Akun: {name}.", en=f"Account: {name}."), account.succession)))
    if seen is None:
        return opening
    return f"{opening} " + t(
        f"Unggahan yang terbit dalam periode ini dan tercatat: {formats.number(seen)}.",
        en=f"Posts published within this period and recorded: {formats.number(seen)}.",
    )


def label_of(account: AccountMaterial, change: Change) -> str:
    """Return what a change is of, as people read it, with its window where it has one."""
    measure = account.measures.get(change.measure)
    label = measure.metric.labels.text(current()) if measure is not None else change.metric
    days = change.end.days if change.end is not None else None
    if change.kind not in (Kind.LEVEL, Kind.COUNTER) and change.span != "day" and days:
        return t(f"{label} ({days} hari)", en=f"{label} ({days} days)")
    return label


def _sentence(account: AccountMaterial, change: Change, figures: Figures) -> Paragraph:
    label = label_of(account, change)
    code = figures.of_change(change, account.platform, account.handle, account.identity, label)
    told = say(change, account.measures.get(change.measure), account.question.began)
    return Paragraph(f"{told}.", (code,))


def _table(account: AccountMaterial, figures: Figures) -> Table:
    columns = (
        Column(t("Angka", en="Figure")), Column(t("Nilai", en="Value"), Align.RIGHT), Column(t("Posisi", en="Of")),
        Column(t("Data dasar", en="Base"), Align.RIGHT), Column(t("Posisi", en="Of")),
        Column(t("Selisih", en="Difference"), Align.RIGHT), Column("%", Align.RIGHT, is_percent=True),
        Column(t("Kode", en="Code")),
    )  # fmt: skip
    rows = tuple(_row(account, change, figures) for change in account.changes)
    return Table(t(f"Angka {account.platform}", en=f"Figures of {account.platform}"), columns, rows)


def _row(account: AccountMaterial, change: Change, figures: Figures) -> tuple[Cell, ...]:
    label = label_of(account, change)
    code = figures.of_change(change, account.platform, account.handle, account.identity, label)
    figure, difference, percent = figures.made[code], change.difference, change.percent
    ends = tuple(
        Cell(value_of(end, change.decimals), _number(end.value, end.most, change.decimals)) if end is not None
        else Cell(formats.NONE)
        for end in (change.end, change.base)
    )  # fmt: skip
    gone = _number(difference.least, difference.most, change.decimals) if difference is not None else None
    return (
        Cell(label), ends[0], Cell(figure.value_at), ends[1], Cell(figure.base_at), Cell(difference_cell(change), gone),
        Cell(percent_cell(change), formats.rounded(percent.value) if percent is not None else None), Cell(code),
    )  # fmt: skip


def _number(least: int, most: int, decimals: int) -> Decimal | None:
    return Decimal(least).scaleb(-decimals) if least == most else None


def _quotes(account: AccountMaterial, figures: Figures) -> Iterator[Paragraph]:
    """Quote the percentages that platforms and older reports state, as what they are.

    One of a change that is computed here is not quoted beside it: the notes say where the two differ.
    """
    computed = {change.metric for change in account.changes if change.percent is not None}
    for quote in account.quotes:
        if quote.metric.removesuffix(QUOTED_CHANGE) in computed:
            continue
        measure = account.measures.get(quote.measure)
        label = measure.metric.labels.text(current()) if measure is not None else quote.metric
        value = quoted_text(quote)
        code = figures.of_point(quote.point, f"{account.identity}|{quote.measure}", account.platform, account.handle,
                                label, value)  # fmt: skip
        window = formats.days(quote.point.first, quote.point.day) if quote.point.days > 1 else when_of(quote.point)
        source = f", {quote.point.source}" if quote.point.source else ""
        yield Paragraph(f"{label[:1].upper()}{label[1:]}: {value} ({window}{source}).", (code,))


QUOTED_CHANGE = "_change"
"""What the metric of a quoted change ends with: "followers_change" is of "followers"."""


def quoted_text(quote: Quote) -> str:
    """Return a quoted percentage as it was written: 29%, 14,1%; a change with its sign."""
    whole, rest = divmod(abs(quote.point.value), 10**quote.decimals)
    text = formats.number(whole) if rest == 0 else formats.number(abs(quote.point.value), quote.decimals)
    is_change = quote.metric.endswith(QUOTED_CHANGE)
    sign = formats.MINUS if quote.point.value < 0 else "+" if is_change else ""
    return f"{sign}{text}%"


def _audience(account: AccountMaterial, figures: Figures) -> Iterator[Block]:
    kinds = {share.kind: None for share in account.shares}
    for kind in kinds:
        shares = sorted(
            (share for share in account.shares if share.kind == kind),
            key=lambda share: (-share.point.value, share.label),
        )
        yield _shares(account, kind, shares, figures)
        if kind == "city" and len(shares) > 1:
            yield _share_chart(account, shares[:SHOWN])


def _shares(account: AccountMaterial, kind: str, shares: list[Share], figures: Figures) -> Table:
    names = _KINDS.get(kind, (kind, kind))
    when = when_of(shares[0].point)
    title = t(f"{names[0]} {account.platform}, per {when}", en=f"{names[1]} of {account.platform}, on {when}")
    rows = []
    for share in shares[:SHOWN]:
        about = f"{account.identity}|{kind}:{share.label}"
        value = formats.number(share.point.value)
        code = figures.of_point(share.point, about, account.platform, account.handle, share.label, value)
        rows.append((Cell(share.label), Cell(value, Decimal(share.point.value), code), Cell(code)))
    rest = shares[SHOWN:]
    if rest:
        total = sum(share.point.value for share in rest)
        label = t(f"lainnya ({len(rest)} baris)", en=f"others ({len(rest)} rows)")
        rows.append((Cell(label), Cell(formats.number(total), Decimal(total)), Cell("")))
    columns = (Column(names[0] if current() == "id" else names[1]), Column(t("Jumlah", en="Number"), Align.RIGHT),
               Column(t("Kode", en="Code")))  # fmt: skip
    return Table(title, columns, tuple(rows))


def _share_chart(account: AccountMaterial, shares: list[Share]) -> Chart:
    title = t(f"Kota teratas {account.platform}", en=f"Top cities of {account.platform}")
    bars = tuple((share.label, Decimal(share.point.value)) for share in shares)
    told = "; ".join(f"{label} {formats.number(int(value))}" for label, value in bars)
    series = (ChartSeries(title, bars),)
    return Chart(f"cities-{account.slug}", ChartKind.BARS, title, f"{title}: {told}.", "", series)


def _top(account: AccountMaterial, figures: Figures) -> Iterator[Block]:
    if not account.top_posts:
        return
    metric = account.top_metric
    rows = []
    for post in account.top_posts:
        value = formats.number(post.point.value)
        about = f"{account.identity}|{metric}|{post.link or post.title}"
        code = figures.of_point(post.point, about, account.platform, account.handle, post.title, value)
        rows.append((Cell(post.title or post.link), Cell(formats.day(post.created)),
                     Cell(value, Decimal(post.point.value), code), Cell(post.link), Cell(code)))  # fmt: skip
    title = t(
        f"Konten terbaik {account.platform} menurut {metric}", en=f"Top content of {account.platform} by {metric}"
    )
    columns = (
        Column(t("Judul", en="Title")), Column(t("Terbit", en="Published")), Column(metric, Align.RIGHT),
        Column(t("Tautan", en="Link")), Column(t("Kode", en="Code")),
    )  # fmt: skip
    note = t(
        f"Diurutkan menurut {metric} yang tercatat sampai posisi laporan.",
        en=f"In order of {metric} as recorded up to the report's position.",
    )
    yield Table(title, columns, tuple(rows), (note,))
    bars = tuple((str(row[0].text)[:32], row[2].number or Decimal(0)) for row in rows)
    if len(bars) > 1:
        told = "; ".join(f"{label}: {formats.number(int(value))}" for label, value in bars)
        yield Chart(f"top-{account.slug}", ChartKind.BARS, title, f"{title}: {told}.", metric,
                    (ChartSeries(metric, bars),))  # fmt: skip
