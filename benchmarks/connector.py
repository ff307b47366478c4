"""A made-up platform, of which the benchmark has six: five small questions and three hundred readings an account.

It asks what a platform of the usual kind is asked (counts of the profile, days, an audience, pages of posts) and
stays as it is whatever the real platforms come to be asked. Everything else is the product's own: the sign-in, the
gate, the kept exchanges, the nodes.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from pydantic import SecretStr

from connectors.kit import (
    Account,
    Assignment,
    Bearer,
    Connector,
    Coverage,
    Days,
    Exchange,
    Fetch,
    Host,
    Keys,
    Kind,
    Limits,
    Measure,
    Node,
    Observation,
    PlatformError,
    Post,
    Profile,
    Refreshed,
    Request,
    Subject,
    UnreachableError,
    Words,
    key,
    metrics,
    pages,
    since,
)

_STATED = (since(None, "Angka untuk uji beban", "A figure for the benchmark"),)

LEVELS = tuple(
    Measure(metric, Subject.ACCOUNT, metrics.NOW, Kind.LEVEL, _STATED)
    for metric in (metrics.FOLLOWERS, metrics.LIKES, metrics.FOLLOWING, metrics.POSTS, metrics.VIEWS)
)
FLOWS = tuple(
    Measure(metric, Subject.ACCOUNT, metrics.DAY, Kind.FLOW, _STATED)
    for metric in (metrics.IMPRESSIONS, metrics.INTERACTIONS, metrics.CLICKS, metrics.COMMENTS, metrics.SHARES)
)
AUDIENCE = Measure(metrics.FOLLOWERS, Subject.AUDIENCE, metrics.DAY, Kind.LEVEL, _STATED)
OF_POSTS = tuple(
    Measure(metric, Subject.POST, metrics.NOW, Kind.COUNTER, _STATED)
    for metric in (metrics.REACTIONS, metrics.COMMENTS, metrics.SHARES)
)

_DAYS = 16  # that the platform remembers
_PER_PAGE, _MOST_PAGES = 25, 20

_SIGN_INS = {
    "key": Bearer("access_key"),
    "owner": Refreshed(
        Request(
            "api", "/sign-in", method="POST",
            form={"grant_type": "refresh_token", "refresh_token": "{refresh_key}", "client_id": "{client_id}"},
        ),
        seed="refresh_key",
        requires=("client_id",),
    ),
}  # fmt: skip


class BenchKeys(Keys):
    """What signs an account in: its key, or the owner's sign-in."""

    account_id: str | None = key("BENCH_ACCOUNT", Words("Akun", "Account"), Words("Nomor akun.", "Its number."))
    access_key: SecretStr | None = key("BENCH_KEY", Words("Kunci", "Key"), Words("Kunci akun.", "Its key."))
    client_id: str | None = key("BENCH_CLIENT", Words("Aplikasi", "Application"), Words("Nomornya.", "Its number."))
    refresh_key: SecretStr | None = key("BENCH_REFRESH", Words("Izin", "Sign-in"), Words("Izin akun.", "Its sign-in."))


class BenchConnector(Connector):
    """The connector of any of the six."""

    colour = "#444444"
    measures = (*LEVELS, *FLOWS, AUDIENCE, *OF_POSTS)
    limits = Limits(per_second=1e9, burst=1_000_000_000)  # a polite pace would be all that is measured
    Keys = BenchKeys
    identity = "account_id"
    identity_is = "id"
    needs = (frozenset({"account_id", "access_key"}), frozenset({"account_id", "client_id", "refresh_key"}))
    terms = Words("Hanya untuk uji beban.", "For the benchmark only.")
    reread_days: ClassVar[int] = 2

    def __init__(self, number: int) -> None:
        host = Host(f"BENCH{number}_URL", f"https://bench{number}.example", auth=_SIGN_INS)
        # The contract has these as a class's own, because elsewhere a class is one platform.
        vars(self).update(slug=f"bench{number}", name=f"Bench {number}", hosts={"api": host})

    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        """Ask the five questions."""
        path, last = f"/accounts/{assignment.account.id}", assignment.now.date() - timedelta(days=1)
        counts = fetch(Request("api", f"{path}/profile"))["counts"]
        yield from (counts[measure.metric.key].read(measure) for measure in LEVELS)
        first = max(assignment.first_day(*FLOWS), last - timedelta(days=_DAYS - 1))
        asked = Request("api", f"{path}/days", {"since": str(first), "until": str(last)})
        yield from _read_days(fetch(asked)["series"], Days(first, last))
        yield from _read_audience(fetch(Request("api", f"{path}/audience", {"day": str(last)}))["parts"], last)
        listed = Request("api", f"{path}/posts", {"limit": str(_PER_PAGE)})
        for page in pages(fetch, listed, _following, cap=_MOST_PAGES):
            for post in page["posts"]:
                yield from _read_post(post)

    def check(self, account: Account, fetch: Fetch) -> Profile:
        """Ask who the account is."""
        profile = fetch(Request("api", f"/accounts/{account.settings['account_id']}/profile"))
        return Profile(profile["id"].text(), profile["handle"].text())

    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        """Take anything but a good answer for none: the benchmark's server gives no other."""
        if exchange.status == 200:
            return None
        return UnreachableError(f"{exchange.request.path}: status {exchange.status}", place=exchange.place())


def _read_days(series: Node, days: Days) -> Iterator[Observation]:
    for measure in FLOWS:
        points = series[measure.metric.key]
        yield Coverage(measure, days, points.place)
        for point in points:
            yield point["value"].read(measure, on=date.fromisoformat(point["day"].text()))


def _read_audience(parts: Node, day: date) -> Iterator[Observation]:
    for part in parts:
        about = f"{part['dimension'].text()}:{part['name'].text()}"
        yield part["count"].read(AUDIENCE, on=day, about=about)


def _read_post(post: Node) -> Iterator[Observation]:
    id, created_at = post["id"].text(), datetime.fromisoformat(post["created_at"].text()).astimezone(UTC)
    yield Post(id, created_at, "photo", post["text"].text()[:80], post["link"].text(), post.place)
    yield from (post["counts"][measure.metric.key].read(measure, about=id) for measure in OF_POSTS)


def _following(page: Node) -> Mapping[str, str] | None:
    after = page["after"]
    return {"after": after.text()} if after.exists else None
