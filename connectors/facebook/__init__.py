"""Facebook: an office's Page, from the Graph API v26.0 (graph.facebook.com), with the Page's own key.

Permissions: `pages_read_engagement` for the Page and its posts, `read_insights` and the Page task ANALYZE for the daily
figures, `pages_read_user_content` for reactions and comments; without the last one only those two are missing.

Limits: daily figures reach about two years back and lag one to two days; their days are Pacific ones. What is not
permitted is often answered with an empty set instead of a refusal (facebook.md §4), which is kept as a gap.
"""

from collections.abc import Generator, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import ClassVar

from pydantic import SecretStr

from connectors.facebook.measures import AUDIENCE, COUNTERS, COUNTS, DAILY, MAPS, REACH_BACK, TYPED_WINDOWS
from connectors.facebook.posts import read_posts
from connectors.kit import (
    Account,
    Assignment,
    Connector,
    Days,
    Exchange,
    Fetch,
    Gap,
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
    Words,
    graph,
    graph_faults,
    key,
    missing,
    slices,
)

_SLICE_DAYS = 89  # 90 days at most a call; 90 Pacific days across the end of summer time are an hour more than that
_MAP_DAYS = 3  # the newest map may come late; one older than this is not worth a call
_ONE_DAY = timedelta(days=1)


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
            "Kunci milik Halaman, bukan milik profil pribadi. Jangan dibagikan.",
            "The key of the Page, not of a personal profile. Do not share it.",
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
    measures = (*COUNTS.values(), *DAILY.values(), AUDIENCE, *COUNTERS.values(), *TYPED_WINDOWS)
    hosts: ClassVar[Mapping[str, Host]] = {
        "graph": Host(
            "FACEBOOK_GRAPH_URL", "https://graph.facebook.com", auth={"page": Graph("access_token", "app_secret")}
        )
    }
    # Quotas are by the day and large, and each account has its own (facebook.md §5); this is only manners.
    limits = Limits(per_second=5, burst=20, by_account=True)
    Keys = FacebookKeys
    identity = "page_id"
    identity_is = "id"
    needs = (frozenset({"page_id", "access_token"}),)
    reread_days = 7  # "re-read the last 5-7 days" (facebook.md §6)

    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        """Read the Page's counts, its days, where its followers are, and its posts."""
        insights = _request(assignment.account, "insights").with_params(period="day")
        yield from graph.read_counts(fetch, _request(assignment.account), COUNTS, assignment, always=("id",))
        yield from self._days(assignment, fetch, insights)
        yield from self._maps(assignment, fetch, insights)
        yield from read_posts(assignment, fetch, _request(assignment.account, "published_posts"))

    def check(self, account: Account, fetch: Fetch) -> Profile:
        """Ask who the Page is."""
        page = graph.fetch_account(fetch, _request(account).with_params(fields="id,name,username,link"))
        id, name = graph.text_id(page["id"]), graph.optional_text(page["name"])
        link = graph.optional_text(page["link"]) or f"https://www.facebook.com/{id}"
        return Profile(id, graph.optional_text(page["username"]) or name, name, link)

    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        """Say what an answer's fault is."""
        return graph_faults.diagnose(exchange)

    def pause_until(self, exchange: Exchange) -> datetime | None:
        """Return until when the quota headers ask to be left alone."""
        return graph_faults.pause_until(exchange)

    def _days(self, assignment: Assignment, fetch: Fetch, insights: Request) -> Iterator[Observation]:
        """Read the daily metrics, oldest slice first; a refused metric is not asked for in the later slices."""
        last = min(assignment.window.last, graph.pacific_today(assignment.now) - _ONE_DAY)
        begins = yield from self._begin(assignment, last)
        waiting = list(slices(Days(min(begins.values()), last), _SLICE_DAYS)) if begins else []
        while waiting:
            days = waiting.pop(0)
            names = tuple(name for name, first in begins.items() if first <= days.last)
            request = insights.with_params(since=str(days.first), until=str(days.last + _ONE_DAY))
            try:
                for name, answer in graph.ask_together(fetch, request, "metric", names) if names else ():
                    if isinstance(answer, NotOfferedError):
                        rest = Days(max(days.first, begins.pop(name)), last)
                        yield missing(DAILY[name], answer.reason, answer, assignment.now, on=rest)
                    else:
                        yield from graph.read_days(answer, name, DAILY[name], days)
            except NotOfferedError:  # this server allows less than 90 days
                if days.length == 1:
                    raise
                waiting[:0] = slices(days, (days.length + 1) // 2)

    def _begin(self, assignment: Assignment, last: date) -> Generator[Observation, None, dict[str, date]]:
        """Return the first day to ask for by metric, and yield the gaps of what is not asked for."""
        begins = {}
        earliest = graph.pacific_today(assignment.now) - timedelta(days=REACH_BACK)
        for name, measure in DAILY.items():
            first = assignment.first_day(measure)
            if first > last:
                continue
            if assignment.is_dead(measure):
                yield missing(measure, Reason.RETIRED, None, assignment.now, on=Days(first, last))
                continue
            if first < earliest:
                forgotten = Days(first, min(last, earliest - _ONE_DAY))
                yield missing(measure, Reason.TOO_LATE, None, assignment.now, on=forgotten)
            if earliest <= last:
                begins[name] = max(first, earliest)
        return begins

    def _maps(self, assignment: Assignment, fetch: Fetch, insights: Request) -> Iterator[Observation]:
        """Read where the followers are, as the newest day says it."""
        today = graph.pacific_today(assignment.now)
        days = Days(today - timedelta(days=_MAP_DAYS), today - _ONE_DAY)
        if assignment.is_dead(AUDIENCE):
            yield missing(AUDIENCE, Reason.RETIRED, None, assignment.now, on=days)
            return
        refused = {}
        request = insights.with_params(since=str(days.first), until=str(today))
        for name, answer in graph.ask_together(fetch, request, "metric", tuple(MAPS)):
            if isinstance(answer, NotOfferedError):
                refused[name] = answer
            else:
                yield from self._map(answer, name, days)
        for name, error in refused.items():
            # A refusal with a place is remembered for the measure, which the maps share: one of them must not end both.
            place = error.place if len(refused) == len(MAPS) else None
            yield Gap(AUDIENCE, error.reason, days, place, MAPS[name], error.message)

    def _map(self, answer: Node, name: str, days: Days) -> Iterator[Observation]:
        maps = graph.points(answer, name)
        for day in sorted((day for day in maps if day <= days.last), reverse=True):
            counts = list(maps[day].members())
            if counts:  # the newest map may still be empty
                yield from (count.read(AUDIENCE, on=day, about=f"{MAPS[name]}:{label}") for label, count in counts)
                return
        yield answer["data"].gap(AUDIENCE, Reason.EMPTY, on=days, about=MAPS[name])


def _request(account: Account, *edge: str) -> Request:
    return graph.node_request("graph", account, "page_id", *edge)


CONNECTOR = Facebook()
