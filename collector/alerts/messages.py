"""From tellings to one short message, as it is read on a telephone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from collector.alerts.cause import NOTHING, Cause
from collector.alerts.facts import EVERYONE
from collector.language import current, t
from collector.store.alerts import BEGIN, END, Alert, Telling

_MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Message:
    """What one channel is sent: whose it is, and lines."""

    title: str
    body: str


def compose(tellings: Sequence[Telling]) -> Message | None:
    """Return all that waits as one message, an office's lines together; None where nothing is left to say.

    What began and ended while a channel could not be reached is one line.
    """
    alerts: dict[int, Alert] = {one.alert.id: one.alert for one in tellings}
    waiting: dict[int, set[str]] = {}
    for one in tellings:
        waiting.setdefault(one.alert.id, set()).add(one.about)
    lines: dict[str, dict[str, None]] = {}  # in order, each line once
    causes = [(Cause.load(alerts[number].cause, alerts[number].detail), about) for number, about in waiting.items()]
    for cause, about in causes:
        line = _line(cause, about)
        if line and not any(_is_repeating(cause, other) for other, _ in causes):
            lines.setdefault(cause.office, {})[line] = None
    return _message(lines)


def _is_repeating(cause: Cause, other: Cause) -> bool:
    """Whether a cause only names another one of the same message as the thing to do."""
    return cause.key != other.key and cause.what.id.endswith(f": {other.what.id}")


def _line(cause: Cause, about: Iterable[str]) -> str:
    what, mend, over = (one.text(current()) for one in (cause.what, cause.mend, cause.over))
    if END not in about:
        return f"{what} {mend}".strip()
    if cause.over == NOTHING:
        return ""
    if BEGIN in about:
        return t(f"Sempat terjadi, sudah pulih: {what}", en=f"It happened and is over: {what}")
    return t(f"Pulih: {over}", en=f"Recovered: {over}")


def _message(lines: Mapping[str, Iterable[str]]) -> Message | None:
    listed = [(office, line) for office, found in lines.items() for line in found]
    if not listed:
        return None
    shown, more = listed[:_MOST_LINES], len(listed) - _MOST_LINES
    offices = list(dict.fromkeys(office for office, _ in listed))
    body: list[str] = []
    for office in offices if len(offices) > 1 else ():
        mine = [f"- {line}" for name, line in shown if name == office]
        body += [f"{office}:", *mine] if mine else []
    if len(offices) == 1:
        body = [line for _, line in shown] if len(shown) == 1 else [f"- {line}" for _, line in shown]
    if more > 0:
        body.append(t(f"… dan {more} lagi: collector alerts list", en=f"… and {more} more: collector alerts list"))
    return Message(offices[0] if len(offices) == 1 else EVERYONE, "\n".join(body))


def trial(offices: Sequence[str]) -> Message:
    """Return the line by which a person sees that a channel works."""
    text = t("Uji pemberitahuan: saluran ini berfungsi.", en="A trial alert: this channel works.")
    return Message(offices[0] if len(offices) == 1 else EVERYONE, text)
