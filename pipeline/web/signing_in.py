"""Signing in and out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.people.admission import NotAdmittedError
from pipeline.people.keys import is_key, make_key
from pipeline.people.news import unread
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
    """To where one was going, with a new key, or to the second factor; the form again where nobody is let in."""
    visit = visit_of(request)
    try:
        key = house.admission.sign_in(login, password, address_of(request))
    except NotAdmittedError as error:
        return _form(request, house, Visit(visit.key, None), to, login=login, error=error)
    if visit.seat is not None:
        house.admission.sign_out(visit.seat)
    waits = house.admission.waiting(key) is not None
    answer = RedirectResponse(f"/sign-in/code?to={quote(safe_target(to), safe='')}" if waits else landing(house, key, to), 303)
    set_cookie(answer, house.place, key)
    return answer


@router.get("/sign-in/code")
def ask_code(request: Request, house: AnyHouse, to: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """The form for the second factor of who showed the right password; the first form for everybody else."""
    visit = visit_of(request)
    if house.admission.waiting(visit.key) is None:
        return RedirectResponse(f"/sign-in?to={quote(safe_target(to), safe='')}", status_code=303)
    return _code_form(request, house, visit, to, None)


@router.post("/sign-in/code")
def show_code(
    request: Request,
    house: AnyHouse,
    code: Annotated[str, Form(max_length=100)] = "",
    to: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """To where one was going, with another key again; the form again for a wrong code."""
    visit = visit_of(request)
    try:
        key = house.admission.pass_on(visit.key, code, address_of(request))
    except NotAdmittedError as error:
        form = _form if error.code == "too_late" else _code_form
        return form(request, house, visit, to, error=error)
    answer = RedirectResponse(landing(house, key, to), status_code=303)
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


def landing(house: House, key: str, to: str) -> str:
    """Where one is led who has just signed in: to a password of one's own, past what one was not told yet."""
    seat, target = house.admission.seat(key), safe_target(to)
    if seat is not None and seat.provisional:
        return "/account/password"
    news = seat is not None and unread(house.catalogue.people, seat.person.id)
    return f"/account/news?to={quote(target, safe='')}" if news else target


def address_of(request: Request) -> str:
    """The network address that the request came from."""
    return request.client.host if request.client else ""


def _code_form(request: Request, house: House, visit: Visit, to: str, error: NotAdmittedError | None) -> Response:
    values = {"to": safe_target(to), "error": error, "action": "/sign-in/code"}
    return _timed(house, house.writer.page(request, "people/code.html", visit, status=_status(error), **values), error)


def _form(
    request: Request, house: House, visit: Visit, to: str, *, login: str = "", error: NotAdmittedError | None = None
) -> Response:
    answer = house.writer.page(
        request,
        "people/sign_in.html",
        visit,
        status=_status(error),
        to=safe_target(to),
        login=login,
        error=error,
        vouched=house.vouching is not None,
    )
    if visit.key:
        set_cookie(answer, house.place, visit.key)
    return _timed(house, answer, error)


def _status(error: NotAdmittedError | None) -> int:
    return 200 if error is None else 429 if error.code == "locked_out" else 401


def _timed(house: House, answer: Response, error: NotAdmittedError | None) -> Response:
    """The answer, saying when to try again where that is known."""
    if error is not None and error.until is not None:
        answer.headers["Retry-After"] = str(max(1, round((error.until - house.clock.now()).total_seconds())))
    return answer


def safe_target(to: str) -> str:
    """``to`` where it is a page of ours, else the first page: a link must not lead elsewhere through us."""
    ours = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() and "\\" not in to
    return to if ours else "/"
