"""``sohoa reread``: reads archived documents again from their originals and tells what today's reading changes.

:func:`preview` reads in processes of its own and changes nothing. :func:`reread` has the workers do it, a few documents at a
time, so that the others stay in use; whatever it was interrupted at, the workers finish, and a repeated run goes on.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

from pipeline import flow
from pipeline.bootstrap import Services
from pipeline.comparison import Difference, compare, weigh
from pipeline.console import PageProgress
from pipeline.custody.foreign_texts import ForeignTexts
from pipeline.custody.gates import Gates
from pipeline.custody.page_ledgers import as_side, pages_of_sides
from pipeline.domain.documents import SETTLED, Document, Status
from pipeline.domain.errors import NotFoundError, RejectedInputError, SohoaError, UnavailableError
from pipeline.domain.foreign import ForeignPage
from pipeline.domain.ledger import PageLedger, Side
from pipeline.domain.pages import PageReading
from pipeline.domain.releases import Released
from pipeline.isolation import PagePool, lost_page, read_here, take_over_here
from pipeline.originals import fetch_original
from pipeline.reading import assess
from pipeline.rereading_desk import UNRESTRAINED, Previews, Restraint, begin, holders_of, preview_of, why_not
from pipeline.side_reading import lay_aside
from pipeline.submission import LOOK, patiently

#: Documents that the workers are given at a time; in the background few, so that whatever comes meanwhile soon has its turn.
IN_WORK, FEW_IN_WORK = 32, 4


class Outcome(StrEnum):
    """How reading a document again ended; ``skipped``: it was not read again, the reason says why."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Rereading:
    """What became of a ``document`` (as it was before); ``revision`` is its newest one now, ``by`` the engine.

    ``made_with`` says by what exactly, of a preview. ``elsewhere``: workers of another edition than the command's have read
    it. ``held_by`` are those whom what changes was released to: they hold values of the reading before.
    """

    document: Document
    outcome: Outcome
    revision: int
    by: str = ""
    difference: Difference | None = None
    reason: str = ""
    elsewhere: bool = False
    held_by: tuple[Released, ...] = ()
    made_with: str = ""


def choose(services: Services, ids: Sequence[str], dossier: str | None) -> Iterator[Document]:
    """The documents of these ids, else all (of one dossier), by id, a handful at a time; raises ``NotFoundError``."""
    if ids:
        yield from tuple(_find(document_id, services) for document_id in dict.fromkeys(ids))
        return
    last = ""
    while found := patiently(partial(services.catalogue.walk, after=last, dossier=dossier)):
        yield from found
        last = found[-1].id
    if dossier is not None and not last:
        raise NotFoundError(
            f"there is no document of a dossier {dossier!r}; the state page lists the dossiers there are",
            advice=f"Không có tài liệu nào của hồ sơ “{dossier}”. Hãy kiểm tra lại mã hồ sơ.",
        )


def _find(document_id: str, services: Services) -> Document:
    try:
        return patiently(partial(services.catalogue.document, document_id))
    except NotFoundError as error:
        raise NotFoundError(
            f"there is no document {document_id!r}; `sohoa submit` and the state page tell the ids",
            advice=f"Không có tài liệu “{document_id}”. Hãy kiểm tra lại mã tài liệu trên trang trạng thái.",
        ) from error


def reread(
    documents: Iterable[Document],
    wish: flow.Wish,
    services: Services,
    progress: PageProgress,
    restraint: Restraint = UNRESTRAINED,
) -> Iterator[Rereading]:
    """Have the workers read them, as far as ``restraint`` lets; each as it is settled."""
    waiting: dict[str, Document] = {}
    made_with = services.flow.reader.made_with(wish.engine)
    most = FEW_IN_WORK if restraint.background else IN_WORK
    for document in documents:
        if spared := patiently(partial(why_not, document, made_with, services.catalogue, restraint)):
            yield Rereading(document, Outcome.SKIPPED, document.revision, reason=spared.told)
            continue
        while restraint.background and _others_wait(waiting, services):
            yield from _settled(waiting, made_with, services, progress)
        progress.plan(document.source.pages)
        patiently(partial(begin, document, wish, services.flow))
        waiting[document.id] = document
        while len(waiting) >= most:
            yield from _settled(waiting, made_with, services, progress)
    while waiting:
        yield from _settled(waiting, made_with, services, progress)


