"""What is measured of a website, by either of the two counting services, and how each of them calls it.

The services cut sessions differently and are blocked differently, so their figures are never set against each other
(website.md B5): every measure names the service that counted (`by`). What people type stays a measure of its own.
Rates are not read: both services print them rounded in ways of their own, and their parts are here (website.md A5, B5).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from connectors.kit import Kind, Measure, Metric, Subject, Words, metric, since, window
from connectors.kit.metrics import (
    DAY,
    MONTH,
    NOW,
    PAGE_VIEWS,
    QUARTER,
    QUOTED_MEASURES,
    SEMESTER,
    SESSIONS,
    USERS,
    YEAR,
)

CALENDAR_SPANS = (MONTH, QUARTER, SEMESTER, YEAR)
"""The closed periods that are asked for as one window."""

ROLLING_DAYS = 28
ROLLING = window(ROLLING_DAYS)
"""The window that the services' own screens open with."""

PAGE, COUNTRY, CITY = "page", "country", "city"
"""What the figures of a window are also read by."""

_REACH_BACK = 3653  # days; neither service states an end of its memory, and Google's present one began in 2020

NEW_USERS = metric("website.new_users", "person", "pengunjung baru", "new visitors")
ENGAGED_SESSIONS = metric("website.engaged_sessions", "session", "sesi yang terlibat", "engaged sessions")
ENGAGED_SECONDS = metric("website.engaged_seconds", "second", "detik keterlibatan", "seconds of engagement")
BOUNCES = metric("website.bounces", "session", "sesi satu tindakan", "sessions with one action")
VISIT_SECONDS = metric("website.visit_seconds", "second", "detik kunjungan", "seconds of visits")


@dataclass(frozen=True, slots=True)
class Column:
    """One figure as a service gives it; `name` is what the service calls it."""

    metric: Metric
    kind: Kind
    name: str
    text: Words


@dataclass(frozen=True)
class Counted:
    """What one service counts: of the whole site, and by page, country and city."""

    by: str
    whole: tuple[Column, ...]
    parts: Mapping[str, tuple[Column, ...]]

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """All measures of the service, each once."""
        spans = (ROLLING, *CALENDAR_SPANS)
        every = [*self.of(DAY), *(one for span in spans for part in ("", *self.parts) for one in self.of(span, part))]
        return tuple(dict.fromkeys(every))

    def of(self, span: str, part: str = "") -> list[Measure]:
        """Return the measures of a span: of the whole site, or by a part of it."""
        columns = self.parts[part] if part else self.whole
        subject = Subject.AUDIENCE if part else Subject.ACCOUNT
        reach_back = _REACH_BACK if span == DAY else None
        return [
            Measure(one.metric, subject, span, one.kind, (since(None, one.text.id, one.text.en),), by=self.by,
                    reach_back=reach_back)
            for one in columns
        ]  # fmt: skip

    def name_of(self, measure: Measure) -> str:
        """Return what the service calls a measure."""
        groups = (self.whole,) if measure.subject is Subject.ACCOUNT else tuple(self.parts.values())
        return next(one.name for group in groups for one in group if one.metric == measure.metric)


GA4 = Counted(
    "ga4",
    (
        Column(USERS, Kind.UNIQUE, "activeUsers", Words(
            "Pengunjung unik yang aktif selama rentang itu (Google Analytics: activeUsers), perkiraan Google, menurut "
            "zona waktu properti",
            "Distinct active visitors of the span (Google Analytics: activeUsers), as Google estimates them, in the "
            "property's own time zone",
        )),
        Column(SESSIONS, Kind.FLOW, "sessions", Words(
            "Sesi selama rentang itu (Google Analytics: sessions); sesi yang melewati tengah malam terhitung pada "
            "kedua harinya",
            "Sessions within the span (Google Analytics: sessions); one over midnight counts on both of its days",
        )),
        Column(PAGE_VIEWS, Kind.FLOW, "screenPageViews", Words(
            "Halaman dilihat selama rentang itu (Google Analytics: screenPageViews)",
            "Page views within the span (Google Analytics: screenPageViews)",
        )),
        Column(NEW_USERS, Kind.FLOW, "newUsers", Words(
            "Orang yang untuk pertama kali datang dalam rentang itu (Google Analytics: newUsers)",
            "People who came for the first time within the span (Google Analytics: newUsers)",
        )),
        Column(ENGAGED_SESSIONS, Kind.FLOW, "engagedSessions", Words(
            "Sesi yang lebih lama dari 10 detik, berisi peristiwa penting, atau dua halaman (Google Analytics: "
            "engagedSessions); dibagi sesi menjadi tingkat keterlibatan",
            "Sessions longer than 10 seconds, with a key event, or of two pages (Google Analytics: engagedSessions); "
            "divided by the sessions they are the engagement rate",
        )),
        Column(ENGAGED_SECONDS, Kind.FLOW, "userEngagementDuration", Words(
            "Detik situs terbuka di layar pengunjung (Google Analytics: userEngagementDuration)",
            "Seconds for which the site was on visitors' screens (Google Analytics: userEngagementDuration)",
        )),
    ),
    {
        PAGE: (Column(PAGE_VIEWS, Kind.FLOW, "screenPageViews", Words(
            "Berapa kali halaman itu dilihat (Google Analytics: screenPageViews menurut pagePath); 20 teratas",
            "How often the page was viewed (Google Analytics: screenPageViews by pagePath); the first 20",
        )),),
        **dict.fromkeys((COUNTRY, CITY), (
            Column(USERS, Kind.UNIQUE, "activeUsers", Words(
                "Pengunjung unik dari negara atau kota itu (Google Analytics: activeUsers); 20 teratas",
                "Distinct visitors from the country or city (Google Analytics: activeUsers); the first 20",
            )),
            Column(SESSIONS, Kind.FLOW, "sessions", Words(
                "Sesi dari negara atau kota itu (Google Analytics: sessions); 20 teratas",
                "Sessions from the country or city (Google Analytics: sessions); the first 20",
            )),
        )),
    },
)  # fmt: skip

