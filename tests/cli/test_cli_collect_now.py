"""`collect now` against the stand-in platforms: what is stored, what it says, how it ends."""

import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import click
import pytest
from office import Office

from collector.clock import SetClock
from collector.demo.contracts.facebook import FacebookContract
from collector.demo.contracts.instagram import InstagramContract
from collector.demo.contracts.youtube import YouTubeContract
from collector.demo.standin import Fault, StandIn, broken, cut, throttled, truncated
from collector.figures.codes import parse_reading_code

PLATFORMS = ["facebook", "instagram", "tiktok", "website", "x", "youtube"]
VISITS = "page_views_total"  # the Graph's name of "profile_visits:account:day"


def facebook(standin: StandIn) -> FacebookContract:
    """Return the switches of the stand-in's Page."""
    return cast(FacebookContract, standin.contracts["facebook"])


def test_the_counts_of_all_six_accounts_are_stored(collected: Office) -> None:
    """The seam holds on six different APIs: each gives its counts of the moment, twice on two days."""
    counted = {
        (platform, measure): count
        for platform, measure, count in collected.rows(
            "SELECT platform, measure, count(*) FROM readings JOIN series ON series.id = series_id"
            " JOIN accounts ON accounts.id = account_id WHERE measure LIKE '%:account:now' GROUP BY 1, 2"
        )
    }

    assert counted == {
        **{("facebook", f"{one}:account:now"): 2 for one in ("followers", "likes")},
        **{("instagram", f"{one}:account:now"): 2 for one in ("followers", "following", "posts")},
        **{
            ("tiktok", f"{one}:account:now"): 2
            for one in ("followers", "followers@business", "following", "likes", "posts")
        },
        ("website", "website.http_status:account:now"): 2,
        **{("x", f"{one}:account:now"): 2 for one in ("followers", "following", "posts")},
        **{("youtube", f"{one}:account:now"): 2 for one in ("followers", "views", "posts")},
    }


def test_days_audience_and_posts_are_stored(collected: Office) -> None:
    """Daily flows of Facebook, YouTube and the website, their audiences, and the posts of both."""
    kinds = {
        tuple(row)
        for row in collected.rows(
            "SELECT DISTINCT platform, measure FROM series JOIN accounts ON accounts.id = account_id"
            " WHERE measure NOT LIKE '%:account:now'"
        )
    }

    daily = "views followers_gained followers_lost interactions profile_visits clicks reach followers"
    for metric in daily.split():
        assert ("facebook", f"{metric}:account:day") in kinds
    assert ("facebook", "followers:audience:day") in kinds
    for metric in ("reactions", "comments", "shares"):
        assert ("facebook", f"{metric}:post:now") in kinds
    for metric in ("views", "watch_minutes", "followers_gained", "followers_lost"):
        assert ("youtube", f"{metric}:account:day") in kinds
    for metric in ("views", "likes", "comments"):
        assert ("youtube", f"{metric}:post:now") in kinds
    for span in ("28d", "month", "quarter", "semester"):
        for metric in ("views:account", "views:audience", "views:post", "youtube.viewers_share:audience"):
            assert ("youtube", f"{metric}:{span}") in kinds
    for span in ("day", "28d", "month", "quarter", "semester"):
        assert ("website", f"users@ga4:account:{span}") in kinds
    assert ("website", "page_views@ga4:audience:28d") in kinds
    for metric in ("views", "likes", "followers_gained", "reach"):
        assert ("tiktok", f"{metric}:account:day") in kinds
    for metric in ("views", "shares", "saves", "reach"):
        assert ("tiktok", f"{metric}:post:now") in kinds
    posts = dict(
        collected.rows("SELECT platform, count(*) FROM posts JOIN accounts ON accounts.id = account_id GROUP BY 1")
    )
    assert posts["facebook"] > 30
    assert posts["youtube"] > 30
    assert posts["tiktok"] > 10
    dimensions = {
        about.partition(":")[0]
        for (about,) in collected.rows("SELECT about FROM series WHERE measure LIKE '%:audience:%'")
    }
    assert dimensions >= {"city", "country", "source", "age", "gender", "page"}


