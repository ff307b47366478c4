"""The unit of the service: what it runs, with what rights, and that it takes nobody else's away."""

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


def test_a_service_of_the_machine_gets_the_key_from_systemd_and_little_else(tmp_path: Path) -> None:
    """Who breaks into the program must find neither root nor the key file's folder."""
    lines = unit_of(tmp_path, "collector").text().splitlines()

    assert f"LoadCredential=collector-key:{tmp_path}/kunci/key" in lines
    assert not [line for line in lines if "COLLECTOR_KEY_FILE" in line]
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
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "systemctl").write_text("#!/bin/sh\necho 'no bus here' >&2\nexit 1\n")
    (bin_folder / "systemctl").chmod(0o755)
    monkeypatch.setenv("PATH", str(bin_folder))
    place = Systemd(tmp_path / "units", False)

    with pytest.raises(SettingsError, match="systemctl --user daemon-reload gagal: no bus here"):
        place.install(unit_of(tmp_path))


def test_installing_and_taking_away_ask_systemd_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The unit is read anew before it is started, and stopped before it is gone."""
    bin_folder, told = tmp_path / "bin", tmp_path / "told"
    bin_folder.mkdir()
    (bin_folder / "systemctl").write_text(f'#!/bin/sh\necho "$@" >> "{told}"\n')
    (bin_folder / "systemctl").chmod(0o755)
    monkeypatch.setenv("PATH", str(bin_folder))
    place = Systemd(tmp_path / "units", True)

    place.install(unit_of(tmp_path, "collector"))
    assert place.path.read_text().startswith(MARK)
    assert place.uninstall() is True
    assert place.uninstall() is False

    assert not place.path.exists()
    assert told.read_text().splitlines() == [
        "daemon-reload", "enable --now collector.service", "disable --now collector.service", "daemon-reload",
    ]  # fmt: skip
