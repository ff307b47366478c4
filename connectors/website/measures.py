"""What is measured of a website, whichever of the two counting services the office uses.

One service's figures are never set against the other's: sessions are cut differently and blocked differently
(website.md B5). A change of service is a seam, which the definition's text names.
"""

from collections.abc import Mapping

from connectors.kit import Kind, Measure, Metric, Subject, metric, since, window
from connectors.kit.metrics import DAY, MONTH, NOW, PAGE_VIEWS, QUARTER, SEMESTER, SESSIONS, USERS, YEAR

CALENDAR_SPANS = (MONTH, QUARTER, SEMESTER, YEAR)
"""The closed periods that are asked for as one window."""


def _by_span(what: Metric, kind: Kind, id: str, en: str) -> Mapping[str, Measure]:
    spans = (DAY, *CALENDAR_SPANS, window(28))  # the services' own screens open with the last 28 days
    return {span: Measure(what, Subject.ACCOUNT, span, kind, (since(None, id, en),)) for span in spans}


USERS_BY_SPAN = _by_span(
    USERS,
    Kind.UNIQUE,
    "Pengunjung unik selama rentang itu (GA4: activeUsers; Matomo: nb_uniq_visitors), menurut zona waktu situs",
    "Distinct visitors of the span (GA4: activeUsers; Matomo: nb_uniq_visitors), in the site's own time zone",
)
SESSIONS_BY_SPAN = _by_span(
    SESSIONS,
    Kind.FLOW,
    "Sesi kunjungan selama rentang itu (GA4: sessions; Matomo: nb_visits), menurut zona waktu situs",
    "Sessions within the span (GA4: sessions; Matomo: nb_visits), in the site's own time zone",
)
PAGE_VIEWS_BY_SPAN = _by_span(
    PAGE_VIEWS,
    Kind.FLOW,
    "Halaman dilihat selama rentang itu (GA4: screenPageViews; Matomo: nb_pageviews), menurut zona waktu situs",
    "Page views within the span (GA4: screenPageViews; Matomo: nb_pageviews), in the site's own time zone",
)

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

VISIT_MEASURES = (USERS_BY_SPAN, SESSIONS_BY_SPAN, PAGE_VIEWS_BY_SPAN)
MEASURES = (*(measure for by_span in VISIT_MEASURES for measure in by_span.values()), HTTP_STATUS)
