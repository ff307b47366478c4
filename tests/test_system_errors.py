"""What the system refuses is said in the user's words, from what it really refuses."""

import errno
import os
import socket
from pathlib import Path

import pytest

from collector import language
from collector.system_errors import reason


def refused(path: Path, flags: int = os.O_RDONLY) -> OSError | None:
    """Return what the system says to opening a path."""
    try:
        os.close(os.open(path, flags))
    except OSError as error:
        return error
    return None


def test_what_people_meet_is_said_plainly(tmp_path: Path) -> None:
    """A wrong name, a folder, a path through a file, a name too long, a port in use: each by the real thing."""
    file = tmp_path / "file"
    file.touch()
    met = {
        "tidak ada": refused(tmp_path / "none"),
        "itu sebuah folder": refused(tmp_path, os.O_WRONLY),
        "bagian alamatnya bukan folder": refused(file / "below"),
        "namanya terlalu panjang": refused(tmp_path / ("n" * 300)),
        "sudah ada": refused(file, os.O_CREAT | os.O_EXCL),
    }
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError) as in_use:
        socket.create_server(taken.getsockname())
    met["sudah dipakai program lain"] = in_use.value

    assert {said: said for said in met} == {said: reason(error) for said, error in met.items() if error is not None}


@pytest.mark.parametrize("full", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_in_both_languages(full: int) -> None:
    """The fault that an old PC meets most."""
    assert reason(OSError(full, os.strerror(full))) == "tempat penyimpanan penuh"
    language.use("en")
    assert reason(OSError(full, os.strerror(full))) == "the disk is full"


def test_a_file_that_is_no_text_is_called_so(tmp_path: Path) -> None:
    """What an old editor saves in another alphabet."""
    (tmp_path / "old.env").write_bytes(b"\xff\xfe")
    with pytest.raises(UnicodeDecodeError) as met:
        (tmp_path / "old.env").read_text("utf-8")

    assert reason(met.value) == "bukan teks UTF-8"


def test_what_is_not_foreseen_is_passed_on() -> None:
    """Better the system's words than none."""
    assert reason(OSError(errno.ELOOP, "Too many levels of symbolic links")) == "Too many levels of symbolic links"
    assert reason(OSError("strange")) == "strange"
