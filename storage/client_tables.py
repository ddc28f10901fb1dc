"""The tables of systems that call the interface, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table

from storage.tables import CleanText, Instant, metadata

#: Systems of others. Sets are separated by spaces; ``secrets`` is JSON, pairs of a hash and when it ends. Nothing but this
#: table knows them: not rebuilt from the bucket.
clients = Table(
    "clients",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("name", CleanText, nullable=False),
    Column("agency", CleanText, nullable=False),
    Column("offices", CleanText, nullable=False),
    Column("scopes", CleanText, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("secrets", CleanText, nullable=False),
    Column("jwks", CleanText, nullable=False),
    Column("certificates", CleanText, nullable=False),
    Column("rate", Integer, nullable=False),
    Column("disabled", Integer, nullable=False),
)

#: Assertions that were used, until they are over.
spent_assertions = Table(
    "spent_assertions",
    metadata,
    Column("client", CleanText, primary_key=True),
    Column("assertion", CleanText, primary_key=True),
    Column("until", Instant, nullable=False),
    Index("spent_assertions_by_end", "until"),
)

#: What calls with an idempotency key were answered; ``status`` 0 while they are worked on.
kept_answers = Table(
    "kept_answers",
    metadata,
    Column("client", CleanText, primary_key=True),
    Column("key", CleanText, primary_key=True),
    Column("digest", CleanText, nullable=False),
    Column("begun", Instant, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", CleanText, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("kept_answers_by_time", "begun"),
)

#: Files on their way in; the names of their ``pieces`` are separated by spaces.
uploads = Table(
    "uploads",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("client", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", CleanText, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("pieces", CleanText, nullable=False),
    Column("state", CleanText, nullable=False),
    Column("dossier", CleanText, nullable=False),
    Index("uploads_by_client", "client", "state"),
    Index("uploads_by_end", "until"),
)
