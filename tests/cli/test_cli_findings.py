"""An account that was hacked, got back, lost and replaced: what the office sees, decides and reports."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from office import START, Office

from collector.clock import SetClock
from collector.demo.standin import Fault, StandIn, telling

OTHER = "0f1e2d3c-aaaa-bbbb-cccc-1234567890ab"
PROFILE = "TIKTOK_API_URL GET /v2/user/info"


@contextmanager
def showing(standin: StandIn, **members: Any) -> Iterator[None]:
    """Let the platform tell other things of the account."""
    fault = Fault(PROFILE, telling(members), times=None)
    standin.faults.append(fault)
    yield
    standin.faults.remove(fault)


def plain(office_with: Callable[..., Office]) -> Office:
    """Return an office with one account, without the service of days: what tells who it is, is the same."""
    office = office_with("tiktok")
    return Office({name: one for name, one in office.environment.items() if "BUSINESS" not in name}, office.clock)


@pytest.fixture
def tiktok(office_with: Callable[..., Office]) -> Office:
    """An office with one account, collected for two mornings."""
    office = plain(office_with)
    for _ in range(2):
        another_morning(office)
    return office


def another_morning(office: Office, status: int = 0) -> dict[str, Any]:
    """Collect, and let a day pass."""
    outcome = office.collect(status=status)["tiktok"]
    office.clock.move_to(office.clock.now() + timedelta(days=1))
    return outcome


def waiting(office: Office, *words: str) -> dict[str, dict[str, Any]]:
    """Return the findings by code; there must be one of each."""
    found = office.run("findings", "list", *words, "--json").json["findings"]
    assert len({one["code"] for one in found}) == len(found)
    return {one["code"]: one for one in found}


def followers(office: Office) -> list[tuple[int, bool, bool]]:
    return [
        (one["value"], one["held"], one["refused"])
        for one in office.readings("--metric", "followers") if one["measure"] == "followers:account:now"
    ]  # fmt: skip


def growth(office: Office) -> dict[str, Any]:
    changes = office.run("growth", "2027-01", "--json").json["changes"]
    [found] = [one for one in changes if one["measure"] == "followers:account:now"]
    return dict(found)


def report(office: Office, folder: Path, *words: str, form: str = "html") -> list[str]:
    """Make the report and read back what its page, or its page and its Word file, say."""
    made = office.run("report", "2027-01", "--format", form, "--out", folder, "--json", *words).json
    return [_read_word(path) if path.endswith(".docx") else Path(path).read_text("utf-8") for path in made["files"]]


def _read_word(path: str) -> str:
    document = Document(path)
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_usual_account_raises_nothing(tiktok: Office) -> None:
    """A question a night would be read by nobody on the night that matters."""
    assert waiting(tiktok, "--all") == {}
    assert all(not held and not refused for _, held, refused in followers(tiktok))
    assert "Tidak ada temuan" in tiktok.run("findings", "list").out


def test_a_hacked_account_from_the_first_night_to_the_owners_return(
    tiktok: Office, standin: StandIn, tmp_path: Path
) -> None:
    """Renamed, with another link and bought followers: held and asked once; out of the report by a no, in by a yes."""
    usual = followers(tiktok)[-1][0]
    with showing(standin, display_name="Undian Berhadiah", bio_description="klik https://judi.example",
                 username="undian_88", follower_count=usual * 5):  # fmt: skip
        for _ in range(5):
            another_morning(tiktok)

    found = waiting(tiktok)
    assert set(found) == {"account.renamed", "account.handle", "account.bio", "followers.jump"}
    renamed, jump = found["account.renamed"], found["followers.jump"]
    assert (renamed["after"], renamed["since"][:10], renamed["about"]) == ("Undian Berhadiah", "2027-01-07", "name")
    assert (jump["before"], jump["after"]) == (usual, usual * 5)
    [account] = tiktok.run("accounts", "list", "--json").json["accounts"]
    assert (account["account"], account["findings"]) == ("kpu_contoh", 4), "shown as before until somebody says yes"
    assert tiktok.run("history", "--account", "undian_88", "--json").json["readings"], "found by both handles at once"
    assert followers(tiktok)[-5:] == [(usual * 5, True, False)] * 5, "three days prove nothing while it is in doubt"
    held = growth(tiktok)
    assert (held["end"], held["flags"]) == (usual, ["first_in_period", "held"])
    for text in report(tiktok, tmp_path):
        assert "menunggu konfirmasi" in text
        assert "nama akun berubah dari" in text and "belum dikonfirmasi" in text

    said = tiktok.run("findings", "refuse", str(jump["id"]), "--by", "Ani", "--note", "bukan kami").out
    assert "tidak dipakai dalam laporan" in said
    tiktok.run("findings", "refuse", str(renamed["id"]), "--by", "Ani")
    assert followers(tiktok)[-5:] == [(usual * 5, False, True)] * 5
    refused = growth(tiktok)
    assert (refused["end"], refused["flags"]) == (usual, ["first_in_period", "refused"])
    code = jump["about"]
    assert tiktok.run("trace", code, "--json").json["reading"]["refused"] is True
    assert "ditolak" in tiktok.run("trace", code).out
    assert f"{usual * 5} (ditolak)" in tiktok.run("history", "--metric", "followers").out
    for text in report(tiktok, tmp_path, form="html,docx"):
        assert "angka 7–11 Januari 2027 ditolak dan tidak dipakai" in text
        assert "bukan oleh kantor" in text

    with showing(standin, follower_count=usual * 5):  # the owner is back; the followers stay for now
        for _ in range(3):
            another_morning(tiktok)
        again = waiting(tiktok)["followers.jump"]
        assert again["id"] != jump["id"]
        for one in waiting(tiktok).values():
            tiktok.run("findings", "accept", str(one["id"]), "--by", "Budi")
    assert waiting(tiktok) == {}
    taken = growth(tiktok)
    assert (taken["end"], taken["flags"]) == (usual * 5, ["first_in_period", "leap", "refused"])
    for text in report(tiktok, tmp_path):
        assert "kenaikan tidak biasa pada 13 Januari 2027, dikonfirmasi" in text
    english = report(tiktok, tmp_path, "--lang", "en")
    assert all("an unusual rise on 13 January 2027, confirmed" in text for text in english)


def test_a_change_that_the_office_made_is_confirmed_and_the_history_goes_on(
    tiktok: Office, standin: StandIn, tmp_path: Path
) -> None:
    """After an election the office calls itself otherwise: one account, one line, and the report tells it."""
    with showing(standin, username="kpu_kota_contoh", display_name="KPU Kota Contoh Baru"):
        for _ in range(3):
            another_morning(tiktok)
        found = waiting(tiktok)
        assert set(found) == {"account.renamed", "account.handle"}, "every night, and one question each"
        for one in found.values():
            tiktok.run("findings", "accept", str(one["id"]), "--by", "Ani")
        [account] = tiktok.run("accounts", "list", "--json").json["accounts"]
        assert (account["account"], account["name"]) == ("kpu_kota_contoh", "KPU Kota Contoh Baru")
        another_morning(tiktok)
        assert waiting(tiktok) == {}
    assert len(followers(tiktok)) == 6
    assert tiktok.run("history", "--account", "kpu_contoh", "--json").json["readings"], "found as it was called before"
    [page] = report(tiktok, tmp_path)
    assert "menjadi “KPU Kota Contoh Baru” sejak 7 Januari 2027; dikonfirmasi kantor" in page

    another_morning(tiktok)  # it is called as before again: that is a change like any other
    assert set(waiting(tiktok)) == {"account.renamed", "account.handle"}


def test_a_change_that_went_back_by_itself_still_waits_for_a_word(tiktok: Office, standin: StandIn) -> None:
    """Somebody was in there for two nights; nobody would look again at a name that is right."""
    with showing(standin, display_name="Undian Berhadiah"):
        another_morning(tiktok)
        another_morning(tiktok)
    another_morning(tiktok)
    another_morning(tiktok)

    [renamed] = waiting(tiktok).values()
    assert (renamed["since"][:10], renamed["until"][:10]) == ("2027-01-07", "2027-01-09")
    assert "kembali seperti semula 9 Januari 2027" in tiktok.run("findings", "list").out
    tiktok.run("findings", "accept", str(renamed["id"]))
    [account] = tiktok.run("accounts", "list", "--json").json["accounts"]
    assert account["name"] != "Undian Berhadiah"
    another_morning(tiktok)
    assert waiting(tiktok) == {}


def test_a_leap_alone_is_taken_after_three_more_days(tiktok: Office, standin: StandIn, tmp_path: Path) -> None:
    """A video that went round the country: nobody need say anything, and the report tells it all the same."""
    usual = followers(tiktok)[-1][0]
    with showing(standin, follower_count=usual * 3):
        for _ in range(3):
            another_morning(tiktok)
        assert waiting(tiktok)["followers.jump"]["state"] == "open"
        assert growth(tiktok)["end"] == usual
        another_morning(tiktok)

    assert waiting(tiktok) == {}
    assert waiting(tiktok, "--all")["followers.jump"]["by"] == "collector"
    assert growth(tiktok)["end"] == usual * 3
    [page] = report(tiktok, tmp_path)
    assert "kenaikan tidak biasa pada 7 Januari 2027, diterima karena tiga hari berikutnya tetap sama" in page

    jump = waiting(tiktok, "--all")["followers.jump"]
    before = tiktok.clock.now() - timedelta(minutes=1)
    tiktok.run("findings", "refuse", str(jump["id"]), "--by", "Ani")
    assert growth(tiktok)["end"] == usual
    known = tiktok.run("growth", "2027-01", "--json", "--as-of", before.isoformat()).json["changes"]
    assert next(one for one in known if one["measure"] == "followers:account:now")["end"] == usual * 3


def test_another_accounts_key_writes_nothing_and_a_no_asks_for_the_right_one(tiktok: Office, standin: StandIn) -> None:
    """One wrong paste would put another office's figures into this history for good."""
    history = ("readings", "posts", "gaps", "coverage", "series", "accounts", "handles")
    before = [tiktok.counts()[name] for name in history]
    with showing(standin, open_id=OTHER, username="kpu_lain", follower_count=99_999):
        for _ in range(3):
            outcome = another_morning(tiktok, status=1)
    assert (outcome["outcome"], outcome["error"]["code"], outcome["readings"]) == ("failed", "access.other_account", 0)
    assert "collector findings" in outcome["error"]["hint"]
    assert [tiktok.counts()[name] for name in history] == before
    [asked] = waiting(tiktok).values()
    assert (asked["code"], asked["about"]) == ("account.other_id", OTHER)

    said = tiktok.run("findings", "refuse", str(asked["id"])).out
    assert "sambungkan kpu_contoh ulang" in said
    with showing(standin, open_id=OTHER):
        another_morning(tiktok, status=1)
    assert waiting(tiktok) == {}
    [account] = tiktok.run("accounts", "list", "--json").json["accounts"]
    assert account["state"] == "reconnect"
    assert another_morning(tiktok)["outcome"] == "ok"
    [account] = tiktok.run("accounts", "list", "--json").json["accounts"]
    assert account["state"] == "active"


