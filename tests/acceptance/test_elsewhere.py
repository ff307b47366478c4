"""The whole sequence of an office's first week, against a server that the program has not seen.

Nothing here knows the program's own stand-in: what is expected comes from the server's own figures.
"""

import json
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from elsewhere import Elsewhere, Held
from elsewhere.meta import MAPS, REEL
from elsewhere.question import amount, days_between
from office import START, Office, only, own_settings

from collector.clock import SetClock
from collector.collect.recovery import read_again
from connectors.kit import Reading

FIRST = date(2026, 7, 1)
FIRST_OF_PAGE = date(2025, 1, 5)  # 730 days back


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Elsewhere]]:
    """An office that typed its June figures, collected, and collected again at once. Only look at it."""
    clock, folder = SetClock(START), tmp_path_factory.mktemp("elsewhere")
    with Elsewhere(clock.now, folder) as server:
        environment = {**own_settings(folder), **server.environment()}
        office = Office({name: value for name, value in environment.items() if "MATOMO" not in name}, clock)
        for platform, handle in (("facebook", "KPU Kab. Lain"), ("instagram", "@kpu.LAIN"), ("youtube", "Kanal KPU")):
            office.run("record", "--platform", platform, "--account", handle, "--metric", "followers",
                       "--value", "1.240", "--at", "2026-06")  # fmt: skip
        office.collect()
        office.clock.sleep(60)
        office.collect()
        yield office, server


def values(office: Office, platform: str, metric: str, precision: str, *words: str) -> dict[tuple[str, str], Any]:
    """Return a metric's values of a precision by what they are about and when."""
    return {
        (one["dimension"] or one["post"] or "", one["at"]): one["value"]
        for one in office.readings("--platform", platform, "--metric", metric, *words)
        if one["precision"] == precision and one["origin"] == "api"
    }


def levels(office: Office, platform: str) -> dict[str, set[Any]]:
    """Return an account's figures of the moment by metric."""
    found: dict[str, set[Any]] = {}
    for one in office.readings("--platform", platform, "--since", "2027-01-05"):
        if one["precision"] == "instant" and one["post"] is None and one["dimension"] is None:
            found.setdefault(one["metric"], set()).add(one["value"])
    return found


def test_nothing_was_asked_that_had_to_be_refused(seen: tuple[Office, Elsewhere]) -> None:
    """Dead names, missing parameters, wide windows, unknown fields: this server is as strict as the platforms."""
    assert seen[1].refused == []


def test_every_count_is_the_servers_own(seen: tuple[Office, Elsewhere]) -> None:
    """Both runs, whatever the members are called, in whatever order they come, whatever stands between them."""
    office, _ = seen
    assert levels(office, "facebook") == {"followers": {4_321}, "likes": {4_000}}
    assert levels(office, "instagram") == {"followers": {999}, "following": {12}, "posts": {0}}
    assert levels(office, "youtube") == {"followers": {12_300}, "views": {9_007_199_254_740_993}, "posts": {7}}
    assert levels(office, "x") == {"followers": {77}, "following": {0}, "posts": {1_234}}
    assert levels(office, "tiktok") == {
        "followers": {25_410, 25_300}, "following": {12}, "likes": {318_220}, "posts": {407},
    }  # fmt: skip
    assert levels(office, "website") == {"website.http_status": {200}}
    (rounded,) = {
        one["upto"] for one in office.readings("--platform", "youtube", "--metric", "followers", "--since", "2027")
    }
    assert rounded == 12_399


def test_every_post_of_x_is_the_servers_own(seen: tuple[Office, Elsewhere]) -> None:
    """On short pages, in the dialect that nobody asked for first, back to the semester before."""
    office, server = seen
    for name, metric in (("impression_count", "impressions"), ("like_count", "likes"), ("repost_count", "shares")):
        found = {one["post"]: one["value"] for one in office.readings("--platform", "x", "--metric", metric)}
        assert found == {id: counts[name] for id, (_, counts) in server.x.posts().items()}


