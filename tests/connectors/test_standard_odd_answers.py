"""Whatever a proxy, a portal or a broken server says: every platform calls it a fault or none, and never crashes."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.platforms import list_connectors
from connectors.kit import Exchange, PlatformError, Request, ThrottledError
from connectors.kit.auth import Renewable
from connectors.kit.samples import list_cases, load_case

PRESENT = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)

each_connector = pytest.mark.parametrize("connector", list_connectors(), ids=lambda one: one.slug)

WORDS = [
    "error", "errors", "code", "message", "type", "title", "detail", "details", "status", "reason", "reasons", "data",
    "result", "error_description", "error_subcode", "error_data", "errorDescription", "is_transient", "fbtrace_id",
    "error_user_msg", "log_id", "value", "domain", "account_id", "client_id", "required_enrollment", "period",
]  # fmt: skip
odd_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5)
        | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=10,
)
odd_bodies = st.binary(max_size=30) | odd_json.map(lambda value: json.dumps(value).encode())
odd_headers = st.dictionaries(
    st.sampled_from([
        "retry-after", "x-app-usage", "x-business-use-case-usage", "x-page-usage", "x-rate-limit-remaining",
        "x-rate-limit-reset", "x-rate-limit-limit", "date", "content-type",
    ]),
    st.text(max_size=12) | st.integers().map(str) | odd_json.map(json.dumps),
    max_size=3,
)  # fmt: skip


def requests_of(connector):
    """List the questions of the cases, and those of signing in."""
    asked = [exchange.request for name in list_cases(connector.slug)
             for exchange in load_case(connector.slug, name).exchanges]  # fmt: skip
    signing = [auth.request for host in connector.hosts.values() for auth in host.auth.values()
               if isinstance(auth, Renewable)]  # fmt: skip
    unknown = [Request(api, "/") for api in connector.hosts]
    return list({(one.api, one.path): one for one in (*asked, *signing, *unknown)}.values())


def is_there(document, pointer):
    """Whether a place of a body is there (RFC 6901)."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(document, list | dict):
            return False
        if isinstance(document, list):
            document = dict(enumerate(document))
            name = int(name)
        if name not in document:
            return False
        document = document[name]
    return True


@each_connector
def test_diagnosing_never_raises(connector):
    """Whatever a proxy, a portal or a broken server says, it is a fault or none, never a crash."""

    @settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from(requests_of(connector)), st.integers(200, 599), odd_headers, odd_bodies)
    def diagnose(request, status, headers, body):
        exchange = Exchange(1, request, status, headers, body, PRESENT)
        error, pause = connector.diagnose(exchange), connector.pause_until(exchange)
        assert error is None or isinstance(error, PlatformError)
        assert pause is None or pause.tzinfo is not None
        if error is not None:
            assert error.code and error.message is not None
            assert error.hint.id and error.hint.en
            if error.place is not None and error.place.pointer.startswith("body:"):
                assert is_there(json.loads(body), error.place.pointer)
        if isinstance(error, ThrottledError) and error.until is not None:
            assert error.until.tzinfo is not None

    diagnose()


@each_connector
def test_a_fault_of_the_line_is_never_a_dead_sign_in(connector):
    """A proxy's or portal's page must never ask people to sign in again, nor a passing fault of the platform."""
    for request in requests_of(connector):
        for status in (401, 403, 500, 502, 503, 504):
            error = connector.diagnose(Exchange(1, request, status, {}, b"<html><title>Login</title></html>", PRESENT))
            assert error is None or str(error.action) != "reconnect", (request.path, status)
