"""Instagram's own sign-in: a short key for a code, a long one for a short one, and a new long one (instagram.md §2).

Only the first is asked at an address of its own; its answer comes in two shapes.
"""

from dataclasses import replace
from typing import Any

from collector.demo.contract import Answered, Asked
from collector.demo.graph.keys import Key, read_key
from collector.demo.graph.refusals import RefusedError, ended
from collector.demo.world import World

APP_ID, APP_SECRET = "200300400500600", "demo-instagram-app-secret"
PREFIX = "IGAA"
CODE_SECONDS, SHORT_SECONDS, LONG_SECONDS = 3600, 3600, 5183944
_YOUNGEST = 86400  # "token >=24 h old"

SCOPES = {
    "instagram_business_basic": "Melihat profil dan media akun ini",
    "instagram_business_manage_insights": "Membaca statistik akun ini",
}


class AccountSignIn:
    """The sign-in of one account. The attributes are switches for misbehaviour."""

    def __init__(self, world: World, account: str) -> None:
        self.world = world
        self.account = account
        self.is_flat = True  # the shape of live answers; otherwise the one of the documentation
        self.life_unsaid = False  # `expires_in` is left out
        self.refused_with = 0  # the subcode with which every key is refused
        self._used: set[str] = set()

    def open(self, text: str) -> Key | None:
        """Return a key that was handed out here and is good, None for another text. Raises RefusedError."""
        key = read_key(text, PREFIX)
        if key is None or key.kind == "code":
            return None
        if self.refused_with or key.is_over(self.world.now()):
            raise ended(self.refused_with or 463)
        return key

    def redeem(self, asked: Asked) -> Answered:
        """Answer with a short key for a code. Faults have a shape of this address's own (unconfirmed)."""
        form = asked.form
        code = read_key(form.get("code", ""), PREFIX)
        fault = ""
        if (form.get("client_id"), form.get("client_secret")) != (APP_ID, APP_SECRET):
            fault = "Invalid platform app"
        elif form.get("grant_type") != "authorization_code":
            fault = "Invalid grant_type"
        elif code is None or code.kind != "code":
            fault = "Invalid authorization code"
        elif form["code"] in self._used:
            fault = "This authorization code has been used"
        elif code.is_over(self.world.now()):
            fault = "This authorization code has expired"
        elif code.redirect != form.get("redirect_uri"):
            fault = "Error validating verification code. Please make sure your redirect_uri is identical"
        if fault or code is None:
            return Answered({"error_type": "OAuthException", "code": 400, "error_message": fault}, 400)
        self._used.add(form["code"])
        short = replace(code.followed("account", self.world.now(), SHORT_SECONDS), holder=self.account).sealed(PREFIX)
        scopes = list(code.scopes)
        if self.is_flat:
            return Answered({"access_token": short, "user_id": int(self.account), "permissions": scopes})
        framed = {"access_token": short, "user_id": self.account, "permissions": ",".join(scopes)}
        return Answered({"data": [framed]})

    def lengthen(self, asked: Asked) -> dict[str, Any]:
        """Answer with a long key for a short one."""
        if asked.query.get("grant_type") != "ig_exchange_token":
            raise RefusedError(100, "(#100) Invalid parameter: grant_type")
        key = self._given(asked)
        if asked.query.get("client_secret") != APP_SECRET:
            raise RefusedError(1, "Error validating client secret.")
        return self._answer(key.followed("account", self.world.now(), LONG_SECONDS))

    def renew(self, asked: Asked) -> dict[str, Any]:
        """Answer with a new long key for a long one: not in its first day, and not after its end."""
        if asked.query.get("grant_type") != "ig_refresh_token":
            raise RefusedError(100, "(#100) Invalid parameter: grant_type")
        key, now = self._given(asked), self.world.now()
        if key.lifetime != LONG_SECONDS:
            raise RefusedError(100, "(#100) Unsupported request: only a long-lived key is renewed")
        if now.timestamp() - key.issued < _YOUNGEST:
            raise RefusedError(100, "(#100) The key has to be at least 24 hours old to be renewed")
        if "instagram_business_basic" not in key.scopes:
            raise RefusedError(10, "(#10) Application does not have permission for this action", status=403)
        answer = self._answer(key.followed("account", now, LONG_SECONDS))
        return {**answer, "permissions": ",".join(key.scopes)}

    def _given(self, asked: Asked) -> Key:
        key = self.open(asked.query.get("access_token", "") or asked.bearer)
        if key is None:
            raise RefusedError(190, "Invalid OAuth access token - Cannot parse access token")
        return key

    def _answer(self, key: Key) -> dict[str, Any]:
        life = {} if self.life_unsaid else {"expires_in": key.lifetime}
        return {"access_token": key.sealed(PREFIX), "token_type": "bearer", **life}
