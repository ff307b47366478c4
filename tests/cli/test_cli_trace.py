"""Every figure leads to the answer it stands in, and every kept answer gives the same figures again."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from office import Office

from collector import language
from collector.collect.recovery import read_again
from collector.figures.trace import agrees, trace_reading
from collector.platforms import get_connector
from collector.store.history import Wanted
from collector.store.readings import at_of
from connectors.kit import Reading


def standing_at(answer: Any, pointer: str) -> Any:
    """Resolve a JSON pointer (RFC 6901) without the program's own help."""
    here = answer
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        here = here[int(name)] if isinstance(here, list) else here[name]
    return here


def test_every_reading_stands_in_its_answer(collected: Office) -> None:
    """The product's promise, checked for each row of the store: the number stands at the place that it names."""
    answers: dict[int, tuple[int, Any]] = {}
    checked = zeros = 0
    with collected.open() as opened:
        pointers = dict(collected.rows("SELECT id, pointer FROM places"))
        for value, decimals, exchange_id, place_id in collected.rows(
            "SELECT value, decimals, exchange_id, place_id FROM (SELECT series_id, value, exchange_id, place_id"
            " FROM readings UNION ALL SELECT series_id, value, exchange_id, place_id FROM replaced) AS kept"
            " JOIN series ON series.id = series_id"
        ):
            if exchange_id not in answers:
                kept = opened.queries.find_exchange(exchange_id)
                assert kept is not None
                is_page = (kept.body or b"").startswith(b"<")
                parsed = None if is_page else json.loads(kept.body or b"", parse_float=Decimal)
                answers[exchange_id] = (kept.status, parsed)
            (status, answer), pointer = answers[exchange_id], pointers[place_id]
            checked += 1
            if pointer == "head:/status":
                assert value == status
                continue
            found = standing_at(answer, pointer.removeprefix("body:"))
            if isinstance(found, dict | list):  # absent `shares` and kinds of reactions: declared zeros
                assert value == 0
                zeros += 1
            else:
                assert Decimal(str(found)).scaleb(decimals) == value
    assert checked > 3_000
    assert 0 < zeros < checked // 10


def test_every_kept_answer_gives_the_same_readings_again(collected: Office) -> None:
    """All snapshots replayed in order must rebuild the very table of readings: values, places and replaced rows."""
    rebuilt: dict[tuple[int, str, str, int], tuple[int, int | None, int, str]] = {}
    replaced = set()
    with collected.open() as opened:
        for snapshot in opened.queries.list_snapshots():
            if not snapshot.assignment:
                continue  # it was only asked, for money, who the account is
            replayed = read_again(snapshot, opened.queries)
            assert replayed.error is None
            assert not replayed.ended
            for one in replayed.observations:
                if not isinstance(one, Reading):
                    continue
                key = (snapshot.account_id, one.measure.key, one.about, at_of(one.when))
                row = (one.value, one.upto, one.place.exchange, one.place.pointer)
                before = rebuilt.get(key)
                if before is not None and before[:2] == row[:2]:
                    continue  # an equal value read again changes nothing
                if before is not None:
                    replaced.add((*key, *before[:3]))
                rebuilt[key] = row
    stored = {
        (account, measure, about, at): (value, upto, exchange, pointer)
        for account, measure, about, at, value, upto, exchange, pointer in collected.rows(
            "SELECT account_id, measure, about, at, value, upto, exchange_id, pointer FROM readings"
            " JOIN series ON series.id = series_id JOIN places ON places.id = place_id"
        )
    }
    assert rebuilt == stored
    assert replaced == set(
        collected.rows(
            "SELECT account_id, measure, about, at, value, upto, exchange_id FROM replaced"
            " JOIN series ON series.id = series_id"
        )
    )


def test_a_figure_of_each_measure_traces_and_agrees(collected: Office) -> None:
    """What a person sees: the answer with exactly one value marked, and that it agrees."""
    codes = {
        (reading["platform"], reading["measure"], bool(reading["value"])): reading["id"]
        for reading in collected.readings()
    }
    assert len(codes) > 50
    with collected.open() as opened:
        for (platform, measure, _), code in codes.items():
            traced = trace_reading(code, opened.history, opened.queries).plain()
            assert traced["agrees"] is True, code
            assert traced["reading"]["id"] == code
            assert (traced["reading"]["platform"], traced["reading"]["measure"]) == (platform, measure)
            assert traced["definition"]
            assert len([line for line in traced["answer"] if ">>>" in line]) == 1, code


def test_a_traced_answer_shows_the_value_marked(collected: Office) -> None:
    """The last reading of the Page's followers, as a person sees it."""
    reading = [
        one
        for one in collected.readings("--platform", "facebook", "--metric", "followers", "--since", "2027-01-06")
        if one["precision"] == "instant"
    ][-1]

    lines = collected.run("trace", reading["id"].upper()).out.splitlines()

    assert lines[0] == f"{reading['id']}: facebook kpucontoh, followers:account:now"
    assert f"  nilai      {reading['value']} per {reading['at']}" in lines
    assert "  arti       Jumlah pengikut Halaman saat diambil" in lines
    assert "  permintaan GET graph/v26.0/711000000000001" in lines
    assert "  tempat     body:/followers_count" in lines
    assert "  cocok      ya" in lines
    assert f'>>> "followers_count": {reading["value"]} <<<' in lines


