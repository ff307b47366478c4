"""The office's website: its visits, and whether it answers at all.

Three sources behind one platform: Google Analytics 4 (Data API v1beta) where its keys are given, else Matomo
(Reporting API) where its keys are given, and always a look at the site itself. Needs: for GA4 a service account that
is Viewer of the property; for Matomo a key of a user with view right.

Of the visits: each day; the newest 28 days and the 28 before; closed months, quarters, semesters and years. Windows
also by page, country and city. Limits: a counting service knows nothing from before it was set up; Matomo has no
distinct visitors for spans longer than a month unless its server is set up so. The two services count differently, so
their figures are measures of their own and are never compared (website.md B5).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar

from pydantic import SecretStr

from connectors.kit import (
    Account,
    Action,
    Assignment,
    Choice,
    Connector,
    Exchange,
    Fetch,
    Form,
    GoogleJwt,
    Host,
    Keys,
    Limits,
    NotOfferedError,
    Observation,
    PlatformError,
    Profile,
    Reason,
    Request,
    SettingError,
    ShapeError,
    UnreachableError,
    Words,
    key,
    missing,
)
from connectors.website.connecting import WAYS, list_probes
from connectors.website.ga4 import Ga4
from connectors.website.ga4_faults import diagnose_ga4, quota_pause
from connectors.website.matomo import Matomo
from connectors.website.matomo_faults import diagnose_matomo
from connectors.website.measures import HTTP_STATUS, MEASURES, TYPED_MEASURES
from connectors.website.site import plain_name, site_request, url_of
from connectors.website.visits import Service, Visits

_GA4_KEYS = frozenset({"ga4_property_id", "service_account"})
_MATOMO_KEYS = frozenset({"matomo_site_id", "matomo_token"})

_FILL_IN_GA4 = Words(
    "Isi GA4_PROPERTY_ID dan GA4_SERVICE_ACCOUNT_FILE, atau kosongkan keduanya. Tanpa keduanya hanya situsnya yang "
    "diperiksa.",
    "Fill in both GA4_PROPERTY_ID and GA4_SERVICE_ACCOUNT_FILE, or neither. Without them only the site is looked at.",
)
_FILL_IN_MATOMO = Words(
    "Isi MATOMO_SITE_ID dan MATOMO_TOKEN, atau kosongkan keduanya. Tanpa keduanya hanya situsnya yang diperiksa.",
    "Fill in both MATOMO_SITE_ID and MATOMO_TOKEN, or neither. Without them only the site is looked at.",
)


class WebsiteKeys(Keys):
    """What an office fills in for its website. The address is enough; a counting service adds the visits."""

    url: str | None = key(
        "WEBSITE_URL",
        Words("Alamat situs", "Site's address"),
        Words(
            "Alamat lengkap, misalnya https://kpu-contoh.go.id/", "The full address, such as https://kpu-contoh.go.id/"
        ),
        pattern=r"^https?://[^\s/]+\S*$",
    )
    ga4_property_id: str | None = key(
        "GA4_PROPERTY_ID",
        Words("Nomor properti Google Analytics", "Google Analytics property number"),
        Words(
            "Angka saja, misalnya 345678901, dari Admin, Setelan properti. Bukan kode yang diawali G- atau UA-.",
            "Digits only, such as 345678901, from Admin, Property settings. Not the code that begins with G- or UA-.",
        ),
        pattern=r"^[0-9]+$",
    )
    service_account: SecretStr | None = key(
        "GA4_SERVICE_ACCOUNT",
        Words("Berkas kunci akun layanan Google (rahasia)", "Google service account's key file (secret)"),
        Words(
            "Berkas JSON dari Google Cloud. E-mail di dalamnya harus ditambahkan sebagai Pelihat properti.",
            "The JSON file from Google Cloud. The e-mail address in it has to be added as Viewer of the property.",
        ),
    )
    matomo_site_id: str | None = key(
        "MATOMO_SITE_ID",
        Words("Nomor situs di Matomo", "Site's number in Matomo"),
        Words(
            "Angka saja. Hanya dipakai bila kunci Google Analytics tidak diisi; bila keduanya diisi, Matomo diabaikan.",
            "Digits only. Used only where no Google Analytics keys are given; where both are, Matomo is left aside.",
        ),
        pattern=r"^[0-9]+$",
    )
    matomo_token: SecretStr | None = key(
        "MATOMO_TOKEN",
        Words("Kunci masuk Matomo (rahasia)", "Matomo sign-in key (secret)"),
        Words(
            "Dibuat di Matomo (Administrasi, Pribadi, Keamanan) oleh pengguna yang hanya boleh melihat. Diabaikan bila "
            "kunci Google Analytics diisi.",
            "Made in Matomo (Administration, Personal, Security) by a user who may only view. Left aside where Google "
            "Analytics keys are given.",
        ),
    )


class Website(Connector):
    """A website, its visits counted by Google Analytics 4 or Matomo."""

    slug = "website"
    name = "Website"
    aliases = ("web", "situs", "situs web", "laman")
    colour = "#2E7D32"
    measures = MEASURES
    typed_measures = TYPED_MEASURES
    hosts: ClassVar[Mapping[str, Host]] = {
        "ga4": Host(
            "GA4_DATA_URL",
            "https://analyticsdata.googleapis.com",
            auth={
                "service": GoogleJwt(
                    Request(
                        "oauth",
                        "/token",
                        method="POST",
                        form={
                            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
                            "assertion": "{assertion}",
                        },
                    ),
                    slot="service_account",
                    scope="https://www.googleapis.com/auth/analytics.readonly",
                )
            },
        ),
        "oauth": Host("GOOGLE_OAUTH_URL", "https://oauth2.googleapis.com"),
        "matomo": Host("MATOMO_URL", "", auth={"viewer": Form("token_auth", "matomo_token")}),
        "site": Host("", "", from_key="url", answers="any"),
    }
    limits = Limits(per_second=5)  # neither service states a rate; both are asked one question after the other
    Keys = WebsiteKeys
    identity = "url"
    identity_is = "handle"
    needs = (frozenset({"url"}),)
    ways = WAYS
    reread_days = 7  # GA4 still moves the figures of the last days (website.md A5)
    terms = Words(
        "Google Analytics: pengunjung harus diberi tahu di halaman privasi situs, dan data pribadi tidak boleh dikirim "
        "ke sana. Matomo di server sendiri tidak menambah syarat. Yang disimpan hanya hitungan, tanpa data pengunjung.",
        "Google Analytics: visitors have to be told on the site's privacy page, and no personal data may be sent "
        "there. Matomo on a server of one's own adds no terms. Only counts are kept, nothing about single visitors.",
    )

    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        """Look at the site and read the visits. What a service refuses does not cost that look (website.md A4).

        The site is looked at first, because a service that wants to be left alone ends all asking; what was seen is
        believed last, because where the line is in doubt its silence, or its login page, would be taken for the site's.
        """
        seen = list(self._look(assignment, fetch))
        refusal: PlatformError | None = None
        try:
            service = _service(assignment, fetch)
            if service is not None:
                yield from Visits(assignment, service).read()
        except PlatformError as error:
            if error.action is Action.RETRY:
                raise
            refusal = error
        yield from seen
        if refusal is not None:
            raise refusal

    def check(self, account: Account, fetch: Fetch) -> Profile:
        """Say which site it is. Its address is its identity, so nothing is asked: a site out of order is that site."""
        url = url_of(account)
        return Profile(id=plain_name(url), handle=plain_name(url), link=url, problem=_half_filled(account))

    def list_choices(self, account: Account, fetch: Fetch) -> tuple[Choice, ...]:
        """Return the site, once the counting services have answered. One that does not know a question is there."""
        for probe in list_probes(account):
            try:
                fetch(probe)
            except (NotOfferedError, ShapeError) as error:
                if error.action is Action.RETRY or getattr(error, "reason", None) is Reason.NOT_PERMITTED:
                    raise
        return super().list_choices(account, fetch)

    def pause_until(self, exchange: Exchange) -> datetime | None:
        """Return until when the property's quota needs rest, None while there is enough of it."""
        return quota_pause(exchange) if exchange.request.api == "ga4" else None

    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        """Say what an answer's fault is. Whatever the site itself answers is a fact, and none."""
        match exchange.request.api:
            case "site":
                return None
            case "matomo":
                return diagnose_matomo(exchange)
        return diagnose_ga4(exchange)

    def handle_key(self, handle: str) -> str:
        """Return what two spellings of an address have in common."""
        return plain_name(handle)

    def _look(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        """Read the site's status; silence is no status."""
        if assignment.is_dead(HTTP_STATUS):
            yield missing(HTTP_STATUS, Reason.RETIRED, None, assignment.now)
            return
        try:
            answer = fetch(site_request(assignment.account))
        except UnreachableError as silence:
            yield missing(HTTP_STATUS, Reason.UNREACHABLE, silence, assignment.now)
        else:
            yield answer.exchange.status_node.read(HTTP_STATUS)


def _service(assignment: Assignment, fetch: Fetch) -> Service | None:
    """Return the counting service whose keys are filled in; Google's goes before Matomo. Raises SettingError."""
    problem = _half_filled(assignment.account)
    if problem is not None:
        raise problem
    if assignment.account.keys >= _GA4_KEYS:
        return Ga4(assignment, fetch)
    if assignment.account.keys >= _MATOMO_KEYS:
        return Matomo(assignment, fetch)
    return None


def _half_filled(account: Account) -> SettingError | None:
    """Return what is wrong where a service has some of its keys and none has all: it would silently not be asked."""
    if account.keys >= _GA4_KEYS or account.keys >= _MATOMO_KEYS:
        return None
    if account.keys & _GA4_KEYS:
        message = f"Google Analytics: {_names(_GA4_KEYS - account.keys)} is not filled in"
        return SettingError(message, code="setting.ga4_keys", hint=_FILL_IN_GA4)
    if account.keys & _MATOMO_KEYS:
        message = f"Matomo: {_names(_MATOMO_KEYS - account.keys)} is not filled in"
        return SettingError(message, code="setting.matomo_keys", hint=_FILL_IN_MATOMO)
    return None


def _names(fields: frozenset[str]) -> str:
    """Return the environment's names of some key fields."""
    words = (WebsiteKeys.model_fields[name].json_schema_extra for name in sorted(fields))
    return ", ".join(str(one["env"]) for one in words if isinstance(one, dict))


CONNECTOR = Website()
