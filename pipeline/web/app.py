"""The application: the families of pages, what guards them, what an error makes of the answer."""

from __future__ import annotations

from pathlib import Path

import structlog
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from pipeline.domain.errors import NotEntitledError, NotFoundError, SohoaError, StageError, UnavailableError
from pipeline.web import (
    account,
    accounts,
    batches,
    checking,
    documents,
    figures,
    finding,
    letters,
    owners,
    rereadings,
    review,
    scans,
    second_factor,
    signing_in,
    state,
    station,
    systems,
    vouched,
)
from pipeline.web.api import make_api, make_lane
from pipeline.web.api.swift import Lane
from pipeline.web.guarding import API, HEADERS, HEALTH, Guard
from pipeline.web.house import House, TooManyRequestsError
from pipeline.web.visiting import ForeignFormError, NotSignedInError, Visit, check_token, visit_of

_HERE = Path(__file__).parent

#: The families of pages, in the order in which their addresses are looked up.
FAMILIES = (
    state.router,
    signing_in.router,
    vouched.router,
    account.router,
    second_factor.router,
    accounts.router,
    systems.router,
    letters.router,
    finding.router,
    figures.router,
    owners.router,
    documents.router,
    review.router,
    rereadings.router,
    scans.router,
    *station.ROUTERS,
    checking.router,
    batches.router,
)


class FaultyRequestError(SohoaError):
    """A field is missing, too long or of another kind."""

    default_code = "faulty_request"


#: What an error makes of the answer; the first class that fits counts.
STATUS_CODES: tuple[tuple[type[SohoaError], int], ...] = (
    (NotFoundError, 404),
    (NotEntitledError, 403),
    (ForeignFormError, 403),
    (TooManyRequestsError, 429),
    (FaultyRequestError, 422),
    (UnavailableError, 503),
    (SohoaError, 500),
)

log = structlog.get_logger(__name__)


class App(FastAPI):
    """The pages and the interface. Calls of the interface's ``lane`` go there past everything else."""

    lane: Lane | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self.lane is not None and self.lane.takes(scope):
            await self.lane(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def make_interface(house: House) -> App:
    """The interface for systems alone, without any page; where the house lets none in there is nothing but its health."""
    app = App(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.house = house
    app.add_api_route(HEALTH, state.healthz, methods=["GET"])
    _add_interface(app, house)
    return app


def _add_interface(app: App, house: House) -> None:
    if house.systems is not None:
        api = make_api(house)
        app.lane = make_lane(api, house, API)
        app.mount(API, api, name="api")


def make_app(house: House) -> FastAPI:
    """The application over ``house``."""
    app = App(docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(check_token)])
    app.state.house = house
    app.mount("/static", _Static(directory=_HERE / "static"), name="static")
    _add_interface(app, house)
    app.add_middleware(Guard, place=house.place, admits=lambda key: _admits(house, key))
    app.add_exception_handler(NotSignedInError, _ask_to_sign_in)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _tell_faulty)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _tell_fault)
    app.add_exception_handler(SohoaError, _tell)  # type: ignore[arg-type]
    for router in FAMILIES:
        app.include_router(router)
    return app


def _admits(house: House, key: str) -> bool:
    """Whether ``key`` is that of somebody who is signed in; nobody is while the database is away."""
    try:
        return house.admission.seat(key) is not None
    except UnavailableError:
        return False


class _Static(StaticFiles):
    """Files that never change between two versions: kept by browsers, asked for again."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """The file."""
        response: Response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "no-cache"
        return response


def _ask_to_sign_in(request: Request, error: NotSignedInError) -> Response:
    """To the page that helps; a part of a page that asks again leads all of its page there."""
    if "HX-Request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": error.where})
    return RedirectResponse(error.where, status_code=303)


def _tell(request: Request, error: SohoaError) -> Response:
    """What happened and what to do; of faults of ours the details stand in the log alone."""
    status = next(code for kind, code in STATUS_CODES if isinstance(error, kind))
    log.warning("page failed", path=request.url.path, status=status, error=error.message)
    house: House = request.app.state.house
    visit = _visit_if_any(request)
    if status == 403 and visit.person is not None:
        house.note_refusal(visit.person, request.method, request.url.path, error.code)
    answer = house.writer.page(request, "error.html", visit, status=status, error=error, status_code=status, told=status < 500)
    if isinstance(error, TooManyRequestsError):
        answer.headers["Retry-After"] = str(error.wait)
    return answer


def _tell_fault(request: Request, error: Exception) -> Response:
    """What nobody thought of: the log has it, the page says no more than that it is our fault."""
    log.error("page broke", path=request.url.path, exc_info=error)
    answer = _tell(request, StageError("a fault of ours", advice="Hệ thống gặp lỗi. Hãy thử lại, rồi báo quản trị viên."))
    answer.headers.update(HEADERS)
    return answer


def _tell_faulty(request: Request, error: RequestValidationError) -> Response:
    """Something came that no page of ours sends; what it was is not said again."""
    return _tell(request, FaultyRequestError("the request is not one of these pages"))


def _visit_if_any(request: Request) -> Visit:
    """Who asks; nobody where the database that knows is away."""
    try:
        return visit_of(request)
    except UnavailableError:
        return Visit("", None)
