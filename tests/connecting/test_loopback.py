"""Where the browser comes back to: one answer, with the right state, and nothing else."""

from urllib.parse import urlencode

import httpx
import pytest

from collector import language
from collector.connecting.callback import read_pasted
from collector.connecting.loopback import Loopback
from collector.connecting.proof import make_proof
from connectors.kit import Pkce


def ask(address: str, **query: str) -> httpx.Response:
    """Come by as a browser would."""
    with httpx.Client(trust_env=False) as browser:
        return browser.get(f"{address}?{urlencode(query)}" if query else address)


def test_only_an_answer_with_the_right_state_ends_the_waiting() -> None:
    """A second one, a stranger and the browser's own icon get a page, and change nothing."""
    with Loopback("127.0.0.1", 0, "/callback", ("code",)) as door:
        assert door.wait(lambda state: state == "mine", 0.01) is None
        assert ask(door.address, code="theirs", state="other").status_code == 400
        assert ask(door.address, state="mine").status_code == 400
        assert ask(door.address.replace("/callback", "/favicon.ico")).status_code == 404
        assert ask(door.address, code="4/0 A*!", state="mine").status_code == 200
        assert ask(door.address, code="second", state="mine").status_code == 400
        callback = door.wait(lambda state: state == "mine", 5)

    assert callback is not None
    assert (callback.code, callback.error) == ("4/0 A*!", "")
    assert door.had_stranger
    assert "4/0 A*!" not in repr(callback)


def test_the_page_says_that_it_can_be_closed_and_keeps_nothing() -> None:
    """In the language of the guide; no copy of it stays in a browser or goes anywhere else."""
    with Loopback("localhost", 0, "/", ("code",)) as door:
        door.wait(lambda state: True, 0.01)
        language.use("en")
        page = ask(door.address.replace("localhost", "127.0.0.1"), error="access_denied", state="mine<script>")

    assert door.address.startswith("http://localhost:")
    assert "You may close this tab" in page.text
    assert "script" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("pkce", list(Pkce))
def test_each_proof_is_new(pkce: Pkce) -> None:
    """A state that could be guessed would be none."""
    first, second = make_proof(pkce), make_proof(pkce)

    assert first.state != second.state
    assert (first.verifier != second.verifier) is (pkce is not Pkce.NONE)
    assert first.is_mine(first.state)
    assert not first.is_mine(second.state)
    assert not first.is_mine("")
    assert not first.is_mine("tidak-ascii-é")


def test_the_challenge_is_written_as_the_platform_wants_it() -> None:
    """A wrong one shows up only when the code is traded in (tiktok.md §2)."""
    base64url, hexadecimal = make_proof(Pkce.BASE64URL), make_proof(Pkce.HEX)

    assert len(base64url.challenge) == 43
    assert "=" not in base64url.challenge
    assert len(hexadecimal.challenge) == 64
    assert int(hexadecimal.challenge, 16) >= 0
    assert 43 <= len(base64url.verifier) <= 128


@pytest.mark.parametrize(
    "line",
    [
        "http://127.0.0.1:8765/callback?code=4%2F0A%2A%21&state=s1&scope=a+b",
        "  'https://kpu.example/?state=s1&code=4%2F0A%2A%21#_'  ",
        "127.0.0.1:8765/callback?code=4%2F0A%2A%21&state=s1",
        "?code=4%2F0A%2A%21&state=s1",
        "code=4%2F0A%2A%21&state=s1",
        "http://127.0.0.1:8765/callback?code=4%2F0A\n   %2A%21&state=s1",
    ],
)
def test_an_address_is_read_however_it_was_copied(line: str) -> None:
    """Broken over lines, between quotes, without its beginning; signs that are spelled otherwise are put back."""
    callback = read_pasted(line, ("code",))

    assert (callback.code, callback.state) == ("4/0A*!", "s1")


def test_the_code_may_have_another_name() -> None:
    """One service calls it otherwise for some of its users (tiktok.md §4.1)."""
    assert read_pasted("https://kpu.example/?auth_code=abc&state=s", ("code", "auth_code")).code == "abc"
