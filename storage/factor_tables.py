"""The tables of second factors, of what people are told and how much they hand in, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from storage.tables import CleanText, Instant, metadata

#: The second factor of an account: its secret is encrypted, ``step`` the last time step whose code was used.
second_factors = Table(
    "second_factors",
    metadata,
    Column("account", CleanText, primary_key=True),
    Column("secret", CleanText, nullable=False),
    Column("since", Instant, nullable=False),
    Column("step", BigInteger, nullable=False),
)

#: Hashes of the codes that stand in for a lost second factor, each once.
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account", CleanText, primary_key=True),
    Column("kept", CleanText, primary_key=True),
)

#: How much somebody has handed in on the last day on which anything was.
handed_in = Table(
    "handed_in",
    metadata,
    Column("account", CleanText, primary_key=True),
    Column("day", CleanText, nullable=False),
    Column("files", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
)

#: What people are told about their accounts; ``read`` once they said so.
notices = Table(
    "notices",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("account", CleanText, nullable=False),
    Column("at", Instant, nullable=False),
    Column("news", CleanText, nullable=False),
    Column("by", CleanText, nullable=False),
    Column("address", CleanText, nullable=False),
    Column("read", Integer, nullable=False),
    Index("notices_by_account", "account", "at"),
)
