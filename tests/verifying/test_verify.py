"""`collector verify` finds each damage, says where it is, and finds nothing where there is none."""

from typing import Any

import pytest
from office import Office
from tampering import Broken

from collector.errors import StoreError
from collector.store.proofs import Proofs

API = "(SELECT id FROM series WHERE origin = 'api' AND measure LIKE '%:day')"
ONE = f"(series_id, at) = (SELECT series_id, at FROM readings WHERE series_id IN {API} ORDER BY 1, 2 LIMIT 1 OFFSET 40)"
TYPED = "series_id IN (SELECT id FROM series WHERE origin = 'typed')"
FIRST_SUM = "(series_id, month) = (SELECT series_id, month FROM monthly_sums LIMIT 1)"
FIRST_SERIES = f"id = (SELECT min(series_id) FROM readings WHERE series_id IN {API})"
HELD = "outcome = 'ok' AND id = 1"

TAMPERED = [
    ("a value", f"UPDATE readings SET value = value + 1 WHERE {ONE}", "figure.differs"),
    ("a day", f"UPDATE readings SET at = at - 20000 WHERE {ONE}", "figure.differs"),
    ("an upper end", f"UPDATE readings SET upto = value + 5 WHERE {ONE}", "figure.differs"),
    ("a place", f"UPDATE readings SET place_id = (SELECT min(id) FROM places) WHERE {ONE}", "figure.differs"),
    ("a place that is not", f"UPDATE readings SET place_id = 999999 WHERE {ONE}", "rows.readings.place_id"),
    ("an answer's number", f"UPDATE readings SET exchange_id = 999999 WHERE {ONE}", "rows.readings.exchange_id"),
    ("a series that is not", f"UPDATE readings SET series_id = 999999 WHERE {ONE}", "rows.readings.series_id"),
    ("a deleted figure", f"DELETE FROM readings WHERE {ONE}", "figure.missing"),
    ("an invented figure", f"INSERT INTO readings SELECT series_id, at - 9000, 5, NULL, exchange_id, place_id "
     f"FROM readings WHERE {ONE}", "figure.differs"),
    ("an earlier value", "UPDATE replaced SET value = value + 1 WHERE at = (SELECT min(at) FROM replaced)",
     "figure.differs"),
    ("when it was replaced", "UPDATE replaced SET replaced_at = replaced_at - 1", "figure.history"),
    ("by what it was replaced", "UPDATE replaced SET replaced_by = exchange_id", "figure.history"),
    ("a typed value", f"UPDATE readings SET value = 1620 WHERE value = 1619 AND {TYPED}", "figure.differs"),
    ("a typed day", f"UPDATE readings SET at = at - 86400000 WHERE {TYPED}", "run.changed"),
    ("a deleted typed figure", f"DELETE FROM readings WHERE {TYPED}", "run.changed"),
    ("a request", """UPDATE exchanges SET request = replace(request, '"path": "/', '"path": "/x') WHERE id = 9""",
     "run.changed"),
    ("a request that is none", "UPDATE exchanges SET request = '{' WHERE id = 9", "answer.damaged"),
    ("a status", "UPDATE exchanges SET status = 201 WHERE id = 9", "run.changed"),
    ("when it was sent", "UPDATE exchanges SET sent_at = sent_at - 60000 WHERE id = 9", "run.changed"),
    ("another body", "UPDATE exchanges SET body = (SELECT body FROM exchanges WHERE id = 12) WHERE id = 11",
     "run.changed"),
    ("a deleted answer", "DELETE FROM exchanges WHERE id = 9", "run.changed"),
    ("a deleted body", "DELETE FROM bodies WHERE sha256 = (SELECT body FROM exchanges WHERE id = 9)", "answer.damaged"),
    ("an outcome", f"UPDATE snapshots SET outcome = 'failed' WHERE {HELD}", "run.changed"),
    ("an assignment", f"UPDATE snapshots SET assignment = '{{}}' WHERE {HELD}", "run.changed"),
    ("a tally", f"UPDATE snapshots SET tally = '0:0' WHERE {HELD}", "figures.changed"),
    ("who ran it", "UPDATE runs SET by = 'orang lain' WHERE id = 1", "run.changed"),
    ("why a figure is missing", "UPDATE gaps SET reason = 'hidden', note = 'lain'", "note.differs"),
    ("a deleted gap", "DELETE FROM gaps", "note.differs"),
    ("a deleted answered day", "DELETE FROM coverage", "note.differs"),
    ("a deleted post", "DELETE FROM posts", "note.differs"),
    ("a month's sum", f"UPDATE monthly_sums SET total = total + 1 WHERE {FIRST_SUM}",
     "sum.differs"),
    ("a deleted sum", f"DELETE FROM monthly_sums WHERE {FIRST_SUM}", "sum.differs"),
    ("whose a series is",
     f"UPDATE series SET account_id = (SELECT id FROM accounts WHERE platform = 'x') WHERE {FIRST_SERIES}",
     "figure.differs"),
    ("the decimals", f"UPDATE series SET decimals = 1 WHERE {FIRST_SERIES}", "figure.differs"),
    ("where a place points", "UPDATE places SET pointer = pointer || '/0' WHERE pointer LIKE 'body:/data/%'",
     "figure.differs"),
    ("a remark", "UPDATE entries SET note = 'lain'", "run.changed"),
    ("a proof taken off", "UPDATE entries SET attachment = NULL", "run.changed"),
    ("a proof forgotten", "DELETE FROM attachments", "rows.entries.attachment"),
    ("a report", "UPDATE reports SET model = replace(model, '2026', '2025')", "report.damaged"),
    ("a link", "UPDATE digests SET contents = replace(contents, '0', '1') WHERE number = 2", "chain.broken"),
    ("a deleted link", "DELETE FROM digests WHERE number = 2", "chain.gap"),
    ("the last link", "DELETE FROM digests WHERE number = (SELECT max(number) FROM digests)", "chain.untied"),
]  # fmt: skip


