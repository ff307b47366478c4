"""No secret in any file, any output, any log: shown with secrets that can be searched for, and platforms that echo.

Every secret setting holds a value of its own, and every short-lived key that is given out is another. The stand-in
echoes whatever it was sent, in every way that a server might: in members nobody asked for, in paging addresses, in
quota headers, in error texts, in HTML. Afterwards no spelling of any of them may be found, byte by byte.
"""

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
from toy import rows_of

from collector import log
from collector.cli.collect import plain_result, print_result
from collector.clock import SetClock
from collector.collect.redact import Redactor
from collector.collect.run import Selection
from collector.demo.contracts import x as x_contract
from collector.demo.standin import Answered, Asked, Fault, StandIn
from collector.platforms import list_connectors
from collector.settings import env_name, is_secret, load
from collector.store import schema
from collector.wiring import Application

Change = Callable[[Asked, Answered], Answered]


def secret_names() -> list[str]:
    """Return the names of all secret settings of all platforms, besides the key file, which has to be a real one."""
    fields = [info for connector in list_connectors() for info in connector.Keys.model_fields.values()]
    names = sorted({env_name(info) for info in fields if is_secret(info)})
    return [name for name in names if name != "GA4_SERVICE_ACCOUNT"]


class Mirror:
    """Stands before the stand-in: takes the canaries for good keys, and echoes all that it is sent."""

    def __init__(self, standin: StandIn, environment: dict[str, str]) -> None:
        self.standin = standin
        self.good = {name: environment.get(name, "") for name in secret_names()}
        self.canaries = {name: f'canary/{name}+k="{number:02}"~' for number, name in enumerate(self.good)}
        self.given: dict[str, str] = {}

    @property
    def secrets(self) -> set[str]:
        """Everything that must be found nowhere."""
        proofs = {
            hmac.new(self.canaries["FACEBOOK_APP_SECRET"].encode(), key.encode(), hashlib.sha256).hexdigest()
            for key in self.canaries.values()
        }
        assertions = {asked.form["assertion"] for asked in self.standin.asked if "assertion" in asked.form}
        return {*self.canaries.values(), *self.given, *proofs, *assertions}

    def translate(self, asked: Asked) -> Asked:
        """Return a request with the keys that the stand-in knows."""
        known = {**{self.canaries[name]: self.good[name] for name in self.good}, **self.given}
        app, _, secret = asked.query.get("access_token", "").partition("|")
        known[f"{app}|{secret}"] = f"{app}|{known.get(secret, '')}"
        form = {name: known.get(value, value) for name, value in asked.form.items()}
        query = {name: known.get(value, value) for name, value in asked.query.items() if name != "appsecret_proof"}
        headers = dict(asked.headers)
        scheme, _, value = headers.get("authorization", "").partition(" ")
        if scheme == "Bearer":
            headers["authorization"] = f"Bearer {known.get(value, value)}"
        elif scheme == "Basic":
            pair = f"{x_contract.CLIENT_ID}:{x_contract.CLIENT_SECRET}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        if "access-token" in headers:
            headers["access-token"] = known.get(headers["access-token"], headers["access-token"])
        body = urlencode(form).encode() if asked.body else b""
        if asked.body[:1] == b"{":
            members = json.loads(asked.body)
            body = json.dumps({name: known.get(value, value) if isinstance(value, str) else value
                               for name, value in members.items()}).encode()  # fmt: skip
        return replace(asked, headers=headers, query=query, body=body)

    def answer(self, asked: Asked) -> Answered:
        """Return the stand-in's answer, its keys exchanged for canaries."""
        contract = next(one for one in self.standin.contracts.values() if asked.host in one.hosts)
        good = contract.answer(self.translate(asked))
        if asked.path.endswith(("/token", "/token/", "/refresh_token/")) and isinstance(good.body, dict):
            framed = isinstance(good.body.get("data"), dict)
            given = {**(good.body["data"] if framed else good.body)}
            for name in ("access_token", "refresh_token"):
                if name in given:
                    canary = f"given/{len(self.given)}+{asked.host}=/{name}"
                    self.given[canary], given[name] = given[name], canary
            good = replace(good, body={**good.body, "data": given} if framed else given)
        return good

    def echoes(self, asked: Asked) -> list[str]:
        """Return all that was sent, as servers echo it."""
        sent = [asked.headers.get("authorization", ""), asked.headers.get("access-token", ""),
                *asked.query.values(), *asked.form.values(),
                asked.body.decode(), base64.b64encode(asked.headers.get("authorization", "").encode()).decode(),
                *(base64.b64encode(value.encode()).decode() for value in asked.form.values())]  # fmt: skip
        address = f"https://graph.example{asked.path}?{urlencode(asked.query)}&a=1"
        bearer = asked.bearer or asked.query.get("key", "")
        paging = f"https://graph.example/v?access_token={quote(bearer, safe='')}&after=x&key={quote_plus(bearer)}"
        nested = json.dumps({"headers": dict(asked.headers), "form": asked.form})
        return [*(one for one in sent if one), address, paging, nested, json.dumps(nested)]

    def with_echoes(self, asked: Asked, _: Answered) -> Answered:
        """Answer well, with echoes beside what was asked for."""
        good = self.answer(asked)
        if not isinstance(good.body, dict):
            return good
        first = asked.headers.get("authorization") or asked.headers.get("access-token", "none")
        body = {**good.body, "x_echo": self.echoes(asked), "debug_message": " ".join(self.echoes(asked))}
        if isinstance(body.get("paging"), dict):
            body["paging"] = {**body["paging"], "previous": self.echoes(asked)[-3]}
        return replace(good, body=body, headers={**good.headers, "X-Debug-Limit": quote(first), "X-Usage-Echo": first})

    def refusing(self, status: int, form: str) -> Change:
        """Return a change that makes an error of every answer, with echoes in its text."""

        def change(asked: Asked, _: Answered) -> Answered:
            text = " ".join(self.echoes(asked))
            match form:
                case "graph":
                    body: Any = {
                        "error": {"message": text, "type": "OAuthException", "code": 190 if status == 401 else 1}
                    }
                case "flat":
                    body = {"error": "invalid_grant", "error_description": text}
                case "problem":
                    body = {"title": text, "detail": text, "status": status, "type": text}
                case "list":
                    body = [text]
                case _:
                    body = (
                        f"<html><body><a href='/?a=1&amp;access_token={quote(asked.bearer)}'>{text}</a></body></html>"
                    )
            return Answered(body, status, {"Retry-After": "5", "X-Usage-Echo": asked.headers.get("authorization", "")})

        return change


