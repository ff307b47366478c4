"""From a cause in the store to a message on a telephone: once for its begin, once for its end, delaying nobody."""

import logging
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from office import _PROCESSES
from receivers import PATIENCE, MailServer, Received, Webhook, look

from collector import language
from collector.alerts.channels import list_channels
from collector.alerts.messages import Message
from collector.clock import SetClock
from collector.collect.redact import Redactor
from collector.settings import ALERTS, load
from collector.store import alerts as book
from collector.store.records import StoredAccount
from collector.wiring import Application
from connectors.kit import Access

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LOST, BACK = "X kpu_contoh perlu disambung ulang.", "Pulih: X kpu_contoh sudah tersambung lagi."

Reopen = Callable[..., Application]


@pytest.fixture
def reopen(environment: dict[str, str], clock: SetClock) -> Iterator[Reopen]:
    """Open the installation once more, as another process would, with some settings changed."""
    opened: list[Application] = []

    def again(**changed: str) -> Application:
        opened.append(Application.open(load({**environment, **changed}), clock=clock))
        return opened[-1]

    yield again
    for one in opened:
        one.close()


@pytest.fixture
def switch(application: Application, account: StoredAccount) -> Callable[[bool], None]:
    """Break and mend the account's sign-in."""
    accounts, handle = application.accounts, "kpu_contoh"
    accounts.directory.bind(account.id, "7", handle, handle, "KPU", "", application.clock.now())

    def turn(lost: bool) -> None:
        accounts.set_state(account, "reconnect" if lost else "active", "access.expired" if lost else "")

    return turn


def said(messages: list[Received]) -> list[str]:
    """Return all lines but the words of the week, without what is to be done."""
    lines = [line for message in messages for line in message.lines if not line.startswith("Minggu ini")]
    return [line.partition(" Sambung ulang:")[0] for line in lines]


def test_a_cause_is_told_once_and_its_end_once(
    application: Application, clock: SetClock, webhook: Webhook, switch: Callable[[bool], None]
) -> None:
    """However often is looked: who is told the same thing every five minutes stops reading."""
    switch(True)
    for _ in range(4):
        look(application)
        clock.sleep(300)
    begun = webhook.rest()
    switch(False)
    for _ in range(4):
        look(application)
        clock.sleep(300)
    ended = webhook.rest()

    assert (said(begun), said(ended)) == ([LOST], [BACK])
    assert begun[0].title == application.queries.list_offices()[0].name
    assert "collector connect x" in begun[0].text


def test_what_begins_together_is_one_message(
    application: Application, webhook: Webhook, switch: Callable[[bool], None], account: StoredAccount
) -> None:
    """A morning after a bad night is one message of several lines, in the order of what presses."""
    switch(True)
    application.findings.ask("account.name", account.id, application.clock.now(), detail="?")
    look(application)

    (message,) = webhook.rest()

    assert [line.split(":")[0][:20] for line in message.lines] == [
        "X kpu_contoh perlu d", "Identitas X kpu_cont",
    ]  # fmt: skip


