"""Documents: how far they are, what was read of them, their text and PDF."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from pipeline import archive
from pipeline.domain.clients import Scope
from pipeline.domain.documents import Document, Status
from pipeline.systems.desk import Caller
from pipeline.web.api.admitting import ClosedRoute, Purpose, needs
from pipeline.web.api.conditions import NOT_MODIFIED, IfNoneMatch, answer_tagged, is_known, tag_of
from pipeline.web.api.cursors import USUAL, Cursor, Limit, cursor_behind, place_of
from pipeline.web.api.problems import ApiProblemError
from pipeline.web.api.shapes import closed
from pipeline.web.house import AnyHouse, House

router = APIRouter(prefix="/documents", tags=["documents"], route_class=ClosedRoute)

Reader = Annotated[Caller, needs(Scope.DOSSIERS_READ)]
Fetcher = Annotated[Caller, needs(Scope.DOCUMENTS_READ)]
DocumentId = Annotated[str, InPath(pattern=r"^[0-9]{8}-[0-9a-f]{12}$", examples=["20260105-0123456789ab"])]
DossierCode = Annotated[str, Query(pattern=r"^[A-Z0-9][A-Z0-9.\-]{0,63}$", examples=["000.00.16.H05-260105-0001"])]


class DocumentState(BaseModel):
    """How far a document is. ``revision`` 0: nothing was read of it yet; ``type`` is empty until it is known."""

    id: str
    dossier: str
    name: str
    sha256: str
    bytes: int
    media_type: str
    pages: int
    status: Status
    type: str
    revision: int
    received_at: datetime


class DocumentPage(BaseModel):
    """A page of a list; ``next`` is there where there is more."""

    documents: list[DocumentState]
    next: str | None = None


class Evidence(BaseModel):
    """Where a value stands: page, and left, top, right, bottom in pixels of the scan."""

    page: int
    box: list[float]


class FieldProblem(BaseModel):
    """What makes a value or a document doubtful."""

    code: str
    message: str
    field: str | None = None
    page: int | None = None


class FieldValue(BaseModel):
    """A value as read: ``text`` as it stands there, ``confidence`` from 0 to 1, ``origin`` such as ``ocr`` or ``human``."""

    value: Any = None
    text: str
    confidence: float
    origin: str
    evidence: list[Evidence]
    problems: list[FieldProblem]


class DocumentFields(BaseModel):
    """What was read of a document. Only what is ``approved`` or ``archived`` was let stand by people or by rule."""

    document: str
    dossier: str
    revision: int
    status: Status
    type: str
    fields: dict[str, FieldValue]
    problems: list[FieldProblem]


@router.get("", response_model=DocumentPage, responses=closed(404) | NOT_MODIFIED)
def list_documents(  # noqa: PLR0913, PLR0917 - the parameters of a query
    request: Request,
    house: AnyHouse,
    caller: Reader,
    dossier: DossierCode | None = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
    tag: IfNoneMatch = None,
) -> Response:
    """The documents of the system's offices, by id, thus by the day on which they came."""
    after = place_of(cursor, "documents", dossier or "")
    found = house.catalogue.walk(after=after, dossier=dossier, limit=limit + 1, offices=caller.client.person.scope)
    shown = found[:limit]
    behind = cursor_behind("documents", shown[-1].id, dossier or "") if len(found) > limit else None
    return answer_tagged(request, DocumentPage(documents=[state_of(one) for one in shown], next=behind))


@router.get("/{document_id}", response_model=DocumentState, responses=closed(404) | NOT_MODIFIED)
def show_document(
    request: Request, house: AnyHouse, caller: Reader, document_id: DocumentId, tag: IfNoneMatch = None
) -> Response:
    """How far a document is."""
    return answer_tagged(request, state_of(_document(request, house, caller, document_id)))


