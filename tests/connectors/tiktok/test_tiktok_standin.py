"""The stand-in for TikTok: access that runs out, refresh tokens that serve once, and numbers that live."""

import json
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pytest

from collector.demo.standin import Asked
from connectors.kit import (
    Request,
    ShapeError,
    UnreachableError,
)
from connectors.tiktok import CONNECTOR

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
TOKEN = "/v2/oauth/token/"
USER = "/v2/user/info/"


def collect(talk, **more):
    return talk.collect(talk.assignment(date(2026, 11, 1), date(2026, 11, 20), **more))


def test_access_ends_after_its_lifetime(talk, clock):
    """The stand-in lets access run out by its own clock, so that renewing is really tried."""
    assert collect(talk).error is None

    clock.now += timedelta(hours=2)

    assert collect(talk).error.code == "access.expired"


def test_a_refresh_token_serves_once(ask, contract, talk):
    """The old one stops working once a new one is issued; a second program with the same one is found out."""
    assert collect(talk).error is None

    assert collect(ask(contract, CONNECTOR, talk.keys)).error.code == "access.revoked"


def test_the_renewed_pair_goes_on_serving(talk, contract):
    """The refresh token of the last answer is the one that counts."""
    collect(talk)
    talk._access.clear()

    assert collect(talk).error is None
    assert talk._rotated["refresh_token"].startswith("rft.2.")


def test_numbers_live_and_agree(ask, contract, clock):
    """The demo's account grows, and two looks at one moment see the same."""
    then = contract.display.profile()["follower_count"]
    clock.now -= timedelta(days=150)
    before = contract.display.profile()["follower_count"]

    assert 300 < before < then < 1700
    clock.now += timedelta(days=150)
    assert contract.display.profile()["follower_count"] == then


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
def test_the_stand_in_refuses_foreign_access(ask, contract, talk, bearer):
    """A stand-in that took any bearer would prove nothing about signing in."""
    talk = ask(contract, CONNECTOR, talk.keys, bearers={"display": bearer})

    assert collect(talk).error.code == "access.expired"


def test_a_foreign_grant_is_refused(talk, contract):
    """Only renewals are spoken here."""
    body = talk._exchange(Request("display", TOKEN, method="POST", form={"grant_type": "code"}), NOW, {}, {}, {}).json()

    assert body["error"] == "unsupported_grant_type"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v2/video/list/", {"max_count": 21}),
        ("/v2/video/list/", {"max_count": 0}),
        ("/v2/video/list/", {"cursor": "0"}),
        ("/v2/video/query/", {"filters": {"video_ids": [str(number) for number in range(21)]}}),
        ("/v2/video/query/", {"filters": {"video_ids": [1]}}),
        ("/v2/video/query/", {}),
    ],
)
def test_the_stand_in_wants_no_more_than_twenty_videos(talk, path, body):
    """More at once is refused by TikTok; a stand-in that gave them would hide it."""
    with pytest.raises(ShapeError) as caught:
        talk.fetch(Request("display", path, {"fields": "id"}, method="POST", json=body))

    assert caught.value.code == "shape.request"


def business(talk, path="/business/get/", **params):
    """Ask the business service one question."""
    return talk.fetch(Request("business", f"/open_api/v1.3{path}", {"business_id": "000CtContoh", **params}))


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/business/get/", {"fields": "followers_count,likes"}),
        ("/business/get/", {}),
        ("/business/get/", {"fields": '["no_such_field"]'}),
        ("/business/get/", {"fields": '["likes"]', "start_date": "2026-09-21", "end_date": "2026-11-20"}),
        ("/business/video/list/", {"fields": '["reach"]', "max_count": "21"}),
    ],
)
def test_the_business_service_wants_a_json_list_and_sixty_days_at_most(both, path, params):
    """A comma list and a longer look-back are refused; a stand-in that took them would hide it."""
    with pytest.raises(ShapeError) as caught:
        business(both, path, **params)

    assert caught.value.code == "shape.request"


def test_the_business_service_wants_its_own_header(both, contract):
    """It takes no bearer, and no other account's id."""
    get = "/open_api/v1.3/business/get/"
    query = {"business_id": "000CtContoh", "fields": '["username"]'}

    def ask(headers, **more):
        return contract.answer(Asked("TIKTOK_BUSINESS_URL", "GET", get, {**query, **more}, headers)).body["code"]

    business(both, fields='["username"]')
    access = both._access["business", "account"]

    assert ask({"access-token": access}) == 0
    assert ask({"authorization": f"Bearer {access}"}) == 40104
    assert ask({"access-token": f"Bearer {access}"}) == 40105
    assert ask({"access-token": access}, business_id="000CtOther") == 40001


def test_the_business_service_renews_by_json_alone(contract):
    """Its refresh tokens serve once as well."""
    path = "/open_api/v1.3/tt_user/oauth2/refresh_token/"
    body = {"client_id": contract.keys["TIKTOK_BUSINESS_CLIENT_ID"], "grant_type": "refresh_token",
            "client_secret": contract.keys["TIKTOK_BUSINESS_CLIENT_SECRET"],
            "refresh_token": contract.keys["TIKTOK_BUSINESS_REFRESH_TOKEN"]}  # fmt: skip

    def renew(sent):
        return contract.answer(Asked("TIKTOK_BUSINESS_URL", "POST", path, {}, {}, sent)).body["code"]

    assert renew(urlencode(body).encode()) == 40002
    assert renew(json.dumps({**body, "client_secret": "wrong"}).encode()) == 40001
    assert renew(json.dumps(body).encode()) == 0
    assert renew(json.dumps(body).encode()) == 40107


def test_the_business_service_lags_two_days(both):
    """Figures of yesterday are not there in the morning; a stand-in without the lag would hide it."""
    rows = business(both, fields='["likes"]', start_date="2026-11-10", end_date="2026-11-20")["data"]["metrics"]

    assert [row["date"].text() for row in rows][-1] == "2026-11-19"
