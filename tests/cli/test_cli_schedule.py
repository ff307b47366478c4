"""`collector schedule`, as the office's person meets it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from office import Office

from collector.clock import SetClock
from collector.language import use


@pytest.fixture
def office(office_with: Callable[..., Office]) -> Office:
    """An office with two accounts, one of which has to be asked twice a day."""
    return office_with("x", "instagram")


def rows(office: Office) -> dict[str, dict]:
    """Return what `schedule show` says by platform."""
    return {one["platform"]: one for one in office.run("schedule", "show", "--json").json["accounts"]}


def hours(row: dict) -> list[str]:
    """Return the hours of the next times."""
    return [moment[11:13] for moment in row["next"]]


def test_new_accounts_are_due_at_once_and_then_by_the_default(office: Office) -> None:
    """The next times of each are shown before anything ever ran, and that nothing will run by itself yet."""
    said = office.run("schedule", "show", "--json")
    assert said.json["service"] is False
    shown = rows(office)

    assert (shown["x"]["rule"], shown["x"]["from"], shown["x"]["last_run"]) == ("daily 02:30", "default", None)
    assert shown["instagram"]["rule"] == "daily 02:30,14:30"
    assert [shown[one]["is_due"] for one in ("x", "instagram")] == [True, True]
    assert hours(shown["x"]) in (["10", "02", "02"], ["10", "03", "03"])
    text = office.run("schedule", "show")
    assert re.search(r"segera, 06/01 0[23]:\d\d, 07/01 0[23]:\d\d WIB", text.out)
    assert "harian 02:30,14:30" in text.out
    assert "Layanan tidak berjalan" in text.err


def test_after_a_run_its_outcome_and_the_real_next_times_are_shown(office: Office) -> None:
    """What is shown is what will be: the due time of the store first."""
    ended = office.collect()
    shown = rows(office)

    assert shown["x"]["last_outcome"] == "ok"
    assert shown["x"]["last_run"].startswith("2027-01-05T10:0")
    assert shown["x"]["is_due"] is False
    assert datetime.fromisoformat(shown["x"]["next"][0]) - datetime.fromisoformat(ended["x"]["next_due"]) < timedelta(
        seconds=1
    )
    first, second, third = (datetime.fromisoformat(moment) for moment in shown["instagram"]["next"])
    assert first < second < third < first + timedelta(days=1, hours=1)
    assert "berhasil" in office.run("schedule", "show").out


def test_the_narrowest_rule_holds_and_resetting_gives_the_wider_one_back(office: Office) -> None:
    """For all, for an office, a platform, an account; set in one line each."""
    office.collect()
    office.run("schedule", "set", "daily", "04:00")
    office.run("schedule", "set", "daily 05:00", "--office", "default")
    office.run("schedule", "set", "weekly mon 06:00", "--platform", "x")
    said = office.run("schedule", "set", "harian", "07:15", "--account", "@KPU_Contoh", "--platform", "x")
    assert "harian 07:15 berlaku untuk 1 akun" in said.out
    shown = rows(office)
    assert (shown["x"]["from"], shown["instagram"]["from"]) == ("account", "office")
    assert shown["x"]["next"][0] == "2027-01-06T07:15:00+07:00"  # to the minute
    assert shown["instagram"]["next"][0][:13] == "2027-01-06T05"

    office.run("schedule", "reset", "--account", "kpu_contoh", "--platform", "x")
    assert (rows(office)["x"]["from"], rows(office)["x"]["next"][0][:10]) == ("platform", "2027-01-11")
    office.run("schedule", "reset", "--platform", "x")
    office.run("schedule", "reset", "--office", "default")
    assert {one["from"] for one in rows(office).values()} == {"all"}
    office.run("schedule", "reset")
    assert {one["from"] for one in rows(office).values()} == {"default"}
    assert "Tidak ada jadwal khusus" in office.run("schedule", "reset").out


def test_a_rule_that_asks_too_seldom_is_taken_and_said(office: Office) -> None:
    """A story's figures are gone after a day: whoever asks once a day may miss them."""
    office.run("schedule", "show")
    said = office.run("schedule", "set", "daily", "03:00")

    assert "Instagram" in said.err
    assert "story" in said.err
    assert "X " not in said.err
    assert office.run("schedule", "set", "daily 03:00,15:00").err == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("cron", "30 2 * * 1"), "bukan angka"),
        (("cron", "30", "2", "a", "b", "*", "*", "*"), "diapit tanda kutip"),
        (("kadang-kadang",), "tidak dikenal"),
        (("daily", "02:30", "--platform", "y"), "Platform y tidak dikenal"),
        (("daily", "02:30", "--platform", "youtube"), "Belum ada akun youtube"),
        (("daily", "02:30", "--account", "kpu_conto"), "kpu_contoh"),
        (("daily", "02:30", "--office", "lain"), "Kantor lain tidak ada"),
    ],
)
def test_what_cannot_be_meant_changes_nothing(office: Office, words: tuple[str, ...], sentence: str) -> None:
    """One sentence, and exit status 2."""
    office.run("schedule", "show")
    said = office.run("schedule", "set", *words, status=2)

    assert sentence in said.err
    assert said.err.count("\n") == 1
    assert office.rows("SELECT count(*) FROM schedules") == [(0,)]


def test_a_paused_account_has_no_next_time(office: Office) -> None:
    """It is in the list, so that nobody wonders."""
    office.collect("--platform", "x")
    office.run("accounts", "pause", "kpu_contoh", "--platform", "x")

    assert rows(office)["x"]["next"] == []
    assert "dijeda" in office.run("schedule", "show").out


def test_the_rules_can_be_read_in_english(office: Office, clock: SetClock) -> None:
    """For whoever helps from outside."""
    office.run("schedule", "show")
    use("en")
    said = office.run("schedule", "set", "weekly", "sen,kam", "03:00", status=2)
    assert "weekday" in said.err
    office.run("schedule", "set", "mingguan", "senin,kamis", "03:00")

    assert "weekly mon,thu 03:00" in office.run("schedule", "show").out
    assert clock.now().year == 2027
