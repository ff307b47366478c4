"""Holding requests and answers against descriptions: what is not as described is seen, in both kinds of document."""

from datetime import UTC, datetime

import pytest
from descriptions import read

from connectors.kit import Exchange, Request

DISCOVERY = {
    "servicePath": "",
    "parameters": {"fields": {"type": "string", "location": "query"}},
    "resources": {"pets": {"methods": {"list": {
        "httpMethod": "GET", "path": "v1/{+owner}/pets", "flatPath": "v1/owners/{ownersId}/pets",
        "parameters": {
            "owner": {"type": "string", "location": "path", "required": True},
            "part": {"type": "string", "location": "query", "required": True, "repeated": True, "enum": ["id", "name"]},
            "maxResults": {"type": "integer", "location": "query", "minimum": "1", "maximum": "50"},
        },
        "response": {"$ref": "Pets"},
    }, "ask": {
        "httpMethod": "POST", "path": "v1/{+owner}:ask", "flatPath": "v1/owners/{ownersId}:ask",
        "request": {"$ref": "Pet"}, "response": {"$ref": "Pets"},
    }}}},
    "schemas": {
        "Pets": {"type": "object", "properties": {"items": {"type": "array", "items": {"$ref": "Pet"}}}},
        "Pet": {"type": "object", "properties": {
            "id": {"type": "string"}, "weight": {"type": "string", "format": "uint64"},
            "tags": {"type": "object", "additionalProperties": {"type": "boolean"}}, "extra": {"type": "any"},
        }},
    },
}  # fmt: skip

OPENAPI = {
    "openapi": "3.0.0",
    "paths": {"/v1/owners/{id}/pets": {
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
        "get": {
            "parameters": [
                {"$ref": "#/components/parameters/Part"},
                {"name": "maxResults", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 50}},
            ],
            "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pets"}}}}},
        },
    }},
    "components": {
        "parameters": {"Part": {"name": "part", "in": "query", "required": True, "schema": {
            "type": "array", "items": {"type": "string", "enum": ["id", "name"]}}}},
        "schemas": {
            "Pets": {"type": "object", "properties": {"items": {
                "type": "array", "maxItems": 2, "items": {"$ref": "#/components/schemas/Pet"}}}},
            "Pet": {"allOf": [{"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}, {
                "properties": {"weight": {"oneOf": [{"type": "string", "pattern": "[0-9]+"}, {"type": "integer"}]}}}]},
        },
    },
}  # fmt: skip

both = pytest.mark.parametrize("document", [DISCOVERY, OPENAPI], ids=["discovery", "openapi"])


def request(path: str = "/v1/owners/7/pets", **params: str) -> Request:
    return Request("api", path, {"part": "id,name", **params})


def answer(body: str) -> Exchange:
    return Exchange(1, request(), 200, {}, body.encode(), datetime(2026, 11, 21, tzinfo=UTC))


@both
def test_a_request_as_described_has_no_faults(document):
    """A check that finds fault with what is right would soon be switched off."""
    assert read(document).faults_of(request(maxResults="50")) == []


@both
@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (request("/v1/owners/7/cats"), "there is no GET /v1/owners/7/cats"),
        (request("/v1/owners/7/8/pets"), "there is no GET"),
        (request(limit="3"), "there is no parameter limit"),
        (request(part="id,colour"), "part: 'colour' is none of id, name"),
        (Request("api", "/v1/owners/7/pets"), "part is missing"),
        (request(maxResults="51"), "maxResults: 51 is more than 50"),
        (request(maxResults="0"), "maxResults: 0 is less than 1"),
        (request(maxResults="many"), "maxResults: 'many' is no integer"),
        (request(maxResults="true"), "maxResults: True is no integer"),
    ],
)
def test_each_fault_of_a_request_is_said(document, asked, fault):
    """Paths, names and values: what the platform would refuse must be seen without it."""
    [said] = read(document).faults_of(asked)

    assert said.startswith(fault)


@both
@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ('{"items": [{"id": "a", "weight": "12"}]}', []),
        ('{"items": [{"id": "a", "colour": "red"}]}', ["body/items/0: there is no member colour"]),
        ('{"items": [{"id": 7}]}', ["body/items/0/id: 7 is no string"]),
        ('{"items": {"id": "a"}}', ["body/items: {'id': 'a'} is no array"]),
        ('{"items": [{"id": "a", "weight": "heavy"}]}', ["body/items/0/weight: 'heavy' is not written as [0-9]+"]),
        ('{"items": [{"id": "a", "weight": true}]}', ["body/items/0/weight: True is no string"]),
    ],
)
def test_each_fault_of_an_answer_is_said(document, body, faults):
    """A sample of another shape than the platform's would prove nothing."""
    assert read(document).faults_in(answer(body)) == faults


def test_what_only_one_kind_of_document_says():
    """Tables of labels and anything at all in one, required members and lengths of lists in the other."""
    discovery, openapi = read(DISCOVERY), read(OPENAPI)

    assert discovery.faults_in(answer('{"items": [{"tags": {"big": true}, "extra": [1, {"a": null}]}]}')) == []
    assert discovery.faults_in(answer('{"items": [{"tags": {"big": 1}}]}')) == [
        "body/items/0/tags/big: 1 is no boolean"
    ]
    assert openapi.faults_in(answer('{"items": [{}]}')) == ["body/items/0: id is missing"]
    assert openapi.faults_in(answer('{"items": [{"id": "a"}, {"id": "b"}, {"id": "c"}]}')) == [
        "body/items: 3 are more than 2"
    ]


def test_a_body_that_is_sent_is_judged_too():
    """Questions of some services are bodies; a custom verb is part of the path."""
    ask = Request("api", "/v1/owners/7:ask", method="POST", json={"id": "a", "wight": "1"})
    bodiless = Request("api", "/v1/owners/7/pets", {"part": "id"}, json={"id": "a"})

    assert read(DISCOVERY).faults_of(ask) == ["body: there is no member wight"]
    assert read(DISCOVERY).faults_of(bodiless) == ["a body is sent where none is described"]
