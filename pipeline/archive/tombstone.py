"""What stands for the content of an erased document, schema ``sohoa.tombstone/1``: hashes, and who erased it, when and why.

Nothing in it says what the document was about; with it the chains through the document stay provable.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

SCHEMA = "sohoa.tombstone/1"


@dataclass(frozen=True, slots=True)
class ErasedRevision:
    """A revision that is gone: the sha256 of its record, and of each object that the record named."""

    revision: int
    sha256: str
    objects: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Who erased a document, when and why; ``term`` is the class of retention that had run out, ``basis`` its legal basis.

    ``original_kept``: another document is of the same file, which therefore stays.
    """

    document: str
    dossier: str
    at: str
    actor: str
    reason: str
    term: str
    basis: str
    received_at: str
    receipt_sha256: str
    original_sha256: str
    original_kept: bool
    records: tuple[ErasedRevision, ...]


def render_tombstone(tombstone: Tombstone) -> bytes:
    """UTF-8 JSON, one key order for ever."""
    raw = asdict(tombstone)
    raw["records"] = [
        {"revision": one.revision, "sha256": one.sha256, "objects": [{"name": n, "sha256": s} for n, s in one.objects]}
        for one in tombstone.records
    ]
    return (json.dumps({"schema": SCHEMA, **raw}, ensure_ascii=False, indent=1) + "\n").encode()


def parse_tombstone(data: bytes) -> Tombstone:
    """The tombstone; raises ``ValueError`` for other bytes."""
    try:
        raw = json.loads(data)
        if raw.pop("schema") != SCHEMA:
            raise ValueError("another schema")
        records = tuple(
            ErasedRevision(one["revision"], one["sha256"], tuple((o["name"], o["sha256"]) for o in one["objects"]))
            for one in raw.pop("records")
        )
        return Tombstone(**raw, records=records)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"not a {SCHEMA}: {error!r}") from error
