"""The unit of the service: what it runs, with what rights, and that it takes nobody else's away."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from collector.errors import SettingsError
from collector.ops.systemd import MARK, Systemd, Unit

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="NOT RUN: no systemd-analyze")


def unit_of(tmp_path: Path, user: str | None = None) -> Unit:
    """Return a unit whose folders have difficult names."""
    folder = tmp_path / "data kantor 100% $HOME"
    folder.mkdir()
    return Unit(folder, tmp_path / "kunci" / "key", tmp_path / "office.env", user)


def put_systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """Put a systemctl of our own before the machine's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "systemctl").write_text(f"#!/bin/sh\n{does}\n")
    (folder / "systemctl").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_a_service_of_the_machine_gets_the_key_from_systemd_and_little_else(tmp_path: Path) -> None:
    """Who breaks into the program must find neither root nor the key file's folder."""
    lines = unit_of(tmp_path, "collector").text().splitlines()

    assert f"LoadCredential=collector-key:{tmp_path}/kunci/key" in lines
    assert f"LoadCredential=collector-env:{tmp_path}/office.env" in lines
    assert not [line for line in lines if "COLLECTOR_KEY_FILE" in line or "COLLECTOR_ENV_FILE" in line]
    assert {"User=collector", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="} <= set(lines)
    assert f'ReadWritePaths="{tmp_path}/data kantor 100%% $HOME"' in lines
    assert "WantedBy=multi-user.target" in lines


def test_a_service_of_a_user_needs_no_rights_of_the_machine(tmp_path: Path) -> None:
    """The person in the office installs it without anybody from IT."""
    lines = unit_of(tmp_path).text().splitlines()

    assert f'Environment="COLLECTOR_KEY_FILE={tmp_path}/kunci/key"' in lines
    assert "WantedBy=default.target" in lines
    assert not [line for line in lines if line.startswith(("User=", "LoadCredential=", "CapabilityBoundingSet"))]


@needs_systemd
@pytest.mark.parametrize("user", [None, "daemon"])
def test_systemd_itself_finds_nothing_wrong_with_the_unit(tmp_path: Path, user: str | None) -> None:
    """A slip in a unit is found at night otherwise."""
    path = tmp_path / "collector.service"
    path.write_text(unit_of(tmp_path, user).text())

    said = subprocess.run(["systemd-analyze", "verify", path], capture_output=True, text=True, check=False, timeout=60)

    assert (said.returncode, [line for line in said.stderr.splitlines() if "collector.service" in line]) == (0, [])


def test_a_unit_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    """A person's own unit of that name may be what keeps their office running."""
    place = Systemd(tmp_path, False)
    place.path.write_text("[Service]\nExecStart=/bin/true\n")

    with pytest.raises(SettingsError, match="bukan buatan program ini"):
        place.install(unit_of(tmp_path))
    with pytest.raises(SettingsError, match="bukan buatan program ini"):
        place.uninstall()

    assert place.path.read_text() == "[Service]\nExecStart=/bin/true\n"


def test_what_systemctl_refuses_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container there is a systemctl and nothing behind it."""
    put_systemctl(tmp_path, monkeypatch, "echo 'no bus here' >&2; exit 1")
    place = Systemd(tmp_path / "units", False)

    with pytest.raises(SettingsError, match="systemctl --user daemon-reload gagal: no bus here"):
        place.install(unit_of(tmp_path))


def test_installing_and_taking_away_ask_systemd_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The unit is read anew before it is started, and stopped before it is gone."""
    told = tmp_path / "told"
    put_systemctl(tmp_path, monkeypatch, f'echo "$@" >> "{told}"')
    place = Systemd(tmp_path / "units", True)

    place.install(unit_of(tmp_path, "daemon"))
    assert place.path.read_text().startswith(MARK)
    assert place.uninstall() is True
    assert place.uninstall() is False

    assert not place.path.exists()
    assert told.read_text().splitlines() == [
        "--version", "daemon-reload", "enable collector.service", "restart collector.service",
        "disable --now collector.service", "daemon-reload",
    ]  # fmt: skip


def test_an_old_systemd_and_an_unknown_user_are_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old one passes over what hands the key over, and the service would make itself another key."""
    put_systemctl(tmp_path, monkeypatch, "echo 'systemd 245 (245.4)'")
    place, unit = Systemd(tmp_path / "units", True), unit_of(tmp_path, "nobody-of-this-name")
    with pytest.raises(SettingsError, match="versi 245; untuk --run-as perlu 247"):
        place.install(unit)
    (tmp_path / "bin" / "systemctl").write_text("#!/bin/sh\necho 'systemd 252 (252.39)'\n")
    with pytest.raises(SettingsError, match="useradd --system nobody-of-this-name"):
        place.install(unit)

    assert not place.path.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT RUN: only root gives files away")
def test_what_root_made_in_the_home_is_given_to_the_services_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Installing opens the home as root first: a database of root's ends the service with status 2, for good."""
    import pwd

    put_systemctl(tmp_path, monkeypatch, "")
    unit, secret = unit_of(tmp_path, "daemon"), tmp_path / "shadow"
    secret.write_text("root's")
    (unit.home / "locks").mkdir()
    (unit.home / "collector.db").write_text("")
    (unit.home / "locks" / "service.lock").write_text("")
    (unit.home / "link").symlink_to(secret)
    os.link(secret, unit.home / "second-name")

    Systemd(tmp_path / "units", True).install(unit)

    ours = {unit.home, *unit.home.rglob("*")} - {unit.home / "second-name"}
    assert {path.lstat().st_uid for path in ours} == {pwd.getpwnam("daemon").pw_uid}
    assert secret.stat().st_uid == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT RUN: only root gives files away")
def test_a_home_that_holds_other_things_is_not_given_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong COLLECTOR_HOME must not cost a computer its files: shown with a folder that nobody needs."""
    put_systemctl(tmp_path, monkeypatch, "")
    unit, place = unit_of(tmp_path, "daemon"), Systemd(tmp_path / "units", True)
    monkeypatch.setattr("sys.prefix", str(unit.home / ".venv"))

    with pytest.raises(SettingsError, match="bukan milik program ini saja"):
        place.install(unit)

    assert unit.home.stat().st_uid == 0
    assert not place.path.exists()
