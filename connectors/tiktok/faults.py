"""What the Display service's refusals mean (tiktok.md §2, §3).

Data calls have a frame with a code, renewals a flat one; both may come with a good status.
"""

from collections.abc import Mapping
from datetime import timedelta

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
from connectors.tiktok.fields import BAD_REQUEST, FIELD_REFUSED, SCOPE_REFUSED

TOKEN_PATH = "/v2/oauth/token/"  # noqa: S105 - a path, no secret
_MINUTE = timedelta(minutes=1)  # the request limit is a sliding minute, without quota headers (tiktok.md §3)

_CHECK_KEYS = Words(
    "Periksa TIKTOK_CLIENT_KEY dan TIKTOK_CLIENT_SECRET; salin lagi dari halaman aplikasi di developers.tiktok.com.",
    "Check TIKTOK_CLIENT_KEY and TIKTOK_CLIENT_SECRET; copy both again from the app's page on developers.tiktok.com.",
)
_CONNECT_AGAIN = Words(
    "Sambungkan ulang akun TikTok ini: izin masuknya habis, dicabut, atau sudah dipakai program lain.",
    "Connect this TikTok account again: its permission ended, was withdrawn, or was used up by another program.",
)
TICK_ALL = Words(
    "Sambungkan ulang akun TikTok ini dan biarkan semua izin tercentang.",
    "Connect this TikTok account again and leave every permission ticked.",
)


def diagnose_display(exchange: Exchange) -> PlatformError | None:
    """Say what is wrong with an answer; success may not be believed from the status alone (tiktok.md §3)."""
    body = exchange.json()
    if exchange.status == 429:
        return _throttled(exchange, "too many requests")
    if exchange.status >= 500:
        return UnreachableError(f"TikTok answered {exchange.status}", place=exchange.place())
    fault = body.get("error") if isinstance(body, dict) else None
    if isinstance(fault, str) and fault and exchange.request.path == TOKEN_PATH:
        return _sign_in_fault(exchange, fault, body)
    if isinstance(fault, dict):
        return _data_fault(exchange, fault)
    if exchange.status >= 300 and not isinstance(body, dict):
        return UnreachableError(f"no answer of TikTok's own (status {exchange.status})", place=exchange.place())
    if exchange.status >= 300:
        return ShapeError(f"TikTok answered {exchange.status} without its reason", place=exchange.place())
    return None


def _throttled(exchange: Exchange, message: str) -> ThrottledError:
    return ThrottledError(message, after=exchange.retry_after or _MINUTE, place=exchange.place(), code="throttled.app")


def _data_fault(exchange: Exchange, error: Mapping[str, object]) -> PlatformError | None:
    """Tell the faults of data calls apart by `error.code`, whatever the status is (tiktok.md §3)."""
    code, place = error.get("code"), exchange.place("body:/error/code" if "code" in error else "body:/error")
    if code == "ok" or (code is None and exchange.status < 300):
        return None
    message = f"{code}: {error.get('message')} (log_id {error.get('log_id')})"
    match code:
        case "access_token_invalid":
            return AccessError(message, place=place, hint=_CONNECT_AGAIN)
        case "scope_not_authorized":
            return NotOfferedError(message, reason=Reason.NOT_PERMITTED, place=place, code=SCOPE_REFUSED, hint=TICK_ALL)
        case "scope_permission_missed":
            return NotOfferedError(message, reason=Reason.NOT_PERMITTED, place=place, code=FIELD_REFUSED, hint=TICK_ALL)
        case "rate_limit_exceeded":
            return _throttled(exchange, message)
        case "internal_error":
            return UnreachableError(message, place=place)
        case "invalid_params":
            return ShapeError(message, place=place, code=BAD_REQUEST)
    if exchange.status == 401:
        return AccessError(message, place=place, code="access.refused", hint=_CONNECT_AGAIN)
    return ShapeError(message, place=place, code="shape.error")


def _sign_in_fault(exchange: Exchange, code: str, body: Mapping[str, object]) -> PlatformError:
    """Tell the faults of renewals apart; they are flat, and may come with status 200 (tiktok.md §2)."""
    message, place = (
        f"{code}: {body.get('error_description')} (log_id {body.get('log_id')})",
        exchange.place("body:/error"),
    )
    match code:
        case "invalid_client" | "unauthorized_client":
            return SettingError(message, place=place, code="setting.app_secret", hint=_CHECK_KEYS)
        case "invalid_request" | "unsupported_grant_type" | "unsupported_response_type" | "invalid_scope":
            return SettingError(message, place=place, code="setting.sign_in", hint=_CHECK_KEYS)
        case "server_error" | "temporarily_unavailable":
            return UnreachableError(message, place=place)
        case "invalid_grant" | "access_denied":
            return AccessError(message, place=place, code="access.revoked", hint=_CONNECT_AGAIN)
    return AccessError(message, place=place, code="access.refused", hint=_CONNECT_AGAIN)
