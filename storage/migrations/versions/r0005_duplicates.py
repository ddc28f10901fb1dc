"""What finds papers that came in twice: bands of pages, and the links between documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; ``sohoa reindex`` fills in what documents of before have."""
    op.create_table(
        "bands",
        sa.Column("band", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("document", sa.Text, primary_key=True),
        sa.Column("page", sa.Integer, primary_key=True, autoincrement=False),
    )
    op.create_index("bands_by_document", "bands", ["document"])
    op.create_table(
        "duplicates",
        sa.Column("document", sa.Text, primary_key=True),
        sa.Column("other", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("pages", sa.Text, nullable=False),
    )
    op.create_index("duplicates_by_other", "duplicates", ["other"])
    op.create_index("documents_by_file", "documents", ["sha256"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("documents_by_file", "documents")
    op.drop_table("duplicates")
    op.drop_table("bands")
