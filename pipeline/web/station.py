"""The scanning station: papers into a dossier, a verdict on every page at once, pages put right, the citizen's slip."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import segno
from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, StreamingResponse
from markupsafe import Markup

from pipeline import flow
from pipeline.custody.page_changes import Wanted, change_pages
from pipeline.domain.documents import Document, QueueName
from pipeline.domain.errors import NotEntitledError, NotFoundError, SohoaError
from pipeline.domain.ledger import ChangeKind, PageLedger
from pipeline.domain.people import ALL_OFFICES, Person
from pipeline.intake.names import safe_name
from pipeline.scan_views import MEDIA_TYPE, width_for
from pipeline.station.codes import clean_code, new_code
from pipeline.station.scanner import MODES, RESOLUTIONS, ScanWish
from pipeline.station.withdrawal import withdraw
from pipeline.web.house import AnyHouse, House
from pipeline.web.permissions import Act, Page
from pipeline.web.rendering import language_of
from pipeline.web.station_views import dossier_state
from pipeline.web.visiting import require, visit_of
from pipeline.web.words import WORDS

router = APIRouter(prefix="/station")

#: Seconds between two looks at what has changed, between two signs of life, and until the browser asks anew.
LOOK, ALIVE, STREAM = 0.4, 15.0, 60.0

#: Files handed in at once, and bytes of one piece on its way to the disk.
MOST_FILES, PIECE = 100, 1 << 20

Operator = Annotated[Person, require(Page.STATION, Act.VIEW)]
Scanning = Annotated[Person, require(Page.STATION, Act.CHANGE)]
Code = Annotated[str, Query(min_length=1, max_length=200)]
Short = Annotated[str, Form(max_length=200)]


@router.get("")
def begin(request: Request, house: AnyHouse, person: Operator, wrong: Annotated[str, Query(max_length=300)] = "") -> Response:
    """Which dossier: typed, read off its slip, or a new one."""
    recent = house.catalogue.documents(limit=200, offices=person.scope)
    dossiers = list(dict.fromkeys(one.dossier for one in recent if person.sees(one.dossier)))[:12]
    house.note_listed(person, "station", dossiers)
    offices = sorted(person.offices - {ALL_OFFICES})
    return house.writer.page(request, "station/begin.html", visit_of(request), dossiers=dossiers, offices=offices, wrong=wrong)


@router.post("/open")
def open_dossier(house: AnyHouse, person: Scanning, code: Short = "", office: Short = "") -> Response:
    """To the dossier of this code, or to a new one of the office where no code is given."""
    try:
        found = clean_code(code) if code.strip() else new_code(office.strip().upper(), house.catalogue, house.clock.now())
    except ValueError as error:
        return RedirectResponse(f"/station?wrong={quote(str(error))}", status_code=303)
    if not person.sees(found):
        told = WORDS["vi"]["foreign_dossier"]
        return RedirectResponse(f"/station?wrong={quote(told)}", status_code=303)
    return RedirectResponse(f"/station/dossier?code={quote(found)}", status_code=303)


@router.get("/dossier")
def dossier(request: Request, house: AnyHouse, person: Operator, code: Code) -> Response:
    """The dossier on the counter."""
    _seen(code, person)
    state = _state(request, house, code)
    house.note_view(person, "station", dossier=code)
    return house.writer.page(
        request,
        "station/dossier.html",
        visit_of(request),
        dossier=code,
        state=state,
        scanner=house.scanner is not None,
        folder=_waiting(house),
        resolutions=RESOLUTIONS,
        modes=MODES,
    )


@router.get("/events")
def events(request: Request, house: AnyHouse, person: Operator, code: Code) -> StreamingResponse:
    """What changes in the dossier, as it changes: server-sent events, each the whole state."""
    _seen(code, person)
    return StreamingResponse(_follow(request, house, code), media_type="text/event-stream")


async def _follow(request: Request, house: House, code: str) -> AsyncIterator[str]:
    said, quiet, told = "", 0.0, 0.0
    while told < STREAM and not await request.is_disconnected():
        try:
            now = json.dumps(await run_in_threadpool(_state, request, house, code), ensure_ascii=False, sort_keys=True)
        except SohoaError:
            return
        if now != said:
            said, quiet = now, 0.0
            yield f"data: {now}\n\n"
        elif quiet >= ALIVE:
            quiet = 0.0
            yield ": alive\n\n"
        await asyncio.sleep(LOOK)
        quiet, told = quiet + LOOK, told + LOOK


@router.post("/files")
def take_files(
    request: Request,
    house: AnyHouse,
    person: Scanning,
    code: Short,
    files: Annotated[list[UploadFile], File(max_length=MOST_FILES)],
) -> Response:
    """Files of the dossier, as they were dropped or chosen."""
    _seen(code, person)
    taken, refused = [], []
    for file in files:
        with _room(house) as folder:
            path = folder / "file"
            with path.open("wb") as out:
                shutil.copyfileobj(file.file, out, PIECE)
            name = safe_name(file.filename or "")
            if path.stat().st_size:
                taken.append(_submit(house, path, name, code).id)
            else:
                refused.append(name)
    return JSONResponse({"taken": taken, "refused": refused, "state": _state(request, house, code)})


@router.post("/folder")
def take_folder(request: Request, house: AnyHouse, person: Scanning, code: Short) -> Response:
    """What the scanner has laid into its folder since."""
    _seen(code, person)
    if house.scanner_folder is None:
        raise NotFoundError("no scanner folder is set (SOHOA_SCANNER_FOLDER)")
    taken = []
    for file in house.scanner_folder.whole(house.clock.now()):
        taken.append(_submit(house, file, safe_name(file.name), code).id)
        house.scanner_folder.put_aside(file)
    return JSONResponse({"taken": taken, "refused": [], "state": _state(request, house, code)})


@router.post("/scan")
def scan(  # noqa: PLR0913, PLR0917 - the fields of a form
    request: Request,
    house: AnyHouse,
    person: Scanning,
    code: Short,
    resolution: Annotated[int, Form()] = RESOLUTIONS[1],
    mode: Short = MODES[0],
    feeder: Annotated[bool, Form()] = False,
) -> Response:
    """A paper from the scanner; answers once the scanner has done its work."""
    _seen(code, person)
    if house.scanner is None:
        raise NotFoundError("no scanner is set (SOHOA_SCANNER)")
    with _room(house) as folder:
        try:
            path = house.scanner.scan(ScanWish(resolution, mode, feeder), folder)
        except SohoaError as error:
            return JSONResponse({"error": error.advice}, status_code=409)
        except ValueError:
            return JSONResponse({"error": WORDS["vi"]["bad_scan_wish"]}, status_code=422)
        name = f"quét {house.clock.now().astimezone():%Hh%M.%S}.tif"
        taken = _submit(house, path, name, code).id
    return JSONResponse({"taken": [taken], "refused": [], "state": _state(request, house, code)})


@router.get("/pages/{document_id}/{page}.webp")
def page_view(house: AnyHouse, document_id: str, page: int, person: Operator, width: int = 240) -> Response:
    """A page as it was handed in, before it is read."""
    found = house.document(document_id, person)
    sight = house.tray.sight(found, page, width_for(width)) if house.tray else None
    if sight is None or house.views is None:
        raise NotFoundError(f"no picture of page {page} of {document_id}")
    return FileResponse(house.views.view(sight), media_type=MEDIA_TYPE)


@router.post("/pages/{document_id}")
def change(
    request: Request,
    house: AnyHouse,
    document_id: str,
    person: Scanning,
    changes: Annotated[str, Form(max_length=20_000)],
    reason: Short = "",
) -> Response:
    """Pages turned, taken out, put back, in another order: one change, one reason, one new revision."""
    found = house.document(document_id, person)
    try:
        wanted = _parsed(changes)
        change_pages(found.id, lambda ledger, turns: _plan(wanted, ledger, turns), house.flow, actor=person.id, reason=reason)
    except NotEntitledError as error:
        return JSONResponse({"error": error.advice}, status_code=409)
    except (ValueError, KeyError, TypeError):
        return JSONResponse({"error": WORDS[language_of(request)]["bad_change"]}, status_code=422)
    return JSONResponse({"state": _state(request, house, found.dossier)})


@router.post("/withdraw/{document_id}")
def take_back(request: Request, house: AnyHouse, document_id: str, person: Scanning, reason: Short = "") -> Response:
    """A paper taken out of the dossier again, with the reason."""
    found = house.document(document_id, person)
    try:
        withdraw(found.id, house.flow, actor=person.id, reason=reason)
    except NotEntitledError as error:
        return JSONResponse({"error": error.advice}, status_code=409)
    return JSONResponse({"state": _state(request, house, found.dossier)})


@router.get("/slip")
def slip(request: Request, house: AnyHouse, person: Operator, code: Code) -> Response:
    """The slip for the citizen, to be printed: code, QR, what was taken in."""
    _seen(code, person)
    state = _state(request, house, code)
    house.note_view(person, "slip", dossier=code)
    drawn = segno.make(code, error="m").svg_inline(scale=4, border=4, omitsize=False)
    return house.writer.page(
        request,
        "station/slip.html",
        visit_of(request),
        dossier=code,
        papers=[one for one in reversed(state["papers"]) if one["status"] not in {"rejected", "erased"}],
        qr=Markup(drawn),  # noqa: S704 - drawn by ourselves out of modules, no text in it
        now=house.clock.now(),
    )


def _seen(code: str, person: Person) -> None:
    if not person.sees(code):
        raise NotFoundError(f"no dossier {code!r}")


def _state(request: Request, house: House, code: str) -> dict[str, Any]:
    words = WORDS[language_of(request)]
    return dossier_state(code, house.catalogue, house.papers, house.tray, words)


def _waiting(house: House) -> int | None:
    """How many files wait in the scanner's folder; None where there is none."""
    return len(house.scanner_folder.whole(house.clock.now())) if house.scanner_folder else None


def _submit(house: House, path: Path, name: str, code: str) -> Document:
    found = flow.submit(path, name, code, QueueName.STATION, house.flow)
    if house.tray is not None:
        house.tray.looks(found)
    return found


@contextmanager
def _room(house: House) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="station-", dir=house.flow.scratch) as folder:
        yield Path(folder)


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
