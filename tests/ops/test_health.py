"""What the service tells of itself on loopback, over real HTTP."""

import json
import logging
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta

import pytest
from office import only
from prometheus_client.parser import text_string_to_metric_families

from collector.clock import SetClock
from collector.collect.run import Selection
from collector.ops.health import HealthServer, as_json
from collector.platforms import get_connector
from collector.wiring import Application


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """Configure the accounts that are quickly asked."""
    return only(environment, "website", "x")


@pytest.fixture
def address(application: Application) -> Iterator[str]:
    """Serve the health of an application that has begun to serve."""
    answers = {"/health": application.vitals.health, "/metrics": application.vitals.metrics}
    with HealthServer(free_port(), answers) as server:
        assert server.address is not None
        yield server.address


def get(address: str) -> tuple[int, str]:
    """Ask, and return the status and the body."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_health_is_good_while_the_service_looks_and_bad_once_it_is_stuck(
    application: Application, clock: SetClock, address: str
) -> None:
    """A process that is there but does nothing is the fault that nobody notices for a month."""
    assert get(f"{address}/health")[0] == 503  # it has not looked for anything yet

    application.service.begin()
    application.service.tick()
    clock.sleep(240)
    status, body = get(f"{address}/health")
    assert (status, json.loads(body)["status"]) == (200, "ok")

    clock.sleep(120)
    clock.move_to(clock.now() - timedelta(days=30))  # a clock that is set back hides nothing
    status, body = get(f"{address}/health")
    assert (status, json.loads(body)["status"]) == (503, "stuck")


def test_the_figures_are_read_by_prometheus_and_hold_no_secret(application: Application, address: str) -> None:
    """An operator of fourteen offices watches them with what they have already."""
    application.collecting.run("collect now", Selection(platforms=("x", "website")))

    status, body = get(f"{address}/metrics")
    families = {family.name: family.samples for family in text_string_to_metric_families(body)}

    assert status == 200
    done = {
        (one.labels["platform"], one.labels["outcome"]): one.value for one in families["collector_snapshots"]
    }  # fmt: skip
    assert done == {("x", "ok"): 1, ("website", "ok"): 1}
    assert sum(one.value for one in families["collector_readings"]) > 100
    good = families["collector_account_last_success_timestamp_seconds"]
    assert {one.labels["platform"] for one in good} == {"x", "website"}
    assert "collector_backup_last_success_timestamp_seconds" not in families  # there was none: missing is never zero
    assert [secret for secret in application.settings.list_secrets() if secret in body] == []


def test_no_figure_leads_a_watcher_astray(application: Application, clock: SetClock) -> None:
    """A counter that falls looks like a restart, a replaced account like a failing one, "all is well" like an alert."""
    office = application.accounts.get_office(None)
    odd = 'odd "name\\ with {}'
    account = application.accounts.ensure(office, get_connector("x"), odd)
    old = application.accounts.ensure(office, get_connector("x"), "old")
    application.accounts.set_state(old, "replaced")
    run = application.ledger.begin_run("schedule", "", "test", clock.now())
    assert application.ledger.claim(run, account.id, "{}", "me", clock.now(), clock.now()) is not None
    application.alerts.look()

    families = {
        family.name: family.samples
        for family in text_string_to_metric_families(application.vitals.metrics()[2].decode())
    }

    assert families["collector_snapshots"] == []
    assert {one.labels["account"] for one in families["collector_account_state"]} == {odd}
    assert {one.labels["level"]: one.value for one in families["collector_alerts_open"]} == {
        "error": 0, "warning": 1, "note": 1,  # the semester ends and something is missing; the word of the week
    }  # fmt: skip


def test_anything_else_is_not_found(address: str) -> None:
    """Two addresses are all there is to guard."""
    assert get(f"{address}/")[0] == 404
    assert get(f"{address}/health/../etc/passwd")[0] == 404


def test_a_fault_of_the_database_is_told_as_broken() -> None:
    """The watcher learns of it without the words of a traceback."""

    def fall() -> tuple[int, str, bytes]:
        raise OSError("secret words")

    with HealthServer(free_port(), {"/health": fall}) as server:
        status, body = get(f"{server.address}/health")

    assert (status, json.loads(body)) == (503, {"status": "broken", "message": "OSError"})


def test_a_port_that_is_taken_is_said_and_the_service_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    """Two homes on one machine must not stop each other."""
    port = free_port()
    with HealthServer(port, {"/health": lambda: as_json({})}), caplog.at_level(logging.WARNING):
        with HealthServer(port, {}) as second:
            assert second.address is None
        with HealthServer(0, {}) as none:
            assert none.address is None

    assert "COLLECTOR_HEALTH_PORT" in caplog.text


def test_it_listens_on_loopback_only(address: str) -> None:
    """The office's network must not be able to ask."""
    assert address.startswith("http://127.0.0.1:")
