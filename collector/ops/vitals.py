"""How the service and the installation are, in figures: what `/health`, `/metrics` and `service status` tell."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collector.alerts.cause import Cause, Level
from collector.ops.health import as_json
from collector.ops.service import Status
from collector.store.alerts import AlertBook
from collector.store.backups import BackupLog
from collector.store.queries import Queries
from collector.store.totals import Totals

if TYPE_CHECKING:
    from prometheus_client import Metric

SILENT_AFTER = timedelta(minutes=5)
"""A service that has not looked for what is due for so long is stuck, unless it is collecting."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """Reads the figures. `status` asks the service of this process."""

    status: Callable[[], Status]
    queries: Queries
    totals: Totals
    backups: BackupLog
    alerts: AlertBook
    home: Path
    program: str

    def health(self) -> tuple[int, str, bytes]:
        """Answer `/health`: 200 while the service does its work, 503 where it is stuck or its database is gone."""
        status = self.status()  # asks the database
        is_well = self.is_well(status)
        return as_json({"status": "ok" if is_well else "stuck", **plain(status)}, 200 if is_well else 503)

    def is_well(self, status: Status) -> bool:
        """Whether the service does its work."""
        return status.is_running or (status.silent is not None and status.silent <= SILENT_AFTER)

    def metrics(self) -> tuple[int, str, bytes]:
        """Answer `/metrics` in Prometheus' own words."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.exposition import CONTENT_TYPE_LATEST

        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Families(self))
        return 200, CONTENT_TYPE_LATEST, generate_latest(registry)


def plain(status: Status) -> dict[str, Any]:
    """Return how the service is as plain values. Moments are in UTC."""

    def moment(value: datetime | None) -> str | None:
        return value.isoformat(timespec="seconds") if value is not None else None

    return {
        "alive_since": moment(status.alive_since),
        "last_tick": moment(status.last_tick),
        "running": status.is_running,
        "next_due": moment(status.next_due),
        "line_lost_since": moment(status.outage.since if status.outage is not None else None),
    }


@dataclass(frozen=True, slots=True)
class _Families:
    """The families of figures, read anew for each question: the store is the memory, not this process."""

    vitals: Vitals

    def collect(self) -> Iterator["Metric"]:
        """Yield each family."""
        yield from self._service()
        yield from self._accounts()
        yield from self._store()

    def _service(self) -> Iterator["Metric"]:
        from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

        status = self.vitals.status()
        info = InfoMetricFamily("collector", "The program.")
        info.add_metric([], {"program": self.vitals.program})
        yield info
        yield GaugeMetricFamily("collector_up", "Whether the service does its work.", self.vitals.is_well(status))
        yield GaugeMetricFamily("collector_collecting", "Whether a run is under way.", status.is_running)
        yield GaugeMetricFamily("collector_line_lost", "Whether no platform answers.", status.outage is not None)
        for name, words, moment in (
            ("collector_start_timestamp_seconds", "When the service began.", status.alive_since),
            ("collector_last_tick_timestamp_seconds", "When it last looked for what is due.", status.last_tick),
            ("collector_next_due_timestamp_seconds", "When the next account is due.", status.next_due),
        ):
            if moment is not None:  # missing is never zero
                yield GaugeMetricFamily(name, words, moment.timestamp())

    def _accounts(self) -> Iterator["Metric"]:
        from prometheus_client.core import GaugeMetricFamily

        names = ["office", "platform", "account"]
        good = GaugeMetricFamily(
            "collector_account_last_success_timestamp_seconds", "When an account was last collected well.", labels=names
        )
        state = GaugeMetricFamily("collector_account_state", "How an account stands: 1.", labels=[*names, "state"])
        last = self.vitals.queries.list_last_snapshots()
        for account in self.vitals.queries.list_accounts():
            if account.state == "replaced":
                continue  # nobody collects it, and the one in its place may have its name
            whose = [account.office.slug, account.platform, account.handle]
            state.add_metric([*whose, account.state], 1)
            summary = last.get(account.id)
            if summary is not None and summary.last_good_at is not None:
                good.add_metric(whose, summary.last_good_at.timestamp())
        yield good
        yield state

    def _store(self) -> Iterator["Metric"]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        families = {
            name: CounterMetricFamily(f"collector_{name}", words, labels=["platform", "outcome"])
            for name, words in (("snapshots", "Snapshots."), ("requests", "Requests."), ("readings", "New readings."))
        }
        for total in self.vitals.totals.count_snapshots():
            for name, family in families.items():
                family.add_metric([total.platform, total.outcome], getattr(total, name))
        yield from families.values()
        alerts = GaugeMetricFamily("collector_alerts_open", "Causes that last, by how pressing.", labels=["level"])
        levels = [Cause.load(alert.cause, alert.detail).level for alert in self.vitals.alerts.list_open()]
        for level in Level:
            alerts.add_metric([level], levels.count(level))
        yield alerts
        backup = self.vitals.backups.find_last_good()
        if backup is not None:
            yield GaugeMetricFamily("collector_backup_last_success_timestamp_seconds", "When a backup last succeeded.",
                                    backup.made_at.timestamp())  # fmt: skip
        yield GaugeMetricFamily("collector_home_free_bytes", "Room that is left where the home is.",
                                shutil.disk_usage(self.vitals.home).free)  # fmt: skip