def test_days_reach_back_as_far_as_the_platform_remembers(collected: Office) -> None:
    """Two years of a Page are there on the first evening: what is not had now can never be had later."""
    days = collected.readings("--platform", "facebook", "--metric", "profile_visits")
    first, last = days[0]["at"], days[-1]["at"]

    assert (first, last) == ("2025-01-05", "2027-01-03")
    assert len(days) == 729


def test_collecting_again_doubles_nothing(collected: Office) -> None:
    """One row for each series and moment; revised days keep what they were before."""
    total, distinct = collected.rows("SELECT count(*), count(DISTINCT series_id || ' ' || at) FROM readings")[0]
    series, alike = collected.rows(
        "SELECT count(*), count(DISTINCT account_id || measure || definition || about || origin || precision)"
        " FROM series"
    )[0]

    assert total == distinct > 3_000
    assert series == alike
    assert collected.rows("SELECT count(*) FROM accounts") == [(6,)]
    assert collected.rows("SELECT count(*) FROM replaced")[0][0] > 10
    revised = collected.rows(
        "SELECT DISTINCT platform FROM replaced JOIN series ON series.id = series_id"
        " JOIN accounts ON accounts.id = account_id"
    )
    assert {platform for (platform,) in revised} >= {"facebook", "youtube"}


def test_collecting_at_once_again_adds_the_new_levels_only(office_with: Callable[..., Office], clock: SetClock) -> None:
    """Whoever presses twice gets the counts of both moments, and every day once."""
    office = office_with("facebook")
    first = office.collect()["facebook"]
    before = set(office.rows("SELECT series_id, at, value FROM readings"))
    days = office.rows("SELECT count(*) FROM readings JOIN series ON id = series_id WHERE measure LIKE '%:day'")
    clock.sleep(60)

    second = office.collect()["facebook"]

    after = set(office.rows("SELECT series_id, at, value FROM readings"))
    added = {series for series, _, _ in after - before}
    spans = {
        measure.rpartition(":")[2]
        for series, measure in office.rows("SELECT id, measure FROM series")
        if series in added
    }
    assert before < after
    assert spans == {"now"}
    assert office.rows("SELECT count(*) FROM readings JOIN series ON id = series_id WHERE measure LIKE '%:day'") == days
    assert second["readings"] == len(after - before) < first["readings"] == len(before)
    assert second["revised"] == 0


def test_what_now_prints_for_programs_has_the_promised_shape(
    office_with: Callable[..., Office], standin: StandIn
) -> None:
    """Scripts of other people read these names: they must not drift."""
    office = office_with("facebook", "instagram", "x")
    facebook(standin).retired = {VISITS}
    cast(InstagramContract, standin.contracts["instagram"]).expired = True

    said = office.run("collect", "now", "--json", status=1).json

    assert isinstance(said["run"], int)
    assert said["trigger"] == "collect now"
    assert [one["platform"] for one in said["accounts"]] == ["facebook", "instagram", "x"]
    for one in said["accounts"]:
        shape = {name: type(value) for name, value in one.items() if name not in ("estimate", "spent", "cap")}
        assert shape | {"error": dict, "next_due": str} == {
            "office": str, "platform": str, "account": str, "outcome": str, "requests": int, "readings": int,
            "revised": int, "gaps": list, "cost": float, "next_due": str, "error": dict,
        }  # fmt: skip
        assert one["outcome"] in ("ok", "partial", "failed", "skipped")
        assert datetime.fromisoformat(one["next_due"]).utcoffset() == timedelta(hours=7)
    by_platform = {one["platform"]: one for one in said["accounts"]}
    assert by_platform["instagram"]["error"].keys() == {"code", "message", "hint"}
    assert by_platform["instagram"]["error"]["code"] == "access.expired"
    assert by_platform["facebook"]["error"] is None
    assert by_platform["x"]["cost"] == by_platform["x"]["spent"] > 0.02
    assert {gap["reason"] for gap in by_platform["facebook"]["gaps"]} == {"retired"}


