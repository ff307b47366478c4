"""The figures of windows: totals, countries, sources, viewers, top videos, closed periods, and what is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from youtube_standing import DAY_KEYS, KEY_ONLY, NOW, YESTERDAY, changed, google_fault, standing_in

from collector.demo.contracts.youtube import YouTubeContract
from collector.demo.standin import Answered, Asked
from collector.demo.world import World
from connectors.kit import ClosedPeriod, Coverage, Days, Gap, Kind, Post, Reading, Reason
from connectors.youtube import CONNECTOR
from connectors.youtube.views import CHANGE, SHORTS_CHANGE

TABLES = "/v2/reports"
NEWEST, BEFORE = Days(date(2026, 10, 19), date(2026, 11, 15)), Days(date(2026, 9, 21), date(2026, 10, 18))
MEASURES = {measure.key: measure for measure in CONNECTOR.measures}


@pytest.fixture
def contract() -> YouTubeContract:
    return standing_in()


def period(span: str, first: str, last: str) -> ClosedPeriod:
    return ClosedPeriod(span, Days(date.fromisoformat(first), date.fromisoformat(last)))


def collect(talk, *periods: ClosedPeriod, **more):
    return talk.collect(talk.assignment(YESTERDAY, YESTERDAY, closed_periods=periods, **more))


def asked_tables(talk, by: str | None = None) -> list[Asked]:
    """List the questions for tables that are not of days; of one dimension if given ("": totals)."""
    asked = [one for one in talk.asked if one.path == TABLES and one.query.get("dimensions") != "day"]
    return [one for one in asked if by is None or one.query.get("dimensions", "") == by]


def told(collected, measure: str, days: Days = NEWEST) -> dict[str, int]:
    return {one.about: one.value for one in collected.all(Reading, measure) if one.when == days}


# What is asked for


def test_the_newest_28_complete_days_and_the_28_before_are_asked_for(ask, contract):
    """The reports print the last 28 days and the change from the 28 before; unfinished days would make it a fall."""
    talk = ask(contract, CONNECTOR)
    collected = collect(talk)
    windows = {(one.query["startDate"], one.query["endDate"]) for one in asked_tables(talk)}

    assert collected.error is None
    assert windows == {(str(days.first), str(days.last)) for days in (NEWEST, BEFORE)}
    assert {one.when for one in collected.all(Reading, "views:account:28d")} == {NEWEST, BEFORE}


def test_parts_are_told_by_dimension_and_never_more_than_their_total(ask, contract):
    """What is too few is left out of tables but not of totals, so that the rest can be shown as such."""
    collected = collect(ask(contract, CONNECTOR))
    parts, total = told(collected, "views:audience:28d"), told(collected, "views:account:28d")[""]

    assert {"country:ID", "country:ZZ", "source:YT_SEARCH", "source:EXT_URL"} <= set(parts)
    assert {about.partition(":")[0] for about in parts} == {"country", "source"}
    assert 0 < sum(value for about, value in parts.items() if about.startswith("country:")) < total
    assert MEASURES["views:audience:28d"].kind is Kind.FLOW


def test_engaged_views_stand_beside_views(ask, contract):
    """Views changed their meaning in August 2026, engaged views did not: a report needs both."""
    collected = collect(ask(contract, CONNECTOR), period("month", "2026-08-01", "2026-08-31"))
    for subject, span in (("account", "28d"), ("audience", "28d"), ("post", "28d"), ("audience", "month")):
        views, engaged = (
            {(one.about, one.when) for one in collected.all(Reading, f"{metric}:{subject}:{span}")}
            for metric in ("views", "youtube.engaged_views")
        )
        assert views == engaged != set()


def test_shares_of_viewers_are_exact_rates(ask, contract):
    """18.4 % is 18.40, whether printed as 18.4 or as a whole number; a rate is never summed."""
    viewers = told(collect(ask(contract, CONNECTOR)), "youtube.viewers_share:audience:28d")
    measure = MEASURES["youtube.viewers_share:audience:28d"]

    assert (measure.kind, measure.places) == (Kind.RATIO, 2)
    assert set(viewers) == {"age:13-17", "age:18-24", "age:25-34", "age:35-44", "age:45-54", "age:55-64", "age:65+",
                            "gender:female", "gender:male", "gender:user_specified"}  # fmt: skip
    for dimension in ("age", "gender"):
        assert sum(value for about, value in viewers.items() if about.startswith(dimension)) == 100_00


@pytest.mark.parametrize(("printed", "value"), [(18.4, 1840), (18, 1800), (18.41, 1841), (0, 0), ("18.4", 1840)])
def test_a_share_is_read_however_it_is_printed(ask, printed, value):
    """Servers print 18 for 18.0; a zero that is printed is a zero."""

    def write(asked: Asked, body: dict) -> dict:
        return {**body, "rows": [["female", printed]]} if asked.query.get("dimensions") == "gender" else body

    viewers = told(collect(ask(changed(TABLES, write), CONNECTOR)), "youtube.viewers_share:audience:28d")

    assert viewers["gender:female"] == value


def test_a_share_of_more_decimals_than_are_kept_costs_only_itself(ask):
    """Rounding would be a figure that no answer prints; ending the snapshot would cost all the others."""

    def write(asked: Asked, body: dict) -> dict:
        rows = [["female", 18.4375], ["male", 81.5]]
        return {**body, "rows": rows} if asked.query.get("dimensions") == "gender" else body

    collected = collect(ask(changed(TABLES, write), CONNECTOR))
    gaps = {(gap.about, gap.reason) for gap in collected.all(Gap, "youtube.viewers_share:audience:28d")}

    assert collected.error is None
    assert gaps == {("gender:female", Reason.UNREADABLE)}
    assert told(collected, "youtube.viewers_share:audience:28d")["gender:male"] == 8150


# Top videos


def test_top_videos_are_ranked_and_their_titles_read(ask, contract):
    """A ranking names videos by id alone; what was not met among the uploads is asked for, once."""
    talk = ask(contract, CONNECTOR)
    collected = collect(talk, period("semester", "2026-01-01", "2026-06-30"))
    ranking = told(collected, "views:post:semester", Days(date(2026, 1, 1), date(2026, 6, 30)))
    asked = [id for one in talk.asked if one.path.endswith("/videos") for id in one.query["id"].split(",")]

    assert all(one.query["sort"] == "-views" and one.query["maxResults"] == "50" for one in asked_tables(talk, "video"))
    assert len(ranking) == 50
    assert list(ranking.values()) == sorted(ranking.values(), reverse=True)
    assert set(ranking) <= {post.id for post in collected.all(Post)}
    assert len(asked) == len(set(asked))


def test_a_ranked_video_that_is_not_public_is_no_post(ask):
    """Its views are the channel's, but its title is not for a report, and a key would not be shown it."""
    hidden: list[str] = []

    def close(asked: Asked, body: dict) -> dict:
        known = {video.id for video in standing_in()._life.videos(NOW) if video.published > NOW - timedelta(days=31)}
        ranked = [one for one in body["items"] if one["id"] not in known]
        for number, item in enumerate(ranked[:2]):
            item["status"]["privacyStatus"] = ("private", "unlisted")[number]
            hidden.append(item["id"])
        return body

    collected = collect(ask(changed("/youtube/v3/videos", close), CONNECTOR))

    assert hidden
    assert not {post.id for post in collected.all(Post)} & set(hidden)
    assert not [one for one in collected.all(Reading, "views:post:now") if one.about in hidden]


