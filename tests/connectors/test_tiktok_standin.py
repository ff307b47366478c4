"""The stand-in for TikTok: access that runs out, refresh tokens that serve once, and numbers that live."""

from datetime import UTC, date, datetime, timedelta

import pytest

from collector.demo.contracts.tiktok import TikTokContract
from collector.demo.world import World
from connectors.kit import (
    Request,
    ShapeError,
    UnreachableError,
)
from connectors.tiktok import CONNECTOR

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
TOKEN = "/v2/oauth/token/"
USER = "/v2/user/info/"


@pytest.fixture
def contract(clock):
    return TikTokContract(World(clock))


@pytest.fixture
def talk(ask, contract):
    return ask(contract, CONNECTOR)


def collect(talk, **more):
    return talk.collect(talk.assignment(date(2026, 11, 1), date(2026, 11, 20), **more))


def test_access_ends_after_its_lifetime(talk, clock):
    """The stand-in lets access run out by its own clock, so that renewing is really tried."""
    assert collect(talk).error is None

    clock.now += timedelta(hours=2)

    assert collect(talk).error.code == "access.expired"


def test_a_refresh_token_serves_once(ask, contract):
    """The old one stops working once a new one is issued; a second program with the same one is found out."""
    assert collect(ask(contract, CONNECTOR)).error is None

    assert collect(ask(contract, CONNECTOR)).error.code == "access.revoked"


def test_the_renewed_pair_goes_on_serving(talk, contract):
    """The refresh token of the last answer is the one that counts."""
    collect(talk)
    talk._access.clear()

    assert collect(talk).error is None
    assert talk._rotated["refresh_token"].startswith("rft.2.")


def test_numbers_live_and_agree(ask, contract, clock):
    """The demo's account grows, and two looks at one moment see the same."""
    then = contract._profile()["follower_count"]
    clock.now -= timedelta(days=150)
    before = contract._profile()["follower_count"]

    assert 300 < before < then < 1700
    clock.now += timedelta(days=150)
    assert contract._profile()["follower_count"] == then


@pytest.mark.parametrize(
    ("method", "path", "params"),
    [("GET", "/v2/user/info", {"fields": "open_id"}), ("POST", USER, {"fields": "open_id"})],
)
def test_the_stand_in_wants_the_slash_and_the_method(talk, contract, method, path, params):
    """TikTok's paths end with a slash; a request without it never reaches the API."""
    with pytest.raises(UnreachableError):
        talk.fetch(Request("display", path, params, method=method))


@pytest.mark.parametrize("params", [{}, {"fields": ""}, {"fields": "open_id,no_such_field"}])
def test_the_stand_in_wants_known_fields(talk, params):
    """`fields` is required; an unknown name refuses the whole call."""
    with pytest.raises(ShapeError) as caught:
        talk.fetch(Request("display", USER, params))

    assert caught.value.code == "shape.request"


@pytest.mark.parametrize("bearer", ["", "act.x", "act.0.1.7200.wrong", "act.0.x.7200.y"])
def test_the_stand_in_refuses_foreign_access(ask, contract, bearer):
    """A stand-in that took any bearer would prove nothing about signing in."""
    talk = ask(contract, CONNECTOR, bearers={"display": bearer})

    assert collect(talk).error.code == "access.expired"


def test_a_foreign_grant_is_refused(talk, contract):
    """Only renewals are spoken here."""
    body = talk._exchange(Request("display", TOKEN, method="POST", form={"grant_type": "code"}), NOW, {}, {}, {}).json()

    assert body["error"] == "unsupported_grant_type"
