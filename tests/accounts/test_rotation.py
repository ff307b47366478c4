"""Changing the key: nothing sealed is ever without a key that opens it, whoever is killed or seals meanwhile."""

import resource
import stat
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from cryptography.fernet import Fernet
from killing import count_steps, kill_at
from office import Office

from collector.accounts.keyfile import KeyFile
from collector.accounts.rotation import Rotation
from collector.accounts.vault import Vault
from collector.errors import VaultError
from collector.platforms import get_connector
from collector.settings import Settings, load
from collector.store.credentials import Credentials
from collector.store.ledger import Ledger
from collector.wiring import Application


@pytest.fixture
def account(application: Application) -> int:
    """An account with two sealed sign-ins."""
    number = application.accounts.ensure(application.accounts.get_office(None), get_connector("x"), "kpu").id
    application.vault.seal(number, {"a": "first", "b": "second"})
    return number


@pytest.fixture
def office(application: Application, account: int, environment: dict[str, str]) -> Office:
    """The same installation at its command line."""
    return Office(environment, application.clock)


def opened(application: Application, account: int) -> dict[str, str]:
    """What a new process finds in the vault."""
    vault = Vault(application.settings.key_file, application.ledger, application.queries, application.clock)
    return {slot: one.value for slot, one in vault.open_all(account).items()}


def test_a_new_key_comes_first_and_seals_everything(office: Office, application: Application, account: int) -> None:
    """Afterwards the new one alone opens all; the old one stays for older backups, and who may read it is as before."""
    before = application.settings.key_file.read_text().split()

    said = office.run("vault", "rotate")

    new, *rest = application.settings.key_file.read_text().split()
    assert "2 sambungan disegel ulang" in said.out
    assert rest == before
    assert [Fernet(new).decrypt(sealed) for sealed in application.queries.list_sealed()] == [b'"first"', b'"second"']
    assert stat.S_IMODE(application.settings.key_file.stat().st_mode) == 0o600
    assert opened(application, account) == {"a": "first", "b": "second"}


def test_older_keys_go_when_asked(office: Office, application: Application, account: int) -> None:
    """A key that may have been seen by others must not open anything any more."""
    old = application.settings.key_file.read_text()
    office.run("vault", "rotate")

    said = office.run("vault", "rotate", "--drop-old")

    assert len(application.settings.key_file.read_text().split()) == 1
    assert "Kunci lama dibuang" in said.out
    assert opened(application, account) == {"a": "first", "b": "second"}
    application.settings.key_file.write_text(old)
    with pytest.raises(VaultError, match="tidak cocok"):
        opened(application, account)


def test_what_runs_meanwhile_goes_on_with_the_new_key(office: Office, application: Application, account: int) -> None:
    """The service read the key at its start, a week ago: what it seals now must not be lost with the old one."""
    held = application.vault.list_sealed([account])[account]
    office.run("vault", "rotate", "--drop-old")

    application.vault.seal(account, {"b": "renewed"})

    assert opened(application, account) == {"a": "first", "b": "renewed"}
    assert {slot: one.value for slot, one in application.vault.open_all(account).items()}["a"] == "first"
    assert application.vault.open(held)["b"].value == "second"  # read before, opened after


def test_the_key_waits_for_who_is_just_sealing(application: Application, account: int) -> None:
    """Sealed with the old key and stored after its dropping, a renewed sign-in would be gone for good."""
    ended = Event()

    def lock() -> AbstractContextManager[object]:
        return application.holder.lock("vault")

    def rotate() -> None:
        key_file = KeyFile(application.settings.key_file)
        Rotation(key_file, Credentials(application.store), application.queries, lock).rotate(drop_old=True)
        ended.set()

    rotating = Thread(target=rotate)

    class InBetween(Ledger):
        def seal(self, *given: Any, **named: Any) -> None:
            rotating.start()
            ended.wait(0.3)  # never ends in this time, unless nobody is waited for
            super().seal(*given, **named)

    ledger = InBetween(application.store)
    Vault(application.settings.key_file, ledger, application.queries, application.clock, lock).seal(account, {"b": "x"})
    rotating.join(20)

    assert len(application.settings.key_file.read_text().split()) == 1
    assert opened(application, account) == {"a": "first", "b": "x"}


def test_an_old_key_that_something_still_needs_is_not_dropped(application: Application, account: int) -> None:
    """Written by a program that knows of no lock: the old key stays, and all of it opens."""

    class Forgetful(Credentials):
        def reseal(self, anew: Callable[[bytes], bytes]) -> int:
            return 0

    key_file = KeyFile(application.settings.key_file)
    with pytest.raises(VaultError, match="tidak dapat dibuka"):
        Rotation(key_file, Forgetful(application.store), application.queries, nullcontext).rotate(drop_old=True)

    assert len(key_file.read()) == 2
    assert opened(application, account) == {"a": "first", "b": "second"}


