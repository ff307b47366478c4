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
        {"dimensions": [{"name": "date"}, {"name": "city"}]},
        {"metrics": [{"name": "sessions"}] * 11},
        {"orderBys": [{"metric": {"metricName": "activeUsers"}, "desc": True}]},
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


def test_the_stand_in_for_google_tells_its_quota_only_where_it_is_asked(contract):
    """What is nought is left out of it, too."""
    contract.ga4.tokens_left = 0

    assert "propertyQuota" not in report(contract, QUESTION).body
    quota = report(contract, {**QUESTION, "returnPropertyQuota": True}).body["propertyQuota"]
    assert "remaining" not in quota["tokensPerHour"]
    assert quota["tokensPerDay"]["remaining"] > 0


def test_the_stand_in_for_google_withholds_small_groups_and_says_so(contract):
    """The faults of the real one: thresholds, a row of the rest, samples, days that are not there."""
    question = {**QUESTION, "dimensions": [{"name": "pagePath"}]}
    usual = report(contract, question).body
    assert usual["metadata"].keys() == {"currencyCode", "timeZone"}
    contract.ga4.thresholded = contract.ga4.other = contract.ga4.sampled = contract.ga4.truncated = True
    contract.ga4.withheld = {FIRST}

    flagged = report(contract, question).body

    assert flagged["metadata"].keys() - usual["metadata"].keys() == {
        "subjectToThresholding", "dataLossFromOtherRow", "samplingMetadatas", "dataTruncationReasons",
    }  # fmt: skip
    assert flagged["rows"][-1]["dimensionValues"] == [{"value": "(other)"}]
    assert len(flagged["rows"]) < len(usual["rows"])
    assert not any("?" in row["dimensionValues"][0]["value"] for row in usual["rows"])
    days = [row["dimensionValues"][0]["value"] for row in report(contract, QUESTION).body["rows"]]
    assert "20261101" not in days and "20261102" in days


def test_users_of_a_window_are_fewer_than_the_sum_of_its_days(contract):
    """Whoever sums distinct people must find out here."""
    question = {**QUESTION, "metrics": [{"name": "activeUsers"}]}

    (window,) = report(contract, {name: value for name, value in question.items() if name != "dimensions"}).body["rows"]
    days = report(contract, question).body["rows"]

    assert int(window["metricValues"][0]["value"]) < sum(int(day["metricValues"][0]["value"]) for day in days)


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


def test_the_stand_in_for_matomo_shuts_out_who_guesses_keys(contract):
    """Ten wrong keys, and the right one does not help either (website.md B4)."""
    answers = [_matomo(contract, token_auth="wrong").status for _ in range(11)]

    assert answers == [401] * 10 + [403]
    assert _matomo(contract).status == 403


def test_the_stand_in_for_matomo_lists_as_matomo_does(contract):
    """Hierarchies unless asked for flat, a hundred rows unless asked for more, and a row of the rest."""
    folders = _matomo(contract, method="Actions.getPageUrls", period="month").body
    flat = _matomo(contract, method="Actions.getPageUrls", period="month", flat="1").body
    two = _matomo(contract, method="UserCountry.getCity", period="month", filter_limit="2").body

    assert [row["label"] for row in folders] == ["berita"] and "url" not in folders[0]
    assert {"Others"} < {row["label"] for row in flat}
    assert len(two) == 2 and isinstance(two[0]["nb_visits"], str)
    assert _matomo(contract, method="UserCountry.getCity", period="range", date="2020-01-01,2020-01-31").body == []
    assert _matomo(contract, method="UserCountry.getCity", period="").body["result"] == "error"
    assert _matomo(contract, method="SitesManager.getSiteFromId").body["ts_created"] == "2023-12-31 17:00:00"


def test_the_demo_keys_open_the_demo(contract):
    """The key file is a real one, made anew in each process and kept nowhere."""
    assert set(contract.keys) == {"WEBSITE_URL", "GA4_PROPERTY_ID", "GA4_SERVICE_ACCOUNT"}
    assert len(contract.keys) == 3
    account = json.loads(contract.keys["GA4_SERVICE_ACCOUNT"])
    assert account["private_key"].startswith("-----BEGIN PRIVATE KEY-----")
    assert contract.keys["GA4_SERVICE_ACCOUNT"] == WebsiteContract.keys["GA4_SERVICE_ACCOUNT"]
