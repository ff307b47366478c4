"""The benchmark on a handful of accounts: a figure is only worth something if all sides did the same work."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as command
from benchmarks.answers import Asked, RefusedError, answer
from benchmarks.base import MEASURES, SMALL, last_day
from benchmarks.collecting import Comparison
from benchmarks.installations import Installations
from benchmarks.national import add_night, make, roll_up
from benchmarks.page import compose
from benchmarks.parts import FIVE_YEARS, FORMATS, measure_report, measure_storing
from benchmarks.population import SLUGS, is_refreshed, platform_of
from benchmarks.processes import serve
from benchmarks.server import Desk, request_length
from collector.platforms import list_connectors
from collector.store.engine import Store

ACCOUNTS = 8  # each platform has one; the first two have two, of which the second has a key of its own
REFRESHED = 6
KEY = "bench-key-00006-0123456789abcdef"


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comparison]:
    """Prepare a comparison of a few accounts, once for all tests."""
    with serve() as server:
        prepared = Comparison(server, Installations(tmp_path_factory.mktemp("benchmark")), ACCOUNTS)
        prepared.prepare()
        yield prepared


@pytest.fixture(scope="module")
def compared(comparison: Comparison) -> dict[str, Any]:
    """Compare all sides. Raises where they end with different rows."""
    cells, night = [comparison.at_once(1), comparison.delayed(1)], comparison.usual_night()
    storing = measure_storing(comparison.installations, 1)
    return {"cells": cells, "nights": {str(ACCOUNTS): night}, "storing": storing}


def test_all_sides_end_with_the_same_rows_of_every_platform(compared: dict[str, Any]) -> None:
    """The comparison itself raises where rows differ; here it is seen that there were any."""
    cell = compared["cells"][0]

    assert set(cell["sides"]) == {"product", "limit", "floor"}
    assert cell["readings"] == 300 * ACCOUNTS
    assert cell["requests"] == 6 * ACCOUNTS + REFRESHED, "who each is, and five answers of figures"
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
    assert night["readings"] == ACCOUNTS * (5 + 5 + 65 + 150)  # counts, one more day, another day's audience, posts


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


def test_an_account_s_answers_are_as_large_as_the_page_says() -> None:
    """A smaller answer would make every side look faster than it is."""
    desk, size = Desk(), 0
    for question in ("profile", "days?since=2026-11-01&until=2026-11-16", "audience?day=2026-11-16",
                     "posts?limit=25", "posts?limit=25&after=25"):  # fmt: skip
        raw = f"GET /bench1/accounts/00006/{question} HTTP/1.1\r\nAuthorization: Bearer {KEY}\r\n\r\n"
        size += len(desk.answer(raw.encode()).partition(b"\r\n\r\n")[2])

    assert size == pytest.approx(35_000, rel=0.05)


def test_every_platform_has_as_many_accounts_of_either_sign_in() -> None:
    """With an uneven load the busiest platform's connections would be all that is measured."""
    refreshed = [[is_refreshed(n) for n in range(1080) if platform_of(n) == slug] for slug in SLUGS]

    assert [(len(one), sum(one)) for one in refreshed] == [(180, 30)] * 6


def test_the_product_does_not_know_the_benchmark_s_platforms() -> None:
    """Nobody may find a made-up platform in what is installed."""
    assert not {connector.slug for connector in list_connectors()} & set(SLUGS)


def test_the_server_refuses_another_account_s_key() -> None:
    """A product that mixed up two accounts' keys must not be measured as if it had worked."""
    with pytest.raises(RefusedError):
        answer(Asked("bench1", "/accounts/00012/profile", {}, KEY, b""))


def test_a_report_is_measured_in_every_format(tmp_path: Path) -> None:
    """Each format is made of the same office, and each time anew."""
    report = measure_report(Installations(tmp_path), 40, 1)
    page = compose({"report": report})

    assert set(report["formats"]) == {*FORMATS, ",".join(FORMATS)}
    assert all(size > 0 for cost in report["formats"].values() for size in cost["bytes"].values())
    assert f"{report['fill']['accounts']} accounts, 40 days" in page
    assert page.count("not measured") == 13  # five years are meant in the table of targets
    assert compose({"report": {**report, "days": FIVE_YEARS}}).count("not measured") == 11


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

    assert f"| {ACCOUNTS} | 0 ms | floor |" in page
    assert f"A usual night of {ACCOUNTS} accounts" in page


def test_the_page_is_the_one_of_the_kept_figures() -> None:
    """Nobody writes a figure into the page by hand."""
    kept = command.ROOT / "benchmarks" / "figures.json"

    assert compose(json.loads(kept.read_text("utf-8"))) == (command.ROOT / "docs" / "benchmarks.md").read_text("utf-8")
