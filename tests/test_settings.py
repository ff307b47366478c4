"""The settings: where a value comes from, and one clear sentence where one is wrong, which never shows it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import language
from collector.addresses import check_address, is_loopback
from collector.errors import SettingsError
from collector.home import open_home
from collector.platforms import get_connector
from collector.settings import KeyValues, Settings, language_of, load
from connectors.kit import Host

FACEBOOK, X, WEBSITE = get_connector("facebook"), get_connector("x"), get_connector("website")

Read = Callable[..., Settings]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Return a function that reads settings from an env file with this text and from these names."""
    monkeypatch.chdir(tmp_path)

    def give(env_file: str | bytes | None = None, **process: str) -> Settings:
        if env_file is not None:
            content = env_file.encode() if isinstance(env_file, str) else env_file
            (tmp_path / ".env").write_bytes(content)
        return load(process)

    return give


def one_sentence(raised: pytest.ExceptionInfo[SettingsError], *named: str, hides: str = "") -> None:
    """Check that an error is one paragraph that names these things and hides the value."""
    text = str(raised.value)
    assert "\n" not in text
    assert all(name in text for name in named), text
    assert not hides or hides not in text
    assert raised.value.exit_status == 2
    assert raised.value.__cause__ is None


def test_without_anything_the_defaults_hold(read: Read) -> None:
    """The program starts with nothing filled in."""
    settings = read()

    assert settings.home == Path("collector-home")
    assert settings.database_url == f"sqlite:///{Path('collector-home') / 'collector.db'}"
    assert settings.key_file == Path("~/.config/collector/key").expanduser()
    assert (settings.language, settings.log_level, settings.values, settings.warnings) == ("id", "WARNING", {}, ())


def test_a_value_of_the_process_wins_over_the_file(read: Read) -> None:
    """Set for one command, it is meant for that command; an empty one is no value."""
    env_file = "X_USERNAME=from_file\nFACEBOOK_PAGE_ID=711\n"

    assert read(env_file, X_USERNAME="from_process").keys_of(X).get("username") == "from_process"
    settings = read(X_USERNAME="", FACEBOOK_PAGE_ID="")
    assert settings.keys_of(X).get("username") == "from_file"
    assert settings.keys_of(FACEBOOK).get("page_id") == "711"


def test_the_env_file_can_be_elsewhere(read: Read, tmp_path: Path) -> None:
    """A service has its own."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "office.env").write_text("X_USERNAME=elsewhere\n")

    settings = read("X_USERNAME=here\n", COLLECTOR_ENV_FILE=str(tmp_path / "other" / "office.env"))

    assert settings.keys_of(X).get("username") == "elsewhere"


def test_an_env_file_that_is_named_has_to_be_there(read: Read, tmp_path: Path) -> None:
    """A typing error in its name would make every account vanish."""
    with pytest.raises(SettingsError) as raised:
        read(COLLECTOR_ENV_FILE=str(tmp_path / "absent.env"))

    one_sentence(raised, "COLLECTOR_ENV_FILE", "absent.env")


@pytest.mark.parametrize(
    "content",
    [
        "X_USERNAME=kpu\n",
        "\ufeffX_USERNAME=kpu\n",
        "X_USERNAME=kpu\r\n",
        "# a note\n\nexport X_USERNAME='kpu'\n",
        'X_USERNAME = "kpu" # a note\n',
        "X_USERNAME=  kpu  ",
    ],
    ids=["plain", "with a mark of Windows' editor", "lines of Windows", "quoted", "with a note", "with spaces"],
)
def test_an_env_file_is_read_as_people_save_it(read: Read, content: str) -> None:
    """The office edits it in Notepad."""
    settings = read(content)

    assert settings.keys_of(X).get("username") == "kpu"
    assert settings.warnings == ()


def test_a_value_is_taken_as_it_stands(read: Read) -> None:
    """A key may hold a dollar sign: nothing in it is replaced."""
    assert read("X_BEARER_TOKEN=ab$HOME${PATH}cd\n").keys_of(X).get("bearer_token") == "ab$HOME${PATH}cd"


def test_an_env_file_that_is_no_text_is_said(read: Read) -> None:
    """Somebody pointed it to a Word file."""
    with pytest.raises(SettingsError) as raised:
        read(b"PK\x03\x04\xff\xfe\x00X_BEARER_TOKEN=abcdef")

    one_sentence(raised, ".env", hides="abcdef")


# --- secrets from files ---------------------------------------------------------------------------------------------


def test_a_secret_may_stand_in_a_file_of_its_own(read: Read, tmp_path: Path) -> None:
    """As container platforms give them; with or without a last line end; named in the process or in the env file."""
    (tmp_path / "token").write_text("the-secret-value\n")

    for settings in (
        read(X_BEARER_TOKEN_FILE=str(tmp_path / "token")),
        read(f"X_BEARER_TOKEN_FILE={tmp_path / 'token'}\n"),
    ):
        assert settings.keys_of(X).get("bearer_token") == "the-secret-value"
        assert "the-secret-value" in set(settings.list_secrets())
        assert settings.warnings == ()


def test_the_value_itself_wins_over_its_file(read: Read, tmp_path: Path) -> None:
    """It is the one that somebody typed last."""
    (tmp_path / "token").write_text("from-the-file")

    settings = read(X_BEARER_TOKEN="typed-in", X_BEARER_TOKEN_FILE=str(tmp_path / "token"))

    assert settings.keys_of(X).get("bearer_token") == "typed-in"


def test_a_key_file_of_many_lines_is_taken_whole(read: Read, tmp_path: Path) -> None:
    """A service account's key file is such a secret: its setting is the name with _FILE."""
    (tmp_path / "service.json").write_text('{\n "private_key": "-----BEGIN\\n"\n}\n')

    keys = read(GA4_SERVICE_ACCOUNT_FILE=str(tmp_path / "service.json"), GA4_PROPERTY_ID="1").keys_of(WEBSITE)

    assert keys.get("service_account") == '{\n "private_key": "-----BEGIN\\n"\n}'


