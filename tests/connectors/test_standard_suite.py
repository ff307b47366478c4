"""The rules that every platform keeps. They walk over what is installed and over its sample cases; no list to edit.

A new platform gets all of these for its module and its samples alone.
"""

import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest
from pydantic import SecretStr

from collector.platforms import find_connector, get_connector, list_connectors
from connectors.kit import Account, Coverage, Days, Exchange, Gap, Kind, Reading, Subject
from connectors.kit.auth import Renewable
from connectors.kit.metrics import FOLLOWERS, REACH, USERS
from connectors.kit.metrics import NOW as OF_THE_MOMENT
from connectors.kit.samples import describe, list_cases, load_case, replay_case

NEW_MEMBER = {"zz_new_member": {"zz_deep": [1, None, "x"]}}
SECRET_NAMES = {
    "access_token", "key", "api_key", "token", "token_auth", "client_secret", "refresh_token", "appsecret_proof",
    "assertion", "authorization",
}  # fmt: skip

CONNECTORS = list_connectors()
CASES = [(one, name) for one in CONNECTORS for name in list_cases(one.slug)]

each_connector = pytest.mark.parametrize("connector", CONNECTORS, ids=lambda one: one.slug)
each_case = pytest.mark.parametrize(
    ("connector", "name"), CASES, ids=lambda one: one if isinstance(one, str) else one.slug
)


def resolve(exchange, pointer):
    """Find what a place points at, by RFC 6901 and written apart from the code that made it."""
    scheme, _, path = pointer.partition(":")
    if scheme == "head":
        return {"/status": exchange.status}[path]
    here = json.loads(exchange.body, parse_float=Decimal)
    for step in path.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        here = here[int(name)] if isinstance(here, list) else here[name]
    return here


def texts(value):
    """Yield every text in a plain value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from (name, *texts(inner))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def with_new_members(value, tables=frozenset(), shape="body:"):
    """Put an unknown member first into every object that is no table of labels. In a shape, `*` is any number."""
    if isinstance(value, list):
        return [with_new_members(inner, tables, f"{shape}/*") for inner in value]
    if not isinstance(value, dict):
        return value
    members = {name: with_new_members(inner, tables, f"{shape}/{name}") for name, inner in value.items()}
    return members if shape in tables else {**NEW_MEMBER, **members}


def tables_of(observations):
    """Name the shapes of objects whose members are labels ({"ID": 97, "MY": 2}): there, a new member is a new label."""
    shapes = set()
    for one in observations:
        if isinstance(one, Reading) and one.measure.subject is Subject.AUDIENCE:
            above, _, name = one.place.pointer.rpartition("/")
            if one.about.partition(":")[2] == name.replace("~1", "/").replace("~0", "~"):
                shapes.add(re.sub(r"/[0-9]+(?=/|$)", "/*", above))
    return frozenset(shapes)


# The cases ----------------------------------------------------------------------------------------------------------


@each_case
def test_a_case_gives_what_is_expected(connector, name):
    """The expected readings were read critically against the fact sheet; any change of them is a change of meaning."""
    case = load_case(connector.slug, name)

    assert case.expected is not None
    assert describe(replay_case(connector, case)) == case.expected


@each_case
def test_two_replays_agree(connector, name):
    """A connector has no memory: the same answers give the same readings."""
    case = load_case(connector.slug, name)

    first, second = replay_case(connector, case), replay_case(connector, case)

    assert first.observations == second.observations


@each_case
def test_every_kept_answer_is_used(connector, name):
    """A left-over answer is one that the connector no longer asks for: the case shows something that never happens."""
    case = load_case(connector.slug, name)

    assert not replay_case(connector, case).ended
    assert replay_case(connector, replace(case, exchanges=case.exchanges[:-1])).ended


@each_case
def test_only_declared_measures_are_yielded(connector, name):
    """What is not declared has no definition, and nobody could say what its figures mean."""
    observations = replay_case(connector, load_case(connector.slug, name)).observations

    named = {one.measure for one in observations if isinstance(one, Reading | Gap | Coverage)}
    assert named <= set(connector.measures)


@each_case
def test_every_reading_stands_in_its_answer(connector, name):
    """The value is found again at its place; where the place is an object, the value is a declared zero."""
    case = load_case(connector.slug, name)
    exchanges = {exchange.id: exchange for exchange in case.exchanges}

    for one in replay_case(connector, case).observations:
        if one.place is None:
            continue
        found = resolve(exchanges[one.place.exchange], one.place.pointer)
        if isinstance(one, Reading) and isinstance(found, dict):
            assert one.value == 0
        elif isinstance(one, Reading):
            assert not isinstance(found, bool)
            assert Decimal(str(found)).scaleb(one.measure.places) == one.value


@each_case
def test_figures_say_what_they_are_about(connector, name):
    """A post's figure names its post, an audience's its dimension, an account's neither."""
    for one in replay_case(connector, load_case(connector.slug, name)).observations:
        if not isinstance(one, Reading | Gap):
            continue
        match one.measure.subject:
            case Subject.ACCOUNT:
                assert one.about == ""
            case Subject.POST if isinstance(one, Reading):
                assert one.about
            case Subject.AUDIENCE if isinstance(one, Reading):
                assert re.fullmatch(r"[a-z_]+:.+", one.about)


