"""Which Pages a new key sees, and what is linked to them (facebook.md §2.3)."""

from collections.abc import Iterator

from connectors.facebook.ways import PERMISSIONS
from connectors.kit import (
    Account,
    Choice,
    Fetch,
    Linked,
    Node,
    NotOfferedError,
    Profile,
    SettingError,
    Words,
    graph,
    graph_pages,
)

_LINKED, _LINKED_WAY = "instagram", "halaman"
_NO_PAGE_HINT = Words(
    "Profil itu tidak memperlihatkan Halaman. Masuk dengan profil pengelola Halaman dan centang Halaman kantor. Bila "
    "Halaman milik portofolio bisnis, sebutkan ID-nya: collector connect facebook --account ID_HALAMAN.",
    "That profile shows no Page. Sign in with the profile that runs the Page and tick the office's Page. If the Page "
    "belongs to a business portfolio, name its id: collector connect facebook --account PAGE_ID.",
)
_ANOTHER_HINT = Words(
    "Profil yang masuk tidak mengelola Halaman ini. Masuk dengan profil pengelola Halaman, atau periksa ID Halaman.",
    "The profile that signed in does not run this Page. Sign in with the one that does, or check the Page's id.",
)
_TASK_LOST = Words(
    "Profil itu belum boleh melihat wawasan Halaman ini. Mintalah admin Halaman memberi tugas Wawasan (Setelan Halaman "
    "> Akses Halaman), lalu ulangi.",
    "That profile may not see this Page's insights yet. Ask the Page's admin for the task Insights (Page settings > "
    "Page access), then begin again.",
)


def list_pages(account: Account, fetch: Fetch) -> tuple[Choice, ...]:
    """Return the Pages that a new key sees: the one that is meant, where one is, else all that it lists."""
    graph_pages.require(fetch, "graph", account, PERMISSIONS)
    wanted = graph_pages.wanted_id(account, "page_id")
    if wanted:
        return (_choice(_by_id(fetch, account, wanted)),)
    choices = tuple(_choice(page) for page in graph_pages.list_pages(fetch, "graph", account))
    if not choices:
        raise SettingError("no Page is listed", code="setting.no_page", hint=_NO_PAGE_HINT)
    return choices


def _by_id(fetch: Fetch, account: Account, id: str) -> Node:
    """Return a Page that may be in no list: one of a business portfolio is in none (facebook.md §2.3)."""
    try:
        return graph_pages.fetch_page(fetch, "graph", account, id)
    except NotOfferedError as error:
        raise SettingError(error.message, place=error.place, code="setting.account", hint=_ANOTHER_HINT) from error


def _choice(page: Node) -> Choice:
    id, name = graph.text_id(page["id"]), graph.optional_text(page["name"])
    profile = Profile(id, graph.optional_text(page["username"]) or name, name, f"https://www.facebook.com/{id}")
    keys = {"page_id": id}
    if page["access_token"].exists:  # otherwise the key that was pasted is the Page's own already
        keys["access_token"] = page["access_token"].text()
    return Choice(profile, keys, graph_pages.what_is_missing(page, _TASK_LOST), tuple(_linked(page)))


def _linked(page: Node) -> Iterator[Linked]:
    """Yield the professional account that is linked to a Page: the Page's key is good for it as well."""
    there = page["instagram_business_account"]
    if there.exists:
        id, username = graph.text_id(there["id"]), graph.optional_text(there["username"])
        keys = {"user_id": id, "app_id": "{app_id}", "app_secret": "{app_secret}"}
        if page["access_token"].exists:
            keys["access_token"] = page["access_token"].text()
        link = f"https://www.instagram.com/{username}/" if username else ""
        yield Linked(_LINKED, _LINKED_WAY, Profile(id, username or id, link=link), keys)
