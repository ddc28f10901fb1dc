"""Who did how much, in SQL: desks by what they handed in, people by what they reviewed, what is in hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, exists, func, literal_column, not_, or_, select

from pipeline.domain.audit import Action
from pipeline.domain.documents import Status
from pipeline.domain.figures import DeskWork, InHand, Period, PersonWork, ScanWork
from pipeline.domain.page_transfers import MOVED_AWAY
from pipeline.domain.people import office_of
from pipeline.domain.reviews import LessonTally, Verdict
from pipeline.ports.figures import Offices
from storage.database import Database
from storage.figure_tables import tallies
from storage.review_tables import lessons
from storage.reviews import lesson_tally
from storage.scopes import within
from storage.tables import documents, events

#: What is not done: nobody has looked yet, or somebody must.
_IN_HAND = (Status.RECEIVED, Status.READING, Status.NEEDS_REVIEW, Status.FAILED)

_APPROVED = (Status.APPROVED.value, Status.ARCHIVED.value)

#: What people do, by the audit log, that counts as their work.
_ACTS = (Action.REVIEW.value, Action.PAGES.value, Action.SIGN.value)


class SqlDeskWork:
    """The part of ``Figures`` that counts work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def desks(self, period: Period, offices: Offices) -> tuple[DeskWork, ...]:
        """What each office handed in during the period, by queue; documents whose pages went into others count there alone."""
        with self._database.read() as connection:
            office = office_part(connection)
            rows = connection.execute(_handed_in((office.label("office"), documents.c.queue), period, offices)).all()
            spans = connection.execute(_approved_when(office, period, offices)).all()
        minutes: dict[tuple[str, str], list[float]] = defaultdict(list)
        for row in spans:
            minutes[known_office(row.office), row.queue].append((row.done - row.received_at).total_seconds() / 60)
        found: dict[tuple[str, str], DeskWork] = {}
        for row in rows:
            key = known_office(row.office), row.queue
            found[key] = _added(found.get(key, DeskWork(*key)), row)
        return tuple(replace(found[key], minutes=tuple(sorted(minutes[key]))) for key in sorted(found))

    def scanners(self, period: Period, offices: Offices) -> tuple[ScanWork, ...]:
        """Who scanned how much of that, most first."""
        with self._database.read() as connection:
            rows = connection.execute(_handed_in((documents.c.scanned_by,), period, offices)).all()
        found: dict[str, ScanWork] = {}
        for row in rows:
            known = found.get(row.scanned_by, ScanWork(row.scanned_by))
            found[row.scanned_by] = replace(
                known,
                documents=known.documents + row.documents,
                pages=known.pages + int(row.pages),
                rescans=known.rescans + int(row.rescans),
                rejected=known.rejected + row.documents * (row.status == Status.REJECTED.value),
            )
        return tuple(sorted(found.values(), key=lambda one: (-one.documents, one.person)))

    def in_hand(self, offices: Offices) -> tuple[InHand, ...]:
        """What is not settled, by office and status."""
        with self._database.read() as connection:
            office = office_part(connection)
            asked = (
                select(office.label("office"), documents.c.status, func.count().label("documents"))
                .add_columns(func.sum(documents.c.pages).label("pages"), func.min(documents.c.received_at).label("oldest"))
                .where(documents.c.status.in_([status.value for status in _IN_HAND]))
                .group_by(office, documents.c.status)
            )
            rows = connection.execute(_of(asked, offices)).all()
        found: dict[tuple[str, str], InHand] = {}
        for row in rows:
            key = known_office(row.office), row.status
            known = found.get(key, InHand(*key, 0, 0, row.oldest))
            count, pages = known.documents + row.documents, known.pages + int(row.pages)
            found[key] = InHand(*key, count, pages, min(known.oldest, row.oldest))
        return tuple(found[key] for key in sorted(found))

    def people(self, period: Period, offices: Offices) -> tuple[PersonWork, ...]:
        """Who reviewed how much in the period, most first."""
        with self._database.read() as connection:
            found = {row.actor: _person(row) for row in connection.execute(_reviewed(period, offices))}
            acts: dict[str, list[tuple[str, int]]] = defaultdict(list)
            for row in connection.execute(_acted(period, offices)):
                acts[row.actor].append((row.action, row.many))
        for actor, done in acts.items():
            found[actor] = replace(found.get(actor, PersonWork(actor)), acts=tuple(sorted(done)))
        return tuple(sorted(found.values(), key=lambda one: (-one.documents, -one.looked_at, one.person)))

    def corrections(self, period: Period, offices: Offices) -> tuple[LessonTally, ...]:
        """What reviewers made of what was read, by type and field, most often wrong first."""
        counted = [func.sum(case((lessons.c.verdict == verdict.value, 1), else_=0)) for verdict in Verdict]
        asked = _learnt(select(lessons.c.type, lessons.c.key, *counted, func.sum(lessons.c.seconds)), period, offices)
        with self._database.read() as connection:
            rows = connection.execute(asked.group_by(lessons.c.type, lessons.c.key)).all()
        found = [lesson_tally(tuple(row)) for row in rows]
        return tuple(sorted(found, key=lambda one: (-one.wrong, -one.looked_at, one.type, one.key)))


