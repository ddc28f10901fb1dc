"""The administrative procedures of the installation's list, and the number of that list in the bucket."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; an installation has no list until it imports one."""
    texts = (sa.Column(name, sa.Text, nullable=False) for name in ("name", "field", "level", "decision", "withdrawn"))
    op.create_table("procedures", sa.Column("code", sa.Text, primary_key=True), *texts)
    op.create_table("registers", sa.Column("name", sa.Text, primary_key=True), sa.Column("number", sa.Integer, nullable=False))


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("registers")
    op.drop_table("procedures")