def _others_wait(ours: Mapping[str, Document], services: Services) -> bool:
    """Whether documents are received or being read beside ``ours``."""
    return sum(count for _, count in patiently(services.catalogue.overview).waiting) > len(ours)


def _settled(waiting: dict[str, Document], made_with: str, services: Services, progress: PageProgress) -> Iterator[Rereading]:
    """Those that are settled by now, taken out of ``waiting``; where there are none, a moment passes."""
    done = []
    for before in waiting.values():
        now = patiently(partial(services.catalogue.document, before.id))
        if now.status in SETTLED:
            done.append((before, now))
    for before, now in done:
        del waiting[before.id]
        progress.advance(before.source.pages, before.source.name)
        result = patiently(partial(_result, before, now, services))
        yield replace(result, elsewhere=now.made_with not in {"", made_with})
    if not done:
        time.sleep(LOOK)


def _result(before: Document, now: Document, services: Services) -> Rereading:
    if not now.made_with:
        reason = services.catalogue.events(now.id)[-1].reason
        return Rereading(before, Outcome.FAILED, now.revision, now.engine, reason=reason)
    if now.revision == before.revision:
        return Rereading(before, Outcome.UNCHANGED, now.revision, now.engine)
    revisions = services.flow.revisions
    old = revisions.version(before, before.revision).as_decided(before.status)
    difference = compare(old, revisions.version(now, now.revision))
    held_by = _holders(before, difference, services)
    return Rereading(before, Outcome.CHANGED, now.revision, now.engine, difference, held_by=held_by)


def _holders(document: Document, difference: Difference | None, services: Services) -> tuple[Released, ...]:
    """Who was given values of a document that read otherwise now; nobody where only its text or doubts do."""
    changed = difference is not None and difference.decides_otherwise
    return patiently(partial(holders_of, document, services.catalogue, values_change=changed))


def preview(
    documents: Iterable[Document],
    engine: str,
    services: Services,
    pool: PagePool,
    progress: PageProgress,
    restraint: Restraint = UNRESTRAINED,
) -> Iterator[Rereading]:
    """Read them in ``pool`` and keep nothing; each in its turn. ``restraint`` as for :func:`reread`."""
    reader = _Preview(engine, services, pool, progress, restraint)
    coming: deque[Future[Rereading]] = deque()
    with ThreadPoolExecutor(pool.jobs + 1, thread_name_prefix="preview") as threads:
        try:
            for document in documents:
                coming.append(threads.submit(reader.result, document))
                if len(coming) > 2 * pool.jobs:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()
        finally:
            reader.stopped = True
            threads.shutdown(wait=False, cancel_futures=True)


def keep_previews(results: Iterable[Rereading], services: Services) -> Iterator[Rereading]:
    """The results of :func:`preview` as they come; those that would change something wait for people from then on."""
    previews = Previews(services.flow.store, services.flow.clock)
    for result in results:
        document, difference = result.document, result.difference
        if result.outcome is Outcome.CHANGED and difference is not None:
            found = preview_of(document, difference, result.by, result.made_with, services.flow.clock.now())
            patiently(partial(previews.keep, found))
        elif result.outcome is Outcome.UNCHANGED:
            patiently(partial(previews.forget, document.id))
        yield result


