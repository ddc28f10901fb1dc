"""Pages put right at the station: turned, reordered, taken out, split off, merged, moved, inserted, and taken back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from pipeline.custody.page_changes import Wanted, change_pages
from pipeline.custody.page_moves import Mover
from pipeline.domain.documents import Document
from pipeline.domain.errors import NotEntitledError, RejectedInputError
from pipeline.domain.ledger import ChangeKind, PageLedger
from pipeline.intake.names import safe_name
from pipeline.rooms import room_in
from pipeline.station.feeding import Insertion
from pipeline.web.house import AnyHouse
from pipeline.web.station_counter import Scanning, Short, answer, nonsense, refusal, taking_of
from pipeline.web.station_papers import PIECE

router = APIRouter(prefix="/station")

Place = Annotated[int, Form(ge=1, le=100_000)]


@router.post("/pages/{document_id}")
def change(  # noqa: PLR0913, PLR0917 - the fields of a form
    request: Request,
    house: AnyHouse,
    document_id: str,
    person: Scanning,
    changes: Annotated[str, Form(max_length=20_000)],
    reason: Short = "",
    version: Short = "",
) -> Response:
    """Pages turned, taken out, put back, in another order: one change, one reason, one new revision."""
    found = house.document(document_id, person)

    def act() -> None:
        wanted = _parsed(changes)
        change_pages(
            found.id,
            lambda ledger, turns: _plan(wanted, ledger, turns),
            house.flow,
            actor=person.id,
            reason=reason,
            version=version,
        )

    return _done(request, house, found, act)


@router.post("/split/{document_id}")
def split(  # noqa: PLR0913, PLR0917 - the fields of a form
    request: Request,
    house: AnyHouse,
    document_id: str,
    person: Scanning,
    page: Place,
    reason: Short = "",
    version: Short = "",
) -> Response:
    """Two documents out of one."""
    found = house.document(document_id, person)
    mover = Mover(house.flow, person.id, reason)
    return _done(request, house, found, lambda: mover.split(found.id, page, version=version))


@router.post("/merge/{document_id}")
def merge(  # noqa: PLR0913, PLR0917 - the fields of a form
    request: Request,
    house: AnyHouse,
    document_id: str,
    person: Scanning,
    other: Short,
    reason: Short = "",
    version: Short = "",
    other_version: Short = "",
) -> Response:
    """All pages of ``other`` behind those of the document."""
    found, second = house.document(document_id, person), house.document(other, person)
    mover = Mover(house.flow, person.id, reason)
    return _done(request, house, found, lambda: mover.merge(found.id, second.id, version=version, other_version=other_version))


@router.post("/move/{document_id}")
def move(  # noqa: PLR0913, PLR0917 - the fields of a form
    request: Request,
    house: AnyHouse,
    document_id: str,
    person: Scanning,
    page: Place,
    other: Short,
    place: Place,
    reason: Short = "",
    version: Short = "",
) -> Response:
    """A page of the document into ``other``, as its page ``place``."""
    found, second = house.document(document_id, person), house.document(other, person)
    mover = Mover(house.flow, person.id, reason)
    return _done(request, house, found, lambda: mover.move(found.id, (page,), second.id, place, version=version))


@router.post("/insert/{document_id}")
def insert(  # noqa: PLR0913, PLR0917 - the fields of a form
    request: Request,
    house: AnyHouse,
    document_id: str,
    person: Scanning,
    place: Place,
    file: Annotated[UploadFile | None, File()] = None,
    reason: Short = "",
    version: Short = "",
) -> Response:
    """The pages of a file among those of the document; without a file, of the oldest one in the scanner's folder."""
    found = house.document(document_id, person)
    into = Insertion(found.id, place, version, reason)

    def act() -> None:
        if not reason.strip():
            raise ValueError("no reason")
        if file is None:
            _insert_from_folder(house, into, person.id)
            return
        house.require_room(person, file.size or 0)
        with room_in(house.flow.scratch, "station") as folder:
            path = folder / "file"
            with path.open("wb") as out:
                shutil.copyfileobj(file.file, out, PIECE)
            taking_of(house).insert(path, safe_name(file.filename or ""), into, actor=person.id)

    return _done(request, house, found, act)


def _insert_from_folder(house: AnyHouse, into: Insertion, actor: str) -> None:
    waiting = house.scanner_folder.whole(house.clock.now()) if house.scanner_folder else ()
    if house.scanner_folder is None or not waiting:
        raise NotEntitledError(
            "nothing waits in the scanner's folder",
            code="folder_empty",
            advice="Thư mục máy quét chưa có tệp nào. Quét vào thư mục rồi thử lại.",
        )
    taking_of(house).insert(waiting[0], safe_name(waiting[0].name), into, actor=actor)
    house.scanner_folder.put_aside(waiting[0])


@router.post("/undo/{document_id}")
def undo(
    request: Request, house: AnyHouse, document_id: str, person: Scanning, reason: Short = "", version: Short = ""
) -> Response:
    """What was done to the pages last, taken back."""
    found = house.document(document_id, person)
    mover = Mover(house.flow, person.id, reason)
    return _done(request, house, found, lambda: mover.undo(found.id, version=version))


def _done(request: Request, house: AnyHouse, document: Document, act: Callable[[], object]) -> Response:
    """How the dossier stands after ``act``, or why it was not done."""
    try:
        act()
    except NotEntitledError as error:
        return refusal(error)
    except RejectedInputError as error:
        return refusal(error, 422)
    except (ValueError, KeyError, TypeError):
        return nonsense(request, "bad_change")
    return answer(request, house, document.dossier)


def _parsed(text: str) -> dict[str, Any]:
    """The changes of a form; raises ``ValueError``, ``KeyError`` or ``TypeError`` for what is none."""
    raw = json.loads(text)
    return {
        "order": [int(page) for page in raw["order"]],
        "removed": [int(page) for page in raw["removed"]],
        "turned": {int(page): int(turn) % 360 for page, turn in raw["turned"].items()},
        "back": [int(side) for side in raw["back"]],
    }


def _plan(wanted: dict[str, Any], ledger: PageLedger, turns: Sequence[int]) -> tuple[Wanted, ...]:
    """The changes, by sides; pages are numbered as they were before any of them."""
    found = []
    for page, turn in wanted["turned"].items():
        found.append(Wanted(ChangeKind.ROTATE, ledger.sides_of([page]), turn=(turns[page - 1] + turn) % 360))
    order = [*wanted["order"], *wanted["removed"]]
    if order != list(range(1, len(ledger.order) + 1)):
        found.append(Wanted(ChangeKind.ORDER, ledger.sides_of(order)))
    if wanted["removed"]:
        found.append(Wanted(ChangeKind.REMOVE, ledger.sides_of(wanted["removed"])))
    for number, side in enumerate(wanted["back"]):
        found.append(Wanted(ChangeKind.PUT_BACK, (side,), place=len(wanted["order"]) + 1 + number))
    if not found:
        raise ValueError("nothing is to be changed")
    return tuple(found)
