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
from pathlib import Path
from urllib.parse import unquote

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from collector.addresses import check_address, origin_of, password_of
from collector.alerts import addresses
from collector.errors import SettingsError
from collector.language import t
from collector.platforms import list_connectors
from collector.system_errors import reason
from connectors.kit import Connector, Consent, Host, Page

HOME = "COLLECTOR_HOME"
DATABASE_URL = "COLLECTOR_DATABASE_URL"
ENV_FILE = "COLLECTOR_ENV_FILE"
KEY_FILE = "COLLECTOR_KEY_FILE"
LANGUAGE = "COLLECTOR_LANG"
LOG_LEVEL = "COLLECTOR_LOG_LEVEL"
LOG_FORMAT = "COLLECTOR_LOG_FORMAT"
HEALTH_PORT = "COLLECTOR_HEALTH_PORT"
ALERTS = "COLLECTOR_ALERTS"
KEEP_ANSWERS = "COLLECTOR_KEEP_ANSWERS_DAYS"
OWN_NAMES = (
    HOME, DATABASE_URL, ENV_FILE, KEY_FILE, LANGUAGE, LOG_LEVEL, LOG_FORMAT, HEALTH_PORT, ALERTS, KEEP_ANSWERS,
)  # fmt: skip
OWN_SECRETS = (ALERTS,)

DEFAULT_HOME = "collector-home"
DEFAULT_HEALTH_PORT = 8719
_CREDENTIALS = "CREDENTIALS_DIRECTORY"  # of systemd: files that it hands to a service, for the service alone
_KEY, _ENV = "collector-key", "collector-env"


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
    log_format: str = "plain"
    health_port: int = DEFAULT_HEALTH_PORT
    env_file: Path | None = None
    is_key_handed: bool = False
    """Whether systemd hands the key over: it sees to who may read the file."""

    @property
    def alerts(self) -> str:
        """The addresses that alerts are sent to, "" for none."""
        return self.values.get(ALERTS, "")

    def keys_of(self, connector: Connector) -> KeyValues:
        """Return what the environment fills in for a platform. Raises SettingsError where a value is wrong."""
        return check_keys(connector, self.given_to(connector))

    def given_to(self, connector: Connector) -> dict[str, str]:
        """Return the key fields that the environment fills in for a platform, as they were written."""
        fields = connector.Keys.model_fields.items()
        return {name: self.values[env_name(info)] for name, info in fields if env_name(info) in self.values}

    def list_secrets(self) -> Iterator[str]:
        """Yield every secret value that is set, to be struck out wherever it may turn up."""
        yield from addresses.list_secrets(self.alerts)
        for name in sorted(_secret_names() - {DATABASE_URL, ALERTS}):
            value = self.values.get(name)
            if value:
                yield value
        password = password_of(self.database_url)
        if password:
            yield unquote(password)

    def address_of(self, host: Host, keys: KeyValues) -> str:
        """Return a host's origin and prefix, without a slash at the end. Raises SettingsError where it is wrong."""
        if host.from_key:
            return origin_of(keys.get(host.from_key) or "")
        return check_address(host.setting, self.values.get(host.setting, host.default))

    def address_of_page(self, page: Page, keys: KeyValues) -> str:
        """Return the address of a page where a person signs in. Raises SettingsError where it is wrong."""
        address = check_address(page.setting, self.values.get(page.setting, page.default))
        path = re.sub(r"\{(\w+)\}", lambda slot: keys.open.get(slot[1], ""), page.path)
        return address if address.endswith(path.rstrip("/")) else address + path


def load(environ: Mapping[str, str] | None = None, *, home: Path | None = None) -> Settings:
    """Read the settings; a `home` that a command names wins. Raises SettingsError where something is wrong."""
    process = dict(os.environ if environ is None else environ)
    env_file = _find_env_file(process)
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
    home = (home or Path(values.get(HOME) or DEFAULT_HOME)).expanduser()
    handed = None if values.get(KEY_FILE) else _find_handed(process, _KEY)
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
        key_file=handed or Path(values.get(KEY_FILE) or "~/.config/collector/key").expanduser(),
        language=language,
        log_level=_log_level(values.get(LOG_LEVEL, "WARNING")),
        values={name: value for name, value in values.items() if value},
        warnings=tuple(_unknown_names(from_file, process, known)),
        log_format=_log_format(values.get(LOG_FORMAT, "plain")),
        health_port=_health_port(values.get(HEALTH_PORT, str(DEFAULT_HEALTH_PORT))),
        env_file=env_file.absolute() if env_file.is_file() else None,
        is_key_handed=handed is not None,
        keep_answers_days=_read_days(KEEP_ANSWERS, values.get(KEEP_ANSWERS, "")),
    )


