"""The page on which a person allows an app to read: tick boxes, and two buttons (facebook.md §2, instagram.md §2).

What is ticked, and for which Pages, goes into the code that the browser is sent back with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode, urlsplit

from collector.demo.contract import Answered, Asked
from collector.demo.graph.keys import Key
from collector.demo.world import World

_LOOPBACK = ("localhost", "127.0.0.1")


@dataclass(slots=True)
class Dialog:
    """One platform's page. The last two fields are switches for misbehaviour.

    `fragment` is what the platform puts behind the address that it sends the browser back to.
    """

    world: World
    title: str
    app_id: str
    person: str
    scopes: Mapping[str, str]
    code_seconds: int
    prefix: str
    fragment: str
    pages: Sequence[tuple[str, str]] = ()
    wrong_state: bool = False
    development: bool = field(default=True)  # an app in development may send people back to their own machine

    def answer(self, asked: Asked) -> Answered:
        """Show the page, or take what the person chose on it."""
        fault = self._fault(asked)
        if fault:
            return Answered(_PAGE.format(title=self.title, body=f"<h1>{escape(fault)}</h1>"), 400)
        if asked.method == "POST":
            return self._send_back(asked)
        return Answered(_PAGE.format(title=self.title, body=self._form(asked)))

    def _fault(self, asked: Asked) -> str:
        """Return what is wrong with a question; such faults stay on the page, nobody is sent anywhere."""
        back = urlsplit(asked.query.get("redirect_uri", ""))
        if asked.query.get("client_id") != self.app_id:
            return "Invalid App ID"
        is_own_machine = back.scheme == "http" and back.hostname in _LOOPBACK and self.development
        if not back.netloc or not (back.scheme == "https" or is_own_machine):
            return "URL blocked: the redirect address is not on the app's list"
        unknown = [scope for scope in self._wanted(asked) if scope not in self.scopes]
        if unknown:
            return f"Invalid Scopes: {', '.join(unknown)}"
        return "" if asked.query.get("response_type", "code") == "code" else "Invalid response_type"

    def _wanted(self, asked: Asked) -> list[str]:
        return [scope for scope in asked.query.get("scope", "").split(",") if scope]

    def _form(self, asked: Asked) -> str:
        boxes = [_BOX.format(name=f"page:{id}", text=escape(name)) for id, name in self.pages]
        boxes += [_BOX.format(name=f"scope:{scope}", text=f"{self.scopes[scope]} <small>({scope})</small>")
                  for scope in self._wanted(asked)]  # fmt: skip
        return _FORM.format(action=escape(f"?{urlencode(asked.query)}", quote=True), boxes="\n".join(boxes),
                            app=self.app_id, title=self.title)  # fmt: skip

    def _send_back(self, asked: Asked) -> Answered:
        state = "another-state" if self.wrong_state else asked.query.get("state", "")
        if asked.form.get("decision") != "allow":
            return self._redirect(asked, error="access_denied", error_code="200", error_reason="user_denied",
                                  error_description="Permissions error", state=state)  # fmt: skip
        now = int(self.world.now().timestamp())
        ticked = tuple(scope for scope in self._wanted(asked) if f"scope:{scope}" in asked.form)
        pages = tuple(id for id, _ in self.pages if f"page:{id}" in asked.form)
        code = Key(
            "code", self.person, now, self.code_seconds, ticked, now, () if len(pages) == len(self.pages) else pages,
            asked.query["redirect_uri"], asked.query.get("state", ""),
        )  # fmt: skip
        return self._redirect(asked, code=code.sealed(self.prefix), state=state)

    def _redirect(self, asked: Asked, **told: str) -> Answered:
        back = asked.query["redirect_uri"]
        joint = "&" if "?" in back else "?"
        return Answered("", 302, {"Location": f"{back}{joint}{urlencode(told)}{self.fragment}"})


_PAGE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>{title}</title></head>
<body style="font-family: sans-serif; max-width: 34rem; margin: 3rem auto">{body}</body></html>"""
_FORM = """<h1>{title}</h1>
<p>Halaman tiruan. Aplikasi {app} meminta izin:</p>
<form method="post" action="{action}">
{boxes}
<p><button name="decision" value="allow">Lanjutkan</button> <button name="decision" value="deny">Batal</button></p>
</form>"""
_BOX = '<p><label><input type="checkbox" name="{name}" checked> {text}</label></p>'
