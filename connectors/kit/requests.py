"""A request as a connector states it: what to ask, of which of its hosts. Never how, and never a secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a platform.

    `api` is one of the connector's declared hosts; `path` is absolute on it, version included. `form` and `json` are
    the body (at most one of them). `cost` is the highest price in millionths of a US dollar, where asking costs money.
    `auth` names one of the host's ways of signing in; "" lets the shell take the first that the account's keys allow.
    `bears` names the members of the answer that would sign somebody in (a Page's key in a list of Pages): the shell
    takes them out before anything is kept, and leaves a ticket in place of each that only it can open.
    """

    api: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    form: Mapping[str, str] | None = None
    json: Json | None = None
    cost: int = 0
    auth: str = ""
    bears: tuple[str, ...] = ()

    def with_params(self, **changes: str) -> "Request":
        """Return the same request with some query parameters added or replaced."""
        return replace(self, params={**self.params, **changes})

    def shape(self) -> dict[str, Any]:
        """Return the request as plain values, as it is kept beside its answer."""
        kept: dict[str, Any] = {"api": self.api, "method": self.method, "path": self.path}
        if self.params:
            kept["params"] = dict(self.params)
        if self.form is not None:
            kept["form"] = dict(self.form)
        if self.json is not None:
            kept["json"] = self.json
        if self.cost:
            kept["cost"] = self.cost
        if self.auth:
            kept["auth"] = self.auth
        if self.bears:
            kept["bears"] = list(self.bears)
        return kept

    @classmethod
    def from_shape(cls, kept: Mapping[str, Any]) -> "Request":
        """Make the request again from what `shape` gave."""
        return cls(
            kept["api"], kept["path"], kept.get("params", {}), kept["method"],
            kept.get("form"), kept.get("json"), kept.get("cost", 0), kept.get("auth", ""),
            tuple(kept.get("bears", ())),
        )  # fmt: skip
