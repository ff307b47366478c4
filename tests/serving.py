"""A service driven by hand, and what came of it: the same objects as in `collector serve`, without its threads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from office import Office

from collector.ops.pulse import Pulse
from collector.ops.service import Chore, Service
from collector.store.outages import StoredOutage
from collector.wiring import Application

LONG_AGO, NEVER = datetime.fromisoformat("2000-01-01T00:00Z"), datetime.fromisoformat("2100-01-01T00:00Z")


@dataclass
class Serving:
    """An office's computer with its service. It is on when made."""

    office: Office
    nightly: tuple[Chore, ...] = ()
    watch: Callable[[], object] = lambda: None
    application: Application = field(init=False)
    service: Service = field(init=False)
    is_on: bool = False

    def __post_init__(self) -> None:
        self.on()

    def on(self) -> None:
        """Switch the computer on: the service starts and looks once."""
        self.application = opened = self.office.open()
        pulse = Pulse(opened.clock, opened.outages, opened.queries)
        self.service = Service(
            opened.collecting, opened.plan, pulse, lambda: opened.shop.stop(), nightly=self.nightly, watch=self.watch
        )
        self.is_on = True
        self.service.begin()
        self.service.tick()

    def off(self, **span: float) -> None:
        """Switch the computer off, for a while: no time passes for the program then, but the clock goes on."""
        if self.is_on:
            self.application.close()
        self.is_on = False
        if span:
            self.office.clock.move_to(self.office.clock.now() + timedelta(**span))
            self.on()

    def live(self, *, every: float = 840, **span: float) -> None:
        """Let time pass with the service on: a sign of life and a look every so many seconds."""
        until = self.office.clock.steady() + timedelta(**span).total_seconds()
        while self.office.clock.steady() < until:
            self.office.clock.sleep(every)
            self.service.beat()
            self.service.tick()

    def runs(self) -> list[tuple[str, str, str]]:
        """List trigger, platform and outcome of each snapshot, in their order."""
        return self.office.rows(
            "SELECT trigger, platform, outcome FROM snapshots JOIN runs ON runs.id = run_id"
            " JOIN accounts ON accounts.id = account_id ORDER BY snapshots.id"
        )

    def moments(self, platform: str) -> list[datetime]:
        """List when a platform's account was collected, by the office's own clock."""
        account = self.account(platform)
        found = self.office.rows("SELECT started_at FROM snapshots WHERE account_id = ? ORDER BY id", account.id)
        return [datetime.fromtimestamp(at / 1000, account.office.timezone) for (at,) in found]

    def account(self, platform: str) -> Any:
        """Return the platform's account as it is stored."""
        [account] = self.application.queries.list_accounts(platform=platform)
        return account

    def outages(self) -> list[StoredOutage]:
        """List the outages that were noted."""
        return list(self.application.outages.list_between(LONG_AGO, NEVER, NEVER))
