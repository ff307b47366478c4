"""Questions to people: put once, decided by somebody, and every decision kept."""

import json
from datetime import timedelta

import pytest
from store_books import START, Books

from collector.store import schema
from collector.store.findings import ACCEPTED, ITSELF, OPEN, REFUSED, StoredFinding


def states(found: tuple[StoredFinding, ...]) -> list[str]:
    return [one.state for one in found]


def test_a_question_is_asked_once_while_it_is_open(books: Books) -> None:
    """Every collection meets the doubt again; the person is asked once."""
    account, other = books.account("satu"), books.account("dua")
    for number in (account, account, other):
        books.findings.ask("account.which", number, START, detail="satu, dua")
    books.findings.ask("account.other_id", account, START, about="17841")
    books.findings.ask("account.other_id", account, START, about="17842")

    found = [(one.code, one.account_id, one.about, one.state) for one in books.findings.list_all()]
    assert found == [
        ("account.which", account, "", OPEN), ("account.which", other, "", OPEN),
        ("account.other_id", account, "17841", OPEN), ("account.other_id", account, "17842", OPEN),
    ]  # fmt: skip


def test_an_open_question_tells_what_is_known_last(books: Books) -> None:
    """The intruder changed the name twice: the question is about the name that stands there now."""
    account = books.account()
    for night, name in enumerate(("Kripto", "Kripto", "Undian")):
        books.findings.ask("account.renamed", account, START + timedelta(days=night), about="name", detail=name)

    [finding] = books.findings.list_all()
    assert (finding.detail, finding.created_at) == ("Undian", START)


def test_a_no_is_asked_again_only_when_something_is_new(books: Books) -> None:
    """Somebody said that it was not the office; every night until it is mended the same is found."""
    account = books.account()
    for _ in range(3):
        books.findings.ask("account.renamed", account, START, about="name", detail="Kripto")
        books.findings.decide(1, REFUSED, START)
    assert states(books.findings.list_all()) == [REFUSED]

    books.findings.ask("account.renamed", account, START, about="name", detail="Undian")
    assert states(books.findings.list_all()) == [REFUSED, OPEN]

    books.findings.decide(2, ACCEPTED, START)
    books.findings.ask("account.renamed", account, START, about="name", detail="Undian")
    assert states(books.findings.list_all()) == [REFUSED, ACCEPTED, OPEN]


def test_a_later_decision_takes_the_place_of_an_earlier_one_and_the_audit_keeps_both(books: Books) -> None:
    """People change their minds when they learn more; who said what stays readable."""
    account = books.account()
    books.findings.ask("followers.jump", account, START, about="R-1-1")
    books.findings.decide(1, REFUSED, START + timedelta(days=1), by="Ani", note="bukan kami")
    books.findings.decide(1, ACCEPTED, START + timedelta(days=3), by="Budi", note="sudah dicek")

    finding = books.findings.find(1)
    assert finding is not None
    assert (finding.state, finding.by, finding.note) == (ACCEPTED, "Budi", "sudah dicek")
    assert [(row["by"], row["action"], row["detail"]) for row in books.rows(schema.audit)][-2:] == [
        ("Ani", "finding.refused", "1: bukan kami"), ("Budi", "finding.accepted", "1: sudah dicek"),
    ]  # fmt: skip
    assert books.findings.find(2) is None


@pytest.mark.parametrize(
    ("days", "state", "by"), [(-1, None, ""), (0, OPEN, ""), (2, REFUSED, "Ani"), (9, ACCEPTED, "Budi")]
)
def test_findings_stand_as_they_stood_at_a_moment(books: Books, days: int, state: str | None, by: str) -> None:
    """A report as it was known in July knows nothing of a decision of August."""
    account, other = books.account("satu"), books.account("dua")
    books.findings.ask("followers.jump", account, START, about="R-1-1")
    books.findings.ask("followers.jump", other, START, about="R-2-1")
    books.findings.decide(2, ACCEPTED, START, by="Cici")
    books.findings.decide(1, REFUSED, START + timedelta(days=1), by="Ani")
    books.findings.decide(1, ACCEPTED, START + timedelta(days=3), by="Budi")

    found = books.findings.list_of(account, START + timedelta(days=days))

    assert [(one.state, one.by) for one in found] == ([] if state is None else [(state, by)])
    assert states(books.findings.list_of(account)) == [ACCEPTED]


def test_what_became_of_a_matter_is_added_without_asking_anew(books: Books) -> None:
    """The name went back by itself: whoever decides has to know it."""
    account = books.account()
    books.findings.ask("account.renamed", account, START, about="name", detail=json.dumps({"after": "Kripto"}))
    books.findings.amend(1, json.dumps({"after": "Kripto", "until": "2026-09-03"}))

    [finding] = books.findings.list_all(state=OPEN)
    assert finding.told == {"after": "Kripto", "until": "2026-09-03"}
    assert books.findings.list_all(state=ACCEPTED) == ()


def test_a_detail_that_is_a_text_tells_nothing_else(books: Books) -> None:
    """Questions of an earlier version are texts."""
    account = books.account()
    for about, detail in (("a", "kpu_contoh: kpu_satu"), ("b", "17"), ("c", "")):
        books.findings.ask("account.which", account, START, about=about, detail=detail)

    assert [one.told for one in books.findings.list_all()] == [{}, {}, {}]
    assert ITSELF != ""
