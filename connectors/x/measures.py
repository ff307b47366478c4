"""What X counts, by the names of the fields (x.md §3.0, §3.1 and §7)."""

from collections.abc import Mapping

from connectors.kit import Definition, Kind, Measure, Metric, Subject, metric, metrics, since, window

YOUNG_DAYS = 28
"""Private figures exist for posts of the last 30 days; whole days of UTC and the way there take two (x.md §3.2)."""

_QUOTES = metric("x.quotes", "quote", "kutipan", "quotes")
_ORGANIC = metric("x.organic_impressions", "impression", "impresi tanpa iklan", "impressions without ads")


def _level(metric: Metric, id: str, en: str) -> Measure:
    return Measure(metric, Subject.ACCOUNT, metrics.NOW, Kind.LEVEL, (since(None, id, en),))


def _counter(metric: Metric, definition: Definition, reach_back: int | None = None) -> Measure:
    return Measure(metric, Subject.POST, metrics.NOW, Kind.COUNTER, (definition,), reach_back=reach_back)


COUNTS: Mapping[Measure, tuple[str, ...]] = {
    _level(metrics.FOLLOWERS, "Jumlah pengikut akun saat dibaca; angka pasti",
           "Followers at the moment of reading; exact"): ("followers_count",),
    _level(metrics.FOLLOWING, "Jumlah akun yang diikuti saat dibaca",
           "Accounts followed at the moment of reading"): ("following_count",),
    _level(metrics.POSTS, "Semua unggahan sejak akun dibuat, termasuk repost; berkurang bila ada yang dihapus. "
                          "Bukan jumlah unggahan suatu semester",
           "All posts since the account was made, reposts included; falls when posts are deleted. "
           "Not the number of posts of a semester"): ("tweet_count", "post_count"),
}  # fmt: skip
"""The counts of an account. Of two names, which one comes is X's choice."""

PUBLIC: Mapping[Measure, tuple[str, ...]] = {
    _counter(metrics.IMPRESSIONS, since(
        None, "Berapa kali unggahan tampil di layar, termasuk iklan; bukan jumlah orang. Sejak Januari 2023",
        "How often the post was shown, ads included; not people. Since January 2023")): ("impression_count",),
    _counter(metrics.LIKES, since(
        None, "Suka pada unggahan sejak terbit", "Likes since the post came out")): ("like_count",),
    _counter(metrics.COMMENTS, since(
        None, "Balasan pada unggahan sejak terbit", "Replies since the post came out")): ("reply_count",),
    _counter(metrics.SHARES, since(
        None, "Repost unggahan sejak terbit, tanpa kutipan",
        "Reposts since the post came out, without quotes")): ("retweet_count", "repost_count"),
    _counter(_QUOTES, since(
        None, "Berapa kali unggahan dikutip", "How often the post was quoted")): ("quote_count",),
    _counter(metrics.SAVES, since(
        None, "Berapa kali unggahan ditandai (bookmark)", "How often the post was bookmarked")): ("bookmark_count",),
}  # fmt: skip
"""The public counters of a post, in the words of either dialect."""

PRIVATE: Mapping[Measure, tuple[str, str]] = {
    _counter(metrics.INTERACTIONS, since(
        None, "Interaksi menurut X: termasuk klik dan membuka rincian",
        "Engagements by X's own count: clicks and expands included"), YOUNG_DAYS):
        ("non_public_metrics", "engagements"),
    _counter(metrics.CLICKS, since(
        None, "Klik pada tautan di unggahan", "Clicks on the links in the post"), YOUNG_DAYS):
        ("non_public_metrics", "url_link_clicks"),
    _counter(metrics.PROFILE_VISITS, since(
        None, "Klik ke profil dari unggahan", "Clicks on the profile from the post"), YOUNG_DAYS):
        ("non_public_metrics", "user_profile_clicks"),
    _counter(_ORGANIC, since(
        None, "Berapa kali unggahan tampil tanpa dibayar", "How often the post was shown without being paid for"),
        YOUNG_DAYS): ("organic_metrics", "impression_count"),
}  # fmt: skip
"""What only the author's own sign-in sees, and only while a post is young: lifetime counters, kept as last seen."""

OF_POSTS = (*PUBLIC, *PRIVATE)

WINDOW_IMPRESSIONS = Measure(
    metrics.IMPRESSIONS, Subject.ACCOUNT, window(28), Kind.FLOW,
    (since(None, "Impresi semua unggahan dalam 28 hari terakhir, dari layar Analytics X",
           "Impressions of all posts in the last 28 days, from X's Analytics screen"),),
)  # fmt: skip
"""What people type from X's own screen: no API gives it."""
