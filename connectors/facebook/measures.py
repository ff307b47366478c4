"""What the figures of a Facebook Page mean, and the names by which the Graph API knows them (facebook.md §3).

Only names that were seen answering in 2026-09 stand here; none of the retired ones is ever asked for. Those of posts
are in `post_measures`.
"""

from collections.abc import Mapping
from datetime import date

from connectors.kit import Definition, Kind, Measure, Metric, Subject, metric, metrics, since, window

REACH_BACK = 730
"""Daily figures can be asked for about two years back (facebook.md §3.2)."""

FLOOR = 100
"""Likes below which Meta promises a Page no figures of this kind (facebook.md §3.2)."""

VIDEO_VIEWS = metric("facebook.video_views", "view", "tayangan video", "video views")
WATCH_TIME = metric("facebook.watch_time", "millisecond", "waktu tonton (milidetik)", "watch time (milliseconds)")
_VIDEO_VIEWS_30S = metric("facebook.video_views_30s", "view", "tayangan video 30 detik", "30-second video views")
_ENGAGED_FOLLOWERS = metric("facebook.engaged_followers", "person", "pengikut yang berinteraksi", "engaged followers")

REACTION_KINDS: Mapping[str, Metric] = {
    "like": metric("facebook.reactions_like", "reaction", "reaksi suka", "like reactions"),
    "love": metric("facebook.reactions_love", "reaction", "reaksi super", "love reactions"),
    "haha": metric("facebook.reactions_haha", "reaction", "reaksi haha", "haha reactions"),
    "wow": metric("facebook.reactions_wow", "reaction", "reaksi wow", "wow reactions"),
    "sorry": metric("facebook.reactions_sorry", "reaction", "reaksi sedih", "sad reactions"),
    "anger": metric("facebook.reactions_anger", "reaction", "reaksi marah", "angry reactions"),
}
"""The kinds of reactions by Meta's names; its "like" contains the care reaction (facebook.md §3.2)."""

_VIEWERS = since(
    date(2026, 6, 15),
    "Pemirsa (viewers), pengganti jangkauan sejak 15 Juni 2026: orang yang melihat konten Halaman; perkiraan Meta",
    "Viewers, which replaced reach on 15 June 2026: people who saw content of the Page; estimated by Meta",
)
_REACH_OF_DAY = since(
    None,
    "Jangkauan: orang yang melihat konten Halaman. Angka hari-hari ini yang baru diambil setelah 15 Juni 2026 sudah "
    "dihitung sebagai pemirsa",
    "Reach: people who saw content of the Page. Figures of these days that were only read after 15 June 2026 are "
    "already counted as viewers",
)
_REACH_ON_SCREEN = since(
    None,
    "Jangkauan: orang yang melihat konten Halaman dalam 28 hari, sebagaimana tertulis di layar Facebook; tidak lagi "
    "dapat diambil",
    "Reach: people who saw content of the Page within 28 days, as the screens of Facebook stated it; it can no longer "
    "be collected",
)


def _measure(metric: Metric, span: str, kind: Kind, *definitions: Definition, floor: int | None = None) -> Measure:
    reach_back = REACH_BACK if span == metrics.DAY else None
    return Measure(metric, Subject.ACCOUNT, span, kind, definitions, floor=floor, reach_back=reach_back)


def _insight(metric: Metric, kind: Kind, *definitions: Definition) -> Measure:
    return _measure(metric, metrics.DAY, kind, *definitions, floor=FLOOR)


COUNTS: Mapping[str, Measure] = {
    "followers_count": _measure(
        metrics.FOLLOWERS, metrics.NOW, Kind.LEVEL,
        since(None, "Jumlah pengikut Halaman saat diambil", "The Page's followers at the moment of asking")),
    "fan_count": _measure(
        metrics.LIKES, metrics.NOW, Kind.LEVEL,
        since(None, "Jumlah orang yang menyukai Halaman saat diambil; berbeda dari pengikut",
              "People who like the Page at the moment of asking; not the same as followers")),
}  # fmt: skip
"""The counts of the Page by the names of their fields (facebook.md §3.1)."""

