"""From a code to the answer: also where something on the way is no longer there."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from collector import language
from collector.clock import SetClock
from collector.errors import SelectionError
from collector.figures.codes import reading_code
from collector.figures.trace import trace_reading
from collector.importers.service import Importer
from collector.settings import HOME, KEY_FILE, load
from collector.store.history import Wanted
from collector.wiring import PROGRAM, Application

TABLE = b"platform,account,metric,value,at,mark\nig,a,followers,1240,2026-06,derived\nx,b,followers,7,2026-06,\n"


@pytest.fixture
def opened(tmp_path: Path, clock: SetClock) -> Iterator[Application]:
    """A home with two typed figures."""
    file = tmp_path / "angka.csv"
    file.write_bytes(TABLE)
    settings = load({HOME: str(tmp_path / "home"), KEY_FILE: str(tmp_path / "key")})
    with Application.open(settings, clock=clock) as application:
        importer = Importer(application.accounts, application.ledger, settings.home, PROGRAM)
        importer.import_file(file, office=None, dry_run=False)
        yield application


def code_of(opened: Application, platform: str) -> str:
    """Return the code of the only reading of a platform."""
    (one,) = opened.history.list_readings(Wanted(platform=platform))
    return reading_code(one.series_id, one.at)


def test_a_typed_figure_is_told_with_its_meaning_and_its_file(opened: Application) -> None:
    """A reader of the report asks: what is this number, and who says so?"""
    traced = trace_reading(code_of(opened, "instagram"), opened.history, opened.queries)

    lines = traced.lines()
    assert lines[0].endswith(": instagram a, followers:account:now")
    assert "  asal       derived: FILE import/angka.csv" in lines
    assert "  arti       Jumlah pengikut akun saat diambil" in lines
    assert "  tempat     cell:/2/4" in lines
    assert lines[-2:] == [
        "    1 | platform | account | metric | value | at | mark",
        "    2 | ig | a | followers | >>> 1240 <<< | 2026-06 | derived",
    ]
    language.use("en")
    assert "  meaning    The account's followers at the moment of asking" in traced.lines()


def test_a_platform_that_is_no_longer_installed_keeps_its_figures(
    opened: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connector may be taken out; its old figures are told by their bare names, never lost."""
    monkeypatch.setattr("collector.platforms.list_connectors", lambda: ())

    traced = trace_reading(code_of(opened, "x"), opened.history, opened.queries)

    assert traced.measure is None
    assert "  arti       followers:account:now" in traced.lines()
    assert traced.plain()["definition"] == "followers:account:now"


def test_an_answer_that_is_gone_is_said(opened: Application) -> None:
    """A figure whose evidence was deleted from the database must not look traced."""
    code = code_of(opened, "x")
    path = opened.store.path
    assert path is not None
    with closing(sqlite3.connect(path)) as database:
        database.execute("DELETE FROM exchanges")
        database.commit()

    with pytest.raises(SelectionError, match="tidak ada lagi di basis data"):
        trace_reading(code, opened.history, opened.queries)
