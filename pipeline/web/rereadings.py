"""What reading archived papers again would change: seen by who keeps them, accepted or left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from pipeline.domain.documents import Document
from pipeline.domain.errors import NotFoundError
from pipeline.domain.people import Person
from pipeline.rereading_desk import Asked as Wanted
from pipeline.rereading_desk import Desk as RereadingDesk
from pipeline.rereading_desk import Spared, Why
from pipeline.web.house import AnyHouse
from pipeline.web.permissions import Act, Page
from pipeline.web.rereading_views import view_of
from pipeline.web.visiting import require, visit_of

router = APIRouter(prefix="/rereadings")

Viewer = Annotated[Person, require(Page.REREADINGS, Act.VIEW)]
Decider = Annotated[Person, require(Page.REREADINGS, Act.DECIDE)]

#: A preview as a form names it: the document, and the digest of what was shown.
MARK = r"^[A-Za-z0-9_.-]{1,80}~[0-9a-f]{64}$"
Marks = Annotated[list[Annotated[str, Field(pattern=MARK)]], Form(max_length=100)]


class Asked(BaseModel):
    """Which are looked at; ``behind`` is the last document of the page before.

    So many were ``accepted``, or ``let`` be, just now.
    """

    state: str = Field(default="waiting", pattern="^(waiting|left)$")
    only: str = Field(default="", pattern="^(|ids|held|both)$")
    type: str = Field(default="", max_length=80)
    behind: str = Field(default="", pattern=r"^[A-Za-z0-9_.-]{0,80}$")
    accepted: int = Field(default=0, ge=0, le=1000)
    let: int = Field(default=0, ge=0, le=1000)

    @property
    def wanted(self) -> Wanted:
        """The same for the desk."""
        ids, held = self.only in {"ids", "both"}, self.only in {"held", "both"}
        return Wanted(self.state == "left", ids, held, self.type, self.behind)

    def address(self, **changed: object) -> str:
        """The address of the same previews."""
        said = {**self.model_dump(), "accepted": 0, "let": 0, **changed}
        told = {key: value for key, value in said.items() if value != type(self).model_fields[key].default}
        return f"/rereadings?{urlencode(told)}" if told else "/rereadings"


@dataclass(frozen=True, slots=True)
class Told:
    """A document that was not read again, or not left, and why."""

    document: str
    name: str
    why: Why


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides about a document, and whether they said that they know who holds values of before."""

    person: str
    knows_holders: bool


@dataclass(frozen=True, slots=True)
class Counter:
    """Where previews are decided about: the page asked for, and who asks."""

    request: Request
    house: AnyHouse
    asked: Annotated[Asked, Query()]

    @property
    def desk(self) -> RereadingDesk:
        """What waits."""
        return RereadingDesk(self.house.flow)

    def page(self, person: Person, failed: tuple[Told, ...] = (), *, nothing: bool = False) -> Response:
        """What waits, with what could not be done just now, or that ``nothing`` was picked."""
        shown = self.desk.page(self.asked.wanted, person.sees)
        views = [view_of(one, self.house) for one in shown.waiting]
        self.house.note_listed(person, "rereadings", (one.document.id for one in views))
        values = {
            "asked": self.asked,
            "views": views,
            "more": self.asked.address(behind=shown.next) if shown.next else "",
            "failed": failed,
            "nothing": nothing,
            "systems": self.house.system_names,
            "named": self.house.names,
            "pictures": self.house.views is not None,
        }
        visit, status = visit_of(self.request), 422 if failed or nothing else 200
        return self.house.writer.page(self.request, "rereadings/rereadings.html", visit, status=status, **values)


AnyCounter = Annotated[Counter, Depends()]


@router.get("")
def all_rereadings(person: Viewer, counter: AnyCounter) -> Response:
    """What would change, of papers that the person may see."""
    return counter.page(person)


@router.post("")
def decide(
    person: Decider,
    counter: AnyCounter,
    act: Annotated[str, Form(max_length=200)],
    shown: Marks = [],  # noqa: B006 - what FastAPI takes for a field that may be missing
    pick: Marks = [],  # noqa: B006
    told: Annotated[list[str], Form(max_length=100)] = [],  # noqa: B006
) -> Response:
    """Accept or leave one, those picked, or all that were shown; the page again where something could not be done."""
    deed, _, which = act.partition(":")
    marks = shown if which == "all" else pick if not which else [one for one in shown if one == which]
    if deed not in {"accept", "leave"}:
        raise NotFoundError(f"nothing is called {deed!r} here")
    if not marks:
        return counter.page(person, nothing=True)
    named = [(counter.house.document(mark.partition("~")[0], person), mark.partition("~")[2]) for mark in marks]
    failed = []
    for document, digest in named:
        spared = _do(counter.desk, deed, document, digest, Deciding(person.id, document.id in told))
        failed += [Told(document.id, document.source.name, spared.why)] if spared else []
    if failed:
        return counter.page(person, tuple(failed))
    return RedirectResponse(counter.asked.address(**{"accepted" if deed == "accept" else "let": len(marks)}), status_code=303)


def _do(desk: RereadingDesk, deed: str, document: Document, digest: str, by: Deciding) -> Spared | None:
    if deed == "leave":
        return desk.leave(document, digest, actor=by.person)
    return desk.accept(document, digest, actor=by.person, knows_holders=by.knows_holders)
