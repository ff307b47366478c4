"""What an installation needs to run by itself: access, custody, schedule, outages, alerts, backups; verdicts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BIG = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    _extend_what_is_there()
    _add_what_is_of_accounts()
    _add_what_is_of_the_service()


def _extend_what_is_there() -> None:
    # In words: Alembic splits the column from its reference, which SQLite can only be given together.
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE accounts ADD COLUMN succeeds {kind} REFERENCES accounts (id)")
    op.add_column("accounts", sa.Column("succeeds_since", BIG, nullable=True))
    op.add_column("findings", sa.Column("about", sa.Text(), nullable=False, server_default=""))
    op.add_column("findings", sa.Column("decided_at", BIG, nullable=True))
    op.add_column("findings", sa.Column("by", sa.Text(), nullable=True))
    op.add_column("findings", sa.Column("note", sa.Text(), nullable=True))
    op.add_column("snapshots", sa.Column("tally", sa.Text(), nullable=True))
    op.create_index("ix_snapshots_run", "snapshots", ["run_id"])
    op.add_column("bodies", sa.Column("crc", BIG, nullable=True))
    op.add_column("reports", sa.Column("sha256", sa.Text(), nullable=True))


def _add_what_is_of_accounts() -> None:
    op.create_table(
        "accesses",
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("granted", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("ends_at", BIG, nullable=True),
        sa.Column("data_ends_at", BIG, nullable=True),
        sa.Column("connected_at", BIG, nullable=True),
        sa.Column("checked_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("account_id", "slot", name="pk_accesses"),
        sqlite_strict=True,
    )
    op.create_table(
        "renewals",
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("begun_at", BIG, nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("lost_at", BIG, nullable=True),
        sa.Column("failures", BIG, nullable=False),
        sa.Column("retry_at", BIG, nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("account_id", "slot", name="pk_renewals"),
        sqlite_strict=True,
    )
    op.create_table(
        "custody",
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("recovery_mail", sa.Text(), nullable=False),
        sa.Column("second_admin", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("updated_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("account_id", name="pk_custody"),
        sqlite_strict=True,
    )
    op.create_table(
        "schedules",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("office_id", BIG, nullable=True),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account_id", BIG, nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("updated_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"]),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sqlite_strict=True,
    )


def _add_what_is_of_the_service() -> None:
    op.create_table(
        "beats",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_beats"),
        sqlite_strict=True,
    )
    op.create_table(
        "outages",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_at", BIG, nullable=False),
        sa.Column("to_at", BIG, nullable=True),
        sa.Column("noted_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outages"),
        sqlite_strict=True,
    )
    op.create_table(
        "alerts",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("opened_at", BIG, nullable=False),
        sa.Column("closed_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_alerts_open",
        "alerts",
        ["cause"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "tellings",
        sa.Column("alert_id", BIG, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("due_at", BIG, nullable=False),
        sa.Column("tries", BIG, nullable=False),
        sa.Column("told_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"]),
        sa.PrimaryKeyConstraint("alert_id", "channel", "about", name="pk_tellings"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "digests",
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("contents", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"]),
        sa.PrimaryKeyConstraint("run_id", name="pk_digests"),
        sa.UniqueConstraint("number", name="uq_digests_number"),
        sqlite_strict=True,
    )
    op.create_table(
        "backups",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_backups"),
        sqlite_strict=True,
    )
