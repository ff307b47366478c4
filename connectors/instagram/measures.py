"""What the figures of an Instagram account mean, and the names by which the Graph API knows them (instagram.md §3).

Days are Pacific ones. Every name stands here once; which of them fit together in one question is said beside them.
"""

from collections.abc import Mapping

from connectors.kit import Kind, Measure, Metric, Subject, metric, metrics, since, window

REACH_BACK = 730
"""The platform's own words: "Metrics data is available for the last 2 years" (instagram.md §3.2, seen 2026-07)."""

LONGEST = 30
"""Days that one question about the account may span (instagram.md §3.2, seen 2026-09)."""

FLOOR = 100
"""Followers below which follows, demographics and hours are not told (instagram.md §3.2)."""

_FEWEST_VIEWERS = 5  # of a story, below which nothing is told of it (instagram.md §3.4)
_ONLINE_BACK = 30

Parts = Mapping[str, Measure]
"""What one name gives: its total, under "", or by the labels of its breakdown."""

_ENGAGED = metric("instagram.accounts_engaged", "person", "akun yang berinteraksi", "accounts engaged")
_REPLIES = metric("instagram.replies", "reply", "balasan story", "story replies")
_REPOSTS = metric("instagram.reposts", "repost", "diunggah ulang (reposts)", "reposts")
_ACTIVITY = metric("instagram.profile_activity", "tap", "tindakan di profil", "profile activity")
_NAVIGATION = metric("instagram.navigation", "tap", "navigasi story", "story navigation")
_ONLINE = metric("instagram.online_followers", "person", "pengikut daring", "followers online")
_WATCHED = metric("instagram.watch_time", "millisecond", "waktu tonton (milidetik)", "watch time (ms)")
_WATCHED_ONCE = metric(
    "instagram.average_watch_time", "millisecond", "rata-rata waktu tonton (milidetik)", "average watch time (ms)"
)


def _of_account(what: Metric, span: str, kind: Kind, id: str, en: str, floor: int | None = None) -> Measure:
    reach_back = None if span == metrics.NOW else REACH_BACK
    return Measure(what, Subject.ACCOUNT, span, kind, (since(None, id, en),), floor=floor, reach_back=reach_back)


COUNTS: Mapping[str, Measure] = {
    "followers_count": _of_account(
        metrics.FOLLOWERS, metrics.NOW, Kind.LEVEL,
        "Jumlah pengikut akun saat diambil", "The account's followers at the moment of asking"),
    "follows_count": _of_account(
        metrics.FOLLOWING, metrics.NOW, Kind.LEVEL,
        "Jumlah akun yang diikuti saat diambil", "The accounts it follows at the moment of asking"),
    "media_count": _of_account(
        metrics.POSTS, metrics.NOW, Kind.LEVEL,
        "Jumlah unggahan yang tampil saat diambil, tanpa story",
        "The posts that are up at the moment of asking, without stories"),
}  # fmt: skip
"""The counts of the account by the names of their fields (instagram.md §3.1)."""

_REACH_WORDS = (
    "Akun berbeda yang dijangkau, termasuk oleh iklan; perkiraan Meta. Jumlah beberapa hari bukan jangkauan",
    "Distinct accounts reached, ads included; estimated by Meta. The sum of several days is no reach",
)
_VIEWS_WORDS = (
    "Tayangan semua konten, termasuk iklan; pengganti impresi sejak April 2025",
    "Views of all content, ads included; they replaced impressions in April 2025",
)
_INTERACTIONS_WORDS = (
    "Interaksi dengan konten: suka, komentar, simpan, bagikan, balasan; termasuk yang diiklankan",
    "Interactions with content: likes, comments, saves, shares, replies; boosted ones included",
)
_ENGAGED_WORDS = (
    "Akun berbeda yang berinteraksi dengan konten, termasuk iklan; perkiraan Meta",
    "Distinct accounts that interacted with content, ads included; estimated by Meta",
)
_GAINED_WORDS = (
    "Akun yang mulai mengikuti; tidak diberikan untuk akun dengan kurang dari 100 pengikut",
    "Accounts that began to follow; not told of accounts with fewer than 100 followers",
)
_LOST_WORDS = (
    "Akun yang berhenti mengikuti atau meninggalkan Instagram; tidak diberikan di bawah 100 pengikut",
    "Accounts that stopped following or left Instagram; not told below 100 followers",
)

REACH_OF_DAY = _of_account(metrics.REACH, metrics.DAY, Kind.UNIQUE, *_REACH_WORDS)
"""The only figure that one question gives day by day; the totals below take a question a day (instagram.md §3.2)."""


def _totals(span: str) -> Mapping[str, Parts]:
    return {
        "views": {"": _of_account(metrics.VIEWS, span, Kind.FLOW, *_VIEWS_WORDS)},
        "total_interactions": {"": _of_account(metrics.INTERACTIONS, span, Kind.FLOW, *_INTERACTIONS_WORDS)},
        "accounts_engaged": {"": _of_account(_ENGAGED, span, Kind.UNIQUE, *_ENGAGED_WORDS)},
    }


