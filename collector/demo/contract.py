"""What a stand-in contract is: requests as they arrive, answers, and the switch that every contract has."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from collector.demo.world import World


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the stand-in got it. `host` is the setting of the host asked, `path` what follows its prefix."""

    host: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> Any:  # noqa: ANN401 - JSON
        """Return the body as JSON, None where it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def bearer(self) -> str:
        """The bearer of the Authorization header, "" without one."""
        scheme, _, value = self.headers.get("authorization", "").partition(" ")
        return value if scheme.lower() == "bearer" else ""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: `body` is sent as JSON unless it is a text (HTML) or bytes. `drop` cuts the line instead."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False

    def encoded(self) -> tuple[bytes, str]:
        """Return the body's bytes and its content type."""
        if isinstance(self.body, bytes):
            return self.body, "application/json; charset=utf-8"
        if isinstance(self.body, str):
            return self.body.encode(), "text/html; charset=utf-8"
        return json.dumps(self.body, ensure_ascii=False).encode(), "application/json; charset=utf-8"


class Contract(ABC):
    """What one platform answers. `hosts` are the settings it serves; `keys` what an office would fill in for it.

    `other_keys` are what offices fill in that come another way, `bearers` by api the access that a sign-in served by
    another contract gives. `retired` is a switch that every contract has: the names of metrics and fields that the
    platform knows no longer. A question that holds one is refused where this platform refuses it; where it leaves
    unknown names out of its answers without a word, so does the contract.
    """

    slug: ClassVar[str]
    hosts: ClassVar[tuple[str, ...]]
    keys: ClassVar[Mapping[str, str]]
    other_keys: ClassVar[tuple[Mapping[str, str], ...]] = ()
    bearers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, world: World) -> None:
        self.world = world
        self.retired: set[str] = set()

    @abstractmethod
    def answer(self, asked: Asked) -> Answered:
        """Answer one request as the platform would."""


def without(answered: Answered, names: Collection[str]) -> Answered:
    """Leave members with these names out of a good answer, wherever they stand."""

    def left(value: Any) -> Any:  # noqa: ANN401 - JSON is what it is
        if isinstance(value, list):
            return [left(one) for one in value]
        if isinstance(value, dict):
            return {name: left(one) for name, one in value.items() if name not in names}
        return value

    return replace(answered, body=left(answered.body)) if names and answered.status == 200 else answered


def telling(members: Mapping[str, Any]) -> Callable[[Asked, Answered], Answered]:
    """Make every good answer tell other values of members with these names, wherever they stand: a changed account."""

    def told(value: Any) -> Any:  # noqa: ANN401 - JSON is what it is
        if isinstance(value, list):
            return [told(one) for one in value]
        if isinstance(value, dict):
            return {name: members.get(name, told(one)) for name, one in value.items()}
        return value

    return lambda asked, good: replace(good, body=told(good.body)) if good.status == 200 else good