def test_a_revised_day_shows_what_it_was_before(collected: Office) -> None:
    """A figure that changed after a report was printed must be explained, not hidden."""
    views = collected.readings("--platform", "facebook", "--metric", "views", "--since", "2027-01-01")
    revised = [collected.run("trace", one["id"], "--json").json for one in views if one["dimension"] is None]

    changed = [one for one in revised if one["earlier"]]
    assert changed
    for one in changed:
        assert one["reading"]["value"] == one["earlier"][0]["value"] + 3
        assert one["exchange"]["id"] > one["earlier"][0]["exchange"]
        assert one["agrees"]


def test_a_status_alone_traces_to_the_status_line(collected: Office) -> None:
    """Of a website only its status is read; the page itself is no evidence of anything."""
    reading = collected.readings("--platform", "website", "--metric", "website.http_status")[-1]

    traced = collected.run("trace", reading["id"], "--json").json

    assert (reading["value"], traced["pointer"]) == (200, "head:/status")
    assert traced["answer"] == [">>> status 200 <<<"]
    assert traced["agrees"] is True


def test_a_cell_traces_to_its_row_below_the_header(bare: Office, tmp_path: Any) -> None:
    """The file as it was imported is kept: the row is shown under its headings, the cell marked."""
    file = tmp_path / "angka.csv"
    file.write_text("platform;akun;metrik;nilai;tanggal\nig;a;pengikut;1;2026-01\nig;a;pengikut;1.240;2026-06\n")
    bare.run("import", file)
    file.unlink()

    traced = bare.run("trace", bare.readings()[1]["id"])

    shown = traced.out.split("\n\n")[1].splitlines()
    assert shown == [
        "    1 | platform | akun | metrik | nilai | tanggal",
        "    3 | ig | a | pengikut | >>> 1.240 <<< | 2026-06",
    ]
    assert "FILE import/angka.csv" in traced.out


def test_a_value_that_differs_from_its_answer_is_said_loudly(collected: Office) -> None:
    """If a database was tampered with, the trace must not nod."""
    with collected.open() as opened:
        reading = opened.history.list_readings(Wanted(platform="instagram"))[0]
        exchange = opened.queries.find_exchange(reading.exchange_id)
        pointer = opened.history.find_pointer(reading.place_id)
        assert exchange is not None
        assert agrees(reading, exchange, pointer)
        assert not agrees(replace(reading, value=reading.value + 1), exchange, pointer)
        assert not agrees(replace(reading, decimals=1), exchange, pointer)
        assert not agrees(reading, replace(exchange, body=b"{}"), pointer)
        assert not agrees(reading, replace(exchange, body=b"<html>"), pointer)
        assert not agrees(replace(reading, value=0), exchange, "body:/username")
        assert not agrees(replace(reading, value=5), exchange, "body:")
        assert agrees(replace(reading, value=0), exchange, "body:")
        assert not agrees(replace(reading, value=201), exchange, "head:/status")


@pytest.mark.parametrize("code", ["R-1-1", "R-", "R-zzzzzzzzzzzzzzzz-1", "F-7K", "R-ſ-K", "'; DROP TABLE readings"])
def test_a_code_that_leads_nowhere_is_one_sentence(bare: Office, code: str) -> None:
    """Codes are typed from paper."""
    said = bare.run("trace", code, status=2)

    assert said.err.splitlines()[-1] == f"Tidak ada angka dengan kode {code}. Kode R-… ada di collector history --json."


def test_a_figure_whose_answer_was_dropped_says_so(
    office_with: Callable[..., Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who checks a figure in a year is told why the answer is short, since when, and that the value still agrees."""
    monkeypatch.setattr(type(get_connector("x")), "raw_answer_days", lambda self, account: 30)
    office = office_with("x")
    office.collect()
    (code,) = [one["id"] for one in office.readings("--metric", "followers")]
    before = office.run("trace", code, "--json").json["exchange"]
    office.clock.sleep(31 * 86_400)

    said = office.run("collect", "now")

    assert re.search(r"\d jawaban lama diringkas sesuai ketentuan platform", said.err)
    traced = office.run("trace", code, "--json").json
    assert traced["agrees"] is True
    assert traced["exchange"] == {**before, "reduced_at": "2027-02-05T03:00:00+00:00"}
    lines = office.run("trace", code).out.splitlines()
    (whole,) = [line for line in lines if line.startswith("  utuh ")]
    assert "dihapus 2027-02-05 sesuai ketentuan platform" in whole
    assert [line for line in lines if ">>>" in line] == [f">>> {traced['pointer']} = {traced['reading']['value']} <<<"]
    language.use("en")
    assert "was dropped on 2027-02-05 as the platform's terms ask" in office.run("trace", code).out
