"""Dossiers: handed in by other systems, and how far their documents are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi import Path as InPath
from pydantic import BaseModel, Field

from pipeline.custody.gates import Gates
from pipeline.domain.clients import Client, Scope, Upload
from pipeline.domain.documents import SETTLED, Document, QueueName, Status
from pipeline.domain.errors import RejectedInputError
from pipeline.domain.holdings import Exclusion
from pipeline.domain.people import office_of
from pipeline.station.codes import new_code
from pipeline.systems.desk import Caller
from pipeline.systems.handover import UploadError
from pipeline.web.api.admitting import ClosedRoute, needs
from pipeline.web.api.conditions import NOT_MODIFIED, IfMatch, IfNoneMatch, answer_tagged, bytes_of, require_match, tag_of
from pipeline.web.api.documents import DocumentState, state_of
from pipeline.web.api.problems import ApiProblemError
from pipeline.web.api.shapes import IdempotencyKey, Strict, closed
from pipeline.web.api.uploads import handover_of
from pipeline.web.house import AnyHouse, House

router = APIRouter(prefix="/dossiers", tags=["dossiers"], route_class=ClosedRoute)

CODE = r"^[A-Z0-9][A-Z0-9.\-]{0,63}$"
AGENCY_CODE = r"^([0-9]{2,3}\.){0,4}[A-Z][0-9]{2}(\.[0-9]{2,3}){0,4}$"

#: Documents of a dossier that are listed here; more are found through ``/v1/documents``.
MOST = 1000

Sender = Annotated[Caller, needs(Scope.DOSSIERS_WRITE)]
Reader = Annotated[Caller, needs(Scope.DOSSIERS_READ)]
Code = Annotated[str, InPath(pattern=CODE, examples=["000.00.16.H05-260105-0001"])]


class Handed(Strict):
    """A file of the dossier: the id of an upload that is whole.

    ``declared`` says that it is of what is not digitised (a copy, a secret, …), ``type`` which type of paper is expected: what
    may not come in is refused (409, ``excluded_…`` in the log) and not kept.
    """

    upload: str = Field(pattern=r"^[0-9a-f]{24}$", examples=["0123456789abcdef01234567"])
    declared: Exclusion | None = None
    type: str = Field(default="", max_length=64)


class Papers(Strict):
    """Files for a dossier; ``station``: a citizen waits."""

    documents: list[Handed] = Field(min_length=1, max_length=100)
    queue: QueueName = QueueName.BATCH


class NewDossier(Papers):
    """A dossier with its first files. Without ``code`` it gets the next one of ``office``, else of the system's agency."""

    code: str | None = Field(default=None, pattern=CODE, examples=["000.00.16.H05-260105-0001"])
    office: str | None = Field(default=None, pattern=AGENCY_CODE, max_length=64, examples=["000.00.16.H05"])


class DossierState(BaseModel):
    """How far a dossier is; ``settled``: nothing of it is being read any more."""

    code: str
    office: str
    settled: bool
    documents: list[DocumentState]


@router.post("", status_code=201, response_model=DossierState, responses=closed(404, 409))
def hand_in(request: Request, house: AnyHouse, caller: Sender, body: NewDossier, key: IdempotencyKey = None) -> Response:
    """Hand in a dossier: files that were uploaded before. The same file of the same dossier is entered once."""
    uploads = _uploads(house, caller.client, body)
    begun = next((one.dossier for one in uploads if one.dossier), "")
    code = body.code or begun or _next_code(house, caller.client, body.office or caller.client.agency)
    return _submit(request, house, caller.client, code, uploads, body.queue)


@router.post("/{code}/documents", status_code=201, response_model=DossierState, responses=closed(404, 409, 412))
def add_documents(  # noqa: PLR0913, PLR0917
    request: Request,
    house: AnyHouse,
    caller: Sender,
    code: Code,
    body: Papers,
    key: IdempotencyKey = None,
    match: IfMatch = None,
) -> Response:
    """Hand in more files of a dossier; `If-Match` makes sure that nothing has changed in it since it was read."""
    _require_own(caller.client, code)
    if match is not None:
        require_match(request, tag_of(bytes_of(_state(house, code))))
    return _submit(request, house, caller.client, code, _uploads(house, caller.client, body), body.queue)


@router.get("/{code}", response_model=DossierState, responses=closed(404) | NOT_MODIFIED)
def show_dossier(request: Request, house: AnyHouse, caller: Reader, code: Code, tag: IfNoneMatch = None) -> Response:
    """How far a dossier and its documents are."""
    request.state.dossier = code
    if not caller.client.person.sees(code):
        raise ApiProblemError("not_found")
    made = _state(house, code)
    if not made.documents:
        raise ApiProblemError("not_found")
    return answer_tagged(request, made)


def _submit(request: Request, house: House, client: Client, code: str, uploads: list[Upload], queue: QueueName) -> Response:
    request.state.dossier = code
    _require_own(client, code)
    desk = handover_of(house)
    try:
        desk.submit(uploads, code, queue, by=client.actor)
    except UploadError as error:
        raise ApiProblemError(error.code) from error
    answer = answer_tagged(request, _state(house, code), {"Location": f"/v1/dossiers/{code}"})
    answer.status_code = 201
    return answer


def _uploads(house: House, client: Client, body: Papers) -> list[Upload]:
    """The uploads, all of them whole: nothing is handed in where one of them is not."""
    desk = handover_of(house)
    for one in body.documents:
        if one.declared is not None or one.type:
            _admit(house, client, one)
    found = [desk.find(client, one) for one in dict.fromkeys(one.upload for one in body.documents)]
    try:
        for upload in found:
            desk.require_whole(upload)
    except UploadError as error:
        raise ApiProblemError(error.code) from error
    return found


def _admit(house: House, client: Client, one: Handed) -> None:
    """Nothing, where the paper may come in; else its upload is dropped, and the refusal noted."""
    upload = handover_of(house).find(client, one.upload)
    try:
        Gates(house.catalogue, house.clock).admit(declared=one.declared, kind=one.type, dossier="", actor=client.id)
    except RejectedInputError:
        handover_of(house).remove(upload)
        raise


def _require_own(client: Client, code: str) -> None:
    if not client.person.sees(code):
        raise ApiProblemError("foreign_office")


def _next_code(house: House, client: Client, office: str) -> str:
    _require_own(client, f"{office}-")
    return new_code(office, house.catalogue, house.clock.now())


def _state(house: House, code: str) -> DossierState:
    found: tuple[Document, ...] = house.catalogue.walk(dossier=code, limit=MOST)
    shown = [state_of(one) for one in found if one.status is not Status.ERASED]
    settled = bool(found) and all(one.status in SETTLED for one in found)
    return DossierState(code=code, office=office_of(code), settled=settled, documents=shown)
