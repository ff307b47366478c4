"""The log: as lines or as JSON, with every secret struck out, in a file that goes round."""

import json
import logging
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from collector import log
from collector.collect.redact import Redactor
from collector.errors import SettingsError

CANARY = "canary-4f1d9c7e2b"


@pytest.fixture
def redactor() -> Redactor:
    """Return a redactor that knows a secret."""
    known = Redactor()
    known.know(CANARY)
    return known


@pytest.mark.parametrize("form", [log.PLAIN, log.JSON])
def test_no_form_of_the_log_holds_a_secret(form: str, redactor: Redactor, capsys: pytest.CaptureFixture[str]) -> None:
    """In the message, in what it is filled with, and in a traceback."""
    log.set_up("DEBUG", redactor, form)
    try:
        int(CANARY)
    except ValueError:
        logging.getLogger("some.library").exception("asked with %s", CANARY)

    said = capsys.readouterr().err
    assert CANARY not in said
    assert "ValueError" in said


def test_each_line_of_the_other_form_is_json(redactor: Redactor, capsys: pytest.CaptureFixture[str]) -> None:
    """A line that a program cannot read is a line that nobody reads; secrets with quotes must not break it."""
    redactor.know('quoted"secret"here')
    log.set_up("INFO", redactor, log.JSON)

    logging.getLogger("a.b").info('said "%s"\nand %s', "more", 'quoted"secret"here')

    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["level"], said["name"]) == ("INFO", "a.b")
    assert said["message"].startswith('said "more"\nand ')
    assert "quoted" not in line
    assert said["at"].endswith("+00:00")


def test_the_file_goes_round_is_private_and_holds_more_than_the_screen(
    tmp_path: Path, redactor: Redactor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An old PC has a small disk, and the night's story has to be there in the morning."""
    monkeypatch.setattr(log, "_FILE_BYTES", 2_000)
    monkeypatch.setattr(log, "_OLDER_FILES", 2)
    path = tmp_path / "logs" / "service.log"
    log.set_up("WARNING", redactor)
    log.keep(path, redactor)

    for number in range(200):
        logging.getLogger("night").info("number %s %s", number, CANARY)
    for handler in logging.getLogger().handlers:
        handler.close()

    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["service.log", "service.log.1", "service.log.2"]
    assert all(file.stat().st_size <= 2_000 for file in files)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert "number 199" in path.read_text()
    assert CANARY not in "".join(file.read_text() for file in files)
    assert capsys.readouterr().err == ""


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path, redactor: Redactor) -> None:
    """The service must not fall over its own diary with a traceback."""
    (tmp_path / "logs").write_text("a file, no folder")

    with pytest.raises(SettingsError, match="tidak dapat ditulis"):
        log.keep(tmp_path / "logs" / "service.log", redactor)


_ON_A_FULL_DISK = """
import logging, resource, sys
from pathlib import Path
from collector import log
from collector.collect.redact import Redactor

secret, path = sys.argv[1:]
redactor = Redactor()
redactor.know(secret)
log.set_up("WARNING", redactor)
log.keep(Path(path), redactor)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
logging.getLogger("night").info("asked with %s", secret)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
logging.getLogger("night").info("there is room again")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="NOT RUN: no limits on files")
def test_a_full_disk_costs_lines_and_shows_no_secret(tmp_path: Path) -> None:
    """Python prints what it could not log with its bare arguments and a traceback, unless it is told not to."""
    path = tmp_path / "logs" / "service.log"

    ran = subprocess.run(
        [sys.executable, "-c", _ON_A_FULL_DISK, CANARY, path], capture_output=True, text=True, check=False, timeout=60
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "there is room again" in path.read_text()
    assert CANARY not in path.read_text()