MATOMO = Counted(
    "matomo",
    (
        Column(USERS, Kind.UNIQUE, "nb_uniq_visitors", Words(
            "Pengunjung unik selama rentang itu (Matomo: nb_uniq_visitors); untuk rentang lebih lama dari sebulan "
            "hanya ada bila server diatur demikian",
            "Distinct visitors of the span (Matomo: nb_uniq_visitors); of spans longer than a month only where the "
            "server is set up so",
        )),
        Column(SESSIONS, Kind.FLOW, "nb_visits", Words(
            "Kunjungan selama rentang itu (Matomo: nb_visits), menurut zona waktu situs",
            "Visits within the span (Matomo: nb_visits), in the site's own time zone",
        )),
        Column(PAGE_VIEWS, Kind.FLOW, "nb_pageviews", Words(
            "Halaman dilihat selama rentang itu (Matomo: nb_pageviews), tanpa unduhan dan tautan keluar",
            "Page views within the span (Matomo: nb_pageviews), without downloads and outlinks",
        )),
        Column(BOUNCES, Kind.FLOW, "bounce_count", Words(
            "Kunjungan dengan satu tindakan saja (Matomo: bounce_count); dibagi kunjungan menjadi rasio pentalan",
            "Visits of a single action (Matomo: bounce_count); divided by the visits they are the bounce rate",
        )),
        Column(VISIT_SECONDS, Kind.FLOW, "sum_visit_length", Words(
            "Lama semua kunjungan dalam detik (Matomo: sum_visit_length); dibagi kunjungan menjadi lama rata-rata",
            "Length of all visits in seconds (Matomo: sum_visit_length); divided by the visits it is their average",
        )),
    ),
    {
        PAGE: (Column(PAGE_VIEWS, Kind.FLOW, "nb_hits", Words(
            "Berapa kali halaman itu dilihat (Matomo: nb_hits); 20 teratas",
            "How often the page was viewed (Matomo: nb_hits); the first 20",
        )),),
        **dict.fromkeys((COUNTRY, CITY), (
            Column(SESSIONS, Kind.FLOW, "nb_visits", Words(
                "Kunjungan dari negara atau kota itu (Matomo: nb_visits); 20 teratas",
                "Visits from the country or city (Matomo: nb_visits); the first 20",
            )),
        )),
    },
)  # fmt: skip

HTTP_STATUS = Measure(
    metric("website.http_status", "status code", "kode jawaban situs", "site's status code"),
    Subject.ACCOUNT,
    NOW,
    Kind.LEVEL,
    (since(
        None,
        "Kode yang dijawab alamat situs saat diperiksa (200: terbuka; 404: halaman tidak ada; 5xx: gangguan)",
        "The code that the site's address answered when looked at (200: open; 404: no such page; 5xx: out of order)",
    ),),
)  # fmt: skip

MEASURES = (*GA4.measures, *MATOMO.measures, HTTP_STATUS)


def _typed() -> Iterator[Measure]:
    """Yield what people may type: a figure of a screen, whichever service stands behind it."""
    said = (since(
        None,
        "Angka yang dicatat dari layar atau laporan; alat hitungnya tertulis pada sumbernya",
        "A figure noted from a screen or report; its source says which service counted",
    ),)  # fmt: skip
    for what, kind in ((USERS, Kind.UNIQUE), (SESSIONS, Kind.FLOW), (PAGE_VIEWS, Kind.FLOW)):
        for span in (DAY, ROLLING, *CALENDAR_SPANS):
            yield Measure(what, Subject.ACCOUNT, span, kind, said)
        yield Measure(what, Subject.AUDIENCE, ROLLING, kind, said)


TYPED_MEASURES = (*_typed(), *QUOTED_MEASURES)
