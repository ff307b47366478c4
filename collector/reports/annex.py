"""The annex of evidence: every figure with its code, its arithmetic and the readings behind it."""

from collector.language import t
from collector.reports.model import Align, Cell, Column, Evidence, Figure, Paragraph, Section, Table


def compose_annex(figures: tuple[Figure, ...]) -> Section:
    """Make the annex."""
    columns = (
        Column(t("Kode", en="Code")), Column(t("Angka", en="Figure")), Column(t("Nilai", en="Value"), Align.RIGHT),
        Column(t("Posisi", en="Of")), Column(t("Perhitungan", en="Arithmetic")), Column(t("Sumber", en="Source")),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(figure.code), Cell(f"{figure.platform} {figure.account}: {figure.label}"), Cell(figure.value),
            Cell(figure.value_at), Cell(figure.formula), Cell(_source(figure)),
        )
        for figure in figures
    )  # fmt: skip
    explained = Paragraph(
        t(
            "Setiap angka dapat ditelusuri sampai jawaban platform atau catatan yang menjadi sumbernya dengan "
            "perintah: collector trace KODE.",
            en="Every figure can be traced to the platform's answer or the entry it stands in with: "
            "collector trace CODE.",
        )
    )
    table = Table(t("Bukti tiap angka", en="The evidence of each figure"), columns, rows)
    return Section("evidence", t("Lampiran: Bukti Angka", en="Annex: Evidence"), (explained, table))


def _source(figure: Figure) -> str:
    return "; ".join((*(_selection(one) for one in figure.evidence), *figure.remarks))


def _selection(evidence: Evidence) -> str:
    codes = " … ".join(evidence.codes) if evidence.count > len(evidence.codes) else ", ".join(evidence.codes)
    if evidence.count == 1:
        return codes
    return t(f"{evidence.count} catatan {codes}", en=f"{evidence.count} readings {codes}")
