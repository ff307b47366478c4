"""Google Analytics' Data API v1beta as the stand-in speaks it: `runReport` by day or without dimensions."""

import re
from collections.abc import Mapping
from typing import Any

from collector.demo.contracts.website.visits import Figures, Visits, day_of
from collector.demo.standin import Answered, Asked

PROPERTY = "345678901"
BEARER = "demo-ga4-access"
"""The access token that the stand-in for signing in at Google hands out."""

_METRICS = {"activeUsers": "users", "sessions": "sessions", "screenPageViews": "page_views"}
_QUOTAS = {
    "concurrent": "Exhausted concurrent requests quota. Please wait for some requests to finish.",
    "hour": "Exhausted property tokens for a project per hour. These quota tokens will return in under an hour.",
    "day": "Exhausted property tokens per day. These quota tokens will return in under 24 hours.",
}
_STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
           429: "RESOURCE_EXHAUSTED"}  # fmt: skip


class Ga4Answers:
    """One property. The attributes are switches for its misbehaviour."""

    def __init__(self, visits: Visits) -> None:
        self.exhausted = ""  # "concurrent", "hour" or "day": the quota that is used up
        self.retired: set[str] = set()  # metrics that are not known any more
        self.refusal = ""  # the reason in the details of a 403 for everything
        self.page_size = 250_000  # the most rows of an answer, whatever `limit` says
        self.without: set[str] = set()  # members left out of good answers
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
        first, last = day_of(ranges[0].get("startDate", "")), day_of(ranges[0].get("endDate", ""))
        if first is None or last is None:
            return "Invalid date range: dates are written YYYY-MM-DD."
        if last < first:
            return "Invalid date range: startDate is after endDate."
        for field in question.get("metrics", ()):
            if field["name"] not in _METRICS or field["name"] in self.retired:
                return f"Field {field['name']} is not a valid metric."
        for field in question.get("dimensions", ()):
            if field["name"] != "date":
                return f"Field {field['name']} is not a valid dimension."
        if not 0 < int(question.get("limit", 10_000)) <= 250_000:
            return "Limit must be between 1 and 250000."
        return "" if question.get("metrics") else "At least one metric is needed."

    def _report(self, question: Mapping[str, Any]) -> dict[str, object]:
        names = [field["name"] for field in question["metrics"]]
        rows = self._rows(question, names)
        offset, limit = int(question.get("offset", 0)), int(question.get("limit", 10_000))
        page = rows[offset : offset + min(limit, self.page_size)]
        answer: dict[str, object] = {
            "dimensionHeaders": [{"name": field["name"]} for field in question.get("dimensions", ())],
            "metricHeaders": [{"name": name, "type": "TYPE_INTEGER"} for name in names],
            "rows": page,
            "rowCount": len(rows),
            "metadata": {"currencyCode": "IDR", "timeZone": self._visits.zone},
            "kind": "analyticsData#runReport",
        }
        # What is empty or nought is left out of Google's answers (website.md A2).
        return {name: value for name, value in answer.items() if value and name not in self.without}

    def _rows(self, question: Mapping[str, Any], names: list[str]) -> list[dict[str, object]]:
        first = day_of(question["dateRanges"][0]["startDate"])
        last = day_of(question["dateRanges"][0]["endDate"])
        assert first is not None and last is not None
        if not question.get("dimensions"):
            counted = self._visits.within(first, last)
            return [] if counted is None else [_row(None, counted, names)]
        days = list(self._visits.days(first, last))
        if not question.get("orderBys"):
            days.sort(key=lambda day: -day[1].sessions)  # no order is promised without one that is asked for
        return [_row(f"{day:%Y%m%d}", counted, names) for day, counted in days]


def _row(day: str | None, counted: Figures, names: list[str]) -> dict[str, object]:
    values = [{"value": str(getattr(counted, _METRICS[name]))} for name in names]
    return {"metricValues": values} if day is None else {"dimensionValues": [{"value": day}], "metricValues": values}


def _fault(status: int, message: str, reason: str = "") -> Answered:
    error: dict[str, object] = {"code": status, "message": message, "status": _STATUS[status]}
    if reason:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    return Answered({"error": error}, status)
