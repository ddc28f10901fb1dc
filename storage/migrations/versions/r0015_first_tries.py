"""When a delivery of an event was first tried."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of deliveries that were tried before, nobody knows."""
    op.add_column("deliveries", sa.Column("begun", sa.BigInteger, nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("deliveries") as altered:
        altered.drop_column("begun")
