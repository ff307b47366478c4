"""X (Twitter): the counts of one account, by one request.

API v2 as of November 2026 (x.md). With the account's own sign-in (scopes `users.read tweet.read offline.access`) it
asks `/2/users/me`; else, with an application's bearer, `/2/users/by/username/…`. Both are paid: X has no free tier
for new developers, so each request names its price and the office's yearly cap is kept.

Known limits: X has no past to ask for, a missed day is lost; gains, losses, impressions and audience of an account
are not to be had (people type the 28-day impressions from X's own screen). X's terms ask government bodies for an
Enterprise plan: the office has to settle that with X before it switches this on (x.md §0).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from pydantic import SecretStr

from connectors.kit import (
    Account,
    Assignment,
    Bearer,
    Connector,
    Exchange,
    Fetch,
    Host,
    Keys,
    Kind,
    Limits,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    PlatformError,
    Profile,
    Reason,
    Refreshed,
    Request,
    SettingError,
    Subject,
    Words,
    key,
    missing,
    since,
    window,
)
from connectors.kit.metrics import FOLLOWERS, FOLLOWING, IMPRESSIONS, NOW, POSTS
from connectors.x import faults

USER_READ_COST = 10_000
"""Millionths of a US dollar for one user: 0.010, in force since 2026-04-20, read 2026-08 (x.md §1). `/2/users/me` is
not on X's list of cheaper owned reads; that it may be free is a bonus and no promise."""

DEFAULT_YEARLY_CAP_USD = Decimal(5)
"""Enough for one request a day (3.65 US dollars)."""

USER_KEYS = frozenset({"refresh_token", "client_id"})

_USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")
_FIELDS = {"user.fields": "name,public_metrics,username"}

ACCOUNT_FOLLOWERS = Measure(
    FOLLOWERS, Subject.ACCOUNT, NOW, Kind.LEVEL,
    (since(None, "Jumlah pengikut akun saat dibaca; angka pasti", "Followers at the moment of reading; exact"),),
)  # fmt: skip
ACCOUNT_FOLLOWING = Measure(
    FOLLOWING, Subject.ACCOUNT, NOW, Kind.LEVEL,
    (since(None, "Jumlah akun yang diikuti saat dibaca", "Accounts followed at the moment of reading"),),
)  # fmt: skip
ACCOUNT_POSTS = Measure(
    POSTS, Subject.ACCOUNT, NOW, Kind.LEVEL,
    (since(None, "Semua unggahan sejak akun dibuat, termasuk repost; berkurang bila ada yang dihapus. "
                 "Bukan jumlah unggahan suatu semester",
           "All posts since the account was made, reposts included; falls when posts are deleted. "
           "Not the number of posts of a semester"),),
)  # fmt: skip
WINDOW_IMPRESSIONS = Measure(
    IMPRESSIONS, Subject.ACCOUNT, window(28), Kind.FLOW,
    (since(None, "Impresi semua unggahan dalam 28 hari terakhir, dari layar Analytics X",
           "Impressions of all posts in the last 28 days, from X's Analytics screen"),),
)  # fmt: skip

COUNTS: Mapping[Measure, tuple[str, ...]] = {
    ACCOUNT_FOLLOWERS: ("followers_count",),
    ACCOUNT_FOLLOWING: ("following_count",),
    ACCOUNT_POSTS: ("tweet_count", "post_count"),  # two dialects; which one comes is X's choice (x.md §3.0)
}


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
            "Kunci baca (Bearer) dari konsol pengembang X. Setiap pembacaan dibayar dari saldo di X.",
            "The reading key (Bearer) from X's developer console. Each reading is paid from the credit at X.",
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
            "Didapat saat menyambungkan akun. Hanya berlaku sekali pakai: jangan dipakai juga di program lain.",
            "Had by connecting the account. It works only once: do not use it in another program as well.",
        ),
    )
    yearly_cap_usd: Decimal = key(
        "X_YEARLY_CAP_USD",
        Words("Batas biaya setahun (USD)", "Yearly cost limit (USD)"),
        Words(
            "Program berhenti bertanya ke X bila biaya tahun ini akan melewati batas ini. 0 berarti tidak pernah.",
            "The program stops asking X where this year's cost would pass this limit. 0 means never to ask.",
        ),
        default=DEFAULT_YEARLY_CAP_USD,
        ge=0,
    )


