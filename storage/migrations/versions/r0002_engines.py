"""Which engine is to read a document, what read it last, and what it was before it is read again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; every document there is counts as read once, by whatever the installation had."""
    for name in ("engine", "former", "made_with"):
        op.add_column("documents", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column("documents", sa.Column("reading", sa.Integer, nullable=False, server_default="1"))


def downgrade() -> None:
    """Drop the columns."""
    for name in ("engine", "former", "made_with", "reading"):
        op.drop_column("documents", name)
