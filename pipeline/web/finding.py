"""Finding: the search page (words, and what documents found must be beside), and the page of a dossier that it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, field_validator

from pipeline.domain.documents import Document, Status
from pipeline.domain.errors import NotFoundError
from pipeline.domain.people import Person
from pipeline.ports import Hit, Narrowing
from pipeline.web import dossiers
from pipeline.web.house import AnyHouse, House
from pipeline.web.permissions import Act, Page
from pipeline.web.visiting import require, visit_of

router = APIRouter()
router.include_router(dossiers.router)

#: Documents shown at first, and added each time that more are asked for; how often that may be.
STEP, MOST_STEPS = 20, 10


class Asked(BaseModel):
    """What the form of the search says; days are those of this place, both included."""

    q: str = Field(default="", max_length=200)
    type: str = Field(default="", max_length=100)
    status: Status | None = None
    dossier: str = Field(default="", max_length=200)
    since: date | None = None
    until: date | None = None
    steps: int = Field(default=1, ge=1, le=MOST_STEPS)

    @field_validator("status", "since", "until", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @property
    def narrowed(self) -> Narrowing:
        """What documents must be."""
        since = _midnight(self.since) if self.since else None
        until = _midnight(self.until + timedelta(days=1)) if self.until and self.until < date.max else None
        return Narrowing(self.type, self.status, self.dossier.strip(), since, until)

    @property
    def more(self) -> str:
        """The address of the same search with more shown."""
        values = {key: value for key, value in self.model_dump(mode="json").items() if value}
        return f"/find?{urlencode(values | {'steps': self.steps + 1})}"


@dataclass(frozen=True, slots=True)
class Found:
    """A hit with the document as it is now."""

    hit: Hit
    document: Document


@router.get("/find")
def find(
    request: Request,
    house: AnyHouse,
    person: Annotated[Person, require(Page.FIND, Act.VIEW)],
    asked: Annotated[Asked, Query()],
) -> Response:
    """Documents of the person's offices whose text or fields hold what was asked for."""
    shown = asked.steps * STEP
    hits = house.catalogue.search(asked.q.strip(), limit=shown + 1, offices=person.scope, narrowed=asked.narrowed)
    found = tuple(_found(hits[:shown], house))
    house.note_listed(person, "search results", (one.document.id for one in found))
    more = len(hits) > shown and asked.steps < MOST_STEPS
    values: dict[str, Any] = {
        "asked": asked,
        "found": found,
        "more": more,
        "statuses": Status,
        "begun": bool(asked.q.strip()) or not asked.narrowed.is_any,
    }
    return house.writer.page(request, "finding/find.html", visit_of(request), **values)


def _found(hits: tuple[Hit, ...], house: House) -> Iterator[Found]:
    for hit in hits:
        try:
            yield Found(hit, house.catalogue.document(hit.document))
        except NotFoundError:
            continue


def _midnight(day: date) -> datetime:
    """When ``day`` begins here."""
    return datetime.combine(day, time()).astimezone()
