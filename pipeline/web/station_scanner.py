"""The scanner at the station: pages seen as they come, stopped, gone on with, handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import FileResponse

from pipeline.domain.errors import NotEntitledError, NotFoundError
from pipeline.domain.natures import Nature
from pipeline.scan_views import MEDIA_TYPE
from pipeline.station.feeder import Feeder
from pipeline.station.feeding import Insertion
from pipeline.station.scanner import MODES, RESOLUTIONS, ScanWish
from pipeline.web.house import AnyHouse, House
from pipeline.web.station_counter import Code, Declared, Operator, Scanning, Short, answer, must_see, nonsense, refusal

router = APIRouter(prefix="/station")


@dataclass(frozen=True, slots=True)
class ScanForm:
    """How to scan, and where the pages belong where they are no document of their own."""

    resolution: Annotated[int, Form()] = RESOLUTIONS[1]
    mode: Short = MODES[0]
    feeder: Annotated[bool, Form()] = False
    document: Short = ""
    place: Annotated[int, Form()] = 0
    version: Short = ""
    reason: Short = ""
    nature: Declared = Nature.ORIGINAL

    @property
    def wish(self) -> ScanWish:
        """How to scan."""
        return ScanWish(self.resolution, self.mode, self.feeder)

    @property
    def into(self) -> Insertion | None:
        """Where the pages belong; None: they become a document."""
        return Insertion(self.document, self.place, self.version, self.reason) if self.document else None


@router.post("/scan")
def scan(request: Request, house: AnyHouse, person: Scanning, code: Short, form: Annotated[ScanForm, Depends()]) -> Response:
    """Begin to scan; pages are told of as they come."""
    must_see(code, person)
    if form.into is not None and house.document(form.document, person).dossier != code:
        raise NotFoundError(f"no document {form.document!r} in {code!r}")
    if form.into is not None and not form.reason.strip():
        return nonsense(request, "bad_change")
    try:
        _feeder(house).begin(code, person.id, form.wish, form.into, nature=form.nature)
    except NotEntitledError as error:
        return refusal(error)
    except ValueError:
        return nonsense(request, "bad_scan_wish")
    return answer(request, house, code)


@router.post("/scan/{act}")
def go_about(request: Request, house: AnyHouse, person: Scanning, code: Short, act: str) -> Response:
    """``stop`` the scanner, ``go_on``, ``finish`` with what has come, or ``drop`` it."""
    must_see(code, person)
    feeder = _feeder(house)
    acts = {"stop": feeder.stop, "go_on": feeder.go_on, "finish": feeder.finish, "drop": feeder.drop}
    if act not in acts:
        raise NotFoundError(f"nothing is called {act!r} here")
    acts[act](code)
    return answer(request, house, code)


@router.get("/feeder/{page}.webp")
def page_on_its_way(house: AnyHouse, page: int, person: Operator, code: Code) -> Response:
    """A page that has come from the scanner and is not handed in yet."""
    must_see(code, person)
    found = _feeder(house).feeding(code)
    if found is None or house.views is None:
        raise NotFoundError(f"no page {page} from the scanner for {code!r}")
    return FileResponse(house.views.view(found.sight(page)), media_type=MEDIA_TYPE)


def _feeder(house: House) -> Feeder:
    if house.feeder is None:
        raise NotFoundError("no scanner is set (SOHOA_SCANNER)")
    return house.feeder