def test_a_key_that_is_put_right_settles_the_question(tiktok: Office, standin: StandIn) -> None:
    """The office pasted the right key the next morning: there is nothing to decide any more."""
    with showing(standin, open_id=OTHER):
        another_morning(tiktok, status=1)
    [asked] = waiting(tiktok).values()
    another_morning(tiktok)

    assert waiting(tiktok) == {}
    said = tiktok.run("findings", "accept", str(asked["id"]), status=2).err
    assert "sudah selesai sendiri" in said


def test_a_lost_account_is_succeeded_with_a_visible_seam(tiktok: Office, standin: StandIn, tmp_path: Path) -> None:
    """The office gave up on the stolen one and made another: two histories, one seam, no growth across it."""
    usual = followers(tiktok)[-1][0]
    new = {"open_id": OTHER, "username": "kpu_contoh_resmi", "display_name": "KPU Contoh Resmi", "follower_count": 40}
    with showing(standin, **new):
        another_morning(tiktok, status=1)
        [asked] = waiting(tiktok).values()
        said = tiktok.run("findings", "accept", str(asked["id"]), "--by", "Ani").out
        assert "kpu_contoh_resmi menggantikan kpu_contoh" in said
        assert "Ganti juga kpu_contoh dalam pengaturan akun ini menjadi kpu_contoh_resmi." in said
        assert "menggantikan kpu_contoh" in tiktok.run("accounts", "list").out
        for _ in range(3):
            assert another_morning(tiktok)["account"] == "kpu_contoh_resmi"

    accounts = {one["account"]: one for one in tiktok.run("accounts", "list", "--json").json["accounts"]}
    old, successor = accounts["kpu_contoh"], accounts["kpu_contoh_resmi"]
    assert (old["state"], old["connected"]) == ("replaced", False)
    assert (successor["id"], successor["state"], successor["succeeds"]) == (OTHER, "active", "kpu_contoh")
    changes = tiktok.run("growth", "2027-01", "--json").json["changes"]
    seen = {one["account"]: one for one in changes if one["measure"] == "followers:account:now"}
    assert seen["kpu_contoh"]["end"] == usual
    assert (seen["kpu_contoh_resmi"]["end"], seen["kpu_contoh_resmi"]["difference"]) == (40, None)
    assert seen["kpu_contoh_resmi"]["flags"] == ["account_replaced"]
    assert {one["account"] for one in tiktok.readings("--metric", "followers")} == {"kpu_contoh", "kpu_contoh_resmi"}
    owners = dict(tiktok.rows("SELECT account_id, count(*) FROM posts GROUP BY account_id"))
    assert owners[old["number"]] and owners[successor["number"]], "the posts of each stay its own"
    for text in report(tiktok, tmp_path, form="html,docx"):
        assert "Akun pengganti sejak 7 Januari 2027 menggantikan kpu_contoh" in text
        assert "Akun ini digantikan kpu_contoh_resmi sejak 7 Januari 2027" in text
        assert "akun pengganti sejak 7 Januari 2027, tidak dibandingkan" in text
    said = tiktok.run("accounts", "resume", "kpu_contoh", status=2).err
    assert "sudah digantikan" in said
    assert "tidak dapat ditarik kembali" in tiktok.run("findings", "refuse", str(asked["id"]), status=2).err

    tiktok.clock.move_to(START + timedelta(days=200))
    later = tiktok.run("report", "2027-07", "--format", "html", "--out", tmp_path, "--json").json["files"][0]
    assert "kpu_contoh)" not in Path(later).read_text("utf-8"), "the old one is of the past"


