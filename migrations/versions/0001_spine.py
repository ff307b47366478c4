"""The spine: offices, accounts, kept exchanges, readings and gaps."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("added_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_attachments")),
        sqlite_strict=True,
    )
    op.create_table(
        "audit",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_strict=True,
    )
    op.create_table(
        "bodies",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_bodies")),
        sqlite_strict=True,
    )
    op.create_table(
        "entries",
        sa.Column("exchange_id", BIG, nullable=False),
        sa.Column("place_id", BIG, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("attachment", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("exchange_id", "place_id", name=op.f("pk_entries")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "monthly_sums",
        sa.Column("series_id", BIG, nullable=False),
        sa.Column("month", BIG, nullable=False),
        sa.Column("days", BIG, nullable=False),
        sa.Column("total", BIG, nullable=False),
        sa.PrimaryKeyConstraint("series_id", "month", name=op.f("pk_monthly_sums")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "offices",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
        sa.UniqueConstraint("slug", name=op.f("uq_offices_slug")),
        sqlite_strict=True,
    )
    op.create_table(
        "pauses",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("until", BIG, nullable=False),
        sa.PrimaryKeyConstraint("platform", "scope", name=op.f("pk_pauses")),
        sqlite_strict=True,
    )
    op.create_table(
        "places",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("pointer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("pointer", name=op.f("uq_places_pointer")),
        sqlite_strict=True,
    )
    op.create_table(
        "readings",
        sa.Column("series_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("value", BIG, nullable=False),
        sa.Column("upto", BIG, nullable=True),
        sa.Column("exchange_id", BIG, nullable=False),
        sa.Column("place_id", BIG, nullable=False),
        sa.PrimaryKeyConstraint("series_id", "at", name=op.f("pk_readings")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "replaced",
        sa.Column("series_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("exchange_id", BIG, nullable=False),
        sa.Column("place_id", BIG, nullable=False),
        sa.Column("value", BIG, nullable=False),
        sa.Column("upto", BIG, nullable=True),
        sa.Column("replaced_by", BIG, nullable=False),
        sa.Column("replaced_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("series_id", "at", "exchange_id", "place_id", name=op.f("pk_replaced")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "runs",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("started_at", BIG, nullable=False),
        sa.Column("finished_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sqlite_strict=True,
    )
    op.create_table(
        "accounts",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("office_id", BIG, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("opened", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_code", sa.Text(), nullable=False),
        sa.Column("state_since", BIG, nullable=False),
        sa.Column("configured", sa.Text(), nullable=True),
        sa.Column("due_at", BIG, nullable=True),
        sa.Column("created_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["offices.id"],
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_accounts_external",
        "accounts",
        ["platform", "external_id"],
        unique=True,
        sqlite_where=sa.text("external_id IS NOT NULL"),
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_table(
        "coverage",
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("first_day", BIG, nullable=False),
        sa.Column("last_day", BIG, nullable=False),
        sa.Column("exchange_id", BIG, nullable=False),
        sa.Column("answered_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "measure", "first_day", "last_day", name=op.f("pk_coverage")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "credentials",
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("expires_at", BIG, nullable=True),
        sa.Column("updated_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "slot", name=op.f("pk_credentials")),
        sqlite_strict=True,
    )
    op.create_table(
        "dead_measures",
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("since", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "measure", name=op.f("pk_dead_measures")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "findings",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("account_id", BIG, nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sqlite_strict=True,
    )
    op.create_table(
        "gaps",
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("from_at", BIG, nullable=False),
        sa.Column("to_at", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("exchange_id", BIG, nullable=True),
        sa.Column("place_id", BIG, nullable=True),
        sa.Column("recorded_at", BIG, nullable=False),
        sa.Column("closed_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "measure", "about", "from_at", "to_at", name=op.f("pk_gaps")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "handles",
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("since", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_handles")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "posts",
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("first_seen", BIG, nullable=False),
        sa.Column("last_seen", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "post_id", name=op.f("pk_posts")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "series",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("definition", BIG, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("decimals", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("account_id", "measure", "definition", "about", "origin", "precision", name="uq_series"),
        sqlite_strict=True,
    )
    op.create_table(
        "snapshots",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("assignment", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=False),
        sa.Column("lease_until", BIG, nullable=False),
        sa.Column("started_at", BIG, nullable=False),
        sa.Column("finished_at", BIG, nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("requests", BIG, nullable=False),
        sa.Column("readings", BIG, nullable=False),
        sa.Column("revised", BIG, nullable=False),
        sa.Column("cost", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["runs.id"],
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sqlite_strict=True,
    )
    op.create_index("ix_snapshots_account", "snapshots", ["account_id", "started_at"], unique=False)
    op.create_index(
        "uq_snapshots_running",
        "snapshots",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("outcome = 'running'"),
        postgresql_where=sa.text("outcome = 'running'"),
    )
    op.create_table(
        "exchanges",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("snapshot_id", BIG, nullable=True),
        sa.Column("step", BIG, nullable=False),
        sa.Column("attempt", BIG, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("status", BIG, nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("sent_at", BIG, nullable=False),
        sa.Column("elapsed_ms", BIG, nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("cost", BIG, nullable=False),
        sa.Column("read_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["runs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["snapshots.id"],
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges")),
        sqlite_strict=True,
    )
    op.create_index("ix_exchanges_run", "exchanges", ["run_id"], unique=False)
    op.create_index("ix_exchanges_snapshot", "exchanges", ["snapshot_id", "step", "attempt"], unique=False)
