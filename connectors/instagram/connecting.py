"""Which accounts a new sign-in sees, and why a code is not taken (instagram.md §1, §2)."""

from collections.abc import Iterator

from connectors.instagram.ways import BY_ITSELF, BY_PAGE, PERMISSIONS
from connectors.kit import (
    AccessError,
    Account,
    Choice,
    Exchange,
    Fetch,
    Node,
    NotOfferedError,
    PlatformError,
    Profile,
    Request,
    SettingError,
    Words,
    graph,
    graph_faults,
    graph_pages,
)
from connectors.kit.connecting import REDIRECT_REFUSED

_NOT_LINKED = Words(
    "Halaman ini belum tertaut ke akun Instagram profesional. Jadikan akun Instagram kantor profesional (Setelan > "
    "Jenis akun dan alat), tautkan di Setelan Halaman > Akun tertaut > Instagram, lalu ulangi.",
    "This Page is not linked to a professional Instagram account. Make the office's Instagram account a professional "
    "one (Settings > Account type and tools), link it at Page settings > Linked accounts, then begin again.",
)
_NO_PAGE = Words(
    "Profil itu tidak memperlihatkan Halaman. Masuk dengan profil pengelola Halaman dan centang Halaman kantor beserta "
    "akun Instagramnya. Bila Halaman milik portofolio bisnis, sebutkan ID akun Instagramnya: collector connect "
    "instagram --account 17841….",
    "That profile shows no Page. Sign in with the profile that runs the Page and tick the office's Page and its "
    "Instagram account. If the Page belongs to a business portfolio, name the Instagram account's id: collector "
    "connect instagram --account 17841….",
)
_ANOTHER = Words(
    "Profil yang masuk tidak mengelola akun Instagram ini. Masuk dengan profil yang mengelola Halaman tempat akun ini "
    "tertaut.",
    "The profile that signed in does not run this Instagram account. Sign in with the one that runs the Page that it "
    "is linked to.",
)
_NOT_PROFESSIONAL = Words(
    "Akun Instagram ini masih akun pribadi, dan angkanya tidak disediakan. Jadikan akun profesional (Setelan > Jenis "
    "akun dan alat > Beralih ke akun profesional), lalu ulangi.",
    "This Instagram account is still a personal one, which has no figures. Make it a professional one (Settings > "
    "Account type and tools > Switch to professional account), then begin again.",
)
_TASK_LOST = Words(
    "Profil itu belum boleh melihat wawasan Halaman tempat akun ini tertaut. Mintalah admin Halaman memberi tugas "
    "Wawasan, lalu ulangi.",
    "That profile may not see the insights of the Page that the account is linked to. Ask the Page's admin for the "
    "task Insights, then begin again.",
)
_PERSONAL = frozenset({"PERSONAL"})


def list_linked(account: Account, fetch: Fetch) -> tuple[Choice, ...]:
    """Return the accounts that are linked to the Pages of a new key; of one that is meant only that, if it is there.

    A key that is a Page's own already lists none.
    """
    graph_pages.require(fetch, BY_PAGE, account, PERMISSIONS)
    wanted = graph_pages.wanted_id(account, "user_id")
    try:
        choices = tuple(_linked(page) for page in graph_pages.list_pages(fetch, BY_PAGE, account))
    except NotOfferedError:
        choices = ()
    if wanted:
        return tuple(choice for choice in choices if choice.profile.id == wanted)
    if not choices:
        raise SettingError("no Page is listed", code="setting.no_page", hint=_NO_PAGE)
    return choices


def another_account(error: PlatformError) -> SettingError:
    """Return the fault of somebody's sign-in who does not run the account that is to be connected again."""
    return SettingError(error.message, place=error.place, code="setting.account", hint=_ANOTHER)


def _linked(page: Node) -> Choice:
    """Return the account that is linked to a Page; the Page's key is good for it."""
    there = page["instagram_business_account"]
    if not there.exists:
        name = graph.optional_text(page["name"])
        return Choice(Profile("", name, name), needs=_NOT_LINKED)
    id, handle = graph.text_id(there["id"]), graph.optional_text(there["username"])
    keys = {"user_id": id, **dict(_key(page))}
    link = f"https://www.instagram.com/{handle}/" if handle else ""
    return Choice(Profile(id, handle or id, link=link), keys, graph_pages.what_is_missing(page, _TASK_LOST))


def _key(page: Node) -> Iterator[tuple[str, str]]:
    if page["access_token"].exists:
        yield "access_token", page["access_token"].text()


def choose_itself(account: Account, fetch: Fetch) -> Choice:
    """Return the account that signed in. A personal one has no figures (instagram.md, opening)."""
    fields = {"fields": "user_id,username,name,account_type"}
    user = fetch(Request(BY_ITSELF, f"/{graph.version_of(account)}/me", fields))
    id, handle = graph.text_id(user["user_id"]), graph.optional_text(user["username"])
    is_personal = graph.optional_text(user["account_type"]) in _PERSONAL
    profile = Profile(id, handle or id, graph.optional_text(user["name"]), f"https://www.instagram.com/{handle}/")
    return Choice(profile, {"user_id": id}, _NOT_PROFESSIONAL if is_personal else None)


_CODE_OVER = Words(
    "Izin dari halaman itu hanya berlaku satu jam dan sekali. Mulai lagi dari awal.",
    "What that page gave is good for one hour and once. Begin again.",
)
_OTHER_ADDRESS = Words(
    "Alamat kembali tidak sama dengan yang terdaftar. Daftarkan alamat itu persis seperti tertulis, lalu ulangi.",
    "The return address is not the registered one. Register it exactly as it is written, then begin again.",
)


def diagnose_trade(exchange: Exchange) -> PlatformError | None:
    """Say why a code was not taken; its address has faults of a shape of its own, and their words (unconfirmed)."""
    body = exchange.json()
    message = body.get("error_message") if isinstance(body, dict) else None
    if not isinstance(message, str):
        return None
    place, said = exchange.place("body:/error_message"), message.lower()
    if "redirect_uri" in said:
        return SettingError(message, place=place, code=REDIRECT_REFUSED, hint=_OTHER_ADDRESS)
    if "platform app" in said or "client" in said:
        return graph_faults.wrong_app(message, place)
    if "code" in said:
        return AccessError(message, place=place, code="access.code_expired", hint=_CODE_OVER)
    return None
