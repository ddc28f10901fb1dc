"""The audit log in SQL: happenings as they come, their places in the chain once they are sealed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, and_, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from pipeline.domain.audit import Action, AuditLine, Happening, Head, Segment, chain
from pipeline.domain.documents import Event, Status
from storage.database import Database
from storage.tables import events, segments

#: Any number, the same everywhere: who seals on PostgreSQL holds this lock.
_SEALING_LOCK = 7_171_946

#: Lines go in once by their ``uid``.
_NOTING = {
    "sqlite": insert_sqlite(events).on_conflict_do_nothing(index_elements=[events.c.uid]),
    "postgresql": insert_postgresql(events).on_conflict_do_nothing(index_elements=[events.c.uid]),
}


class SqlAuditLog:
    """An ``AuditLog`` beside the catalogue, in the same database and the same transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, happening: Happening) -> None:
        """Write down what happened; one that stands there already, by its ``uid``, is not written again."""
        self._database.together(lambda connection: note(connection, happening))

    def happenings(self, document: str) -> tuple[Happening, ...]:
        """All that happened to a document, oldest first, sealed or not."""
        with self._database.read() as connection:
            rows = connection.execute(select(events).where(events.c.document == document).order_by(events.c.id))
            return tuple(happening_of(row) for row in rows)

    def find(self, uids: Sequence[str]) -> Mapping[str, Happening]:
        """The happenings of these ``uid``s; unknown ones are left out."""
        with self._database.read() as connection:
            rows = connection.execute(select(events).where(events.c.uid.in_(uids)))
            return {row.uid: happening_of(row) for row in rows}

    def head(self) -> Head:
        """The last sealed line."""
        with self._database.read() as connection:
            return _head(connection)

    def waiting(self) -> tuple[int, datetime | None]:
        """How many happenings are not sealed yet, and when the oldest of them was."""
        with self._database.read() as connection:
            count, oldest = connection.execute(select(func.count(), func.min(events.c.at)).where(events.c.seq.is_(None))).one()
            return count, oldest

    def seal(self, day: str, limit: int) -> int:
        """Give the oldest happenings, ``limit`` at most, the next places in the chain, as one segment; how many.

        ``day`` (ISO, UTC) is that of the segment, or the last segment's where that is later.
        """
        with self._database.write() as connection:
            _lock(connection)
            head = _head(connection)
            asked = select(events).where(events.c.seq.is_(None)).order_by(events.c.id).limit(limit)
            rows = connection.execute(asked).all()
            lines = tuple(chain((happening_of(row) for row in rows), head))
            if not lines:
                return 0
            for row, line in zip(rows, lines, strict=True):
                connection.execute(update(events).where(events.c.id == row.id).values(_place(line)))
            latest = connection.execute(select(func.max(segments.c.day))).scalar_one() or ""
            made = {"first": lines[0].seq, "last": lines[-1].seq, "day": max(day, latest), "sha256": "", "anchor": ""}
            connection.execute(insert(segments).values(made))
            return len(lines)

    def unkept(self) -> tuple[Segment, ...]:
        """The segments that are not known to stand in the bucket, oldest first."""
        return self._segments(segments.c.sha256 == "")

    def keep(self, first: int, sha256: str) -> None:
        """Note that the segment stands in the bucket."""
        with self._database.write() as connection:
            connection.execute(update(segments).where(segments.c.first == first).values(sha256=sha256))

    def release(self, first: int) -> None:
        """Take the lines of an unkept segment, and of those behind it, out of the chain again."""
        with self._database.write() as connection:
            _lock(connection)
            this = and_(segments.c.first == first, segments.c.sha256 == "")
            if connection.execute(select(segments.c.first).where(this)).one_or_none() is None:
                return
            free = {"seq": None, "previous": "", "hash": ""}
            connection.execute(update(events).where(events.c.seq >= first).values(free))
            connection.execute(segments.delete().where(segments.c.first >= first))

    def absorb(self, segment: Segment, lines: Sequence[AuditLine]) -> None:
        """Take over a segment that the bucket holds; what stands here unsealed by the same ``uid`` gets its place."""
        with self._database.write() as connection:
            _lock(connection)
            if _head(connection).seq >= segment.first:
                return
            for line in lines:
                note(connection, line.happening)
                connection.execute(update(events).where(events.c.uid == line.happening.uid).values(_place(line)))
            row = {"first": segment.first, "last": segment.last, "day": segment.day, "sha256": segment.sha256, "anchor": ""}
            connection.execute(insert(segments).values(row))

    def unanchored(self, before: str) -> tuple[Segment, ...]:
        """The segments of days before ``before`` that stand in the bucket and that no anchor names, oldest first."""
        return self._segments(and_(segments.c.anchor == "", segments.c.sha256 != "", segments.c.day < before))

    def anchor(self, day: str, first: int, last: int) -> None:
        """Note that the anchor of ``day`` names the segments of these lines."""
        with self._database.write() as connection:
            these = and_(segments.c.first >= first, segments.c.last <= last)
            connection.execute(update(segments).where(these).values(anchor=day))

    def last_anchor(self) -> str:
        """The day of the newest anchor; empty where there is none."""
        with self._database.read() as connection:
            return str(connection.execute(select(func.max(segments.c.anchor))).scalar_one() or "")

    def lines(self, first: int = 1, last: int | None = None, *, batch: int = 1000) -> Iterator[AuditLine]:
        """The sealed lines from ``first`` to ``last`` (None: to the end), in order, a batch at a time."""
        while True:
            asked = select(events).where(events.c.seq >= first).order_by(events.c.seq).limit(batch)
            if last is not None:
                asked = asked.where(events.c.seq <= last)
            with self._database.read() as connection:
                rows = connection.execute(asked).all()
            for row in rows:
                yield AuditLine(row.seq, happening_of(row), row.previous, row.hash)
            if len(rows) < batch:
                return
            first = rows[-1].seq + 1

    def span(self, since: datetime, until: datetime) -> tuple[int, int] | None:
        """The first and the last sealed line of what happened from ``since`` until before ``until``; None: nothing did."""
        with self._database.read() as connection:
            these = and_(events.c.at >= since, events.c.at < until, events.c.seq.is_not(None))
            first, last = connection.execute(select(func.min(events.c.seq), func.max(events.c.seq)).where(these)).one()
            return None if first is None else (first, last)

    def _segments(self, wanted: object) -> tuple[Segment, ...]:
        with self._database.read() as connection:
            rows = connection.execute(select(segments).where(wanted).order_by(segments.c.first))  # type: ignore[arg-type]
            return tuple(Segment(row.first, row.last, row.day, row.sha256) for row in rows)


