"""Search for entitled systems, among the documents of their offices."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pipeline.domain.clients import Scope
from pipeline.domain.documents import Status
from pipeline.ports import Narrowing
from pipeline.systems.desk import Caller
from pipeline.web.api.admitting import Purpose, ServiceRoute, needs
from pipeline.web.api.shapes import Moment, Strict, Whole, closed
from pipeline.web.house import AnyHouse

router = APIRouter(prefix="/search", tags=["search"], route_class=ServiceRoute)

Searcher = Annotated[Caller, needs(Scope.SEARCH)]

_TEXT = r"^[^\x00-\x1f\x7f]*$"


class Wish(Strict):
    """What is looked for: words with or without tone marks, or a number such as ``717/QĐ-UBND``; narrowed to what."""

    query: str = Field(default="", max_length=200, pattern=_TEXT, examples=["717/QĐ-UBND"])
    type: str = Field(default="", max_length=64, pattern=r"^[a-z0-9_]*$")
    status: Status | None = None
    dossier: str = Field(default="", max_length=64, pattern=r"^[A-Z0-9.\-]*$")
    since: Moment | None = None
    until: Moment | None = None
    limit: Whole = Field(default=20, ge=1, le=100)


class Found(BaseModel):
    """A document found; ``snippet`` is its text around what was looked for."""

    document: str
    dossier: str
    type: str
    title: str
    number: str
    snippet: str


class FoundTold(BaseModel):
    """What was found, the best first."""

    found: list[Found]


@router.post("", responses=closed())
def search(house: AnyHouse, caller: Searcher, body: Wish, purpose: Purpose) -> FoundTold:
    """Documents of the system's offices. What is looked for stands in the body, never in an address."""
    narrowed = Narrowing(body.type, body.status, body.dossier, body.since, body.until)
    hits = house.catalogue.search(
        body.query.strip(),
        limit=body.limit,
        offices=caller.client.person.scope,
        narrowed=None if narrowed.is_any else narrowed,
    )
    return FoundTold(
        found=[
            Found(
                document=hit.document,
                dossier=hit.dossier,
                type=hit.type,
                title=hit.title,
                number=hit.number,
                snippet=hit.snippet,
            )
            for hit in hits
        ]
    )
