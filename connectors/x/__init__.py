"""X (Twitter): the counts of one account and of its own posts, for as little money as can be.

API v2 as of November 2026 (x.md). With the account's own sign-in (scopes `users.read tweet.read offline.access`) it
asks `/2/users/me`, and of young posts the private figures too; else, with an application's bearer, the public ones by
name. All of it is paid: X has no free tier for new developers, so each request names its price (`prices`), what a
snapshot asks for is planned before (`plan`), and the office's yearly cap is kept. Followers come first; where that is
all that can be paid, posts are gaps that say so.

Known limits: X has no past of an account to ask for, a missed day is lost; gains, losses, impressions and audience of
an account are not to be had (people type the 28-day impressions from X's own screen). Plays of videos are left out:
X does not say what media in an answer cost. X's terms ask government bodies for an Enterprise plan: the office has to
settle that with X before it switches this on (x.md §0).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import SecretStr

from connectors.kit import (
    Account,
    Assignment,
    Bearer,
    Choice,
    Connector,
    Exchange,
    Fetch,
    Host,
    Keys,
    Limits,
    Node,
    NotOfferedError,
    Observation,
    OtherAccountError,
    PlatformError,
    Profile,
    Reason,
    Refreshed,
    Request,
    SettingError,
    ShapeError,
    Words,
    key,
    missing,
)
from connectors.x import faults, prices
from connectors.x.connecting import SHARED, WAYS
from connectors.x.measures import COUNTS, OF_POSTS, WINDOW_IMPRESSIONS
from connectors.x.plan import plan_posts
from connectors.x.posts import Posts
from connectors.x.timeline import Timeline

USER_KEYS = prices.SIGN_IN

_USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")
_FIELDS = {"user.fields": "name,public_metrics,username"}
_PROFILE_FIELDS = {"user.fields": "entities,name,url,username"}


class XKeys(Keys):
    """What an office fills in for its account."""

    username: str | None = key(
        "X_USERNAME",
        Words("Nama pengguna X", "X username"),
        Words("Nama akun tanpa @, misalnya kpu_contoh.", "The account's name without @, for example kpu_contoh."),
    )
    bearer_token: SecretStr | None = key(
        "X_BEARER_TOKEN",
        Words("Kunci aplikasi X", "X application key"),
        Words(
            "Kunci baca (Bearer) dari konsol pengembang X. Setiap pembacaan dibayar dari saldo di X. X meminta badan "
            "pemerintah memakai paket Enterprise: tanyakan dulu kepada X sebelum mengisi ini.",
            "The reading key (Bearer) from X's developer console. Each reading is paid from the credit at X. X asks "
            "government bodies for an Enterprise plan: ask X before you fill this in.",
        ),
    )
    client_id: str | None = key(
        "X_CLIENT_ID",
        Words("ID aplikasi X", "X application ID"),
        Words("Dari konsol pengembang X (Client ID).", "From X's developer console (Client ID)."),
    )
    client_secret: SecretStr | None = key(
        "X_CLIENT_SECRET",
        Words("Rahasia aplikasi X", "X application secret"),
        Words(
            "Ada di samping ID aplikasi X; kosongkan bila aplikasi tidak memilikinya.",
            "Stands beside the X application ID; leave it empty if the application has none.",
        ),
    )
    refresh_token: SecretStr | None = key(
        "X_REFRESH_TOKEN",
        Words("Izin masuk akun X", "X account's sign-in"),
        Words(
            "Didapat saat menyambungkan akun. Hanya berlaku sekali pakai: jangan dipakai juga di program lain. Setiap "
            "pembacaan dibayar dari saldo di X. X meminta badan pemerintah memakai paket Enterprise: tanyakan dulu.",
            "Had by connecting the account. It works only once: do not use it in another program as well. Each reading "
            "is paid from the credit at X. X asks government bodies for an Enterprise plan: ask X first.",
        ),
    )
    yearly_cap_usd: Decimal = key(
        "X_YEARLY_CAP_USD",
        Words("Batas biaya setahun (USD)", "Yearly cost limit (USD)"),
        Words(
            "Program berhenti bertanya ke X bila biaya tahun ini (menurut UTC) akan melewati batas ini; pengikut "
            "didahulukan. 0 berarti tidak pernah bertanya.",
            "The program stops asking X where this year's cost (by UTC) would pass this limit; followers come first. "
            "0 means never to ask.",
        ),
        default=prices.DEFAULT_YEARLY_CAP_USD,
        ge=0,
    )
    own_app: Literal["ya", "tidak", "yes", "no"] | None = key(
        "X_OWN_APP",
        Words("Aplikasi X dibuat dengan akun ini", "The X application was made with this account"),
        Words(
            "Tulis ya bila aplikasi di konsol X dibuat dengan akun X kantor ini sendiri: unggahannya lalu lima kali "
            "lebih murah. Bila ragu, tulis tidak.",
            "Write yes where the application in X's console was made with this very X account: its posts are then "
            "five times cheaper. If in doubt, write no.",
        ),
    )


class X(Connector):
    """The connector of X."""

    slug = "x"
    name = "X"
    aliases = ("twitter",)
    colour = "#0F1419"
    measures = (*COUNTS, *OF_POSTS, WINDOW_IMPRESSIONS)
    hosts: ClassVar[Mapping[str, Host]] = {
        "api": Host(
            "X_API_URL",
            "https://api.x.com",
            auth={
                "user": Refreshed(
                    Request(
                        "api",
                        faults.TOKEN_PATH,
                        method="POST",
                        form={
                            "grant_type": "refresh_token",
                            "refresh_token": "{refresh_token}",
                            "client_id": "{client_id}",
                        },
                    ),
                    seed="refresh_token",
                    requires=("client_id",),
                    basic=("client_id", "client_secret"),
                    single_use=True,
                ),
                "app": Bearer("bearer_token"),
            },
        )
    }
    limits = Limits(per_second=1)
    Keys = XKeys
    identity = "username"
    identity_is = "handle"
    needs = (frozenset({"username", "bearer_token"}), USER_KEYS)
    ways = WAYS
    shared = SHARED
    terms = Words(
        "X memungut biaya untuk setiap pembacaan dan meminta badan pemerintah memakai paket Enterprise: tanyakan dulu "
        "kepada X. Program ini berhenti pada batas setahun (X_YEARLY_CAP_USD, semula USD 5); tanpa sambungan, angka X "
        "dapat dicatat sendiri.",
        "X charges for each reading and asks government bodies for an Enterprise plan: ask X first. This program stops "
        "at a yearly limit (X_YEARLY_CAP_USD, USD 5 to begin with); without a connection, X's figures can be typed in.",
    )
    reread_days = 1  # the last listed day was not over yet

    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation | Profile]:
        """Read who it is and the account's counts, then its posts, as far as the budget goes."""
        account, request = assignment.account, _request(assignment.account, _FIELDS)
        if assignment.budget is not None and request.cost > assignment.budget:
            yield from (missing(measure, Reason.BUDGET, None, assignment.now) for measure in (*COUNTS, *OF_POSTS))
            return
        try:
            user = fetch(request)["data"]
        except NotOfferedError as refusal:
            yield from (missing(one, refusal.reason, refusal, assignment.now) for one in (*COUNTS, *OF_POSTS))
            raise  # nothing else could be asked, and somebody has to hear of it (x.md §5)
        yield _profile(user)
        _must_be(account, user)
        yield from _read_counts(user)
        affordable = prices.affordable_posts(assignment, user_reads=1)
        timeline = Timeline(fetch, _text_id(user["id"]), request.auth, prices.post_read(account), affordable)
        signed_in = request.auth == "user"
        yield from Posts(assignment, plan_posts(assignment), timeline, user["username"].text(), signed_in).read()

    def check(self, account: Account, fetch: Fetch) -> Profile:
        """Ask X who the account is."""
        user = fetch(_request(account, _PROFILE_FIELDS))["data"]
        _must_be(account, user)
        return replace(_profile(user), bio_link=_bio_link(user))

    def list_choices(self, account: Account, fetch: Fetch) -> tuple[Choice, ...]:
        """Return whoever signed in: whether that is the account that was meant is for the shell to say."""
        if account.keys >= USER_KEYS:
            account = replace(account, id=None, settings={**account.settings, "username": ""})
        return super().list_choices(account, fetch)

    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        """Say what an answer's fault is, None for a good answer. A 200 may hold nothing but errors (x.md §4)."""
        return faults.diagnose(exchange)

    def pause_until(self, exchange: Exchange) -> datetime | None:
        """Return when the latest used-up meter is reset."""
        return faults.pause_until(exchange)

    def yearly_cap(self, account: Account) -> int | None:
        """Return what a year may cost in millionths of a US dollar."""
        return prices.yearly_cap(account)

    def estimate(self, assignment: Assignment) -> int:
        """Return what a snapshot will cost at most: its users, and the posts that are planned and can be paid."""
        reads = 1 if assignment.account.id is not None else 2  # who it is, and how it stands
        posts, affordable = plan_posts(assignment).most, prices.affordable_posts(assignment, reads)
        if affordable is not None:
            posts = min(posts, affordable)
        most = reads * prices.USER_READ + posts * prices.post_read(assignment.account)
        budget = assignment.budget
        return most if budget is None or most <= budget else budget // prices.USER_READ * prices.USER_READ

    def charge(self, exchange: Exchange) -> int:
        """Return what an answer cost, by the users and posts that it holds."""
        return prices.charge(exchange)

    def raw_answer_days(self, account: Account) -> int:
        """Return for how long whole answers are kept.

        X names no number of days, but wants what is deleted there to be deleted here, and its texts apart from the
        counts (x.md §7): the texts go, all but a post's first 80 characters, once the posts have settled.
        """
        return 30