def note(connection: Connection, happening: Happening) -> None:
    """Write ``happening`` down in the transaction of ``connection``, once by its ``uid``."""
    values = {name: getattr(happening, name) for name in ("uid", "at", "actor", "action", "document", "after", "reason")}
    blank = {"before": happening.before or None, "details": happening.details, "previous": "", "hash": ""}
    connection.execute(_NOTING[connection.dialect.name], values | blank)


def note_status(connection: Connection, event: Event, details: str = "") -> None:
    """Write down a change of a document's status."""
    before = event.before.value if event.before else ""
    told = (event.at, event.actor, Action.STATUS.value, event.document, before, event.after.value, event.reason, details)
    note(connection, Happening(secrets.token_hex(16), *told))


def status_events(connection: Connection, document_id: str) -> tuple[Event, ...]:
    """All changes of a document's status, oldest first."""
    these = and_(events.c.document == document_id, events.c.action == Action.STATUS.value)
    rows = connection.execute(select(events).where(these).order_by(events.c.id))
    return tuple(
        Event(row.document, row.at, row.actor, Status(row.before) if row.before else None, Status(row.after), row.reason)
        for row in rows
    )


def happening_of(row: Row[tuple[object, ...]]) -> Happening:
    """The happening of a row of events."""
    told = (row.uid, row.at, row.actor, row.action, row.document, row.before or "", row.after, row.reason, row.details)
    return Happening(*told)


def _place(line: AuditLine) -> dict[str, object]:
    return {"seq": line.seq, "previous": line.previous, "hash": line.hash}


def _head(connection: Connection) -> Head:
    sealed = select(events.c.seq, events.c.hash).where(events.c.seq.is_not(None)).order_by(events.c.seq.desc()).limit(1)
    row = connection.execute(sealed).one_or_none()
    return Head(row.seq, row.hash) if row else Head()


def _lock(connection: Connection) -> None:
    """One sealer at a time; writers of SQLite take turns anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEALING_LOCK})
