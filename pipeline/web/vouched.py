"""Signing in through an identity provider: there and back."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.domain.errors import NotEntitledError, NotFoundError
from pipeline.people.keys import make_key
from pipeline.people.vouching import admit
from pipeline.web.house import AnyHouse, House, Vouching
from pipeline.web.signing_in import address_of, landing, safe_target
from pipeline.web.visiting import Visit, set_cookie, visit_of

router = APIRouter(prefix="/sign-in/openid")

#: Seconds that signing in over there may take.
PATIENCE = 600


@router.get("")
def leave(house: AnyHouse, to: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """To the provider; the browser keeps a key that what comes back must fit."""
    vouching, key = _vouching(house), make_key()
    answer = RedirectResponse(vouching.provider.departure(_callback(house), key), status_code=303)
    answer.set_cookie(
        _name(house),
        f"{key}.{quote(safe_target(to), safe='')}",
        max_age=PATIENCE,
        path="/sign-in/openid" if not house.place.secure else "/",
        secure=house.place.secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/callback")
def arrive(request: Request, house: AnyHouse) -> Response:
    """A new session. The page goes on by itself: a browser on its way back from elsewhere would not send a strict cookie."""
    vouching = _vouching(house)
    key, _, to = request.cookies.get(_name(house), "").partition(".")
    if not key:
        raise NotEntitledError("this browser asked for nothing", code="not_vouched", advice="Hãy đăng nhập lại từ đầu.")
    claims = vouching.provider.vouch(_callback(house), key, dict(request.query_params))
    account = admit(vouching.provider.issuer, claims, vouching.rights, house.catalogue.people, house.clock.now())
    before = visit_of(request).seat
    if before is not None:
        house.admission.sign_out(before)
    opened = house.admission.open(account, address_of(request))
    answer = house.writer.page(request, "people/arrived.html", Visit(opened, None), to=landing(house, opened, unquote(to)))
    set_cookie(answer, house.place, opened)
    answer.delete_cookie(_name(house), path="/" if house.place.secure else "/sign-in/openid", secure=house.place.secure)
    return answer


def _vouching(house: House) -> Vouching:
    if house.vouching is None:
        raise NotFoundError("no identity provider is set")
    return house.vouching


def _callback(house: House) -> str:
    return f"{house.place.address}/sign-in/openid/callback"


def _name(house: House) -> str:
    return "__Host-sohoa-going" if house.place.secure else "sohoa-going"
