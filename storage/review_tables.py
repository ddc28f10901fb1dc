"""The tables of review and of the station, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, Table

from storage.tables import CleanText, Instant, metadata

#: Who has which document on the desk.
claims = Table(
    "claims",
    metadata,
    Column("document", CleanText, primary_key=True),
    Column("holder", CleanText, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
)

#: Drafts, step by step; ``before`` and ``after`` are JSON. Dropped once the document was decided about.
steps = Table(
    "review_steps",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("document", CleanText, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("part", Integer, nullable=False),
    Column("key", CleanText, nullable=False),
    Column("kind", CleanText, nullable=False),
    Column("before", CleanText, nullable=False),
    Column("after", CleanText, nullable=False),
    Column("actor", CleanText, nullable=False),
    Column("at", Instant, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("undone", Integer, nullable=False),
    Index("review_steps_by_document", "document", "revision", "number"),
)

#: Who let which draft pass.
passes = Table(
    "review_passes",
    metadata,
    Column("document", CleanText, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("reader", CleanText, primary_key=True),
    Column("digest", CleanText, nullable=False),
    Column("at", Instant, nullable=False),
)

#: What the newest revision of a document adds to the queue.
concerns = Table(
    "concerns",
    metadata,
    Column("document", CleanText, primary_key=True),
    Column("dossier", CleanText, nullable=False),
    Column("risk", Float, nullable=False),
    Column("doubts", Integer, nullable=False),
    Column("first", CleanText, nullable=False),
    Column("due", CleanText, nullable=False),
    Index("concerns_by_dossier", "dossier", "due"),
)

#: What humans made of what was read, field by field; the values stand in the bucket alone.
lessons = Table(
    "lessons",
    metadata,
    Column("document", CleanText, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("key", CleanText, primary_key=True),
    Column("type", CleanText, nullable=False),
    Column("verdict", CleanText, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("actor", CleanText, nullable=False),
    Column("at", Instant, nullable=False),
    Column("seconds", Float, nullable=False),
    Index("lessons_by_time", "at"),
)

#: The last number given to a dossier made here, by what stands before it: an office's code and a day.
dossier_numbers = Table(
    "dossier_numbers",
    metadata,
    Column("prefix", CleanText, primary_key=True),
    Column("last", Integer, nullable=False),
)
