"""Installing the service where systemd keeps services running: the unit's text, and putting it in its place.

As an ordinary user it becomes a service of that user; as root one of the machine, with a user of its own, everything
that can be forbidden forbidden, and the key handed over by systemd itself. Other systems are told how in words.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from collector.errors import SettingsError
from collector.language import t

NAME = "collector.service"
MARK = "# Made by `collector service install`; `collector service uninstall` takes it away again."

_HARDENED = """\
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
UMask=0077
"""
_HARDENED_MACHINE = """\
CapabilityBoundingSet=
PrivateDevices=yes
PrivateTmp=yes
ProcSubset=pid
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=read-only
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
SystemCallFilter=@system-service
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit is made from. `user` is None for a service of the present user."""

    home: Path
    key_file: Path
    env_file: Path | None
    user: str | None = None

    def text(self) -> str:
        """Return the unit's text."""
        environment = {"COLLECTOR_HOME": str(self.home)}
        if self.env_file is not None:
            environment["COLLECTOR_ENV_FILE"] = str(self.env_file)
        if self.user is None:
            environment["COLLECTOR_KEY_FILE"] = str(self.key_file)
        command = (sys.executable, "-m", "collector", "serve")
        lines = [
            MARK,
            "[Unit]",
            "Description=Collect the office's social-media figures",
            "Wants=network-online.target",
            "After=network-online.target",
            "StartLimitIntervalSec=0",
            "",
            "[Service]",
            "Type=exec",
            "ExecStart=" + " ".join(_quoted(word).replace("$", "$$") for word in command),
            *(f"Environment={_quoted(f'{name}={value}')}" for name, value in environment.items()),
            f"WorkingDirectory={_escaped(str(self.home))}",
            # After a wrong setting (status 2) starting again would not help; after anything else it does.
            "Restart=always",
            "RestartSec=30",
            "RestartPreventExitStatus=2",
            "TimeoutStopSec=20",
            *([f"User={self.user}", f"LoadCredential=collector-key:{_escaped(str(self.key_file))}",
               f"ReadWritePaths={_quoted(str(self.home))}"] if self.user is not None else []),
            _HARDENED + (_HARDENED_MACHINE if self.user is not None else ""),
            "[Install]",
            f"WantedBy={'multi-user.target' if self.user is not None else 'default.target'}",
        ]  # fmt: skip
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Systemd:
    """The place of units: of the machine (`folder` /etc/systemd/system) or of the present user."""

    folder: Path
    is_of_machine: bool

    @classmethod
    def here(cls) -> "Systemd":
        """Return the place that this user may write to. Raises SettingsError where there is no systemd."""
        if sys.platform == "win32" or shutil.which("systemctl") is None:
            raise SettingsError(
                t(
                    "Di komputer ini tidak ada systemd. Cara memasang layanan di Windows dan sistem lain: "
                    "docs/deployment.md.",
                    en="There is no systemd on this computer. How to install the service on Windows and elsewhere: "
                    "docs/deployment.md.",
                )
            )
        if os.geteuid() == 0:
            return cls(Path("/etc/systemd/system"), True)
        return cls(Path("~/.config/systemd/user").expanduser(), False)

    @property
    def path(self) -> Path:
        """Where the unit lies."""
        return self.folder / NAME

    def install(self, unit: Unit) -> None:
        """Put a unit in its place and start it. Raises SettingsError where that cannot be."""
        self._refuse_foreign()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.path.write_text(unit.text(), "utf-8")
        except OSError as error:
            raise SettingsError(
                t(f"Berkas layanan {self.path} tidak dapat ditulis ({error.strerror}).",
                  en=f"The service file {self.path} cannot be written ({error.strerror}).")
            ) from None  # fmt: skip
        self._ask("daemon-reload")
        self._ask("enable", "--now", NAME)

    def uninstall(self) -> bool:
        """Stop the service and take its unit away. Returns whether there was one of ours."""
        if not self.path.exists():
            return False
        self._refuse_foreign()
        self._ask("disable", "--now", NAME)
        self.path.unlink()
        self._ask("daemon-reload")
        return True

    def _refuse_foreign(self) -> None:
        """Raise where a unit of that name was written by somebody else: it is theirs."""
        if self.path.exists() and not self.path.read_text("utf-8", "replace").startswith(MARK):
            raise SettingsError(
                t(
                    f"{self.path} bukan buatan program ini, jadi dibiarkan. Pindahkan dulu bila tidak dipakai.",
                    en=f"{self.path} was not made by this program and is left alone. Move it away if it is not used.",
                )
            )

    def _ask(self, *words: str) -> None:
        command: Sequence[str] = ("systemctl", *(() if self.is_of_machine else ("--user",)), *words)
        asked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no word is foreign
        if asked.returncode:
            said = (asked.stderr or asked.stdout).strip().partition("\n")[0]
            raise SettingsError(
                t(
                    f"{' '.join(command)} gagal: {said}. Berkas layanan: {self.path}.",
                    en=f"{' '.join(command)} failed: {said}. The service file: {self.path}.",
                )
            )


def _escaped(text: str) -> str:
    """Write a text into a unit: its percent signs are not systemd's."""
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    return '"' + _escaped(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
