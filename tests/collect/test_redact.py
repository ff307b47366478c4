"""Striking secrets out: every one in use, in every spelling that may come back, and nothing else."""

import base64
import json
import logging
import threading
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from collector import log
from collector.collect.redact import STRUCK, Redactor

ALNUM = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
LIKE_KEYS = st.text(ALNUM + "-._~+/=|!@", min_size=6, max_size=60)
SECRETS = st.one_of(LIKE_KEYS, st.text(st.characters(exclude_categories=("Cs",)), min_size=6, max_size=40))
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)

SPELLINGS = {
    "as it is": lambda secret: secret,
    "in JSON": lambda secret: json.dumps(secret)[1:-1],
    "in JSON, letters as they are": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "in JSON, PHP's way": lambda secret: json.dumps(secret)[1:-1].replace("/", "\\/"),
    "in JSON in JSON": lambda secret: json.dumps(json.dumps(secret)[1:-1])[1:-1],
    "in a query": lambda secret: quote(secret, safe=""),
    "in a query, lower case": lambda secret: "".join(
        char.lower() if number and "%" in quote(secret, safe="")[max(0, number - 2) : number] else char
        for number, char in enumerate(quote(secret, safe=""))
    ),
    "in a path": lambda secret: quote(secret),
    "in a form": quote_plus,
    "in base64": lambda secret: base64.b64encode(secret.encode())[:-4].decode(),
    "in base64 for addresses": lambda secret: base64.urlsafe_b64encode(secret.encode())[:-4].decode(),
    "in base64 behind one letter": lambda secret: base64.b64encode(b":" + secret.encode())[4:-4].decode(),
    "in base64 behind two letters": lambda secret: base64.b64encode(b"x:" + secret.encode())[4:-4].decode(),
}

"""How a secret may be written; of base64 the letters that it alone decides."""

WRITTEN = {
    "in base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "in base64 for addresses": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode().rstrip("="),
    "in base64 behind one letter": lambda secret: base64.b64encode(b":" + secret.encode() + b"ab").decode(),
    "in base64 behind two letters": lambda secret: base64.b64encode(b"x:" + secret.encode() + b"abc").decode(),
}
"""How the whole is written where it is more than those letters."""


def knowing(*secrets: str) -> Redactor:
    redactor = Redactor()
    redactor.know(*secrets)
    return redactor


@pytest.mark.parametrize("spelling", SPELLINGS)
@settings(max_examples=60)
@given(secret=SECRETS, before=TEXTS, after=TEXTS)
@example(secret='a"b\\c/d+e', before="", after="")
@example(secret="kunci é=&? 鍵", before="x", after="y")
@example(secret="tab\tdan\nbaris", before="", after="")
def test_a_known_secret_is_gone_in_every_spelling(spelling: str, secret: str, before: str, after: str) -> None:
    """A server echoes what it was sent in its own way: in an error text, an address, a header."""
    spelled = SPELLINGS[spelling](secret)
    assume(spelled and spelled not in STRUCK and spelled not in before and spelled not in after)

    shown = knowing(secret).text(f"{before}|{WRITTEN.get(spelling, SPELLINGS[spelling])(secret)}|{after}")

    assert spelled not in shown
    assert STRUCK in shown


@given(secret=LIKE_KEYS, members=st.dictionaries(st.text(ALNUM, min_size=1, max_size=5), TEXTS, max_size=4))
def test_an_answer_stays_readable_around_what_was_struck_out(secret: str, members: dict[str, str]) -> None:
    """What is kept is evidence: the figures beside an echoed secret must still be read."""
    assume(secret not in json.dumps(members) and secret not in STRUCK and secret not in "followers1234echo")
    body = json.dumps({**members, "followers": 1234, "echo": f"key {secret} refused"}).encode()

    kept = json.loads(knowing(secret).body(body))

    assert kept["followers"] == 1234
    assert kept["echo"] == f"key {STRUCK} refused"
    assert {name: kept[name] for name in members if name not in ("followers", "echo")} == {
        name: text for name, text in members.items() if name not in ("followers", "echo")
    }


@given(known=SECRETS, text=st.text(ALNUM + ' {}[]":,./?=&-_', max_size=200))
def test_a_text_without_secrets_is_unchanged(known: str, text: str) -> None:
    """Nothing of the evidence may be lost that is no secret."""
    assume(not [one for one in SPELLINGS.values() if one(known) in text])
    assume("token" not in text and "key=" not in text and "code=" not in text and "secret" not in text)

    assert knowing(known).text(text) == text
    assert knowing(known).body(text.encode()) == text.encode()


@given(body=st.binary(max_size=200))
def test_bytes_that_are_no_text_come_through_unharmed(body: bytes) -> None:
    """A picture or a damaged answer is kept as it came."""
    assume(b'"' not in body and b"=" not in body)

    assert knowing("abcdefgh").body(body) == body


def test_a_secret_between_bytes_that_are_no_text_is_struck_out() -> None:
    """A damaged answer may still hold an echo."""
    assert knowing("abcdefgh").body(b"\xff\x00abcdefgh\xfe") == b"\xff\x00" + STRUCK.encode() + b"\xfe"


@pytest.mark.parametrize("order", [("demo-refresh", "demo-refresh-1-9f"), ("demo-refresh-1-9f", "demo-refresh")])
def test_a_secret_that_contains_another_is_gone_as_a_whole(order: tuple[str, str]) -> None:
    """A rotated key may begin like the one before: what is left of it must not stay."""
    assert knowing(*order).text("used demo-refresh-1-9f.") == f"used {STRUCK}."


