"""However a command ends, it ends with one paragraph and its status: never a traceback, in either language."""

import json
import logging
import os
import pty
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
import pytest
from office import Office, declared_names

from collector import language
from collector.accounts.service import Accounts
from collector.cli import collect_main, main
from collector.cli.root import collector
from collector.settings import language_of
from collector.store.history import History
from connectors.instagram import CONNECTOR


def environment_of(office: Office, **settings: str) -> dict[str, str]:
    """Return the environment of a real process: this machine's, with the office's settings and no others."""
    inherited = {name: value for name, value in os.environ.items() if name not in declared_names()}
    return {**inherited, **office.environment, **settings}


def run_really(office: Office, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run the program as a person does, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "collector", *words], env=environment_of(office, **settings), cwd=office.home.parent,
        capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def in_a_shell(office: Office, line: str) -> "subprocess.CompletedProcess[str]":
    """Run a line of the shell, in which `collector` is the program."""
    program = f'collector() {{ "{sys.executable}" -m collector "$@"; }}; '
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {program}{line}"], env=environment_of(office), cwd=office.home.parent,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_results_go_to_stdout_and_words_to_stderr(bare: Office) -> None:
    """A script reads stdout alone: nothing but the result may stand there, and the status tells how it went."""
    first = run_really(bare, "accounts", "list", "--json")

    assert (first.returncode, first.stdout) == (0, '{\n  "accounts": []\n}\n')
    assert first.stderr == f"Folder data baru dibuat: {bare.home}\n"
    assert bare.home.stat().st_mode & 0o777 == 0o700
    empty = run_really(bare, "collect", "now")
    assert (empty.returncode, empty.stdout, empty.stderr.count("\n")) == (2, "", 1)


def test_a_reader_that_goes_away_is_no_fault_worth_words(bare: Office) -> None:
    """`collector metrics --json | head -1` must end quietly: the pipe's reader had enough."""
    theirs, ours = os.pipe()
    os.close(theirs)

    ended = subprocess.run(
        [sys.executable, "-m", "collector", "metrics", "--json"], env=environment_of(bare), cwd=bare.home.parent,
        stdout=ours, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
    )  # fmt: skip

    os.close(ours)
    assert (ended.returncode, ended.stderr) == (1, f"Folder data baru dibuat: {bare.home}\n")


def test_closed_streams_are_no_fault(bare: Office) -> None:
    """A service manager may start the program without stdin, stdout and stderr."""
    ended = in_a_shell(bare, "collector init <&- >&- 2>&-")

    assert ended.returncode == 0
    assert bare.rows("SELECT slug FROM offices") == [("kantor",)]


def test_a_person_at_a_terminal_is_asked_and_shown_progress(office: Office) -> None:
    """On a terminal `init` asks, taking what is known for an answer, and collecting shows how far it is."""
    office.run("init", "--name", "KPU Kota Contoh", "--seat", "Contoh", "--zone", "WITA")

    said = at_a_terminal(office, "init", typed="\nPontianak\n\n")

    assert "Nama kantor [KPU Kota Contoh]:" in said
    assert "Kota [Contoh]:" in said
    assert "Zona waktu [Asia/Makassar]:" in said
    assert office.rows("SELECT slug, seat, zone FROM offices") == [("kpu-kota-contoh", "Pontianak", "Asia/Makassar")]
    assert "Dihentikan." in at_a_terminal(office, "init", typed="\x04")
    shown = at_a_terminal(office, "collect", "now", "--platform", "instagram", typed="")
    assert "Mengumpulkan" in shown
    assert "100%" in shown


def at_a_terminal(office: Office, *words: str, typed: str) -> str:
    """Run a command at a terminal and return all that was shown there."""
    ours, theirs = pty.openpty()
    running = office.start(*words, terminal=Path(os.ttyname(theirs)))
    os.write(ours, typed.encode())
    running.process.join(60)
    os.close(theirs)
    shown = b"".join(iter(lambda: read_or_end(ours), b""))
    os.close(ours)
    return shown.decode()


def read_or_end(terminal: int) -> bytes:
    """Read what a terminal shows, b"" once nobody is left at its other side."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


WALK = """
import contextlib, io, json, sys
from collector.cli import main
sys.argv = ["collector", "--version"]
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    main()
from collector.cli.root import collector
import click
def walk(command, path):
    context = click.Context(command, info_name=path[-1])
    shown = {" ".join(path): command.get_help(context)}
    for name, one in getattr(command, "commands", {}).items():
        shown |= walk(one, [*path, name])
    return shown
