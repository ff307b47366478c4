"""A platform's page where a person allows an application to read an account, as the stand-in serves it.

One page with a list of accounts, a tick box for each permission and two buttons; what it sends the browser back with
serves once, for as long as the platform says, and only whoever has the verifier and the same redirect address. What
differs between platforms (names of parameters, where faults are shown, who may be sent where) is handed in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape
from urllib.parse import urlencode

from collector.demo.contract import Answered, Asked
from collector.demo.world import World

_PAGE = """<!doctype html><html lang="id"><meta charset="utf-8"><title>{title}</title>
<body style="font-family:sans-serif;max-width:34em;margin:3em auto">
<h1>{title}</h1><p>Aplikasi <b>{client}</b> ingin membaca akun Anda.</p>
<form method="post"><fieldset><legend>Masuk sebagai</legend>{accounts}</fieldset>
<fieldset><legend>Izin</legend>{scopes}</fieldset>
<p><button name="decision" value="allow">Izinkan</button> <button name="decision" value="deny">Tolak</button></p>
</form></body></html>"""
_FAULT = "<!doctype html><html><title>{word}</title><body><h1>Error 400: {word}</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person allowed: for which account, with which permissions, and what the code is bound to."""

    account: str
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str
    until: datetime


@dataclass(slots=True)
class ConsentPage:
    """The page. `accounts` are who may be chosen, by name; `may_redirect` says where a browser may be sent to.

    `hashed` writes a verifier as the platform wants the challenge; None where it wants none.
    """

    world: World
    title: str
    accounts: Mapping[str, str]
    client_field: str
    client_id: str
    separator: str
    seconds: int
    may_redirect: Callable[[str], bool]
    hashed: Callable[[str], str] | None
    known_scopes: frozenset[str]
    code_name: str = "code"
    _allowed: dict[str, Allowed] = field(default_factory=dict)
    _count: int = 0

    def answer(self, asked: Asked) -> Answered:
        """Show the page, or take what the person decided."""
        if asked.method == "GET":
            return self._wrong(asked.query) or Answered(self._form(asked.query))
        return self._decide(asked.query, asked.form)

    def use(self, code: str, redirect_uri: str, verifier: str) -> Allowed | str:
        """Use a code up. Returns what was allowed, else what is wrong: code, redirect or verifier."""
        allowed = self._allowed.pop(code, None)
        if allowed is None or self.world.now() >= allowed.until:
            return "code"
        if allowed.redirect_uri != redirect_uri:
            return "redirect"
        if self.hashed is not None and self.hashed(verifier) != allowed.challenge:
            return "verifier"
        return allowed

    def _wrong(self, query: Mapping[str, str]) -> Answered | None:
        """Refuse a request whose application or address is wrong: then nobody is sent anywhere (RFC 6749 §4.1.2.1)."""
        if query.get(self.client_field) != self.client_id:
            return Answered(_FAULT.format(word="invalid_client"), 401)
        if not self.may_redirect(query.get("redirect_uri", "")):
            return Answered(_FAULT.format(word="redirect_uri_mismatch"), 400)
        if query.get("response_type") != "code" or not query.get("state"):
            return Answered(_FAULT.format(word="invalid_request"), 400)
        if self.hashed is not None and (
            query.get("code_challenge_method") != "S256" or not query.get("code_challenge")
        ):
            return Answered(_FAULT.format(word="invalid_request"), 400)
        scopes = self._scopes(query)
        if not scopes or not scopes <= self.known_scopes:  # one that is not switched on refuses the whole
            return self._send(query, {"error": "invalid_scope", "error_description": "scope is not enabled"})
        return None

    def _scopes(self, query: Mapping[str, str]) -> frozenset[str]:
        return frozenset(query.get("scope", "").split(self.separator)) - {""}

    def _form(self, query: Mapping[str, str]) -> str:
        accounts = "".join(
            f'<label><input type="radio" name="account" value="{name}" {"" if number else "checked"}> '
            f"{shown}</label><br>"
            for number, (name, shown) in enumerate(self.accounts.items())
        )
        scopes = "".join(
            f'<label><input type="checkbox" name="scope:{escape(scope)}" checked> {escape(scope)}</label><br>'
            for scope in sorted(self._scopes(query))
        )
        return _PAGE.format(title=escape(self.title), client=escape(self.client_id), accounts=accounts, scopes=scopes)

    def _decide(self, query: Mapping[str, str], form: Mapping[str, str]) -> Answered:
        wrong = self._wrong(query)
        if wrong is not None:
            return wrong
        if form.get("decision") != "allow":
            return self._send(query, {"error": "access_denied", "error_description": "The user denied the request"})
        ticked = tuple(sorted(scope for scope in self._scopes(query) if f"scope:{scope}" in form))
        self._count += 1
        seal = sha256(f"{self.title} {self._count} {query['state']}".encode()).hexdigest()
        code = f"4/{seal[:40]}*!"  # signs that have to be spelled otherwise in an address (tiktok.md §2)
        account = form.get("account", next(iter(self.accounts)))
        until = self.world.now() + timedelta(seconds=self.seconds)
        self._allowed[code] = Allowed(account, ticked, query["redirect_uri"], query.get("code_challenge", ""), until)
        return self._send(query, {self.code_name: code, "scopes": self.separator.join(ticked)})

    def _send(self, query: Mapping[str, str], told: Mapping[str, str]) -> Answered:
        address = f"{query['redirect_uri']}?{urlencode({**told, 'state': query['state']})}"
        return Answered("<html><title>302</title></html>", 302, {"Location": address})
