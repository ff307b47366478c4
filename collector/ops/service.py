"""The background service: it looks every half minute for what is due, and has it collected.

What is due is a question to the store; nothing is remembered here that a crash could lose. One thread works, another
gives signs of life, and the one that was started only waits to be told to stop. No fault ends the service: it is said
in one sentence, and the next look comes.
"""

import logging
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Event, Thread
from zoneinfo import ZoneInfo

from collector.accounts.service import DEFAULT_ZONE
from collector.clock import Clock
from collector.collect.run import Collecting, Selection
from collector.errors import CollectorError, SelectionError
from collector.language import t
from collector.ops.plan import Plan
from collector.ops.pulse import Pulse
from collector.store.outages import StoredOutage

TICK_SECONDS = 30.0
"""How often the service looks for what is due, and gives a sign of life."""

GRACE_SECONDS = 6.0
"""How long the work under way may take to end when the service is to stop; what hangs then is ended."""

_HUNG_SECONDS = 3600.0  # so long no chore takes: a service that looks for nothing any more must not seem alive
_OVERDUE = timedelta(hours=1)  # later than that it is catching up
_FIRST_KNOCK, _LONGEST_KNOCK = 60.0, 300.0  # seconds between two tries of a line that is gone
_SETTLE_SECONDS = 120.0  # a computer that was just switched on has no line yet
_FAREWELL_SECONDS = 2.0
_WATCH_SECONDS = 300.0
_MEND_SECONDS = 3600.0
_UNREADY_SECONDS, _BROKEN_SECONDS = 3600.0, 300.0
_MORNING = 4  # o'clock: by then the chores are done although nothing could be collected
_CHORES = "nightly"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done once a day, after the night's collection."""

    name: str
    do: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Status:
    """How the service is. Moments are in UTC; `outage` is the one of the line that lasts.

    `silent` is for how long it neither looked for what is due nor did its chores, whatever the clock was set to since.
    """

    alive_since: datetime | None
    last_tick: datetime | None
    silent: timedelta | None
    is_running: bool
    next_due: datetime | None
    outage: StoredOutage | None


