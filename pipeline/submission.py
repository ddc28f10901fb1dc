"""``sohoa submit``: hands files to the workers and, where asked to, waits until each has settled."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pipeline import archive, flow, intake
from pipeline.bootstrap import Services
from pipeline.console import PageProgress
from pipeline.domain.documents import SETTLED, Document, QueueName, Source, Status
from pipeline.domain.errors import RejectedInputError, UnavailableError
from pipeline.rooms import room_in

#: Seconds between two looks at the catalogue while waiting.
LOOK = 0.3

#: Seconds for which a store or catalogue may be away before waiting is given up.
PATIENCE = 120.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a submission: the document it became (``known``: it had been handed in before), or why it did not."""

    name: str
    dossier: str
    document: Document | None = None
    known: bool = False
    error: RejectedInputError | None = None

    @property
    def status(self) -> Status:
        """The status of the document; ``rejected`` where the file did not become one."""
        return self.document.status if self.document else Status.REJECTED


def submit(
    paths: Sequence[Path],
    services: Services,
    queue: QueueName,
    dossier: str | None = None,
    engine: str = "",
    *,
    by: str = "",
) -> Iterable[Entry]:
    """Hand in files, folders and ZIPs, one entry for each file as it is taken; ``dossier`` outweighs folder names.

    ``engine`` reads them, empty for the usual one of the workers; ``by`` is who scanned them.
    Raises ``UnavailableError`` where the store or the catalogue is away; what was taken before stays taken.
    """
    with room_in(services.settings.scratch, "submit") as scratch:
        for submission in intake.gather(paths, services.settings.bounds, scratch):
            home = submission.dossier if dossier is None else dossier
            begun = services.clock.now()
            path, name, error = submission.path, submission.name, submission.error
            if error is None:
                document = flow.submit(path, name, home, queue, services.flow, engine, by=by)
            elif path.is_file() and path.stat().st_size <= services.settings.bounds.max_file_bytes:
                document = flow.refuse(path, name, home, flow.Wish(queue, by=by), error, services.flow)
            else:
                yield Entry(name, home, error=error)
                continue
            yield Entry(name, home, document, known=document.received_at < begun)


def follow(entries: Sequence[Entry], services: Services, progress: PageProgress) -> Iterable[Entry]:
    """Each entry once its document has settled, in the order in which they settle."""
    waiting = {entry.document.id: entry for entry in entries if entry.document}
    counted: dict[str, tuple[int, int]] = {}
    yield from (entry for entry in entries if entry.document is None)
    while waiting:
        for document_id, entry in tuple(waiting.items()):
            document = patiently(lambda wanted=document_id: services.catalogue.document(wanted))  # type: ignore[misc]
            counted[document_id] = _count(document, counted.get(document_id, (0, 0)), services, progress)
            if document.status in SETTLED:
                del waiting[document_id]
                yield Entry(entry.name, entry.dossier, document, entry.known)
        if waiting:
            time.sleep(LOOK)


def _count(document: Document, before: tuple[int, int], services: Services, progress: PageProgress) -> tuple[int, int]:
    """Tell the bar what is new about the pages of a document; returns planned and settled pages as told so far."""
    tally = patiently(lambda: services.catalogue.tally(document.id))
    pages = document.source.pages
    now = (pages, pages) if document.status in SETTLED else (tally.planned, tally.settled)
    if now[0] > before[0]:
        progress.plan(now[0] - before[0])
    if now[1] > before[1]:
        progress.advance(now[1] - before[1], document.source.name)
    return now


def patiently(ask: Callable[[], T]) -> T:
    """The answer of ``ask``, asked again while a server is away; raises ``UnavailableError`` when it stays away."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except UnavailableError:
            if time.monotonic() > deadline:
                raise
            time.sleep(LOOK)


def as_line(entry: Entry, services: Services) -> dict[str, Any]:
    """The record of a settled document as JSON values, or what is known of one that has none."""
    document = entry.document
    record = patiently(lambda: _record_of(document, services)) if document else None
    if record is None:
        record = _without_record(entry, services)
    return {**record, "already": entry.known, "links": _links(document, services) if document else {}}


def _links(document: Document, services: Services) -> dict[str, str]:
    """Where the web page shows the document."""
    page = f"{services.settings.web_address}documents/{document.id}"
    return {"page": page, "pdf": f"{page}/document.pdf"}


def _record_of(document: Document, services: Services) -> dict[str, Any] | None:
    if document.revision == 0 or document.status not in SETTLED:
        return None
    key = archive.revision_key(document.dossier, document.id, document.revision, "record.json")
    record: dict[str, Any] = json.loads(services.store.get(key))
    return record


def _without_record(entry: Entry, services: Services) -> dict[str, Any]:
    document = entry.document
    source = document.source if document else Source(entry.name, "", 0, "")
    problems = []
    if entry.error:
        problems = [_problem(entry.error.code, entry.error.advice or entry.error.message)]
    elif document and document.status is Status.FAILED:
        problems = [_problem("failed", services.catalogue.events(document.id)[-1].reason)]
    return {
        "document": document.id if document else None,
        "dossier": entry.dossier,
        "source": {"name": source.name, "sha256": source.sha256, "bytes": source.bytes, "media_type": source.media_type},
        "status": entry.status.value,
        "problems": problems,
    }


def _problem(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "field": None, "page": None}
