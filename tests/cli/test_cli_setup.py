"""`collector init` and `collector doctor`: the first day of an office, and the day when something is wrong."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from office import Office

from collector.demo.contracts.instagram import InstagramContract
from collector.demo.standin import StandIn
from collector.settings import KEY_FILE


def offices(office: Office) -> list[tuple[Any, ...]]:
    """Return what is known of each office."""
    return office.rows("SELECT slug, name, seat, zone FROM offices ORDER BY id")


PONTIANAK = ("kpu-kota-pontianak", "KPU Kota Pontianak", "Pontianak", "Asia/Jakarta")


def test_an_office_is_set_up_once_and_stays(bare: Office) -> None:
    """`init` is run again after every doubt: a second time must change nothing, with or without its words."""
    said = bare.run("init", "--name", "KPU Kota Pontianak", "--seat", "Pontianak", "--zone", "wib")
    assert "KPU Kota Pontianak (kpu-kota-pontianak, Asia/Jakarta)" in said.out
    assert str(bare.home) in said.out

    for words in ((), ("--name", "KPU Kota Pontianak"), ("--slug", "kpu-kota-pontianak")):
        bare.run("init", *words)
        assert offices(bare) == [PONTIANAK], words


def test_the_home_is_made_for_its_owner_alone(bare: Office) -> None:
    """Figures, answers and sealed sign-ins are in there; and the person is told that it was made."""
    said = bare.run("init")

    assert stat.S_IMODE(bare.home.stat().st_mode) == 0o700
    assert f"Folder data baru dibuat: {bare.home}" in said.err
    assert "baru dibuat" not in bare.run("init").err


def test_an_office_without_a_name_gets_one_when_it_is_known(bare: Office) -> None:
    """Figures are often typed first: they belong to the office that is named later."""
    bare.run("record", "--platform", "ig", "--account", "a", "--metric", "followers", "--value", "1", "--at", "2026-06")
    assert offices(bare) == [("default", "default", "", "Asia/Jakarta")]

    bare.run("init", "--name", "KPU Kota Pontianak", "--seat", "Pontianak")

    assert offices(bare) == [PONTIANAK]
    assert bare.readings()[0]["office"] == "kpu-kota-pontianak"


def test_what_is_given_changes_and_the_rest_stays(bare: Office) -> None:
    """A zone is corrected without typing all again; a short name of one's own survives."""
    bare.run("init", "--name", "KPU Kota Pontianak", "--seat", "Pontianak", "--slug", "ptk")

    bare.run("init", "--zone", "WITA")
    bare.run("init", "--slug", "ptk", "--seat", "Kota Pontianak")

    assert offices(bare) == [("ptk", "KPU Kota Pontianak", "Kota Pontianak", "Asia/Makassar")]


def test_another_name_is_another_office(bare: Office) -> None:
    """A province sets up its offices one after the other, and then has to say which is meant."""
    bare.run("init", "--name", "KPU Kota Pontianak", "--seat", "Pontianak")
    bare.run("init", "--name", "KPU Kabupaten Sambas", "--zone", "Asia/Pontianak")

    bare.run("init", "--name", "KPU Kota Pontianak", "--zone", "WIT")

    assert offices(bare) == [
        (*PONTIANAK[:3], "Asia/Jayapura"), ("kpu-kabupaten-sambas", "KPU Kabupaten Sambas", "", "Asia/Pontianak"),
    ]  # fmt: skip
    assert "kpu-kota-pontianak, kpu-kabupaten-sambas" in bare.run("init", status=2).err
    assert len(offices(bare)) == 2


@pytest.mark.parametrize("zone", ["Mars/Olympus", "WIBB", "../../etc/passwd", "Asia", ""])
def test_a_zone_that_is_none_is_refused(bare: Office, zone: str) -> None:
    """Every date of a report hangs on it."""
    bare.run("init", "--name", "A")

    said = bare.run("init", "--name", "A", "--zone", zone or " ", status=2)

    assert "tidak dikenal. Tulis WIB, WITA, WIT" in said.err
    assert offices(bare)[0][3] == "Asia/Jakarta"


def test_a_healthy_installation_is_said_to_be_so(office_with: Callable[..., Office]) -> None:
    """One sentence and status 0: the person may close the window."""
    office = office_with("instagram")
    office.collect()

    said = office.run("doctor")

    assert said.out.startswith("Semua aman.\n")
    assert office.run("doctor", "--json").json["findings"] == []


