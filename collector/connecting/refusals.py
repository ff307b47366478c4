"""Why an account could not be connected: each reason one sentence that says how to go on. Nothing was changed.

A `code` is for machines and never changes; the sentence is for the person in front of it.
"""

from collections.abc import Iterable

from collector.errors import CollectorError
from collector.language import current, t
from connectors.kit import Permission, PlatformError

_UNCHANGED_ID = "Tidak ada yang berubah."
_UNCHANGED_EN = "Nothing was changed."


class ConnectingError(CollectorError):
    """An account was not connected. `exit_status` 2 where the set-up is at fault, 1 where trying again may do."""

    def __init__(self, code: str, message: str, *, exit_status: int = 1) -> None:
        super().__init__(f"{message} {t(_UNCHANGED_ID, en=_UNCHANGED_EN)}")
        self.code = code
        self.exit_status = exit_status


def denied(platform: str) -> ConnectingError:
    """Say that the person did not allow it."""
    return ConnectingError("denied", t(
        f"Izin tidak diberikan di halaman {platform}. Ulangi perintah ini, lalu pilih Izinkan.",
        en=f"The permission was not given on {platform}'s page. Run this again and choose Allow.",
    ))  # fmt: skip


def page_refused(platform: str, word: str) -> ConnectingError:
    """Say that the platform's page sent the browser back with a fault."""
    return ConnectingError("page", t(
        f"Halaman {platform} menolak permintaan ini ({word}). Periksa pengaturan aplikasi kantor di {platform}: izin "
        "yang diminta harus dinyalakan di sana.",
        en=f"{platform}'s page refused this request ({word}). Check the office's application at {platform}: the "
        "permissions that are asked for must be switched on there.",
    ), exit_status=2)  # fmt: skip


def not_mine() -> ConnectingError:
    """Say that an answer belongs to another connecting."""
    return ConnectingError("state", t(
        "Jawaban itu bukan untuk penyambungan ini: tandanya tidak cocok. Mungkin dari halaman yang lama. Ulangi "
        "perintah ini dan pakai alamat yang baru.",
        en="That answer is not for this connecting: its mark does not fit. It may be of an older page. Run this again "
        "and use the new address.",
    ))  # fmt: skip


def no_code() -> ConnectingError:
    """Say that a pasted line is not the address that is wanted."""
    return ConnectingError("no_code", t(
        "Yang ditempel bukan alamat yang dimaksud. Salin seluruh isi bilah alamat sesudah menekan Izinkan; di dalamnya "
        "ada code= dan state=.",
        en="What was pasted is not the address that is wanted. Copy the whole address bar after you chose Allow; it "
        "has code= and state= in it.",
    ))  # fmt: skip


def code_refused(platform: str) -> ConnectingError:
    """Say that the code was too old, or used already."""
    return ConnectingError("code", t(
        f"{platform} tidak menerima kode itu: sudah kedaluwarsa atau sudah pernah dipakai. Ulangi perintah ini dan "
        "selesaikan tanpa jeda.",
        en=f"{platform} does not take that code: it is too old or was used already. Run this again without a pause.",
    ))  # fmt: skip


def proof_refused(platform: str) -> ConnectingError:
    """Say that the platform found that the code was asked for by somebody else."""
    return ConnectingError("proof", t(
        f"{platform} menyatakan kode itu diminta oleh pihak lain. Ulangi perintah ini dari awal.",
        en=f"{platform} says that the code was asked for by somebody else. Run this again from the beginning.",
    ))  # fmt: skip


def redirect_refused(platform: str, address: str) -> ConnectingError:
    """Say that the redirect address is not the one that the application has."""
    return ConnectingError("redirect", t(
        f"Alamat pengalihan {address} tidak sama dengan yang terdaftar pada aplikasi kantor di {platform}. Daftarkan "
        "alamat itu persis begitu, lalu ulangi.",
        en=f"The redirect address {address} is not the one that the office's application has at {platform}. Register "
        "exactly that address, then run this again.",
    ), exit_status=2)  # fmt: skip


def app_refused(platform: str, hint: str) -> ConnectingError:
    """Say that the platform does not know the application, or its secret is wrong."""
    return ConnectingError("app", t(
        f"{platform} menolak aplikasi kantor. {hint}", en=f"{platform} refused the office's application. {hint}"
    ), exit_status=2)  # fmt: skip


