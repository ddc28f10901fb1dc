"""Ask before a citizen is asked again; request, preview and release what is held, against a signed receipt."""

from __future__ import annotations

from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi import Path as InPath
from fastapi.responses import StreamingResponse

from pipeline.domain.clients import Scope
from pipeline.domain.releases import CheckQuestion, System, Wanted
from pipeline.reuse_desk.checks import Checks
from pipeline.reuse_desk.requests import Requests
from pipeline.systems.desk import Caller
from pipeline.web.api.admitting import ClosedRoute, OpenRoute, needs
from pipeline.web.api.conditions import NOT_MODIFIED, IfNoneMatch, answer_tagged
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
from pipeline.web.api.tokens import KeySet
from pipeline.web.house import AnyReuse


class ServiceRoute(ClosedRoute):
    """A closed route whose service itself knows repeated calls: what it answers is personal, and kept nowhere else."""

    keeps_answers = False


router = APIRouter(prefix="/reuse", tags=["reuse"], route_class=ServiceRoute)
keys = APIRouter(prefix="/reuse", tags=["reuse"], route_class=OpenRoute)

Asker = Annotated[Caller, needs(Scope.REUSE_CHECK)]
Requester = Annotated[Caller, needs(Scope.REUSE_REQUEST)]
RequestId = Annotated[str, InPath(pattern=r"^[A-Za-z0-9_-]{8,64}$", examples=["20260105-0123456789ab"])]


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


@router.post("/requests/{request_id}/release", response_model=ReleaseTold, responses=closed(404, 409))
def release(request: Request, ports: AnyReuse, caller: Requester, request_id: RequestId) -> ReleaseTold:
    """The least that was asked for, judged anew, with a signed receipt: the same one each time."""
    made = Requests(ports).release(system_of(caller), request_id)
    request.state.document, request.state.purpose = made.request.document, made.request.purpose
    request.state.noted = bool(made.url)
    return ReleaseTold.of(made)


_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/requests/{request_id}/pdf", response_class=Response, responses=closed(404, 409) | _PDF)
def fetch(request: Request, ports: AnyReuse, caller: Requester, request_id: RequestId) -> Response:
    """The PDF of a request that was released, judged anew before its first byte."""
    desk, system = Requests(ports), system_of(caller)
    found = desk.find(system, request_id)
    request.state.document, request.state.purpose = found.document, found.purpose
    pieces = desk.stream(system, request_id)
    request.state.noted = True
    return StreamingResponse(chain([next(pieces, b"")], pieces), media_type="application/pdf")


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
