"""The systems of others that call the interface, for administrators: rights, reasons to suspend, new secrets."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.domain.clients import Client
from pipeline.domain.errors import NotFoundError
from pipeline.domain.people import Person
from pipeline.systems.desk import SystemDesk
from pipeline.web.house import AnyHouse, House
from pipeline.web.letters import count_letters
from pipeline.web.permissions import Act, Page
from pipeline.web.visiting import require, visit_of

router = APIRouter(prefix="/systems")

Viewer = Annotated[Person, require(Page.SYSTEMS, Act.VIEW)]
Changer = Annotated[Person, require(Page.SYSTEMS, Act.CHANGE)]


@router.get("")
def all_systems(request: Request, house: AnyHouse, person: Viewer) -> Response:
    """All systems, when each asked for a paper last, and the keys that their tokens are signed with."""
    desk = _desk(house)
    systems, keys = desk.registry.all(), tuple(reversed(desk.kept_keys.all()))
    asked = house.catalogue.releases.last_asked([one.id for one in systems])
    return house.writer.page(
        request,
        "systems/systems.html",
        visit_of(request),
        systems=systems,
        keys=keys,
        asked=asked,
        letters=count_letters(house),
    )


@router.get("/{system_id}")
def one_system(request: Request, house: AnyHouse, system_id: str, person: Viewer) -> Response:
    """What a system is, may do, and proves itself by."""
    return _page(request, house, _desk(house).registry.find(system_id))


@router.post("/{system_id}/suspend")
def suspend(
    request: Request,
    house: AnyHouse,
    system_id: str,
    person: Changer,
    reason: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """The system is let in no more, for the reason that stands in the audit log; the page again without one."""
    registry = _desk(house).registry
    if not reason.strip():
        return _page(request, house, registry.find(system_id), fault=True, status=422)
    return _to(registry.disable(system_id, by=person.id, why=" ".join(reason.split())))


@router.post("/{system_id}/resume")
def resume(house: AnyHouse, system_id: str, person: Changer) -> Response:
    """The system may be used again."""
    return _to(_desk(house).registry.enable(system_id, by=person.id))


@router.post("/{system_id}/rotate")
def rotate(request: Request, house: AnyHouse, system_id: str, person: Changer) -> Response:
    """A new secret, shown once; the one before works for a day still."""
    registry = _desk(house).registry
    secret = registry.rotate_secret(system_id, by=person.id)
    return _page(request, house, registry.find(system_id), secret=secret)


def _desk(house: House) -> SystemDesk:
    if house.systems is None:
        raise NotFoundError("no systems are let in here")
    return house.systems


def _to(system: Client) -> Response:
    return RedirectResponse(f"/systems/{quote(system.id, safe='')}", status_code=303)


def _page(
    request: Request, house: House, system: Client, *, secret: str = "", fault: bool = False, status: int = 200
) -> Response:
    now = house.clock.now()
    values = {"system": system, "held": [one for one in system.secrets if one.holds(now)], "secret": secret, "fault": fault}
    known = {"asked": house.catalogue.releases.last_asked([system.id]), "letters": count_letters(house, system.id)}
    return house.writer.page(
        request, "systems/system.html", visit_of(request), status=status, usual=_desk(house).rate, **values, **known
    )
