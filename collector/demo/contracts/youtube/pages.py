"""Google's pages where a channel's owner allows an application: consent in a browser, a code on another device.

As youtube.md §1a and §1b have them: any loopback port may be sent to, a code serves once, brand accounts are chosen on
the page, the device page refuses the right to the daily figures before anybody is asked.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from collector.demo.consent import ConsentPage
from collector.demo.contracts.youtube import sign_in
from collector.demo.contracts.youtube.sign_in import CLIENT_ID, OFFICE, SCOPES, Owner, fault
from collector.demo.standin import Answered, Asked
from collector.demo.world import World

PAGE, DEVICE_PAGE = "/o/oauth2/v2/auth", "/device"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_CODE_SECONDS, _INTERVAL = 600, 5
_DEVICE_FORM = """<!doctype html><html lang="id"><meta charset="utf-8"><title>Sambungkan perangkat</title>
<form method="post"><input name="user_code" aria-label="Kode"> <button name="decision" value="allow">Izinkan</button>
<button name="decision" value="deny">Tolak</button></form></html>"""


@dataclass(slots=True)
class _Device:
    user_code: str
    rights: str
    until: datetime
    asked_at: datetime | None = None
    decision: str = ""


class GooglePages:
    """The pages.

    Switches: `testing` gives sign-ins that live for seven days, `other_client_type` is an application that may not use
    the device page, `slow_downs` how often polling is told to slow down,
    `device_seconds` how long a code lives.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.testing = False
        self.other_client_type = False
        self.slow_downs = 0
        self.device_seconds = 1800
        self.consent = ConsentPage(
            world, "Google", {"office": "KPU Contoh", "other": "Kanal Hobi", "person": "Budi (pribadi)"},
            "client_id", CLIENT_ID, " ", _CODE_SECONDS, _is_loopback, _base64url, frozenset(SCOPES.values()),
        )  # fmt: skip
        self.grants: Mapping[str, Callable[[Mapping[str, str]], Owner | Answered]] = {
            "authorization_code": self._for_code,
            DEVICE_GRANT: self._for_device,
        }
        self._devices: dict[str, _Device] = {}

    @property
    def life(self) -> Mapping[str, int]:
        """What is said of a sign-in's own life: only where it ends (youtube.md §1a)."""
        return {"refresh_token_expires_in": 604_799} if self.testing else {}

    def give_device_code(self, asked: Asked) -> Answered:
        """Give out a code to be typed on another device."""
        form = asked.form
        if form.get("client_id") != CLIENT_ID or self.other_client_type:
            return fault("invalid_client", "Only clients of type 'TVs and Limited Input devices' may use this.", 401)
        refused = [scope for scope in form.get("scope", "").split() if scope != SCOPES["r"]]
        if refused:
            return fault("invalid_scope", f"Invalid device flow scope: {refused[0]}")
        number = len(self._devices) + 1
        code = f"AH-1Ndemo{sha256(f'device {number}'.encode()).hexdigest()[:24]}"
        until = self.world.now() + timedelta(seconds=self.device_seconds)
        self._devices[code] = _Device(f"KPUC-{number:04}", "r", until)
        prefix = f"http://{asked.headers.get('host', '')}/google-authorize"
        return Answered({"device_code": code, "user_code": f"KPUC-{number:04}", "expires_in": self.device_seconds,
                         "interval": _INTERVAL, "verification_url": f"{prefix}{DEVICE_PAGE}"})  # fmt: skip

    def device(self, asked: Asked) -> Answered:
        """Show the page where the code is typed, or take what the person decided."""
        if asked.method == "GET":
            return Answered(_DEVICE_FORM)
        for device in self._devices.values():
            if device.user_code == asked.form.get("user_code"):
                device.decision = asked.form.get("decision", "deny")
                return Answered("<html><title>Selesai</title></html>")
        return Answered("<html><title>Kode salah</title></html>", 400)

    def _for_code(self, form: Mapping[str, str]) -> Owner | Answered:
        allowed = self.consent.use(form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier", ""))
        if isinstance(allowed, str):
            described = {"code": "Bad Request", "verifier": "Invalid code verifier.", "redirect": "Bad Request"}[
                allowed
            ]
            return fault("redirect_uri_mismatch" if allowed == "redirect" else "invalid_grant", described)
        return Owner(allowed.account, _letters(allowed.scopes))

    def _for_device(self, form: Mapping[str, str]) -> Owner | Answered:
        """Answer a poll by the table of youtube.md §1b."""
        device, now = self._devices.get(form.get("device_code", "")), self.world.now()
        if device is None or now >= device.until:
            return fault("expired_token", "The code is over.")
        too_soon = device.asked_at is not None and now - device.asked_at < timedelta(seconds=_INTERVAL)
        device.asked_at = now
        if too_soon or self.slow_downs:
            self.slow_downs = max(0, self.slow_downs - 1)
            return fault("slow_down", "Forbidden", 403)
        if not device.decision:
            return fault("authorization_pending", "Precondition Required", 428)
        if device.decision != "allow":
            return fault("access_denied", "Forbidden", 403)
        return Owner(OFFICE.account, device.rights)


def _letters(scopes: tuple[str, ...]) -> str:
    return "".join(letter for letter, name in sign_in.SCOPES.items() if name in scopes)


def _is_loopback(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")


def _base64url(verifier: str) -> str:
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
