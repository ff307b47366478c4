"""The figures of days: named columns, late days, idle days told from missing ones, refused metrics, a long past."""

from datetime import UTC, date, datetime, timedelta

import pytest
from youtube_standing import DAY_KEYS, KEY_ONLY, NOW, OWNER_ONLY, YESTERDAY, changed, google_fault, standing_in

from collector.demo.contracts.youtube import YouTubeContract
from collector.demo.contracts.youtube.life import figures_of
from collector.demo.standin import Asked
from connectors.kit import Coverage, Days, Gap, Host, Reading, Reason, ShapeError
from connectors.youtube import CONNECTOR

TABLES = "/v2/reports"


@pytest.fixture
def contract() -> YouTubeContract:
    return standing_in()


def followers(collected) -> list:
    return [one for one in collected.observations if getattr(one, "measure", None) and
            one.measure.key == "followers:account:now"]  # fmt: skip


def covered_days(collected) -> list[Coverage]:
    """List what was answered of daily figures; posts are answered by other questions."""
    return [one for one in collected.all(Coverage) if one.measure.span == "day"]


def asked_days(talk) -> list:
    """List the questions for figures of days."""
    return [one for one in talk.asked if one.query.get("dimensions") == "day"]


def days_of(collected, key: str = "views:account:day") -> dict[date, int]:
    return {reading.when.first: reading.value for reading in collected.all(Reading, key)}


def test_each_days_figures_are_read_by_the_names_of_their_columns(ask, contract):
    """Servers may order columns as they like; a figure in the wrong column is a wrong report."""
    talk = ask(contract, CONNECTOR)
    assignment = talk.assignment(date(2026, 10, 1), YESTERDAY)
    straight = talk.collect(assignment)
    contract.reports.reversed_columns = True
    turned = talk.collect(assignment)

    assert [days_of(straight, key) for key in DAY_KEYS] == [days_of(turned, key) for key in DAY_KEYS]
    assert tuple(days_of(turned, key)[date(2026, 10, 7)] for key in DAY_KEYS) == figures_of(date(2026, 10, 7))


def test_the_newest_days_are_never_covered(ask, contract):
    """Their rows are absent because they are not finished; covering them would call them idle."""
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(date(2026, 11, 1), date(2026, 11, 21)))
    covered = collected.all(Coverage, "followers_gained:account:day")

    assert [one.days for one in covered] == [Days(date(2026, 11, 1), date(2026, 11, 16))]
    assert max(days_of(collected)) == date(2026, 11, 16)
    assert [one.query["endDate"] for one in asked_days(talk)] == ["2026-11-19"]
    assert {one.measure.key for one in covered_days(collected)} == set(DAY_KEYS)


def test_idle_days_are_covered_without_a_row(ask, contract):
    """YouTube leaves idle days out; they are answered all the same, and no zero is made up for them."""
    idle = next(day for day in (date(2026, 6, 1) + timedelta(days=n) for n in range(150)) if not any(figures_of(day)))
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(idle - timedelta(days=2), idle + timedelta(days=2)))

    assert idle not in days_of(collected)
    assert [one.days.length for one in collected.all(Coverage, "views:account:day")] == [5]


@pytest.mark.parametrize("rows", ["omitted", "empty", "null"])
def test_a_window_without_rows_is_covered_as_far_as_it_is_finished(ask, rows):
    """Nothing to report: four days before the last whole day an absent row is an idle day, after it it is not."""

    def empty(asked: Asked, body: dict) -> dict:
        table = {"kind": body["kind"]}
        return table if rows == "omitted" else {**table, "rows": [] if rows == "empty" else None}

    talk = ask(changed("/v2/reports", empty), CONNECTOR)
    young = talk.collect(talk.assignment(date(2026, 11, 10), YESTERDAY))
    old = talk.collect(talk.assignment(date(2026, 5, 1), date(2026, 5, 9)))
    unfinished = talk.collect(talk.assignment(date(2026, 11, 17), YESTERDAY))

    assert young.error is None
    assert [one.days for one in covered_days(young)] == [Days(date(2026, 11, 10), date(2026, 11, 15))] * len(DAY_KEYS)
    assert [one.days for one in covered_days(old)] == [Days(date(2026, 5, 1), date(2026, 5, 9))] * len(DAY_KEYS)
    assert covered_days(unfinished) == []
    assert not [one for one in young.all(Reading) if one.measure.key in DAY_KEYS]


