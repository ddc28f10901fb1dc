"""Metadata in bulk, for the national portal and specialised databases: JSON Lines, streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from pipeline import archive
from pipeline.domain.clients import Scope
from pipeline.domain.documents import Document
from pipeline.systems.desk import Caller
from pipeline.systems.exporting import Layout, finished_documents, line_of
from pipeline.web.api.admitting import Purpose, ServiceRoute, needs
from pipeline.web.api.cursors import Cursor, cursor_behind, place_of
from pipeline.web.api.problems import ApiProblemError
from pipeline.web.api.shapes import Day, closed
from pipeline.web.house import AnyHouse, House

router = APIRouter(prefix="/exports", tags=["exports"], route_class=ServiceRoute)

#: Lines of one answer.
USUAL, MOST = 1_000, 10_000

Exporter = Annotated[Caller, needs(Scope.EXPORT)]
Target = Annotated[str, InPath(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", examples=["sohoa"])]


class TargetTold(BaseModel):
    """A target: what it is called, the version of its columns, and which there are."""

    name: str
    title: str
    version: str
    columns: list[str]


class Targets(BaseModel):
    """All targets."""

    targets: list[TargetTold]


@router.get("", responses=closed())
def list_targets(house: AnyHouse, caller: Exporter) -> Targets:
    """For whom there is an export."""
    found = house.layouts.values()
    return Targets(
        targets=[
            TargetTold(name=one.name, title=one.title, version=one.version, columns=[column.name for column in one.columns])
            for one in found
        ]
    )


@router.get(
    "/{target}",
    response_class=Response,
    responses=closed(404)
    | {
        200: {
            "content": {"application/jsonl": {"schema": {"type": "string"}}},
            "headers": {"Link": {"description": 'The next lines: rel="next".', "schema": {"type": "string"}}},
        }
    },
)
def export(  # noqa: PLR0913, PLR0917 - the parameters of a query
    request: Request,
    house: AnyHouse,
    caller: Exporter,
    target: Target,
    purpose: Purpose,
    limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL,
    cursor: Cursor = None,
    since: Day | None = None,
) -> Response:
    """One line of JSON for each finished document of the system's offices, by id. `Link` leads to the next lines.

    `since` is the first day (UTC) of receipt; what was received earlier and is finished later is told by events.
    """
    layout = house.layouts.get(target)
    if layout is None:
        raise ApiProblemError("not_found")
    after = place_of(cursor, "export", target) or (f"{since:%Y%m%d}" if since else "")
    found = tuple(finished_documents(house.catalogue, after, limit + 1, caller.client.person.scope))
    shown = found[:limit]
    request.state.exported = len(shown)
    headers = {}
    if len(found) > limit:
        behind = cursor_behind("export", shown[-1].id, target)
        headers["Link"] = f'</v1/exports/{target}?limit={limit}&cursor={behind}>; rel="next"'
    return StreamingResponse(_lines(house, shown, layout), headers=headers, media_type="application/jsonl")


def _lines(house: House, documents: Sequence[Document], layout: Layout) -> Iterator[bytes]:
    for document in documents:
        key = archive.revision_key(document.dossier, document.id, document.revision, "record.json")
        made = line_of(document, json.loads(house.store.get(key)), layout)
        yield json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