class Service:
    """Collects what is due for as long as it lives. `stop` makes the work under way end; `watch` looks for alerts."""

    def __init__(
        self,
        collecting: Collecting,
        plan: Plan,
        pulse: Pulse,
        stop: Callable[[], None],
        *,
        nightly: Sequence[Chore] = (),
        watch: Callable[[], object] = lambda: None,
    ) -> None:
        self._collecting, self._plan, self._pulse, self._stop = collecting, plan, pulse, stop
        self._nightly, self._watch = tuple(nightly), watch
        self._clock: Clock = plan.clock
        self._line, self._outages = collecting.line, pulse.outages
        self._ended = Event()
        self._alive_since: datetime | None = None
        self._last_tick: datetime | None = None
        self._is_running = self._is_at_chores = self._is_back = self._was_moved = False
        self._chores_on: date | None = None
        self._unready: dict[int, float] = {}  # until when, by the steady clock, who cannot be collected is left alone
        self._looked_at = self._settles_until = 0.0
        self._pause = self._next_knock = self._next_watch = self._next_mend = 0.0
        self._said: dict[str, str] = {}

    def status(self) -> Status:
        """Return how the service is. May be asked from any thread."""
        return Status(
            self._alive_since, self._last_tick, self._silent(), self._is_running,
            self._plan.schedules.find_next_due(), self._outages.find_open_line(),
        )  # fmt: skip

    def _silent(self) -> timedelta | None:
        if self._last_tick is None:
            return None
        seconds = self._clock.steady() - self._looked_at
        return timedelta(seconds=0 if self._is_at_chores and seconds < _HUNG_SECONDS else seconds)

    def run(self, wait: Callable[[float], bool]) -> bool:
        """Serve until `wait`, which waits for so many seconds, says that it is time to stop.

        Returns whether all work came to its end by itself. Where it did not, what it had been answered is stored, and
        the process is to be ended.
        """
        worker = Thread(target=self._work, name="service", daemon=True)
        worker.start()
        while not wait(TICK_SECONDS):
            pass  # signs of life are given elsewhere: the database they are written to may be held for half a minute
        self._ended.set()
        self._stop()
        worker.join(GRACE_SECONDS)
        if not worker.is_alive():
            return True
        farewell = Thread(target=self._guarded, args=("stop", self._collecting.recovery.abandon), daemon=True)
        farewell.start()
        farewell.join(_FAREWELL_SECONDS)  # what is not stored by then, the next start reads
        return False

    def begin(self) -> None:
        """Begin to serve: note for how long nobody did, and see who is to be collected."""
        self._alive_since, self._looked_at = self._clock.now(), self._clock.steady()
        self._settles_until = self._looked_at + _SETTLE_SECONDS
        self._guarded("beat", self.beat)
        self._guarded("accounts", self._see_accounts)

    def beat(self) -> None:
        """Give a sign of life."""
        match self._pulse.beat():
            case "back":
                self._settles_until = self._clock.steady() + _SETTLE_SECONDS
                self._is_back = self._was_moved = True
            case "set":
                self._was_moved = True

    def tick(self) -> None:
        """Look for what is due, and have it collected."""
        self._last_tick, self._looked_at = self._clock.now(), self._clock.steady()
        self._guarded("recovery", self._collecting.recovery.recover)
        if self._was_moved or self._clock.steady() >= self._next_mend:
            self._was_moved, self._next_mend = False, self._clock.steady() + _MEND_SECONDS
            self._guarded("plan", self._plan.mend)
        has_run = self._is_line_there() and self._collect()
        self._do_chores(has_run)
        if has_run or self._clock.steady() >= self._next_watch:
            self._next_watch = self._clock.steady() + _WATCH_SECONDS
            self._guarded("watch", self._watch)

    def _live(self, wait: Callable[[float], bool]) -> None:
        """Give signs of life while it collects, for as long as that takes, or looked lately for what is due."""
        while not wait(TICK_SECONDS):
            if self._is_running or self._clock.steady() - self._looked_at < _HUNG_SECONDS:
                self._guarded("beat", self.beat)

    def _work(self) -> None:
        self.begin()
        Thread(target=self._live, args=(self._ended.wait,), name="pulse", daemon=True).start()
        while not self._ended.is_set():
            self._guarded("tick", self.tick)
            self._ended.wait(TICK_SECONDS)

    def _see_accounts(self) -> None:
        """Find the accounts that the environment configures, and say which cannot be collected."""
        try:
            _, rest = self._collecting.choose(Selection())
        except SelectionError as nobody:
            _log.warning("%s", nobody)
            return
        for one in rest:
            if one.problem is not None and one.result == "failed":
                _log.warning("%s %s: %s %s", one.platform, one.account, one.problem.message, one.problem.hint)

    def _is_line_there(self) -> bool:
        """Whether there is any sense in asking. While the line is gone it is tried with growing pauses."""
        if self._outages.find_open_line() is None:
            if self._pause:  # somebody who collected by hand found it back
                self._pause, self._is_back = 0.0, True
            return self._has_settled()
        steady = self._clock.steady()
        if not self._pause:
            self._pause = _FIRST_KNOCK
            self._next_knock = steady + self._pause
            _log.warning(
                t("Jaringan terputus: tidak ada platform yang menjawab. Dicoba lagi tiap beberapa menit.",
                  en="The line is gone: no platform answers. It is tried again every few minutes.")
            )  # fmt: skip
        if steady < self._next_knock:
            return False
        if not self._line.knock():
            self._pause = min(self._pause * 2, _LONGEST_KNOCK)
            self._next_knock = steady + self._pause
            return False
        self._pause, self._is_back = 0.0, True
        _log.warning(t("Jaringan tersambung lagi; yang tertunda dikumpulkan sekarang.",
                       en="The line is back; what had to wait is collected now."))  # fmt: skip
        return True

    def _has_settled(self) -> bool:
        """Whether a computer that was just switched on, or woke up, had time to find its line."""
        if self._clock.steady() < self._settles_until and not self._line.knock():
            return False
        self._settles_until = 0.0
        return True

    def _collect(self) -> bool:
        """Have the accounts collected that are due. Returns whether there were any."""
        if self._is_back:  # nobody waits for a pause that the line was the reason of
            self._guarded("hurry", self._plan.hurry)
        now, steady = self._clock.now(), self._clock.steady()
        self._unready = {account: until for account, until in self._unready.items() if until > steady}
        due = {one: since for one, since in self._plan.schedules.list_due(now).items() if one not in self._unready}
        if not due:
            self._is_back = False
            return False
        is_late = any(since is not None and since < now - _OVERDUE for since in due.values())
        trigger = "catch-up" if self._is_back or is_late else "schedule"
        self._is_back, self._is_running = False, True
        went_well = self._guarded("run", lambda: self._run(trigger, now))
        self._is_running = False
        # Who is still due could not even be begun: what hinders it does not change every half minute.
        seconds = _UNREADY_SECONDS if went_well else _BROKEN_SECONDS
        self._guarded("due", lambda: self._leave_alone(due.keys(), now, seconds))
        return went_well

    def _run(self, trigger: str, by: datetime) -> None:
        try:
            self._collecting.run(trigger, Selection(due_by=by))
        except SelectionError as nobody:  # another process was quicker, or a person changed who is collected
            _log.info("%s", nobody)

    def _leave_alone(self, tried: Set[int], now: datetime, seconds: float) -> None:
        until = self._clock.steady() + seconds
        self._unready |= dict.fromkeys(tried & self._plan.schedules.list_due(now).keys(), until)

    def _do_chores(self, has_run: bool) -> None:
        """Do what is to be done once a day: after the first run, or in the morning where there was none."""
        here = self._clock.now().astimezone(self._zone())
        if not self._nightly or not (has_run or here.hour >= _MORNING) or self._chores_on == here.date():
            return
        self._chores_on = here.date()  # also where that cannot be written down: a full disk must not be tried all day
        if self._last_chores() == here.date():
            return
        self._is_at_chores = True
        try:
            for chore in self._nightly:
                if self._ended.is_set():
                    return
                self._guarded(chore.name, chore.do)
        finally:
            self._is_at_chores = False
        self._guarded("chores", lambda: self._outages.beat(_CHORES, self._clock.now()))

    def _last_chores(self) -> date | None:
        last = self._outages.find_beat(_CHORES)
        return last.astimezone(self._zone()).date() if last is not None else None

    def _zone(self) -> ZoneInfo:
        offices = self._plan.queries.list_offices()
        return offices[0].timezone if offices else ZoneInfo(DEFAULT_ZONE)

    def _guarded(self, name: str, do: Callable[[], object]) -> bool:
        """Do something whose fault must not end the service; it is said once. Returns whether all went well."""
        try:
            do()
        except Exception as error:  # noqa: BLE001 - the edge of everything that the service does
            said = str(error) if isinstance(error, CollectorError) else f"{type(error).__name__}: {error}"
            if self._said.get(name) != said:
                _log.warning("%s: %s", name, said)
            _log.debug("%s failed", name, exc_info=error)
            self._said[name] = said
            return False
        self._said.pop(name, None)
        return True
