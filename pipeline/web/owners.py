"""The page of an owner: everything held of one person, in the groups of the rules. No address ever tells whose it is."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field, field_validator

from pipeline.domain.documents import Owner
from pipeline.domain.errors import NotFoundError
from pipeline.domain.holdings import Judgement, Kept
from pipeline.domain.local_time import local_day
from pipeline.domain.people import Person
from pipeline.people.sealing import seal, unseal
from pipeline.repository import groups, open_repository
from pipeline.reuse.judgement import judge
from pipeline.web.house import AnyHouse, House
from pipeline.web.permissions import Act, Page
from pipeline.web.visiting import require, visit_of

router = APIRouter(prefix="/owners")

Officer = Annotated[Person, require(Page.OWNER, Act.VIEW)]


class Wanted(BaseModel):
    """Whose papers: by the personal id, else by name and birth date, or the ``n``-th owner of a ``document``."""

    id12: str = Field(default="", max_length=20)
    name: str = Field(default="", max_length=200)
    born: date | None = None
    document: str = Field(default="", max_length=100)
    n: int = Field(default=0, ge=0, le=50)

    @field_validator("born", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value


@router.get("")
def ask(request: Request, house: AnyHouse, person: Officer) -> Response:
    """The form that asks whose papers are wanted."""
    return house.writer.page(request, "owners/ask.html", visit_of(request), fault="", asked=Wanted())


@router.post("")
def find(request: Request, house: AnyHouse, person: Officer, wanted: Annotated[Wanted, Form()]) -> Response:
    """To the page of the owner, under an address that tells nobody whose it is; the form again where it names nobody."""
    owner, fault = _owner_of_document(house, wanted, person) if wanted.document else _owner(wanted)
    if owner is None:
        return house.writer.page(request, "owners/ask.html", visit_of(request), status=422, fault=fault, asked=wanted)
    text = json.dumps([owner.id12, owner.name, owner.birth_date])
    return RedirectResponse(f"/owners/{seal(visit_of(request).key, text, house.clock.now())}", status_code=303)


@router.get("/{sealed}")
def repository(request: Request, house: AnyHouse, person: Officer, sealed: str) -> Response:
    """Everything held of the owner in the offices of who asks."""
    text = unseal(visit_of(request).key, sealed, house.clock.now())
    if text is None:
        raise NotFoundError("no such owner", advice="Địa chỉ này đã hết hạn. Hãy tìm lại chủ giấy tờ.")
    owner = Owner(*json.loads(text))
    exclusions = house.catalogue.rights.current().exclusions
    policies = house.reuse.policies if house.reuse else None

    def judged(kept: Kept, on: date) -> Judgement:
        return judge(kept, on, exclusions, policies)

    today = local_day(house.clock.now())
    found = open_repository(owner, house.catalogue, house.store, sees=person.sees, judge=judged, today=today)
    house.note_view(person, "owner", documents=sorted({paper.document.id for paper in found.papers}))
    values: dict[str, Any] = {"found": found, "groups": groups(), "named": house.names}
    return house.writer.page(request, "owners/owner.html", visit_of(request), **values)


def _owner(wanted: Wanted) -> tuple[Owner | None, str]:
    """Who is meant; None and the key of the words that say what is missing."""
    id12 = "".join(wanted.id12.split())
    name = " ".join(wanted.name.split())
    if id12 and not (len(id12) == 12 and id12.isascii() and id12.isdigit()):
        return None, "owner_id_wrong"
    if not id12 and not (name and wanted.born):
        return None, "owner_needs_more"
    return Owner(id12, name, wanted.born.isoformat() if wanted.born else ""), ""


def _owner_of_document(house: House, wanted: Wanted, person: Person) -> tuple[Owner | None, str]:
    """The owner that a paper names; raises ``NotFoundError`` for a paper that is not for ``person``."""
    document = house.document(wanted.document, person)
    named = house.desk.document(document).record.get("owners", ())
    if wanted.n >= len(named):
        raise NotFoundError(f"document {document.id} names no such owner")
    one = named[wanted.n]
    owner = Owner(one["id12"] or "", one["name"] or "", one["birth_date"] or "")
    return (owner, "") if owner.id12 or (owner.name and owner.birth_date) else (None, "owner_needs_more")
