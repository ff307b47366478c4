"""How an office connects its account: through the Page that it is linked to, or by Instagram's own sign-in.

Through the Page the key of that Page is kept (instagram.md §1, §2A); by itself a key that lives 60 days and is renewed
while it lives (§2B). Both want a professional account.
"""

from connectors.kit import (
    Consent,
    Page,
    Pasted,
    Permission,
    Redirect,
    Request,
    Step,
    Trade,
    Words,
    graph_pages,
)

BY_PAGE, BY_ITSELF = "facebook", "instagram"
"""The two ways to sign in, named as the office chooses them; the hosts are named alike."""

TOKEN = "token"  # noqa: S105 - the name of a host
"""Where a code is traded."""

_FOLLOWERS = (
    Words("jumlah pengikut dan daftar unggahan", "followers and posts"),
    Words("semua angka Instagram", "every figure of Instagram"),
)
_FIGURES = (
    Words("jangkauan, tayangan, interaksi, dan asal pengikut", "reach, views, interactions and where followers are"),
    Words(
        "jangkauan, tayangan, interaksi, dan cerita; yang tersisa jumlah pengikut dan unggahan",
        "reach, views, interactions and stories; followers and posts are left",
    ),
)
PERMISSIONS = (
    Permission("instagram_basic", *_FOLLOWERS),
    Permission("instagram_manage_insights", *_FIGURES, optional=True),
    Permission(
        "pages_show_list",
        Words("daftar Halaman yang Anda kelola", "the list of the Pages that you run"),
        Words("akun itu, karena Halaman tempatnya tertaut tidak terlihat", "the account, because its Page is not seen"),
    ),
    Permission(
        "pages_read_engagement",
        Words("Halaman tempat akun ini tertaut", "the Page that the account is linked to"),
        Words("akun itu, karena tautannya ke Halaman tidak terlihat", "the account, because its link is not seen"),
    ),
)
"""Through a Page (instagram.md §1 A)."""

_OWN_PERMISSIONS = (
    Permission("instagram_business_basic", *_FOLLOWERS),
    Permission("instagram_business_manage_insights", *_FIGURES, optional=True),
)
"""Without one (instagram.md §1 B)."""

_READS = Words(
    "angka akun (pengikut, jangkauan, tayangan, interaksi) dan daftar unggahannya",
    "the account's figures (followers, reach, views, interactions) and the list of its posts",
)
_PROFESSIONAL = Words(
    "Akun Instagram kantor sudah akun profesional (Setelan > Jenis akun dan alat > Beralih ke akun profesional)",
    "The office's Instagram account is a professional one (Settings > Account type and tools > Switch)",
)
_LINKED = Words(
    "Akun itu tertaut ke Halaman Facebook kantor (Setelan Halaman > Akun tertaut > Instagram)",
    "The account is linked to the office's Facebook Page (Page settings > Linked accounts > Instagram)",
)
_LONG_ADDRESS = Words(
    "Daftarkan alamat kembali (https, misalnya situs kantor) pada produk Instagram, bagian Business login settings. "
    "Alamat yang akan dipakai: {redirect_uri}",
    "Register the return address (https, such as the office's site) in the product Instagram, at Business login "
    "settings. The address that will be used: {redirect_uri}",
)

WAYS = (
    Consent(
        name="halaman",
        label=Words("lewat Halaman Facebook yang tertaut", "through the linked Facebook Page"),
        reads=_READS,
        at_hand=(
            _PROFESSIONAL,
            _LINKED,
            Words("Profil Facebook yang mengelola Halaman itu", "The Facebook profile that runs that Page"),
            *graph_pages.APP_AT_HAND,
        ),
        steps=graph_pages.app_steps("Facebook Login"),
        asks=("app_id", "app_secret"),
        permissions=PERMISSIONS,
        slot="access_token",
        settles={"login": BY_PAGE},
        page=Page("FACEBOOK_DIALOG_URL", "https://www.facebook.com", graph_pages.DIALOG_PATH),
        params=graph_pages.DIALOG_PARAMS,
        trades=graph_pages.trades(BY_PAGE),
        redirect=graph_pages.REDIRECT,
        separator=",",
    ),
    Consent(
        name="instagram",
        label=Words("lewat masuk ke Instagram sendiri (tanpa Halaman)", "by Instagram's own sign-in (without a Page)"),
        reads=_READS,
        at_hand=(
            _PROFESSIONAL,
            Words("Nama akun Instagram kantor dan kata sandinya", "The office's Instagram name and its password"),
            Words("Instagram app ID dan Instagram app secret milik kantor", "The office's Instagram app ID and secret"),
        ),
        steps=(
            *graph_pages.app_steps("Instagram")[:1],
            Step(_LONG_ADDRESS),
            Step(
                Words(
                    "Salin Instagram app ID dan Instagram app secret dari halaman itu juga; keduanya bukan App ID.",
                    "Copy the Instagram app ID and the Instagram app secret from that page too; they are not the App "
                    "ID.",
                )
            ),
            Step(
                Words(
                    "Masuk ke akun Instagram kantor dan setujui semua izin yang diminta.",
                    "Sign in to the office's Instagram account and agree to everything asked.",
                )
            ),
        ),
        asks=("login_app_id", "login_app_secret"),
        permissions=_OWN_PERMISSIONS,
        slot="access_token",
        settles={"login": BY_ITSELF},
        page=Page("INSTAGRAM_AUTHORIZE_URL", "https://www.instagram.com", "/oauth/authorize"),
        params={
            "client_id": "{login_app_id}",
            "redirect_uri": "{redirect_uri}",
            "response_type": "code",
            "scope": "{scope}",
            "state": "{state}",
        },
        trades=(
            Trade(
                Request(
                    TOKEN,
                    "/oauth/access_token",
                    method="POST",
                    form={
                        "client_id": "{login_app_id}",
                        "client_secret": "{login_app_secret}",
                        "grant_type": "authorization_code",
                        "redirect_uri": "{redirect_uri}",
                        "code": "{code}",
                    },
                ),
                {"access_token": "short"},
                within="data",
                granted="permissions",
            ),
            Trade(
                Request(
                    BY_ITSELF,
                    "/access_token",
                    {
                        "grant_type": "ig_exchange_token",
                        "client_secret": "{login_app_secret}",
                        "access_token": "{short}",
                    },
                ),
                {"access_token": "access_token"},
                life="expires_in",
            ),
        ),
        redirect=Redirect(""),  # whether this page takes the machine itself is (unconfirmed); it takes https
        separator=",",
    ),
    Pasted(
        name="bisnis",
        label=Words("dengan kunci portofolio bisnis (paling awet)", "with a key of the business portfolio (sturdiest)"),
        reads=_READS,
        at_hand=(
            _PROFESSIONAL,
            _LINKED,
            Words(
                "Profil yang menjadi admin portofolio bisnis kantor (business.facebook.com)",
                "A profile that is admin of the office's business portfolio (business.facebook.com)",
            ),
        ),
        steps=graph_pages.system_user_steps(
            Words("akun Instagram kantor dan Halaman tertaut", "the office's Instagram account and its linked Page"),
            tuple(one.name for one in PERMISSIONS),
        ),
        asks=("user_id", "access_token", "app_id", "app_secret"),
        optional=frozenset({"app_id", "app_secret"}),
        permissions=PERMISSIONS,
        slot="access_token",
        settles={"login": BY_PAGE},
    ),
)
