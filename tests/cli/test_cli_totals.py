"""Nothing adds one platform's figures to another's: terms forbid it, and one person may follow on all of them."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from office import Office

from collector.cli.root import collector

READING = (
    ("history", "--metric", "followers", "--json"), ("history", "--metric", "followers"),
    ("accounts", "list", "--json"), ("metrics", "--json"), ("doctor", "--json"),
    ("growth", "2027-01", "--json"), ("growth", "2027-01"),
)  # fmt: skip


@pytest.mark.parametrize("words", [words for words in READING if words[0] in collector.commands], ids=" ".join)
def test_no_command_prints_a_total_over_platforms(collected: Office, words: tuple[str, ...]) -> None:
    """Of all platforms at either of the two mornings: not as a number, not inside a text."""
    mornings: dict[str, dict[str, int]] = {}
    for one in collected.readings("--metric", "followers"):
        if one["precision"] == "instant":
            mornings.setdefault(one["at"][:10], {})[one["platform"]] = one["value"]
    totals = {sum(followers.values()) for followers in mornings.values()}
    printed = {int(number.replace(".", "")) for number in re.findall(r"(?<![\w.-])\d[\d.]*(?![\w.-])",
                                                                      collected.run(*words).out)}  # fmt: skip

    assert len(mornings) == 2
    assert all(len(followers) == 5 for followers in mornings.values())
    if words[0] == "history":
        assert {value for followers in mornings.values() for value in followers.values()} <= printed
    assert totals & printed == set()


def test_every_followers_figure_is_of_one_platform(collected: Office, tmp_path: Path) -> None:
    """Neither growth nor the report holds the sum of any two or more of them, under whatever name."""
    changes = collected.run("growth", "2027-01", "--json").json["changes"]
    report = collected.run("report", "2027-01", "--format", "html", "--out", str(tmp_path), "--json").json
    ends = {one["platform"]: one["end"] for one in changes if one["measure"].startswith("followers:account:")}
    sums = {sum(some) for count in range(2, 6) for some in combinations(ends.values(), count)}
    labelled = {one["value"] for one in report["figures"] if one["label"] == "pengikut"}

    assert len(ends) == 5
    assert all(one["platform"] and one["account"] for one in (*changes, *report["figures"]))
    assert sums & {one["end"] for one in changes if one["metric"] == "followers"} == set()
    assert {f"{value:,}".replace(",", ".") for value in sums} & labelled == set()


def test_the_rule_is_written_down_where_an_account_is_connected() -> None:
    """The line that is shown there points to this page."""
    page = (Path(__file__).parents[2] / "docs" / "platform-terms.md").read_text("utf-8")

    assert "**No total over platforms.**" in page
