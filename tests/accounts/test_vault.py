"""The vault: sealed with a key outside the home, all or nothing, and never a word of what it holds."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from collector import language
from collector.accounts.vault import Vault, digest
from collector.clock import SetClock
from collector.errors import VaultError
from collector.platforms import get_connector
from collector.settings import Settings
from collector.store.queries import Queries
from collector.wiring import Application

X = get_connector("x")


@pytest.fixture
def account(application: Application) -> int:
    """Return the number of an account."""
    return application.accounts.ensure(application.accounts.get_office(None), X, "kpu").id


@pytest.fixture
def open_vault(application: Application, settings: Settings) -> Callable[[], Vault]:
    """Return a function that makes a vault as the next process does."""
    return lambda: Vault(settings.key_file, application.ledger, application.queries, application.clock)


def test_what_is_sealed_comes_out_as_it_was(account: int, open_vault: Callable[[], Vault], clock: SetClock) -> None:
    """In the same process and in the next, with its seed and its end."""
    until = clock.now() + timedelta(hours=2)
    vault = open_vault()
    vault.seal(account, {"access:seed": "kunci é", "seed": "b" * 500}, seed="s", expires={"access:seed": until})

    for one in (vault, open_vault()):
        opened = one.open_all(account)
        assert {slot: (each.value, each.seed, each.expires_at) for slot, each in opened.items()} == {
            "access:seed": ("kunci é", "s", until), "seed": ("b" * 500, "s", None),
        }  # fmt: skip
    assert vault.open_all(account + 1) == {}


def test_sealed_again_the_new_one_stands_and_a_forgotten_one_is_gone(
    account: int, open_vault: Callable[[], Vault]
) -> None:
    """One sign-in of each kind an account."""
    vault = open_vault()
    vault.seal(account, {"a": "first", "b": "other"}, seed="1")
    vault.seal(account, {"a": "second"}, seed="2")

    assert {slot: (one.value, one.seed) for slot, one in vault.open_all(account).items()} == {
        "a": ("second", "2"), "b": ("other", "1"),
    }  # fmt: skip
    vault.forget(account, "a")
    vault.forget(account, "never there")
    assert set(vault.open_all(account)) == {"b"}


def test_the_key_is_made_at_the_first_sealing_outside_the_home_for_its_owner_only(
    account: int, open_vault: Callable[[], Vault], settings: Settings
) -> None:
    """A copied home opens nothing, and nobody else on the machine reads the key."""
    assert open_vault().open_all(account) == {}
    assert not settings.key_file.exists()

    open_vault().seal(account, {"a": "value"})

    assert settings.key_file.stat().st_mode & 0o777 == 0o600
    assert settings.key_file.parent.stat().st_mode & 0o777 == 0o700
    assert settings.home.absolute() not in settings.key_file.absolute().parents
    assert list(settings.key_file.parent.iterdir()) == [settings.key_file]
    made = settings.key_file.read_bytes()
    open_vault().seal(account, {"b": "value"})
    assert settings.key_file.read_bytes() == made
    assert not [path for path in settings.home.rglob("*") if path.is_file() and made.strip() in path.read_bytes()]


def test_two_first_sealings_at_once_are_both_sealed(
    application: Application, settings: Settings, account: int, open_vault: Callable[[], Vault]
) -> None:
    """Accounts of two platforms sign in for the first time: the one must not take the other's for an old home's."""

    class JustThen(Queries):
        def has_credentials(self) -> bool:
            open_vault().seal(account, {"first": "value"})
            return super().has_credentials()

    queries = JustThen(application.store)
    Vault(settings.key_file, application.ledger, queries, application.clock).seal(account, {"second": "value"})

    assert {slot: one.value for slot, one in open_vault().open_all(account).items()} == {
        "first": "value", "second": "value",
    }  # fmt: skip


def test_an_older_key_may_stand_below_a_newer_one(
    account: int, open_vault: Callable[[], Vault], settings: Settings
) -> None:
    """A changed key does not end what was sealed with the one before."""
    open_vault().seal(account, {"old": "sealed before"})
    older = settings.key_file.read_text().strip()
    settings.key_file.write_text(f"{Fernet.generate_key().decode()}\n{older}\n")

    vault = open_vault()
    vault.seal(account, {"new": "sealed after"})

    assert {slot: one.value for slot, one in vault.open_all(account).items()} == {
        "old": "sealed before", "new": "sealed after",
    }  # fmt: skip


def test_without_its_key_a_home_with_sign_ins_makes_no_new_one(
    account: int, open_vault: Callable[[], Vault], settings: Settings
) -> None:
    """A fresh key would look as if all were well, and every account would have to be connected again."""
    open_vault().seal(account, {"a": "value"})
    settings.key_file.unlink()

    for attempt in (lambda: open_vault().open_all(account), lambda: open_vault().seal(account, {"b": "other"})):
        with pytest.raises(VaultError, match=r"padahal ada sambungan akun yang tersegel") as raised:
            attempt()
        assert str(settings.key_file) in str(raised.value)
        assert "COLLECTOR_KEY_FILE" in str(raised.value)
    assert not settings.key_file.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (Fernet.generate_key(), "tidak cocok dengan basis data ini"),
        (b"no key", "tidak dapat dibaca atau rusak"),
        (b"", "tidak dapat dibaca atau rusak"),
        (b"\xff\xfe\x00", "tidak dapat dibaca atau rusak"),
    ],
    ids=["another key", "no key", "empty", "no text"],
)
def test_a_key_that_does_not_fit_is_said_and_nothing_changes(
    account: int, open_vault: Callable[[], Vault], settings: Settings, application: Application, content: bytes,
    said: str,
) -> None:  # fmt: skip
    """A restored home with the wrong key: what is sealed stays as it is for the right one."""
    open_vault().seal(account, {"a": "value"})
    right = settings.key_file.read_bytes()
    sealed = application.queries.list_credentials(account)
    settings.key_file.write_bytes(content)

    with pytest.raises(VaultError, match=said) as raised:
        open_vault().open_all(account)

    assert settings.key_file.read_bytes() == content
    assert application.queries.list_credentials(account) == sealed
    assert raised.value.__cause__ is None
    language.use("en")
    with pytest.raises(VaultError, match=r"key"):
        open_vault().open_all(account)
    settings.key_file.write_bytes(right)
    assert open_vault().open_all(account)["a"].value == "value"


def test_two_processes_that_make_the_key_at_once_use_the_same_one(
    account: int, open_vault: Callable[[], Vault], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one's stands: overwritten, what it had sealed already would be lost."""
    theirs, ours = Fernet.generate_key(), Fernet.generate_key()

    def make_while_another_does() -> bytes:
        settings.key_file.write_bytes(theirs + b"\n")
        return ours

    monkeypatch.setattr(Fernet, "generate_key", make_while_another_does)
    open_vault().seal(account, {"a": "value"})

    assert settings.key_file.read_bytes() == theirs + b"\n"
    assert open_vault().open_all(account)["a"].value == "value"
    assert list(settings.key_file.parent.iterdir()) == [settings.key_file]


