"""Colours of any colour space as grey or RGB: asked of pdfium, which also paints the picture of the page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pikepdf
import pypdfium2 as pdfium

from pipeline.intake.drawing_rules import UndrawableError, show_number

Space = pikepdf.Object | str

_DEVICES = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK"}
CHANNELS = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
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


def space_of(resources: pikepdf.Object, operands: Sequence[object]) -> Space:
    """The colour space an operator names: a device space by its name, or its object; raises ``UndrawableError``."""
    if len(operands) != 1 or not isinstance(operands[0], pikepdf.Name):
        raise UndrawableError("broken_content")
    name = str(operands[0])
    name = _DEVICES.get(name, name)
    if name in CHANNELS:
        return name
    named = resources.get("/ColorSpace", pikepdf.Dictionary())
    found = named.get(name)
    if isinstance(found, pikepdf.Name) and _DEVICES.get(str(found), str(found)) in CHANNELS:
        return _DEVICES.get(str(found), str(found))
    if not isinstance(found, pikepdf.Array) or str(found[0]) == "/Pattern":
        raise UndrawableError("pattern" if name == "/Pattern" or isinstance(found, pikepdf.Array) else "missing_resource")
    return found


def first_colour(space: Space) -> list[float]:
    """The colour a space begins with (ISO 32000-1, 8.6.5 and 8.6.6)."""
    if isinstance(space, str):
        return [0.0] * 3 + [1.0] if space == "/DeviceCMYK" else [0.0] * CHANNELS[space]
    match str(space[0]):
        case "/ICCBased":
            return [0.0] * min(4, max(1, int(space[1].get("/N", 3))))
        case "/Separation":
            return [1.0]
        case "/DeviceN":
            return [1.0] * len(space[1])
        case "/CalGray" | "/Indexed":
            return [0.0]
        case "/CalRGB" | "/Lab":
            return [0.0] * 3
        case _:
            raise UndrawableError("odd_colour_space")


def colour_operator(colour: Sequence[float], lines: bool) -> str:
    """The operator that sets ``colour``, of areas or of lines."""
    name = "g" if len(colour) == 1 else "rg"
    return " ".join([*(show_number(one) for one in colour), name.upper() if lines else name])
