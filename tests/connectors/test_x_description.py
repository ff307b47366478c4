"""X's own description of its API, where it lies beside the repository: what is asked, and what the samples answer.

The description knows the newer dialect alone; of the older one the words are translated first (x.md §3.0).
"""

import json
import re
from functools import cache

import pytest
from descriptions import SPECS, needs_descriptions

from connectors.kit.samples import list_cases, load_case

DESCRIPTION = SPECS / "x-openapi.json"
pytestmark = needs_descriptions

EXCHANGES = [(name, exchange) for name in list_cases("x") for exchange in load_case("x", name).exchanges]
OLDER_WORDS = {"tweet.fields": "post.fields", "retweet_count": "repost_count", "tweet_count": "post_count",
               "edit_history_tweet_ids": "edit_history_post_ids", "referenced_tweets": "referenced_posts"}  # fmt: skip
OLDER_FIELDS = {"referenced_tweets"}

each_exchange = pytest.mark.parametrize(("case", "exchange"), EXCHANGES, ids=[name for name, _ in EXCHANGES])


@cache
def description() -> dict:
    return json.loads(DESCRIPTION.read_text("utf-8"))


def resolved(schema: dict) -> dict:
    """Follow a reference."""
    while "$ref" in schema:
        here = description()
        for step in schema["$ref"].removeprefix("#/").split("/"):
            here = here[step]
        schema = here
    return schema


def newer(value):
    """Say a value in the words of the newer dialect."""
    if isinstance(value, dict):
        return {OLDER_WORDS.get(name, name): newer(inner) for name, inner in value.items()}
    return [newer(inner) for inner in value] if isinstance(value, list) else value


def faults(value, schema: dict, where: str = ""):
    """Yield where a value does not fit its schema: wrong kind, unknown member, missing member."""
    schema = resolved(schema)
    if "oneOf" in schema:
        return
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    if not isinstance(value, kinds.get(schema.get("type", "object"), object)):
        yield f"{where}: {value!r} is no {schema['type']}"
    elif isinstance(value, list):
        for one in value:
            yield from faults(one, schema["items"], f"{where}/*")
    elif isinstance(value, dict) and "properties" in schema:
        yield from (f"{where}/{name} is missing" for name in schema.get("required", ()) if name not in value)
        for name, inner in value.items():
            if name not in schema["properties"]:
                yield f"{where}/{name} is not known"
            else:
                yield from faults(inner, schema["properties"][name], f"{where}/{name}")


def operation_of(path: str) -> dict:
    for template, operations in description()["paths"].items():
        if template == path or (template.count("{") and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)):
            if template.endswith("/{id}") and not path.rpartition("/")[2].isdigit():
                continue
            return operations["get"]
    raise AssertionError(f"{path} is not described")


@each_exchange
def test_what_is_asked_is_described(case, exchange):
    """A name that X does not know is dropped without a word: no error would ever tell."""
    known = {one["name"]: one["schema"] for one in map(resolved, operation_of(exchange.request.path)["parameters"])}
    for name, value in exchange.request.params.items():
        schema = known[OLDER_WORDS.get(name, name)]
        if schema["type"] == "array":
            allowed = set(resolved(schema["items"])["enum"]) | (OLDER_FIELDS if name == "tweet.fields" else set())
            assert set(value.split(",")) <= allowed
        elif schema["type"] == "integer":
            assert schema["minimum"] <= int(value) <= schema["maximum"]


@each_exchange
def test_what_is_answered_is_described(case, exchange):
    """A sample of a shape that X never gives would prove nothing."""
    body = exchange.json()
    if exchange.status != 200 or case == "html":
        return
    schema = operation_of(exchange.request.path)["responses"]["200"]["content"]["application/json"]["schema"]
    answered = {
        name: value for name, value in newer(body).items() if name != "errors"
    }  # of many kinds, told apart below

    assert list(faults(answered, schema)) == []
    for error in body.get("errors", ()):
        assert {"title", "detail", "type"} <= error.keys()
