"""Putting the parts together: the one module that knows them all. Only the entrances (commands, demo, tests) use it."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from importlib.metadata import version
from types import TracebackType
from typing import Self

from collector.accounts.keyring import Keyring
from collector.accounts.service import Accounts
from collector.accounts.vault import Vault
from collector.clock import Clock, SystemClock
from collector.collect.assignments import Assigner
from collector.collect.fetch import Shop
from collector.collect.holder import Holder
from collector.collect.http import Http
from collector.collect.limits import Gate
from collector.collect.recovery import Recovery
from collector.collect.redact import Redactor
from collector.collect.retention import Retention
from collector.collect.run import Collecting
from collector.collect.signin import SignIn
from collector.collect.snapshot import Desk
from collector.figures.lines import Lines
from collector.home import open_home
from collector.ops.pruning import Pruning
from collector.ops.scheduler import next_due
from collector.reports.gather import Gatherer
from collector.reports.naskah import Manuscripts
from collector.reports.renderers import RENDERERS
from collector.reports.service import Reporting
from collector.settings import Settings
from collector.store.accesses import Accesses
from collector.store.bodies import Bodies
from collector.store.directory import Directory
from collector.store.engine import Store
from collector.store.evidence import Evidence
from collector.store.history import History
from collector.store.ledger import Ledger
from collector.store.migrate import upgrade
from collector.store.queries import Queries
from collector.store.reports import Reports
from collector.verifying.service import Verifying

PROGRAM = f"collector {version('collector')}"


@dataclass
class Application:
    """One opened installation. Use it as a context manager; parts are made when first asked for."""

    settings: Settings
    clock: Clock
    redactor: Redactor

    @classmethod
    def open(cls, settings: Settings, *, clock: Clock | None = None, redactor: Redactor | None = None) -> Self:
        """Open the home and bring its database up. Raises CollectorError where that cannot be."""
        application = cls(settings, clock or SystemClock(), redactor or Redactor())
        application.redactor.know(*settings.list_secrets())
        open_home(settings.home)
        upgrade(application.store)
        return application

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
    def lines(self) -> Lines:
        """The reader of what growth is computed from."""
        return Lines(self.history, {})

    @cached_property
    def reporting(self) -> Reporting:
        """The maker of reports."""
        return Reporting(
            Gatherer(self.lines, self.history),
            Manuscripts(self.settings.home),
            Reports(self.store),
            self.clock,
            RENDERERS,
        )

    @cached_property
    def accounts(self) -> Accounts:
        """Offices and accounts."""
        return Accounts(Directory(self.store), self.queries, Accesses(self.store), self.clock)

    @cached_property
    def vault(self) -> Vault:
        """The sealed sign-ins."""
        return Vault(self.settings.key_file, self.ledger, self.queries, self.clock)

    @cached_property
    def keyring(self) -> Keyring:
        """What each account is collected with."""
        return Keyring(self.settings, self.vault)

    @cached_property
    def holder(self) -> Holder:
        """This process as a holder of snapshots."""
        return Holder(self.settings.home.absolute())

    @cached_property
    def http(self) -> Http:
        """The connections to the platforms."""
        return Http()

    @cached_property
    def shop(self) -> Shop:
        """What every fetch shares."""
        sign_in = SignIn(self.settings, self.vault, self.http, self.clock, self.redactor, self.holder.lock)
        gate = Gate(self.clock, self.ledger, self.queries)
        return Shop(self.clock, self.http, sign_in, gate, self.ledger, self.redactor)

    @cached_property
    def collecting(self) -> Collecting:
        """The one path of every collection."""
        recovery = Recovery(self.clock, self.ledger, self.queries, self.holder)
        retention = self.make_retention(self.settings.keep_answers_days)
        return Collecting(self.settings, recovery, retention, self.make_desk, next_due, PROGRAM)

    @cached_property
    def pruning(self) -> Pruning:
        """Letting go of what need not be kept."""
        home, keep = self.settings.home.absolute(), self.settings.keep_answers_days
        return Pruning(self.store, Evidence(self.store), self.holder, home, self.clock, self.make_retention, keep)

    def make_retention(self, keep_days: int | None) -> Retention:
        """Return what reduces answers, those that are older than some days included."""
        keep = timedelta(days=keep_days) if keep_days is not None else None
        return Retention(self.clock, self.queries, Bodies(self.store), keep)

    @cached_property
    def verifying(self) -> Verifying:
        """The proof that what is stored is what was stored."""
        return Verifying(self.store, self.queries, self.settings.home.absolute(), PROGRAM)

    @cached_property
    def assigner(self) -> Assigner:
        """What a snapshot is to do, and what may still be spent on it."""
        return Assigner(self.queries)

    def make_desk(self, run_id: int) -> Desk:
        """Return what the snapshots of a run share."""
        return Desk(self.shop, self.keyring, self.accounts, self.assigner, self.holder.name, run_id)

    def close(self) -> None:
        """Let go of connections, locks and the database."""
        opened = vars(self)
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
