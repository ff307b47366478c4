"""Questions to people and what was decided: each put once, each decision kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import from_ms, to_ms

OPEN, ACCEPTED, REFUSED = "open", "accepted", "refused"

WHICH = "account.which"
"""Which of several typed accounts is the collected one?"""
RENAMED, HANDLE, BIO = "account.renamed", "account.handle", "account.bio"
"""The account shows another name, is called otherwise, its bio names another address: was it you?"""
OTHER_ID = "account.other_id"
"""The sign-in answers for another account of the platform: is it your new one?"""
JUMP = "followers.jump"
"""The followers leapt: is it true?"""

IDENTITY = frozenset({RENAMED, HANDLE, BIO})
"""Those that put in doubt whose hands an account is in."""

ITSELF = "collector"
"""Who decided where a matter settled itself."""

_ACTION = "finding."  # in the audit, followed by the decision


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A question. `about` is what of the account it is asked of, `detail` what a person has to know to answer."""

    id: int
    code: str
    account_id: int | None
    about: str
    detail: str
    state: str
    created_at: datetime
    decided_at: datetime | None
    by: str
    note: str

    @property
    def told(self) -> Mapping[str, Any]:
        """The detail as plain values; nothing where it is a text."""
        try:
            told = json.loads(self.detail)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}


class Findings:
    """Writes and reads findings. Every decision leaves a line in the audit."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ask(self, code: str, account_id: int, at: datetime, *, about: str = "", detail: str = "") -> None:
        """Put a question to a person.

        An open one is put once and tells what is known last. One that a person answered with no is not put again as
        long as nothing about it is new.
        """
        table = schema.findings
        newest = (
            select(table)
            .where(table.c.code == code, table.c.account_id == account_id, table.c.about == about)
            .order_by(table.c.id.desc())
            .limit(1)
        )
        with self._store.write() as connection:
            last = connection.execute(newest).first()
            if last is not None and last.state == OPEN:
                connection.execute(update(table).where(table.c.id == last.id).values(detail=detail))
            elif last is None or last.state != REFUSED or last.by == ITSELF or last.detail != detail:
                connection.execute(
                    insert(table).values(
                        code=code, account_id=account_id, about=about, detail=detail, state=OPEN, created_at=to_ms(at)
                    )
                )

    def amend(self, finding_id: int, detail: str) -> None:
        """Record what became of the matter since, whatever was decided."""
        table = schema.findings
        with self._store.write() as connection:
            connection.execute(update(table).where(table.c.id == finding_id).values(detail=detail))

    def decide(self, finding_id: int, state: str, at: datetime, *, by: str = "", note: str = "") -> None:
        """Record a decision. A later one takes an earlier one's place; the audit keeps both."""
        table = schema.findings
        with self._store.write() as connection:
            connection.execute(
                update(table)
                .where(table.c.id == finding_id)
                .values(state=state, decided_at=to_ms(at), by=by, note=note)
            )
            connection.execute(
                insert(schema.audit).values(
                    at=to_ms(at), by=by, action=f"{_ACTION}{state}", detail=f"{finding_id}: {note}"
                )
            )

    def find(self, finding_id: int) -> StoredFinding | None:
        """Return a finding by its number, None where there is none."""
        found = self._rows(select(schema.findings).where(schema.findings.c.id == finding_id))
        return _finding(found[0]) if found else None

    def list_all(self, *, state: str | None = None) -> tuple[StoredFinding, ...]:
        """Return the findings of all accounts, oldest first."""
        find = select(schema.findings).order_by(schema.findings.c.id)
        if state is not None:
            find = find.where(schema.findings.c.state == state)
        return tuple(_finding(row) for row in self._rows(find))

    def list_of(self, account_id: int, as_of: datetime | None = None) -> tuple[StoredFinding, ...]:
        """Return an account's findings, oldest first; with `as_of` as they stood at that moment."""
        table = schema.findings
        find = select(table).where(table.c.account_id == account_id).order_by(table.c.id)
        if as_of is None:
            return tuple(_finding(row) for row in self._rows(find))
        known = self._rows(find.where(table.c.created_at <= to_ms(as_of)))
        return tuple(self._as_of(_finding(row), as_of) for row in known)

    def _as_of(self, finding: StoredFinding, as_of: datetime) -> StoredFinding:
        """Return a finding with the decision that held at a moment: the audit has those that were replaced since."""
        if finding.decided_at is None or finding.decided_at <= as_of:
            return finding
        table = schema.audit
        earlier = self._rows(
            select(table)
            .where(
                table.c.action.startswith(_ACTION), table.c.detail.startswith(f"{finding.id}: "),
                table.c.at <= to_ms(as_of),
            )
            .order_by(table.c.at.desc(), table.c.id.desc())
            .limit(1)
        )  # fmt: skip
        if not earlier:
            return replace(finding, state=OPEN, decided_at=None, by="", note="")
        said = earlier[0]
        return replace(
            finding, state=said.action.removeprefix(_ACTION), decided_at=from_ms(said.at), by=said.by,
            note=said.detail.removeprefix(f"{finding.id}: "),
        )  # fmt: skip

    def _rows(self, find: Select[Any]) -> Sequence[Row[Any]]:
        with self._store.read() as connection:
            return connection.execute(find).all()


def _finding(row: Row[Any]) -> StoredFinding:
    return StoredFinding(
        row.id, row.code, row.account_id, row.about, row.detail, row.state, from_ms(row.created_at),
        from_ms(row.decided_at) if row.decided_at is not None else None, row.by or "", row.note or "",
    )  # fmt: skip