@each_case
def test_an_unknown_member_changes_nothing(connector, name):
    """Platforms add members at any time; none of them may cost or change a figure."""
    case = load_case(connector.slug, name)
    tables = tables_of(replay_case(connector, case).observations)
    exchanges = []
    for one in case.exchanges:
        if one.json() is not None:
            body = json.dumps(with_new_members(json.loads(one.body), tables)).encode()
            one = Exchange(one.id, one.request, one.status, one.headers, body, one.now)
        exchanges.append(one)

    assert describe(replay_case(connector, replace(case, exchanges=tuple(exchanges)))) == case.expected


@each_case
def test_no_request_holds_a_secret(connector, name):
    """Requests are kept and shown; secrets are added behind them, by the shell."""
    slots = {f"{{{field}}}" for field in (*connector.Keys.model_fields, "assertion")}
    for exchange in load_case(connector.slug, name).exchanges:
        request = exchange.request
        assert request.api in connector.hosts
        assert not SECRET_NAMES & {part.lower() for part in (*request.params, *(request.form or {}))}
        assert not [text for text in texts(request.shape()) for slot in slots if slot in text]
        assert request.path.startswith("/")
        assert "?" not in request.path


@each_case
def test_a_note_says_where_the_shape_comes_from(connector, name):
    """A case nobody can trace is a case nobody can correct."""
    assert len(load_case(connector.slug, name).note.strip()) > 40


@each_connector
def test_there_are_cases_for_good_days_and_bad(connector):
    """At least: figures, a gap, a dead sign-in, a throttled answer and something that is no answer at all."""
    cases = [load_case(connector.slug, name) for name in list_cases(connector.slug)]
    replayed = [replay_case(connector, case) for case in cases]

    assert len(cases) >= 4
    assert any(isinstance(one, Reading) for run in replayed for one in run.observations)
    assert any(isinstance(one, Gap) for run in replayed for one in run.observations)
    assert {"reconnect", "wait"} <= {str(run.error.action) for run in replayed if run.error}
    assert any(exchange.json() is None for case in cases for exchange in case.exchanges)


@each_connector
def test_every_days_measure_is_read_with_its_days(connector):
    """A figure of the moment has a moment, a figure of a span has its days."""
    for name in list_cases(connector.slug):
        for one in replay_case(connector, load_case(connector.slug, name)).observations:
            if isinstance(one, Reading):
                assert isinstance(one.when, Days) == (one.measure.span != OF_THE_MOMENT)


# The declarations ---------------------------------------------------------------------------------------------------


@each_connector
def test_it_is_found_by_its_names(connector):
    """People and files name a platform by slug, name or alias."""
    assert get_connector(connector.slug) is connector
    assert type(connector).__module__.startswith(f"connectors.{connector.slug}")
    for word in (connector.slug, connector.name, *connector.aliases, f" {connector.slug.upper()} "):
        assert find_connector(word) is connector
    assert re.fullmatch(r"#[0-9A-F]{6}", connector.colour)


