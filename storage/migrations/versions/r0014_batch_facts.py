"""Who scanned a document: of each document, and of each part of a batch whose separator says so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ADDED = (("documents", "scanned_by"), ("batch_parts", "operator"))


def upgrade() -> None:
    """Add the columns; of what was handed in before, nobody knows."""
    for table, name in _ADDED:
        op.add_column(table, sa.Column(name, sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    for table, name in _ADDED:
        with op.batch_alter_table(table) as altered:
            altered.drop_column(name)