def permissions_missing(platform: str, missing: Iterable[Permission]) -> ConnectingError:
    """Name the permissions without which nothing can be collected."""
    named = "; ".join(f"{one.name} ({one.opens.text(current())})" for one in missing)
    return ConnectingError("permission", t(
        f"Izin yang wajib belum diberikan: {named}. Ulangi, dan biarkan semua izin tercentang di halaman {platform}.",
        en=f"A needed permission was not given: {named}. Run this again and leave every permission ticked on "
        f"{platform}'s page.",
    ))  # fmt: skip


def no_key(platform: str) -> ConnectingError:
    """Say that the platform answered without the key that was to come."""
    return ConnectingError("no_key", t(
        f"Jawaban {platform} tidak memuat kunci yang tahan lama. Cabut izin aplikasi kantor di pengaturan akun "
        f"{platform}, lalu ulangi.",
        en=f"{platform}'s answer has no long-lived key. Take the application's permission away in the account's "
        f"settings at {platform}, then run this again.",
    ))  # fmt: skip


def no_account(platform: str) -> ConnectingError:
    """Say that the sign-in sees no account that could be collected."""
    return ConnectingError("no_account", t(
        f"Yang masuk tidak mengelola satu akun {platform} pun. Ulangi, dan masuk sebagai pengelola akun kantor.",
        en=f"Whoever signed in keeps no account of {platform}. Run this again, signed in as a keeper of the office's.",
    ))  # fmt: skip


def other_account(platform: str, came: str, wanted: str) -> ConnectingError:
    """Say that somebody signed in as another account than the one that was meant."""
    return ConnectingError("other_account", t(
        f"Yang masuk adalah {came}, padahal yang dimaksud {wanted}. Keluar dulu dari {platform} di browser, lalu "
        f"ulangi sebagai {wanted}. Bila {came} memang akun lain milik kantor, tambahkan --new.",
        en=f"{came} signed in, but {wanted} was meant. Sign out of {platform} in the browser first, then run this "
        f"again as {wanted}. If {came} is another account of the office's, add --new.",
    ))  # fmt: skip


def other_office(came: str, office: str) -> ConnectingError:
    """Say that the account belongs to another office here."""
    return ConnectingError("other_office", t(
        f"{came} adalah akun kantor {office}. Sambungkan dengan --office {office}.",
        en=f"{came} is an account of the office {office}. Connect it with --office {office}.",
    ), exit_status=2)  # fmt: skip


def device_expired() -> ConnectingError:
    """Say that nobody typed the code in time."""
    return ConnectingError("device_expired", t(
        "Kode itu tidak dipakai sampai waktunya habis. Ulangi perintah ini untuk kode yang baru.",
        en="The code was not used until its time was over. Run this again for a new one.",
    ))  # fmt: skip


def nobody_answers(seconds: float) -> ConnectingError:
    """Say that no browser came back."""
    minutes = max(1, round(seconds / 60))
    return ConnectingError("timeout", t(
        f"Tidak ada jawaban dari browser setelah {minutes} menit. Ulangi; bila browser ada di komputer lain, tambahkan "
        "--paste dan tempel alamatnya.",
        en=f"No answer came from the browser in {minutes} minutes. Run this again; if the browser is on another "
        "machine, add --paste and paste the address.",
    ))  # fmt: skip


def port_taken(port: int) -> ConnectingError:
    """Say that another program listens where the browser is to come back to."""
    return ConnectingError("port", t(
        f"Porta {port} di komputer ini dipakai program lain. Tutup program itu, pilih yang lain dengan --port, atau "
        "pakai --paste.",
        en=f"Port {port} of this machine is used by another program. Close that, choose another with --port, or use "
        "--paste.",
    ), exit_status=2)  # fmt: skip


def line_cut(platform: str) -> ConnectingError:
    """Say that the line dropped in the middle."""
    return ConnectingError("line", t(
        f"Sambungan ke {platform} terputus di tengah jalan. Periksa internet kantor, lalu ulangi perintah ini.",
        en=f"The line to {platform} was cut in the middle. Check the office's internet, then run this again.",
    ))  # fmt: skip


def too_often(platform: str) -> ConnectingError:
    """Say that the platform wants to be left alone."""
    return ConnectingError("throttled", t(
        f"{platform} minta jeda. Tunggu beberapa menit, lalu ulangi perintah ini.",
        en=f"{platform} asks for a pause. Wait a few minutes, then run this again.",
    ))  # fmt: skip


def platform_refused(platform: str, error: PlatformError, message: str) -> ConnectingError:
    """Say a fault of the platform's that has no sentence of its own here, with the hint that its connector gives."""
    return ConnectingError(error.code, f"{platform}: {message.rstrip('.')}. {error.hint.text(current())}")
