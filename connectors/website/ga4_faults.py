"""What is wrong with an answer of Google: of the Data API, or of signing in to it (website.md A1, A4)."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.kit import (
    AccessError,
    Exchange,
    NotOfferedError,
    Place,
    PlatformError,
    Reason,
    SettingError,
    ShapeError,
    ThrottledError,
    UnreachableError,
    Words,
)

_PACIFIC = ZoneInfo("America/Los_Angeles")  # the daily quota's day (website.md A3)
_QUOTA_HOUR = timedelta(hours=1)  # "will return in under an hour" (website.md A4)
_CONCURRENT_WAIT = timedelta(seconds=30)
_RESERVE = 100  # tokens, some ten questions: an exhausted quota shuts out everyone who looks at the property

_NEW_KEY_FILE = Words(
    "Buat berkas kunci baru untuk akun layanan Google itu, lalu pasang sebagai GA4_SERVICE_ACCOUNT_FILE.",
    "Make a new key file for that Google service account and set it as GA4_SERVICE_ACCOUNT_FILE.",
)
_SET_CLOCK = Words(
    "Jam komputer ini salah. Betulkan tanggal, jam, dan zona waktunya, lalu coba lagi.",
    "This computer's clock is wrong. Set its date, time and time zone, then try again.",
)
_ADD_VIEWER = Words(
    "Di Google Analytics, buka Admin, Pengelolaan akses properti, lalu tambahkan alamat e-mail akun layanan sebagai "
    "Pelihat. Periksa juga GA4_PROPERTY_ID.",
    "In Google Analytics, open Admin, Property access management, and add the service account's e-mail address as "
    "Viewer. Check GA4_PROPERTY_ID too.",
)
_ENABLE_SERVICE = Words(
    "Di Google Cloud, aktifkan layanan Google Analytics Data API untuk proyek akun layanan itu.",
    "In Google Cloud, enable the service Google Analytics Data API for that service account's project.",
)
_CHECK_PROPERTY = Words(
    "Periksa GA4_PROPERTY_ID: nomor properti, angka saja.",
    "Check GA4_PROPERTY_ID: the property's number, digits only.",
)


def diagnose_ga4(exchange: Exchange) -> PlatformError | None:
    """Say what an answer's fault is, None for a good one."""
    if exchange.status < 300:
        return None
    body = exchange.json()
    error = body.get("error") if isinstance(body, dict) else None
    stated = error if isinstance(error, dict) else {}
    message = str(stated.get("message") or error or f"status {exchange.status}")
    if exchange.status == 429:
        return _throttled(exchange, message)
    if exchange.status >= 500 or not isinstance(body, dict):
        return UnreachableError(f"Google: {message}", place=exchange.place())
    if exchange.request.api == "oauth" and isinstance(error, str):
        return _sign_in_fault(exchange, error, str(body.get("error_description", "")))
    if exchange.request.api == "oauth" or not stated:
        return ShapeError(f"no fault of Google's form (status {exchange.status})", place=exchange.place())
    return _report_fault(exchange, stated, message)


def _report_fault(exchange: Exchange, stated: Mapping[str, object], message: str) -> PlatformError:
    place = exchange.place("body:/error/message" if "message" in stated else "head:/status")
    match exchange.status:
        case 400 if "is not a valid metric" in message:
            return NotOfferedError(message, reason=Reason.RETIRED, place=place)
        case 400 if "is not a valid dimension" in message:
            return NotOfferedError(message, place=place)
        case 401:
            return AccessError(message, place=place, hint=_NEW_KEY_FILE)
        case 403:
            return _forbidden(stated, message, place)
        case 404:
            return SettingError(message, place=place, code="setting.ga4_property", hint=_CHECK_PROPERTY)
    return ShapeError(message, place=place, code="shape.request")


def _forbidden(stated: Mapping[str, object], message: str, place: Place) -> PlatformError:
    """Tell three refusals apart: service not enabled, sign-in too narrow, or no viewer of this property."""
    details = stated.get("details")
    reasons = [one.get("reason") for one in details if isinstance(one, dict)] if isinstance(details, list) else []
    if "SERVICE_DISABLED" in reasons:
        return SettingError(message, place=place, code="setting.ga4_service", hint=_ENABLE_SERVICE)
    if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in reasons:
        return AccessError(message, place=place, code="access.scope", hint=_NEW_KEY_FILE)
    return SettingError(message, place=place, code="setting.ga4_viewer", hint=_ADD_VIEWER)


def _throttled(exchange: Exchange, message: str) -> ThrottledError:
    """Wait as long as the exhausted quota takes to come back, which only the text tells (website.md A4)."""
    if exchange.retry_after is not None:
        return ThrottledError(message, after=exchange.retry_after, place=exchange.place(), code="throttled.quota")
    if "concurrent" in message:
        return ThrottledError(message, after=_CONCURRENT_WAIT, place=exchange.place(), code="throttled.concurrent")
    if "per day" in message:
        return ThrottledError(message, until=_tomorrow(exchange.now), place=exchange.place(), code="throttled.day")
    return ThrottledError(message, after=_QUOTA_HOUR, place=exchange.place(), code="throttled.hour")


def quota_pause(exchange: Exchange) -> datetime | None:
    """Return until when to ask no more because the property's quota runs out, None while there is enough of it.

    What is nought is left out of Google's answers, so a quota without its remainder has none (website.md A2, A3).
    """
    body = exchange.json()
    quota = body.get("propertyQuota") if isinstance(body, dict) else None
    if not isinstance(quota, dict):
        return None
    left = {name: one.get("remaining", 0) for name, one in quota.items() if isinstance(one, dict)}
    short = {name for name, remaining in left.items() if isinstance(remaining, int) and remaining < _RESERVE}
    if "tokensPerDay" in short:
        return _tomorrow(exchange.now)
    return exchange.now + _QUOTA_HOUR if short & {"tokensPerHour", "tokensPerProjectPerHour"} else None


def _tomorrow(now: datetime) -> datetime:
    """Return the next midnight of the quota's day."""
    day = now.astimezone(_PACIFIC).date() + timedelta(days=1)
    return datetime.combine(day, time(), _PACIFIC).astimezone(UTC)


def _sign_in_fault(exchange: Exchange, error: str, description: str) -> PlatformError:
    """Tell apart a wrong clock, a key that is no longer good, and a set-up that never was (website.md A1)."""
    message, place = f"{error}: {description}", exchange.place("body:/error")
    if "timeframe" in description or "short-lived" in description:
        return SettingError(message, place=place, code="setting.clock", hint=_SET_CLOCK)
    if error in ("invalid_client", "unauthorized_client", "invalid_scope", "invalid_request"):
        return SettingError(message, place=place, code="setting.service_account", hint=_NEW_KEY_FILE)
    return AccessError(message, place=place, code="access.revoked", hint=_NEW_KEY_FILE)
