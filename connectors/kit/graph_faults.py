"""The faults and quota headers of Meta's Graph, which its platforms share.

Faults are decided by `error.code` and `error_subcode`, never by the HTTP status, which varies for one and the same
fault (facebook.md §4, instagram.md §4). Nothing here knows which platform asks.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.kit.connecting import AT_THE_PLATFORM, REDIRECT_REFUSED
from connectors.kit.errors import (
    AccessError,
    NotOfferedError,
    Place,
    PlatformError,
    Reason,
    SettingError,
    ShapeError,
    ThrottledError,
    UnreachableError,
)
from connectors.kit.metrics import Words
from connectors.kit.node import Exchange

TOO_MUCH = "not_offered.too_much"
TOO_WIDE = "not_offered.too_wide"
TOO_LATE = "not_offered.too_late"
TOO_FEW = "not_offered.below_floor"
NOT_PERMITTED = "not_offered.not_permitted"
GONE = "not_offered.gone"
UNKNOWN_REQUEST = "shape.request"
WRONG_APP = "setting.app"
BEFORE_CONVERSION = "not_offered.before_conversion"

_FULL_PERCENT = 95  # "stop at 95 %" (facebook.md §5)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_LONGEST_MINUTES = 24 * 60  # the quotas are of a rolling day at most

_THROTTLED = {4: "throttled.app", 17: "throttled.user", 32: "throttled.page", 613: "throttled.custom"}
_BUSINESS = range(80000, 80015)  # one code per kind of account: 80001 pages, 80002 the other
_BLOCKED = (341, 368)

_NO_ACCESS = (102, 190)
_ACCESS = {
    458: ("access.revoked", Words("Izin untuk program ini dicabut. Sambungkan akun ini lagi.",
                                  "The permission for this program was withdrawn. Connect the account again.")),
    459: (AT_THE_PLATFORM, Words("Masuk ke facebook.com dan selesaikan pemeriksaan keamanan, lalu coba lagi.",
                                     "Sign in at facebook.com and pass the security check there, then try again.")),
    460: ("access.password", Words("Kata sandi diganti. Sambungkan akun ini lagi.",
                                   "The password was changed. Connect the account again.")),
    463: ("access.expired", AccessError.hint),
    464: ("access.unconfirmed", Words("Masuk ke facebook.com dan konfirmasikan profil itu, lalu coba lagi.",
                                      "Sign in at facebook.com and confirm the profile there, then try again.")),
    467: ("access.signed_out", Words("Profil yang menyambungkan akun ini sudah keluar. Sambungkan akun ini lagi.",
                                     "The profile that connected the account signed out. Connect the account again.")),
    492: ("access.role_lost", Words(
        "Profil yang menyambungkan tidak lagi bertugas di halaman ini. Pulihkan tugasnya, lalu sambungkan lagi.",
        "The profile that connected has no role on the Page any more. Restore its role, then connect again.")),
}  # fmt: skip

_NOT_PERMITTED_HINT = Words(
    "Izin untuk angka ini belum diberikan. Sambungkan ulang akun ini dan setujui semua izin yang diminta.",
    "The permission for this figure was not given. Connect the account again and agree to everything asked.",
)
_BLOCKED_HINT = Words(
    "Platform memblokir sementara. Buka aplikasinya, lihat pemberitahuan di sana, dan ikuti petunjuknya.",
    "The platform blocks for a while. Open its app, look at the notices there and follow them.",
)
_SECRET_HINT = Words(
    "Rahasia aplikasi tidak cocok dengan kunci akun ini. Periksa atau kosongkan isian rahasia aplikasi.",
    "The app's secret does not fit this account's key. Check the app secret, or leave it empty.",
)

_APP_HINT = Words(
    "ID dan rahasia aplikasi tidak cocok. Salin keduanya sekali lagi dari halaman aplikasi, menu App settings > Basic.",
    "The app's id and secret do not fit. Copy both again from the app's page, App settings > Basic.",
)
_CODE_HINT = Words(
    "Izin dari halaman itu hanya berlaku sebentar dan sekali. Mulai lagi dari awal dan selesaikan tanpa jeda.",
    "What that page gave is good for a short while and once. Begin again, and go through without a pause.",
)
_REDIRECT_HINT = Words(
    "Alamat kembali tidak sama dengan yang terdaftar pada aplikasi. Daftarkan alamat itu persis seperti tertulis.",
    "The return address is not the one that the app has. Register that address exactly as it is written.",
)
_CODES = {36007: "access.code_expired", 36009: "access.code_used"}  # (unconfirmed)
_OTHER_REDIRECT = 36008  # (unconfirmed)
_NO_SUCH_APP = 101

_SUBCODES = {
    33: (GONE, Reason.NOT_OFFERED),
    1504016: (TOO_WIDE, Reason.NOT_OFFERED),
    2108006: (BEFORE_CONVERSION, Reason.NOT_OFFERED),
}
_WORDS = (  # said in the message of a code 100, the first that fits
    ("there cannot be more than", TOO_WIDE, Reason.NOT_OFFERED),
    ("since param is not valid", TOO_LATE, Reason.TOO_LATE),
    ("last 30 days", TOO_LATE, Reason.TOO_LATE),
    ("valid insights metric", None, Reason.RETIRED),
    ("must be one of", None, Reason.RETIRED),
    ("for the queried media", None, Reason.NOT_OFFERED),  # of this kind of media; others may still have it
    ("no longer supported", None, Reason.RETIRED),
    ("nonexisting field", None, Reason.RETIRED),
)


@dataclass(frozen=True, slots=True)
class _Stated:
    """The error that an answer states."""

    code: int
    subcode: int
    message: str
    is_transient: bool


def diagnose(exchange: Exchange) -> PlatformError | None:
    """Say what an answer's fault is, None for a good answer."""
    stated = _stated(exchange)
    if stated is not None:
        known = _by_code(stated, exchange)
        if known is not None:
            return known
    elif exchange.status < 300:
        return None
    return _by_status(exchange, stated.message if stated else f"answer with status {exchange.status}")


