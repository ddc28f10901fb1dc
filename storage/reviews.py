"""Review by people: claims, drafts, passes of readers, the queue, what was learnt."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from pipeline.domain.documents import QueueName, Status
from pipeline.domain.findings import FieldValue
from pipeline.domain.reviews import (
    Claim,
    Concern,
    Lesson,
    LessonTally,
    Passed,
    Place,
    Step,
    StepKind,
    Verdict,
    Waiting,
)
from storage.database import Database
from storage.review_tables import claims, concerns, lessons, passes, steps
from storage.scopes import within
from storage.tables import Instant, documents


class SqlReviews:
    """A ``Reviews`` beside the catalogue, in the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, document: str, holder: str, at: datetime, until: datetime) -> Claim:
        """Put the document on the desk of ``holder``, or keep it there until later; where another has it, that claim."""
        row = {"document": document, "holder": holder, "since": at, "until": until}
        free = or_(claims.c.holder == holder, claims.c.until <= at)
        since = case((and_(claims.c.holder == holder, claims.c.until > at), claims.c.since), else_=literal(at, Instant))
        with self._database.write() as connection:
            put = _insert(connection, claims).values(row)
            changed = {"holder": holder, "since": since, "until": until}
            connection.execute(put.on_conflict_do_update(index_elements=[claims.c.document], set_=changed, where=free))
            found = _claim_on(connection, document)
            assert found is not None, "a claim that was just made"
            return found

    def take_over(self, document: str, holder: str, at: datetime, until: datetime) -> Claim | None:
        """Put the document on the desk of ``holder``, whoever has it; returns the open claim of another that ends so."""
        row = {"document": document, "holder": holder, "since": at, "until": until}
        with self._database.write() as connection:
            locked = select(claims).where(claims.c.document == document).with_for_update()
            standing = connection.execute(locked).one_or_none()
            if standing is not None and standing.holder == holder and standing.until > at:
                connection.execute(update(claims).where(claims.c.document == document).values(until=until))
                return None
            put = _insert(connection, claims).values(row)
            connection.execute(put.on_conflict_do_update(index_elements=[claims.c.document], set_=row))
            ended = _claim(standing) if standing is not None else None
            return ended if ended is not None and ended.is_open(at) else None

    def release(self, document: str, holder: str) -> None:
        """Take the document off the desk of ``holder``."""
        with self._database.write() as connection:
            connection.execute(delete(claims).where(claims.c.document == document, claims.c.holder == holder))

    def claim_on(self, document: str) -> Claim | None:
        """The last claim on the document, open or not."""
        with self._database.read() as connection:
            return _claim_on(connection, document)

    def add_step(self, step: Step) -> Step:
        """Write down a step, numbered; steps undone before it can no longer be done again."""
        with self._database.write() as connection:
            connection.execute(delete(steps).where(_of(step.document, step.revision), steps.c.undone == 1))
            row = connection.execute(insert(steps).values(_values(step)).returning(steps)).one()
            return _step(row)

    def undo(self, document: str, revision: int) -> Step | None:
        """Undo the last step that counts; the step, None where there is none."""
        return self._turn(document, revision, undone=True)

    def redo(self, document: str, revision: int) -> Step | None:
        """Do the first step again of those undone; the step, None where there is none."""
        return self._turn(document, revision, undone=False)

    def _turn(self, document: str, revision: int, *, undone: bool) -> Step | None:
        with self._database.write() as connection:
            these = and_(_of(document, revision), steps.c.undone == int(not undone))
            wanted = func.max(steps.c.number) if undone else func.min(steps.c.number)
            number = connection.execute(select(wanted).where(these)).scalar_one_or_none()
            if number is None:
                return None
            turned = update(steps).where(steps.c.number == number).values(undone=int(undone)).returning(steps)
            return _step(connection.execute(turned).one())

    def steps(self, document: str, revision: int) -> tuple[Step, ...]:
        """All steps of the draft upon a revision, oldest first, those undone included."""
        with self._database.read() as connection:
            rows = connection.execute(select(steps).where(_of(document, revision)).order_by(steps.c.number))
            return tuple(map(_step, rows))

    def let_pass(self, passed: Passed) -> None:
        """Note that a reader let a draft pass, in the place of what the same reader let pass before."""
        row = {name: getattr(passed, name) for name in ("document", "revision", "reader", "digest", "at")}
        with self._database.write() as connection:
            put = _insert(connection, passes).values(row)
            connection.execute(put.on_conflict_do_update(index_elements=list(passes.primary_key), set_=row))

    def passed(self, document: str, revision: int) -> tuple[Passed, ...]:
        """Who let the draft pass so far, oldest first."""
        these = and_(passes.c.document == document, passes.c.revision == revision)
        with self._database.read() as connection:
            rows = connection.execute(select(passes).where(these).order_by(passes.c.at, passes.c.reader))
            return tuple(Passed(row.document, row.revision, row.reader, row.digest, row.at) for row in rows)

    def forget_draft(self, document: str) -> None:
        """Drop claim, steps and passes of a document that was decided about."""
        with self._database.write() as connection:
            forget_draft(connection, document)

    def note_concern(self, document: str, concern: Concern) -> None:
        """Hold what makes the document urgent, or risky to let pass, in the place of what was held."""
        with self._database.write() as connection:
            dossier = connection.execute(select(documents.c.dossier).where(documents.c.id == document)).scalar_one_or_none()
            row = {
                "document": document,
                "dossier": dossier or "",
                "risk": concern.risk,
                "doubts": concern.doubts,
                "first": concern.first,
                "due": concern.due,
            }
            put = _insert(connection, concerns).values(row)
            connection.execute(put.on_conflict_do_update(index_elements=[concerns.c.document], set_=row))

    def queue(self, offices: Sequence[str] | None, limit: int) -> tuple[Waiting, ...]:
        """At most ``limit`` documents that need review, of these ``offices`` (None: of all): station first, then by risk."""
        station = (documents.c.queue == QueueName.STATION.value).desc()
        risk = func.coalesce(concerns.c.risk, 0.0).desc()
        asked = _waiting().order_by(station, risk, documents.c.received_at, documents.c.id).limit(limit)
        if offices is not None:
            asked = asked.where(within(documents.c.dossier, offices))
        with self._database.read() as connection:
            return _as_shown(connection, connection.execute(asked).all())

    def waiting(self, document: str) -> Waiting | None:
        """The document as the queue shows it; None where it does not need review."""
        with self._database.read() as connection:
            found = _as_shown(connection, connection.execute(_waiting().where(documents.c.id == document)).all())
            return found[0] if found else None

    def keep_lessons(self, document: str, revision: int, lessons_learnt: Sequence[Lesson]) -> None:
        """Hold what was learnt from one revision, without the values; once."""
        rows = [
            {
                "document": document,
                "revision": revision,
                "part": one.part,
                "key": one.key,
                "type": one.type,
                "verdict": one.verdict.value,
                "confidence": one.confidence,
                "actor": one.actor,
                "at": one.at,
                "seconds": one.seconds,
            }
            for one in lessons_learnt
        ]
        if rows:
            with self._database.write() as connection:
                connection.execute(_insert(connection, lessons).on_conflict_do_nothing(), rows)

    def tallies(self, since: datetime, until: datetime) -> tuple[LessonTally, ...]:
        """What was learnt from ``since`` until before ``until``, by type and field, most often wrong first."""
        counted = [func.sum(case((lessons.c.verdict == verdict.value, 1), else_=0)) for verdict in Verdict]
        asked = (
            select(lessons.c.type, lessons.c.key, *counted, func.sum(lessons.c.seconds))
            .where(lessons.c.at >= since, lessons.c.at < until)
            .group_by(lessons.c.type, lessons.c.key)
        )
        with self._database.read() as connection:
            found = [lesson_tally(tuple(row)) for row in connection.execute(asked)]
        return tuple(sorted(found, key=lambda one: (-one.wrong, -one.looked_at, one.type, one.key)))

    def lessons_at(self, since: datetime, until: datetime) -> tuple[tuple[str, int], ...]:
        """The documents and revisions from which something was learnt in that time, in order of time."""
        asked = (
            select(lessons.c.document, lessons.c.revision)
            .where(lessons.c.at >= since, lessons.c.at < until)
            .group_by(lessons.c.document, lessons.c.revision)
            .order_by(func.min(lessons.c.at), lessons.c.document)
        )
        with self._database.read() as connection:
            return tuple((row.document, row.revision) for row in connection.execute(asked))


