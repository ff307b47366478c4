"""What the business service's refusals mean: a number in the answer, nearly always with status 200 (tiktok.md §4.4)."""

import re
from datetime import UTC, datetime, time, timedelta

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
from connectors.tiktok.fields import BAD_REQUEST, FIELD_REFUSED

TOKEN_PATH = "/open_api/v1.3/tt_user/oauth2/refresh_token/"  # noqa: S105 - a path, no secret
CODE_PATH = "/open_api/v1.3/tt_user/oauth2/token/"

_GOOD = {0, 20001}
_ENDED = {40102, 40105}
_REVOKED = {40103, 40107, 40110}
_NOT_PERMITTED = {40001, 40118, 40125}
_BAD_REQUEST = {40000, 40002, 40006, 40051, 40104}
_TOO_OFTEN = {40016, 40100, 40132, 40133}
_PASSING = {50000, 50002, 51305, 60001}
_BARRED = 41000

_CHECK_KEYS = Words(
    "Periksa TIKTOK_BUSINESS_CLIENT_ID dan TIKTOK_BUSINESS_CLIENT_SECRET; salin lagi dari halaman aplikasi "
    "kantor di portal TikTok for Business.",
    "Check TIKTOK_BUSINESS_CLIENT_ID and TIKTOK_BUSINESS_CLIENT_SECRET; copy both again from the page of the "
    "office's app in the TikTok for Business portal.",
)
_CONNECT_AGAIN = Words(
    "Sambungkan ulang akun ini ke layanan bisnis TikTok: izin masuknya habis, dicabut, atau sudah dipakai program "
    "lain. Angka harian yang lewat 60 hari tidak dapat diambil lagi.",
    "Connect this account to TikTok's business service again: its permission ended, was withdrawn, or was used up by "
    "another program. Daily figures older than 60 days cannot be had any more.",
)
_TICK_ALL = Words(
    "Sambungkan ulang akun ini ke layanan bisnis TikTok dan biarkan semua izin tercentang.",
    "Connect this account to TikTok's business service again and leave every permission ticked.",
)
_OTHER_LINE = Words(
    "TikTok menolak negara asal sambungan internet ini. Periksa VPN atau perantara (proxy) kantor.",
    "TikTok refuses the country that this internet line comes out in. Check the office's VPN or proxy.",
)


def diagnose_business(exchange: Exchange) -> PlatformError | None:
    """Say what is wrong with an answer; the number decides, whatever the status is."""
    body, code = exchange.json(), _code(exchange)
    if exchange.status == 429:
        return _throttled(exchange, "too many requests")
    if exchange.status >= 500:
        return UnreachableError(f"TikTok answered {exchange.status}", place=exchange.place())
    if code is None or code in _GOOD:
        if exchange.status < 300:
            return None
        if not isinstance(body, dict):  # also what comes where the slash at a path's end is missing (tiktok.md §4.4)
            return UnreachableError(f"no answer of TikTok's own (status {exchange.status})", place=exchange.place())
        return ShapeError(f"TikTok answered {exchange.status} without its reason", place=exchange.place())
    message = f"{code}: {body.get('message')} (request_id {body.get('request_id')})"
    if code in _TOO_OFTEN:
        return _throttled(exchange, message)
    return _refusal(exchange, code, message)


def _refusal(exchange: Exchange, code: int, message: str) -> PlatformError:
    place, is_sign_in = exchange.place("body:/code"), exchange.request.path in (TOKEN_PATH, CODE_PATH)
    if code in _PASSING:
        return UnreachableError(message, place=place)
    if code == _BARRED:
        return SettingError(message, place=place, code="setting.network", hint=_OTHER_LINE)
    if code in _ENDED:
        return AccessError(message, place=place, hint=_CONNECT_AGAIN)
    if code in _REVOKED:
        return AccessError(message, place=place, code="access.revoked", hint=_CONNECT_AGAIN)
    if is_sign_in and code in _NOT_PERMITTED | _BAD_REQUEST:
        return SettingError(message, place=place, code="setting.app_secret", hint=_CHECK_KEYS)
    if code in _NOT_PERMITTED:
        return NotOfferedError(message, reason=Reason.NOT_PERMITTED, place=place, code=FIELD_REFUSED, hint=_TICK_ALL)
    if code in _BAD_REQUEST:
        return ShapeError(message, place=place, code=BAD_REQUEST)
    if is_sign_in or exchange.status == 401:
        return AccessError(message, place=place, code="access.refused", hint=_CONNECT_AGAIN)
    return ShapeError(message, place=place, code="shape.error")


def _throttled(exchange: Exchange, message: str) -> ThrottledError:
    """Say how long to wait: by the answer, else by which limit its words name, else five minutes (tiktok.md §4.4)."""
    tomorrow = datetime.combine(exchange.now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    until = tomorrow if re.search(r"(?i)\b(day|daily|qpd)\b", message) else None
    is_of_second = re.search(r"(?i)\b(second|qps)\b", message)
    after = exchange.retry_after or timedelta(seconds=1 if is_of_second else 300)
    return ThrottledError(
        message,
        after=None if until else after,
        until=until,
        place=exchange.place("body:/code" if _code(exchange) is not None else "head:/status"),
        code="throttled.app",
    )


def _code(exchange: Exchange) -> int | None:
    """Return the number of an answer, None where it has none. It may be written as a text."""
    body = exchange.json()
    code = body.get("code") if isinstance(body, dict) else None
    if isinstance(code, str) and re.fullmatch(r"[0-9]{1,9}", code):
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else None
