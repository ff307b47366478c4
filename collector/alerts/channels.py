"""Sending to one channel, by apprise: mail, chats, gateways, a webhook.

Apprise and what it leans on write whole addresses into the log: they may say nothing there, and what went wrong is
taken from the answer instead. It is called without threads and time limits of its own: its workers are no daemons,
and a server that never answers would hold up the end of the program. Each try ends by its limits on the connection.
"""

import logging
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING

from collector.alerts.addresses import list_names, split_addresses
from collector.alerts.messages import Message
from collector.collect.redact import Redactor
from collector.errors import SettingsError
from collector.language import t

if TYPE_CHECKING:
    from apprise import Apprise

# What each may say, and to nobody but the answer of apprise: from these levels on no address is in it.
_MUTED = {
    "apprise": logging.WARNING, "urllib3": logging.CRITICAL, "requests": logging.CRITICAL,
    "requests_oauthlib": logging.CRITICAL, "oauthlib": logging.CRITICAL,
}  # fmt: skip
_LONGEST = 200

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Channel:
    """One address. `number` is its place in the setting, `name` its kind; the address itself is never shown."""

    number: int
    name: str
    redactor: Redactor
    address: str = field(repr=False)

    def check(self) -> None:
        """Raise SettingsError where the address cannot be used."""
        self._open()

    def send(self, message: Message) -> str | None:
        """Send a message. Returns None where the channel took it, else what to do, without any secret.

        What the server said stands in the log: it is technical, and in English.
        """
        try:
            opened = self._open()
            result = opened.notify(body=message.body, title=message.title, body_format="text")
            if result:
                return None
            said = [entry.message for entry in result.logs()]
        except SettingsError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - the edge: a hundred kinds of servers, each with faults of its own
            said = [type(error).__name__]
        _log.info("channel %s: %s", self.name, self.redactor.line(said[-1])[:_LONGEST] if said else "no reason given")
        return t(
            "belum terkirim: tidak ada jawaban, atau pesannya ditolak. Periksa alamat, kata sandi, dan sambungan "
            "internet.",
            en="not sent: there was no answer, or it was refused. Check the address, the password and the internet "
            "line.",
        )

    def _open(self) -> "Apprise":
        apprise = _load()
        asset = apprise.AppriseAsset(
            app_id="collector", app_desc="collector", app_url="", async_mode=False, service_timeout=0,
            pgp_autogen=False, pem_autogen=False,
        )  # fmt: skip
        opened: Apprise = apprise.Apprise(asset=asset)
        service = apprise.Apprise.instantiate(self.address, asset=asset)
        if service is None:
            raise SettingsError(
                t(
                    f"Alamat ke-{self.number} ({self.name}) di COLLECTOR_ALERTS belum benar; "
                    "contohnya ada di docs/alerts.md.",
                    en=f"Address {self.number} ({self.name}) in COLLECTOR_ALERTS is not right; "
                    "see docs/alerts.md for examples.",
                )
            )
        if service.overflow_mode == apprise.OverflowMode.UPSTREAM:
            # A chat that is given more than it takes refuses all of it, at each try again.
            service.overflow_mode = apprise.OverflowMode.SPLIT
        opened.add(service)
        return opened


def list_channels(text: str, redactor: Redactor) -> tuple[Channel, ...]:
    """Return the channels of the setting, in its order."""
    addresses = split_addresses(text)
    named = zip(addresses, list_names(addresses), strict=True)
    return tuple(Channel(number, name, redactor, address) for number, (address, name) in enumerate(named, 1))


def _load() -> ModuleType:
    """Import apprise, and keep it and what it leans on out of the log."""
    for name, level in _MUTED.items():
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())  # without any, Python prints warnings by itself
    try:
        import apprise
    except ImportError:
        raise SettingsError(
            t(
                "Untuk mengirim pemberitahuan, pasang dulu tambahannya: pip install 'collector[alerts]'.",
                en="To send alerts install the extra first: pip install 'collector[alerts]'.",
            )
        ) from None
    return apprise
