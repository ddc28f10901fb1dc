"""The tables of reuse, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from storage.tables import CleanText, Instant, metadata

_NUMBER = BigInteger().with_variant(Integer, "sqlite")

#: Papers in keeping, of the newest revision of each document; ``data`` is JSON. ``paper`` and ``lineage`` are null where
#: nothing ties the paper to others.
holdings = Table(
    "holdings",
    metadata,
    Column("document", CleanText, primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("type", CleanText, nullable=False),
    Column("paper", CleanText),
    Column("lineage", CleanText),
    Column("data", CleanText, nullable=False),
    Index("holdings_by_paper", "paper"),
    Index("holdings_by_lineage", "lineage"),
)

#: Whose papers they are: ``owner`` is ``id:`` and the personal id, or ``nb:``, the folded name and the birth date.
holding_owners = Table(
    "holding_owners",
    metadata,
    Column("owner", CleanText, primary_key=True),
    Column("type", CleanText, primary_key=True),
    Column("document", CleanText, primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Index("holding_owners_by_document", "document"),
)

#: What was said of documents, as in the bucket; ``data`` is JSON.
standings = Table(
    "standings",
    metadata,
    Column("document", CleanText, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("data", CleanText, nullable=False),
)

#: What befell owners, as in the bucket: under the key that they had, and the key that they have since.
#: ``cancels`` is the event that is taken back.
owner_events = Table(
    "owner_events",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("owner", CleanText, nullable=False),
    Column("now", CleanText),
    Column("cancels", CleanText),
    Column("at", Instant, nullable=False),
    Column("data", CleanText, nullable=False),
    Index("owner_events_by_owner", "owner"),
    Index("owner_events_by_now", "now"),
    Index("owner_events_by_cancels", "cancels"),
)

#: The sha256 of codes on prints, as in the bucket.
print_codes = Table(
    "print_codes",
    metadata,
    Column("digest", CleanText, primary_key=True),
    Column("document", CleanText, nullable=False),
    Column("part", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", CleanText, nullable=False),
)

#: The lists of entitlements and of excluded types in force; ``data`` is JSON, ``number`` that of the bucket's list.
rights = Table(
    "rights",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("data", CleanText, nullable=False),
)

#: Requests; ``claim`` is system and idempotency key, null without one. ``data`` is JSON.
reuse_requests = Table(
    "reuse_requests",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("claim", CleanText, unique=True),
    Column("system", CleanText, nullable=False),
    Column("document", CleanText, nullable=False),
    Column("state", CleanText, nullable=False),
    Column("at", Instant, nullable=False),
    Column("data", CleanText, nullable=False),
    Index("reuse_requests_by_system", "system", "at"),
)

#: What was released, one for each request; the receipts stand in the bucket too, once ``kept``.
releases = Table(
    "releases",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("system", CleanText, nullable=False),
    Column("agency", CleanText, nullable=False),
    Column("document", CleanText, nullable=False),
    Column("part", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("type", CleanText, nullable=False),
    Column("purpose", CleanText, nullable=False),
    Column("form", CleanText, nullable=False),
    Column("sha256", CleanText, nullable=False),
    Column("at", Instant, nullable=False),
    Column("jws", CleanText, nullable=False),
    Column("disclosure", CleanText, nullable=False),
    Column("code", CleanText, nullable=False),
    Column("kept", Integer, nullable=False),
    Index("releases_by_document", "document", "at"),
    Index("releases_by_system", "system", "at"),
    Index("releases_by_time", "at"),
    Index("releases_by_kept", "kept", "at"),
)

#: Events for other systems. ``seq`` is null until deliveries were planned: numbers are given one after the other, so that
#: whoever reads behind a number misses none.
outbox = Table(
    "outbox",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("id", CleanText, nullable=False, unique=True),
    Column("seq", BigInteger),
    Column("kind", CleanText, nullable=False),
    Column("at", Instant, nullable=False),
    Column("dossier", CleanText, nullable=False),
    Column("document", CleanText, nullable=False),
    Column("type", CleanText, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("other", CleanText, nullable=False),
    Column("code", CleanText, nullable=False),
    Index("outbox_by_seq", "seq", unique=True),
    Index("outbox_by_document", "document", "number"),
)

#: Where systems want to be told; ``kinds`` and ``offices`` are separated by spaces. Secrets stand nowhere: they are derived.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("system", CleanText, nullable=False),
    Column("agency", CleanText, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("kinds", CleanText, nullable=False),
    Column("offices", CleanText, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("key", Integer, nullable=False),
    Column("former_until", Instant),
    Column("ended", Integer, nullable=False),
    Index("subscriptions_by_system", "system"),
)

#: Events on their way; ``event`` is the id of the event, ``begun`` when it was first tried. Those that were given up or
#: dropped were so when they were ``due``.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("event", CleanText, nullable=False),
    Column("subscription", CleanText, nullable=False),
    Column("state", CleanText, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", Instant, nullable=False),
    Column("error", CleanText, nullable=False),
    Column("begun", Instant),
    Index("deliveries_by_state", "state", "due"),
    Index("deliveries_by_event", "event", "subscription", unique=True),
)
