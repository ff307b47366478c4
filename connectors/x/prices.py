"""What asking X costs, in millionths of a US dollar: the cost meter (x.md §1, in force since 2026-04-20, read 2026-08).

X charges for what it gives, never for asking: refused calls are free, and a list is paid by its length. It also says
that one resource is paid for once in a day of UTC; that is no promise ("soft guarantee"), so the sums here rely on it
for one thing only: the very question whose answer was lost, asked again at once.
"""

from datetime import UTC, date
from decimal import Decimal

from connectors.kit import Account, Assignment, Exchange

USER_READ = 10_000
"""One user. `/2/users/me` is not on X's list of cheaper reads; that it may be free is a bonus and no promise."""
POST_READ = 5_000
"""One post."""
OWNED_READ = 1_000
"""One post of the account that signed in, where that very account owns the application that asks."""

DEFAULT_YEARLY_CAP_USD = Decimal(5)
"""The followers of every day (3.65), and what is left for posts."""

SIGN_IN = frozenset({"refresh_token", "client_id"})
"""The keys of the account's own sign-in."""


def yearly_cap(account: Account) -> int:
    """Return what a year may cost."""
    return int(Decimal(account.settings.get("yearly_cap_usd", DEFAULT_YEARLY_CAP_USD)) * 1_000_000)


def post_read(account: Account) -> int:
    """Return the price of one of the account's posts. Who owns the application only the office knows."""
    is_owned = account.keys >= SIGN_IN and account.settings.get("own_app") in ("ya", "yes")
    return OWNED_READ if is_owned else POST_READ


def affordable_posts(assignment: Assignment, user_reads: int) -> int | None:
    """Return how many posts may be read beside so many users; None: as many as there are.

    Followers come first, because a missed day of them is gone for good (x.md §0): the money for every day that the
    year still has is kept back.
    """
    if assignment.budget is None:
        return None
    today = assignment.now.astimezone(UTC).date()
    coming = (date(today.year, 12, 31) - today).days
    left = assignment.budget - (user_reads + coming) * USER_READ
    return max(0, left // post_read(assignment.account))


def charge(exchange: Exchange) -> int:
    """Return what an answer cost, by what it holds. Of one that cannot be read: the highest price."""
    body = exchange.json()
    if exchange.status >= 300:
        return 0
    if not isinstance(body, dict):
        return exchange.request.cost
    size = int(exchange.request.params.get("max_results", 1))
    data = body.get("data")
    given = len(data) if isinstance(data, list) else int(isinstance(data, dict))
    includes = body.get("includes")
    beside = includes if isinstance(includes, dict) else {}
    users, posts = (
        sum(len(beside[name]) for name in names if isinstance(beside.get(name), list))
        for names in (("users",), ("tweets", "posts"))
    )
    return given * (exchange.request.cost // size) + users * USER_READ + posts * POST_READ
