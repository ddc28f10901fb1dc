"""Pictures of the pages of a document, for the pages that show scans."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse

from pipeline.domain.errors import NotFoundError
from pipeline.domain.people import Person
from pipeline.originals import fetch_original
from pipeline.scan_views import MEDIA_TYPE, WIDTHS, Sight, width_for
from pipeline.web.house import AnyHouse
from pipeline.web.permissions import Act, Page
from pipeline.web.visiting import require

router = APIRouter(prefix="/scans")


@router.get("/{document_id}/{page}.webp")
def scan(
    house: AnyHouse,
    document_id: str,
    page: int,
    person: Annotated[Person, require(Page.DOCUMENT, Act.VIEW)],
    width: Annotated[int, Query(ge=1, le=10_000)] = WIDTHS[1],
) -> Response:
    """Page ``page`` of the newest revision, upright."""
    found = house.document(document_id, person)
    house.note_view(person, "scan", found.id)
    record = house.flow.ledgers.record(found)
    if record is None or not 1 <= page <= record.pages or house.views is None:
        raise NotFoundError(f"no picture of page {page} of {document_id}")
    ledger = house.flow.ledgers.current(found)
    side = ledger.side(ledger.order[page - 1])
    path = fetch_original(side.file, house.store, house.flow.scratch, house.clock)
    turn = record.rotations[page - 1]
    sight = Sight(path, side.file, found.source.media_type, side.page, turn, width_for(width))
    return FileResponse(house.views.view(sight), media_type=MEDIA_TYPE)
