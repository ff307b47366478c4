"""Holding requests and samples against the platforms' official descriptions: Google discovery documents and OpenAPI.

They lie beside the repository (`../shared/platforms/specs`), are not shipped, and are absent elsewhere: mark a test
with `needs_descriptions`, and it is skipped there, saying so. `load("youtube.v3.json")` gives a `Description`; its
`faults_of(request)` and `faults_in(exchange)` are lists of sentences, empty where all is as described.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from connectors.kit import Exchange, Request

SHARED = Path(__file__).parents[2].parent / "shared"
SPECS = SHARED / "platforms" / "specs"

needs_descriptions = pytest.mark.skipif(
    not SPECS.is_dir(), reason=f"the official descriptions are not here: {SPECS} does not exist"
)

_HOLDS = {"string": str, "boolean": bool, "object": dict, "array": list, "integer": int, "number": int | float}
_COUNTS = {"int64": r"-?[0-9]+", "uint64": r"[0-9]+"}
"""64-bit numbers are texts in Google's JSON."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a method. A list is written with commas in one value."""

    schema: Mapping[str, Any]
    is_required: bool = False
    is_list: bool = False


@dataclass(frozen=True)
class Operation:
    """One method: how it is asked, where, with which parameters and body, and what it answers."""

    method: str
    path: re.Pattern[str]
    query: Mapping[str, Parameter]
    body: Mapping[str, Any] | None
    answer: Mapping[str, Any] | None


@dataclass(frozen=True)
class Description:
    """The methods of one service, and its schemas by their reference."""

    operations: tuple[Operation, ...]
    schemas: Mapping[str, Mapping[str, Any]]

    def find(self, request: Request) -> Operation | None:
        """Return the method that a request asks for, None where there is none."""
        fitting = (one for one in self.operations if one.method == request.method and one.path.fullmatch(request.path))
        return next(fitting, None)

    def faults_of(self, request: Request) -> list[str]:
        """Say what of a request is not as described: the path, a parameter's name or value, the body."""
        operation = self.find(request)
        if operation is None:
            return [f"there is no {request.method} {request.path}"]
        return [*self._of_query(operation, request), *self._of_body(operation, request)]

    def faults_in(self, exchange: Exchange) -> list[str]:
        """Say what of a good answer is not as described. Members that no schema knows are faults too."""
        operation = self.find(exchange.request)
        if operation is None or operation.answer is None:
            return [f"no answer is described for {exchange.request.method} {exchange.request.path}"]
        return list(self.faults(json.loads(exchange.body), operation.answer, "body"))

    def _of_query(self, operation: Operation, request: Request) -> Iterator[str]:
        for name, parameter in operation.query.items():
            if parameter.is_required and name not in request.params:
                yield f"{name} is missing"
        for name, value in request.params.items():
            if name not in operation.query:
                yield f"there is no parameter {name}"
                continue
            parameter = operation.query[name]
            for one in value.split(",") if parameter.is_list else [value]:
                yield from self._of_text(one, parameter.schema, name)

    def _of_body(self, operation: Operation, request: Request) -> Iterator[str]:
        if request.json is not None and operation.body is None:
            yield "a body is sent where none is described"
        elif request.json is not None and operation.body is not None:
            yield from self.faults(request.json, operation.body, "body")

    def _of_text(self, text: str, schema: Mapping[str, Any], name: str) -> Iterator[str]:
        """Judge a parameter's value, which is written as text whatever it is."""
        schema = self._resolved(schema)
        value: Any = text
        if schema.get("type") in ("integer", "number", "boolean"):
            try:
                value = json.loads(text)
            except ValueError:
                yield f"{name}: {text!r} is no {schema['type']}"
                return
        yield from self.faults(value, schema, name)

    def faults(self, value: Any, schema: Mapping[str, Any], where: str) -> Iterator[str]:
        """Judge a value by a schema."""
        schema = self._resolved(schema)
        if "oneOf" in schema or "anyOf" in schema:
            choices = [list(self.faults(value, one, where)) for one in schema.get("oneOf") or schema["anyOf"]]
            yield from min(choices, key=len)
            return
        kind = schema.get("type", "object" if "properties" in schema else "any")
        if value is None and schema.get("nullable"):
            return
        if kind != "any" and (not isinstance(value, _HOLDS[kind]) or (isinstance(value, bool) and kind != "boolean")):
            yield f"{where}: {value!r:.60} is no {kind}"
            return
        yield from _limits(value, schema, where)
        if isinstance(value, list):
            for number, one in enumerate(value):
                yield from self.faults(one, schema.get("items", {}), f"{where}/{number}")
        elif isinstance(value, dict) and kind == "object":
            yield from self._of_members(value, schema, where)

    def _of_members(self, value: Mapping[str, Any], schema: Mapping[str, Any], where: str) -> Iterator[str]:
        described, others = (
            schema.get("properties", {}),
            schema.get("additionalProperties", not schema.get("properties")),
        )
        required = schema.get("required", ())
        for name in required if isinstance(required, list) else ():
            if name not in value:
                yield f"{where}: {name} is missing"
        for name, one in value.items():
            if name in described:
                yield from self.faults(one, described[name], f"{where}/{name}")
            elif isinstance(others, dict):
                yield from self.faults(one, others, f"{where}/{name}")
            elif not others:
                yield f"{where}: there is no member {name}"

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"]]
        if "allOf" not in schema:
            return schema
        parts = [schema, *(self._resolved(one) for one in schema["allOf"])]
        merged = {name: value for part in parts for name, value in part.items() if name != "allOf"}
        merged["properties"] = {name: one for part in parts for name, one in part.get("properties", {}).items()}
        merged["required"] = [name for part in parts for name in part.get("required", ())]
        return merged


