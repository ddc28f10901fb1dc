"""Ask before a citizen is asked again; request, preview and release what is held, against a signed receipt."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import StreamingResponse

from pipeline.domain.clients import Scope
from pipeline.domain.releases import CheckQuestion, System, Wanted
from pipeline.reuse_desk.checks import Checks
from pipeline.reuse_desk.contents import Span
from pipeline.reuse_desk.releasing import Releasing
from pipeline.reuse_desk.requests import Requests
from pipeline.reuse_desk.scene import ReusePorts
from pipeline.systems.desk import Caller
from pipeline.web.api.admitting import OpenRoute, ServiceRoute, needs
from pipeline.web.api.byte_ranges import IfRange, Range, range_of
from pipeline.web.api.conditions import NOT_MODIFIED, IfNoneMatch, answer_tagged, is_known
from pipeline.web.api.problems import ApiProblemError
from pipeline.web.api.repeating import KEY_HEADER, KEY_PATTERN
from pipeline.web.api.reuse_shapes import (
    CheckTold,
    PreviewTold,
    Question,
    ReleaseTold,
    RequestTold,
    WantedById,
    WantedByOwner,
)
from pipeline.web.api.shapes import closed, problems
from pipeline.web.api.swift import REQUEST_ID, SwiftRoute
from pipeline.web.api.tokens import KeySet
from pipeline.web.house import AnyReuse

router = APIRouter(prefix="/reuse", tags=["reuse"], route_class=ServiceRoute)
swift = APIRouter(prefix="/reuse", tags=["reuse"], route_class=SwiftRoute)
keys = APIRouter(prefix="/reuse", tags=["reuse"], route_class=OpenRoute)

By = Annotated[Literal["link", "stream"] | None, Query(description="By whom the PDF is sent.", examples=["stream"])]
Asker = Annotated[Caller, needs(Scope.REUSE_CHECK)]
Requester = Annotated[Caller, needs(Scope.REUSE_REQUEST)]
RequestId = Annotated[str, InPath(pattern=REQUEST_ID, examples=["20260105-0123456789ab"])]


def system_of(caller: Caller) -> System:
    """The calling system, as the services of reuse know it."""
    return System(caller.client.id, caller.client.agency, frozenset(scope.value for scope in caller.scopes))


@router.post("/checks", response_model=CheckTold, responses=closed(409))
def check(request: Request, ports: AnyReuse, caller: Asker, body: Question) -> CheckTold:
    """Which components are held and reusable, which are held but not reusable (why), which are not held."""
    request.state.purpose = body.purpose
    on = body.on or ports.clock.now().astimezone().date()
    question = CheckQuestion(body.owner.owner, body.purpose, on, body.procedure, tuple(body.types))
    made = Checks(ports).check(system_of(caller), question)
    request.state.noted = True
    return CheckTold.model_validate(made)


@router.post("/requests", status_code=201, response_model=RequestTold, responses=closed(404, 409))
def open_request(
    request: Request,
    response: Response,
    ports: AnyReuse,
    caller: Requester,
    body: WantedById | WantedByOwner,
    key: Annotated[str, Header(alias=KEY_HEADER, pattern=KEY_PATTERN)] = "",
) -> RequestTold:
    """Request one paper. Refused (403) with the reason where the agency is not entitled, or the paper does not hold."""
    request.state.purpose = body.purpose
    made = Requests(ports).open(system_of(caller), _wanted(body), idempotency_key=key)
    response.headers["Location"] = f"/v1/reuse/requests/{made.id}"
    return RequestTold.model_validate(made)


@router.get("/requests/{request_id}", response_model=RequestTold, responses=closed(404) | NOT_MODIFIED)
def show_request(
    request: Request, ports: AnyReuse, caller: Requester, request_id: RequestId, tag: IfNoneMatch = None
) -> Response:
    """How far a request is."""
    return answer_tagged(request, RequestTold.model_validate(Requests(ports).find(system_of(caller), request_id)))


@router.get("/requests/{request_id}/preview", response_model=PreviewTold, responses=closed(404))
def preview(request: Request, ports: AnyReuse, caller: Requester, request_id: RequestId) -> PreviewTold:
    """What a release would give now, without any value of it."""
    found = Requests(ports).preview(system_of(caller), request_id)
    request.state.document, request.state.purpose = found.request.document, found.request.purpose
    return PreviewTold.model_validate(found)


@swift.post("/requests/{request_id}/release", response_model=ReleaseTold, responses=closed(404, 409))
def release(request: Request, ports: AnyReuse, caller: Requester, request_id: RequestId) -> Response:
    """The least that was asked for, judged anew, with a signed receipt: the same one each time."""
    made = Requests(ports).release(system_of(caller), request_id)
    request.state.document, request.state.purpose = made.request.document, made.request.purpose
    request.state.noted = bool(made.url)
    return Response(ReleaseTold.of(made).model_dump_json(), media_type="application/json")


_PDF: dict[str, Any] = {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
_FETCHED: dict[int | str, dict[str, Any]] = {
    200: _PDF,
    206: {"description": "The part that was asked for (Range).", **_PDF},
    307: {"description": "Where it is to be fetched at once, without a token (Location)."},
}


@swift.get("/requests/{request_id}/pdf", response_class=Response, responses=closed(404, 409, 416) | NOT_MODIFIED | _FETCHED)
def fetch(  # noqa: PLR0913, PLR0917 - the parameters of a call
    request: Request,
    ports: AnyReuse,
    caller: Requester,
    request_id: RequestId,
    by: By = None,
    tag: IfNoneMatch = None,
    part: Range = None,
    condition: IfRange = None,
) -> Response:
    """The PDF of a request that was released, judged anew before its first byte; its ETag is its sha256.

    `by=stream`: by us, the whole or one range of bytes. `by=link`: by a link (307) that lives for some seconds. Else as the
    installation likes.
    """
    releasing, system = Releasing(ports), system_of(caller)
    leads = leads_to(request, ports)
    found = releasing.content(system, request_id)
    request.state.document, request.state.purpose = found.request.document, found.request.purpose
    etag, count = f'"{found.holding.pdf_sha256}"', found.holding.pdf_bytes
    headers = {"ETag": etag, "Accept-Ranges": "bytes"}
    if is_known(request, etag):
        return Response(status_code=304, headers=headers)
    if leads:
        made = Response(status_code=307, headers={"Location": releasing.lead(found)})
        request.state.noted = True
        return made
    asked = range_of(request, count, etag)
    pieces = releasing.stream(found, Span(asked.first, asked.length) if asked else None)
    request.state.noted = True
    headers["Content-Length"] = str(asked.length if asked else count)
    told = headers | ({"Content-Range": asked.header} if asked else {})
    return StreamingResponse(_begun(pieces), 206 if asked else 200, told, media_type="application/pdf")


def leads_to(request: Request, ports: ReusePorts) -> bool:
    """Whether the caller is led to the store; raises a problem where it wants what is unknown."""
    wanted = request.query_params.get("by")
    if wanted is None:
        return ports.terms.leads
    if wanted not in {"link", "stream"}:
        raise ApiProblemError("faulty_request", errors=[{"where": "query.by", "what": "enum"}])
    return wanted == "link"


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, once the first of them is there: a store that is away is told before the answer begins."""
    return chain([next(pieces, b"")], pieces)


@keys.get("/receipts/jwks.json", responses=problems(421, 503))
def publish_receipt_keys(ports: AnyReuse, response: Response) -> KeySet:
    """The public keys that receipts are proven by, those of former times included."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return KeySet(keys=ports.receipts.keys()["keys"])


def _wanted(body: WantedById | WantedByOwner) -> Wanted:
    return Wanted(
        purpose=body.purpose,
        procedure=body.procedure,
        form=body.form,
        fields=tuple(body.fields),
        consent=body.consent,
        document=body.document if isinstance(body, WantedById) else "",
        part=body.part if isinstance(body, WantedById) else 0,
        type=body.type if isinstance(body, WantedByOwner) else "",
        owner=body.owner.owner if isinstance(body, WantedByOwner) else None,
    )
