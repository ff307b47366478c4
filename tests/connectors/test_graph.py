"""What the two platforms on Meta's Graph share: faults, quota headers, pages, Pacific days and batches of metrics."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.kit import (
    AccessError,
    Coverage,
    Days,
    Exchange,
    Gap,
    Kind,
    Measure,
    NotOfferedError,
    PlatformError,
    Reading,
    Reason,
    Request,
    SettingError,
    ShapeError,
    Subject,
    ThrottledError,
    UnreachableError,
    graph,
    graph_faults,
    metrics,
    since,
)

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # 20 November in the Pacific zone
VIEWS = Measure(metrics.VIEWS, Subject.ACCOUNT, metrics.DAY, Kind.FLOW, (since(None, "x", "x"),))


def exchange(body, status=200, headers=None, path="/v26.0/7/insights") -> Exchange:
    """Make a kept answer; a body that is no text is sent as JSON."""
    sent = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Exchange(5, Request("graph", path), status, headers or {}, sent, NOW)


def fault(code, message="Something", status=400, headers=None, **more) -> PlatformError:
    """Diagnose an error in Meta's frame."""
    error = graph_faults.diagnose(exchange({"error": {"message": message, "code": code, **more}}, status, headers))
    assert error is not None
    return error


def node(body):
    """Return a body as a node."""
    return exchange(body).root()


def answering(*answers):
    """Make a fetch that gives these answers in turn, and the list of what it was asked."""
    asked, left = [], list(answers)

    def fetch(request):
        asked.append(request)
        answer = left.pop(0)
        if isinstance(answer, PlatformError):
            raise answer
        return node(answer)

    return fetch, asked


# --- faults


@pytest.mark.parametrize(
    ("code", "more", "kind", "named"),
    [
        (1, {}, UnreachableError, "unreachable"),
        (1, {"error_subcode": 99}, UnreachableError, "unreachable"),
        (2, {}, UnreachableError, "unreachable"),
        (77, {"is_transient": True}, UnreachableError, "unreachable"),
        (4, {"is_transient": True}, ThrottledError, "throttled.app"),
        (17, {}, ThrottledError, "throttled.user"),
        (32, {}, ThrottledError, "throttled.page"),
        (613, {}, ThrottledError, "throttled.custom"),
        (80001, {}, ThrottledError, "throttled.business"),
        (80002, {}, ThrottledError, "throttled.business"),
        (341, {}, ThrottledError, "throttled.blocked"),
        (368, {}, ThrottledError, "throttled.blocked"),
        (102, {}, AccessError, "access.invalid"),
        (190, {}, AccessError, "access.invalid"),
        ("190", {"error_subcode": "463"}, AccessError, "access.expired"),
        (190, {"error_subcode": 458}, AccessError, "access.revoked"),
        (190, {"error_subcode": 459}, AccessError, "access.checkpoint"),
        (190, {"error_subcode": 460}, AccessError, "access.password"),
        (190, {"error_subcode": 463}, AccessError, "access.expired"),
        (190, {"error_subcode": 464}, AccessError, "access.unconfirmed"),
        (190, {"error_subcode": 467}, AccessError, "access.signed_out"),
        (190, {"error_subcode": 492}, AccessError, "access.role_lost"),
        (100, {"error_subcode": 33}, NotOfferedError, "not_offered.gone"),
        (24, {}, NotOfferedError, "not_offered.gone"),
        (803, {}, NotOfferedError, "not_offered.gone"),
        (100, {"error_subcode": 1504016}, NotOfferedError, "not_offered.too_wide"),
        (100, {"error_subcode": 2108006}, NotOfferedError, "not_offered.before_conversion"),
        (100, {"message": "Param x is odd"}, NotOfferedError, "not_offered.parameter"),
        (3, {}, NotOfferedError, "not_offered.not_permitted"),
        (10, {}, NotOfferedError, "not_offered.not_permitted"),
        (200, {}, NotOfferedError, "not_offered.not_permitted"),
        (299, {}, NotOfferedError, "not_offered.not_permitted"),
        (2500, {}, ShapeError, "shape.request"),
        (3001, {"error_subcode": 1504028}, ShapeError, "shape.request"),
        (424242, {}, ShapeError, "shape.request"),
    ],
)
def test_each_row_of_the_error_tables_has_its_class_and_its_place(code, more, kind, named):
    """What happens next depends on the class alone, and the stated error is the evidence for it."""
    error = fault(code, **more)

    assert (type(error), error.code) == (kind, named)
    assert error.place is not None
    assert error.place.pointer == ("head:/status" if kind is ShapeError else "body:/error")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("(#100) The value must be a valid insights metric", Reason.RETIRED),
        ("(#100) metric[0] must be one of the following values: reach, views", Reason.RETIRED),
        ("Starting from version v22.0 and above, the impressions metric is no longer supported", Reason.RETIRED),
        ("the impressions metric is no longer supported for the queried media", Reason.NOT_OFFERED),
        ("(#100) Tried accessing nonexisting field (fan_count)", Reason.RETIRED),
        ("(#100) since param is not valid. Metrics data is available for the last 2 years", Reason.TOO_LATE),
        ("(#100) only the last 30 days excluding the current day", Reason.TOO_LATE),
        ("The Media Insights API does not support the follows metric for this media product type", Reason.NOT_OFFERED),
        ("should be specified with parameter metric_type=total_value", Reason.NOT_OFFERED),
    ],
)
def test_the_words_of_a_code_100_say_why_the_figure_is_missing(message, reason):
    """Only a retired name may be remembered as dead; the same code also says many harmless things."""
    error = fault(100, message)

    assert isinstance(error, NotOfferedError)
    assert error.reason is reason


