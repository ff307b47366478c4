"""What the platforms on Meta's Graph share beside its faults: list pages, Pacific days and batches of metrics.

Their connectors call these functions and take the error table from `graph_faults`; nothing here knows which platform
asks.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from connectors.kit.contract import Account, Assignment, Fetch
from connectors.kit.errors import NotOfferedError, Reason, SettingError, ShapeError
from connectors.kit.graph_faults import GONE, TOO_WIDE
from connectors.kit.metrics import Measure, Words
from connectors.kit.node import Node, missing
from connectors.kit.observations import Coverage, Days, Gap, Reading
from connectors.kit.requests import Request

DEFAULT_VERSION = "v26.0"
"""The newest version known (facebook.md §1, seen 2026-11). Every path carries the version."""

PACIFIC = ZoneInfo("America/Los_Angeles")
UNSETTLED_DAYS = 2
"""So many of the newest whole days may still be without a figure (facebook.md §6: a probe lagged two days)."""

_NO_ID_HINT = Words("Isi ID akun ini pada pengaturannya.", "Fill in the id of this account in its settings.")
_WRONG_ID_HINT = Words(
    "Akun ini tidak ditemukan. Periksa ID akun, dan pastikan kuncinya dibuat untuk akun ini.",
    "This account was not found. Check the account's id, and that its key was made for this account.",
)


def version_of(account: Account) -> str:
    """Return the version that an account's requests are made in."""
    return account.settings.get("graph_version", DEFAULT_VERSION)


def node_request(api: str, account: Account, id_field: str, *edge: str) -> Request:
    """Return the request for an account's own node, or for one of its edges. Raises SettingError without an id."""
    node = account.settings.get(id_field) or account.id
    if not node:
        raise SettingError(f"{account.handle}: {id_field} is not filled in", code="setting.account", hint=_NO_ID_HINT)
    return Request(api, "/".join(("", version_of(account), node, *edge)))


def fetch_account(fetch: Fetch, request: Request) -> Node:
    """Ask for the account's own node. One that is not there is a wrong id, not a missing figure."""
    try:
        return fetch(request)
    except NotOfferedError as error:
        if error.code != GONE:
            raise
        raise SettingError(error.message, place=error.place, code="setting.account", hint=_WRONG_ID_HINT) from error


def read_counts(
    fetch: Fetch, request: Request, counts: Mapping[str, Measure], assignment: Assignment, *, always: tuple[str, ...]
) -> Iterator[Reading | Gap]:
    """Read an account's counts of the moment from its node, by the names of their fields.

    `always` are the fields that say whose counts they are. A count that the node leaves out is a gap, never a zero.
    """
    alive = []
    for name, measure in counts.items():
        if assignment.is_dead(measure):
            yield missing(measure, Reason.RETIRED, None, assignment.now)
        else:
            alive.append(name)
    if not alive:
        return
    for name, answer in ask_together(partial(fetch_account, fetch), request, "fields", tuple(alive), always=always):
        if isinstance(answer, NotOfferedError):
            yield missing(counts[name], answer.reason, answer, assignment.now)
        elif answer[name].exists:
            yield answer[name].read(counts[name])
        else:
            yield answer[name].gap(counts[name], Reason.NOT_OFFERED)


def optional_text(node: Node) -> str:
    """Return a text that may be absent, "" where it is."""
    return node.text() if node.exists else ""


def text_id(node: Node) -> str:
    """Return an id as text. Some answers print the same id as a number (instagram.md §2)."""
    try:
        return node.text()
    except ShapeError:
        return str(node.number())


def following(page: Node) -> dict[str, str] | None:
    """Return the parameters of a list's next page, None after the last.

    Only `next` says that there is one: a page may be empty and still have it, and the last one may still have cursors
    (facebook.md §3.3). The address in `next` carries the key and is not followed (facebook.md §2.2).
    """
    after = page["paging"]["cursors"]["after"]
    return {"after": after.text()} if page["paging"]["next"].exists and after.exists else None


def ask_together(
    fetch: Fetch,
    request: Request,
    parameter: str,
    names: tuple[str, ...],
    *,
    always: tuple[str, ...] = (),
    of_all: frozenset[str] = frozenset({TOO_WIDE}),
) -> Iterator[tuple[str, Node | NotOfferedError]]:
    """Ask for several names in one call and yield each with its answer or its refusal.

    One bad name fails the whole call (facebook.md §3.2), so that after a refusal each name is asked alone. `always`
    are put before them in every call. A refusal with a code of `of_all` is no name's fault and is raised at once.
    """
    try:
        answer = fetch(request.with_params(**{parameter: ",".join((*always, *names))}))
    except NotOfferedError as error:
        if error.code in of_all:
            raise
        if len(names) == 1:
            yield names[0], error
            return
    else:
        yield from ((name, answer) for name in names)
        return
    for name in names:
        yield from ask_together(fetch, request, parameter, (name,), always=always, of_all=of_all)


def moment(node: Node) -> datetime:
    """Return the moment that a text names ("2026-09-05T07:00:00+0000"). Raises ShapeError for anything else."""
    try:
        at = datetime.fromisoformat(node.text())
    except ValueError:
        raise ShapeError(
            f"{node.exchange.request.path}: expected a time at {node.pointer}, found {node.text()[:40]!r}",
            place=node.place,
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def pacific_day(end_time: Node) -> date:
    """Return the day that ends at `end_time`: the Pacific date just before it (facebook.md §6)."""
    return (moment(end_time) - timedelta(seconds=1)).astimezone(PACIFIC).date()


def pacific_today(now: datetime) -> date:
    """Return the Pacific day that is going on at `now`; the one before it is the newest whole day."""
    return now.astimezone(PACIFIC).date()


def points(answer: Node, name: str) -> dict[date, Node]:
    """Return the values of one metric of an insights answer by their Pacific day. A day without a value is left out."""
    return {
        pacific_day(point["end_time"]): point["value"]
        for series in answer["data"]
        if series["name"].text() == name and series["values"].exists
        for point in series["values"]
        if point["value"].exists
    }


def read_days(answer: Node, name: str, measure: Measure, days: Days) -> Iterator[Reading | Coverage | Gap]:
    """Read one metric's daily values. A missing day is unknown and never a zero (facebook.md §6), so only days that
    have a value are covered; the others are gaps, except the newest ones, which the platform has not finished."""
    values = points(answer, name)
    wanted = [days.first + timedelta(days=number) for number in range(days.length)]
    settled = pacific_today(answer.exchange.now) - timedelta(days=UNSETTLED_DAYS)
    for day in wanted:
        if day in values:
            yield values[day].read(measure, on=day)
    for run in _runs(day for day in wanted if day in values):
        yield Coverage(measure, run, answer["data"].place)
    missing = [day for day in wanted if day not in values]
    for run in _runs(day for day in missing if day < settled):
        yield answer["data"].gap(measure, Reason.EMPTY, on=run)
    if missing == wanted:
        for run in _runs(day for day in missing if day >= settled):
            yield answer["data"].gap(measure, Reason.TOO_EARLY, on=run)


def _runs(days: Iterable[date]) -> Iterator[Days]:
    """Join days that follow each other."""
    run: Days | None = None
    for day in days:
        if run is not None and day - run.last == timedelta(days=1):
            run = Days(run.first, day)
            continue
        if run is not None:
            yield run
        run = Days(day, day)
    if run is not None:
        yield run
