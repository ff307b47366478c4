"""The guide as the person in front of a real terminal has it, with a browser beside it that is spoken for here."""

import socket
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from connecting_office import Person, Terminals, is_asked
from office import Office

from collector.demo.contracts.youtube import API_KEY, CHANNEL_ID
from collector.demo.contracts.youtube.sign_in import CLIENT_ID, CLIENT_SECRET
from collector.demo.standin import StandIn

PAGE = r"http://127\.0\.0\.1:\d+/\w+-authorize/\S+"


@pytest.fixture
def port(standin: StandIn) -> int:
    """Return a free port that is registered where a platform wants it to be."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        number = int(one.getsockname()[1])
    standin.contracts["x"].redirects.add(f"http://127.0.0.1:{number}/callback")
    return number


@pytest.mark.parametrize("slug", ["youtube", "x", "tiktok"])
def test_the_guide_leads_to_a_connected_account(office: Office, terminals: Terminals, slug: str, port: int) -> None:
    """What is read, that nothing can be posted, what to have ready, each step, and how it ended."""
    person = Person(withhold=("yt-analytics.readonly",))
    terminal = terminals.start(slug, "--no-browser", "--by", "Siti", "--port", str(port))
    person.come_back(terminal.wait_for(PAGE))
    said = terminal.end()

    for part in ("Yang dibaca: ", "hanya membaca", "Izin yang diminta:", "Siapkan:", "Langkah:", "Tersambung: "):
        assert part in said, part
    assert "boleh ditutup" in person.shown
    assert ("Izin yang tidak diberikan" in said) is (slug == "youtube")
    assert office.rows("SELECT person, way FROM accesses") == [("Siti", "browser")]


def test_what_is_missing_is_asked_for_and_a_secret_is_not_shown(office: Office, terminals: Terminals) -> None:
    """An office begins with nothing in its settings; what is typed unseen stands nowhere on the screen."""
    del office.environment["GOOGLE_CLIENT_ID"], office.environment["GOOGLE_CLIENT_SECRET"]
    terminal = terminals.start("youtube", "--no-browser", "--lang", "en")
    terminal.wait_for("Google application ID")
    terminal.type(CLIENT_ID)
    terminal.wait_for(r"Google application secret \(not shown\)")
    terminal.type(CLIENT_SECRET)
    Person().come_back(terminal.wait_for(PAGE))
    said = terminal.end()

    assert "Connected: KPU Contoh" in said
    assert CLIENT_SECRET not in said
    assert is_asked(office, "youtube")  # its own keys do, no setting is needed


def test_the_address_is_pasted_where_the_browser_is_elsewhere(office: Office, terminals: Terminals) -> None:
    """A server in a cupboard: the browser on the laptop ends at a page that is not there, and its address is enough."""
    terminal = terminals.start("tiktok", "--paste")
    ended_at = Person().answer(terminal.wait_for(PAGE))
    terminal.wait_for("Tempel alamatnya")
    terminal.type(ended_at)
    said = terminal.end()

    assert "Tersambung: " in said
    assert ended_at not in said
    assert ended_at.startswith("http://localhost:8765/callback/?code=")


def test_a_server_hurries_whoever_pastes_a_code_that_lives_for_seconds(terminals: Terminals) -> None:
    """X's dies after thirty (x.md §2)."""
    terminal = terminals.start("x", "--paste")
    terminal.wait_for("hanya berlaku 30 detik")
    terminal.wait_for("Tempel alamatnya")
    terminal.type("http://127.0.0.1:8765/callback?error=access_denied&state=somebody-elses")

    assert "tandanya tidak cocok" in terminal.end(1)


def test_nobody_answers(terminals: Terminals) -> None:
    """The guide ends by itself, and says what to do where the browser is on another machine."""
    said = terminals.start("youtube", "--no-browser", "--wait", "0.01").end(1)

    assert "Tidak ada jawaban dari browser" in said
    assert "--paste" in said


