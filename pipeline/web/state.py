"""The state page: figures for everybody on this machine, the latest documents for those who may see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from pipeline.domain.errors import SohoaError
from pipeline.rereading_desk import Noticed
from pipeline.web.house import AnyHouse, House
from pipeline.web.letters import count_letters
from pipeline.web.permissions import Act, Page, may
from pipeline.web.views import State
from pipeline.web.visiting import NotSignedInError, Visit, visit_of

router = APIRouter()


@router.head("/")
@router.get("/")
def home(request: Request, house: AnyHouse) -> Response:
    """The figures, and whoever may see documents sees the latest."""
    visit = visit_of(request)
    return house.writer.page(request, "state/home.html", visit, letters=_letters(house, visit), **_values(house, visit))


@router.get("/state")
def figures(request: Request, house: AnyHouse) -> Response:
    """The part of the page that is asked for again and again."""
    visit = visit_of(request)
    return house.writer.page(request, "state/figures.html", visit, **_values(house, visit))


@router.get("/healthz")
def healthz(house: AnyHouse) -> JSONResponse:
    """Whether all that the pages need is there."""
    parts = {
        "store": lambda: house.store.stat("working/health"),
        "catalogue": house.catalogue.overview,
        "broker": house.ping_broker,
    }
    away = {name: error for name, ask in parts.items() if (error := _complaint(ask))}
    return JSONResponse({"ok": not away, "away": away}, status_code=503 if away else 200)


def _values(house: House, visit: Visit) -> dict[str, Any]:
    """What is asked for again and again: the state, what is wrong, what waits of later readings."""
    return {"state": _state(house, visit), "trouble": house.health.trouble(), "rereadings": _rereadings(house, visit)}


def _state(house: House, visit: Visit) -> State:
    """What the visitor may see of the state: documents only where a person sees those of an office.

    Raises ``NotSignedInError`` for whoever is not signed in, where the pages are served to other machines.
    """
    if house.place.origin and visit.seat is None:
        raise NotSignedInError("/sign-in")
    seat, person = visit.seat, visit.person
    if seat is None or person is None or seat.provisional or not may(person, Page.DOCUMENT, Act.VIEW):
        return house.desk.figures()
    state = house.desk.state(person.scope)
    house.note_listed(person, "latest documents", (line.document.id for line in state.latest or ()))
    return state


def _letters(house: House, visit: Visit) -> int:
    """How many events could not be told to other systems, for whoever looks after these."""
    seat = visit.seat
    if seat is None or seat.provisional or not may(seat.person, Page.SYSTEMS, Act.VIEW):
        return 0
    return count_letters(house) or 0


def _rereadings(house: House, visit: Visit) -> Noticed:
    """How many papers would read otherwise now, for whoever may decide about them."""
    seat, person = visit.seat, visit.person
    if seat is None or person is None or seat.provisional or not may(person, Page.REREADINGS, Act.VIEW):
        return Noticed()
    return house.notices.of(person.sees)


def _complaint(ask: Callable[[], object]) -> str:
    """What is wrong, empty where all is well."""
    try:
        ask()
    except SohoaError as error:
        return error.code
    return ""