def _reach(span: str) -> Mapping[str, Parts]:
    return {"reach": {"": _of_account(metrics.REACH, span, Kind.UNIQUE, *_REACH_WORDS)}}


def _follows(span: str) -> Mapping[str, Parts]:
    return {"follows_and_unfollows": {
        "FOLLOWER": _of_account(metrics.FOLLOWERS_GAINED, span, Kind.FLOW, *_GAINED_WORDS, FLOOR),
        "NON_FOLLOWER": _of_account(metrics.FOLLOWERS_LOST, span, Kind.FLOW, *_LOST_WORDS, FLOOR),
    }}  # fmt: skip


def _of_day(what: Metric, id: str, en: str) -> Parts:
    return {"": _of_account(what, metrics.DAY, Kind.FLOW, id, en)}


TOTALS_OF_DAY: Mapping[str, Parts] = {
    **_totals(metrics.DAY),
    "likes": _of_day(metrics.LIKES, "Suka pada semua konten pada hari itu", "Likes on all content on that day"),
    "comments": _of_day(metrics.COMMENTS, "Komentar pada hari itu", "Comments on that day"),
    "saves": _of_day(metrics.SAVES, "Berapa kali konten disimpan", "How often content was saved"),
    "shares": _of_day(metrics.SHARES, "Berapa kali konten dibagikan", "How often content was shared"),
    "replies": _of_day(_REPLIES, "Balasan atas story pada hari itu", "Replies to stories on that day"),
    "reposts": _of_day(_REPOSTS, "Berapa kali konten diunggah ulang", "How often content was reposted"),
    "profile_links_taps": _of_day(
        metrics.CLICKS, "Ketukan pada tautan dan tombol kontak di profil", "Taps on the profile's links and buttons"),
    "profile_views": _of_day(
        metrics.PROFILE_VISITS,
        "Kunjungan profil; menurut dokumen sudah dihapus, tetapi masih dijawab sampai 2026",
        "Visits to the profile; removed by the documents, yet still answered in 2026"),
}  # fmt: skip
FOLLOWS_OF_DAY = _follows(metrics.DAY)

REPORTED = 28
"""Days of the window that the reports print, which is also that of the app's screens."""

TOTALS_OF_WINDOW: Mapping[int, Mapping[str, Parts]] = {
    days: {**_reach(window(days)), **_totals(window(days))} for days in (REPORTED, LONGEST)
}
FOLLOWS_OF_WINDOW: Mapping[int, Mapping[str, Parts]] = {
    days: _follows(window(days)) for days in (REPORTED, LONGEST)
}  # fmt: skip

TOTALS_OF_MONTH: Mapping[str, Parts] = {
    "reach": {"": _of_account(
        metrics.REACH, metrics.MONTH, Kind.UNIQUE,
        "Akun berbeda yang dijangkau dalam satu bulan; hanya bulan yang tidak lebih dari 30 hari",
        "Distinct accounts reached in a month; only of months that have no more than 30 days")},
    "accounts_engaged": {"": _of_account(
        _ENGAGED, metrics.MONTH, Kind.UNIQUE,
        "Akun berbeda yang berinteraksi dalam satu bulan; hanya bulan yang tidak lebih dari 30 hari",
        "Distinct accounts engaged in a month; only of months that have no more than 30 days")},
}  # fmt: skip
"""Distinct people of a closed month. Flows of a month are the sum of its days."""

TOO_LONG: Mapping[str, Measure] = {
    span: _of_account(
        metrics.REACH, span, Kind.UNIQUE,
        "Tidak dihitung Instagram: satu rentang paling lama 30 hari",
        "Not computed by Instagram: one span is of at most 30 days")
    for span in (metrics.QUARTER, metrics.SEMESTER, metrics.YEAR)
}  # fmt: skip
"""The reach of long periods, which does not exist; it is declared so that its absence can be said (instagram.md §6)."""

AUDIENCE = Measure(
    metrics.FOLLOWERS, Subject.AUDIENCE, metrics.NOW, Kind.LEVEL,
    (since(None, "Pengikut per kota, negara, umur, atau jenis kelamin saat diambil: 45 kelompok terbesar, dan hanya "
                 "pengikut yang datanya diketahui; jumlahnya kurang dari jumlah pengikut",
           "Followers by city, country, age or gender at the moment of asking: the 45 largest groups, and only those "
           "of whom it is known; they add up to fewer than all followers"),),
    floor=FLOOR,
)  # fmt: skip
DEMOGRAPHICS = ("city", "country", "age", "gender")

ONLINE = Measure(
    _ONLINE, Subject.AUDIENCE, metrics.DAY, Kind.LEVEL,
    (since(None, "Pengikut yang sedang daring menurut jam (0-23); zona jamnya tidak dijelaskan Meta",
           "Followers online by the hour (0-23); Meta does not say in which zone"),),
    floor=FLOOR, reach_back=_ONLINE_BACK,
)  # fmt: skip