def _stated(exchange: Exchange) -> _Stated | None:
    body = exchange.json()
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    code = _whole(error.get("code"))
    if code is None:
        return None
    subcode = _whole(error.get("error_subcode")) or 0
    message = f"{exchange.request.path}: {error.get('message', '')} (code {code}, subcode {subcode})"
    return _Stated(code, subcode, message, error.get("is_transient") is True)


def _by_code(stated: _Stated, exchange: Exchange) -> PlatformError | None:
    """Map the rows of facebook.md §4 and instagram.md §4. Rate limits come first: they too may call themselves
    transient, but trying again at once would only lengthen them."""
    place, code = exchange.place("body:/error"), stated.code
    if code in _BLOCKED:
        until = exchange.now + _DAY
        return ThrottledError(stated.message, until=until, place=place, code="throttled.blocked", hint=_BLOCKED_HINT)
    if code in _THROTTLED or code in _BUSINESS:
        until = pause_until(exchange) or exchange.now + _HOUR
        return ThrottledError(stated.message, until=until, place=place, code=_THROTTLED.get(code, "throttled.business"))
    if code in _NO_ACCESS:
        return no_access(stated.message, stated.subcode, place)
    if code == _NO_SUCH_APP or (code == 1 and "client secret" in stated.message.lower()):  # the words (unconfirmed)
        return wrong_app(stated.message, place)
    if code == 1 and "reduce the amount of data" in stated.message.lower():
        return NotOfferedError(stated.message, place=place, code=TOO_MUCH)
    if code in (1, 2) or stated.is_transient:
        return UnreachableError(stated.message, place=place)
    if code in (24, 803):
        return NotOfferedError(stated.message, place=place, code=GONE)
    if code == 10 and "not enough viewers" in stated.message.lower():
        return NotOfferedError(stated.message, reason=Reason.BELOW_FLOOR, place=place)
    if code in (3, 10) or 200 <= code < 300:
        return NotOfferedError(stated.message, reason=Reason.NOT_PERMITTED, place=place, hint=_NOT_PERMITTED_HINT)
    if code == 100:
        return _of_a_parameter(stated, exchange)
    return None


