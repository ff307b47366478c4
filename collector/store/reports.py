"""Reports that were made: each version with its model and its files, never changed again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, insert, select

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import from_ms, to_ms
from collector.store.rows import inserted_id


@dataclass(frozen=True, slots=True)
class StoredReport:
    """One version of a report. `model` is its JSON, `substance` a digest of all that a reader could tell apart."""

    id: int
    office_id: int
    period: str
    language: str
    version: int
    substance: str
    model: str
    made_at: datetime


class Reports:
    """Writes and reads reports."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def freeze(
        self,
        office_id: int,
        period: str,
        language: str,
        version: int,
        substance: str,
        model: str,
        made_at: datetime,
    ) -> StoredReport:
        """Store a new version. Raises StoreError where that version is there already."""
        with self._store.write() as connection:
            number = inserted_id(
                connection.execute(
                    insert(schema.reports).values(
                        office_id=office_id, period=period, language=language, version=version, substance=substance,
                        model=model, made_at=to_ms(made_at), sha256=sha256(model.encode()).hexdigest(),
                    )
                )
            )  # fmt: skip
        return StoredReport(number, office_id, period, language, version, substance, model, made_at)

    def keep_file(self, report_id: int, form: str, name: str, body: bytes) -> None:
        """Keep a rendered file of a version; one that is there already stays as it is."""
        table = schema.report_files
        with self._store.write() as connection:
            is_there = select(table.c.form).where(table.c.report_id == report_id, table.c.form == form)
            if connection.execute(is_there).first() is None:
                connection.execute(
                    insert(table).values(
                        report_id=report_id, form=form, name=name, sha256=sha256(body).hexdigest(), body=body
                    )
                )

    def list_versions(self, office_id: int, period: str, language: str) -> tuple[StoredReport, ...]:
        """Return a report's versions, oldest first."""
        table = schema.reports
        find = (
            select(table)
            .where(table.c.office_id == office_id, table.c.period == period, table.c.language == language)
            .order_by(table.c.version)
        )
        return tuple(_report(row) for row in self._rows(find))

    def list_newest(self) -> tuple[StoredReport, ...]:
        """Return every report's versions, the newest first: where a figure's code is looked for."""
        return tuple(_report(row) for row in self._rows(select(schema.reports).order_by(schema.reports.c.id.desc())))

    def read_files(self, report_id: int) -> Mapping[str, tuple[str, bytes]]:
        """Return a version's files: name and bytes by format."""
        table = schema.report_files
        find = select(table).where(table.c.report_id == report_id)
        return {row.form: (row.name, bytes(row.body)) for row in self._rows(find)}

    def _rows(self, find: Any) -> Sequence[Row[Any]]:  # noqa: ANN401 - a statement
        with self._store.read() as connection:
            return connection.execute(find).all()


def _report(row: Row[Any]) -> StoredReport:
    return StoredReport(
        row.id, row.office_id, row.period, row.language, row.version, row.substance, row.model, from_ms(row.made_at)
    )