def test_the_typed_june_and_the_collected_january_are_one_account(seen: tuple[Office, Elsewhere]) -> None:
    """By its handle in another spelling, by the Page's name, or because it is the only one."""
    office, _ = seen
    for platform in ("facebook", "instagram", "youtube"):
        followers = [one for one in office.readings("--platform", platform, "--metric", "followers")
                     if one["dimension"] is None and one["precision"] != "day"]  # fmt: skip
        assert [one["origin"] for one in followers] == ["typed", "api", "api"], platform
        assert len({one["account"] for one in followers}) == 1
    assert office.rows("SELECT count(*) FROM accounts") == [(6,)]


def test_every_day_of_the_page_is_the_servers_own(seen: tuple[Office, Elsewhere]) -> None:
    """The days are Pacific ones; the newest are not there yet; the one that was never counted is a gap."""
    office, server = seen
    newest = date(2027, 1, 2)  # the last whose end lies 26 hours back
    for name, metric in (
        ("page_follows", "followers"), ("page_daily_follows_unique", "followers_gained"),
        ("page_daily_unfollows_unique", "followers_lost"), ("page_media_view", "views"),
        ("page_total_media_view_unique", "reach"), ("page_views_total", "profile_visits"),
        ("page_post_engagements", "interactions"), ("page_total_actions", "clicks"),
    ):  # fmt: skip
        days = [
            day
            for day in days_between(FIRST_OF_PAGE, newest)
            if (name, day) != ("page_views_total", server.page.uncounted)
        ]
        found = {key: value for key, value in values(office, "facebook", metric, "day").items() if not key[0]}
        assert found == {("", str(day)): server.page.value(name, day) for day in days}, metric
    gaps = office.run("history", "--json", "--platform", "facebook", "--metric", "profile_visits").json["gaps"]
    assert [(one["from"], one["to"], one["reason"]) for one in gaps] == [("2026-10-10", "2026-10-10", "empty")]


def test_the_audience_is_that_of_the_newest_day_that_has_one(seen: tuple[Office, Elsewhere]) -> None:
    """Labels stay as they came, with slashes, tildes and all; an empty newest distribution is passed over."""
    office, _ = seen
    followers = {key: value for key, value in values(office, "facebook", "followers", "day").items() if key[0]}

    assert followers == {
        (f"{kind}:{label}", "2027-01-01"): count
        for kind, name in (("city", "page_follows_city"), ("country", "page_follows_country"))
        for label, count in MAPS[name].items()
    }


def test_the_windows_of_the_page_are_the_platforms_own(seen: tuple[Office, Elsewhere]) -> None:
    """The newest that is out and the one before it; no sum of days gives them."""
    office, server = seen
    for name, metric in (
        ("page_total_media_view_unique", "reach"), ("page_media_view", "views"),
        ("page_post_engagements", "interactions"),
    ):  # fmt: skip
        assert values(office, "facebook", metric, "28d") == {
            ("", str(last)): server.page.window(name, last) for last in (date(2026, 12, 5), date(2027, 1, 2))
        }, metric


def test_each_post_and_reel_has_its_own_figures(seen: tuple[Office, Elsewhere]) -> None:
    """Kinds of reactions that are left out are none; clicks that are not answered are gaps."""
    office, server = seen
    posts = {one["id"]: server.page.post_values(one) for one in server.page.list_posts()
             if one["created_time"] >= "2026-06-30"}  # fmt: skip
    for metric, of in (
        ("views", lambda one: one["post_media_view"]),
        ("reach", lambda one: one["post_total_media_view_unique"]),
        ("facebook.reactions_like", lambda one: one["post_reactions_by_type_total"]["like"]),
        ("facebook.reactions_anger", lambda one: 0),
    ):
        found = {post: value for (post, _), value in values(office, "facebook", metric, "instant").items()}
        assert found == {id: of(one) for id, one in posts.items()}, metric
    assert {value for (post, _), value in values(office, "facebook", "facebook.reel_total_plays", "instant").items()
            if post == REEL} == {77}  # fmt: skip
    clicks = office.run("history", "--json", "--platform", "facebook", "--metric", "clicks").json["gaps"]
    assert {(one["post"], one["reason"]) for one in clicks} == {(id, "empty") for id in posts}


