"""Days and audience from the business service, the Accounts API v1.3 (business-api.tiktok.com; tiktok.md §4.2).

Its days are UTC and come 24 to 48 hours late. It remembers 60 of them, and only from when somebody tapped "Turn on" in
the Analytics of the app. Most of its refusals come with status 200.
"""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import UTC, date, timedelta

from connectors.kit import (
    Account,
    Assignment,
    Coverage,
    Days,
    Fetch,
    Gap,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    OtherAccountError,
    Profile,
    Reading,
    Reason,
    Request,
    ShapeError,
    Words,
    join_days,
    missing,
)
from connectors.kit.metrics import FOLLOWERS
from connectors.tiktok.fields import ask_together
from connectors.tiktok.measures import AUDIENCE, AUDIENCE_FIELDS, BUSINESS_FOLLOWERS, DAYS, FLOOR, REACH_BACK
from connectors.tiktok.values import day_of, elements

PATH = "/open_api/v1.3"
_TOTAL = "followers_count"
_UNSETTLED_DAYS = 2  # so many of the newest whole days may still be without a figure (tiktok.md §4.2)
_ONE_DAY = timedelta(days=1)


def read_account(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
    """Read the days, which pass, then the followers of the moment and the audience."""
    for measures in DAYS:
        yield from _read_days(assignment, fetch, measures)
    yield from _read_now(assignment, fetch)


def check_same(profile: Profile, account: Account, fetch: Fetch) -> None:
    """See that both services speak of one account. Raises OtherAccountError where their names differ.

    Of an account that is known and was renamed just now, one of them may still tell the name it had.
    """
    name = ask_business(account.settings["business_id"], fetch, "username")["username"]
    had = account.handle.casefold() if account.id is not None else ""
    is_told = name.exists and profile.handle.casefold() != profile.name.casefold()
    if is_told and name.text().casefold() not in (profile.handle.casefold(), had):
        raise OtherAccountError(
            f"the business service speaks of {name.text()!r}, not of {profile.handle!r}",
            place=name.place,
            hint=Words(
                "Isian bisnis TikTok milik akun lain. Isi TIKTOK_BUSINESS_ID dan kunci masuknya untuk akun ini.",
                "The TikTok business fields are another account's. Fill in TIKTOK_BUSINESS_ID and its sign-in key for "
                "this account.",
            ),
        )


def ask_business(business_id: str, fetch: Fetch, *fields: str, days: Days | None = None) -> Node:
    """Ask for fields of the account. Raises ShapeError where the answer has no account."""
    span = {} if days is None else {"start_date": str(days.first), "end_date": str(days.last)}
    params = {"business_id": business_id, "fields": json.dumps(fields), **span}
    data = fetch(Request("business", f"{PATH}/business/get/", params))["data"]
    data.members()
    return data


def read_fraction(node: Node, measure: Measure, about: str) -> Reading | Gap:
    """Read a share, rate or duration. One with more digits than are kept is unreadable, and costs no other figure."""
    if not node.exists:
        return node.gap(measure, Reason.EMPTY, about=about)
    try:
        return node.read(measure, about=about)
    except ShapeError as fault:
        return node.gap(measure, Reason.UNREADABLE, about=about, note=fault.message)


def _read_now(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
    """Read what the service knows of the moment."""
    business_id = assignment.account.settings["business_id"]
    wanted = [] if assignment.is_dead(BUSINESS_FOLLOWERS) else [_TOTAL]
    if assignment.is_dead(AUDIENCE):
        yield missing(AUDIENCE, Reason.RETIRED, None, assignment.now)
    else:
        wanted += AUDIENCE_FIELDS
    answers = dict(ask_together(lambda names: ask_business(business_id, fetch, *names), wanted))
    total = answers.pop(_TOTAL, None)
    if total is None:
        yield missing(BUSINESS_FOLLOWERS, Reason.RETIRED, None, assignment.now)
    elif isinstance(total, NotOfferedError):
        yield missing(BUSINESS_FOLLOWERS, total.reason, total, assignment.now)
    elif total[_TOTAL].exists:
        yield total[_TOTAL].read(BUSINESS_FOLLOWERS)
    else:
        yield total[_TOTAL].gap(BUSINESS_FOLLOWERS, Reason.NOT_OFFERED)
    followers = total[_TOTAL].number() if isinstance(total, Node) and total[_TOTAL].exists else None
    is_refused = all(isinstance(answer, NotOfferedError) for answer in answers.values())
    for field, answer in answers.items():
        dimension, label = AUDIENCE_FIELDS[field]
        if isinstance(answer, Node):
            yield from _read_audience(answer[field], dimension, label, followers)
        else:
            gap = missing(AUDIENCE, answer.reason, answer, assignment.now, about=dimension)
            # A refusal with a place is remembered for the measure, which the dimensions share: one must not end all.
            yield gap if is_refused else Gap(AUDIENCE, gap.reason, gap.when, None, dimension, gap.note)


def _read_audience(shares: Node, dimension: str, label: str, followers: int | None) -> Iterator[Observation]:
    """Read one dimension. Below the floor it is an empty list, and no error (tiktok.md §4.2)."""
    entries = list(elements(shares))
    if not entries:
        below = followers is not None and followers < FLOOR
        yield shares.gap(AUDIENCE, Reason.BELOW_FLOOR if below else Reason.EMPTY, about=dimension)
    for entry in entries:
        yield read_fraction(entry["percentage"], AUDIENCE, f"{dimension}:{entry[label].text()}")


def _read_days(assignment: Assignment, fetch: Fetch, measures: Mapping[str, Measure]) -> Iterator[Observation]:
    """Read the daily figures of one kind of account."""
    business_id = assignment.account.settings["business_id"]
    last = min(assignment.window.last, _today(assignment) - _ONE_DAY)
    begins = yield from _begin(assignment, measures, last)
    if not begins:
        return
    asked = Days(min(begins.values()), last)
    answers = ask_together(lambda names: ask_business(business_id, fetch, *names, days=asked), list(begins))
    for name, answer in answers:
        days = Days(begins[name], last)
        if isinstance(answer, NotOfferedError):
            yield missing(measures[name], answer.reason, answer, assignment.now, on=days)
        else:
            yield from _read_daily(answer, name, measures[name], days, _today(assignment))


def _begin(
    assignment: Assignment, measures: Mapping[str, Measure], last: date
) -> Generator[Observation, None, dict[str, date]]:
    """Return the first day to ask for by field, and yield the gaps of what is not asked for."""
    begins = {}
    earliest = _today(assignment) - timedelta(days=REACH_BACK)
    for name, measure in measures.items():
        first = assignment.first_day(measure)
        if first > last:
            continue
        if assignment.is_dead(measure):
            yield missing(measure, Reason.RETIRED, None, assignment.now, on=Days(first, last))
            continue
        if first < earliest:
            yield missing(
                measure, Reason.TOO_LATE, None, assignment.now, on=Days(first, min(last, earliest - _ONE_DAY))
            )
        if earliest <= last:
            begins[name] = max(first, earliest)
    return begins


def _read_daily(answer: Node, name: str, measure: Measure, days: Days, today: date) -> Iterator[Observation]:
    """Read one field's days. That idle days are left out is promised nowhere, so a missing one is unknown."""
    rows = {day_of(row["date"]): row[name] for row in elements(answer["metrics"])}
    rows = {day: value for day, value in rows.items() if days.first <= day <= days.last}
    printed = {day: value for day, value in rows.items() if value.exists}
    if measure.metric is FOLLOWERS and not _are_totals(printed, answer[_TOTAL]):
        note = "the daily followers are no totals"
        yield answer["metrics"].gap(measure, Reason.NOT_OFFERED, on=days, note=note)
        return
    if rows and not printed:  # some fields are of business accounts only, or of registered ones (tiktok.md §4.2)
        yield answer["metrics"].gap(measure, Reason.NOT_OFFERED, on=days)
        return
    for day, value in sorted(printed.items()):
        yield value.read(measure, on=day)
    for span in join_days(sorted(printed)):
        yield Coverage(measure, span, answer["metrics"].place)
    absent = [day for day in _each(days) if day not in printed]
    settled = today - timedelta(days=_UNSETTLED_DAYS)
    for span in join_days(day for day in absent if day < settled):
        yield answer["metrics"].gap(measure, Reason.EMPTY, on=span)
    if not printed:
        for span in join_days(day for day in absent if day >= settled):
            yield answer["metrics"].gap(measure, Reason.TOO_EARLY, on=span)


def _are_totals(printed: Mapping[date, Node], total: Node) -> bool:
    """Whether the daily followers are totals. On some accounts they may be the day's change (tiktok.md §4.2): a newest
    day of less than half the present total is one."""
    if not printed or not total.exists:
        return True
    return printed[max(printed)].number() * 2 >= total.number()


def _today(assignment: Assignment) -> date:
    return assignment.now.astimezone(UTC).date()


def _each(days: Days) -> Sequence[date]:
    return [days.first + timedelta(days=number) for number in range(days.length)]
