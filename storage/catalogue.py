"""The catalogue in SQL: ledger of work and index of the bucket, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, and_, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from pipeline.domain.audit import details_of
from pipeline.domain.documents import SETTLED, TRANSITIONS, Document, Event, QueueName, Source, Status
from pipeline.domain.errors import NotFoundError
from pipeline.domain.procedures import Procedure
from pipeline.ports import Hit, IndexEntry, Narrowing, Overview, PageTally, PendingWork
from storage.audit_log import SqlAuditLog, note_status, status_events
from storage.batches import SqlBatches, clear_batches
from storage.clients import SqlAnswers, SqlClients, SqlUploads
from storage.database import Database
from storage.document_rows import claim_of, document_of, values_of
from storage.dossier_numbers import SqlDossierNumbers
from storage.figures import SqlFigures, clear_figures, forget_tally
from storage.holdings import SqlHoldings, clear_holdings, forget_holdings
from storage.likenesses import SqlLikenesses
from storage.likenesses import forget as forget_likeness
from storage.listed_procedures import forget_procedures, held_number, load_procedures, store_procedures
from storage.outbox import SqlOutbox, tell_settled
from storage.pending_work import UNFINISHED, find_pending, is_step
from storage.people import SqlPeople
from storage.releases import SqlReleases, SqlRights, clear_rights
from storage.reviews import SqlReviews, clear_reviews, forget_review
from storage.scopes import within
from storage.search_index import find, store_entry
from storage.tables import attempts, bands, documents, duplicates, entries, passages
from storage.tables import pages as planned_pages


class SqlCatalogue:
    """A ``Catalogue`` in the database of ``url``, contacted and brought up to date when first used.

    ``sqlite://`` keeps everything in memory: the very same catalogue, for tests. Safe from many threads and processes; a
    fork makes connections of its own. Every method raises ``UnavailableError`` where the database is away.
    """

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self.audit = SqlAuditLog(self._database)
        self.likenesses = SqlLikenesses(self._database)
        self.people = SqlPeople(self._database)
        self.reviews = SqlReviews(self._database)
        self.figures = SqlFigures(self._database)
        self.numbers = SqlDossierNumbers(self._database)
        self.batches = SqlBatches(self._database)
        self.clients = SqlClients(self._database)
        self.answers = SqlAnswers(self._database)
        self.uploads = SqlUploads(self._database)
        self.holdings = SqlHoldings(self._database)
        self.rights = SqlRights(self._database)
        self.releases = SqlReleases(self._database, self.rights)
        self.outbox = SqlOutbox(self._database)

    def close(self) -> None:
        """Let go of all connections; the next call opens new ones."""
        self._database.close()

    def receive(self, document: Document, *, part: str = "") -> Document:
        """Enter ``document``; where the same dossier already holds the same ``part`` of this sha256, return that one."""
        claim = claim_of(document, part)
        with self._database.write() as connection:
            row = values_of(document) | {"claim": claim}
            entered = connection.execute(_insert(connection, documents).values(row).on_conflict_do_nothing()).rowcount
            kept = document_of(connection.execute(select(documents).where(documents.c.claim == claim)).one())
            if entered:
                told = details_of(dossier=kept.dossier, sha256=kept.source.sha256)
                event = Event(kept.id, kept.received_at, "intake", None, kept.status, "received")
                note_status(connection, event, told)
            return kept

    def document(self, document_id: str) -> Document:
        """The document; raises ``NotFoundError``."""
        with self._database.read() as connection:
            return _load(connection, document_id)

    def documents(
        self,
        *,
        dossier: str | None = None,
        status: Status | None = None,
        limit: int = 100,
        offices: Sequence[str] | None = None,
    ) -> tuple[Document, ...]:
        """Documents, newest first; where ``offices`` are named, of those alone."""
        asked = select(documents).order_by(documents.c.received_at.desc(), documents.c.id.desc()).limit(limit)
        if dossier is not None:
            asked = asked.where(documents.c.dossier == dossier)
        if status is not None:
            asked = asked.where(documents.c.status == status.value)
        if offices is not None:
            asked = asked.where(within(documents.c.dossier, offices))
        with self._database.read() as connection:
            return tuple(document_of(row) for row in connection.execute(asked))

    def walk(
        self, *, after: str = "", dossier: str | None = None, limit: int = 500, offices: Sequence[str] | None = None
    ) -> tuple[Document, ...]:
        """The next documents whose ids come behind ``after``, by id: all there are, a handful at a time.

        Where ``offices`` (agency codes) are named, of those alone.
        """
        asked = select(documents).where(documents.c.id > after).order_by(documents.c.id).limit(limit)
        if dossier is not None:
            asked = asked.where(documents.c.dossier == dossier)
        if offices is not None:
            asked = asked.where(within(documents.c.dossier, offices))
        with self._database.read() as connection:
            return tuple(document_of(row) for row in connection.execute(asked))

    def move(self, document_id: str, after: Status, *, actor: str, reason: str, at: datetime) -> Document:
        """Change the status and write the event; the same status again is no event.

        A document that becomes settled takes over revision and type of what was indexed for it. Raises ``ValueError``
        where ``TRANSITIONS`` does not allow the change.
        """
        with self._database.write() as connection:
            document = _load(connection, document_id, lock=True)
            if document.status is after:
                return document
            if after not in TRANSITIONS[document.status]:
                raise ValueError(f"document {document_id} is {document.status} and cannot become {after}")
            connection.execute(update(documents).where(documents.c.id == document_id).values(status=after.value))
            if after in SETTLED:
                _adopt_revision(connection, document_id)
                connection.execute(update(documents).where(documents.c.id == document_id).values(former=""))
            now = _load(connection, document_id)
            details = _state(connection, now) if after in SETTLED else ""
            note_status(connection, Event(document_id, at, actor, document.status, after, reason), details)
            tell_settled(connection, now)
            return now

    def reopen(self, document_id: str, *, engine: str, queue: QueueName, actor: str, reason: str, at: datetime) -> Document:
        """Make a settled document ``reading`` again, by ``engine`` and without any page done; one in work stays as it is.

        Its ``former`` is its status until now, until it is settled again; its ``reading`` is one more.
        """
        with self._database.write() as connection:
            document = _load(connection, document_id, lock=True)
            if document.status not in SETTLED:
                return document
            for table in (planned_pages, attempts):
                connection.execute(delete(table).where(table.c.document == document_id))
            begun = {
                "status": Status.READING.value,
                "former": document.status.value,
                "engine": engine,
                "queue": queue.value,
                "reading": document.reading + 1,
                "made_with": "",
            }
            connection.execute(update(documents).where(documents.c.id == document_id).values(begun))
            note_status(connection, Event(document_id, at, actor, document.status, Status.READING, reason))
            return _load(connection, document_id)

    def choose_engine(self, document_id: str, engine: str) -> None:
        """Note which engine reads the document."""
        self._set(document_id, {"engine": engine})

    def note_reading(self, document_id: str, made_with: str) -> None:
        """Note what has read the document (``Document.made_with``)."""
        self._set(document_id, {"made_with": made_with})

    def events(self, document_id: str) -> tuple[Event, ...]:
        """All events of a document, oldest first."""
        with self._database.read() as connection:
            return status_events(connection, document_id)

    def describe(self, document_id: str, source: Source) -> None:
        """Fill in what splitting found out of the source: pages, media type, signatures."""
        self._set(document_id, {"pages": source.pages, "media_type": source.media_type, "signatures": source.signatures})

    def plan_pages(self, document_id: str, count: int) -> None:
        """Enter pages 1..count as unsettled; pages already entered stay as they are."""
        if count < 1:
            return
        with self._database.write() as connection:
            rows = [{"document": document_id, "page": page} for page in range(1, count + 1)]
            connection.execute(_insert(connection, planned_pages).on_conflict_do_nothing(), rows)

    def settle_page(self, document_id: str, page: int, outcome: str) -> PageTally:
        """Mark a planned page done (``read`` or ``unread``); the first outcome stands; and count. Its try ends with it.

        Where several settle the last pages at once, at least one of them sees the complete count.
        """
        with self._database.write() as connection:
            _load(connection, document_id, lock=True)
            this = and_(
                planned_pages.c.document == document_id, planned_pages.c.page == page, planned_pages.c.outcome.is_(None)
            )
            connection.execute(update(planned_pages).where(this).values(outcome=outcome))
            _end_attempt(connection, document_id, "read", page)
            return _tally(connection, document_id)

    def tally(self, document_id: str) -> PageTally:
        """How many pages are planned and settled."""
        with self._database.read() as connection:
            return _tally(connection, document_id)

    def forget_pages(self, document_id: str) -> None:
        """Drop the page plan and all attempts, before a new reading."""
        with self._database.write() as connection:
            for table in (planned_pages, attempts):
                connection.execute(delete(table).where(table.c.document == document_id))

    def begin_attempt(self, document_id: str, step: str, page: int, at: datetime) -> int:
        """Count one more try of a step **before** it starts, so that a killed try counts; returns how many there have been."""
        with self._database.write() as connection:
            row = {"document": document_id, "step": step, "page": page, "count": 1, "at": at}
            put = _insert(connection, attempts).values(row)
            put = put.on_conflict_do_update(
                index_elements=list(attempts.primary_key), set_={"count": attempts.c.count + 1, "at": at}
            )
            return int(connection.execute(put.returning(attempts.c.count)).scalar_one())

    def end_attempt(self, document_id: str, step: str, page: int) -> None:
        """Take one try off the count: it ended, well or not, without taking its worker along. Never below 0."""
        with self._database.write() as connection:
            _end_attempt(connection, document_id, step, page)

    def touch(self, document_id: str, step: str, pages: Sequence[int], at: datetime) -> None:
        """Note that messages for this step are sent just now, so that the sweeper leaves it alone for a while."""
        rows = [{"document": document_id, "step": step, "page": page, "count": 0, "at": at} for page in pages]
        if not rows:
            return
        with self._database.write() as connection:
            put = _insert(connection, attempts)
            latest = {"at": put.excluded.at}
            connection.execute(put.on_conflict_do_update(index_elements=list(attempts.primary_key), set_=latest), rows)

    def pending(self, *, idle_since: datetime, limit: int = 500) -> tuple[PendingWork, ...]:
        """Unfinished steps neither sent nor begun since ``idle_since``, station work first, then the oldest documents.

        For received documents ``split``; for reading ones every unsettled page, or ``finish`` where all are settled; a
        reading document without a plan is to be split again.
        """
        with self._database.read() as connection:
            return find_pending(connection, idle_since, limit)

    def index(self, entry: IndexEntry) -> None:
        """Make a revision findable, replacing older ones of the same document; a newer one stays.

        A settled document takes over its revision and type at once, as when nothing but a signature was added.
        """
        with self._database.write() as connection:
            store_entry(connection, entry)
            of_it = select(documents.c.status).where(documents.c.id == entry.document)
            if connection.execute(of_it).scalar_one_or_none() in SETTLED:
                _adopt_revision(connection, entry.document)
                tell_settled(connection, _load(connection, entry.document), revised=True)

    def search(
        self, query: str, *, limit: int = 20, offices: Sequence[str] | None = None, narrowed: Narrowing | None = None
    ) -> tuple[Hit, ...]:
        """Full text among documents of ``offices`` and as ``narrowed``; an empty query finds what it is narrowed to."""
        with self._database.read() as connection:
            return find(connection, query, limit, offices, narrowed)

    def overview(self) -> Overview:
        """Counts for the state page: all documents by status, pages of those in reading, unfinished documents by queue."""
        reading = documents.c.status == Status.READING.value
        of_reading = select(func.count(), func.count(planned_pages.c.outcome)).join_from(
            planned_pages, documents, and_(documents.c.id == planned_pages.c.document, reading)
        )
        by_status = select(documents.c.status, func.count()).group_by(documents.c.status)
        by_queue = (
            select(documents.c.queue, func.count()).where(documents.c.status.in_(UNFINISHED)).group_by(documents.c.queue)
        )
        with self._database.read() as connection:
            statuses = {Status(status): count for status, count in connection.execute(by_status)}
            queues = {QueueName(queue): count for queue, count in connection.execute(by_queue)}
            planned, settled = connection.execute(of_reading).one()
        return Overview(
            by_status=tuple((status, statuses.get(status, 0)) for status in Status),
            pages_planned=planned,
            pages_settled=settled,
            waiting=tuple((queue, queues.get(queue, 0)) for queue in QueueName),
        )

    def restore(self, document: Document, *, pages: int = 0, part: str = "") -> None:
        """Enter a document as found in the bucket, ``pages`` of it settled, replacing what is there under its id.

        Of an erased one nothing else stays; its file may come in again.
        """
        claim = claim_of(document, part) if document.status is not Status.ERASED else None
        with self._database.write() as connection:
            if document.status is Status.ERASED:
                forget_likeness(connection, document.id)
                forget_holdings(connection, document.id)
                forget_review(connection, document.id)
                forget_tally(connection, document.id)
                for table in (passages, entries, attempts, planned_pages):
                    connection.execute(delete(table).where(table.c.document == document.id))
            connection.execute(delete(documents).where(documents.c.id == document.id))
            row = values_of(document) | {"claim": claim}
            put = _insert(connection, documents)
            if connection.execute(put.values(row).on_conflict_do_nothing()).rowcount == 0:
                connection.execute(insert(documents).values(row | {"claim": None}))
            if pages:
                done = [{"document": document.id, "page": page, "outcome": "read"} for page in range(1, pages + 1)]
                connection.execute(_insert(connection, planned_pages).on_conflict_do_nothing(), done)

    def clear(self) -> None:
        """Forget everything that can be rebuilt from the bucket; events and people stay: they stand nowhere else."""
        with self._database.write() as connection:
            for table in (passages, entries, bands, duplicates, attempts, planned_pages, documents):
                connection.execute(delete(table))
            forget_procedures(connection)
            clear_reviews(connection)
            clear_holdings(connection)
            clear_rights(connection)
            clear_batches(connection)
            clear_figures(connection)

    def procedures(self) -> tuple[Procedure, ...]:
        """All administrative procedures known, by code, those withdrawn included; none where no list was imported."""
        with self._database.read() as connection:
            return load_procedures(connection)

    def procedures_held(self) -> int:
        """The number of the bucket's list of procedures that the catalogue holds; 0 where it holds none."""
        with self._database.read() as connection:
            return held_number(connection)

    def keep_procedures(self, number: int, procedures: Sequence[Procedure]) -> None:
        """Hold the bucket's ``number``-th list of procedures in the place of an older one; a newer one stays."""
        with self._database.write() as connection:
            store_procedures(connection, number, procedures)

    def _set(self, document_id: str, values: dict[str, str | int]) -> None:
        with self._database.write() as connection:
            changed = connection.execute(update(documents).where(documents.c.id == document_id).values(values)).rowcount
            _require(changed, document_id)


