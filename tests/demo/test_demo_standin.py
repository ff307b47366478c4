"""The stand-in: a real server on loopback, whose misbehaviour is what it says."""

import json
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest

import collector.demo.contracts
from collector.clock import SetClock
from collector.demo.standin import (
    Answered,
    Asked,
    Fault,
    StandIn,
    broken,
    cut,
    list_contracts,
    prefix_of,
    slow,
    throttled,
    truncated,
)
from collector.demo.world import World
from collector.platforms import list_connectors
from collector.settings import load

PAGE = "/facebook-graph/v26.0/711000000000001?fields=id,name"

Ask = Callable[..., tuple[HTTPResponse, bytes]]


@pytest.fixture
def ask(standin: StandIn) -> Ask:
    """Ask the stand-in over a plain connection, as the Page's own key unless another is given."""

    def over_http(target: str = PAGE, method: str = "GET", key: str = "demo-facebook-key", body: bytes | None = None):
        parts = urlsplit(standin.address)
        assert parts.hostname == "127.0.0.1"
        connection = HTTPConnection(parts.hostname, parts.port, timeout=10)
        try:
            connection.request(method, target, body, {"Authorization": f"Bearer {key}"})
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    return over_http


def test_every_contract_is_found_and_serves_a_platform() -> None:
    """A contract is added by adding its module: there is no list to edit."""
    folder = Path(collector.demo.contracts.__path__[0])
    modules = {path.stem for path in folder.iterdir() if path.stem != "__init__" and path.name != "__pycache__"}

    assert {contract.slug for contract in list_contracts()} == modules
    assert modules <= {connector.slug for connector in list_connectors()}


def test_the_environment_connects_all_platforms(standin: StandIn) -> None:
    """What an office would fill in, complete: every host is the stand-in's own, every key a declared one."""
    environment = standin.environment()
    settings = load(environment)

    assert settings.warnings == ()
    for connector in list_connectors():
        keys = settings.keys_of(connector)
        assert any(wanted <= keys.names for wanted in connector.needs), connector.slug
        for host in connector.hosts.values():
            if host.setting and host.setting != "MATOMO_URL":
                assert environment[host.setting] == f"{standin.address}/{prefix_of(host.setting)}"
    assert environment["WEBSITE_URL"] == f"{standin.address}/site/"
    assert "{" not in "".join(value for name, value in environment.items() if name != "GA4_SERVICE_ACCOUNT")


def test_a_good_answer_is_json_with_its_length(ask: Ask, clock: SetClock) -> None:
    """What a client relies on: status, type, length, and the world's own time."""
    response, body = ask()

    assert (response.status, json.loads(body)["id"]) == (200, "711000000000001")
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert response.headers["Content-Length"] == str(len(body))
    assert response.headers["Date"] == "Fri, 20 Nov 2026 03:00:00 GMT"
    clock.sleep(86_400)
    assert ask()[0].headers["Date"] == "Sat, 21 Nov 2026 03:00:00 GMT"


def test_a_wrong_key_is_refused_as_the_platform_does(ask: Ask) -> None:
    """A stand-in that takes any key would prove nothing about signing in."""
    response, body = ask(key="not-the-key")

    assert (response.status, json.loads(body)["error"]["code"]) == (400, 190)


