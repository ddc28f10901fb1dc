"""Batches, their files and parts as rows of the catalogue, and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from pipeline.domain.batches import Batch, BatchFile, BatchState, FileState, Handling, Part
from pipeline.domain.documents import QueueName


def claim_of(dossier: str, name: str, sha256: str, replaces: int = 0) -> str:
    """What only one file of a batch may have: dossier, name and hash, and which one it ``replaces`` that had the same."""
    plain = f"{dossier}\n{name}\n{sha256}"
    return f"{plain}\n{replaces}" if replaces else plain


def batch_of(row: Row[Any]) -> Batch:
    """The batch in a row."""
    return Batch(
        id=row.id,
        name=row.name,
        state=BatchState(row.state),
        complete=bool(row.complete),
        created_at=row.created_at,
        actor=row.actor,
        queue=QueueName(row.queue),
        paths=tuple(json.loads(row.paths)),
        dossier=row.dossier,
        engine=row.engine,
        handling=Handling(**json.loads(row.handling)),
        finished_at=row.finished_at,
    )


def batch_values(batch: Batch) -> dict[str, object]:
    """The columns of a batch."""
    return {
        "id": batch.id,
        "name": batch.name,
        "state": batch.state.value,
        "complete": int(batch.complete),
        "created_at": batch.created_at,
        "actor": batch.actor,
        "queue": batch.queue.value,
        "paths": json.dumps(batch.paths, ensure_ascii=False),
        "dossier": batch.dossier,
        "engine": batch.engine,
        "handling": json.dumps(asdict(batch.handling)),
        "finished_at": batch.finished_at,
    }


def file_of(row: Row[Any]) -> BatchFile:
    """The file in a row, without its sides and parts."""
    return BatchFile(
        dossier=row.dossier,
        name=row.name,
        path=row.path,
        sha256=row.sha256,
        bytes=row.bytes,
        state=FileState(row.state),
        sources=tuple(json.loads(row.sources)),
        code=row.code,
        message=row.message,
        number=row.number,
    )


def file_values(batch_id: str, file: BatchFile, number: int) -> dict[str, object]:
    """The columns of a file."""
    return {
        "batch": batch_id,
        "number": number,
        "claim": claim_of(file.dossier, file.name, file.sha256, file.replaces),
        "dossier": file.dossier,
        "name": file.name,
        "path": file.path,
        "sha256": file.sha256,
        "bytes": file.bytes,
        "sides": file.count,
        "state": file.state.value,
        "code": file.code,
        "message": file.message,
        "sources": json.dumps(file.sources),
    }


def part_of(row: Row[Any]) -> Part:
    """The part in a row."""
    return Part(
        number=row.part,
        dossier=row.dossier,
        name=row.name,
        sha256=row.sha256,
        bytes=row.bytes,
        sides=row.sides,
        removed=tuple(json.loads(row.removed)),
        type=row.type,
        owner=row.owner,
        operator=row.operator,
        document=row.document,
    )


def part_values(batch_id: str, number: int, part: Part) -> dict[str, object]:
    """The columns of a part."""
    return {
        "batch": batch_id,
        "file": number,
        "part": part.number,
        "dossier": part.dossier,
        "name": part.name,
        "sha256": part.sha256,
        "bytes": part.bytes,
        "sides": part.sides,
        "removed": json.dumps(part.removed),
        "type": part.type,
        "owner": part.owner,
        "operator": part.operator,
        "document": part.document,
    }