@pytest.mark.parametrize("value", ["demo", "2026", "12345", ""])
def test_a_value_too_short_to_be_a_secret_strikes_nothing_out(value: str) -> None:
    """A year as a "secret" would strike out half of every answer."""
    assert knowing(value).text("demo 2026 12345") == "demo 2026 12345"


def test_six_characters_are_a_secret() -> None:
    """The bound itself."""
    assert knowing("abc123", "").text("x abc123 y") == f"x {STRUCK} y"
    redactor = Redactor()
    redactor.know(None)
    assert redactor.text("None") == "None"


def test_the_newest_five_hundred_secrets_are_known() -> None:
    """Short-lived keys come and go for months; those in use are never forgotten."""
    redactor = Redactor()
    redactor.know("the-long-lived-one")
    for number in range(550):
        redactor.know(f"short-lived-{number:03}", "the-long-lived-one")

    assert "short-lived-549" not in redactor.text("short-lived-549")
    assert "short-lived-052" not in redactor.text("short-lived-052")
    assert "the-long-lived-one" not in redactor.text("the-long-lived-one")
    assert redactor.text("short-lived-010") == "short-lived-010"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://a.example/x?access_token=EAAB12&limit=5", f"https://a.example/x?access_token={STRUCK}&limit=5"),
        ("https://a.example/x?a=1&KEY=abc#part", f"https://a.example/x?a=1&KEY={STRUCK}#part"),
        (r"https:\/\/a.example\/?a=1\u0026access_token=EAAB12\u0026z=1",
         r"https:\/\/a.example\/?a=1\u0026access_token=" + STRUCK + r"\u0026z=1"),
        ("<a href='?a=1&amp;access_token=EAAB12&amp;z=1'>", f"<a href='?a=1&amp;access_token={STRUCK}&amp;z=1'>"),
        ("?code=AQB1234 next", f"?code={STRUCK} next"),
        ('{"access_token": "EAAB12", "id": "7"}', f'{{"access_token": "{STRUCK}", "id": "7"}}'),
        ('{"Refresh_Token":"a\\"b", "id": 7}', f'{{"Refresh_Token":"{STRUCK}", "id": 7}}'),
        (r'"{\"access_token\":\"EAAB12\",\"id\":7}"', rf'"{{\"access_token\":\"{STRUCK}\",\"id\":7}}"'),
    ],
)  # fmt: skip
def test_what_always_carries_a_secret_is_struck_out_by_its_name(text: str, kept: str) -> None:
    """An answer may hold a key that was never ours: Facebook's paging addresses carry one."""
    assert Redactor().text(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        '{"code": "190", "key": "value", "error_code": 4}',
        "https://a.example/?monkey=banana&barcode=123",
        '{"next_page_token": "CAUQAA", "pageToken": "CAUQAA"}',
        '{"token_type": "bearer", "expires_in": 3600}',
        "bearer of bad news",
    ],
)
def test_names_that_only_look_alike_are_left_alone(text: str) -> None:
    """Error codes and page tokens are evidence, and the next page needs its token."""
    assert Redactor().text(text) == text


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("sent Authorization: Bearer abcdefghijklmnop", f"sent Authorization: Bearer {STRUCK}"),
        ("basic YWJjOmRlZmdoaWo=", f"basic {STRUCK}"),
        ("OAuth EAABsbCS1iHgBO", f"OAuth {STRUCK}"),
    ],
)
def test_a_line_for_people_has_no_authorization_either(line: str, shown: str) -> None:
    """A library may log a header whose secret nobody told the redactor."""
    assert Redactor().line(line) == shown


def test_it_may_be_told_and_asked_from_several_threads() -> None:
    """Eight connections at once learn and strike out."""
    redactor, wrong = Redactor(), []

    def work(name: str) -> None:
        for number in range(100):
            secret = f"{name}-{number:04}-secret"
            redactor.know(secret)
            if secret in redactor.text(f"an {secret} echo"):
                wrong.append(secret)

    threads = [threading.Thread(target=work, args=(f"thread{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert wrong == []


# --- logging through it ---------------------------------------------------------------------------------------------


def test_no_log_line_holds_a_secret(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in its message, nor in its arguments, nor in a traceback; of a library's logger no more than of ours."""
    log.set_up("DEBUG", knowing("secret-value-1"))

    logging.getLogger("some.library").debug("asked %s with %r", "?q=secret-value-1", {"a": b"secret-value-1"})
    try:
        int("refused secret-value-1")
    except ValueError:
        logging.getLogger("collector").exception("could not do secret-value-1")

    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count(STRUCK) >= 4
    assert "secret-value-1" not in shown.err
    assert "Traceback" in shown.err
    assert "DEBUG some.library asked ?q=[disembunyikan]" in shown.err


@pytest.mark.parametrize(("level", "shown"), [("WARNING", ["warned"]), ("INFO", ["told", "warned"])])
def test_only_the_wanted_level_is_logged(level: str, shown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Staff see warnings; the rest is for who searches."""
    log.set_up(level, Redactor())
    log.set_up(level, Redactor())  # set up again, a line still comes once

    logging.getLogger("any").debug("whispered")
    logging.getLogger("any").info("told")
    logging.getLogger("any").warning("warned")

    assert [line.rpartition(" ")[2] for line in capsys.readouterr().err.splitlines()] == shown
