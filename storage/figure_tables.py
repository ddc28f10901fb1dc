"""The tables of figures, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table

from storage.tables import CleanText, metadata

#: Pages of the newest revision of each document.
tallies = Table(
    "tallies",
    metadata,
    Column("document", CleanText, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("rescans", Integer, nullable=False),
    Column("unread", Integer, nullable=False),
)

#: Its papers; ``day`` is the ISO day that each counts on.
papers = Table(
    "tallied_papers",
    metadata,
    Column("document", CleanText, primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("dossier", CleanText, nullable=False),
    Column("type", CleanText, nullable=False),
    Column("kind", CleanText, nullable=False),
    Column("day", CleanText, nullable=False),
    Column("procedure", CleanText, nullable=False),
    Index("tallied_papers_by_day", "day"),
    Index("tallied_papers_by_dossier", "dossier"),
)

#: Figures of received and solved dossiers as imported; ``level`` and ``office`` as in ``ReportedFigures``, ``total_of`` is the
#: level where the row is a sum, else empty. ``delivered`` is the first ISO day on which figures of this key came.
reported_figures = Table(
    "reported_figures",
    metadata,
    Column("month", CleanText, primary_key=True),
    Column("office", CleanText, primary_key=True),
    Column("total_of", CleanText, primary_key=True),
    Column("procedure", CleanText, primary_key=True),
    Column("level", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("received", Integer, nullable=False),
    Column("solved", Integer, nullable=False),
    Column("carried_over", Integer),
    Column("pending", Integer),
    Column("on_time", Integer),
    Column("components", Integer),
    Column("results", Integer),
    Column("delivered", CleanText, nullable=False),
    Column("line", Integer, nullable=False),
)