def test_a_sound_home_is_told_in_one_line(proven: Office) -> None:
    """Whoever asks wants one answer; and each command of before left its link in the chain."""
    said = proven.run("verify")

    assert said.out.startswith("Semua utuh: ")
    assert len(said.out.splitlines()) == 1
    told = proven.run("verify", "--json").json
    (answers,) = proven.rows("SELECT count(*) FROM exchanges WHERE body IS NOT NULL")
    (figures,) = proven.rows("SELECT (SELECT count(*) FROM readings) + (SELECT count(*) FROM replaced)")
    (runs,) = proven.rows("SELECT count(*) FROM runs")
    assert (told["answers"], told["figures"], told["files"]) == (*answers, *figures, 3)
    assert (told["chain"]["links"], told["chain"]["runs_before"]) == (*runs, 0)
    assert told["snapshots"] == {"reread": 2, "reduced": 0, "other_version": 0}
    assert proven.rows("SELECT count(*) FROM replaced")[0][0] > 0, "without a correction too little would be shown"


def _whole_by_prove(number: int, row: tuple[str, str, str]) -> Any:
    """A fifth of them in the ordinary suite, all of them by `make prove`."""
    return pytest.param(*row, id=row[0], marks=() if number % 5 == 0 else pytest.mark.prove)


@pytest.mark.parametrize(("what", "statement", "found"), [_whole_by_prove(*row) for row in enumerate(TAMPERED)])
def test_a_silent_change_is_found(broken: Broken, what: str, statement: str, found: str) -> None:
    """Nobody may change what the report was made from without its being seen."""
    assert broken.sql(statement) > 0

    damages = broken.verify()

    assert found in {one["id"] for one in damages}, damages
    assert all(one["what"] and one["mend"] for one in damages)
    assert len(damages) <= 6, "one damage must not bury the others"


@pytest.mark.parametrize("row", [TAMPERED[1], TAMPERED[7]], ids=lambda row: row[0])
def test_the_chain_alone_finds_a_changed_figure(broken: Broken, row: tuple[str, str, str]) -> None:
    """Where the answers are no longer whole, nothing else vouches for what was read from them."""
    broken.sql(row[1])

    assert broken.ids("--quick") >= {"figures.changed"}


def test_a_damage_is_told_with_its_account_its_time_and_its_figures(broken: Broken) -> None:
    """Who reads it has to know what in the report can no longer be proven."""
    ((exchange, body),) = broken.office.rows(
        "SELECT id, body FROM exchanges WHERE id = (SELECT exchange_id FROM readings GROUP BY 1 ORDER BY count(*) DESC)"
    )
    broken.sql("UPDATE bodies SET packed = x'00' WHERE sha256 = ?", body)

    (damage,) = broken.verify()

    assert damage["id"] == "answer.damaged"
    assert f"#{exchange}" in damage["what"]
    assert damage["where"].startswith("tiktok ")
    assert "2027-01-0" in damage["where"]
    assert damage["figures"][0].startswith("R-")
    assert "collect now --period 2027-S1" in damage["mend"]
    said = broken.office.run("verify", status=1)
    assert "[answer.damaged]" in said.out and "1 kerusakan ditemukan" in said.out


def test_a_lost_and_a_changed_proof_are_told_apart(broken: Broken) -> None:
    """The screenshot is all that stands behind a typed figure."""
    (path,) = (broken.office.home / "attachments").iterdir()
    path.write_bytes(b"lain")
    (changed,) = broken.verify()
    path.unlink()
    (gone,) = broken.verify()

    assert "berubah" in changed["what"] and "tidak ada lagi" in gone["what"]
    assert changed["figures"] == gone["figures"] != []


def test_a_database_with_a_torn_page_is_told_and_the_rest_is_verified(broken: Broken) -> None:
    """An old disk loses sectors: what can still be read is worth knowing."""
    path = broken.office.home / "collector.db"
    body = bytearray(path.read_bytes())
    middle = len(body) // 2 // 4096 * 4096
    body[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(bytes(body))

    told = broken.office.run("verify", "--json", status=1).json

    assert {one["id"] for one in told["damages"]} & {"database.damaged", "database.unreadable"}
    assert told["files"] == 3


def test_what_could_not_be_read_for_want_of_room_is_not_called_damaged(
    broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sorting millions of figures wants room on the disk: nobody may be sent to restore an old backup for that."""

    def fill_up(*given: object) -> None:
        raise StoreError("database or disk is full")

    monkeypatch.setattr(Proofs, "list_facts", fill_up)

    (damage,) = broken.verify()

    assert damage["id"] == "database.unreadable"
    assert damage["mend"].startswith("Ini belum tentu kerusakan")


def test_a_file_that_is_no_database_gets_its_sentence(broken: Broken) -> None:
    """A traceback helps nobody in front of a broken disk."""
    (broken.office.home / "collector.db").write_bytes(b"bukan basis data" * 400)

    said = broken.office.run("verify", status=2)

    assert "tidak dapat dipakai" in said.err


def test_an_empty_home_is_intact(bare_office: Office) -> None:
    """On the first day there is nothing to find."""
    assert bare_office.run("verify").out.startswith("Semua utuh: 0 jawaban, 0 berkas, 0 angka (belum ada rantai")
