"""The one module that speaks HTTP: whole answers or one plain error, and never a secret where it does not belong."""

import socket

import pytest

from collector.collect import http
from collector.collect.http import Http, Prepared
from collector.demo.standin import Answered, Fault, StandIn, cut, truncated
from connectors.kit import UnreachableError


@pytest.fixture
def sender() -> Http:
    """Return the clients of a run, closed at the end."""
    opened = Http()
    yield opened
    opened.close()


def at(url: str, **more: object) -> Prepared:
    return Prepared(**{"method": "GET", "url": url, "params": {}, "headers": {}, "content": None, **more})


def answer(standin: StandIn, answered: Answered) -> str:
    """Let the stand-in give this answer. Returns the address that gets it."""
    standin.faults.append(Fault("/asked", lambda asked, good: answered, times=None))
    return f"{standin.address_of('X_API_URL')}/asked"


def test_everything_of_a_request_arrives_and_everything_of_the_answer_comes_back(
    sender: Http, standin: StandIn
) -> None:
    """The base of all: method, address, parameters, headers and body travel unchanged, whatever they hold."""
    url = answer(standin, Answered({"ok": "é"}, 418, {"X-App-Usage": "1"}))
    prepared = at(url, method="POST", params={"a": "1 & 2", "b": ""}, headers={"X-Own": "v"}, content=b"k=%C3%A9")

    got = sender.send("x", prepared)

    asked = standin.asked[-1]
    assert (asked.method, asked.path, asked.query) == ("POST", "/asked", {"a": "1 & 2", "b": ""})
    assert (asked.headers["x-own"], asked.body) == ("v", b"k=%C3%A9")
    assert (got.status, got.headers["x-app-usage"], got.body) == (418, "1", '{"ok": "é"}'.encode())
    assert got.elapsed_ms >= 0


def test_a_redirect_is_an_answer_and_is_not_followed(sender: Http, standin: StandIn) -> None:
    """Following it would carry the sign-in to whatever host the answer names."""
    url = answer(standin, Answered("", 302, {"Location": f"{standin.address_of('X_API_URL')}/elsewhere"}))

    assert sender.send("x", at(url, headers={"Authorization": "Bearer abcdef"})).status == 302
    assert [asked.path for asked in standin.asked] == ["/asked"]


def test_a_connection_that_is_refused_is_told_without_the_address_asked(sender: Http) -> None:
    """The query of an address may hold a sign-in, so an error names the origin only."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

    with pytest.raises(UnreachableError) as raised:
        sender.send("x", at(f"http://user:word@127.0.0.1:{port}/path", params={"key": "secret-value"}))

    assert raised.value.message == f"http://127.0.0.1:{port}: no connection"
    assert raised.value.__cause__ is None


def test_a_line_that_is_cut_is_unreachable(sender: Http, standin: StandIn) -> None:
    """No answer is no fault of the account's."""
    standin.faults.append(Fault("/asked", cut))

    with pytest.raises(UnreachableError, match=r"^http://127.0.0.1:\d+: the line was cut$"):
        sender.send("x", at(f"{standin.address_of('X_API_URL')}/asked"))


def test_an_answer_that_cannot_be_unpacked_is_unreachable(sender: Http, standin: StandIn) -> None:
    """Damaged on the way, it must never be taken for a whole one."""
    url = answer(standin, Answered(b"{}", 200, {"Content-Encoding": "gzip"}))

    with pytest.raises(UnreachableError, match=r"^http://127.0.0.1:\d+: DecodingError$"):
        sender.send("x", at(url))


def test_a_cut_body_with_lengths_that_agree_comes_back_as_it_is(sender: Http, standin: StandIn) -> None:
    """Only who reads it can tell that JSON was cut: here it is an answer like any other."""
    standin.faults.append(Fault("/asked", lambda asked, good: truncated(asked, Answered({"followers": 12}))))

    got = sender.send("x", at(f"{standin.address_of('X_API_URL')}/asked"))

    assert got.body == b'{"follow'


def test_an_answer_that_is_too_large_is_given_up(
    sender: Http, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An endless answer must not fill the memory of an old PC; one at the limit still passes."""
    monkeypatch.setattr(http, "_LARGEST_ANSWER", 2 * 1024 * 1024)
    url = answer(standin, Answered(b"x" * (2 * 1024 * 1024)))
    assert len(sender.send("x", at(url)).body) == 2 * 1024 * 1024

    standin.faults.clear()
    url = answer(standin, Answered(b"x" * (2 * 1024 * 1024 + 1)))
    with pytest.raises(UnreachableError, match=r"^http://127.0.0.1:\d+: the answer is larger than 2 MiB$"):
        sender.send("x", at(url, params={"key": "secret-value"}))


def test_an_answer_that_drips_is_given_up(sender: Http, standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part in time, but the whole never: it would hold a thread for hours."""
    monkeypatch.setattr(http, "_WHOLE_ANSWER_SECONDS", -1.0)

    with pytest.raises(UnreachableError, match=r"^http://127.0.0.1:\d+: no whole answer in -1 s$"):
        sender.send("x", at(answer(standin, Answered({"a": 1}))))


def test_an_address_that_cannot_be_asked_is_unreachable(sender: Http) -> None:
    """A damaged address must not end a run with an unforeseen fault."""
    with pytest.raises(UnreachableError, match=r"^http://127.0.0.1:port: InvalidURL$"):
        sender.send("x", at("http://127.0.0.1:port/", params={"key": "secret-value"}))


def test_a_proxy_of_the_office_is_honoured(sender: Http, standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some offices reach the internet through a proxy only."""
    for name in ("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", standin.address)
    answer(standin, Answered({"through": "proxy"}))

    got = sender.send("x", at("http://platform.example/x-api/asked"))

    assert got.body == b'{"through": "proxy"}'
    assert standin.asked[-1].headers["host"] == "platform.example"


def test_a_proxy_is_never_used_towards_this_machine(
    sender: Http, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The demo's stand-in lives on this machine; a proxy could not reach it."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)

    assert sender.send("x", at(answer(standin, Answered({"ok": 1})))).status == 200


def test_clients_can_be_used_again_after_closing(sender: Http, standin: StandIn) -> None:
    """Closing lets go of connections; it does not break who still holds the sender."""
    url = answer(standin, Answered({"ok": 1}))
    sender.send("x", at(url))
    sender.close()

    assert sender.send("x", at(url)).status == 200


def test_a_prepared_request_never_shows_itself() -> None:
    """It holds the sign-in: printing it by accident, in a log or a traceback, must show nothing."""
    shown = repr(at("https://a.example/?key=secret-value", headers={"Authorization": "Bearer secret-value"}))

    assert "secret-value" not in shown
