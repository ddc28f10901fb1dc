"""Figures: what documents add to them, and what the province's system reported."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _make_tallies()
    _make_reported()


def _make_tallies() -> None:
    op.create_table(
        "tallies",
        sa.Column("document", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("rescans", sa.Integer, nullable=False),
        sa.Column("unread", sa.Integer, nullable=False),
    )
    op.create_table(
        "tallied_papers",
        sa.Column("document", sa.Text, primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("dossier", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("procedure", sa.Text, nullable=False),
    )
    op.create_index("tallied_papers_by_day", "tallied_papers", ["day"])
    op.create_index("tallied_papers_by_dossier", "tallied_papers", ["dossier"])


def _make_reported() -> None:
    op.create_table(
        "reported_figures",
        sa.Column("month", sa.Text, primary_key=True),
        sa.Column("office", sa.Text, primary_key=True),
        sa.Column("total_of", sa.Text, primary_key=True),
        sa.Column("procedure", sa.Text, primary_key=True),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("received", sa.Integer, nullable=False),
        sa.Column("solved", sa.Integer, nullable=False),
        sa.Column("carried_over", sa.Integer),
        sa.Column("pending", sa.Integer),
        sa.Column("on_time", sa.Integer),
        sa.Column("components", sa.Integer),
        sa.Column("results", sa.Integer),
        sa.Column("delivered", sa.Text, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("reported_figures", "tallied_papers", "tallies"):
        op.drop_table(table)
