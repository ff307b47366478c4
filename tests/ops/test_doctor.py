"""The doctor: each thing that can be wrong is found by itself, under its own lasting id."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector import language
from collector.clock import SetClock
from collector.collect.run import Checked
from collector.ops.doctor import Doctor, Finding
from collector.platforms import get_connector
from collector.settings import HOME, KEY_FILE, Settings, load
from collector.store.ledger import Kept
from collector.wiring import Application

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)

Examine = Callable[..., list[Finding]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of a home with its key beside it."""
    return load({HOME: str(tmp_path / "home"), KEY_FILE: str(tmp_path / "outside" / "key")})


@pytest.fixture
def application(settings: Settings, clock: SetClock) -> Iterator[Application]:
    """Open a healthy home without accounts."""
    with Application.open(settings, clock=clock) as opened:
        yield opened


@pytest.fixture
def examine(application: Application) -> Examine:
    """Examine the home, with some of what the doctor is given replaced."""

    def look(*checked: Checked, settings: Settings | None = None) -> list[Finding]:
        return Doctor(
            settings or application.settings, application.store, application.queries, application.clock,
            lambda: list(checked),
        ).examine()  # fmt: skip

    return look


def ids(findings: list[Finding]) -> list[tuple[str, str]]:
    """Return what was found, by id and level."""
    return [(one.id, one.level) for one in findings]


def keep_answer(application: Application, sent_at: datetime, headers: dict[str, str]) -> None:
    """Keep an answer as if a platform had given it."""
    run_id = application.ledger.begin_run("check", "", "test", sent_at)
    request = {"api": "graph", "method": "GET", "path": "/"}
    application.ledger.keep_exchange(Kept(run_id, None, 0, 1, "facebook", request, 200, headers, sent_at, 1, b"{}"))


def test_a_healthy_home_has_no_finding(examine: Examine) -> None:
    """A doctor who always finds something is soon not asked any more."""
    assert examine(Checked("x", "kpu", True, "KPU")) == []


def test_a_home_that_cannot_be_written_is_found(examine: Examine, settings: Settings, tmp_path: Path) -> None:
    """A full or read-only disk stops everything."""
    (tmp_path / "file").write_text("")
    (tmp_path / "file").chmod(0o600)

    (finding,) = examine(settings=replace(settings, home=tmp_path / "file"))

    assert (finding.id, finding.level) == ("home.writable", "error")
    assert str(tmp_path / "file") in finding.what


@pytest.mark.parametrize("mode, found", [(0o700, False), (0o750, True), (0o701, True), (0o755, True)])
def test_a_home_that_others_may_enter_is_found(examine: Examine, settings: Settings, mode: int, found: bool) -> None:
    """Answers of platforms and figures before they are published lie in there."""
    settings.home.chmod(mode)

    assert ids(examine()) == ([("home.private", "warning")] if found else [])


