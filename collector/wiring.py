"""Putting the parts together: the one module that knows them all. Only the entrances (commands, demo, tests) use it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from types import TracebackType
from typing import Self, TypeVar

from collector.accounts.decisions import Decisions
from collector.accounts.keyfile import KeyFile
from collector.accounts.keyring import Keyring
from collector.accounts.rotation import Rotation
from collector.accounts.service import Accounts
from collector.accounts.standing import Standings
from collector.accounts.vault import Vault
from collector.alerts.channels import list_channels
from collector.alerts.gather import FactGatherer
from collector.alerts.service import Alerts
from collector.backups.restore import Restoring
from collector.backups.service import Backups, Made
from collector.backups.switch import settle
from collector.backups.upgrade import make_before_upgrade
from collector.clock import Clock, SystemClock
from collector.collect.assignments import Assigner
from collector.collect.attempts import Attempts
from collector.collect.fetch import Shop
from collector.collect.holder import Holder
from collector.collect.http import Http
from collector.collect.limits import Gate
from collector.collect.line import Line
from collector.collect.recovery import Recovery
from collector.collect.redact import Redactor
from collector.collect.renewing import Renewer
from collector.collect.retention import Retention
from collector.collect.run import Collecting
from collector.collect.signin import SignIn
from collector.collect.snapshot import Desk
from collector.connecting.first import FirstRenewer
from collector.connecting.service import Connecting
from collector.figures.leaps import Leaps
from collector.figures.lines import Lines
from collector.home import open_home
from collector.ops.health import HealthServer
from collector.ops.plan import Plan
from collector.ops.pulse import Pulse
from collector.ops.service import Chore, Service
from collector.ops.vitals import Vitals
from collector.reports.gather import Gatherer
from collector.reports.handover import Places
from collector.reports.naskah import Manuscripts
from collector.reports.renderers import RENDERERS
from collector.reports.service import Reporting
from collector.settings import Settings
from collector.store.accesses import Accesses
from collector.store.alerts import AlertBook
from collector.store.backups import BackupLog
from collector.store.bodies import Bodies
from collector.store.credentials import Credentials
from collector.store.custody import Custodies
from collector.store.directory import Directory
from collector.store.engine import Store
from collector.store.findings import Findings
from collector.store.history import History
from collector.store.ledger import Ledger
from collector.store.migrate import upgrade
from collector.store.outages import Outages
from collector.store.queries import Queries
from collector.store.renewals import Renewals
from collector.store.reports import Reports
from collector.store.schedules import Schedules
from collector.store.totals import Totals

R = TypeVar("R", bound=Renewer)

PROGRAM = f"collector {version('collector')}"

BackUp = Callable[[Backups, str], Made | None]
"""Makes the backup before an upgrade from a revision, or none where a person said so."""


def restoring_into(settings: Settings) -> Restoring:
    """Return what restores a backup into a home. It is not opened for that: it may be broken, or not there at all."""
    return Restoring(settings, SystemClock())


@dataclass
class Application:
    """One opened installation. Use it as a context manager; parts are made when first asked for."""

    settings: Settings
    clock: Clock
    redactor: Redactor

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
        upgrade(self.store, before=lambda found: made.append(back_up(self.backups, found)))
        for one in made:
            if one is not None:
                self.backups.note(one)

    @cached_property
    def store(self) -> Store:
        """The database."""
        return Store(self.settings.database_url)

    @cached_property
    def ledger(self) -> Ledger:
        """The writer of exchanges and readings."""
        return Ledger(self.store)

    @cached_property
    def queries(self) -> Queries:
        """The reader of the collecting side."""
        return Queries(self.store)

    @cached_property
    def history(self) -> History:
        """The reader of figures."""
        return History(self.store)

    @cached_property
    def findings(self) -> Findings:
        """The questions to people."""
        return Findings(self.store)

    @cached_property
    def lines(self) -> Lines:
        """The reader of what growth is computed from."""
        return Lines(self.history, self.findings)

    @cached_property
    def reporting(self) -> Reporting:
        """The maker of reports."""
        return Reporting(
            Gatherer(self.lines, self.history, self.outages),
            Manuscripts(self.settings.home),
            Reports(self.store),
            self.clock,
            RENDERERS,
        )

    @cached_property
    def accounts(self) -> Accounts:
        """Offices and accounts."""
        return Accounts(
            Directory(self.store), self.queries, Accesses(self.store), Custodies(self.store), self.clock, self.findings
        )

    @cached_property
    def standings(self) -> Standings:
        """How the accounts stand."""
        return Standings(self.queries, self.accounts.accesses, self.lines, self.clock)

    def places(self) -> Places:
        """Return where things lie on this machine."""
        last = self.backup_log.find_last_good()
        return Places(
            str(self.settings.home.absolute()), str(self.settings.key_file), last.path if last is not None else "",
            last.made_at if last is not None else None,
        )  # fmt: skip

    @cached_property
    def decisions(self) -> Decisions:
        """What follows from people's answers to findings."""
        return Decisions(self.accounts)

    @cached_property
    def vault(self) -> Vault:
        """The sealed sign-ins."""
        return Vault(self.settings.key_file, self.ledger, self.queries, self.clock, self._lock_vault)

    @cached_property
    def rotation(self) -> Rotation:
        """The changing of the key."""
        return Rotation(KeyFile(self.settings.key_file), Credentials(self.store), self.queries, self._lock_vault)

    def _lock_vault(self) -> AbstractContextManager[object]:
        return self.holder.lock("vault")

    @cached_property
    def keyring(self) -> Keyring:
        """What each account is collected with."""
        return Keyring(self.settings, self.vault)

    @cached_property
    def backups(self) -> Backups:
        """The maker of backups."""
        return Backups(self.settings.home.absolute(), self.store, KeyFile(self.settings.key_file), self.clock, PROGRAM)

    @cached_property
    def backup_log(self) -> BackupLog:
        """The backups that were made."""
        return BackupLog(self.store)

    @cached_property
    def holder(self) -> Holder:
        """This process as a holder of snapshots."""
        return Holder(self.settings.home.absolute())

    @cached_property
    def http(self) -> Http:
        """The connections to the platforms."""
        return Http()

    @cached_property
    def renewer(self) -> Renewer:
        """The one that has new keys."""
        return self._make_renewer(Renewer)

    def _make_renewer(self, kind: type[R]) -> R:
        attempts = Attempts(Renewals(self.store), self.clock, self.redactor, self.holder)
        accesses = Accesses(self.store)
        return kind(self.settings, self.vault, accesses, attempts, self.http, self.clock, self.redactor)

    @cached_property
    def shop(self) -> Shop:
        """What every fetch shares."""
        sign_in = SignIn(self.settings, self.redactor, self.renewer)
        gate = Gate(self.clock, self.ledger, self.queries)
        return Shop(self.clock, self.http, sign_in, gate, self.ledger, self.redactor)

    @cached_property
    def collecting(self) -> Collecting:
        """The one path of every collection."""
        recovery = Recovery(self.clock, self.ledger, self.queries, self.holder, self.plan.take_up)
        retention = Retention(self.clock, self.queries, Bodies(self.store))
        return Collecting(self.settings, recovery, retention, self.make_desk, self.line, self.plan.next_due, PROGRAM)

    @cached_property
    def outages(self) -> Outages:
        """The times in which nothing could be collected."""
        return Outages(self.store)

    @cached_property
    def line(self) -> Line:
        """The line to the platforms."""
        return Line(self.settings, self.keyring, self.queries, lambda: self.http, self.outages, self.clock)

    @cached_property
    def plan(self) -> Plan:
        """When each account is due."""
        return Plan(Schedules(self.store), self.queries, self.clock)

    @cached_property
    def service(self) -> Service:
        """The background service."""
        pulse = Pulse(self.clock, self.outages, self.queries)
        nightly = (Chore("backup", self.backups.make),)
        return Service(
            self.collecting, self.plan, pulse, lambda: self.shop.stop(), nightly=nightly, watch=self.alerts.look
        )

    @cached_property
    def vitals(self) -> Vitals:
        """How the service and the installation are, in figures."""
        return Vitals(
            self.service.status,
            self.queries,
            Totals(self.store),
            self.backup_log,
            self.clock,
            self.settings.home.absolute(),
            PROGRAM,
        )

    def make_key(self) -> None:
        """See that there is a key to seal with. Raises VaultError where the one that sealed is gone."""
        self.vault.prepare()

    def watch_over(self) -> HealthServer:
        """Return what tells the service's health on loopback while it is entered."""
        answers = {"/health": self.vitals.health, "/metrics": self.vitals.metrics}
        return HealthServer(self.settings.health_port, answers)

    @cached_property
    def connecting(self) -> Connecting:
        """The connecting of accounts."""
        return Connecting(
            self.settings,
            self.keyring,
            self.accounts,
            self.shop,
            lambda: self._make_renewer(FirstRenewer),
            self.holder.name,
            PROGRAM,
        )

    @cached_property
    def alerts(self) -> Alerts:
        """What people are told."""
        gatherer = FactGatherer(
            self.store, self.queries, self.accounts.accesses, self.keyring, Manuscripts(self.settings.home)
        )
        channels = list_channels(self.settings.alerts, self.redactor)
        return Alerts(AlertBook(self.store), gatherer.gather, channels, self.clock)

    @cached_property
    def assigner(self) -> Assigner:
        """What a snapshot is to do, and what may still be spent on it."""
        return Assigner(self.queries)

    def make_desk(self, run_id: int) -> Desk:
        """Return what the snapshots of a run share."""
        leaps = Leaps(self.lines, self.findings)
        return Desk(self.shop, self.keyring, self.accounts, self.assigner, leaps, self.holder.name, run_id)

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