json.dump(walk(collector, ["collector"]), sys.stdout)
"""


def test_every_help_is_there_in_both_languages(tmp_path: Path) -> None:
    """Staff read Indonesian, whoever carries the program on English: no line may be forgotten in one of them."""
    env_file = tmp_path / "en.env"
    env_file.write_text("COLLECTOR_LANG=en\n")
    ended = subprocess.run(
        [sys.executable, "-c", WALK], env={**os.environ, "COLLECTOR_ENV_FILE": str(env_file)}, capture_output=True,
        text=True, check=True, timeout=60,
    )  # fmt: skip
    english = json.loads(ended.stdout)
    indonesian = {"collector": collector.get_help(click.Context(collector, info_name="collector"))}
    for path, command in walk(collector):
        name = " ".join(("collector", *path))
        indonesian[name] = command.get_help(click.Context(command, info_name=path[-1]))

    assert set(indonesian) < set(english)
    for name, shown in indonesian.items():
        first, second = shown.splitlines()[2].strip(), english[name].splitlines()[2].strip()
        assert first, name
        assert first != second, name
    for option, first, second in options_in_both(indonesian, english):
        assert first and second, option
        assert first != second, option


@pytest.mark.parametrize(
    "settings, found",
    [({}, "id"), ({"COLLECTOR_LANG": "EN"}, "en"), ({"COLLECTOR_LANG": "id"}, "id"), ({"COLLECTOR_LANG": ""}, "en")],
)
def test_the_language_stands_in_the_environment_or_the_env_file(
    tmp_path: Path, settings: dict[str, str], found: str
) -> None:
    """The environment wins over .env; a .env that cannot be read is said later, in the first language."""
    env_file = tmp_path / "office.env"
    env_file.write_text("COLLECTOR_LANG=en\n")
    named = {"COLLECTOR_ENV_FILE": str(env_file)} if settings else {"COLLECTOR_ENV_FILE": str(tmp_path / "none")}

    assert language_of({**named, **settings}) == found
    env_file.write_bytes(b"\xff\xfe")
    assert language_of({"COLLECTOR_ENV_FILE": str(env_file)}) == "id"


def options_in_both(indonesian: dict[str, str], english: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield each option of our own with its two explanations."""
    for name, shown in indonesian.items():
        theirs = dict(options_of(english[name]))
        for option, text in options_of(shown):
            if option not in ("--help", "--version"):
                yield option, text, theirs[option]


def options_of(shown: str) -> Iterator[tuple[str, str]]:
    """Yield the options of a help text with what is said of each."""
    _, _, options = shown.partition("Options:\n")
    option, words = "", list[str]()
    for line in options.partition("\nCommands:")[0].splitlines():
        if line.strip().startswith("--"):
            if option:
                yield option, " ".join(words)
            option, words = line.split()[0], [" ".join(line.split("  ")[2:]).strip()]
        else:
            words.append(line.strip())
    if option:
        yield option, " ".join(words).strip()