def test_every_day_of_the_professional_account_is_the_servers_own(seen: tuple[Office, Elsewhere]) -> None:
    """Each day was asked for by itself, on Pacific midnights; the newest two are left out, as the platform's lag is."""
    office, _ = seen
    rows = office.rows(
        "SELECT series.measure, readings.at, readings.value FROM readings JOIN series ON series.id = series_id"
        " JOIN accounts ON accounts.id = account_id WHERE platform = 'instagram'"
        " AND series.measure IN ('views:account:day', 'reach:account:day', 'followers_lost:account:day')"
    )
    found: dict[str, dict[date, int]] = {}
    for measure, at, value in rows:
        found.setdefault(measure, {})[date(1970, 1, 1) + timedelta(days=at)] = value
    for measure, name, first in (
        ("reach:account:day", "reach", FIRST_OF_PAGE),
        ("views:account:day", "views", FIRST),
        ("followers_lost:account:day", "NON_FOLLOWER", FIRST),
    ):
        assert found[measure] == {day: amount(name, day) for day in days_between(first, date(2027, 1, 2))}, measure


def test_the_pages_posts_are_all_there_with_their_counters(seen: tuple[Office, Elsewhere]) -> None:
    """Three on a page, the first page empty; absent `shares` are none, an absent total is a gap."""
    office, server = seen
    posts = [one for one in server.page.list_posts() if one["created_time"] >= "2026-06-30"]
    assert len(posts) == 8
    stored = office.rows("SELECT post_id, kind, title FROM posts JOIN accounts ON accounts.id = account_id"
                         " WHERE platform = 'facebook' ORDER BY post_id")  # fmt: skip
    assert stored == sorted(
        [
            *((one["id"], "video" if "status_type" in one else "post", one.get("message", "").partition("\n")[0])
              for one in posts),
            (REEL, "reel", ""),
        ]
    )  # fmt: skip
    for metric, of in (
        ("reactions", lambda one: one["reactions"]["summary"]["total_count"]),
        ("comments", lambda one: one["comments"].get("summary", {}).get("total_count")),
        ("shares", lambda one: one.get("shares", {}).get("count", 0)),
    ):
        found = {post: value for (post, _), value in values(office, "facebook", metric, "instant").items()}
        assert found == {one["id"]: of(one) for one in posts if of(one) is not None}, metric
    gaps = office.run("history", "--json", "--platform", "facebook", "--metric", "comments").json["gaps"]
    assert {(one["post"], one["reason"]) for one in gaps} == {(posts[4]["id"], "not_offered"), (REEL, "empty")}


def test_every_day_of_the_channel_is_the_servers_own(seen: tuple[Office, Elsewhere]) -> None:
    """Columns the other way round, newest first; idle days have no row, and no zero is made of them."""
    office, server = seen
    days = server.analytics.days(FIRST, date(2027, 1, 5))
    for name, metric in (
        ("views", "views"), ("engagedViews", "youtube.engaged_views"), ("estimatedMinutesWatched", "watch_minutes"),
        ("subscribersGained", "followers_gained"), ("subscribersLost", "followers_lost"), ("likes", "likes"),
        ("comments", "comments"), ("shares", "shares"),
    ):  # fmt: skip
        assert values(office, "youtube", metric, "day") == {
            ("", str(day)): server.analytics.value(name, day) for day in days
        }, metric
    covered = office.rows("SELECT measure, min(first_day), max(last_day) FROM coverage JOIN accounts ON id = account_id"
                          " WHERE platform = 'youtube' AND measure LIKE '%:day' GROUP BY measure")  # fmt: skip
    assert len(covered) == 8
    assert {date(1970, 1, 1) + timedelta(days=first) for _, first, _ in covered} == {FIRST}
    assert {date(1970, 1, 1) + timedelta(days=last) for _, _, last in covered} == {days[-1]}


def test_the_channels_videos_are_found_in_any_order(seen: tuple[Office, Elsewhere]) -> None:
    """Two on a page, unordered; private and deleted ones are left aside; hidden counts are gaps.

    Those that are older than the report's days are read because the rankings name them.
    """
    office, server = seen
    wanted = list(server.youtube.list_videos())
    for name, metric in (("viewCount", "views"), ("likeCount", "likes"), ("commentCount", "comments")):
        found = {post: value for (post, _), value in values(office, "youtube", metric, "instant").items() if post}
        counts = {id: server.youtube.counts_of(id) for id in wanted}
        assert found == {id: int(counts[id][name]) for id in wanted if name in counts[id]}, metric
    gaps = office.run("history", "--json", "--platform", "youtube").json["gaps"]
    assert {(one["post"], one["metric"], one["reason"]) for one in gaps if one["post"]} == {
        ("vid-45", "likes", "hidden"), ("vid-12", "comments", "hidden"),
    }  # fmt: skip


