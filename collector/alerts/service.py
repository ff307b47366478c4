"""Looking for causes and having them told: what the service calls after each run and every few minutes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from collector.alerts.cause import Cause
from collector.alerts.causes import list_causes
from collector.alerts.channels import Channel
from collector.alerts.courier import Courier
from collector.alerts.facts import Facts
from collector.alerts.machine import CLOCK_BEHIND
from collector.alerts.messages import trial
from collector.clock import Clock, monotonic
from collector.errors import SettingsError
from collector.store.alerts import Alert, AlertBook

_log = logging.getLogger(__name__)

CLOSING_SECONDS = 3.0
"""How long the end of the program waits for a message that is on its way."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A cause that lasts now, and since when it is known."""

    cause: Cause
    since: datetime | None


@dataclass(frozen=True)
class Alerts:
    """Tells people what went wrong, and when it is over."""

    book: AlertBook
    gather: Callable[[datetime], Facts]
    channels: tuple[Channel, ...]
    clock: Clock

    @cached_property
    def _couriers(self) -> tuple[Courier, ...]:
        return tuple(Courier(channel, self.book, self.clock) for channel in self.channels)

    def look(self) -> None:
        """See what began and what is over, and have it told. Returns without waiting for any channel.

        Never raises: what watches over the collecting must not be what ends it.
        """
        try:
            if self._take_down():
                for courier in self._couriers:
                    courier.wake()
        except Exception as error:  # noqa: BLE001 - see above
            _log.warning("looking for alerts failed: %s", type(error).__name__)
            _log.debug("looking for alerts", exc_info=error)

    def _take_down(self) -> bool:
        """Note what began and what is over. Returns whether a channel waits to be told something."""
        known = self.book.list_open()  # before the facts: what another process opens meanwhile is not for us to close
        now = self.clock.now()
        facts = self.gather(now)
        causes = list_causes(facts)
        open_keys = {alert.cause for alert in known}
        opened = {cause.key: cause.dump() for cause in causes if cause.key not in open_keys}
        closed, quietly = _list_ended(known, causes, facts)
        return self.book.note(opened, closed, quietly, [channel.name for channel in self.channels], now)

    def list_standing(self) -> tuple[Standing, ...]:
        """Return what there is to tell now, whether or not anybody is told; nothing is changed by looking."""
        since = {alert.cause: alert.opened_at for alert in self.book.list_open()}
        causes = list_causes(self.gather(self.clock.now()))
        return tuple(Standing(cause, since.get(cause.key)) for cause in causes)

    def try_out(self) -> list[tuple[Channel, str | None]]:
        """Send each channel a trial line. Returns what went wrong with each, None where it took it."""
        message = trial([office.name for office in self.gather(self.clock.now()).offices])
        return [(channel, channel.send(message)) for channel in self.channels]

    def list_faults(self) -> list[str]:
        """Return what is wrong with the channels' addresses, without asking any of them."""
        faults: list[str] = []
        for channel in self.channels:
            try:
                channel.check()
            except SettingsError as error:
                faults.append(str(error))
        return list(dict.fromkeys(faults))

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is on its way any more, at most so long. Returns whether that came."""
        end = monotonic() + seconds
        return all(courier.wait(max(0.0, end - monotonic())) for courier in self._couriers)

    def close(self, seconds: float = CLOSING_SECONDS) -> None:
        """Begin nothing new, and give what is on its way a moment. What did not arrive is sent after the next start."""
        for courier in self._couriers:
            courier.stop()
        self.wait(seconds)


def _list_ended(known: tuple[Alert, ...], causes: tuple[Cause, ...], facts: Facts) -> tuple[list[int], list[int]]:
    """Return the alerts whose cause is over: those to tell of, and those that end without a word."""
    keys = {cause.key for cause in causes}
    if CLOCK_BEHIND in keys:
        return [], []  # whatever depends on the time would seem to be over
    watched = {one.account.id for one in facts.accounts if one.account.state != "paused"}
    closed: list[int] = []
    quietly: list[int] = []
    for alert in known:
        if alert.cause in keys:
            continue
        ended = Cause.load(alert.cause, alert.detail)
        is_left = ended.account is not None and ended.account not in watched
        is_replaced = any(cause.is_covering(alert.cause) for cause in causes)
        (quietly if ended.quiet or is_left or is_replaced else closed).append(alert.id)
    return closed, quietly
