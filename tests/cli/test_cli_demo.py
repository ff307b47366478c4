"""`collector demo`: all of it at work on stand-in platforms, in a folder that may be thrown away."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from office import START, Office, Said, shorten_memories

from collector.cli.root import collector
from collector.clock import SetClock
from collector.demo import seed
from collector.demo.standin import StandIn
from collector.demo.world import World
from collector.settings import load


def forgetful(world: World) -> StandIn:
    """Return platforms with short memories."""
    standin = StandIn(world)
    shorten_memories(standin)
    return standin


@pytest.fixture(scope="module", autouse=True)
def shortened() -> Iterator[None]:
    """Shorten the demo to two collections before the one of now, and the platforms' memories."""
    moments = [START - timedelta(days=days) for days in (8, 1)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seed, "list_moments", lambda now: iter(moments))
        patch.setattr("collector.cli.demo.SystemClock", lambda: SetClock(START))
        patch.setattr("collector.demo.standin.StandIn", forgetful)
        yield


def run(*words: str | Path, status: int = 0) -> Said:
    """Run the demo in this process."""
    ended = CliRunner().invoke(collector, ["demo", *map(str, words)], catch_exceptions=False)
    assert ended.exit_code == status, ended.output
    return Said(ended.exit_code, ended.stdout, ended.stderr)


@pytest.fixture(scope="module")
def shown(shortened: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Said, Path]:
    """Return what the demo says, and where it lived."""
    home = tmp_path_factory.mktemp("demo") / "demo-home"
    return run("--home", home, "--no-serve"), home


def test_the_demo_shows_what_came_of_it(shown: tuple[Said, Path]) -> None:
    """Whoever tries the program sees each account's state, its followers, and where everything lies."""
    said, home = shown

    words = [line.split() for line in said.out.splitlines()]
    assert "2 pengumpulan terjadwal, lalu collect now:" in said.out
    for platform in ("facebook", "instagram", "tiktok", "website", "x", "youtube"):
        assert next(line[2] for line in words if line[:1] == [platform]) == "berhasil"
    followers = {line[0]: line for line in words if len(line) == 7 and line[-1].startswith("R-")}
    assert set(followers) == {"facebook", "instagram", "tiktok", "x", "youtube"}
    assert {(line[3], line[5]) for line in followers.values()} == {("2026-12-28", "2027-01-05")}
    assert str(home / "collector.db") in said.out
    assert str(home / "demo" / "env") in said.out


def test_the_demos_home_works_with_every_command(shown: tuple[Said, Path]) -> None:
    """The lines that the demo prints have to work when they are typed, in a home like any other."""
    _, home = shown
    office = Office({"COLLECTOR_ENV_FILE": str(home / "demo" / "env"), "COLLECTOR_HOME": str(home)}, SetClock(START))

    readings = office.readings("--metric", "followers", "--platform", "x")

    assert [one["at"][:10] for one in readings] == ["2026-12-28", "2027-01-04", "2027-01-05"]
    assert {one["office"] for one in readings} == {"kpu-contoh"}
    assert office.run("trace", readings[0]["id"], "--json").json["agrees"]
    triggers = [trigger for (trigger,) in office.rows("SELECT trigger FROM runs ORDER BY id")]
    assert triggers == ["demo", "demo", "collect now"]
    assert load({"COLLECTOR_ENV_FILE": str(home / "demo" / "env")}).warnings == ()


def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path: Path) -> None:
    """A demo throws an earlier one away, and must never take an office's folder for one."""
    (tmp_path / "laporan.docx").write_text("jangan dihapus")

    said = run("--home", tmp_path, "--no-serve", status=2)

    assert "sudah berisi sesuatu yang bukan contoh" in said.err
    assert (tmp_path / "laporan.docx").read_text() == "jangan dihapus"


def test_the_demo_had_again_goes_on_answering_until_it_is_stopped(
    shown: tuple[Said, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second demo takes the first one's place; another window collects from it; Ctrl-C ends it in plain words."""
    _, home = shown
    (home / "left-over").touch()
    monkeypatch.setattr(seed, "list_moments", lambda now: iter(()))
    second: list[dict[str, dict[str, object]]] = []

    class Stopped:
        def wait(self) -> None:
            office = Office({"COLLECTOR_ENV_FILE": str(home / "demo" / "env"), "COLLECTOR_HOME": str(home)}, clock)
            second.append(office.collect("--platform", "instagram"))
            raise KeyboardInterrupt

    clock = SetClock(START + timedelta(hours=1))
    monkeypatch.setattr("collector.cli.demo.Event", Stopped)

    said = run("--home", home, status=130)

    assert not (home / "left-over").exists()
    assert second[0]["instagram"]["outcome"] == "ok"
    assert "Platform tiruan tetap berjalan di http://127.0.0.1:" in said.out
    assert said.err.endswith("Dihentikan. Yang sudah terbaca tetap tersimpan.\n")
