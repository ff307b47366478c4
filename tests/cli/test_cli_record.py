"""`collector record`, and how a figure typed today meets the one collected tomorrow."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from office import Office

JUNE = ("--metric", "followers", "--value", "1.240", "--at", "2026-06")


def of_the_account(readings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out the shares of the audience, which are of the same metric."""
    return [one for one in readings if one["dimension"] is None]


def test_a_typed_june_meets_the_followers_collected_now(office_with: Callable[..., Office]) -> None:
    """The base of the report's growth is typed months before anything is connected: it must be the same account."""
    office = office_with("instagram")
    office.run("record", "--platform", "instagram", "--account", "@KPU_Contoh", *JUNE)

    office.collect()

    assert len(office.rows("SELECT id FROM accounts")) == 1
    typed, collected = of_the_account(office.readings("--platform", "instagram", "--metric", "followers"))
    assert (typed["value"], typed["at"], typed["origin"]) == (1240, "2026-06", "typed")
    assert (collected["at"][:10], collected["origin"]) == ("2027-01-05", "api")
    assert typed["account"] == collected["account"] == "kpu_contoh"


def test_the_only_account_is_met_although_its_handle_differs(office_with: Callable[..., Office]) -> None:
    """Staff write the name on the page, the platform answers with another: with one account there is no doubt."""
    office = office_with("youtube")
    office.run("record", "--platform", "youtube", "--account", "KPU Kota Contoh", *JUNE)

    office.collect()

    assert len(office.rows("SELECT id FROM accounts")) == 1
    followers = office.readings("--platform", "youtube", "--metric", "followers", "--account", "kpu kota contoh")
    assert [one["origin"] for one in followers] == ["typed", "api"]


def test_of_two_typed_accounts_none_is_guessed(office_with: Callable[..., Office]) -> None:
    """A wrong guess would put one account's June under another's December; a person says which by `bind`."""
    office = office_with("instagram")
    for handle in ("kpu_lama", "kpu_lain"):
        office.run("record", "--platform", "ig", "--account", handle, *JUNE)
    office.collect()
    collected = of_the_account(office.readings("--account", "kpu_contoh", "--metric", "followers"))
    assert [one["origin"] for one in collected] == ["api"]
    assert office.rows("SELECT code, state FROM findings") == [("account.which", "open")]

    said = office.run("accounts", "bind", "@kpu_lama", "kpu_contoh")

    assert "kpu_contoh" in said.out
    for spelling in ("kpu_contoh", "KPU_LAMA"):
        followers = of_the_account(office.readings("--account", spelling, "--metric", "followers"))
        assert [one["origin"] for one in followers] == ["typed", "api"], spelling
    assert [one["origin"] for one in office.readings("--account", "kpu_lain")] == ["typed"]


def test_of_two_typed_accounts_the_one_with_the_handle_is_met(office_with: Callable[..., Office]) -> None:
    """A second account that is only typed must neither stand in the way nor be taken for the collected one."""
    office = office_with("instagram")
    for handle in ("kpu_lain", "KPU_Contoh"):
        office.run("record", "--platform", "ig", "--account", handle, *JUNE)

    office.collect()

    followers = of_the_account(office.readings("--account", "kpu_contoh", "--metric", "followers"))
    assert [one["origin"] for one in followers] == ["typed", "api"]
    assert len(office.rows("SELECT id FROM accounts")) == 2
    assert office.rows("SELECT count(*) FROM findings") == [(0,)]


def test_two_accounts_that_the_platforms_know_are_never_joined(office_with: Callable[..., Office]) -> None:
    """Joining two platforms' accounts, or one with itself, would mix histories for good."""
    office = office_with("instagram", "x")
    office.collect()
    office.run("record", "--platform", "facebook", "--account", "halaman", *JUNE)
    before = office.counts()

    said = office.run("accounts", "bind", "halaman", "kpu_contoh", "--platform", "instagram", status=2)
    assert "halaman" in said.err
    said = office.run("accounts", "bind", "halaman", "kpu_contoh", status=2)
    assert "lebih dari satu" in said.err
    said = office.run("accounts", "bind", "17841400000000001", "1480000000000000001", status=2)

    assert "platform yang sama" in said.err
    assert office.counts() == before


