"""The parts that keep an installation running: service, alerts, backups, proofs."""

from datetime import datetime
from functools import cached_property

from collector.accounts.keyfile import KeyFile
from collector.alerts.channels import list_channels
from collector.alerts.gather import FactGatherer
from collector.alerts.service import Alerts
from collector.backups.service import Backups
from collector.ops.health import HealthServer
from collector.ops.pruning import Pruning
from collector.ops.pulse import NAME, Pulse
from collector.ops.service import Chore, Service
from collector.ops.service_lock import ServiceLock
from collector.ops.vitals import Vitals
from collector.reports.handover import Places
from collector.reports.naskah import Manuscripts
from collector.store.alerts import AlertBook
from collector.store.backups import BackupLog
from collector.store.evidence import Evidence
from collector.store.totals import Totals
from collector.verifying.service import Verifying
from collector.wiring.parts import PROGRAM, Parts


class Upkeep(Parts):
    """The parts of one opened installation, with those of its upkeep."""

    @cached_property
    def backups(self) -> Backups:
        """The maker of backups."""
        return Backups(self.settings.home.absolute(), self.store, KeyFile(self.settings.key_file), self.clock, PROGRAM)

    @cached_property
    def backup_log(self) -> BackupLog:
        """The backups that were made."""
        return BackupLog(self.store)

    def places(self) -> Places:
        """Return where things lie on this machine."""
        last = self.backup_log.find_last_good()
        return Places(
            str(self.settings.home.absolute()), str(self.settings.key_file), last.path if last is not None else "",
            last.made_at if last is not None else None,
        )  # fmt: skip

    def make_key(self) -> None:
        """See that there is a key to seal with. Raises VaultError where the one that sealed is gone."""
        self.vault.prepare()

    @cached_property
    def alerts(self) -> Alerts:
        """What people are told."""
        gatherer = FactGatherer(
            self.store, self.queries, self.accounts.accesses, self.keyring, Manuscripts(self.settings.home)
        )
        channels = list_channels(self.settings.alerts, self.redactor)
        return Alerts(AlertBook(self.store), gatherer.gather, channels, self.clock)

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
            AlertBook(self.store),
            self.settings.home.absolute(),
            PROGRAM,
        )

    def find_silence(self) -> datetime | None:
        """Return the last sign of life of a service that ran here once and does not now, None where all is well."""
        last = self.outages.find_beat(NAME)
        is_there = ServiceLock(self.settings.home.absolute()).find_holder() is not None
        return None if last is None or is_there else last

    def watch_over(self) -> HealthServer:
        """Return what tells the service's health on loopback while it is entered."""
        answers = {"/health": self.vitals.health, "/metrics": self.vitals.metrics}
        return HealthServer(self.settings.health_port, answers)

    @cached_property
    def pruning(self) -> Pruning:
        """Letting go of what need not be kept."""
        home, keep = self.settings.home.absolute(), self.settings.keep_answers_days
        return Pruning(self.store, Evidence(self.store), self.holder, home, self.clock, self.make_retention, keep)

    @cached_property
    def verifying(self) -> Verifying:
        """The proof that what is stored is what was stored."""
        return Verifying(self.store, self.queries, self.settings.home.absolute(), PROGRAM)
