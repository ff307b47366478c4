"""What the platforms' terms ask: answers that are reduced after a time; and the address in an account's bio."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BIG = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    op.add_column("bodies", sa.Column("reduced_at", BIG, nullable=True))
    op.add_column("snapshots", sa.Column("reduced_at", BIG, nullable=True))
    op.add_column("accounts", sa.Column("bio_link", sa.Text(), nullable=True))
    op.create_index("ix_exchanges_body", "exchanges", ["body"], unique=False)