def test_days_already_answered_are_not_asked_again(ask, contract):
    """`resume` moves the start; a window that lies in the future is not asked for at all."""
    talk = ask(contract, CONNECTOR)
    talk.collect(talk.assignment(date(2026, 1, 1), YESTERDAY, resume=dict.fromkeys(DAY_KEYS, date(2026, 11, 6))))
    talk.collect(talk.assignment(date(2026, 11, 20), date(2026, 11, 21)))

    assert [one.query["startDate"] for one in asked_days(talk)] == ["2026-11-06"]


def test_long_backfills_are_cut_into_years(ask, contract):
    """No request spans more than 365 days, none is left out, none asked twice."""
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(date(2024, 6, 1), YESTERDAY))
    asked = [(one.query["startDate"], one.query["endDate"]) for one in asked_days(talk)]

    assert asked == [("2024-06-01", "2025-05-31"), ("2025-06-01", "2026-05-31"), ("2026-06-01", "2026-11-19")]
    assert len(days_of(collected)) == len(collected.all(Reading, "views:account:day")) > 800


def test_a_retired_metric_costs_only_itself(ask, contract):
    """One unknown name refuses the whole batch: the others are asked for one by one."""
    contract.reports.retired = {"engagedViews"}
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(date(2026, 11, 1), YESTERDAY))
    [gap] = collected.all(Gap, "youtube.engaged_views:account:day")

    assert collected.error is None
    assert gap.reason is Reason.RETIRED
    assert gap.when == Days(date(2026, 11, 1), YESTERDAY)
    assert gap.place is not None
    assert {one.measure.key for one in covered_days(collected)} == {*DAY_KEYS} - {"youtube.engaged_views:account:day"}


def test_a_retired_metric_is_not_asked_for_in_the_next_year(ask, contract):
    """Once refused, it is dead for the rest of the backfill, whose days are gaps too."""
    contract.reports.retired = {"engagedViews"}
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(date(2025, 6, 1), YESTERDAY))
    later = [one for one in asked_days(talk) if one.query["startDate"] == "2026-06-01"]

    assert [one.query["metrics"] for one in later] == [
        "views,estimatedMinutesWatched,subscribersGained,subscribersLost,likes,comments,shares"
    ]
    assert [gap.when for gap in collected.all(Gap, "youtube.engaged_views:account:day")] == [
        Days(date(2025, 6, 1), date(2026, 5, 31)),
        Days(date(2026, 6, 1), YESTERDAY),
    ]


def test_dead_measures_are_not_asked_for(ask, contract):
    """What was lately refused stays a gap without asking; with all dead there is no request."""
    talk = ask(contract, CONNECTOR)
    talk.collect(talk.assignment(YESTERDAY, YESTERDAY, dead_measures=frozenset(DAY_KEYS[1:])))
    collected = talk.collect(talk.assignment(YESTERDAY, YESTERDAY, dead_measures=frozenset(DAY_KEYS)))

    assert [one.query["metrics"] for one in asked_days(talk)] == ["views"]
    assert [(gap.reason, gap.place) for gap in collected.all(Gap) if gap.measure.key in DAY_KEYS] == [
        (Reason.RETIRED, None)
    ] * len(DAY_KEYS)


def test_the_wrong_owner_costs_only_the_days(ask, contract):
    """A personal account chosen for a brand's channel is refused, because the channel is named."""
    contract.not_owner = True
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(YESTERDAY - timedelta(days=9), YESTERDAY))

    assert collected.error is None
    assert {gap.reason for gap in collected.all(Gap) if gap.measure.key in DAY_KEYS} == {Reason.NOT_PERMITTED}
    assert {gap.measure.key for gap in collected.all(Gap) if gap.measure.key in DAY_KEYS} == set(DAY_KEYS)
    assert followers(collected)[0].value > 0


