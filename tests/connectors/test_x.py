"""The quirks of X: two dialects, faults inside a 200, money, meters, and refresh tokens that work once."""

import base64
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from pydantic import ValidationError

from collector.demo.contracts.x import (
    APP_BEARER,
    CLIENT_ID,
    CLIENT_SECRET,
    REFRESH_TOKEN,
    SITE,
    USER_ID,
    USERNAME,
    XContract,
    access_token,
    refresh_token,
)
from collector.demo.standin import Answered, Asked
from collector.demo.world import World
from connectors.kit import (
    Account,
    Exchange,
    Gap,
    NotOfferedError,
    OtherAccountError,
    Reading,
    Reason,
    Request,
    SettingError,
    Subject,
)
from connectors.x import CONNECTOR, XKeys
from connectors.x.measures import COUNTS as ACCOUNT_COUNTS
from connectors.x.measures import OF_POSTS
from connectors.x.prices import USER_READ

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
COUNTS = ["followers:account:now", "following:account:now", "posts:account:now"]
APP_ONLY = {"username": USERNAME, "bearer_token": APP_BEARER}
RESET = int(NOW.timestamp()) + 420


@pytest.fixture
def contract() -> XContract:
    return XContract(World(lambda: NOW))


def gaps(collected) -> list[tuple[str, Reason]]:
    """List what is missing of the account itself."""
    return [(gap.measure.key, gap.reason) for gap in collected.all(Gap) if gap.measure.subject is Subject.ACCOUNT]


def counts(collected) -> list[Reading]:
    """List what was read of the account itself."""
    return [one for one in collected.all(Reading) if one.measure.subject is Subject.ACCOUNT]


def exchange_of(
    body: bytes | dict, status: int = 200, *, headers: dict[str, str] | None = None, path: str = "/2/users/me"
) -> Exchange:
    encoded = body if isinstance(body, bytes) else Answered(body).encoded()[0]
    return Exchange(1, Request("api", path), status, headers or {}, encoded, NOW)


# Counts


@pytest.mark.parametrize(("dialect", "name"), [("legacy", "tweet_count"), ("current", "post_count")])
@pytest.mark.parametrize("keys", [None, APP_ONLY], ids=["user", "app"])
def test_the_counts_are_read_in_both_dialects(ask, contract, dialect, name, keys):
    """X renamed its fields and answers in either vocabulary; both ways of signing in see the same."""
    contract.dialect = dialect
    talk = ask(contract, CONNECTOR, keys)
    collected = talk.collect(talk.assignment(DAY, DAY))

    assert collected.error is None
    assert [one.measure.key for one in counts(collected)] == COUNTS
    assert collected.all(Reading, "posts:account:now")[0].place.pointer == f"body:/data/public_metrics/{name}"
    assert 300 <= collected.all(Reading, "followers:account:now")[0].value <= 1700


def test_the_accounts_own_sign_in_comes_first(ask, contract):
    """`/2/users/me` is the one request that was seen to answer without credit."""
    both = ask(contract, CONNECTOR, {**ask(contract, CONNECTOR).keys, "bearer_token": APP_BEARER})
    both.collect(both.assignment(DAY, DAY))
    app = ask(contract, CONNECTOR, APP_ONLY)
    app.collect(app.assignment(DAY, DAY))

    posts = f"/2/users/{USER_ID}/tweets"
    assert {(one.request.path, one.request.auth) for one in both.exchanges} == {
        ("/2/users/me", "user"),
        (posts, "user"),
    }
    assert {(one.request.path, one.request.auth) for one in app.exchanges} == {
        (f"/2/users/by/username/{USERNAME}", "app"), (posts, "app"),
    }  # fmt: skip


def test_counts_that_did_not_arrive_are_gaps(ask, contract):
    """X drops what it does not want to give without a word; none of it may become a zero."""
    contract.withheld = True
    talk = ask(contract, CONNECTOR)

    assert gaps(talk.collect(talk.assignment(DAY, DAY))) == [(key, Reason.NOT_OFFERED) for key in COUNTS]


