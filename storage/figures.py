"""Figures in SQL: tallies of what the archive holds, figures that were imported, and counts over both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, Select, Table, and_, case, delete, func, insert, select
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from pipeline.domain.audit import Happening
from pipeline.domain.documents import Status
from pipeline.domain.figures import (
    DigitisedDossier,
    DocumentTally,
    Level,
    Month,
    PaperKind,
    PaperTally,
    Period,
    ReportedFigures,
    ToldOffice,
)
from pipeline.ports.figures import Offices
from storage.audit_log import happening_of
from storage.database import Database
from storage.desk_work import SqlDeskWork, known_office, office_part
from storage.figure_tables import papers, reported_figures, tallies
from storage.scopes import within
from storage.tables import documents, events, registers

#: Among the registers: the number of the last import of figures.
_NAME = "figures"

#: How documents without a dossier are entered.
_NO_DOSSIER = ("", ".")

#: What a document is, or was before it began to be read again.
STATE = case((documents.c.former != "", documents.c.former), else_=documents.c.status)
DIGITISED = STATE.in_([Status.APPROVED.value, Status.ARCHIVED.value])

_OF_PAPER = documents.c.id == papers.c.document


class SqlFigures(SqlDeskWork):
    """A ``Figures`` beside the catalogue, in the same database."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._database = database

    def enter(self, tally: DocumentTally) -> None:
        """Hold what the newest revision of a document adds, in the place of what was held; an older one changes nothing."""
        row = {name: getattr(tally, name) for name in ("document", "revision", "pages", "rescans", "unread")}
        with self._database.write() as connection:
            newest = select(tallies.c.revision).where(tallies.c.document == tally.document)
            if (connection.execute(newest).scalar_one_or_none() or 0) > tally.revision:
                return
            forget_tally(connection, tally.document)
            connection.execute(_insert(connection, tallies).values(row).on_conflict_do_nothing())
            if tally.papers:
                rows = [_paper_row(tally, paper) for paper in tally.papers]
                connection.execute(_insert(connection, papers).on_conflict_do_nothing(), rows)

    def missing(self, limit: int) -> tuple[str, ...]:
        """Documents, ``limit`` at most, of whose newest revision nothing is held."""
        held = and_(tallies.c.document == documents.c.id, tallies.c.revision == documents.c.revision)
        asked = (
            select(documents.c.id)
            .outerjoin(tallies, held)
            .where(documents.c.revision > 0, tallies.c.document.is_(None), documents.c.status != Status.ERASED.value)
            .order_by(documents.c.id)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(row.id for row in connection.execute(asked))

    def digitised(self, kind: PaperKind, period: Period, offices: Offices) -> tuple[DigitisedDossier, ...]:
        """Dossiers that count in the period with papers of this kind, each once, on the first day that any of them counts on.

        Papers outside any dossier do not count.
        """
        of_kind = and_(papers.c.kind == kind.value, DIGITISED)
        counting = _counted(select(papers.c.dossier).distinct(), period, offices).where(
            of_kind, papers.c.dossier.not_in(_NO_DOSSIER)
        )
        asked = (
            select(papers.c.dossier, papers.c.procedure, func.min(papers.c.day).label("day"), func.count().label("papers"))
            .join_from(papers, documents, _OF_PAPER)
            .where(of_kind, papers.c.dossier.in_(counting))
            .group_by(papers.c.dossier, papers.c.procedure)
            .order_by(papers.c.dossier, papers.c.procedure)
        )
        with self._database.read() as connection:
            found = _merged(connection.execute(asked).all())
        return tuple(one for one in found if one.day >= period.since)

    def loose(self, period: Period, offices: Offices) -> int:
        """How many digitised papers count in the period that belong to no dossier."""
        asked = _counted(select(func.count()), period, offices).where(DIGITISED, papers.c.dossier.in_(_NO_DOSSIER))
        with self._database.read() as connection:
            return int(connection.execute(asked).scalar_one())

    def types(self, period: Period, offices: Offices) -> tuple[tuple[str, PaperKind, int], ...]:
        """How many digitised papers of each type and kind count in the period, most first."""
        many = func.count().label("many")
        asked = _counted(select(papers.c.type, papers.c.kind, many), period, offices).where(DIGITISED)
        asked = asked.group_by(papers.c.type, papers.c.kind).order_by(many.desc(), papers.c.type, papers.c.kind)
        with self._database.read() as connection:
            return tuple((row.type, PaperKind(row.kind), row.many) for row in connection.execute(asked))

    def handed_in(self, period: Period, offices: Offices) -> tuple[tuple[str, str, int], ...]:
        """How many digitised components came in during the period, by office and type."""
        with self._database.read() as connection:
            office = office_part(connection)
            asked = (
                select(office.label("office"), papers.c.type, func.count().label("many"))
                .join_from(papers, documents, _OF_PAPER)
                .where(papers.c.kind == PaperKind.COMPONENT.value, DIGITISED)
                .where(documents.c.received_at >= period.begin, documents.c.received_at < period.end)
                .group_by(office, papers.c.type)
                .order_by(office, papers.c.type)
            )
            rows = connection.execute(asked if offices is None else asked.where(within(papers.c.dossier, offices))).all()
        found: Counter[tuple[str, str]] = Counter()
        for row in rows:
            found[known_office(row.office), row.type] += row.many
        return tuple((*key, count) for key, count in found.items())

    def happenings(self, actions: Sequence[str], since: datetime, until: datetime) -> tuple[Happening, ...]:
        """What the audit log has of these actions from ``since`` until before ``until``, in order."""
        these = and_(events.c.action.in_(actions), events.c.at >= since, events.c.at < until)
        with self._database.read() as connection:
            return tuple(map(happening_of, connection.execute(select(events).where(these).order_by(events.c.at, events.c.id))))

    def keep_reported(self, number: int, rows: Sequence[ReportedFigures], at: date) -> None:
        """Hold the rows of the ``number``-th import, each in the place of an older one of its key.

        The first delivery of a row stays: its own day, else that of the import (``at``).
        """
        with self._database.write() as connection:
            for row in rows:
                values = _reported_row(row, at)
                put = _insert(connection, reported_figures).values(values)
                keys = list(reported_figures.primary_key)
                first = func.coalesce(
                    case((reported_figures.c.delivered < values["delivered"], reported_figures.c.delivered)),
                    values["delivered"],
                )
                connection.execute(put.on_conflict_do_update(index_elements=keys, set_={**values, "delivered": first}))
            connection.execute(delete(registers).where(registers.c.name == _NAME))
            connection.execute(insert(registers).values(name=_NAME, number=number))

    def reported(self, first: str, last: str) -> tuple[ReportedFigures, ...]:
        """The rows of these months (``2026-01``), by month, office and procedure."""
        keys = (reported_figures.c.month, reported_figures.c.office, reported_figures.c.procedure, reported_figures.c.level)
        asked = select(reported_figures).where(keys[0] >= first, keys[0] <= last).order_by(*keys)
        with self._database.read() as connection:
            return tuple(_as_reported(row._mapping) for row in connection.execute(asked))

    def told_offices(self, first: str, last: str) -> tuple[ToldOffice, ...]:
        """The offices of which figures of these months were reported, once for each way they are told, newest last."""
        told = (reported_figures.c.office, reported_figures.c.level, reported_figures.c.name)
        newest = func.max(reported_figures.c.month).label("newest")
        these = and_(told[0] != "", reported_figures.c.month >= first, reported_figures.c.month <= last)
        asked = select(*told, newest).where(these).group_by(*told).order_by(newest, *told)
        with self._database.read() as connection:
            return tuple(ToldOffice(row.office, Level(row.level), row.name) for row in connection.execute(asked))

    def reported_held(self) -> int:
        """The number of the last import held; 0 where there is none."""
        with self._database.read() as connection:
            asked = select(registers.c.number).where(registers.c.name == _NAME)
            return connection.execute(asked).scalar_one_or_none() or 0


def forget_tally(connection: Connection, document: str) -> None:
    """Drop what a document adds to the figures."""
    for table in (papers, tallies):
        connection.execute(delete(table).where(table.c.document == document))


def clear_figures(connection: Connection) -> None:
    """Drop what can be rebuilt from the bucket: all of it."""
    for table in (papers, tallies, reported_figures):
        connection.execute(delete(table))
    connection.execute(delete(registers).where(registers.c.name == _NAME))


def _counted(asked: Select[Any], period: Period, offices: Offices) -> Select[Any]:
    """``asked`` of papers, of those that count in the period."""
    days = papers.c.day.between(period.since.isoformat(), period.until.isoformat())
    found = asked.select_from(papers).join(documents, _OF_PAPER).where(days)
    return found if offices is None else found.where(within(papers.c.dossier, offices))


def _merged(rows: Iterable[Row[tuple[object, ...]]]) -> list[DigitisedDossier]:
    """One dossier of all rows of it, which come one after the other."""
    found: dict[str, DigitisedDossier] = {}
    for row in rows:
        day, known = date.fromisoformat(row.day), found.get(row.dossier)
        named = ((row.procedure, row.papers),) if row.procedure else ()
        if known is None:
            office = known_office(row.dossier.partition("-")[0])
            found[row.dossier] = DigitisedDossier(row.dossier, office, day, row.papers, named)
        else:
            total = known.papers + row.papers
            first = min(known.day, day)
            found[row.dossier] = DigitisedDossier(row.dossier, known.office, first, total, known.procedures + named)
    return list(found.values())


def _paper_row(tally: DocumentTally, paper: PaperTally) -> dict[str, object]:
    return {
        "document": tally.document,
        "part": paper.part,
        "dossier": tally.dossier,
        "type": paper.type,
        "kind": paper.kind.value,
        "day": paper.day.isoformat(),
        "procedure": paper.procedure,
    }


def _reported_row(row: ReportedFigures, at: date) -> dict[str, Any]:
    month, office, total_of, procedure = row.key
    counts = {name: value for name, value in asdict(row).items() if name in _COUNTS}
    return {
        **counts,
        "month": month,
        "office": office,
        "total_of": total_of,
        "procedure": procedure,
        "level": row.level.value,
        "name": row.name,
        "delivered": (row.delivered or at).isoformat(),
        "line": row.line,
    }


_COUNTS = ("received", "solved", "carried_over", "pending", "on_time", "components", "results")


def _as_reported(row: RowMapping) -> ReportedFigures:
    return ReportedFigures(
        month=Month.parse(row["month"]),
        office=row["office"],
        level=Level(row["level"]),
        name=row["name"],
        procedure=row["procedure"],
        delivered=date.fromisoformat(row["delivered"]),
        line=row["line"],
        **{name: row[name] for name in _COUNTS},
    )


def _insert(connection: Connection, table: Table) -> SqliteInsert | PostgresqlInsert:
    return insert_sqlite(table) if connection.dialect.name == "sqlite" else insert_postgresql(table)
