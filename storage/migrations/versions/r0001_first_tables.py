"""The first tables, and the full-text index of each kind of database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")

_SQLITE = (
    "CREATE VIRTUAL TABLE passage_words USING fts5("
    "heading, body, content='passages', content_rowid='id', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN "
    "INSERT INTO passage_words(rowid, heading, body) VALUES (new.id, new.heading, new.body); END",
    "CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN "
    "INSERT INTO passage_words(passage_words, rowid, heading, body) VALUES ('delete', old.id, old.heading, old.body); END",
)
_POSTGRESQL = (
    "ALTER TABLE passages ADD COLUMN words tsvector GENERATED ALWAYS AS ("
    "setweight(to_tsvector('simple', heading), 'A') || setweight(to_tsvector('simple', body), 'B')) STORED",
    "CREATE INDEX passages_by_words ON passages USING gin (words)",
)


def upgrade() -> None:
    """Make all tables."""
    _make_ledger()
    _make_index()
    statements = _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL
    for statement in statements:
        op.execute(statement)


def _make_ledger() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Text, primary_key=True),
        _text("dossier"),
        sa.Column("claim", sa.Text, unique=True),
        _text("name"),
        _text("sha256"),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        _text("media_type"),
        _integer("pages"),
        _integer("signatures"),
        _text("status"),
        _text("queue"),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        _integer("revision"),
        _text("type"),
    )
    op.create_index("documents_by_status", "documents", ["status", "received_at"])
    op.create_index("documents_by_dossier", "documents", ["dossier", "received_at"])
    op.create_index("documents_by_time", "documents", ["received_at"])
    op.create_table(
        "events",
        sa.Column("id", _SERIAL, primary_key=True, autoincrement=True),
        _text("document"),
        sa.Column("at", sa.BigInteger, nullable=False),
        _text("actor"),
        sa.Column("before", sa.Text),
        _text("after"),
        _text("reason"),
    )
    op.create_index("events_by_document", "events", ["document", "id"])
    op.create_table(
        "pages",
        sa.Column("document", sa.Text, primary_key=True),
        sa.Column("page", sa.Integer, primary_key=True),
        sa.Column("outcome", sa.Text),
    )
    op.create_table(
        "attempts",
        sa.Column("document", sa.Text, primary_key=True),
        sa.Column("step", sa.Text, primary_key=True),
        sa.Column("page", sa.Integer, primary_key=True),
        _integer("count"),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def _make_index() -> None:
    op.create_table(
        "entries",
        sa.Column("document", sa.Text, primary_key=True),
        _text("dossier"),
        _integer("revision"),
        *(_text(name) for name in ("type", "status", "title", "number", "number_key", "fields")),
        *(_text(name) for name in ("record_key", "record_sha256", "pdf_key")),
        _integer("pages"),
    )
    op.create_index("entries_by_number", "entries", ["number_key"], postgresql_ops={"number_key": "text_pattern_ops"})
    op.create_table(
        "passages",
        sa.Column("id", _SERIAL, primary_key=True, autoincrement=True),
        *(_text(name) for name in ("document", "text", "heading", "body")),
    )
    op.create_index("passages_by_document", "passages", ["document"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)
