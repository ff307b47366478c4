"""The persons who connect accounts, at the stand-in's pages and in front of the guide."""

import os
import re
import select
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from office import Office, Running

from collector.connecting.callback import read_query
from collector.connecting.connection import Connection, Wish
from collector.connecting.service import Connected
from collector.demo.consent import ConsentPage
from collector.demo.standin import StandIn
from collector.platforms import get_connector, list_connectors
from collector.settings import env_name, list_addresses
from collector.wiring import Application
from connectors.kit import Consent


def app_settings(standin: StandIn) -> dict[str, str]:
    """Return the settings of an office that has its applications, and no account: addresses and shared keys."""
    whole, kept = standin.environment(), set()
    for connector in list_connectors():
        shared = {name for group in connector.shared for name in group} - {"api_key"}
        kept |= {env_name(connector.Keys.model_fields[name]) for name in shared}
        kept |= {one.setting for one in list_addresses(connector)}
    return {name: value for name, value in whole.items() if name in kept}


@dataclass
class Person:
    """Somebody with a browser who allows, or does not. Plain HTTP, so that it sits at any machine."""

    account: str = "office"
    decision: str = "allow"
    withhold: tuple[str, ...] = ()
    shown: str = ""

    def answer(self, address: str) -> str:
        """Open the page, decide, and return the address that the browser is sent to."""
        with httpx.Client(trust_env=False) as browser:
            page = browser.get(address)
            if page.status_code == 302:
                return str(page.headers["location"])
            assert page.status_code == 200, page.text
            scopes = [unescape(one) for one in re.findall(r'name="(scope:[^"]+)"', page.text)]
            form = {name: "on" for name in scopes if not name.endswith(self.withhold or ("nothing",))}
            decided = browser.post(address, data={**form, "account": self.account, "decision": self.decision})
            assert decided.status_code == 302, decided.text
            return str(decided.headers["location"])

    def type_code(self, address: str, code: str) -> None:
        """Type a code on the page of another device, and decide."""
        with httpx.Client(trust_env=False) as browser:
            assert browser.get(address).status_code == 200
            decided = browser.post(address, data={"user_code": code, "decision": self.decision})
            assert decided.status_code == 200

    def come_back(self, address: str) -> None:
        """Answer, and let the browser follow."""
        with httpx.Client(trust_env=False) as browser:
            self.shown = browser.get(self.answer(address)).text


def consent_page(standin: StandIn, slug: str) -> ConsentPage:
    """Return the page of a platform where people allow it."""
    contract: Any = standin.contracts[slug]
    return {"youtube": lambda: contract.pages, "x": lambda: contract, "tiktok": lambda: contract.display}[
        slug
    ]().consent


def begin(application: Application, slug: str, way: str = "", **wish: object) -> Connection:
    """Begin a connecting."""
    connector = get_connector(slug)
    chosen = next(one for one in connector.ways if way in ("", one.name))
    return application.connecting.open(Wish(connector, chosen, **wish))


def allow(connection: Connection, person: Person, redirect_uri: str = "") -> None:
    """Let a person allow it, and take the answer."""
    way = connection.way
    assert isinstance(way, Consent)
    place = way.redirect
    address = redirect_uri or f"http://{place.host}:{place.port or 4567}{place.path}"
    ended_at = person.answer(connection.invite(address))
    connection.accept(read_query(urlsplit(ended_at).query, way.codes))


def finish(application: Application, connection: Connection, number: int = 0) -> Connected:
    """Choose an account and connect it."""
    return application.connecting.choose(connection, connection.look()[number])


def is_asked(office: Office, slug: str) -> bool:
    """Whether the account's platform answers to what was sealed: as good a proof as a collection, and far quicker."""
    checked = office.run("accounts", "check", "--json", status=None).json["accounts"]
    return [one["ok"] for one in checked if one["platform"] == slug] == [True]


def connect(application: Application, slug: str, person: Person | None = None, **wish: object) -> Connected:
    """Connect an account by consent, from the beginning to the end."""
    connection = begin(application, slug, **wish)
    allow(connection, person or Person())
    return finish(application, connection)


@dataclass
class Terminal:
    """A real terminal with the guide in it."""

    running: Running
    master: int
    said: str = ""
    _from: int = 0

    def wait_for(self, pattern: str) -> str:
        """Return what the guide says next that looks so."""
        while not (found := re.search(pattern, self.said[self._from :])):
            ready, _, _ = select.select([self.master], [], [], 30)
            assert ready, f"waiting for {pattern!r}: {self.said}"
            try:
                more = os.read(self.master, 65_536)
            except OSError:
                more = b""
            assert more, f"ended before {pattern!r}: {self.said}"
            self.said += more.decode().replace("\r\n", "\n")
        self._from += found.end()
        return found[0]

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self.master, f"{line}\n".encode())

    def end(self, status: int = 0) -> str:
        """Wait for the guide's end and return all that it said."""
        while self.running.process.is_alive() or select.select([self.master], [], [], 0)[0]:
            if select.select([self.master], [], [], 0.05)[0]:
                self.said += os.read(self.master, 65_536).decode().replace("\r\n", "\n")
        self.running.process.join(30)
        assert self.running.process.exitcode == status, self.said
        return self.said


@dataclass
class Terminals:
    """Opens terminals, and closes them in the end."""

    office: Office
    opened: list[Terminal] = field(default_factory=list)
    slaves: list[int] = field(default_factory=list)

    def start(self, *words: str) -> Terminal:
        """Run `collector connect` in a terminal."""
        master, slave = os.openpty()
        self.slaves.append(slave)
        running = self.office.start("connect", *words, terminal=Path(os.ttyname(slave)))
        self.opened.append(Terminal(running, master))
        return self.opened[-1]

    def close(self) -> None:
        """Close them."""
        for terminal in self.opened:
            if terminal.running.process.is_alive():
                terminal.running.kill()
            os.close(terminal.master)
        for slave in self.slaves:
            os.close(slave)
