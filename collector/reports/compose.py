"""From material to the report: which sections there are, in which order. Pure, and the same for the same material."""

from collections.abc import Mapping

from collector.language import t
from collector.reports import formats
from collector.reports.annex import compose_annex
from collector.reports.evidence import Figures
from collector.reports.material import Material
from collector.reports.model import Block, Bullets, Paragraph, Report, Section, SignOff
from collector.reports.narrative import Text
from collector.reports.notes import compose_notes
from collector.reports.outages import propose_obstacles
from collector.reports.platforms import compose_platform
from collector.reports.recap import compose_recap


def compose(material: Material, version: int = 1) -> Report:
    """Compose a report. Its checks and what changed since the last version are added by whoever makes it."""
    figures = Figures(f"{material.office}|{material.period.name}")
    narrative = material.narrative
    sections = [
        _introduction(material),
        compose_recap(material, figures),
        *(compose_platform(account, material, figures) for account in material.accounts),
        _written("obstacles", t("Kendala", en="Obstacles"), _obstacles(material)),
        _written("solutions", t("Solusi", en="Solutions"), narrative.part("solutions")),
        compose_notes(material),
        _written("closing", t("Penutup", en="Closing"), narrative.part("closing")),
        compose_annex(figures.list_all()),
    ]
    fields = narrative.fields
    title = fields.get("title") or t(
        f"Laporan Penggunaan Media Sosial {material.office_name}",
        en=f"Report on the Use of Social Media of {material.office_name}",
    )
    return Report(
        language=material.language,
        office=material.office,
        office_name=material.office_name,
        seat=material.seat,
        title=title,
        period=material.period.name,
        against=material.against.name,
        period_text=formats.period(material.period),
        position=material.position,
        position_text=formats.moment(material.position, material.zone),
        made_at=material.made_at,
        version=version,
        sections=tuple(section for section in sections if section.blocks or section.sections),
        figures=figures.list_all(),
        sign_off=SignOff(
            fields.get("place") or material.seat, fields.get("date", ""), _role(fields), fields.get("name", "")
        ),
    )


def _role(fields: Mapping[str, str]) -> str:
    """Return who signs, with "Plt." or "Plh." before it where somebody stands in."""
    return " ".join(part for part in (fields.get("acting", ""), fields.get("role", "")) if part)


def _introduction(material: Material) -> Section:
    text = material.narrative.part("introduction")
    names = ", ".join(f"{account.platform} ({account.handle})" for account in material.accounts)
    about = t(
        f"Laporan ini memuat {formats.period(material.period)} dengan posisi data "
        f"{formats.moment(material.position, material.zone)}. Akun yang dilaporkan: {names}.",
        en=f"This report is of {formats.period(material.period)}, with its data as of "
        f"{formats.moment(material.position, material.zone)}. The accounts: {names}.",
    )
    blocks: list[Block] = [*_blocks(text), Paragraph(about)]
    return Section("introduction", t("Pendahuluan", en="Introduction"), tuple(blocks))


def _obstacles(material: Material) -> Text:
    """Return what people wrote; where that is nothing, what the program's own log proposes."""
    written = material.narrative.part("obstacles")
    return Text(items=propose_obstacles(material)) if written.is_empty else written


def _written(key: str, title: str, text: Text) -> Section:
    return Section(key, title, tuple(_blocks(text)))


def _blocks(text: Text) -> list[Block]:
    blocks: list[Block] = [Paragraph(paragraph) for paragraph in text.paragraphs]
    if text.items:
        blocks.append(Bullets(text.items, is_numbered=True))
    return blocks
