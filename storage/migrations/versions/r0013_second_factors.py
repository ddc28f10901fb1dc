"""Second factors and codes of recovery; sessions that wait for one; what people are told and how much they hand in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; sessions that last have no second factor and wait for none."""
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("waiting", sa.Integer, nullable=False, server_default="0"))
        sessions.add_column(sa.Column("proven", sa.BigInteger))
    op.create_table(
        "second_factors",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("step", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("kept", sa.Text, primary_key=True),
    )
    op.create_table(
        "handed_in",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("files", sa.BigInteger, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("news", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("read", sa.Integer, nullable=False),
    )
    op.create_index("notices_by_account", "notices", ["account", "at"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("notices", "handed_in", "recovery_codes", "second_factors"):
        op.drop_table(table)
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_column("proven")
        sessions.drop_column("waiting")