def test_one_missing_count_costs_only_itself(ask, contract):
    """Empty fields are left out one by one."""
    whole = contract._user

    def without(asked: Asked) -> dict:
        user = whole(asked)
        del user["public_metrics"]["following_count"]
        return user

    contract._user = without
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(DAY, DAY))

    assert gaps(collected) == [("following:account:now", Reason.NOT_OFFERED)]
    assert len(counts(collected)) == 2


def test_a_nought_that_is_printed_is_a_nought(ask, contract):
    """An account that follows nobody is no gap."""
    whole = contract._user
    contract._user = lambda asked: {**whole(asked), "public_metrics": {"followers_count": 5, "following_count": 0}}
    talk = ask(contract, CONNECTOR)

    assert talk.collect(talk.assignment(DAY, DAY)).all(Reading, "following:account:now")[0].value == 0


# Whose counts


def test_check_says_who_the_account_is(ask, contract):
    """The id stays when the name changes."""
    profile = ask(contract, CONNECTOR).check()

    assert (profile.id, profile.handle, profile.name) == (USER_ID, USERNAME, "KPU Contoh")
    assert profile.link == f"https://x.com/{USERNAME}"
    assert profile.bio_link == SITE


@pytest.mark.parametrize(
    ("shown", "link"),
    [
        ({"url": "https://t.co/a"}, "https://t.co/a"),
        ({"url": "https://t.co/a", "entities": {"url": {"urls": []}}}, "https://t.co/a"),
        ({"entities": {"url": {"urls": [{"url": "https://t.co/a"}]}}}, "https://t.co/a"),
        ({"entities": {"description": {}}}, ""),
    ],
)
def test_the_address_in_the_profile_may_be_short_or_missing(ask, contract, shown, link):
    """X shortens addresses and leaves empty members out; a profile without one is a profile."""
    whole = contract._user

    def instead(asked: Asked) -> dict:
        return {name: value for name, value in whole(asked).items() if name not in ("url", "entities")} | shown

    contract._user = instead

    assert ask(contract, CONNECTOR).check().bio_link == link


def test_check_falls_back_to_the_username(ask, contract):
    """A display name may be empty, and X leaves empty fields out."""
    whole = contract._user
    contract._user = lambda asked: {name: value for name, value in whole(asked).items() if name != "name"}

    assert ask(contract, CONNECTOR).check().name == USERNAME


def test_the_sign_in_of_another_account_is_refused(ask, contract):
    """`/2/users/me` answers for whoever signed in: its counts must not be stored as the office's."""
    talk = ask(contract, CONNECTOR, {**ask(contract, CONNECTOR).keys, "username": "kpu_lain"})
    collected = talk.collect(talk.assignment(DAY, DAY))

    assert collected.all(Reading) == []
    assert collected.error.code == "setting.other_account"
    assert collected.error.place.pointer == "body:/data/username"


def test_a_name_that_went_to_somebody_else_is_refused(ask, contract):
    """Names are given to others after a change; the known id decides."""
    talk = ask(contract, CONNECTOR, APP_ONLY)
    stranger = replace(talk.account, id="999")
    collected = talk.collect(talk.assignment(DAY, DAY, account=stranger))

    [seen] = collected.observations
    assert (seen.id, seen.handle, seen.bio_link) == (USER_ID, USERNAME, None), "who answers is told, and nothing else"
    assert isinstance(collected.error, OtherAccountError)
    assert collected.error.place.pointer == "body:/data/id"


def test_a_renamed_account_is_still_the_same(ask, contract):
    """With the id known, the sign-in of the account goes on after a change of name."""
    talk = ask(contract, CONNECTOR, {**ask(contract, CONNECTOR).keys, "username": "nama_lama"})
    bound = replace(talk.account, id=USER_ID)

    assert talk.collect(talk.assignment(DAY, DAY, account=bound)).error is None