def forget_draft(connection: Connection, document: str) -> None:
    """Drop claim, steps and passes of a document."""
    for table in (claims, steps, passes):
        connection.execute(delete(table).where(table.c.document == document))


def forget_review(connection: Connection, document: str) -> None:
    """Drop all that review holds of a document."""
    forget_draft(connection, document)
    for table in (concerns, lessons):
        connection.execute(delete(table).where(table.c.document == document))


def clear_reviews(connection: Connection) -> None:
    """Drop what can be rebuilt from the bucket; claims and drafts stay: they stand nowhere else."""
    for table in (concerns, lessons):
        connection.execute(delete(table))


def _waiting() -> Select[Any]:
    return (
        select(documents, concerns.c.risk, concerns.c.doubts, concerns.c.first, concerns.c.due)
        .add_columns(claims.c.holder, claims.c.since, claims.c.until)
        .select_from(documents)
        .outerjoin(concerns, concerns.c.document == documents.c.id)
        .outerjoin(claims, claims.c.document == documents.c.id)
        .where(documents.c.status == Status.NEEDS_REVIEW.value)
    )


def _as_shown(connection: Connection, rows: Sequence[Row[tuple[object, ...]]]) -> tuple[Waiting, ...]:
    """The rows with the first day that any paper of their dossiers names, and who let them pass."""
    readers = _readers(connection)
    wanted = sorted({row.dossier for row in rows if row.dossier})
    due: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        asked = select(concerns.c.dossier, func.min(concerns.c.due)).where(concerns.c.due != "")
        asked = asked.where(concerns.c.dossier.in_(wanted[start : start + 500])).group_by(concerns.c.dossier)
        due.update((row[0], row[1]) for row in connection.execute(asked))
    return tuple(
        Waiting(
            document=row.id,
            dossier=row.dossier,
            name=row.name,
            type=row.type,
            station=row.queue == QueueName.STATION.value,
            received_at=row.received_at,
            pages=row.pages,
            concern=Concern(row.risk or 0.0, row.doubts or 0, row.first or "", row.due or ""),
            due=due.get(row.dossier, row.due or ""),
            claim=Claim(row.id, row.holder, row.since, row.until) if row.holder else None,
            readers=readers.get((row.id, row.revision), ()),
        )
        for row in rows
    )


