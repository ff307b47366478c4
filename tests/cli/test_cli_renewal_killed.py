"""A power cut at each step of a renewal, and two processes at once, with the platforms whose keys serve only once.

Processes are real and are killed, the platforms' stand-ins use a key up by answering. Afterwards the account works, or
it asks once for reconnecting and says why; it is never silently dead.
"""

import multiprocessing
import os
import re
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from office import START, Office, Running, only, own_settings

from collector.clock import SetClock
from collector.collect.http import Answer, Http, Prepared
from collector.collect.renewing import Renewer
from collector.demo.contracts import tiktok as tiktok_contract
from collector.demo.contracts import x as x_contract
from collector.demo.standin import Answered, Asked, Fault, StandIn
from collector.demo.world import World
from collector.store import ledger


@dataclass(frozen=True)
class Service:
    """One sign-in whose keys serve once. `tokens` and `figures` are searched in its requests' addresses."""

    platform: str
    tokens: str
    figures: str
    setting: str
    key: Callable[[int], str]


X = Service("x", r"/2/oauth2/token$", r"GET /2/users/me", "X_REFRESH_TOKEN", x_contract.refresh_token)
TIKTOK = Service(
    "tiktok", r"/v2/oauth/token/$", r"GET /v2/user/info/", "TIKTOK_REFRESH_TOKEN",
    partial(tiktok_contract.refresh_token, "display"),
)  # fmt: skip
BUSINESS = Service(
    "tiktok", r"/tt_user/oauth2/refresh_token/$", r"GET /open_api/v1.3/business/get/", "TIKTOK_BUSINESS_REFRESH_TOKEN",
    partial(tiktok_contract.refresh_token, "business"),
)  # fmt: skip
SERVICES = {"x": X, "tiktok": TIKTOK, "tiktok business": BUSINESS}


# --- where a process is killed --------------------------------------------------------------------------------------


def die(*_: object) -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_before_sending(tokens: str) -> None:
    """The renewal is written down; nothing went out."""
    send = Http.send
    Http.send = lambda self, slug, prepared: die() if re.search(tokens, prepared.url) else send(self, slug, prepared)


def die_with_the_answer(tokens: str) -> None:
    """The new pair is in this process's hands and nowhere else."""
    send = Http.send

    def answered(self: Http, slug: str, prepared: Prepared) -> Answer:
        answer = send(self, slug, prepared)
        if re.search(tokens, prepared.url):
            die()
        return answer

    Http.send = answered


def die_while_sealing(tokens: str) -> None:
    """The new pair is written, its transaction not yet committed. The sign-in of that slot alone is meant."""
    insert, seal = ledger.insert_new, ledger.Ledger.seal

    def sealed(self: ledger.Ledger, account_id: int, slots: Any, *rest: Any, **more: Any) -> None:
        if is_of(tokens, slots):
            ledger.insert_new = lambda *words, **changed: (insert(*words, **changed), die())
        seal(self, account_id, slots, *rest, **more)

    ledger.Ledger.seal = sealed


def die_after_sealing(tokens: str) -> None:
    """The new pair is committed and was never used."""
    seal = ledger.Ledger.seal

    def sealed(self: ledger.Ledger, account_id: int, slots: Any, *rest: Any, **more: Any) -> None:
        seal(self, account_id, slots, *rest, **more)
        if is_of(tokens, slots):
            die()

    ledger.Ledger.seal = sealed


def is_of(tokens: str, slots: Mapping[str, bytes]) -> bool:
    """Whether a pair is that of the service whose tokens' address this is."""
    return ("business_refresh_token" in slots) is (tokens == BUSINESS.tokens)


WITHIN = {
    "begun": die_before_sending,
    "answered": die_with_the_answer,
    "sealing": die_while_sealing,
    "sealed": die_after_sealing,
}
AT_THE_PLATFORM = ("sent", "used")
STEPS = ("begun", "sent", "answered", "sealing", "sealed", "used")
IS_LOST = {"sent", "answered", "sealing"}
"""After these the platform has used the old key up, and the new one is stored nowhere."""


def kill_at(office: Office, standin: StandIn, service: Service, step: str) -> None:
    """Collect in a process of its own, which is killed at a step of its renewal."""
    if step in WITHIN:
        running = office.start("collect", "now", first=partial(WITHIN[step], service.tokens))
        running.process.join(40)
        assert running.process.exitcode == -signal.SIGKILL, running.said.with_suffix(".err").read_text()
        return
    started, killed = Event(), Event()
    known: list[Running] = []

    def kill(asked: Asked, good: Answered) -> Answered:
        assert started.wait(20)
        known[0].kill()
        killed.set()
        return good

    path = service.tokens.removesuffix("$") if step == "sent" else service.figures
    standin.faults.append(Fault(path, kill))
    known.append(office.start("collect", "now"))
    started.set()
    assert killed.wait(40)
    standin.faults.clear()


def sent(standin: StandIn, service: Service) -> list[str]:
    """List the refresh tokens that were sent to a service, in order."""
    asked = [one for one in standin.asked if re.search(service.tokens, one.path)]
    return [one.form.get("refresh_token") or (one.json() or {}).get("refresh_token", "") for one in asked]


