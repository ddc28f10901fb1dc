"""A paper taken back at the counter: scanned badly, or of another dossier. It stays, as rejected, with who said so and why."""

from __future__ import annotations

from pipeline.domain.documents import Document, Status
from pipeline.domain.errors import NotEntitledError
from pipeline.flow import FlowPorts

#: What a paper may be when it is taken back: no worker is at it. One that people have reviewed is theirs to reopen.
OPEN = frozenset({Status.NEEDS_REVIEW, Status.APPROVED})


def withdraw(document_id: str, ports: FlowPorts, *, actor: str, reason: str) -> Document:
    """The paper, rejected for ``reason``; raises ``NotEntitledError`` without one, or where it is past the counter."""
    document = ports.catalogue.document(document_id)
    record = ports.ledgers.record(document)
    decided = record is not None and (record.is_reviewed or len(record.signed_by) > 1)
    if not reason.strip() or document.status not in OPEN or decided:
        raise NotEntitledError(
            f"document {document_id} is {document.status} and cannot be taken back, or no reason is given",
            code="not_withdrawn",
            advice="Chỉ bỏ được giấy tờ đã đọc xong mà chưa ai duyệt, và phải nêu lý do.",
        )
    told = f"withdrawn: {reason.strip()}"
    steps = (Status.NEEDS_REVIEW,) if document.status is Status.APPROVED else ()
    for status in (*steps, Status.REJECTED):
        document = ports.catalogue.move(document_id, status, actor=actor, reason=told, at=ports.clock.now())
    ports.catalogue.reviews.forget_draft(document_id)
    return document