def test_an_ended_sign_in_keeps_the_public_counts(ask, contract):
    """Counts are asked for first, here by the key; then the account has to be connected again."""
    talk = ask(contract, CONNECTOR, {**KEY_ONLY, **OWNER_ONLY})
    sign_in, contract.expired = CONNECTOR.hosts["data"].auth, True
    connector = _with_public_data(sign_in)
    collected = ask(contract, connector, talk.keys).collect(talk.assignment(YESTERDAY, YESTERDAY))

    assert followers(collected)
    assert collected.error.code == "access.expired"


def _with_public_data(sign_in) -> object:
    """The connector as the shell uses it once the owner's way has failed: data by the key."""
    fallen = type(CONNECTOR)()
    public = Host("YOUTUBE_DATA_URL", "", auth={"public": sign_in["public"]})
    vars(fallen)["hosts"] = {**CONNECTOR.hosts, "data": public}
    return fallen


def test_a_key_alone_expects_no_days(ask, contract):
    """Without the owner's sign-in nobody expects figures of days: no request, no gaps."""
    talk = ask(contract, CONNECTOR, KEY_ONLY)
    collected = talk.collect(talk.assignment(date(2026, 11, 1), YESTERDAY))

    assert not [one for one in talk.asked if one.host != "YOUTUBE_DATA_URL"]
    assert not [one for one in (*collected.all(Gap), *collected.all(Coverage)) if one.measure.key in DAY_KEYS]


def test_a_revised_day_has_its_new_value(ask, contract):
    """YouTube corrects recent days; reading them again gives what it says now."""
    talk = ask(contract, CONNECTOR)
    assignment = talk.assignment(date(2026, 11, 1), YESTERDAY)
    before = days_of(talk.collect(assignment))
    contract.reports.revision = 5
    after = days_of(talk.collect(assignment))

    assert after[date(2026, 11, 13)] == before[date(2026, 11, 13)] + 5
    assert after[date(2026, 11, 2)] == before[date(2026, 11, 2)]


def test_a_missing_column_and_an_empty_cell_are_gaps(ask):
    """A metric that is silently left out, and a cell without a number, are missing and no zeros."""

    def spoil(asked: Asked, body: dict) -> dict:
        if asked.query.get("dimensions") == "day":
            body["columnHeaders"][5]["name"] = "somethingElse"
            body["rows"][0][1] = None
        return body

    talk = ask(changed("/v2/reports", spoil), CONNECTOR)
    collected = talk.collect(talk.assignment(date(2026, 11, 10), YESTERDAY))
    [lost] = collected.all(Gap, "followers_lost:account:day")
    [views] = collected.all(Gap, "views:account:day")

    assert (lost.reason, lost.when) == (Reason.NOT_OFFERED, Days(date(2026, 11, 10), date(2026, 11, 16)))
    assert (views.reason, views.when) == (Reason.EMPTY, Days(date(2026, 11, 10), date(2026, 11, 10)))
    assert not collected.all(Coverage, "followers_lost:account:day")
    assert not collected.all(Coverage, "views:account:day")
    assert collected.all(Coverage, "watch_minutes:account:day")


def test_days_outside_the_request_are_not_read(ask):
    """A row of an unfinished day that came by mistake would be taken for final."""

    def add(asked: Asked, body: dict) -> dict:
        extra = [["2026-11-20", *[1] * len(DAY_KEYS)]] if asked.query.get("dimensions") == "day" else []
        return {**body, "rows": [*body["rows"], *extra]}

    talk = ask(changed("/v2/reports", add), CONNECTOR)
    collected = talk.collect(talk.assignment(date(2026, 11, 10), YESTERDAY))

    assert max(days_of(collected)) == date(2026, 11, 16)
    assert collected.all(Coverage, "views:account:day")[0].days.last == date(2026, 11, 16)


