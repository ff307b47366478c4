"""Instagram: the counts of an office's professional account, from the Graph API v26.0.

Two ways lead there (instagram.md §1): "facebook", through the Page that the account is linked to (graph.facebook.com,
`instagram_basic`), and "instagram", without a Page (graph.instagram.com, `instagram_business_basic`). Both give the
same counts of the same account.

Limits: only business and creator accounts are served. The follower total has no history here, so that what is not
collected today can never be had later.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import SecretStr

from connectors.kit import (
    Account,
    Assignment,
    Bearer,
    Connector,
    Exchange,
    Fetch,
    Graph,
    Host,
    Keys,
    Kind,
    Limits,
    Measure,
    Observation,
    PlatformError,
    Profile,
    Request,
    Subject,
    Words,
    graph,
    graph_faults,
    key,
    metrics,
    since,
    window,
)

_BY_PAGE, _BY_ITSELF = "facebook", "instagram"
"""The two ways, named as the office chooses them; the hosts are named alike."""

_COUNTS: Mapping[str, Measure] = {
    "followers_count": Measure(
        metrics.FOLLOWERS, Subject.ACCOUNT, metrics.NOW, Kind.LEVEL,
        (since(None, "Jumlah pengikut akun saat diambil", "The account's followers at the moment of asking"),)),
    "follows_count": Measure(
        metrics.FOLLOWING, Subject.ACCOUNT, metrics.NOW, Kind.LEVEL,
        (since(None, "Jumlah akun yang diikuti saat diambil", "The accounts it follows at the moment of asking"),)),
    "media_count": Measure(
        metrics.POSTS, Subject.ACCOUNT, metrics.NOW, Kind.LEVEL,
        (since(None, "Jumlah unggahan yang tampil saat diambil, tanpa story",
               "The posts that are up at the moment of asking, without stories"),)),
}  # fmt: skip
"""The counts of the account by the names of their fields (instagram.md §3.1)."""

_TYPED_WINDOWS = (
    Measure(
        metrics.REACH, Subject.ACCOUNT, window(28), Kind.UNIQUE,
        (since(None, "Akun yang dijangkau dalam 28 hari, termasuk oleh iklan; perkiraan, sebagaimana tertulis di layar",
               "Accounts reached within 28 days, ads included; estimated, as the screens state it"),)),
    Measure(
        metrics.INTERACTIONS, Subject.ACCOUNT, window(28), Kind.FLOW,
        (since(None, "Interaksi dengan konten dalam 28 hari, sebagaimana tertulis di layar",
               "Interactions with content within 28 days, as the screens state them"),)),
    Measure(
        metrics.VIEWS, Subject.ACCOUNT, window(28), Kind.FLOW,
        (since(None, "Tayangan dalam 28 hari, pengganti impresi sejak April 2025, sebagaimana tertulis di layar",
               "Views within 28 days, which replaced impressions in April 2025, as the screens state them"),)),
)  # fmt: skip
"""What people type from the screens of the app."""


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
    app_secret: SecretStr | None = key(
        "INSTAGRAM_APP_SECRET",
        Words("Rahasia aplikasi kantor", "Secret of the office's app"),
        Words(
            "Hanya dipakai bila cara masuknya facebook. Boleh kosong bila aplikasi tidak mewajibkannya.",
            "Only used if the way to sign in is facebook. May stay empty unless the app demands it.",
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
    measures = (*_COUNTS.values(), *_TYPED_WINDOWS)
    hosts: ClassVar[Mapping[str, Host]] = {
        _BY_PAGE: Host(
            "INSTAGRAM_GRAPH_URL", "https://graph.facebook.com", auth={"page": Graph("access_token", "app_secret")}
        ),
        # No proof of the app's secret here: whether this host knows it is unconfirmed (instagram.md §2).
        _BY_ITSELF: Host(
            "INSTAGRAM_GRAPH_URL", "https://graph.instagram.com", auth={"account": Bearer("access_token")}
        ),
    }
    # Quotas are by the day and large, and each account has its own (instagram.md §5); this is only manners.
    limits = Limits(per_second=5, burst=20, by_account=True)
    Keys = InstagramKeys
    identity = "user_id"
    identity_is = "id"
    needs = (frozenset({"user_id", "access_token"}), frozenset({"access_token", "login"}))
    reread_days = 0  # totals of the moment only: there is no past to read again

    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        """Read the account's counts."""
        request, id_field = _node(assignment.account)
        yield from graph.read_counts(fetch, request, _COUNTS, assignment, always=(id_field, "username"))

    def check(self, account: Account, fetch: Fetch) -> Profile:
        """Ask who the account is."""
        request, id_field = _node(account)
        user = graph.fetch_account(fetch, request.with_params(fields=f"{id_field},username,name"))
        handle, name = graph.optional_text(user["username"]), graph.optional_text(user["name"])
        link = f"https://www.instagram.com/{handle}/" if handle else ""
        return Profile(graph.text_id(user[id_field]), handle or name, name, link)

    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        """Say what an answer's fault is."""
        return graph_faults.diagnose(exchange)

    def pause_until(self, exchange: Exchange) -> datetime | None:
        """Return until when the quota headers ask to be left alone."""
        return graph_faults.pause_until(exchange)


def _node(account: Account) -> tuple[Request, str]:
    """Return the request for the account's node, and the field of it that holds the stable id.

    Without a Page the plain `id` belongs to the app, and only `user_id` is the account's own (instagram.md §1).
    """
    if account.settings.get("login", _BY_PAGE) == _BY_ITSELF:
        return Request(_BY_ITSELF, f"/{graph.version_of(account)}/me"), "user_id"
    return graph.node_request(_BY_PAGE, account, "user_id"), "id"


CONNECTOR = Instagram()
