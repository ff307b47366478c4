"""How an office connects its Page: by consent in the browser, or with a key of its business portfolio.

Either gives a key of a person or of the portfolio, which lists Pages; what is kept is the key of the Page that was
chosen (facebook.md §2.1). The portfolio's key is the sturdier way: no person has to confirm it every 90 days.
"""

from connectors.kit import (
    Consent,
    Page,
    Pasted,
    Permission,
    Words,
    graph_pages,
)

PERMISSIONS = (
    Permission(
        "pages_show_list",
        Words("daftar Halaman yang Anda kelola", "the list of the Pages that you run"),
        Words("Halaman kantor, karena tidak dapat dipilih", "the office's Page, because it cannot be chosen"),
    ),
    Permission(
        "pages_read_engagement",
        Words("jumlah pengikut dan daftar unggahan Halaman", "the Page's followers and posts"),
        Words("semua angka Halaman", "every figure of the Page"),
    ),
    Permission(
        "read_insights",
        Words("tayangan, jangkauan, kunjungan, dan interaksi", "views, reach, visits and interactions"),
        Words(
            "tayangan, jangkauan, kunjungan, interaksi, dan asal pengikut; yang tersisa jumlah pengikut dan unggahan",
            "views, reach, visits, interactions, and where followers are; followers and posts are left",
        ),
        optional=True,
    ),
    Permission(
        "pages_read_user_content",
        Words("jumlah reaksi dan komentar pada unggahan", "the numbers of reactions and comments on posts"),
        Words("jumlah reaksi dan komentar unggahan", "the numbers of reactions and comments on posts"),
        optional=True,
    ),
)
"""facebook.md §2.3."""

_LINKED_PERMISSIONS = (
    Permission(
        "instagram_basic",
        Words(
            "pengikut dan unggahan akun Instagram yang tertaut", "followers and posts of the linked Instagram account"
        ),
        Words("akun Instagram yang tertaut", "the linked Instagram account"),
        optional=True,
    ),
    Permission(
        "instagram_manage_insights",
        Words("statistik akun Instagram yang tertaut", "the figures of the linked Instagram account"),
        Words(
            "jangkauan, tayangan, dan interaksi Instagram; yang tersisa jumlah pengikut dan unggahan",
            "Instagram's reach, views and interactions; followers and posts are left",
        ),
        optional=True,
    ),
)

_READS = Words(
    "angka Halaman (pengikut, tayangan, jangkauan, interaksi) dan daftar unggahannya",
    "the Page's figures (followers, views, reach, interactions) and the list of its posts",
)
_PROFILE_AT_HAND = Words(
    "Profil Facebook pribadi yang menjadi pengelola Halaman kantor, beserta kata sandinya",
    "The personal Facebook profile that runs the office's Page, and its password",
)


def _consent(name: str, label: Words, reads: Words, linked: tuple[Permission, ...] = ()) -> Consent:
    return Consent(
        name=name,
        label=label,
        reads=reads,
        at_hand=(_PROFILE_AT_HAND, *graph_pages.APP_AT_HAND),
        steps=graph_pages.app_steps("Facebook Login"),
        asks=("app_id", "app_secret"),
        permissions=(*PERMISSIONS, *linked),
        takes_linked=bool(linked),
        slot="access_token",
        page=Page("FACEBOOK_DIALOG_URL", "https://www.facebook.com", graph_pages.DIALOG_PATH),
        params=graph_pages.DIALOG_PARAMS,
        trades=graph_pages.trades("graph"),
        redirect=graph_pages.REDIRECT,
        separator=",",
    )


WAYS = (
    _consent("browser", Words("lewat halaman izin Facebook", "by Facebook's consent page"), _READS),
    _consent(
        "sekaligus",
        Words("Facebook dan Instagram yang tertaut sekaligus", "Facebook and the linked Instagram account at once"),
        Words(f"{_READS.id}, juga akun Instagram yang tertaut", f"{_READS.en}, and the linked Instagram account's"),
        _LINKED_PERMISSIONS,
    ),
    Pasted(
        name="bisnis",
        label=Words(
            "dengan kunci portofolio bisnis (paling awet: tidak perlu ditegaskan tiap 90 hari)",
            "with a key of the business portfolio (the sturdiest: nobody confirms it every 90 days)",
        ),
        reads=_READS,
        at_hand=(
            Words(
                "Profil yang menjadi admin portofolio bisnis kantor (business.facebook.com)",
                "A profile that is admin of the office's business portfolio (business.facebook.com)",
            ),
            *graph_pages.APP_AT_HAND,
        ),
        steps=graph_pages.system_user_steps(
            Words("Halaman kantor, dengan hak Wawasan", "the office's Page, with the right Insights"),
            tuple(one.name for one in PERMISSIONS),
        ),
        asks=("page_id", "access_token", "app_id", "app_secret"),
        optional=frozenset({"app_id", "app_secret"}),
        permissions=PERMISSIONS,
        slot="access_token",
    ),
)
