"""Which of the sources is asked, and the site itself: every answer of it is a fact."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from collector.demo.contracts.website.ga4 import BEARER
from collector.demo.standin import Answered
from connectors.kit import (
    Account,
    Action,
    Assignment,
    ClosedPeriod,
    Days,
    Exchange,
    Gap,
    Reading,
    Reason,
)
from connectors.website import CONNECTOR

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)
OCTOBER = ClosedPeriod("month", Days(date(2026, 10, 1), date(2026, 10, 31)))
STATUS = "website.http_status:account:now"


def collect(talk, first=FIRST, last=LAST, **more):
    return talk.collect(talk.assignment(first, last, **more))


def doctor(contract, change):
    """Let `change` alter each answer of the contract."""
    whole = contract.answer
    contract.answer = lambda asked: change(asked, whole(asked))


@pytest.mark.parametrize("service", ["ga4", "matomo"])
def test_a_period_that_is_not_over_is_too_early(request, service):
    """November is asked for in December."""
    talk = request.getfixturevalue(service)
    november = ClosedPeriod("month", Days(date(2026, 11, 1), date(2026, 11, 30)))

    collected = collect(talk, closed_periods=(november,))

    assert {(one.measure.key, one.reason, one.place) for one in collected.all(Gap)} == {
        (f"{name}:account:month", Reason.TOO_EARLY, None) for name in ("users", "sessions", "page_views")
    }


@pytest.mark.parametrize("service", ["ga4", "matomo"])
def test_a_span_without_a_measure_is_left_out(request, service):
    """A window of the report's own has no declared measure and must not stop the rest."""
    talk = request.getfixturevalue(service)

    collected = collect(talk, closed_periods=(ClosedPeriod("181d", Days(date(2026, 1, 1), date(2026, 6, 30))),))

    assert collected.error is None
    assert not collected.all(Gap)


@pytest.mark.parametrize("service", ["ga4", "matomo"])
def test_dead_measures_are_not_asked_for(request, service):
    """What was refused lately is a gap at once; where nothing is left, no question is put."""
    talk = request.getfixturevalue(service)
    dead = frozenset({"users:account:day", *(f"{name}:account:month" for name in ("users", "sessions", "page_views"))})

    collected = collect(talk, closed_periods=(OCTOBER,), dead_measures=dead)

    assert {(one.measure.key, one.reason, one.place) for one in collected.all(Gap)} == {
        (key, Reason.RETIRED, None) for key in dead
    }
    asked = talk.questions("GA4_DATA_URL" if service == "ga4" else "MATOMO_URL")
    assert len(asked) == 1
    assert "activeUsers" not in str(asked) and "nb_uniq_visitors" not in str(asked)


def test_google_goes_before_matomo_where_both_are_given(ask, contract, ga4, matomo):
    """Two services count differently; mixing them in one series would make false growth."""
    both = ask(contract, CONNECTOR, {**ga4.keys, **matomo.keys}, {"ga4": BEARER})

    collect(both)

    assert {asked.host for asked in both.asked} == {"GA4_DATA_URL", "SITE_URL"}


@pytest.mark.parametrize("keys", [{}, {"ga4_property_id": "1"}, {"matomo_site_id": "3"}, {"matomo_token": "x"}])
def test_without_all_keys_of_a_service_only_the_site_is_looked_at(ask, contract, keys):
    """An office without a counting service has nothing missing."""
    talk = ask(contract, CONNECTOR, {"url": "http://127.0.0.1:9/site/", **keys})

    collected = collect(talk, closed_periods=(OCTOBER,))

    assert [(one.measure.key, one.value) for one in collected.observations] == [(STATUS, 200)]


@pytest.mark.parametrize("status", [200, 301, 404, 429, 503])
def test_the_sites_status_is_a_fact_whatever_it_is(ga4, contract, status):
    """A site that is out of order is what the report wants to know, and no fault of the collection."""
    contract.site_status = status

    collected = collect(ga4)

    reading = collected.all(Reading, STATUS)[0]
    assert (collected.error, reading.value) == (None, status)
    assert reading.place.pointer == "head:/status"
    assert collected.observations[-1] is reading


def test_a_silent_site_is_a_gap_and_the_visits_stay(ga4, contract):
    """No answer is no status; the visits are counted elsewhere."""
    contract.site_down = True

    collected = collect(ga4)

    assert collected.error is None
    assert [(one.measure.key, one.reason) for one in collected.all(Gap)] == [(STATUS, Reason.UNREACHABLE)]
    assert collected.all(Reading, "sessions:account:day")