@pytest.mark.parametrize("hours", [24, pytest.param(2, marks=pytest.mark.prove)])
def test_a_sign_in_that_ends_is_told_five_times_in_sixty_days(
    application: Application, reopen: Reopen, clock: SetClock, webhook: Webhook, account: StoredAccount, hours: int
) -> None:
    """At 30, 14, 7, 3 and 1 days, whatever is restarted in between; no step is called a recovery of the last one."""
    ends_at = clock.now() + 60 * DAY
    application.accounts.accesses.note(account.id, Access(ends_at=ends_at), clock.now())
    begin, told = clock.now(), {}
    for tick in range(60 * 24 // hours):
        clock.move_to(begin + tick * hours * HOUR)
        if tick % 20 == 0:
            application = reopen()
        look(application)
        for line in said(webhook.rest()):
            if "Semester" not in line:
                told[(ends_at - clock.now()) / DAY] = line
    assert sorted(told) == [1.0, 3.0, 7.0, 14.0, 30.0]
    assert all(line.startswith("Izin akun X") for line in told.values())

    clock.move_to(ends_at)
    look(application)
    (over,) = [line for line in said(webhook.rest()) if "Semester" not in line]
    application.accounts.accesses.note(account.id, Access(ends_at=ends_at + 60 * DAY), clock.now())
    look(application)
    (renewed,) = said(webhook.rest())

    assert "sudah berakhir" in over
    assert renewed.startswith("Pulih: Izin akun X")


def test_an_account_that_is_paused_is_not_called_mended(
    application: Application, webhook: Webhook, switch: Callable[[bool], None], account: StoredAccount
) -> None:
    """Its cause is gone because nobody looks any more, not because it is well."""
    switch(True)
    look(application)
    webhook.rest()
    application.accounts.set_state(account, "paused")
    look(application)

    assert webhook.rest() == []
    assert [alert.cause for alert in application.alerts.book.list_open()] == ["weekly:default:2026-W47"]


def test_what_comes_and_goes_within_a_day_is_told_once(
    application: Application, clock: SetClock, webhook: Webhook, switch: Callable[[bool], None]
) -> None:
    """And yet nobody is left in the belief that it is mended: what stays is told a day after its end was."""
    for lost in (True, False) * 6:
        switch(lost)
        look(application)
        clock.sleep(3600)
    flapping = said(webhook.rest())
    switch(True)
    look(application)
    quiet = said(webhook.rest())
    clock.sleep(DAY.total_seconds())
    look(application)

    assert (flapping, quiet, said(webhook.rest())) == ([LOST, BACK], [], [LOST])


def test_a_message_longer_than_a_channel_takes_comes_in_parts(webhook: Webhook) -> None:
    """A chat takes 4,096 letters, WhatsApp 1,024; what is longer would be refused at each try, for ever."""
    (channel,) = list_channels(webhook.address(), Redactor())
    lines = [f"- akun ke-{number} perlu disambung ulang" for number in range(2000)]

    assert channel.send(Message("KPU Kota Contoh", "\n".join(lines))) is None

    parts = webhook.rest()
    assert len(parts) > 1
    assert [line for part in parts for line in part.text.splitlines() if line] == lines


def test_a_silent_server_delays_no_look(
    application: Application, clock: SetClock, webhook: Webhook, switch: Callable[[bool], None]
) -> None:
    """The run and the schedule go on while a dead server is waited for; the message comes when it is back."""
    webhook.hold()
    webhook.is_refusing = True
    switch(True)
    application.alerts.look()
    assert webhook.asked.wait(PATIENCE)
    application.alerts.look()  # returned, though nothing was answered
    assert not application.alerts.wait(0)
    webhook.answers.set()
    assert application.alerts.wait(PATIENCE)
    webhook.is_refusing = False
    look(application)
    too_early = webhook.rest()
    clock.sleep(300)
    look(application)

    assert (too_early, said(webhook.rest())) == ([], [LOST])


@pytest.mark.parametrize("kind", ["refused", "silent", "wrong password"])
def test_a_dead_mail_server_delays_nothing_and_loses_nothing(
    application: Application, reopen: Reopen, clock: SetClock, webhook: Webhook, mail: MailServer, kind: str,
    switch: Callable[[bool], None],
) -> None:  # fmt: skip
    """Whatever a mail server does wrong: the other channel has its message at once, the mail follows, once each."""
    both = reopen(**{ALERTS: f"{mail.address()} {webhook.address()}"})
    mail.is_refusing = kind == "wrong password"
    if kind == "silent":
        mail.hold()
    elif kind == "refused":
        mail.server.shutdown()
        mail.server.server_close()
    switch(True)
    both.alerts.look()
    first = webhook.next()
    both.alerts.look()
    assert kind == "refused" or mail.asked.wait(PATIENCE)
    mail.answers.set()
    assert both.alerts.wait(PATIENCE)
    switch(False)  # mended before the mail server is
    clock.sleep(60)
    look(both)
    second = webhook.rest()
    assert (said([first]), said(second), mail.rest()) == ([LOST], [BACK], [])

    with MailServer() as anew:
        clock.sleep(3600)
        later = reopen(**{ALERTS: f"{anew.address()} {webhook.address()}"})
        for _ in range(3):
            look(later)
            clock.sleep(3600)
        (arrived,) = anew.rest()

    assert f"Sempat terjadi, sudah pulih: {LOST}" in arrived.text
    assert (arrived.title, webhook.rest()) == ("default", [])


def test_the_pauses_grow_and_end_at_an_hour(
    application: Application, clock: SetClock, webhook: Webhook, switch: Callable[[bool], None]
) -> None:
    """A server that is down for a week is not asked two thousand times, and no more than an hour too late."""
    webhook.is_refusing = True
    switch(True)
    begin, tried = clock.now(), []
    for _ in range(60):
        webhook.asked.clear()
        look(application)
        if webhook.asked.is_set():
            tried.append((clock.now() - begin) / MINUTE)
        clock.sleep(300)

    assert tried == [0, 5, 15, 35, 75, 135, 195, 255]


def test_a_channel_that_is_filled_in_later_is_told_what_is_open(
    reopen: Reopen, webhook: Webhook, mail: MailServer, switch: Callable[[bool], None]
) -> None:
    """Without a channel nothing is sent and nothing is lost: the first one begins with how things stand."""
    switch(True)
    without = reopen(**{ALERTS: ""})
    look(without)
    assert webhook.rest() == []
    look(reopen())
    assert said(webhook.rest()) == [LOST]
    look(reopen(**{ALERTS: f"{webhook.address()} {mail.address()}"}))

    assert webhook.rest() == []
    assert LOST in mail.next().text


def test_with_a_clock_that_went_back_nothing_is_called_mended(
    application: Application, clock: SetClock, webhook: Webhook, account: StoredAccount
) -> None:
    """A year earlier every sign-in is good again; only the clock is told of, and then that it is right."""
    application.accounts.accesses.note(account.id, Access(ends_at=clock.now() + 2 * DAY), clock.now())
    application.ledger.begin_run("schedule", "", "test", clock.now())
    look(application)
    webhook.rest()
    now = clock.now()
    clock.move_to(now - 365 * DAY)
    look(application)
    back = said(webhook.rest())
    clock.move_to(now + HOUR)
    look(application)

    assert [line[:20] for line in back] == ["Jam komputer mundur:"]
    assert said(webhook.rest()) == ["Pulih: Jam komputer sudah benar lagi."]


def test_messages_are_english_where_that_is_wanted(
    application: Application, webhook: Webhook, switch: Callable[[bool], None]
) -> None:
    """The words are in the store in both languages, and told in the one of the setting."""
    language.use("en")
    switch(True)
    look(application)

    assert webhook.next().lines[0].startswith("X kpu_contoh has to be connected again. Connect again: 1)")


def test_looking_never_ends_what_it_watches(
    application: Application, webhook: Webhook, switch: Callable[[bool], None], caplog: pytest.LogCaptureFixture
) -> None:
    """A database that cannot be read at this moment costs one look and not the service."""
    switch(True)
    home, elsewhere = application.settings.home, application.settings.home.with_name("elsewhere")
    application.store.close()
    home.rename(elsewhere)
    with caplog.at_level(logging.WARNING):
        application.alerts.look()
    elsewhere.rename(home)
    look(application)

    assert "looking for alerts failed" in caplog.text
    assert said(webhook.rest()) == [LOST]


def test_the_end_of_the_program_does_not_wait_for_a_dead_server(
    reopen: Reopen, webhook: Webhook, switch: Callable[[bool], None]
) -> None:
    """The service has ten seconds to stop; what did not arrive is sent after the next start."""
    webhook.hold()
    webhook.is_refusing = True
    switch(True)
    one = reopen()
    one.alerts.look()
    assert webhook.asked.wait(PATIENCE)
    one.alerts.close(0.01)
    is_still_waiting = not one.alerts.wait(0)
    webhook.answers.set()

    assert is_still_waiting


# -- processes -------------------------------------------------------------------------------------------------------


def _look(environment: dict[str, str], moment: datetime, barrier: Any) -> None:
    """Look once in a process of its own, at the same moment as the others."""
    warnings.simplefilter("ignore")
    with Application.open(load(environment), clock=SetClock(moment)) as opened:
        opened.alerts.gather(moment)  # everything is loaded
        barrier.wait(PATIENCE)
        opened.alerts.look()
        opened.alerts.wait(PATIENCE)


def _start(environment: dict[str, str], clock: SetClock, barrier: Any) -> list[Any]:
    count = barrier.parties
    started = [_PROCESSES.Process(target=_look, args=(environment, clock.now(), barrier)) for _ in range(count)]
    for one in started:
        one.start()
    return started


def test_two_processes_that_look_at_once_send_once(
    environment: dict[str, str], clock: SetClock, webhook: Webhook, switch: Callable[[bool], None]
) -> None:
    """A service and a command on one home, or a service that was started twice."""
    switch(True)
    barrier = _PROCESSES.Barrier(2)
    for one in _start(environment, clock, barrier):
        one.join(PATIENCE)
        assert one.exitcode == 0

    assert said(webhook.rest()) == [LOST]


def test_a_process_that_is_killed_while_it_sends_loses_nothing(
    application: Application, environment: dict[str, str], clock: SetClock, webhook: Webhook,
    switch: Callable[[bool], None],
) -> None:  # fmt: skip
    """Between the sending and the noting of it: the one message is sent once more, and never again."""
    switch(True)
    webhook.hold()
    barrier = _PROCESSES.Barrier(1)
    (process,) = _start(environment, clock, barrier)
    assert webhook.asked.wait(PATIENCE)
    process.kill()
    process.join(PATIENCE)
    webhook.answers.set()
    look(application)
    at_once = webhook.rest()
    for _ in range(5):
        clock.sleep(300)
        look(application)

    assert (said(at_once), said(webhook.rest())) == ([LOST], [LOST])


def test_a_process_that_is_killed_before_it_sends_loses_nothing(
    application: Application, clock: SetClock, webhook: Webhook, switch: Callable[[bool], None]
) -> None:
    """The cause is in the store before anything is sent: the next look sends it."""
    switch(True)
    now = clock.now()
    alerts = application.alerts
    (cause,) = [one.cause for one in alerts.list_standing() if one.cause.key.startswith("account.")]
    alerts.book.note({cause.key: cause.dump()}, [], [], ["json"], now)  # and here the power goes
    look(application)

    assert said(webhook.rest()) == [LOST]
    assert book.BEGIN != book.END