@pytest.mark.parametrize("spoil", ["day", "header"])
def test_a_table_that_cannot_be_read_is_a_shape_fault(ask, spoil):
    """Better no figure than one of a guessed day."""

    def change(asked: Asked, body: dict) -> dict:
        if spoil == "day":
            body["rows"][0][0] = "last Monday"
        else:
            body["columnHeaders"][0]["name"] = "month"
        return body

    talk = ask(changed("/v2/reports", change), CONNECTOR)

    assert isinstance(talk.collect(talk.assignment(date(2026, 11, 10), YESTERDAY)).error, ShapeError)


def test_gains_and_losses_are_not_rounded_and_agree_with_the_level(ask, contract):
    """The exact growth of a period is gained minus lost; the demo's level moves by just that."""
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(date(2026, 7, 1), date(2026, 10, 31)))
    gained, lost = (sum(days_of(collected, key).values()) for key in DAY_KEYS[3:5])
    levels = [contract._life.levels(datetime(*day, 7, tzinfo=UTC))[0] for day in ((2026, 7, 1), (2026, 11, 1))]

    assert levels[1] - levels[0] == gained - lost


def totals_of(answers: dict[str, int] | None):
    """Make the totals of a question for days say something else; None refuses them."""

    def change(asked: Asked, body: dict):
        if "dimensions" in asked.query:
            return body
        if answers is None:
            return google_fault(400, "badRequest", "The query is not supported. Check it.")
        names = [header["name"] for header in body["columnHeaders"]]
        return {**body, "rows": [[body["rows"][0][number] + answers.get(name, 0) for number, name in enumerate(names)]]}

    return change


def test_a_day_that_the_total_holds_and_no_row_tells_is_no_idle_day(ask, contract):
    """The window's own total is more than its rows: the missing day must not count as a day without views."""
    lost = date(2026, 10, 7)
    contract.reports.lost_days = {lost}
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(date(2026, 10, 5), date(2026, 10, 9)))

    first, last = date(2026, 10, 5), date(2026, 10, 9)
    # The 6th and 8th are idle, which cannot be told from the lost day any more; nobody left on any of the three.
    assert [one.days for one in collected.all(Coverage, "views:account:day")] == [Days(first, first), Days(last, last)]
    assert [one.days for one in collected.all(Coverage, "followers_lost:account:day")] == [Days(first, last)]
    assert lost not in days_of(collected)


def test_each_figure_is_judged_by_its_own_total(ask):
    """Missing shares say nothing about views: only the figure whose total differs loses its idle days."""
    idle = next(day for day in (date(2026, 6, 1) + timedelta(days=n) for n in range(150)) if not any(figures_of(day)))
    first, last = idle - timedelta(days=1), idle + timedelta(days=1)
    talk = ask(changed(TABLES, totals_of({"shares": 2})), CONNECTOR)
    collected = talk.collect(talk.assignment(first, last))

    assert [one.days for one in collected.all(Coverage, "views:account:day")] == [Days(first, last)]
    assert [one.days for one in collected.all(Coverage, "shares:account:day")] == [Days(first, first), Days(last, last)]


def test_without_a_total_only_days_with_a_row_were_answered(ask):
    """Where totals are refused nobody can say that a day was idle; that is no gap of the days that have rows."""
    idle = next(day for day in (date(2026, 6, 1) + timedelta(days=n) for n in range(150)) if not any(figures_of(day)))
    talk = ask(changed(TABLES, totals_of(None)), CONNECTOR)
    collected = talk.collect(talk.assignment(idle - timedelta(days=1), idle + timedelta(days=1)))

    assert collected.error is None
    assert [one.days.length for one in collected.all(Coverage, "views:account:day")] == [1, 1]
    assert not collected.all(Gap, "views:account:day")


def test_totals_are_asked_for_only_where_a_day_has_no_row(ask, contract):
    """A channel that is watched every day costs one question a year of days, not two."""
    busy = next(
        day for day in (date(2026, 6, 1) + timedelta(days=n) for n in range(150))
        if all(any(figures_of(day + timedelta(days=more))) for more in range(5))
    )  # fmt: skip
    talk = ask(contract, CONNECTOR)
    talk.collect(talk.assignment(busy, busy + timedelta(days=4)))

    assert not [
        one for one in talk.asked if one.query.get("metrics", "").count(",") > 3 and not one.query.get("dimensions")
    ]


