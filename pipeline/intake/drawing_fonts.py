"""The letters of fonts that a PDF carries, as outlines: which glyph a code shows, how wide it is, how it is drawn."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pikepdf
from fontTools.agl import AGL2UV
from fontTools.cffLib import CFFFontSet
from fontTools.encodings.MacRoman import MacRoman
from fontTools.encodings.StandardEncoding import StandardEncoding
from fontTools.pens.basePen import decomposeQuadraticSegment
from fontTools.pens.qu2cuPen import Qu2CuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.t1Lib import T1Font
from fontTools.ttLib import TTFont

from pipeline.intake.drawing_codes import NOTDEF, composite_widths, encoded_names, simple_widths
from pipeline.intake.drawing_rules import MOST_FONT_BYTES, UndrawableError, as_number, bytes_of, show_number
from pipeline.intake.drawing_substitutes import UNITS, substitutes

# Dates and tables that no drawing needs are none of an operator's business.
logging.getLogger("fontTools").setLevel(logging.ERROR)

#: An outline of more letters of code than this is a picture in disguise.
_LONGEST_OUTLINE = 60_000
_SYMBOLIC = 4
#: Finer units of the em square than these are halved, and curves may be off by so many units when fewer do for them: less than
#: a twentieth of a dot of a scan at 300 dpi.
_FINE, _TOLERANCE = 1500, 0.8
#: Fonts whose codes are no letters; and the letters that pdfium's own fonts have for certain.
_SYMBOLS = ("Symbol", "Dingbats", "Webdings", "Wingdings")
_NO_LETTER = 0
_WESTERN = frozenset(ord(bytes([code]).decode("cp1252", "ignore") or " ") for code in range(32, 256))
_OPERATORS = {"moveTo": "m", "lineTo": "l", "curveTo": "c", "closePath": "h", "endPath": "h"}
Point = tuple[float, float]


def _path(pen: DecomposingRecordingPen) -> str:
    """What was recorded of an outline as PDF path operators, in whole font units."""
    parts: list[str] = []
    at = (0.0, 0.0)
    for name, points in pen.value:
        if name == "qCurveTo" and points[-1] is None:
            at = _middle(points[-2], points[0])
            parts.append(f"{_shown(at)} m")
            points = (*points[:-1], at)  # noqa: PLW2901 (a contour without corners begins between two of its curves)
        if name == "qCurveTo":
            for control, end in decomposeQuadraticSegment(points):
                parts.append(f"{_shown(_third(at, control))} {_shown(_third(end, control))} {_shown(end)} c")
                at = end
        elif name in _OPERATORS:
            parts.append(" ".join([*map(_shown, points), _OPERATORS[name]]))
            at = points[-1] if points else at
    return "\n".join(parts)


def _shown(point: Point) -> str:
    return f"{show_number(point[0], 0)} {show_number(point[1], 0)}"


def _middle(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _third(end: Point, control: Point) -> Point:
    """The control point of a cubic curve for that of a quadratic one, on the side of ``end``."""
    return end[0] + (control[0] - end[0]) * 2 / 3, end[1] + (control[1] - end[1]) * 2 / 3


@dataclass(slots=True)
class _Program:
    """A font program: glyphs by name or number, in ``units`` of the em square, times ``shrink`` in what is drawn."""

    units: float
    shrink: float
    order: list[str]
    draw: Callable[[str, TransformPen], object]
    glyphs: object
    cmaps: Mapping[tuple[int, int], Mapping[int, str]] = field(default_factory=dict)
    encoding: list[str] = field(default_factory=list)
    by_cid: Callable[[int], str] | None = None

    def outline(self, name: str) -> str:
        """The path of the glyph ``name``; raises ``UndrawableError`` where it is endless."""
        pen = DecomposingRecordingPen(self.glyphs)
        self.draw(name, TransformPen(Qu2CuPen(pen, _TOLERANCE, all_cubic=True), (self.shrink, 0, 0, self.shrink, 0, 0)))
        path = _path(pen)
        if len(path) > _LONGEST_OUTLINE:
            raise UndrawableError("endless_glyph")
        return path


class DrawnFont:
    """A font as a drawing uses it; raises ``UndrawableError`` where its letters cannot be drawn for certain."""

    def __init__(self, font: pikepdf.Object) -> None:
        self.composite = str(font.get("/Subtype")) == "/Type0"
        inner = font.DescendantFonts[0] if self.composite else font
        if self.composite and str(font.get("/Encoding")) != "/Identity-H":
            raise UndrawableError("font_encoding")
        self._paths: dict[int, str] = {}
        if not self.composite and not _is_embedded(inner):
            self._substitute(font)
            return
        program = _load(inner.get("/FontDescriptor"))
        self.units = program.units * program.shrink
        self._program: _Program | None = program
        if self.composite:
            self._names = _composite_names(inner, program)
            self._widths, self._default = composite_widths(inner)
        else:
            simple = _simple_names(font, program)
            self._names = lambda code: simple.get(code, NOTDEF)
            self._widths, self._default = simple_widths(font)

    def _substitute(self, font: pikepdf.Object) -> None:
        """Take the letters that pdfium puts in the place of a font that is not there."""
        if any(name in str(font.get("/BaseFont")) for name in _SYMBOLS):
            raise UndrawableError("font_not_embedded")
        named = encoded_names(font.get("/Encoding"), StandardEncoding, symbolic=False)
        letters = {code: AGL2UV[name] for code, name in named.items() if AGL2UV.get(name, _NO_LETTER) in _WESTERN}
        found = substitutes(font, letters)
        self.units, self._program, self._default = UNITS, None, 0.0
        self._paths = {code: path for code, (path, _) in found.items() if path or chr(letters[code]).isspace()}
        self._widths = {code: width for code, (_, width) in found.items()}
        if "/Widths" in font:
            self._widths, self._default = simple_widths(font)

    def codes(self, data: bytes) -> Iterator[tuple[int, float, bool]]:
        """Codes of a string, each with its width in parts of the font size, and whether word spacing follows it."""
        step = 2 if self.composite else 1
        if len(data) % step:
            raise UndrawableError("font_encoding")
        for at in range(0, len(data), step):
            code = int.from_bytes(data[at : at + step], "big")
            yield code, self._widths.get(code, self._default) / 1000, not self.composite and code == 0x20

    def outline(self, code: int) -> str:
        """The path that shows ``code``, in units of the font; empty for a space."""
        if code not in self._paths:
            if self._program is None:
                raise UndrawableError("font_not_embedded")
            self._paths[code] = self._program.outline(self._names(code))
        return self._paths[code]


def _is_embedded(font: pikepdf.Object) -> bool:
    descriptor = font.get("/FontDescriptor", pikepdf.Dictionary())
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _load(descriptor: pikepdf.Object | None) -> _Program:
    if not isinstance(descriptor, pikepdf.Dictionary):
        raise UndrawableError("font_not_embedded")
    if isinstance(descriptor.get("/FontFile2"), pikepdf.Stream):
        return _sfnt(bytes_of(descriptor.FontFile2, MOST_FONT_BYTES))
    if isinstance(descriptor.get("/FontFile"), pikepdf.Stream):
        return _type_1(bytes_of(descriptor.FontFile, MOST_FONT_BYTES))
    compact = descriptor.get("/FontFile3")
    if not isinstance(compact, pikepdf.Stream):
        raise UndrawableError("font_not_embedded")
    data = bytes_of(compact, MOST_FONT_BYTES)
    return _sfnt(data) if str(compact.get("/Subtype")) == "/OpenType" or data[:4] == b"OTTO" else _cff(data)


def _sfnt(data: bytes) -> _Program:
    font = TTFont(io.BytesIO(data), lazy=True, fontNumber=0)
    if "CFF " in font:
        return _compact(font["CFF "].cff)
    shapes, order = font.getGlyphSet(), font.getGlyphOrder()
    known = set(order)
    cmaps = {}
    if "cmap" in font:
        cmaps = {(table.platformID, table.platEncID): table.cmap for table in font["cmap"].tables if hasattr(table, "cmap")}

    def draw(name: str, pen: TransformPen) -> object:
        return shapes[name].draw(pen) if name in known else None

    units = float(font["head"].unitsPerEm)
    return _Program(units, 0.5 if units > _FINE else 1.0, order, draw, shapes, cmaps)


def _cff(data: bytes) -> _Program:
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(data), None)
    return _compact(fonts)


def _compact(fonts: CFFFontSet) -> _Program:
    top = fonts[fonts.fontNames[0]]
    shapes, order = top.CharStrings, list(top.charset)
    matrix = getattr(top, "FontMatrix", None) or [0.001, 0, 0, 0.001, 0, 0]
    by_cid = None
    encoding: list[str] = []
    if hasattr(top, "ROS"):
        known = set(order)
        by_cid = lambda cid: f"cid{cid:05d}" if f"cid{cid:05d}" in known else NOTDEF  # noqa: E731 (a table of one rule)
    else:
        own = getattr(top, "Encoding", "StandardEncoding")
        encoding = StandardEncoding if own == "StandardEncoding" else own if isinstance(own, list) else []

    def draw(name: str, pen: TransformPen) -> object:
        return shapes[name].draw(pen) if name in shapes else None

    return _Program(1 / _scale_of(matrix), 1.0, order, draw, shapes, {}, encoding, by_cid)


def _type_1(data: bytes) -> _Program:
    font = T1Font.__new__(T1Font)
    font.data, font.encoding = data, "latin-1"
    font.parse()
    shapes, encoding = font.font["CharStrings"], font.font["Encoding"]
    matrix = [as_number(one) for one in font.font.get("FontMatrix", [0.001, 0, 0, 0.001, 0, 0])]

    def draw(name: str, pen: TransformPen) -> object:
        return shapes[name].draw(pen) if name in shapes else None

    own = encoding if isinstance(encoding, list) else StandardEncoding
    return _Program(1 / _scale_of(matrix), 1.0, list(shapes), draw, shapes, {}, own)


def _scale_of(matrix: Sequence[float]) -> float:
    """The size of a unit; raises ``UndrawableError`` where the font is slanted or stretched by its matrix."""
    if matrix[0] <= 0 or abs(matrix[0] - matrix[3]) > 1e-9 or any(matrix[at] for at in (1, 2, 4, 5)):
        raise UndrawableError("font_matrix")
    return float(matrix[0])


def _composite_names(inner: pikepdf.Object, program: _Program) -> Callable[[int], str]:
    order = program.order
    table = inner.get("/CIDToGIDMap")
    pairs = table.read_bytes() if isinstance(table, pikepdf.Stream) else None

    def name(cid: int) -> str:
        if program.by_cid is not None:
            return program.by_cid(cid)
        number = cid if pairs is None else int.from_bytes(pairs[2 * cid : 2 * cid + 2], "big")
        return order[number] if number < len(order) else NOTDEF

    return name


def _simple_names(font: pikepdf.Object, program: _Program) -> dict[int, str]:
    descriptor = font.get("/FontDescriptor", pikepdf.Dictionary())
    symbolic = bool(int(descriptor.get("/Flags", 0)) & _SYMBOLIC)
    named = encoded_names(font.get("/Encoding"), program.encoding, symbolic)
    known = set(program.order)
    if not program.cmaps:
        return {code: name for code, name in named.items() if name in known}
    found: dict[int, str] = {}
    for code in range(256):
        glyph = _by_name(named.get(code, ""), program, known) if named and not symbolic else None
        glyph = glyph or _by_code(code, program) or _by_name(named.get(code, ""), program, known)
        if glyph:
            found[code] = glyph
    return found


def _by_name(name: str, program: _Program, known: set[str]) -> str | None:
    if not name or name == NOTDEF:
        return None
    letter = AGL2UV.get(name)
    if letter is None and name.startswith("uni") and len(name) == 7:
        letter = int(name[3:], 16)
    unicode, roman = program.cmaps.get((3, 1), {}), program.cmaps.get((1, 0), {})
    if letter in unicode:
        return unicode[letter]
    if name in MacRoman and MacRoman.index(name) in roman:
        return roman[MacRoman.index(name)]
    return name if name in known else None


def _by_code(code: int, program: _Program) -> str | None:
    symbols, roman = program.cmaps.get((3, 0), {}), program.cmaps.get((1, 0), {})
    for place in (0xF000 + code, code):
        if place in symbols:
            return symbols[place]
    return roman.get(code)
