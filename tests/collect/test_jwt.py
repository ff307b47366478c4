"""A Google service account's signed statement: what Google checks is in it, signed with the key of the file."""

import base64
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from collector.collect.jwt import make_assertion, token_address
from collector.collect.run import Selection
from collector.demo.contracts.website import service_account
from collector.demo.standin import StandIn
from collector.settings import load
from collector.wiring import Application
from connectors.kit import SettingError

NOW = datetime(2026, 11, 20, 3, 0, 0, 500_000, tzinfo=UTC)
SCOPE, AUDIENCE = "https://www.googleapis.com/auth/analytics.readonly", "http://127.0.0.1:1/google-oauth/token"


@cache
def elliptic_key() -> str:
    """Return a private key of a kind that Google does not give to service accounts."""
    key = ec.generate_private_key(ec.SECP256R1())
    coding = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*coding).decode()


def decoded(part: str) -> bytes:
    assert "=" not in part
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_the_statement_holds_what_google_checks() -> None:
    """Issuer, scope, audience and an hour's life at most: else Google gives no key (website.md A1)."""
    header, claims, signature = make_assertion(service_account(), SCOPE, AUDIENCE, NOW).split(".")

    file = json.loads(service_account())
    assert json.loads(decoded(header)) == {"alg": "RS256", "typ": "JWT", "kid": file["private_key_id"]}
    begin = int(NOW.timestamp())
    assert json.loads(decoded(claims)) == {
        "iss": file["client_email"], "scope": SCOPE, "aud": AUDIENCE, "iat": begin, "exp": begin + 3600,
    }  # fmt: skip
    private = serialization.load_pem_private_key(file["private_key"].encode(), password=None)
    assert isinstance(private, rsa.RSAPrivateKey)
    signed = f"{header}.{claims}".encode()
    private.public_key().verify(decoded(signature), signed, padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(InvalidSignature):
        private.public_key().verify(decoded(signature), signed + b"x", padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize(
    "key_file",
    [
        "no JSON",
        "[]",
        "{}",
        "null",
        '{"private_key": 5, "client_email": "a"}',
        '{"private_key": "-----BEGIN PRIVATE KEY-----", "client_email": "a"}',
        json.dumps({name: value for name, value in json.loads(service_account()).items() if name != "client_email"}),
        json.dumps({**json.loads(service_account()), "private_key": elliptic_key()}),
    ],
    ids=["text", "list", "nothing in it", "null", "number", "cut", "no e-mail", "other kind"],
)
def test_a_file_that_is_no_key_file_is_a_setting_to_mend(key_file: str) -> None:
    """The office pastes what it finds; it is told which setting is wrong, and the key is not printed."""
    with pytest.raises(SettingError) as raised:
        make_assertion(key_file, SCOPE, AUDIENCE, NOW)

    assert raised.value.code == "setting.key_file"
    assert "GA4_SERVICE_ACCOUNT_FILE" in raised.value.hint.id
    assert "GA4_SERVICE_ACCOUNT_FILE" in raised.value.hint.en
    assert "BEGIN" not in raised.value.message
    assert raised.value.__cause__ is None


def test_the_address_that_replaces_googles_is_the_audience(
    application: Application, standin: StandIn, environment: dict[str, str]
) -> None:
    """The setting wins over the key file's own address, which the demo's file makes an impossible one."""
    [outcome] = application.collecting.run("test", Selection(platforms=("website",))).outcomes

    assert outcome.result == "ok"
    [token] = [asked for asked in standin.asked if asked.path == "/token"]
    claims = json.loads(decoded(token.form["assertion"].split(".")[1]))
    assert claims["aud"] == f"{environment['GOOGLE_OAUTH_URL']}/token"


def test_a_key_file_is_used_until_its_short_lived_key_ends(
    application: Application, standin: StandIn, clock: Any
) -> None:
    """One statement an hour, not one a question."""
    for seconds in (0, 1800, 1800):
        clock.sleep(seconds)
        application.collecting.run("test", Selection(platforms=("website",)))

    assert sum(asked.path == "/token" for asked in standin.asked) == 2


def test_a_damaged_key_file_costs_the_visits_and_not_the_look_at_the_site(
    environment: dict[str, str], clock: Any, standin: StandIn
) -> None:
    """What one service refuses does not cost what another gives."""
    with Application.open(load({**environment, "GA4_SERVICE_ACCOUNT": "{}"}), clock=clock) as application:
        [outcome] = application.collecting.run("test", Selection(platforms=("website",))).outcomes

    assert (outcome.result, outcome.problem.code, outcome.readings) == ("partial", "setting.key_file", 1)
    assert [asked.host for asked in standin.asked] == ["SITE_URL"]


def with_token_uri(environment: dict[str, str], address: object) -> dict[str, str]:
    """Return the environment without the setting, and with a key file that names this address."""
    changed = {name: value for name, value in environment.items() if name != "GOOGLE_OAUTH_URL"}
    return {**changed, "GA4_SERVICE_ACCOUNT": json.dumps({**json.loads(service_account()), "token_uri": address})}


def test_without_the_setting_the_key_files_own_address_is_asked(
    environment: dict[str, str], clock: Any, standin: StandIn
) -> None:
    """Google may give another one some day; it stands in the file that it gave."""
    address = f"{environment['GOOGLE_OAUTH_URL']}/token"

    with Application.open(load(with_token_uri(environment, address)), clock=clock) as application:
        [outcome] = application.collecting.run("test", Selection(platforms=("website",))).outcomes

    assert outcome.result == "ok"
    [token] = [asked for asked in standin.asked if asked.path == "/token"]
    assert json.loads(decoded(token.form["assertion"].split(".")[1]))["aud"] == address


def test_a_key_file_cannot_send_the_sign_in_to_where_it_would_be_open(
    environment: dict[str, str], clock: Any, standin: StandIn
) -> None:
    """Its address has to keep the rules of every other one."""
    changed = load(with_token_uri(environment, "http://platform.example/token"))

    with Application.open(changed, clock=clock) as application:
        [outcome] = application.collecting.run("test", Selection(platforms=("website",))).outcomes

    assert outcome.problem.code == "setup"
    assert "token_uri" in outcome.problem.message
    assert not [asked for asked in standin.asked if asked.path == "/token"]


@pytest.mark.parametrize("key_file", ["no JSON", "[]", "{}", '{"token_uri": 5}', '{"token_uri": ""}'])
def test_a_file_that_names_no_address_leaves_it_to_the_platforms_usual_one(key_file: str) -> None:
    """What is wrong with the file is said when it is used to sign."""
    assert token_address(key_file) is None
