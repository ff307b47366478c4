"""Putting the parts together: the one package that knows them all. Only the entrances use it: commands, demo, tests."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from collector.backups.restore import Restoring
from collector.backups.service import Backups, Made
from collector.backups.switch import settle
from collector.backups.upgrade import make_before_upgrade
from collector.clock import Clock, SystemClock
from collector.collect.redact import Redactor
from collector.home import open_home
from collector.ops.service_lock import ServiceLock
from collector.settings import Settings
from collector.store.migrate import upgrade
from collector.wiring.parts import PROGRAM
from collector.wiring.upkeep import Upkeep

__all__ = ["PROGRAM", "Application", "SystemClock", "restoring_into"]

BackUp = Callable[[Backups, str], Made | None]
"""Makes the backup before an upgrade from a revision, or none where a person said so."""


def restoring_into(settings: Settings) -> Restoring:
    """Return what restores a backup into a home. It is not opened for that: it may be broken, or not there at all."""
    return Restoring(settings, SystemClock())


class Application(Upkeep):
    """One opened installation. Use it as a context manager; parts are made when first asked for."""

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        clock: Clock | None = None,
        redactor: Redactor | None = None,
        back_up: BackUp = make_before_upgrade,
    ) -> Self:
        """Open the home and bring its database up, after a backup. Raises CollectorError where that cannot be."""
        application = cls(settings, clock or SystemClock(), redactor or Redactor())
        application.redactor.know(*settings.list_secrets())
        open_home(settings.home)
        settle(settings.home)
        application._upgrade(back_up)
        settle(settings.home)  # again, now that the database is open: a restoring may have begun in between
        return application

    def _upgrade(self, back_up: BackUp) -> None:
        made: list[Made | None] = []

        def prepare(found: str) -> None:
            ServiceLock(self.settings.home.absolute()).must_be_free(found)
            made.append(back_up(self.backups, found))

        upgrade(self.store, before=prepare)
        for one in made:
            if one is not None:
                self.backups.note(one)

    def close(self) -> None:
        """Let go of connections, locks and the database."""
        opened = vars(self)
        if "alerts" in opened:
            self.alerts.close()
        if "http" in opened:
            self.http.close()
        if "holder" in opened:
            self.holder.close()
        if "store" in opened:
            self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
