"""Instagram: an office's professional account, from the Graph API v26.0 (instagram.md).

Two ways lead there (instagram.md §1): "facebook", through the Page that the account is linked to (graph.facebook.com,
`instagram_basic`, `instagram_manage_insights`), and "instagram", without a Page (graph.instagram.com,
`instagram_business_basic`, `instagram_business_manage_insights`). Both give the same figures of the same account.

Limits: only business and creator accounts are served. The follower total has no history here, so that what is not
collected today can never be had later. One question spans 30 days; days are Pacific ones and lag two days; demographics
and follows begin at 100 followers; stories are told of while they live.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from pydantic import SecretStr

from connectors.instagram import connecting
from connectors.instagram.audience import read_demographics, read_online
from connectors.instagram.days import read_closed_periods, read_follows, read_reach, read_totals, read_windows
from connectors.instagram.gathered import Gathered
from connectors.instagram.insights import Insights
from connectors.instagram.measures import COUNTS, FLOOR, MEASURES
from connectors.instagram.media import read_posts, read_stories
from connectors.instagram.ways import BY_ITSELF, BY_PAGE, PERMISSIONS, TOKEN, WAYS
from connectors.kit import (
    Account,
    Assignment,
    Choice,
    Connector,
    Exchange,
    Fetch,
    Graph,
    Host,
    Keys,
    Limits,
    Node,
    Observation,
    OtherAccountError,
    PlatformError,
    Profile,
    Prolonged,
    Reading,
    Request,
    SettingError,
    Words,
    graph,
    graph_access,
    graph_faults,
    graph_pages,
    key,
    metrics,
)

_PERMISSION_NAMES = frozenset(one.name for one in PERMISSIONS if one.name.startswith("instagram_"))

# A key lives 60 days from when it was last prolonged, is refused a longer life on its first day, and none once it has
# ended (instagram.md §2). Weekly, it outlives seven weeks without power.
_PROLONGED = Prolonged(
    Request(
        BY_ITSELF,
        "/refresh_access_token",
        {"grant_type": "ig_refresh_token", "access_token": "{access_token}"},
    ),
    "access_token",
    every=timedelta(days=7),
    again=timedelta(days=1),
)

_ANOTHER_ID_HINT = Words(
    "Kunci ini milik akun Instagram lain. Periksa ID akun, atau sambungkan akun yang benar.",
    "This key belongs to another Instagram account. Check the account's id, or connect the right account.",
)


class InstagramKeys(Keys):
    """What an office fills in for its Instagram account."""

    user_id: str | None = key(
        "INSTAGRAM_USER_ID",
        Words("ID akun Instagram", "Instagram account id"),
        Words(
            "Deretan angka yang diawali 17841. Boleh kosong bila cara masuknya instagram.",
            "Digits that begin with 17841. May stay empty if the way to sign in is instagram.",
        ),
    )
    access_token: SecretStr | None = key(
        "INSTAGRAM_ACCESS_TOKEN",
        Words("Kunci akun (rahasia)", "Account key (secret)"),
        Words(
            "Didapat saat pemilik akun memberi izin kepada aplikasi kantor. Jangan dibagikan.",
            "It is had when the account's owner allows the office's app. Do not share it.",
        ),
    )
    login: Literal["facebook", "instagram"] = key(
        "INSTAGRAM_LOGIN",
        Words("Cara masuk", "Way to sign in"),
        Words(
            "facebook bila akun ditautkan ke Halaman Facebook, instagram bila tidak.",
            "facebook if the account is linked to a Facebook Page, instagram if not.",
        ),
        default="facebook",
    )
    app_id: str | None = key(
        "INSTAGRAM_APP_ID",
        Words("ID aplikasi kantor", "Id of the office's app"),
        Words(
            "Bila cara masuknya facebook: App ID di developers.facebook.com, menu App settings > Basic.",
            "If the way to sign in is facebook: the App ID at developers.facebook.com, App settings > Basic.",
        ),
    )
    app_secret: SecretStr | None = key(
        "INSTAGRAM_APP_SECRET",
        Words("Rahasia aplikasi kantor", "Secret of the office's app"),
        Words(
            "Hanya dipakai bila cara masuknya facebook. Boleh kosong bila aplikasi tidak mewajibkannya.",
            "Only used if the way to sign in is facebook. May stay empty unless the app demands it.",
        ),
    )
    login_app_id: str | None = key(
        "INSTAGRAM_LOGIN_APP_ID",
        Words("ID aplikasi Instagram", "Instagram app id"),
        Words(
            "Bila cara masuknya instagram: Instagram app ID, pada produk Instagram di halaman aplikasi. Bukan App ID.",
            "If the way to sign in is instagram: the Instagram app ID, in the app's product Instagram. Not the App ID.",
        ),
    )
    login_app_secret: SecretStr | None = key(
        "INSTAGRAM_LOGIN_APP_SECRET",
        Words("Rahasia aplikasi Instagram", "Instagram app secret"),
        Words(
            "Di sebelah Instagram app ID. Hanya dipakai saat menyambungkan akun.",
            "Beside the Instagram app ID. Only used when the account is connected.",
        ),
    )
    graph_version: str = key(
        "INSTAGRAM_GRAPH_VERSION",
        Words("Versi layanan Meta", "Version of Meta's service"),
        Words("Biarkan apa adanya.", "Leave it as it is."),
        default=graph.DEFAULT_VERSION,
        pattern=r"^v\d+\.\d+$",
    )


class Instagram(Connector):
    """Instagram professional accounts through the Graph API."""

    slug = "instagram"
    name = "Instagram"
    aliases = ("ig", "insta")
    colour = "#C13584"
    measures = MEASURES
    hosts: ClassVar[Mapping[str, Host]] = {
        BY_PAGE: Host(
            "INSTAGRAM_GRAPH_URL",
            "https://graph.facebook.com",
            auth={
                "page": Graph("access_token", "app_secret"),
                graph_access.INSPECTION: graph_access.INSPECTED_BY,
            },
        ),
        # No proof of the app's secret here: whether this host knows it is unconfirmed (instagram.md §2).
        BY_ITSELF: Host("INSTAGRAM_GRAPH_URL", "https://graph.instagram.com", auth={"account": _PROLONGED}),
        TOKEN: Host("INSTAGRAM_TOKEN_URL", "https://api.instagram.com"),
    }
    # Quotas are by the day and large, and each account has its own (instagram.md §5); days are asked for one by one.
    limits = Limits(per_second=10, burst=50, by_account=True)
    Keys = InstagramKeys
    identity = "user_id"
    identity_is = "id"
    needs = (frozenset({"user_id", "access_token"}), frozenset({"access_token", "login"}))
    collections_a_day = 2  # a story and its figures are gone after 24 hours (instagram.md §3.3)
    reread_days = 5  # "re-read the last 5 days" (instagram.md §6)
    ways = WAYS
    shared = (
        frozenset({"app_id", "app_secret"}),
        frozenset({"login_app_id", "login_app_secret"}),
        frozenset({"graph_version"}),
    )
    terms = Words(
        "Akun harus akun profesional (bisnis atau kreator). Menurut syarat Meta, angkanya untuk mengelola akun kantor "
        "sendiri; yang disimpan hanya jumlah, tidak ada data perorangan.",
        "The account has to be a professional one (business or creator). By Meta's terms its figures serve to run the "
        "office's own account; only counts are kept, nothing about single people.",
    )

    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        """Read the account's counts, then what cannot be had later, then its windows, its posts and its past."""
        account = assignment.account
        request, id_field = _node(account)
        followers = None
        for count in graph.read_counts(
            _Own(account, fetch), request, COUNTS, assignment, always=(id_field, "username")
        ):
            if isinstance(count, Reading) and count.measure.metric is metrics.FOLLOWERS:
                followers = count
            yield count
        few = followers if followers is not None and followers.value < FLOOR else None
        insights = Insights(assignment, fetch, _edge(account, "insights"))
        root = Request(request.api, f"/{graph.version_of(account)}")
        gathered = Gathered(assignment, fetch, root, by_page=request.api == BY_PAGE)
        yield from read_stories(assignment, fetch, _edge(account, "stories"), gathered)
        yield from read_demographics(insights, few)
        yield from read_windows(insights, few)
        yield from read_closed_periods(insights)
        yield from read_online(insights, few)
        yield from read_posts(assignment, fetch, _edge(account, "media"), gathered)
        yield from read_reach(insights)
        yield from read_totals(insights)
        yield from read_follows(insights, few)

    def check(self, account: Account, fetch: Fetch) -> Profile:
        """Ask who the account is, and, through a Page, what its key is good for (instagram.md §2)."""
        request, id_field = _node(account)
        fields = f"{id_field},username,name,website"
        user = graph.fetch_account(_Own(account, fetch), request.with_params(fields=fields))
        handle, name = graph.optional_text(user["username"]), graph.optional_text(user["name"])
        link = f"https://www.instagram.com/{handle}/" if handle else ""
        website = graph.optional_text(user["website"])
        id, inspected = graph.text_id(user[id_field]), graph_access.Inspected()
        if request.api == BY_PAGE:
            inspected = graph_access.inspect(fetch, BY_PAGE, account, id, _PERMISSION_NAMES)
        return Profile(
            id, handle or name, name, link, website, problem=inspected.problem, access=inspected.access
        )  # fmt: skip

    def list_choices(self, account: Account, fetch: Fetch) -> tuple[Choice, ...]:
        """Return the accounts that a new sign-in sees: those of its Pages, or the one that signed in."""
        if account.settings.get("login", BY_PAGE) == BY_ITSELF:
            return (connecting.choose_itself(account, _Own(account, fetch)),)
        linked = connecting.list_linked(account, fetch)
        try:
            if linked:
                return linked
            meant = replace(account, id=graph_pages.wanted_id(account, "user_id"))
            return (Choice(self.check(meant, fetch), {"user_id": meant.id or ""}),)  # a portfolio's is in no list
        except SettingError as error:
            if error.code != "setting.account":
                raise
            raise connecting.another_account(error) from error

    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        """Say what an answer's fault is."""
        if exchange.request.api == TOKEN and exchange.status >= 400:
            fault = connecting.diagnose_trade(exchange)
            if fault is not None:
                return fault
        return graph_faults.diagnose(exchange)

    def pause_until(self, exchange: Exchange) -> datetime | None:
        """Return until when the quota headers ask to be left alone."""
        return graph_faults.pause_until(exchange)


