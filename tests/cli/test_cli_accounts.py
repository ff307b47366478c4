"""`collector accounts`: who is collected, since when, and how it stands."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from office import Office, only

from collector import language
from collector.demo.contracts.facebook import FacebookContract
from collector.demo.contracts.instagram import InstagramContract
from collector.demo.standin import Fault, StandIn, broken
from collector.platforms import get_connector
from connectors.kit import Account, Connector, Fetch, Profile, Words

Check = Callable[[Any, Account, Fetch], Profile]


def state_of(office: Office, platform: str) -> str:
    """Return how the list for people says that an account stands."""
    lines = office.run("accounts", "list").out.splitlines()
    (line,) = [line for line in lines if line.split()[1:2] == [platform]]
    return " ".join(line.split()[3:-1])


def test_the_list_says_how_each_account_stands(office_with: Callable[..., Office], standin: StandIn) -> None:
    """The one place where a person sees what needs attention."""
    office = office_with("facebook", "instagram")
    office.run(
        "record", "--platform", "x", "--account", "kpu", "--metric", "followers", "--value", "1", "--at", "2026-06"
    )
    office.collect("--platform", "instagram")
    office.run("accounts", "pause", "kpu_contoh")

    assert (state_of(office, "x"), state_of(office, "instagram"), state_of(office, "facebook")) == (
        "diisi manual", "dijeda", "aktif",
    )  # fmt: skip
    rows = {one["platform"]: one for one in office.run("accounts", "list", "--json").json["accounts"]}
    assert set(rows["instagram"]) >= {"office", "platform", "account", "id", "name", "state", "connected", "next_due"}
    assert (rows["instagram"]["id"], rows["instagram"]["connected"]) == ("17841400000000001", True)
    assert rows["instagram"]["last_success"].startswith("2027-01-05T10:00")
    assert rows["instagram"]["next_due"].startswith("2027-01-05T14:")  # twice a day: its stories live for one
    assert (rows["x"]["connected"], rows["x"]["last_success"], rows["x"]["state"]) == (False, None, "active")
    assert office.run("accounts", "list", "--json", "--office", "default").json["accounts"] == list(rows.values())
    assert "Kantor lain tidak ada" in office.run("accounts", "list", "--office", "lain", status=2).err


def test_the_list_keeps_the_last_success_beside_the_last_failure(
    office_with: Callable[..., Office], standin: StandIn
) -> None:
    """Since when there are no figures is the first question after a failure."""
    office = office_with("instagram")
    office.collect()
    office.clock.sleep(3 * 86_400)
    cast(InstagramContract, standin.contracts["instagram"]).expired = True

    office.collect(status=1)

    (row,) = office.run("accounts", "list", "--json").json["accounts"]
    assert (row["state"], row["last_outcome"], row["error"]) == ("reconnect", "failed", "access.expired")
    assert row["last_success"].startswith("2027-01-05T10:00")


def test_an_added_account_is_there_once(bare: Office) -> None:
    """Adding is how an office tells of an account before anything is known of it; twice is once."""
    for handle in ("@KPU_Contoh", "kpu_contoh"):
        said = bare.run("accounts", "add", "ig", handle, "--opened", "2022-10")
        assert said.out.splitlines()[0] == "Akun instagram KPU_Contoh ada."

    rows = bare.run("accounts", "list", "--json").json["accounts"]
    assert [(one["platform"], one["account"], one["opened"]) for one in rows] == [
        ("instagram", "KPU_Contoh", "2022-10")
    ]


@pytest.mark.parametrize(
    ("tongue", "line"),
    [
        ("id", "Ketentuan Instagram: Tanyakan dulu. Selengkapnya: docs/platform-terms.md."),
        ("en", "Instagram's terms: Ask first. More: docs/platform-terms.md."),
    ],
)
def test_adding_an_account_shows_what_the_platforms_terms_ask(
    bare: Office, monkeypatch: pytest.MonkeyPatch, tongue: str, line: str
) -> None:
    """The person who connects an account decides with the terms before their eyes, in their language."""
    terms = Words("Tanyakan dulu.", "Ask first.")
    monkeypatch.setattr(type(get_connector("instagram")), "terms", terms, raising=False)
    language.use(tongue)

    assert bare.run("accounts", "add", "ig", "kpu_contoh").out.splitlines()[1:] == [line]


def test_a_bio_that_still_shows_the_old_domain_is_told(
    office_with: Callable[..., Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The office moved its site, and its bio still sends people to the old one: list, check and doctor say it."""
    links = {"link": "https://kpu-lama.example/"}
    kind = type(get_connector("instagram"))
    check: Check = kind.check

    def ask(self: Connector, account: Account, fetch: Fetch) -> Profile:
        return replace(check(self, account, fetch), bio_link=links["link"])

    monkeypatch.setattr(kind, "check", ask)
    office = office_with("instagram", "website")

    said = {one["platform"]: one for one in office.run("accounts", "check", "--json").json["accounts"]}
    assert (said["instagram"]["bio_link"], said["instagram"]["bio_names_site"]) == (links["link"], False)
    assert said["website"]["bio_names_site"] is None
    rows = {one["platform"]: one for one in office.run("accounts", "list", "--json").json["accounts"]}
    assert (rows["instagram"]["bio_link"], rows["instagram"]["bio_names_site"]) == (links["link"], False)
    assert (rows["website"]["bio_link"], rows["website"]["bio_names_site"]) == (None, None)
    assert "bukan: https://kpu-lama.example/" in office.run("accounts", "check").out
    (finding,) = office.run("doctor", "--json").json["findings"]
    assert (finding["id"], finding["level"]) == ("account.bio", "warning")
    assert finding["what"] == "instagram kpu_contoh: bio menyebut https://kpu-lama.example/, bukan situs kantor."

    links["link"] = "www." + office.environment["WEBSITE_URL"].partition("://")[2]
    (line,) = [one for one in office.run("accounts", "check").out.splitlines() if one.startswith("instagram  ")]
    assert " ya " in line
    assert office.run("doctor", "--json").json == {"findings": []}

    links["link"] = ""
    finding, asked = office.run("doctor", "--json").json["findings"]
    assert finding["what"] == "instagram kpu_contoh: bio tidak menyebut alamat apa pun."
    assert (asked["id"], "menjadi “(kosong)”" in asked["what"]) == ("account.findings", True)


