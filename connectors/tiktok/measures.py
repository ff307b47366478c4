"""What TikTok's figures mean, and the names by which its two services know them (tiktok.md §3, §4, §5).

The Display service knows totals of the moment; the business service knows days, the audience, and what a video
reached. Where both count the same thing, only the followers of the business service are kept as well, as a series of
their own: its days have nothing else to be set beside.
"""

from collections.abc import Mapping

from connectors.kit import Kind, Measure, Metric, Subject, metric, metrics, since, window
from connectors.kit.metrics import DAY, NOW

BUSINESS = "business"
REACH_BACK = 60
"""So many days back the business service can be asked; what is older is lost for good (tiktok.md §4.2)."""
FLOOR = 100
"""Followers below which the business service says nothing about the audience (tiktok.md §4.2)."""
_FRACTION_PLACES = 6  # of shares, rates and seconds; the samples print at most four (tiktok.md §4.2, §4.3)


def _total(metric: Metric, id: str, en: str, *, by: str = "") -> Measure:
    return Measure(metric, Subject.ACCOUNT, NOW, Kind.LEVEL, (since(None, id, en),), by=by)


def _of_day(metric: Metric, kind: Kind, id: str, en: str, *, by: str = "") -> Measure:
    return Measure(metric, Subject.ACCOUNT, DAY, kind, (since(None, id, en),), reach_back=REACH_BACK, by=by)


def _of_video(metric: Metric, kind: Kind, id: str, en: str, *, places: int = 0) -> Measure:
    return Measure(metric, Subject.POST, NOW, kind, (since(None, id, en),), places=places)


COUNTS: Mapping[str, Measure] = {
    "follower_count": _total(
        metrics.FOLLOWERS, "Jumlah pengikut akun saat diambil", "The account's followers at the moment of asking"),
    "following_count": _total(
        metrics.FOLLOWING, "Jumlah akun yang diikuti saat diambil", "The accounts it follows at the moment of asking"),
    "video_count": _total(
        metrics.POSTS,
        "Jumlah video publik saat diambil; video yang disembunyikan atau dihapus tidak ikut",
        "The public videos at the moment of asking; hidden and deleted ones are left out"),
    "likes_count": _total(
        metrics.LIKES,
        "Jumlah suka pada semua video publik saat diambil; turun bila video dihapus",
        "The likes on all public videos at the moment of asking; falls when a video is deleted"),
}  # fmt: skip
"""The counts of `user.info.stats` by the names of their fields."""

VIDEO_COUNTS: Mapping[str, Measure] = {
    "view_count": _of_video(
        metrics.VIEWS, Kind.COUNTER, "Semua tayangan video sejak terbit", "All views since the video came out"),
    "like_count": _of_video(
        metrics.LIKES, Kind.COUNTER, "Jumlah suka video sejak terbit", "Likes since the video came out"),
    "comment_count": _of_video(
        metrics.COMMENTS, Kind.COUNTER, "Jumlah komentar video sejak terbit", "Comments since the video came out"),
    "share_count": _of_video(
        metrics.SHARES, Kind.COUNTER, "Berapa kali video dibagikan sejak terbit", "Shares since the video came out"),
}  # fmt: skip
"""The counts of `video.list` by the names of their fields."""

_EVERY_ACCOUNT: Mapping[str, Measure] = {
    "followers_count": _of_day(
        metrics.FOLLOWERS, Kind.LEVEL,
        "Jumlah pengikut pada hari itu menurut layanan bisnis TikTok",
        "The followers on that day as TikTok's business service counts them", by=BUSINESS),
    "video_views": _of_day(
        metrics.VIEWS, Kind.FLOW,
        "Tayangan yang terjadi pada hari itu pada semua video, juga yang lama dan yang diiklankan",
        "Views that happened on that day on all videos, older and advertised ones included"),
    "profile_views": _of_day(
        metrics.PROFILE_VISITS, Kind.FLOW, "Kunjungan ke profil pada hari itu", "Visits to the profile on that day"),
    "likes": _of_day(
        metrics.LIKES, Kind.FLOW,
        "Suka yang diberikan pada hari itu; suka yang ditarik kembali tidak dikurangkan",
        "Likes given on that day; likes taken back are not subtracted"),
    "comments": _of_day(metrics.COMMENTS, Kind.FLOW, "Komentar pada hari itu", "Comments of that day"),
    "shares": _of_day(metrics.SHARES, Kind.FLOW, "Berapa kali video dibagikan pada hari itu", "Shares of that day"),
}  # fmt: skip

_BUSINESS_ACCOUNT: Mapping[str, Measure] = {
    "unique_video_views": _of_day(
        metrics.REACH, Kind.UNIQUE,
        "Orang yang menonton video akun pada hari itu", "People who watched the account's videos on that day"),
    "daily_new_followers": _of_day(
        metrics.FOLLOWERS_GAINED, Kind.FLOW,
        "Orang yang mulai mengikuti pada hari itu", "People who began to follow on that day"),
    "daily_lost_followers": _of_day(
        metrics.FOLLOWERS_LOST, Kind.FLOW,
        "Orang yang berhenti mengikuti pada hari itu", "People who stopped following on that day"),
    "engaged_audience": _of_day(
        metric("tiktok.engaged_audience", "person", "orang yang berinteraksi", "people who interacted"), Kind.UNIQUE,
        "Orang yang berinteraksi dengan konten akun pada hari itu",
        "People who interacted with the account's content on that day"),
}  # fmt: skip