def test_an_entry_is_kept_with_its_proof_and_who_typed_it(bare: Office, tmp_path: Path) -> None:
    """Whoever doubts a typed figure must find the person and the screenshot."""
    proof = tmp_path / "Layar.PNG"
    proof.write_bytes(b"not really a picture")

    said = bare.run(
        "record", "--platform", "ig", "--account", "@kpu_contoh", *JUNE, "--attach", proof, "--by", "Staf Humas",
        "--source", "Layar profil", "--note", "difoto pagi",
    )  # fmt: skip

    assert said.out == "Tercatat: instagram @kpu_contoh followers 1.240.\n"
    (kept,) = (bare.home / "attachments").iterdir()
    assert (kept.read_bytes(), kept.suffix) == (b"not really a picture", ".png")
    assert kept.parent.stat().st_mode & 0o077 == 0
    (reading,) = bare.readings()
    assert (reading["value"], reading["source"], reading["note"]) == (1240, "Layar profil", "difoto pagi")
    traced = bare.run("trace", reading["id"], "--json").json
    marked = [line for line in traced["answer"] if ">>>" in line]
    assert marked == ['>>> "value": "1.240" <<<']
    assert {f'      "attachment": "{kept.stem}"', '      "by": "Staf Humas"'} <= set(traced["answer"])
    assert bare.rows("SELECT name, size FROM attachments") == [("Layar.PNG", 20)]


def test_an_entry_without_a_time_is_of_now(bare: Office) -> None:
    """Most entries are typed with the page open."""
    said = bare.run("record", "--platform", "ig", "--account", "a", "--metric", "followers", "--value", "7", "--json")

    assert said.json == {"readings": 1, "revised": 0, "value": 7}
    (reading,) = bare.readings()
    assert (reading["at"], reading["precision"]) == ("2027-01-05T10:00:00+07:00", "instant")


def test_the_same_entry_again_changes_nothing_and_says_so(bare: Office) -> None:
    """Two people type the same screenshot."""
    entry = ("record", "--platform", "ig", "--account", "a", *JUNE)
    bare.run(*entry)

    said = bare.run(*entry)

    assert "sudah tercatat" in said.out
    assert len(bare.readings()) == 1


def test_every_column_of_a_table_can_be_typed(bare: Office) -> None:
    """What a file can hold a single entry can hold too: windows, dimensions, intervals, marks."""
    bare.run("record", "--platform", "fb", "--account", "h", "--metric", "reach", "--value", "788",
             "--at", "2026-09-30",             "--days", "28")  # fmt: skip
    bare.run("record", "--platform", "fb", "--account", "h", "--metric", "followers", "--value", "16", "--upto", "20",
             "--at", "30/09/2026", "--dimension", "kota:Mempawah", "--mark", "derived")  # fmt: skip

    city, reach = bare.readings()

    assert (reach["days"], reach["at"], reach["kind"]) == (28, "2026-09-30", "unique")
    assert (city["dimension"], city["value"], city["upto"], city["origin"]) == ("city:Mempawah", 16, 20, "derived")


@pytest.mark.parametrize(
    "option, value, says",
    [
        ("--value", "1.6K", "--value: "),
        ("--metric", "folowers", 'Mungkin maksudnya "followers"'),
        ("--platform", "instagrm", 'Mungkin maksudnya "instagram"'),
        ("--at", "2027-02", "masa depan"),
        ("--attach", "tidak-ada.png", "tidak dapat dibaca"),
    ],
)
def test_a_wrong_entry_leaves_nothing_behind(bare: Office, option: str, value: str, says: str) -> None:
    """A refused entry must not leave an account that nobody meant."""
    entry = {"--platform": "instagram", "--account": "a", "--metric": "followers", "--value": "5", "--at": "2026-06"}
    entry[option] = value

    said = bare.run("record", *(word for pair in entry.items() for word in pair), status=2)

    assert says in said.err
    assert {name for name, count in bare.counts().items() if count} == {"alembic_version"}


def test_an_entry_needs_to_know_its_office_where_there_are_two(bare: Office) -> None:
    """The figure would else land in the wrong office's report."""
    for name in ("KPU Kota A", "KPU Kota B"):
        bare.run("init", "--name", name, "--seat", name[-1])

    said = bare.run("record", "--platform", "ig", "--account", "a", *JUNE, status=2)
    bare.run("record", "--platform", "ig", "--account", "a", *JUNE, "--office", "kpu-kota-b")

    assert "kpu-kota-a, kpu-kota-b" in said.err
    assert [one["office"] for one in bare.readings()] == ["kpu-kota-b"]
    assert json.loads(bare.run("accounts", "list", "--json").out)["accounts"][0]["office"] == "kpu-kota-b"