# Closed periods


@pytest.mark.parametrize(
    ("now", "is_complete"), [((2026, 11, 5, 7, 59), False), ((2026, 11, 5, 8, 1), True), ((2026, 11, 1, 5, 0), False)]
)
def test_a_closed_period_is_asked_for_when_it_is_complete(ask, now, is_complete):
    """October is over on 1 November but complete only after four more Pacific days; then it is final."""
    talk = ask(YouTubeContract(World(lambda: datetime(*now, tzinfo=UTC))), CONNECTOR)
    october = period("month", "2026-10-01", "2026-10-31")
    collected = collect(talk, october)
    of_month = [one for one in asked_tables(talk) if one.query["startDate"] == "2026-10-01"]

    assert bool(of_month) is is_complete
    assert bool(collected.all(Coverage, "views:account:month")) is is_complete
    gaps = {gap.reason for gap in collected.all(Gap) if gap.when == october.days}
    assert gaps == (set() if is_complete else {Reason.TOO_EARLY})


def test_each_kind_of_period_has_figures_of_its_own(ask, contract):
    """A quarter's countries are asked for as a quarter; only sources add up over months."""
    talk = ask(contract, CONNECTOR)
    periods = (period("month", "2026-09-01", "2026-09-30"), period("quarter", "2026-07-01", "2026-09-30"),
               period("semester", "2026-01-01", "2026-06-30"), period("year", "2025-01-01", "2025-12-31"))  # fmt: skip
    collected = collect(talk, *periods)

    for one in periods[:3]:
        names = told(collected, f"views:audience:{one.span}", one.days)
        assert any(name.startswith("country:") for name in names)
        assert any(name.startswith("source:") for name in names) is (one.span == "month")
        assert told(collected, f"youtube.viewers_share:audience:{one.span}", one.days)
    assert not [one for one in asked_tables(talk) if one.query["startDate"] == "2025-01-01"]


