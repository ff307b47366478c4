"""What the figures of a Facebook Page mean, and the names by which the Graph API knows them (facebook.md §3).

Only names that were seen answering in 2026-09 stand here; none of the retired ones is ever asked for.
"""

from collections.abc import Mapping
from datetime import date

from connectors.kit import Definition, Kind, Measure, Metric, Subject, metric, metrics, since, window

REACH_BACK = 730
"""Daily figures can be asked for about two years back (facebook.md §3.2)."""

_VIDEO_VIEWS = metric("facebook.video_views", "view", "tayangan video", "video views")

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
    "Jangkauan: orang yang melihat konten Halaman dalam 28 hari, sebagaimana tertulis di layar Facebook",
    "Reach: people who saw content of the Page within 28 days, as the screens of Facebook state it",
)


def _measure(metric: Metric, span: str, kind: Kind, *definitions: Definition) -> Measure:
    reach_back = REACH_BACK if span == metrics.DAY else None
    return Measure(metric, Subject.ACCOUNT, span, kind, definitions, reach_back=reach_back)


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
    "page_follows": _measure(
        metrics.FOLLOWERS, metrics.DAY, Kind.LEVEL,
        since(None, "Jumlah pengikut Halaman pada akhir hari", "The Page's followers at the end of the day")),
    "page_daily_follows_unique": _measure(
        metrics.FOLLOWERS_GAINED, metrics.DAY, Kind.FLOW,
        since(None, "Orang yang mulai mengikuti pada hari itu; perkiraan Meta",
              "People who began to follow on that day; estimated by Meta")),
    "page_daily_unfollows_unique": _measure(
        metrics.FOLLOWERS_LOST, metrics.DAY, Kind.FLOW,
        since(None, "Orang yang berhenti mengikuti pada hari itu; perkiraan Meta",
              "People who stopped following on that day; estimated by Meta")),
    "page_media_view": _measure(
        metrics.VIEWS, metrics.DAY, Kind.FLOW,
        since(None, "Berapa kali konten Halaman diputar atau ditampilkan, termasuk iklan; bukan impresi",
              "How often content of the Page was played or displayed, ads included; not impressions")),
    "page_total_media_view_unique": _measure(metrics.REACH, metrics.DAY, Kind.UNIQUE, _REACH_OF_DAY, _VIEWERS),
    "page_views_total": _measure(
        metrics.PROFILE_VISITS, metrics.DAY, Kind.FLOW,
        since(None, "Kunjungan ke Halaman", "Visits to the Page")),
    "page_post_engagements": _measure(
        metrics.INTERACTIONS, metrics.DAY, Kind.FLOW,
        since(None, "Interaksi dengan unggahan Halaman; interaksi dengan Reels tidak termasuk",
              "Interactions with the Page's posts; those with reels are not included")),
    "page_total_actions": _measure(
        metrics.CLICKS, metrics.DAY, Kind.FLOW,
        since(None, "Klik pada info kontak dan tombol Halaman", "Clicks on the Page's contact details and button")),
    "page_video_views": _measure(
        _VIDEO_VIEWS, metrics.DAY, Kind.FLOW,
        since(None, "Berapa kali video Halaman ditonton", "How often videos of the Page were watched")),
}  # fmt: skip
"""The daily metrics that were alive in 2026-09 (facebook.md §3.2). None of the retired names is ever asked for."""

AUDIENCE = Measure(
    metrics.FOLLOWERS, Subject.AUDIENCE, metrics.DAY, Kind.LEVEL,
    (since(None, "Pengikut per kota atau negara, paling banyak 45; kelompok kecil tidak ditampilkan Meta",
           "Followers by city or country, at most 45 of each; Meta leaves small groups out"),),
    floor=100,
)  # fmt: skip
MAPS: Mapping[str, str] = {"page_follows_city": "city", "page_follows_country": "country"}


def _of_post(metric: Metric, id: str, en: str) -> Measure:
    return Measure(metric, Subject.POST, metrics.NOW, Kind.COUNTER, (since(None, id, en),))


COUNTERS: Mapping[str, Measure] = {
    "reactions": _of_post(metrics.REACTIONS, "Reaksi pada unggahan sejak terbit", "Reactions since the post came out"),
    "comments": _of_post(metrics.COMMENTS, "Komentar pada unggahan sejak terbit", "Comments since the post came out"),
    "shares": _of_post(metrics.SHARES, "Berapa kali unggahan dibagikan", "How often the post was shared"),
}
"""The counts of a post by the names of their fields (facebook.md §3.3)."""

TYPED_WINDOWS = (
    _measure(metrics.REACH, window(28), Kind.UNIQUE, _REACH_ON_SCREEN, _VIEWERS),
    _measure(
        metrics.INTERACTIONS, window(28), Kind.FLOW,
        since(None, "Interaksi (engagement) dalam 28 hari, sebagaimana tertulis di layar Facebook",
              "Interactions (engagement) within 28 days, as the screens of Facebook state them")),
)  # fmt: skip
"""What people type from the screens of the Page."""