@pytest.mark.parametrize("days", ["30 days (2592000 s)", "8 days (691200 s)"])
def test_too_many_days_are_a_window_and_no_metric_fault(days):
    """The window has to be cut, and no metric may be given up for it; how many there may be is Meta's to change."""
    error = fault(100, f"There cannot be more than {days} between since and until")

    assert error.code == graph_faults.TOO_WIDE


@pytest.mark.parametrize("message", ["Invalid appsecret_proof provided", "requires an appsecret_proof argument"])
def test_a_wrong_proof_of_the_apps_secret_is_a_setting_and_no_dead_login(message):
    """Signing in again would not mend it (facebook.md §2.2)."""
    error = fault(100, message)

    assert isinstance(error, SettingError)
    assert error.code == "setting.app_secret"


def test_too_much_data_is_told_apart_from_a_passing_fault():
    """It comes as code 1 too, but only a smaller question helps."""
    error = fault(1, "Please reduce the amount of data you're asking for", 500)

    assert isinstance(error, NotOfferedError)
    assert error.code == graph_faults.TOO_MUCH


def test_a_story_with_too_few_viewers_is_below_the_floor():
    """Code 10 means a missing permission otherwise, which would alarm the office for nothing (instagram.md §4)."""
    error = fault(10, "Not enough viewers for the media to show insights")

    assert isinstance(error, NotOfferedError)
    assert error.reason is Reason.BELOW_FLOOR


def test_a_limit_waits_as_long_as_the_header_says():
    """The minutes stand in the header only (facebook.md §5)."""
    usage = {"7": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 17}]}
    error = fault(80001, headers={"x-business-use-case-usage": json.dumps(usage)})

    assert isinstance(error, ThrottledError)
    assert error.until == NOW + timedelta(minutes=17)


def test_a_limit_without_minutes_waits_an_hour():
    """The shortest quota is one of a rolling hour."""
    error = fault(4)

    assert isinstance(error, ThrottledError)
    assert error.until == NOW + timedelta(hours=1)


def test_a_temporary_block_waits_a_day():
    """Asking on during a block for policy reasons would lengthen it."""
    error = fault(368)

    assert isinstance(error, ThrottledError)
    assert error.until == NOW + timedelta(days=1)


