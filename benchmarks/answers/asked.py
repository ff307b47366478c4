"""One request to the benchmark's server, taken apart as far as the answers need it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

Answer = dict[str, object] | list[object] | str
"""What is answered: JSON, or a text that is sent as HTML."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request. `host` is the first part of the path: which platform's address it stands for."""

    host: str
    path: str
    query: Mapping[str, str]
    bearer: str
    body: bytes

    @classmethod
    def parse(cls, raw: bytes) -> "Asked":
        """Take a whole HTTP request apart."""
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        target, _, query = lines[0].split(" ")[1].partition("?")
        host, _, path = target.lstrip("/").partition("/")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        return cls(host, f"/{path}", dict(parse_qsl(query)), bearer, body)

    @property
    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.body.decode()))


class RefusedError(Exception):
    """A request that no good side makes: the benchmark must not go on with it."""


def figure(number: int, kind: int, day: int) -> int:
    """Return a number from 0 to 396 that depends on the account, the kind of figure and the day alone."""
    return (number * 7919 + kind * 104_729 + day * (day + 13) * 31) % 397