def test_a_period_is_answered_only_when_all_its_tables_were(ask, contract):
    """Cut off in the middle it must be asked for again; the ranking comes last."""

    class Stopping(YouTubeContract):
        def answer(self, asked: Asked) -> Answered:
            if asked.query.get("dimensions") == "video" and asked.query["startDate"] == "2026-09-01":
                return google_fault(403, "quotaExceeded")
            return super().answer(asked)

    talk = ask(Stopping(World(lambda: NOW)), CONNECTOR)
    collected = collect(talk, period("month", "2026-09-01", "2026-09-30"), period("month", "2026-10-01", "2026-10-31"))

    assert collected.error.code == "throttled.quota"
    assert collected.all(Reading, "views:audience:month")
    assert not [one for one in collected.all(Coverage) if one.measure.span == "month"]
    assert collected.all(Coverage, "views:post:28d")


@pytest.mark.parametrize("span", ["28d", "month", "quarter", "semester"])
def test_a_window_over_a_change_of_meaning_is_a_series_of_its_own(span):
    """Half of it is counted one way and half another: it may be set against neither."""
    months = {"month": 1, "quarter": 3, "semester": 6}.get(span)

    def begins(last: date) -> date:
        if months is None:
            return last - timedelta(days=27)
        return date(last.year, (last.month - 1) // months * months + 1, 1)

    for key in (f"views:account:{span}", f"views:audience:{span}", f"views:post:{span}"):
        for change in (SHORTS_CHANGE, CHANGE):
            days = (change + timedelta(days=number) for number in range(-280, 320))
            ends = [day for day in days if months is None or ((day + timedelta(days=1)).day == 1
                    and begins(day + timedelta(days=1)) == day + timedelta(days=1))]  # fmt: skip
            meanings = {("old" if day < change else "new" if begins(day) >= change else "mixed"):
                        MEASURES[key].version(day) for day in ends}  # fmt: skip
            by_day = [MEASURES[key].version(day) for day in ends]

            assert meanings["new"] == meanings["mixed"] + 1 == meanings["old"] + 2
            assert by_day == sorted(by_day)
        assert MEASURES[f"youtube.engaged_views:account:{span}"].version(date(2027, 6, 30)) == 1


# What is missing


def test_tables_without_rows_are_below_the_minimum_where_there_were_views(ask, contract):
    """The totals show that people watched; that they are too few to be told apart is no zero."""
    contract.reports.too_few = True
    collected = collect(ask(contract, CONNECTOR))
    gaps = {(gap.measure.key, gap.about, gap.reason) for gap in collected.all(Gap) if gap.when == NEWEST}

    assert told(collected, "views:account:28d")[""] > 0
    assert gaps == {
        *((f"{metric}:audience:28d", about, Reason.BELOW_FLOOR) for about in ("country", "source")
          for metric in ("views", "youtube.engaged_views", "watch_minutes")),
        *(("youtube.viewers_share:audience:28d", about, Reason.BELOW_FLOOR) for about in ("age", "gender")),
        *((f"{metric}:post:28d", "", Reason.BELOW_FLOOR)
          for metric in ("views", "youtube.engaged_views", "watch_minutes")),
    }  # fmt: skip


@pytest.mark.parametrize("total", [None, 0])
def test_a_window_that_nobody_watched_is_empty(ask, total):
    """No views, or none told: the tables are empty for that reason and not for being too small."""

    def empty(asked: Asked, body: dict) -> dict:
        if "dimensions" in asked.query or total is None:
            return {"kind": body["kind"], "columnHeaders": body["columnHeaders"]}
        return {**body, "rows": [[0] * len(body["columnHeaders"])]}

    collected = collect(ask(changed(TABLES, empty), CONNECTOR))

    assert {gap.reason for gap in collected.all(Gap) if gap.when == NEWEST} == {Reason.EMPTY}
    assert bool(collected.all(Gap, "views:account:28d")) is (total is None)
    assert told(collected, "views:account:28d") == ({} if total is None else {"": 0})


def test_a_retired_metric_costs_only_itself_in_every_table(ask, contract):
    """It is asked for once, and is a gap in each table; the others are all there."""
    whole = collect(ask(contract, CONNECTOR))
    contract.reports.retired = {"engagedViews"}
    talk = ask(contract, CONNECTOR)
    collected = collect(talk, dead_measures=frozenset(DAY_KEYS))
    refused = [one for one in talk.asked if "engagedViews" in one.query.get("metrics", "")]

    assert len(refused) == 2  # with the others, and by itself
    assert {gap.reason for gap in collected.all(Gap, "youtube.engaged_views:post:28d")} == {Reason.RETIRED}
    for key in ("views:account:28d", "views:audience:28d", "watch_minutes:post:28d",
                "youtube.viewers_share:audience:28d"):  # fmt: skip
        assert told(collected, key) == told(whole, key) != {}


@pytest.mark.parametrize("dimension", ["", "country", "insightTrafficSourceType", "ageGroup", "gender", "video"])
def test_a_table_that_is_refused_costs_only_itself_and_is_not_asked_for_at_length(ask, dimension):
    """Once refused it is left alone for spans that are as long or longer; the other tables go on."""

    class Refusing(YouTubeContract):
        def answer(self, asked: Asked) -> Answered:
            if asked.path == TABLES and asked.query.get("dimensions", "") == dimension:
                return google_fault(400, "badRequest", "The query is not supported. Check it.")
            return super().answer(asked)

    talk = ask(Refusing(World(lambda: NOW)), CONNECTOR)
    collected = collect(talk, period("month", "2026-09-01", "2026-09-30"))
    asked = asked_tables(talk, dimension)

    assert collected.error is None
    assert {gap.reason for gap in collected.all(Gap) if isinstance(gap.when, Days)} == {Reason.NOT_OFFERED}
    assert {one.query["startDate"] for one in asked if "shares" not in one.query["metrics"]} == {str(NEWEST.first)}
    for other in {"country", "insightTrafficSourceType", "ageGroup", "gender", "video"} - {dimension}:
        assert len(asked_tables(talk, other)) == 3


def test_a_sign_in_that_may_not_see_the_channel_is_told_so_once(ask, contract):
    """Each table would be refused alike: one question is enough, and every figure says why it is missing."""
    contract.not_owner = True
    talk = ask(contract, CONNECTOR)
    collected = collect(talk, period("month", "2026-09-01", "2026-09-30"))
    gaps = [gap for gap in collected.all(Gap) if gap.measure.span in ("day", "28d", "month")]

    assert len([one for one in talk.asked if one.path == TABLES]) == 1
    assert {gap.reason for gap in gaps} == {Reason.NOT_PERMITTED}
    assert {gap.measure.span for gap in gaps} == {"day", "28d", "month"}
    assert all(gap.place is not None for gap in gaps)


def test_a_column_that_was_left_out_is_a_gap(ask):
    """A figure that is silently not told must not be missed by nobody."""

    def spoil(asked: Asked, body: dict) -> dict:
        if asked.query.get("dimensions") == "country":
            body["columnHeaders"][2]["name"] = "somethingElse"
        return body

    collected = collect(ask(changed(TABLES, spoil), CONNECTOR))
    gaps = {(gap.about, gap.reason) for gap in collected.all(Gap, "youtube.engaged_views:audience:28d")}

    assert gaps == {("country", Reason.NOT_OFFERED)}
    assert "country:ID" in told(collected, "views:audience:28d")
    assert "source:YT_SEARCH" in told(collected, "youtube.engaged_views:audience:28d")


def test_an_empty_cell_is_a_gap_of_its_row(ask):
    """A country without a number is missing, and the others are not."""

    def spoil(asked: Asked, body: dict) -> dict:
        if asked.query.get("dimensions") == "country":
            body["rows"][0][1] = None
        return body

    collected = collect(ask(changed(TABLES, spoil), CONNECTOR))
    gaps = {(gap.about, gap.reason) for gap in collected.all(Gap, "views:audience:28d")}

    assert gaps == {("country:ID", Reason.EMPTY)}
    assert "country:MY" in told(collected, "views:audience:28d")


def test_turned_columns_change_nothing(ask, contract):
    """Servers may order columns as they like."""
    straight = collect(ask(contract, CONNECTOR))
    contract.reports.reversed_columns = True
    turned = collect(ask(contract, CONNECTOR))

    for key in ("views:account:28d", "watch_minutes:audience:28d", "youtube.viewers_share:audience:28d",
                "youtube.engaged_views:post:28d"):  # fmt: skip
        assert told(straight, key) == told(turned, key) != {}


def test_a_key_alone_expects_no_windows(ask, contract):
    """Without the owner's sign-in nobody expects them: no request and no gaps."""
    talk = ask(contract, CONNECTOR, KEY_ONLY)
    collected = collect(talk, period("month", "2026-09-01", "2026-09-30"))

    assert asked_tables(talk) == []
    assert not [gap for gap in collected.all(Gap) if isinstance(gap.when, Days)]