def test_the_channels_windows_are_the_servers_own(seen: tuple[Office, Elsewhere]) -> None:
    """Countries, sources and ages of the windows that were asked for; genders are too few to be told."""
    office, server = seen
    views = values(office, "youtube", "views", "28d")
    ends = {at for about, at in views if about == ""}
    assert len(ends) == 2
    for end in ends:
        last = date.fromisoformat(end)
        days = (last - timedelta(days=27), last)
        expected = {"": server.analytics.told("", ["views"], *days)[""][0]}
        for by, word in (("country", "country:"), ("insightTrafficSourceType", "source:"), ("video", "")):
            expected |= {word + label: row[0] for label, row in server.analytics.told(by, ["views"], *days).items()}
        assert {about: value for (about, at), value in views.items() if at == end} == expected
    shares = {about: value for (about, _), value in values(office, "youtube", "youtube.viewers_share", "28d").items()}
    assert shares == {"age:18-24": "62.50", "age:65+": "37.25", "age:25-34": "0.25"}
    gaps = office.run("history", "--json", "--platform", "youtube").json["gaps"]
    assert {one["reason"] for one in gaps if one["dimension"] == "gender" and one["to"] in ends} == {"below_floor"}


def test_every_day_of_the_site_is_the_servers_own(seen: tuple[Office, Elsewhere]) -> None:
    """From its first count on, metrics in another order; today is not over; distinct people are asked for by period."""
    office, server = seen
    days = [day for day in days_between(server.property.since, date(2027, 1, 4)) if day.toordinal() % 9]
    for name, metric in (("activeUsers", "users"), ("sessions", "sessions"), ("screenPageViews", "page_views")):
        assert values(office, "website", metric, "day") == {
            ("", str(day)): server.property.value(name, day) for day in days
        }, metric
        semester = {key: value for key, value in values(office, "website", metric, "semester").items() if not key[0]}
        assert semester == {("", "2026-12-31"): server.property.of_window(name, FIRST, date(2026, 12, 31))}
        windows = {key: value for key, value in values(office, "website", metric, "28d").items() if not key[0]}
        assert windows == {
            ("", str(last)): server.property.of_window(name, last - timedelta(days=27), last)
            for last in (date(2027, 1, 4), date(2026, 12, 7))
        }
    assert {at for _, at in values(office, "website", "users", "month")} == {
        "2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31",
    }  # fmt: skip


def test_the_sites_pages_and_places_are_the_servers_own(seen: tuple[Office, Elsewhere]) -> None:
    """A page, a country and a city in another script; none of what names a person or could not be told."""
    office, server = seen
    found = {
        about: value for (about, at), value in values(office, "website", "page_views", "semester").items() if about
    }
    assert found == {
        f"page:{path}": server.property.of_part("screenPageViews", "pagePath", path, FIRST, date(2026, 12, 31))
        for path in ("/", "/beranda/")
    }
    places = {about for about, _ in values(office, "website", "users", "semester") if about}
    assert places == {"country:ID", "country:TL", "city:Ende", "city:Կիև"}
    gaps = office.run("history", "--json", "--platform", "website").json["gaps"]
    assert {(one["dimension"], one["reason"]) for one in gaps if one["dimension"]} == {
        (part, "below_floor") for part in ("page", "country", "city")
    }
    assert {one["to"] for one in gaps if not one["dimension"]} == {"2026-06-19"}


def test_collecting_again_doubled_nothing(seen: tuple[Office, Elsewhere]) -> None:
    """One row for each series and moment, and nothing that was revised by itself."""
    office, _ = seen
    total, distinct = office.rows("SELECT count(*), count(DISTINCT series_id || ' ' || at) FROM readings")[0]

    assert total == distinct > 2_500
    assert office.rows("SELECT count(*) FROM replaced") == [(0,)]


