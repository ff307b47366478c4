"""The Pages behind a sign-in on Meta's Graph, and the steps that lead to it, which its platforms share.

A list of Pages holds a key for each of them, so that its answers bear secrets (facebook.md §2.2). It may be empty
although the Page works by its id: one that belongs to a business portfolio is in no list (§2.3).
"""

from collections.abc import Iterator

from connectors.kit import graph_access
from connectors.kit.connecting import Permission, Redirect, Step, Trade
from connectors.kit.contract import Account, Fetch
from connectors.kit.errors import AccessError, NotOfferedError
from connectors.kit.graph import following, version_of
from connectors.kit.metrics import Words
from connectors.kit.node import Node
from connectors.kit.paging import pages
from connectors.kit.requests import Request

DIALOG_PATH = "/{graph_version}/dialog/oauth"
DIALOG_PARAMS = {
    "client_id": "{app_id}",
    "redirect_uri": "{redirect_uri}",
    "state": "{state}",
    "response_type": "code",
    "scope": "{scope}",
    "auth_type": "rerequest",  # what was once refused is asked for again only so (unconfirmed)
}

REDIRECT = Redirect("localhost")
"""An app in development takes this very machine under any port; a public one wants https, and the address that the
browser ends at is pasted (unconfirmed)."""

_FIELDS = ("id", "name", "username", "tasks", "access_token")
_LINKED = "instagram_business_account{id,username}"
_MOST_LISTS = 20
_TASK = "ANALYZE"

APP_AT_HAND = (
    Words(
        "ID dan rahasia aplikasi Meta milik kantor (langkah 1 sampai 3, sekali saja)",
        "The id and the secret of the office's Meta app (steps 1 to 3, once)",
    ),
)


def trades(api: str) -> tuple[Trade, Trade]:
    """Return how a code becomes a short key, and that a long one (facebook.md §2.1).

    How long the long one lives is not taken from there: what is kept in the end is the key of a Page.
    """
    request = Request(api, "/{graph_version}/oauth/access_token", {
        "client_id": "{app_id}", "client_secret": "{app_secret}",
    })  # fmt: skip
    return (
        Trade(request.with_params(redirect_uri="{redirect_uri}", code="{code}"), {"access_token": "short"}),
        Trade(
            request.with_params(grant_type="fb_exchange_token", fb_exchange_token="{short}"),  # noqa: S106 - a slot
            {"access_token": "access_token"},
        ),
    )


def require(fetch: Fetch, api: str, account: Account, permissions: tuple[Permission, ...]) -> None:
    """Raise AccessError where a new key lacks a permission that is needed at all; without one, lists come empty."""
    for access in graph_access.inspect(fetch, api, account, "", frozenset()).access:
        for one in permissions:
            if not one.optional and access.granted is not None and one.name not in access.granted:
                raise AccessError(f"{one.name} was not given", code="access.permission", hint=_not_given(one))


def _not_given(permission: Permission) -> Words:
    name, opens, lacks = permission.name, permission.opens, permission.without
    return Words(
        f"Izin {name} ({opens.id}) tidak dicentang; karenanya hilang {lacks.id}. Ulangi dan biarkan semua tercentang.",
        f"The permission {name} ({opens.en}) was not ticked; missing for it: {lacks.en}. Begin again, tick all.",
    )


def wanted_id(account: Account, id_field: str) -> str:
    """Return the platform's id of the account that is meant, "" where any will do. A person may name it by its id."""
    named = account.handle if account.handle.isascii() and account.handle.isdigit() else ""
    return account.id or account.settings.get(id_field, "") or named


def list_pages(fetch: Fetch, api: str, account: Account) -> Iterator[Node]:
    """Yield the Pages that a key lists, each with its own key and the account that is linked to it."""
    request = Request(api, f"/{version_of(account)}/me/accounts", {"limit": "100"}, bears=("access_token",))
    for page in pages(lambda asked: _ask(fetch, asked), request, following, cap=_MOST_LISTS):
        yield from page["data"]


def fetch_page(fetch: Fetch, api: str, account: Account, id: str) -> Node:
    """Return one Page by its id, whether or not it is listed. Raises NotOfferedError where it cannot be seen."""
    return _ask(fetch, Request(api, f"/{version_of(account)}/{id}", bears=("access_token",)))


def _ask(fetch: Fetch, request: Request) -> Node:
    """Ask with the linked account, else without it: a permission may be missing for that alone."""
    try:
        return fetch(request.with_params(fields=",".join((*_FIELDS, _LINKED))))
    except NotOfferedError:
        return fetch(request.with_params(fields=",".join(_FIELDS)))


def what_is_missing(page: Node, words: Words) -> Words | None:
    """Return `words` where the person has tasks on a Page and lacks the one that shows insights (facebook.md §2.3)."""
    tasks = {task.text() for task in page["tasks"]} if page["tasks"].exists else set()
    return words if tasks and _TASK not in tasks else None


def app_steps(product: str) -> tuple[Step, ...]:
    """Return the steps to an app of the office's own, with one of Meta's products."""
    return (
        Step(
            Words(
                "Buat aplikasi kantor: Create app, pilih Business. Cukup sekali; aplikasi tetap dalam mode Development "
                "dan tidak perlu ditinjau Meta, karena hanya membaca akun kantor sendiri.",
                "Make the office's app: Create app, choose Business. Once is enough; the app stays in Development mode "
                "and needs no review by Meta, because it reads the office's own accounts only.",
            ),
            "https://developers.facebook.com/apps/",
        ),
        Step(
            Words(
                f"Tambahkan produk {product}. Dalam mode Development alamat {{redirect_uri}} diterima begitu saja; "
                "pada aplikasi yang sudah Live, daftarkan dulu pada setelan produk itu.",
                f"Add the product {product}. In Development mode the address {{redirect_uri}} is taken as it is; for "
                "an app that is Live, register it in that product's settings first.",
            )
        ),
        Step(
            Words(
                "Salin App ID dan App secret dari menu App settings > Basic.",
                "Copy the App ID and the App secret from App settings > Basic.",
            )
        ),
        Step(
            Words(
                "Masuk dengan profil pengelola, centang akun kantor, setujui semua izin yang diminta.",
                "Sign in with the profile that runs the account, tick the office's account, agree to everything asked.",
            )
        ),
    )


def system_user_steps(asset: Words, permissions: tuple[str, ...]) -> tuple[Step, ...]:
    """Return the steps to a key that belongs to a business portfolio and to no person (facebook.md §2.1)."""
    names = ", ".join(permissions)
    return (
        *app_steps("Facebook Login")[:1],
        Step(
            Words(
                "Buka Setelan bisnis > Pengguna > Pengguna sistem, tambahkan satu pengguna sistem bernama collector.",
                "Open Business settings > Users > System users and add a system user called collector.",
            ),
            "https://business.facebook.com/settings/system-users",
        ),
        Step(
            Words(
                f"Tetapkan aset untuk pengguna itu: {asset.id}; dan aplikasi kantor.",
                f"Assign assets to that user: {asset.en}; and the office's app.",
            )
        ),
        Step(
            Words(
                f"Buat kunci baru (Generate): pilih aplikasi kantor, masa berlaku Never, dan izin {names}. Salin "
                "kuncinya; kunci itu hanya diperlihatkan sekali.",
                f"Generate a new key: choose the office's app, the expiry Never, and the permissions {names}. Copy it; "
                "it is shown only once.",
            )
        ),
    )