def walk(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command below one."""
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            yield from walk(one, (*path, name))
    else:
        yield path, command


def test_the_promised_commands_are_there() -> None:
    """Scripts and documents name them."""
    assert {" ".join(path) for path, _ in walk(collector)} == {
        "accounts add", "accounts bind", "accounts check", "accounts custody", "accounts handover", "accounts list",
        "accounts pause", "accounts remove", "accounts resume", "alerts list", "alerts test", "backup", "check-report",
        "collect now", "connect", "demo", "doctor", "findings accept", "findings list", "findings refuse", "growth",
        "history", "import", "init", "metrics", "prune", "record", "report", "restore", "schedule reset",
        "schedule set", "schedule show", "serve", "service install", "service status", "service uninstall", "trace",
        "upgrade", "vault rotate", "verify",
    }  # fmt: skip


@pytest.mark.parametrize("path, command", [pytest.param(*one, id=" ".join(one[0])) for one in walk(collector)])
def test_no_command_ever_shows_a_traceback(
    bare: Office, monkeypatch: pytest.MonkeyPatch, path: tuple[str, ...], command: click.Command
) -> None:
    """What nobody foresaw is still one paragraph, that says how to get more; the status is 1."""

    def fail(*given: object, **more: object) -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr("collector.wiring.open_home", fail)
    monkeypatch.setattr("collector.demo.seed.make_home", fail)
    monkeypatch.setattr("collector.cli.check_report.check_report", fail)
    monkeypatch.setattr("collector.backups.archive.read_manifest", fail)
    monkeypatch.setattr("pathlib.Path.is_file", lambda self: True)

    said = bare.run(*path, *words_for(command), status=1)

    assert said.out == ""
    assert said.err == (
        "Kesalahan yang tidak terduga (RuntimeError). Jalankan lagi dengan COLLECTOR_LOG_LEVEL=DEBUG dan kirimkan "
        "keluarannya kepada pengelola program.\n"
    )


def words_for(command: click.Command) -> list[str]:
    """Return the least that a command has to be given."""
    words = ["x" for one in command.params if isinstance(one, click.Argument)]
    needed = [one.opts[0] for one in command.params if one.required and isinstance(one, click.Option)]
    return words + [word for option in needed for word in (option, "x")]


def test_what_nobody_foresaw_is_told_in_full_at_debug(bare: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The paragraph promises that DEBUG tells more: that is where the traceback is for the maintainers."""

    def fail(*given: object) -> None:
        raise ZeroDivisionError("nobody foresaw this")

    monkeypatch.setattr(History, "list_readings", fail)
    told = bare.run("history", status=1, COLLECTOR_LOG_LEVEL="DEBUG").err
    assert "Traceback" in told
    assert "nobody foresaw this" in told
    language.use("en")

    assert bare.run("history", status=1).err.startswith("An unforeseen error (ZeroDivisionError).")


def test_one_account_that_breaks_the_program_does_not_end_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours in one connector must not cost the five others their day, nor frighten with a traceback."""

    def fail(*given: object) -> None:
        raise KeyError("nobody foresaw this")

    monkeypatch.setattr(type(CONNECTOR), "collect", fail)

    ended = office.collect("--platform", "instagram", "--platform", "x", status=1)

    assert ended["x"]["outcome"] == "ok"
    assert (ended["instagram"]["outcome"], ended["instagram"]["error"]["code"]) == ("failed", "unforeseen")
    assert "KeyError" in ended["instagram"]["error"]["message"]
    assert "COLLECTOR_LOG_LEVEL=DEBUG" in ended["instagram"]["error"]["hint"]


def test_stopping_by_hand_keeps_what_was_read(bare: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is a wish; 130 is how shells know it."""

    def stop(*given: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Accounts, "get_office", stop)

    said = bare.run("history", "--office", "a", status=130)

    assert said.err.splitlines()[-1] == "Dihentikan. Yang sudah terbaca tetap tersimpan."


@pytest.mark.parametrize(
    "settings, says",
    [
        ({"COLLECTOR_LANG": "fr"}, "COLLECTOR_LANG=fr"),
        ({"COLLECTOR_LOG_LEVEL": "LOUD"}, "COLLECTOR_LOG_LEVEL=LOUD"),
        ({"COLLECTOR_ENV_FILE": "tidak/ada.env"}, "tidak/ada.env"),
        ({"COLLECTOR_DATABASE_URL": "oracle://x"}, "COLLECTOR_DATABASE_URL"),
        ({"COLLECTOR_DATABASE_URL": "bukan alamat"}, "COLLECTOR_DATABASE_URL"),
        ({"INSTAGRAM_ACCESS_TOKEN_FILE": "tidak/ada"}, "INSTAGRAM_ACCESS_TOKEN_FILE"),
        ({"COLLECTOR_HOME": "/dev/null/rumah"}, "COLLECTOR_HOME"),
        ({"COLLECTOR_HOME": "/dev/null"}, "COLLECTOR_HOME"),
    ],
)
def test_a_wrong_setting_is_named(bare: Office, settings: dict[str, str], says: str) -> None:
    """Status 2, one paragraph, and the name of the setting to mend."""
    bare.environment.update(settings)

    said = bare.run("accounts", "list", status=2)

    (sentence,) = [line for line in said.err.splitlines() if "baru dibuat" not in line]
    assert says in sentence
    assert said.out == ""


def test_a_newer_database_is_refused_with_one_sentence(bare: Office) -> None:
    """An old program that writes into a newer database would damage it."""
    bare.run("init")
    with closing(sqlite3.connect(bare.home / "collector.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()

    said = bare.run("history", status=2)

    assert "dibuat oleh program yang lebih baru" in said.err
    assert said.err.count("\n") == 1


@contextmanager
def closed_to_us(folder: Path) -> Iterator[None]:
    """Have a folder be another user's: root becomes somebody else, anybody else shuts it."""
    if os.geteuid() == 0:
        folder.chmod(0o700)
        os.seteuid(65534)
    else:
        folder.chmod(0)
    try:
        yield
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        folder.chmod(0o700)


@pytest.mark.parametrize("command", [("doctor",), ("doctor", "--json"), ("service", "status"), ("accounts", "list")])
def test_a_home_of_another_user_is_said(bare: Office, command: tuple[str, ...]) -> None:
    """Who looks after the machine looks in as somebody else than the service: that is no unforeseen error."""
    bare.run(*command, status=None)  # everything is loaded
    with closed_to_us(bare.home):
        said = bare.run(*command, status=2, COLLECTOR_ENV_FILE="")

    assert said.err.startswith("Pengguna ini tidak boleh membuka ")
    assert (said.out, said.err.count("\n")) == ("", 1)


def test_an_env_file_of_another_user_is_said(bare: Office, tmp_path: Path) -> None:
    """Before anything else is read, even the language: no traceback there either."""
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "env").write_text("COLLECTOR_LANG=en\n")
    bare.run("accounts", "list")
    with closed_to_us(folder):
        assert language_of({"COLLECTOR_ENV_FILE": str(folder / "env")}) == "id"
        said = bare.run("accounts", "list", status=2, COLLECTOR_ENV_FILE=str(folder / "env"))

    assert said.err == (
        f"Berkas pengaturan {folder / 'env'} tidak boleh dibaca pengguna ini. Jalankan perintah ini sebagai "
        "pemiliknya.\n"
    )


def test_a_damaged_database_is_said(bare: Office) -> None:
    """A disk that is dying looks like this; the person must hear of the disk, not of a library."""
    bare.run("init")
    for path in bare.home.glob("collector.db*"):
        path.write_bytes(b"rusak" * 1000)

    said = bare.run("history", status=2)

    assert "tidak dapat dipakai" in said.err
    assert str(bare.home) in said.err


def test_logging_is_put_on_stderr_and_struck_out(bare: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """At DEBUG the program tells each step, on stderr alone."""
    bare.environment["INSTAGRAM_ACCESS_TOKEN"] = "rahasia-sekali-42"
    said = bare.run("accounts", "list", "--json", COLLECTOR_LOG_LEVEL="DEBUG")
    logging.getLogger("collector.test").debug("Authorization: Bearer abcdefghijklmnop")

    assert said.json == {"accounts": []}
    assert "rahasia-sekali-42" not in said.err
    assert "abcdefghijklmnop" not in capsys.readouterr().err


def test_both_console_scripts_lead_to_their_commands(bare: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """`collect now` is literally a command."""
    for entrance, words in ((main, ["collector", "--version"]), (collect_main, ["collect", "now", "--help"])):
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as ended:
            entrance()
        assert ended.value.code == 0


def test_the_english_of_every_word_is_used(bare: Office, collected: Office) -> None:
    """A second language that falls back to the first in the middle of a sentence is none."""
    language.use("en")
    said: list[Any] = [
        bare.run("init", "--name", "A").out,
        bare.run("history").err,
        bare.run("history", "--platform", "facebok", status=2).err,
        bare.run("history", "--metric", "folowers", status=2).err,
        bare.run("history", "--since", "soon", status=2).err,
        bare.run("accounts", "pause", "b", status=2).err,
        bare.run("collect", "now", status=2).err,
        bare.run("trace", "R-1-1", status=2).err,
        bare.run("init", "--zone", "X/Y", status=2).err,
        bare.run("doctor").out,
        bare.run("record", "--platform", "ig", "--account", "a", "--metric", "followers", "--value", "1").out,
        bare.run("accounts", "list").out,
        collected.run("trace", collected.readings("--platform", "x")[0]["id"]).out,
    ]
    for words in ("Kantor", "tidak", "Belum", "kantor", "aktif", "Akun", "nilai", "asal", "arti", "Tercatat", "aman"):
        assert not [one for one in said if words in one], words
