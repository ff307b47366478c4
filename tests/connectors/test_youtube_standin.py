"""The stand-in of YouTube is as strict as the real thing, and a function of the clock alone."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from collector.demo.contracts.youtube import API_KEY, CHANNEL_ID, YouTubeContract
from collector.demo.contracts.youtube.sign_in import CLIENT_ID, CLIENT_SECRET, GA4_ACCESS, REFRESH_TOKEN, access_token
from collector.demo.standin import Answered, Asked
from collector.demo.world import World

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
OWNER_ONLY = {"refresh_token": REFRESH_TOKEN, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


@pytest.fixture
def contract() -> YouTubeContract:
    return YouTubeContract(World(lambda: NOW))


def send(contract: YouTubeContract, **form: str) -> Answered:
    return contract.answer(Asked("GOOGLE_OAUTH_URL", "POST", "/token", {}, {}, urlencode(form).encode()))


def statement(header: object = None, **changes) -> str:
    """A service account's signed statement; the signature is any third part."""
    now = int(NOW.timestamp())
    claims = {"iss": "demo@demo.example", "scope": "https://www.googleapis.com/auth/analytics.readonly",
              "aud": "http://127.0.0.1/google-oauth/token", "iat": now, "exp": now + 3600, **changes}  # fmt: skip
    parts = (json.dumps(header or {"alg": "RS256", "typ": "JWT"}), json.dumps(claims), "signature")
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


def test_the_service_accounts_grant_is_served_too(contract):
    """The website's Google Analytics signs in at the same address."""
    answered = send(contract, grant_type="urn:ietf:params:oauth:grant-type:jwt-bearer", assertion=statement())

    assert answered.status == 200
    assert answered.body["access_token"] == GA4_ACCESS


@pytest.mark.parametrize(
    "assertion",
    ["", "a.b", "a.b.c", "a.!.c", statement({"alg": "HS256"}), statement({"alg": "RS256"}, iss=""), statement(exp=None),
     statement(exp=int(NOW.timestamp()) + 7200), statement(aud="https://example.org"), statement(scope="email")],
)  # fmt: skip
def test_a_wrong_statement_is_refused(contract, assertion):
    """Shape, algorithm, lifetime, audience and scope are checked, as Google does."""
    answered = send(contract, grant_type="urn:ietf:params:oauth:grant-type:jwt-bearer", assertion=assertion)

    assert answered.status == 400


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"refresh_token": ""}, 400, "invalid_request"),
        ({"refresh_token": "wrong"}, 400, "invalid_grant"),
    ],
)
def test_a_wrong_renewal_is_refused(contract, change, status, error):
    """The stand-in is as strict as the real address."""
    form = {"grant_type": "refresh_token", **OWNER_ONLY, **change}
    answered = send(contract, **form)

    assert (answered.status, answered.body["error"]) == (status, error)


def reports(contract: YouTubeContract, **changes: str) -> Answered:
    query = {"ids": "channel==MINE", "startDate": "2026-11-01", "endDate": "2026-11-19", "metrics": "views",
             "dimensions": "day", **changes}  # fmt: skip
    query = {name: value for name, value in query.items() if value != "-"}
    bearer = access_token(int(NOW.timestamp()))
    return contract.answer(
        Asked("YOUTUBE_ANALYTICS_URL", "GET", "/v2/reports", query, {"authorization": f"Bearer {bearer}"})
    )


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200), ({"ids": f"channel=={CHANNEL_ID}"}, 200), ({"ids": "channel==UCother"}, 403), ({"ids": "-"}, 400),
        ({"dimensions": ""}, 400), ({"dimensions": "country,day"}, 400), ({"dimensions": "video"}, 400),
        ({"startDate": "01-11-2026"}, 400), ({"endDate": "2026-11-31"}, 400), ({"metrics": "impressions"}, 400),
        ({"startDate": "2026-11-20"}, 400), ({"metrics": "views,estimatedRevenue"}, 403),
        ({"filters": "video==a"}, 400),
        ({"dimensions": "country"}, 200), ({"dimensions": "country", "sort": "-views"}, 400),
        ({"dimensions": "insightTrafficSourceType"}, 200),
        ({"dimensions": "insightTrafficSourceType", "metrics": "likes"}, 400),
        ({"dimensions": "insightTrafficSourceType", "startDate": "2026-01-01"}, 400),  # videos × days > 50,000
        ({"dimensions": "ageGroup"}, 400), ({"dimensions": "ageGroup", "metrics": "viewerPercentage"}, 200),
        ({"dimensions": "gender", "metrics": "viewerPercentage"}, 200), ({"metrics": "viewerPercentage"}, 400),
        ({"dimensions": "video", "sort": "-views", "maxResults": "200"}, 200),
        ({"dimensions": "video", "sort": "-views", "maxResults": "201"}, 400),
        ({"dimensions": "video", "sort": "views", "maxResults": "50"}, 400),
        ({"dimensions": "video", "sort": "-likes", "metrics": "likes", "maxResults": "50"}, 400),
        ({"dimensions": "video", "sort": "-engagedViews", "maxResults": "50"}, 400),
        ({"dimensions": "video", "sort": "-views"}, 400),
        ({"dimensions": "video,day", "sort": "-views", "maxResults": "50"}, 400),
    ],
)  # fmt: skip
def test_the_stand_in_refuses_what_analytics_refuses(contract, changes, status):
    """A connector that passes here must not fail there."""
    assert reports(contract, **changes).status == status


