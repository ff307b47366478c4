"""Matomo's Reporting API as the stand-in speaks it: `API.get` for days, a month or a range."""

from collections.abc import Mapping
from datetime import date, timedelta

from collector.demo.contracts.website.visits import Figures, Visits, day_of
from collector.demo.standin import Answered, Asked

SITE = "3"
VIEW_KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
"""The stand-in's key that may view the site; it opens nothing else."""

_EARLIEST = date(1991, 8, 6)  # no website is older, Matomo says
_DATES = {"day": (1, 2), "month": (1,), "range": (2,)}
"""How many dates each kind of period takes here."""


class MatomoAnswers:
    """One site. The attributes are switches for its misbehaviour."""

    def __init__(self, visits: Visits) -> None:
        self.locked = False  # the guard against guessed keys has shut the line out
        self.without: set[str] = set()  # columns of plugins that are switched off
        self.texts = False  # counts come as texts
        self.uniques_of_ranges = False  # the server was set up to count distinct visitors of ranges
        self.method_off = False  # the reporting plugin is switched off
        self._visits = visits

    def answer(self, asked: Asked) -> Answered:
        """Answer one request; most faults have status 200 (website.md B4)."""
        form = asked.form
        if asked.path != "/index.php":
            return Answered("<html><title>404 Not Found</title></html>", 404)
        if self.locked:
            return _fault("You are currently blocked from logging in because of too many failed attempts.", 403)
        if asked.method != "POST" or form.get("token_auth") != VIEW_KEY:
            return _fault(
                "Unable to authenticate with the provided token. It is either invalid or expired, or is required to "
                "be sent as a POST parameter.",
                401,
            )
        if form.get("format") != "JSON":
            return Answered('<?xml version="1.0" encoding="utf-8" ?><result />')
        if form.get("module") != "API" or form.get("method") != "API.get" or self.method_off:
            method = form.get("method", "")
            return _fault(f"The method '{method}' does not exist or is not available in the module 'API'.")
        if form.get("idSite") != SITE:
            site = form.get("idSite", "")
            return _fault(
                f"You can't access this resource as it requires 'view' access for the website id = {site}.", 401
            )
        return self._report(form)

    def _report(self, form: Mapping[str, str]) -> Answered:
        for name in ("period", "date"):
            if not form.get(name):
                return _fault(f"Please specify a value for '{name}'.")
        period, days = form["period"], [day_of(part) for part in form["date"].split(",")]
        if period not in _DATES:
            return _fault(f"The period '{period}' is not supported. Try any of the following instead: day, range.")
        first, last = days[0], days[-1]
        if len(days) not in _DATES[period] or first is None or last is None or last < first:
            return _fault(f"The date '{form['date']}' is not a correct date range for the period '{period}'.")
        if first < _EARLIEST:
            return _fault(f"The date '{first}' is a date before first website was online.")
        if period == "day" and len(days) == 2:
            counted = dict(self._visits.days(first, last))
            span = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
            return Answered({str(day): self._object(counted.get(day), form, uniques=True) for day in span})
        if period == "month":
            first = first.replace(day=1)
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        uniques = period != "range" or self.uniques_of_ranges
        return Answered(self._object(self._visits.within(first, last), form, uniques=uniques))

    def _object(self, counted: Figures | None, form: Mapping[str, str], *, uniques: bool) -> object:
        """Return one span's columns; an empty list where nothing was counted, whatever the others are."""
        if counted is None:
            return []
        columns: dict[str, object] = {
            "nb_uniq_visitors": counted.users,
            "nb_users": 0,
            "nb_visits": counted.sessions,
            "nb_actions": counted.page_views + counted.sessions // 9,
            "nb_pageviews": counted.page_views,
            "bounce_rate": 0.48 if form.get("format_metrics") == "0" else "48%",
        }
        if not uniques:
            del columns["nb_uniq_visitors"], columns["nb_users"]
        wanted = [name for name in form.get("columns", "").split(",") if name] or list(columns)
        given = {name: columns[name] for name in wanted if name in columns and name not in self.without}
        return {name: str(value) for name, value in given.items()} if self.texts else given


def _fault(message: str, status: int = 200) -> Answered:
    return Answered({"result": "error", "message": message}, status)