@pytest.mark.parametrize("code", [190, 4, 10, 100, 1])
def test_the_code_decides_and_not_the_status(code):
    """Statuses vary for one and the same fault (facebook.md §4)."""
    kinds = {type(fault(code, status=status)) for status in (200, 400, 401, 403, 500)}

    assert len(kinds) == 1


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ("<html>Bad Gateway</html>", 502, UnreachableError),
        ("<html>Sign in to this network</html>", 403, UnreachableError),
        ("", 302, UnreachableError),
        ({"error": {"message": "oops", "code": 424242}}, 500, UnreachableError),
        ({"error": {"message": "slow down"}}, 429, ThrottledError),
        ({"anything": 1}, 401, AccessError),
        ({"anything": 1}, 404, ShapeError),
        ([], 400, ShapeError),
        ({"error": "text"}, 400, ShapeError),
        ({"error": {"code": True}}, 400, ShapeError),
    ],
)
def test_an_answer_that_states_no_known_error_is_judged_by_its_status(body, status, kind):
    """A proxy or a broken line answers too, in shapes of its own."""
    assert type(graph_faults.diagnose(exchange(body, status))) is kind


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'{"data": [', b"<html>", b"\xff\xfe", b'{"error": null}', b"7"])
def test_odd_bodies_with_a_good_status_are_no_stated_fault(body):
    """Whoever reads the answer says what is wrong with it; the diagnosis must only not break."""
    assert graph_faults.diagnose(exchange(body)) is None


def test_a_plain_too_many_requests_waits_as_long_as_it_asks():
    """A proxy before the platform speaks plain HTTP."""
    error = graph_faults.diagnose(exchange("slow", 429, {"retry-after": "120"}))

    assert isinstance(error, ThrottledError)
    assert error.until == NOW + timedelta(seconds=120)


# --- quota headers


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({}, None),
        ({"x-app-usage": '{"call_count":28,"total_time":94,"total_cputime":25}'}, None),
        ({"x-app-usage": '{"call_count":28,"total_time":95,"total_cputime":25}'}, timedelta(hours=1)),
        ({"x-page-usage": '{"call_count":"99.5"}'}, timedelta(hours=1)),
        ({"x-business-use-case-usage": '{"1":[{"call_count":9}],"2":[{"call_count":97}]}'}, timedelta(hours=1)),
        (
            {"x-business-use-case-usage": '{"1":[{"estimated_time_to_regain_access":3},'
                                          '{"estimated_time_to_regain_access":12}]}'},
            timedelta(minutes=12),
        ),
        ({"x-business-use-case-usage": '{"1":[{"estimated_time_to_regain_access":99999999}]}'}, timedelta(days=1)),
        ({"x-app-usage": "not json", "x-business-use-case-usage": '{"1":"odd","2":[7]}'}, None),
        ({"x-app-usage": "[]", "x-business-use-case-usage": "[[]]"}, None),
    ],
)  # fmt: skip
def test_quota_headers_ask_to_pause_from_95_percent_or_by_their_minutes(headers, pause):
    """Running into the block costs the whole rolling day; odd or absent headers must not stop anything."""
    assert graph_faults.pause_until(exchange({}, headers=headers)) == (NOW + pause if pause else None)


# --- pages


def test_a_page_may_be_empty_and_still_have_a_next_one():
    """The end of a list is the absence of `next`, not an empty page (facebook.md §3.3)."""
    page = node({"data": [], "paging": {"cursors": {"after": "abc"}, "next": "https://graph.example/?access_token=s"}})

    assert graph.following(page) == {"after": "abc"}


@pytest.mark.parametrize("paging", [{}, {"paging": {"cursors": {"after": "abc"}}}, {"paging": {"next": "https://x"}}])
def test_without_a_next_page_or_a_cursor_the_list_ends(paging):
    """The last page may keep its cursors, and an address is never followed in place of one."""
    assert graph.following(node({"data": [{}], **paging})) is None


# --- days


