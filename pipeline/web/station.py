"""The scanning station: papers into a dossier, a verdict on every page at once, pages put right, the citizen's slip."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import quote

import segno
from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, StreamingResponse
from markupsafe import Markup

from pipeline.domain.errors import SohoaError
from pipeline.domain.natures import Nature
from pipeline.domain.people import ALL_OFFICES
from pipeline.station.codes import clean_code, new_code
from pipeline.station.scanner import MODES, RESOLUTIONS
from pipeline.web import station_pages, station_papers, station_scanner, station_sheet
from pipeline.web.house import AnyHouse, House
from pipeline.web.station_counter import Code, Operator, Scanning, Short, must_see, state_of
from pipeline.web.visiting import visit_of
from pipeline.web.words import WORDS

router = APIRouter(prefix="/station")

#: All families of the station's pages.
ROUTERS = (router, station_papers.router, station_scanner.router, station_pages.router, station_sheet.router)

#: Seconds between two looks at what has changed, between two signs of life, and until the browser asks anew.
LOOK, ALIVE, STREAM = 0.4, 15.0, 60.0


@router.get("")
def begin(request: Request, house: AnyHouse, person: Operator, wrong: Annotated[str, Query(max_length=300)] = "") -> Response:
    """Which dossier: typed, read off its slip, or a new one."""
    recent = house.catalogue.documents(limit=200, offices=person.scope)
    dossiers = list(dict.fromkeys(one.dossier for one in recent if person.sees(one.dossier)))[:12]
    house.note_listed(person, "station", dossiers)
    offices = sorted(person.offices - {ALL_OFFICES})
    waits = house.feeder.waits_for if house.feeder else ""
    return house.writer.page(
        request,
        "station/begin.html",
        visit_of(request),
        dossiers=dossiers,
        offices=offices,
        wrong=wrong,
        waits=waits if waits and person.sees(waits) else "",
    )


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
    must_see(code, person)
    state = state_of(request, house, code)
    house.note_view(person, "station", dossier=code)
    return house.writer.page(
        request,
        "station/dossier.html",
        visit_of(request),
        dossier=code,
        state=state,
        sheet=house.flow.sheets.newest(code),
        procedures=not house.shelf.is_empty,
        scanner=house.feeder is not None,
        folder=len(house.scanner_folder.whole(house.clock.now())) if house.scanner_folder else None,
        resolutions=RESOLUTIONS,
        modes=MODES,
        natures=list(Nature),
    )


@router.get("/events")
def events(request: Request, house: AnyHouse, person: Operator, code: Code) -> StreamingResponse:
    """What changes in the dossier, as it changes: server-sent events, each the whole state."""
    must_see(code, person)
    return StreamingResponse(_follow(request, house, code), media_type="text/event-stream")


async def _follow(request: Request, house: House, code: str) -> AsyncIterator[str]:
    said, quiet, told = "", 0.0, 0.0
    while told < STREAM and not await request.is_disconnected():
        try:
            now = json.dumps(await run_in_threadpool(state_of, request, house, code), ensure_ascii=False, sort_keys=True)
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


@router.get("/slip")
def slip(request: Request, house: AnyHouse, person: Operator, code: Code) -> Response:
    """The slip for the citizen, to be printed: code, QR, what for, what was taken in, what is still missing."""
    must_see(code, person)
    state = state_of(request, house, code)
    house.note_view(person, "slip", dossier=code)
    drawn = segno.make(code, error="m").svg_inline(scale=4, border=4, omitsize=False)
    return house.writer.page(
        request,
        "station/slip.html",
        visit_of(request),
        dossier=code,
        sheet=house.flow.sheets.newest(code),
        needs=state["needs"],
        papers=[one for one in reversed(state["papers"]) if one["status"] not in {"rejected", "erased"}],
        qr=Markup(drawn),  # noqa: S704 - drawn by ourselves out of modules, no text in it
        now=house.clock.now(),
    )
