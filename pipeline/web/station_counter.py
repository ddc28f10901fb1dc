"""What the families of the station's pages share: who may come, what is told of a dossier, where files land."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form, Query, Request
from fastapi.responses import JSONResponse

from pipeline.domain.errors import NotFoundError, SohoaError
from pipeline.domain.natures import Nature
from pipeline.domain.people import Person
from pipeline.station.taking import Taking
from pipeline.web.house import House
from pipeline.web.permissions import Act, Page
from pipeline.web.rendering import language_of
from pipeline.web.station_views import Counter, dossier_state
from pipeline.web.visiting import require
from pipeline.web.words import WORDS

Operator = Annotated[Person, require(Page.STATION, Act.VIEW)]
Scanning = Annotated[Person, require(Page.STATION, Act.CHANGE)]
Code = Annotated[str, Query(min_length=1, max_length=200)]
Short = Annotated[str, Form(max_length=200)]
#: What whoever hands papers in says that they are.
Declared = Annotated[Nature, Form()]


def must_see(code: str, person: Person) -> None:
    """Raise ``NotFoundError`` for a dossier that is not for this person."""
    if not person.sees(code):
        raise NotFoundError(f"no dossier {code!r}")


def state_of(request: Request, house: House, code: str) -> dict[str, Any]:
    """All of the dossier's page that changes by itself."""
    words = WORDS[language_of(request)]
    counter = Counter(house.catalogue, house.papers, house.texts, house.tray, house.feeder, house.shelf, house.sheets)
    return dossier_state(code, counter, words)


def answer(request: Request, house: House, code: str, **told: object) -> JSONResponse:
    """How the dossier stands now, with what else is ``told``."""
    return JSONResponse({**told, "state": state_of(request, house, code)})


def refusal(error: SohoaError, status: int = 409) -> JSONResponse:
    """What to do about it, in words for the operator."""
    return JSONResponse({"error": error.advice, "code": error.code}, status_code=status)


def nonsense(request: Request, word: str) -> JSONResponse:
    """What came makes no sense; ``word`` tells."""
    return JSONResponse({"error": WORDS[language_of(request)][word]}, status_code=422)


def taking_of(house: House) -> Taking:
    """What takes papers in."""
    return Taking(house.flow, house.tray, house.views, house.bounds)