def test_a_successor_is_added_by_its_handle_before_it_is_connected(bare: Office) -> None:
    """Typed figures alone: the office has no keys yet; and the new account took the old name again."""
    bare.run("record", "--platform", "instagram", "--account", "kpu_contoh", "--metric", "followers", "--value", "1240",
             "--at", "2026-12-31")  # fmt: skip
    said = bare.run(
        "accounts", "add", "instagram", "kpu_contoh", "--succeeds", "kpu_contoh", "--since", "2027-01-03"
    ).out
    assert "menggantikan" in said
    bare.run("record", "--platform", "instagram", "--account", "kpu_contoh", "--metric", "followers", "--value", "55")

    rows = {one["number"]: one for one in bare.run("accounts", "list", "--json").json["accounts"]}
    assert {one["state"] for one in rows.values()} == {"replaced", "active"}
    assert len(bare.readings("--account", "kpu_contoh")) == 2
    changes = bare.run("growth", "2027-01", "--json").json["changes"]
    assert [(one["end"], one["difference"], one["flags"]) for one in changes] == [
        (None, None, ["no_reading_in_period", "manual"]), (55, None, ["account_replaced", "manual"]),
    ]  # fmt: skip
    for words in (["nobody"], ["kpu_contoh", "--since", "besok lusa"]):
        bare.run("accounts", "add", "instagram", "lagi", "--succeeds", *words, status=2)
    circle = bare.run("accounts", "add", "x", "kpu", "--succeeds", "kpu_contoh", status=2).err
    assert "kpu_contoh" in circle


