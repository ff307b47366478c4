"""Addresses as people and settings write them: what may be asked, and what an address gives away."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from collector.errors import SettingsError
from collector.language import t


def check_address(name: str, address: str) -> str:
    """Check a host's address: https, or http on loopback only; an origin and optional prefix. Returns it trimmed."""
    if not _is_address(address):
        raise SettingsError(
            t(
                f"{name} belum benar: tulis alamat https://…, tanpa tanda tanya dan tanpa nama pengguna "
                "(http:// hanya untuk 127.0.0.1).",
                en=f"{name} is not right: write an address https://…, without a question mark or a user name "
                "(http:// only for 127.0.0.1).",
            )
        )
    return address.rstrip("/")


def origin_of(address: str) -> str:
    """Return a page's origin. Raises SettingsError where the address cannot be read."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise SettingsError(
            t(
                f"Alamat {address} belum benar; tulis https://…",
                en=f"The address {address} is not right; write https://…",
            )
        ) from None
    return f"{parts.scheme}://{parts.netloc}"


def password_of(address: str) -> str | None:
    """Return the password that an address gives away, None where it has none or cannot be read."""
    try:
        return urlsplit(address).password
    except ValueError:  # who opens the database says what is wrong with its address
        return None


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port  # a port that is no number is found only by asking for it
    except ValueError:
        return False
    is_secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host or ""))
    return bool(host) and is_secure and not (parts.query or parts.fragment or "@" in parts.netloc)


def is_loopback(host: str) -> bool:
    """Whether a host name means this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