class X(Connector):
    """The connector of X."""

    slug = "x"
    name = "X"
    aliases = ("twitter",)
    colour = "#0F1419"
    measures = (*COUNTS, WINDOW_IMPRESSIONS)
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
    reread_days = 1  # there are only counts of the moment

    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        """Read the account's counts, if the budget still allows the one request they cost."""
        request = _request(assignment.account)
        if assignment.budget is not None and request.cost > assignment.budget:
            yield from (missing(measure, Reason.BUDGET, None, assignment.now) for measure in COUNTS)
            return
        try:
            user = _ask_user(assignment.account, request, fetch)
        except NotOfferedError as refusal:
            yield from (missing(measure, refusal.reason, refusal, assignment.now) for measure in COUNTS)
            raise  # nothing else could be asked, and somebody has to hear of it (x.md §5)
        yield from _read_counts(user)

    def check(self, account: Account, fetch: Fetch) -> Profile:
        """Ask X who the account is."""
        user = _ask_user(account, _request(account), fetch)
        username = user["username"].text()
        name = user["name"].text() if user["name"].exists else username
        return Profile(user["id"].text(), username, name, f"https://x.com/{username}")

    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        """Say what an answer's fault is, None for a good answer. A 200 may hold nothing but errors (x.md §4)."""
        return faults.diagnose(exchange)

    def pause_until(self, exchange: Exchange) -> datetime | None:
        """Return when the latest used-up meter is reset."""
        return faults.pause_until(exchange)

    def yearly_cap(self, account: Account) -> int | None:
        """Return what a year may cost in millionths of a US dollar."""
        return int(Decimal(account.settings.get("yearly_cap_usd", DEFAULT_YEARLY_CAP_USD)) * 1_000_000)


def _request(account: Account) -> Request:
    """Return the one request of an account: by its own sign-in where there is one, else by its name."""
    if account.keys >= USER_KEYS:
        return Request("api", "/2/users/me", _FIELDS, cost=USER_READ_COST, auth="user")
    username = _configured(account) or account.handle.lstrip("@")
    if not _USERNAME.fullmatch(username):  # it becomes part of the address
        raise SettingError(f"{username!r} is no username of X", code="setting.username", hint=faults.NOT_FOUND_HINT)
    return Request("api", f"/2/users/by/username/{username}", _FIELDS, cost=USER_READ_COST, auth="app")


def _configured(account: Account) -> str:
    """Return the username that somebody set, "" where the sign-in alone says which account it is."""
    return account.settings.get("username", "").strip().lstrip("@")


def _ask_user(account: Account, request: Request, fetch: Fetch) -> Node:
    """Return the account's user object. Another account's figures must never be taken for the office's.

    Names change and are given to others, ids stay (x.md §3.1): once the id is known it alone decides.
    """
    user = fetch(request)["data"]
    name, expected = ("username", _configured(account)) if account.id is None else ("id", account.id)
    if expected and user[name].text().casefold() != expected.casefold():
        raise SettingError(
            f"expected the {name} {expected!r}, found {user[name].text()!r}",
            place=user[name].place,
            code="setting.other_account",
            hint=faults.OTHER_HINT,
        )
    return user


def _read_counts(user: Node) -> Iterator[Observation]:
    """Read the counts that came. X leaves out unknown and empty fields without a word (x.md §3.0, §3.1)."""
    metrics = user["public_metrics"]
    for measure, names in COUNTS.items():
        found = next((metrics[name] for name in names if metrics[name].exists), None)
        yield found.read(measure) if found is not None else metrics[names[0]].gap(measure, Reason.NOT_OFFERED)


CONNECTOR = X()
