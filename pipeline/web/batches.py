"""Batches: all of them, one as it goes on, paused, resumed, cancelled, tried again, its report."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, StreamingResponse

from pipeline.batches.accounts import as_csv, as_workbook, lines_of
from pipeline.batches.runs import Control
from pipeline.domain.batches import BatchState
from pipeline.domain.errors import SohoaError
from pipeline.domain.people import Person
from pipeline.web.batch_views import batch_for, progress_of, sees, view_of
from pipeline.web.house import AnyHouse, House
from pipeline.web.permissions import Act, Page
from pipeline.web.visiting import require, visit_of

router = APIRouter(prefix="/batches")

#: Seconds between two looks at a batch, between two signs of life, and until the browser asks anew.
LOOK, ALIVE, STREAM = 2.0, 15.0, 120.0

_SHEETS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Viewer = Annotated[Person, require(Page.BATCHES, Act.VIEW)]
Changer = Annotated[Person, require(Page.BATCHES, Act.CHANGE)]
Taker = Annotated[Person, require(Page.BATCHES, Act.EXPORT)]


class BatchAct(StrEnum):
    """What may be done to a batch."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RETRY = "retry"


_MOVES = {
    BatchAct.PAUSE: BatchState.PAUSED,
    BatchAct.RESUME: BatchState.RUNNING,
    BatchAct.CANCEL: BatchState.CANCELLED,
}


@router.get("")
def all_batches(request: Request, house: AnyHouse, person: Viewer) -> Response:
    """The batches that hold anything of the person's offices, newest first."""
    catalogue = house.catalogue
    listed = [one for one in catalogue.batches.batches(limit=200) if sees(person, one, catalogue)]
    found = [progress_of(one, catalogue, house.clock) for one in listed]
    house.note_listed(person, "batches", (one.id for one in listed))
    return house.writer.page(request, "batches/batches.html", visit_of(request), batches=found)


@router.get("/{batch_id}")
def one_batch(request: Request, house: AnyHouse, person: Viewer, batch_id: str) -> Response:
    """One batch; what changes in it comes by itself."""
    batch = batch_for(batch_id, person, house.catalogue)
    house.note_view(person, "batch", batch=batch_id)
    shown = view_of(batch, person, house.catalogue, house.clock)
    whole = sees(person, batch, house.catalogue, whole=True)
    return house.writer.page(request, "batches/batch.html", visit_of(request), view=shown, whole=whole)


@router.get("/{batch_id}/part")
def changing_part(request: Request, house: AnyHouse, person: Viewer, batch_id: str) -> Response:
    """The part of the page that changes."""
    return _part(request, house, person, batch_id)


def _part(request: Request, house: House, person: Person, batch_id: str) -> Response:
    batch = batch_for(batch_id, person, house.catalogue)
    shown = view_of(batch, person, house.catalogue, house.clock)
    whole = sees(person, batch, house.catalogue, whole=True)
    return house.writer.page(request, "batches/part.html", visit_of(request), view=shown, whole=whole)


@router.get("/{batch_id}/events")
def events(request: Request, house: AnyHouse, person: Viewer, batch_id: str) -> StreamingResponse:
    """What changes in the batch, as it changes: server-sent events, each the part of the page that changes."""
    batch_for(batch_id, person, house.catalogue)
    return StreamingResponse(_follow(request, house, person, batch_id), media_type="text/event-stream")


async def _follow(request: Request, house: House, person: Person, batch_id: str) -> AsyncIterator[str]:
    said, quiet, told = "", 0.0, 0.0
    while told < STREAM and not await request.is_disconnected():
        try:
            answer = await run_in_threadpool(_part, request, house, person, batch_id)
        except SohoaError:
            return
        now = bytes(answer.body).decode()
        if now != said:
            said, quiet = now, 0.0
            yield f"data: {json.dumps(now, ensure_ascii=False)}\n\n"
        elif quiet >= ALIVE:
            quiet = 0.0
            yield ": alive\n\n"
        await asyncio.sleep(LOOK)
        quiet, told = quiet + LOOK, told + LOOK


@router.post("/{batch_id}/{act}")
def change(house: AnyHouse, person: Changer, batch_id: str, act: BatchAct) -> Response:
    """Pause, resume, cancel the batch, or have its failed documents read again."""
    batch_for(batch_id, person, house.catalogue, whole=True)
    control = Control(house.flow)
    if act is BatchAct.RETRY:
        control.retry(batch_id, person.id)
    else:
        control.move(batch_id, _MOVES[act], person.id)
    return RedirectResponse(f"/batches/{batch_id}", status_code=303)


@router.get("/{batch_id}/report.{form}")
def report(house: AnyHouse, person: Taker, batch_id: str, form: str) -> Response:
    """The report of a batch as CSV or XLSX; lines of the person's offices alone."""
    batch = batch_for(batch_id, person, house.catalogue)
    house.note_view(person, "batch report", batch=batch_id)
    lines = [line for line in lines_of(batch_id, house.flow) if person.sees(line.dossier)]
    data = as_workbook(lines, batch.name) if form == "xlsx" else as_csv(lines)
    headers = {"Content-Disposition": f'attachment; filename="{batch_id}.{form}"'}
    return Response(data, media_type=_SHEETS.get(form, _SHEETS["csv"]), headers=headers)