def _find_env_file(process: Mapping[str, str]) -> Path:
    return Path(process.get(ENV_FILE) or _find_handed(process, _ENV) or ".env")


def _find_handed(process: Mapping[str, str], name: str) -> Path | None:
    """Return a file that systemd hands over (LoadCredential=collector-key:…), None where it does not."""
    folder = process.get(_CREDENTIALS)
    path = Path(folder) / name if folder else None
    return path if path is not None and path.is_file() else None


def language_of(environ: Mapping[str, str] | None = None) -> str:
    """Return the wanted language before anything else is read, so that even a wrong setting is said in it."""
    process = os.environ if environ is None else environ
    try:
        from_file = {} if process.get(LANGUAGE) else _read_env_file(_find_env_file(process), named=False)
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


def _platform_names() -> Iterator[str]:
    for connector in list_connectors():
        yield from (env_name(info) for info in connector.Keys.model_fields.values())
        yield from (address.setting for address in list_addresses(connector) if address.setting)


def list_addresses(connector: Connector) -> Iterator[Host | Page]:
    """Yield the addresses of a platform: its hosts, and the pages where people sign in."""
    yield from connector.hosts.values()
    yield from (way.page for way in connector.ways if isinstance(way, Consent))


def _secret_names() -> set[str]:
    """Return the names whose values may come from a file of their own; an address may hold the database's password."""
    fields = (info for connector in list_connectors() for info in connector.Keys.model_fields.values())
    return {DATABASE_URL, *OWN_SECRETS} | {env_name(info) for info in fields if is_secret(info)}


def _read_env_file(path: Path, *, named: bool) -> dict[str, str]:
    try:
        if path.is_file():
            return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value}
    except PermissionError:
        raise SettingsError(
            t(
                f"Berkas pengaturan {path} tidak boleh dibaca pengguna ini. Jalankan perintah ini sebagai pemiliknya.",
                en=f"This user may not read the settings file {path}. Run the command as its owner.",
            )
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            t(
                f"Berkas pengaturan {path} tidak dapat dibaca ({reason(error)}). Simpan lagi sebagai teks UTF-8.",
                en=f"The settings file {path} cannot be read ({reason(error)}). Save it again as UTF-8 text.",
            )
        ) from None
    if named:
        raise SettingsError(
            t(
                f"Berkas pengaturan {path} (dari {ENV_FILE}) tidak ada. Perbaiki atau hapus {ENV_FILE}.",
                en=f"The settings file {path} (from {ENV_FILE}) does not exist. Correct or unset {ENV_FILE}.",
            )
        )
    return {}


def _read_secret(name: str, path: Path) -> str:
    try:
        return path.expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            t(
                f"{path}, berkas yang disebut {name}, tidak dapat dibaca ({reason(error)}). Periksa letak dan izinnya.",
                en=f"{path}, which {name} names, cannot be read ({reason(error)}). Check its path and permissions.",
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


def _log_format(form: str) -> str:
    if form.lower() not in ("plain", "json"):
        raise SettingsError(
            t(f"{LOG_FORMAT}={form} tidak dikenal; pilih plain atau json.",
              en=f"{LOG_FORMAT}={form} is not known; choose plain or json.")
        )  # fmt: skip
    return form.lower()


def _health_port(number: str) -> int:
    if not number.isascii() or not number.isdigit() or int(number) > 65535:
        raise SettingsError(
            t(f"{HEALTH_PORT}={number} bukan nomor port; tulis 1 sampai 65535, atau 0 untuk mematikannya.",
              en=f"{HEALTH_PORT}={number} is no port number; write 1 to 65535, or 0 to switch it off.")
        )  # fmt: skip
    return int(number)


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
