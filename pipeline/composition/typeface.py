"""The invisible typeface of the text layer.

Its letters have a width, a height and no ink: each outline runs along two sides of its cell and back, so that it
encloses nothing and still tells a reader how far the letter reaches. The widths are those of a common book face by
classes (narrow, wide, …), so that a part of a word is marked where it stands. There is one cut for each
height and depth that words have; a word takes the cut that fits its box. Drawn by this module: no foreign outlines.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import normalize

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from pipeline.composition.container import Name, PdfFile, PdfValue, Ref

#: Advance widths in thousandths of the font size; the place in this tuple + 1 is the glyph.
WIDTHS = (250, 330, 440, 500, 600, 700, 860)

_CLASSES = {
    250: " .,;:'!|’‘`·",
    330: 'iljtfIr()[]/\\-“”"JsS°',
    440: "aceszvxykg?*",
    600: "EFLPTZBRC€#$%&+=<>~^",
    700: "ADGHKNOQUVXYw",
    860: "mMW@—…©®½¼¾",
}
_WIDTH_OF = {letter: width for width, letters in _CLASSES.items() for letter in letters}
_FALLBACK = "\ufffd"
_LAST_CODE = 0xFFFF


@dataclass(frozen=True, slots=True)
class Cut:
    """How far the letters of a word reach above and below the baseline, in thousandths of the font size."""

    ascent: int
    descent: int


#: Small letters, tall letters, letters with two marks or capitals with one; with and without descender or dot below.
CUTS = tuple(Cut(ascent, descent) for ascent in (480, 700, 900) for descent in (-15, -220))

#: The cut that is as high and deep as the whole typeface.
CELL = CUTS[-1]


@lru_cache(maxsize=4096)
def advance(letter: str) -> int:
    """The advance width of ``letter`` in thousandths of the font size."""
    base = normalize("NFD", letter)[0]
    base = {"đ": "d", "Đ": "D"}.get(base, base)
    return _WIDTH_OF.get(base, 500)


@lru_cache(maxsize=len(CUTS))
def font_program(cut: Cut) -> bytes:
    """A TrueType font of one empty ``.notdef`` and one cell for each of ``WIDTHS``, as high and deep as ``cut``."""
    order = [".notdef"] + [f"cell{width}" for width in WIDTHS]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({0xF000 + place: name for place, name in enumerate(order) if place})
    cells = [_cell(0, cut)] + [_cell(width, cut) for width in WIDTHS]
    builder.setupGlyf(dict(zip(order, cells, strict=True)))
    builder.setupHorizontalMetrics({name: (width, 0) for name, width in zip(order, (500, *WIDTHS), strict=True)})
    builder.setupHorizontalHeader(ascent=cut.ascent, descent=cut.descent)
    builder.setupNameTable({"familyName": _font_name(cut), "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=cut.ascent, sTypoDescender=cut.descent, usWinAscent=cut.ascent, usWinDescent=-cut.descent)
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False
    target = io.BytesIO()
    builder.save(target)
    return target.getvalue()


def _cell(width: int, cut: Cut) -> object:
    pen = TTGlyphPen(None)
    if width:
        pen.moveTo((0, cut.descent))
        pen.lineTo((0, cut.ascent))
        pen.lineTo((width, cut.ascent))
        pen.lineTo((0, cut.ascent))
        pen.closePath()
    return pen.glyph()


def _font_name(cut: Cut) -> str:
    return f"SohoaInvisible-{cut.ascent}-{-cut.descent}"


@dataclass(slots=True)
class Typeface:
    """The letters and cuts one document uses; codes are handed out in the order letters are first met."""

    codes: dict[str, int] = field(default_factory=dict)
    fonts: dict[Cut, Ref] = field(default_factory=dict)

    def encode(self, text: str) -> str:
        """``text`` as the hexadecimal digits of its codes, four a letter."""
        return "".join(f"{self._code(letter):04X}" for letter in text)

    def _code(self, letter: str) -> int:
        if letter not in self.codes and len(self.codes) >= _LAST_CODE - 1:
            letter = _FALLBACK
        return self.codes.setdefault(letter, len(self.codes) + 1)

    def write(self, pdf: PdfFile) -> None:
        """Write one Type 0 font (ISO 32000-1, 9.7) for each cut in ``fonts``, all sharing codes, widths and Unicode map."""
        if not self.fonts:
            return
        widths: list[PdfValue] = [advance(letter) for letter in self.codes]
        shared_widths = pdf.add([1, widths])
        glyphs = b"\0\0" + b"".join((WIDTHS.index(advance(letter)) + 1).to_bytes(2, "big") for letter in self.codes)
        mapping = pdf.add_packed({}, glyphs)
        unicode = pdf.add_packed({}, render_unicode_map(self.codes))
        for cut, ref in self.fonts.items():
            descendant = pdf.add(
                {
                    "Type": Name("Font"),
                    "Subtype": Name("CIDFontType2"),
                    "BaseFont": Name(_font_name(cut)),
                    "CIDSystemInfo": {"Registry": "Adobe", "Ordering": "Identity", "Supplement": 0},
                    "FontDescriptor": _write_descriptor(pdf, cut),
                    "DW": 500,
                    "W": shared_widths,
                    "CIDToGIDMap": mapping,
                }
            )
            composite: dict[str, PdfValue] = {
                "Type": Name("Font"),
                "Subtype": Name("Type0"),
                "BaseFont": Name(_font_name(cut)),
                "Encoding": Name("Identity-H"),
                "DescendantFonts": [descendant],
                "ToUnicode": unicode,
            }
            pdf.add(composite, ref)


def _write_descriptor(pdf: PdfFile, cut: Cut) -> Ref:
    program = font_program(cut)
    return pdf.add(
        {
            "Type": Name("FontDescriptor"),
            "FontName": Name(_font_name(cut)),
            "Flags": 4,
            "FontBBox": [0, cut.descent, max(WIDTHS), cut.ascent],
            "ItalicAngle": 0,
            "Ascent": cut.ascent,
            "Descent": cut.descent,
            "CapHeight": cut.ascent,
            "StemV": 80,
            "FontFile2": pdf.add_packed({"Length1": len(program)}, program),
        }
    )


def render_unicode_map(codes: dict[str, int]) -> bytes:
    """A ToUnicode CMap (ISO 32000-1, 9.10.3) from code to letter, at most 100 letters a section."""
    pairs = [f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for letter, code in codes.items()]
    sections = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    body = "\n".join(f"{len(section)} beginbfchar\n" + "\n".join(section) + "\nendbfchar" for section in sections)
    return f"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{body}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
""".encode()