def office_part(connection: Connection) -> ColumnElement[str]:
    """What a dossier's code has before its first dash, not yet known to be an office; written out, to be grouped by."""
    if connection.dialect.name == "sqlite":
        return func.substr(documents.c.dossier, 1, func.instr(documents.c.dossier + "-", "-") - 1)
    return func.split_part(documents.c.dossier, literal_column("'-'"), literal_column("1"))


@lru_cache(maxsize=4096)
def known_office(code: str) -> str:
    """The office of this code; empty where the text is none."""
    return office_of(f"{code}-")


def _of(asked: Select[Any], offices: Offices) -> Select[Any]:
    return asked if offices is None else asked.where(within(documents.c.dossier, offices))


def _in_time(asked: Select[Any], period: Period, offices: Offices) -> Select[Any]:
    return _of(asked.where(documents.c.received_at >= period.begin, documents.c.received_at < period.end), offices)


def _moved_away() -> ColumnElement[bool]:
    """Whether the pages of a document went into another one: nobody found fault with it, though it is rejected."""
    later = events.alias()
    these = (later.c.document == documents.c.id, later.c.action == Action.STATUS.value)
    last = select(func.max(later.c.id)).where(*these).correlate(documents).scalar_subquery()
    said = or_(*(events.c.reason.startswith(word, autoescape=True) for word in MOVED_AWAY))
    told = exists(select(events.c.id).where(events.c.id == last, said).correlate(documents))
    return and_(documents.c.status == Status.REJECTED.value, told)


def _handed_in(by: Sequence[ColumnElement[str]], period: Period, offices: Offices) -> Select[Any]:
    """Documents, pages and pages to scan again of what was handed in, ``by`` these and by status."""
    asked = (
        select(*by, documents.c.status, func.count().label("documents"))
        .add_columns(func.sum(documents.c.pages).label("pages"))
        .add_columns(func.coalesce(func.sum(tallies.c.rescans), 0).label("rescans"))
        .select_from(documents)
        .outerjoin(tallies, tallies.c.document == documents.c.id)
        .where(documents.c.status != Status.ERASED.value, not_(_moved_away()))
        .group_by(*by, documents.c.status)
    )
    return _in_time(asked, period, offices)


def _approved_when(office: ColumnElement[str], period: Period, offices: Offices) -> Select[Any]:
    """When each document handed in was approved first."""
    approving = and_(
        events.c.document == documents.c.id, events.c.action == Action.STATUS.value, events.c.after.in_(_APPROVED)
    )
    asked = (
        select(office.label("office"), documents.c.queue, documents.c.received_at, func.min(events.c.at).label("done"))
        .select_from(documents)
        .join(events, approving)
        .where(documents.c.status != Status.ERASED.value)
        .group_by(documents.c.id, documents.c.dossier, documents.c.queue, documents.c.received_at)
    )
    return _in_time(asked, period, offices)


def _added(known: DeskWork, row: Row[tuple[object, ...]]) -> DeskWork:
    """The work with one more row of the same desk."""
    more = {
        "documents": known.documents + row.documents,
        "pages": known.pages + int(row.pages),
        "rescans": known.rescans + int(row.rescans),
    }
    status = "approved" if row.status in _APPROVED else row.status
    if status in {"approved", Status.REJECTED.value, Status.FAILED.value}:
        more[status] = getattr(known, status) + row.documents
    return replace(known, **more)


def _learnt(asked: Select[Any], period: Period, offices: Offices) -> Select[Any]:
    in_time = and_(lessons.c.at >= period.begin, lessons.c.at < period.end)
    return _of(asked.select_from(lessons).join(documents, documents.c.id == lessons.c.document).where(in_time), offices)


def _reviewed(period: Period, offices: Offices) -> Select[Any]:
    wrong = func.sum(case((lessons.c.verdict == Verdict.CONFIRMED.value, 0), else_=1))
    asked = select(lessons.c.actor, func.count(lessons.c.document.distinct()).label("documents"))
    asked = asked.add_columns(func.count().label("looked_at"), wrong.label("wrong"))
    asked = asked.add_columns(func.sum(lessons.c.seconds).label("seconds"))
    return _learnt(asked, period, offices).group_by(lessons.c.actor)


def _acted(period: Period, offices: Offices) -> Select[Any]:
    asked = (
        select(events.c.actor, events.c.action, func.count().label("many"))
        .select_from(events)
        .join(documents, documents.c.id == events.c.document)
        .where(events.c.action.in_(_ACTS), events.c.at >= period.begin, events.c.at < period.end)
        .group_by(events.c.actor, events.c.action)
    )
    return _of(asked, offices)


def _person(row: Row[tuple[object, ...]]) -> PersonWork:
    return PersonWork(row.actor, row.documents, row.looked_at, int(row.wrong), float(row.seconds))
