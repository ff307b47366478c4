"""A website as the stand-in serves it: the site itself, Google Analytics' Data API and Matomo's Reporting API.

As far as the connector uses them (website.md C). Signing in at Google is answered by the contract that serves
GOOGLE_OAUTH_URL; only its access token is known here. The demo's office uses Google Analytics; `matomo_keys` are for
an office that uses Matomo instead.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from collector.demo.contracts.website.ga4 import BEARER, PROPERTY, Ga4Answers
from collector.demo.contracts.website.matomo import SITE, VIEW_KEY, MatomoAnswers
from collector.demo.contracts.website.visits import Visits
from collector.demo.standin import Answered, Asked, Contract, without
from collector.demo.world import World

_PAGE = "<!doctype html><html lang=id><title>KPU Kota Contoh</title><h1>KPU Kota Contoh</h1></html>"


@cache
def service_account() -> str:
    """Return the key file of a service account with a fresh private key, made once in a process and kept nowhere."""
    pem = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "kpu-kota-contoh",
            "private_key_id": "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
            "private_key": pem.decode(),
            "client_email": "collector@kpu-kota-contoh.iam.gserviceaccount.example",
            "client_id": "100000000000000000001",
            "token_uri": "https://replaced-by-the-setting.invalid/token",
            "universe_domain": "googleapis.com",
        }
    )


class _DemoKeys(Mapping[str, str]):
    """The demo's key fields. The private key is made only when it is looked at: that takes a tenth of a second."""

    _open: ClassVar[Mapping[str, str]] = {"WEBSITE_URL": "{address}/site/", "GA4_PROPERTY_ID": PROPERTY}

    def __getitem__(self, name: str) -> str:
        return service_account() if name == "GA4_SERVICE_ACCOUNT" else self._open[name]

    def __iter__(self) -> Iterator[str]:
        return iter((*self._open, "GA4_SERVICE_ACCOUNT"))

    def __len__(self) -> int:
        return len(self._open) + 1


class WebsiteContract(Contract):
    """One site with both counting services. Switches: those below, `visits`, and those of `ga4` and `matomo`."""

    slug = "website"
    hosts = ("GA4_DATA_URL", "MATOMO_URL", "SITE_URL")
    keys: ClassVar[Mapping[str, str]] = _DemoKeys()
    matomo_keys: ClassVar[Mapping[str, str]] = {
        "WEBSITE_URL": "{address}/site/",
        "MATOMO_SITE_ID": SITE,
        "MATOMO_TOKEN": VIEW_KEY,
    }
    other_keys: ClassVar[tuple[Mapping[str, str], ...]] = (matomo_keys,)
    bearers: ClassVar[Mapping[str, str]] = {"ga4": BEARER}

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.visits = Visits(world)
        self.ga4 = Ga4Answers(self.visits)
        self.matomo = MatomoAnswers(self.visits)
        self.ga4.retired = self.matomo.off = self.retired
        self.site_status = 200
        self.site_down = False

    def answer(self, asked: Asked) -> Answered:
        """Answer one request."""
        if asked.host == "GA4_DATA_URL":
            return self.ga4.answer(asked)
        if asked.host == "MATOMO_URL":
            return without(self.matomo.answer(asked), self.retired)
        return Answered(_PAGE, self.site_status, drop=self.site_down)


CONTRACT = WebsiteContract