def test_what_nobody_serves_is_not_found(ask: Ask, standin: StandIn) -> None:
    """A wrong address is seen to be one, and was asked all the same."""
    response, body = ask("/no-such-host/v26.0/me")

    assert (response.status, response.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert b"Not Found" in body
    assert [(one.host, one.path) for one in standin.asked] == [("", "/v26.0/me")]


def test_what_was_asked_is_remembered_as_it_came(ask: Ask, standin: StandIn) -> None:
    """Tests look at it: host, method, path below the prefix, query, headers, form."""
    ask("/google-oauth/token?a=1&b=", "POST", body=b"grant_type=refresh_token&x=%26&empty=")

    (asked,) = standin.asked
    assert (asked.host, asked.method, asked.path) == ("GOOGLE_OAUTH_URL", "POST", "/token")
    assert asked.query == {"a": "1", "b": ""}
    assert asked.form == {"grant_type": "refresh_token", "x": "&", "empty": ""}
    assert asked.bearer == "demo-facebook-key"
    assert asked.json() is None


@pytest.mark.parametrize(
    "headers, bearer",
    [
        ({}, ""),
        ({"authorization": "bearer abc"}, "abc"),
        ({"authorization": "Basic abc"}, ""),
        ({"authorization": "Bearer"}, ""),
    ],
)
def test_a_bearer_is_read_from_its_header_alone(headers: dict[str, str], bearer: str) -> None:
    """In any case of its scheme, and of no other scheme."""
    assert Asked("", "GET", "/", {}, headers).bearer == bearer


@pytest.mark.parametrize(
    "body, encoded, kind",
    [
        ({"a": "é"}, '{"a": "é"}'.encode(), "application/json"),
        ("<html>", b"<html>", "text/html"),
        (b"{", b"{", "application/json"),
    ],
)
def test_a_body_is_sent_as_what_it_is(body: object, encoded: bytes, kind: str) -> None:
    """Objects as JSON, texts as pages, bytes untouched."""
    assert Answered(body).encoded() == (encoded, f"{kind}; charset=utf-8")


def test_a_throttling_names_its_pause(ask: Ask, standin: StandIn) -> None:
    """429 with Retry-After, once, then all is well again."""
    standin.faults.append(Fault("FACEBOOK_GRAPH_URL GET /v26.0", throttled(17)))

    response, _ = ask()
    assert (response.status, response.headers["Retry-After"]) == (429, "17")
    assert ask()[0].status == 200


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_breakdown_is_a_page_with_its_status(ask: Ask, standin: StandIn, status: int) -> None:
    """What a proxy answers when the service behind it is down."""
    standin.faults.append(Fault("facebook|FACEBOOK", broken(status), times=2))

    for _ in range(2):
        response, body = ask()
        assert (response.status, response.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
        assert body.startswith(b"<html>")
    assert ask()[0].status == 200


def test_a_truncated_answer_looks_whole_and_is_not_json(ask: Ask, standin: StandIn) -> None:
    """Lengths agree, so only reading it tells."""
    whole = ask()[1]
    standin.faults.append(Fault("", truncated))

    response, body = ask()

    assert response.status == 200
    assert body == whole[: len(whole) // 2]
    with pytest.raises(ValueError, match=r"\S"):
        json.loads(body)


def test_a_cut_line_gives_no_answer_at_all(ask: Ask, standin: StandIn) -> None:
    """Not even a status."""
    standin.faults.append(Fault("", cut))

    with pytest.raises(RemoteDisconnected):
        ask()
    assert ask()[0].status == 200


def test_a_slow_answer_comes_late(ask: Ask, standin: StandIn) -> None:
    """And is good."""
    standin.faults.append(Fault("", slow(0.05)))

    began = monotonic()
    assert ask()[0].status == 200
    assert monotonic() - began >= 0.05


def test_latency_is_put_on_every_answer(clock: SetClock) -> None:
    """A line of the country, for what depends on time."""
    with StandIn(World(clock.now), latency=0.03) as standin:
        began = monotonic()
        standin.answer("GET", PAGE, {}, b"")
        assert monotonic() - began >= 0.03


def test_a_fault_strikes_only_where_and_as_often_as_it_says(ask: Ask, standin: StandIn) -> None:
    """By host, method, path and query; the first that fits; for ever where no number is given."""
    standin.faults += [
        Fault("POST", broken()),
        Fault(r"fields=id,name$", throttled(1), times=0),
        Fault("fields=id,name", throttled(2), times=None),
    ]

    assert [ask()[0].headers["Retry-After"] for _ in range(3)] == ["2"] * 3
    assert ask("/facebook-graph/v26.0/711000000000001?fields=id")[0].status == 200
    assert [fault.times for fault in standin.faults] == [1, 0, None]


def test_the_world_decides_what_is_answered(ask: Ask, clock: SetClock) -> None:
    """The same question at the same time has the same answer; a year later there are more followers."""
    counted = f"{PAGE},followers_count"
    first, again = ask(counted)[1], ask(counted)[1]
    clock.move_to(datetime.fromisoformat("2027-11-20T03:00:00+00:00"))

    assert first == again
    assert json.loads(ask(counted)[1])["followers_count"] > json.loads(first)["followers_count"]


def test_a_stopped_stand_in_frees_its_port(clock: SetClock) -> None:
    """A second demo must be able to take its place."""
    with StandIn(World(clock.now)) as first:
        port = urlsplit(first.address).port
        assert port
    with StandIn(World(clock.now), port=port) as second:
        assert second.address == first.address
