"""YouTube: a channel's public counts and videos, and for its owner the figures of days and of windows.

Data API v3 (`channels`, `playlistItems`, `videos`; about one unit of the daily 10,000 per request) and Analytics API
v2 (`reports`), as of November 2026 (youtube.md). A key for public data is enough for the counts; the owner's sign-in
with `youtube.readonly` and `yt-analytics.readonly` opens days, countries, traffic sources, viewers and top videos too.
Without it these are not asked for and leave no gaps, because nobody expects them.

Known limits: the public subscriber count keeps three digits from 1,000 up (the days' gains and losses are exact);
the newest days of Analytics come about four days late; unique viewers are not to be had. Public counts are asked for
first, so that a sign-in that ended costs only the owner's figures.
"""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import SecretStr

from connectors.kit import (
    Account,
    Assignment,
    Choice,
    Connector,
    Exchange,
    Fetch,
    Gap,
    Host,
    Keys,
    Limits,
    Moment,
    NotOfferedError,
    Observation,
    OtherAccountError,
    PlatformError,
    Post,
    Profile,
    Query,
    Refreshed,
    Request,
    Words,
    key,
)
from connectors.youtube import data, faults
from connectors.youtube.connecting import SHARED, WAYS
from connectors.youtube.days import read_days
from connectors.youtube.measures import OWNER_MEASURES
from connectors.youtube.reports import Analytics
from connectors.youtube.videos import VIDEO_COUNTS, read_posts
from connectors.youtube.windows import Windows

PUBLIC_ANSWER_DAYS = 30
OWNER_KEYS = frozenset({"refresh_token", "client_id", "client_secret"})

_OWNER = Refreshed(
    Request(
        "oauth",
        "/token",
        method="POST",
        form={
            "grant_type": "refresh_token",
            "refresh_token": "{refresh_token}",
            "client_id": "{client_id}",
            "client_secret": "{client_secret}",
        },
    ),
    seed="refresh_token",
    requires=("client_id", "client_secret"),
)


class YouTubeKeys(Keys):
    """What an office fills in for its channel."""

    channel_id: str | None = key(
        "YOUTUBE_CHANNEL_ID",
        Words("ID kanal", "Channel ID"),
        Words(
            "Diawali UC; ada di YouTube Studio, menu Setelan, Kanal, Setelan lanjutan.",
            "Begins with UC; it stands in YouTube Studio under Settings, Channel, Advanced settings.",
        ),
    )
    api_key: SecretStr | None = key(
        "YOUTUBE_API_KEY",
        Words("Kunci data publik Google", "Google key for public figures"),
        Words(
            "Dibuat di Google Cloud Console, menu Kredensial. Cukup untuk pelanggan, tayangan, dan daftar video.",
            "Made in the Google Cloud Console under Credentials. Enough for subscribers, views and the list of videos.",
        ),
    )
    refresh_token: SecretStr | None = key(
        "YOUTUBE_REFRESH_TOKEN",
        Words("Izin masuk pemilik kanal", "Channel owner's sign-in"),
        Words(
            "Membuka angka harian, negara, umur, dan asal tayangan. Didapat saat menyambungkan "
            "kanal; statusnya di Google harus In production, sebab bila Testing izin ini mati setelah 7 hari.",
            "Opens the daily figures, countries, ages and sources of views. Had by connecting the "
            "channel; Google must show the application as In production, for in Testing it ends after 7 days.",
        ),
    )
    client_id: str | None = key(
        "GOOGLE_CLIENT_ID",
        Words("ID aplikasi Google", "Google application ID"),
        Words(
            "Dari Google Cloud Console, menu Kredensial, jenis aplikasi Desktop.",
            "From the Google Cloud Console under Credentials, application type Desktop.",
        ),
    )
    client_secret: SecretStr | None = key(
        "GOOGLE_CLIENT_SECRET",
        Words("Rahasia aplikasi Google", "Google application secret"),
        Words("Ada di samping ID aplikasi Google.", "Stands beside the Google application ID."),
    )