def state(office: Office) -> tuple[str, str]:
    """Return the state of the office's one account, and since which fault."""
    [row] = office.rows("SELECT state, state_code FROM accounts")
    return row


# --- one process ----------------------------------------------------------------------------------------------------


def live_through(office: Office, standin: StandIn, service: Service, step: str) -> None:
    """Kill a collection at a step and see that the account works, or asks once and says why."""
    kill_at(office, standin, service, step)
    before = sent(standin, service)
    office.clock.sleep(60)

    if step not in IS_LOST:
        assert office.collect()[service.platform]["outcome"] == "ok"
        assert state(office) == ("active", "")
        assert len(sent(standin, service)) == 1
    else:
        for night in range(3):
            ended = office.collect(status=1)[service.platform]
            assert ended["error"]["code"] == "access.interrupted"
            assert ended["error"]["hint"].startswith("Perpanjangan terputus di tengah jalan")
            assert state(office) == ("reconnect", "access.interrupted")
            # once more, because the question may never have arrived; and not again, however many nights pass
            assert sent(standin, service) == [before[0], before[0]], night
            office.clock.sleep(timedelta(days=9).total_seconds())
        assert len(office.rows("SELECT 1 FROM audit WHERE action = 'account.reconnect'")) == 1
        standin.contracts["x"].is_dead = False
        office.environment[service.setting] = service.key(40)
        assert office.collect()[service.platform]["outcome"] == "ok"
        assert state(office) == ("active", "")
    assert office.rows("SELECT count(*) FROM renewals") == [(0,)]


@pytest.mark.parametrize(
    ("name", "step"),
    [("x", "begun"), ("tiktok", "sent"), ("x", "answered"), ("tiktok business", "sealing"), ("x", "used")],
)
def test_a_power_cut_in_a_renewal_never_leaves_a_silently_dead_account(
    office_with: Callable[..., Office], standin: StandIn, name: str, step: str
) -> None:
    """The office has power cuts, and a key that serves once may be used up by the very question that was cut."""
    live_through(office_with(SERVICES[name].platform), standin, SERVICES[name], step)


@pytest.mark.prove
@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_of_every_renewal_may_be_killed(
    office_with: Callable[..., Office], standin: StandIn, name: str, step: str
) -> None:
    """Like the sample above, at every step of every sign-in whose keys serve once."""
    live_through(office_with(SERVICES[name].platform), standin, SERVICES[name], step)


@pytest.mark.prove
@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("step", STEPS)
def test_a_later_renewal_may_be_killed_as_well(
    office_with: Callable[..., Office], standin: StandIn, name: str, step: str
) -> None:
    """By then the key that is sent is the vault's, and another one stands in the environment."""
    service, office = SERVICES[name], office_with(SERVICES[name].platform)
    office.collect()
    office.clock.sleep(timedelta(days=2).total_seconds())
    first = len(sent(standin, service))

    kill_at(office, standin, service, step)
    office.clock.sleep(60)

    is_lost = step in IS_LOST
    ended = office.collect(status=1 if is_lost else 0)[service.platform]
    assert (ended["error"]["code"] if is_lost else ended["outcome"]) == ("access.interrupted" if is_lost else "ok")
    assert state(office)[0] == ("reconnect" if is_lost else "active")
    assert sent(standin, service)[first:] == [service.key(1)] * (2 if is_lost else 1)


# --- two processes --------------------------------------------------------------------------------------------------


def meet(barrier: Barrier) -> None:
    """Let this process look for a key only when the other one does as well."""
    key = Renewer.key
    waited = []

    def met(self: Renewer, *rest: Any) -> str:
        if not waited:
            waited.append(barrier.wait(30))
        return key(self, *rest)

    Renewer.key = met


def renew_at_once(tmp_path: Path, rounds: int) -> None:
    """Let two processes want a new key at the same moment, again and again."""
    clock = SetClock(START)
    with StandIn(World(clock.now)) as standin:
        office = Office(only({**standin.environment(), **own_settings(tmp_path)}, "tiktok"), clock)
        office.run("accounts", "check")
        for count in range(rounds):
            clock.sleep(timedelta(days=2).total_seconds())
            barrier = multiprocessing.get_context("forkserver").Barrier(2)
            both = [office.start("accounts", "check", first=partial(meet, barrier)) for _ in range(2)]
            said = [one.wait() for one in both]
            assert [(one.status, one.err) for one in said] == [(0, "")] * 2
            for service in (TIKTOK, BUSINESS):
                assert sent(standin, service) == [service.key(number) for number in range(count + 2)]
        assert office.rows("SELECT count(*) FROM renewals") == [(0,)]


def test_two_processes_that_renew_at_once_renew_once(tmp_path: Path) -> None:
    """A check by hand while the service collects: the second would send a key that the first has just used up."""
    renew_at_once(tmp_path, rounds=1)


@pytest.mark.prove
def test_two_processes_renew_once_however_often_they_meet(tmp_path: Path) -> None:
    """Which of them is first, and where the other stands then, differs each time."""
    renew_at_once(tmp_path, rounds=60)
