"""Files on their way in: announced, sent in pieces, gone on with after a cut (as in tus 1.0)."""

from __future__ import annotations

import base64
import hashlib
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi import Path as InPath
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from pipeline.domain.clients import Scope, Upload
from pipeline.rooms import room_in
from pipeline.systems.desk import Caller
from pipeline.systems.handover import Handover, UploadError
from pipeline.web.api.admitting import ClosedRoute, needs
from pipeline.web.api.conditions import NOT_MODIFIED, IfNoneMatch, answer_tagged
from pipeline.web.api.problems import ApiProblemError
from pipeline.web.api.shapes import IdempotencyKey, Strict, Whole, closed
from pipeline.web.house import AnyHouse, House

router = APIRouter(prefix="/uploads", tags=["uploads"], route_class=ClosedRoute)

PIECE = "application/offset+octet-stream"
_CHECKSUM = r"^sha256 [A-Za-z0-9+/]{43}=$"

Sender = Annotated[Caller, needs(Scope.DOSSIERS_WRITE)]
UploadId = Annotated[str, InPath(pattern=r"^[0-9a-f]{24}$", examples=["0123456789abcdef01234567"])]


class Announcement(Strict):
    """A file that is to come."""

    name: str = Field(min_length=1, max_length=200, examples=["giấy khai sinh.pdf"])
    bytes: Whole = Field(ge=1, le=5_000_000_000, examples=[184320])
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="Of the whole file.")


class UploadStatus(BaseModel):
    """How far an upload is: ``open``, ``whole`` (may be handed in), ``used`` or ``spoilt``."""

    id: str
    name: str
    bytes: int
    sha256: str
    received: int
    state: str
    until: datetime


_HEADERS: dict[str, Any] = {
    "Upload-Offset": {"description": "Bytes that have come.", "schema": {"type": "integer"}},
    "Upload-Length": {"description": "Bytes of the whole file.", "schema": {"type": "integer"}},
}


@router.post("", status_code=201, response_model=UploadStatus, responses=closed(409, 413))
def announce(request: Request, house: AnyHouse, caller: Sender, body: Announcement, key: IdempotencyKey = None) -> Response:
    """Announce a file; `Location` is where its pieces go."""
    try:
        made = handover_of(house).begin(caller.client, body.name, body.bytes, body.sha256)
    except UploadError as error:
        raise ApiProblemError(error.code) from error
    answer = answer_tagged(request, _status(made), _headers(made) | {"Location": f"/v1/uploads/{made.id}"})
    answer.status_code = 201
    return answer


@router.get("/{upload_id}", response_model=UploadStatus, responses=closed(404) | NOT_MODIFIED)
def show(request: Request, house: AnyHouse, caller: Sender, upload_id: UploadId, tag: IfNoneMatch = None) -> Response:
    """How far an upload is."""
    found = handover_of(house).find(caller.client, upload_id)
    return answer_tagged(request, _status(found), _headers(found))


@router.head("/{upload_id}", response_class=Response, responses=closed(404) | {200: {"headers": _HEADERS}})
def tell_offset(house: AnyHouse, caller: Sender, upload_id: UploadId) -> Response:
    """Where to go on: `Upload-Offset`."""
    return Response(headers=_headers(handover_of(house).find(caller.client, upload_id)))


@router.patch(
    "/{upload_id}",
    status_code=204,
    response_class=Response,
    responses=closed(404, 409, 413, 415) | {204: {"headers": _HEADERS}},
    openapi_extra={"requestBody": {"required": True, "content": {PIECE: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def append(
    request: Request,
    house: AnyHouse,
    caller: Sender,
    upload_id: UploadId,
    offset: Annotated[int, Header(alias="Upload-Offset", ge=0, le=5_000_000_000)],
    checksum: Annotated[str | None, Header(alias="Upload-Checksum", pattern=_CHECKSUM)] = None,
) -> Response:
    """The next piece of a file. What came before a cut is kept, unless `Upload-Checksum` says what should have come."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != PIECE:
        raise ApiProblemError("unsupported_media")
    desk = handover_of(house)
    try:
        upload = await run_in_threadpool(desk.find, caller.client, upload_id)
        desk.require_open(upload, offset)
        kept = await _take(request, house, upload, offset, checksum)
    except UploadError as error:
        raise ApiProblemError(error.code) from error
    return Response(status_code=204, headers=_headers(kept))


@router.delete("/{upload_id}", status_code=204, response_class=Response, responses=closed(404))
def remove(house: AnyHouse, caller: Sender, upload_id: UploadId) -> Response:
    """Forget an upload; what was handed in of it stays."""
    desk = handover_of(house)
    desk.remove(desk.find(caller.client, upload_id))
    return Response(status_code=204)


async def _take(request: Request, house: House, upload: Upload, offset: int, checksum: str | None) -> Upload:
    desk, digest = handover_of(house), hashlib.sha256()
    with room_in(house.flow.scratch, "piece") as folder:
        path = folder / "piece"
        left = upload.bytes - upload.received
        with path.open("wb") as file, suppress(ClientDisconnect):
            async for part in request.stream():
                left -= len(part)
                if left < 0:
                    raise UploadError("more came than was announced", code="too_large")
                digest.update(part)
                file.write(part)
        if checksum is not None and base64.b64encode(digest.digest()).decode() != checksum.removeprefix("sha256 "):
            raise UploadError("the piece does not have its checksum", code="checksum_mismatch")
        return await run_in_threadpool(desk.append, upload, offset, path)


def handover_of(house: House) -> Handover:
    """Who takes files in."""
    return Handover(house.flow, house.place.upload_bytes)


def _headers(upload: Upload) -> dict[str, str]:
    return {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.bytes)}


def _status(upload: Upload) -> UploadStatus:
    return UploadStatus(
        id=upload.id,
        name=upload.name,
        bytes=upload.bytes,
        sha256=upload.sha256,
        received=upload.received,
        state=upload.state.value,
        until=upload.until,
    )