@pytest.mark.parametrize("written", ["@kpu_contoh", " kpu_contoh ", "KPU_Contoh"])
def test_a_username_may_be_written_as_people_write_it(ask, contract, written):
    """With @, spaces or capitals it is the same account."""
    talk = ask(contract, CONNECTOR, {**APP_ONLY, "username": written})

    assert talk.collect(talk.assignment(DAY, DAY)).error is None


def test_without_a_configured_name_the_accounts_handle_is_asked_for(ask, contract):
    """An account made by hand has a handle and no setting."""
    talk = ask(contract, CONNECTOR, APP_ONLY)
    bare = Account(None, "@kpu_contoh", {}, frozenset(APP_ONLY))

    assert talk.collect(talk.assignment(DAY, DAY, account=bare)).error is None


@pytest.mark.parametrize("written", ["", "kpu/../me", "nama terlalu panjang sekali", "kpu?x=1"])
def test_a_name_that_can_be_none_is_not_asked_for(ask, contract, written):
    """It would become part of the address, and each request costs money."""
    talk = ask(contract, CONNECTOR, {**APP_ONLY, "username": written})
    collected = talk.collect(talk.assignment(DAY, DAY))

    assert collected.error.code == "setting.username"
    assert talk.asked == []


def test_an_unknown_name_is_a_wrong_setting(ask, contract):
    """X answers 200 with nothing but errors: no counts, and certainly no zeros."""
    talk = ask(contract, CONNECTOR, {**APP_ONLY, "username": "nosuch"})
    collected = talk.collect(talk.assignment(DAY, DAY))

    assert collected.observations == ()
    assert collected.error.code == "setting.username_not_found"
    assert collected.error.place.pointer == "body:/errors/0"


def test_a_suspended_account_leaves_gaps_and_is_told(ask, contract):
    """Older figures stay; what is missing now has its reason, and somebody has to hear of it."""
    contract.suspended = True
    talk = ask(contract, CONNECTOR, APP_ONLY)
    collected = talk.collect(talk.assignment(DAY, DAY))

    assert gaps(collected) == [(key, Reason.NOT_OFFERED) for key in COUNTS]
    assert collected.error.code == "not_offered.account"


# Money


def test_each_request_names_its_price(ask, contract):
    """The shell adds the prices up; a user is a cent, a post half a one, and a tenth where the application is owned."""
    for keys, price in ((None, 1_000), (APP_ONLY, 5_000), ({**APP_ONLY, "own_app": "ya"}, 5_000)):
        talk = ask(contract, CONNECTOR, keys)
        talk.collect(talk.assignment(DAY, DAY))

        assert talk.exchanges[0].request.cost == USER_READ == 10_000
        listed = talk.exchanges[1].request
        assert listed.cost == int(listed.params["max_results"]) * price


def test_a_request_beyond_the_budget_is_not_made(ask, contract):
    """The office's cap holds before anything is spent; a budget that just suffices is used."""
    talk = ask(contract, CONNECTOR)
    beyond = talk.collect(talk.assignment(DAY, DAY, budget=USER_READ - 1))
    asked = len(talk.asked)
    enough = talk.collect(talk.assignment(DAY, DAY, budget=USER_READ))

    assert gaps(beyond) == [(key, Reason.BUDGET) for key in COUNTS]
    assert (beyond.error, asked) == (None, 0)
    assert len(enough.all(Reading)) == 3
    assert {gap.reason for gap in enough.all(Gap)} == {Reason.BUDGET}
    assert {gap.measure for gap in beyond.all(Gap)} == {*ACCOUNT_COUNTS, *OF_POSTS}


def test_used_up_credit_leaves_gaps_and_asks_for_money(ask, contract):
    """Asking again would not help, however healthy the meters look."""
    contract.out_of_credits = True
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(DAY, DAY))

    assert gaps(collected) == [(key, Reason.BUDGET) for key in COUNTS]
    assert collected.error.code == "not_offered.credits"
    assert "manual" in collected.error.hint.id


