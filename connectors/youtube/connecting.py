"""How a channel is connected: by its owner's consent, by a code on another device, or by a key for public figures.

The consent asks for both rights at once, and every time anew (`prompt=consent`), because Google gives the long-lived
key only then (youtube.md §1a). The code on another device gives public figures and the list of videos only: Google
refuses the right to the daily figures there (§1b). An application that Google shows as "Testing" loses its sign-in
after seven days (§1c).
"""

from datetime import timedelta

from connectors.kit import (
    Consent,
    Device,
    Page,
    Pasted,
    Permission,
    Pkce,
    Redirect,
    Request,
    ShortLife,
    Step,
    Trade,
    Way,
    Words,
)

_SCOPE = "https://www.googleapis.com/auth/"
_CONSOLE = "https://console.cloud.google.com/apis/credentials"

READ_CHANNEL = Permission(
    f"{_SCOPE}youtube.readonly",
    Words("pelanggan, tayangan, dan daftar video kanal", "the channel's subscribers, views and list of videos"),
    Words("tidak ada angka YouTube sama sekali", "no figure of YouTube's at all"),
)
READ_DAYS = Permission(
    f"{_SCOPE}yt-analytics.readonly",
    Words(
        "angka harian: pelanggan bertambah dan berkurang, tayangan, menit tonton, negara, umur, asal tayangan",
        "daily figures: subscribers gained and lost, views, minutes watched, countries, ages, sources of views",
    ),
    Words(
        "pertumbuhan pelanggan yang pasti, angka harian, dan penonton menurut negara dan umur",
        "the exact growth of subscribers, daily figures, and viewers by country and age",
    ),
    optional=True,
)
_TESTING = ShortLife(
    timedelta(days=8),
    Words(
        "Izin ini mati sendiri setelah 7 hari, karena aplikasi kantor di Google masih berstatus Testing. Buka Google "
        "Auth Platform, menu Audience, tekan Publish app sampai statusnya In production, lalu sambungkan sekali lagi.",
        "This permission ends by itself after 7 days, because Google shows the office's application as Testing. Open "
        "the Google Auth Platform, Audience, press Publish app until it says In production, then connect once more.",
    ),
)
_APP = ("client_id", "client_secret")
_OWNER_AT_HAND = (
    Words("Akun Google yang menjadi pemilik kanal kantor", "The Google account that owns the office's channel"),
)
_AS_OWNER = Step(
    Words(
        "Masuk dengan akun Google pemilik kanal. Bila Google bertanya akun mana, pilih nama kanal kantor, bukan nama "
        "pribadi.",
        "Sign in with the Google account that owns the channel. Where Google asks which account, choose the office's "
        "channel and not a personal name.",
    )
)
_UNVERIFIED = Step(
    Words(
        'Bila muncul "Google belum memverifikasi aplikasi ini", pilih Lanjutan, lalu Buka: itu aplikasi kantor.',
        "Where \"Google hasn't verified this app\" comes up, choose Advanced, then Go on: it is the office's own.",
    )
)


def _make_app(kind: str) -> Step:
    return Step(
        Words(
            "Sekali saja: di Google Cloud Console aktifkan YouTube Data v3 dan YouTube Analytics, lalu buat Client ID "
            f"jenis {kind}. Status aplikasinya harus In production.",
            "Once only: in the Google Cloud Console switch on YouTube Data v3 and YouTube Analytics, then make a "
            f"client ID of the type {kind}. The application must be In production.",
        ),
        _CONSOLE,
    )


def _for_owner(form: dict[str, str]) -> Trade:
    return Trade(
        Request("oauth", "/token", method="POST", form={
            "client_id": "{client_id}", "client_secret": "{client_secret}", **form,
        }),
        gives={"refresh_token": "refresh_token"},
        life="refresh_token_expires_in",
    )  # fmt: skip


