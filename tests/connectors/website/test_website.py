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
    Kind,
    Moment,
    Reading,
    Reason,
)
from connectors.kit.metrics import USERS
from connectors.website import CONNECTOR
from connectors.website.measures import GA4, MATOMO

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)
OCTOBER = ClosedPeriod("month", Days(date(2026, 10, 1), date(2026, 10, 31)))
COUNTED = {"ga4": GA4, "matomo": MATOMO}
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

    assert {(one.measure, one.reason, one.place) for one in collected.all(Gap) if one.measure.span == "month"} == {
        (measure, Reason.TOO_EARLY, None) for measure in COUNTED[service].of("month")
    }


@pytest.mark.parametrize("service", ["ga4", "matomo"])
def test_a_span_without_a_measure_is_left_out(request, service):
    """A window of the report's own has no declared measure and must not stop the rest."""
    talk = request.getfixturevalue(service)
    usual = collect(talk).observations

    collected = collect(talk, closed_periods=(ClosedPeriod("181d", Days(date(2026, 1, 1), date(2026, 6, 30))),))

    assert collected.error is None
    assert len(collected.observations) == len(usual)


@pytest.mark.parametrize("service", ["ga4", "matomo"])
def test_dead_measures_are_not_asked_for(request, service):
    """What was refused lately is a gap at once; where nothing is left, no question is put."""
    talk, counted = request.getfixturevalue(service), COUNTED[service]
    dead = {measure.key for measure in counted.measures if measure.span != "day" or measure.metric == USERS}

    collected = collect(talk, closed_periods=(OCTOBER,), dead_measures=frozenset(dead))

    assert {(one.measure.key, one.reason, one.place) for one in collected.all(Gap)} == {
        (key, Reason.RETIRED, None) for key in dead if key.rpartition(":")[2] in ("day", "28d", "month")
    }
    asked = talk.questions("GA4_DATA_URL" if service == "ga4" else "MATOMO_URL")
    assert len(asked) == {"ga4": 3, "matomo": 2}[service]  # who it is, the days, and whether they add up
    assert "activeUsers" not in str(asked) and "nb_uniq_visitors" not in str(asked)


@pytest.mark.parametrize("service", ["ga4", "matomo"])
def test_no_measure_is_shared_by_the_two_services(request, service):
    """They count differently: a change of service must be two histories and never a growth (website.md B5)."""
    collected = collect(request.getfixturevalue(service), closed_periods=(OCTOBER,))

    named = {one.measure.by for one in collected.observations if one.measure.key != STATUS}
    assert named == {service}
    assert not {one.key for one in GA4.measures} & {one.key for one in MATOMO.measures}


def test_what_is_typed_is_of_neither_service():
    """A figure of a screen or an older report says nothing of who counted; it is a measure of its own."""
    typed = {measure.key: measure for measure in CONNECTOR.typed_measures}

    assert {one.by for one in typed.values()} == {""}
    assert typed["users:account:28d"].kind is Kind.UNIQUE
    assert typed["sessions:account:semester"].kind is Kind.FLOW
    assert "users:audience:28d" in typed


def test_google_goes_before_matomo_where_both_are_given(ask, contract, ga4, matomo):
    """Two services count differently; mixing them in one series would make false growth."""
    both = ask(contract, CONNECTOR, {**ga4.keys, **matomo.keys}, {"ga4": BEARER})

    collect(both)

    assert {asked.host for asked in both.asked} == {"GA4_DATA_URL", "SITE_URL"}


def test_without_a_counting_service_only_the_site_is_looked_at(ask, contract):
    """An office without one has nothing missing."""
    talk = ask(contract, CONNECTOR, {"url": "http://127.0.0.1:9/site/"})

    collected = collect(talk, closed_periods=(OCTOBER,))

    assert collected.error is None
    assert [(one.measure.key, one.value) for one in collected.observations] == [(STATUS, 200)]
    assert talk.check().problem is None


@pytest.mark.parametrize(
    ("keys", "missing", "code"),
    [
        ({"ga4_property_id": "1"}, "GA4_SERVICE_ACCOUNT", "setting.ga4_keys"),
        ({"service_account": "{}"}, "GA4_PROPERTY_ID", "setting.ga4_keys"),
        ({"matomo_site_id": "3"}, "MATOMO_TOKEN", "setting.matomo_keys"),
        ({"matomo_token": "x"}, "MATOMO_SITE_ID", "setting.matomo_keys"),
        ({"matomo_site_id": "3", "service_account": "{}"}, "GA4_PROPERTY_ID", "setting.ga4_keys"),
    ],
)
def test_half_of_a_services_keys_is_said_and_the_site_still_looked_at(ask, contract, keys, missing, code):
    """Silently no visits would be found at the end of the semester; who has filled in half wants the whole."""
    talk = ask(contract, CONNECTOR, {"url": "http://127.0.0.1:9/site/", **keys})

    collected = collect(talk)

    assert [(one.measure.key, one.value) for one in collected.observations] == [(STATUS, 200)]
    for error in (collected.error, talk.check().problem):
        assert (error.action, error.code) == (Action.FIX, code)
        assert missing in error.message
        assert missing in error.hint.id and missing in error.hint.en


@pytest.mark.parametrize("service", ["ga4", "matomo"])
def test_half_of_one_services_keys_is_no_matter_beside_the_whole_of_the_other(ask, contract, request, service):
    """An office that changed its service, or tries another, has its visits counted."""
    whole = request.getfixturevalue(service)
    half = {"matomo_site_id": "3"} if service == "ga4" else {"service_account": "{}"}
    talk = ask(contract, CONNECTOR, {**whole.keys, **half}, {"ga4": BEARER})

    collected = collect(talk)

    assert collected.error is None
    assert collected.all(Reading, f"sessions@{service}:account:day")
    assert talk.check().problem is None


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
    assert [(one.reason, one.when) for one in collected.all(Gap, STATUS)] == [(Reason.UNREACHABLE, Moment(NOW))]
    assert collected.all(Reading, "sessions@ga4:account:day")


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


def test_a_dead_status_is_not_looked_at(ga4):
    """The rule of dead measures knows no exception."""
    collected = collect(ga4, dead_measures=frozenset({STATUS}))

    assert [one.reason for one in collected.all(Gap, STATUS)] == [Reason.RETIRED]
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