def test_a_used_up_cap_is_no_throttling(ask, contract):
    """A 429 of the monthly or spending limit does not pass with the window."""
    contract.usage_capped = True
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(DAY, DAY))

    assert gaps(collected) == [(key, Reason.BUDGET) for key in COUNTS]
    assert isinstance(collected.error, NotOfferedError)
    assert collected.error.code == "not_offered.usage_cap"


@pytest.mark.parametrize(
    ("settings", "cap"), [({}, 5_000_000), ({"yearly_cap_usd": "0"}, 0), ({"yearly_cap_usd": "3.65"}, 3_650_000)]
)
def test_the_yearly_cap_is_in_millionths(settings, cap):
    """Five dollars where nothing is set; nought means never to ask."""
    assert CONNECTOR.yearly_cap(Account(None, USERNAME, settings)) == cap


def test_the_cap_is_a_sum_of_money():
    """A negative one is refused where it is typed."""
    assert XKeys().yearly_cap_usd == Decimal(5)
    with pytest.raises(ValidationError):
        XKeys(yearly_cap_usd=-1)


# Faults


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"title": "Invalid Request", "type": "https://api.x.com/2/problems/invalid-request"}, "shape.refused"),
        (400, {"errors": [{"message": "Rate limit exceeded", "code": 88}]}, "throttled.rate"),
        (401, {"title": "Unauthorized", "type": "about:blank"}, "access.expired"),
        (401, b"", "access.expired"),
        (403, {"errors": [{"message": "Invalid or expired token", "code": 89}]}, "access.expired"),
        (402, {"title": "Payment Required", "type": "https://api.x.com/2/problems/credits-depleted"},
         "not_offered.credits"),
        (403, {"type": "https://api.twitter.com/2/problems/client-forbidden"}, "setting.not_enrolled"),
        (403, {"reason": "client-not-enrolled"}, "setting.not_enrolled"),
        (403, {"type": "https://api.x.com/2/problems/unsupported-authentication"}, "setting.sign_in_kind"),
        (403, {"type": "https://api.x.com/2/problems/oauth1-permissions"}, "setting.access_level"),
        (403, {"errors": [{"code": 453, "message": "You currently have access to a subset"}]}, "setting.access_level"),
        (403, {"type": "https://api.x.com/2/problems/not-authorized-for-resource"}, "not_offered.not_permitted"),
        (404, {"type": "https://api.x.com/2/problems/resource-not-found"}, "not_offered.not_found"),
        (404, b"", "not_offered.not_found"),
        (403, b"<html>proxy</html>", "unreachable"),
        (302, b"<html>moved</html>", "unreachable"),
        (408, {}, "unreachable"),
        (503, {"title": "Service Unavailable"}, "unreachable"),
        (429, {"title": "Too Many Requests", "type": "about:blank"}, "throttled.rate"),
        (429, {"type": "https://api.twitter.com/2/problems/usage-capped"}, "not_offered.usage_cap"),
    ],
)  # fmt: skip
def test_each_fault_says_what_happens_next(status, body, code):
    """Wait, connect again, pay, mend the set-up or skip are different things."""
    fault = CONNECTOR.diagnose(exchange_of(body, status))

    assert fault.code == code
    assert fault.message.startswith(f"/2/users/me: status {status}")


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"error": "invalid_request", "error_description": "Value passed for the token was invalid."},
         "access.expired"),
        (400, {"error": "invalid_grant"}, "access.expired"),
        (401, {"error": "unauthorized_client", "error_description": "Missing valid authorization header"},
         "setting.client"),
        (403, {"type": "https://api.x.com/2/problems/client-forbidden"}, "setting.client"),
        (503, {"error": "invalid_request"}, "unreachable"),
        (400, b"<html>proxy</html>", "unreachable"),
        (429, {"error": "slow down"}, "throttled.rate"),
    ],
)  # fmt: skip
def test_each_fault_of_the_sign_in_says_what_happens_next(status, body, code):
    """A used refresh token needs a new sign-in, a forgotten secret does not, a blip needs nothing."""
    fault = CONNECTOR.diagnose(exchange_of(body, status, path="/2/oauth2/token"))

    assert fault.code == code


