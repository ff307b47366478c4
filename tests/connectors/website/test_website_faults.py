"""Which fault of which service is of which class, because the class decides what happens next."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.kit import (
    AccessError,
    Exchange,
    NotOfferedError,
    Request,
    SettingError,
    ShapeError,
    ThrottledError,
    UnreachableError,
)
from connectors.website import CONNECTOR

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)
REPORT = "/v1beta/properties/345678901:runReport"


def collect(talk, first=FIRST, last=LAST, **more):
    return talk.collect(talk.assignment(first, last, **more))


def google(status, text="", message="m", api="ga4", headers=None, **more):
    body = {"error": {"code": status, "message": message, "status": text, **more}}
    path = REPORT if api == "ga4" else "/token"
    return Exchange(1, Request(api, path, method="POST"), status, headers or {}, json.dumps(body).encode(), NOW)


def answered(api, body, status, headers=None):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange(1, Request(api, "/", method="POST"), status, headers or {}, text, NOW)


@pytest.mark.parametrize(
    ("exchange", "kind", "code"),
    [
        (google(400, "INVALID_ARGUMENT", "Field x is not a valid metric."), NotOfferedError, "not_offered.retired"),
        (
            google(400, "INVALID_ARGUMENT", "Field x is not a valid dimension."),
            NotOfferedError,
            "not_offered.not_offered",
        ),
        (google(400, "INVALID_ARGUMENT", "Invalid date range."), ShapeError, "shape.request"),
        (google(401, "UNAUTHENTICATED"), AccessError, "access.expired"),
        (google(403, "PERMISSION_DENIED"), SettingError, "setting.ga4_viewer"),
        (google(403, details=[{"reason": "SERVICE_DISABLED"}]), SettingError, "setting.ga4_service"),
        (google(403, details=[{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]), AccessError, "access.scope"),
        (google(403, details=[{"reason": ["odd"]}, "odd"]), SettingError, "setting.ga4_viewer"),
        (google(403, details="odd"), SettingError, "setting.ga4_viewer"),
        (google(404, "NOT_FOUND"), SettingError, "setting.ga4_property"),
        (google(418), ShapeError, "shape.request"),
        (google(500, "INTERNAL"), UnreachableError, "unreachable"),
        (google(503, "UNAVAILABLE"), UnreachableError, "unreachable"),
        (answered("ga4", b"<html>", 403), UnreachableError, "unreachable"),
        (answered("ga4", b"<html>", 302), UnreachableError, "unreachable"),
        (answered("ga4", {"detail": "a proxy's"}, 403), ShapeError, "shape"),
        (answered("oauth", {"detail": "a proxy's"}, 403), ShapeError, "shape"),
        (google(400, api="oauth"), ShapeError, "shape"),
        (answered("oauth", b"<html>", 502), UnreachableError, "unreachable"),
        (answered("oauth", {"error": "internal"}, 500), UnreachableError, "unreachable"),
    ],
)
def test_each_fault_of_google_has_its_class(exchange, kind, code):
    """What happens next depends on the class; a proxy's page must never be taken for a dead sign-in."""
    error = CONNECTOR.diagnose(exchange)

    assert (type(error), error.code) == (kind, code)
    assert error.place is not None


@pytest.mark.parametrize(
    ("word", "description", "kind", "code"),
    [
        ("invalid_grant", "Invalid JWT Signature.", AccessError, "access.revoked"),
        ("invalid_grant", "Invalid grant: account not found", AccessError, "access.revoked"),
        ("invalid_grant", "Invalid JWT: Token must be a short-lived token", SettingError, "setting.clock"),
        ("invalid_grant", "... and in a reasonable timeframe", SettingError, "setting.clock"),
        ("invalid_client", "", SettingError, "setting.service_account"),
        ("unauthorized_client", "", SettingError, "setting.service_account"),
        ("invalid_scope", "", SettingError, "setting.service_account"),
        ("invalid_request", "", SettingError, "setting.service_account"),
    ],
)
def test_each_fault_of_signing_in_at_google_has_its_class(word, description, kind, code):
    """A wrong clock is mended at the clock, a withdrawn key by a new key file."""
    error = CONNECTOR.diagnose(answered("oauth", {"error": word, "error_description": description}, 400))

    assert (type(error), error.code) == (kind, code)