@pytest.mark.parametrize("where", ["file/key", "file/folder/key", "folder"])
def test_a_place_where_no_key_can_be_made_is_said_with_the_way_out(
    account: int, application: Application, tmp_path: Path, where: str
) -> None:
    """A home folder on a full or read-only disk: one sentence that names the setting."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    key_file = tmp_path / where
    vault = Vault(key_file, application.ledger, application.queries, application.clock)

    with pytest.raises(VaultError) as raised:
        vault.seal(account, {"a": "value"})

    assert str(key_file) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert application.queries.list_credentials(account) == {}


def test_nothing_of_a_sign_in_lies_open_in_the_home(
    account: int, open_vault: Callable[[], Vault], settings: Settings
) -> None:
    """Neither the value nor the environment's value that it grew from."""
    vault = open_vault()
    vault.seal(account, {"a": "the-secret-value"}, seed=digest("the-seed-value"))

    files = [path.read_bytes() for path in settings.home.rglob("*") if path.is_file()]
    assert not [one for one in files if b"the-secret-value" in one or b"the-seed-value" in one]
    assert "the-secret-value" not in repr(vault.open_all(account))


def test_a_digest_tells_values_apart_and_nothing_else() -> None:
    """Enough to see that the environment changed."""
    assert digest("value") == digest("value")
    assert digest("value") != digest("Value")
    assert "value" not in digest("value")
    assert len(json.dumps(digest("value"))) == 34
