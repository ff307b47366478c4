"""What the figures of a Page's posts, videos and reels mean, and their names in the Graph API (facebook.md §3.3, §3.4).

All are totals since the post came out, as they stood at the moment of asking.
"""

from collections.abc import Mapping

from connectors.facebook.measures import FLOOR, REACTION_KINDS, VIDEO_VIEWS, WATCH_TIME
from connectors.kit import Kind, Measure, Metric, Subject, metric, metrics, since

_LINK_CLICKS = metric("facebook.link_clicks", "click", "klik tautan", "link clicks")
_PHOTO_VIEWS = metric("facebook.photo_clicks", "click", "foto dibuka", "photo clicks")
_OTHER_CLICKS = metric("facebook.other_clicks", "click", "klik lain", "other clicks")
_REEL_PLAYS = metric("facebook.reel_plays", "play", "pemutaran reel", "reel plays")
_REEL_TOTAL_PLAYS = metric(
    "facebook.reel_total_plays", "play", "pemutaran reel dengan ulangan", "reel plays with replays"
)
_REEL_REPLAYS = metric("facebook.reel_replays", "play", "pemutaran ulang reel", "reel replays")
_REEL_REACH = metric("facebook.reel_reach", "person", "jangkauan reel", "reel reach")
_AVERAGE_WATCH_TIME = metric(
    "facebook.average_watch_time", "millisecond", "rata-rata waktu tonton (milidetik)",
    "average watch time (milliseconds)",
)  # fmt: skip


def _of_post(metric: Metric, id: str, en: str, *, kind: Kind = Kind.COUNTER, floor: int | None = None) -> Measure:
    return Measure(metric, Subject.POST, metrics.NOW, kind, (since(None, id, en),), floor=floor)


COUNTERS: Mapping[str, Measure] = {
    "reactions": _of_post(metrics.REACTIONS, "Reaksi pada unggahan sejak terbit", "Reactions since the post came out"),
    "comments": _of_post(metrics.COMMENTS, "Komentar pada unggahan sejak terbit", "Comments since the post came out"),
    "shares": _of_post(metrics.SHARES, "Berapa kali unggahan dibagikan", "How often the post was shared"),
}
"""The counts of a post by the names of their fields (facebook.md §3.3)."""

REACTIONS: Mapping[str, Measure] = {
    kind: _of_post(
        counted,
        f"{counted.labels.id.capitalize()} pada unggahan sejak terbit",
        f"{counted.labels.en.capitalize()} since the post came out",
        floor=FLOOR,
    )
    for kind, counted in REACTION_KINDS.items()
}
_CLICKS: Mapping[str, Measure] = {
    "link clicks": _of_post(
        _LINK_CLICKS, "Klik pada tautan dalam unggahan", "Clicks on links in the post", floor=FLOOR),
    "photo view": _of_post(
        _PHOTO_VIEWS, "Berapa kali foto unggahan dibuka", "How often photos of the post were opened", floor=FLOOR),
    "other clicks": _of_post(
        _OTHER_CLICKS, "Klik lain pada unggahan, misalnya pada nama Halaman", "Other clicks on the post, such as on "
        "the Page's name", floor=FLOOR),
}  # fmt: skip

VIEWERS = "post_total_media_view_unique"
"""The metric that fails where a post or a Page has few followers (facebook.md §3.4)."""

KINDS = "post_reactions_by_type_total"
"""The metric whose table leaves out the kinds of reactions that nobody chose (facebook.md §3.2)."""

WHOLE = ""
"""The part that a metric with a plain number has; of one with a table of numbers each label is a part."""

POST_METRICS: Mapping[str, Mapping[str, Measure]] = {
    "post_media_view": {WHOLE: _of_post(
        metrics.VIEWS,
        "Berapa kali unggahan diputar atau ditampilkan sejak terbit, termasuk iklan; bukan impresi",
        "How often the post was played or displayed since it came out, ads included; not impressions", floor=FLOOR)},
    VIEWERS: {WHOLE: _of_post(
        metrics.REACH, "Pemirsa (viewers): orang yang melihat unggahan sejak terbit; perkiraan Meta",
        "Viewers: people who saw the post since it came out; estimated by Meta", kind=Kind.UNIQUE, floor=FLOOR)},
    "post_clicks": {WHOLE: _of_post(
        metrics.CLICKS, "Klik pada unggahan di mana pun sejak terbit", "Clicks anywhere on the post since it came out",
        floor=FLOOR)},
    KINDS: REACTIONS,
    "post_clicks_by_type": _CLICKS,
}  # fmt: skip
"""What every post but a reel is asked for (facebook.md §3.4)."""

VIDEO_METRICS: Mapping[str, Mapping[str, Measure]] = {
    "post_video_views": {WHOLE: _of_post(
        VIDEO_VIEWS, "Berapa kali video dalam unggahan ditonton", "How often the post's video was watched",
        floor=FLOOR)},
}  # fmt: skip
"""What posts with a video are asked for besides."""

REEL_METRICS: Mapping[str, Mapping[str, Measure]] = {
    "blue_reels_play_count": {WHOLE: _of_post(
        _REEL_PLAYS, "Berapa kali reel mulai diputar, tanpa ulangan", "How often the reel began to play, without "
        "replays", floor=FLOOR)},
    "fb_reels_total_plays": {WHOLE: _of_post(
        _REEL_TOTAL_PLAYS, "Berapa kali reel diputar, dengan ulangan", "How often the reel was played, replays "
        "included", floor=FLOOR)},
    "fb_reels_replay_count": {WHOLE: _of_post(
        _REEL_REPLAYS, "Berapa kali reel diputar ulang", "How often the reel was played again", floor=FLOOR)},
    "post_video_view_time": {WHOLE: _of_post(
        WATCH_TIME, "Lama reel ditonton seluruhnya, dengan ulangan", "How long the reel was watched in all, replays "
        "included", floor=FLOOR)},
    "post_video_avg_time_watched": {WHOLE: _of_post(
        _AVERAGE_WATCH_TIME, "Rata-rata lama reel ditonton sekali putar", "How long the reel was watched on average",
        kind=Kind.RATIO, floor=FLOOR)},
    "post_video_followers": {WHOLE: _of_post(
        metrics.FOLLOWERS_GAINED, "Orang yang mulai mengikuti Halaman dari reel ini",
        "People who began to follow the Page from this reel", floor=FLOOR)},
    "post_impressions_unique": {WHOLE: _of_post(
        _REEL_REACH, "Orang yang melihat reel; perkiraan Meta, dihitung lain dari pemirsa unggahan",
        "People who saw the reel; estimated by Meta, and counted otherwise than a post's viewers", kind=Kind.UNIQUE,
        floor=FLOOR)},
    "post_video_likes_by_reaction_type": {
        f"REACTION_{kind.upper()}": measure for kind, measure in REACTIONS.items()},
}  # fmt: skip
"""What a reel's answer may hold; reels are asked for all of it at once, without names (facebook.md §3.4)."""

REEL_ACTIONS: Mapping[str, Mapping[str, Measure]] = {
    "post_video_social_actions": {"COMMENT": COUNTERS["comments"], "SHARE": COUNTERS["shares"]},
}
"""What is read besides of a reel that stands in no list of posts."""

FIGURES: tuple[Measure, ...] = tuple(
    {
        measure.key: measure
        for table in (POST_METRICS, VIDEO_METRICS, REEL_METRICS)
        for parts in table.values()
        for measure in parts.values()
    }.values()
)
