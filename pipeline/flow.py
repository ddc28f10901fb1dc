"""The whole product: the table of contents. No I/O but through ports.

:func:`submit` takes a file in, :func:`split_document` takes it apart, :func:`read_page` reads each page
(steps 1 to 3), :func:`finish_document` puts it together (steps 4 to 7). Each may be repeated, or killed half-way, at
any time without harm: what a step makes stands under a key that the next try finds again.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from pipeline import archive
from pipeline.domain.documents import SETTLED, Document, QueueName, Source, Status
from pipeline.domain.errors import RejectedInputError, StageError
from pipeline.domain.findings import Problem
from pipeline.domain.pages import PagePicture, PageReading
from pipeline.ports import Catalogue, Clock, Dispatcher, EngineInfo, ObjectStore
from pipeline.reading import ReadPage, put_together, unread_page
from pipeline.revisions import ACTOR, Revisions, restore_catalogue, sha256_of

#: How long a local copy of an original is kept on a machine that reads pages.
KEPT_HERE = timedelta(hours=6)


class PageReader(Protocol):
    """Opens files and reads pages where a hostile one can do no harm: in killable processes with bounds."""

    @property
    def engine(self) -> EngineInfo:
        """The engine behind it."""

    def inspect(self, path: Path, name: str) -> Source:
        """What the file is; raises ``RejectedInputError``."""

    def read(self, path: Path, media_type: str, number: int) -> ReadPage:
        """The page; an unread one where it took too long or killed its process."""


@dataclass(frozen=True, slots=True)
class FlowPorts:
    """All that the flow needs from outside. ``attempts``: how often a step may be begun before it is set aside."""

    store: ObjectStore
    catalogue: Catalogue
    dispatcher: Dispatcher
    clock: Clock
    reader: PageReader
    scratch: Path
    profile: str = "nd30"
    attempts: int = 3

    @property
    def revisions(self) -> Revisions:
        """What is written of documents, and where."""
        return Revisions(self.store, self.catalogue, self.clock)


def submit(path: Path, name: str, dossier: str, queue: QueueName, ports: FlowPorts) -> Document:
    """Keep the original, enter the document, ask for it to be read; the same file of the same dossier only once.

    A document that had ``failed`` is tried again. Raises ``UnavailableError``; then nothing was promised, and the call
    may be repeated.
    """
    document = _receive(path, name, dossier, queue, ports)
    if document.status is Status.FAILED:
        ports.catalogue.forget_pages(document.id)
        document = ports.catalogue.move(
            document.id, Status.RECEIVED, actor=ACTOR, reason="handed in again", at=ports.clock.now()
        )
    if document.status not in SETTLED:
        ports.dispatcher.split_document(document.id, document.queue)
        ports.catalogue.touch(document.id, "split", 0, ports.clock.now())
    return document


def refuse(path: Path, name: str, dossier: str, queue: QueueName, error: RejectedInputError, ports: FlowPorts) -> Document:
    """Keep and enter a file that could not even become a document, as ``rejected``; the same file only once."""
    document = _receive(path, name, dossier, queue, ports)
    if document.status not in SETTLED:
        _reject(document, error, ports)
    return ports.catalogue.document(document.id)


def _receive(path: Path, name: str, dossier: str, queue: QueueName, ports: FlowPorts) -> Document:
    sha256 = sha256_of(path)
    ports.store.put_once(archive.original_key(sha256), path)
    fresh = Document(
        id=f"{ports.clock.now():%Y%m%d}-{secrets.token_hex(6)}",
        dossier=dossier,
        source=Source(name=name, sha256=sha256, bytes=path.stat().st_size, media_type=""),
        status=Status.RECEIVED,
        queue=queue,
        received_at=ports.clock.now(),
    )
    document = ports.catalogue.receive(fresh)
    ports.revisions.keep_receipt(document)
    return document


def split_document(document_id: str, ports: FlowPorts) -> None:
    """Look at the file, plan its pages, ask for each to be read; a file at fault becomes ``rejected``."""
    document = ports.catalogue.document(document_id)
    if document.status in SETTLED:
        return
    with _attempt(document, "split", 0, ports) as allowed:
        if allowed:
            ports.revisions.keep_receipt(document)
            _split(document, ports)


def _split(document: Document, ports: FlowPorts) -> None:
    try:
        source = ports.reader.inspect(_original(document, ports), document.source.name)
    except RejectedInputError as error:
        _reject(document, error, ports)
        return
    ports.catalogue.describe(document.id, source)
    ports.catalogue.plan_pages(document.id, source.pages)
    ports.catalogue.move(document.id, Status.READING, actor=ACTOR, reason="split", at=ports.clock.now())
    for page in range(1, source.pages + 1):
        ports.dispatcher.read_page(document.id, page, document.queue)
        ports.catalogue.touch(document.id, "read", page, ports.clock.now())


def read_page(document_id: str, page: int, ports: FlowPorts) -> None:
    """Steps 1 to 3 for one page; asks for the document to be finished when it was the last one."""
    document = ports.catalogue.document(document_id)
    if document.status is not Status.READING:
        return
    key = archive.reading_key(document.id, document.revision + 1, page)
    if ports.store.stat(key) is None:
        _read(document, page, ports)
    if ports.catalogue.settle_page(document.id, page, "read").complete:
        ports.dispatcher.finish_document(document.id, document.queue)
        ports.catalogue.touch(document.id, "finish", 0, ports.clock.now())


def _read(document: Document, page: int, ports: FlowPorts) -> None:
    revision = document.revision + 1
    tries = ports.catalogue.begin_attempt(document.id, "read", page, ports.clock.now())
    try:
        if tries > ports.attempts:
            result = unread_page(page, "killed_worker", "Trang này làm máy đọc dừng đột ngột. Hãy quét lại trang.")
        else:
            result = ports.reader.read(_original(document, ports), document.source.media_type, page)
        ports.store.put(archive.picture_key(document.id, revision, page), archive.encode_picture(result.picture))
        ports.store.put(archive.reading_key(document.id, revision, page), archive.encode_reading(result.reading))
    finally:
        ports.catalogue.end_attempt(document.id, "read", page)


def finish_document(document_id: str, ports: FlowPorts) -> None:
    """Steps 4 to 7: compose, understand, decide, archive a new revision, make it findable."""
    document = ports.catalogue.document(document_id)
    if document.status is not Status.READING or not ports.catalogue.tally(document.id).complete:
        return
    with _attempt(document, "finish", 0, ports) as allowed:
        if allowed:
            _finish(document, ports)


def _finish(document: Document, ports: FlowPorts) -> None:
    revision = document.revision + 1
    readings = tuple(
        archive.decode_reading(ports.store.get(archive.reading_key(document.id, revision, page)))
        for page in range(1, document.source.pages + 1)
    )
    with tempfile.TemporaryDirectory(dir=ports.scratch) as folder:
        pdf = Path(folder) / "document.pdf"
        pictures = _pictures(document, revision, ports)
        try:
            made = put_together(document.source, readings, pictures, received_at=document.received_at, pdf=pdf)
        except RejectedInputError as error:
            _reject(document, error, ports, readings)
            return
        except StageError as error:
            fail(document.id, error.message, ports)
            return
        kept = ports.revisions.keep(document, "document.pdf", pdf)
    record = replace(
        ports.revisions.draft(document, made.status, made.problems, ports.reader.engine, ports.profile),
        findings=made.findings,
        readings=readings,
        pdf=archive.PdfEntry(kept.name, kept.sha256, kept.bytes),
        objects=(
            ports.revisions.keep(document, "text.txt", made.text.encode()),
            ports.revisions.keep(document, "alto.xml", made.alto),
        ),
    )
    ports.revisions.seal(document, record, made.text)


def _pictures(document: Document, revision: int, ports: FlowPorts) -> Iterator[PagePicture]:
    for page in range(1, document.source.pages + 1):
        yield archive.decode_picture(ports.store.get(archive.picture_key(document.id, revision, page)))


@contextmanager
def _attempt(document: Document, step: str, page: int, ports: FlowPorts) -> Iterator[bool]:
    """Count one more try; a step begun too often, without ever ending, makes the document ``failed``: not allowed."""
    allowed = ports.catalogue.begin_attempt(document.id, step, page, ports.clock.now()) <= ports.attempts
    if not allowed:
        fail(document.id, f"{step} was begun {ports.attempts} times and never ended; see the workers' logs", ports)
    try:
        yield allowed
    finally:
        ports.catalogue.end_attempt(document.id, step, page)


def fail(document_id: str, reason: str, ports: FlowPorts) -> None:
    """Set a document aside as ``failed``, for an operator to see and try again; a settled one stays as it is."""
    if ports.catalogue.document(document_id).status not in SETTLED:
        ports.catalogue.move(document_id, Status.FAILED, actor=ACTOR, reason=reason, at=ports.clock.now())


def _reject(document: Document, error: RejectedInputError, ports: FlowPorts, readings: Sequence[PageReading] = ()) -> None:
    problem = Problem(error.code, error.advice or error.message)
    record = ports.revisions.draft(document, Status.REJECTED, (problem,), ports.reader.engine, ports.profile)
    ports.revisions.seal(document, replace(record, readings=tuple(readings)), "")


def _original(document: Document, ports: FlowPorts) -> Path:
    """The original as a local file, fetched once per machine; whole or not there at all."""
    folder = ports.scratch / "originals"
    path = folder / document.source.sha256
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _forget_old(folder, ports.clock.now() - KEPT_HERE)
        ports.store.fetch(archive.original_key(document.source.sha256), path)
    return path


def _forget_old(folder: Path, before: datetime) -> None:
    """Remove local copies fetched before that time; a page that still wants one fetches it again."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                path.unlink()


def reindex(ports: FlowPorts) -> int:
    """Rebuild the catalogue from the bucket alone; returns how many documents it now holds."""
    return restore_catalogue(ports.store, ports.catalogue)
