"""A courier carries to one channel what waits for it, in a thread of its own: nobody waits for a dead server."""

import logging
import threading

from collector.alerts.channels import Channel
from collector.alerts.messages import compose
from collector.clock import Clock
from collector.language import t
from collector.store.alerts import AlertBook

_log = logging.getLogger(__name__)


class Courier:
    """Carries while there is something to carry. Its thread is a daemon: it never holds up the program's end."""

    def __init__(self, channel: Channel, book: AlertBook, clock: Clock) -> None:
        self._channel, self._book, self._clock = channel, book, clock
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._again = self._stopping = False

    def wake(self) -> None:
        """Have it look whether anything waits. Returns at once."""
        with self._lock:
            self._again = True
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._carry, name=f"alerts {self._channel.name}", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until it has nothing to do, at most so long. Returns whether that came."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def stop(self) -> None:
        """Have it begin nothing new."""
        self._stopping = True

    def _carry(self) -> None:
        while self._is_asked():
            try:
                while not self._stopping and self._carry_one():
                    pass
            except Exception as error:  # noqa: BLE001 - the edge of a thread; what it was to tell waits in the store
                _log.warning("alerts to channel %s: %s", self._channel.name, type(error).__name__)
                _log.debug("alerts to channel %s", self._channel.name, exc_info=error)

    def _is_asked(self) -> bool:
        with self._lock:
            asked, self._again = self._again and not self._stopping, False
            if not asked:
                self._thread = None
            return asked

    def _carry_one(self) -> bool:
        """Send one message. Returns whether there may be more."""
        tellings = self._book.claim(self._channel.name, self._clock.now())
        if not tellings:
            return False
        message = compose(tellings)
        problem = self._channel.send(message) if message is not None else None
        if problem is not None:
            _log.warning(
                t(
                    f"Pemberitahuan lewat {self._channel.name}: {problem}",
                    en=f"Alerts to {self._channel.name}: {problem}",
                )
            )
            return False
        self._book.told(self._channel.name, tellings, self._clock.now())
        return True
