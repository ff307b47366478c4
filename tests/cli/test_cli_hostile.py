"""`collect now` where platforms are at their worst: it ends as documented, doubles nothing, and the next completes."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from office import Office

from collector.clock import SetClock
from collector.demo.standin import Answered, Asked, Fault, StandIn, throttled
from collector.platforms import list_connectors

SIX = {connector.slug for connector in list_connectors()}
BUT_SIGN_IN = r"^(?!.*token/?\?)"
"""Everything but signing in: the keys that are good for one use are used up, whatever becomes of the answer."""

HUGE = b'{"data": "' + b"x" * 50_000_000 + b'"}'


def huge(asked: Asked, good: Answered) -> Answered:
    """Answer with fifty megabytes."""
    return replace(good, body=HUGE, status=200)


def half_zipped(asked: Asked, good: Answered) -> Answered:
    """Answer with a packed body that breaks off."""
    packed = gzip.compress(good.encoded()[0])
    return replace(good, body=packed[: len(packed) * 2 // 3], headers={**good.headers, "Content-Encoding": "gzip"})


def not_doubled(office: Office) -> bool:
    """Whether no account's figure of one moment or day, and no gap, is there twice."""
    readings = office.readings()
    names = ("platform", "account", "metric", "kind", "dimension", "post", "at", "precision", "origin", "source",
             "definition")  # fmt: skip
    keys = [tuple(one[name] for name in names) for one in readings]
    return len(keys) == len(set(keys)) or len({one["id"] for one in readings}) == len(readings)


def completes(office: Office, clock: SetClock, later: timedelta, *platforms: str) -> None:
    """Collect some time later, when all is well again: every account is whole."""
    clock.sleep(later.total_seconds())
    ended = office.collect()
    assert {one["outcome"] for one in ended.values()} == {"ok"}, ended
    assert set(ended) == set(platforms or SIX)
    assert not_doubled(office)


@pytest.mark.parametrize("change", [throttled(3600), huge, half_zipped], ids=["429 storm", "50 MB", "half a gzip"])
def test_a_bad_day_of_all_platforms_at_once_passes(
    office: Office, standin: StandIn, clock: SetClock, change: Callable[[Asked, Answered], Answered]
) -> None:
    """Nothing false is stored, no account is marked for signing in again, and the next run needs nobody."""
    standin.faults.append(Fault(BUT_SIGN_IN, change, times=None))

    ended = office.collect(status=1)

    assert set(ended) == SIX
    for slug, one in ended.items():
        assert one["outcome"] in ("failed", "partial"), slug
        assert one["error"]["code"], slug
        assert one["error"]["hint"], slug
    assert {state for (state,) in office.rows("SELECT state FROM accounts")} == {"active"}
    stored = {one["metric"] for one in office.readings()}
    assert stored <= {"website.http_status"}  # the site's own page is no answer of a platform
    standin.faults.clear()
    completes(office, clock, timedelta(hours=2))


def test_a_sign_in_that_ends_in_the_middle_keeps_what_was_read(
    office_with: Callable[..., Office], standin: StandIn, clock: SetClock
) -> None:
    """What came before stays; the person is told; once connected again, the rest is read and nothing twice."""
    office, page = office_with("facebook"), standin.contracts["facebook"]
    asked_before: list[Asked] = []

    def end(asked: Asked, good: Answered) -> Answered:
        asked_before.append(asked)
        page.expired = len(asked_before) >= 3
        return good

    standin.faults.append(Fault("insights", end, times=None))
    ended = office.collect(status=1)["facebook"]
    assert (ended["outcome"], ended["error"]["code"]) == ("partial", "access.expired")
    assert ended["readings"] > 2
    before = {(one["metric"], one["at"]): one["value"] for one in office.readings() if one["precision"] == "day"}

    standin.faults.clear()
    page.expired = False
    completes(office, clock, timedelta(hours=2), "facebook")
    after = {(one["metric"], one["at"]): one["value"] for one in office.readings() if one["precision"] == "day"}
    assert before.items() <= after.items()
    assert len(after) > len(before)


def test_a_missing_scope_costs_its_own_figures_alone(
    office_with: Callable[..., Office], standin: StandIn, clock: SetClock
) -> None:
    """A permission that was not given is no fault of the day: gaps that name it, status 0, the others are read."""
    office = office_with("facebook", "tiktok")
    standin.contracts["facebook"].denied = {"insights"}
    scopes: set[str] = standin.contracts["tiktok"].display.scopes
    scopes.discard("video.list")

    ended = office.collect()

    assert {one["outcome"] for one in ended.values()} == {"ok"}
    for slug in ("facebook", "tiktok"):
        assert "not_permitted" in {gap["reason"] for gap in ended[slug]["gaps"]}, slug
        assert ended[slug]["readings"] > 0
    standin.contracts["facebook"].denied = set()
    scopes.add("video.list")
    completes(office, clock, timedelta(days=32), "facebook", "tiktok")
    assert {"views", "reach"} <= {one["metric"] for one in office.readings("--platform", "facebook")}


def test_a_cursor_that_never_ends_does_not_hold_the_run(
    office_with: Callable[..., Office], standin: StandIn, clock: SetClock
) -> None:
    """The list is left where it turns in a circle; what it gave is kept, and the rest of the account is read."""
    office = office_with("instagram", "tiktok")
    standin.contracts["tiktok"].display.endless = True
    standin.contracts["instagram"].media.everlasting = True

    ended = office.collect()

    assert {one["outcome"] for one in ended.values()} == {"ok"}
    assert sum(one.path.endswith(("/media", "/video/list/")) for one in standin.asked) < 100
    standin.contracts["tiktok"].display.endless = False
    standin.contracts["instagram"].media.everlasting = False
    completes(office, clock, timedelta(days=1), "instagram", "tiktok")


def test_numbers_beyond_doubles_arrive_whole(office_with: Callable[..., Office], standin: StandIn) -> None:
    """As a number and as a text, through the line, the store and the command; beyond 64 bits nothing is stored."""
    office = office_with("instagram", "x")

    def enlarge(asked: Asked, good: Answered) -> Answered:
        return replace(good, body=_with(good.body, {"followers_count": 2**53 + 1, "follows_count": str(2**53 + 3),
                                                    "following_count": 2**63}))  # fmt: skip

    standin.faults.append(Fault("GET", enlarge, times=None))
    office.run("collect", "now", "--json", status=1)

    values = {(one["platform"], one["metric"]): one["value"] for one in office.readings()
              if one["precision"] == "instant" and not one["post"] and not one["dimension"]}  # fmt: skip
    assert values["instagram", "followers"] == 9_007_199_254_740_993
    assert values["instagram", "following"] == 9_007_199_254_740_995
    assert ("x", "following") not in values


def _with(value: Any, members: dict[str, object]) -> Any:
    """Give members of these names other values, wherever they stand."""
    if isinstance(value, dict):
        return {name: members[name] if name in members else _with(inner, members) for name, inner in value.items()}
    return [_with(inner, members) for inner in value] if isinstance(value, list) else value