def _node(account: Account) -> tuple[Request, str]:
    """Return the request for the account's node, and the field of it that holds the stable id.

    Without a Page the plain `id` belongs to the app, and only `user_id` is the account's own (instagram.md §1).
    """
    if account.settings.get("login", BY_PAGE) == BY_ITSELF:
        return Request(BY_ITSELF, f"/{graph.version_of(account)}/me"), "user_id"
    return graph.node_request(BY_PAGE, account, "user_id"), "id"


def _edge(account: Account, name: str) -> Request:
    """Return the request for one of the account's edges, on the host of its node."""
    request, _ = _node(account)
    if request.api == BY_PAGE:
        return graph.node_request(BY_PAGE, account, "user_id", name)
    id = account.id or account.settings.get("user_id") or "me"
    return Request(request.api, f"/{graph.version_of(account)}/{id}/{name}")


class _Own:
    """A fetch that takes the figures of no other account: `/me` answers whosever key it is asked with."""

    def __init__(self, account: Account, fetch: Fetch) -> None:
        self._expected = account.id or account.settings.get("user_id")
        self._fetch = fetch

    def __call__(self, request: Request) -> Node:
        answer = self._fetch(request)
        said = answer["user_id"]
        if said.exists and self._expected and graph.text_id(said) != self._expected:
            raise OtherAccountError(
                f"{request.path}: the key belongs to {graph.text_id(said)}, not to {self._expected}",
                place=said.place, hint=_ANOTHER_ID_HINT,
            )  # fmt: skip
        return answer


CONNECTOR = Instagram()
