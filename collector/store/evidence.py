"""Kept files: what stands behind typed figures, and what was made of reports."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select

from collector.store import schema
from collector.store.engine import Store, plain_faults
from collector.store.records import to_ms


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file in the home, by its digest, with the name that it came under."""

    sha256: str
    name: str
    size: int


class Evidence:
    """Reads what is kept of files, and forgets those that nothing cites."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_attachments(self) -> tuple[KeptFile, ...]:
        """Return all files behind typed figures."""
        table = schema.attachments
        with self._store.read() as connection:
            rows = connection.execute(select(table).order_by(table.c.sha256))
            return tuple(KeptFile(row.sha256, row.name, row.size) for row in rows)

    def list_proven(self, digest: str) -> tuple[tuple[int, int], ...]:
        """Return series and `at` of the figures that a file stands behind."""
        entries, readings = schema.entries, schema.readings
        find = (
            select(readings.c.series_id, readings.c.at)
            .join(schema.series, schema.series.c.id == readings.c.series_id)
            .join(
                entries,
                (entries.c.exchange_id == readings.c.exchange_id) & (entries.c.place_id == readings.c.place_id),
            )
            .where(entries.c.attachment == digest, schema.series.c.origin != "api")
        )
        with self._store.read() as connection:
            return tuple((row.series_id, row.at) for row in connection.execute(find))

    def list_report_parts(self) -> Iterator[tuple[str, str | None, bytes]]:
        """Yield the models and the files of all reports: what each is, its digest if one was kept, and its bytes."""
        reports, files = schema.reports, schema.report_files
        models = select(reports).order_by(reports.c.id)
        made = (
            select(reports.c.period, reports.c.version, files.c.form, files.c.sha256, files.c.body)
            .join(reports, reports.c.id == files.c.report_id)
            .order_by(files.c.report_id, files.c.form)
        )
        with self._store.examine() as connection, plain_faults(self._store):
            for row in connection.execute(models.execution_options(yield_per=5)):
                yield f"{row.period} v{row.version}", row.sha256, row.model.encode()
            for row in connection.execute(made.execution_options(yield_per=2)):
                yield f"{row.period} v{row.version} ({row.form})", row.sha256, bytes(row.body)

    def list_uncited(self, before: datetime) -> tuple[KeptFile, ...]:
        """Return the files that were kept before a moment and that no typed figure cites."""
        table = schema.attachments
        cited = exists().where(schema.entries.c.attachment == table.c.sha256)
        find = select(table).where(~cited, table.c.added_at < to_ms(before)).order_by(table.c.sha256)
        with self._store.read() as connection:
            return tuple(KeptFile(row.sha256, row.name, row.size) for row in connection.execute(find))

    def forget(self, digests: Collection[str]) -> None:
        """Forget files that nothing cites."""
        table = schema.attachments
        cited = exists().where(schema.entries.c.attachment == table.c.sha256)
        with self._store.write() as connection:
            connection.execute(delete(table).where(table.c.sha256.in_(digests), ~cited))
