"""How a site is connected to what counts its visits: a Google service account's key file, or a key of Matomo's.

Neither needs a sign-in page, and neither ends by itself: the key file's e-mail address is made a Viewer of the
property, and Matomo's key belongs to a user who may only view (website.md A1, B1).
"""

from collections.abc import Iterator

from connectors.kit import Account, KeyFile, Pasted, Request, Step, Way, Words

_ADDRESS = Words("Alamat lengkap situs kantor", "The full address of the office's site")

_GA4 = Pasted(
    name="google",
    label=Words("Google Analytics lewat akun layanan", "Google Analytics by a service account"),
    reads=Words(
        "pengunjung, kunjungan, dan halaman yang dibuka, tanpa data pengunjung satu per satu",
        "users, visits and pages viewed, nothing about single visitors",
    ),
    at_hand=(
        _ADDRESS,
        Words("Akun Google yang menjadi administrator properti Google Analytics kantor",
              "The Google account that administers the office's Google Analytics property"),
        Words("Nomor properti: angka saja, dari Admin, Setelan properti",
              "The property's number: digits only, from Admin, Property settings"),
    ),
    steps=(
        Step(
            Words("Di Google Cloud Console aktifkan Google Analytics Data API.",
                  "In the Google Cloud Console, switch on the Google Analytics Data API."),
            "https://console.cloud.google.com/apis/library/analyticsdata.googleapis.com",
        ),
        Step(
            Words("Buat akun layanan (service account), buka bagian Keys, Add key, JSON. Sebuah berkas akan terunduh.",
                  "Make a service account, open Keys, Add key, JSON. A file is downloaded."),
            "https://console.cloud.google.com/iam-admin/serviceaccounts",
        ),
    ),
    asks=("url", "ga4_property_id", "service_account"),
    slot="service_account",
    file=KeyFile(
        "service_account",
        "client_email",
        Words(
            "Sekarang buka Google Analytics, Admin, Pengelolaan akses properti, tekan +, dan tambahkan {value} sebagai "
            "Pelihat (Viewer).",
            "Now open Google Analytics, Admin, Property access management, press +, and add {value} as Viewer.",
        ),
    ),
    replaces=frozenset({"matomo_site_id", "matomo_token"}),
)  # fmt: skip

_MATOMO = Pasted(
    name="matomo",
    label=Words("Matomo di server sendiri", "Matomo on a server of one's own"),
    reads=Words(
        "pengunjung, kunjungan, dan halaman yang dibuka, tanpa data pengunjung satu per satu",
        "visitors, visits and pages viewed, nothing about single visitors",
    ),
    at_hand=(
        _ADDRESS,
        Words("Alamat server Matomo, diisikan pada MATOMO_URL di berkas .env",
              "The address of the Matomo server, filled in as MATOMO_URL in the .env file"),
        Words("Pengguna Matomo yang hanya boleh melihat (view) situs ini",
              "A Matomo user who may only view this site"),
    ),
    steps=(
        Step(Words("Masuk ke Matomo sebagai pengguna itu, buka Administrasi, Pribadi, Keamanan.",
                   "Sign in to Matomo as that user, open Administration, Personal, Security.")),
        Step(Words("Di bagian paling bawah buat kunci baru, dan salin: ia hanya ditampilkan sekali.",
                   "At the very bottom make a new key and copy it: it is shown only once.")),
    ),
    asks=("url", "matomo_site_id", "matomo_token"),
    slot="matomo_token",
    replaces=frozenset({"ga4_property_id", "service_account"}),
)  # fmt: skip

_GA4_KEYS, _MATOMO_KEYS = {"ga4_property_id", "service_account"}, {"matomo_site_id", "matomo_token"}


def list_probes(account: Account) -> Iterator[Request]:
    """Yield a small question for each counting service whose keys are filled in: is it answered at all?"""
    if account.keys >= _GA4_KEYS:
        yesterday = {"startDate": "yesterday", "endDate": "yesterday"}  # the property's own (website.md A2)
        path = f"/v1beta/properties/{account.settings['ga4_property_id']}:runReport"
        question = {"dateRanges": [yesterday], "metrics": [{"name": "sessions"}]}
        yield Request("ga4", path, method="POST", json=question)
    if account.keys >= _MATOMO_KEYS:
        form = {"module": "API", "method": "SitesManager.getSiteFromId", "format": "JSON", "language": "en"}
        site = {"idSite": account.settings["matomo_site_id"]}
        yield Request("matomo", "/index.php", method="POST", form={**form, **site})


WAYS: tuple[Way, ...] = (_GA4, _MATOMO)
