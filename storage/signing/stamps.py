"""What a signature looks like on the page: a few lines of black letters, upright in their corner, on no ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp.base import BaseStamp, BaseStampStyle

from pipeline.domain.local_time import VIETNAM
from storage.signing.corners import REACH_ACROSS, Block, Place, Sheet
from storage.signing.typeface import ASCENT, DESCENT, LEADING, embed, width, writable

#: The size that decree asks for, and those used where there is no room for it, down to what can just be read.
SIZES = (10.0, 9.0, 8.0, 7.0, 6.0)
#: The part of its size by which a block keeps its lines from its edges.
_MARGIN = 0.2


def digitiser_lines(name: str, at: datetime) -> tuple[str, ...]:
    """What the digitiser's signature shows: the name, and the time."""
    return (f"Người số hóa: {name}", f"Thời gian ký: {iso_time(at)}")


def agency_lines(copy_type: str, agency: str, at: datetime) -> tuple[str, ...]:
    """What the agency's signature shows: the kind of copy, the agency, and the time; no picture."""
    return (copy_type, agency, f"Thời gian ký: {iso_time(at)}")


def iso_time(at: datetime) -> str:
    """The time as ISO 8601 writes it, to the second, in the zone of Viet Nam (Decree 30/2020/NĐ-CP, appendix I)."""
    return at.astimezone(VIETNAM).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines folded to the room there is, with the size of their letters."""

    lines: tuple[str, ...]
    size: float

    @property
    def block(self) -> Block:
        """How much room they take."""
        widest = max(width(line, self.size) for line in self.lines)
        height = (len(self.lines) - 1) * LEADING + ASCENT + DESCENT
        return Block(self.size, widest + 2 * _MARGIN * self.size, (height + 2 * _MARGIN) * self.size)


def lay_out(texts: Sequence[str], sheet: Sheet) -> tuple[Layout, ...]:
    """``texts`` at every size that fits the page, the largest first; on a page too small for any, as large as it can be."""
    lines = tuple(line for text in texts if (line := writable(text)))
    across = sheet.width * REACH_ACROSS - sheet.edge
    down = sheet.height - 2 * sheet.edge
    layouts = (Layout(_fold(lines, size, across - 2 * _MARGIN * size), size) for size in SIZES)
    fitting = tuple(one for one in layouts if one.block.width <= across + 0.1 and one.block.height <= down)
    if fitting:
        return fitting
    least = Layout(lines, SIZES[-1])
    return (Layout(lines, least.size * min(across / least.block.width, down / least.block.height, 1.0)),)


def _fold(lines: Sequence[str], size: float, across: float) -> tuple[str, ...]:
    folded: list[str] = []
    for line in lines:
        current = ""
        for word in line.split():
            longer = f"{current} {word}".strip()
            if current and width(longer, size) > across:
                folded.append(current)
                longer = word
            current = longer
        folded.append(current)
    return tuple(folded)


@dataclass(frozen=True)
class Stamp(BaseStampStyle):
    """What pyHanko is to draw: ``layout`` at ``place`` on a page turned by ``turn``, of ``unit`` points per unit."""

    layout: Layout | None = None
    place: Place | None = None
    turn: int = 0
    unit: float = 1.0

    def create_stamp(self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, object]) -> BaseStamp:
        """The appearance stream; its box and text are what the layout and the place say."""
        assert self.layout is not None and self.place is not None
        return _Drawing(writer, self.layout, self.place, self.turn, self.unit)


#: How the page's own axes must be turned so that text stands upright on a page shown turned clockwise.
_UPRIGHT = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


class _Drawing(BaseStamp):
    def __init__(self, writer: BasePdfFileWriter, layout: Layout, place: Place, turn: int, unit: float) -> None:
        super().__init__(writer, None, BoxConstraints(width=place.width / unit, height=place.height / unit))
        self._layout, self._place, self._turn, self._unit = layout, place, turn, unit

    def render(self) -> bytes:
        face = embed(self._ensure_writer, self._layout.lines)
        self.set_resource(ResourceType.FONT, pdf_name("/F0"), face.font)
        size, height = self._layout.size / self._unit, self._place.height / self._unit
        ground = f"1 g 0 0 {self._place.width / self._unit:.3f} {height:.3f} re f " if self._place.needs_ground else ""
        first = height - (ASCENT + _MARGIN) * size
        shown = f" 0 {-LEADING * size:.3f} Td ".join(f"<{face.encode(line)}> Tj" for line in self._layout.lines)
        return f"q {ground}0 g BT /F0 {size:.3f} Tf {_MARGIN * size:.3f} {first:.3f} Td {shown} ET Q".encode()

    def as_form_xobject(self) -> generic.StreamObject:
        form = super().as_form_xobject()
        turned = map(generic.NumberObject, (*_UPRIGHT.get(self._turn, _UPRIGHT[0]), 0, 0))
        form[pdf_name("/Matrix")] = generic.ArrayObject(turned)
        return form

    def apply_appearance(self, annot_dict: generic.DictionaryObject) -> None:
        super().apply_appearance(annot_dict)
        if self._turn:
            annot_dict[pdf_name("/MK")] = generic.DictionaryObject({pdf_name("/R"): generic.NumberObject(self._turn)})
