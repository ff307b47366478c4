"""The checks before signing: what would embarrass the signer, found before they see it. Pure."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from collector.growth.change import Flag
from collector.language import t
from collector.reports import formats
from collector.reports.material import Material
from collector.reports.model import Cell, Check, Figure, Paragraph, Report, Table
from collector.reports.wording_faults import find_faults

_WHOLE = re.compile(r"^[−-]?\d{1,3}(?:[.,]\d{3})*$|^[−-]?\d+$")


def check(report: Report, material: Material, previous: Report | None) -> tuple[Check, ...]:
    """Check a report. `previous` is the last frozen one of the period that it is compared with, None without."""
    return tuple(
        Check(code, title, not found, "; ".join(found))
        for code, title, found in (
            ("percent", t("Setiap persentase cocok dengan angka yang tercetak",
                          en="Every percentage recomputes from the printed figures"), _percentages(report)),
            ("dated", t("Setiap angka bertanggal", en="Every figure has a date"), _undated(report)),
            ("position", t("Posisi data tidak lewat tanggal tanda tangan",
                           en="The position is not after the day of signing"), _position(report)),
            ("period", t("Periode tertulis lengkap", en="The period is named"), _period(report)),
            ("same", t("Angka yang sama di teks, tabel, dan lampiran",
                       en="The same figure in text, table and annex"), _differing(report)),
            ("writing", t("Penulisan angka seragam (1.619; 30,6%)", en="Numbers are written in one way"),
             _writing(report)),
            ("blocks", t("Setiap platform punya bagian", en="Every platform has a section"),
             _blocks(report, material)),
            ("links", t("Tautan pada bio akun menuju situs kantor", en="The accounts' bios lead to the office's site"),
             _links(material)),
            ("previous", t("Data dasar cocok dengan laporan sebelumnya", en="The bases agree with the last report"),
             _previous(report, previous)),
            ("base", t("Tidak ada data dasar hitungan balik", en="No base was worked back"), _derived(report)),
            ("held", t("Tidak ada angka yang menunggu konfirmasi", en="No figure waits to be confirmed"),
             _held(report)),
            ("signer", t("Tempat, tanggal, jabatan, dan nama terisi", en="Place, date, role and name are filled in"),
             _signer(report)),
        )
    )  # fmt: skip


def _percentages(report: Report) -> list[str]:
    """Reckon every printed percentage again, from the printed integers alone."""
    return [
        f"{figure.code}: {figure.percent} ≠ {again}"
        for figure in report.figures
        for again in [_again(figure)]
        if again is not None and again not in figure.percent
    ]


def _again(figure: Figure) -> str | None:
    """Return the percentage of two printed whole numbers; None where no plain one can be had from them."""
    if figure.percent == formats.NONE or {str(Flag.MEAN_PER_DAY), str(Flag.INTERVAL)} & set(figure.flags):
        return None
    ends = [_whole(text) for text in (figure.base, figure.value)]
    if ends[0] is None or ends[1] is None or ends[0] <= 0:
        return None
    percent = (ends[1] - ends[0]) * 100 / ends[0]
    size = abs(percent).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if 0 < abs(percent) < Decimal("0.05"):
        return "0,1%" if report_comma(figure) else "0.1%"
    text = str(size)
    return f"{text.replace('.', ',')}%" if report_comma(figure) else f"{text}%"


def report_comma(figure: Figure) -> bool:
    """Whether a figure's percentage is written with a comma, as in Indonesian."""
    return "," in figure.percent


def _whole(text: str) -> Decimal | None:
    if not _WHOLE.match(text):
        return None
    return Decimal(text.replace(".", "").replace(",", "").replace(formats.MINUS, "-"))


def _undated(report: Report) -> list[str]:
    return [
        f"{figure.code} {figure.label}"
        for figure in report.figures
        if figure.value != formats.NONE and figure.value_at in ("", formats.NONE)
    ]


def _position(report: Report) -> list[str]:
    signed = _day_of(report.sign_off.date)
    if signed is None or report.position.date() <= signed:
        return []
    return [f"{report.position_text} > {report.sign_off.date}"]


def _day_of(text: str) -> date | None:
    """Read the last day that a date of signing may mean: a day, or a month's last."""
    for year in range(2000, 2100):
        if str(year) not in text:
            continue
        for month in range(1, 13):
            name = formats.month(date(year, month, 1)).split()[0]
            if name.casefold() not in text.casefold():
                continue
            number = re.match(r"\s*(\d{1,2})\s", text)
            after = date(year + month // 12, month % 12 + 1, 1)
            last = date.fromordinal(after.toordinal() - 1)
            return date(year, month, min(int(number[1]), last.day)) if number else last
    return None


def _period(report: Report) -> list[str]:
    return [] if report.period_text.strip() else [report.period]


def _differing(report: Report) -> list[str]:
    """Compare each cell that shows a figure with the figure itself."""
    figures = {figure.code: figure for figure in report.figures}
    found = []
    for cell in _cells(report):
        figure = figures.get(cell.code)
        if cell.code and (figure is None or figure.value != cell.text):
            found.append(f"{cell.code}: {cell.text}")
    for block in report.blocks():
        if isinstance(block, Paragraph):
            stated = [figures[code].value for code in block.codes if code in figures]
            found += [
                f"{value}: {block.text[:60]}" for value in stated if value != formats.NONE and value not in block.text
            ]
    return found


def _cells(report: Report) -> Iterator[Cell]:
    for block in report.blocks():
        if isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row)


def _writing(report: Report) -> list[str]:
    texts = [block.text for block in report.blocks() if isinstance(block, Paragraph)]
    return [fault for text in texts for fault in find_faults(text, report.language)]


def _blocks(report: Report, material: Material) -> list[str]:
    there = {section.platform for section in report.sections if section.platform}
    return [account.platform for account in material.accounts if account.slug not in there]


def _links(material: Material) -> list[str]:
    return [
        f"{account.platform}: {account.bio_link or formats.NONE}"
        for account in material.accounts
        if account.names_site is False
    ]


def _previous(report: Report, previous: Report | None) -> list[str]:
    """Compare each base with what the last report printed for the same thing."""
    if previous is None:
        return []
    printed = {(one.platform, one.account, one.label): one for one in previous.figures}
    found = []
    for figure in report.figures:
        before = printed.get((figure.platform, figure.account, figure.label))
        if before is None or figure.base in (formats.NONE, before.value) or before.value == formats.NONE:
            continue
        found.append(
            t(
                f"{figure.platform} {figure.label}: laporan {previous.period} mencantumkan {before.value} "
                f"per {before.value_at}, data dasar kini {figure.base}",
                en=f"{figure.platform} {figure.label}: the report of {previous.period} printed {before.value} "
                f"on {before.value_at}, the base is now {figure.base}",
            )
        )
    return found


def _derived(report: Report) -> list[str]:
    return [f"{one.platform} {one.label}: {one.base}" for one in report.figures if str(Flag.DERIVED_BASE) in one.flags]


def _held(report: Report) -> list[str]:
    return [f"{one.platform} {one.label}" for one in report.figures if str(Flag.HELD) in one.flags]


def _signer(report: Report) -> list[str]:
    signed = report.sign_off
    fields = {
        t("tempat", en="place"): signed.place,
        t("tanggal", en="date"): signed.date,
        t("jabatan", en="role"): signed.role,
        t("nama", en="name"): signed.name,
    }
    return [name for name, text in fields.items() if not text.strip()]
