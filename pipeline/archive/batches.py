"""Batches as objects of the bucket: what a batch is, what became of each file and side, the states it went through."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from pipeline.domain.batches import Batch, BatchFile, BatchState, FileState, Handling, Part, SidePlan, SideRole
from pipeline.domain.documents import QueueName

BATCH_SCHEMA, FILE_SCHEMA, MOVE_SCHEMA = "sohoa.batch/1", "sohoa.batch_file/1", "sohoa.batch_state/1"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BatchMove:
    """A state that a batch came into: when, by whom. ``complete``: all its files had been taken by then."""

    state: BatchState
    at: datetime
    actor: str
    complete: bool


def render_batch(batch: Batch) -> bytes:
    """UTF-8 JSON; its state is not in it, for that changes."""
    return _rendered(
        {
            "schema": BATCH_SCHEMA,
            "batch": batch.id,
            "name": batch.name,
            "created_at": batch.created_at.isoformat(),
            "actor": batch.actor,
            "queue": batch.queue.value,
            "paths": list(batch.paths),
            "dossier": batch.dossier,
            "engine": batch.engine,
            "handling": asdict(batch.handling),
        }
    )


def parse_batch(data: bytes) -> Batch:
    """The batch, running and not complete; raises ``ValueError`` for bytes that are none."""
    raw = _parsed(data, BATCH_SCHEMA)
    return Batch(
        id=raw["batch"],
        name=raw["name"],
        state=BatchState.RUNNING,
        complete=False,
        created_at=datetime.fromisoformat(raw["created_at"]),
        actor=raw["actor"],
        queue=QueueName(raw["queue"]),
        paths=tuple(raw["paths"]),
        dossier=raw["dossier"],
        engine=raw["engine"],
        handling=Handling(**raw["handling"]),
    )


def render_move(move: BatchMove) -> bytes:
    """UTF-8 JSON."""
    told = {"state": move.state.value, "at": move.at.isoformat(), "actor": move.actor, "complete": move.complete}
    return _rendered({"schema": MOVE_SCHEMA, **told})


def parse_move(data: bytes) -> BatchMove:
    """The move; raises ``ValueError`` for bytes that are none."""
    raw = _parsed(data, MOVE_SCHEMA)
    return BatchMove(BatchState(raw["state"]), datetime.fromisoformat(raw["at"]), raw["actor"], raw["complete"])


def render_batch_file(file: BatchFile) -> bytes:
    """UTF-8 JSON; which documents its parts became is not in it: dossier and hash of a part say so."""
    parts = [_part_as_json(part) for part in file.parts]
    sides = [
        {
            "source": side.source,
            "page": side.page,
            "role": side.role.value,
            "part": side.part or None,
            "text": side.text,
            "into": side.into,
        }
        for side in file.sides
    ]
    plain = {name: getattr(file, name) for name in ("number", "dossier", "name", "path", "sha256", "bytes", "code", "message")}
    told: Json = {"state": file.state.value, "sources": list(file.sources), "sides": sides, "parts": parts}
    told |= {name: value for name in ("edition", "replaces") if (value := getattr(file, name))}
    return _rendered({"schema": FILE_SCHEMA, **plain, **told})


def parse_batch_file(data: bytes) -> BatchFile:
    """The file, its parts not handed in; raises ``ValueError`` for bytes that are none."""
    raw = _parsed(data, FILE_SCHEMA)
    plain = {name: raw[name] for name in ("number", "dossier", "name", "path", "sha256", "bytes", "code", "message")}
    plain |= {name: raw[name] for name in ("edition", "replaces") if name in raw}
    sides = tuple(
        SidePlan(one["source"], one["page"], SideRole(one["role"]), one["part"] or 0, one["text"], one["into"])
        for one in raw["sides"]
    )
    parts = tuple(Part(**{**one, "removed": tuple(one["removed"])}) for one in raw["parts"])
    return BatchFile(**plain, state=FileState(raw["state"]), sources=tuple(raw["sources"]), sides=sides, parts=parts)


def _part_as_json(part: Part) -> Json:
    told = asdict(replace(part, document=""))
    del told["document"]
    return told


def _rendered(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _parsed(data: bytes, schema: str) -> Json:
    raw: Json = json.loads(data)
    if raw.get("schema") != schema:
        raise ValueError(f"not a {schema}: {raw.get('schema')!r}")
    return raw
