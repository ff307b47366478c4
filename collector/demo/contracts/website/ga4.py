"""Google Analytics' Data API v1beta as the stand-in speaks it: `runReport` by day, by part, or without dimensions."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from collector.demo.contracts.website.visits import Figures, Visits, day_of
from collector.demo.standin import Answered, Asked

PROPERTY = "345678901"
BEARER = "demo-ga4-access"
"""The access token that the stand-in for signing in at Google hands out."""

_METRICS = {
    "activeUsers": "users", "sessions": "sessions", "screenPageViews": "page_views", "newUsers": "new_users",
    "engagedSessions": "engaged_sessions", "userEngagementDuration": "engaged_seconds",
}  # fmt: skip
_TYPES = {"userEngagementDuration": "TYPE_SECONDS"}
_PARTS = {"pagePath": "page", "countryId": "country", "city": "city"}
_QUOTAS = {
    "concurrent": "Exhausted concurrent requests quota. Please wait for some requests to finish.",
    "hour": "Exhausted property tokens for a project per hour. These quota tokens will return in under an hour.",
    "day": "Exhausted property tokens per day. These quota tokens will return in under 24 hours.",
}
_STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
           429: "RESOURCE_EXHAUSTED"}  # fmt: skip
_SMALL = 3  # people; smaller rows are what thresholding withholds


class Ga4Answers:
    """One property. The attributes are switches for its misbehaviour."""

    def __init__(self, visits: Visits) -> None:
        self.exhausted = ""  # "concurrent", "hour" or "day": the quota that is used up
        self.retired: set[str] = set()  # metrics and dimensions that are not known any more
        self.refusal = ""  # the reason in the details of a 403 for everything
        self.page_size = 250_000  # the most rows of an answer, whatever `limit` says
        self.without: set[str] = set()  # members left out of good answers
        self.tokens_left = 13_996  # of the hour
        self.withheld: set[date] = set()  # days whose rows are left out although they count in the totals
        self.thresholded = False  # small groups of people are withheld
        self.other = False  # the smaller half of the pages is rolled into (other)
        self.sampled = False  # figures are extrapolated
        self.truncated = False  # a part of the range is cut off
        self._visits = visits

    def answer(self, asked: Asked) -> Answered:
        """Answer one request."""
        property_id = re.fullmatch(r"/v1beta/properties/([^/:]+):runReport", asked.path)
        if asked.method != "POST" or property_id is None:
            return _fault(404, "The requested URL was not found on this server.")
        if asked.bearer != BEARER:
            return _fault(401, "Request had invalid authentication credentials.")
        if self.refusal:
            return _fault(403, "Request is not allowed.", self.refusal)
        if property_id[1] != PROPERTY:
            return _fault(403, "User does not have sufficient permissions for this property.")
        if self.exhausted:
            return _fault(429, _QUOTAS[self.exhausted])
        question = asked.json()
        wrong = self._wrong(question)
        return _fault(400, wrong) if wrong else Answered(self._report(question))

    def _wrong(self, question: Any) -> str:  # noqa: ANN401 - JSON is what it is
        """Say what is wrong with a question, "" where nothing is."""
        ranges = question.get("dateRanges") if isinstance(question, dict) else None
        if not isinstance(ranges, list) or len(ranges) != 1:
            return "The stand-in answers for exactly one date range."
        if ranges[0] == {"startDate": "yesterday", "endDate": "yesterday"}:
            ranges[0] = dict.fromkeys(ranges[0], str(self._visits.world.today - timedelta(days=1)))
        first, last = day_of(ranges[0].get("startDate", "")), day_of(ranges[0].get("endDate", ""))
        if first is None or last is None:
            return "Invalid date range: dates are written YYYY-MM-DD."
        if last < first:
            return "Invalid date range: startDate is after endDate."
        for field in question.get("metrics", ()):
            if field["name"] not in _METRICS or field["name"] in self.retired:
                return f"Field {field['name']} is not a valid metric."
        for field in question.get("dimensions", ()):
            if field["name"] not in {"date", *_PARTS} - self.retired:
                return f"Field {field['name']} is not a valid dimension."
        if not 0 < int(question.get("limit", 10_000)) <= 250_000:
            return "Limit must be between 1 and 250000."
        if not 0 < len(question.get("metrics", ())) <= 10 or len(question.get("dimensions", ())) > 1:
            return "Between one and ten metrics are needed, and the stand-in takes one dimension."
        return self._wrong_order(question)

    def _wrong_order(self, question: Mapping[str, Any]) -> str:
        known = {field["name"] for field in (*question["metrics"], *question.get("dimensions", ()))}
        for order in question.get("orderBys", ()):
            name = order.get("dimension", {}).get("dimensionName") or order.get("metric", {}).get("metricName")
            if name not in known:
                return f"Field {name} in orderBys is not in the report."
        return ""

    def _report(self, question: Mapping[str, Any]) -> dict[str, object]:
        names = [field["name"] for field in question["metrics"]]
        dimension = next((field["name"] for field in question.get("dimensions", ())), "")
        first, last = (day_of(question["dateRanges"][0][name]) for name in ("startDate", "endDate"))
        assert first is not None and last is not None
        rows = [_row(label, counted, names) for label, counted in self._rows(question, dimension, first, last)]
        offset, limit = int(question.get("offset", 0)), int(question.get("limit", 10_000))
        answer: dict[str, object] = {
            "dimensionHeaders": [{"name": dimension}] if dimension else [],
            "metricHeaders": [{"name": name, "type": _TYPES.get(name, "TYPE_INTEGER")} for name in names],
            "rows": rows[offset : offset + min(limit, self.page_size)],
            "rowCount": len(rows),
            "metadata": self._metadata(dimension),
            "propertyQuota": self._quota() if question.get("returnPropertyQuota") else None,
            "kind": "analyticsData#runReport",
        }
        # What is empty or nought is left out of Google's answers (website.md A2).
        return {name: value for name, value in answer.items() if value and name not in self.without}

    def _metadata(self, dimension: str) -> dict[str, object]:
        flags: dict[str, object] = {
            "subjectToThresholding": self.thresholded,
            "dataLossFromOtherRow": self.other and dimension == "pagePath",
            "samplingMetadatas": [{"samplesReadCount": "6888000", "samplingSpaceSize": "8400000"}] * self.sampled,
            "dataTruncationReasons": [{"dataTruncationType": "DATA_TRUNCATION_TYPE_DATE_RANGE"}] * self.truncated,
        }
        return {"currencyCode": "IDR", "timeZone": self._visits.zone} | {
            name: value for name, value in flags.items() if value
        }

    def _quota(self) -> dict[str, object]:
        hour = {"consumed": 4, **({"remaining": self.tokens_left} if self.tokens_left else {})}
        return {"tokensPerDay": {"consumed": 4, "remaining": 199_996}, "tokensPerHour": hour,
                "tokensPerProjectPerHour": hour, "concurrentRequests": {"remaining": 10}}  # fmt: skip

    def _rows(
        self, question: Mapping[str, Any], dimension: str, first: date, last: date
    ) -> list[tuple[str, Figures]]:  # fmt: skip
        if not dimension:
            counted = self._visits.within(first, last)
            return [] if counted is None else [("", counted)]
        if dimension in _PARTS:
            return self._rows_of_part(_PARTS[dimension], first, last)
        days = [one for one in self._visits.days(first, last) if one[0] not in self.withheld]
        if not question.get("orderBys"):
            days.sort(key=lambda day: -day[1].sessions)  # no order is promised without one that is asked for
        return [(f"{day:%Y%m%d}", counted) for day, counted in days]

    def _rows_of_part(self, part: str, first: date, last: date) -> list[tuple[str, Figures]]:
        """Return a list's rows. Google's page paths have no query, and what it cannot tell is "(not set)"."""
        rows = [(label.partition("?")[0] or "(not set)", counted) for label, counted in
                self._visits.parts(part, first, last)]  # fmt: skip
        if self.thresholded:
            rows = [(label, counted) for label, counted in rows if counted.users >= _SMALL]
        if self.other and part == "page":
            half = len(rows) // 2
            rows = [*rows[:half], ("(other)", rows[half][1])]
        return rows


def _row(label: str, counted: Figures, names: list[str]) -> dict[str, object]:
    values = [{"value": str(getattr(counted, _METRICS[name]))} for name in names]
    return {"dimensionValues": [{"value": label}], "metricValues": values} if label else {"metricValues": values}


def _fault(status: int, message: str, reason: str = "") -> Answered:
    error: dict[str, object] = {"code": status, "message": message, "status": _STATUS[status]}
    if reason:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    return Answered({"error": error}, status)