def _limits(value: Any, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    """Judge a value by what a schema says beside its type."""
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r:.60} is none of {', '.join(map(str, schema['enum']))}"
    if isinstance(value, str):
        pattern = schema.get("pattern") or _COUNTS.get(schema.get("format", ""))
        if pattern and not re.search(f"^(?:{pattern})$", value):
            yield f"{where}: {value!r:.60} is not written as {pattern}"
        if len(value) < int(schema.get("minLength", 0)):
            yield f"{where}: {value!r:.60} is too short"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "minimum" in schema and value < float(schema["minimum"]):
            yield f"{where}: {value} is less than {schema['minimum']}"
        if "maximum" in schema and value > float(schema["maximum"]):
            yield f"{where}: {value} is more than {schema['maximum']}"
    if isinstance(value, list) and "maxItems" in schema and len(value) > schema["maxItems"]:
        yield f"{where}: {len(value)} are more than {schema['maxItems']}"


@cache
def load(name: str) -> Description:
    """Load a description by the name of its file."""
    return read(json.loads((SPECS / name).read_text("utf-8")))


def read(document: Mapping[str, Any]) -> Description:
    """Make a description of either kind of document."""
    return _of_openapi(document) if "openapi" in document else _of_discovery(document)


def _of_discovery(document: Mapping[str, Any]) -> Description:
    def methods(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        yield from node.get("methods", {}).values()
        for inner in node.get("resources", {}).values():
            yield from methods(inner)

    def parameter(schema: Mapping[str, Any]) -> Parameter:
        plain = {name: value for name, value in schema.items() if name not in ("required", "repeated")}
        return Parameter(plain, schema.get("required", False), schema.get("repeated", False))

    shared = {name: parameter(one) for name, one in document.get("parameters", {}).items()}
    base = "/" + document.get("servicePath", "").lstrip("/")
    operations = []
    for method in methods(document):
        query = {name: parameter(one) for name, one in method.get("parameters", {}).items()
                 if one["location"] == "query"}  # fmt: skip
        path = _path(base + method.get("flatPath", method["path"]))
        operations.append(
            Operation(method["httpMethod"], path, {**shared, **query}, method.get("request"), method.get("response"))
        )
    return Description(tuple(operations), document["schemas"])


def _of_openapi(document: Mapping[str, Any]) -> Description:
    components = document.get("components", {})
    shared = {f"#/components/parameters/{name}": one for name, one in components.get("parameters", {}).items()}

    def content(holder: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return next((one.get("schema") for one in holder.get("content", {}).values()), None)

    operations = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            given = [shared[one["$ref"]] if "$ref" in one else one
                     for one in (*item.get("parameters", ()), *operation.get("parameters", ()))]  # fmt: skip
            query = {}
            for one in given:
                if one["in"] == "query":
                    is_list = one["schema"].get("type") == "array"
                    schema = one["schema"].get("items", {}) if is_list else one["schema"]
                    query[one["name"]] = Parameter(schema, one.get("required", False), is_list)
            good = next((one for code, one in operation["responses"].items() if str(code).startswith("2")), {})
            operations.append(
                Operation(method.upper(), _path(path), query, content(operation.get("requestBody", {})), content(good))
            )
    schemas = {f"#/components/schemas/{name}": one for name, one in components.get("schemas", {}).items()}
    return Description(tuple(operations), schemas)


def _path(template: str) -> re.Pattern[str]:
    """Return a path's pattern. Paths without a placeholder are as they are; `{id}` is one step."""
    parts = re.split(r"(\{[^}]*\})", template)
    return re.compile("".join("[^/:]+" if part.startswith("{") else re.escape(part) for part in parts))


def named_in(sheet: str, section: str) -> frozenset[str]:
    """Return the words that a fact sheet writes as code under a heading that begins with `section` ("## 3")."""
    text = (SHARED / "platforms" / sheet).read_text("utf-8")
    found = re.search(rf"^{re.escape(section)}\b.*?(?=^{section.split()[0]} |\Z)", text, re.M | re.S)
    assert found, f"{sheet} has no section {section}"
    code = re.findall(r"```.*?```|`[^`]+`", found[0], re.S)
    return frozenset(word for one in code for word in re.findall(r"[A-Za-z][A-Za-z0-9]*", one))