@pytest.mark.parametrize(
    ("quota", "after", "until", "code"),
    [
        ("concurrent", timedelta(seconds=30), None, "throttled.concurrent"),
        ("hour", timedelta(hours=1), None, "throttled.hour"),
        ("day", None, datetime(2026, 11, 21, 8, 0, tzinfo=UTC), "throttled.day"),
    ],
)
def test_the_wait_is_as_long_as_the_quota_needs(ga4, contract, quota, after, until, code):
    """Only the text tells which quota is used up; the day's comes back at midnight in California."""
    contract.ga4.exhausted = quota

    error = collect(ga4).error

    assert (error.after, error.until, error.code) == (after, until, code)


def test_a_retry_after_is_believed():
    """It is not documented, but it is the platform's own word."""
    error = CONNECTOR.diagnose(google(429, "RESOURCE_EXHAUSTED", "per day", headers={"retry-after": "90"}))

    assert (type(error), error.after, error.until) == (ThrottledError, timedelta(seconds=90), None)
    assert CONNECTOR.diagnose(answered("oauth", b"slow down", 429)).after == timedelta(hours=1)


def said(message, status=200):
    return answered("matomo", {"result": "error", "message": message}, status)


@pytest.mark.parametrize(
    ("exchange", "kind", "code"),
    [
        (said("Unable to authenticate with the provided token.", 401), AccessError, "access.revoked"),
        (said("Unable to authenticate with the provided token."), AccessError, "access.revoked"),
        (said("new words of a later version", 401), AccessError, "access.revoked"),
        (said("... as it requires 'view' access for the website id = 3.", 401), SettingError, "setting.matomo_view"),
        (said("... requires an 'view' access", 200), SettingError, "setting.matomo_view"),
        (said("too many failed logins", 403), ThrottledError, "throttled.lock_out"),
        (said("Your IP is blocked"), ThrottledError, "throttled.lock_out"),
        (said("Database access denied"), UnreachableError, "unreachable"),
        (said("MySQL server has gone away"), UnreachableError, "unreachable"),
        (said("whatever", 500), UnreachableError, "unreachable"),
        (said("The method 'x' does not exist or is not available in the module"), NotOfferedError,
         "not_offered.not_offered"),
        (said("The plugin UserCountry is not enabled."), NotOfferedError, "not_offered.not_offered"),
        (said("is a date before first website was online"), NotOfferedError, "not_offered.too_late"),
        (said("Please specify a value for 'date'."), ShapeError, "shape.request"),
        (said("", 400), ShapeError, "shape.request"),
        (answered("matomo", b"<html>", 502), UnreachableError, "unreachable"),
        (answered("matomo", b"<html>", 401), UnreachableError, "unreachable"),
        (answered("matomo", b"<html>", 404), SettingError, "setting.matomo_address"),
        (answered("matomo", b"", 429), ThrottledError, "throttled"),
        (answered("matomo", {"odd": 1}, 418), ShapeError, "shape"),
    ],
)  # fmt: skip
def test_each_fault_of_matomo_has_its_class(exchange, kind, code):
    """Most faults come with status 200; believing it would read a fault as figures."""
    error = CONNECTOR.diagnose(exchange)

    assert (type(error), error.code) == (kind, code)
    assert error.place is not None


def test_a_lock_out_waits_an_hour():
    """Asking on with a wrong key keeps the office's line shut out."""
    assert CONNECTOR.diagnose(said("too many failed logins")).after == timedelta(hours=1)


def test_good_answers_have_no_fault():
    """Good answers of all four hosts, and an HTML page of the site."""
    assert CONNECTOR.diagnose(answered("ga4", {"rows": []}, 200)) is None
    assert CONNECTOR.diagnose(answered("oauth", {"access_token": "x"}, 200)) is None
    assert CONNECTOR.diagnose(answered("matomo", {"nb_visits": 1}, 200)) is None
    assert CONNECTOR.diagnose(answered("site", b"<html>", 503)) is None