def no_access(message: str, subcode: int, place: Place | None) -> AccessError:
    """Return the fault of a key that is good no longer, by the subcode of code 190."""
    name, hint = _ACCESS.get(subcode, ("access.invalid", AccessError.hint))
    return AccessError(message, place=place, code=name, hint=hint)


def wrong_app(message: str, place: Place | None) -> SettingError:
    """Return the fault of an app whose id and secret do not belong together."""
    return SettingError(message, place=place, code=WRONG_APP, hint=_APP_HINT)


def _of_a_parameter(stated: _Stated, exchange: Exchange) -> PlatformError:
    """Map code 100, which means many things: only the subcode or the words tell them apart."""
    place, said = exchange.place("body:/error"), stated.message.lower()
    if stated.subcode in _CODES:
        return AccessError(stated.message, place=place, code=_CODES[stated.subcode], hint=_CODE_HINT)
    if stated.subcode == _OTHER_REDIRECT:
        return SettingError(stated.message, place=place, code=REDIRECT_REFUSED, hint=_REDIRECT_HINT)
    if "appsecret_proof" in said:
        return SettingError(stated.message, place=place, code="setting.app_secret", hint=_SECRET_HINT)
    if stated.subcode in _SUBCODES:
        code, reason = _SUBCODES[stated.subcode]
        return NotOfferedError(stated.message, reason=reason, place=place, code=code)
    for words, name, reason in _WORDS:
        if words in said:
            return NotOfferedError(stated.message, reason=reason, place=place, code=name)
    return NotOfferedError(stated.message, place=place, code="not_offered.parameter")


def _by_status(exchange: Exchange, message: str) -> PlatformError:
    """Judge an answer whose body says nothing that is known."""
    place = exchange.place()
    if exchange.status == 429:
        wait = exchange.retry_after or _HOUR
        return ThrottledError(message, until=pause_until(exchange) or exchange.now + wait, place=place)
    if exchange.status >= 500 or exchange.json() is None:
        return UnreachableError(message, place=place)
    if exchange.status == 401:
        return AccessError(message, place=place, code="access.invalid")
    return ShapeError(message, place=place, code=UNKNOWN_REQUEST)


def pause_until(exchange: Exchange) -> datetime | None:
    """Return until when the quota headers ask to be left alone. Absent headers are normal (facebook.md §5)."""
    minutes, is_full = 0, False
    for usage in _usages(exchange):
        minutes = max(minutes, _whole(usage.get("estimated_time_to_regain_access")) or 0)
        shares = (_whole(usage.get(name)) or 0 for name in ("call_count", "total_time", "total_cputime"))
        is_full = is_full or max(shares) >= _FULL_PERCENT
    if minutes:
        return exchange.now + timedelta(minutes=min(minutes, _LONGEST_MINUTES))
    return exchange.now + _HOUR if is_full else None


def _usages(exchange: Exchange) -> Iterator[dict[str, object]]:
    for name in ("x-app-usage", "x-page-usage"):
        usage = _header(exchange, name)
        if isinstance(usage, dict):
            yield usage
    business = _header(exchange, "x-business-use-case-usage")
    for usages in business.values() if isinstance(business, dict) else ():
        yield from (usage for usage in usages if isinstance(usage, dict)) if isinstance(usages, list) else ()


def _header(exchange: Exchange, name: str) -> object:
    try:
        parsed: object = json.loads(exchange.headers.get(name, "null"))
    except (ValueError, RecursionError):
        return None
    return parsed


def _whole(value: object) -> int | None:
    """Return a number as an integer, also out of a text; None for anything else."""
    text = str(value).partition(".")[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
