"""Colours of any colour space as grey or RGB: asked of pdfium, which also paints the picture of the page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pikepdf
import pypdfium2 as pdfium

from pipeline.intake.drawing_rules import UndrawableError, show_number

#: More colours than these make a picture, not a drawing.
_MOST_COLOURS = 1500
_SIDE = 4
#: Channels that differ by less than this are grey.
_TINT = 3


@dataclass(frozen=True, slots=True)
class Tint:
    """A colour to be found out: its place among all of the page, and whether areas or lines are painted in it."""

    place: int
    lines: bool


@dataclass(slots=True)
class Palette:
    """The colours a page asks for, by colour space and components."""

    raw: pikepdf.Pdf
    _wanted: dict[tuple[object, ...], int] = field(default_factory=dict)
    _spaces: list[tuple[pikepdf.Object | str, tuple[float, ...]]] = field(default_factory=list)

    def ask(self, space: pikepdf.Object | str, components: Sequence[float], *, lines: bool) -> Tint:
        """A tint for this colour; ``space`` is a device space by its name, or any colour space object."""
        name = space if isinstance(space, str) else space.objgen if space.is_indirect else space.unparse(resolved=False)
        key = (name, *components)
        if key not in self._wanted:
            if len(self._spaces) >= _MOST_COLOURS:
                raise UndrawableError("too_many_colours")
            self._wanted[key] = len(self._spaces)
            self._spaces.append((space, tuple(components)))
        return Tint(self._wanted[key], lines)

    def mix(self) -> list[tuple[float, ...]]:
        """The colours in the order of their places: one component where grey, else three, 0..1."""
        if not self._spaces:
            return []
        with pikepdf.new() as sheet:
            page = sheet.add_blank_page(page_size=(_SIDE * len(self._spaces) + _SIDE, _SIDE * 2))
            named, rows = pikepdf.Dictionary(), []
            for place, (space, components) in enumerate(self._spaces):
                name = space
                if not isinstance(space, str):
                    name = f"/C{place}"
                    named[name] = sheet.copy_foreign(space if space.is_indirect else self.raw.make_indirect(space))
                shown = " ".join(show_number(one, 6) for one in components)
                rows.append(f"{name} cs {shown} scn {_SIDE * place} 0 {_SIDE} {_SIDE * 2} re f")
            page.obj["/Resources"] = pikepdf.Dictionary(ColorSpace=named)
            page.obj["/Contents"] = sheet.make_stream("\n".join(rows).encode("ascii"))
            target = io.BytesIO()
            sheet.save(target)
        return [_plain(colour) for colour in _painted(target.getvalue(), len(self._spaces))]


def _painted(data: bytes, count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    document = pdfium.PdfDocument(data)
    try:
        pixels = np.array(document[0].render(scale=1, rev_byteorder=True).to_numpy(), np.uint8)
    finally:
        document.close()
    return pixels[_SIDE, _SIDE // 2 : _SIDE * count : _SIDE, :3]


def _plain(colour: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> tuple[float, ...]:
    channels = [int(one) for one in colour]
    if max(channels) - min(channels) < _TINT:
        return (channels[1] / 255,)
    return tuple(one / 255 for one in channels)
