"""`config.example.env`, made from the settings and the connectors: run `python -m collector.example_env`.

Everything in it is commented out, so that the file works as it is. A line `#NAME=value` is a setting, a line that
begins with `# ` is a word to the reader. Bahasa Indonesia comes first, English second. No platform is named here.
"""

import sys
from collections.abc import Iterator
from textwrap import wrap

from pydantic.fields import FieldInfo

from collector import settings
from collector.platforms import list_connectors
from collector.settings import env_name, is_secret
from connectors.kit import Connector, Words

_WIDTH = 100
_RULE = "# " + "-" * (_WIDTH - 2)

_INTRODUCTION = Words(
    "Contoh pengaturan. Salin menjadi .env, hapus tanda # di depan baris yang dipakai, lalu isi nilainya. Baris yang "
    "dibiarkan memakai nilai bawaannya. Setiap rahasia dapat juga ditaruh dalam berkas tersendiri: isi alamat berkas "
    "itu pada baris …_FILE di bawahnya. Jangan bagikan .env kepada siapa pun.",
    "Example settings. Copy it to .env, take away the # before the lines you use, and fill in the values. Lines left "
    "alone keep their default. A secret may also stand in a file of its own: put the path of that file in the …_FILE "
    "line below it. Share .env with nobody.",
)

_OWN = {
    settings.HOME: (
        settings.DEFAULT_HOME,
        Words("Folder data, tempat basis data dan lampiran.", "The home, the folder of the database and attachments."),
    ),
    settings.DATABASE_URL: (
        "",
        Words(
            "Alamat basis data. Kosong: berkas collector.db di folder data.",
            "The database's address. Empty: the file collector.db in the home.",
        ),
    ),
    settings.ENV_FILE: (
        ".env",
        Words(
            "Berkas pengaturan yang dibaca. Hanya berlaku bila diatur di luar berkas ini.",
            "The settings file to read. It counts only where it is set outside this file.",
        ),
    ),
    settings.KEY_FILE: (
        "~/.config/collector/key",
        Words(
            "Berkas kunci yang membuka sambungan akun. Taruh di luar folder data dan simpan salinannya.",
            "The key file that opens the sealed sign-ins. Keep it outside the home, and keep a copy.",
        ),
    ),
    settings.LANGUAGE: ("id", Words("Bahasa: id (Indonesia) atau en (Inggris).", "Language: id or en (English).")),
    settings.KEEP_ANSWERS: (
        "",
        Words(
            "Berapa hari jawaban platform disimpan lengkap; sesudahnya hanya nilai yang dikutip. Kosong: selamanya, "
            "kecuali ketentuan platform berkata lain. Angka, catatan, lampiran, dan laporan selalu tetap.",
            "For how many days platforms' answers are kept whole; then only the values that are cited. Empty: for "
            "ever, except where a platform's terms say otherwise. Figures, entries, proofs and reports always stay.",
        ),
    ),
    settings.LOG_LEVEL: (
        "WARNING",
        Words(
            "Rincian catatan kerja: DEBUG, INFO, WARNING, atau ERROR.",
            "How much is logged: DEBUG, INFO, WARNING or ERROR.",
        ),
    ),
    settings.LOG_FORMAT: (
        "plain",
        Words("Bentuk catatan kerja: plain (baris biasa) atau json.", "The form of the log: plain lines, or json."),
    ),
    settings.HEALTH_PORT: (
        str(settings.DEFAULT_HEALTH_PORT),
        Words(
            "Port di komputer ini sendiri untuk keadaan layanan (/health, /metrics). 0: tidak dipakai.",
            "The port on this very machine where the service tells how it is (/health, /metrics). 0: none.",
        ),
    ),
    settings.ALERTS: (
        "",
        Words(
            "Ke mana pemberitahuan dikirim: satu alamat atau beberapa, dipisah spasi. Caranya: docs/alerts.md. "
            "Kosong: tidak dikirim.",
            "Where alerts are sent: one address or several, with blanks between them. See docs/alerts.md. Empty: "
            "none are sent.",
        ),
    ),
}

