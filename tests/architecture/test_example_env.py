"""The example of the settings: complete, valid however it is uncommented, and harmless as it is."""

import re
from pathlib import Path

import pytest
from dotenv import dotenv_values

from collector import settings
from collector.accounts.keyring import is_begun
from collector.example_env import make_text
from collector.platforms import list_connectors
from collector.settings import ENV_FILE, OWN_NAMES, env_name, is_secret, list_addresses, load
from collector.wiring import Application

_SETTING = re.compile(r"^#([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def text() -> str:
    """Return the example's text."""
    return make_text()


def test_every_setting_stands_in_it_once(text: str) -> None:
    """What is not in the example does not exist for an office."""
    keys = {env_name(info) for connector in list_connectors() for info in connector.Keys.model_fields.values()}
    secrets = {
        f"{env_name(info)}_FILE"
        for connector in list_connectors()
        for info in connector.Keys.model_fields.values()
        if is_secret(info)
    }
    hosts = {one.setting for connector in list_connectors() for one in list_addresses(connector) if one.setting}

    names = [name for name, _ in _SETTING.findall(text)]

    assert sorted(names) == sorted({*OWN_NAMES, *keys, *secrets, *hosts})


def test_every_line_is_commented_out(text: str) -> None:
    """The file may be copied as it is without changing anything."""
    assert [line for line in text.splitlines() if line and not line.startswith("#")] == []


def test_every_comment_is_either_a_setting_or_a_sentence(text: str) -> None:
    """People uncomment lines by taking the first sign away; a sentence must not look like a setting."""
    lines = [line for line in text.splitlines() if line and not line.startswith("# ")]

    assert [line for line in lines if not _SETTING.match(line)] == []


def test_an_installation_runs_with_it_unchanged(tmp_path: Path, text: str) -> None:
    """Nothing in it is a warning, a configured account or another home."""
    env_file = tmp_path / "office.env"
    env_file.write_text(text, "utf-8")
    home = str(tmp_path / "home")

    loaded = load({ENV_FILE: str(env_file), settings.HOME: home})
    with Application.open(loaded) as application:
        offices = application.queries.list_offices()

    assert loaded.warnings == ()
    assert set(loaded.values) == {ENV_FILE, settings.HOME}
    assert offices == ()


def test_uncommented_lines_are_the_defaults(tmp_path: Path, text: str) -> None:
    """A line that is uncommented and left alone must change nothing."""
    env_file = tmp_path / "office.env"
    env_file.write_text(_SETTING.sub(r"\1=\2", text), "utf-8")

    written, nothing = load({ENV_FILE: str(env_file)}), load({ENV_FILE: str(_empty(tmp_path))})

    assert written.warnings == ()
    assert (written.home, written.database_url, written.key_file) == (
        nothing.home, nothing.database_url, nothing.key_file,
    )  # fmt: skip
    assert (written.language, written.log_level) == (nothing.language, nothing.log_level)
    for connector in list_connectors():
        keys, defaults = written.keys_of(connector), nothing.keys_of(connector)
        assert (keys.open, keys.secret) == (defaults.open, defaults.secret), connector.slug
        assert not is_begun(connector, keys), connector.slug
        for host in connector.hosts.values():
            if host.setting and host.default:
                assert written.address_of(host, keys) == host.default, connector.slug


def test_it_is_a_valid_env_file_when_uncommented(tmp_path: Path, text: str) -> None:
    """A stray sign would swallow the lines below it."""
    env_file = tmp_path / "office.env"
    env_file.write_text(_SETTING.sub(r"\1=filled", text), "utf-8")

    parsed = dotenv_values(env_file, interpolate=False)

    assert parsed == dict.fromkeys((name for name, _ in _SETTING.findall(text)), "filled")


def test_each_platform_has_its_words_in_both_languages(text: str) -> None:
    """The person who fills it in reads Bahasa Indonesia; the one who helps may not."""
    flowing = re.sub(r"\n# ", " ", text)
    for connector in list_connectors():
        assert f"# {connector.name}\n" in text
        for info in connector.Keys.model_fields.values():
            extra = info.json_schema_extra
            assert isinstance(extra, dict)
            for label, explanation in zip(extra["label"], extra["help"], strict=True):
                assert f"{label}: {explanation}" in flowing, env_name(info)


def test_each_platform_says_which_keys_are_enough(text: str) -> None:
    """Nobody should have to fill in all keys to find out that two would do."""
    flowing = re.sub(r"\n# ", " ", text)
    for connector in list_connectors():
        section = flowing.split(f" {connector.name} ---")[1].split("\n")[0]
        names = {env_name(info) for name, info in connector.Keys.model_fields.items()
                 if any(name in wanted for wanted in connector.needs)}  # fmt: skip
        assert set(re.findall(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b", section)) == names
        assert section.count("; atau ") == section.count("; or ") == len(connector.needs) - 1


def test_lines_fit_on_a_screen(text: str) -> None:
    """It is read in whatever editor a small office has."""
    assert max(len(line) for line in text.splitlines()) <= 100


def _empty(folder: Path) -> Path:
    path = folder / "empty.env"
    path.touch()
    return path