def test_the_platforms_own_words_are_kept():
    """Support begins with what the platform said, in whichever frame."""
    bodies = [{"detail": "said"}, {"errors": [{"message": "said"}]}, {"error_description": "said"}, {"error": "said"}]

    assert {CONNECTOR.diagnose(exchange_of(body, 403)).message for body in bodies} == {"/2/users/me: status 403: said"}


ODD = [b"", b"null", b"[]", b"7", b"<html>", b'{"errors":{}}', b'{"errors":[]}', b'{"errors":[null]}', b'{"type":7}',
       b'{"errors":[{"code":"88","type":[]}]}', b'{"error":{"code":1}}', b'{"data":null', b"\xff"]  # fmt: skip


@pytest.mark.parametrize("body", ODD)
@pytest.mark.parametrize("status", [204, 302, 400, 401, 402, 403, 404, 418, 429, 500])
def test_no_body_is_too_odd_to_diagnose(body, status):
    """A diagnosis that fails would hide the fault itself."""
    for path in ("/2/users/me", "/2/oauth2/token"):
        fault = CONNECTOR.diagnose(exchange_of(body, status, path=path))

        assert fault is not None or status == 204


@pytest.mark.parametrize("body", [{"data": {"id": "1"}}, {"data": {"id": "1"}, "errors": [{"title": "partial"}]}, {}])
def test_errors_beside_data_are_no_fault(body):
    """A 200 that has its data is a good answer."""
    assert CONNECTOR.diagnose(exchange_of(body)) is None


# Meters


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(RESET)}, 420),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(RESET - 410)}, 60),
        ({"x-rate-limit-remaining": "5", "x-rate-limit-reset": str(RESET)}, 900),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(RESET),
          "x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": str(RESET + 5000)}, 5420),
        ({"retry-after": "120"}, 120),
        ({"retry-after": "5"}, 60),
        ({}, 900),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "soon"}, 900),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "99999999999999"}, 900),
    ],
)  # fmt: skip
def test_throttling_ends_with_the_latest_used_up_meter(headers, seconds):
    """At least a minute; without a readable meter a whole window of a quarter of an hour."""
    fault = CONNECTOR.diagnose(exchange_of({"title": "Too Many Requests"}, 429, headers=headers))

    assert fault.until - NOW == timedelta(seconds=seconds)


def test_a_used_up_meter_on_a_good_answer_asks_for_a_pause(ask, contract):
    """The next request would be refused; with something left nothing is asked for."""
    talk = ask(contract, CONNECTOR)
    talk.collect(talk.assignment(DAY, DAY))
    before = {CONNECTOR.pause_until(one) for one in talk.exchanges}
    contract.remaining = 0
    talk.collect(talk.assignment(DAY, DAY))

    assert (before, CONNECTOR.pause_until(talk.exchanges[-1])) == ({None}, NOW + timedelta(minutes=15))


def test_a_reset_that_has_passed_asks_for_nothing():
    """A meter of the window before is no reason to stay away."""
    past = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(NOW.timestamp()))}

    assert CONNECTOR.pause_until(exchange_of({}, headers=past)) is None


# The stand-in itself


def send(contract: XContract, token: str, *, basic: str = f"{CLIENT_ID}:{CLIENT_SECRET}", **form: str) -> Answered:
    headers = {"authorization": f"Basic {base64.b64encode(basic.encode()).decode()}"} if basic else {}
    body = urlencode({"grant_type": "refresh_token", "refresh_token": token, "client_id": CLIENT_ID, **form}).encode()
    return contract.answer(Asked("X_API_URL", "POST", "/2/oauth2/token", {}, headers, body))


def me(contract: XContract, bearer: str, path: str = "/2/users/me", **query: str) -> Answered:
    return contract.answer(Asked("X_API_URL", "GET", path, query, {"authorization": f"Bearer {bearer}"}))