def test_the_table_for_people_says_how_each_account_went(office_with: Callable[..., Office], standin: StandIn) -> None:
    """Staff read a table; what went wrong is said below it, on stderr, with what to do."""
    office = office_with("instagram", "x")
    cast(InstagramContract, standin.contracts["instagram"]).expired = True

    said = office.run("collect", "now", status=1)

    lines = [line.split() for line in said.out.splitlines()]
    assert lines[0][:3] == ["Platform", "Akun", "Hasil"]
    assert ["instagram", "17841400000000001", "gagal", "0", "0", "0"] in lines
    assert ["x", "kpu_contoh", "berhasil"] in [line[:3] for line in lines]
    assert "Akun ini perlu disambung ulang." in said.err
    assert "instagram" in said.err
    assert "Hasil" not in said.err


def test_only_the_accounts_that_are_named_are_collected(office: Office, standin: StandIn) -> None:
    """Asking X costs money: nobody may be asked who was not named."""
    collected = office.collect("--platform", "IG", "--platform", "twitter")
    asked = {one.host for one in standin.asked}
    again = office.collect("--account", "@KPU_contoh", "--platform", "instagram")

    assert set(collected) == {"instagram", "x"}
    assert asked == {"INSTAGRAM_GRAPH_URL", "X_API_URL"}
    assert set(again) == {"instagram"}


def test_a_period_is_asked_for_anew(office_with: Callable[..., Office], standin: StandIn) -> None:
    """A semester can be read once more before its report is printed, although its days were answered already.

    The days from there up to yesterday come along, so that what is answered has no hole.
    """
    office = office_with("facebook")
    office.collect()
    standin.asked.clear()

    office.collect("--period", "2026-09")

    asked = [
        one.query
        for one in standin.asked
        if one.path.endswith("/insights") and "page_follows," in one.query["metric"] + ","
    ]
    assert [(one["since"], one["until"]) for one in asked if "city" not in one["metric"]] == [
        ("2026-09-01", "2026-11-29"),
        ("2026-11-29", "2027-01-04"),
    ]


def test_an_empty_home_has_nothing_to_collect(bare: Office) -> None:
    """Wrong set-up is status 2, so that a script can tell it from a bad day of the line."""
    said = bare.run("collect", "now", status=2)

    assert said.out == ""
    assert "Belum ada akun" in said.err


def test_typed_accounts_alone_are_nothing_to_collect(bare: Office) -> None:
    """The sentence tells the difference: accounts are there, but none is connected."""
    bare.run("record", "--platform", "ig", "--account", "a", "--metric", "followers", "--value", "5", "--at", "2026-06")

    said = bare.run("collect", "now", status=2)

    assert "1 akun hanya diisi manual" in said.err


def test_a_platform_that_is_half_filled_in_fails_by_its_missing_setting(office_with: Callable[..., Office]) -> None:
    """The person has to hear which line of .env is missing; the other platforms are collected meanwhile."""
    office = office_with("facebook", "instagram")
    del office.environment["FACEBOOK_ACCESS_TOKEN"]

    ended = office.collect(status=1)

    assert ended["facebook"]["outcome"] == "failed"
    assert ended["facebook"]["error"]["code"] == "setting"
    assert "FACEBOOK_ACCESS_TOKEN" in ended["facebook"]["error"]["message"]
    assert ended["instagram"]["outcome"] == "ok"


def test_a_paused_account_is_skipped_and_ends_well(office_with: Callable[..., Office], standin: StandIn) -> None:
    """Pausing is a wish, no fault."""
    office = office_with("instagram", "x")
    office.collect()
    office.run("accounts", "pause", "kpu_contoh", "--platform", "instagram")
    standin.asked.clear()

    ended = office.collect()

    assert (ended["instagram"]["outcome"], ended["instagram"]["error"]["code"]) == ("skipped", "paused")
    assert {one.host for one in standin.asked} == {"X_API_URL"}


