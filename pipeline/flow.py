"""The whole product: the table of contents. No I/O but through ports.

:func:`submit` takes a file in, :func:`split_document` takes it apart, :func:`read_page` reads each page
(steps 1 to 3), :func:`finish_document` puts it together (steps 4 to 7). Each may be repeated, or killed half-way, at
any time without harm: what a step makes stands under a key that the next try finds again. :func:`read_again` sends a
settled document through the same steps; a new revision comes of it only where something that matters reads otherwise.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import archive
from pipeline.comparison import Version, weigh
from pipeline.composition import to_alto
from pipeline.conformity import KeptPicture, RuleSet, shipped_rule_sets
from pipeline.custody.auditing import Auditing
from pipeline.custody.dossier_sheets import DossierSheets
from pipeline.custody.duplicates import Duplicates
from pipeline.custody.gates import Gates
from pipeline.custody.page_ledgers import PageLedgers, mark_sides, pages_of_sides
from pipeline.custody.working_pages import PagesAtHand, WorkingPages
from pipeline.domain.documents import SETTLED, Document, QueueName, Source, Status
from pipeline.domain.errors import RejectedInputError, StageError
from pipeline.domain.findings import Problem
from pipeline.domain.ledger import PageLedger
from pipeline.domain.natures import Nature
from pipeline.domain.pages import PageReading
from pipeline.domain.signatures import Signature
from pipeline.originals import fetch_original
from pipeline.ports import Catalogue, Clock, Dispatcher, ObjectStore
from pipeline.reading import Assessed, assess, compose, conform, unread_page
from pipeline.registers import Registers
from pipeline.reported import ReportedImports
from pipeline.reuse.policies import Policies, shipped_policies
from pipeline.revisions import ACTOR, Revisions, restore_catalogue, sha256_of
from pipeline.rooms import room_in
from pipeline.side_reading import LastAsked, PageReader, SideReading
from pipeline.signing.steps import Signers, Signing


@dataclass(frozen=True, slots=True)
class Wish:
    """On which queue a document is to be read, by which engine (empty: the usual one), of what nature; who scanned it."""

    queue: QueueName
    engine: str = ""
    nature: Nature | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class FlowPorts:
    """All that the flow needs from outside. ``attempts``: how often a step may be begun before it is set aside.

    ``rule_sets`` are what finished files are judged by, ``signers`` sign them, ``policies`` say what ties papers.
    """

    store: ObjectStore
    catalogue: Catalogue
    dispatcher: Dispatcher
    clock: Clock
    reader: PageReader
    scratch: Path
    profile: str = "nd30"
    attempts: int = 3
    rule_sets: tuple[RuleSet, ...] = field(default_factory=shipped_rule_sets)
    signers: Signers = field(default_factory=Signers)
    policies: Policies = field(default_factory=shipped_policies)
    asked: LastAsked = field(default_factory=LastAsked)
    at_hand: PagesAtHand = field(default_factory=PagesAtHand)

    @property
    def signing(self) -> Signing:
        """What is signed, by whom."""
        return Signing(self.revisions, self.signers, self.scratch, self.rule_sets)

    @property
    def revisions(self) -> Revisions:
        """What is written of documents, and where."""
        return Revisions(self.store, self.catalogue, self.clock, self.policies)

    @property
    def auditing(self) -> Auditing:
        """The audit log."""
        return Auditing(self.store, self.catalogue.audit, self.clock)

    @property
    def duplicates(self) -> Duplicates:
        """What finds earlier documents of the same paper."""
        return Duplicates(self.store, self.catalogue)

    @property
    def ledgers(self) -> PageLedgers:
        """The page ledgers."""
        return PageLedgers(self.store)

    @property
    def sides(self) -> SideReading:
        """What reads sides, or takes over what was read of them."""
        return SideReading(self.store, self.reader, self.scratch, self.clock, self.asked)

    @property
    def pages(self) -> WorkingPages:
        """The pages that were read and not yet put together."""
        return WorkingPages(self.store, self.at_hand)

    @property
    def sheets(self) -> DossierSheets:
        """What was declared of dossiers."""
        return DossierSheets(self.store, self.catalogue.audit, self.clock)

    @property
    def registers(self) -> Registers:
        """The lists of the installation."""
        return Registers(self.store, self.catalogue, self.clock)


def submit(  # noqa: PLR0913 - what is handed in, and how
    path: Path, name: str, dossier: str, queue: QueueName, ports: FlowPorts, engine: str = "", *,
    nature: Nature | None = None, by: str = "",
) -> Document:  # fmt: skip
    """Keep the original, enter the document (of ``nature``), ask for it to be read; the same file of a dossier only once.

    ``engine`` reads it, wherever that is; empty for the usual one. ``by`` scanned it. A ``failed`` one is tried again.
    Raises ``UnavailableError``; then nothing was promised, and the call may be repeated.
    """
    document = _receive(path, name, dossier, Wish(queue, engine, nature, by), ports)
    if document.status is Status.FAILED and engine not in {"", document.engine}:
        return read_again(document.id, Wish(queue, engine), ports, reason="handed in again")
    if document.status is Status.FAILED:
        ports.catalogue.forget_pages(document.id)
        document = ports.catalogue.move(
            document.id, Status.RECEIVED, actor=ACTOR, reason="handed in again", at=ports.clock.now()
        )
    return ask_to_read(document, ports)


def refuse(path: Path, name: str, dossier: str, wish: Wish, error: RejectedInputError, ports: FlowPorts) -> Document:
    """Keep and enter a file that could not even become a document, as ``rejected``; the same file only once."""
    document = _receive(path, name, dossier, wish, ports)
    if document.status not in SETTLED:
        _reject(document, error, ports)
    return ports.catalogue.document(document.id)


def read_again(
    document_id: str, wish: Wish, ports: FlowPorts, *, reason: str = "read again", ledger: PageLedger | None = None
) -> Document:
    """Ask for a settled document to be read again from its original; one in work stays as it is.

    With a ``ledger`` its pages become those of it, in a new revision. Its revisions stay. While it is read its status is
    ``reading``; then it is what it was before, or has a new revision.
    """
    document = ports.catalogue.document(document_id)
    if document.status not in SETTLED or document.status is Status.ERASED:
        return document
    if ledger is None:
        ports.revisions.forget_working(document)
    else:
        ports.store.put(archive.ledger_key(document.id, document.reading + 1), archive.render_ledger(ledger))
    now = ports.clock.now()
    document = ports.catalogue.reopen(document_id, engine=wish.engine, queue=wish.queue, actor=ACTOR, reason=reason, at=now)
    return ask_to_read(document, ports)


def ask_to_read(document: Document, ports: FlowPorts) -> Document:
    """Send a document on its way unless nothing is left to do for it; returns it."""
    if document.status not in SETTLED:
        ports.dispatcher.split_document(document.id, document.queue)
        ports.catalogue.touch(document.id, "split", (0,), ports.clock.now())
    return document


def _receive(path: Path, name: str, dossier: str, wish: Wish, ports: FlowPorts) -> Document:
    sha256 = sha256_of(path)
    ports.store.put_once(archive.original_key(sha256), path)
    return receive(Source(name, sha256, path.stat().st_size, ""), dossier, wish, ports)


def receive(source: Source, dossier: str, wish: Wish, ports: FlowPorts) -> Document:
    """Enter a file that the bucket holds; the same one of the same dossier only once."""
    now = ports.clock.now()
    fresh = Document(
        id=f"{now:%Y%m%d}-{secrets.token_hex(6)}", dossier=dossier, source=source, status=Status.RECEIVED,
        queue=wish.queue, received_at=now, engine=wish.engine, scanned_by=wish.by,
    )  # fmt: skip
    document = ports.catalogue.receive(fresh)
    ports.revisions.keep_receipt(document, nature=wish.nature)
    return document


def split_document(document_id: str, ports: FlowPorts) -> None:
    """Look at the file, plan its pages, ask for each to be read; a file at fault becomes ``rejected``.

    From here on its engine is fixed, whatever the usual one of the workers may be that read its pages; what another may have
    read of it before the catalogue was rebuilt is forgotten.
    """
    document = ports.catalogue.document(document_id)
    if document.status in SETTLED:
        return
    with _attempt(document, "split", 0, ports) as allowed:
        if allowed:
            ports.revisions.keep_receipt(document)
            _split(document, ports)


def _split(document: Document, ports: FlowPorts) -> None:
    try:
        source = ports.reader.inspect(original_of(document, ports), document.source.name)
    except RejectedInputError as error:
        _reject(document, error, ports)
        return
    if not document.engine:
        ports.revisions.forget_working(document)
        ports.catalogue.choose_engine(document.id, ports.reader.engine.name)
    ports.catalogue.describe(document.id, source)
    sides = len(ports.ledgers.of(replace(document, source=source)).sides)
    ports.catalogue.plan_pages(document.id, sides)
    ports.catalogue.move(document.id, Status.READING, actor=ACTOR, reason="split", at=ports.clock.now())
    pages = range(1, sides + 1)
    ports.catalogue.touch(document.id, "read", pages, ports.clock.now())
    for page in pages:
        ports.dispatcher.read_page(document.id, page, document.queue)


def read_page(document_id: str, page: int, ports: FlowPorts) -> None:
    """Steps 1 to 3 for one page; asks for the document to be finished when it was the last one."""
    document = ports.catalogue.document(document_id)
    if document.status is not Status.READING:
        return
    if not ports.pages.is_read(document, page):
        _read(document, page, ports)
    if ports.catalogue.settle_page(document.id, page, "read").complete:
        ports.dispatcher.finish_document(document.id, document.queue)
        ports.catalogue.touch(document.id, "finish", (0,), ports.clock.now())


def _read(document: Document, page: int, ports: FlowPorts) -> None:
    tries = ports.catalogue.begin_attempt(document.id, "read", page, ports.clock.now())
    try:
        if tries > ports.attempts:
            result = unread_page(page, "killed_worker", "Trang này làm máy đọc dừng đột ngột. Hãy quét lại trang.")
        else:
            result = ports.sides.read(document, page)
        ports.pages.keep(document, page, result)
    except BaseException:
        ports.catalogue.end_attempt(document.id, "read", page)
        raise


def finish_document(document_id: str, ports: FlowPorts) -> None:
    """Steps 4 to 7: compose, understand, decide, archive a new revision, make it findable."""
    document = ports.catalogue.document(document_id)
    if document.status is not Status.READING or not ports.catalogue.tally(document.id).complete:
        return
    with _attempt(document, "finish", 0, ports) as allowed:
        if allowed:
            _finish(document, ports)
            ports.at_hand.let_go(document.id)


def _finish(document: Document, ports: FlowPorts) -> None:
    ledger = ports.ledgers.of(document)
    sides = tuple(ports.pages.reading(document, side.number) for side in ledger.sides)
    ledger = mark_sides(ledger, sides)
    readings = pages_of_sides(sides, ledger)
    before = ports.revisions.current(document)
    try:
        document = _with_signatures(document, ports)
        earlier = before.earlier if before else None
        made = assess(document.source, readings, received_at=document.received_at, earlier=earlier, procedures=ports.catalogue)
        made, duplicates = ports.duplicates.noted(document, made, readings, before)
        made = Gates(ports.catalogue, ports.clock).hold_back(document.id, made, readings, before)
        if before is not None:
            made, difference = weigh(before, made, readings)
            if not difference.matters and not ports.ledgers.is_changed(document):
                _leave(document, before, ports)
                return
        pdf, signatures, pictures = _compose(document, readings, ledger, made, ports)
    except RejectedInputError as error:
        _reject(document, error, ports, readings)
        return
    except StageError as error:
        fail(document.id, error.message, ports)
        return
    kept = replace(document.source, pages=len(ledger.order))
    record = replace(
        _draft(document, made.status, made.problems, ports),
        findings=made.findings,
        readings=readings,
        pdf=pdf,
        signatures=signatures,
        duplicates=duplicates,
        ledger=ledger,
        conformity=conform(kept, readings, pictures, made.findings, pdf, ports.rule_sets),
        objects=(
            ports.revisions.keep(document, "text.txt", made.text.encode()),
            ports.revisions.keep(document, "alto.xml", to_alto(readings, document.source)),
        ),
    )
    ports.revisions.seal(document, record, made.text)


def _with_signatures(document: Document, ports: FlowPorts) -> Document:
    """The document with what is to be known of the signatures that its file came with."""
    if not document.source.signatures:
        return document
    found = ports.reader.inspect(original_of(document, ports), document.source.name)
    return replace(document, source=replace(document.source, signed=found.signed))


def _draft(document: Document, status: Status, problems: tuple[Problem, ...], ports: FlowPorts) -> archive.Record:
    made_with = ports.reader.made_with(document.engine)
    engine = ports.reader.engine_called(document.engine)
    record = ports.revisions.draft(document, status, problems, engine, profile=ports.profile, made_with=made_with)
    rules = tuple(archive.InputEntry(f"rules {one.code} {one.version}", one.digest) for one in ports.rule_sets)
    return replace(record, inputs=record.inputs + rules)


def _compose(
    document: Document, readings: Sequence[PageReading], ledger: PageLedger, made: Assessed, ports: FlowPorts
) -> tuple[archive.PdfEntry, tuple[Signature, ...], tuple[KeptPicture, ...]]:
    """The PDF, signed before anything that was understood of it is kept, as rules want it."""
    with room_in(ports.scratch, "finish") as folder:
        pdf = folder / "document.pdf"
        pictures = (ports.pages.picture(document, side) for side in ledger.order)
        kept = compose(document.source, readings, pictures, made.findings, received_at=document.received_at, pdf=pdf)
        return *ports.signing.keep_composed(document, pdf), kept


def _leave(document: Document, before: Version, ports: FlowPorts) -> None:
    """Let a document that reads as it did be what it was."""
    status = document.former if document.former in SETTLED - {Status.FAILED} else before.status
    ports.revisions.settle(document, status, "read again: nothing changed", ports.reader.made_with(document.engine))


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
    """Set a document aside as ``failed``, for an operator to see and try again; a settled one stays as it is.

    One that was read again in vain becomes what it was before; the reason stands among its events.
    """
    document = ports.catalogue.document(document_id)
    if document.status in SETTLED:
        return
    if document.former is not None:
        ports.revisions.settle(document, document.former, reason)
        return
    ports.catalogue.move(document_id, Status.FAILED, actor=ACTOR, reason=reason, at=ports.clock.now())


def _reject(document: Document, error: RejectedInputError, ports: FlowPorts, readings: Sequence[PageReading] = ()) -> None:
    problem = Problem(error.code, error.advice or error.message)
    if (before := ports.revisions.current(document)) is not None:
        if before.findings is not None:
            fail(document.id, f"read again, the file was refused: {error.message}", ports)
            return
        if [problem.code for problem in before.problems] == [error.code]:
            _leave(document, before, ports)
            return
    record = _draft(document, Status.REJECTED, (problem,), ports)
    ports.revisions.seal(document, replace(record, readings=tuple(readings)), "")


def original_of(document: Document, ports: FlowPorts) -> Path:
    """The original as a local file, fetched once per machine."""
    return fetch_original(document.source.sha256, ports.store, ports.scratch, ports.clock)


def reindex(ports: FlowPorts) -> int:
    """Rebuild the catalogue from the bucket alone, and count its documents; at the end raises what damages the audit log."""
    try:
        ports.auditing.catch_up()
    except StageError:
        _restore(ports)
        raise
    return _restore(ports)


def _restore(ports: FlowPorts) -> int:
    count = restore_catalogue(ports.store, ports.catalogue, ports.policies)
    ports.registers.restore()
    ReportedImports(ports.store, ports.catalogue, ports.clock).restore()
    return count
