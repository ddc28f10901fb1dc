"""The page of a dossier: its papers, whose they are, and what happened to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from pipeline.domain.documents import Event
from pipeline.domain.errors import NotFoundError
from pipeline.domain.people import Person, office_of
from pipeline.web.house import AnyHouse
from pipeline.web.permissions import Act, Page
from pipeline.web.views import DocumentView
from pipeline.web.visiting import require, visit_of

router = APIRouter()

#: Documents of one dossier that are shown.
MOST = 500


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the timeline: what happened to which document, by its name."""

    name: str
    event: Event


@router.get("/dossier")
def dossier(
    request: Request,
    house: AnyHouse,
    person: Annotated[Person, require(Page.DOSSIER, Act.VIEW)],
    code: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """All papers of the dossier; one of another office is as if it were not there."""
    documents = house.catalogue.documents(dossier=code, limit=MOST) if code not in {"", "."} and person.sees(code) else ()
    if not documents:
        raise NotFoundError(f"no dossier {code!r}", advice="Không có hồ sơ này. Hãy kiểm tra lại mã hồ sơ.")
    views = [house.desk.document(document) for document in reversed(documents)]
    house.note_listed(person, "dossier", (document.id for document in documents))
    values: dict[str, Any] = {
        "code": code,
        "office": office_of(code),
        "views": views,
        "owners": _owners(views),
        "procedures": _procedures(views),
        "timeline": _timeline(views),
        "named": house.names,
    }
    return house.writer.page(request, "finding/dossier.html", visit_of(request), **values)


def _owners(views: Iterable[DocumentView]) -> list[Mapping[str, Any]]:
    """Everybody whose paper one of the documents is, once."""
    found = {
        (owner["id12"], owner["name"], owner["birth_date"]): owner for view in views for owner in view.record.get("owners", ())
    }
    return list(found.values())


def _procedures(views: Iterable[DocumentView]) -> list[Mapping[str, Any]]:
    named = (view.record.get("procedure") for view in views)
    return list({procedure["code"]: procedure for procedure in named if procedure}.values())


def _timeline(views: Iterable[DocumentView]) -> list[Happened]:
    """What happened to any of them, the latest first."""
    happened = [Happened(view.document.source.name, event) for view in views for event in view.events]
    return sorted(happened, key=lambda one: one.event.at, reverse=True)