def test_which_typed_account_is_meant_is_answered_with_its_name(office_with: Callable[..., Office]) -> None:
    """Two typed accounts, one collected: the answer joins the two histories."""
    office = plain(office_with)
    for name, value in (("humas kami", "700"), ("arsip", "20")):
        office.run("record", "--platform", "tiktok", "--account", name, "--metric", "followers", "--value", value,
                   "--at", "2026-12-30")  # fmt: skip
    another_morning(office)
    [asked] = waiting(office).values()
    assert asked["code"] == "account.which"
    number = str(asked["id"])

    assert "--account NAMA" in office.run("findings", "accept", number, status=2).err
    assert "Tidak ada akun" in office.run("findings", "accept", number, "--account", "entah", status=2).err
    assert "Digabung" in office.run("findings", "accept", number, "--account", "Humas Kami", "--by", "Ani").out
    assert waiting(office) == {}
    assert {one["value"] for one in office.readings("--account", "humas kami")} >= {700}
    assert len(office.run("accounts", "list", "--json").json["accounts"]) == 2

    other = office_with("tiktok")
    assert other.run("findings", "accept", number, "--account", "arsip", status=2).err


def test_accounts_bind_answers_the_question_too(office_with: Callable[..., Office]) -> None:
    """Who joins them by hand need not answer besides."""
    office = plain(office_with)
    for name in ("humas", "arsip"):
        office.run("accounts", "add", "tiktok", name)
    another_morning(office)
    assert set(waiting(office)) == {"account.which"}
    office.run("accounts", "bind", "arsip", "kpu_contoh")

    assert waiting(office) == {}


