"""Changes of who is who: offices, accounts and their handles, and the joining of two entries of one account."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, Table, delete, insert, select, update

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import to_ms
from collector.store.rows import insert_new, inserted_id
from collector.store.sums import recompute


class Directory:
    """The writer of offices and accounts. Every change leaves a line in the audit."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add_office(self, slug: str, name: str, seat: str, zone: str, at: datetime) -> int:
        """Add an office. Returns its id; the one that has the slug already is left as it is."""
        with self._store.write() as connection:
            here = connection.execute(select(schema.offices.c.id).where(schema.offices.c.slug == slug)).scalar()
            if here is not None:
                return int(here)
            values = {"slug": slug, "name": name, "seat": seat, "zone": zone, "created_at": to_ms(at)}
            _note(connection, at, "office.added", slug)
            return inserted_id(connection.execute(insert(schema.offices).values(values)))

    def change_office(self, office_id: int, at: datetime, **changes: str) -> None:
        """Change an office's slug, name, seat or zone."""
        with self._store.write() as connection:
            connection.execute(update(schema.offices).where(schema.offices.c.id == office_id).values(**changes))
            _note(connection, at, "office.changed", f"{office_id}: {changes}")

    def add_account(
        self, office_id: int, platform: str, handle: str, key: str, at: datetime, *, opened: str | None = None
    ) -> int:
        """Add an account that is known by its handle only. Returns its id."""
        with self._store.write() as connection:
            values = {
                "office_id": office_id, "platform": platform, "handle": handle, "name": "", "link": "",
                "opened": opened, "state": "active", "state_code": "", "state_since": to_ms(at),
                "created_at": to_ms(at),
            }  # fmt: skip
            number = inserted_id(connection.execute(insert(schema.accounts).values(values)))
            _add_handle(connection, number, handle, key, at)
            _note(connection, at, "account.added", f"{number}: {platform} {handle}")
            return number

    def bind(
        self, account_id: int, external_id: str, handle: str, key: str, name: str, link: str, at: datetime
    ) -> None:
        """Record who an account is by the platform's answer. Its earlier spellings stay known."""
        with self._store.write() as connection:
            connection.execute(
                update(schema.accounts)
                .where(schema.accounts.c.id == account_id)
                .values(external_id=external_id, handle=handle, name=name, link=link)
            )
            _add_handle(connection, account_id, handle, key, at)
            _note(connection, at, "account.bound", f"{account_id}: {external_id} {handle}")

    def rename(self, account_id: int, at: datetime, **shown: str) -> None:
        """Record how an account is shown from now on: its handle, name, link or bio_link ("" where that names none)."""
        with self._store.write() as connection:
            connection.execute(update(schema.accounts).where(schema.accounts.c.id == account_id).values(**shown))
            _note(connection, at, "account.renamed", f"{account_id}: {shown}")

    def add_handle(self, account_id: int, handle: str, key: str, at: datetime) -> None:
        """Record another spelling by which an account is found."""
        with self._store.write() as connection:
            _add_handle(connection, account_id, handle, key, at)

    def succeed(self, new_id: int, old_id: int, since: datetime, at: datetime, *, with_sign_in: bool) -> None:
        """Put an account in another's place. The other keeps its history and is collected no more.

        `with_sign_in`: what the other was collected with is from now on the new one's.
        """
        table = schema.accounts
        with self._store.write() as connection:
            connection.execute(
                update(table).where(table.c.id == new_id).values(succeeds=old_id, succeeds_since=to_ms(since))
            )
            connection.execute(
                update(table)
                .where(table.c.id == old_id)
                .values(state="replaced", state_code="", state_since=to_ms(since), due_at=None)
            )
            if with_sign_in:
                _move_sign_in(connection, old_id, new_id)
            _note(connection, at, "account.succeeded", f"{old_id} -> {new_id}")

    def configure(self, account_id: int, identity: str | None) -> None:
        """Record under which identity of the environment an account was found."""
        with self._store.write() as connection:
            connection.execute(
                update(schema.accounts).where(schema.accounts.c.id == account_id).values(configured=identity)
            )

    def set_state(self, account_id: int, state: str, code: str, at: datetime) -> None:
        """Set an account active, paused, reconnect or removed; nothing happens where it is so already."""
        table = schema.accounts
        with self._store.write() as connection:
            changed = connection.execute(
                update(table)
                .where(table.c.id == account_id, (table.c.state != state) | (table.c.state_code != code))
                .values(state=state, state_code=code, state_since=to_ms(at))
            )
            if changed.rowcount:
                _note(connection, at, f"account.{state}", f"{account_id}: {code}")

    def join(self, source_id: int, target_id: int, at: datetime) -> None:
        """Join one account into another: all its history, handles, posts and snapshots become the other's.

        Where both have a reading of one series and moment, the target's stands and the source's is kept as replaced.
        """
        with self._store.write() as connection:
            _join_series(connection, source_id, target_id, at)
            _keep_opened(connection, source_id, target_id)
            _keep_succession(connection, source_id, target_id)
            for table in (
                schema.handles,
                schema.posts,
                schema.coverage,
                schema.gaps,
                schema.dead_measures,
                schema.credentials,
                schema.accesses,
                schema.renewals,
                schema.custody,
            ):
                _move_rows(connection, table, source_id, target_id)
            for table in (schema.snapshots, schema.findings, schema.schedules):
                connection.execute(update(table).where(table.c.account_id == source_id).values(account_id=target_id))
            connection.execute(delete(schema.accounts).where(schema.accounts.c.id == source_id))
            _note(connection, at, "account.joined", f"{source_id} -> {target_id}")