def test_a_database_of_another_version_is_found(examine: Examine, settings: Settings) -> None:
    """A restored older copy under a newer program, or the other way round."""
    with closing(sqlite3.connect(settings.home / "collector.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
        database.commit()

    (finding,) = examine()

    assert (finding.id, finding.level) == ("database.version", "error")
    assert "0000" in finding.what


def test_a_missing_key_matters_only_where_something_is_sealed(
    examine: Examine, application: Application, settings: Settings
) -> None:
    """Before anything is connected there is no key, and nothing wrong with that."""
    account = application.accounts.ensure(application.accounts.get_office(None), get_connector("x"), "kpu")
    application.vault.seal(account.id, {"refresh_token": "a-secret-of-somebody"})
    assert examine() == []

    settings.key_file.unlink()

    assert ids(examine()) == [("key.missing", "error")]


def test_a_key_that_cannot_be_read_is_a_finding_and_no_end(examine: Examine, settings: Settings) -> None:
    """Who examines as somebody else than the service's user must still be told the rest."""
    settings.home.chmod(0o755)
    (settings.home / "file").write_text("")

    found = examine(settings=replace(settings, key_file=settings.home / "file" / "key"))

    assert ids(found) == [("home.private", "warning"), ("key.unreadable", "error")]


@pytest.mark.parametrize("mode, found", [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_a_key_that_others_can_read_is_found(examine: Examine, settings: Settings, mode: int, found: bool) -> None:
    """Who reads the key opens every sealed sign-in."""
    settings.key_file.parent.mkdir()
    settings.key_file.write_text("key")
    settings.key_file.chmod(mode)

    assert ids(examine()) == ([("key.mode", "error")] if found else [])


def test_a_key_inside_the_home_is_found(examine: Examine, settings: Settings) -> None:
    """A backup of the home would carry the key along, and the seal would be worth nothing."""
    inside = settings.home / "keys" / "key"
    beside = Path(f"{settings.home}-key")
    for path in (inside, beside):
        path.parent.mkdir(exist_ok=True)
        path.write_text("key")
        path.chmod(0o600)

    assert ids(examine(settings=replace(settings, key_file=inside))) == [("key.place", "warning")]
    assert examine(settings=replace(settings, key_file=beside)) == []


def test_a_clock_before_this_program_was_written_is_found(examine: Examine, clock: SetClock) -> None:
    """An empty battery sets old machines back to their first year."""
    clock.move_to(datetime(2026, 10, 31, 23, 59, tzinfo=UTC))
    assert ids(examine()) == [("clock.behind", "error")]

    clock.move_to(datetime(2026, 11, 1, 0, 1, tzinfo=UTC))
    assert examine() == []


def test_a_clock_behind_the_newest_answer_is_found(examine: Examine, application: Application, clock: SetClock) -> None:
    """Figures would be dated before those that are there already; a few minutes are forgiven."""
    keep_answer(application, NOW, {})

    clock.move_to(NOW - timedelta(minutes=4))
    assert examine() == []
    clock.move_to(NOW - timedelta(minutes=6))
    assert ids(examine()) == [("clock.behind", "error")]


@pytest.mark.parametrize("minutes, said", [(6, "6 menit lebih cepat"), (-6, "6 menit lebih lambat"), (4, ""), (-4, "")])
def test_a_clock_that_differs_from_the_platforms_is_found(
    examine: Examine, application: Application, minutes: int, said: str
) -> None:
    """Windows of sign-ins and days of figures are cut by it; the newest answer that names its time decides."""
    keep_answer(application, NOW - timedelta(days=2), {"date": "Mon, 02 Nov 2026 03:00:00 GMT"})
    theirs = (NOW - timedelta(minutes=minutes)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    keep_answer(application, NOW, {"date": theirs})
    keep_answer(application, NOW, {"content-type": "application/json"})

    found = examine()

    assert ids(found) == ([("clock.drift", "error")] if said else [])
    assert not said or said in found[0].what


@pytest.mark.parametrize("date_", ["yesterday", ""])
def test_a_time_that_cannot_be_read_is_no_finding(examine: Examine, application: Application, date_: str) -> None:
    """A platform's odd header is not the office's fault."""
    keep_answer(application, NOW, {"date": date_})

    assert examine() == []


def test_each_account_that_does_not_answer_is_found(examine: Examine) -> None:
    """With the platform's own words, and which account it is."""
    found = examine(
        Checked("x", "kpu", True, "KPU"), Checked("youtube", "UC1", False, "sambung ulang"),
        Checked("facebook", "7", False, "no"),
    )  # fmt: skip

    assert ids(found) == [("account.answer", "error")] * 2
    assert [one.what for one in found] == ["youtube UC1: sambung ulang", "facebook 7: no"]


def test_a_bio_that_does_not_name_the_offices_site_is_found(examine: Examine) -> None:
    """With the address it names instead; where nothing can be compared, nothing is said."""
    found = examine(
        Checked("x", "satu", True, "KPU", "https://lama.example", False), Checked("x", "dua", True, "KPU", "", False),
        Checked("x", "tiga", True, "KPU", "https://kpu.example", True), Checked("x", "empat", True, "KPU", None, None),
        Checked("x", "lima", True, "KPU", "https://kpu.example", None),
    )  # fmt: skip

    assert ids(found) == [("account.bio", "warning")] * 2
    assert ["lama.example" in one.what for one in found] == [True, False]


def test_a_setting_that_nobody_knows_is_found(examine: Examine, settings: Settings) -> None:
    """A mistyped name has no effect, which is the hardest fault to see."""
    found = examine(settings=replace(settings, warnings=("Pengaturan X tidak dikenal.", "Pengaturan Y.")))

    assert ids(found) == [("settings.unknown", "warning")] * 2
    assert found[0].what == "Pengaturan X tidak dikenal."


def test_findings_speak_both_languages(examine: Examine, settings: Settings, clock: SetClock) -> None:
    """Each with what, why and how to mend it."""
    settings.home.chmod(0o755)
    clock.move_to(datetime(2020, 1, 1, tzinfo=UTC))
    answers = [Checked("x", "kpu", False, "-"), Checked("x", "lain", True, "", "a.example", False)]

    indonesian = [one.plain() for one in examine(*answers)]
    language.use("en")
    english = [one.plain() for one in examine(*answers)]

    assert [one["id"] for one in indonesian] == [one["id"] for one in english]
    for first, second in zip(indonesian, english, strict=True):
        assert set(first) == {"id", "level", "what", "why", "mend"}
        assert all(first.values())
        assert first["why"] != second["why"]