_CONSENT = Consent(
    name="browser",
    label=Words("izin pemilik kanal lewat browser", "the owner's consent in a browser"),
    reads=Words(
        "pelanggan, tayangan, video, dan angka harian kanal kantor",
        "subscribers, views, videos and the daily figures of the office's channel",
    ),
    at_hand=(
        *_OWNER_AT_HAND,
        Words("ID dan rahasia aplikasi Google kantor (jenis Desktop app)",
              "The ID and secret of the office's Google application (type Desktop app)"),
    ),
    steps=(
        _make_app("Desktop app"),
        _AS_OWNER,
        _UNVERIFIED,
        Step(Words("Biarkan kedua izin tercentang, lalu tekan Lanjutkan.",
                   "Leave both permissions ticked, then press Continue.")),
    ),
    asks=_APP,
    permissions=(READ_CHANNEL, READ_DAYS),
    slot="refresh_token",
    short_life=_TESTING,
    page=Page("GOOGLE_AUTHORIZE_URL", "https://accounts.google.com", "/o/oauth2/v2/auth"),
    params={
        "client_id": "{client_id}",
        "redirect_uri": "{redirect_uri}",
        "response_type": "code",
        "scope": "{scope}",
        "state": "{state}",
        "code_challenge": "{challenge}",
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",
    },
    redirect=Redirect("127.0.0.1"),
    pkce=Pkce.BASE64URL,
    trades=(
        _for_owner({
            "code": "{code}",
            "code_verifier": "{code_verifier}",
            "grant_type": "authorization_code",
            "redirect_uri": "{redirect_uri}",
        }),
    ),
)  # fmt: skip

_DEVICE = Device(
    name="perangkat",
    label=Words("kode yang diketik di HP atau komputer lain", "a code that is typed on a phone or another computer"),
    reads=Words(
        "pelanggan, tayangan, dan video; Google tidak membuka angka harian lewat cara ini",
        "subscribers, views and videos; Google does not open the daily figures this way",
    ),
    at_hand=(
        *_OWNER_AT_HAND,
        Words("ID dan rahasia aplikasi Google kantor (jenis TVs and Limited Input devices)",
              "The ID and secret of the office's Google application (type TVs and Limited Input devices)"),
        Words("HP atau komputer lain yang dapat membuka halaman Google", "A phone or computer that can open Google"),
    ),
    steps=(_make_app("TVs and Limited Input devices"), _AS_OWNER, _UNVERIFIED),
    asks=_APP,
    permissions=(READ_CHANNEL,),
    slot="refresh_token",
    short_life=_TESTING,
    request=Request("oauth", "/device/code", method="POST", form={"client_id": "{client_id}", "scope": "{scope}"}),
    trades=(
        _for_owner({
            "device_code": "{device_code}",
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        }),
    ),
)  # fmt: skip

_KEY = Pasted(
    name="kunci",
    label=Words("kunci data publik Google", "a Google key for public figures"),
    reads=Words(
        "pelanggan, tayangan, dan video yang terlihat oleh siapa saja; tanpa angka harian",
        "the subscribers, views and videos that anybody can see; no daily figures",
    ),
    at_hand=(
        Words("ID kanal kantor (diawali UC)", "The ID of the office's channel (begins with UC)"),
        Words("Kunci data publik dari Google Cloud Console", "A key for public figures from the Google Cloud Console"),
    ),
    steps=(
        Step(
            Words(
                "Di Google Cloud Console aktifkan YouTube Data v3, lalu buka Kredensial, Buat kredensial, dan pilih "
                "jenis kunci (key).",
                "In the Google Cloud Console switch on YouTube Data v3, then open Credentials, Create credentials, and "
                "choose the kind called key.",
            ),
            _CONSOLE,
        ),
        Step(
            Words(
                "Salin ID kanal dari YouTube Studio: Setelan, Kanal, Setelan lanjutan.",
                "Copy the channel ID from YouTube Studio: Settings, Channel, Advanced settings.",
            ),
            "https://studio.youtube.com",
        ),
    ),
    asks=("channel_id", "api_key"),
    slot="api_key",
    replaces=frozenset({"refresh_token"}),
)

WAYS: tuple[Way, ...] = (_CONSENT, _DEVICE, _KEY)
SHARED = (frozenset(_APP), frozenset({"api_key"}))
"""The application's keys come together or not at all; a key for public figures serves any channel."""
