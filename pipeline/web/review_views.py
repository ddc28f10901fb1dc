"""What the review pages show: fields with their boxes on the upright page, words with how sure they are, the queue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline import archive, review
from pipeline.domain.findings import Field, FieldOrigin, Suggestion
from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import PageText, Word
from pipeline.domain.reviews import TYPE_KEY, WHOLE, Claim, Place, Waiting
from pipeline.review_desk import Case, CaseField, CasePart

#: Words read with less confidence are shown as doubtful, with less than the second as very doubtful.
DOUBTFUL, VERY_DOUBTFUL = 0.9, 0.7
#: A word belongs to a value where this much of it lies in the value's box.
_INSIDE = 0.5
#: Values whose words stand on the pages.
_READ = frozenset({FieldOrigin.OCR, FieldOrigin.TEXT_LAYER})
#: Fields with longer values are typed into several lines.
_LONG = 48


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is shown: its size when upright, in scan pixels, and what is wrong with its scan."""

    number: int
    width: int
    height: int
    verdict: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A word of a value as it was read: ``doubt`` is 0 (sure), 1 or 2."""

    text: str
    doubt: int


@dataclass(frozen=True, slots=True)
class Row:
    """A field as the page shows it. ``boxes`` are page, left, top, right, bottom on the upright page, in scan pixels."""

    field: CaseField
    id: str
    boxes: tuple[tuple[int, int, int, int, int], ...]
    suggestions: tuple[tuple[str, Suggestion], ...]

    @property
    def is_long(self) -> bool:
        """Whether the value wants several lines."""
        return self.field.spec.type == "list" or len(self.field.typed) > _LONG

    @property
    def state(self) -> str:
        """``open``, ``settled`` by somebody, ``sure`` as read, or ``empty`` where nothing stands and nobody misses it."""
        if self.field.is_open:
            return "open"
        if self.field.settled is not None:
            return "settled"
        return "sure" if self.field.value is not None else "empty"

    @property
    def printed(self) -> str:
        """What was read, as it stands on the paper; empty where nothing was, or it came from a code or a human."""
        return self.field.read.text if self.field.read and self.field.read.origin in _READ else ""

    @property
    def messages(self) -> tuple[str, ...]:
        """Why it is to be looked at, then what checks say of what was typed."""
        told = self.field.point.problems if self.field.point and not self.field.settled else ()
        own = self.field.read.problems if self.field.read and not self.field.settled else ()
        return tuple(dict.fromkeys(one.message for one in (*told, *own, *self.field.warnings)))


def sheets_of(case: Case) -> tuple[Sheet, ...]:
    """The pages of the document on the desk."""
    return tuple(map(sheet_of, case.pages))


def sheet_of(page: Mapping[str, Any]) -> Sheet:
    """A page of a record, as it is shown."""
    width, height = page["width"], page["height"]
    if page["rotation"] in {90, 270}:
        width, height = height, width
    return Sheet(page["number"], width, height, page["quality"]["verdict"], tuple(page["quality"]["reasons"]))


def rows_of(case: Case, part: CasePart) -> tuple[Row, ...]:
    """The fields of one document, those that somebody must look at first, each as it is shown."""
    seen = _pages_of(part)
    ways = {page["number"]: way_upright(page) for page in case.pages if page["number"] in seen}
    order = {point.place: number for number, point in enumerate(case.points)}
    listed = sorted(part.fields, key=lambda one: order.get(one.place, len(order)))
    return tuple(_row(field, ways) for field in listed)


def first_page(case: Case, papers: Iterable[tuple[CasePart, Sequence[Row]]]) -> int:
    """The page that is shown first: that of what is to be looked at first."""
    for point in case.file_points:
        if point.place not in case.settled:
            return point.page or 1
    for part, rows in papers:
        if part.type_open:
            return part.pages[0] if part.pages else 1
        for row in rows:
            if row.state == "open":
                return row.boxes[0][0] if row.boxes else 1
    return 1


def _pages_of(part: CasePart) -> set[int]:
    """The pages on which values of one document were seen."""
    return {seen.page for field in part.fields if field.read for seen in field.read.evidence}


def _row(field: CaseField, ways: Mapping[int, Affine]) -> Row:
    read = field.read
    kind = field.spec.type
    suggestions = tuple((review.as_typed(kind, one.value), one) for one in read.suggestions) if read else ()
    return Row(field, id_of(field.place), tuple(_boxes(read, ways)), suggestions)


def id_of(place: Place) -> str:
    """The name of a place within the page."""
    return f"f{place.part}-{place.key}"


def _boxes(read: Field | None, ways: Mapping[int, Affine]) -> Iterator[tuple[int, int, int, int, int]]:
    for seen in read.evidence if read else ():
        if seen.page in ways:
            box = ways[seen.page].map_box(seen.box)
            yield seen.page, round(box.left), round(box.top), round(box.right), round(box.bottom)


def way_upright(page: Mapping[str, Any]) -> Affine:
    """From the pixels of the scan to those of the page turned upright."""
    width, height, turn = page["width"], page["height"], page["rotation"]
    shift = {0: (0, 0), 90: (height, 0), 180: (width, height), 270: (0, width)}[turn]
    return Affine.rotation(turn).then(Affine.shift(*shift))


def said_of(parts: Sequence[CasePart], alto: bytes) -> dict[str, tuple[Said, ...]]:
    """The words of the values of some documents of a file as they were read, each with how sure it is, by id of the field.

    Only the pages on which those values were seen are read back: that takes some ten milliseconds a page.
    """
    texts = {text.number: text for text in archive.parse_alto(alto, set().union(*map(_pages_of, parts)))}
    fields = (field for part in parts for field in part.fields)
    return {id_of(field.place): tuple(_said(field.read, texts)) for field in fields if field.read}


def _said(read: Field, texts: Mapping[int, PageText]) -> Iterator[Said]:
    """The words in the boxes of a value that was read; of one from a code, or a human, none."""
    if read.origin not in _READ:
        return
    for seen in read.evidence:
        text = texts.get(seen.page)
        for word in _words_in((word for line in text.lines for word in line.words), seen.box) if text else ():
            yield Said(word.text, (word.confidence < DOUBTFUL) + (word.confidence < VERY_DOUBTFUL))


def _words_in(words: Iterable[Word], box: Box) -> Iterator[Word]:
    for word in words:
        own = word.box
        apart = own.right <= box.left or own.left >= box.right or own.bottom <= box.top or own.top >= box.bottom
        if not apart and box.intersection(own).area >= _INSIDE * own.area > 0:
            yield word


def state_json(case: Case) -> dict[str, Any]:
    """How the draft stands, for the page to follow: every field's state, value and messages; what is open; undo, redo."""
    rows = [Row(field, id_of(field.place), (), ()) for part in case.parts for field in part.fields]
    fields = {row.id: {"state": row.state, "value": row.field.typed, "messages": list(row.messages)} for row in rows}
    types = {f"f{part.number}-{TYPE_KEY}": _type_json(part) for part in case.parts}
    noted = {point_id(one.place): "settled" if one.place in case.settled else "open" for one in case.file_points}
    return {
        "fields": fields,
        "types": types,
        "points": noted,
        "open": len(case.open_points),
        "all": len(case.points),
        "undo": any(not step.undone for step in case.steps),
        "redo": any(step.undone for step in case.steps),
    }


