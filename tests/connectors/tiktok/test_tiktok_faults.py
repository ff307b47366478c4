"""Each fault of TikTok's two services leads to its action, whatever status it comes with."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from connectors.kit import (
    AccessError,
    Exchange,
    NotOfferedError,
    Reason,
    Request,
    SettingError,
    ShapeError,
    ThrottledError,
    UnreachableError,
)
from connectors.tiktok import CONNECTOR

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
TOKEN = "/v2/oauth/token/"
USER = "/v2/user/info/"
BUSINESS = "/open_api/v1.3/business/get/"
BUSINESS_TOKEN = "/open_api/v1.3/tt_user/oauth2/refresh_token/"


def answered(body, status=200, path=USER, headers=None):
    """An answer as it is diagnosed."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange(
        1, Request("business" if path.startswith("/open_api") else "display", path), status, headers or {}, text, NOW
    )


def refused(code, status, **more):
    return answered({"data": {}, "error": {"code": code, "message": "m", "log_id": "l"}}, status, **more)


def numbered(code, message="m", status=200, **more):
    """A refusal of the business service."""
    body = {"code": code, "message": message, "request_id": "r", "data": {}}
    return answered(body, status, **{"path": BUSINESS, **more})


# The Display service ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exchange", "kind", "code"),
    [
        (refused("access_token_invalid", 401), AccessError, "access.expired"),
        (refused("scope_not_authorized", 401), NotOfferedError, "not_offered.scope"),
        (refused("scope_permission_missed", 400), NotOfferedError, "not_offered.field"),
        (refused("invalid_params", 400), ShapeError, "shape.request"),
        (refused("rate_limit_exceeded", 429), ThrottledError, "throttled.app"),
        (refused("rate_limit_exceeded", 200), ThrottledError, "throttled.app"),
        (refused("internal_error", 500), UnreachableError, "unreachable"),
        (refused("internal_error", 200), UnreachableError, "unreachable"),
        (refused("invalid_file_upload", 400), ShapeError, "shape.error"),
        (refused("a_new_word", 401), AccessError, "access.refused"),
        (answered({"error": {"message": "slow down"}}, 429), ThrottledError, "throttled.app"),
        (answered({"error": {"message": "no code"}}, 404), ShapeError, "shape.error"),
        (answered({"detail": "a proxy's"}, 403), ShapeError, "shape"),
        (answered(b"<html>", 502), UnreachableError, "unreachable"),
        (answered(b"<html>", 401), UnreachableError, "unreachable"),
        (answered(b"<html>", 302), UnreachableError, "unreachable"),
    ],
)
def test_each_fault_of_data_calls_has_its_class(exchange, kind, code):
    """What happens next depends on the class: a proxy's page with 401 must never be taken for a dead sign-in."""
    error = CONNECTOR.diagnose(exchange)

    assert (type(error), error.code) == (kind, code)
    assert error.place is not None


