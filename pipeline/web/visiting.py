"""Who asks: the visit behind a request, what the person may do, and that the form is our own.

A handler asks with a parameter::

    def queue(request: Request, house: AnyHouse, person: Annotated[Person, require(Page.REVIEW, Act.VIEW)]) -> Response:
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, cast
from urllib.parse import quote

from fastapi import Depends, Request, Response
from starlette.datastructures import FormData

from pipeline.domain.errors import NotEntitledError, SohoaError
from pipeline.domain.people import Person
from pipeline.people.admission import LONGEST, PROOF, Seat
from pipeline.people.keys import is_token, token_of
from pipeline.web.house import Place, house_of
from pipeline.web.permissions import Act, Page, may

#: The header and the form field that carry the token.
TOKEN_HEADER, TOKEN_FIELD = "X-CSRF-Token", "csrf"

#: Set by pages that ask again by themselves: such requests do not keep a session alive.
BACKGROUND_HEADER = "X-Background"

#: Pages that are worth a second factor, and what is changed there a fresh proof of it.
GUARDED = frozenset({Page.ACCOUNTS, Page.SYSTEMS})

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class NotSignedInError(SohoaError):
    """Nobody is signed in, or the password must be changed first: ``where`` leads to the page that helps."""

    default_code = "not_signed_in"

    def __init__(self, where: str) -> None:
        super().__init__("sign in first", advice="Hãy đăng nhập.")
        self.where = where


class ForeignFormError(SohoaError):
    """The form does not carry the token of the visit."""

    default_code = "foreign_form"


@dataclass(frozen=True, slots=True)
class Visit:
    """A request's visitor: ``key`` is what the browser holds, ``seat`` is there once somebody is signed in."""

    key: str
    seat: Seat | None

    @property
    def person(self) -> Person | None:
        """Who it is."""
        return self.seat.person if self.seat else None

    @property
    def token(self) -> str:
        """What the forms of this visit carry."""
        return token_of(self.key)


def cookie_name(place: Place) -> str:
    """The name of the cookie; ``__Host-`` has browsers refuse it from anywhere but this very host, by HTTPS."""
    return "__Host-sohoa" if place.secure else "sohoa"


def set_cookie(response: Response, place: Place, key: str) -> None:
    """Have the browser hold ``key``, out of reach of scripts and of other sites."""
    response.set_cookie(
        cookie_name(place),
        key,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=place.secure,
        httponly=True,
        samesite="strict",
    )


def drop_cookie(response: Response, place: Place) -> None:
    """Have the browser forget its key."""
    response.delete_cookie(cookie_name(place), path="/", secure=place.secure, httponly=True, samesite="strict")


def visit_of(request: Request) -> Visit:
    """Who asks, looked up once a request."""
    if not hasattr(request.state, "visit"):
        house = house_of(request)
        key = request.cookies.get(cookie_name(house.place), "")
        background = BACKGROUND_HEADER in request.headers
        request.state.visit = Visit(key, house.admission.seat(key, background=background) if key else None)
    return cast(Visit, request.state.visit)


def current_user(request: Request) -> Person:
    """Who is signed in; raises ``NotSignedInError``, also while a password or a second factor is still to be set."""
    visit = visit_of(request)
    if visit.seat is None:
        raise NotSignedInError(f"/sign-in?to={quote(_target(request), safe='')}")
    house_of(request).require_pace(visit.seat.person)
    if visit.seat.provisional:
        raise NotSignedInError("/account/password")
    if visit.seat.lacking:
        raise NotSignedInError("/account/second-factor")
    return visit.seat.person


def seat_of(request: Request) -> Seat:
    """Where the visitor sits, also one who has still to set a password or a second factor; raises ``NotSignedInError``."""
    seat = visit_of(request).seat
    if seat is None:
        raise NotSignedInError("/sign-in?to=/account")
    return seat


@dataclass(frozen=True, slots=True)
class Right:
    """What a handler wants its visitor to have: gives the signed-in person, raises ``NotEntitledError`` for others."""

    page: Page
    act: Act

    def __call__(self, request: Request, person: Annotated[Person, Depends(current_user)]) -> Person:
        """Who is signed in, and may do ``act`` on ``page``."""
        if self.page in GUARDED:
            _require_second_factor(request)
        if not may(person, self.page, self.act):
            raise NotEntitledError(
                f"{person.id} may not {self.act} {self.page}",
                advice="Tài khoản của bạn không có quyền dùng trang này. Hãy hỏi quản trị viên.",
            )
        if self.page in GUARDED and self.act is not Act.VIEW:
            _require_fresh_proof(request)
        return person


def _require_second_factor(request: Request) -> None:
    """Raise ``NotEntitledError`` for who looks after accounts from another machine with a password alone."""
    seat = visit_of(request).seat
    if house_of(request).place.origin and seat is not None and not seat.vouched and seat.proven is None:
        raise NotEntitledError(
            "accounts are looked after with a second factor, through the identity provider, or by `sohoa accounts`",
            code="second_factor_needed",
            advice="Quản trị qua mạng cần xác thực hai lớp: hãy bật mã dùng một lần ở trang Tài khoản của bạn.",
        )


def _require_fresh_proof(request: Request) -> None:
    """Raise ``NotSignedInError`` where the second factor was shown too long ago for what is to be changed.

    Who opened a form in time has as long again to send it.
    """
    seat, house = visit_of(request).seat, house_of(request)
    if seat is None or seat.second_factor is None:
        return
    patience = PROOF if request.method in _SAFE else 2 * PROOF
    if seat.proven is None or house.clock.now() - seat.proven > patience:
        raise NotSignedInError(f"/account/prove?to={quote(_target(request), safe='')}")


def require(page: Page, act: Act) -> Any:  # noqa: ANN401 - what FastAPI takes for a parameter's marker
    """The marker of a parameter that is the signed-in person, who may do ``act`` on ``page``; others get 403."""
    return Depends(Right(page, act))


async def check_token(request: Request) -> None:
    """Nothing; raises ``ForeignFormError`` for a change that does not carry the token of its visit."""
    if request.method in _SAFE:
        return
    token = request.headers.get(TOKEN_HEADER, "")
    if not token and "form" in request.headers.get("content-type", ""):
        form: FormData = await request.form()
        token = str(form.get(TOKEN_FIELD, ""))
    if not is_token(token, request.cookies.get(cookie_name(house_of(request).place), "")):
        raise ForeignFormError(
            "the form is not of this visit",
            advice="Trang đã mở quá lâu hoặc phiên đã đổi. Hãy tải lại trang rồi làm lại.",
        )


def _target(request: Request) -> str:
    """Where to go on after signing in: the page asked for, where a form was sent the page it stood on is unknown."""
    if request.method not in _SAFE:
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