def _type_json(part: CasePart) -> dict[str, str]:
    state = "open" if part.type_open else "settled" if part.type_settled else "sure"
    return {"state": state, "value": part.kind.code}


def point_id(place: Place) -> str:
    """The name of a point about the whole file within the page."""
    assert place.part == WHOLE
    return f"p-{place.key.replace(':', '-')}"


@dataclass(frozen=True, slots=True)
class Queued:
    """A line of the queue: ``urgency`` and ``risk`` end keys of words; ``holder`` is the name of who has it on the desk."""

    waiting: Waiting
    urgency: str
    holder: str
    risk: str


def risk_level(risk: float) -> str:
    """``high``, ``middle`` or ``low``: an id in doubt, a number or name in doubt, words."""
    return "high" if risk >= 8 else "middle" if risk >= 3 else "low"


def queued(waiting: Waiting, now: datetime, names: Mapping[str, str]) -> Queued:
    """A document of the queue as it is shown; ``names`` are those of people, by id."""
    claim = waiting.claim
    holder = holder_name(claim, names) if claim is not None and claim.is_open(now) else ""
    return Queued(waiting, review.urgency_of(waiting, now), holder, risk_level(waiting.concern.risk))


def holder_name(claim: Claim, names: Mapping[str, str]) -> str:
    """Who has a document, by name where it is known."""
    return names.get(claim.holder, claim.holder)
