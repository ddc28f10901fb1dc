"""record.json, schema ``sohoa.document/1``: the truth about one revision of a document.

``record.schema.json`` beside this file is the definition; this module writes and reads it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.archive.findings import (
    box_as_json,
    conformity_as_json,
    failed_of_json,
    findings_as_json,
    findings_of_json,
    problem_as_json,
    problems_of_json,
)
from pipeline.archive.ledger import ledger_as_json, ledger_of_json
from pipeline.archive.signatures import is_broken_of_json, roles_of_json, signatures_as_json
from pipeline.domain.documents import Source, Status
from pipeline.domain.duplicates import Duplicate, DuplicateKind
from pipeline.domain.findings import Conformity, Findings, Problem
from pipeline.domain.geometry import hull
from pipeline.domain.ledger import PageLedger
from pipeline.domain.natures import Nature
from pipeline.domain.pages import Line, PageReading, PictureAccount
from pipeline.domain.signatures import Signature, SignatureRole
from pipeline.ports import EngineInfo

SCHEMA = "sohoa.document/1"
CONFORMANCE = "PDF/A-2b"
#: What people made of the values of a revision stands beside its record under this name.
REVIEW_NAME = "review.json"


@dataclass(frozen=True, slots=True)
class PdfEntry:
    """The searchable PDF of the revision; ``path`` relative to the record."""

    path: str
    sha256: str
    bytes: int
    signed: bool = False


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """Another object of the revision, by name relative to the record."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class InputEntry:
    """What a revision was made from beside the original: the receipt, a list of the installation, a set of rules.

    ``key`` is where it stands in the bucket, empty where it came with the product or the installation.
    """

    name: str
    sha256: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What record.json says. ``previous`` is the sha256 of the record of the revision before, empty for the first."""

    source: Source
    status: Status
    problems: tuple[Problem, ...] = ()
    findings: Findings | None = None
    readings: tuple[PageReading, ...] = ()
    pdf: PdfEntry | None = None
    engine: EngineInfo | None = None
    document: str = ""
    dossier: str = ""
    revision: int = 1
    previous: str = ""
    received_at: str = ""
    created_at: str = ""
    queue: str = ""
    profile: str = ""
    objects: tuple[ObjectEntry, ...] = ()
    conformity: tuple[Conformity, ...] = ()
    inputs: tuple[InputEntry, ...] = ()
    made_with: str = ""
    duplicates: tuple[Duplicate, ...] = ()
    ledger: PageLedger | None = None
    signatures: tuple[Signature, ...] = ()
    nature: Nature | None = None


def render_record(record: Record) -> bytes:
    """UTF-8 JSON, one key order for ever, NFC as the values are."""
    return (json.dumps(record_as_json(record), ensure_ascii=False, indent=1) + "\n").encode()


def record_as_json(record: Record) -> dict[str, Any]:
    """The record as plain JSON values."""
    return {
        "schema": SCHEMA,
        "document": record.document,
        "dossier": record.dossier,
        "revision": record.revision,
        "previous_sha256": record.previous or None,
        "received_at": record.received_at,
        "created_at": record.created_at,
        "queue": record.queue,
        "profile": record.profile,
        "source": {
            "name": record.source.name,
            "sha256": record.source.sha256,
            "bytes": record.source.bytes,
            "media_type": record.source.media_type,
            "pages": record.source.pages,
            "signatures": record.source.signatures,
        },
        **({"nature": record.nature.value} if record.nature else {}),
        "status": record.status.value,
        "problems": [problem_as_json(problem) for problem in record.problems],
        **findings_as_json(record.findings),
        "conformity": [conformity_as_json(one) for one in record.conformity],
        "duplicates": [_duplicate(one) for one in record.duplicates],
        "ledger": ledger_as_json(record.ledger) if record.ledger else None,
        "pages": [_page(reading) for reading in record.readings],
        "pdf": _pdf(record.pdf) if record.pdf else None,
        **signatures_as_json(record.signatures, record.source.signed),
        "objects": [{"name": o.name, "sha256": o.sha256, "bytes": o.bytes} for o in record.objects],
        "inputs": [{"name": i.name, "key": i.key or None, "sha256": i.sha256} for i in record.inputs],
        "made_with": record.made_with,
        "engine": _engine(record.engine) if record.engine else None,
        "timings": _timings(record.readings),
    }


def _duplicate(one: Duplicate) -> dict[str, Any]:
    found = {"document": one.document, "dossier": one.dossier, "kind": one.kind.value, "score": one.score}
    return {**found, "pages": [list(pair) for pair in one.pages]}


def _as_duplicate(raw: dict[str, Any]) -> Duplicate:
    pages = tuple((mine, other) for mine, other in raw["pages"])
    return Duplicate(raw["document"], raw["dossier"], DuplicateKind(raw["kind"]), raw["score"], pages)


def _page(reading: PageReading) -> dict[str, Any]:
    return {
        "number": reading.number,
        "width": reading.width,
        "height": reading.height,
        "dpi": round(reading.dpi),
        "rotation": reading.rotation,
        "skew": round(reading.skew, 2),
        "blank": reading.blank,
        "origin": reading.origin.value,
        "confidence": round(reading.confidence, 4),
        "quality": {"verdict": reading.quality.verdict, "reasons": list(reading.quality.reasons)},
        "problems": list(reading.problems),
        "codes": [{"format": code.format.value, "text": code.text, "box": box_as_json(code.box)} for code in reading.codes],
        "overlays": [_overlay(lines) for lines in reading.text.overlays],
        "picture": _picture(reading.picture) if reading.picture else None,
        "likeness": reading.likeness or None,
    }


def _picture(account: PictureAccount) -> dict[str, Any]:
    return {
        "coding": account.coding,
        "bytes": account.bytes,
        "ssim": account.ssim,
        "digits": account.digits,
        "refused": [{"coding": one.coding, "reasons": list(one.reasons)} for one in account.refused],
    }


def _overlay(lines: Sequence[Line]) -> dict[str, Any]:
    text = "\n".join(line.text for line in lines)
    return {"kind": lines[0].role.value, "box": box_as_json(hull(line.box for line in lines)), "text": text}


def _pdf(pdf: PdfEntry) -> dict[str, Any]:
    return {
        "path": pdf.path,
        "sha256": pdf.sha256,
        "bytes": pdf.bytes,
        "conformance": CONFORMANCE,
        "signed": pdf.signed,
    }


def _engine(engine: EngineInfo) -> dict[str, Any]:
    known = {"digest": engine.digest} if engine.digest else {}
    return {"name": engine.name, "version": engine.version, "models": list(engine.models), **known}


def _timings(readings: Sequence[PageReading]) -> dict[str, float]:
    total: dict[str, float] = {}
    for reading in readings:
        for step, seconds in reading.seconds:
            total[step] = total.get(step, 0.0) + seconds
    return {step: round(seconds, 3) for step, seconds in total.items()}


@dataclass(frozen=True, slots=True)
class RecordSummary:
    """What the catalogue, a repeated run and a later reading need of a record that was written before.

    ``problems`` are all that held the document back, ``unread`` the pages without a reading, ``signed_by`` who signed the PDF,
    ``rescans`` the pages that are to be scanned again. ``broken_signature``: one on the file does not hold;
    ``failed_rules`` are ids of rules of conformity, ``nature`` is what the paper was declared to be.
    """

    document: str
    dossier: str
    revision: int
    received_at: str
    queue: str
    profile: str
    source: Source
    status: Status
    type: str
    fields: tuple[tuple[str, str], ...]
    pages: int
    pdf: PdfEntry | None
    engine: EngineInfo | None
    codes: tuple[str, ...] = ()
    findings: Findings | None = None
    problems: tuple[Problem, ...] = ()
    unread: tuple[int, ...] = ()
    previous: str = ""
    created_at: str = ""
    objects: tuple[ObjectEntry, ...] = ()
    inputs: tuple[InputEntry, ...] = ()
    made_with: str = ""
    duplicates: tuple[Duplicate, ...] = ()
    likenesses: tuple[str, ...] = ()
    ledger: PageLedger | None = None
    rotations: tuple[int, ...] = ()
    signed_by: tuple[SignatureRole, ...] = ()
    rescans: tuple[int, ...] = ()
    broken_signature: bool = False
    failed_rules: tuple[str, ...] = ()
    nature: Nature | None = None

    @property
    def is_reviewed(self) -> bool:
        """Whether people went through its values."""
        return any(entry.name == REVIEW_NAME for entry in self.objects)


def parse_record(data: bytes) -> RecordSummary:
    """What is kept of a record; raises ``ValueError`` or ``KeyError`` for bytes that are none."""
    raw = json.loads(data)
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise ValueError(f"not a {SCHEMA}")
    source, pdf, kind = raw["source"], raw["pdf"], raw["document_type"]
    return RecordSummary(
        document=raw["document"],
        dossier=raw["dossier"],
        revision=raw["revision"],
        received_at=raw["received_at"],
        queue=raw["queue"],
        profile=raw["profile"],
        source=Source(
            name=source["name"],
            sha256=source["sha256"],
            bytes=source["bytes"],
            media_type=source["media_type"],
            pages=source.get("pages", 0),
            signatures=source["signatures"],
        ),
        status=Status(raw["status"]),
        type=kind["code"] if kind else "",
        fields=tuple((key, _value_text(field["value"])) for key, field in raw["fields"].items()),
        pages=len(raw["pages"]),
        pdf=PdfEntry(pdf["path"], pdf["sha256"], pdf["bytes"], pdf["signed"]) if pdf else None,
        engine=_as_engine(raw["engine"]) if raw["engine"] else None,
        codes=tuple(code["text"] for page in raw["pages"] for code in page.get("codes", ())),
        findings=findings_of_json(raw),
        problems=problems_of_json(raw["problems"]),
        unread=tuple(page["number"] for page in raw["pages"] if page["origin"] == "unread"),
        previous=raw.get("previous_sha256") or "",
        created_at=raw.get("created_at", ""),
        objects=tuple(ObjectEntry(one["name"], one["sha256"], one["bytes"]) for one in raw.get("objects", ())),
        inputs=tuple(InputEntry(one["name"], one["sha256"], one["key"] or "") for one in raw.get("inputs", ())),
        made_with=raw.get("made_with", ""),
        duplicates=tuple(map(_as_duplicate, raw.get("duplicates", ()))),
        ledger=ledger_of_json(raw["ledger"]) if raw.get("ledger") else None,
        rotations=tuple(page["rotation"] for page in raw["pages"]),
        likenesses=tuple(page.get("likeness") or "" for page in raw["pages"]),
        signed_by=roles_of_json(raw),
        broken_signature=is_broken_of_json(raw),
        failed_rules=failed_of_json(raw),
        nature=Nature(raw["nature"]) if raw.get("nature") else None,
        rescans=tuple(page["number"] for page in raw["pages"] if page["quality"]["verdict"] == "rescan"),
    )


def _as_engine(raw: dict[str, Any]) -> EngineInfo:
    return EngineInfo(raw["name"], raw["version"], tuple(raw["models"]), raw.get("digest", ""))


def _value_text(value: object) -> str:
    return "; ".join(str(part) for part in value) if isinstance(value, list) else str(value)
