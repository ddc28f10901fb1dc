"""The owner's own view: who fetched what of theirs, when, and what for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from pipeline.domain.clients import Scope
from pipeline.domain.releases import ReleaseForm
from pipeline.systems.desk import Caller
from pipeline.understanding import document_types
from pipeline.web.api.admitting import Purpose, ServiceRoute, needs
from pipeline.web.api.reuse_shapes import OwnerById
from pipeline.web.api.shapes import Strict, closed
from pipeline.web.house import AnyReuse

router = APIRouter(prefix="/owners", tags=["owners"], route_class=ServiceRoute)

Guardian = Annotated[Caller, needs(Scope.OWNERS_READ)]


class OwnerQuestion(Strict):
    """Whose papers; by the personal id alone, for a name is not proof enough."""

    owner: OwnerById


class Access(BaseModel):
    """One release of a paper of the owner."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    system: str
    agency: str
    document: str
    type: str
    purpose: str
    form: ReleaseForm
    sha256: str


class Accesses(BaseModel):
    """All releases of papers of the owner, newest first."""

    accesses: list[Access]


@router.post("/accesses", responses=closed())
def list_accesses(request: Request, ports: AnyReuse, caller: Guardian, body: OwnerQuestion, purpose: Purpose) -> Accesses:
    """Who fetched papers of an owner, for a system that the owner is signed in to (such as the national portal)."""
    types = [one.code for one in document_types()]
    papers = ports.catalogue.holdings.of_owner(body.owner.owner, types)
    documents = dict.fromkeys(kept.holding.document for kept in papers)
    found = [one for document in documents for one in ports.catalogue.releases.fetchers(document)]
    newest = sorted(found, key=lambda one: one.at, reverse=True)
    return Accesses(accesses=[Access.model_validate(one) for one in newest])
