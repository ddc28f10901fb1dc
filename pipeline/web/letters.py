"""What other systems could not be told, for administrators: seen, tried again, dropped for a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field, field_validator

from pipeline.domain.errors import RejectedInputError
from pipeline.domain.outbox import DeliveryState, LettersAsked
from pipeline.domain.people import Person
from pipeline.reuse_desk.dead_letters import DeadLetters, place_of
from pipeline.web.house import AnyHouse, AnyReuse, House
from pipeline.web.permissions import Act, Page
from pipeline.web.visiting import require, visit_of

router = APIRouter(prefix="/letters")

Viewer = Annotated[Person, require(Page.SYSTEMS, Act.VIEW)]
Changer = Annotated[Person, require(Page.SYSTEMS, Act.CHANGE)]
Id = Annotated[str, InPath(pattern=r"^[A-Za-z0-9_.-]{1,80}$")]

#: What errors of deliveries begin with, and the word for each; the first one that fits.
_ERRORS = (
    (re.compile(r"the subscription has ended"), "le_ended"),
    (re.compile(r"the receiver answered (\d{3})"), "le_answered"),
    (re.compile(r"not posted: "), "le_not_allowed"),
    (re.compile(r".* is not found: "), "le_not_found"),
    (re.compile(r"\w*Timeout"), "le_timeout"),
    (re.compile(r"SSLError"), "le_tls"),
)


class Asked(BaseModel):
    """Which letters are looked at; ``behind`` is the mark of the last one of the page before."""

    system: str = Field(default="", max_length=200)
    state: Literal["dead", "dropped"] = "dead"
    order: Literal["newest", "oldest"] = "newest"
    behind: str = Field(default="", max_length=120)

    @field_validator("behind")
    @classmethod
    def _is_place(cls, value: str) -> str:
        if value:
            place_of(value)
        return value

    @property
    def wanted(self) -> LettersAsked:
        """The same for the books."""
        behind = place_of(self.behind) if self.behind else None
        return LettersAsked(DeliveryState(self.state), self.system, self.order == "oldest", behind)

    def address(self, where: str = "/letters", **changed: str) -> str:
        """The address of the same letters, or of what is done to some of them, from where they are looked at."""
        said = {**self.model_dump(), **changed}
        told = {key: value for key, value in said.items() if value != type(self).model_fields[key].default}
        return f"{where}?{urlencode(told)}" if told else where


@dataclass(frozen=True, slots=True)
class Desk:
    """Where letters are looked at: the page asked for, and the books that it is written from."""

    request: Request
    house: AnyHouse
    ports: AnyReuse
    asked: Annotated[Asked, Query()]

    @property
    def letters(self) -> DeadLetters:
        """What was given up."""
        return DeadLetters(self.ports)

    def back(self) -> Response:
        """On to the page that was looked at."""
        return RedirectResponse(self.asked.address(), status_code=303)

    def page(self, fault: str = "", at: str = "") -> Response:
        """The page; with the key of what was wrong ``at`` which delivery."""
        shown = self.letters.page(self.asked.wanted)
        values = {
            "asked": self.asked,
            "piles": self.letters.piles(),
            "letters": shown.letters,
            "more": self.asked.address(behind=shown.next) if shown.next else "",
            "systems": sorted({one.system for one in self.ports.catalogue.outbox.subscriptions()}),
            "names": self.house.system_names,
            "fault": fault,
            "at": at,
            "host_of": host_of,
            "error_in_words": error_in_words,
        }
        visit, status = visit_of(self.request), 422 if fault else 200
        return self.house.writer.page(self.request, "systems/letters.html", visit, status=status, **values)


AnyDesk = Annotated[Desk, Depends()]


@router.get("")
def all_letters(person: Viewer, desk: AnyDesk) -> Response:
    """What was given up, or dropped: a page of it, and how much each system has not taken."""
    return desk.page()


@router.post("/{delivery_id}/retry")
def retry(person: Changer, desk: AnyDesk, delivery_id: Id) -> Response:
    """One is tried again at once; the page again where nobody listens any more."""
    try:
        desk.letters.retry(delivery_id, actor=person.id)
    except RejectedInputError:
        return desk.page("le_has_ended", delivery_id)
    return desk.back()


@router.post("/of/{system_id}/retry")
def retry_all(person: Changer, desk: AnyDesk, system_id: str) -> Response:
    """All of a system are tried again at once."""
    desk.letters.retry_all(system_id, actor=person.id)
    return desk.back()


@router.post("/{delivery_id}/drop")
def drop(person: Changer, desk: AnyDesk, delivery_id: Id, reason: Annotated[str, Form(max_length=300)] = "") -> Response:
    """One is marked as of no use, for the reason that stands in the audit log; the page again without one."""
    try:
        desk.letters.drop(delivery_id, why=reason, actor=person.id)
    except RejectedInputError:
        return desk.page("le_no_reason", delivery_id)
    return desk.back()


def count_letters(house: House, system: str = "") -> int | None:
    """How many wait for somebody, of a system where one is named; None where nothing is told to other systems."""
    return None if house.reuse is None else DeadLetters(house.reuse).count(system)


def host_of(url: str) -> str:
    """The host of an address alone: what stands behind it may be a secret."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
    except ValueError:
        return ""


def error_in_words(error: str, words: Mapping[str, str]) -> str:
    """What went wrong, as an administrator reads it."""
    for pattern, key in _ERRORS:
        if found := pattern.match(error):
            return " ".join((words[key], *found.groups()))
    return words["le_no_connection"]
