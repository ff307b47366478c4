"""Nothing of a sign-in at Meta is left anywhere but in the vault: no code, no key of any kind, no app's secret.

The guide runs at its most talkative, and whatever the stand-in gave out or was sent is searched for byte by byte: in
what was shown and logged, in every file of the home, in every kept answer.
"""

import json
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import httpx
import pytest
from connecting_office import Terminals
from graph_person import REGISTERED, Visitor
from office import Office, only

from collector.demo.standin import Answered, Asked, Fault, StandIn

_SIGNING = ("access_token", "input_token", "client_secret", "fb_exchange_token", "code", "appsecret_proof")


class Witness:
    """Stands beside the stand-in and remembers every secret that passes."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}
        self.kinds: set[str] = set()

    def look(self, asked: Asked, good: Answered) -> Answered:
        """Remember what a question and its answer hold; change nothing."""
        sent = {**asked.query, **asked.form, "bearer": asked.bearer}
        self.kinds |= {name for name in (*_SIGNING, "bearer") if sent.get(name)}
        self.seen.update({sent[name]: name for name in (*_SIGNING, "bearer") if sent.get(name)})
        self.seen.update(dict.fromkeys(_keys_in(good.body), "given"))
        came = dict(parse_qsl(urlsplit(good.headers.get("Location", "")).query))
        self.seen.update({came["code"]: "code"} if "code" in came else {})
        return good


def _keys_in(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        for name, value in body.items():
            if name == "access_token" and isinstance(value, str):
                yield value
            yield from _keys_in(value)
    elif isinstance(body, list):
        for one in body:
            yield from _keys_in(one)


@pytest.fixture
def witness(standin: StandIn) -> Witness:
    """Let somebody watch all that goes over the line."""
    watching = Witness()
    standin.faults.append(Fault(".", watching.look, times=None))
    return watching


def everything_in(office: Office) -> dict[str, bytes]:
    """Return every file of the home, and every kept answer by itself."""
    kept = {str(path): path.read_bytes() for path in office.home.rglob("*") if path.is_file()}
    for number, (packed,) in enumerate(office.rows("SELECT packed FROM bodies")):
        kept[f"answer {number}"] = zlib.decompress(packed)
    kept["questions"] = json.dumps(office.rows("SELECT request FROM exchanges"), default=str).encode()
    return kept


def spellings(secret: str) -> set[bytes]:
    """Return how a secret may be spelled."""
    return {text.encode() for text in (secret, quote(secret, safe=""), quote(quote(secret, safe=""), safe=""))}


def find(secrets: dict[str, str], kept: dict[str, bytes]) -> list[tuple[str, str]]:
    """Return which kind of secret stands where."""
    return [(kind, place) for secret, kind in secrets.items() for spelled in spellings(secret)
            for place, content in kept.items() if spelled in content]  # fmt: skip


def test_nothing_of_a_sign_in_is_left(office: Office, terminals: Terminals, standin: StandIn, witness: Witness) -> None:
    """Page and account at once, the account by itself, then a check, all of them talkative."""
    office.environment = {**only(office.environment, "facebook", "instagram"), "COLLECTOR_LOG_LEVEL": "DEBUG"}
    shown: dict[str, bytes] = {}
    both = terminals.start("facebook", "--way", "sekaligus", "--no-browser", "--choose", "1")
    httpx.get(Visitor().answer(both.wait_for(r"http://127\.0\.0\.1:\S+oauth\S+")), trust_env=False)
    shown["both"] = both.end().encode()
    itself = terminals.start("instagram", "--way", "instagram", "--redirect", REGISTERED)
    came = Visitor().answer(itself.wait_for(r"http://127\.0\.0\.1:\S+oauth\S+"))
    itself.wait_for("Tempel alamatnya")
    itself.type(came)
    shown["itself"] = itself.end().encode()
    said = office.run("accounts", "check")
    shown["check"] = (said.out + said.err).encode()

    assert b"oauth/access_token" in shown["both"]
    assert b"DEBUG" in shown["both"] or b"httpcore" in shown["both"]
    assert witness.kinds == {*_SIGNING, "bearer"}
    assert any("|" in secret for secret in witness.seen)
    kept = {**shown, **everything_in(office)}
    assert len(kept) > 10
    assert find(witness.seen, kept) == []


def test_the_search_finds_what_is_there() -> None:
    """A proof that cannot fail proves nothing."""
    assert find({"a|b": "app"}, {"file": b"x a%7Cb y", "other": b"a b"}) == [("app", "file")]
