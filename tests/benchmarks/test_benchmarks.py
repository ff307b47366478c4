"""The benchmark on a handful of accounts: a figure is only worth something if all sides did the same work."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as command
from benchmarks.answers.asked import Asked, RefusedError
from benchmarks.base import MEASURES, SMALL, last_day
from benchmarks.collecting import Comparison, measure_storing
from benchmarks.installations import Installations
from benchmarks.national import add_night, make, roll_up
from benchmarks.page import compose
from benchmarks.population import USUAL, Mix, external_id, number_of
from benchmarks.processes import serve
from benchmarks.server import HOSTS, request_length
from collector.store.engine import Store

EACH = Mix("each", dict.fromkeys(("facebook", "youtube", "instagram", "x", "tiktok", "website"), 1))
ACCOUNTS = 8  # one of each platform, and with the remainder a second Page and a second channel


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comparison]:
    """Prepare a comparison of a few accounts, once for all tests."""
    with serve() as server:
        prepared = Comparison(server, Installations(tmp_path_factory.mktemp("benchmark")), EACH, ACCOUNTS)
        prepared.prepare()
        yield prepared


@pytest.fixture(scope="module")
def compared(comparison: Comparison) -> dict[str, Any]:
    """Compare all sides. Raises where they end with different rows."""
    cells, night = [comparison.at_once(1)], comparison.usual_night()
    storing = measure_storing(comparison.installations, 1)
    return {"cells": cells, "nights": {str(ACCOUNTS): night}, "storing": storing}


def test_all_sides_end_with_the_same_rows_of_every_platform(compared: dict[str, Any]) -> None:
    """The comparison itself raises where rows differ; here it is seen that there were any."""
    cell = compared["cells"][0]

    assert set(cell["sides"]) == {"product", "limit", "floor"}
    assert cell["readings"] == 2 * 361 + 2 * 383 + 3 + 3 + 4 + 49
    assert cell["requests"] == 2 * 5 + 2 * 7 + 1 + 1 + 2 + 2
    assert cell["sides"]["product"]["readings"] == cell["readings"]


def test_a_ratio_is_of_the_same_round(compared: dict[str, Any]) -> None:
    """Ratios over different runs would be the machine's mood."""
    cell = compared["cells"][0]
    cpu = {side: cost["cpu"] for side, cost in cell["sides"].items()}

    assert cell["cpu against limit"] == pytest.approx(cpu["product"] / cpu["limit"])
    assert cell["cpu against floor"] == pytest.approx(cpu["product"] / cpu["floor"])


def test_a_night_reads_recent_days_again_and_stores_what_is_new(compared: dict[str, Any]) -> None:
    """The usual night is another work than the first collection, and is counted apart."""
    night = compared["nights"][str(ACCOUNTS)]

    assert night["accounts"] == ACCOUNTS
    assert 0 < night["readings"] < compared["cells"][0]["readings"]


def test_storing_again_changes_nothing_on_either_side(compared: dict[str, Any]) -> None:
    """The storing part raises where its second pass added a row; both passes have a ratio."""
    storing = compared["storing"]

    assert storing["readings"] == compared["cells"][0]["readings"]
    assert all(storing[f"{which} {kind}"] > 0 for which in ("first", "again") for kind in ("cpu", "wall"))


def test_another_row_on_one_side_ends_the_comparison(comparison: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    """A side that lost or changed a row must not get a figure."""
    monkeypatch.setattr(comparison, "rows", {**comparison.rows, "checksum": "another"})

    with pytest.raises(RuntimeError, match="other rows"):
        comparison.replay("limit")


def test_the_usual_mix_is_five_requests_and_three_hundred_readings() -> None:
    """What the page says of the work has to follow from the mix."""
    counts = USUAL.counts(1000)
    requests = {"facebook": 5, "youtube": 7, "instagram": 1, "x": 1, "tiktok": 2, "website": 2}
    readings = {"facebook": 361, "youtube": 383, "instagram": 3, "x": 3, "tiktok": 4, "website": 33}

    assert sum(counts.values()) == 1000
    assert sum(counts[slug] * each for slug, each in requests.items()) == 5000
    assert sum(counts[slug] * each for slug, each in readings.items()) == pytest.approx(300_000, rel=0.01)


@pytest.mark.parametrize("platform", sorted(USUAL.parts))
def test_an_account_is_found_again_by_its_id(platform: str) -> None:
    """Rows of different sides meet by this number alone."""
    assert number_of(platform, external_id(platform, 42, "http://127.0.0.1:1")) == 42


def test_the_server_refuses_another_account_s_key() -> None:
    """A product that mixed up two accounts' keys must not be measured as if it had worked."""
    path = f"/v26.0/{external_id('facebook', 1, '')}"
    asked = Asked("facebook-graph", path, {"appsecret_proof": "0"}, "bench-facebook-00002-0123456789abcdef", b"")

    with pytest.raises(RefusedError):
        HOSTS[asked.host](asked)


@pytest.mark.parametrize(
    ("pending", "length"),
    [
        (b"GET / HTTP/1.1\r\n\r\nGET", 18),
        (b"GET / HTTP/1.1\r\n", None),
        (b"POST / HTTP/1.1\r\ncontent-length: 3\r\n\r\nabcd", 41),
        (b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc", None),
    ],
)
def test_requests_are_told_apart_by_their_lengths(pending: bytes, length: int | None) -> None:
    """What is recorded is cut by the same rule as what is served."""
    assert request_length(pending) == length


def test_a_base_holds_every_day_of_every_series_and_its_sums(tmp_path: Path) -> None:
    """What is measured on the base is measured on what it says it is."""
    path = tmp_path / "base.db"
    store = Store(f"sqlite:///{path}")
    told = make(store, SMALL)
    rolled = roll_up(store, SMALL)
    night = add_night(store, SMALL)
    store.close()
    connection = sqlite3.connect(path)
    found, last = connection.execute("SELECT count(*), max(at) FROM readings WHERE at < 1000000").fetchone()
    sums = connection.execute("SELECT sum(days), sum(total) FROM monthly_sums").fetchone()
    flows = connection.execute("SELECT count(*), sum(value) FROM readings WHERE at < 1000000").fetchone()
    connection.close()

    assert told["readings"] == SMALL.accounts * len(MEASURES) * SMALL.days
    assert (found, last) == (SMALL.accounts * 5 * (SMALL.days + 2), last_day(SMALL) + 2)
    assert rolled["figures"] == SMALL.accounts * (5 * 3 + 5 * 2)  # no level before the first day
    assert night["readings"] == SMALL.accounts * len(MEASURES)
    assert sums == flows


def test_the_page_says_what_was_not_measured() -> None:
    """A row without a figure stays in the table: every target is accounted for."""
    page = compose({})

    assert page.count("not measured") == 13


def test_the_page_holds_what_was_measured(compared: dict[str, Any]) -> None:
    """The page is a function of the figures alone."""
    page = compose(compared)

    assert f"| each | {ACCOUNTS} | 0 ms | floor |" in page
    assert f"A usual night of {ACCOUNTS} accounts" in page


def test_the_page_is_the_one_of_the_kept_figures() -> None:
    """Nobody writes a figure into the page by hand."""
    kept = command.ROOT / "benchmarks" / "figures.json"

    assert compose(json.loads(kept.read_text("utf-8"))) == (command.ROOT / "docs" / "benchmarks.md").read_text("utf-8")
