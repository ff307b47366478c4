"""Somebody at a browser, at Meta's dialog: allows, ticks off, denies. Plain HTTP, as any browser speaks it."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

import httpx

from collector.connecting.callback import read_query
from collector.connecting.connection import Connection, Wish
from collector.connecting.service import Connected
from collector.platforms import get_connector
from collector.wiring import Application
from connectors.kit import Consent

LOOPBACK, REGISTERED = "http://localhost:4567/", "https://kab-contoh.kpu.example/"


@dataclass
class Visitor:
    """Who sits there. `leaves` are the boxes that they tick off."""

    decision: str = "allow"
    leaves: tuple[str, ...] = ()

    def answer(self, address: str) -> str:
        """Open the page, decide, and return the address that the browser is sent to."""
        with httpx.Client(trust_env=False) as browser:
            page = browser.get(address)
            assert page.status_code == 200, page.text
            boxes = [unescape(box) for box in re.findall(r'name="([a-z]+:[^"]+)"', page.text)]
            form = {box: "on" for box in boxes if box not in self.leaves} | {"decision": self.decision}
            decided = browser.post(address, data=form)
            assert decided.status_code == 302, decided.text
            return str(decided.headers["location"])


def begin(application: Application, slug: str, way: str, **wish: object) -> Connection:
    """Begin a connecting."""
    connector = get_connector(slug)
    chosen = next(one for one in connector.ways if one.name == way)
    return application.connecting.open(Wish(connector, chosen, **wish))


def allow(connection: Connection, visitor: Visitor | None = None) -> None:
    """Let somebody allow it, and take the answer."""
    way = connection.way
    assert isinstance(way, Consent)
    invited = connection.invite(LOOPBACK if way.redirect.host else REGISTERED)
    came = urlsplit((visitor or Visitor()).answer(invited))
    connection.accept(read_query(came.query, way.codes))


def connect(
    application: Application, slug: str, way: str, visitor: Visitor | None = None, *, number: int = 0, **wish: object
) -> Connected:
    """Connect an account by consent, from the beginning to the end."""
    connection = begin(application, slug, way, **wish)
    allow(connection, visitor)
    return application.connecting.choose(connection, connection.look()[number])
