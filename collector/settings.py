"""The settings of one installation: the only reader of the environment.

A value comes from the process's environment, else from the env file (`COLLECTOR_ENV_FILE`, default `./.env`), else
from its default. A secret may also come from the file that `<NAME>_FILE` names. What each platform needs is declared
by its connector; nothing here names a platform.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from collector.errors import SettingsError
from collector.language import t
from collector.platforms import list_connectors
from connectors.kit import Connector, Host

HOME = "COLLECTOR_HOME"
DATABASE_URL = "COLLECTOR_DATABASE_URL"
ENV_FILE = "COLLECTOR_ENV_FILE"
KEY_FILE = "COLLECTOR_KEY_FILE"
LANGUAGE = "COLLECTOR_LANG"
LOG_LEVEL = "COLLECTOR_LOG_LEVEL"
KEEP_ANSWERS = "COLLECTOR_KEEP_ANSWERS_DAYS"
OWN_NAMES = (HOME, DATABASE_URL, ENV_FILE, KEY_FILE, LANGUAGE, LOG_LEVEL, KEEP_ANSWERS)

DEFAULT_HOME = "collector-home"


@dataclass(frozen=True, slots=True, repr=False)
class KeyValues:
    """The filled key fields of one account, open and secret ones apart. It never prints a value."""

    open: Mapping[str, str]
    secret: Mapping[str, str]

    @property
    def names(self) -> frozenset[str]:
        """The names of all filled fields."""
        return frozenset(self.open) | frozenset(self.secret)

    def get(self, name: str) -> str | None:
        """Return a field's value, None where it is not filled."""
        return self.secret.get(name, self.open.get(name))


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """The effective settings. `values` holds every declared name that is set, secrets too: it is never printed."""

    home: Path
    database_url: str
    key_file: Path
    language: str
    log_level: str
    values: Mapping[str, str]
    warnings: tuple[str, ...] = ()
    keep_answers_days: int | None = None

    def keys_of(self, connector: Connector) -> KeyValues:
        """Return what the environment fills in for a platform. Raises SettingsError where a value is wrong."""
        given = {
            name: self.values[env_name(info)]
            for name, info in connector.Keys.model_fields.items()
            if env_name(info) in self.values
        }
        return check_keys(connector, given)

    def list_secrets(self) -> Iterator[str]:
        """Yield every secret value that is set, to be struck out wherever it may turn up."""
        for name in sorted(_secret_names() - {DATABASE_URL}):
            value = self.values.get(name)
            if value:
                yield value
        password = _password_of(self.database_url)
        if password:
            yield unquote(password)

    def address_of(self, host: Host, keys: KeyValues) -> str:
        """Return a host's origin and prefix, without a slash at the end. Raises SettingsError where it is wrong."""
        if host.from_key:
            return _origin_of(keys.get(host.from_key) or "")
        return check_address(host.setting, self.values.get(host.setting, host.default))


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises SettingsError where something is wrong."""
    process = dict(os.environ if environ is None else environ)
    env_file = Path(process.get(ENV_FILE) or ".env")
    from_file = _read_env_file(env_file, named=bool(process.get(ENV_FILE)))
    known = set(OWN_NAMES) | set(_platform_names())
    merged = {**from_file, **{name: value for name, value in process.items() if value != ""}}
    values: dict[str, str] = {}
    for name in sorted(known):
        secret_file = merged.get(f"{name}_FILE")
        if name in merged:
            values[name] = merged[name].strip()
        elif secret_file and name in _secret_names():
            values[name] = _read_secret(f"{name}_FILE", Path(secret_file))
    home = Path(values.get(HOME) or DEFAULT_HOME).expanduser()
    language = values.get(LANGUAGE, "id").lower()
    if language not in ("id", "en"):
        raise SettingsError(
            t(
                f"{LANGUAGE}={language} tidak dikenal; tulis id (Bahasa Indonesia) atau en (Inggris).",
                en=f"{LANGUAGE}={language} is not known; write id (Bahasa Indonesia) or en (English).",
            )
        )
    return Settings(
        home=home,
        database_url=values.get(DATABASE_URL) or f"sqlite:///{home / 'collector.db'}",
        key_file=Path(values.get(KEY_FILE) or "~/.config/collector/key").expanduser(),
        language=language,
        log_level=_log_level(values.get(LOG_LEVEL, "WARNING")),
        values={name: value for name, value in values.items() if value},
        warnings=tuple(_unknown_names(from_file, process, known)),
        keep_answers_days=_read_days(KEEP_ANSWERS, values.get(KEEP_ANSWERS, "")),
    )


def language_of(environ: Mapping[str, str] | None = None) -> str:
    """Return the wanted language before anything else is read, so that even a wrong setting is said in it."""
    process = os.environ if environ is None else environ
    try:
        from_file = {} if process.get(LANGUAGE) else _read_env_file(Path(process.get(ENV_FILE) or ".env"), named=False)
    except SettingsError:
        from_file = {}  # `load` says what is wrong with it
    return (process.get(LANGUAGE) or from_file.get(LANGUAGE, "id")).strip().lower()


def env_name(info: FieldInfo) -> str:
    """Return the environment's name of a key field."""
    extra = info.json_schema_extra
    assert isinstance(extra, dict)
    return str(extra["env"])


def is_secret(info: FieldInfo) -> bool:
    """Whether a key field has to be sealed."""
    return SecretStr in (info.annotation, *getattr(info.annotation, "__args__", ()))