_REGISTERED_BUSINESS: Mapping[str, Measure] = {
    "bio_link_clicks": _of_day(
        metric("tiktok.bio_link_clicks", "click", "klik tautan profil", "profile link clicks"), Kind.FLOW,
        "Klik pada tautan di profil pada hari itu", "Clicks on the profile's link on that day"),
    "email_clicks": _of_day(
        metric("tiktok.email_clicks", "click", "klik email", "e-mail clicks"), Kind.FLOW,
        "Klik pada alamat email di profil pada hari itu", "Clicks on the profile's e-mail address on that day"),
    "phone_number_clicks": _of_day(
        metric("tiktok.phone_clicks", "click", "klik nomor telepon", "phone number clicks"), Kind.FLOW,
        "Klik pada nomor telepon di profil pada hari itu", "Clicks on the profile's phone number on that day"),
    "address_clicks": _of_day(
        metric("tiktok.address_clicks", "click", "klik alamat", "address clicks"), Kind.FLOW,
        "Klik pada alamat kantor di profil pada hari itu", "Clicks on the profile's address on that day"),
}  # fmt: skip

DAYS = (_EVERY_ACCOUNT, _BUSINESS_ACCOUNT, _REGISTERED_BUSINESS)
"""The daily figures by the kind of account that is given them (tiktok.md §4.2), by the names of their fields.

`daily_total_followers` is left aside: despite its name it is gained less lost, which both stand here.
"""

BUSINESS_FOLLOWERS = _total(
    metrics.FOLLOWERS,
    "Jumlah pengikut akun saat diambil, menurut layanan bisnis TikTok",
    "The account's followers at the moment of asking, as TikTok's business service counts them", by=BUSINESS,
)  # fmt: skip

AUDIENCE = Measure(
    metric("tiktok.audience_share", "share", "bagian audiens (1 = semua)", "share of the audience (1 = all)"),
    Subject.AUDIENCE, NOW, Kind.RATIO,
    (since(None, "Bagian audiens per negara, kota, gender, atau umur; hanya yang terbesar, jadi jumlahnya bisa "
                 "kurang dari 1",
           "Share of the audience by country, city, gender or age; only the largest, so that they may add up to "
           "less than 1"),),
    places=_FRACTION_PLACES, floor=FLOOR,
)  # fmt: skip
AUDIENCE_FIELDS: Mapping[str, tuple[str, str]] = {
    "audience_countries": ("country", "country"),
    "audience_cities": ("city", "city_name"),
    "audience_genders": ("gender", "gender"),
    "audience_ages": ("age", "age"),
}
"""The dimension of each audience field, and the member that names it."""

INSIGHTS: Mapping[str, Measure] = {
    "reach": _of_video(
        metrics.REACH, Kind.UNIQUE,
        "Orang yang menonton video sejak terbit", "People who have watched the video since it came out"),
    "favorites": _of_video(
        metrics.SAVES, Kind.COUNTER, "Berapa kali video disimpan sejak terbit", "Saves since the video came out"),
    "total_time_watched": _of_video(
        metric("tiktok.watch_seconds", "second", "detik tonton", "seconds watched"), Kind.COUNTER,
        "Lama video ditonton sejak terbit, dalam detik", "How long the video was watched since it came out, in seconds",
        places=_FRACTION_PLACES),
    "average_time_watched": _of_video(
        metric("tiktok.average_watch_seconds", "second", "rata-rata detik tonton", "average seconds watched"),
        Kind.RATIO,
        "Rata-rata lama sekali menonton, dalam detik", "How long one viewing is on average, in seconds",
        places=_FRACTION_PLACES),
    "full_video_watched_rate": _of_video(
        metric("tiktok.watched_full_share", "share", "bagian yang menonton sampai habis (1 = semua)",
               "share who watched it whole (1 = all)"), Kind.RATIO,
        "Bagian tayangan yang sampai habis", "The share of views that went to the end",
        places=_FRACTION_PLACES),
    "new_followers": _of_video(
        metrics.FOLLOWERS_GAINED, Kind.COUNTER,
        "Orang yang mulai mengikuti karena video ini", "People who began to follow because of this video"),
    "profile_views": _of_video(
        metrics.PROFILE_VISITS, Kind.COUNTER,
        "Kunjungan ke profil dari video ini", "Visits to the profile from this video"),
}  # fmt: skip
"""What the business service adds to a video, by the names of the fields (tiktok.md §4.3). Its views, likes, comments
and shares are the Display service's of a day or two before, and are not kept twice."""

_VIEWS_ON_SCREEN = Measure(
    metrics.VIEWS, Subject.ACCOUNT, window(28), Kind.FLOW,
    (since(None, "Tayangan video dalam 28 hari, sebagaimana tertulis di layar Analitik aplikasi TikTok",
           "Video views within 28 days, as the Analytics screen of the TikTok app states them"),),
)  # fmt: skip

MEASURES = (
    *COUNTS.values(), *VIDEO_COUNTS.values(), *(measure for fields in DAYS for measure in fields.values()),
    BUSINESS_FOLLOWERS, AUDIENCE, *INSIGHTS.values(), _VIEWS_ON_SCREEN,
)  # fmt: skip
