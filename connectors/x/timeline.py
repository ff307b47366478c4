"""The timeline of one account, page by page: what is sent, in which of X's two dialects, and what is paid for.

The dialect can change from one page to the next, so each page is looked at: figures that did not come in one are asked
for once in the other (x.md §3.0).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.kit import Fetch, Node, Request, ShapeError
from connectors.x import faults
from connectors.x.plan import FEWEST, LONGEST_PAGE, Stretch

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "tweet.fields": ("created_at", "public_metrics", "referenced_tweets", "text"),
    "post.fields": ("created_at", "public_metrics", "text"),  # here references cost a reading of their own
}
_PRIVATE_FIELDS = ("non_public_metrics", "organic_metrics")


@dataclass(slots=True)
class Listed:
    """A page of the timeline, its posts, and by a post's id what X says of figures that may not be had."""

    page: Node
    posts: list[Node]
    problems: Mapping[str, Node]


@dataclass(slots=True)
class Timeline:
    """Lists an account's posts. `left` is how many more may be paid for (None: no end), `price` what one costs.

    After a stretch, `was_cut` says whether it was not listed to its end, and `by_money` whether for want of money.
    """

    fetch: Fetch
    user_id: str
    auth: str
    price: int
    left: int | None
    was_cut: bool = False
    by_money: bool = False
    _dialect: str = "tweet.fields"
    _paid: int = 0

    def list(self, stretch: Stretch, *, private: bool) -> Iterator[Listed]:
        """Yield the pages of a stretch, newest first."""
        params = {"exclude": "retweets", "start_time": _time(stretch.start)}
        if stretch.end is not None:
            params["end_time"] = _time(stretch.end)
        seen: set[str] = set()
        self.was_cut, self._paid = False, 0
        while True:
            size = self._size(stretch.most - self._paid)
            if size is None:
                self.was_cut = True
                return
            listed = self._ask({**params, "max_results": str(size)}, private=private)
            yield listed
            new, token = _ids(listed.posts) - seen, listed.page["meta"]["next_token"]
            if not token.exists or not new:  # some tokens go round for ever (x.md §3.1)
                return
            seen |= new
            params["pagination_token"] = token.text()

    def _size(self, wanted: int) -> int | None:
        """Return how many posts to ask for at once, None where no more may be."""
        affordable = wanted if self.left is None else min(wanted, self.left)
        self.by_money = affordable < wanted
        return min(affordable, LONGEST_PAGE) if affordable >= FEWEST else None

    def _ask(self, params: Mapping[str, str], *, private: bool) -> Listed:
        """Ask for a page. Posts that it hides because of their private figures are had without those (x.md §3.2)."""
        listed = self._ask_in_either_dialect(params, private=private)
        hidden = listed.problems.keys() - _ids(listed.posts)
        if private and hidden and self._can_pay(params):
            whole = self._ask_in_either_dialect(params, private=False)
            listed.posts += [post for post in whole.posts if post["id"].text() in hidden]
        return listed

    def _ask_in_either_dialect(self, params: Mapping[str, str], *, private: bool) -> Listed:
        """Ask for a page; once more in the other dialect where this one is refused or its figures did not come."""
        try:
            listed = self._fetch(params, private=private)
        except ShapeError as error:
            if error.code != faults.UNKNOWN_FIELDS:
                raise
            self._dialect = _other(self._dialect)
            return self._fetch(params, private=private)
        if listed.posts and not any(post["public_metrics"].exists for post in listed.posts) and self._can_pay(params):
            self._dialect = _other(self._dialect)
            return self._fetch(params, private=private)
        return listed

    def _can_pay(self, params: Mapping[str, str]) -> bool:
        return self.left is None or self.left >= int(params["max_results"])

    def _fetch(self, params: Mapping[str, str], *, private: bool) -> Listed:
        fields = ",".join(sorted((*_FIELDS[self._dialect], *(_PRIVATE_FIELDS if private else ()))))
        path, cost = f"/2/users/{self.user_id}/tweets", int(params["max_results"]) * self.price
        page = self.fetch(Request("api", path, {**params, self._dialect: fields}, cost=cost, auth=self.auth))
        posts = list(page["data"]) if page["data"].exists else []
        self._paid += len(posts)
        if self.left is not None:
            self.left = max(0, self.left - len(posts))
        return Listed(page, posts, dict(_problems(page)))


def _problems(page: Node) -> Iterator[tuple[str, Node]]:
    """Yield what X says of figures that may not be had, by the post (x.md §4)."""
    for problem in page["errors"] if page["errors"].exists else ():
        if faults.is_about_a_field(problem) and problem["resource_id"].exists:
            yield problem["resource_id"].text(), problem


def _ids(posts: Iterable[Node]) -> set[str]:
    return {post["id"].text() for post in posts}


def _other(dialect: str) -> str:
    return next(name for name in _FIELDS if name != dialect)


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
