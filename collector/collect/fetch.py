"""From a connector's request to its kept answer: the `fetch` that a connector is handed.

Each try is committed to the store before anyone looks into it. What is passing is tried again with growing, jittered
pauses; what the platform asks for is obeyed; what a person must mend is raised at once.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Event

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from collector.clock import Clock
from collector.collect.http import Answer, Http, NotSentError, Prepared
from collector.collect.limits import LONGEST_WAIT, Gate
from collector.collect.redact import Redactor
from collector.collect.signin import Session, SignIn
from collector.collect.tickets import take_out
from collector.settings import KeyValues
from collector.store.ledger import Kept, Ledger
from connectors.kit import (
    AccessError,
    Action,
    Connector,
    Exchange,
    Node,
    NotOfferedError,
    PlatformError,
    Reason,
    Request,
    ThrottledError,
    UnreachableError,
)
from connectors.kit.replay import judge

LEASE = timedelta(minutes=10)
"""How long a snapshot is believed to be alive after its last exchange; longer than any answer may take."""

_TRIES = 3
_BACK_OFF = wait_exponential_jitter(initial=1, max=20, exp_base=4, jitter=1)  # about 1 s and 4 s
_KEPT_HEADERS = ("content-type", "date", "retry-after", "api-version", "x-tt-logid")
_KEPT_HEADER_WORDS = ("usage", "limit")  # quota headers: X-App-Usage, x-rate-limit-remaining, …

ENDED = "ended"
"""The fault of a snapshot that was ended before it was done: its time was over, or the program is to stop."""

_LONGEST_RETRY_AFTER = timedelta(days=7)  # a slip of the platform must not close the gate for years

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shop:
    """What every fetch of a process shares."""

    clock: Clock
    http: Http
    sign_in: SignIn
    gate: Gate
    ledger: Ledger
    redactor: Redactor
    stopping: Event = field(default_factory=Event)

    def stop(self) -> None:
        """Let nobody ask, or wait for its turn, any more."""
        self.stopping.set()
        self.clock.wake()


@dataclass(slots=True)
class Fetcher:
    """Fetches for one snapshot. `now` is the snapshot's moment.

    `step` counts the questions that collecting asks. Questions of `check` and of signing in have step 0: they are
    kept too, but reading the answers again does not need them.
    """

    shop: Shop
    connector: Connector
    account_id: int
    keys: KeyValues
    run_id: int
    snapshot_id: int | None
    now: datetime
    deadline: datetime
    asked: int = 0
    spent: int = 0
    taken: dict[str, str] = field(default_factory=dict)  # secrets that answers bore, by their tickets
    _most: int | None = None
    _step: int = 0
    _attempts: dict[int, int] = field(default_factory=dict)
    _counted: dict[int, int] = field(default_factory=dict)  # what the tries of the question under way may have cost

    def allow(self, budget: int | None) -> None:
        """Let no more than this be spent from now on; None: no end."""
        self._most = None if budget is None else self.spent + budget

    def collect(self, request: Request) -> Node:
        """Ask one question of the collecting."""
        self._step += 1
        return self._ask(request, self._step)

    def check(self, request: Request) -> Node:
        """Ask one question besides the collecting."""
        return self._ask(request, 0)

    def _keep_sign_in(self, request: Request, answer: Answer | None, error: str | None) -> Exchange:
        """Keep of a sign-in that it was, when, and what the answer was like: never the answer itself."""
        if answer is None:
            return Exchange(self._keep(request, 0, None, error), request, 0, {}, b"", self.now)
        number = self._keep(request, 0, self._without_secrets(replace(answer, body=_outline(answer.body))), error)
        return Exchange(number, request, answer.status, answer.headers, answer.body, self.now)

    @property
    def session(self) -> Session:
        """Who is asked for: what a sign-in needs to know."""
        return Session(self.connector, self.account_id, self.keys, self._keep_sign_in)

    def _ask(self, request: Request, step: int) -> Node:
        renewed, self._counted = False, {}
        while True:
            try:
                return self._ask_patiently(request, step)
            except AccessError:
                # A short-lived key can die before its time: once, a new one is had and the question repeated.
                if renewed or not self.shop.sign_in.renew(self.session, request):
                    raise
                renewed = True

    def _ask_patiently(self, request: Request, step: int) -> Node:
        retrying = Retrying(
            sleep=self.shop.clock.sleep,
            stop=stop_after_attempt(_TRIES),
            retry=retry_if_exception(self._is_passing),
            wait=self._pause_before_next,
            reraise=True,
        )
        return retrying(self._ask_once, request, step)

    def _ask_once(self, request: Request, step: int) -> Node:
        connector = self.connector
        self._check_time_and_money(request)
        self.shop.gate.enter(connector.slug, self._scope, connector.limits)
        self._check_time()  # who waits to stop did not wait for its turn
        prepared = self._sign_in(request)
        self.asked += 1
        try:
            answer = self._without_secrets(self._take_out(request, self.shop.http.send(connector.slug, prepared)))
        except UnreachableError as error:
            may_have_cost = not isinstance(error, NotSentError)
            self._keep(request, step, None, error.message, self._price(request) if may_have_cost else 0)
            raise
        price = self._price(request) if answer.status < 400 else 0  # what a platform refuses, it does not charge for
        number = self._keep(request, step, answer, None, price)
        exchange = Exchange(number, request, answer.status, answer.headers, answer.body, self.now)
        if answer.status < 400:
            self._settle(exchange)
        try:
            node = judge(connector, exchange)
        except ThrottledError as error:
            error.until = self._obey(error, answer.headers)
            raise
        pause = connector.pause_until(exchange)
        if pause is not None:
            self.shop.gate.pause(connector.slug, self._scope, pause)
        return node

    def _sign_in(self, request: Request) -> Prepared:
        try:
            return self.shop.sign_in.prepare(self.session, request)
        except ThrottledError as error:  # the sign-in address wants to be left alone, too
            error.until = self._obey(error, {})
            raise

    @property
    def _scope(self) -> str:
        """Whom a pause concerns. Platforms count by app and account together; the account is the smaller harm."""
        return str(self.account_id)

    def _obey(self, error: ThrottledError, headers: Mapping[str, str]) -> datetime:
        """Close the gate as long as the platform wants, by its body or by its Retry-After, whichever is longer."""
        named = retry_after(headers, self.shop.clock.now())
        if error.until is None and error.after is None and named is not None:
            until = named
        else:
            until = max(self.shop.gate.moment(error), named or self.shop.clock.now())
        self.shop.gate.pause(self.connector.slug, self._scope, until)
        return until

    def _check_time_and_money(self, request: Request) -> None:
        self._check_time()
        if self._most is not None and self._price(request) > self._most - self.spent:
            raise NotOfferedError(f"{request.path}: asking would cost more than the cap allows", reason=Reason.BUDGET)

    def _check_time(self) -> None:
        if self.shop.stopping.is_set() or self.shop.clock.now() > self.deadline:
            raise UnreachableError("the snapshot was ended before it was done", code=ENDED)

    def _price(self, request: Request) -> int:
        """Return what a try of the question under way adds at most: what it gives is charged for once a day."""
        return max(0, request.cost - sum(self._counted.values()))

    def _settle(self, exchange: Exchange) -> None:
        """Count what an answer really cost, once it is kept; until then the highest price stands.

        Earlier tries of the question, whose answers were lost, would have given the same.
        """
        cost = self.connector.charge(exchange)
        for number, counted in self._counted.items():
            right = cost if number == exchange.id else 0
            if right != counted:
                self.shop.ledger.settle(number, right)
                self.spent += right - counted
        self._counted = {exchange.id: cost}

    def _is_passing(self, error: BaseException) -> bool:
        if isinstance(error, ThrottledError):
            return error.until is not None and error.until - self.shop.clock.now() <= LONGEST_WAIT
        return isinstance(error, PlatformError) and error.action is Action.RETRY and error.code != ENDED

    def _pause_before_next(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        _log.info("try %s failed: %s", state.attempt_number, error)
        if isinstance(error, ThrottledError):
            return 0.0  # the gate waits until the moment that the platform named
        return float(_BACK_OFF(state))

    def _keep(self, request: Request, step: int, answer: Answer | None, error: str | None, cost: int = 0) -> int:
        self._attempts[step] = attempt = self._attempts.get(step, 0) + 1
        now = self.shop.clock.now()
        self.spent += cost
        kept = Kept(
            run_id=self.run_id,
            snapshot_id=self.snapshot_id,
            step=step,
            attempt=attempt,
            platform=self.connector.slug,
            request=request.shape(),
            status=answer.status if answer is not None else 0,
            headers=answer.headers if answer is not None else {},
            sent_at=now,
            elapsed_ms=answer.elapsed_ms if answer is not None else 0,
            body=answer.body if answer is not None else None,
            error=self.shop.redactor.line(error) if error is not None else None,
            cost=cost,
        )
        _log.debug("%s %s %s -> %s", kept.platform, request.method, request.path, kept.status)
        number = self.shop.ledger.keep_exchange(kept, now + LEASE)
        if request.cost and (answer is None or answer.status < 400):
            self._counted[number] = cost
        return number

    def _take_out(self, request: Request, answer: Answer) -> Answer:
        """Return an answer without the secrets that the request says it bears; they are remembered by their tickets."""
        if not request.bears:
            return answer
        taken = take_out(answer, request.bears, self.taken)
        self.shop.redactor.know(*self.taken.values())
        return taken

    def _without_secrets(self, answer: Answer) -> Answer:
        """Return an answer as it may be kept and read: the body and the headers of interest, secrets struck out."""
        redactor = self.shop.redactor
        headers = {
            name: redactor.line(value)
            for name, value in answer.headers.items()
            if name in _KEPT_HEADERS or any(word in name for word in _KEPT_HEADER_WORDS)
        }
        return replace(answer, headers=headers, body=redactor.body(answer.body))


def retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Read Retry-After: seconds or an HTTP date (RFC 9110 §10.2.3). None where there is none that can be read."""
    value, latest = headers.get("retry-after", "").strip(), now + _LONGEST_RETRY_AFTER
    if re.fullmatch("[0-9]+", value):
        return min(now + timedelta(seconds=int(value[:9])), latest)  # nine digits are years already
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return min(moment, latest) if moment.tzinfo is not None else None


_TOLD = (
    "error",
    "error_description",
    "message",
    "scope",
    "scopes",
    "expires_in",
    "refresh_expires_in",
    "refresh_token_expires_in",
)


def _outline(body: bytes) -> bytes:
    """Return what may be kept of a sign-in's answer: the names of its members, lifetimes, scopes, its fault."""
    try:
        answered = json.loads(body)
    except ValueError:
        answered = None
    if not isinstance(answered, dict):
        return json.dumps({"bytes": len(body)}).encode()
    told = {name: answered[name] for name in _TOLD if isinstance(answered.get(name), str | int)}
    if isinstance(answered.get("code"), int):  # the number of a fault; as a text it might be what signs somebody in
        told["code"] = answered["code"]
    return json.dumps({"names": sorted(answered), **told}).encode()
