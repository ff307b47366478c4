"""What a fault of X's means (x.md §2, §5 and §6). Never raises, whatever the body.

Faults come as problem+json, in two older frames, in a flat form from the sign-in address, with an empty body, and
as a 200 without data. Money and enrolment are no passing faults: asking again would not help.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.kit import (
    AccessError,
    Exchange,
    Node,
    NotOfferedError,
    PlatformError,
    Reason,
    SettingError,
    ShapeError,
    ThrottledError,
    UnreachableError,
    Words,
)

TOKEN_PATH = "/2/oauth2/token"  # noqa: S105 - a path, not a secret
SHORTEST_PAUSE = timedelta(seconds=60)
WINDOW = timedelta(minutes=15)
"""Requests are counted per quarter of an hour; some also per day (x.md §6)."""

UNKNOWN_FIELDS = "shape.fields"
"""The code of a request refused for its fields: the other dialect may do (x.md §3.0)."""

OUTAGE = timedelta(hours=23)
"""X has refused good sign-ins for hours: a person is asked when it is still so at the next night (x.md §5)."""

_FIELD_PROBLEMS = ("not-authorized-for-field", "field-unauthorized", "field-hydration-failure")

_METERS = ("x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour")

_CREDITS_HINT = Words(
    "Saldo X habis. Isi saldo di konsol pengembang X, atau catat angka pengikut secara manual.",
    "The credit at X is used up. Top it up in X's developer console, or type the follower counts in by hand.",
)
_CAP_HINT = Words(
    "Batas belanja atau batas bulanan di X tercapai. Naikkan di konsol pengembang X, atau catat angka secara manual.",
    "The spending or monthly limit at X is reached. Raise it in X's developer console, or type the figures in by hand.",
)
_ENROLL_HINT = Words(
    "Aplikasi X belum terpasang pada proyek atau paket. Pasang di konsol pengembang X.",
    "The application at X is not attached to a project or package. Attach it in X's developer console.",
)
_LEVEL_HINT = Words(
    "Paket atau izin aplikasi X tidak mencakup permintaan ini. Periksa di konsol pengembang X.",
    "The plan or permissions of the application at X do not cover this request. Check X's developer console.",
)
_KIND_HINT = Words(
    "Permintaan ini perlu izin masuk akun kantor, bukan kunci aplikasi. Sambungkan akun X.",
    "This request needs the sign-in of the office's account, not the application's key. Connect the X account.",
)
_CLIENT_HINT = Words(
    "Periksa ID dan rahasia aplikasi X; salin ulang keduanya dari konsol pengembang X.",
    "Check the application's ID and secret; copy both again from X's developer console.",
)
_REFUSED_HINT = Words(
    "X menolak izin masuk. Bila ini gangguan di X, pulih sendiri; bila besok masih begini, sambungkan ulang akun ini.",
    "X refused the sign-in. An outage of X's mends itself; if it is still so tomorrow, connect this account again.",
)
NOT_FOUND_HINT = Words(
    "Nama pengguna X ini tidak ditemukan. Periksa ejaannya; mungkin akun berganti nama atau sudah dihapus.",
    "There is no such username at X. Check its spelling; the account may have been renamed or deleted.",
)
_SUSPENDED_HINT = Words(
    "X menyatakan akun ini ditangguhkan atau dikunci. Periksa di X, atau jeda akun ini di program.",
    "X says that this account is suspended or protected. Check at X, or pause this account here.",
)
OTHER_HINT = Words(
    "Jawaban X adalah akun lain daripada yang diatur. Periksa nama pengguna, lalu sambungkan ulang akun yang benar.",
    "X answered with another account than the one configured. Check the username, then connect the right account.",
)


def diagnose(exchange: Exchange) -> PlatformError | None:
    """Say what an answer's fault is, None for a good answer."""
    if exchange.status < 300:
        return _of_good_status(exchange)
    if not 400 <= exchange.status < 500 or exchange.status == 408:
        return UnreachableError(_said(exchange), place=exchange.place())
    if exchange.body.strip() and not isinstance(exchange.json(), dict):
        return UnreachableError(_said(exchange), place=exchange.place())  # a page of a proxy's, not X's word
    if exchange.status == 429:
        return _of_too_many(exchange)
    return _of_sign_in(exchange) if exchange.request.path == TOKEN_PATH else _of_problem(exchange)


def pause_until(exchange: Exchange) -> datetime | None:
    """Return when the latest used-up meter is reset, None where all have something left."""
    spent = (meter for meter in _METERS if exchange.headers.get(f"{meter}-remaining", "").strip() == "0")
    resets = (_moment(exchange.headers.get(f"{meter}-reset", "")) for meter in spent)
    return max((reset for reset in resets if reset is not None and reset > exchange.now), default=None)


def _of_good_status(exchange: Exchange) -> PlatformError | None:
    """Find the fault of a 200 that has errors and no data: an unknown, suspended or protected account (x.md §4)."""
    body = exchange.json()
    if not isinstance(body, dict) or body.get("data") is not None:
        return None
    errors = body.get("errors")
    if not isinstance(errors, list) or not errors:
        return None
    if all(_slug(one) in _FIELD_PROBLEMS for one in errors):
        return None  # posts that are hidden because of a private figure: they can be had without it
    place = exchange.place("body:/errors/0")
    if _slug(errors[0]) == "resource-not-found" or _text(errors[0], "title") == "Not Found Error":
        return SettingError(_said(exchange), place=place, code="setting.username_not_found", hint=NOT_FOUND_HINT)
    return NotOfferedError(_said(exchange), place=place, code="not_offered.account", hint=_SUSPENDED_HINT)


