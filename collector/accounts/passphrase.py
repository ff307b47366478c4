"""The key for a backup: sealed under a passphrase that a person remembers, so that it may travel with the figures."""

import base64
import json
import os
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from collector.errors import VaultError
from collector.language import t

LEAST_LENGTH = 10
_COST = 2**17  # 128 MiB and a third of a second on an old PC: a passphrase costs that much to guess, each time
_MOST_COST = 2**20  # a file that asks for more is no backup of ours


def check_passphrase(passphrase: str) -> str:
    """Return a passphrase that is long enough. Raises VaultError where it is not."""
    if len(passphrase) < LEAST_LENGTH:
        raise VaultError(
            t(
                f"Kata sandi terlalu pendek; pakai sedikitnya {LEAST_LENGTH} huruf, misalnya empat kata acak.",
                en=f"The passphrase is too short; use at least {LEAST_LENGTH} characters, such as four random words.",
            )
        )
    return passphrase


def seal_keys(keys: tuple[str, ...], passphrase: str) -> bytes:
    """Seal the keys of a key file under a passphrase."""
    salt = os.urandom(16)
    sealed = _fernet(check_passphrase(passphrase), salt, _COST).encrypt("\n".join(keys).encode())
    return json.dumps(
        {"kdf": "scrypt", "n": _COST, "r": 8, "p": 1, "salt": base64.b64encode(salt).decode(),
         "sealed": sealed.decode()}
    ).encode()  # fmt: skip


def open_keys(sealed: bytes, passphrase: str) -> tuple[str, ...]:
    """Return the keys. Raises VaultError where the passphrase is another one, or the sealed key is damaged."""
    try:
        given = json.loads(sealed)
        fernet = _fernet(passphrase, base64.b64decode(given["salt"]), _cost_of(given))
        return tuple(fernet.decrypt(given["sealed"]).decode().split())
    except InvalidToken:
        reason = t("Kata sandi itu tidak membuka kunci di cadangan ini.", en="That passphrase does not open the key.")
    except (ValueError, KeyError, TypeError):
        reason = t("Kunci di cadangan ini rusak.", en="The key in this backup is damaged.")
    raise VaultError(
        t(
            f"{reason} Ulangi, atau pulihkan tanpa kunci dengan --without-key (akun lalu disambung ulang).",
            en=f"{reason} Try again, or restore without the key by --without-key (accounts are then reconnected).",
        )
    )


def _cost_of(given: Mapping[str, object]) -> int:
    cost = given["n"]
    if not isinstance(cost, int) or cost > _MOST_COST or (given["kdf"], given["r"], given["p"]) != ("scrypt", 8, 1):
        raise ValueError(cost)
    return cost


def _fernet(passphrase: str, salt: bytes, cost: int) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(Scrypt(salt, 32, cost, 8, 1).derive(passphrase.encode())))
