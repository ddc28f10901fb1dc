"""The page of a document, and its files."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask

from pipeline.domain.errors import NotEntitledError, NotFoundError
from pipeline.domain.people import Person
from pipeline.rooms import room_in
from pipeline.web.house import AnyHouse, House
from pipeline.web.permissions import Act, Page, may
from pipeline.web.review_views import sheet_of
from pipeline.web.visiting import current_user, require, visit_of

router = APIRouter(prefix="/documents")

#: The objects of a revision that may be fetched, and their media types.
FILES = {
    "document.pdf": "application/pdf",
    "text.txt": "text/plain; charset=utf-8",
    "record.json": "application/json",
    "alto.xml": "application/xml",
}


class Looked(BaseModel):
    """What is looked for in a document, and on which page; 0: on the first that has it."""

    q: str = Field(default="", max_length=200)
    page: int = Field(default=0, ge=0, le=100_000)


#: For what is no page though a browser may take it for one: XML may hold a drawing with a script. Viewers of PDF need more.
_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


@router.get("/{document_id}")
def document(
    request: Request, house: AnyHouse, document_id: str, person: Annotated[Person, require(Page.DOCUMENT, Act.VIEW)]
) -> Response:
    """What is known of the document."""
    found = house.document(document_id, person)
    view = house.desk.document(found)
    house.note_view(person, "document", found.id, revision=found.revision or None)
    return house.writer.page(request, "documents/document.html", visit_of(request), view=view, named=house.names)


@router.get("/{document_id}/scan")
def scan(
    request: Request,
    house: AnyHouse,
    document_id: str,
    person: Annotated[Person, require(Page.DOCUMENT, Act.VIEW)],
    asked: Annotated[Looked, Query()],
) -> Response:
    """A page of the scan with the words asked for lit: the page named, else the first that has any."""
    found = house.document(document_id, person)
    view = house.desk.document(found)
    if not view.record.get("pages"):
        raise NotFoundError(f"document {document_id} has no pages yet", advice="Tài liệu chưa đọc xong.")
    lit = house.desk.lit(found, view.record, asked.q.strip())
    number = asked.page or next((page for page, words in lit.items() if words), 1)
    if number not in lit:
        raise NotFoundError(f"document {document_id} has no page {number}")
    house.note_view(person, "scan", found.id)
    sheet = sheet_of(view.record["pages"][number - 1])
    values: dict[str, Any] = {"view": view, "sheet": sheet, "query": asked.q.strip(), "lit": lit}
    return house.writer.page(request, "documents/scan.html", visit_of(request), **values)


@router.head("/{document_id}/{name}")
@router.get("/{document_id}/{name}")
def file(
    request: Request, house: AnyHouse, document_id: str, name: str, ticket: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """A file of the newest revision: for whom may see the document, or who brings a ticket for this very file."""
    reader = _reader(request, house, document_id, name, ticket)
    if name not in FILES:
        raise NotFoundError(f"There is no {name} of a document; there are {', '.join(FILES)}.")
    answer = _send(house, document_id, name)
    house.note_reader(reader, "file", document_id, file=name)
    return answer


def _reader(request: Request, house: House, document_id: str, name: str, ticket: str) -> str:
    """Who fetches the file, as the audit log is to name them; raises where nobody may."""
    taken = house.tickets.take(ticket, document_id, name)
    if taken is not None:
        return f"ticket of {taken.giver}"
    person = current_user(request)
    if not may(person, Page.DOCUMENT, Act.EXPORT):
        raise NotEntitledError(f"{person.id} may not fetch files", advice="Tài khoản của bạn không có quyền tải tài liệu.")
    house.document(document_id, person)
    return person.id


def _send(house: House, document_id: str, name: str) -> FileResponse:
    with ExitStack() as until_sent:
        folder = until_sent.enter_context(room_in(house.flow.scratch, "web"))
        house.desk.fetch(document_id, name, folder / name)
        removal = BackgroundTask(until_sent.pop_all().close)
    return FileResponse(
        folder / name,
        media_type=FILES[name],
        filename=f"{document_id}{Path(name).suffix}",
        content_disposition_type="inline",
        headers=None if name == "document.pdf" else {"Content-Security-Policy": _SANDBOX},
        background=removal,
    )