def _request(account: Account, fields: Mapping[str, str]) -> Request:
    """Return the one request of an account: by its own sign-in where there is one, else by its name."""
    if account.keys >= USER_KEYS:
        return Request("api", "/2/users/me", fields, cost=prices.USER_READ, auth="user")
    username = _configured(account) or account.handle.lstrip("@")
    if not _USERNAME.fullmatch(username):  # it becomes part of the address
        raise SettingError(f"{username!r} is no username of X", code="setting.username", hint=faults.NOT_FOUND_HINT)
    return Request("api", f"/2/users/by/username/{username}", fields, cost=prices.USER_READ, auth="app")


def _configured(account: Account) -> str:
    """Return the username that somebody set, "" where the sign-in alone says which account it is."""
    return account.settings.get("username", "").strip().lstrip("@")


def _profile(user: Node) -> Profile:
    """Read who it is. The address in its bio comes only where it is asked for."""
    username = user["username"].text()
    name = user["name"].text() if user["name"].exists else username
    return Profile(user["id"].text(), username, name, f"https://x.com/{username}")


def _must_be(account: Account, user: Node) -> None:
    """Raise where it is another account's: its figures must never be taken for the office's.

    Names change and are given to others, ids stay (x.md §3.1): once the id is known it alone decides.
    """
    if account.id is not None:
        if user["id"].text() != account.id:
            raise OtherAccountError(
                f"expected the id {account.id!r}, found {user['id'].text()!r}", place=user["id"].place
            )
    elif _configured(account) and user["username"].text().casefold() != _configured(account).casefold():
        raise SettingError(
            f"expected the username {_configured(account)!r}, found {user['username'].text()!r}",
            place=user["username"].place,
            code="setting.other_account",
            hint=faults.OTHER_HINT,
        )


def _read_counts(user: Node) -> Iterator[Observation]:
    """Read the counts that came. X leaves out unknown and empty fields without a word (x.md §3.0, §3.1)."""
    metrics = user["public_metrics"]
    for measure, names in COUNTS.items():
        found = next((metrics[name] for name in names if metrics[name].exists), None)
        yield found.read(measure) if found is not None else metrics[names[0]].gap(measure, Reason.NOT_OFFERED)


def _text_id(node: Node) -> str:
    """Return an id that becomes part of an address. Ids are decimal texts (x.md §3.1)."""
    if not re.fullmatch(r"[0-9]{1,19}", node.text()):
        raise ShapeError(f"expected an id at {node.pointer}, found {node.text()[:40]!r}", place=node.place)
    return node.text()


def _bio_link(user: Node) -> str:
    """Return the address in the profile, as it was written and not as X shortened it; "" where there is none."""
    link = user["entities"]["url"]["urls"][0]
    found = next((one for one in (link["expanded_url"], link["url"], user["url"]) if one.exists), None)
    return found.text() if found is not None else ""


CONNECTOR = X()
