"""Review by people: claims, drafts, second readers, the queue, what was learnt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names)


def _key(name: str, kind: type[sa.Text | sa.Integer]) -> sa.Column[object]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def upgrade() -> None:
    """Make the tables; ``sohoa reindex`` fills in what documents of before have."""
    op.create_table(
        "claims",
        _key("document", sa.Text),
        *_texts("holder"),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "review_steps",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        *_texts("document", "key", "kind", "before", "after", "actor"),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("undone", sa.Integer, nullable=False),
    )
    op.create_index("review_steps_by_document", "review_steps", ["document", "revision", "number"])
    op.create_table(
        "review_passes",
        _key("document", sa.Text),
        _key("revision", sa.Integer),
        _key("reader", sa.Text),
        *_texts("digest"),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "concerns",
        _key("document", sa.Text),
        *_texts("dossier", "first", "due"),
        sa.Column("risk", sa.Float, nullable=False),
        sa.Column("doubts", sa.Integer, nullable=False),
    )
    op.create_index("concerns_by_dossier", "concerns", ["dossier", "due"])
    op.create_table(
        "lessons",
        _key("document", sa.Text),
        _key("revision", sa.Integer),
        _key("part", sa.Integer),
        _key("key", sa.Text),
        *_texts("type", "verdict", "actor"),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
    )
    op.create_index("lessons_by_time", "lessons", ["at"])


def downgrade() -> None:
    """Drop them."""
    for table in ("lessons", "concerns", "review_passes", "review_steps", "claims"):
        op.drop_table(table)
