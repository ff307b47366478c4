"""How an account is connected: to the Display service in a browser, and to the business service besides.

Two portals, two applications, two sign-ins (tiktok.md §2, §4.1). The Display service sends a browser back to this
machine and wants its challenge in hex; the business service sends it to an https address of the office's, so that what
stands in the address bar is pasted. The office may untick any permission, and each costs only its own part.
"""

from connectors.kit import Consent, Page, Permission, Pkce, Redirect, Request, Step, Trade, Way, Words
from connectors.tiktok import business_faults, faults
from connectors.tiktok.keys import BUSINESS_APP

_PAGE = Page("TIKTOK_AUTHORIZE_URL", "https://www.tiktok.com", "/v2/auth/authorize/")
_ACCOUNT = Words("Nama dan kata sandi akun TikTok kantor", "The name and password of the office's TikTok account")
_AS_OFFICE = Step(
    Words(
        "Di browser, masuk dulu ke tiktok.com sebagai akun kantor, bukan akun pribadi.",
        "In the browser, sign in to tiktok.com as the office's account first, not as a personal one.",
    ),
    "https://www.tiktok.com/login",
)
_TICK = Step(
    Words(
        "Biarkan semua izin tercentang, lalu tekan Izinkan (Authorize).",
        "Leave every permission ticked, then press Authorize.",
    )
)

_DISPLAY = Consent(
    name="browser",
    label=Words("izin akun lewat browser", "the account's consent in a browser"),
    reads=Words(
        "pengikut, suka, dan video publik akun kantor",
        "the followers, likes and public videos of the office's account",
    ),
    at_hand=(
        _ACCOUNT,
        Words("Client key dan client secret aplikasi kantor di developers.tiktok.com (Sandbox pun cukup)",
              "The client key and client secret of the office's app on developers.tiktok.com (a Sandbox will do)"),
    ),
    steps=(
        Step(
            Words(
                "Sekali saja: di aplikasi kantor nyalakan keempat izin (scope) di atas, dan pada Login Kit untuk "
                "Desktop daftarkan alamat {redirect_uri}",
                "Once only: in the office's app switch on the four permissions (scopes) above, and register for Login "
                "Kit on Desktop the address {redirect_uri}",
            ),
            "https://developers.tiktok.com/apps",
        ),
        Step(
            Words(
                "Bila memakai Sandbox: tambahkan akun kantor sebagai target user di sana.",
                "In a Sandbox: add the office's account as a target user there.",
            )
        ),
        _AS_OFFICE,
        _TICK,
    ),
    asks=("client_key", "client_secret"),
    permissions=(
        Permission("user.info.basic", Words("siapa akun ini", "who the account is"),
                   Words("tidak ada angka TikTok sama sekali", "no figure of TikTok's at all")),
        Permission("user.info.profile", Words("nama pengguna dan bio", "the username and the bio"),
                   Words("nama pengguna dan tautan di bio", "the username and the link in the bio"), optional=True),
        Permission("user.info.stats", Words("pengikut, mengikuti, suka, jumlah video",
                                            "followers, following, likes, the number of videos"),
                   Words("pengikut dan pertumbuhannya", "followers and their growth"), optional=True),
        Permission("video.list", Words("video publik: tayangan, suka, komentar, bagikan",
                                       "public videos: views, likes, comments, shares"),
                   Words("video, tayangan, dan keterlibatan", "videos, views and engagement"), optional=True),
    ),
    slot="refresh_token",
    page=_PAGE,
    params={
        "client_key": "{client_key}",
        "response_type": "code",
        "scope": "{scope}",
        "redirect_uri": "{redirect_uri}",
        "state": "{state}",
        "code_challenge": "{challenge}",
        "code_challenge_method": "S256",
        "disable_auto_auth": "1",
    },
    separator=",",
    redirect=Redirect("localhost", 8765, "/callback/"),
    pkce=Pkce.HEX,
    trades=(
        Trade(
            Request("display", faults.TOKEN_PATH, method="POST", form={
                "client_key": "{client_key}",
                "client_secret": "{client_secret}",
                "code": "{code}",
                "grant_type": "authorization_code",
                "redirect_uri": "{redirect_uri}",
                "code_verifier": "{code_verifier}",
            }),
            gives={"refresh_token": "refresh_token"},
            life="refresh_expires_in",
        ),
    ),
)  # fmt: skip

