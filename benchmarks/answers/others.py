"""X, TikTok, Matomo and the websites themselves: small answers."""

from datetime import date, timedelta

from benchmarks.answers.asked import Answer, Asked, RefusedError, figure
from benchmarks.population import bearer_of, external_id

SITE_PAGE = "<html><title>KPU Kabupaten Contoh</title><body>Selamat datang.</body></html>"


def answer_x(asked: Asked) -> Answer:
    """Answer for an account by its name."""
    username = asked.path.rpartition("/")[2]
    number = int(username.removeprefix("kpu_"))
    if asked.bearer != bearer_of("x", number):
        raise RefusedError(f"{asked.path} was not asked with its own key")
    metrics = {"followers_count": 300 + figure(number, 3, 1), "following_count": 100 + figure(number, 3, 2),
               "tweet_count": 1600 + figure(number, 3, 3), "listed_count": 3, "like_count": 412}  # fmt: skip
    return {"data": {"id": external_id("x", number, ""), "name": "KPU Contoh", "username": username,
                     "public_metrics": metrics}}  # fmt: skip


def answer_tiktok(asked: Asked) -> Answer:
    """Answer a renewal, or for the account that signed in."""
    if asked.path == "/v2/oauth/token/":
        refresh = asked.form["refresh_token"]
        number = int(refresh.removeprefix("bench-refresh-")[:5])
        return {"access_token": bearer_of("tiktok", number), "expires_in": 86_400, "open_id": f"open-{number}",
                "refresh_expires_in": 31_536_000, "refresh_token": f"{refresh[:19]}-next", "token_type": "Bearer",
                "scope": "user.info.basic,user.info.profile,user.info.stats"}  # fmt: skip
    number = int(asked.bearer.split("-")[2])
    if asked.bearer != bearer_of("tiktok", number):
        raise RefusedError(f"{asked.path} was not asked with a key that was given out")
    counts = {name: 200 + figure(number, 4, kind) for kind, name in enumerate(asked.query["fields"].split(","))}
    return {"data": {"user": counts}, "error": {"code": "ok", "message": "", "log_id": f"{number:034d}"}}


def answer_matomo(asked: Asked) -> Answer:
    """Answer the figures of days, or of one period."""
    form = asked.form
    number = int(form["idSite"])
    if form["token_auth"] != bearer_of("website", number):
        raise RefusedError(f"site {number} was not asked with its own key")
    names = form["columns"].split(",")
    days = [date.fromisoformat(part) for part in form["date"].split(",")]
    if form["period"] != "day":
        return _figures(names, number, days[0])
    span = ((days[0] + timedelta(days=passed)) for passed in range((days[-1] - days[0]).days + 1))
    return {str(day): _figures(names, number, day) for day in span}


def answer_site(asked: Asked) -> Answer:
    """Answer a website's own page."""
    return SITE_PAGE


def _figures(names: list[str], number: int, day: date) -> dict[str, object]:
    return {name: 1 + figure(number, kind, day.toordinal()) for kind, name in enumerate(names)}
