"""`collector growth`: the real reports computed right, and what is said where nothing can be computed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from office import Office

EXAMPLES = Path(__file__).parents[2] / "examples"


def changes(office: Office, *arguments: str) -> dict[tuple[str, str], dict[str, Any]]:
    said = office.run("growth", *arguments, "--json").json
    return {(one["platform"], one["measure"]): one for one in said["changes"]}


@pytest.fixture
def reports(bare: Office) -> Office:
    """An office that took over the two real reports."""
    for name in ("pontianak-2022", "kayong-utara-2021"):
        bare.run("import", str(EXAMPLES / f"{name}.csv"))
    return bare


def test_the_pontianak_report(reports: Office) -> None:
    """Two of its four printed percentages are wrong: 14,1 is 19,7, and 3,1 is 3,2."""
    found = changes(reports, "2022-S2", "--office", "kota-pontianak")
    followers = {slug: one for (slug, measure), one in found.items() if measure == "followers:account:now"}

    assert {
        slug: (one["base"], one["end"], one["difference"], one["percent"]) for slug, one in followers.items()
    } == {
        "x": (314, 376, 62, "19.7"),
        "facebook": (1652, 1689, 37, "2.2"),
        "instagram": (1240, 1619, 379, "30.6"),
        "youtube": (31, 32, 1, "3.2"),
        "tiktok": (None, 129, None, None),
    }  # fmt: skip
    assert (followers["facebook"]["difference_from"], followers["facebook"]["difference_to"]) == (36, 37)
    assert followers["x"]["base_at"] == "2022-06"
    assert followers["x"]["end_at"] == "2022-12-28T14:24:00+07:00"
    assert set(followers["youtube"]["flags"]) == {"derived_base", "small_base", "manual"}
    assert followers["tiktok"]["flags"] == ["no_base", "manual"]
    assert found["facebook", "reach:account:28d"]["end_days"] == {
        "first": "2022-12-01", "last": "2022-12-28", "days": 28, "recorded": 28}  # fmt: skip


def test_the_pontianak_report_in_words(reports: Office) -> None:
    """What a person reads is what goes into the report."""
    said = reports.run("growth", "2022-S2", "--office", "kota-pontianak", "--platform", "twitter").out

    assert "naik 62 (19,7%; data dasar dihitung balik dari laporan) dari 314 (laporan Juni 2022" in said
    assert "Semester II (Juli–Desember) 2022" in said


def test_the_kayong_utara_report_has_positions_only(reports: Office) -> None:
    """Undated positions of one June; nothing to compare them with."""
    found = changes(reports, "2021-S1", "--office", "kabupaten-kayong-utara")

    assert {slug: one["end"] for (slug, _), one in found.items()} == {
        "instagram": 1030, "facebook": 659, "x": 350, "youtube": 25}  # fmt: skip
    assert all(one["percent"] is None and "no_base" in one["flags"] for one in found.values())


def test_it_is_the_base_of_the_next_report(reports: Office) -> None:
    """June 2021, without a day, is a base that does not age."""
    record = ("record", "--office", "kabupaten-kayong-utara", "--platform", "instagram", "--account",
              "kpukayongutarakab", "--metric", "followers", "--value", "1100", "--at", "2021-12-30")  # fmt: skip
    reports.run(*record)

    found = changes(reports, "2021-S2", "--office", "kabupaten-kayong-utara", "--platform", "instagram")

    (one,) = found.values()
    assert (one["base"], one["difference"], one["percent"]) == (1030, 70, "6.8")


def test_what_was_collected_is_compared_day_by_day(collected: Office) -> None:
    """Two years of a Page's days are there: its half-year sums are compared, each with its days."""
    found = changes(collected, "2026-S2", "--platform", "facebook")
    views = found["facebook", "views:account:day"]

    days = collected.readings("--platform", "facebook", "--metric", "views")
    sums = {
        half: sum(one["value"] for one in days
                  if one["precision"] == "day" and not one["post"] and first <= one["at"] <= last)
        for half, first, last in (("base", "2026-01-01", "2026-06-30"), ("end", "2026-07-01", "2026-12-31"))
    }  # fmt: skip
    assert {"base": views["base"], "end": views["end"]} == sums
    assert (views["base_days"]["recorded"], views["end_days"]["recorded"]) == (181, 184)
    assert "mean_per_day" in views["flags"]


def test_a_position_and_a_knowledge_of_the_past(reports: Office, clock: Any) -> None:
    """A figure corrected today is the old one as it was known before."""
    before = clock.now()
    clock.sleep(3600)
    reports.run("record", "--office", "kota-pontianak", "--platform", "tiktok", "--account", "kpukotapontianak",
                "--metric", "followers", "--value", "130", "--at", "2022-12-28T14:24+07:00")  # fmt: skip
    key = ("tiktok", "followers:account:now")
    arguments = ("2022-S2", "--office", "kota-pontianak", "--platform", "tiktok")

    assert changes(reports, *arguments)[key]["end"] == 130
    assert changes(reports, *arguments, "--as-of", before.isoformat())[key]["end"] == 129
    assert changes(reports, *arguments, "--position", "2022-12-27")[key]["flags"] == ["no_reading_in_period"]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("2022-S3",), "Periode 2022-S3 tidak dikenal"),
        (("2022-S2", "--against", "2022"), "harus berakhir sebelum periodenya mulai"),
        (("2022-S2", "--platform", "friendster"), "friendster tidak dikenal"),
        (("2022-S2", "--position", "besok"), "besok"),
    ],
)
def test_a_wrong_question_gets_one_sentence(reports: Office, arguments: tuple[str, ...], part: str) -> None:
    """What, where, how to mend it."""
    said = reports.run("growth", *arguments, "--office", "kota-pontianak", status=2)

    assert part in said.err
    assert "Traceback" not in said.err


def test_an_office_without_accounts_is_told_so(bare: Office) -> None:
    """An empty table would look like no growth."""
    assert "Belum ada akun" in bare.run("growth", "2022-S2", status=2).err


def test_a_year_ago_and_the_last_days(collected: Office) -> None:
    """The same period a year earlier; the last 28 whole days against the 28 before."""
    said = collected.run("growth", "2026-S2", "--against", "year", "--platform", "facebook", "--json").json
    rolling = collected.run("growth", "28d", "--platform", "facebook", "--json").json

    assert (said["period"], said["against"]) == ("2026-S2", "2025-S2")
    assert rolling["period"] == "2026-12-09..2027-01-05"
    assert rolling["against"] == "2026-11-11..2026-12-08"


def test_offices_are_told_apart(reports: Office, office_with: Callable[..., Office]) -> None:
    """Two offices in one home: one has to be named."""
    assert "--office" in reports.run("growth", "2022-S2", status=2).err
