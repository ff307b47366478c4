"""What the owner's figures mean, by the names that YouTube Analytics knows them by (youtube.md §3 and §5)."""

from collections.abc import Mapping

from connectors.kit import Definition, Kind, Measure, Metric, Subject, metric, since, window
from connectors.kit.metrics import (
    COMMENTS,
    DAY,
    FOLLOWERS_GAINED,
    FOLLOWERS_LOST,
    LIKES,
    MONTH,
    QUARTER,
    SEMESTER,
    SHARES,
    VIEWS,
    WATCH_MINUTES,
)
from connectors.youtube.views import view_definitions, window_view_definitions

Figures = Mapping[str, Measure]
"""Measures by the names of their columns."""

REACH_BACK = 20 * 365
"""Days back to before the oldest channel there is: a channel's days are remembered from its first on (youtube.md §3
names no limit). What lies before this channel was made is not asked for."""

TOP = 50
"""How many videos a ranking holds (youtube.md §3, ready-made calls); as many as one request can name."""

ENGAGED_VIEWS = metric("youtube.engaged_views", "view", "tayangan disimak (engaged views)", "engaged views")
VIEWERS_SHARE = metric("youtube.viewers_share", "percent", "bagian penonton", "share of viewers")

_WHEN_ID = "per hari Pasifik (sekitar pukul 15.00 WIB sampai 15.00 WIB esoknya)"
_WHEN_EN = "of a Pacific day (about 08:00 UTC to 08:00 UTC of the next)"
_ENGAGED_ID = "yang berlanjut melewati gambar pertama atau diklik; artinya tidak berubah pada Agustus 2026"
_ENGAGED_EN = "that went on past the first frame or were clicked; the meaning did not change in August 2026"


def _of_day(what: Metric, *definitions: Definition) -> Measure:
    return Measure(what, Subject.ACCOUNT, DAY, Kind.FLOW, definitions, reach_back=REACH_BACK)


DAY_FIGURES: Figures = {
    "views": _of_day(VIEWS, *view_definitions(f"Tayangan kanal {_WHEN_ID}", f"Channel views {_WHEN_EN}")),
    "engagedViews": _of_day(
        ENGAGED_VIEWS,
        since(None, f"Tayangan kanal {_WHEN_ID} {_ENGAGED_ID}", f"Channel views {_WHEN_EN} {_ENGAGED_EN}")),
    "estimatedMinutesWatched": _of_day(
        WATCH_MINUTES,
        since(None, f"Perkiraan menit tonton kanal {_WHEN_ID}", f"Estimated minutes watched {_WHEN_EN}")),
    "subscribersGained": _of_day(
        FOLLOWERS_GAINED,
        since(None, f"Pelanggan (subscriber) baru {_WHEN_ID}; tidak dibulatkan",
              f"New subscribers {_WHEN_EN}; not rounded")),
    "subscribersLost": _of_day(
        FOLLOWERS_LOST,
        since(None, f"Pelanggan (subscriber) yang berhenti {_WHEN_ID}; tidak dibulatkan",
              f"Subscribers lost {_WHEN_EN}; not rounded")),
    "likes": _of_day(
        LIKES,
        since(None, f"Suka pada video kanal {_WHEN_ID}, dikurangi yang ditarik; dapat negatif",
              f"Likes of the channel's videos {_WHEN_EN}, less those taken back; can be negative")),
    "comments": _of_day(
        COMMENTS,
        since(None, f"Komentar pada video kanal {_WHEN_ID}, dikurangi yang dihapus; dapat negatif",
              f"Comments on the channel's videos {_WHEN_EN}, less those removed; can be negative")),
    "shares": _of_day(
        SHARES,
        since(None, f"Berapa kali video kanal dibagikan {_WHEN_ID}",
              f"How often the channel's videos were shared {_WHEN_EN}")),
}  # fmt: skip
"""The channel's days. Gained minus lost is the exact growth, where the public count is rounded (youtube.md §5)."""

_SPANS = {
    window(28): ("dalam 28 hari", "within 28 days"),
    MONTH: ("dalam satu bulan", "within a month"),
    QUARTER: ("dalam satu triwulan", "within a quarter"),
    SEMESTER: ("dalam satu semester", "within a semester"),
}


def _viewing(
    subject: Subject, span: str, whose_id: str, whose_en: str, rest_id: str = "", rest_en: str = ""
) -> Figures:
    """Return views, engaged views and watch minutes of a window, of the channel or of what it is told apart by."""
    id, en = _SPANS[span]
    texts = {
        "estimatedMinutesWatched": (f"Perkiraan menit tonton {whose_id} {id}{rest_id}",
                                    f"Estimated minutes watched of the {whose_en} {en}{rest_en}"),
        "engagedViews": (f"Tayangan {whose_id} {id}{rest_id}, {_ENGAGED_ID}",
                         f"Views of the {whose_en} {en}{rest_en}, {_ENGAGED_EN}"),
    }  # fmt: skip
    views = window_view_definitions(
        span, f"Tayangan {whose_id} {id}{rest_id}", f"Views of the {whose_en} {en}{rest_en}"
    )
    return {
        "views": Measure(VIEWS, subject, span, Kind.FLOW, views),
        "engagedViews": Measure(ENGAGED_VIEWS, subject, span, Kind.FLOW, (since(None, *texts["engagedViews"]),)),
        "estimatedMinutesWatched": Measure(
            WATCH_MINUTES, subject, span, Kind.FLOW, (since(None, *texts["estimatedMinutesWatched"]),)
        ),
    }


TOTALS: Mapping[str, Figures] = {span: _viewing(Subject.ACCOUNT, span, "kanal", "channel") for span in _SPANS}
"""The channel's windows. Asked for beside every table, because tables leave rows out and totals do not (§5)."""

PARTS: Mapping[str, Figures] = {
    span: _viewing(
        Subject.AUDIENCE, span, "kanal", "channel",
        " menurut negara penonton atau asal tayangan; yang terlalu sedikit tidak ditampilkan YouTube",
        " by the viewers' country or where views came from; YouTube leaves out what is too few",
    )
    for span in _SPANS
}  # fmt: skip
"""Parts of the channel's views: by country and by traffic source."""

VIDEOS: Mapping[str, Figures] = {
    span: _viewing(
        Subject.POST, span, "video", "video",
        f", dari {TOP} video yang paling banyak ditayangkan", f", of the {TOP} most viewed videos",
    )
    for span in _SPANS
}  # fmt: skip
"""The most viewed videos of a window."""

VIEWERS: Mapping[str, Figures] = {
    span: {
        "viewerPercentage": Measure(
            VIEWERS_SHARE, Subject.AUDIENCE, span, Kind.RATIO,
            (since(None, f"Bagian penonton {id} menurut umur atau jenis kelamin; perkiraan YouTube"
                         ", hanya dari yang masuk akun",
                   f"Share of the viewers {en} by age or gender; YouTube's estimate of those signed in"),),
            places=2,
        )
    }
    for span, (id, en) in _SPANS.items()
}  # fmt: skip
"""Who watched, in percent: a rate, never summed or averaged (youtube.md §5)."""

OWNER_MEASURES = (
    *DAY_FIGURES.values(),
    *(measure for table in (TOTALS, PARTS, VIDEOS, VIEWERS) for by in table.values() for measure in by.values()),
)
