"""One's own second factor: set up, shown anew, its codes of recovery, taken away."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from pipeline.domain.errors import NotFoundError
from pipeline.domain.people import Account
from pipeline.people.admission import NotAdmittedError, Seat
from pipeline.people.factors import SecondFactors
from pipeline.people.one_time_codes import address_of as app_address
from pipeline.people.sealing import seal, unseal
from pipeline.web.house import AnyHouse, House
from pipeline.web.signing_in import address_of, safe_target
from pipeline.web.visiting import Visit, seat_of, set_cookie, visit_of

router = APIRouter(prefix="/account")

Code = Annotated[str, Form(max_length=100)]


@router.get("/second-factor")
def own(request: Request, house: AnyHouse) -> Response:
    """The second factor as it is; the form that sets one up for who has none."""
    _account(house, seat_of(request))
    return _page(request, house)


@router.post("/second-factor")
def set_up(
    request: Request,
    house: AnyHouse,
    sealed: Annotated[str, Form(max_length=4000)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    code: Code = "",
) -> Response:
    """The codes of recovery, shown once, with a new key and no other session; the form again where something is wrong."""
    seat, visit = seat_of(request), visit_of(request)
    account = _account(house, seat)
    secret = unseal(visit.key, sealed, house.clock.now())
    if account.second_factor is not None or secret is None:
        return _page(request, house)
    try:
        known = house.admission.is_password_of(seat, password, address_of(request))
    except NotAdmittedError as error:
        return _page(request, house, advice=error.advice, secret=secret, status=429)
    if not known:
        return _page(request, house, fault="wrong", secret=secret, status=422)
    codes = _factors(house).confirm(account, secret, code)
    if not codes:
        return _page(request, house, fault="code", secret=secret, status=422)
    house.catalogue.people.close_sessions(account.id, but=seat.key)
    return _show_codes(request, house, house.admission.renew(seat, proven=True), codes)


@router.post("/second-factor/codes")
def renew_codes(request: Request, house: AnyHouse, code: Code = "") -> Response:
    """New codes of recovery, shown once; the page again for a wrong code."""
    try:
        key = house.admission.prove(seat_of(request), code, address_of(request))
    except NotAdmittedError as error:
        return _page(request, house, advice=error.advice, status=422)
    return _show_codes(request, house, key, _factors(house).renew_codes(_account(house, seat_of(request))))


@router.post("/second-factor/remove")
def remove(request: Request, house: AnyHouse, code: Code = "") -> Response:
    """To one's account, without a second factor; the page again for a wrong code."""
    seat = seat_of(request)
    try:
        key = house.admission.prove(seat, code, address_of(request))
    except NotAdmittedError as error:
        return _page(request, house, advice=error.advice, status=422)
    _factors(house).remove(_account(house, seat))
    answer = RedirectResponse("/account", status_code=303)
    set_cookie(answer, house.place, key)
    return answer


@router.get("/prove")
def ask(request: Request, house: AnyHouse, to: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """The form that asks for the second factor once more, before something that is worth it."""
    seat_of(request)
    return _ask(request, house, to, None)


@router.post("/prove")
def prove(request: Request, house: AnyHouse, code: Code = "", to: Annotated[str, Form(max_length=2000)] = "/") -> Response:
    """To where one was going, with a new key."""
    try:
        key = house.admission.prove(seat_of(request), code, address_of(request))
    except NotAdmittedError as error:
        return _ask(request, house, to, error)
    answer = RedirectResponse(safe_target(to), status_code=303)
    set_cookie(answer, house.place, key)
    return answer


def _ask(request: Request, house: House, to: str, error: NotAdmittedError | None) -> Response:
    values = {"to": safe_target(to), "error": error, "action": "/account/prove"}
    return house.writer.page(request, "people/code.html", visit_of(request), status=200 if error is None else 401, **values)


def _account(house: House, seat: Seat) -> Account:
    """The account of the visitor; raises ``NotFoundError`` where it can have no second factor of ours."""
    account = house.catalogue.people.account(seat.person.id)
    if account is None or account.issuer or house.vault is None:
        advice = "Tài khoản này đăng nhập qua hệ thống định danh chung: xác thực hai lớp đặt ở đó."
        raise NotFoundError("no second factor of ours", advice=advice)
    return account


def _factors(house: House) -> SecondFactors:
    found = house.admission.factors
    if found is None:
        raise NotFoundError("nothing keeps second factors here")
    return found


def _page(
    request: Request, house: House, *, fault: str = "", advice: str = "", secret: str | None = None, status: int = 200
) -> Response:
    visit, seat = visit_of(request), seat_of(request)
    account = _account(house, seat)
    values: dict[str, object] = {"seat": seat, "fault": fault, "advice": advice, "account": account}
    if account.second_factor is not None:
        needed = bool(account.roles & house.second_factor)
        values |= {"left": _factors(house).left(account.id), "needed": needed}
        return house.writer.page(request, "people/second_factor.html", visit, status=status, **values)
    secret = secret or _factors(house).begin()
    drawn = segno.make(app_address(secret, account.login), error="m", micro=False).svg_inline(border=4, omitsize=True)
    values |= {
        "sealed": seal(visit.key, secret, house.clock.now()),
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "qr": Markup(drawn),  # noqa: S704 - drawn by ourselves out of modules, no text in it
    }
    return house.writer.page(request, "people/set_up_factor.html", visit, status=status, **values)


def _show_codes(request: Request, house: House, key: str, codes: tuple[str, ...]) -> Response:
    answer = house.writer.page(request, "people/recovery_codes.html", Visit(key, seat_of(request)), codes=codes)
    set_cookie(answer, house.place, key)
    return answer
