"""What the page of later readings shows: values as they were and would be, with the strip of the scan that they are on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.domain.documents import Document
from pipeline.domain.geometry import Box
from pipeline.domain.releases import Released
from pipeline.rereading_desk import Preview, Spot, Waiting
from pipeline.review import is_identifier
from pipeline.understanding import field_labels
from pipeline.web.house import House
from pipeline.web.review_views import sheet_of, way_upright

#: How much of the scan is shown around a value: that many heights of it above and below, and beside.
AROUND, BESIDE = 0.8, 3.0
#: A strip is at least that many times as wide as high, for a single word says little.
BROAD = 6.0


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of a page as it is shown, in scan pixels of the upright page; ``marks`` are left, top, width, height."""

    page: int
    sheet: tuple[int, int]
    part: tuple[int, int, int, int]
    marks: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A value ``before`` and ``after``; None on the side that lacks it. ``identifies``: a person or paper by it."""

    key: str
    label: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    identifies: bool
    strip: Strip | None


@dataclass(frozen=True, slots=True)
class PreviewView:
    """A preview as the page shows it; ``mark`` names in forms exactly what was seen, ``labels`` name fields."""

    document: Document
    preview: Preview
    mark: str
    changes: tuple[ChangeView, ...]
    labels: Mapping[str, str]
    held_by: tuple[Released, ...]


def view_of(waiting: Waiting, house: House) -> PreviewView:
    """What is shown of a preview."""
    preview, document = waiting.seen.preview, waiting.document
    record = house.desk.document(document).record
    pages = {page["number"]: page for page in record.get("pages", ())}
    labels = _labels(preview, document)
    changes = tuple(
        ChangeView(
            one["key"],
            labels.get(one["key"], one["key"]),
            one["before"],
            one["after"],
            is_identifier(one["key"]),
            strip_of(preview.spots.get(one["key"], ()), pages),
        )
        for one in preview.change["fields"]
    )
    return PreviewView(document, preview, f"{document.id}~{waiting.seen.digest}", changes, labels, waiting.held_by)


def _labels(preview: Preview, document: Document) -> dict[str, str]:
    """The names of fields by key: of the type that it would be, and of that which it is."""
    after = (preview.change["type"] or {}).get("after") or {}
    known = field_labels()
    return {**known.get(document.type, {}), **known.get(after.get("code", ""), {})}


def strip_of(spots: Sequence[Spot], pages: Mapping[int, Mapping[str, Any]]) -> Strip | None:
    """The part of the first page on which a value stands; None where it stands on none that is known."""
    here = [spot for spot in spots if spot[0] == spots[0][0]]
    page = pages.get(here[0][0]) if here else None
    if page is None:
        return None
    sheet, way = sheet_of(page), way_upright(page)
    boxes = [way.map_box(Box(*spot[1:])) for spot in here]
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    height = min(box.bottom - box.top for box in boxes)
    top, bottom = max(0.0, top - AROUND * height), min(float(sheet.height), bottom + AROUND * height)
    wanted = max(right - left + 2 * BESIDE * height, BROAD * (bottom - top))
    left = max(0.0, min((left + right - wanted) / 2, sheet.width - wanted))
    part = (round(left), round(top), round(min(wanted, sheet.width)), max(1, round(bottom - top)))
    marks = tuple((round(b.left), round(b.top), round(b.right - b.left), round(b.bottom - b.top)) for b in boxes)
    return Strip(page["number"], (sheet.width, sheet.height), part, marks)