@pytest.mark.parametrize("words", [("accept", "77"), ("refuse", "77"), ("accept", "satu"), ("refuse",), ("lainnya",)])
def test_a_question_that_is_not_there_is_one_sentence(bare: Office, words: tuple[str, ...]) -> None:
    """A mistyped number is the usual mistake."""
    said = bare.run("findings", *words, status=2)

    assert said.out == ""
    assert "Traceback" not in said.err


def test_open_questions_are_said_wherever_the_office_looks(tiktok: Office, standin: StandIn) -> None:
    """Nobody opens a list that is not spoken of."""
    with showing(standin, display_name="Undian Berhadiah"):
        said = tiktok.run("collect", "now").err
        assert "Undian Berhadiah" in said and "collector findings list" in said
        assert "Undian Berhadiah" in tiktok.run("accounts", "check").err
        assert "Undian Berhadiah" in tiktok.run("accounts", "check", "--json").json["findings"][0]
        assert "1 temuan" in tiktok.run("accounts", "list").out
        told = [one for one in tiktok.run("doctor", "--json").json["findings"] if one["id"] == "account.findings"]
    assert len(told) == 1
    [asked] = waiting(tiktok).values()
    for _ in range(2):
        status = 2 if _ else 0
        tiktok.run("findings", "accept", str(asked["id"]), status=status)


def test_two_offices_are_asked_of_their_own_accounts(
    tiktok: Office, standin: StandIn, clock: SetClock, tmp_path: Path
) -> None:
    """The province's machine holds fourteen; what one decides changes nothing for another."""
    usual = followers(tiktok)[-1][0]
    tiktok.run("init", "--name", "KPU Contoh", "--slug", "kpu-contoh")
    tiktok.run("import", two_offices(tmp_path))
    with showing(standin, follower_count=usual * 4):
        another_morning(tiktok)
    tiktok.run("findings", "refuse", str(waiting(tiktok)["followers.jump"]["id"]))

    assert tiktok.run("findings", "list", "--office", "tetangga", "--all", "--json").json["findings"] == []
    assert len(tiktok.run("findings", "list", "--office", "kpu-contoh", "--all", "--json").json["findings"]) == 1
    theirs = tiktok.run("history", "--office", "tetangga", "--json").json["readings"]
    assert [(one["value"], one["refused"]) for one in theirs] == [(2948, False)]
    tiktok.run("accounts", "add", "tiktok", "baru", "--succeeds", "kpu_tetangga", "--office", "kpu-contoh", status=2)


def two_offices(folder: Path) -> Path:
    table = folder / "tetangga.csv"
    table.write_text(
        "office,platform,account,metric,value,at\ntetangga,tiktok,kpu_tetangga,followers,2948,2027-01-05\n"
    )
    return table
