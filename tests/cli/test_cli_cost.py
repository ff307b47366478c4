"""What asking costs, as the office meets it: told before it is spent, in figures afterwards, and never a surprise."""

import sys
from collections.abc import Callable

import pytest
from office import Office

from collector.cli.words import in_dollars
from collector.clock import SetClock
from collector.demo.standin import Answered, Asked, Fault, StandIn
from collector.language import use


@pytest.fixture
def told_so_far(standin: StandIn) -> list[str]:
    """What had been said on stderr by the time of each request, token requests included."""
    said: list[str] = []

    def listen(asked: Asked, good: Answered) -> Answered:
        said.append(sys.stderr.buffer.getvalue().decode())  # the command's own, while it runs
        return good

    standin.faults.append(Fault("X_API_URL", listen, times=None))
    return said


@pytest.mark.parametrize(
    ("tongue", "words"),
    [
        ("id", "X @kpu_contoh: paling banyak USD {most}; terpakai tahun ini USD 0,00 dari batas USD 5,00"),
        ("en", "X @kpu_contoh: at most USD {most}; spent this year USD 0.00 of the limit of USD 5.00"),
    ],
)
def test_the_price_is_said_before_any_request_is_sent(
    office_with: Callable[..., Office], told_so_far: list[str], tongue: str, words: str
) -> None:
    """Whoever does not want to pay it can still press Ctrl-C."""
    use(tongue)
    said = office_with("x").run("collect", "now", "--json")

    most = said.json["accounts"][0]["estimate"]
    written = f"{most:.2f}" if tongue == "en" else f"{most:.2f}".replace(".", ",")
    assert words.format(most=written) in said.err
    assert len(told_so_far) >= 3
    assert all(words.format(most=written) in before for before in told_so_far)
    assert "USD" not in said.out


def test_the_second_run_says_what_the_year_has_cost(office_with: Callable[..., Office], clock: SetClock) -> None:
    """The sums of a run and of the year are exact, in US dollars, and the same on screen and for programs."""
    office = office_with("x")
    first = office.run("collect", "now", "--json").json["accounts"][0]
    clock.sleep(86_400)
    said = office.run("collect", "now", "--json")
    [second] = said.json["accounts"]

    assert first["spent"] == first["cost"] > 0.02
    assert second["spent"] == pytest.approx(first["cost"] + second["cost"])
    assert second["cost"] <= second["estimate"] < first["estimate"] <= second["cap"] == 5
    assert in_dollars(round(first["cost"] * 1_000_000)) in said.err
    [listed] = office.run("accounts", "list", "--json").json["accounts"]
    assert (listed["spent"], listed["cap"]) == (second["spent"], 5)


def test_a_platform_that_is_free_has_no_price(office_with: Callable[..., Office]) -> None:
    """Nobody may think that asking Facebook costs money."""
    office = office_with("facebook")
    said = office.run("collect", "now", "--json")

    assert "USD" not in said.err
    [account] = said.json["accounts"]
    assert (account["cost"], account["estimate"], account["spent"], account["cap"]) == (0, None, None, None)
    [listed] = office.run("accounts", "list", "--json").json["accounts"]
    assert (listed["spent"], listed["cap"]) == (None, None)


def test_a_check_is_in_the_years_sum(office_with: Callable[..., Office]) -> None:
    """`accounts check` and the doctor ask X as well, for the same cent."""
    office = office_with("x")
    office.run("accounts", "check")

    [listed] = office.run("accounts", "list", "--json").json["accounts"]
    assert listed["spent"] == 0.01
    assert listed["last_outcome"] is None
    assert "terpakai tahun ini USD 0,01 dari" in office.run("collect", "now").err


def test_a_limit_of_nothing_asks_nothing(office_with: Callable[..., Office], standin: StandIn) -> None:
    """And says so, as the price of nothing."""
    said = office_with("x").run("collect", "now", X_YEARLY_CAP_USD="0")

    assert "paling banyak USD 0,00; terpakai tahun ini USD 0,00 dari batas USD 0,00" in said.err
    assert not standin.asked


@pytest.mark.parametrize(
    ("millionths", "id", "en"),
    [(0, "0,00", "0.00"), (20_000, "0,02", "0.02"), (1_200_000, "1,20", "1.20"), (12_000, "0,012", "0.012"),
     (1_234_567_890_000, "1.234.567,89", "1,234,567.89"), (1, "0,000001", "0.000001"), (5_000_000, "5,00", "5.00")],
)  # fmt: skip
def test_money_is_written_exactly(millionths: int, id: str, en: str) -> None:
    """Rounded, a tenth of a cent would be nothing."""
    written = {}
    for tongue in ("id", "en"):
        use(tongue)
        written[tongue] = in_dollars(millionths)

    assert written == {"id": f"USD {id}", "en": f"USD {en}"}