def test_findings_say_what_why_and_how_to_mend(office_with: Callable[..., Office], standin: StandIn) -> None:
    """A finding without a way to mend it only frightens."""
    office = office_with("instagram")
    cast(InstagramContract, standin.contracts["instagram"]).expired = True

    said = office.run("doctor", status=1)
    (finding,) = office.run("doctor", "--json", status=1).json["findings"]

    assert set(finding) == {"id", "level", "what", "why", "mend"}
    assert (finding["id"], finding["level"]) == ("account.answer", "error")
    assert all(finding.values())
    assert said.out.partition("\n\n")[0] + "\n" == (
        f"[penting] account.answer: {finding['what']}\n    {finding['why']}\n    -> {finding['mend']}\n"
    )


def test_a_warning_alone_ends_well(bare: Office) -> None:
    """A mistyped setting or an open folder is worth a word; collecting goes on, and scripts must not stop."""
    bare.run("init")
    bare.home.chmod(0o755)
    Path(bare.environment["COLLECTOR_ENV_FILE"]).write_text("INSTAGRM_USER_ID=1\n")

    said = bare.run("doctor", "--json")

    assert {one["id"]: one["level"] for one in said.json["findings"]} == {
        "home.private": "warning", "settings.unknown": "warning",
    }  # fmt: skip
    assert "Mungkin maksudnya INSTAGRAM_USER_ID?" in said.err
    (typo,) = [one for one in said.json["findings"] if one["id"] == "settings.unknown"]
    assert "INSTAGRM_USER_ID" in typo["what"]


def test_a_key_that_others_can_read_is_an_error(office_with: Callable[..., Office]) -> None:
    """Whoever reads the key file opens every sign-in."""
    office = office_with("youtube")
    office.collect()
    Path(office.environment[KEY_FILE]).chmod(0o644)

    findings = office.run("doctor", "--json", status=1).json["findings"]

    assert [(one["id"], one["level"]) for one in findings] == [("key.mode", "error")]


def test_a_key_is_there_whole_or_not_at_all(
    office_with: Callable[..., Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up, or a power cut, while the key is made must not leave half a key that opens nothing."""
    office = office_with("youtube")
    key = Path(office.environment[KEY_FILE])

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("collector.accounts.keyfile.os.fsync", full)
        ended = office.collect(status=1)["youtube"]

    assert ended["error"]["code"] == "setup"
    assert "tempat penyimpanan penuh" in ended["error"]["message"]
    assert list(key.parent.iterdir()) == []
    assert office.collect()["youtube"]["outcome"] == "ok"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_wrong_clock_is_found_on_the_very_first_day(office_with: Callable[..., Office], standin: StandIn) -> None:
    """Old office machines lose their clock: the platforms' own answers tell, before anything is collected."""
    office = office_with("instagram")
    real = standin.world.now
    standin.world.now = lambda: real().replace(hour=4)  # an hour ahead of the machine

    (finding,) = office.run("doctor", "--json", status=1).json["findings"]

    assert (finding["id"], finding["level"]) == ("clock.drift", "error")
    assert "60 menit lebih lambat" in finding["what"]


def test_every_command_works_on_an_absent_home(bare: Office) -> None:
    """The first thing typed on a new machine may be any of them."""
    file = bare.home.parent / "angka.csv"
    file.write_text("platform,account,metric,value,at\nig,a,followers,1,2026-06\n")
    commands: list[tuple[int, tuple[str, ...]]] = [
        (2, ("collect", "now")), (0, ("accounts", "list")), (2, ("accounts", "check")), (0, ("history",)),
        (0, ("metrics",)), (0, ("doctor",)), (0, ("init",)), (2, ("trace", "R-1-1")), (0, ("import", str(file))),
        (0, ("accounts", "add", "ig", "a")), (2, ("accounts", "pause", "a")), (2, ("accounts", "bind", "a", "b")),
        (0, ("record", "--platform", "ig", "--account", "a", "--metric", "followers", "--value", "1")),
    ]  # fmt: skip
    for number, (status, words) in enumerate(commands):
        bare.environment["COLLECTOR_HOME"] = str(file.parent / f"home-{number}" / "within")
        said = bare.run(*words, status=status)
        assert stat.S_IMODE(bare.home.stat().st_mode) == 0o700
        assert "Folder data baru dibuat" in said.err
        assert (bare.home / "collector.db").is_file()
