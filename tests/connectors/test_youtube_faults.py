"""What each fault of YouTube's and of Google's sign-in means for what happens next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collector.demo.standin import Answered
from connectors.kit import Exchange, Request, ShapeError, ThrottledError
from connectors.kit.replay import judge
from connectors.youtube import CONNECTOR

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def google_fault(code: int, reason: str, message: str = "said", **more) -> Answered:
    errors = [{"message": message, "domain": "global", "reason": reason}] if reason else []
    return Answered({"error": {"code": code, "message": message, "errors": errors, **more}}, code)


def exchange_of(answered: Answered, path: str = "/youtube/v3/channels", api: str = "data") -> Exchange:
    headers = {name.lower(): value for name, value in answered.headers.items()}
    return Exchange(1, Request(api, path), answered.status, headers, answered.encoded()[0], NOW)


@pytest.mark.parametrize(
    ("api", "answered", "code"),
    [
        ("data", google_fault(403, "quotaExceeded"), "throttled.quota"),
        ("data", google_fault(403, "dailyLimitExceeded"), "throttled.quota"),
        ("data", google_fault(403, "userRateLimitExceeded"), "throttled.rate"),
        ("analytics", google_fault(429, "", status="RESOURCE_EXHAUSTED"), "throttled.rate"),
        ("data", Answered({"error": {"message": "slow down"}}, 429), "throttled.rate"),
        ("data", google_fault(503, "backendError"), "unreachable"),
        ("data", google_fault(403, "backendError"), "unreachable"),
        ("data", google_fault(408, ""), "unreachable"),
        ("data", Answered("<html>proxy</html>", 403), "unreachable"),
        ("data", Answered("<html>moved</html>", 302), "unreachable"),
        ("data", google_fault(401, "authError"), "access.expired"),
        ("data", google_fault(401, ""), "access.expired"),
        ("data", google_fault(401, "youtubeSignupRequired"), "access.no_channel"),
        ("data", google_fault(403, "authenticatedUserAccountClosed"), "access.account_closed"),
        ("data", google_fault(403, "insufficientPermissions"), "access.permission"),
        ("analytics", google_fault(403, "insufficientPermissions"), "not_offered.not_permitted"),
        ("analytics", google_fault(403, "", details=[{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]),
         "not_offered.not_permitted"),
        ("analytics", google_fault(403, "forbidden"), "not_offered.not_permitted"),
        ("analytics", google_fault(403, "", status="PERMISSION_DENIED"), "not_offered.not_permitted"),
        ("data", google_fault(403, "forbidden"), "setting.forbidden"),
        ("data", google_fault(403, "accessNotConfigured"), "setting.api_disabled"),
        ("analytics", google_fault(403, "forbidden2", details=[{"reason": "SERVICE_DISABLED"}]),
         "setting.api_disabled"),
        ("data", google_fault(400, "badRequest", details=[{"reason": "API_KEY_INVALID"}]), "setting.api_key"),
        ("data", google_fault(403, "ipRefererBlocked"), "setting.api_key"),
        ("data", google_fault(404, "channelNotFound"), "setting.channel_not_found"),
        ("data", google_fault(403, "channelClosed"), "not_offered.channel"),
        ("data", google_fault(404, "playlistNotFound"), "not_offered.not_found"),
        ("data", google_fault(404, ""), "not_offered.not_found"),
        ("data", google_fault(403, "playlistItemsNotAccessible"), "not_offered.not_permitted"),
        ("data", google_fault(400, "invalidPageToken"), "shape.refused"),
        ("analytics", google_fault(400, "required", "Required parameter: ids"), "shape.refused"),
        ("analytics", google_fault(400, "badRequest", "The query is not supported. Check it."), "not_offered.query"),
        ("analytics", google_fault(400, "badRequest", "Unknown identifier (x) given in field parameters.metrics."),
         "not_offered.retired"),
    ],
)  # fmt: skip
def test_each_fault_says_what_happens_next(api, answered, code):
    """Every row of the fact sheet's table: retry, wait, connect again, skip or mend are different things."""
    assert CONNECTOR.diagnose(exchange_of(answered, api=api)).code == code