def test_a_refresh_token_works_once_and_a_second_use_ends_the_sign_in(contract):
    """The most expensive mistake with X: the whole family of tokens dies."""
    first = send(contract, REFRESH_TOKEN).body
    second = send(contract, first["refresh_token"]).body

    assert me(contract, second["access_token"]).status == 200
    assert send(contract, first["refresh_token"]).status == 400
    assert send(contract, second["refresh_token"]).status == 400
    assert me(contract, second["access_token"]).status == 401


def test_a_stand_in_started_anew_knows_its_own_tokens(contract):
    """A home that is used with a new stand-in goes on where it was; made-up tokens do not."""
    later = send(contract, refresh_token(57))

    assert later.body["refresh_token"] == refresh_token(58)
    assert send(contract, f"{REFRESH_TOKEN}-58-{'0' * 16}").status == 400
    assert send(contract, "something-else").status == 400


@pytest.mark.parametrize("basic", ["", "wrong:secret"])
def test_a_confidential_client_has_to_name_itself(contract, basic):
    """Without its Basic header X answers 401, and the token is not used up."""
    assert send(contract, REFRESH_TOKEN, basic=basic).status == 401
    assert send(contract, REFRESH_TOKEN).status == 200


def test_an_access_token_lives_two_hours(contract):
    """By the world's clock, so that seeding with a moving clock renews it."""
    then = [NOW]
    contract.world = World(lambda: then[0])
    token = access_token(int(NOW.timestamp()))
    then[0] += timedelta(seconds=7199)
    before = me(contract, token).status
    then[0] += timedelta(seconds=1)

    assert (before, me(contract, token).status) == (200, 401)
    assert me(contract, token.replace("access-1", "access-2")).status == 401


def test_the_stand_in_drops_fields_it_was_not_asked_for(contract):
    """Unknown names are dropped silently, known ones come only if asked for."""
    token = access_token(int(NOW.timestamp()))
    plain = me(contract, token).body["data"]
    asked = me(contract, token, **{"user.fields": "created_at,nonsense"}).body["data"]

    assert set(plain) == {"id", "name", "username"}
    assert set(asked) == {"id", "name", "username", "created_at"}


@pytest.mark.parametrize(
    ("switch", "code"),
    [("throttled", "throttled.rate"), ("outage", "access.expired"), ("not_enrolled", "setting.not_enrolled")],
)
def test_each_switch_gives_the_platforms_own_fault(ask, contract, switch, code):
    """The demo's misbehaviour is the real one's."""
    setattr(contract, switch, True)
    talk = ask(contract, CONNECTOR)

    assert talk.collect(talk.assignment(DAY, DAY)).error.code == code


def test_the_application_alone_may_not_ask_who_it_is(contract):
    """`/2/users/me` needs a user."""
    answered = me(contract, APP_BEARER)

    assert answered.status == 403
    assert isinstance(CONNECTOR.diagnose(exchange_of(answered.encoded()[0], 403)), SettingError)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/2/users/by/username/too_long_for_a_name", 400), ("/2/users/12", 404), ("/2/tweets", 404)],
)
def test_the_stand_in_refuses_what_it_does_not_serve(contract, path, status):
    """Unknown paths have an empty body."""
    assert me(contract, APP_BEARER, path).status == status


def test_the_demo_account_only_depends_on_the_clock():
    """A day seeded later has the same counts as one read then."""
    then = [NOW]
    moving, fresh = XContract(World(lambda: then[0])), XContract(World(lambda: datetime(2026, 3, 1, tzinfo=UTC)))
    me(moving, APP_BEARER, f"/2/users/by/username/{USERNAME}", **{"user.fields": "public_metrics"})
    then[0] = datetime(2026, 3, 1, tzinfo=UTC)
    one, other = (
        me(contract, APP_BEARER, f"/2/users/by/username/{USERNAME}", **{"user.fields": "public_metrics"}).body
        for contract in (moving, fresh)
    )

    assert one == other
    assert one["data"]["public_metrics"]["followers_count"] > 300
