"""The outages in the report: as facts in the notes, and as a proposal where nobody wrote of obstacles."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from report_office import make

from collector import language
from collector.growth.periods import parse_period, previous
from collector.reports.archive import dump
from collector.reports.material import Material, Outage
from collector.reports.model import Bullets, Report
from collector.reports.narrative import Narrative
from collector.reports.outages import list_notes, propose_obstacles
from collector.wiring import Application

PONTIANAK = ZoneInfo("Asia/Pontianak")
BEGIN = datetime(2022, 9, 1, 8, 0, tzinfo=PONTIANAK)


def lines(count: int, hours: float) -> list[Outage]:
    """Make outages of the line, a day apart."""
    return [
        Outage("line", BEGIN + timedelta(days=day), BEGIN + timedelta(days=day, hours=hours)) for day in range(count)
    ]


@pytest.fixture
def material(pontianak: Application) -> Material:
    """Return the material of an office's report, without any outage."""
    office = pontianak.accounts.get_office(None)
    accounts = pontianak.queries.list_accounts(office_id=office.id)
    period, now = parse_period("2022-S2"), pontianak.clock.now()
    return pontianak.reporting.gatherer.gather(office, accounts, period, previous(period), now, Narrative(), now)


def test_the_line_is_counted_summed_and_its_longest_outages_named(material: Material) -> None:
    """The sentence that staff write by hand today, from the log."""
    [note] = list_notes(replace(material, outages=(*lines(8, 2), Outage("line", *_span(20, 15)))))

    assert note.startswith("Jaringan terputus 9 kali, total 31 jam: ")
    assert "21 September 2022, pukul 08.00 WIB – 21 September 2022, pukul 23.00 WIB" in note
    assert note.endswith("; dan 4 lainnya.")


def _span(day: int, hours: float) -> tuple[datetime, datetime]:
    return BEGIN + timedelta(days=day), BEGIN + timedelta(days=day, hours=hours)


def test_a_computer_that_is_off_at_night_is_no_news_and_a_week_is(material: Material) -> None:
    """The nights are counted; only what was a day or longer is named."""
    nights = [Outage("power", *_span(day, 15)) for day in range(30)]
    [note] = list_notes(replace(material, outages=tuple(nights)))
    assert "30 kali, total 450 jam; yang sehari atau lebih 0 kali. " in note
    assert propose_obstacles(replace(material, outages=tuple(nights))) == ()

    with_week = (*nights, Outage("power", *_span(40, 168)))
    [note] = list_notes(replace(material, outages=with_week))
    assert "sehari atau lebih 1 kali: 11 Oktober 2022, pukul 08.00 WIB – 18 Oktober 2022" in note
    [proposed] = propose_obstacles(replace(material, outages=with_week))
    assert proposed.startswith("Komputer pengumpul mati sehari atau lebih 1 kali, total 168 jam (usulan")


def test_no_outage_is_no_sentence(material: Material) -> None:
    """Nothing is said of what did not happen; and a short one is not nothing."""
    assert list(list_notes(material)) == []
    assert propose_obstacles(material) == ()
    [note] = list_notes(replace(material, outages=tuple(lines(1, 0.1))))
    assert "1 kali, total kurang dari 1 jam" in note
    [note] = list_notes(replace(material, outages=tuple(lines(1, 2.5))))
    assert "1 kali, total 3 jam" in note, "halves are rounded away from zero, as everywhere"
    language.use("en")
    [note] = list_notes(replace(material, outages=tuple(lines(1, 3))))
    assert note.startswith("The line was down once, 3 hours in all: ")


@pytest.fixture
def troubled(application: Application) -> Application:
    """An office with a figure of each semester and outages within, across and outside the second one."""
    for day, hours in ((-100, 30), (2, 5), (4, 4)):
        since, until = _span(day, hours)
        application.outages.open_line(since, since)
        application.outages.close_line(until)
    since, until = _span(100, 0)[0], _span(200, 0)[0]  # into the year after
    application.outages.note_power(since, until)
    return application


def _section(report: Report, key: str) -> list[str]:
    sections = [section for section in report.sections if section.key == key]
    return [item for one in sections for block in one.blocks if isinstance(block, Bullets) for item in block.items]


def test_the_report_has_the_outages_of_its_period_alone(troubled: Application) -> None:
    """What reaches beyond it is counted up to its end."""
    troubled.accounts.get_office(None)
    report = make(troubled).report
    notes = _section(report, "notes")

    assert any(note.startswith("Jaringan terputus 2 kali, total 9 jam") for note in notes)
    [power] = [note for note in notes if note.startswith("Komputer")]
    hours = (datetime(2023, 1, 1, tzinfo=PONTIANAK) - _span(100, 0)[0]) / timedelta(hours=1)
    assert f"1 kali, total {hours:.0f} jam" in power
    assert [one[:24] for one in _section(report, "obstacles")] == [
        "Jaringan terputus 2 kali",
        "Komputer pengumpul mati ",
    ]
    assert dump(report) == dump(make(troubled).report)


def test_what_people_wrote_stands_alone(troubled: Application) -> None:
    """The proposal is for who wrote nothing; it must never be added to what somebody will sign."""
    office = troubled.accounts.get_office(None)
    path = troubled.settings.home / "naskah" / office.slug / "2022-S2.md"
    path.parent.mkdir(parents=True)
    path.write_text("## Kendala\n- Petugas merangkap jabatan lain\n", "utf-8")

    assert _section(make(troubled).report, "obstacles") == ["Petugas merangkap jabatan lain"]