@pytest.mark.parametrize(
    ("answered", "code"),
    [
        (Answered({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400),
         "access.expired"),
        (Answered({"error": "access_denied"}, 403), "access.refused"),
        (Answered({"error": "invalid_client"}, 401), "setting.client"),
        (Answered({"error": "unauthorized_client"}, 400), "setting.client"),
        (Answered({"error": "invalid_scope"}, 400), "setting.sign_in"),
        (Answered({"error": "admin_policy_enforced"}, 400), "setting.sign_in"),
        (Answered({"error": "temporarily_unavailable"}, 400), "unreachable"),
        (Answered({"error": "invalid_grant"}, 500), "unreachable"),
        (Answered({"error": "slow"}, 429), "unreachable"),
        (Answered("<html>proxy</html>", 403), "unreachable"),
    ],
)  # fmt: skip
def test_each_fault_of_the_sign_in_says_what_happens_next(answered, code):
    """A blip must never be taken for a dead sign-in, and a wrong secret is not mended by signing in again."""
    assert CONNECTOR.diagnose(exchange_of(answered, "/token", "oauth")).code == code


def test_the_daily_allowance_is_renewed_at_midnight_pacific():
    """Not at midnight UTC: the quota comes back at 08:00 UTC in winter, 07:00 in summer."""
    quota = google_fault(403, "quotaExceeded")
    winter = CONNECTOR.diagnose(exchange_of(quota))
    summer = CONNECTOR.diagnose(replace(exchange_of(quota), now=datetime(2026, 7, 1, 3, tzinfo=UTC)))

    assert (winter.until, winter.until.tzinfo) == (datetime(2026, 11, 21, 8, tzinfo=UTC), UTC)
    assert summer.until == datetime(2026, 7, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answered", "pause"),
    [
        (replace(google_fault(403, "rateLimitExceeded"), headers={"Retry-After": "30"}), timedelta(seconds=30)),
        (google_fault(429, "", details=[{"@type": "x"}, {"retryDelay": "41s"}]), timedelta(seconds=41)),
        (google_fault(429, "", details=[{"retryDelay": "0.5s"}]), timedelta(seconds=1)),
        (google_fault(429, "", details=[{"retryDelay": "soon"}]), None),
        (google_fault(429, ""), None),
    ],
)
def test_a_pause_that_is_named_is_kept(answered, pause):
    """Retry-After or a RetryInfo; usually there is neither."""
    fault = CONNECTOR.diagnose(exchange_of(answered))

    assert isinstance(fault, ThrottledError)
    assert fault.after == pause


ODD = [
    b"", b"null", b"[]", b'"text"', b"7", b'{"error":null}', b'{"error":[]}', b"<html>", b'{"error":{"code":40',
    b"\xff",
    b'{"error":{"errors":{},"details":7}}', b'{"error":{"errors":[null,7,{"reason":3}],"message":9,"status":[]}}',
]  # fmt: skip


@pytest.mark.parametrize("body", ODD)
@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 403, 404, 418, 429, 500])
def test_no_body_is_too_odd_to_diagnose(body, status):
    """A diagnosis that fails would hide the fault itself."""
    for api, path in (("data", "/youtube/v3/videos"), ("analytics", "/v2/reports"), ("oauth", "/token")):
        fault = CONNECTOR.diagnose(Exchange(1, Request(api, path), status, {}, body, NOW))

        assert (fault is None) == (status < 300)


def test_an_answer_that_is_no_json_is_asked_for_again():
    """A login page of the line's with status 200 is the line's fault, not YouTube's shape."""
    with pytest.raises(ShapeError) as caught:
        judge(CONNECTOR, exchange_of(Answered("<html>login</html>", 200)))

    assert caught.value.action == "retry"
