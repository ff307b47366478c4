"""No secret in any file of the home, in any output, in any log, at DEBUG too."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

import pytest
from office import START, Office, own_settings, shorten_memories

from collector.clock import SetClock
from collector.demo.contracts.facebook import FacebookContract
from collector.demo.contracts.website import service_account
from collector.demo.standin import Asked, StandIn
from collector.demo.world import World

SECRET_FIELDS = {
    "access_token", "appsecret_proof", "key", "client_secret", "refresh_token", "assertion", "token_auth",
}  # fmt: skip
"""The names under which the platforms are sent secrets, in an address or in a form."""


def configured(office: Office) -> set[str]:
    """Return the secrets that the office filled in; of the key file the private key, line by line."""
    names = {name for name in office.environment if name.endswith(("_TOKEN", "_SECRET", "_API_KEY", "_BEARER_TOKEN"))}
    private_key = json.loads(service_account())["private_key"]
    return {office.environment[name] for name in names} | set(private_key.split("\n")[1:-2])


def sent(standin: StandIn) -> set[str]:
    """Return every secret that a platform was sent or gave out: the short-lived ones are on the way in the requests."""
    return {secret for asked in standin.asked for secret in secrets_of(asked)}


def secrets_of(asked: Asked) -> Iterator[str]:
    """Yield what a request proved itself with."""
    scheme, _, value = asked.headers.get("authorization", "").partition(" ")
    if scheme in ("Bearer", "Basic"):
        yield value
    fields = [*asked.query.items(), *parse_qsl(asked.body.decode())]
    yield from (value for name, value in fields if name in SECRET_FIELDS)


def kept(office: Office) -> Iterator[tuple[str, bytes]]:
    """Yield all that the home holds: every file as it is, and every kept answer as it was."""
    for path in office.home.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()
    for digest, packed in office.rows("SELECT sha256, packed FROM bodies"):
        yield digest, zlib.decompress(packed)


@dataclass(frozen=True)
class Told:
    """An office that did everything at DEBUG level, well and badly, and all that was said."""

    office: Office
    standin: StandIn
    said: str


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Live through a good and a bad day, once for all tests."""
    clock = SetClock(START)
    with StandIn(World(clock.now)) as standin:
        shorten_memories(standin)
        office = Office({**standin.environment(), **own_settings(tmp_path_factory.mktemp("told"))}, clock)
        yield Told(office, standin, live(office, standin))


def live(office: Office, standin: StandIn) -> str:
    """Do everything an office does, and return all that was said."""
    debug = {"COLLECTOR_LOG_LEVEL": "DEBUG"}
    said = [
        office.run("accounts", "check", **debug), office.run("collect", "now", "--json", **debug),
        office.run("accounts", "list", "--json", **debug), office.run("doctor", "--json", **debug),
    ]  # fmt: skip
    said += [
        office.run("trace", one["id"], **debug)
        for platform in ("facebook", "youtube", "x", "tiktok", "website", "instagram")
        for one in office.readings("--platform", platform, "--since", "2027-01-03")[:1]
    ]
    office.clock.sleep(3 * 3600)  # every short-lived key has died
    page = standin.contracts["facebook"]
    assert isinstance(page, FacebookContract)
    page.expired = True
    said.append(office.run("collect", "now", status=1, **debug))
    for name in ("YOUTUBE_DATA_URL", "X_API_URL", "FACEBOOK_GRAPH_URL", "TIKTOK_API_URL"):
        office.environment[name] = "http://127.0.0.1:9"
    said.append(office.run("collect", "now", status=1, **debug))
    return "".join(one.out + one.err for one in said)


def test_no_secret_is_said_or_kept(told: Told) -> None:
    """Sign-ins open the office's accounts to the world: they may stand nowhere but sealed."""
    secrets = configured(told.office) | sent(told.standin)
    answers = list(kept(told.office))

    assert len(secrets) > 35
    assert any(len(secret) == 64 for secret in sent(told.standin)), "the proof of the app's secret was never sent"
    for secret in sorted(secrets):
        assert secret not in told.said, secret
        for name, content in answers:
            assert secret.encode() not in content, (secret, name)


def test_what_was_struck_out_is_seen_to_have_been(told: Told) -> None:
    """Facebook's paging addresses do carry the key: if none was struck out, this test would prove nothing."""
    bodies = b"".join(content for _, content in kept(told.office))

    assert b"access_token=[disembunyikan]" in bodies
    assert "collector.collect" in told.said


def test_sign_in_answers_are_not_kept(told: Told) -> None:
    """Of an answer that holds keys only the names of its members, lifetimes and scopes may stay."""
    paths = ("/token", "/2/oauth2/token", "/v2/oauth/token/")
    answers = [
        json.loads(zlib.decompress(packed))
        for request, packed in told.office.rows("SELECT request, packed FROM exchanges JOIN bodies ON sha256 = body")
        if json.loads(request)["path"] in paths
    ]

    assert len(answers) >= 6
    for answer in answers:
        assert set(answer) <= {"names", "expires_in", "refresh_expires_in", "scope", "error", "error_description"}


def test_the_vault_is_sealed_with_a_key_outside_the_home(told: Told) -> None:
    """A copy of the home alone opens nothing."""
    sealed = [bytes(one) for (one,) in told.office.rows("SELECT sealed FROM credentials")]

    assert len(sealed) >= 6
    assert all(one.startswith(b"gAAAA") for one in sealed)
    assert not [path for path in told.office.home.rglob("*") if "key" in path.name]
