"""The loopback ways with a real browser: what a person clicks, and where it ends.

These need a Chromium on the machine. Where there is none they are not run, and say so by name.
"""

import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from connecting_office import Terminals
from office import Office

from collector.demo.standin import StandIn

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
PAGE = r"http://127\.0\.0\.1:\d+/\w+-authorize/\S+"

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="NOT RUN: no Chromium (connecting in a real browser)")


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Start a browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def port(standin: StandIn) -> int:
    """Return a free port that is registered where a platform wants it to be."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        number = int(one.getsockname()[1])
    standin.contracts["x"].redirects.add(f"http://127.0.0.1:{number}/callback")
    return number


@pytest.mark.parametrize("slug", ["youtube", "x", "tiktok"])
def test_a_person_allows_it_in_a_browser(
    office: Office, terminals: Terminals, browser: "Browser", slug: str, port: int
) -> None:
    """Pages, redirects, favicons and spare connections are the browser's own; the guide must live with all of them."""
    terminal = terminals.start(slug, "--no-browser", "--port", str(port))
    page = browser.new_page()
    page.goto(terminal.wait_for(PAGE))
    if slug == "tiktok":
        page.get_by_label("user.info.stats").uncheck()
    page.get_by_role("button", name="Izinkan").click()
    page.get_by_role("heading", name="Izin diterima").wait_for()
    shown = page.content()
    page.close()
    said = terminal.end()

    assert "Tab ini boleh ditutup" in shown
    assert "Tersambung: " in said
    assert ("user.info.stats: pengikut dan pertumbuhannya" in said) is (slug == "tiktok")
    assert office.rows("SELECT platform, state FROM accounts") == [(slug, "active")]


def test_a_person_refuses_in_a_browser(office: Office, terminals: Terminals, browser: "Browser") -> None:
    """The other button is there to be pressed."""
    terminal = terminals.start("youtube", "--no-browser")
    page = browser.new_page()
    page.goto(terminal.wait_for(PAGE))
    page.get_by_role("button", name="Tolak").click()
    page.get_by_role("heading", name="Izin tidak diberikan").wait_for()
    page.close()

    assert "Izin tidak diberikan di halaman YouTube" in terminal.end(1)
    assert office.counts()["accounts"] == 0