@pytest.fixture
def mirror(standin: StandIn, environment: dict[str, str]) -> Mirror:
    """Put the mirror before the stand-in, and the canaries into the environment."""
    made = Mirror(standin, environment)
    environment |= made.canaries
    return made


def spellings(secret: str) -> set[bytes]:
    """Return every form in which a secret could lie in a file."""
    texts = {secret, quote(secret, safe=""), quote(secret), quote_plus(secret), json.dumps(secret)[1:-1],
             json.dumps(json.dumps(secret))[3:-3]}  # fmt: skip
    in_base64 = {base64.b64encode(before + secret.encode())[4 if before else 0 : -4] for before in (b"", b"x", b"xy")}
    return {text.encode() for text in texts} | in_base64


def everything_kept(home: Path, application: Application) -> dict[str, bytes]:
    """Return every file of the home, and every compressed body by itself."""
    kept = {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    kept |= {row["sha256"]: zlib.decompress(row["packed"]) for row in rows_of(application, schema.bodies)}
    kept |= {table.name: repr(rows_of(application, table)).encode() for table in schema.metadata.sorted_tables}
    return kept


def assert_clean(secrets: set[str], kept: Mapping[str, bytes]) -> None:
    """Find no secret anywhere."""
    everything = b"\n".join(kept.values())
    for secret in secrets:
        for spelled in spellings(secret):
            if spelled in everything:
                found = [name for name, content in kept.items() if spelled in content]
                raise AssertionError(f"{secret!r} as {spelled!r} in {found}")


@pytest.fixture
def matomo(mirror: Mirror, environment: dict[str, str]) -> None:
    """Let the office count its visits with Matomo instead of Google."""
    keys = mirror.standin.contracts["website"].matomo_keys
    mirror.good["MATOMO_TOKEN"] = keys["MATOMO_TOKEN"]
    environment["MATOMO_SITE_ID"] = keys["MATOMO_SITE_ID"]
    del environment["GA4_PROPERTY_ID"]


class Processes:
    """One process after another on one home, each at the most talkative log level; remembers all that they show."""

    def __init__(self, environment: dict[str, str], clock: SetClock) -> None:
        self.environment, self.clock = environment, clock
        self.shown: list[str] = []
        self.kept: dict[str, bytes] = {}

    def collect(self, *platforms: str, at_last: bool = False) -> dict[str, str]:
        """Collect in a process of its own; at last also check, and look at all that is kept. Returns the results."""
        redactor, settings = Redactor(), load(self.environment)
        redactor.know(*settings.list_secrets())
        log.set_up("DEBUG", redactor)
        with Application.open(settings, clock=self.clock, redactor=redactor) as application:
            result = application.collecting.run("test", Selection(platforms=platforms))
            print_result(result)
            self.shown += [repr(result), json.dumps(plain_result(result, application))]
            if at_last:
                self.shown += [one.message for one in application.collecting.check(Selection(platforms=platforms))]
                self.kept = everything_kept(settings.home, application)
        return {outcome.platform: outcome.result for outcome in result.outcomes}


@pytest.mark.parametrize(("counted_by", "platforms"), [("google", ()), ("matomo", ("website",))])
def test_no_secret_is_kept_logged_or_shown(
    mirror: Mirror, environment: dict[str, str], early: SetClock, capsys: pytest.CaptureFixture[str], counted_by: str,
    platforms: tuple[str, ...], request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    """All platforms, good answers and every kind of bad one; with fresh, kept and rotated short-lived keys."""
    if counted_by == "matomo":
        request.getfixturevalue("matomo")
    processes = Processes(environment, early)
    mirror.standin.faults.append(Fault(".", mirror.with_echoes, times=None))
    for hours in (0, 1, 3):  # each platform signs in, goes on with the key that was sealed, and signs in again
        early.sleep(hours * 3600)
        assert set(processes.collect(*platforms).values()) == {"ok"}
    assert len(mirror.given) >= (0 if platforms else 10)
    for status, form in ((401, "graph"), (400, "flat"), (403, "problem"), (500, "list"), (503, "html"), (200, "html"),
                         (429, "graph"), (400, "list")):  # fmt: skip
        early.sleep(3 * 3600)  # so that every sign-in is renewed, and refused, too
        mirror.standin.faults[:] = [Fault(".", mirror.refusing(status, form), times=None)]
        results = processes.collect(*platforms, at_last=(status, form) == (400, "list"))
        assert "ok" not in {result for platform, result in results.items() if platform != "website"}

    printed = capsys.readouterr()
    assert "httpcore" in printed.err
    assert "collector.collect.fetch" in printed.err
    kept = {**processes.kept, "stdout": printed.out.encode(), "stderr": printed.err.encode()}
    kept |= {f"shown {number}": text.encode() for number, text in enumerate(processes.shown)}
    assert len(kept) > 40
    assert b"[disembunyikan]" in b"".join(kept.values())
    assert_clean(mirror.secrets, kept)
    sent = b"".join(repr(asked).encode() + asked.body for asked in mirror.standin.asked)
    used = ("FACEBOOK_ACCESS_TOKEN", "X_REFRESH_TOKEN", "TIKTOK_CLIENT_SECRET", "TIKTOK_BUSINESS_CLIENT_SECRET",
            "GOOGLE_CLIENT_SECRET")  # fmt: skip
    for name in ("MATOMO_TOKEN",) if platforms else used:
        assert any(spelled in sent for spelled in spellings(mirror.canaries[name])), f"{name} was never used"
    assert (b"assertion=" in sent) == (counted_by == "google")


def test_the_search_itself_finds_what_is_there(tmp_path: Path, application: Application) -> None:
    """A proof that cannot fail proves nothing."""
    (tmp_path / "home" / "left.txt").write_bytes(b"x canary%2FX y")

    with pytest.raises(AssertionError, match="canary/X"):
        assert_clean({"canary/X"}, everything_kept(tmp_path / "home", application))
    assert_clean({"canary/Y"}, everything_kept(tmp_path / "home", application))