def _of_post(what: Metric, id: str, en: str, kind: Kind = Kind.COUNTER, floor: int | None = None) -> Measure:
    return Measure(what, Subject.POST, metrics.NOW, kind, (since(None, id, en),), floor=floor)


LISTED: Mapping[str, Measure] = {
    "like_count": _of_post(
        metrics.LIKES, "Suka pada unggahan, tanpa iklan; dapat disembunyikan pemilik akun",
        "Likes on the post, ads not included; the owner may hide them"),
    "comments_count": _of_post(
        metrics.COMMENTS, "Komentar pada unggahan, tanpa iklan", "Comments on the post, ads not included"),
}  # fmt: skip
"""The counts that the list of media gives, by the names of their fields (instagram.md §3.3)."""

_COMMON: Mapping[str, Measure] = {
    "views": _of_post(metrics.VIEWS, "Tayangan unggahan sejak terbit, tanpa iklan", "Views since it came out, no ads"),
    "reach": _of_post(
        metrics.REACH, "Akun berbeda yang dijangkau sejak terbit, tanpa iklan; perkiraan",
        "Distinct accounts reached since it came out, no ads; estimated", Kind.UNIQUE),
    "shares": _of_post(metrics.SHARES, "Berapa kali unggahan dibagikan", "How often the post was shared"),
    "total_interactions": _of_post(
        metrics.INTERACTIONS, "Interaksi dengan unggahan sejak terbit", "Interactions with the post since it came out"),
}  # fmt: skip
_REPOSTED = {"reposts": _of_post(_REPOSTS, "Berapa kali diunggah ulang", "How often it was reposted")}
_SAVED = {"saved": _of_post(metrics.SAVES, "Berapa kali unggahan disimpan", "How often the post was saved")}
_TO_PROFILE: Mapping[str, Measure] = {
    "follows": _of_post(
        metrics.FOLLOWERS_GAINED, "Akun yang mengikuti dari unggahan ini", "Accounts that followed from this post"),
    "profile_visits": _of_post(
        metrics.PROFILE_VISITS, "Kunjungan profil dari unggahan ini", "Visits to the profile from this post"),
    "profile_activity": _of_post(
        _ACTIVITY, "Ketukan pada tombol profil setelah melihat unggahan ini",
        "Taps on the profile's buttons after seeing this post"),
}  # fmt: skip

OF_MEDIA: Mapping[str, Mapping[str, Measure]] = {
    "FEED": {**_COMMON, **_REPOSTED, **_SAVED, **_TO_PROFILE},
    "REELS": {
        **_COMMON, **_REPOSTED, **_SAVED,
        "ig_reels_video_view_total_time": _of_post(
            _WATCHED, "Waktu tonton reel seluruhnya, dalam milidetik", "Total time the reel was watched, in ms"),
        "ig_reels_avg_watch_time": _of_post(
            _WATCHED_ONCE, "Rata-rata waktu tonton reel, dalam milidetik",
            "Average time the reel was watched, in ms", Kind.RATIO),
    },
    "STORY": {
        **_COMMON, **_REPOSTED, **_TO_PROFILE,
        "replies": _of_post(_REPLIES, "Balasan atas story ini", "Replies to this story", floor=_FEWEST_VIEWERS),
        "navigation": _of_post(
            _NAVIGATION, "Ketukan maju, mundur, geser, dan keluar pada story ini",
            "Taps forward and back, swipes and exits on this story", floor=_FEWEST_VIEWERS),
        "link_clicks": _of_post(
            metrics.CLICKS, "Klik pada tautan di story ini; hanya bila masuk lewat Halaman Facebook",
            "Clicks on links in this story; only if signed in through a Facebook Page", floor=_FEWEST_VIEWERS),
    },
}  # fmt: skip
"""What is told of a media item by its `media_product_type`: one name too many fails the whole call (§3.4)."""

OF_OTHER_MEDIA = _COMMON
"""What is asked of an ad and of kinds that are not known yet: the names that all known kinds have."""

OF_STORY_ONLY = (OF_MEDIA["STORY"]["replies"], OF_MEDIA["STORY"]["navigation"])

ONLY_BY_PAGE = frozenset({"link_clicks"})
"""Only told where the sign-in is through a Page (instagram.md §1)."""

POST_MEASURES = tuple({
    measure.key: measure for names in (LISTED, *OF_MEDIA.values()) for measure in names.values()
}.values())  # fmt: skip

_BY_NAME = (TOTALS_OF_DAY, FOLLOWS_OF_DAY, *TOTALS_OF_WINDOW.values(), *FOLLOWS_OF_WINDOW.values(), TOTALS_OF_MONTH)

MEASURES = (
    *COUNTS.values(),
    REACH_OF_DAY,
    *(measure for names in _BY_NAME for parts in names.values() for measure in parts.values()),
    *TOO_LONG.values(),
    AUDIENCE,
    ONLINE,
    *POST_MEASURES,
)
