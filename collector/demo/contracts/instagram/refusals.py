"""How the Graph API refuses: one frame for every fault (instagram.md §4)."""

from typing import Any


class RefusedError(Exception):
    """An answer that is an error."""

    def __init__(self, code: int, message: str, *, subcode: int | None = None, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {
            "message": message,
            "type": "OAuthException",
            "code": code,
            "fbtrace_id": "AdEmO2x",
        }
        if subcode is not None:
            self.body["error_subcode"] = subcode


def no_such_node(node: str) -> RefusedError:
    """Say that a node is not there, or not visible with this key."""
    return RefusedError(100, f"Unsupported get request. Object with ID '{node}' does not exist", subcode=33)
