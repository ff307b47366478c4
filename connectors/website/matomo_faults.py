"""What is wrong with an answer of Matomo: most faults come with status 200 and an error in the body (website.md B4)."""

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

_LOCK_OUT = timedelta(hours=1)  # the guard against guessed keys lets the line in again after a while

_NEW_KEY = Words(
    "Buat kunci masuk baru di Matomo (Administrasi, Pribadi, Keamanan) dan pasang sebagai MATOMO_TOKEN.",
    "Make a new sign-in key in Matomo (Administration, Personal, Security) and set it as MATOMO_TOKEN.",
)
_GRANT_VIEW = Words(
    "Beri pemilik MATOMO_TOKEN hak lihat (view) untuk situs ini di Matomo; periksa juga MATOMO_SITE_ID.",
    "Give the owner of MATOMO_TOKEN the right to view this site in Matomo; check MATOMO_SITE_ID too.",
)
_LOCKED_OUT = Words(
    "Matomo menutup akses sementara karena kunci yang salah dipakai berulang kali. Periksa MATOMO_TOKEN.",
    "Matomo has shut this office out for a while because a wrong key was used again and again. Check MATOMO_TOKEN.",
)
_CHECK_ADDRESS = Words(
    "Periksa MATOMO_URL: alamat halaman depan Matomo, tanpa index.php.",
    "Check MATOMO_URL: the address of Matomo's front page, without index.php.",
)


def diagnose_matomo(exchange: Exchange) -> PlatformError | None:
    """Say what an answer's fault is, None for a good one."""
    body = exchange.json()
    if isinstance(body, dict) and body.get("result") == "error":
        return _stated_fault(exchange, str(body.get("message", "")))
    if exchange.status < 300:
        return None
    if exchange.status == 429:
        return ThrottledError("too many requests", after=exchange.retry_after, place=exchange.place())
    if exchange.status == 404:
        return SettingError(
            "there is no Matomo at this address", place=exchange.place(), code="setting.matomo_address",
            hint=_CHECK_ADDRESS,
        )  # fmt: skip
    if exchange.status >= 500 or not isinstance(body, dict):
        return UnreachableError(f"Matomo answered {exchange.status}", place=exchange.place())
    return ShapeError(f"Matomo answered {exchange.status} without its reason", place=exchange.place())


def _stated_fault(exchange: Exchange, message: str) -> PlatformError:
    """Tell Matomo's faults apart: a dead key by its status, because its wording changes; the rest by their words."""
    place = exchange.place("body:/message" if message else "body:/result")
    words = message.lower()
    if "too many" in words or "blocked" in words:
        return ThrottledError(message, after=_LOCK_OUT, place=place, code="throttled.lock_out", hint=_LOCKED_OUT)
    if "'view' access" in words:
        return SettingError(message, place=place, code="setting.matomo_view", hint=_GRANT_VIEW)
    if exchange.status == 401 or "unable to authenticate" in words:
        return AccessError(message, place=place, code="access.revoked", hint=_NEW_KEY)
    if exchange.status >= 500 or "database access denied" in words or "server has gone away" in words:
        return UnreachableError(message, place=place)
    if "does not exist or is not available" in words or "is not enabled" in words:
        return NotOfferedError(message, place=place)
    if "before first website was online" in words:
        return NotOfferedError(message, reason=Reason.TOO_LATE, place=place)
    return ShapeError(message, place=place, code="shape.request")
