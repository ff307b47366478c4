"""Facebook: an office's Page, from the Graph API v26.0 (graph.facebook.com), with the Page's own key.

Permissions: `pages_read_engagement` for the Page and its posts, `read_insights` and the Page task ANALYZE for the daily
figures and those of each post, `pages_read_user_content` for reactions and comments; without the last one only those
two are missing.

Limits: daily figures reach about two years back and lag one to two days; their days are Pacific ones. What is not
permitted is often answered with an empty set instead of a refusal (facebook.md §4), which is kept as a gap. A Page of
fewer than 100 likes may be answered nothing or zeros (§3.2), which is another.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar

from pydantic import SecretStr

from connectors.facebook.connecting import list_pages
from connectors.facebook.days import read_days
from connectors.facebook.floor import why_empty
from connectors.facebook.maps import read_maps
from connectors.facebook.measures import AUDIENCE, COUNTS, DAILY, WINDOWS
from connectors.facebook.post_insights import ASKED, read_figures
from connectors.facebook.post_measures import COUNTERS, FIGURES
from connectors.facebook.posts import oldest_wanted, read_posts
from connectors.facebook.reels import read_reels
from connectors.facebook.ways import PERMISSIONS, WAYS
from connectors.facebook.windows import read_windows
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
    NotOfferedError,
    Observation,
    PlatformError,
    Profile,
    Reason,
    Request,
    SettingError,
    Words,
    graph,
    graph_access,
    graph_faults,
    key,
)

_PERMISSION_NAMES = frozenset(one.name for one in PERMISSIONS)
_NO_PAGE_KEY_HINT = Words(
    "Kunci ini bukan milik Halaman; dengan kunci lain angka harian Halaman selalu kosong. Sambungkan ulang: collector "
    "connect facebook.",
    "This is not the Page's key; with any other the Page's daily figures are always empty. Connect it again: collector "
    "connect facebook.",
)
_ANOTHER_PAGE_HINT = Words(
    "Kunci ini milik Halaman lain. Periksa ID Halaman, atau sambungkan Halaman yang benar.",
    "This key belongs to another Page. Check the Page's id, or connect the right Page.",
)


class FacebookKeys(Keys):
    """What an office fills in for its Page."""

    page_id: str | None = key(
        "FACEBOOK_PAGE_ID",
        Words("ID Halaman Facebook", "Facebook Page id"),
        Words(
            "Deretan angka pada menu Tentang > Transparansi Halaman.",
            "The digits below About > Page transparency.",
        ),
    )
    access_token: SecretStr | None = key(
        "FACEBOOK_ACCESS_TOKEN",
        Words("Kunci Halaman (rahasia)", "Page key (secret)"),
        Words(
            "Kunci Halaman (pada collector connect juga kunci portofolio bisnis), bukan kunci profil pribadi. Rahasia.",
            "The Page's key (for collector connect the portfolio's too), not a personal profile's. Do not share it.",
        ),
    )
    app_id: str | None = key(
        "FACEBOOK_APP_ID",
        Words("ID aplikasi kantor", "Id of the office's app"),
        Words(
            "Tertulis pada halaman aplikasi di developers.facebook.com.", "On the app's page, developers.facebook.com."
        ),
    )
    app_secret: SecretStr | None = key(
        "FACEBOOK_APP_SECRET",
        Words("Rahasia aplikasi kantor", "Secret of the office's app"),
        Words(
            "Di bawah ID pada halaman aplikasi. Boleh kosong bila aplikasi tidak mewajibkannya.",
            "Below the id on the app's page. May stay empty unless the app demands it.",
        ),
    )
    graph_version: str = key(
        "FACEBOOK_GRAPH_VERSION",
        Words("Versi layanan Meta", "Version of Meta's service"),
        Words("Biarkan apa adanya.", "Leave it as it is."),
        default=graph.DEFAULT_VERSION,
        pattern=r"^v\d+\.\d+$",
    )


class Facebook(Connector):
    """Facebook Pages through the Graph API."""

    slug = "facebook"
    name = "Facebook"
    aliases = ("fb", "facebook page", "halaman facebook")
    colour = "#1877F2"
    measures = (
        *COUNTS.values(), *DAILY.values(), *WINDOWS.values(), AUDIENCE, *COUNTERS.values(), *FIGURES,
    )  # fmt: skip
    hosts: ClassVar[Mapping[str, Host]] = {
        "graph": Host(
            "FACEBOOK_GRAPH_URL",
            "https://graph.facebook.com",
            auth={
                "page": Graph("access_token", "app_secret"),
                graph_access.INSPECTION: graph_access.INSPECTED_BY,
            },
        )
    }
    # Quotas are by the day and large, and each account has its own (facebook.md §5); this is only manners.
    limits = Limits(per_second=5, burst=20, by_account=True)
    Keys = FacebookKeys
    identity = "page_id"
    identity_is = "id"
    needs = (frozenset({"page_id", "access_token"}),)
    reread_days = 7  # "re-read the last 5-7 days" (facebook.md §6)
    ways = WAYS
    shared = (frozenset({"app_id", "app_secret"}), frozenset({"graph_version"}))
    terms = Words(
        "Kantor boleh membaca angka Halamannya sendiri lewat aplikasi Meta milik kantor; Halaman pihak lain memerlukan "
        "persetujuan Meta. Yang disimpan hanya jumlah, bukan data orang. Izin perlu ditegaskan ulang kira-kira tiap "
        "90 hari, kecuali kuncinya milik portofolio bisnis kantor.",
        "An office may read the figures of its own Page through its own Meta app; Pages of others need Meta's "
        "approval. Only counts are kept, no data about people. The permission has to be confirmed again about every "
        "90 days, unless the key belongs to the office's business portfolio.",
    )

    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        """Read the Page's counts, its days and windows, where its followers are, and its posts."""
        account, counts = assignment.account, []
        for count in graph.read_counts(fetch, _request(account), COUNTS, assignment, always=("id",)):
            counts.append(count)
            yield count
        empty = why_empty(counts)
        insights = _request(account, "insights").with_params(period="day")
        yield from read_days(assignment, fetch, insights, empty)
        yield from read_windows(assignment, fetch, insights, empty)
        yield from read_maps(assignment, fetch, insights, empty)
        oldest = oldest_wanted(assignment.first_day(*COUNTERS.values(), ASKED), assignment.now)
        posts = yield from read_posts(assignment, fetch, _request(account, "published_posts"), oldest)
        reels = yield from read_reels(assignment, fetch, _request(account, "video_reels"), oldest, posts)
        yield from read_figures(assignment, fetch, [*posts, *reels], empty)

    def check(self, account: Account, fetch: Fetch) -> Profile:
        """Ask who the Page is, and what its key is good for."""
        page = _who(account, fetch)
        id, name = graph.text_id(page["id"]), graph.optional_text(page["name"])
        link = graph.optional_text(page["link"]) or f"https://www.facebook.com/{id}"
        website = graph.optional_text(page["website"])
        inspected = graph_access.inspect(fetch, "graph", account, id, _PERMISSION_NAMES)
        return Profile(
            id, graph.optional_text(page["username"]) or name, name, link, website,
            problem=_fault_of_key(inspected, id) or inspected.problem, access=inspected.access,
        )  # fmt: skip

    def list_choices(self, account: Account, fetch: Fetch) -> tuple[Choice, ...]:
        """Return the Pages that a new sign-in sees."""
        return list_pages(account, fetch)

    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        """Say what an answer's fault is."""
        return graph_faults.diagnose(exchange)

    def pause_until(self, exchange: Exchange) -> datetime | None:
        """Return until when the quota headers ask to be left alone."""
        return graph_faults.pause_until(exchange)


def _fault_of_key(inspected: graph_access.Inspected, id: str) -> PlatformError | None:
    """Return what is wrong with whose key it is: insights come empty with any but the Page's own (§2.2)."""
    if inspected.kind and inspected.kind != "PAGE":
        said = f"the key is of the kind {inspected.kind}"
        return SettingError(said, code="setting.page_key", hint=_NO_PAGE_KEY_HINT)
    if inspected.owner and inspected.owner != id:
        said = f"the key belongs to the Page {inspected.owner}, not to {id}"
        return SettingError(said, code="setting.account", hint=_ANOTHER_PAGE_HINT)
    return None


def _who(account: Account, fetch: Fetch) -> Node:
    """Return the Page's node with what says who it is. Its website is not worth failing for (facebook.md §3.1)."""
    request, fields = _request(account), "id,name,username,link"
    try:
        return graph.fetch_account(fetch, request.with_params(fields=f"{fields},website"))
    except NotOfferedError as error:
        if error.reason is not Reason.RETIRED:
            raise
        return graph.fetch_account(fetch, request.with_params(fields=fields))


def _request(account: Account, *edge: str) -> Request:
    return graph.node_request("graph", account, "page_id", *edge)


CONNECTOR = Facebook()