@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.prove)])
def test_killed_at_any_step_all_of_it_still_opens(
    office: Office, application: Application, account: int, every: int
) -> None:
    """A power cut while the key is changed: doing it again is all that is needed."""
    steps = count_steps(office, "vault", "rotate", "--drop-old")
    assert steps > 4

    for step in range(0, steps, every):
        kill_at(office, step, "vault", "rotate", "--drop-old")
        assert opened(application, account) == {"a": "first", "b": "second"}, f"step {step}"
    office.run("vault", "rotate", "--drop-old")

    path = application.settings.key_file
    assert len(path.read_text().split()) == 1
    assert list(path.parent.iterdir()) == [path]
    assert opened(application, account) == {"a": "first", "b": "second"}


def test_with_something_that_no_key_opens_nothing_is_changed(
    office: Office, application: Application, account: int
) -> None:
    """A row of another key: its key may turn up, and must then still fit."""
    good = application.settings.key_file.read_bytes()
    foreign = Fernet(Fernet.generate_key()).encrypt(b'"x"')
    application.ledger.seal(account, {"c": foreign}, "", {}, application.clock.now())
    sealed = application.queries.list_sealed()

    said = office.run("vault", "rotate", "--drop-old", status=2)

    assert "tidak dapat dibuka" in said.err
    assert application.settings.key_file.read_bytes() == good
    assert application.queries.list_sealed() == sealed


def test_without_a_key_there_is_nothing_to_change(office: Office, application: Application) -> None:
    """Never a second key made beside sealed rows."""
    application.settings.key_file.unlink()

    assert "tidak ada yang dapat diganti" in office.run("vault", "rotate", status=2).err
    assert not application.settings.key_file.exists()


def test_with_another_key_in_place_nothing_is_sealed(application: Application, account: int) -> None:
    """Connecting one account anew with the wrong key in place would leave two keys that each open a part."""
    good = application.settings.key_file.read_bytes()
    application.settings.key_file.write_bytes(Fernet.generate_key())
    sealed = application.queries.list_sealed()

    with pytest.raises(VaultError, match="tidak cocok"):
        application.vault.seal(account, {"b": "new"})

    assert application.queries.list_sealed() == sealed
    application.settings.key_file.write_bytes(good)
    assert opened(application, account) == {"a": "first", "b": "second"}


def test_where_the_file_cannot_be_written_nothing_is_changed(application: Application, account: int) -> None:
    """A full disk, or a key that is handed over read-only: it is changed where it comes from."""
    path = application.settings.key_file
    before, limit = path.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limit[1]))
    try:
        with pytest.raises(VaultError, match="berkas asalnya"):
            application.rotation.rotate(drop_old=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)

    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    assert opened(application, account) == {"a": "first", "b": "second"}


def test_a_link_stays_one(office: Office, application: Application, account: int, tmp_path: Path) -> None:
    """The file that the link leads to is the one that is kept safe elsewhere."""
    real = tmp_path / "safe"
    application.settings.key_file.rename(real)
    application.settings.key_file.symlink_to(real)

    office.run("vault", "rotate")

    assert application.settings.key_file.is_symlink()
    assert len(real.read_text().split()) == 2


def handed(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Return an environment in which systemd hands the key over."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "collector-key").write_bytes(Fernet.generate_key() + b"\n")
    (folder / "collector-key").chmod(0o440)
    own = {name: value for name, value in environment.items() if name != "COLLECTOR_KEY_FILE"}
    return {**own, "CREDENTIALS_DIRECTORY": str(folder)}


def test_a_key_that_systemd_hands_over_is_used(environment: dict[str, str], tmp_path: Path, clock: object) -> None:
    """LoadCredential=collector-key:… and no setting: read-only is fine, and the doctor does not call it open."""
    own = handed(environment, tmp_path)
    office = Office(own, clock)
    with office.open() as application:
        number = application.accounts.ensure(application.accounts.get_office(None), get_connector("x"), "kpu").id
        application.vault.seal(number, {"a": "first"})
        assert application.settings.key_file == tmp_path / "credentials" / "collector-key"
        assert application.vault.open_all(number)["a"].value == "first"
        found = {one["id"] for one in office.run("doctor", "--json").json["findings"]}
    assert not {one for one in found if one.startswith("key.")}


def test_a_key_file_that_is_set_wins_over_systemds(environment: dict[str, str], tmp_path: Path) -> None:
    """Who sets a place means it; and a folder without the key changes nothing."""
    own = handed(environment, tmp_path)
    (tmp_path / "credentials" / "collector-key").rename(tmp_path / "credentials" / "another")

    def place(given: dict[str, str]) -> Settings:
        return load(given)

    assert place({**own, "COLLECTOR_KEY_FILE": "/safe/key"}).key_file == Path("/safe/key")
    assert place(own).key_file == Path("~/.config/collector/key").expanduser()
    assert not place(own).is_key_handed