def test_the_totals_of_the_stand_in_are_the_sums_of_its_days(contract):
    """Without a dimension the same days give one row."""
    days = reports(contract).body["rows"]

    assert reports(contract, dimensions="-").body["rows"] == [[sum(row[1] for row in days)]]
    assert "rows" not in reports(contract, startDate="2026-11-18").body
    assert "rows" not in reports(contract, startDate="2026-11-18", dimensions="-").body


def test_tables_leave_out_what_totals_keep(contract):
    """Small rows are not shown, so that the parts are less than the whole; shares of viewers add up to 100."""
    window = {"startDate": "2026-08-01", "endDate": "2026-08-31"}
    total = reports(contract, dimensions="-", **window).body["rows"][0][0]
    for by in ("country", "insightTrafficSourceType"):
        assert 0 < sum(row[1] for row in reports(contract, dimensions=by, **window).body["rows"]) < total
    for by in ("ageGroup", "gender"):
        shares = reports(contract, dimensions=by, metrics="viewerPercentage", **window).body["rows"]
        assert round(sum(row[1] for row in shares), 6) == 100
    few = {"startDate": "2026-08-03", "endDate": "2026-08-03"}
    assert "rows" not in reports(contract, dimensions="gender", metrics="viewerPercentage", **few).body


def test_the_daily_allowance_ends_and_comes_back_at_midnight_pacific(contract):
    """Each question about public data costs a unit, a refused one too; Analytics is not counted by it."""
    then = [NOW]
    contract.world = World(lambda: then[0])
    contract.daily_units = 2
    path, query = "/youtube/v3/channels", {"part": "id", "id": CHANNEL_ID, "key": API_KEY}

    assert data(contract, path, key=API_KEY).status == 400
    assert [data(contract, path, **query).status for _ in range(2)] == [200, 403]
    assert data(contract, path, **query).body["error"]["errors"][0]["reason"] == "quotaExceeded"
    assert reports(contract).status == 200
    then[0] = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    assert data(contract, path, **query).status == 200


def data(contract: YouTubeContract, path: str, *, bearer: str = "", **query: str) -> Answered:
    headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
    return contract.answer(Asked("YOUTUBE_DATA_URL", "GET", path, query, headers))


def test_the_stand_in_checks_both_ways_of_signing_in(contract):
    """No key, a wrong key, a wrong bearer and one whose hour is over are all refused; a header may hold the key."""
    then = [NOW]
    contract.world = World(lambda: then[0])
    path, query = "/youtube/v3/channels", {"part": "id", "forHandle": "@kpucontoh"}
    good = access_token(int(NOW.timestamp()))
    by_header = Asked("YOUTUBE_DATA_URL", "GET", path, query, {"x-goog-api-key": API_KEY})

    assert data(contract, path, **query).status == 403
    assert data(contract, path, key="wrong", **query).status == 400
    assert data(contract, path, bearer="wrong", **query).status == 401
    assert data(contract, path, bearer=good.replace("demo-1", "demo-2"), **query).status == 401
    assert data(contract, path, part="id", mine="true", key=API_KEY).status == 401
    assert data(contract, path, bearer=good, **query).body["items"][0]["id"] == CHANNEL_ID
    assert contract.answer(by_header).status == 200
    then[0] += timedelta(hours=1)
    assert data(contract, path, bearer=good, **query).status == 401


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/youtube/v3/channels", {"id": CHANNEL_ID}, 400),
        ("/youtube/v3/channels", {"part": "id"}, 400),
        ("/youtube/v3/channels", {"part": "id", "forUsername": "kpu"}, 200),
        ("/youtube/v3/playlistItems", {"part": "id"}, 400),
        ("/youtube/v3/playlistItems", {"part": "id", "playlistId": "UUother"}, 404),
        ("/youtube/v3/playlistItems", {"part": "id", "playlistId": f"UU{CHANNEL_ID[2:]}", "maxResults": "51"}, 400),
        ("/youtube/v3/playlistItems", {"part": "id", "playlistId": f"UU{CHANNEL_ID[2:]}", "pageToken": "x"}, 400),
        ("/youtube/v3/videos", {"part": "id"}, 400),
        ("/youtube/v3/videos", {"part": "id", "id": ",".join(["v"] * 51)}, 400),
        ("/youtube/v3/videos", {"part": "id", "id": "v", "maxResults": "5"}, 400),
        ("/youtube/v3/search", {"part": "id"}, 404),
    ],
)
def test_the_stand_in_refuses_what_the_data_api_refuses(contract, path, query, status):
    """Parameters, caps and shapes are those of the real API."""
    assert data(contract, path, key=API_KEY, **query).status == status


def test_the_life_of_the_demo_channel_only_depends_on_the_clock():
    """Past months are seeded with a moving clock, and must agree with what is read later."""

    def weeks() -> Iterator[datetime]:
        return (datetime(2026, 1, 1, 5, tzinfo=UTC) + timedelta(days=7 * week) for week in range(40))

    moving = YouTubeContract(World(lambda: NOW))._life
    fresh = YouTubeContract(World(lambda: NOW))._life
    seen = {moment: (moving.levels(moment), len(moving.videos(moment))) for moment in weeks()}

    assert seen == {moment: (fresh.levels(moment), len(fresh.videos(moment))) for moment in reversed(list(weeks()))}
    assert 300 <= fresh.levels(NOW)[0] < 1000
