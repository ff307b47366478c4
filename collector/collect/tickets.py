"""Answers that bear secrets: each is taken out before anything is kept, and a ticket stands in its place.

A list of Pages has a key for each Page. The connector that reads it gets the tickets; only what connects the account
opens the one that was chosen.
"""

import json
import re
from dataclasses import replace
from typing import Any

from collector.collect.http import Answer

TICKET = re.compile(r"\[titipan:[0-9]+\]")
"""A ticket is no secret, and the redactor leaves it where it stands."""


def take_out(answer: Answer, names: tuple[str, ...], taken: dict[str, str]) -> Answer:
    """Return an answer with a ticket for each member with one of these names; `taken` gets the secrets by ticket."""
    try:
        body = json.loads(answer.body)
    except ValueError:
        return answer
    return replace(answer, body=json.dumps(_without(body, names, taken), ensure_ascii=False).encode())


def _without(value: Any, names: tuple[str, ...], taken: dict[str, str]) -> Any:  # noqa: ANN401 - JSON is what it is
    if isinstance(value, list):
        return [_without(one, names, taken) for one in value]
    if not isinstance(value, dict):
        return value
    whole = {name: _without(one, names, taken) for name, one in value.items()}
    for name in names:
        if isinstance(secret := whole.get(name), str) and secret:
            whole[name] = ticket = f"[titipan:{len(taken) + 1}]"
            taken[ticket] = secret
    return whole