DAILY: Mapping[str, Measure] = {
    "page_follows": _insight(
        metrics.FOLLOWERS, Kind.LEVEL,
        since(None, "Jumlah pengikut Halaman pada akhir hari", "The Page's followers at the end of the day")),
    "page_daily_follows_unique": _insight(
        metrics.FOLLOWERS_GAINED, Kind.FLOW,
        since(None, "Orang yang mulai mengikuti pada hari itu; perkiraan Meta",
              "People who began to follow on that day; estimated by Meta")),
    "page_daily_unfollows_unique": _insight(
        metrics.FOLLOWERS_LOST, Kind.FLOW,
        since(None, "Orang yang berhenti mengikuti pada hari itu; perkiraan Meta",
              "People who stopped following on that day; estimated by Meta")),
    "page_media_view": _insight(
        metrics.VIEWS, Kind.FLOW,
        since(None, "Berapa kali konten Halaman diputar atau ditampilkan, termasuk iklan; bukan impresi",
              "How often content of the Page was played or displayed, ads included; not impressions")),
    "page_total_media_view_unique": _insight(metrics.REACH, Kind.UNIQUE, _REACH_OF_DAY, _VIEWERS),
    "page_views_total": _insight(
        metrics.PROFILE_VISITS, Kind.FLOW,
        since(None, "Kunjungan ke Halaman", "Visits to the Page")),
    "page_post_engagements": _insight(
        metrics.INTERACTIONS, Kind.FLOW,
        since(None, "Interaksi dengan unggahan Halaman; interaksi dengan Reels tidak termasuk",
              "Interactions with the Page's posts; those with reels are not included")),
    "page_total_actions": _insight(
        metrics.CLICKS, Kind.FLOW,
        since(None, "Klik pada info kontak dan tombol Halaman", "Clicks on the Page's contact details and button")),
    "page_lifetime_engaged_followers_unique": _insight(
        _ENGAGED_FOLLOWERS, Kind.UNIQUE,
        since(None, "Pengikut yang berinteraksi dengan Halaman; perkiraan Meta",
              "Followers who interacted with the Page; estimated by Meta")),
    "page_video_views": _insight(
        VIDEO_VIEWS, Kind.FLOW,
        since(None, "Berapa kali video Halaman ditonton", "How often videos of the Page were watched")),
    "page_video_complete_views_30s": _insight(
        _VIDEO_VIEWS_30S, Kind.FLOW,
        since(None, "Berapa kali video Halaman ditonton sampai 30 detik, atau sampai selesai bila lebih pendek",
              "How often videos of the Page were watched for 30 seconds, or to their end where they are shorter")),
    "page_video_view_time": _insight(
        WATCH_TIME, Kind.FLOW,
        since(None, "Lama video Halaman ditonton; satuannya menurut Meta milidetik",
              "How long videos of the Page were watched; the unit is milliseconds by Meta's account")),
    **{
        f"page_actions_post_reactions_{kind}_total": _insight(
            counted, Kind.FLOW,
            since(None, f"{counted.labels.id.capitalize()} pada unggahan Halaman pada hari itu",
                  f"{counted.labels.en.capitalize()} to posts of the Page on that day"))
        for kind, counted in REACTION_KINDS.items()
    },
}  # fmt: skip
"""The daily metrics that were alive in 2026-09 (facebook.md §3.2). None of the retired names is ever asked for."""

AUDIENCE = Measure(
    metrics.FOLLOWERS, Subject.AUDIENCE, metrics.DAY, Kind.LEVEL,
    (since(None, "Pengikut per kota atau negara, paling banyak 45; kelompok kecil tidak ditampilkan Meta. Usia dan "
                 "gender pengikut tidak lagi disediakan Meta sejak 14 Maret 2024",
           "Followers by city or country, at most 45 of each; Meta leaves small groups out. Age and gender of "
           "followers are no longer offered by Meta since 14 March 2024"),),
    floor=FLOOR,
)  # fmt: skip
MAPS: Mapping[str, str] = {"page_follows_city": "city", "page_follows_country": "country"}

WINDOW_DAYS = 28
WINDOWS: Mapping[str, Measure] = {
    "page_total_media_view_unique": _measure(
        metrics.REACH, window(WINDOW_DAYS), Kind.UNIQUE, _REACH_ON_SCREEN, _VIEWERS, floor=FLOOR),
    "page_media_view": _measure(
        metrics.VIEWS, window(WINDOW_DAYS), Kind.FLOW,
        since(None, "Berapa kali konten Halaman diputar atau ditampilkan dalam 28 hari, termasuk iklan; bukan impresi",
              "How often content of the Page was played or displayed within 28 days, ads included; not impressions"),
        floor=FLOOR),
    "page_post_engagements": _measure(
        metrics.INTERACTIONS, window(WINDOW_DAYS), Kind.FLOW,
        since(None, "Interaksi (engagement) dengan unggahan Halaman dalam 28 hari; interaksi dengan Reels tidak "
                    "termasuk. Yang tertulis di layar Facebook sejak Mei 2026 mungkin tanpa klik",
              "Interactions (engagement) with the Page's posts within 28 days; those with reels are not included. What "
              "the screens of Facebook state since May 2026 may leave clicks out"),
        floor=FLOOR),
}  # fmt: skip
"""The rolling windows that reports print (period `days_28`), collected and typed alike.

What the API counts is the newest definition of each; people type older windows from older screens.
"""