def test_an_account_with_keys_of_its_own_is_collected_by_them(
    office_with: Callable[..., Office], tmp_path: Path, standin: StandIn
) -> None:
    """A second Page is not in .env: its keys come from a file, are sealed, and the file may go."""
    office = office_with("facebook")
    keys = tmp_path / "halaman.env"
    names = ("FACEBOOK_PAGE_ID", "FACEBOOK_ACCESS_TOKEN", "FACEBOOK_APP_SECRET")
    keys.write_text("".join(f"{name}={office.environment.pop(name)}\n" for name in names))
    office.run("accounts", "add", "facebook", "Halaman Kantor", "--keys", keys)
    keys.unlink()

    ended = office.collect()["facebook"]

    assert (ended["outcome"], ended["account"]) == ("ok", "kpucontoh")
    assert len(office.rows("SELECT id FROM accounts")) == 1
    assert b"demo-facebook-key" not in b"".join(path.read_bytes() for path in office.home.rglob("*") if path.is_file())
    office.run("accounts", "add", "facebook", "Halaman Kantor")
    assert len(office.rows("SELECT id FROM accounts")) == 1


@pytest.mark.parametrize(
    "content, says",
    [
        (None, "tidak ada"),
        (b"\xff\xfe\x00bukan teks", "tidak dapat dibaca"),
        (b"FACEBOOK_GRAPH_VERSION=26\n", "FACEBOOK_GRAPH_VERSION"),
    ],
)
def test_keys_that_cannot_be_used_are_said_and_add_no_account(
    bare: Office, tmp_path: Path, content: bytes | None, says: str
) -> None:
    """A wrong file must not leave a half-made account, nor show what it holds."""
    keys = tmp_path / "kunci.env"
    if content is not None:
        keys.write_bytes(content)

    said = bare.run("accounts", "add", "facebook", "x", "--keys", keys, status=2)

    assert says in said.err
    assert bare.counts()["accounts"] == 0


def test_a_paused_account_is_left_alone_until_it_is_resumed(
    office_with: Callable[..., Office], standin: StandIn
) -> None:
    """An office that is between two social-media staff wants silence, not a removal."""
    office = office_with("instagram")
    office.collect()
    office.run("accounts", "pause", "@kpu_contoh")
    standin.asked.clear()

    assert "dijeda" in office.run("collect", "now", status=2).err
    assert not standin.asked
    office.run("accounts", "resume", "17841400000000001")

    assert office.collect()["instagram"]["outcome"] == "ok"


