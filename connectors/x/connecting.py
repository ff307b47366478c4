"""How an account is connected: by its own consent, or with the application's reading key.

The code that X gives lives for 30 seconds, and the key that it is traded for serves once (x.md §2). X compares the
redirect address letter by letter, so the port is a fixed one.
"""

from connectors.kit import Consent, Page, Pasted, Permission, Pkce, Redirect, Request, Step, Trade, Way, Words
from connectors.x.faults import TOKEN_PATH

CODE_SECONDS = 30
_CONSOLE = "https://console.x.com"
_NOTHING = Words("tidak ada angka X sama sekali", "no figure of X's at all")
_ASK_FIRST = Words(
    "Jawaban X atas pertanyaan apakah kantor boleh memakainya: X meminta badan pemerintah memakai paket Enterprise",
    "X's answer whether the office may use it: X asks government bodies for an Enterprise plan",
)
_CREDIT = Words(
    "Saldo di konsol pengembang X: setiap pembacaan dibayar (kira-kira USD 0,01 sehari untuk pengikut)",
    "Credit in X's developer console: each reading is paid (about USD 0.01 a day for followers)",
)

_CONSENT = Consent(
    name="browser",
    label=Words("izin akun lewat browser", "the account's consent in a browser"),
    reads=Words(
        "pengikut dan unggahan akun kantor, juga tayangan unggahan yang baru",
        "the followers and posts of the office's account, also the impressions of recent posts",
    ),
    at_hand=(
        _ASK_FIRST,
        Words("Nama dan kata sandi akun X kantor", "The name and password of the office's X account"),
        Words("ID aplikasi X (Client ID); rahasianya bila ada", "The X application's Client ID; its secret if any"),
        _CREDIT,
    ),
    steps=(
        Step(
            Words(
                "Sekali saja: buka aplikasi kantor di konsol pengembang X, bagian User authentication settings. Pilih "
                "izin Read, dan isi Callback URI persis: {redirect_uri}",
                "Once only: open the office's application in X's developer console, User authentication settings. "
                "Choose the permission Read, and fill in exactly this Callback URI: {redirect_uri}",
            ),
            _CONSOLE,
        ),
        Step(
            Words(
                "Di browser, masuk dulu ke x.com sebagai akun kantor, bukan akun pribadi.",
                "In the browser, sign in to x.com as the office's account first, not as a personal one.",
            ),
            "https://x.com",
        ),
        Step(Words("Tekan Authorize app.", "Press Authorize app.")),
    ),
    asks=("client_id", "client_secret"),
    optional=frozenset({"client_secret"}),
    permissions=(
        Permission("users.read", Words("akun ini dan pengikutnya", "the account and its followers"), _NOTHING),
        Permission("tweet.read", Words("unggahan akun ini", "the account's posts"), _NOTHING),
        Permission(
            "offline.access",
            Words("membaca setiap hari tanpa masuk lagi", "reading every day without signing in again"),
            Words("sambungan hanya bertahan 2 jam", "the connection lasts for 2 hours only"),
        ),
    ),
    slot="refresh_token",
    page=Page("X_AUTHORIZE_URL", "https://x.com", "/i/oauth2/authorize"),
    params={
        "response_type": "code",
        "client_id": "{client_id}",
        "redirect_uri": "{redirect_uri}",
        "scope": "{scope}",
        "state": "{state}",
        "code_challenge": "{challenge}",
        "code_challenge_method": "S256",
    },
    redirect=Redirect("127.0.0.1", 8765, "/callback"),
    pkce=Pkce.BASE64URL,
    code_seconds=CODE_SECONDS,
    trades=(
        Trade(
            Request("api", TOKEN_PATH, method="POST", form={
                "grant_type": "authorization_code",
                "code": "{code}",
                "redirect_uri": "{redirect_uri}",
                "code_verifier": "{code_verifier}",
                "client_id": "{client_id}",
            }),
            gives={"refresh_token": "refresh_token"},
            basic=("client_id", "client_secret"),
        ),
    ),
)  # fmt: skip

_KEY = Pasted(
    name="kunci",
    label=Words("kunci baca aplikasi", "the application's reading key"),
    reads=Words(
        "pengikut dan unggahan yang terlihat oleh siapa saja",
        "the followers and posts that anybody can see",
    ),
    at_hand=(
        _ASK_FIRST,
        Words("Nama pengguna X kantor, tanpa @", "The office's username at X, without @"),
        Words("Kunci baca (Bearer) dari konsol pengembang X", "The reading key (Bearer) from X's developer console"),
        _CREDIT,
    ),
    steps=(
        Step(
            Words(
                "Buka aplikasi kantor di konsol pengembang X, bagian Keys, lalu salin kunci baca yang bernama Bearer.",
                "Open the office's application in X's developer console, Keys, and copy the reading key called Bearer.",
            ),
            _CONSOLE,
        ),
    ),
    asks=("username", "bearer_token"),
    slot="bearer_token",
    replaces=frozenset({"refresh_token"}),
)

WAYS: tuple[Way, ...] = (_CONSENT, _KEY)
SHARED = (frozenset({"client_id", "client_secret"}), frozenset({"yearly_cap_usd"}))
"""The application's keys come together or not at all; the yearly limit holds for every account."""