def test_an_answer_with_another_state_is_not_taken(terminals: Terminals, port: int) -> None:
    """An old tab, or somebody who tries: the person sees why, and the guide says it in the end."""
    terminal = terminals.start("youtube", "--no-browser", "--wait", "0.03", "--port", str(port))
    terminal.wait_for("Menunggu jawaban")
    with httpx.Client(trust_env=False, base_url=f"http://127.0.0.1:{port}") as browser:
        stranger = browser.get("/?code=4/0AbCdEf&state=guessed")
        icon = browser.get("/favicon.ico")

    assert (stranger.status_code, icon.status_code) == (400, 404)
    assert "tandanya tidak cocok" in stranger.text
    assert "tandanya tidak cocok" in terminal.end(1)


def test_a_port_that_is_taken_is_said(office: Office, occupied: int) -> None:
    """Another program may listen where the browser is to come back to."""
    said = office.run("connect", "x", "--no-browser", "--port", str(occupied), status=2)

    assert f"Porta {occupied}" in said.err


@pytest.fixture
def occupied() -> Iterator[int]:
    """Return a port on which something listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as one:
        yield one.getsockname()[1]


# --- without a terminal ---------------------------------------------------------------------------------------------


def test_a_code_is_shown_for_another_device(office: Office, standin: StandIn) -> None:
    """The guide waits as the platform wants it, by the office's clock."""
    person, sleep = Person(), office.clock.sleep
    pages = standin.contracts["youtube"].pages

    def act(seconds: float) -> None:
        sleep(seconds)
        person.type_code(f"{standin.address_of('GOOGLE_AUTHORIZE_URL')}/device", "KPUC-0001")

    office.clock.sleep = act
    said = office.run("connect", "youtube", "--way", "perangkat").out

    assert pages
    assert "Ketik kode ini: KPUC-0001" in said
    assert "Tersambung: KPU Contoh" in said


def test_a_secret_comes_from_a_pipe_or_from_the_settings(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whoever sets up twenty offices by script puts the key in a file, never in an argument."""
    key = tmp_path_factory.mktemp("keys") / "key"
    key.write_text(API_KEY)

    by_pipe = office.run("connect", "youtube", "--way", "kunci", typed=f"{CHANNEL_ID}\n{API_KEY}\n")
    by_file = office.run("connect", "youtube", "--way", "kunci", typed="\n", YOUTUBE_API_KEY_FILE=str(key))

    assert "Tersambung: KPU Contoh" in by_pipe.out
    assert "Enter: pakai yang dari pengaturan" in by_file.out
    assert API_KEY not in by_pipe.out + by_file.out + by_pipe.err + by_file.err
    assert not [one for one in by_file.out.splitlines() if "--api" in one]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing",), "Platform nothing tidak dikenal"),
        (("youtube", "--way", "merpati"), "Yang ada: browser, perangkat, kunci"),
        (("youtube", "--office", "sambas"), "Kantor sambas tidak ada"),
        (("youtube", "--way", "kunci"), "YOUTUBE_CHANNEL_ID belum diisi"),
        (("tiktok", "--way", "bisnis", "--redirect", "http://kpu-contoh.example/"), "--redirect belum benar"),
    ],
)
def test_a_wrong_word_ends_with_one_sentence(office: Office, words: tuple[str, ...], said: str) -> None:
    """What, where, and how to mend it; exit status 2."""
    ended = office.run("connect", *words, status=2)

    assert said in ended.err
    assert ended.err.count("\n") == 1


def test_a_wrong_value_is_named_by_its_setting_and_not_shown(office: Office) -> None:
    """The sentence is the connector's own, and does not repeat what was typed."""
    said = office.run("connect", "website", "--way", "matomo", typed="https://kpu.example/\nG-ABCDEF\n", status=2)

    assert "Nilai MATOMO_SITE_ID belum benar" in said.err
    assert "G-ABCDEF" not in said.err
