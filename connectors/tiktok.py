"""TikTok: the totals of an office's account, from the Display API v2 (open.tiktokapis.com).

Scopes: `user.info.basic` for who it is, `user.info.profile` for the @name, `user.info.stats` for the four counts. The
person who signs in may untick any of them, so what each scope gives is asked for so that a withheld one costs only its
own part (tiktok.md §3). Refresh tokens are used up by each renewal (tiktok.md §2, seen 2026-11).

Limits: this API knows no past and nothing that happens in a day, only totals of the moment. Views, reach and
interactions of 28 days stand in the app; people type them from its screen.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import ClassVar

from pydantic import SecretStr

from connectors.kit import (
    AccessError,
    Account,
    Assignment,
    Connector,
    Exchange,
    Fetch,
    Host,
    Keys,
    Kind,
    Limits,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    PlatformError,
    Profile,
    Reason,
    Refreshed,
    Request,
    SettingError,
    ShapeError,
    Subject,
    ThrottledError,
    UnreachableError,
    Words,
    key,
    missing,
    since,
    window,
)
from connectors.kit.metrics import FOLLOWERS, FOLLOWING, LIKES, NOW, POSTS, VIEWS

_TOKEN_PATH = "/v2/oauth/token/"  # noqa: S105 - a path, no secret
_USER_PATH = "/v2/user/info/"
_NAMES = ("open_id", "display_name", "username", "profile_deep_link")
_NAMES_OF_BASIC = ("open_id", "display_name")
_MINUTE = timedelta(minutes=1)  # the request limit is a sliding minute, without quota headers (tiktok.md §3)

_FOLLOWERS = Measure(
    FOLLOWERS, Subject.ACCOUNT, NOW, Kind.LEVEL,
    (since(None, "Jumlah pengikut akun saat diambil", "The account's followers at the moment of asking"),),
)  # fmt: skip
_FOLLOWING = Measure(
    FOLLOWING, Subject.ACCOUNT, NOW, Kind.LEVEL,
    (since(None, "Jumlah akun yang diikuti saat diambil", "The accounts it follows at the moment of asking"),),
)  # fmt: skip
_POSTS = Measure(
    POSTS, Subject.ACCOUNT, NOW, Kind.LEVEL,
    (since(
        None,
        "Jumlah video publik saat diambil; video yang disembunyikan atau dihapus tidak ikut",
        "The public videos at the moment of asking; hidden and deleted ones are left out",
    ),),
)  # fmt: skip
_LIKES = Measure(
    LIKES, Subject.ACCOUNT, NOW, Kind.LEVEL,
    (since(
        None,
        "Jumlah suka pada semua video publik saat diambil; turun bila video dihapus",
        "The likes on all public videos at the moment of asking; falls when a video is deleted",
    ),),
)  # fmt: skip
_VIEWS_28 = Measure(
    VIEWS, Subject.ACCOUNT, window(28), Kind.FLOW,
    (since(
        None,
        "Tayangan video dalam 28 hari, sebagaimana tertulis di layar Analitik aplikasi TikTok",
        "Video views within 28 days, as the Analytics screen of the TikTok app states them",
    ),),
)  # fmt: skip

_COUNTS: Mapping[str, Measure] = {
    "follower_count": _FOLLOWERS,
    "following_count": _FOLLOWING,
    "video_count": _POSTS,
    "likes_count": _LIKES,
}
"""The counts of `user.info.stats` by the names of their fields."""

_CHECK_KEYS = Words(
    "Periksa TIKTOK_CLIENT_KEY dan TIKTOK_CLIENT_SECRET; salin lagi dari halaman aplikasi di developers.tiktok.com.",
    "Check TIKTOK_CLIENT_KEY and TIKTOK_CLIENT_SECRET; copy both again from the app's page on developers.tiktok.com.",
)
_CONNECT_AGAIN = Words(
    "Sambungkan ulang akun TikTok ini: izin masuknya habis, dicabut, atau sudah dipakai program lain.",
    "Connect this TikTok account again: its permission ended, was withdrawn, or was used up by another program.",
)
_TICK_ALL = Words(
    "Sambungkan ulang akun TikTok ini dan biarkan semua izin tercentang.",
    "Connect this TikTok account again and leave every permission ticked.",
)


class TikTokKeys(Keys):
    """What an office fills in for its TikTok account."""

    username: str | None = key(
        "TIKTOK_USERNAME",
        Words("Nama pengguna TikTok", "TikTok username"),
        Words("Nama di belakang tanda @ pada profil, misalnya kpu_contoh.", "The name after the @ on the profile."),
    )
    client_key: str | None = key(
        "TIKTOK_CLIENT_KEY",
        Words("Client key aplikasi", "App's client key"),
        Words(
            "Tertulis pada halaman aplikasi kantor di developers.tiktok.com.",
            "It stands on the page of the office's app on developers.tiktok.com.",
        ),
    )
    client_secret: SecretStr | None = key(
        "TIKTOK_CLIENT_SECRET",
        Words("Client secret aplikasi (rahasia)", "App's client secret (secret)"),
        Words(
            "Ada di bawah client key pada halaman yang sama. Jangan dibagikan.",
            "It stands below the client key on the same page. Do not share it.",
        ),
    )
    refresh_token: SecretStr | None = key(
        "TIKTOK_REFRESH_TOKEN",
        Words("Kunci masuk akun (rahasia)", "Account's sign-in key (secret)"),
        Words(
            "Didapat saat pemilik akun memberi izin kepada aplikasi kantor. Diperbarui sendiri; satu kunci hanya untuk "
            "satu program.",
            "It is had when the account's owner allows the office's app. It renews itself; one key serves one program.",
        ),
    )


class TikTok(Connector):
    """TikTok through the Display API."""

    slug = "tiktok"
    name = "TikTok"
    aliases = ("tik tok", "tik-tok")
    colour = "#00807A"
    measures = (*_COUNTS.values(), _VIEWS_28)
    hosts: ClassVar[Mapping[str, Host]] = {
        "display": Host(
            "TIKTOK_API_URL",
            "https://open.tiktokapis.com",
            auth={
                "user": Refreshed(
                    Request(
                        "display",
                        _TOKEN_PATH,
                        method="POST",
                        form={
                            "client_key": "{client_key}",
                            "client_secret": "{client_secret}",
                            "grant_type": "refresh_token",
                            "refresh_token": "{refresh_token}",
                        },
                    ),
                    seed="refresh_token",
                    requires=("client_key", "client_secret"),
                )
            },
        )
    }
    limits = Limits(per_second=5)  # half of the 600 a minute that each endpoint allows (tiktok.md §3, 2026-08)
    Keys = TikTokKeys
    identity = "username"
    identity_is = "handle"
    needs = (frozenset({"refresh_token", "client_key", "client_secret"}),)
    reread_days = 0  # totals of the moment only: there is no past to read again

    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        """Read the account's counts."""
        fields = [name for name, measure in _COUNTS.items() if not assignment.is_dead(measure)]
        for measure in _COUNTS.values():
            if assignment.is_dead(measure):
                yield missing(measure, Reason.RETIRED, None, assignment.now)
        if fields:
            yield from self._counts(fields, fetch, assignment)

    def check(self, account: Account, fetch: Fetch) -> Profile:
        """Ask who it is; the @name belongs to a scope of its own, so go without it where it was withheld."""
        try:
            user = _user(fetch, _NAMES)
        except NotOfferedError:
            user = self._basic_user(fetch)
        username = user["username"].text() if user["username"].exists else ""
        name = user["display_name"].text() if user["display_name"].exists else ""
        link = user["profile_deep_link"]
        return Profile(
            id=user["open_id"].text(),
            handle=username or name,
            name=name,
            link=link.text() if link.exists else "",
        )

    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        """Say what is wrong with an answer; success may not be believed from the status alone (tiktok.md §3)."""
        body = exchange.json()
        if exchange.status == 429:
            return _throttled(exchange, "too many requests")
        if exchange.status >= 500:
            return UnreachableError(f"TikTok answered {exchange.status}", place=exchange.place())
        fault = body.get("error") if isinstance(body, dict) else None
        if isinstance(fault, str) and fault and exchange.request.path == _TOKEN_PATH:
            return _sign_in_fault(exchange, fault, body)
        if isinstance(fault, dict):
            return _data_fault(exchange, fault)
        if exchange.status >= 300 and not isinstance(body, dict):
            return UnreachableError(f"no answer of TikTok's own (status {exchange.status})", place=exchange.place())
        if exchange.status >= 300:
            return ShapeError(f"TikTok answered {exchange.status} without its reason", place=exchange.place())
        return None

    def _counts(self, fields: list[str], fetch: Fetch, assignment: Assignment) -> Iterator[Observation]:
        """Read counts together; where one of them needs a scope that is missing, each on its own."""
        try:
            user = _user(fetch, fields)
        except NotOfferedError as refusal:
            if len(fields) > 1 and refusal.code == "not_offered.field":
                for field in fields:
                    yield from self._counts([field], fetch, assignment)
            else:
                yield from (missing(_COUNTS[field], refusal.reason, refusal, assignment.now) for field in fields)
            return
        for field in fields:
            measure = _COUNTS[field]
            yield user[field].read(measure) if user[field].exists else user[field].gap(measure, Reason.NOT_OFFERED)

    def _basic_user(self, fetch: Fetch) -> Node:
        try:
            return _user(fetch, _NAMES_OF_BASIC)
        except NotOfferedError as refusal:
            raise AccessError(refusal.message, place=refusal.place, code="access.scope", hint=_TICK_ALL) from refusal


def _user(fetch: Fetch, fields: tuple[str, ...] | list[str]) -> Node:
    """Ask for fields of the account that signed in. Raises ShapeError where the answer has no account."""
    user = fetch(Request("display", _USER_PATH, {"fields": ",".join(fields)}))["data"]["user"]
    user.members()
    return user


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
            return NotOfferedError(
                message, reason=Reason.NOT_PERMITTED, place=place, code="not_offered.scope", hint=_TICK_ALL
            )
        case "scope_permission_missed":
            return NotOfferedError(
                message, reason=Reason.NOT_PERMITTED, place=place, code="not_offered.field", hint=_TICK_ALL
            )
        case "rate_limit_exceeded":
            return _throttled(exchange, message)
        case "internal_error":
            return UnreachableError(message, place=place)
        case "invalid_params":
            return ShapeError(message, place=place, code="shape.request")
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


CONNECTOR = TikTok()