@pytest.mark.parametrize(
    ("switch", "action"),
    [
        (lambda contract: setattr(contract.ga4, "refusal", "SERVICE_DISABLED"), Action.FIX),
        (lambda contract: setattr(contract.ga4, "exhausted", "hour"), Action.WAIT),
    ],
)
def test_a_fault_of_the_counting_service_does_not_cost_the_look_at_the_site(ga4, contract, switch, action):
    """Only that source is skipped; the fault is still reported and acted on."""
    switch(contract)

    collected = collect(ga4)

    assert [(one.measure.key, one.value) for one in collected.observations] == [(STATUS, 200)]
    assert collected.error.action is action


def _cut(asked, good):
    return Answered("", drop=True)


def _down(asked, good):
    return Answered("<html>", 503) if asked.host == "GA4_DATA_URL" else good


def _login_page(asked, good):
    return Answered("<html><title>Login Wi-Fi</title></html>")


@pytest.mark.parametrize("line", [_cut, _down, _login_page])
def test_a_line_in_doubt_says_nothing_about_the_site(ga4, contract, line):
    """A cut line's silence, or the login page of a network, would be written down as the site's own answer."""
    doctor(contract, line)

    collected = collect(ga4)

    assert collected.observations == ()
    assert collected.error.action is Action.RETRY
    assert not [asked for asked in ga4.asked if asked.host == "SITE_URL"]


def test_a_dead_status_is_not_looked_at(ga4):
    """The rule of dead measures knows no exception."""
    collected = collect(ga4, dead_measures=frozenset({STATUS}))

    assert [one.reason for one in collected.all(Gap)] == [Reason.RETIRED]
    assert not [asked for asked in ga4.asked if asked.host == "SITE_URL"]


@pytest.mark.parametrize(
    ("url", "path", "params"),
    [
        ("https://kpu-contoh.go.id", "/", {}),
        (" https://kpu-contoh.go.id:8443 ", "/", {}),
        ("https://kpu-contoh.go.id/berita?hal=1&x=", "/berita", {"hal": "1", "x": ""}),
    ],
)
def test_the_site_is_asked_at_its_own_address(url, path, params):
    """A page below the front page is asked as it was written."""
    asked = []

    def fetch(request):
        asked.append(request)
        return Exchange(1, request, 200, {}, b"<html>", NOW).root()

    list(CONNECTOR.collect(Assignment(Account(None, url, {"url": url}), NOW, Days(FIRST, LAST)), fetch))

    assert [(one.api, one.method, one.path, one.params) for one in asked] == [("site", "GET", path, params)]


@pytest.mark.parametrize(
    "spelled",
    [
        "https://kpu-contoh.go.id",
        "http://www.KPU-contoh.go.id/",
        " kpu-contoh.go.id",
        "HTTPS://WWW.kpu-contoh.go.id//",
        "http://kpu-contoh.go.id:80",
    ],
)
def test_spellings_of_one_address_are_one_site(spelled):
    """Staff write the address with and without its trimmings."""
    assert CONNECTOR.handle_key(spelled) == "kpu-contoh.go.id"
    assert CONNECTOR.handle_key("https://kpu-contoh.go.id/berita/") != CONNECTOR.handle_key(spelled)


def test_check_needs_no_answer(ask, contract):
    """A site out of order is still that site."""
    contract.site_down = True
    talk = ask(contract, CONNECTOR, {"url": "https://www.KPU-Contoh.go.id/Berita/"})

    profile = talk.check()

    assert (profile.id, profile.handle) == ("kpu-contoh.go.id/berita", "kpu-contoh.go.id/berita")
    assert profile.link == "https://www.KPU-Contoh.go.id/Berita/"
    assert talk.asked == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"ga4_property_id": "G-ABC123"},
        {"ga4_property_id": "UA-12345-1"},
        {"matomo_site_id": "satu"},
        {"url": "kpu-contoh.go.id"},
        {"url": "ftp://kpu-contoh.go.id"},
    ],
)
def test_wrong_settings_are_found_before_anything_is_asked(wrong):
    """The measurement id instead of the property's number is the commonest mistake."""
    with pytest.raises(ValidationError):
        CONNECTOR.Keys(**wrong)