def test_every_reading_stands_in_its_answer_and_replays(seen: tuple[Office, Elsewhere]) -> None:
    """The promise holds for answers of any server: each number at its place, and the same numbers again."""
    office, _ = seen
    stored = {
        (exchange, pointer): Decimal(value).scaleb(-decimals)
        for exchange, pointer, value, decimals in office.rows(
            "SELECT exchange_id, pointer, value, decimals FROM readings JOIN series ON series.id = series_id"
            " JOIN places ON places.id = place_id WHERE origin = 'api'"
        )
    }
    bodies = dict(office.rows("SELECT exchanges.id, packed FROM exchanges JOIN bodies ON sha256 = body"))
    parsed: dict[int, Any] = {}
    for (exchange, pointer), value in stored.items():
        if pointer == "head:/status":
            continue
        if exchange not in parsed:
            parsed[exchange] = json.loads(zlib.decompress(bodies[exchange]), parse_float=Decimal)
        here = parsed[exchange]
        for step in pointer.removeprefix("body:").split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            here = here[int(name)] if isinstance(here, list) else here[name]
        assert (value == 0) if isinstance(here, dict) else (Decimal(str(here)) == value)
    with office.open() as opened:
        replayed = [read_again(snapshot, opened.queries) for snapshot in opened.queries.list_snapshots()]
    again = {
        (one.place.exchange, one.place.pointer): Decimal(one.value).scaleb(-one.measure.places)
        for each in replayed
        for one in each.observations
        if isinstance(one, Reading)
    }
    assert stored.items() <= again.items()
    for reading in office.readings("--platform", "facebook", "--since", "2027-01-02")[-5:]:
        assert office.run("trace", reading["id"], "--json").json["agrees"] is True


def test_no_secret_of_this_server_is_kept(seen: tuple[Office, Elsewhere]) -> None:
    """Its paging addresses carry the Page's key, its sign-ins hand out new ones; none may stay in clear."""
    office, server = seen
    secrets = [
        server.page.token, server.page.secret, server.page.derived, server.instagram.token, server.youtube.key,
        server.oauth.refresh_token, server.oauth.client[1], server.x.token, server.tiktok.first,
        server.tiktok.client[1], server.tiktok.refresh, *server.oauth.given, *server.tiktok.given, "never-kept-either",
    ]  # fmt: skip
    files = b"".join(path.read_bytes() for path in office.home.rglob("*") if path.is_file())
    answers = b"".join(zlib.decompress(packed) for (packed,) in office.rows("SELECT packed FROM bodies"))

    assert len(secrets) >= 14
    for secret in secrets:
        assert secret.encode() not in files + answers, secret


def test_a_retired_metric_and_an_ended_sign_in_cost_only_themselves(office: Office, elsewhere: Elsewhere) -> None:
    """Here too: the gap says why, the account is marked, the others are collected."""
    elsewhere.page.retired = {"page_media_view"}
    elsewhere.analytics.retired = {"engagedViews"}
    elsewhere.youtube.hidden = True
    elsewhere.instagram.expired = True

    ended = office.collect(status=1)

    assert {platform: one["outcome"] for platform, one in ended.items()} == {
        "facebook": "ok", "instagram": "failed", "tiktok": "ok", "website": "ok", "x": "ok", "youtube": "ok",
    }  # fmt: skip
    assert ended["instagram"]["error"]["code"] == "access.expired"
    assert {(one["measure"], one["reason"]) for one in ended["facebook"]["gaps"] if one["reason"] == "retired"} == {
        ("views:account:day", "retired"), ("views:account:28d", "retired"),
    }  # fmt: skip
    hidden = {one["measure"] for one in ended["youtube"]["gaps"] if one["reason"] in ("hidden", "retired")}
    assert {measure for measure in hidden if measure.endswith((":account:now", ":day"))} == {
        "followers:account:now", "youtube.engaged_views:account:day"}  # fmt: skip
    assert office.readings("--platform", "facebook", "--metric", "profile_visits")
    assert [line.split()[1] for line in office.run("accounts", "list").out.splitlines() if "disambung" in line] == [
        "instagram"
    ]