def _readers(connection: Connection) -> dict[tuple[str, int], tuple[str, ...]]:
    """Who let drafts pass that wait for a second reader; there are few."""
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for row in connection.execute(select(passes).order_by(passes.c.at)):
        found[row.document, row.revision] = (*found.get((row.document, row.revision), ()), row.reader)
    return found


def _insert(connection: Connection, table: Table) -> SqliteInsert | PostgresqlInsert:
    return insert_sqlite(table) if connection.dialect.name == "sqlite" else insert_postgresql(table)


def _of(document: str, revision: int) -> ColumnElement[bool]:
    return and_(steps.c.document == document, steps.c.revision == revision)


def _claim_on(connection: Connection, document: str) -> Claim | None:
    row = connection.execute(select(claims).where(claims.c.document == document)).one_or_none()
    return _claim(row) if row is not None else None


def _claim(row: Row[tuple[object, ...]]) -> Claim:
    return Claim(row.document, row.holder, row.since, row.until)


def _values(step: Step) -> dict[str, object]:
    return {
        "document": step.document,
        "revision": step.revision,
        "part": step.place.part,
        "key": step.place.key,
        "kind": step.kind.value,
        "before": json.dumps(step.before, ensure_ascii=False),
        "after": json.dumps(step.after, ensure_ascii=False),
        "actor": step.actor,
        "at": step.at,
        "seconds": step.seconds,
        "undone": 0,
    }


def _step(row: Row[tuple[object, ...]]) -> Step:
    return Step(
        number=row.number,
        document=row.document,
        revision=row.revision,
        place=Place(row.part, row.key),
        kind=StepKind(row.kind),
        before=_value(row.before),
        after=_value(row.after),
        actor=row.actor,
        at=row.at,
        seconds=row.seconds,
        undone=bool(row.undone),
    )


def lesson_tally(row: tuple[Any, ...]) -> LessonTally:
    """The tally of a row: type, key, how often each verdict in its order, seconds."""
    confirmed, corrected, added, removed = map(int, row[2:6])
    return LessonTally(row[0], row[1], confirmed, corrected, added, removed, float(row[6]))


def _value(text: str) -> FieldValue | None:
    found = json.loads(text)
    return tuple(found) if isinstance(found, list) else found
