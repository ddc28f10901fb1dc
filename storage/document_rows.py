"""Documents as rows of the catalogue, and back."""

from __future__ import annotations

from sqlalchemy import Row

from pipeline.domain.documents import Document, QueueName, Source, Status


def claim_of(document: Document, part: str = "") -> str:
    """What only one document may have: its dossier and the hash of its file, and which ``part`` of the file it is."""
    whole = f"{document.dossier}\n{document.source.sha256}"
    return f"{whole}\n{part}" if part else whole


def values_of(document: Document) -> dict[str, object]:
    """The columns of a document, without its claim."""
    source = document.source
    return {
        "id": document.id,
        "dossier": document.dossier,
        "name": source.name,
        "sha256": source.sha256,
        "bytes": source.bytes,
        "media_type": source.media_type,
        "pages": source.pages,
        "signatures": source.signatures,
        "status": document.status.value,
        "queue": document.queue.value,
        "received_at": document.received_at,
        "revision": document.revision,
        "type": document.type,
        "engine": document.engine,
        "reading": document.reading,
        "former": document.former.value if document.former else "",
        "made_with": document.made_with,
        "scanned_by": document.scanned_by,
    }


def document_of(row: Row[tuple[object, ...]]) -> Document:
    """The document in a row."""
    return Document(
        id=row.id,
        dossier=row.dossier,
        source=Source(row.name, row.sha256, row.bytes, row.media_type, row.pages, row.signatures),
        status=Status(row.status),
        queue=QueueName(row.queue),
        received_at=row.received_at,
        revision=row.revision,
        type=row.type,
        engine=row.engine,
        reading=row.reading,
        former=Status(row.former) if row.former else None,
        made_with=row.made_with,
        scanned_by=row.scanned_by,
    )
