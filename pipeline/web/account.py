"""One's own account: the password, the sessions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.people.admission import NotAdmittedError, Seat
from pipeline.web.house import AnyHouse
from pipeline.web.visiting import NotSignedInError, drop_cookie, set_cookie, visit_of

router = APIRouter(prefix="/account")


@router.get("")
def own(request: Request, house: AnyHouse) -> Response:
    """Who one is here, and where one is signed in."""
    seat = _seat(request)
    sessions = house.admission.sessions(seat)
    return house.writer.page(request, "people/account.html", visit_of(request), seat=seat, sessions=sessions)


@router.get("/password")
def ask(request: Request, house: AnyHouse) -> Response:
    """The form for a new password."""
    return house.writer.page(request, "people/password.html", visit_of(request), seat=_seat(request), fault="", advice="")


@router.post("/password")
def change(
    request: Request,
    house: AnyHouse,
    old: Annotated[str, Form(max_length=1000)] = "",
    new: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """A new key for this browser and no other session; the form again where something is wrong."""
    seat, visit = _seat(request), visit_of(request)
    fault, advice = "differ", ""
    if new == again:
        try:
            fault = house.admission.change_password(seat, old, new)
        except NotAdmittedError as error:
            fault, advice = error.code, error.advice
    if fault:
        values = {"seat": seat, "fault": fault, "advice": advice}
        return house.writer.page(request, "people/password.html", visit, status=422, **values)
    answer = house.writer.page(request, "people/password_changed.html", visit)
    set_cookie(answer, house.place, house.admission.renew(seat))
    return answer


@router.post("/sessions/{key}/end")
def end_session(request: Request, house: AnyHouse, key: str) -> Response:
    """Another session of one's own ends."""
    house.admission.end(_seat(request), key)
    return RedirectResponse("/account", status_code=303)


@router.post("/sign-out-everywhere")
def sign_out_everywhere(request: Request, house: AnyHouse) -> Response:
    """All sessions of the person end."""
    house.admission.sign_out(_seat(request), everywhere=True)
    answer = RedirectResponse("/", status_code=303)
    drop_cookie(answer, house.place)
    return answer


def _seat(request: Request) -> Seat:
    """Where the visitor sits, also one who must change the password first; raises ``NotSignedInError``."""
    seat = visit_of(request).seat
    if seat is None:
        raise NotSignedInError("/sign-in?to=/account")
    return seat
