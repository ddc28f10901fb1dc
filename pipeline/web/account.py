"""One's own account: the password, the sessions, what one is told."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.people.admission import NotAdmittedError
from pipeline.people.news import unread
from pipeline.web.house import AnyHouse
from pipeline.web.signing_in import safe_target
from pipeline.web.visiting import Visit, drop_cookie, seat_of, set_cookie, visit_of

router = APIRouter(prefix="/account")


@router.get("")
def own(request: Request, house: AnyHouse) -> Response:
    """Who one is here, and where one is signed in."""
    seat = seat_of(request)
    sessions = house.admission.sessions(seat)
    told = house.catalogue.people.notices.of(seat.person.id, limit=10)
    lasting = house.vault is not None and not seat.vouched
    visit = visit_of(request)
    return house.writer.page(request, "people/account.html", visit, seat=seat, sessions=sessions, told=told, lasting=lasting)


@router.get("/news")
def news(request: Request, house: AnyHouse, to: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """What happened to the account that one was not told yet; the way on once one said so."""
    told = unread(house.catalogue.people, seat_of(request).person.id)
    return house.writer.page(request, "people/news.html", visit_of(request), told=told, to=safe_target(to))


@router.post("/news")
def mark_read(request: Request, house: AnyHouse, to: Annotated[str, Form(max_length=2000)] = "/") -> Response:
    """To where one was going, having seen what happened."""
    house.catalogue.people.notices.mark_read(seat_of(request).person.id)
    return RedirectResponse(safe_target(to), status_code=303)


@router.get("/password")
def ask(request: Request, house: AnyHouse) -> Response:
    """The form for a new password."""
    return house.writer.page(request, "people/password.html", visit_of(request), seat=seat_of(request), fault="", advice="")


@router.post("/password")
def change(
    request: Request,
    house: AnyHouse,
    old: Annotated[str, Form(max_length=1000)] = "",
    new: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """A new key for this browser and no other session; the form again where something is wrong."""
    seat, visit = seat_of(request), visit_of(request)
    fault, advice = "differ", ""
    if new == again:
        try:
            fault = house.admission.change_password(seat, old, new)
        except NotAdmittedError as error:
            fault, advice = error.code, error.advice
    if fault:
        values = {"seat": seat, "fault": fault, "advice": advice}
        return house.writer.page(request, "people/password.html", visit, status=422, **values)
    key = house.admission.renew(seat)
    answer = house.writer.page(request, "people/password_changed.html", Visit(key, seat))
    set_cookie(answer, house.place, key)
    return answer


@router.post("/sessions/{key}/end")
def end_session(request: Request, house: AnyHouse, key: str) -> Response:
    """Another session of one's own ends."""
    house.admission.end(seat_of(request), key)
    return RedirectResponse("/account", status_code=303)


@router.post("/sign-out-everywhere")
def sign_out_everywhere(request: Request, house: AnyHouse) -> Response:
    """All sessions of the person end."""
    house.admission.sign_out(seat_of(request), everywhere=True)
    answer = RedirectResponse("/", status_code=303)
    drop_cookie(answer, house.place)
    return answer
