"""What the ledger says is unfinished and that nobody is at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, literal, or_, select

from pipeline.domain.documents import QueueName, Status
from pipeline.ports import PendingWork
from storage.tables import attempts, documents, pages

#: The statuses in which workers have something left to do.
UNFINISHED = (Status.RECEIVED.value, Status.READING.value)

_RECEIVED, _READING = (documents.c.status == status for status in UNFINISHED)
_PLANNED = exists().where(pages.c.document == documents.c.id)
_UNSETTLED = exists().where(and_(pages.c.document == documents.c.id, pages.c.outcome.is_(None)))


def is_step(document_id: str | ColumnElement[str], step: str, page: int | ColumnElement[int]) -> ColumnElement[bool]:
    """The condition that a row of ``attempts`` is about this step."""
    return and_(attempts.c.document == document_id, attempts.c.step == step, attempts.c.page == page)


def find_pending(connection: Connection, idle_since: datetime, limit: int) -> tuple[PendingWork, ...]:
    """At most ``limit`` steps neither sent nor begun since ``idle_since``, station work first, then the oldest documents."""
    found: list[tuple[bool, datetime, str, int, str]] = []
    for step, asked in _steps():
        idle = or_(attempts.c.at.is_(None), attempts.c.at < idle_since)
        order = (documents.c.queue == QueueName.STATION.value).desc(), documents.c.received_at, documents.c.id, "page"
        for row in connection.execute(asked.where(idle).order_by(*order).limit(limit)):
            found.append((row.queue != QueueName.STATION.value, row.received_at, row.id, row.page, step))
    found.sort()
    queues = {False: QueueName.STATION, True: QueueName.BATCH}
    return tuple(PendingWork(document, step, page, queues[batch]) for batch, _, document, page, step in found[:limit])


def _steps() -> tuple[tuple[str, Select[tuple[object, ...]]], ...]:
    nothing = literal(0).label("page")
    return (
        ("split", _select("split", nothing).where(or_(_RECEIVED, and_(_READING, ~_PLANNED)))),
        ("finish", _select("finish", nothing).where(and_(_READING, _PLANNED, ~_UNSETTLED))),
        (
            "read",
            _select("read", pages.c.page)
            .join(pages, pages.c.document == documents.c.id)
            .outerjoin(attempts, is_step(documents.c.id, "read", pages.c.page))
            .where(and_(_READING, pages.c.outcome.is_(None))),
        ),
    )


def _select(step: str, page: ColumnElement[int]) -> Select[tuple[object, ...]]:
    asked = select(documents.c.id, page, documents.c.queue, documents.c.received_at).select_from(documents)
    return asked if step == "read" else asked.outerjoin(attempts, is_step(documents.c.id, step, 0))