@pytest.mark.parametrize("what", ["absent", "a folder", "no text"])
def test_a_secrets_file_that_cannot_be_read_is_said(read: Read, tmp_path: Path, what: str) -> None:
    """Which setting, which file, and why."""
    path = tmp_path / "token"
    if what == "a folder":
        path.mkdir()
    elif what == "no text":
        path.write_bytes(b"\xff\xfe\x00abcdef")

    with pytest.raises(SettingsError) as raised:
        read(X_BEARER_TOKEN_FILE=str(path))

    one_sentence(raised, "X_BEARER_TOKEN_FILE", str(path), hides="abcdef")


def test_an_open_setting_has_no_file_of_its_own(read: Read, tmp_path: Path) -> None:
    """Only secrets do; the name is unknown, and that is said."""
    settings = read(f"X_USERNAME_FILE={tmp_path / 'name'}\n")

    assert "username" not in settings.keys_of(X).names
    [warning] = settings.warnings
    assert "X_USERNAME_FILE" in warning


# --- names and values that are wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("FACEBOOK_ACESS_TOKEN", "FACEBOOK_ACCESS_TOKEN"),
        ("YOUTUBE_CHANEL_ID", "YOUTUBE_CHANNEL_ID"),
        ("X_BEARER_TOKEN_FLE", "X_BEARER_TOKEN_FILE"),
        ("COLLECTOR_HOM", "COLLECTOR_HOME"),
    ],
)
def test_an_unknown_name_is_said_with_the_nearest_one(read: Read, written: str, nearest: str) -> None:
    """A typing error must not pass silently; what it holds is not shown."""
    [warning] = read(f"{written}=the-secret-value\n").warnings

    assert warning == f"Pengaturan {written} tidak dikenal dan diabaikan. Mungkin maksudnya {nearest}?"
    language.use("en")
    [warning] = read().warnings
    assert warning == f"The setting {written} is not known and is ignored. Did you mean {nearest}?"


def test_a_name_that_is_like_no_other_is_said_without_a_guess(read: Read) -> None:
    """Everything in the env file is meant for this program."""
    assert read("QQQ=1\n").warnings == ("Pengaturan QQQ tidak dikenal dan diabaikan.",)


def test_other_programs_names_in_the_process_are_no_business_of_ours(read: Read) -> None:
    """But one that begins like ours is."""
    settings = read(PATH="/bin", X_BEARER="1", COLLECTOR_LANGUAGE="en")

    assert [warning.split()[1] for warning in settings.warnings] == ["COLLECTOR_LANGUAGE"]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [("COLLECTOR_LANG", "fr", "COLLECTOR_LANG=fr"), ("COLLECTOR_LOG_LEVEL", "LOUD", "COLLECTOR_LOG_LEVEL=LOUD")],
)
def test_our_own_settings_take_only_what_they_name(read: Read, name: str, value: str, shown: str) -> None:
    """The sentence says what is possible."""
    with pytest.raises(SettingsError) as raised:
        read(**{name: value})
    one_sentence(raised, shown)
    with pytest.raises(SettingsError) as raised:
        read(f"{name}={value}\n")
    one_sentence(raised, shown)


