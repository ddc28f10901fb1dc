"""The search page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from pipeline.domain.people import Person
from pipeline.web.house import AnyHouse
from pipeline.web.permissions import Act, Page
from pipeline.web.visiting import require, visit_of

router = APIRouter()


@router.get("/find")
def find(
    request: Request,
    house: AnyHouse,
    person: Annotated[Person, require(Page.FIND, Act.VIEW)],
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Documents of the person's offices whose text or fields hold what was asked for."""
    query = q.strip()
    hits = house.desk.find(query, person.scope) if query else ()
    house.note_listed(person, "search results", (hit.document for hit in hits))
    return house.writer.page(request, "finding/find.html", visit_of(request), query=query, hits=hits)