@router.get("/{document_id}/fields", response_model=DocumentFields, responses=closed(404, 409) | NOT_MODIFIED)
def show_fields(
    request: Request, house: AnyHouse, caller: Fetcher, document_id: DocumentId, purpose: Purpose, tag: IfNoneMatch = None
) -> Response:
    """What was read of a document, each value with where it stands and how sure it is."""
    found = _document(request, house, caller, document_id, viewed=True)
    record = _record(house, found)
    made = DocumentFields(
        document=found.id,
        dossier=found.dossier,
        revision=record["revision"],
        status=found.status,
        type=found.type,
        fields={key: FieldValue(**_field(one)) for key, one in record["fields"].items()},
        problems=[FieldProblem(**_problem(one)) for one in record["problems"]],
    )
    return answer_tagged(request, made)


@router.get(
    "/{document_id}/text",
    response_class=Response,
    responses=closed(404, 409) | NOT_MODIFIED | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def show_text(
    request: Request, house: AnyHouse, caller: Fetcher, document_id: DocumentId, purpose: Purpose, tag: IfNoneMatch = None
) -> Response:
    """The text of a document, in reading order."""
    found = _document(request, house, caller, document_id, viewed=True)
    _record(house, found)
    data = house.store.get(_key(found, "text.txt"))
    if is_known(request, tag_of(data)):
        return Response(status_code=304, headers={"ETag": tag_of(data)})
    return Response(data, headers={"ETag": tag_of(data)}, media_type="text/plain; charset=utf-8")


@router.get(
    "/{document_id}/pdf",
    response_class=Response,
    responses=closed(404, 409)
    | NOT_MODIFIED
    | {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
)
def fetch_pdf(
    request: Request, house: AnyHouse, caller: Fetcher, document_id: DocumentId, purpose: Purpose, tag: IfNoneMatch = None
) -> Response:
    """The searchable PDF/A; its ETag is its sha256."""
    found = _document(request, house, caller, document_id, viewed=True)
    entry = _record(house, found).get("pdf")
    if not entry:
        raise ApiProblemError("not_found", reason="no_pdf")
    etag = f'"{entry["sha256"]}"'
    if is_known(request, etag):
        return Response(status_code=304, headers={"ETag": etag})
    pieces = house.store.read(_key(found, "document.pdf"))
    headers = {"ETag": etag, "Content-Length": str(entry["bytes"])}
    return StreamingResponse(_begun(pieces), headers=headers, media_type="application/pdf")


def state_of(document: Document) -> DocumentState:
    """The document as callers see it."""
    return DocumentState(
        id=document.id,
        dossier=document.dossier,
        name=document.source.name,
        sha256=document.source.sha256,
        bytes=document.source.bytes,
        media_type=document.source.media_type,
        pages=document.source.pages,
        status=document.status,
        type=document.type,
        revision=document.revision,
        received_at=document.received_at,
    )


def _document(request: Request, house: House, caller: Caller, document_id: str, *, viewed: bool = False) -> Document:
    found = house.document(document_id, caller.client.person)
    request.state.document, request.state.viewed = found.id, viewed
    return found


def _record(house: House, document: Document) -> dict[str, Any]:
    """The newest record; raises a problem where there is none yet, or no longer."""
    if document.status is Status.ERASED:
        raise ApiProblemError("not_found", reason="erased")
    if document.revision == 0:
        raise ApiProblemError("not_read_yet")
    loaded: dict[str, Any] = json.loads(house.store.get(_key(document, "record.json")))
    return loaded


def _key(document: Document, name: str) -> str:
    return archive.revision_key(document.dossier, document.id, document.revision, name)


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, once the first of them is there: a store that is away is told before the answer begins."""
    return chain([next(pieces, b"")], pieces)


def _field(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: raw.get(name) for name in FieldValue.model_fields} | {"problems": [_problem(one) for one in raw["problems"]]}


def _problem(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: raw.get(name) for name in FieldProblem.model_fields}