class YouTube(Connector):
    """The connector of YouTube."""

    slug = "youtube"
    name = "YouTube"
    colour = "#FF0000"
    measures = (*data.CHANNEL_COUNTS.values(), *VIDEO_COUNTS.values(), *OWNER_MEASURES)
    hosts: ClassVar[Mapping[str, Host]] = {
        "data": Host(
            "YOUTUBE_DATA_URL",
            "https://www.googleapis.com",
            auth={"owner": _OWNER, "public": Query("key", "api_key")},
        ),
        "analytics": Host("YOUTUBE_ANALYTICS_URL", "https://youtubeanalytics.googleapis.com", auth={"owner": _OWNER}),
        "oauth": Host("GOOGLE_OAUTH_URL", "https://oauth2.googleapis.com"),
    }
    limits = Limits(per_second=5)
    Keys = YouTubeKeys
    identity = "channel_id"
    identity_is = "id"
    needs = (frozenset({"channel_id", "api_key"}), OWNER_KEYS)
    ways = WAYS
    shared = SHARED
    reread_days = 35  # spam is removed late: two weeks at least, five are better (youtube.md §5)
    terms = Words(
        "Ketentuan YouTube: jawaban atas kunci data publik saja disimpan paling lama 30 hari; data kanal sendiri boleh "
        "disimpan selama izin masuk pemiliknya berlaku. Angka YouTube tidak dijumlahkan dengan angka platform lain.",
        "YouTube's terms: answers had by a key for public data alone are kept for 30 days at most; the channel's own "
        "data may be kept as long as its owner's sign-in holds. Its figures are not added up with other platforms'.",
    )

    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        """Read the channel's counts, its videos, and with the owner's sign-in the figures of days."""
        try:
            channel = data.ask_channel(assignment.account, fetch)
        except NotOfferedError as refusal:
            for measure in data.CHANNEL_COUNTS.values():
                yield Gap(measure, refusal.reason, Moment(assignment.now), refusal.place, note=refusal.message)
            raise  # nothing of a closed channel can be read, and somebody has to hear of it (youtube.md §4)
        yield from data.read_channel(channel)
        seen: set[str] = set()
        for one in read_posts(assignment, channel, fetch):
            if isinstance(one, Post):
                seen.add(one.id)
            yield one
        if assignment.account.keys >= OWNER_KEYS:
            analytics = Analytics(assignment, channel["id"].text(), fetch)
            yield from read_days(assignment, data.made_on(channel), analytics)
            yield from Windows(assignment, analytics, fetch, seen).read()

    def check(self, account: Account, fetch: Fetch) -> Profile:
        """Ask YouTube which channel it is."""
        channel, problem = data.ask_channel(account, fetch), None
        try:
            if account.keys >= OWNER_KEYS:
                data.check_owner(account, channel, fetch)
        except OtherAccountError as other:
            if "api_key" not in account.keys:
                raise
            problem = other  # the public counts are asked for by the channel's id, and remain the right ones
        channel_id, snippet = channel["id"].text(), channel["snippet"]
        title = snippet["title"].text() if snippet["title"].exists else channel_id
        handle = snippet["customUrl"].text().lstrip("@") if snippet["customUrl"].exists else title
        link = f"https://www.youtube.com/channel/{channel_id}"
        return Profile(channel_id, handle, title, link, data.link_in_bio(channel), problem)

    def list_choices(self, account: Account, fetch: Fetch) -> tuple[Choice, ...]:
        """Return the channel that the owner chose at Google, or the one that a key for public figures is for."""
        if account.keys >= OWNER_KEYS:
            return (data.ask_own_channel(fetch),)
        return super().list_choices(account, fetch)

    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        """Say what an answer's fault is, None for a good answer."""
        return faults.diagnose(exchange)

    def raw_answer_days(self, account: Account) -> int | None:
        """Return for how many days whole answers may be kept: public figures had by a key for 30 (youtube.md §6)."""
        return None if account.keys >= OWNER_KEYS else PUBLIC_ANSWER_DAYS


CONNECTOR = YouTube()
