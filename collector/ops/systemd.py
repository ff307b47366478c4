"""Installing the service where systemd keeps services running: the unit's text, and putting it in its place.

As an ordinary user it becomes a service of that user; as root one of the machine, with a user of its own, everything
that can be forbidden forbidden, and the key handed over by systemd itself. Other systems are told how in words.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from collector.errors import SettingsError
from collector.language import t
from collector.system_errors import reason

NAME = "collector.service"
OLDEST = 247
"""The first systemd that hands files over to a service (LoadCredential)."""

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
        handed = {"collector-key": self.key_file, "collector-env": self.env_file}
        if self.user is None:
            handed = {}
            environment["COLLECTOR_KEY_FILE"] = str(self.key_file)
            if self.env_file is not None:
                environment["COLLECTOR_ENV_FILE"] = str(self.env_file)
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
            *([f"User={self.user}", f"ReadWritePaths={_quoted(str(self.home))}"] if self.user is not None else []),
            *(f"LoadCredential={name}:{_escaped(str(path))}" for name, path in handed.items() if path is not None),
            _HARDENED + (_HARDENED_MACHINE if self.user is not None else ""),
            "[Install]",
            f"WantedBy={'multi-user.target' if self.user is not None else 'default.target'}",
        ]  # fmt: skip
        return "\n".join(lines) + "\n"


_NOT_OURS = ("/etc", "/home", "/opt", "/srv", "/usr", "/var")
"""Folders that a home may lie in, and never be."""


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

    @property
    def journal(self) -> str:
        """The command that shows what the service said."""
        return f"journalctl {'' if self.is_of_machine else '--user '}-u {NAME} -n 20"

    def install(self, unit: Unit) -> None:
        """Put a unit in its place and start it, anew where it runs. Raises SettingsError where that cannot be."""
        self._refuse_foreign()
        if unit.user is not None:
            _refuse_old()
            _hand_over(unit.home, unit.user)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.path.write_text(unit.text(), "utf-8")
        except OSError as error:
            raise SettingsError(
                t(f"Berkas layanan {self.path} tidak dapat ditulis ({reason(error)}).",
                  en=f"The service file {self.path} cannot be written ({reason(error)}).")
            ) from None  # fmt: skip
        self._ask("daemon-reload")
        self._ask("enable", NAME)
        self._ask("restart", NAME)  # one that runs would go on as it was

    def uninstall(self) -> bool:
        """Stop the service and take its unit away. Returns whether there was one of ours."""
        if not self.path.exists():
            return False
        self._refuse_foreign()
        self._ask("disable", "--now", NAME)
        self.path.unlink()
        self._ask("daemon-reload")
        return True

    def is_active(self) -> bool:
        """Whether systemd has the service running."""
        return self._run("is-active", "--quiet", NAME).returncode == 0

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
        asked = self._run(*words)
        if asked.returncode:
            said = (asked.stderr or asked.stdout).strip().partition("\n")[0]
            raise SettingsError(
                t(
                    f"{' '.join(asked.args)} gagal: {said}. Berkas layanan: {self.path}.",
                    en=f"{' '.join(asked.args)} failed: {said}. The service file: {self.path}.",
                )
            )

    def _run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return _systemctl(*(() if self.is_of_machine else ("--user",)), *words)


def _systemctl(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(("systemctl", *words), capture_output=True, text=True, check=False)  # noqa: S603, S607 - systemctl is where PATH says, its words are ours


def _refuse_old() -> None:
    """Raise where systemd would pass over what hands the key to the service: it would make itself another key."""
    found = re.match(r"systemd (\d+)", _systemctl("--version").stdout)
    if found is not None and int(found[1]) < OLDEST:
        raise SettingsError(
            t(
                f"systemd di komputer ini versi {found[1]}; untuk --run-as perlu {OLDEST} atau lebih baru. Pasang "
                "sebagai pengguna biasa, tanpa sudo.",
                en=f"This computer's systemd is version {found[1]}; --run-as needs {OLDEST} or newer. Install it as an "
                "ordinary user, without sudo.",
            )
        )


def _hand_over(home: Path, user: str) -> None:
    """Give the service's user what root made in its home, by this very command too: it may not open it otherwise.

    Links are not followed, and files that have a second name are left alone: that may be anywhere.
    """
    if sys.platform == "win32":
        return
    import pwd

    if any(Path(other).is_relative_to(home) for other in (*_NOT_OURS, sys.prefix, Path.home())):
        raise SettingsError(
            t(
                f"Folder data {home} bukan milik program ini saja, jadi tidak diserahkan kepada {user}. Atur "
                "COLLECTOR_HOME ke folder sendiri, misalnya /srv/collector.",
                en=f"The home {home} is not this program's alone, so it is not handed over to {user}. Point "
                "COLLECTOR_HOME to a folder of its own, /srv/collector say.",
            )
        )
    try:
        owner = pwd.getpwnam(user)
    except KeyError:
        raise SettingsError(
            t(
                f"Pengguna {user} tidak ada di komputer ini. Buat dulu: sudo useradd --system {user}",
                en=f"There is no user {user} on this computer. Make it first: sudo useradd --system {user}",
            )
        ) from None
    for folder, _, files in os.walk(home):
        for path in (Path(folder), *(Path(folder, name) for name in files)):
            found = path.lstat()
            if found.st_uid == 0 and (path.is_dir() or found.st_nlink == 1):
                os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def _escaped(text: str) -> str:
    """Write a text into a unit: its percent signs are not systemd's."""
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    return '"' + _escaped(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