def test_our_own_settings_may_be_written_in_any_case(read: Read, tmp_path: Path) -> None:
    """And a home below the person's own folder."""
    settings = read(
        COLLECTOR_LANG="EN", COLLECTOR_LOG_LEVEL="debug", COLLECTOR_HOME="~/kantor", COLLECTOR_KEY_FILE="~/k"
    )

    assert (settings.language, settings.log_level) == ("en", "DEBUG")
    assert settings.home == Path("~/kantor").expanduser()
    assert settings.key_file == Path("~/k").expanduser()
    assert settings.database_url == f"sqlite:///{Path('~/kantor').expanduser() / 'collector.db'}"
    assert read(COLLECTOR_DATABASE_URL="postgresql://h/d").database_url == "postgresql://h/d"


@pytest.mark.parametrize(
    ("process", "env_file", "expected"),
    [
        ({"COLLECTOR_LANG": "EN"}, "", "en"),
        ({}, "COLLECTOR_LANG=en\n", "en"),
        ({"COLLECTOR_LANG": "id"}, "COLLECTOR_LANG=en\n", "id"),
        ({}, "", "id"),
        ({"COLLECTOR_ENV_FILE": "absent.env"}, "COLLECTOR_LANG=en\n", "id"),
    ],
)
def test_the_language_is_known_before_anything_can_go_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, process: dict[str, str], env_file: str, expected: str
) -> None:
    """Even that a setting is wrong is said in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(env_file)

    assert language_of(process) == expected


def test_an_env_file_that_cannot_be_read_leaves_the_first_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong with the file is said when it is read in earnest."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"COLLECTOR_LANG=en\n\xff\xfe")

    assert language_of({}) == "id"
    assert language_of({"COLLECTOR_LANG": "en"}) == "en"


@pytest.mark.parametrize(
    ("connector", "name", "value"),
    [
        ("instagram", "INSTAGRAM_LOGIN", "foo"),
        ("x", "X_YEARLY_CAP_USD", "-1"),
        ("x", "X_YEARLY_CAP_USD", "lima"),
        ("website", "GA4_PROPERTY_ID", "G-12345X"),
        ("website", "WEBSITE_URL", "situs-kami"),
        ("facebook", "FACEBOOK_GRAPH_VERSION", "26"),
    ],
)
def test_a_value_against_its_rule_is_said_with_its_help_and_without_itself(
    read: Read, connector: str, name: str, value: str
) -> None:
    """Each platform states its own rules; the sentence is the same in both languages but for the language."""
    said = []
    for word in ("id", "en"):
        language.use(word)
        settings = read(f"{name}={value}\n")
        with pytest.raises(SettingsError) as raised:
            settings.keys_of(get_connector(connector))
        one_sentence(raised, name)
        said.append(str(raised.value))
        if value not in ("26", "-1", "foo"):
            assert value not in said[-1]

    assert said[0].startswith(f"Nilai {name} belum benar.")
    assert said[1].startswith(f"The value of {name} is not right.")


def test_two_values_that_are_wrong_are_both_said(read: Read) -> None:
    """So that it is mended in one go."""
    with pytest.raises(SettingsError) as raised:
        read("GA4_PROPERTY_ID=G-1\nMATOMO_SITE_ID=x\n").keys_of(WEBSITE)

    one_sentence(raised, "GA4_PROPERTY_ID", "MATOMO_SITE_ID")


# --- addresses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "https://graph.facebook.com",
        "https://proxy.kpu.go.id/fb/",
        "https://10.0.0.5:8443/x",
        "http://127.0.0.1:8080/x-api",
        "http://localhost:1",
        "http://[::1]:8080",
        "HTTPS://graph.facebook.com",
    ],
)
def test_an_address_is_an_origin_with_a_prefix(read: Read, address: str) -> None:
    """For a proxy or a stand-in; without encryption on this machine only."""
    settings = read(X_API_URL=address)

    assert settings.address_of(X.hosts["api"], KeyValues({}, {})) == address.rstrip("/")
    assert settings.warnings == ()


@pytest.mark.parametrize(
    "address",
    [
        "ftp://platform.example",
        "http://platform.example",
        "http://192.168.1.5",
        "http://127.0.0.1.example.org",
        "platform.example",
        "https://",
        "https:///path",
        "https://platform.example/?key=secret-value",
        "https://platform.example/#secret-value",
        "https://user:secret-value@platform.example",
        "https://:secret-value@platform.example",
        "https://@platform.example",
        "https://[secret-value",
        "https://platform.example:port",
        "https://platform.example:99999",
        "//platform.example",
    ],
)
def test_no_other_address_is_taken(read: Read, address: str) -> None:
    """A sign-in sent in the clear, or to who knows where, is a sign-in given away. The value is not repeated."""
    settings = read(X_API_URL=address)

    with pytest.raises(SettingsError) as raised:
        settings.address_of(X.hosts["api"], KeyValues({}, {}))

    one_sentence(raised, "X_API_URL", "https://", "127.0.0.1", hides="secret-value")
    with pytest.raises(SettingsError):
        check_address("X_API_URL", "")


@given(st.one_of(st.text(max_size=60), st.from_regex(r"https?://[\[\]@:/?#a-z0-9.%\s]{0,20}", fullmatch=True)))
def test_no_address_whatever_ends_in_anything_but_a_sentence(address: str) -> None:
    """It is typed by people."""
    try:
        taken = check_address("X_API_URL", address)
    except SettingsError as error:
        assert "X_API_URL" in str(error)
    else:
        assert taken.lower().startswith(("https://", "http://"))


def test_an_address_that_is_a_key_field_gives_its_origin(read: Read) -> None:
    """The office's own site, whatever page of it was named."""
    host = Host("", "", from_key="url")

    address = read().address_of(host, KeyValues({"url": "https://kpu.example:8443/profil?x=1"}, {}))

    assert address == "https://kpu.example:8443"


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False),
     ("localhost.example", False), ("", False), ("0.0.0.0", False)],
)  # fmt: skip
def test_this_machine_is_known_by_its_names(host: str, here: bool) -> None:
    """Only towards it may a sign-in travel unencrypted."""
    assert is_loopback(host) is here