def test_one_retired_metric_costs_only_itself(
    office_with: Callable[..., Office], standin: StandIn, clock: SetClock
) -> None:
    """Meta fails the whole call for one dead name: its gap says why, and it is not asked for a month."""
    office = office_with("facebook")
    facebook(standin).retired = {VISITS}

    ended = office.collect()["facebook"]

    assert (ended["outcome"], {gap["measure"] for gap in ended["gaps"]}) == ("ok", {"profile_visits:account:day"})
    said = office.run("history", "--json", "--platform", "facebook").json
    assert {(gap["metric"], gap["reason"]) for gap in said["gaps"]} == {("profile_visits", "retired")}
    metrics = {one["metric"] for one in said["readings"] if one["precision"] == "day"}
    assert {"views", "reach", "interactions", "followers_gained"} <= metrics
    assert "profile_visits" not in metrics

    assert asks_for_visits_after(office, standin, clock, timedelta(days=1)) is False
    facebook(standin).retired.clear()
    assert asks_for_visits_after(office, standin, clock, timedelta(days=28)) is False
    assert asks_for_visits_after(office, standin, clock, timedelta(days=3)) is True
    assert office.readings("--platform", "facebook", "--metric", "profile_visits")[0]["at"] == "2025-02-06"


def asks_for_visits_after(office: Office, standin: StandIn, clock: SetClock, later: timedelta) -> bool:
    """Collect some time later and tell whether the dead metric was asked for."""
    clock.sleep(later.total_seconds())
    standin.asked.clear()
    office.collect()
    return any(VISITS in one.query.get("metric", "") for one in standin.asked)


def test_a_hidden_subscriber_count_is_a_gap(office_with: Callable[..., Office], standin: StandIn) -> None:
    """YouTube sends "0" for a hidden count; a zero in the report would be a lie."""
    office = office_with("youtube")
    cast(YouTubeContract, standin.contracts["youtube"]).hidden = True

    office.collect()

    said = office.run("history", "--json", "--platform", "youtube", "--metric", "followers").json
    assert said["readings"] == []
    (gap,) = said["gaps"]
    assert (gap["reason"], gap["message"]) == ("hidden", "disembunyikan pemilik akun")
    assert gap["from"] == gap["to"] == "2027-01-05T10:00:00+07:00"


def test_what_is_left_out_follows_its_sheet(office_with: Callable[..., Office], standin: StandIn) -> None:
    """An absent `shares` means none (facebook.md §3.3); an absent count of the account is missing, never zero."""
    office = office_with("facebook", "instagram")
    facebook(standin).hidden = {"fan_count", "permalink_url", "message"}
    cast(InstagramContract, standin.contracts["instagram"]).hidden = {"follows_count"}

    office.collect()

    said = office.run("history", "--json", "--metric", "shares").json
    assert 0 in {one["value"] for one in said["readings"]}
    assert {gap["reason"] for gap in said["gaps"]} <= {"too_late"}
    for platform, metric in (("facebook", "likes"), ("instagram", "following")):
        said = office.run("history", "--json", "--platform", platform, "--metric", metric).json
        assert said["readings"] == []
        assert [gap["reason"] for gap in said["gaps"]] == ["not_offered"]


def test_an_ended_sign_in_marks_its_account_and_costs_no_other(
    office_with: Callable[..., Office], standin: StandIn
) -> None:
    """The person must see which account to connect again; the others go on."""
    office = office_with("facebook", "instagram", "tiktok", "x", "youtube")
    cast(YouTubeContract, standin.contracts["youtube"]).expired = True
    facebook(standin).expired = True

    ended = office.collect(status=1)

    assert {platform: one["outcome"] for platform, one in ended.items()} == {
        "facebook": "failed", "instagram": "ok", "tiktok": "ok", "x": "ok", "youtube": "partial",
    }  # fmt: skip
    assert ended["facebook"]["error"]["code"] == "access.expired"
    table = office.run("accounts", "list").out
    assert [line.split()[1] for line in table.splitlines() if "perlu disambung ulang" in line] == [
        "facebook",
        "youtube",
    ]

    facebook(standin).expired = False
    office.collect("--platform", "facebook")
    table = office.run("accounts", "list").out
    assert [line.split()[1] for line in table.splitlines() if "perlu disambung ulang" in line] == ["youtube"]


