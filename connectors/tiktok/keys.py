"""What an office fills in for its TikTok account: for the Display service, and if it has it for the business one."""

from pydantic import SecretStr

from connectors.kit import Account, Keys, SettingError, Words, key

BUSINESS_KEYS = frozenset({"business_id", "business_client_id", "business_client_secret", "business_refresh_token"})

BUSINESS_APP = frozenset({"business_client_id", "business_client_secret"})


class TikTokKeys(Keys):
    """The key fields. Those of the business service are of another portal and another app (tiktok.md, top)."""

    username: str | None = key(
        "TIKTOK_USERNAME",
        Words("Nama pengguna TikTok", "TikTok username"),
        Words("Nama di belakang tanda @ pada profil, misalnya kpu_contoh.", "The name after the @ on the profile."),
    )
    client_key: str | None = key(
        "TIKTOK_CLIENT_KEY",
        Words("Client key aplikasi", "App's client key"),
        Words(
            "Tertulis pada halaman aplikasi kantor di developers.tiktok.com.",
            "It stands on the page of the office's app on developers.tiktok.com.",
        ),
    )
    client_secret: SecretStr | None = key(
        "TIKTOK_CLIENT_SECRET",
        Words("Client secret aplikasi (rahasia)", "App's client secret (secret)"),
        Words(
            "Ada di bawah client key pada halaman yang sama. Jangan dibagikan.",
            "It stands below the client key on the same page. Do not share it.",
        ),
    )
    refresh_token: SecretStr | None = key(
        "TIKTOK_REFRESH_TOKEN",
        Words("Kunci masuk akun (rahasia)", "Account's sign-in key (secret)"),
        Words(
            "Didapat saat pemilik akun memberi izin kepada aplikasi kantor. Diperbarui sendiri; satu kunci hanya untuk "
            "satu program.",
            "It is had when the account's owner allows the office's app. It renews itself; one key serves one program.",
        ),
    )
    business_id: str | None = key(
        "TIKTOK_BUSINESS_ID",
        Words("ID akun pada layanan bisnis TikTok", "Account's id at TikTok's business service"),
        Words(
            "Boleh kosong. Bersama tiga isian berikut membuka angka harian 60 hari terakhir, audiens, dan lama tonton. "
            "Didapat (open_id) saat akun memberi izin kepada aplikasi kantor di portal TikTok for Business.",
            "May stay empty. With the next three it opens the daily figures of the last 60 days, the audience and the "
            "time watched. It is had (open_id) when the account allows the office's app on TikTok for Business.",
        ),
    )
    business_client_id: str | None = key(
        "TIKTOK_BUSINESS_CLIENT_ID",
        Words("ID aplikasi bisnis", "Business app's id"),
        Words(
            "Tertulis pada halaman aplikasi kantor di portal TikTok for Business.",
            "It stands on the page of the office's app in the TikTok for Business portal.",
        ),
    )
    business_client_secret: SecretStr | None = key(
        "TIKTOK_BUSINESS_CLIENT_SECRET",
        Words("Rahasia aplikasi bisnis (rahasia)", "Business app's secret (secret)"),
        Words(
            "Ada di bawah ID aplikasi bisnis. Jangan dibagikan.", "It stands below the business app's id. Do not share."
        ),
    )
    business_refresh_token: SecretStr | None = key(
        "TIKTOK_BUSINESS_REFRESH_TOKEN",
        Words("Kunci masuk layanan bisnis (rahasia)", "Business service's sign-in key (secret)"),
        Words(
            "Didapat bersama ID akun. Diperbarui sendiri; satu kunci hanya untuk satu program.",
            "It is had together with the account's id. It renews itself; one key serves one program.",
        ),
    )


def has_business(account: Account) -> bool:
    """Whether the business service can be asked. Raises SettingError where its keys are filled in only in part.

    The app's keys alone are no part: with them the account is yet to be connected.
    """
    given = account.keys & BUSINESS_KEYS
    if given <= BUSINESS_APP:
        return False
    if given != BUSINESS_KEYS:
        missing = ", ".join(sorted(f"TIKTOK_{name.upper()}" for name in BUSINESS_KEYS - given))
        raise SettingError(
            f"the keys of the business service are not complete: {missing}",
            code="setting.business_keys",
            hint=Words(f"Isi juga {missing}, atau kosongkan semua isian bisnis.",
                       f"Fill in {missing} as well, or leave all business fields empty."),
        )  # fmt: skip
    return True
