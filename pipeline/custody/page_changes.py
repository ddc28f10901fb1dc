"""Pages put right by an operator: a new revision with other pages, turned, in another order, and the history of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.custody.page_ledgers import PageLedgers
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


def change_pages(document_id: str, plan: Plan, ports: FlowPorts, *, actor: str, reason: str) -> Document:
    """Ask for a new revision whose pages are as ``plan`` says; the document, in work again.

    Raises ``ValueError`` for a change that makes no sense, ``NotEntitledError`` for a document that has no pages to be changed
    now, ``NotFoundError``.
    """
    document = ports.catalogue.document(document_id)
    ledgers = PageLedgers(ports.store)
    record = ledgers.record(document)
    if document.status not in SETTLED - {Status.ERASED} or record is None or record.findings is None:
        raise NotEntitledError(
            f"document {document_id} is {document.status}; its pages cannot be changed now",
            code="not_settled",
            advice="Tài liệu chưa đọc xong hoặc không có trang. Hãy chờ đọc xong rồi sửa trang.",
        )
    ledger = ledgers.current(document)
    at = ports.clock.now().isoformat()
    for wanted in plan(ledger, record.rotations):
        change = LedgerChange(wanted.kind, wanted.sides, at, actor, reason, wanted.turn, wanted.place)
        ledger = apply_change(ledger, change)
    if faults := faults_of(ledger, document.source.sha256, document.source.pages):
        raise ValueError("; ".join(faults))
    kinds = [change.kind.value for change in ledger.changes if change.at == at]
    ports.auditing.note(Action.PAGES, actor=actor, reason=reason, document=document_id, changes=kinds)
    return read_again(document_id, Wish(QueueName.STATION, document.engine), ports, reason="pages changed", ledger=ledger)
