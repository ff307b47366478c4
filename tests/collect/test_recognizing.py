"""Every snapshot sees whose figures they are before it stores one, on each platform and for as little as can be."""

from datetime import timedelta
from typing import Any

import pytest
from toy import FOLLOWERS, Play, rows_of

from collector.collect.run import Selection
from collector.demo.standin import Fault, StandIn, telling
from collector.store import schema
from collector.wiring import Application
from connectors.kit import AccessError, OtherAccountError, PlatformError, Profile, Request, ShapeError, UnreachableError


def collect(application: Application, platform: str) -> Any:
    [outcome] = application.collecting.run("test", Selection(platforms=(platform,))).outcomes
    return outcome


OTHERS = {
    "instagram": ({"INSTAGRAM_LOGIN": "instagram", "INSTAGRAM_USER_ID": ""}, "/me", {"user_id": "17841499999999999"}),
    "youtube": (
        {"YOUTUBE_CHANNEL_ID": "", "YOUTUBE_API_KEY": ""},
        "/channels.*mine=true",
        {"id": "UCother000000000000000aa"},
    ),
    "tiktok": ({"TIKTOK_BUSINESS_ID": "", "TIKTOK_BUSINESS_REFRESH_TOKEN": ""}, "/user/info", {"open_id": "other"}),
    "x": ({}, "/users/me", {"id": "4242"}),
}
"""How the sign-in alone says which account it is, and an answer by which it is another."""


@pytest.mark.parametrize("platform", OTHERS)
def test_no_platform_writes_another_accounts_figures(
    platform: str, environment: dict[str, str], standin: StandIn, early: Any, request: Any
) -> None:
    """A key that answers for somebody else from one night to the next: nothing is stored, one question is put."""
    without, where, members = OTHERS[platform]
    environment.update(without)
    application: Application = request.getfixturevalue("application")
    assert collect(application, platform).result in ("ok", "partial")
    stored = [len(rows_of(application, table)) for table in (schema.readings, schema.posts, schema.coverage)]
    account = next(one for one in application.queries.list_accounts() if one.platform == platform)

    standin.faults.append(Fault(rf"{where}\b", telling(members), times=None))
    early.move_to(early.now() + timedelta(days=1))
    outcome = collect(application, platform)

    assert (outcome.result, outcome.problem.code) == ("failed", "access.other_account")
    assert [len(rows_of(application, table)) for table in (schema.readings, schema.posts, schema.coverage)] == stored
    [finding] = application.findings.list_all()
    assert (finding.code, finding.account_id, finding.about) == ("account.other_id", account.id, *members.values())


def test_a_paid_platform_is_not_asked_who_it_is(
    environment: dict[str, str], standin: StandIn, early: Any, request: Any
) -> None:
    """A second question a day would double what the counts of a small account cost; its name comes with them."""
    application: Application = request.getfixturevalue("application")
    collect(application, "x")
    standin.faults.append(Fault("/users/me", telling({"name": "Undian"}), times=None))
    early.move_to(early.now() + timedelta(days=1))
    before = len(standin.asked)

    outcome = collect(application, "x")

    asked = [one.path for one in list(standin.asked)[before:] if one.path.startswith("/2/users/me")]
    assert (asked, outcome.result) == (["/2/users/me"], "ok")
    assert [one.code for one in application.findings.list_all()] == ["account.renamed"]


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        (UnreachableError("no line"), "failed"),  # nothing is stored of which nobody knows whose it is
        (AccessError("the sign-in of the names has ended"), "ok"),  # another sign-in may still collect
        (ShapeError("a name that cannot be read"), "ok"),
        (OtherAccountError("somebody else"), "failed"),
    ],
)
def test_what_a_refused_question_costs(toy: Play, fault: PlatformError, result: str) -> None:
    """Who it is could not be asked: what is passing is waited for, anything else must not end years of collecting."""
    toy.answer("/kantor", _answered(500))
    toy.add("kantor")
    toy.collect()
    known = toy.connector.profile

    def refuse(account: Any, fetch: Any) -> Profile:
        raise fault

    toy.connector.profile = refuse
    assert toy.collect()["kantor"].result == result
    toy.connector.profile = known
    assert toy.collect()["kantor"].result == "ok"


def test_where_another_is_seen_the_connector_is_asked_without_being_told_whom_to_expect(toy: Play) -> None:
    """A connector that compares by itself raises; a person is to be asked of whom it is."""
    toy.answer("/kantor", _answered(500))
    account = toy.add("kantor")
    toy.collect()

    def compare(account: Any, fetch: Any) -> Profile:
        if account.id is not None or "name" in account.settings:
            raise OtherAccountError("expected another")
        return Profile("id-lain", "lain")

    toy.connector.profile = compare
    assert toy.collect()["kantor"].problem.code == "access.other_account"
    [finding] = toy.application.findings.list_all()
    assert (finding.account_id, finding.about) == (account.id, "id-lain")


def test_what_was_read_before_another_account_showed_itself_is_not_lost_nor_mixed(toy: Play) -> None:
    """A paid platform tells it on the way: what came before was this account's, what comes after is not read."""
    toy.answer("/kantor", _answered(500))
    toy.add("kantor", cap="5")

    def script(assignment: Any, fetch: Any) -> Any:
        yield Profile(toy_id, "kantor")
        yield fetch(Request("api", "/kantor"))["followers"].read(FOLLOWERS)

    toy_id = "id-kantor"
    toy.connector.script = script
    assert toy.collect()["kantor"].readings == 1
    toy_id = "id-lain"
    toy.application.clock.sleep(3600)
    outcome = toy.collect()["kantor"]
    assert (outcome.readings, outcome.problem.code) == (0, "access.other_account")
    assert len(toy.rows(schema.readings)) == 1


def _answered(followers: int) -> Any:
    from collector.demo.standin import Answered

    return Answered({"followers": followers})
