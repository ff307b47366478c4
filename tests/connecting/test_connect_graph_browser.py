"""Each way to Meta by a real browser: the guide in a terminal, the dialog in Chromium, and back again."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from connecting_office import Terminal, Terminals
from office import Office

from collector.demo.contracts.facebook import PAGE_ID
from collector.demo.contracts.instagram import USER_ID

REGISTERED = "https://kab-contoh.kpu.example/"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Start a headless Chromium, where this machine has one."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("NOT RUN: no Chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="NOT RUN: no playwright")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    """Open a tab of a browser that remembers nothing."""
    context = chromium.new_context(locale="id-ID")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def allow(terminal: Terminal, tab: Any, *, leaves: str = "") -> None:
    """Open the address that the guide names, tick a box off if wanted, and allow it."""
    tab.goto(terminal.wait_for(r"http://127\.0\.0\.1:\S+oauth\S+"))
    if leaves:
        tab.locator(f'input[name="{leaves}"]').uncheck()
    tab.get_by_role("button", name="Lanjutkan").click()


def test_a_page_and_what_is_linked_to_it_by_a_browser(office: Office, terminals: Terminals, tab: Any) -> None:
    """The one sign-in that fills both, as somebody in an office does it."""
    terminal = terminals.start("facebook", "--way", "sekaligus", "--no-browser", "--by", "Siti")
    allow(terminal, tab, leaves="scope:read_insights")
    tab.wait_for_url("http://localhost:*/**")
    assert "Izin diterima" in tab.content()
    terminal.wait_for("Nomor akun kantor")
    terminal.type("1")
    said = terminal.end()

    assert f"KPU Kabupaten Contoh @kpucontoh ({PAGE_ID})" in said
    assert f"@kpu_contoh ({USER_ID})" in said
    assert "read_insights: tayangan, jangkauan" in said
    assert [row["platform"] for row in office.run("accounts", "list", "--json").json["accounts"]] == [
        "facebook", "instagram",
    ]  # fmt: skip


def test_denying_it_in_the_browser(office: Office, terminals: Terminals, tab: Any) -> None:
    """The tab and the guide both say so."""
    terminal = terminals.start("facebook", "--no-browser")
    tab.goto(terminal.wait_for(r"http://127\.0\.0\.1:\S+oauth\S+"))
    tab.get_by_role("button", name="Batal").click()
    tab.wait_for_url("http://localhost:*/**")
    assert "Izin tidak diberikan" in tab.content()

    assert "Izin tidak diberikan di halaman Facebook" in terminal.end(1)
    assert office.counts()["accounts"] == 0


def test_an_account_through_its_page_by_a_browser(terminals: Terminals, tab: Any) -> None:
    """The account is the one that is linked to the Page that was ticked."""
    terminal = terminals.start("instagram", "--way", "halaman", "--no-browser")
    allow(terminal, tab, leaves="page:711000000000002")
    said = terminal.end()

    assert f"@kpu_contoh ({USER_ID})" in said


def test_an_account_by_itself_by_a_browser(terminals: Terminals, tab: Any) -> None:
    """The platform wants https, so the browser ends at the office's own site, and what stands above it is pasted."""
    tab.route(f"{REGISTERED}**", lambda route: route.fulfill(status=404, body="Halaman tidak ada"))
    terminal = terminals.start("instagram", "--way", "instagram", "--redirect", REGISTERED)
    allow(terminal, tab)
    tab.wait_for_url(f"{REGISTERED}**")
    terminal.wait_for("Tempel alamatnya")
    terminal.type(tab.url)
    said = terminal.end()

    assert f"@kpu_contoh ({USER_ID})" in said
    assert tab.url not in said
