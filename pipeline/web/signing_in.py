"""Signing in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.people.admission import NotAdmittedError
from pipeline.people.keys import is_key, make_key
from pipeline.web.house import AnyHouse, House
from pipeline.web.visiting import Visit, drop_cookie, set_cookie, visit_of

router = APIRouter()


@router.get("/sign-in")
def ask(request: Request, house: AnyHouse, to: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """The form; its token belongs to a key that the browser gets with it, so that no other site can sign somebody in.

    A second window has the same one. It is never the key of a session: signing in gives another.
    """
    visit = visit_of(request)
    if visit.seat is not None:
        return RedirectResponse(safe_target(to), status_code=303)
    return _form(request, house, Visit(visit.key if is_key(visit.key) else make_key(), None), to)


@router.post("/sign-in")
def sign_in(
    request: Request,
    house: AnyHouse,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    to: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """To where one was going, with a new key; the form again where nobody is let in."""
    visit = visit_of(request)
    try:
        key = house.admission.sign_in(login, password, address_of(request))
    except NotAdmittedError as error:
        return _form(request, house, Visit(visit.key, None), to, login=login, error=error)
    if visit.seat is not None:
        house.admission.sign_out(visit.seat)
    answer = RedirectResponse(safe_target(to), status_code=303)
    set_cookie(answer, house.place, key)
    return answer


@router.post("/sign-out")
def sign_out(request: Request, house: AnyHouse) -> Response:
    """The session ends here and now."""
    visit = visit_of(request)
    if visit.seat is not None:
        house.admission.sign_out(visit.seat)
    answer = RedirectResponse("/", status_code=303)
    drop_cookie(answer, house.place)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def address_of(request: Request) -> str:
    """The network address that the request came from."""
    return request.client.host if request.client else ""


def _form(
    request: Request, house: House, visit: Visit, to: str, *, login: str = "", error: NotAdmittedError | None = None
) -> Response:
    status = 200 if error is None else 429 if error.code == "locked_out" else 401
    answer = house.writer.page(
        request,
        "people/sign_in.html",
        visit,
        status=status,
        to=safe_target(to),
        login=login,
        error=error,
        vouched=house.vouching is not None,
    )
    if visit.key:
        set_cookie(answer, house.place, visit.key)
    if error is not None and error.until is not None:
        answer.headers["Retry-After"] = str(max(1, round((error.until - house.clock.now()).total_seconds())))
    return answer


def safe_target(to: str) -> str:
    """``to`` where it is a page of ours, else the first page: a link must not lead elsewhere through us."""
    ours = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() and "\\" not in to
    return to if ours else "/"
