"""The receipt of a document: what the bucket knows of it before it has been read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from pipeline.archive.keys import received_key
from pipeline.archive.ledger import ledger_as_json, ledger_of_json
from pipeline.domain.documents import Document, QueueName
from pipeline.domain.errors import NotFoundError
from pipeline.domain.ledger import PageLedger
from pipeline.domain.natures import Nature
from pipeline.ports import ObjectStore

SCHEMA = "sohoa.receipt/1"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Which file came in for which dossier, when, on which queue it waits, and for which engine (empty: any).

    A document that was split off another one shows some pages of its file alone: ``ledger`` tells which, and ``part`` tells it
    from others of the same file. ``nature``: what the paper was declared to be, None where nobody said; ``by``: who scanned.
    """

    document: str
    dossier: str
    name: str
    sha256: str
    bytes: int
    queue: QueueName
    received_at: datetime
    engine: str = ""
    part: str = ""
    ledger: PageLedger | None = None
    nature: Nature | None = None
    by: str = ""


def render_receipt(receipt: Receipt) -> bytes:
    """UTF-8 JSON."""
    return json.dumps(
        {
            "schema": SCHEMA,
            "document": receipt.document,
            "dossier": receipt.dossier,
            "source": {"name": receipt.name, "sha256": receipt.sha256, "bytes": receipt.bytes},
            "queue": receipt.queue.value,
            "engine": receipt.engine,
            "received_at": receipt.received_at.isoformat(),
            **({"nature": receipt.nature.value} if receipt.nature else {}),
            **({"by": receipt.by} if receipt.by else {}),
            **({"part": receipt.part, "ledger": ledger_as_json(receipt.ledger)} if receipt.ledger else {}),
        },
        ensure_ascii=False,
        indent=1,
    ).encode()


def parse_receipt(data: bytes) -> Receipt:
    """The receipt; raises ``ValueError`` for bytes that are none."""
    raw = json.loads(data)
    if raw.get("schema") != SCHEMA:
        raise ValueError(f"not a {SCHEMA}: {raw.get('schema')!r}")
    source = raw["source"]
    return Receipt(
        document=raw["document"],
        dossier=raw["dossier"],
        name=source["name"],
        sha256=source["sha256"],
        bytes=source["bytes"],
        queue=QueueName(raw["queue"]),
        received_at=datetime.fromisoformat(raw["received_at"]),
        engine=raw.get("engine", ""),
        part=raw.get("part", ""),
        ledger=ledger_of_json(raw["ledger"]) if raw.get("ledger") else None,
        nature=Nature(raw["nature"]) if raw.get("nature") else None,
        by=raw.get("by", ""),
    )


def receipt_of(document: Document, store: ObjectStore) -> Receipt | None:
    """The receipt of a document as ``store`` keeps it; None where it keeps none."""
    try:
        return parse_receipt(store.get(received_key(document.dossier, document.id)))
    except NotFoundError:
        return None
