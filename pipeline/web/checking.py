"""The page that everybody may open: whether the paper that a print is of still holds. It shows nothing about anybody."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.domain.local_time import VIETNAM
from pipeline.reuse.codes import read_code, shown_code
from pipeline.reuse_desk.prints import PrintCodes, PublicCheck
from pipeline.systems.limits import Limiter
from pipeline.web.house import AnyHouse, AnyReuse, House
from pipeline.web.signing_in import address_of
from pipeline.web.visiting import Visit

router = APIRouter()

#: Looks a minute from one address: enough for a counter, too few to guess 128 bits.
LOOKS = 30

_limiter = Limiter()


@router.get("/check")
def ask(request: Request, house: AnyHouse, code: Annotated[str, Query(max_length=100)] = "") -> Response:
    """A form for who has no camera; with a ``code`` to its page."""
    if read := read_code(code):
        return RedirectResponse(f"/check/{read}", status_code=303)
    return _page(request, house, None, faulty=bool(code))


@router.head("/check/{code}")
@router.get("/check/{code}")
def look(request: Request, house: AnyHouse, reuse: AnyReuse, code: Annotated[str, Path(max_length=100)]) -> Response:
    """Valid, revoked or unknown; 429 where somebody asks too often."""
    allowance = _limiter.take(f"check {address_of(request)}", LOOKS, house.clock.now())
    if not allowance.allowed:
        answer = _page(request, house, None, status=429, wait=allowance.wait)
        answer.headers["Retry-After"] = str(allowance.wait)
        return answer
    found = PrintCodes(reuse).look(code)
    return _page(request, house, found, shown=shown_code(read_code(code)))


def _page(
    request: Request, house: House, found: PublicCheck | None, *, status: int = 200, **told: str | int | bool
) -> Response:
    """The page for anybody: who is signed in does not show on it."""
    values: dict[str, str | int | bool] = {"shown": "", "faulty": False, "wait": 0, **told}
    at = house.clock.now().astimezone(VIETNAM)
    visit = Visit("", None)
    answer = house.writer.page(request, "checking/check.html", visit, status=status, found=found, at=at, **values)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