def _note(connection: Connection, at: datetime, action: str, detail: str) -> None:
    connection.execute(insert(schema.audit).values(at=to_ms(at), by="", action=action, detail=detail))


def _add_handle(connection: Connection, account_id: int, handle: str, key: str, at: datetime) -> None:
    row = {"account_id": account_id, "key": key, "handle": handle, "since": to_ms(at)}
    insert_new(connection, schema.handles, [row])


def _move_rows(connection: Connection, table: Table, source_id: int, target_id: int) -> None:
    """Give the source's rows to the target, except those that it has already."""
    rows = [
        {**row, "account_id": target_id}
        for row in connection.execute(select(table).where(table.c.account_id == source_id)).mappings()
    ]
    insert_new(connection, table, rows)
    connection.execute(delete(table).where(table.c.account_id == source_id))


def _join_series(connection: Connection, source_id: int, target_id: int, at: datetime) -> None:
    table = schema.series

    def about(row: RowMapping) -> tuple[object, ...]:
        return tuple(row[name] for name in ("measure", "definition", "about", "origin", "precision"))

    theirs = {
        about(row): row["id"]
        for row in connection.execute(select(table).where(table.c.account_id == target_id)).mappings()
    }
    for row in connection.execute(select(table).where(table.c.account_id == source_id)).mappings().all():
        target = theirs.get(about(row))
        if target is None:
            connection.execute(update(table).where(table.c.id == row["id"]).values(account_id=target_id))
        else:
            _join_readings(connection, row["id"], target, at)
            connection.execute(delete(table).where(table.c.id == row["id"]))


def _join_readings(connection: Connection, source: int, target: int, at: datetime) -> None:
    """Give a series' readings and all that they were before to another series, and sum its months anew."""
    readings, replaced, sums = schema.readings, schema.replaced, schema.monthly_sums
    found = connection.execute(select(readings).where(readings.c.series_id == source)).mappings().all()
    there = select(readings.c.at, readings.c.exchange_id).where(readings.c.series_id == target)
    standing = {row.at: row.exchange_id for row in connection.execute(there)}
    insert_new(connection, readings, [{**one, "series_id": target} for one in found])
    insert_new(
        connection, replaced,
        [
            {**one, "series_id": target, "replaced_by": standing[one["at"]], "replaced_at": to_ms(at)}
            for one in found if one["at"] in standing
        ],
    )  # fmt: skip
    months = connection.execute(select(sums.c.month).where(sums.c.series_id == source)).scalars().all()
    connection.execute(update(replaced).where(replaced.c.series_id == source).values(series_id=target))
    connection.execute(delete(readings).where(readings.c.series_id == source))
    connection.execute(delete(sums).where(sums.c.series_id == source))
    recompute(connection, [(target, month) for month in months])


def _keep_opened(connection: Connection, source_id: int, target_id: int) -> None:
    """Keep when an account was opened: a person said it of the one, and the other may not know."""
    table = schema.accounts
    opened = connection.execute(select(table.c.opened).where(table.c.id == source_id)).scalar()
    connection.execute(update(table).where(table.c.id == target_id, table.c.opened.is_(None)).values(opened=opened))


def _keep_succession(connection: Connection, source_id: int, target_id: int) -> None:
    """Keep whom the joined account succeeds, and who succeeds it. Nobody comes in his own place."""
    table = schema.accounts
    source = connection.execute(select(table).where(table.c.id == source_id)).mappings().one()
    unknown = table.c.succeeds.is_(None) | (table.c.succeeds == source_id)
    inherited = {name: source[name] for name in ("succeeds", "succeeds_since")}
    connection.execute(update(table).where(table.c.id == target_id, unknown).values(inherited))
    connection.execute(update(table).where(table.c.succeeds == source_id).values(succeeds=target_id))
    if source["state"] == "replaced":
        has_successor = table.c.id.in_(select(table.c.succeeds).where(table.c.id != target_id))
        stands_no_more = {name: source[name] for name in ("state", "state_code", "state_since")}
        connection.execute(update(table).where(table.c.id == target_id, has_successor).values(stands_no_more))
    nobody = {"succeeds": None, "succeeds_since": None}
    connection.execute(update(table).where(table.c.id == target_id, table.c.succeeds == target_id).values(nobody))


def _move_sign_in(connection: Connection, source_id: int, target_id: int) -> None:
    table = schema.accounts
    configured = connection.execute(select(table.c.configured).where(table.c.id == source_id)).scalar()
    if configured is not None:
        connection.execute(update(table).where(table.c.id == target_id).values(configured=configured))
        connection.execute(update(table).where(table.c.id == source_id).values(configured=None))
    for one in (schema.credentials, schema.accesses, schema.renewals):
        _move_rows(connection, one, source_id, target_id)