def check_keys(connector: Connector, given: Mapping[str, str]) -> KeyValues:
    """Validate key fields by the connector's own rules; defaults fill what is not given."""
    try:
        model = connector.Keys.model_validate(dict(given))
    except ValidationError as error:
        raise SettingsError(_explain(connector, error)) from None
    open_values: dict[str, str] = {}
    secret_values: dict[str, str] = {}
    for name in connector.Keys.model_fields:
        value = getattr(model, name)
        if isinstance(value, SecretStr):
            secret_values[name] = value.get_secret_value()
        elif value is not None:
            open_values[name] = str(value)
    return KeyValues(open_values, secret_values)


def check_address(name: str, address: str) -> str:
    """Check a host's address: https, or http on loopback only; an origin and optional prefix. Returns it trimmed."""
    if not _is_address(address):
        raise SettingsError(
            t(
                f"{name} belum benar: tulis alamat https://…, tanpa tanda tanya dan tanpa nama pengguna "
                "(http:// hanya untuk 127.0.0.1).",
                en=f"{name} is not right: write an address https://…, without a question mark or a user name "
                "(http:// only for 127.0.0.1).",
            )
        )
    return address.rstrip("/")


def _origin_of(address: str) -> str:
    """Return a page's origin. Raises SettingsError where the address cannot be read."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise SettingsError(
            t(
                f"Alamat {address} belum benar; tulis https://…",
                en=f"The address {address} is not right; write https://…",
            )
        ) from None
    return f"{parts.scheme}://{parts.netloc}"


def _password_of(address: str) -> str | None:
    try:
        return urlsplit(address).password
    except ValueError:  # who opens the database says what is wrong with its address
        return None


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port  # a port that is no number is found only by asking for it
    except ValueError:
        return False
    is_secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host or ""))
    return bool(host) and is_secure and not (parts.query or parts.fragment or "@" in parts.netloc)


def is_loopback(host: str) -> bool:
    """Whether a host name means this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _platform_names() -> Iterator[str]:
    for connector in list_connectors():
        yield from (env_name(info) for info in connector.Keys.model_fields.values())
        yield from (host.setting for host in connector.hosts.values() if host.setting)


def _secret_names() -> set[str]:
    """Return the names whose values may come from a file of their own; an address may hold the database's password."""
    fields = (info for connector in list_connectors() for info in connector.Keys.model_fields.values())
    return {DATABASE_URL} | {env_name(info) for info in fields if is_secret(info)}


def _read_env_file(path: Path, *, named: bool) -> dict[str, str]:
    if not path.is_file():
        if named:
            raise SettingsError(
                t(
                    f"Berkas pengaturan {path} (dari {ENV_FILE}) tidak ada. Perbaiki atau hapus {ENV_FILE}.",
                    en=f"The settings file {path} (from {ENV_FILE}) does not exist. Correct or unset {ENV_FILE}.",
                )
            )
        return {}
    try:
        return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            t(
                f"Berkas pengaturan {path} tidak dapat dibaca: {error}.",
                en=f"The settings file {path} cannot be read: {error}.",
            )
        ) from None


def _read_secret(name: str, path: Path) -> str:
    try:
        return path.expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "bukan teks / not text"
        raise SettingsError(
            t(
                f"Berkas yang disebut {name} ({path}) tidak dapat dibaca: {reason}. Periksa alamat dan izin berkasnya.",
                en=f"The file that {name} names ({path}) cannot be read: {reason}. Check its path and permissions.",
            )
        ) from None


def _read_days(name: str, text: str) -> int | None:
    """Read a number of days; None where it is left empty."""
    if not text:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text, re.ASCII):
        raise SettingsError(
            t(
                f"{name}={text} belum benar: tulis jumlah hari, misalnya 730, atau kosongkan (disimpan selamanya).",
                en=f"{name}={text} is not right: write a number of days, such as 730, or leave it empty (for ever).",
            )
        )
    return int(text)


def _log_level(level: str) -> str:
    if level.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise SettingsError(
            t(
                f"{LOG_LEVEL}={level} tidak dikenal; pilih DEBUG, INFO, WARNING, atau ERROR.",
                en=f"{LOG_LEVEL}={level} is not known; choose DEBUG, INFO, WARNING or ERROR.",
            )
        )
    return level.upper()


def _unknown_names(from_file: Mapping[str, str], process: Mapping[str, str], known: set[str]) -> Iterator[str]:
    """Say which names look like ours and are not: a typing error must not pass silently."""
    allowed = known | {f"{name}_FILE" for name in _secret_names()}
    suspects = set(from_file) | {name for name in process if name.startswith("COLLECTOR_")}
    for name in sorted(suspects - allowed):
        nearest = get_close_matches(name, sorted(allowed), n=1)
        id_hint = f" Mungkin maksudnya {nearest[0]}?" if nearest else ""
        en_hint = f" Did you mean {nearest[0]}?" if nearest else ""
        yield t(f"Pengaturan {name} tidak dikenal dan diabaikan.{id_hint}",
                en=f"The setting {name} is not known and is ignored.{en_hint}")  # fmt: skip


def _explain(connector: Connector, error: ValidationError) -> str:
    """Say which settings are wrong, never what they hold."""
    sentences = []
    for fault in error.errors(include_input=False, include_url=False):
        field = connector.Keys.model_fields.get(str(fault["loc"][0])) if fault["loc"] else None
        extra = field.json_schema_extra if field is not None else None
        name = env_name(field) if field is not None else str(fault["loc"])
        help_texts = extra.get("help") if isinstance(extra, dict) else None
        hint = t(str(help_texts[0]), en=str(help_texts[1])) if isinstance(help_texts, list) else ""
        sentences.append(t(f"Nilai {name} belum benar. {hint}", en=f"The value of {name} is not right. {hint}").strip())
    return " ".join(sentences)