class _Preview:
    """Reads documents without a trace. Once it is ``stopped``, no further page is begun."""

    def __init__(self, engine: str, services: Services, pool: PagePool, progress: PageProgress, restraint: Restraint) -> None:
        self._engine = engine
        self._services = services
        self._pool = pool
        self._progress = progress
        self._restraint = restraint
        self.stopped = False
        self._by = pool.engine_called(engine).name
        self._made_with = pool.made_with(engine)

    def result(self, document: Document) -> Rereading:
        """What a reading today would change; raises ``UnavailableError`` where a server or the engine is away."""
        if spared := why_not(document, self._made_with, self._services.catalogue, self._restraint):
            return Rereading(document, Outcome.SKIPPED, document.revision, reason=spared.told)
        self._progress.plan(document.source.pages)
        try:
            difference = self._difference(document)
        except UnavailableError:
            raise
        except SohoaError as error:
            return Rereading(document, Outcome.FAILED, document.revision, self._by, reason=error.message)
        outcome = Outcome.CHANGED if difference and difference.matters else Outcome.UNCHANGED
        if outcome is Outcome.UNCHANGED:
            return Rereading(document, outcome, document.revision, self._by)
        held_by = _holders(document, difference, self._services)
        made_with = self._made_with
        return Rereading(document, outcome, document.revision, self._by, difference, held_by=held_by, made_with=made_with)

    def _difference(self, document: Document) -> Difference | None:
        """None where the file is refused as it was before."""
        before = self._services.flow.revisions.current(document)
        assert before is not None
        ports = self._services.flow
        path = flow.original_of(document, ports)
        ledger = ports.ledgers.current(document)
        try:
            source = self._pool.inspect(path, document.source.name)
            pages = pages_of_sides(self._read(document, source.media_type, ledger), ledger)
            listed = self._services.catalogue
            made = assess(source, pages, received_at=document.received_at, earlier=before.earlier, procedures=listed)
            made, _ = ports.duplicates.noted(document, made, pages, before, preview=True)
            made = Gates(listed, ports.clock).hold_back(document.id, made, pages, before, preview=True)
        except RejectedInputError as error:
            if before.status is Status.REJECTED and [problem.code for problem in before.problems] == [error.code]:
                return None
            raise
        return weigh(before, made, pages)[1]

    def _read(self, document: Document, media_type: str, ledger: PageLedger) -> tuple[PageReading, ...]:
        """All sides, as many at once as the pool has children; what is laid between papers is not read, as in the flow."""
        futures: deque[tuple[int, Future[PageReading]]] = deque()
        pages: list[PageReading] = []
        for side in ledger.sides:
            if self.stopped:
                raise UnavailableError("the preview was stopped")
            if ledger.is_laid_between(side.number):
                pages.append(lay_aside(side).reading)
                self._progress.advance(1, document.source.name)
                continue
            futures.append((side.number, self._begin(side, side.media_type or media_type)))
            if len(futures) >= self._pool.jobs:
                pages.append(self._page(*futures.popleft(), document))
        pages += [self._page(*waiting, document) for waiting in futures]
        return tuple(pages)

    def _begin(self, side: Side, kind: str) -> Future[PageReading]:
        """The side, read or taken over in a child."""
        ports = self._services.flow
        path = fetch_original(side.file, ports.store, ports.scratch, ports.clock)
        told = ForeignTexts(ports.store).taken_over(side.file)
        if told is not None and (page := told.page(side.page)) is not None:
            return self._pool.submit(_take_over_text, path, kind, page, told.source, side.upright)
        return self._pool.submit(_read_text, path, kind, side.page, self._engine, side.upright)

    def _page(self, number: int, future: Future[PageReading], document: Document) -> PageReading:
        error = future.exception()
        self._progress.advance(1, document.source.name)
        return as_side(future.result() if error is None else lost_page(error, number).reading, number)


def _take_over_text(path: Path, media_type: str, page: ForeignPage, source: str, upright: int | None) -> PageReading:
    """Take over a page in a child; its picture is not wanted."""
    return take_over_here(path, media_type, page, source, upright).reading


def _read_text(path: Path, media_type: str, number: int, engine: str, upright: int | None) -> PageReading:
    """Read a page in a child; its picture is not wanted."""
    return read_here(path, media_type, number, engine, upright).reading
