"""Systems that call the interface, and what they sent before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names)


def _numbers(*names: str) -> tuple[sa.Column[int], ...]:
    return tuple(sa.Column(name, sa.BigInteger, nullable=False) for name in names)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "clients",
        _key("id"),
        *_texts("name", "agency", "offices", "scopes", "secrets", "jwks", "certificates"),
        *_numbers("created_at"),
        sa.Column("rate", sa.Integer, nullable=False),
        sa.Column("disabled", sa.Integer, nullable=False),
    )
    op.create_table("spent_assertions", _key("client"), _key("assertion"), *_numbers("until"))
    op.create_index("spent_assertions_by_end", "spent_assertions", ["until"])
    op.create_table(
        "kept_answers",
        _key("client"),
        _key("key"),
        *_texts("digest", "headers"),
        *_numbers("begun"),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("kept_answers_by_time", "kept_answers", ["begun"])
    op.create_table(
        "uploads",
        _key("id"),
        *_texts("client", "name", "sha256", "pieces", "state", "dossier"),
        *_numbers("bytes", "made_at", "until", "received"),
    )
    op.create_index("uploads_by_client", "uploads", ["client", "state"])
    op.create_index("uploads_by_end", "uploads", ["until"])


def downgrade() -> None:
    """Drop them."""
    for table in ("uploads", "kept_answers", "spent_assertions", "clients"):
        op.drop_table(table)
