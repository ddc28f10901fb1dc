"""The tables of the catalogue, as the newest migration leaves them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Column, Dialect, Float, Index, Integer, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """A time with a zone, kept as microseconds since 1970 so that every database compares it alike; read back in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Microseconds; raises ``TypeError`` for a time without a zone."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """The time in UTC."""
        return None if value is None else _EPOCH + value * _MICROSECOND


class CleanText(TypeDecorator[str]):
    """Text without what databases refuse: NUL and lone surrogates become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as it may be stored."""
        if value is None:
            return None
        return value.replace("\0", "\ufffd").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


metadata = MetaData()

#: ``claim`` is dossier + sha256 for the one document that a resubmission of the same file leads to. ``former`` is empty but
#: while the document is read again.
documents = Table(
    "documents",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("dossier", CleanText, nullable=False),
    Column("claim", CleanText, unique=True),
    Column("name", CleanText, nullable=False),
    Column("sha256", CleanText, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("media_type", CleanText, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("signatures", Integer, nullable=False),
    Column("status", CleanText, nullable=False),
    Column("queue", CleanText, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("type", CleanText, nullable=False),
    Column("engine", CleanText, nullable=False),
    Column("reading", Integer, nullable=False),
    Column("former", CleanText, nullable=False),
    Column("made_with", CleanText, nullable=False),
    Column("scanned_by", CleanText, nullable=False),
    Index("documents_by_status", "status", "received_at"),
    Index("documents_by_dossier", "dossier", "received_at"),
    Index("documents_by_time", "received_at"),
    Index("documents_by_file", "sha256"),
)

#: What happened; never deleted, not even when the rest is rebuilt from the bucket. ``seq`` is the place in the audit log,
#: null until the event is sealed; ``after`` is empty where it is no change of a status.
events = Table(
    "events",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("document", CleanText, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", CleanText, nullable=False),
    Column("before", CleanText),
    Column("after", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("uid", CleanText, nullable=False),
    Column("action", CleanText, nullable=False),
    Column("details", CleanText, nullable=False),
    Column("previous", CleanText, nullable=False),
    Column("hash", CleanText, nullable=False),
    Column("seq", BigInteger),
    Index("events_by_document", "document", "id"),
    Index("events_by_uid", "uid", unique=True),
    Index("events_by_seq", "seq", unique=True),
)

#: Runs of lines of the audit log that are one object of the bucket each; ``sha256`` is empty until the object stands there,
#: ``anchor`` (a day) until an anchor names it.
segments = Table(
    "segments",
    metadata,
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("day", CleanText, nullable=False),
    Column("sha256", CleanText, nullable=False),
    Column("anchor", CleanText, nullable=False),
    Index("segments_by_anchor", "anchor"),
)

#: The pages planned; ``outcome`` is null until the page is settled.
pages = Table(
    "pages",
    metadata,
    Column("document", CleanText, primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("outcome", CleanText),
)

#: How often each step was begun without ending, and when it was last sent or begun.
attempts = Table(
    "attempts",
    metadata,
    Column("document", CleanText, primary_key=True),
    Column("step", CleanText, primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

#: The newest finished revision of each document; ``number_key`` is the folded number.
entries = Table(
    "entries",
    metadata,
    Column("document", CleanText, primary_key=True),
    Column("dossier", CleanText, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("type", CleanText, nullable=False),
    Column("status", CleanText, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("number", CleanText, nullable=False),
    Column("number_key", CleanText, nullable=False),
    Column("fields", CleanText, nullable=False),
    Column("record_key", CleanText, nullable=False),
    Column("record_sha256", CleanText, nullable=False),
    Column("pdf_key", CleanText, nullable=False),
    Column("pages", Integer, nullable=False),
    Index("entries_by_number", "number_key", postgresql_ops={"number_key": "text_pattern_ops"}),
)

#: The text of an entry in pieces of some pages each, with its folded heading (title, number, fields) before each piece.
passages = Table(
    "passages",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("document", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("heading", CleanText, nullable=False),
    Column("body", CleanText, nullable=False),
    Index("passages_by_document", "document"),
)

#: What pages that are likely the same sheet share.
bands = Table(
    "bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("document", CleanText, primary_key=True),
    Column("page", Integer, primary_key=True, autoincrement=False),
    Index("bands_by_document", "document"),
)

#: Which documents may be the same paper as an earlier one; ``pages`` is JSON, pairs of page numbers.
duplicates = Table(
    "duplicates",
    metadata,
    Column("document", CleanText, primary_key=True),
    Column("other", CleanText, primary_key=True),
    Column("kind", CleanText, primary_key=True),
    Column("score", Float, nullable=False),
    Column("pages", CleanText, nullable=False),
    Index("duplicates_by_other", "other"),
)

#: The installation's list of administrative procedures, those withdrawn included.
procedures = Table(
    "procedures",
    metadata,
    Column("code", CleanText, primary_key=True),
    Column("name", CleanText, nullable=False),
    Column("field", CleanText, nullable=False),
    Column("level", CleanText, nullable=False),
    Column("decision", CleanText, nullable=False),
    Column("withdrawn", CleanText, nullable=False),
)

#: Which of the bucket's lists the catalogue holds, by what they list.
registers = Table(
    "registers",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("number", Integer, nullable=False),
)

#: Who works with the house. ``roles`` and ``offices`` are separated by spaces; ``identity`` is issuer and subject of whom an
#: identity provider vouches for, null for the others. Nothing but this table knows them: not rebuilt from the bucket.
accounts = Table(
    "accounts",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("login", CleanText, nullable=False, unique=True),
    Column("name", CleanText, nullable=False),
    Column("roles", CleanText, nullable=False),
    Column("offices", CleanText, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("password", CleanText, nullable=False),
    Column("provisional", Integer, nullable=False),
    Column("renewed", Instant),
    Column("disabled", Integer, nullable=False),
    Column("identity", CleanText, unique=True),
)

#: Who is signed in; ``key`` is the sha256 of what the browser holds.
sessions = Table(
    "sessions",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("account", CleanText, nullable=False),
    Column("begun", Instant, nullable=False),
    Column("seen", Instant, nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("proven", Instant),
    Index("sessions_by_account", "account"),
)

#: How often it was tried to sign in to an account, or from an address, since the last time that it went well.
tries = Table(
    "tries",
    metadata,
    Column("what", CleanText, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

#: Leave to fetch one file for some minutes; ``key`` as of a session.
tickets = Table(
    "tickets",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("document", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("giver", CleanText, nullable=False),
    Column("until", Instant, nullable=False),
)