@pytest.mark.parametrize(
    ("end_time", "day"),
    [
        ("2026-09-05T07:00:00+0000", date(2026, 9, 4)),
        ("2026-11-01T07:00:00+0000", date(2026, 10, 31)),
        ("2026-11-02T08:00:00+0000", date(2026, 11, 1)),
        ("2026-03-08T08:00:00+0000", date(2026, 3, 7)),
        ("2026-03-09T07:00:00+0000", date(2026, 3, 8)),
        ("2026-09-05T07:00:00", date(2026, 9, 4)),
    ],
)
def test_the_day_is_the_pacific_one_that_ends_at_end_time(end_time, day):
    """The first ten characters would name the day after, and an hour off would do so twice a year (facebook.md §6)."""
    assert graph.pacific_day(node({"t": end_time})["t"]) == day


def test_an_unreadable_time_names_its_place():
    """A guessed day would store a number under a wrong date."""
    with pytest.raises(ShapeError) as caught:
        graph.moment(node({"t": "yesterday"})["t"])

    assert caught.value.place is not None
    assert caught.value.place.pointer == "body:/t"


def test_today_is_the_pacific_day():
    """In Pontianak it is already the next morning."""
    assert graph.pacific_today(NOW) == date(2026, 11, 20)


def insights(*values, name="m"):
    """Make an insights answer of (day of November, value)."""
    points = [{"value": value, "end_time": f"2026-11-{day + 1:02}T08:00:00+0000"} for day, value in values]
    return node({"data": [{"name": "other", "values": []}, {"name": name, "values": points}]})


def test_days_with_values_are_read_and_covered():
    """A zero that is printed is a zero; coverage says what was answered."""
    read = list(graph.read_days(insights((5, 7), (4, 0)), "m", VIEWS, Days(date(2026, 11, 4), date(2026, 11, 5))))

    assert [(one.when.first.day, one.value) for one in read if isinstance(one, Reading)] == [(4, 0), (5, 7)]
    assert read[0].place.pointer == "body:/data/1/values/1/value"
    assert [one.days for one in read if isinstance(one, Coverage)] == [Days(date(2026, 11, 4), date(2026, 11, 5))]
    assert not [one for one in read if isinstance(one, Gap)]


def test_a_missing_day_in_between_is_a_gap_and_not_covered():
    """Missing is never zero, and a day that is not covered is asked for again."""
    read = list(graph.read_days(insights((3, 1), (6, 2)), "m", VIEWS, Days(date(2026, 11, 3), date(2026, 11, 7))))

    assert [(one.when, one.reason) for one in read if isinstance(one, Gap)] == [
        (Days(date(2026, 11, 4), date(2026, 11, 5)), Reason.EMPTY),
        (Days(date(2026, 11, 7), date(2026, 11, 7)), Reason.EMPTY),
    ]
    assert [one.days.first.day for one in read if isinstance(one, Coverage)] == [3, 6]


def test_the_newest_days_may_be_missing_without_a_gap():
    """The platform lags a day or two; they come tomorrow, and nothing claims they were answered."""
    read = list(graph.read_days(insights((17, 1)), "m", VIEWS, Days(date(2026, 11, 17), date(2026, 11, 19))))

    assert not [one for one in read if isinstance(one, Gap)]
    assert [one.days for one in read if isinstance(one, Coverage)] == [Days(date(2026, 11, 17), date(2026, 11, 17))]


def test_a_metric_without_any_value_is_a_gap_for_all_its_days():
    """An empty answer looks like success for months unless it is said (facebook.md §8)."""
    read = list(graph.read_days(node({"data": []}), "m", VIEWS, Days(date(2026, 11, 16), date(2026, 11, 19))))

    assert [(one.when, one.reason, one.place.pointer) for one in read] == [
        (Days(date(2026, 11, 16), date(2026, 11, 17)), Reason.EMPTY, "body:/data"),
        (Days(date(2026, 11, 18), date(2026, 11, 19)), Reason.TOO_EARLY, "body:/data"),
    ]


def test_values_that_are_null_or_outside_the_asked_days_are_not_read():
    """A day that is still going on would be stored as a whole one."""
    answer = insights((16, None), (17, 3), (20, 9))
    read = list(graph.read_days(answer, "m", VIEWS, Days(date(2026, 11, 16), date(2026, 11, 17))))

    assert [one.value for one in read if isinstance(one, Reading)] == [3]
    assert [one.when.first.day for one in read if isinstance(one, Gap)] == [16]


