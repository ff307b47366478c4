"""No secret of a connecting is kept, logged or shown: each is looked for wherever something is left behind."""

import json
import zlib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from connecting_office import Person, Terminals, begin
from office import Office

from collector.collect.http import Answer
from collector.collect.redact import Redactor
from collector.collect.tickets import TICKET, take_out
from collector.demo.contracts.tiktok.sign_in import refresh_token as of_tiktok
from collector.demo.contracts.x import refresh_token as of_x
from collector.demo.contracts.x.consent import FAMILY
from collector.demo.contracts.youtube.sign_in import REFRESH_TOKEN
from collector.demo.standin import StandIn
from collector.wiring import Application
from connectors.kit import Request

PAGE = r"http://127\.0\.0\.1:\d+/\w+-authorize/\S+"
GIVEN = {"youtube": REFRESH_TOKEN, "x": of_x(FAMILY), "tiktok": of_tiktok("display", FAMILY)}
_HARMLESS = {"authorization_code", "demo-google-client", "demo-x-client", "demo-tiktok-client"}


def secrets_of(standin: StandIn, slug: str, ended_at: str) -> set[str]:
    """Return every secret that went over the line: code, verifier, the application's secret, keys, Basic and bearer."""
    found = {GIVEN[slug], *parse_qs(urlsplit(ended_at).query)["code"]}
    for asked in standin.asked:
        scheme, _, value = asked.headers.get("authorization", "").partition(" ")
        found |= {value} if scheme else set()
        if asked.path.rstrip("/").endswith("token"):
            found |= {value for value in asked.form.values() if not value.startswith("http")}
    return {one for one in found if len(one) > 8} - _HARMLESS


def left_behind(office: Office) -> str:
    """Return all that a home holds, in clear: files as they are, kept answers unpacked."""
    files = [path.read_bytes() for path in office.home.rglob("*") if path.is_file()]
    bodies = [zlib.decompress(packed) for (packed,) in office.rows("SELECT packed FROM bodies")]
    rows = [repr(row).encode() for row in office.rows("SELECT * FROM exchanges")]
    return b"\n".join([*files, *bodies, *rows]).decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("slug", "account"), [("youtube", "office"), ("x", "office"), ("tiktok", "office"), ("x", "other")]
)
def test_a_connecting_leaves_no_secret_behind(
    office: Office, standin: StandIn, terminals: Terminals, slug: str, account: str
) -> None:
    """Neither one that goes well nor one that is refused, with everything logged that can be logged."""
    office.environment["COLLECTOR_LOG_LEVEL"] = "DEBUG"
    person, words = Person(account=account), ("--account", "kpu_contoh") if account == "other" else ()
    terminal = terminals.start(slug, "--paste", *words)
    address = terminal.wait_for(PAGE)
    ended_at = person.answer(address)
    terminal.wait_for("Tempel alamatnya")
    terminal.type(ended_at)
    said = terminal.end(1 if account == "other" else 0)
    secrets, kept = secrets_of(standin, slug, ended_at), left_behind(office)

    assert len(secrets) >= 4
    assert f"{slug} POST" in said  # it was logged, and what was logged could hold one
    assert [secret for secret in secrets if secret in said] == []
    assert [secret for secret in secrets if secret in address] == []
    assert [secret for secret in secrets if secret in kept] == []
    told = [json.loads(zlib.decompress(packed)) for (packed,) in office.rows(
        "SELECT packed FROM bodies JOIN exchanges ON body = sha256 WHERE request LIKE '%code_verifier%'")]  # fmt: skip
    assert told
    assert "names" in told[0]


def test_nothing_prints_what_it_holds(application: Application) -> None:
    """A trace of an unforeseen fault shows the values around it."""
    connection = begin(application, "youtube")
    connection.fill("client_secret", "canary-of-the-application")
    connection.invite("http://127.0.0.1:4567/")
    connection.gains.slots["refresh_token"] = "canary-of-the-person"

    assert "canary" not in repr(connection) + repr(connection.gains)
    assert connection._proof is not None
    assert connection._proof.verifier not in repr(connection._proof)


# --- answers that bear secrets --------------------------------------------------------------------------------------

PAGES = {
    "data": [
        {"id": "1", "name": "KPU Contoh", "access_token": "canary-page-one"},
        {"id": "2", "name": "KPU Lain", "access_token": "canary-page-two", "inner": {"access_token": "canary-inner"}},
    ],
    "paging": {"next": "https://graph.example/me/accounts?access_token=canary-paging&after=x"},
}


def test_an_answer_that_bears_secrets_is_read_with_tickets() -> None:
    """A list of Pages has a key for each; the connector that reads it gets what only the shell can open."""
    taken: dict[str, str] = {}
    answer = take_out(Answer(200, {}, json.dumps(PAGES).encode(), 1), ("access_token",), taken)
    kept = Redactor().body(answer.body).decode()

    assert sorted(taken.values()) == ["canary-inner", "canary-page-one", "canary-page-two"]
    assert "canary" not in kept
    tickets = [page["access_token"] for page in json.loads(kept)["data"]]
    assert [taken[ticket] for ticket in tickets] == ["canary-page-one", "canary-page-two"]
    assert all(TICKET.fullmatch(ticket) for ticket in tickets)


@pytest.mark.parametrize("body", [b"<html>Login</html>", b"", b"[1, 2]", b'{"access_token": 7}'])
def test_an_answer_without_secrets_is_left_as_it_is(body: bytes) -> None:
    """What is no JSON, or no text, is nothing that could sign anybody in."""
    taken: dict[str, str] = {}

    assert json.loads(take_out(Answer(200, {}, b'{"a": 1}', 1), ("access_token",), taken).body) == {"a": 1}
    take_out(Answer(200, {}, body, 1), ("access_token",), taken)
    assert taken == {}


def test_what_an_answer_bears_is_part_of_its_request() -> None:
    """Kept answers are read again by what was asked."""
    request = Request("graph", "/me/accounts", bears=("access_token",))

    assert Request.from_shape(request.shape()) == request
    assert "bears" not in Request("graph", "/me").shape()


def test_no_option_takes_a_secret(office: Office) -> None:
    """An argument stands in the list of processes, and in the history of the shell."""
    said = office.run("connect", "--help").out.lower()

    assert [word for word in ("secret", "token", "password", "--key") if word in said] == []
    assert Path(office.environment["COLLECTOR_KEY_FILE"]).parent != office.home
