"""No secret lies open in a backup: not in its database, not in what was deleted there, not in its other files."""

import base64
import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from office import Office

from collector.platforms import list_connectors
from collector.settings import env_name, is_secret
from collector.store.copying import condense

PASSPHRASE = "canary kata sandi 7/+="


def canaries() -> dict[str, dict[str, str]]:
    """Return a secret of its own for every secret key field of every platform."""
    return {
        connector.slug: {
            name: f'canary/{env_name(info)}+k="{connector.slug}"~'
            for name, info in connector.Keys.model_fields.items()
            if is_secret(info)
        }
        for connector in list_connectors()
    }


def spellings(secret: str) -> set[bytes]:
    """Return how a secret may be written."""
    plain = secret.encode()
    return {plain, base64.b64encode(plain)[:-4], quote(secret, safe="").encode(), secret.replace('"', '\\"').encode()}


def parts_of(backup: Path) -> list[bytes]:
    """Return a backup as it lies there, and each of its files taken out."""
    with zipfile.ZipFile(backup) as archive:
        return [backup.read_bytes(), *(archive.read(name) for name in archive.namelist())]


@pytest.fixture
def sealed(office: Office) -> set[str]:
    """Seal a canary in every key field of every platform, one of them renewed and one forgotten; return them all."""
    secrets = set()
    with office.open() as application:
        whose = application.accounts.get_office(None)
        for connector in list_connectors():
            fields = canaries()[connector.slug]
            account = application.accounts.ensure(whose, connector, f"{connector.slug}-canary")
            application.vault.seal(account.id, {f"key:{name}": f"{value}old" for name, value in fields.items()})
            application.vault.seal(account.id, {f"key:{name}": value for name, value in fields.items()})
            if fields:
                application.vault.forget(account.id, f"key:{next(iter(fields))}")
            secrets |= {*fields.values(), *(f"{value}old" for value in fields.values())}
    for connector in list_connectors():
        for name, info in connector.Keys.model_fields.items():
            if is_secret(info):
                office.environment[env_name(info)] = canaries()[connector.slug][name]
    return secrets


def test_no_secret_lies_open_in_a_backup(office: Office, sealed: set[str], tmp_path: Path) -> None:
    """Sealed, renewed, forgotten, from the environment, and the key itself: the finder of the stick has none of it."""
    word, stick = tmp_path / "word", tmp_path / "stick"
    word.write_text(PASSPHRASE)
    stick.mkdir()
    key_file = Path(office.environment["COLLECTOR_KEY_FILE"])
    first_key = key_file.read_text().strip()
    debug = {"COLLECTOR_LOG_LEVEL": "DEBUG"}

    said = office.run("backup", "--to", stick, **debug)
    office.run("vault", "rotate", **debug)
    more = office.run("backup", "--to", stick, "--with-key", "--passphrase-file", word, **debug)

    secrets = {*sealed, PASSPHRASE, first_key, *key_file.read_text().split()}
    found = [
        secret for secret in secrets for backup in stick.iterdir() for part in parts_of(backup)
        if any(spelling in part for spelling in spellings(secret))
    ]  # fmt: skip
    assert len(sealed) > 20
    assert len(list(stick.iterdir())) == 2
    assert found == []
    told = said.out + said.err + more.out + more.err
    assert [secret for secret in secrets if secret in told] == []


def test_what_was_forgotten_is_not_even_sealed_in_it(office: Office, tmp_path: Path) -> None:
    """A database leaves deleted rows in its free pages, unless it was built not to; a backup of it has none."""
    gone = os.urandom(3000)
    with closing(sqlite3.connect(office.home / "collector.db")) as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute("INSERT INTO credentials SELECT id, 'gone', ?, '', NULL, 0 FROM accounts LIMIT 1", (gone,))
        database.commit()
        database.execute("DELETE FROM credentials WHERE slot = 'gone'")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert gone[:500] in (office.home / "collector.db").read_bytes()
    left = tmp_path / "left.db"
    left.write_bytes((office.home / "collector.db").read_bytes())

    with office.open() as application:
        made = application.backups.make().path
    condense(left)

    assert [part for part in (*parts_of(made), left.read_bytes()) if gone[:500] in part] == []


def test_the_passphrase_is_never_a_word_of_the_command(office: Office) -> None:
    """Everybody on the machine sees the words of a command, and the shell remembers them."""
    for words in (("backup", "--with-key", "--passphrase", PASSPHRASE), ("restore", "x", "--passphrase", PASSPHRASE)):
        assert "No such option" in office.run(*words, status=2).err
