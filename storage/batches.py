"""Batches beside the catalogue, in the same database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from pipeline.domain.batches import (
    BATCH_TRANSITIONS,
    Batch,
    BatchFile,
    BatchState,
    BatchTally,
    FileState,
    Placed,
    Waiting,
)
from pipeline.domain.documents import SETTLED, Status
from pipeline.domain.errors import NotFoundError
from storage.batch_rows import batch_of, batch_values, claim_of, file_of, file_values, part_of, part_values
from storage.batch_tables import batch_files, batch_parts, batches
from storage.database import Database
from storage.document_rows import document_of
from storage.tables import documents, events, pages

_SETTLED = tuple(status.value for status in SETTLED)


class SqlBatches:
    """A ``Batches`` beside the catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, batch: Batch) -> None:
        """Enter a batch; one of the same id stays as it is."""
        with self._database.write() as connection:
            connection.execute(_insert(connection, batches).values(batch_values(batch)).on_conflict_do_nothing())

    def batch(self, batch_id: str) -> Batch:
        """The batch; raises ``NotFoundError``."""
        with self._database.read() as connection:
            return _load(connection, batch_id)

    def batches(self, *, state: BatchState | None = None, limit: int = 100) -> tuple[Batch, ...]:
        """Batches, newest first."""
        asked = select(batches).order_by(batches.c.created_at.desc(), batches.c.id.desc()).limit(limit)
        if state is not None:
            asked = asked.where(batches.c.state == state.value)
        with self._database.read() as connection:
            return tuple(batch_of(row) for row in connection.execute(asked))

    def move(self, batch_id: str, after: BatchState, at: datetime) -> Batch:
        """Change the state; the same again is nothing. Raises ``ValueError`` for a change that makes no sense."""
        with self._database.write() as connection:
            before = _load(connection, batch_id, lock=True)
            if before.state is after:
                return before
            if after not in BATCH_TRANSITIONS[before.state]:
                raise ValueError(f"batch {batch_id} is {before.state} and cannot become {after}")
            finished = at if after in {BatchState.DONE, BatchState.CANCELLED} else None
            changed = update(batches).where(batches.c.id == batch_id).values(state=after.value, finished_at=finished)
            connection.execute(changed)
            return replace(before, state=after, finished_at=finished)

    def complete(self, batch_id: str, *, complete: bool = True) -> None:
        """Note whether all files have been taken."""
        with self._database.write() as connection:
            connection.execute(update(batches).where(batches.c.id == batch_id).values(complete=int(complete)))

    def take(self, batch_id: str, file: BatchFile) -> BatchFile:
        """Enter a file with its parts, numbered; where the same one was taken before, that one unchanged."""
        with self._database.write() as connection:
            _load(connection, batch_id, lock=True)
            standing = _known(connection, batch_id, claim_of(file.dossier, file.name, file.sha256, file.replaces))
            if standing is not None:
                return standing
            number = file.number or _next_number(connection, batch_id)
            connection.execute(insert(batch_files).values(file_values(batch_id, file, number)))
            if file.parts:
                rows = [part_values(batch_id, number, part) for part in file.parts]
                connection.execute(insert(batch_parts), rows)
            if file.state is not FileState.REJECTED:
                connection.execute(_mend(batch_id, file, number))
            return replace(file, number=number)

    def known(self, batch_id: str, dossier: str, name: str, sha256: str) -> BatchFile | None:
        """The file as it was taken before; None where it was not."""
        with self._database.read() as connection:
            return _known(connection, batch_id, claim_of(dossier, name, sha256))

    def twin(self, batch_id: str, dossier: str, sha256: str) -> str:
        """The name of a file of this dossier and hash that was planned; empty where there is none."""
        these = and_(batch_files.c.dossier == dossier, batch_files.c.sha256 == sha256)
        asked = select(batch_files.c.name).where(_in(batch_id), these, batch_files.c.state == FileState.PLANNED.value)
        with self._database.read() as connection:
            return connection.execute(asked.limit(1)).scalar_one_or_none() or ""

    def file(self, batch_id: str, number: int) -> BatchFile:
        """A file, without its sides; raises ``NotFoundError``."""
        with self._database.read() as connection:
            row = connection.execute(select(batch_files).where(_in(batch_id), batch_files.c.number == number)).one_or_none()
            if row is None:
                raise NotFoundError(f"no file {number} in batch {batch_id!r}")
            return _with_parts(connection, batch_id, row)

    def files(self, batch_id: str, *states: FileState, after: int = 0, limit: int = 500) -> tuple[BatchFile, ...]:
        """The next files behind the number ``after`` in one of ``states``, without sides and parts."""
        asked = select(batch_files).where(_in(batch_id), batch_files.c.number > after)
        if states:
            asked = asked.where(batch_files.c.state.in_([state.value for state in states]))
        with self._database.read() as connection:
            return tuple(file_of(row) for row in connection.execute(asked.order_by(batch_files.c.number).limit(limit)))

    def waiting(self, batch_id: str, limit: int) -> tuple[Waiting, ...]:
        """Parts that were not handed in yet, in the order of the files."""
        asked = select(batch_parts).where(batch_parts.c.batch == batch_id, batch_parts.c.document == "")
        asked = asked.order_by(batch_parts.c.file, batch_parts.c.part).limit(limit)
        with self._database.read() as connection:
            return tuple(Waiting(batch_id, row.file, part_of(row)) for row in connection.execute(asked))

    def hand_in(self, batch_id: str, file: int, part: int, document: str) -> None:
        """Note which document a part became."""
        this = and_(batch_parts.c.batch == batch_id, batch_parts.c.file == file, batch_parts.c.part == part)
        with self._database.write() as connection:
            connection.execute(update(batch_parts).where(this).values(document=document))

    def in_flight(self) -> int:
        """Pages of documents of all batches that were handed in and are not settled."""
        unsettled = documents.c.status.notin_(_SETTLED)
        asked = select(func.coalesce(func.sum(batch_parts.c.sides), 0)).join(
            documents, documents.c.id == batch_parts.c.document
        )
        with self._database.read() as connection:
            return int(connection.execute(asked.where(unsettled)).scalar_one())

    def tally(self, batch_id: str) -> BatchTally:
        """How far the batch is."""
        by_state = select(batch_files.c.state, func.count(), func.sum(batch_files.c.sides)).where(_in(batch_id))
        placed = batch_parts.outerjoin(documents, documents.c.id == batch_parts.c.document)
        mine = batch_parts.c.batch == batch_id
        by_status = select(documents.c.status, func.count(), func.sum(batch_parts.c.sides)).select_from(placed).where(mine)
        read = select(func.count()).select_from(
            batch_parts.join(documents, documents.c.id == batch_parts.c.document).join(
                pages, pages.c.document == documents.c.id
            )
        )
        unsettled = and_(mine, documents.c.status.notin_(_SETTLED), pages.c.outcome.isnot(None))
        with self._database.read() as connection:
            files = [tuple(row) for row in connection.execute(by_state.group_by(batch_files.c.state))]
            found = [tuple(row) for row in connection.execute(by_status.group_by(documents.c.status))]
            underway = int(connection.execute(read.where(unsettled)).scalar_one())
        done = sum(int(sides) for status, _, sides in found if status in _SETTLED)
        return BatchTally(
            files=tuple((FileState(state), int(count)) for state, count, _ in files),
            documents=tuple((Status(status) if status else None, int(count)) for status, count, _ in found),
            sides=sum(int(sides) for _, _, sides in files),
            pages=sum(int(sides) for _, _, sides in found),
            settled=done + underway,
        )

    def settled_since(self, batch_id: str, since: datetime) -> int:
        """Pages of its documents that were settled since then."""
        lately = select(events.c.document).where(events.c.at >= since, events.c.after.in_(_SETTLED)).distinct()
        asked = select(func.coalesce(func.sum(batch_parts.c.sides), 0)).where(
            batch_parts.c.batch == batch_id, batch_parts.c.document.in_(lately)
        )
        with self._database.read() as connection:
            return int(connection.execute(asked).scalar_one())

    def placed(
        self, batch_id: str, *, after: tuple[int, int] = (0, 0), statuses: Sequence[str] = (), limit: int = 500
    ) -> tuple[Placed, ...]:
        """The next parts behind ``after`` (file, part), with their documents; of these ``statuses`` where any are named."""
        behind = or_(batch_parts.c.file > after[0], and_(batch_parts.c.file == after[0], batch_parts.c.part > after[1]))
        asked = select(batch_parts, batch_files.c.name.label("file_name")).join(
            batch_files, and_(batch_files.c.batch == batch_parts.c.batch, batch_files.c.number == batch_parts.c.file)
        )
        asked = asked.where(batch_parts.c.batch == batch_id, behind)
        if statuses:
            of_these = select(documents.c.id).where(documents.c.status.in_(statuses))
            asked = asked.where(batch_parts.c.document.in_(of_these))
        with self._database.read() as connection:
            rows = connection.execute(asked.order_by(batch_parts.c.file, batch_parts.c.part).limit(limit)).all()
            wanted = [row.document for row in rows if row.document]
            found = {one.id: one for one in map(document_of, _documents(connection, wanted))}
            return tuple(Placed(row.file, row.file_name, part_of(row), found.get(row.document)) for row in rows)

    def dossiers(self, batch_id: str) -> tuple[str, ...]:
        """The dossiers that its documents belong to, by code."""
        asked = select(batch_parts.c.dossier).where(batch_parts.c.batch == batch_id).distinct()
        with self._database.read() as connection:
            return tuple(row[0] for row in connection.execute(asked.order_by(batch_parts.c.dossier)))

    def stacks_of(self, sha256: str) -> tuple[str, ...]:
        """The hashes of the files that a slice of this hash was cut out of; none for a file that was handed in as it is."""
        asked = select(batch_files.c.sources).join(
            batch_parts, and_(batch_files.c.batch == batch_parts.c.batch, batch_files.c.number == batch_parts.c.file)
        )
        with self._database.read() as connection:
            rows = connection.execute(asked.where(batch_parts.c.sha256 == sha256)).all()
        return tuple(sorted({source for row in rows for source in json.loads(row.sources)} - {sha256}))

    def batches_of(self, document: str) -> tuple[str, ...]:
        """The batches that a document came in with."""
        asked = select(batch_parts.c.batch).where(batch_parts.c.document == document).distinct()
        with self._database.read() as connection:
            return tuple(row[0] for row in connection.execute(asked.order_by(batch_parts.c.batch)))