@pytest.mark.parametrize(
    ("word", "kind", "code"),
    [
        ("invalid_grant", AccessError, "access.revoked"),
        ("access_denied", AccessError, "access.revoked"),
        ("a_new_word", AccessError, "access.refused"),
        ("invalid_client", SettingError, "setting.app_secret"),
        ("unauthorized_client", SettingError, "setting.app_secret"),
        ("invalid_request", SettingError, "setting.sign_in"),
        ("invalid_scope", SettingError, "setting.sign_in"),
        ("unsupported_grant_type", SettingError, "setting.sign_in"),
        ("unsupported_response_type", SettingError, "setting.sign_in"),
        ("server_error", UnreachableError, "unreachable"),
        ("temporarily_unavailable", UnreachableError, "unreachable"),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_each_fault_of_a_renewal_has_its_class(word, kind, code, status):
    """Renewals have flat faults, perhaps with status 200; the wrong class would ask people to sign in for nothing."""
    error = CONNECTOR.diagnose(answered({"error": word, "error_description": "d", "log_id": "l"}, status, TOKEN))

    assert (type(error), error.code) == (kind, code)
    assert error.place.pointer == "body:/error"


def test_good_answers_have_no_fault():
    """A renewal's answer has no error member at all, a data call's says "ok"."""
    assert CONNECTOR.diagnose(answered({"access_token": "act.x", "expires_in": 7200}, 200, TOKEN)) is None
    assert CONNECTOR.diagnose(refused("ok", 200)) is None
    assert CONNECTOR.diagnose(answered({"data": {}, "error": {}})) is None
    assert CONNECTOR.diagnose(answered({"access_token": "act.x", "error": ""}, 200, TOKEN)) is None


def test_the_wait_is_a_minute_unless_the_answer_says_otherwise():
    """The limit is a sliding minute without headers; a Retry-After that comes all the same is believed."""
    plain = CONNECTOR.diagnose(refused("rate_limit_exceeded", 429))
    told = CONNECTOR.diagnose(refused("rate_limit_exceeded", 429, headers={"retry-after": "300"}))

    assert plain.after == timedelta(minutes=1)
    assert told.after == timedelta(minutes=5)


# The business service -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind", "word"),
    [
        (40102, AccessError, "access.expired"),
        (40105, AccessError, "access.expired"),
        (40104, ShapeError, "shape.request"),
        (40103, AccessError, "access.revoked"),
        (40107, AccessError, "access.revoked"),
        (40110, AccessError, "access.revoked"),
        (40001, NotOfferedError, "not_offered.field"),
        (40125, NotOfferedError, "not_offered.field"),
        (40118, NotOfferedError, "not_offered.field"),
        (40000, ShapeError, "shape.request"),
        (40002, ShapeError, "shape.request"),
        (40006, ShapeError, "shape.request"),
        (40051, ShapeError, "shape.request"),
        (40016, ThrottledError, "throttled.app"),
        (40100, ThrottledError, "throttled.app"),
        (40132, ThrottledError, "throttled.app"),
        (40133, ThrottledError, "throttled.app"),
        (50000, UnreachableError, "unreachable"),
        (50002, UnreachableError, "unreachable"),
        (51305, UnreachableError, "unreachable"),
        (60001, UnreachableError, "unreachable"),
        (41000, SettingError, "setting.network"),
        (49999, ShapeError, "shape.error"),
    ],
)
@pytest.mark.parametrize("spelled", [int, str])
def test_each_number_of_the_business_service_has_its_class(code, kind, word, spelled):
    """All of them come with status 200; a reader of the status would take them for empty accounts."""
    error = CONNECTOR.diagnose(numbered(spelled(code)))

    assert (type(error), error.code) == (kind, word)
    assert error.place.pointer == "body:/code"
    assert "request_id r" in error.message


@pytest.mark.parametrize("code", [40001, 40118, 40125])
def test_a_permission_that_is_missing_is_said_to_be(code):
    """Not permitted, and not: not offered; ticking it brings the figures."""
    error = CONNECTOR.diagnose(numbered(code))

    assert error.reason is Reason.NOT_PERMITTED
    assert "centang" in error.hint.id


@pytest.mark.parametrize(
    ("code", "kind", "word"),
    [
        (40001, SettingError, "setting.app_secret"),
        (40002, SettingError, "setting.app_secret"),
        (40103, AccessError, "access.revoked"),
        (40107, AccessError, "access.revoked"),
        (40105, AccessError, "access.expired"),
        (49999, AccessError, "access.refused"),
        (40100, ThrottledError, "throttled.app"),
        (50000, UnreachableError, "unreachable"),
        (41000, SettingError, "setting.network"),
    ],
)
def test_each_number_of_a_business_renewal_has_its_class(code, kind, word):
    """A typing error in the secret is no ended permission, and a tired server neither."""
    error = CONNECTOR.diagnose(numbered(code, path=BUSINESS_TOKEN))

    assert (type(error), error.code) == (kind, word)


@pytest.mark.parametrize(
    ("exchange", "kind", "word"),
    [
        (answered(b"<html>", 404, BUSINESS), UnreachableError, "unreachable"),
        (answered(b"<html>", 502, BUSINESS), UnreachableError, "unreachable"),
        (answered({"detail": "a proxy's"}, 403, BUSINESS), ShapeError, "shape"),
        (answered({"slow": "down"}, 429, BUSINESS), ThrottledError, "throttled.app"),
        (numbered(0, status=403), ShapeError, "shape"),
        (numbered(12345, status=401), AccessError, "access.refused"),
        (numbered(40105, status=401), AccessError, "access.expired"),
        (numbered(40105, status=500), UnreachableError, "unreachable"),
    ],
)
def test_a_bad_status_of_the_business_service_is_looked_at_too(exchange, kind, word):
    """The number decides where there is one; a proxy's page must never be taken for a dead sign-in."""
    error = CONNECTOR.diagnose(exchange)

    assert (type(error), error.code) == (kind, word)


@pytest.mark.parametrize("code", [0, "0", 20001])
def test_good_and_partly_good_numbers_are_no_faults(code):
    """20001 says that a part is missing; what is there is used."""
    assert CONNECTOR.diagnose(numbered(code)) is None


def test_without_a_number_an_answer_is_left_to_its_reader():
    """A frame without code is damage that the reading of it will name; `true` is no number either."""
    assert CONNECTOR.diagnose(answered({"data": {}}, 200, BUSINESS)) is None
    assert CONNECTOR.diagnose(numbered(True)) is None


@pytest.mark.parametrize(
    ("message", "headers", "after", "until"),
    [
        ("Requests made too frequently", {}, timedelta(minutes=5), None),
        ("Requests made too frequently", {"retry-after": "7"}, timedelta(seconds=7), None),
        ("QPS limit reached", {}, timedelta(seconds=1), None),
        ("Too many requests in one second", {}, timedelta(seconds=1), None),
        ("Daily limit reached", {}, None, datetime(2026, 11, 22, tzinfo=UTC)),
        ("Too many requests per day", {}, None, datetime(2026, 11, 22, tzinfo=UTC)),
    ],
)
def test_the_wait_is_that_of_the_limit_that_was_met(message, headers, after, until):
    """There is no header that names it: a second, five minutes, or until midnight UTC."""
    error = CONNECTOR.diagnose(numbered(40100, message, headers=headers))

    assert (error.after, error.until) == (after, until)
