"""Papers into a dossier at the station: files and ZIPs, the scanner's folder; a look at each page; papers taken back."""

from __future__ import annotations

import shutil
from typing import Annotated

from fastapi import APIRouter, File, Request, Response, UploadFile
from fastapi.responses import FileResponse

from pipeline.domain.errors import NotEntitledError, NotFoundError
from pipeline.domain.natures import ARTICLE_4, EXCLUDED, Nature
from pipeline.intake.names import safe_name
from pipeline.reuse_desk.standings import Revocations
from pipeline.rooms import room_in
from pipeline.scan_views import MEDIA_TYPE, width_for
from pipeline.station.withdrawal import withdraw
from pipeline.web.house import AnyHouse, reuse_of
from pipeline.web.station_counter import (
    Declared,
    Operator,
    Scanning,
    Short,
    answer,
    must_see,
    nonsense,
    refusal,
    taking_of,
)
from pipeline.web.words import WORDS

router = APIRouter(prefix="/station")

#: Files handed in at once, and bytes of one piece on its way to the disk.
MOST_FILES, PIECE = 100, 1 << 20


@router.post("/files")
def take_files(
    request: Request,
    house: AnyHouse,
    person: Scanning,
    code: Short,
    files: Annotated[list[UploadFile], File(max_length=MOST_FILES)],
    nature: Declared = Nature.ORIGINAL,
) -> Response:
    """Files of the dossier, as they were dropped or chosen; of a ZIP each member, and each that is refused told."""
    must_see(code, person)
    for file in files:
        house.require_room(person, file.size or 0)
    taken, refused = [], []
    for file in files:
        with room_in(house.flow.scratch, "station") as folder:
            path = folder / safe_name(file.filename or "")
            with path.open("wb") as out:
                shutil.copyfileobj(file.file, out, PIECE)
            for one in taking_of(house).take_all(path, code, folder / "unpacked", nature, by=person.id):
                if one.document is not None:
                    taken.append(one.document.id)
                else:
                    refused.append({"name": one.name, "why": one.why})
    return answer(request, house, code, taken=taken, refused=refused)


@router.post("/folder")
def take_folder(
    request: Request, house: AnyHouse, person: Scanning, code: Short, nature: Declared = Nature.ORIGINAL
) -> Response:
    """What the scanner has laid into its folder since."""
    must_see(code, person)
    if house.scanner_folder is None:
        raise NotFoundError("no scanner folder is set (SOHOA_SCANNER_FOLDER)")
    taken = []
    for file in house.scanner_folder.whole(house.clock.now()):
        taken.append(taking_of(house).take(file, safe_name(file.name), code, nature, by=person.id).id)
        house.scanner_folder.put_aside(file)
    return answer(request, house, code, taken=taken, refused=[])


@router.get("/pages/{document_id}/{page}.webp")
def page_view(house: AnyHouse, document_id: str, page: int, person: Operator, width: int = 240) -> Response:
    """A page as it was handed in, before it is read."""
    found = house.document(document_id, person)
    sight = house.tray.sight(found, page, width_for(width)) if house.tray else None
    if sight is None or house.views is None:
        raise NotFoundError(f"no picture of page {page} of {document_id}")
    return FileResponse(house.views.view(sight), media_type=MEDIA_TYPE)


@router.post("/nature/{document_id}")
def declare_nature(request: Request, house: AnyHouse, document_id: str, person: Scanning, nature: Declared) -> Response:
    """Say of a paper that was taken in for an original that it is none; taking that back is for who keeps the records."""
    found = house.document(document_id, person)
    excluded = EXCLUDED.get(nature)
    if excluded is None:
        return nonsense(request, "bad_nature")
    reason = f"khai tại quầy: {WORDS['vi'][f'n_{nature.value}'].lower()}"
    said = Revocations(reuse_of(request))
    said.exclude(found.id, excluded, reason=reason, basis=ARTICLE_4, actor=person.id)
    return answer(request, house, found.dossier)


@router.post("/withdraw/{document_id}")
def take_back(request: Request, house: AnyHouse, document_id: str, person: Scanning, reason: Short = "") -> Response:
    """A paper taken out of the dossier again, with the reason."""
    found = house.document(document_id, person)
    try:
        withdraw(found.id, house.flow, actor=person.id, reason=reason)
    except NotEntitledError as error:
        return refusal(error)
    return answer(request, house, found.dossier)