def test_a_removed_account_keeps_its_history_and_stays_away(
    office_with: Callable[..., Office], standin: StandIn
) -> None:
    """Removed means removed, although its keys still stand in .env; its past can still be looked at."""
    office = office_with("instagram", "x")
    office.collect()
    office.run("accounts", "remove", "kpu_contoh", "--platform", "instagram")
    standin.asked.clear()

    ended = office.collect()

    assert set(ended) == {"x"}
    assert {one.host for one in standin.asked} == {"X_API_URL"}
    assert [one["platform"] for one in office.run("accounts", "list", "--json").json["accounts"]] == ["x"]
    assert len(office.readings("--platform", "instagram", "--account", "@KPU_contoh", "--metric", "following")) == 1


def test_a_removed_account_that_is_added_again_comes_back_with_its_history(office_with: Callable[..., Office]) -> None:
    """A second account of the same name would tear its history apart."""
    office = office_with("instagram")
    office.collect()
    office.run("accounts", "remove", "kpu_contoh")
    office.clock.sleep(60)

    office.run("accounts", "add", "instagram", "@kpu_contoh")
    office.collect()

    assert len(office.rows("SELECT id FROM accounts")) == 1
    assert len(office.readings("--metric", "following")) == 2


def test_a_removed_account_that_the_platform_names_again_comes_back(office_with: Callable[..., Office]) -> None:
    """Configured anew under another name, the platform still says who it is: the same account, one history."""
    office = office_with("instagram")
    office.collect()
    office.run("accounts", "remove", "kpu_contoh")
    del office.environment["INSTAGRAM_USER_ID"]
    office.environment["INSTAGRAM_LOGIN"] = "instagram"  # another way to sign in, which tells the account by itself
    office.clock.sleep(60)

    office.collect()

    assert office.rows("SELECT external_id, state FROM accounts") == [("17841400000000001", "active")]
    assert len(office.readings("--metric", "following")) == 2


def test_checking_asks_each_platform_who_the_account_is(office: Office, standin: StandIn) -> None:
    """After filling in .env the person wants to see six names, before anything is collected."""
    said = office.run("accounts", "check", "--json").json["accounts"]

    assert {(one["platform"], one["account"], one["ok"]) for one in said} == {
        ("facebook", "kpucontoh", True), ("instagram", "kpu_contoh", True), ("tiktok", "kpu_contoh", True),
        ("website", "127.0.0.1/site", True),
        ("x", "kpu_contoh", True), ("youtube", "kpucontoh", True),
    }  # fmt: skip
    assert office.counts()["readings"] == 0
    assert office.rows("SELECT outcome FROM snapshots") == [("checked",)]  # of the one that costs


def test_a_check_says_what_is_wrong_and_ends_with_one(office_with: Callable[..., Office], standin: StandIn) -> None:
    """The reason and what to do stand beside the account."""
    office = office_with("facebook", "instagram", "x")
    cast(FacebookContract, standin.contracts["facebook"]).expired = True
    standin.faults.append(Fault("X_API_URL", broken(503), times=None))

    said = office.run("accounts", "check", status=1)

    lines = {line.split()[0]: line for line in said.out.splitlines() if line[:1] not in ("", "-")}
    assert "perlu disambung ulang" in lines["facebook"]
    assert "KPU Kabupaten Contoh" in lines["instagram"]
    assert "internet" in lines["x"]


def test_a_name_that_means_no_account_is_said_with_a_guess(office_with: Callable[..., Office]) -> None:
    """Pausing the wrong account would be worse than pausing none."""
    office = office_with("instagram", "x")
    office.collect()

    assert "Mungkin kpu_contoh?" in office.run("accounts", "pause", "kpu_conto", status=2).err
    said = office.run("accounts", "pause", "kpu_contoh", status=2).err
    assert "default/instagram/kpu_contoh, default/x/kpu_contoh" in said
    assert "Platform twiter tidak dikenal" in office.run("accounts", "pause", "a", "--platform", "twiter", status=2).err
    assert {state for (state,) in office.rows("SELECT state FROM accounts")} == {"active"}


def test_a_platform_that_is_no_longer_configured_stays_in_the_list(office_with: Callable[..., Office]) -> None:
    """The line in .env may go; the account and what is known of it stay, as typed in from now on."""
    office = office_with("instagram", "x")
    office.collect()
    office.environment = only(office.environment, "x")

    assert set(office.collect()) == {"instagram", "x"}
    assert state_of(office, "instagram") == "diisi manual"
