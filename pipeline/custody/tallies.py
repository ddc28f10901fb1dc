"""What a record adds to the figures: its papers, whether each is a component or a result, the day that it counts on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache

from pipeline import archive
from pipeline.domain.documents import Document, Status
from pipeline.domain.errors import NotFoundError
from pipeline.domain.figures import DocumentTally, PaperKind, PaperTally, received_day
from pipeline.domain.findings import Findings
from pipeline.domain.local_time import local_day
from pipeline.ports import Catalogue, ObjectStore
from pipeline.understanding import document_types

#: Documents taken in one go where tallies are missing.
BATCH = 200


def tally_of(record: archive.RecordSummary, declared: str = "") -> DocumentTally:
    """What the revision adds; nothing but its pages where nothing was understood.

    ``declared`` is the procedure that was declared of its dossier at the counter: it counts more than what papers name.
    """
    handed_in = local_day(datetime.fromisoformat(record.received_at))
    found = record.findings
    parts = [one.findings for one in found.components] or [found] if found else []
    papers = [_paper(number, part, record.dossier, handed_in) for number, part in enumerate(parts, start=1)]
    return DocumentTally(
        record.document,
        record.revision,
        record.dossier,
        pages=record.pages,
        rescans=len(record.rescans),
        unread=len(record.unread),
        papers=tuple(replace(paper, procedure=declared) if declared else paper for paper in papers),
    )


def declared_procedure(record: archive.RecordSummary, store: ObjectStore) -> str:
    """The procedure that was declared of the dossier when the revision was made; empty where none was, or it was erased."""
    key = next((one.key for one in record.inputs if one.name == "dossier"), "")
    try:
        return archive.parse_sheet(store.get(key)).procedure if key else ""
    except (NotFoundError, ValueError, KeyError):
        return ""


def catch_up(catalogue: Catalogue, store: ObjectStore, *, most: int | None = None) -> int:
    """Tally documents that were archived before there were figures, ``most`` at most; how many were."""
    done = 0
    while missing := catalogue.figures.missing(BATCH if most is None else min(BATCH, most - done)):
        for document_id in missing:
            document = catalogue.document(document_id)
            catalogue.figures.enter(_tally_again(document, store))
            done += 1
        if most is not None and done >= most:
            break
    return done


def _tally_again(document: Document, store: ObjectStore) -> DocumentTally:
    """The tally of the newest revision; an empty one where its record is gone or damaged: ``sohoa verify`` tells of that."""
    key = archive.revision_key(document.dossier, document.id, document.revision, "record.json")
    empty = DocumentTally(document.id, document.revision, document.dossier)
    if document.status is Status.ERASED:
        return empty
    try:
        record = archive.parse_record(store.get(key))
        return tally_of(record, declared_procedure(record, store))
    except (NotFoundError, ValueError, KeyError):
        return empty


def _paper(part: int, found: Findings, dossier: str, handed_in: date) -> PaperTally:
    received, issued = received_day(dossier), _issued(found, handed_in)
    is_result = _roles().get(found.classification.code) == PaperKind.RESULT and not (received and issued and issued < received)
    if is_result:
        kind, day = PaperKind.RESULT, issued or handed_in
    else:
        kind, day = PaperKind.COMPONENT, received or handed_in
    procedure = found.procedure.code if found.procedure else ""
    return PaperTally(part, found.classification.code, kind, day, procedure)


def _issued(found: Findings, handed_in: date) -> date | None:
    """The day of issue, where it was read for certain and can be: nothing is handed in before it was issued."""
    if found.validity is None or found.validity.doubtful:
        return None
    try:
        day = date.fromisoformat(found.validity.issued)
    except ValueError:
        return None
    return day if day <= handed_in else None


@cache
def _roles() -> Mapping[str, str]:
    """The role of each type in the dictionary."""
    return {kind.code: kind.role for kind in document_types()}
