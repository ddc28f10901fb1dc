"""Pages put right by an operator: a new revision with other pages, turned, in another order, and the history of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline import archive
from pipeline.custody.carried_pages import Origin
from pipeline.domain.audit import Action
from pipeline.domain.documents import SETTLED, Document, QueueName, Status
from pipeline.domain.errors import NotEntitledError
from pipeline.domain.ledger import ChangeKind, LedgerChange, PageLedger, apply_change, faults_of
from pipeline.flow import FlowPorts, Wish, read_again

#: Makes the changes of a ledger; the second value is the turn of each page as it is shown now.
Plan = Callable[[PageLedger, Sequence[int]], Sequence["Wanted"]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change as an operator asks for it, by side numbers."""

    kind: ChangeKind
    sides: tuple[int, ...]
    turn: int = 0
    place: int = 0


@dataclass(frozen=True, slots=True)
class OpenPages:
    """The pages of a document while somebody changes them, and nobody else can."""

    document: Document
    ledger: PageLedger
    record: archive.RecordSummary

    @property
    def origin(self) -> Origin:
        """What was read of it."""
        return Origin(self.document, self.ledger)

    @property
    def is_decided(self) -> bool:
        """Whether people have reviewed it, or the agency has signed it."""
        return self.record.is_reviewed or len(self.record.signed_by) > 1


def version_of(document: Document) -> str:
    """What the pages of a document are told apart by: whoever changes them says what was looked at."""
    return f"{document.revision}.{document.reading}"


def change_pages(document_id: str, plan: Plan, ports: FlowPorts, *, actor: str, reason: str, version: str = "") -> Document:
    """Ask for a new revision whose pages are as ``plan`` says; the document, in work again.

    Raises ``ValueError`` for a change that makes no sense, ``NotEntitledError`` for a document that has no pages to be changed
    now, or is no longer what ``version`` says that was looked at, ``NotFoundError``.
    """
    with open_pages(document_id, ports, actor=actor, version=version) as opened:
        at = ports.clock.now().isoformat()
        ledger = opened.ledger
        for wanted in plan(ledger, opened.record.rotations):
            change = LedgerChange(wanted.kind, wanted.sides, at, actor, reason, wanted.turn, wanted.place)
            ledger = apply_change(ledger, change)
        return put_right(opened, ledger, ports)


@contextmanager
def open_pages(document_id: str, ports: FlowPorts, *, actor: str, version: str = "") -> Iterator[OpenPages]:
    """The pages of a document, for one at a time. Raises ``NotEntitledError`` where they cannot be changed now."""
    document = ports.catalogue.document(document_id)
    record = ports.ledgers.record(document)
    if document.status not in SETTLED - {Status.ERASED} or record is None or record.findings is None:
        raise NotEntitledError(
            f"document {document_id} is {document.status}; its pages cannot be changed now",
            code="not_settled",
            advice="Tài liệu chưa đọc xong hoặc không có trang. Hãy chờ đọc xong rồi sửa trang.",
        )
    _refuse_if_claimed(document, ports, actor)
    place = document.reading
    try:
        alone = ports.catalogue.begin_attempt(document_id, "pages", place, ports.clock.now()) == 1
        now = ports.catalogue.document(document_id)
        if not alone or version_of(now) != version_of(document) or version not in {"", version_of(document)}:
            raise _changed_meanwhile(document_id)
        yield OpenPages(document, ports.ledgers.current(document), record)
    finally:
        ports.catalogue.end_attempt(document_id, "pages", place)


def put_right(opened: OpenPages, ledger: PageLedger, ports: FlowPorts, *origins: Origin) -> Document:
    """Ask for a new revision by ``ledger``; pages that were read before, here or in ``origins``, are not read again."""
    document = opened.document
    if faults := faults_of(ledger, document.source.sha256, document.source.pages):
        raise ValueError("; ".join(faults))
    made = ledger.changes[len(opened.ledger.changes) :]
    if not made:
        raise ValueError("nothing is to be changed")
    others = sorted({change.document for change in made if change.document})
    told = {"changes": [change.kind.value for change in made], **({"others": others} if others else {})}
    ports.auditing.note(Action.PAGES, actor=made[-1].actor, reason=made[-1].reason, document=document.id, **told)
    ports.revisions.forget_working(document, but=document.reading)
    ports.sides.carried.note(document.id, document.reading + 1, ledger, (opened.origin, *origins))
    return read_again(document.id, Wish(QueueName.STATION, document.engine), ports, reason="pages changed", ledger=ledger)


def _refuse_if_claimed(document: Document, ports: FlowPorts, actor: str) -> None:
    claim = ports.catalogue.reviews.claim_on(document.id)
    if claim is not None and claim.is_open(ports.clock.now()) and claim.holder != actor:
        raise NotEntitledError(
            f"document {document.id} is on the desk of {claim.holder}",
            code="on_a_desk",
            advice="Người soát xét đang mở giấy tờ này. Hãy chờ họ xem xong, hoặc nhờ họ trả lại, rồi sửa trang.",
        )


def _changed_meanwhile(document_id: str) -> NotEntitledError:
    return NotEntitledError(
        f"the pages of document {document_id} have been changed by somebody else meanwhile",
        code="changed_meanwhile",
        advice="Người khác vừa sửa các trang của giấy tờ này. Xem lại trang hiện có rồi sửa tiếp.",
    )
