"""review.json, schema ``sohoa.review/1``: what people made of a revision, value by value; and the record that comes of it.

It stands beside the record of the revision that it led to, which names its sha256: what was read and what is there, for ever.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.archive.findings import findings_as_json, problem_as_json
from pipeline.domain.documents import Status
from pipeline.domain.findings import Evidence, FieldValue, Findings, Problem
from pipeline.domain.geometry import Box
from pipeline.domain.reviews import Lesson, Verdict
from pipeline.ports import EngineInfo

SCHEMA = "sohoa.review/1"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """A document approved by people. ``reviewed`` is the revision they looked at; ``readers`` let it pass, the last approved.

    ``engine`` and ``made_with`` say what had read the values; ``noted`` are the problems of the file that were seen.
    """

    document: str
    reviewed: int
    readers: tuple[str, ...]
    at: str
    seconds: float
    lessons: tuple[Lesson, ...]
    noted: tuple[str, ...] = ()
    engine: EngineInfo | None = None
    made_with: str = ""

    @property
    def said(self) -> tuple[object, ...]:
        """What it says, whenever it was written down."""
        return self.document, self.reviewed, self.lessons, self.noted


def render_review(sheet: ReviewSheet) -> bytes:
    """UTF-8 JSON."""
    engine = sheet.engine
    raw: Json = {
        "schema": SCHEMA,
        "document": sheet.document,
        "reviewed_revision": sheet.reviewed,
        "readers": list(sheet.readers),
        "at": sheet.at,
        "seconds": round(sheet.seconds, 1),
        "engine": {"name": engine.name, "version": engine.version, "models": list(engine.models)} if engine else None,
        "made_with": sheet.made_with,
        "noted": list(sheet.noted),
        "values": [_lesson(one) for one in sheet.lessons],
    }
    return (json.dumps(raw, ensure_ascii=False, indent=1) + "\n").encode()


def parse_review(data: bytes) -> ReviewSheet:
    """The sheet that :func:`render_review` wrote; raises ``ValueError`` or ``KeyError`` for other bytes."""
    raw = json.loads(data)
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise ValueError(f"not a {SCHEMA}")
    engine = raw["engine"]
    return ReviewSheet(
        document=raw["document"],
        reviewed=raw["reviewed_revision"],
        readers=tuple(raw["readers"]),
        at=raw["at"],
        seconds=raw["seconds"],
        lessons=tuple(map(_as_lesson, raw["values"])),
        noted=tuple(raw["noted"]),
        engine=EngineInfo(engine["name"], engine["version"], tuple(engine["models"])) if engine else None,
        made_with=raw["made_with"],
    )


def review_record(before: bytes, found: Findings, problems: Sequence[Problem], *, at: datetime) -> Json:
    """The record of the approved revision behind the one that ``before`` tells of, without its objects and its PDF.

    Type, fields and what they lead to are those of ``found``; pages, source, engine and all else are as they were.
    """
    raw: Json = json.loads(before)
    return {
        **raw,
        "revision": raw["revision"] + 1,
        "previous_sha256": hashlib.sha256(before).hexdigest(),
        "created_at": at.isoformat(),
        "status": Status.APPROVED.value,
        "problems": [problem_as_json(problem) for problem in problems],
        **findings_as_json(found),
    }


def _lesson(one: Lesson) -> Json:
    return {
        "part": one.part,
        "type": one.type,
        "field": one.key,
        "verdict": one.verdict.value,
        "read": _value(one.read),
        "text": one.text,
        "confidence": round(one.confidence, 4),
        "origin": one.origin,
        "evidence": [{"page": seen.page, "box": [round(side) for side in _sides(seen.box)]} for seen in one.evidence],
        "problems": list(one.problems),
        "value": _value(one.decided),
        "by": one.actor,
        "at": one.at.isoformat(),
        "seconds": round(one.seconds, 1),
    }


def _as_lesson(raw: Json) -> Lesson:
    return Lesson(
        part=raw["part"],
        type=raw["type"],
        key=raw["field"],
        verdict=Verdict(raw["verdict"]),
        read=_as_value(raw["read"]),
        decided=_as_value(raw["value"]),
        text=raw["text"],
        confidence=raw["confidence"],
        evidence=tuple(Evidence(seen["page"], Box(*map(float, seen["box"]))) for seen in raw["evidence"]),
        origin=raw["origin"],
        problems=tuple(raw["problems"]),
        actor=raw["by"],
        at=datetime.fromisoformat(raw["at"]),
        seconds=raw["seconds"],
    )


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def _value(value: FieldValue | None) -> str | int | list[str] | None:
    return list(value) if isinstance(value, tuple) else value


def _as_value(raw: str | int | list[str] | None) -> FieldValue | None:
    return tuple(raw) if isinstance(raw, list) else raw
