"""The audit log: more kinds of events, each in its place in a chain of hashes; the segments that the bucket holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TEXTS = ("uid", "action", "details", "previous", "hash")
_UIDS = {
    "sqlite": "UPDATE events SET uid = lower(hex(randomblob(16)))",
    "postgresql": "UPDATE events SET uid = replace(gen_random_uuid()::text, '-', '')",
}


def upgrade() -> None:
    """Add the columns; every event there is gets a name of its own, and waits to be sealed."""
    for name in _TEXTS:
        default = "status" if name == "action" else ""
        op.add_column("events", sa.Column(name, sa.Text, nullable=False, server_default=default))
    op.add_column("events", sa.Column("seq", sa.BigInteger))
    op.execute(_UIDS[op.get_bind().dialect.name])
    op.create_index("events_by_uid", "events", ["uid"], unique=True)
    op.create_index("events_by_seq", "events", ["seq"], unique=True)
    op.create_table(
        "segments",
        sa.Column("first", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("day", "sha256", "anchor")),
    )
    op.create_index("segments_by_anchor", "segments", ["anchor"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("segments")
    for name in ("events_by_uid", "events_by_seq"):
        op.drop_index(name, "events")
    for name in ("seq", *_TEXTS):
        op.drop_column("events", name)