def test_no_two_platforms_share_a_name():
    """A word of a file must mean one platform."""
    words = [word for one in CONNECTORS for word in {one.slug, one.name.casefold(), *one.aliases}]

    assert len(words) == len(set(words))


def test_unknown_platforms_are_said_to_be_unknown():
    """A misspelt platform is an error, not an empty result."""
    assert find_connector("friendster") is None
    with pytest.raises(LookupError):
        get_connector("friendster")


@each_connector
def test_measures_have_keys_of_their_own(connector):
    """Two measures with one key would be one series."""
    keys = [measure.key for measure in (*connector.measures, *connector.typed_measures)]

    assert len(keys) == len(set(keys))
    assert all(definition.text.id and definition.text.en
               for measure in connector.measures for definition in measure.definitions)  # fmt: skip
    for measure in connector.measures:
        owner, dot, _ = measure.metric.key.partition(".")
        assert not dot or owner == connector.slug


@each_connector
def test_people_of_a_window_are_never_summable(connector):
    """Reach and users count distinct people; as a flow they would be added up, and people counted twice."""
    for measure in connector.measures:
        if measure.metric in (REACH, USERS):
            assert measure.kind is Kind.UNIQUE, measure.key
        if measure.metric is FOLLOWERS and measure.subject is Subject.ACCOUNT:
            assert measure.kind is Kind.LEVEL, measure.key


@each_connector
def test_key_fields_are_explained_in_both_languages(connector):
    """Staff fill them in; a field without a word of help is a call to the province."""
    fields = connector.Keys.model_fields
    environment = [field.json_schema_extra["env"] for field in fields.values()]

    assert len(environment) == len(set(environment))
    for name, field in fields.items():
        words = field.json_schema_extra
        assert re.fullmatch(r"[A-Z][A-Z0-9_]+", words["env"]), name
        assert all(text.strip() for text in (*words["label"], *words["help"])), name
        assert len(words["label"]) == len(words["help"]) == 2, name
        assert not field.is_required(), name


@each_connector
def test_what_the_terms_ask_is_said_in_both_languages(connector):
    """Staff read the line when they add an account; a time limit on answers must be one that can be kept."""
    every = frozenset(connector.Keys.model_fields)

    assert connector.terms.id.strip() != connector.terms.en.strip()
    assert min(len(connector.terms.id), len(connector.terms.en)) > 40
    for keys in (frozenset(), *connector.needs, every):
        days = connector.raw_answer_days(Account(None, "kpu_contoh", {}, keys))
        assert days is None or days > 0


@each_connector
def test_hidden_missing_and_zero_are_three_cases(connector):
    """The samples show a gap, and a figure; what is a gap in one is never a nought in the same answer."""
    for name in list_cases(connector.slug):
        observations = replay_case(connector, load_case(connector.slug, name)).observations
        read = {(one.measure, one.about, one.when): one for one in observations if isinstance(one, Reading)}
        for gap in observations:
            if isinstance(gap, Gap):
                assert (gap.measure, gap.about, gap.when) not in read, (name, gap)


@each_connector
def test_declared_fields_exist(connector):
    """A slot that is no field could never be filled."""
    fields = connector.Keys.model_fields
    secret = {name for name, field in fields.items()
              if field.annotation is SecretStr or SecretStr in get_args(field.annotation)}  # fmt: skip

    assert connector.identity in fields
    assert connector.identity not in secret
    assert connector.identity_is in ("id", "handle")
    assert connector.needs
    assert all(need <= set(fields) for need in connector.needs)
    assert connector.reread_days >= 0
    for host in connector.hosts.values():
        assert host.setting or host.from_key in fields
        assert host.answers in ("json", "any")
        assert not host.default or re.fullmatch(r"https://[a-z0-9.-]+", host.default)
        for auth in host.auth.values():
            assert set(auth.needs) <= set(fields)
            if isinstance(auth, Renewable):
                assert auth.request.api in connector.hosts