def test_a_dead_line_stores_the_failed_tries_and_nothing_else(office: Office) -> None:
    """A cut line says nothing about the accounts: no reading, no gap, no account marked."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # and does not listen
        nowhere = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        dead = {name: nowhere for name, value in office.environment.items() if value.startswith("http://")}

        ended = Office({**office.environment, **dead}, office.clock).collect(status=1)

    assert {one["outcome"] for one in ended.values()} == {"failed"}
    assert {one["error"]["code"] for one in ended.values()} == {"unreachable"}
    assert all("internet" in one["error"]["hint"] for one in ended.values())
    counts = office.counts()
    for table in (
        "readings",
        "gaps",
        "coverage",
        "posts",
        "series",
        "bodies",
        "places",
        "dead_measures",
        "credentials",
    ):
        assert counts[table] == 0, table
    assert counts["exchanges"] >= 3 * len(PLATFORMS)
    assert office.rows("SELECT DISTINCT status, error IS NOT NULL FROM exchanges") == [(0, 1)]
    assert {state for (state,) in office.rows("SELECT state FROM accounts")} == {"active"}

    alive = [one for one in PLATFORMS if one != "website"]  # the site's address is who it is
    ended = office.collect(*(word for one in alive for word in ("--platform", one)))
    assert {one["outcome"] for one in ended.values()} == {"ok"}


def test_a_line_cut_in_the_middle_keeps_what_was_read(office_with: Callable[..., Office], standin: StandIn) -> None:
    """The counts of the moment can never be had again: they stay, although the days could not be read."""
    office = office_with("facebook")
    standin.faults.append(Fault("insights", cut, times=None))

    ended = office.collect(status=1)["facebook"]

    assert (ended["outcome"], ended["readings"], ended["error"]["code"]) == ("partial", 2, "unreachable")
    assert {one["metric"] for one in office.readings()} == {"followers", "likes"}
    assert datetime.fromisoformat(ended["next_due"]) < datetime.fromisoformat("2027-01-05T11:00:00+07:00")


@pytest.mark.parametrize("fault", [broken(503), truncated, throttled(5)], ids=["5xx page", "truncated", "429"])
def test_a_passing_fault_is_waited_out(
    office_with: Callable[..., Office], standin: StandIn, fault: Any, clock: SetClock
) -> None:
    """What passes by itself must not need a person, nor cost a figure."""
    office = office_with("facebook")
    standin.faults.append(Fault("insights", fault, times=2))

    ended = office.collect()["facebook"]

    assert (ended["outcome"], ended["error"]) == ("ok", None)
    assert clock.now() > datetime.fromisoformat("2027-01-05T03:00:01+00:00")
    assert office.rows("SELECT max(attempt) FROM exchanges") == [(3,)]
    assert len(office.readings("--platform", "facebook", "--metric", "profile_visits")) == 728


def test_a_long_pause_ends_the_snapshot_and_says_when_it_goes_on(
    office_with: Callable[..., Office], standin: StandIn
) -> None:
    """An hour's pause must not hold the program; what was read before stays, the rest is due after the pause."""
    office = office_with("facebook")
    standin.faults.append(Fault("published_posts", throttled(3600), times=None))

    ended = office.collect(status=1)["facebook"]

    assert ended["outcome"] == "partial"
    assert ended["readings"] > 1_000
    assert ended["error"]["code"].startswith("throttled")
    assert datetime.fromisoformat(ended["next_due"]) == datetime.fromisoformat("2027-01-05T11:00:00+07:00")


def test_codes_of_readings_are_those_of_the_database(collected: Office) -> None:
    """The code printed in a report leads to this very row."""
    reading = collected.readings("--platform", "tiktok", "--metric", "followers")[-1]
    code = parse_reading_code(reading["id"])

    assert code is not None
    assert collected.rows("SELECT value FROM readings WHERE series_id = ? AND at = ?", *code) == [(reading["value"],)]


def test_on_a_terminal_the_accounts_are_counted(
    office_with: Callable[..., Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first collection takes minutes on such a line: a bar says how many of how many are done."""
    bars: list[Any] = []
    make = click.progressbar

    def watched(**given: Any) -> Any:
        bars.append(make(**given))
        return bars[-1]

    monkeypatch.setattr("collector.cli.collect.is_terminal", lambda stream: True)
    monkeypatch.setattr(click, "progressbar", watched)

    said = office_with("instagram", "x").run("collect", "now", "--json")

    assert [(bar.length, bar.pos, bar.label) for bar in bars] == [(2, 2, "Mengumpulkan")]
    assert said.json["accounts"]