def test_an_answer_without_its_data_is_a_shape_error():
    """It is not an empty one: the contract promises the list."""
    with pytest.raises(ShapeError):
        list(graph.read_days(node({"unexpected": 1}), "m", VIEWS, Days(date(2026, 11, 16), date(2026, 11, 17))))


def test_a_series_without_values_is_like_an_empty_one():
    """Members without data are left out, and they are not zeros (instagram.md §3.2)."""
    assert graph.points(node({"data": [{"name": "m"}]}), "m") == {}


def test_below_the_floor_the_missing_days_say_so_and_zeros_are_missing():
    """So small an account is answered empty sets or zeros, and neither is a figure (facebook.md §3.2)."""
    days = Days(date(2026, 11, 16), date(2026, 11, 19))
    read = list(graph.read_days(insights((16, 0), (17, 0)), "m", VIEWS, days, empty=Reason.BELOW_FLOOR, zeros=False))

    assert {(one.when.first.day, one.reason) for one in read} == {(16, Reason.BELOW_FLOOR), (18, Reason.BELOW_FLOOR)}
    assert {type(one) for one in read} == {Gap}


def test_totals_are_read_by_metric_without_a_day():
    """A post's figures carry no end time (facebook.md §3.4); a metric may come without any value."""
    totals = graph.totals(node({"data": [{"name": "a", "values": [{"value": 7}]}, {"name": "b"}]}))

    assert (totals["a"].number(), totals["a"].place.pointer) == (7, "body:/data/0/values/0/value")
    assert not totals["b"].exists


# --- batches


def refused(code=None):
    """Make a refusal."""
    return NotOfferedError("no", reason=Reason.RETIRED, code=code)


def test_a_batch_is_one_call():
    """Calls are what the quota counts."""
    fetch, asked = answering({"data": [1]})

    answers = list(graph.ask_together(fetch, Request("g", "/i"), "metric", ("a", "b"), always=("id",)))

    assert [name for name, _ in answers] == ["a", "b"]
    assert [request.params for request in asked] == [{"metric": "id,a,b"}]


def test_one_refused_name_does_not_cost_the_others():
    """Meta fails the whole call for one retired name (facebook.md §3.2)."""
    fetch, asked = answering(refused(), {"data": [1]}, refused(), {"data": [3]})

    answers = dict(graph.ask_together(fetch, Request("g", "/i"), "metric", ("a", "b", "c")))

    assert isinstance(answers["b"], NotOfferedError)
    assert [answers[name]["data"][0].number() for name in ("a", "c")] == [1, 3]
    assert [request.params["metric"] for request in asked] == ["a,b,c", "a", "b", "c"]


@pytest.mark.parametrize(
    "error", [AccessError("expired"), ThrottledError("slow"), UnreachableError("down"), refused(graph_faults.TOO_WIDE)]
)
def test_other_faults_end_the_batch(error):
    """They are no metric's fault: asking one by one would only make them worse."""
    fetch, asked = answering(error)

    with pytest.raises(type(error)):
        list(graph.ask_together(fetch, Request("g", "/i"), "metric", ("a", "b")))
    assert len(asked) == 1


def test_a_refusal_that_is_no_names_fault_can_be_raised():
    """A post that is gone is gone for each of its metrics."""
    fetch, asked = answering(refused(graph_faults.GONE))

    with pytest.raises(NotOfferedError):
        list(graph.ask_together(fetch, Request("g", "/i"), "metric", ("a", "b"), raised=(graph_faults.GONE,)))
    assert len(asked) == 1


def test_an_id_may_be_a_number():
    """Some answers print the same id without quotes (instagram.md §2)."""
    body = node({"a": "17841400000000001", "b": 17841400000000001})

    assert graph.text_id(body["a"]) == graph.text_id(body["b"]) == "17841400000000001"