def clear_batches(connection: Connection) -> None:
    """Drop all of it: the bucket has it."""
    for table in (batch_parts, batch_files, batches):
        connection.execute(delete(table))


def _insert(connection: Connection, table: Table) -> SqliteInsert | PostgresqlInsert:
    return insert_sqlite(table) if connection.dialect.name == "sqlite" else insert_postgresql(table)


def _in(batch_id: str) -> Any:  # noqa: ANN401 - what SQLAlchemy makes of a comparison
    return batch_files.c.batch == batch_id


def _next_number(connection: Connection, batch_id: str) -> int:
    asked = select(func.coalesce(func.max(batch_files.c.number), 0)).where(_in(batch_id))
    return int(connection.execute(asked).scalar_one()) + 1


def _mend(batch_id: str, file: BatchFile, number: int) -> Any:  # noqa: ANN401 - a statement
    """A rejected file of the same name is one that was repaired."""
    same = and_(batch_files.c.dossier == file.dossier, batch_files.c.name == file.name, batch_files.c.number != number)
    rejected = batch_files.c.state == FileState.REJECTED.value
    return update(batch_files).where(_in(batch_id), same, rejected).values(state=FileState.REPAIRED.value)


def _documents(connection: Connection, wanted: Sequence[str]) -> Sequence[Row[Any]]:
    if not wanted:
        return ()
    return connection.execute(select(documents).where(documents.c.id.in_(wanted))).all()


def _load(connection: Connection, batch_id: str, *, lock: bool = False) -> Batch:
    asked = select(batches).where(batches.c.id == batch_id)
    row = connection.execute(asked.with_for_update() if lock else asked).one_or_none()
    if row is None:
        raise NotFoundError(f"no batch {batch_id!r}")
    return batch_of(row)


def _known(connection: Connection, batch_id: str, claim: str) -> BatchFile | None:
    row = connection.execute(select(batch_files).where(_in(batch_id), batch_files.c.claim == claim)).one_or_none()
    return _with_parts(connection, batch_id, row) if row is not None else None


def _with_parts(connection: Connection, batch_id: str, row: Row[Any]) -> BatchFile:
    these = and_(batch_parts.c.batch == batch_id, batch_parts.c.file == row.number)
    found = connection.execute(select(batch_parts).where(these).order_by(batch_parts.c.part))
    return replace(file_of(row), parts=tuple(map(part_of, found)))
