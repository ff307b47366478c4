"""X as the stand-in speaks it: one account, its posts, and the sign-in with single-use refresh tokens (x.md §9).

The figures are a function of the clock. The only thing remembered is which refresh tokens were used up, because that
is X's own rule: using one twice ends the whole sign-in. Tokens tell by themselves whether they are X's, so that a home
goes on with a stand-in that was started anew.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any, ClassVar

from collector.demo.contracts.x.consent import FAMILY, PAGE, REDIRECTS, make_page
from collector.demo.contracts.x.posts import POSTS_A_DAY, PROBLEMS, list_posts, problem
from collector.demo.standin import Answered, Asked, Contract, without
from collector.demo.world import World, flow, total

USERNAME = "kpu_contoh"
USER_ID = "1480000000000000001"
OTHER_ID = "1480000000000000002"
CLIENT_ID = "demo-x-client"
CLIENT_SECRET = "demo-x-secret"  # noqa: S105 - opens nothing but the stand-in
REFRESH_TOKEN = "demo-x-refresh"  # noqa: S105 - the stand-in's
APP_BEARER = "demo-x-app-bearer"
SITE = "https://kpu-contoh.example"
SCOPES = "tweet.read users.read offline.access"

_ACCESS = r"demo-x-access-([0-9]{1,12})(?:\.([0-9]{1,3}))?-[0-9a-f]{16}"
_LIFETIME = 7200  # seconds of an access token
_WINDOW = timedelta(minutes=15)
USER_READ, POST_READ, OWNED_READ = 10_000, 5_000, 1_000  # millionths of a US dollar (x.md §1)
_AT_EPOCH = {"followers": 301, "following": 118, "posts": 1_640}


class XContract(Contract):
    """The stand-in of X.

    Switches: `dialect` is "legacy" (both are understood, each answers in its own words) or "current" (the older one is
    dropped without a word, or refused with `refuses_fields`), `remaining` what is left of the window (0: the answer
    still comes, the next would not), `throttled`, `outage` (401 for good sign-ins), `out_of_credits` (with
    `me_is_free`: all but `/2/users/me`), `usage_capped`, `not_enrolled`, `suspended` and `withheld` (no
    public_metrics) what goes wrong. `billed` is what X would charge, each resource every time: the application is the
    account's own, so that its posts are cheaper with its sign-in.
    """

    slug = "x"
    hosts = ("X_API_URL", "X_AUTHORIZE_URL")
    keys: ClassVar[Mapping[str, str]] = {
        "X_USERNAME": USERNAME,
        "X_CLIENT_ID": CLIENT_ID,
        "X_CLIENT_SECRET": CLIENT_SECRET,
        "X_REFRESH_TOKEN": REFRESH_TOKEN,
        "X_OWN_APP": "ya",
    }

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.dialect = "legacy"
        self.remaining = 74
        self.throttled = False
        self.outage = False
        self.out_of_credits = False
        self.me_is_free = False
        self.refuses_fields = False
        self.billed = 0
        self.usage_capped = False
        self.not_enrolled = False
        self.suspended = False
        self.withheld = False
        self.is_dead = False  # a refresh token was used twice
        self.redirects = set(REDIRECTS)
        self.consent = make_page(world, CLIENT_ID, self.redirects)
        self._used: set[int] = set()
        self._accounts = ["office"]  # who each consent was of; the first was before the stand-in began

    def answer(self, asked: Asked) -> Answered:
        """Answer one request as X would, and charge for what the answer gives."""
        answered = without(self._answer(asked), self.retired)
        if asked.path.startswith("/2/users/") and answered.status == 200 and isinstance(answered.body, dict):
            given = answered.body.get("data", [])
            each = POST_READ if asked.bearer == APP_BEARER else OWNED_READ
            self.billed += len(given) * each if isinstance(given, list) else USER_READ
        return answered

    def _answer(self, asked: Asked) -> Answered:
        if asked.host == "X_AUTHORIZE_URL":
            return self.consent.answer(asked) if asked.path == PAGE else Answered(b"", 404)
        if asked.path == "/2/oauth2/token" and asked.method == "POST":
            return self._token(asked)
        if asked.method != "GET" or not asked.path.startswith("/2/users/"):
            return Answered(b"", 404)  # unknown paths have an empty body
        refused = self._refuse(asked)
        if refused is not None:
            return refused
        if asked.path == "/2/users/me":
            return self._me(asked)
        if asked.path == f"/2/users/{USER_ID}/tweets":
            answered = list_posts(asked, self.world.now(), self.dialect, private=asked.bearer != APP_BEARER,
                                  withheld=self.withheld, refuses=self.refuses_fields)  # fmt: skip
            return replace(answered, headers=self._meter())
        name = asked.path.removeprefix("/2/users/by/username/")
        return self._by_username(name, asked) if name != asked.path else Answered(b"", 404)

    def _token(self, asked: Asked) -> Answered:
        """Give a sign-in for a code, or renew it. What is sent, code or refresh token, is used up by it (x.md §2)."""
        form, basic = asked.form, base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {basic}":
            return flat("unauthorized_client", "Missing valid authorization header", 401)
        if form.get("grant_type") == "authorization_code":
            return self._for_code(form)
        number = number_of(form.get("refresh_token", ""))
        if form.get("grant_type") != "refresh_token" or number is None or self.is_dead:
            return flat("invalid_request", "Value passed for the token was invalid.")
        if number in self._used:
            self.is_dead = True
            return flat("invalid_request", "Value passed for the token was invalid.")
        self._used.add(number)
        return self._give(number + 1, SCOPES)

    def _for_code(self, form: Mapping[str, str]) -> Answered:
        allowed = self.consent.use(form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier", ""))
        if isinstance(allowed, str):
            what = {"code": "authorization code", "redirect": "redirect uri", "verifier": "code verifier"}[allowed]
            return flat("invalid_request", f"Value passed for the {what} was invalid.")
        self._accounts.append(allowed.account)
        self.is_dead = False
        return self._give((len(self._accounts) - 1) * FAMILY, " ".join(allowed.scopes))

    def _give(self, number: int, scope: str) -> Answered:
        given = {
            "token_type": "bearer", "expires_in": _LIFETIME, "scope": scope,
            "access_token": access_token(int(self.world.now().timestamp()), number // FAMILY),
        }  # fmt: skip
        return Answered({**given, **({"refresh_token": refresh_token(number)} if "offline" in scope else {})})

    def _refuse(self, asked: Asked) -> Answered | None:
        if self.outage or not (asked.bearer == APP_BEARER or self._is_user(asked.bearer)):
            return Answered({"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"},
                            401, self._meter())  # fmt: skip
        if self.not_enrolled:
            return problem(403, "client-forbidden", "Client Forbidden", "When authenticating requests to the API v2 "
                           "endpoints, you must use keys and tokens from a developer App that is attached to a "
                           "Project.", reason="client-not-enrolled",
                           required_enrollment="Appropriate Level of API Access")  # fmt: skip
        if self.out_of_credits and not (
            self.me_is_free and asked.path == "/2/users/me"
        ):  # the meters still look healthy
            return problem(402, "credits", "CreditsDepleted", "Your enrolled account [1] does not have any credits to "
                           "fulfill this request.", headers=self._meter())  # fmt: skip
        if self.usage_capped:
            return problem(429, "usage-capped", "UsageCapExceeded", "Usage cap exceeded: Monthly product cap",
                           headers=self._meter(), period="Monthly", scope="Product")  # fmt: skip
        if self.throttled:
            return Answered({"title": "Too Many Requests", "type": "about:blank", "status": 429,
                             "detail": "Too Many Requests"}, 429, self._meter(remaining=0))  # fmt: skip
        return None

    def _is_user(self, bearer: str) -> bool:
        issued = re.fullmatch(_ACCESS, bearer)
        if self.is_dead or issued is None or bearer != access_token(int(issued[1]), int(issued[2] or 0)):
            return False
        return 0 <= self.world.now().timestamp() - int(issued[1]) < _LIFETIME

    def _is_other(self, bearer: str) -> bool:
        issued = re.fullmatch(_ACCESS, bearer)
        consent = int(issued[2] or 0) if issued else 0
        return consent < len(self._accounts) and self._accounts[consent] == "other"

    def _me(self, asked: Asked) -> Answered:
        if asked.bearer == APP_BEARER:
            return problem(403, "unsupported-authentication", "Unsupported Authentication", "Authenticating with OAuth "
                           "2.0 Application-Only is forbidden for this endpoint.", headers=self._meter())  # fmt: skip
        return Answered({"data": self._user(asked)}, 200, self._meter())

    def _by_username(self, name: str, asked: Asked) -> Answered:
        """Look a name up; what is not to be had is a 200 that holds only errors (x.md §4)."""
        if not re.fullmatch(r"[A-Za-z0-9_]{1,15}", name):
            return problem(400, "invalid-request", "Invalid Request", "One or more parameters to your request was "
                           "invalid.", headers=self._meter())  # fmt: skip
        error = {"value": name, "resource_type": "user", "parameter": "username", "resource_id": name}
        if name.casefold() != USERNAME:
            error |= {"title": "Not Found Error", "detail": f"Could not find user with username: [{name}].",
                      "type": f"{PROBLEMS}resource-not-found"}  # fmt: skip
            return Answered({"errors": [error]}, 200, self._meter())
        if self.suspended:
            error |= {"title": "Forbidden", "detail": f"User has been suspended: [{name}].",
                      "type": f"{PROBLEMS}resource-unavailable"}  # fmt: skip
            return Answered({"errors": [error]}, 200, self._meter())
        return Answered({"data": self._user(asked)}, 200, self._meter())

    def _user(self, asked: Asked) -> dict[str, Any]:
        """Return the account with the fields asked for; names that X does not know are dropped without a word."""
        today = self.world.today
        grown = total("x.gained", today, 0.6) - total("x.lost", today, 0.35)
        posts = _AT_EPOCH["posts"] + total("x.posts", today, POSTS_A_DAY)
        whole: dict[str, Any] = {
            "name": "KPU Contoh",
            "username": USERNAME,
            "created_at": "2015-03-09T02:11:40.000Z",
            "verified": False,
            "url": "https://t.co/kpucontoh",
            "entities": {
                "url": {
                    "urls": [
                        {
                            "start": 0,
                            "end": 22,
                            "url": "https://t.co/kpucontoh",
                            "expanded_url": SITE,
                            "display_url": SITE.removeprefix("https://"),
                        }
                    ]
                }
            },
            "public_metrics": {
                "followers_count": _AT_EPOCH["followers"] + grown,
                "following_count": _AT_EPOCH["following"] + flow("x.following", today.replace(day=1), 4),
                "tweet_count" if self.dialect == "legacy" else "post_count": posts,
                "listed_count": 3,
                "like_count": 412,
            },
        }
        if self.withheld:
            del whole["public_metrics"]
        if self._is_other(asked.bearer):
            whole |= {"name": "Budi", "username": "budi_pribadi"}
            del whole["entities"], whole["url"]
        asked_for = {"name", "username", *asked.query.get("user.fields", "").split(",")}
        number = OTHER_ID if self._is_other(asked.bearer) else USER_ID
        return {"id": number, **{name: value for name, value in whole.items() if name in asked_for}}

    def _meter(self, remaining: int | None = None) -> dict[str, str]:
        """Return the three rate headers; the window is the running quarter of an hour."""
        now, length = int(self.world.now().timestamp()), int(_WINDOW.total_seconds())
        return {
            "x-rate-limit-limit": "75",
            "x-rate-limit-remaining": str(self.remaining if remaining is None else remaining),
            "x-rate-limit-reset": str(now - now % length + length),
        }


def access_token(issued: int, consent: int = 0) -> str:
    """Return the access token given out at a second; it can be told again without being remembered."""
    number = f"{issued}.{consent}" if consent else f"{issued}"
    return f"demo-x-access-{number}-{_seal(f'access {number}')}"


def refresh_token(number: int) -> str:
    """Return the refresh token after `number` renewals; the first is the one that connecting gave."""
    return REFRESH_TOKEN if number == 0 else f"{REFRESH_TOKEN}-{number}-{_seal(f'refresh {number}')}"


def number_of(token: str) -> int | None:
    """Return how many renewals led to a refresh token, None where it is not one of X's."""
    written = re.fullmatch(rf"{REFRESH_TOKEN}(?:-([0-9]{{1,9}})-[0-9a-f]{{16}})?", token)
    number = int(written[1] or 0) if written else None
    return number if number is not None and token == refresh_token(number) else None


def _seal(text: str) -> str:
    return sha256(f"{REFRESH_TOKEN} {text}".encode()).hexdigest()[:16]


def flat(error: str, description: str, status: int = 400) -> Answered:
    """Make a fault in the sign-in address's form."""
    return Answered({"error": error, "error_description": description}, status)


CONTRACT = XContract