def test_the_past_reaches_back_to_the_day_on_which_the_channel_was_made(ask, contract):
    """The platform remembers a channel from its first day on, and there is nothing to ask for before it."""
    talk = ask(contract, CONNECTOR)
    far = {measure.key: NOW.date() - timedelta(days=measure.reach_back) for measure in CONNECTOR.measures
           if measure.reach_back is not None}  # fmt: skip
    collected = talk.collect(talk.assignment(date(2026, 1, 1), YESTERDAY, resume=far))

    assert set(far) == set(DAY_KEYS)
    assert min(one.query["startDate"] for one in asked_days(talk)) == "2014-02-10"  # 19:12 Pacific of the day before
    assert len(days_of(collected)) > 900
    assert min(one.days.first for one in collected.all(Coverage, "views:account:day")) == date(2014, 2, 10)


def test_a_channel_that_does_not_say_when_it_was_made_is_asked_for_the_reports_days(ask):
    """Twenty years of empty answers every night would be no manners."""

    def drop(asked: Asked, body: dict) -> dict:
        del body["items"][0]["snippet"]["publishedAt"]
        return body

    talk = ask(changed("/youtube/v3/channels", drop), CONNECTOR)
    talk.collect(talk.assignment(date(2026, 10, 1), YESTERDAY, resume=dict.fromkeys(DAY_KEYS, date(2006, 1, 1))))

    assert [one.query["startDate"] for one in asked_days(talk)] == ["2026-10-01"]


def test_a_figure_that_lags_does_not_drag_the_others_back(ask, contract):
    """A figure that a program update brought is asked for over the years, the others from where they stopped."""
    resume = {**dict.fromkeys(DAY_KEYS, date(2026, 11, 1)), "shares:account:day": date(2024, 1, 1)}
    talk = ask(contract, CONNECTOR)
    talk.collect(talk.assignment(date(2026, 1, 1), YESTERDAY, resume=resume))
    asked = {(one.query["startDate"], "shares" in one.query["metrics"]) for one in asked_days(talk)}

    assert asked == {("2026-11-01", False), ("2024-01-01", True), ("2024-12-31", True), ("2025-12-31", True)}


def test_a_figure_that_was_refused_is_missing_of_the_reports_days_alone(ask, contract):
    """The years before were told when it was refused; telling them anew each night would bury everything else."""
    shares = "shares:account:day"
    talk = ask(contract, CONNECTOR)
    assignment = talk.assignment(date(2026, 10, 1), YESTERDAY, dead_measures=frozenset({shares}),
                                 resume={shares: date(2006, 1, 1)})  # fmt: skip
    [gap] = talk.collect(assignment).all(Gap, shares)

    assert (gap.reason, gap.when) == (Reason.RETIRED, Days(date(2026, 10, 1), YESTERDAY))
    assert [one.query["startDate"] for one in asked_days(talk)] == ["2026-10-01"]


def test_each_slice_is_said_to_be_answered_before_the_next_is_asked_for(ask, contract):
    """A backfill that is cut off goes on where it stopped, because what was had is covered already."""
    talk = ask(contract, CONNECTOR)
    order = []
    for one in CONNECTOR.collect(talk.assignment(date(2024, 1, 1), YESTERDAY), talk.fetch):
        if isinstance(one, Coverage) and one.measure.key == "views:account:day":
            order.append((one.days.last, max(asked.query["endDate"] for asked in asked_days(talk))))

    assert order == [(date(2024, 12, 30), "2024-12-30"), (date(2025, 12, 30), "2025-12-30"),
                     (date(2026, 11, 16), "2026-11-19")]  # fmt: skip


def test_a_view_has_a_new_meaning_from_the_change_on():
    """From 24 August 2026 a view is counted at the first frame: a comparison across it has to be flagged."""
    by_key = {measure.key: measure for measure in CONNECTOR.measures}
    for key in ("views:account:day", "views:account:now", "views:post:now"):
        assert by_key[key].version(date(2026, 8, 24)) == by_key[key].version(date(2026, 8, 23)) + 1
    assert by_key["youtube.engaged_views:account:day"].version(date(2026, 12, 1)) == 1