_OWN_TITLE = Words("Program ini", "This program")
_OWN_SERVER = Words(
    "Alamat server kantor sendiri untuk layanan ini, misalnya https://layanan.kpu-contoh.go.id",
    "The address of the office's own server of this service, such as https://service.kpu-contoh.go.id",
)
_ADDRESSES = Words("Alamat layanan platform", "Addresses of the platforms' services")
_WHY_ADDRESSES = Words(
    "Biarkan saja, kecuali kantor memakai perantara (proxy) atau platform tiruan. Hanya https, atau http pada "
    "komputer ini sendiri.",
    "Leave them alone unless the office goes through a proxy or a stand-in. Only https, or http on this very machine.",
)


def make_text() -> str:
    """Return the whole of `config.example.env`."""
    written: set[str] = set()
    sections = [
        [*_prose(_INTRODUCTION)],
        _own_section(),
        *(_platform_section(connector, written) for connector in list_connectors()),
        _address_section(),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def _own_section() -> list[str]:
    lines = _title(_OWN_TITLE)
    for name in settings.OWN_NAMES:
        default, words = _OWN[name]
        lines += ["", *_prose(words), f"#{name}={default}"]
        lines += [f"#{name}_FILE="] if name in settings.OWN_SECRETS else []
    return lines


def _platform_section(connector: Connector, written: set[str]) -> list[str]:
    """Return a platform's keys. A key that two platforms share stands with the first; `written` remembers it."""
    lines = [*_title(Words(connector.name, connector.name)), *_prose(_what_is_needed(connector))]
    for info in connector.Keys.model_fields.values():
        name = env_name(info)
        if name not in written:
            written.add(name)
            lines += ["", *_prose(_what_it_is(info)), f"#{name}={info.default if info.default is not None else ''}"]
            lines += [f"#{name}_FILE="] if is_secret(info) else []
    for host in connector.hosts.values():
        if host.setting and not host.default:
            lines += ["", *_prose(_OWN_SERVER), f"#{host.setting}="]
    return lines


def _address_section() -> list[str]:
    """Return the setting of every host and sign-in page that has a default once, with the platforms that use it.

    Where one setting has several defaults none is written down, because it would replace them all.
    """
    users: dict[str, dict[str, set[str]]] = {}
    for connector in list_connectors():
        for one in settings.list_addresses(connector):
            if one.setting and one.default:
                users.setdefault(one.setting, {}).setdefault(one.default, set()).add(connector.name)
    lines = [*_title(_ADDRESSES), *_prose(_WHY_ADDRESSES)]
    for setting, defaults in sorted(users.items()):
        names = ", ".join(sorted(set().union(*defaults.values())))
        several = f": {', '.join(defaults)}" if len(defaults) > 1 else ""
        lines += ["", f"# {names}{several}", f"#{setting}={'' if several else next(iter(defaults))}"]
    return lines


def _what_is_needed(connector: Connector) -> Words:
    """Say which keys are enough to collect with."""
    fields = connector.Keys.model_fields
    ways = [[env_name(info) for name, info in fields.items() if name in wanted] for wanted in connector.needs]
    in_indonesian = "; atau ".join(_listed(way, "dan") for way in ways)
    in_english = "; or ".join(_listed(way, "and") for way in ways)
    return Words(f"Cukup diisi: {in_indonesian}.", f"Enough to collect: {in_english}.")


def _listed(names: list[str], last: str) -> str:
    *first, end = names
    return f"{', '.join(first)} {last} {end}" if first else end


def _what_it_is(info: FieldInfo) -> Words:
    """Return a key's label and help, as its connector declares them."""
    extra = info.json_schema_extra
    assert isinstance(extra, dict)
    label, help_texts = extra["label"], extra["help"]
    assert isinstance(label, list)
    assert isinstance(help_texts, list)
    return Words(f"{label[0]}: {help_texts[0]}", f"{label[1]}: {help_texts[1]}")


def _title(words: Words) -> list[str]:
    both = words.id if words.id == words.en else f"{words.id} / {words.en}"
    return [_RULE, f"# {both}", _RULE]


def _prose(words: Words) -> Iterator[str]:
    """Yield a text in both languages as comment lines."""
    for text in (words.id, words.en):
        yield from (f"# {line}" for line in wrap(text, _WIDTH - 2, break_long_words=False, break_on_hyphens=False))


if __name__ == "__main__":
    # As bytes, so that the file is the same whatever the machine's own encoding and line ends are.
    sys.stdout.buffer.write(make_text().encode())
