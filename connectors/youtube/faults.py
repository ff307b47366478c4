"""What a fault of Google's means: answers of the two APIs and of the sign-in address (youtube.md §1c and §4).

The two APIs wrap a fault in `{"error": {…}}` with one or more reasons; the sign-in address says `{"error": "word"}`.
The most telling reason decides, the HTTP status only where no known reason is given. Never raises, whatever the body.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.kit import (
    AccessError,
    Exchange,
    NotOfferedError,
    PlatformError,
    Reason,
    SettingError,
    ShapeError,
    ThrottledError,
    UnreachableError,
    Words,
)

PACIFIC = ZoneInfo("America/Los_Angeles")
"""Days and daily quotas turn over at midnight there, daylight saving included (youtube.md §2 and §5)."""

OTHER_CHANNEL_HINT = Words(
    "Masuk lagi sebagai pemilik kanal ini: pilih akun kanalnya, bukan akun pribadi, dan izinkan semua yang diminta.",
    "Sign in again as the owner of this channel: choose the channel, not a personal account, and allow all that is "
    "asked.",
)
NO_CHANNEL_HINT = Words(
    "Akun Google yang dipakai masuk tidak punya kanal YouTube. Sambungkan ulang dan pilih akun kanal kantor.",
    "The Google account that signed in has no YouTube channel. Connect again and choose the office's channel.",
)
NOT_FOUND_HINT = Words(
    "Periksa ID kanal: diawali UC, ada di YouTube Studio, menu Setelan, Kanal, Setelan lanjutan.",
    "Check the channel ID: it begins with UC and stands in YouTube Studio under Settings, Channel, Advanced settings.",
)
_GONE_HINT = Words(
    "YouTube menyatakan kanal ini ditutup atau dibatasi. Buka YouTube Studio, atau jeda akun ini di program.",
    "YouTube says that this channel is closed or restricted. Open YouTube Studio, or pause this account here.",
)
_CLIENT_HINT = Words(
    "Periksa ID dan rahasia aplikasi Google; salin ulang keduanya dari Google Cloud Console.",
    "Check the Google application's ID and secret; copy both again from the Google Cloud Console.",
)
_KEY_HINT = Words(
    "Kunci data publik Google ditolak; salin ulang dari Google Cloud Console dan periksa pembatasannya.",
    "Google refused the key for public figures; copy it again from the Google Cloud Console and check its limits.",
)
_REFUSED_HINT = Words(
    "Google menolak permintaan ini. Periksa kunci data publik dan izin masuk pemilik kanal di pengaturan akun.",
    "Google refuses this request. Check the key for public figures and the owner's sign-in in the account's settings.",
)
_OFF_HINT = Words(
    "Aktifkan YouTube Data v3 dan YouTube Analytics untuk proyek kantor di Google Cloud Console.",
    "Switch on YouTube Data v3 and YouTube Analytics for the office's project in the Google Cloud Console.",
)
_QUOTA_HINT = Words(
    "Jatah harian Google habis; dilanjutkan sendiri setelah pukul 14.00 atau 15.00 WIB.",
    "Google's daily allowance is used up; it goes on by itself after 07:00 or 08:00 UTC.",
)


_QUOTA = {"quotaExceeded", "dailyLimitExceeded"}
_RATE = {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"}
_PASSING = {"backendError", "internalError", "SERVICE_UNAVAILABLE", "server_error", "internal_failure",
            "temporarily_unavailable"}  # fmt: skip
_NOT_OURS = {"forbidden", "insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}

_ACCESS = {
    "authError": ("access.expired", None),
    "UNAUTHENTICATED": ("access.expired", None),
    "youtubeSignupRequired": ("access.no_channel", NO_CHANNEL_HINT),
    "authenticatedUserNotChannel": ("access.no_channel", NO_CHANNEL_HINT),
    "authenticatedUserAccountClosed": ("access.account_closed", _GONE_HINT),
    "authenticatedUserAccountSuspended": ("access.account_closed", _GONE_HINT),
    "insufficientPermissions": ("access.permission", OTHER_CHANNEL_HINT),
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": ("access.permission", OTHER_CHANNEL_HINT),
}
_SETTING = {
    "accessNotConfigured": ("setting.api_disabled", _OFF_HINT),
    "SERVICE_DISABLED": ("setting.api_disabled", _OFF_HINT),
    "API_KEY_INVALID": ("setting.api_key", _KEY_HINT),
    "API_KEY_SERVICE_BLOCKED": ("setting.api_key", _KEY_HINT),
    "keyInvalid": ("setting.api_key", _KEY_HINT),
    "keyExpired": ("setting.api_key", _KEY_HINT),
    "ipRefererBlocked": ("setting.api_key", _KEY_HINT),
    "channelNotFound": ("setting.channel_not_found", NOT_FOUND_HINT),
}
_NOT_OFFERED = {
    "channelClosed": ("not_offered.channel", Reason.NOT_OFFERED, _GONE_HINT),
    "channelSuspended": ("not_offered.channel", Reason.NOT_OFFERED, _GONE_HINT),
    "channelForbidden": ("not_offered.channel", Reason.NOT_OFFERED, _GONE_HINT),
    "playlistNotFound": ("not_offered.not_found", Reason.NOT_OFFERED, None),
    "videoNotFound": ("not_offered.not_found", Reason.NOT_OFFERED, None),
    "playlistItemsNotAccessible": (None, Reason.NOT_PERMITTED, None),
}


def diagnose(exchange: Exchange) -> PlatformError | None:
    """Say what an answer's fault is, None for a good answer."""
    if exchange.status < 300:
        return None
    if exchange.request.api == "oauth":
        return _of_sign_in(exchange)
    error = _member(exchange.json(), "error")
    if not 400 <= exchange.status < 500 or exchange.status == 408 or not isinstance(error, dict):
        return _of_status(exchange, "")
    said = error.get("message")
    message = said if isinstance(said, str) else ""
    told = (_of_reason(exchange, reason, message) for reason in _reasons(error))
    return next((fault for fault in told if fault is not None), None) or _of_status(exchange, message)