# --- secrets are not shown ------------------------------------------------------------------------------------------


def test_settings_and_keys_never_show_a_value(read: Read) -> None:
    """Printed by accident, in a log or a traceback, they show nothing."""
    settings = read(X_BEARER_TOKEN="the-secret-value", X_USERNAME="kpu")
    keys = settings.keys_of(X)

    for shown in (repr(settings), str(settings), repr(keys), str(keys), f"{settings} {keys}"):
        assert "the-secret-value" not in shown


def test_every_secret_that_is_set_is_told_to_who_strikes_them_out(read: Read) -> None:
    """And none that is not: an open value struck out would be lost evidence."""
    settings = read(
        "X_BEARER_TOKEN=one-secret\nFACEBOOK_APP_SECRET=two-secret\nX_USERNAME=kpu_contoh\nX_CLIENT_ID=id\n"
    )

    assert set(settings.list_secrets()) == {"one-secret", "two-secret"}


@pytest.mark.parametrize(
    ("address", "secrets"),
    [
        ("postgresql://kpu:p%40ss-word@db.example/collector", {"p@ss-word"}),
        ("postgresql://kpu@db.example/collector", set()),
        ("postgresql://[kpu", set()),
        ("", set()),
    ],
)
def test_the_password_of_a_database_is_a_secret_as_well(read: Read, address: str, secrets: set[str]) -> None:
    """An address that is none has none; who opens the database says so."""
    assert set(read(COLLECTOR_DATABASE_URL=address).list_secrets()) == secrets


def test_a_platforms_own_defaults_are_filled_in(read: Read) -> None:
    """The cap holds even where nobody set one."""
    keys = read().keys_of(X)

    assert dict(keys.open) == {"yearly_cap_usd": "5"}
    assert keys.names == {"yearly_cap_usd"}
    assert keys.get("refresh_token") is None


# --- the home -------------------------------------------------------------------------------------------------------


def test_a_home_is_made_for_its_owner_only_and_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody else on the machine reads an office's figures."""
    home = tmp_path / "a" / "home"

    assert open_home(home) == home
    assert home.stat().st_mode & 0o777 == 0o700
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", f"Folder data baru dibuat: {home}\n")
    assert open_home(home) == home
    assert capsys.readouterr().err == ""


def test_a_home_is_absolute_wherever_it_was_named_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service starts elsewhere."""
    monkeypatch.chdir(tmp_path)

    assert open_home(Path("home")) == tmp_path / "home"


def test_a_home_that_cannot_be_is_said_with_the_way_out(tmp_path: Path) -> None:
    """A file in its place, or below one."""
    (tmp_path / "file").write_text("")

    for home in (tmp_path / "file", tmp_path / "file" / "home"):
        with pytest.raises(SettingsError) as raised:
            open_home(home)
        one_sentence(raised, str(home), "COLLECTOR_HOME")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_env_file_that_systemd_hands_over_is_read(read: Read, tmp_path: Path) -> None:
    """It stays root's, as the key does; one that is named wins."""
    folder = tmp_path / "handed"
    folder.mkdir()
    (folder / "collector-env").write_text("COLLECTOR_LANG=en\n")
    (tmp_path / "named.env").write_text("COLLECTOR_LANG=id\n")

    assert read(CREDENTIALS_DIRECTORY=str(folder)).language == "en"
    assert language_of({"CREDENTIALS_DIRECTORY": str(folder)}) == "en"
    assert read(CREDENTIALS_DIRECTORY=str(folder), COLLECTOR_ENV_FILE=str(tmp_path / "named.env")).language == "id"
