"""Matomo's Reporting API as the stand-in speaks it: the site, `API.get`, and lists of pages, countries and cities."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from collector.demo.contracts.website.visits import Figures, Visits, day_of
from collector.demo.standin import Answered, Asked
from collector.demo.world import EPOCH

SITE = "3"
VIEW_KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
"""The stand-in's key that may view the site; it opens nothing else."""

_EARLIEST = date(1991, 8, 6)  # no website is older, Matomo says
_DATES = {"day": (1, 2), "month": (1,), "range": (2,)}
"""How many dates each kind of period takes here."""

_WRONG_KEYS = 10  # so many wrong keys in a row shut the line out
_COUNTRIES = {"ID": "Indonesia", "MY": "Malaysia", "US": "United States"}


class MatomoAnswers:
    """One site. The attributes are switches for its misbehaviour."""

    def __init__(self, visits: Visits) -> None:
        self.locked = False  # the guard against guessed keys has shut the line out
        self.without: set[str] = set()  # columns of plugins that are switched off
        self.texts = False  # counts come as texts
        self.uniques_of_ranges = False  # the server was set up to count distinct visitors of ranges
        self.off: set[str] = set()  # methods of plugins that are switched off, or of a later version
        self.site_as_list = False  # an older Matomo: the site is a list of one
        self.late = 0  # so many of the newest whole days are not worked out yet
        self.no_maps = False  # without a database of places every city is unknown
        self._visits = visits
        self._wrong_keys = 0
        self._methods: Mapping[str, Callable[[Mapping[str, str]], Answered]] = {
            "API.get": self._figures,
            "SitesManager.getSiteFromId": self._site,
            "Actions.getPageUrls": lambda form: self._list("page", form),
            "UserCountry.getCountry": lambda form: self._list("country", form),
            "UserCountry.getCity": lambda form: self._list("city", form),
        }

    def answer(self, asked: Asked) -> Answered:
        """Answer one request; most faults have status 200 (website.md B4)."""
        form = asked.form
        if asked.path != "/index.php":
            return Answered("<html><title>404 Not Found</title></html>", 404)
        if self.locked or self._wrong_keys >= _WRONG_KEYS:
            return _fault("You are currently blocked from logging in because of too many failed attempts.", 403)
        if asked.method != "POST" or form.get("token_auth") != VIEW_KEY:
            self._wrong_keys += 1
            return _fault(
                "Unable to authenticate with the provided token. It is either invalid or expired, or is required to "
                "be sent as a POST parameter.",
                401,
            )
        self._wrong_keys = 0
        if form.get("format") != "JSON":
            return Answered('<?xml version="1.0" encoding="utf-8" ?><result />')
        method = form.get("method", "")
        if form.get("module") != "API" or method not in self._methods or method in self.off:
            return _fault(f"The method '{method}' does not exist or is not available in the module 'API'.")
        if form.get("idSite") != SITE:
            site = form.get("idSite", "")
            return _fault(
                f"You can't access this resource as it requires 'view' access for the website id = {site}.", 401
            )
        return self._methods[method](form)

    def _site(self, form: Mapping[str, str]) -> Answered:
        began = datetime.combine(EPOCH, datetime.min.time(), ZoneInfo(self._visits.zone)).astimezone(UTC)
        site = {
            "idsite": int(SITE), "name": "KPU Kota Contoh", "main_url": "https://kpu-contoh.go.id",
            "ts_created": f"{began:%Y-%m-%d %H:%M:%S}", "timezone": self._visits.zone, "currency": "IDR",
        }  # fmt: skip
        return Answered([site] if self.site_as_list else site)

    def _span(self, form: Mapping[str, str]) -> tuple[date, date] | Answered:
        """Return the first and last day of a question, or what is wrong with it."""
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
        if period == "month":
            first = first.replace(day=1)
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return first, min(last, self._worked_out) if period != "day" else last

    @property
    def _worked_out(self) -> date:
        """The last day whose figures there are."""
        today = self._visits.world.now().astimezone(ZoneInfo(self._visits.zone)).date()
        return today - timedelta(days=1 + self.late) if self.late else today

    def _figures(self, form: Mapping[str, str]) -> Answered:
        span = self._span(form)
        if isinstance(span, Answered):
            return span
        first, last = span
        if form["period"] == "day" and "," in form["date"]:
            counted = dict(self._visits.days(first, min(last, self._worked_out)))
            days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
            return Answered({str(day): self._object(counted.get(day), form, uniques=True) for day in days})
        uniques = form["period"] != "range" or self.uniques_of_ranges
        return Answered(self._object(self._visits.within(first, last), form, uniques=uniques))

    def _list(self, part: str, form: Mapping[str, str]) -> Answered:
        span = self._span(form)
        if isinstance(span, Answered):
            return span
        if part == "page" and form.get("flat") != "1":
            return Answered([{"label": "berita", "nb_visits": 9, "nb_hits": 12, "idsubdatatable": 4}])
        rows = [_row(part, label, counted) for label, counted in self._visits.parts(part, *span)]
        if part == "city" and self.no_maps:
            rows = [{"label": "Unknown", "city": "xx", "country": "xx", "nb_visits": 5}] if rows else []
        rows.append({"label": "Others", "nb_visits": 1, "nb_hits": 1})
        column = form.get("filter_sort_column", "nb_visits")
        rows.sort(key=lambda row: -int(str(row.get(column, 0))))
        limit = int(form.get("filter_limit", "100"))
        return Answered(rows[: limit if limit >= 0 else None] if len(rows) > 1 else [])

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
            "bounce_count": counted.bounces,
            "sum_visit_length": counted.visit_seconds,
            "bounce_rate": 0.48 if form.get("format_metrics") == "0" else "48%",
        }
        if not uniques:
            del columns["nb_uniq_visitors"], columns["nb_users"]
        wanted = [name for name in form.get("columns", "").split(",") if name] or list(columns)
        given = {name: columns[name] for name in wanted if name in columns and name not in self.without}
        return {name: str(value) for name, value in given.items()} if self.texts else given


def _row(part: str, label: str, counted: Figures) -> dict[str, object]:
    """Return a row of a list. Some counts are texts (website.md B3)."""
    figures: dict[str, object] = {"nb_visits": str(counted.sessions), "nb_actions": counted.page_views,
                                  "sum_daily_nb_uniq_visitors": counted.users + counted.sessions // 4}  # fmt: skip
    if part == "page":
        return {"label": label, **figures, "nb_hits": counted.page_views, "url": f"https://kpu-contoh.go.id{label}"}
    if part == "country":
        return {"label": _COUNTRIES.get(label, "Unknown"), **figures, "code": label.lower() or "xx"}
    return {"label": f"{label}, Indonesia" if label else "Unknown", **figures, "city_name": label}


def _fault(message: str, status: int = 200) -> Answered:
    return Answered({"result": "error", "message": message}, status)
