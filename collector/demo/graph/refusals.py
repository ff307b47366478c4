"""How the Graph refuses: one frame for every fault (facebook.md §4, instagram.md §4)."""

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
            "fbtrace_id": "AdEmO1x",
        }
        if subcode is not None:
            self.body["error_subcode"] = subcode


def no_such_node(node: str) -> RefusedError:
    """Say that a node is not there, or not visible with this key."""
    return RefusedError(100, f"Unsupported get request. Object with ID '{node}' does not exist", subcode=33)


ENDED = {
    458: "Error validating access token: The user has not authorized application",
    459: "Error validating access token: You cannot access the app till you log in to www.facebook.com and follow the "
    "instructions given.",
    460: "Error validating access token: The session has been invalidated because the user changed their password",
    463: "Error validating access token: Session has expired on a past day",
    464: "Error validating access token: The user is not a confirmed user",
    467: "Error validating access token: The session is invalid because the user logged out.",
    492: "Error validating access token: The user does not have the role on the Page any more",
}
"""What is said of a key that has ended, by the subcode of code 190."""


def ended(subcode: int) -> RefusedError:
    """Say that a key is good no longer, and why."""
    return RefusedError(190, ENDED[subcode], subcode=subcode)
