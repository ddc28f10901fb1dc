"""What a dossier is for and whose it is, declared at the station."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import JSONResponse

from pipeline.domain.dossier_sheets import DossierSheet
from pipeline.domain.errors import NotEntitledError
from pipeline.station.declaration import read_declaration
from pipeline.web.house import AnyHouse
from pipeline.web.rendering import language_of
from pipeline.web.station_counter import Operator, Scanning, Short, answer, must_see, refusal
from pipeline.web.words import WORDS

router = APIRouter(prefix="/station")


@router.get("/procedures")
def procedures(house: AnyHouse, person: Operator, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Procedures whose code begins so, or whose name holds these words."""
    found = house.shelf.find(q)
    return JSONResponse([{"code": one.code, "name": one.name, "field": one.field, "level": one.level} for one in found])


@router.post("/sheet")
def declare(  # noqa: PLR0913, PLR0917 - the fields of a form
    request: Request,
    house: AnyHouse,
    person: Scanning,
    code: Short,
    number: Annotated[int, Form(ge=0)],
    procedure: Short = "",
    owner_name: Short = "",
    owner_id: Short = "",
) -> Response:
    """Keep procedure and owner of the dossier; what is wrong is told field by field."""
    must_see(code, person)
    typed = {"procedure": procedure, "owner_name": owner_name, "owner_id": owner_id}
    newest = house.flow.sheets.newest(code)
    before = newest if newest.number == number else DossierSheet(code, number)
    sheet, faults = read_declaration(before, typed, house.shelf, house.clock.now().date())
    if sheet is None:
        words = WORDS[language_of(request)]
        return JSONResponse({"faults": {field: words[word] for field, word in faults.items()}}, status_code=422)
    try:
        kept = house.flow.sheets.declare(sheet, actor=person.id)
    except NotEntitledError as error:
        return refusal(error)
    house.sheets.look(code)
    return answer(request, house, code, number=kept.number)