def pacific_midnight(now: datetime) -> datetime:
    """Return the next midnight Pacific, when the daily allowance is renewed (youtube.md §2)."""
    tomorrow = now.astimezone(PACIFIC).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), PACIFIC).astimezone(UTC)


def _of_sign_in(exchange: Exchange) -> PlatformError:
    """Read the flat form of the sign-in address (youtube.md §1c)."""
    place, word = exchange.place(), _member(exchange.json(), "error")
    message = f"sign-in: status {exchange.status}, {word!s:.60}"
    # Whatever is no plain word of Google's (a proxy's page, a redirect) says nothing about the sign-in.
    if exchange.status >= 500 or exchange.status in (408, 429) or not isinstance(word, str) or word in _PASSING:
        return UnreachableError(message, place=place)
    if word == "invalid_grant":
        return AccessError(message, place=place, code="access.expired")
    if word == "access_denied":
        return AccessError(message, place=place, code="access.refused")
    code = "setting.client" if word in ("invalid_client", "unauthorized_client") else "setting.sign_in"
    return SettingError(message, place=place, code=code, hint=_CLIENT_HINT)


def _of_reason(exchange: Exchange, reason: str, message: str) -> PlatformError | None:
    """Read one reason by the table of youtube.md §4; None where it does not say enough by itself."""
    text, place = f"{exchange.request.path}: {reason}: {message}", exchange.place("body:/error")
    if reason in _QUOTA:
        until = pacific_midnight(exchange.now)
        return ThrottledError(text, until=until, place=place, code="throttled.quota", hint=_QUOTA_HINT)
    if reason in _RATE:
        return ThrottledError(text, after=_asked_pause(exchange), place=place, code="throttled.rate")
    if reason in _PASSING:
        return UnreachableError(text, place=place)
    if reason in _NOT_OURS and exchange.request.api == "analytics":
        # Only the figures of days are closed to this sign-in: they become gaps, the public counts go on.
        return NotOfferedError(text, reason=Reason.NOT_PERMITTED, place=place, hint=OTHER_CHANNEL_HINT)
    if reason in _ACCESS:
        access, hint = _ACCESS[reason]
        return AccessError(text, place=place, code=access, hint=hint)
    if reason in _SETTING:
        setting, mend = _SETTING[reason]
        return SettingError(text, place=place, code=setting, hint=mend)
    if reason in _NOT_OFFERED:
        skip, why, say = _NOT_OFFERED[reason]
        return NotOfferedError(text, reason=why, place=place, code=skip, hint=say)
    return None


def _of_status(exchange: Exchange, message: str) -> PlatformError:
    """Read the status where no known reason is given (youtube.md §4)."""
    status, analytics = exchange.status, exchange.request.api == "analytics"
    text = f"{exchange.request.path}: status {status}: {message}"
    place = exchange.place("body:/error/message" if message else "head:/status")
    if status == 429:
        return ThrottledError(text, after=_asked_pause(exchange), place=place, code="throttled.rate")
    if not 400 <= status < 500 or status == 408 or exchange.json() is None:  # a proxy's word, or a passing one
        return UnreachableError(text, place=place)
    if status == 401:
        return AccessError(text, place=place, code="access.expired")
    if status == 403 and analytics:
        return NotOfferedError(text, reason=Reason.NOT_PERMITTED, place=place, hint=OTHER_CHANNEL_HINT)
    if status == 403:
        return SettingError(text, place=place, code="setting.forbidden", hint=_REFUSED_HINT)
    if status == 404:
        return NotOfferedError(text, place=place, code="not_offered.not_found")
    if analytics and message.startswith("Unknown identifier"):
        return NotOfferedError(text, reason=Reason.RETIRED, place=place)
    if analytics and message.startswith("The query is not supported"):
        return NotOfferedError(text, place=place, code="not_offered.query")
    return ShapeError(text, place=place, code="shape.refused")


def _reasons(error: dict[str, Any]) -> Iterator[str]:
    """Yield what names the fault: `errors[].reason`, then `details[].reason`, then `status`. Each may be missing."""
    for name in ("errors", "details"):
        for one in _elements(error, name):
            reason = _member(one, "reason")
            if isinstance(reason, str):
                yield reason
    status = error.get("status")
    if isinstance(status, str):
        yield status


def _asked_pause(exchange: Exchange) -> timedelta | None:
    """Return the pause that the answer asks for: Retry-After, or a RetryInfo's "41s". Usually there is neither."""
    if exchange.retry_after is not None:
        return exchange.retry_after
    for detail in _elements(_member(exchange.json(), "error"), "details"):
        delay = _member(detail, "retryDelay")
        seconds = re.fullmatch(r"([0-9]{1,7})(\.[0-9]+)?s", delay) if isinstance(delay, str) else None
        if seconds:
            return timedelta(seconds=int(seconds[1]) + bool(seconds[2]))
    return None


def _member(value: Any, name: str) -> Any:  # noqa: ANN401 - a fault's body may be anything
    return value.get(name) if isinstance(value, dict) else None


def _elements(value: Any, name: str) -> list[Any]:  # noqa: ANN401 - JSON
    found = _member(value, name)
    return found if isinstance(found, list) else []
