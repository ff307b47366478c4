"""What binds an answer to the question: a state that must come back, and a verifier that only the asker has (RFC 7636).

Both are made anew for every connecting, and neither is kept.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

from connectors.kit import Pkce


@dataclass(frozen=True, slots=True, repr=False)
class Proof:
    """The state, the verifier, and the challenge made of it."""

    state: str
    verifier: str
    challenge: str

    def is_mine(self, state: str) -> bool:
        """Whether an answer's state is the one that was sent; how long the look takes tells nothing of it."""
        return hmac.compare_digest(self.state.encode(), state.encode())


def make_proof(pkce: Pkce) -> Proof:
    """Make a new proof, its challenge written as the platform wants it. One platform wants hex (tiktok.md §2)."""
    verifier = secrets.token_urlsafe(48)  # 64 of the characters that are allowed; 43 to 128 may be
    digest = sha256(verifier.encode())
    match pkce:
        case Pkce.HEX:
            challenge = digest.hexdigest()
        case Pkce.BASE64URL:
            challenge = base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")
        case Pkce.NONE:
            verifier = challenge = ""
    return Proof(secrets.token_urlsafe(24), verifier, challenge)