def _insert(connection: Connection, table: Table) -> SqliteInsert | PostgresqlInsert:
    return insert_sqlite(table) if connection.dialect.name == "sqlite" else insert_postgresql(table)


def _end_attempt(connection: Connection, document_id: str, step: str, page: int) -> None:
    this = and_(is_step(document_id, step, page), attempts.c.count > 0)
    connection.execute(update(attempts).where(this).values(count=attempts.c.count - 1))


def _load(connection: Connection, document_id: str, *, lock: bool = False) -> Document:
    asked = select(documents).where(documents.c.id == document_id)
    row = connection.execute(asked.with_for_update() if lock else asked).one_or_none()
    _require(row is not None, document_id)
    assert row is not None
    return document_of(row)


def _require(found: object, document_id: str) -> None:
    if not found:
        raise NotFoundError(f"no document {document_id!r}")


def _adopt_revision(connection: Connection, document_id: str) -> None:
    entry = connection.execute(
        select(entries.c.revision, entries.c.type).where(entries.c.document == document_id)
    ).one_or_none()
    if entry is not None:
        adopted = {"revision": entry.revision, "type": entry.type}
        connection.execute(update(documents).where(documents.c.id == document_id).values(adopted))


def _state(connection: Connection, document: Document) -> str:
    """What the audit log keeps of a settled document: enough, with the bucket, to enter it again as it is."""
    sealed = connection.execute(select(entries.c.record_sha256).where(entries.c.document == document.id)).scalar_one_or_none()
    return details_of(
        revision=document.revision or None,
        record_sha256=sealed,
        queue=document.queue.value,
        engine=document.engine,
        reading=document.reading,
        made_with=document.made_with,
    )


def _tally(connection: Connection, document_id: str) -> PageTally:
    counted = select(func.count(), func.count(planned_pages.c.outcome)).where(planned_pages.c.document == document_id)
    planned, settled = connection.execute(counted).one()
    return PageTally(planned, settled)
