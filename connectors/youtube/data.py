"""What YouTube shows in public of a channel: who it is, and its counts (Data API v3, youtube.md §2.1).

Works with a key for public data or with the owner's sign-in and reads the same either way.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from connectors.kit import (
    AccessError,
    Account,
    Choice,
    Fetch,
    Kind,
    Measure,
    Node,
    Observation,
    OtherAccountError,
    Profile,
    Reason,
    Request,
    SettingError,
    ShapeError,
    Subject,
    since,
)
from connectors.kit.metrics import FOLLOWERS, NOW, POSTS, VIEWS
from connectors.youtube.faults import NO_CHANNEL_HINT, NOT_FOUND_HINT, OTHER_CHANNEL_HINT, PACIFIC
from connectors.youtube.views import view_definitions

EXACT_BELOW = 1000
"""From here up the subscriber count keeps three digits and is rounded down (youtube.md §2.1)."""


CHANNEL_FOLLOWERS = Measure(
    FOLLOWERS, Subject.ACCOUNT, NOW, Kind.LEVEL,
    (since(None, "Pelanggan (subscriber) kanal yang ditampilkan YouTube; mulai 1.000 dibulatkan ke bawah "
                 "sehingga hanya tiga angka pertama yang pasti",
           "The channel's subscribers as YouTube shows them; from 1,000 up rounded down, so that only the first three "
           "digits are certain"),),
)  # fmt: skip
CHANNEL_VIEWS = Measure(
    VIEWS, Subject.ACCOUNT, NOW, Kind.LEVEL,
    view_definitions("Semua tayangan kanal sejak dibuat; dapat turun bila video dihapus",
                     "All views of the channel since it was made; can fall when videos are removed"),
)  # fmt: skip
CHANNEL_POSTS = Measure(
    POSTS, Subject.ACCOUNT, NOW, Kind.LEVEL,
    (since(None, "Jumlah video publik di kanal", "The number of public videos on the channel"),),
)  # fmt: skip
CHANNEL_COUNTS = {"subscriberCount": CHANNEL_FOLLOWERS, "viewCount": CHANNEL_VIEWS, "videoCount": CHANNEL_POSTS}


def ask_channel(account: Account, fetch: Fetch) -> Node:
    """Return the account's channel. Without a channel id it is the one that the owner chose when signing in.

    An unknown or terminated channel is a good answer that has no `items` at all (youtube.md §2.1).
    """
    wanted = account.settings.get("channel_id", "").strip() or account.id or ""
    which = {"id": wanted} if wanted else {"mine": "true"}
    parts = {"part": "id,snippet,contentDetails,statistics"}
    answer = fetch(Request("data", "/youtube/v3/channels", {**parts, **which}, auth="" if wanted else "owner"))
    for channel in elements(answer["items"]):
        if not wanted or channel["id"].text() == wanted:
            return channel
    if not wanted:
        raise _no_channel(answer)
    raise SettingError(
        f"there is no channel {wanted}",
        place=answer["items"].place,
        code="setting.channel_not_found",
        hint=NOT_FOUND_HINT,
    )


def check_owner(account: Account, channel: Node, fetch: Fetch) -> None:
    """Raise OtherAccountError where the sign-in belongs to another channel than the one that is collected.

    People are asked at sign-in whether they come as themselves or as the office's channel (youtube.md §1a). A sign-in
    that has ended is nobody's: beside a key for public data it must not cost the public counts, and collecting says it.
    """
    try:
        answer = fetch(Request("data", "/youtube/v3/channels", {"part": "id", "mine": "true"}, auth="owner"))
    except AccessError as ended:
        if "api_key" in account.keys and ended.code == "access.expired":
            return
        raise
    owned = {one["id"].text() for one in elements(answer["items"])}
    if not owned:
        raise _no_channel(answer)
    if channel["id"].text() not in owned:
        raise OtherAccountError(
            f"the sign-in is of channel {min(owned)}, not of {channel['id'].text()}",
            place=answer["items"][0]["id"].place,
            code="access.other_channel",
            hint=OTHER_CHANNEL_HINT,
        )


def ask_own_channel(fetch: Fetch) -> Choice:
    """Return the channel that a sign-in is of: the one that was chosen on Google's page (youtube.md §1a)."""
    answer = fetch(Request("data", "/youtube/v3/channels", {"part": "id,snippet", "mine": "true"}, auth="owner"))
    for channel in elements(answer["items"]):
        number, title = channel["id"].text(), channel["snippet"]["title"]
        name = title.text() if title.exists else number
        return Choice(Profile(number, name, name), {"channel_id": number})
    raise _no_channel(answer)


def _no_channel(answer: Node) -> AccessError:
    place = answer["items"].place
    return AccessError("the sign-in has no channel", place=place, code="access.no_channel", hint=NO_CHANNEL_HINT)


def made_on(channel: Node) -> date | None:
    """Return the Pacific day on which the channel was made, None where the answer does not say it."""
    moment = channel["snippet"]["publishedAt"]
    return instant(moment).astimezone(PACIFIC).date() if moment.exists else None


def link_in_bio(channel: Node) -> str:
    """Return the first address in the channel's description; its list of links is not to be had (youtube.v3.json)."""
    description = channel["snippet"]["description"]
    found = re.search(r"(?:https?://|www\.)[^\s<>()\[\]\"']+", description.text() if description.exists else "")
    return found[0].rstrip(".,;:!?") if found else ""


def read_channel(channel: Node) -> Iterator[Observation]:
    """Read the channel's counts. A hidden subscriber count may still be sent as "0" (youtube.md §2.1).

    So a nought is believed only where the answer says that nothing is hidden.
    """
    counts = channel["statistics"]
    hidden, subscribers = counts["hiddenSubscriberCount"], counts["subscriberCount"]
    is_hidden = hidden.truth() if hidden.exists else subscribers.exists and subscribers.number() == 0
    for name, measure in CHANNEL_COUNTS.items():
        count = counts[name]
        if measure is CHANNEL_FOLLOWERS and is_hidden:
            yield hidden.gap(measure, Reason.HIDDEN)
        elif not count.exists:
            yield count.gap(measure, Reason.NOT_OFFERED)
        elif measure is CHANNEL_FOLLOWERS:
            yield count.read(measure, upto=highest_of(count.number()))
        else:
            yield count.read(measure)


def highest_of(shown: int) -> int | None:
    """Return the largest count that YouTube shows as `shown`, None where `shown` is exact."""
    if shown < EXACT_BELOW:
        return None
    step = 10 ** (len(str(shown)) - 3)
    return None if shown % step or step == 1 else shown + step - 1


def elements(node: Node) -> Iterator[Node]:
    """Iterate over a list that may be missing altogether."""
    return iter(node) if node.exists else iter(())


def instant(node: Node) -> datetime:
    """Return a moment of the Data API, which are UTC. Raises ShapeError for anything else."""
    text = node.text()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ShapeError(f"expected a moment at {node.pointer}, found {text[:40]!r}", place=node.place) from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
