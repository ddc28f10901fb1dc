"""The tables of batches, as the newest migration leaves them. All of them can be rebuilt from the bucket."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from storage.tables import CleanText, Instant, metadata

#: ``paths`` and ``handling`` are JSON.
batches = Table(
    "batches",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("name", CleanText, nullable=False),
    Column("state", CleanText, nullable=False),
    Column("complete", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("actor", CleanText, nullable=False),
    Column("queue", CleanText, nullable=False),
    Column("paths", CleanText, nullable=False),
    Column("dossier", CleanText, nullable=False),
    Column("engine", CleanText, nullable=False),
    Column("handling", CleanText, nullable=False),
    Column("finished_at", Instant),
    Index("batches_by_time", "created_at"),
)

#: Files as they were taken; ``sources`` is JSON, ``claim`` is dossier, name and hash.
batch_files = Table(
    "batch_files",
    metadata,
    Column("batch", CleanText, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("claim", CleanText, nullable=False),
    Column("dossier", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("path", CleanText, nullable=False),
    Column("sha256", CleanText, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sides", Integer, nullable=False),
    Column("state", CleanText, nullable=False),
    Column("code", CleanText, nullable=False),
    Column("message", CleanText, nullable=False),
    Column("sources", CleanText, nullable=False),
    Index("batch_files_by_claim", "batch", "claim", unique=True),
    Index("batch_files_by_state", "batch", "state", "number"),
)

#: Documents of files; ``document`` is empty until they are handed in, ``removed`` is JSON.
batch_parts = Table(
    "batch_parts",
    metadata,
    Column("batch", CleanText, primary_key=True),
    Column("file", Integer, primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("dossier", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("sha256", CleanText, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sides", Integer, nullable=False),
    Column("removed", CleanText, nullable=False),
    Column("type", CleanText, nullable=False),
    Column("owner", CleanText, nullable=False),
    Column("operator", CleanText, nullable=False),
    Column("document", CleanText, nullable=False),
    Index("batch_parts_by_document", "document"),
)