def test_a_run_that_is_killed_here_is_taken_up(page_office: Office, elsewhere: Elsewhere) -> None:
    """Power cuts happen with every server."""
    office, held = page_office, Held(4)
    elsewhere.hold = held
    running = office.start("collect", "now")
    assert held.reached.wait(30)
    running.kill()
    held.after = 1_000
    held.let_go.set()
    office.clock.sleep(60)

    said = office.run("collect", "now", "--json").json

    assert said["recovered"] == 1
    assert said["accounts"][0]["outcome"] == "ok"
    assert len(values(office, "facebook", "clicks", "day")) == (date(2027, 1, 2) - FIRST_OF_PAGE).days + 1
    total, distinct = office.rows("SELECT count(*), count(DISTINCT series_id || ' ' || at) FROM readings")[0]
    assert total == distinct


def test_visits_may_be_counted_by_matomo(elsewhere: Elsewhere, clock: SetClock, tmp_path: Path) -> None:
    """Days keyed in any order, months as texts, no distinct visitors of longer spans: a gap, not a sum."""
    environment = {**own_settings(tmp_path), **only(elsewhere.environment(), "website")}
    office = Office({name: value for name, value in environment.items() if "GA4" not in name}, clock)
    server = elsewhere.matomo

    assert office.collect()["website"]["outcome"] == "ok"

    days = [day for day in days_between(server.since, date(2027, 1, 4)) if server.value("nb_visits", day)]
    for name, metric in (("nb_visits", "sessions"), ("nb_uniq_visitors", "users"), ("nb_pageviews", "page_views")):
        assert values(office, "website", metric, "day") == {("", str(day)): server.value(name, day) for day in days}
    december = sum(server.value("nb_visits", day) for day in days_between(date(2026, 12, 1), date(2026, 12, 31)))
    assert values(office, "website", "sessions", "month")["", "2026-12-31"] == december
    assert values(office, "website", "users", "semester") == {}
    semester = values(office, "website", "sessions", "semester")
    assert semester.keys() == {("", "2026-12-31"), ("country:ID", "2026-12-31")}
    assert values(office, "website", "page_views", "semester")["page:/beranda/", "2026-12-31"] == 12
    gaps = office.run("history", "--json", "--metric", "users").json["gaps"]
    assert {(one["measure"], one["reason"]) for one in gaps} == {
        ("users@matomo:account:day", "empty"),  # before the site was entered
        *((f"users@matomo:account:{span}", "not_offered") for span in ("28d", "quarter", "semester")),
    }
    assert elsewhere.refused == []


def test_instagram_may_sign_in_without_a_page(elsewhere: Elsewhere, office: Office) -> None:
    """The other way in has the same account, whose number comes as a number."""
    office.environment = only(office.environment, "instagram")
    office.environment |= {"INSTAGRAM_LOGIN": "instagram", "INSTAGRAM_USER_ID": ""}

    ended = office.collect()["instagram"]

    assert (ended["outcome"], ended["account"]) == ("ok", "KPU.Lain")
    assert office.rows("SELECT external_id FROM accounts") == [(elsewhere.instagram.id,)]
    assert levels(office, "instagram") == {"followers": {999}, "following": {12}, "posts": {0}}


def test_a_key_for_public_figures_is_enough_for_the_channel(elsewhere: Elsewhere, office: Office) -> None:
    """Without the owner's sign-in there are counts and videos, no days, and no gaps that nobody expects."""
    office.environment = only(office.environment, "youtube")
    del office.environment["YOUTUBE_REFRESH_TOKEN"]

    ended = office.collect()["youtube"]

    assert ended["outcome"] == "ok"
    assert {one["precision"] for one in office.readings()} == {"instant"}
    assert {one["about"][:4] for one in ended["gaps"]} == {"vid-"}
    assert elsewhere.refused == []


def test_a_later_week_asks_for_the_new_days_alone(page_office: Office, elsewhere: Elsewhere) -> None:
    """What was answered is not asked for again, but for the days that the platform still revises."""
    office = page_office
    office.collect()
    asked: list[tuple[str, str]] = []
    elsewhere.hold = lambda question: asked.append((question.query.get("since", ""), question.query.get("metric", "")))
    office.clock.move_to(START + timedelta(days=7))

    office.collect()

    (since,) = {since for since, metric in asked if metric.startswith("page_follows,")}
    assert since == "2026-12-27"
    days = [at for _, at in values(office, "facebook", "clicks", "day")]
    assert days[-1] == "2027-01-09"
    assert len(days) == len(set(days)) == (date(2027, 1, 9) - FIRST_OF_PAGE).days + 1