def _of_too_many(exchange: Exchange) -> PlatformError:
    """Read a 429: a full window passes, a used-up monthly or spending limit does not (x.md §5, §6)."""
    body = exchange.json()
    if _slug(body) == "usage-capped" or _text(body, "title") == "UsageCapExceeded":
        return NotOfferedError(_said(exchange), reason=Reason.BUDGET, place=exchange.place(),
                               code="not_offered.usage_cap", hint=_CAP_HINT)  # fmt: skip
    moments = [exchange.now + SHORTEST_PAUSE]
    reset, asked = pause_until(exchange), exchange.retry_after
    if reset is not None:
        moments.append(reset)
    if asked is not None:
        moments.append(exchange.now + asked)
    until = max(moments) if len(moments) > 1 else exchange.now + WINDOW
    return ThrottledError(_said(exchange), until=until, place=exchange.place(), code="throttled.rate")


def _of_sign_in(exchange: Exchange) -> PlatformError:
    """Read a refused renewal of the sign-in. A refresh token works once: a used one ends the sign-in (x.md §2)."""
    place, word = exchange.place(), _text(exchange.json(), "error")
    if word in ("invalid_request", "invalid_grant"):
        return AccessError(_said(exchange), place=place, code="access.expired")
    return SettingError(_said(exchange), place=place, code="setting.client", hint=_CLIENT_HINT)


def _of_problem(exchange: Exchange) -> PlatformError:
    """Read a refusal by its status, its problem's last path segment and its older number (x.md §5)."""
    status, body, said, place = exchange.status, exchange.json(), _said(exchange), exchange.place()
    slug, number = _slug(body), _number(body)
    if status == 402:
        return NotOfferedError(said, reason=Reason.BUDGET, place=place, code="not_offered.credits", hint=_CREDITS_HINT)
    if number == 88:
        return ThrottledError(said, until=exchange.now + WINDOW, place=place, code="throttled.rate")
    if status == 401 or number == 89:
        return AccessError(said, patience=OUTAGE, place=place, code="access.expired", hint=_REFUSED_HINT)
    if slug in ("not-authorized-for-resource", "resource-unavailable"):
        return NotOfferedError(said, reason=Reason.NOT_PERMITTED, place=place, hint=_SUSPENDED_HINT)
    if status == 404:
        return NotOfferedError(said, place=place, code="not_offered.not_found", hint=NOT_FOUND_HINT)
    if slug == "unsupported-authentication":
        return SettingError(said, place=place, code="setting.sign_in_kind", hint=_KIND_HINT)
    if slug == "client-forbidden" or _text(body, "reason") == "client-not-enrolled":
        return SettingError(said, place=place, code="setting.not_enrolled", hint=_ENROLL_HINT)
    if status == 403:
        return SettingError(said, place=place, code="setting.access_level", hint=_LEVEL_HINT)
    if slug == "invalid-request" and any(name in str(body) for name in ("tweet.fields", "post.fields")):
        return ShapeError(said, place=place, code=UNKNOWN_FIELDS)
    return ShapeError(said, place=place, code="shape.refused")


def is_about_a_field(problem: Node) -> bool:
    """Whether an entry of `errors` is about a figure that may not be had, and not about a whole post."""
    return _slug_of(problem) in _FIELD_PROBLEMS


def is_passing_gap(problem: Node) -> bool:
    """Whether a figure is only lacking this time."""
    return _slug_of(problem) == "field-hydration-failure"


def _slug_of(problem: Node) -> str:
    return problem["type"].text().rpartition("/")[2] if problem["type"].exists else ""


def _said(exchange: Exchange) -> str:
    """Return path, status and the platform's own words, which stand in one of several frames (x.md §5)."""
    body = exchange.json()
    inner = _first_error(body)
    names = ("detail", "error_description", "message", "title", "error")
    words = (_text(frame, name) for frame in (body, inner) for name in names)
    return f"{exchange.request.path}: status {exchange.status}: {next((word for word in words if word), '')[:200]}"


def _slug(problem: Any) -> str:  # noqa: ANN401 - a fault's body may be anything
    """Return the last path segment of a problem's type; two hosts are in use before it."""
    return _text(problem, "type").rpartition("/")[2]


def _first_error(body: Any) -> Any:  # noqa: ANN401 - JSON
    errors = body.get("errors") if isinstance(body, dict) else None
    return errors[0] if isinstance(errors, list) and errors else None


def _number(body: object) -> int | None:
    """Return the number of the older frame, `{"errors": [{"code": 88, …}]}`."""
    inner = _first_error(body)
    number = inner.get("code") if isinstance(inner, dict) else None
    return number if isinstance(number, int) else None


def _text(frame: object, name: str) -> str:
    value = frame.get(name) if isinstance(frame, dict) else None
    return value if isinstance(value, str) else ""


def _moment(seconds: str) -> datetime | None:
    """Return a header's Unix seconds as a moment, None where they are none."""
    return datetime.fromtimestamp(int(seconds), UTC) if re.fullmatch(r"[0-9]{1,10}", seconds.strip()) else None
