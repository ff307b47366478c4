"""The office's line to the platforms: whether it is there, and since when it was not.

A run in which nothing answered says that the line is gone, unless a platform that was not asked in it answers now: one
platform that is down is no outage. While the line is gone, one host at a time is knocked at, without a sign-in and
without trying again; whatever it says, the line is there.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from collector.accounts.keyring import Keyring, is_enough
from collector.clock import Clock
from collector.collect.http import Http
from collector.errors import CollectorError
from collector.platforms import get_connector
from collector.settings import Settings
from collector.store.outages import Outages
from collector.store.queries import Queries

_MOST_KNOCKS = 3  # after a run without any answer: each may take ten seconds


@dataclass(slots=True)
class Line:
    """Watches the line. One per process."""

    settings: Settings
    keyring: Keyring
    queries: Queries
    http: Callable[[], Http]
    outages: Outages
    clock: Clock
    _knocked: int = field(default=0, init=False)

    def judge(self, run_id: int) -> None:
        """Say, after a run, whether the line is there."""
        answering = self.outages.find_answering(run_id)
        if answering.answered_at is not None:
            self.outages.close_line(answering.answered_at)
            drift = self.queries.find_clock_drift()
            if drift is not None and drift.confirmed_since >= run_id:
                self.outages.end_ahead(answering.answered_at)
        elif answering.asked_at is not None and not self._any_answers(besides=answering.platforms):
            self.outages.open_line(answering.asked_at, self.clock.now())

    def knock(self) -> bool:
        """Knock at one host, each time at another one. Returns whether the line is there, and notes that it is back."""
        hosts = sorted(self._list_hosts(besides=()).items())
        if not hosts:
            return True  # there is nobody left to ask: nothing is to wait for an answer
        self._knocked += 1
        if not self.http().answers(*hosts[self._knocked % len(hosts)]):
            return False
        self.outages.close_line(self.clock.now())
        return True

    def _any_answers(self, *, besides: Collection[str]) -> bool:
        hosts = sorted(self._list_hosts(besides).items())[:_MOST_KNOCKS]
        return any(self.http().answers(platform, address) for platform, address in hosts)

    def _list_hosts(self, besides: Collection[str]) -> dict[str, str]:
        """Return the address of one host of each platform that an account is collected from."""
        hosts: dict[str, str] = {}
        for account in self.queries.list_accounts():
            if account.platform in hosts or account.platform in besides or account.state == "paused":
                continue
            try:
                connector = get_connector(account.platform)
                keys = self.keyring.keys_of(connector, account)
                if is_enough(connector, keys):
                    host = next(iter(connector.hosts.values()))
                    hosts[account.platform] = self.settings.address_of(host, keys)
            except (CollectorError, LookupError):
                continue  # its own collecting says what is wrong with it
        return hosts
