"""What a system may know of itself."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from pipeline.systems.desk import Caller
from pipeline.web.api.admitting import ClosedRoute, needs
from pipeline.web.api.shapes import closed

router = APIRouter(prefix="/systems", tags=["systems"], route_class=ClosedRoute)


class Self(BaseModel):
    """The calling system, and what its token allows."""

    id: str
    name: str
    agency: str
    offices: list[str]
    scopes: list[str]


@router.get("/self", responses=closed())
def show_self(caller: Annotated[Caller, needs()]) -> Self:
    """Who calls, as we know it."""
    client = caller.client
    return Self(
        id=client.id, name=client.name, agency=client.agency, offices=sorted(client.offices), scopes=sorted(caller.scopes)
    )
