"""The accounts of others, for administrators."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from pipeline.domain.people import Account, Person, Role
from pipeline.web.house import AnyHouse, House
from pipeline.web.permissions import Act, Page
from pipeline.web.visiting import require, visit_of

router = APIRouter(prefix="/accounts")


class Rights(BaseModel):
    """What the form of an account says; ``offices`` with spaces between them."""

    login: str = Field(default="", max_length=100)
    name: str = Field(default="", max_length=200)
    roles: list[Role] = Field(default_factory=list)
    offices: str = Field(default="", max_length=2000)


Administrator = Annotated[Person, require(Page.ACCOUNTS, Act.CHANGE)]


@router.get("")
def accounts(request: Request, house: AnyHouse, person: Annotated[Person, require(Page.ACCOUNTS, Act.VIEW)]) -> Response:
    """All accounts."""
    house.note_view(person, "accounts")
    return house.writer.page(request, "people/accounts.html", visit_of(request), accounts=house.accounts.all(), roles=Role)


@router.get("/new")
def ask(request: Request, house: AnyHouse, person: Administrator) -> Response:
    """The form for a new account."""
    return _form(request, house, None, "")


@router.post("/new")
def add(
    request: Request,
    house: AnyHouse,
    person: Administrator,
    asked: Annotated[Rights, Form()],
) -> Response:
    """The one-time password of the new account, shown once; the form again where something is wrong."""
    try:
        password = house.accounts.add(asked.login, asked.name, asked.roles, asked.offices.split(), by=person.id)
    except ValueError:
        return _form(request, house, None, "a_login", status=422)
    return _show(request, house, house.accounts.find(asked.login), password)


@router.get("/{login}")
def edit(request: Request, house: AnyHouse, login: str, person: Administrator) -> Response:
    """The form of an account."""
    account = house.accounts.find(login)
    house.note_view(person, "account", account=account.id)
    return _form(request, house, account, "")


@router.post("/{login}")
def change(
    request: Request,
    house: AnyHouse,
    login: str,
    person: Administrator,
    asked: Annotated[Rights, Form()],
) -> Response:
    """To the list; the form again where something is wrong."""
    try:
        house.accounts.change(login, asked.name, asked.roles, asked.offices.split(), by=person.id)
    except ValueError:
        return _form(request, house, house.accounts.find(login), "a_rights", status=422)
    return RedirectResponse("/accounts", status_code=303)


@router.post("/{login}/disable")
def disable(request: Request, house: AnyHouse, login: str, person: Administrator) -> Response:
    """Nobody comes in with the account any more."""
    try:
        house.accounts.disable(login, by=person.id)
    except ValueError:
        return _form(request, house, house.accounts.find(login), "a_rights", status=422)
    return RedirectResponse("/accounts", status_code=303)


@router.post("/{login}/enable")
def enable(house: AnyHouse, login: str, person: Administrator) -> Response:
    """The account may be used again."""
    house.accounts.enable(login, by=person.id)
    return RedirectResponse("/accounts", status_code=303)


@router.post("/{login}/reset-password")
def reset(request: Request, house: AnyHouse, login: str, person: Administrator) -> Response:
    """A new one-time password, shown once."""
    try:
        password = house.accounts.reset_password(login, by=person.id)
    except ValueError:
        return _form(request, house, house.accounts.find(login), "a_rights", status=422)
    return _show(request, house, house.accounts.find(login), password)


@router.post("/{login}/reset-second-factor")
def reset_second_factor(house: AnyHouse, login: str, person: Administrator) -> Response:
    """The second factor of who lost it is asked for no more."""
    house.accounts.reset_second_factor(login, by=person.id)
    return RedirectResponse(f"/accounts/{quote(house.accounts.find(login).login, safe='')}", status_code=303)


def _form(request: Request, house: House, account: Account | None, fault: str, *, status: int = 200) -> Response:
    visit = visit_of(request)
    values = {"account": account, "roles": Role, "fault": fault}
    return house.writer.page(request, "people/edit.html", visit, status=status, **values)


def _show(request: Request, house: House, account: Account, password: str) -> Response:
    return house.writer.page(request, "people/one_time.html", visit_of(request), account=account, password=password)