_DAILY_LACKS = Words("angka harian dan audiens", "the daily figures and the audience")
_BUSINESS = Consent(
    name="bisnis",
    label=Words("tambahan: layanan bisnis TikTok", "besides: TikTok's business service"),
    reads=Words(
        "angka harian 60 hari terakhir, audiens, dan lama tonton video; sambungkan akunnya lewat browser lebih dulu",
        "the daily figures of the last 60 days, the audience and the time watched; connect the account in a browser "
        "first",
    ),
    at_hand=(
        _ACCOUNT,
        Words("ID dan rahasia aplikasi kantor di portal TikTok for Business",
              "The id and secret of the office's app in the TikTok for Business portal"),
        Words("Alamat https milik kantor yang terdaftar pada aplikasi itu, diakhiri tanda /",
              "An https address of the office's that is registered with that app and ends with /"),
    ),
    steps=(
        Step(
            Words(
                "Sekali saja: di aplikasi TikTok, buka Analitik akun kantor dan tekan Turn on; akun harus pernah "
                "mengunggah satu video.",
                "Once only: in the TikTok app, open Analytics of the office's account and tap Turn on; the account "
                "must have published a video.",
            )
        ),
        Step(
            Words(
                "Sekali saja: di portal TikTok for Business daftarkan alamat {redirect_uri}",
                "Once only: in the TikTok for Business portal register the address {redirect_uri}",
            ),
            "https://business-api.tiktok.com/portal",
        ),
        _AS_OFFICE,
        _TICK,
    ),
    asks=("business_client_id", "business_client_secret"),
    permissions=(
        Permission("user.info.basic", Words("siapa akun ini", "who the account is"), _DAILY_LACKS),
        Permission("user.info.username", Words("nama pengguna", "the username"), _DAILY_LACKS),
        Permission("user.info.stats", Words("pengikut menurut hari", "followers by day"),
                   Words("pengikut menurut hari", "followers by day"), optional=True),
        Permission("user.insights", Words("angka harian dan audiens", "daily figures and the audience"),
                   _DAILY_LACKS, optional=True),
        Permission("video.list", Words("daftar video", "the list of videos"),
                   Words("jangkauan dan simpanan tiap video", "the reach and saves of each video"), optional=True),
        Permission("video.insights", Words("lama tonton tiap video", "the time watched of each video"),
                   Words("lama tonton tiap video", "the time watched of each video"), optional=True),
    ),
    slot="business_refresh_token",
    page=_PAGE,
    params={
        "client_key": "{business_client_id}",
        "response_type": "code",
        "scope": "{scope}",
        "redirect_uri": "{redirect_uri}",
        "state": "{state}",
    },
    separator=",",
    redirect=Redirect(""),
    codes=("code", "auth_code"),
    trades=(
        Trade(
            Request("business", business_faults.CODE_PATH, method="POST", json={
                "client_id": "{business_client_id}",
                "client_secret": "{business_client_secret}",
                "grant_type": "authorization_code",
                "auth_code": "{code}",
                "redirect_uri": "{redirect_uri}",
            }),
            gives={"refresh_token": "business_refresh_token", "open_id": "business_id"},
            within="data",
            life="refresh_token_expires_in",
        ),
    ),
)  # fmt: skip

WAYS: tuple[Way, ...] = (_DISPLAY, _BUSINESS)
SHARED = (
    frozenset({"client_key", "client_secret"}),
    BUSINESS_APP,
)
"""Each application's keys come together or not at all."""
