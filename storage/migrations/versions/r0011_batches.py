"""Batches of years of paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "batches",
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "state")),
        sa.Column("complete", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("actor", "queue", "paths", "dossier", "engine", "handling")),
        sa.Column("finished_at", sa.BigInteger),
    )
    op.create_index("batches_by_time", "batches", ["created_at"])
    op.create_table(
        "batch_files",
        sa.Column("batch", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("claim", "dossier", "name", "path", "sha256")),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("sides", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("state", "code", "message", "sources")),
    )
    op.create_index("batch_files_by_claim", "batch_files", ["batch", "claim"], unique=True)
    op.create_index("batch_files_by_state", "batch_files", ["batch", "state", "number"])
    op.create_table(
        "batch_parts",
        sa.Column("batch", sa.Text, primary_key=True),
        sa.Column("file", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("dossier", "name", "sha256")),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("sides", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("removed", "type", "owner", "document")),
    )
    op.create_index("batch_parts_by_document", "batch_parts", ["document"])


def downgrade() -> None:
    """Drop them."""
    for name in ("batch_parts", "batch_files", "batches"):
        op.drop_table(name)
