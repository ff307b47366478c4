"""The parts that figures are collected, stored and read with, made when first asked for."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from importlib.metadata import version
from typing import TypeVar

from collector.accounts.decisions import Decisions
from collector.accounts.keyfile import KeyFile
from collector.accounts.keyring import Keyring
from collector.accounts.rotation import Rotation
from collector.accounts.service import Accounts
from collector.accounts.standing import Standings
from collector.accounts.vault import Vault
from collector.clock import Clock
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
from collector.ops.plan import Plan
from collector.reports.gather import Gatherer
from collector.reports.naskah import Manuscripts
from collector.reports.renderers import RENDERERS
from collector.reports.service import Reporting
from collector.settings import Settings
from collector.store.accesses import Accesses
from collector.store.bodies import Bodies
from collector.store.credentials import Credentials
from collector.store.custody import Custodies
from collector.store.directory import Directory
from collector.store.engine import Store
from collector.store.findings import Findings
from collector.store.history import History
from collector.store.ledger import Ledger
from collector.store.outages import Outages
from collector.store.queries import Queries
from collector.store.renewals import Renewals
from collector.store.reports import Reports
from collector.store.resume_points import ResumePoints
from collector.store.schedules import Schedules

PROGRAM = f"collector {version('collector')}"

R = TypeVar("R", bound=Renewer)


@dataclass
class Parts:
    """The parts of one opened installation."""

    settings: Settings
    clock: Clock
    redactor: Redactor

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

    @cached_property
    def decisions(self) -> Decisions:
        """What follows from people's answers to findings."""
        return Decisions(self.accounts)

    @cached_property
    def vault(self) -> Vault:
        """The sealed sign-ins."""
        return Vault(self.settings.key_file, self.ledger, self.queries, self.clock, self._lock_vault)

    def _lock_vault(self) -> AbstractContextManager[object]:
        return self.holder.lock("vault")

    @cached_property
    def rotation(self) -> Rotation:
        """The changing of the key."""
        return Rotation(KeyFile(self.settings.key_file), Credentials(self.store), self.queries, self._lock_vault)

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
    def collecting(self) -> Collecting:
        """The one path of every collection."""
        recovery = Recovery(self.clock, self.ledger, self.queries, self.holder, self.plan.take_up)
        retention = self.make_retention(self.settings.keep_answers_days)
        return Collecting(self.settings, recovery, retention, self.make_desk, self.line, self.plan.next_due, PROGRAM)

    def make_retention(self, keep_days: int | None) -> Retention:
        """Return what reduces answers, those that are older than some days included."""
        keep = timedelta(days=keep_days) if keep_days is not None else None
        return Retention(self.clock, self.queries, Bodies(self.store), keep)

    @cached_property
    def assigner(self) -> Assigner:
        """What a snapshot is to do, and what may still be spent on it."""
        return Assigner(self.queries, ResumePoints(self.store))

    def make_desk(self, run_id: int) -> Desk:
        """Return what the snapshots of a run share."""
        leaps = Leaps(self.lines, self.findings)
        return Desk(self.shop, self.keyring, self.accounts, self.assigner, leaps, self.holder.name, run_id)

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
