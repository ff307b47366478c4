"""The account's own posts: who they are and what they have gathered so far (x.md §3, §4 and §7)."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from connectors.kit import (
    Assignment,
    Coverage,
    Days,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    Post,
    Reason,
    SettingError,
    ShapeError,
    missing,
)
from connectors.x import faults
from connectors.x.measures import OF_POSTS, PRIVATE, PUBLIC
from connectors.x.plan import Plan, Stretch
from connectors.x.timeline import Listed, Timeline

_TITLE_LENGTH = 80  # X wants what is deleted there to go: no more of a text than tells which post it is (x.md §7)
_KINDS = {"replied_to": "reply", "quoted": "quote"}
_REPOST = "retweeted"
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Posts:
    """Reads the posts of one snapshot. `sees_private`: the account's own sign-in asks, so private figures may come."""

    assignment: Assignment
    plan: Plan
    timeline: Timeline
    username: str
    sees_private: bool
    _page: Node | None = None  # the last page, and the oldest post of the last stretch
    _oldest: datetime | None = None
    _lacking: set[Reason] = field(default_factory=set)

    def read(self) -> Iterator[Observation]:
        """Read what is new, what came of an age, and what was before. A refusal costs the posts alone (x.md §1)."""
        now = self.assignment.now
        try:
            yield from self._read_fresh()
            for stretch in self.plan.again:
                yield from self._read_stretch(stretch)
                self._note_money(cut=self.timeline.was_cut)
            if self.plan.past is not None and Reason.BUDGET not in self._lacking:
                yield from self._read_past(self.plan.past)
        except (NotOfferedError, SettingError) as refusal:
            reason = refusal.reason if isinstance(refusal, NotOfferedError) else Reason.NOT_PERMITTED
            yield from (missing(measure, reason, refusal, now) for measure in OF_POSTS)
            return
        yield from self._tell_lacking()

    def _tell_lacking(self) -> Iterator[Observation]:
        """Say once of each measure why some of it is missing: the reason that stays longest."""
        told: set[Measure] = set()
        for reason in (Reason.NOT_PERMITTED, Reason.BUDGET, Reason.TOO_LATE):
            if reason in self._lacking:
                measures = OF_POSTS if reason is Reason.BUDGET else PRIVATE
                new = [measure for measure in measures if measure not in told]
                yield from (missing(measure, reason, None, self.assignment.now) for measure in new)
                told.update(new)

    def _read_fresh(self) -> Iterator[Observation]:
        """Read what is new. Cut off, a usual day's posts are listed again next time; of a longer time what was had
        stands, because listing it again would cost again."""
        today, whole_from = self.assignment.now.astimezone(UTC).date(), None
        for stretch in self.plan.fresh:
            yield from self._read_stretch(stretch)
            if self.timeline.was_cut:
                is_over = self.timeline.by_money or not (self.plan.is_first or self.plan.goes_on)
                self._note_money(cut=is_over)
                if self._oldest is not None:
                    whole_from = min(self._oldest.date() + _DAY, today)
                if whole_from is not None and (is_over or self.plan.is_first):
                    yield from self._cover(Days(whole_from, today))
                self.plan = replace(self.plan, past=None)  # it begins where this was cut
                return
            whole_from = min(stretch.start.date(), today)
        if whole_from is not None:
            yield from self._cover(Days(whole_from, today))

    def _read_past(self, past: Stretch) -> Iterator[Observation]:
        """Read what was before, newest first, and say how far back that went."""
        last = past.last_day
        yield from self._read_stretch(past)
        if not self.timeline.was_cut:
            yield from self._cover(Days(past.start.date(), last))
            return
        self._note_money(cut=self.timeline.by_money)
        if self._oldest is not None:
            yield from self._cover(Days(min(self._oldest.date() + _DAY, last), last))

    def _read_stretch(self, stretch: Stretch) -> Iterator[Observation]:
        self._oldest = None
        asks_private = self.sees_private and stretch.is_young
        for listed in self.timeline.list(stretch, private=asks_private):
            self._page = listed.page
            for post in listed.posts:
                yield from self._read_post(post, listed, asks_private)
            if listed.posts and not asks_private:
                self._lacking.add(Reason.TOO_LATE if self.sees_private else Reason.NOT_PERMITTED)

    def _read_post(self, post: Node, listed: Listed, asks_private: bool) -> Iterator[Observation]:
        created_at, references = _moment(post["created_at"]), _references(post)
        self._oldest = min(created_at, self._oldest or created_at)
        if _REPOST in references:
            return  # it carries the figures of somebody else's post (x.md §7)
        id = post["id"].text()
        kind = next((_KINDS[one] for one in references if one in _KINDS), "post")
        yield Post(id, created_at, kind, _title(post["text"]), f"https://x.com/{self.username}/status/{id}", post.place)
        for measure, names in PUBLIC.items():
            counts = post["public_metrics"]
            found = next((counts[name] for name in names if counts[name].exists), None)
            yield (
                found.read(measure, about=id)
                if found is not None
                else counts[names[0]].gap(measure, Reason.NOT_OFFERED, about=id)
            )
        if asks_private:
            yield from _read_private(post, id, listed.problems.get(id))

    def _cover(self, days: Days) -> Iterator[Observation]:
        assert self._page is not None  # something was listed
        for measure in PUBLIC:
            yield Coverage(measure, days, self._page["data"].place)

    def _note_money(self, *, cut: bool) -> None:
        if cut:
            self._lacking.add(Reason.BUDGET)


def _read_private(post: Node, id: str, problem: Node | None) -> Iterator[Observation]:
    for measure, (group, name) in PRIVATE.items():
        figure = post[group][name]
        if figure.exists:
            yield figure.read(measure, about=id)
        elif problem is not None:
            passes = faults.is_passing_gap(problem)
            yield problem.gap(measure, Reason.EMPTY if passes else Reason.NOT_PERMITTED, about=id)
        else:
            yield figure.gap(measure, Reason.NOT_OFFERED, about=id)


def _references(post: Node) -> list[str]:
    """Return how a post refers to others, in either dialect's words."""
    lists = (post[name] for name in ("referenced_tweets", "referenced_posts") if post[name].exists)
    return [one["type"].text() for each in lists for one in each if one["type"].exists]


def _title(text: Node) -> str:
    line = " ".join(text.text().split()) if text.exists else ""
    return line if len(line) <= _TITLE_LENGTH else f"{line[: _TITLE_LENGTH - 1].rstrip()}…"


def _moment(node: Node) -> datetime:
    text = node.text()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ShapeError(f"{text!r} at {node.pointer} is no moment", place=node.place) from None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
