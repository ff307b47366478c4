"""The stand-in for both counting services is as strict as the real ones: what is wrong there is wrong here."""

import json
from datetime import date

import pytest

from collector.demo.contracts.website import WebsiteContract
from collector.demo.contracts.website.ga4 import BEARER
from collector.demo.standin import Asked

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)
REPORT = "/v1beta/properties/345678901:runReport"


def put(contract, host, method, path, body, headers=None, query=None):
    return contract.answer(Asked(host, method, path, query or {}, headers or {}, body))


def report(contract, question, property_id="345678901", bearer=BEARER):
    return put(
        contract, "GA4_DATA_URL", "POST", f"/v1beta/properties/{property_id}:runReport",
        json.dumps(question).encode(), {"authorization": f"Bearer {bearer}"},
    )  # fmt: skip


QUESTION = {
    "dateRanges": [{"startDate": "2026-11-01", "endDate": "2026-11-20"}],
    "metrics": [{"name": "sessions"}],
    "dimensions": [{"name": "date"}],
}


def test_the_stand_in_for_google_checks_who_asks(contract):
    """Otherwise a wrong sign-in or a foreign property would pass."""
    assert report(contract, QUESTION, bearer="wrong").status == 401
    assert report(contract, QUESTION, property_id="1").status == 403
    assert put(contract, "GA4_DATA_URL", "GET", REPORT, b"").status == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"dateRanges": []},
        {"dateRanges": [{"startDate": "1 Nov", "endDate": "2026-11-20"}]},
        {"dateRanges": [{"startDate": "2026-11-31", "endDate": "2026-12-20"}]},
        {"dateRanges": [{"startDate": "2026-11-20", "endDate": "2026-11-19"}]},
        {"metrics": [{"name": "views"}]},
        {"metrics": []},
        {"dimensions": [{"name": "day"}]},
        {"limit": "250001"},
    ],
)
def test_the_stand_in_for_google_refuses_bad_questions(contract, wrong):
    """A connector that asks wrongly must not get an answer here."""
    assert report(contract, {**QUESTION, **wrong}).status == 400
    assert report(contract, []).status == 400


def test_the_stand_in_for_google_promises_no_order(contract):
    """Without an order that was asked for, the days do not come in order."""
    days = [row["dimensionValues"][0]["value"] for row in report(contract, QUESTION).body["rows"]]

    assert days != sorted(days)


def test_the_stand_in_for_google_shows_today_so_far(contract):
    """Today grows during the day, which is why it is not asked for."""
    today = {**QUESTION, "dateRanges": [{"startDate": "2026-11-21", "endDate": "2026-11-21"}]}
    whole = dict(contract.visits.days(LAST, LAST))[LAST]

    row = report(contract, today).body["rows"][0]

    assert 0 < int(row["metricValues"][0]["value"]) < whole.sessions * 2


def test_an_empty_answer_of_google_has_no_rows_at_all(contract):
    """Members that are empty or nought are left out."""
    nothing = {**QUESTION, "dateRanges": [{"startDate": "2020-01-01", "endDate": "2020-01-31"}]}

    assert not {"rows", "rowCount"} & report(contract, nothing).body.keys()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"token_auth": "wrong"}, 401),
        ({"idSite": "4"}, 401),
        ({"method": "VisitsSummary.get"}, 200),
        ({"period": "week"}, 200),
        ({"period": ""}, 200),
        ({"date": "kemarin"}, 200),
        ({"period": "range", "date": "2026-11-20"}, 200),
        ({"period": "range", "date": "2026-11-20,2026-11-01"}, 200),
    ],
)
def test_the_stand_in_for_matomo_refuses_bad_questions(contract, change, status):
    """Most refusals come with status 200, as the real ones do."""
    answer = _matomo(contract, **change)

    assert (answer.status, answer.body["result"]) == (status, "error")


def _matomo(contract, verb="POST", **change):
    form = {
        "module": "API", "method": "API.get", "idSite": "3", "period": "day", "date": "2026-11-19", "format": "JSON",
        "token_auth": contract.matomo_keys["MATOMO_TOKEN"], **change,
    }  # fmt: skip
    body = "&".join(f"{name}={value}" for name, value in form.items()).encode()
    return put(contract, "MATOMO_URL", verb, "/index.php", body)


def test_the_stand_in_for_matomo_speaks_as_matomo_does(contract):
    """Its defaults are not what a program wants: percent signs, XML, and no access by GET."""
    assert _matomo(contract).body["bounce_rate"] == "48%"
    assert _matomo(contract, format_metrics="0").body["bounce_rate"] == 0.48
    assert _matomo(contract, format="").body.startswith("<?xml")
    assert _matomo(contract, verb="GET").status == 401
    assert put(contract, "MATOMO_URL", "POST", "/", b"").status == 404
    contract.matomo.locked = True
    assert (_matomo(contract).status, _matomo(contract).body["result"]) == (403, "error")


def test_the_demo_keys_open_the_demo(contract):
    """The key file is a real one, made anew in each process and kept nowhere."""
    assert set(contract.keys) == {"WEBSITE_URL", "GA4_PROPERTY_ID", "GA4_SERVICE_ACCOUNT"}
    assert len(contract.keys) == 3
    account = json.loads(contract.keys["GA4_SERVICE_ACCOUNT"])
    assert account["private_key"].startswith("-----BEGIN PRIVATE KEY-----")
    assert contract.keys["GA4_SERVICE_ACCOUNT"] == WebsiteContract.keys["GA4_SERVICE_ACCOUNT"]
