"""The face that visible signatures are written in: Sohoa Serif, of the widths of Times New Roman (licence in OFL.txt)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from unicodedata import normalize

from fontTools import subset
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.writer import BasePdfFileWriter

_FILE = Path(__file__).with_name("SohoaSerif-Regular.ttf")
_NAME = "SohoaSerif-Regular"
#: What stands for a letter that the face lacks.
_INSTEAD = "?"
#: Baseline to top of the tallest marked capital, to the foot of the deepest letter, and to the next baseline, in sizes.
ASCENT, DESCENT, LEADING = 0.91, 0.22, 1.17


@dataclass(frozen=True, slots=True)
class _Face:
    """What is known of the face without opening it again; widths in thousandths of the size."""

    glyphs: dict[int, str]
    widths: dict[int, float]
    box: tuple[int, int, int, int]


@lru_cache(maxsize=1)
def _face() -> _Face:
    with TTFont(_FILE) as font:
        scale = 1000 / font["head"].unitsPerEm
        head, glyphs = font["head"], dict(font.getBestCmap())
        widths = {code: font["hmtx"][name][0] * scale for code, name in glyphs.items()}
        box = tuple(round(side * scale) for side in (head.xMin, head.yMin, head.xMax, head.yMax))
        return _Face(glyphs, widths, (box[0], box[1], box[2], box[3]))


def writable(text: str) -> str:
    """``text`` in NFC and in one line, with what the face cannot write replaced."""
    known = _face().glyphs
    return "".join(letter if ord(letter) in known else _INSTEAD for letter in " ".join(normalize("NFC", text).split()))


def width(text: str, size: float) -> float:
    """How wide a :func:`writable` ``text`` is in a face of ``size``."""
    widths = _face().widths
    return sum(widths[ord(letter)] for letter in text) * size / 1000


@lru_cache(maxsize=64)
def _reduce(letters: str) -> tuple[bytes, dict[str, int]]:
    """The font program with nothing but ``letters``, and the glyph of each."""
    options = subset.Options(notdef_outline=True, hinting=False, glyph_names=False, layout_features=[], name_IDs=[])
    font = TTFont(_FILE, recalcTimestamp=False)
    reducer = subset.Subsetter(options)
    reducer.populate(text=letters)
    reducer.subset(font)
    glyphs = {letter: font.getGlyphID(font.getBestCmap()[ord(letter)]) for letter in letters}
    target = io.BytesIO()
    font.save(target)
    return target.getvalue(), glyphs


@dataclass(frozen=True, slots=True)
class EmbeddedFace:
    """The face in a PDF: a reference to its Type 0 font, and the glyph of each letter."""

    font: generic.IndirectObject
    glyphs: dict[str, int]

    def encode(self, text: str) -> str:
        """``text`` as the hexadecimal digits of its glyphs, four a letter."""
        return "".join(f"{self.glyphs[letter]:04X}" for letter in text)


def embed(writer: BasePdfFileWriter, lines: tuple[str, ...]) -> EmbeddedFace:
    """Add the letters of ``lines`` to the PDF as a font of their own (ISO 32000-1, 9.7; ISO 19005-2, 6.2.11)."""
    letters = "".join(sorted(set("".join(lines))))
    program, glyphs = _reduce(letters)
    name = pdf_name(f"/{_tag(letters)}+{_NAME}")
    descendant = writer.add_object(_descendant(writer, name, program, glyphs))
    unicode = writer.add_object(generic.StreamObject(stream_data=_unicode_map(glyphs)))
    composite = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Font"),
            pdf_name("/Subtype"): pdf_name("/Type0"),
            pdf_name("/BaseFont"): name,
            pdf_name("/Encoding"): pdf_name("/Identity-H"),
            pdf_name("/DescendantFonts"): generic.ArrayObject([descendant]),
            pdf_name("/ToUnicode"): unicode,
        }
    )
    return EmbeddedFace(writer.add_object(composite), glyphs)


def _tag(letters: str) -> str:
    """Six capitals that go before the name of a part of a font."""
    number = sum(ord(letter) * 31**place for place, letter in enumerate(letters))
    return "".join(chr(65 + number // 26**place % 26) for place in range(6))


def _descendant(
    writer: BasePdfFileWriter, name: generic.NameObject, program: bytes, glyphs: dict[str, int]
) -> generic.DictionaryObject:
    face = _face()
    stream = generic.StreamObject({pdf_name("/Length1"): generic.NumberObject(len(program))}, stream_data=program)
    stream.compress()
    left, bottom, right, top = face.box
    descriptor = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/FontDescriptor"),
            pdf_name("/FontName"): name,
            pdf_name("/Flags"): generic.NumberObject(4),
            pdf_name("/FontBBox"): generic.ArrayObject(map(generic.NumberObject, (left, bottom, right, top))),
            pdf_name("/ItalicAngle"): generic.NumberObject(0),
            pdf_name("/Ascent"): generic.NumberObject(top),
            pdf_name("/Descent"): generic.NumberObject(bottom),
            pdf_name("/CapHeight"): generic.NumberObject(655),
            pdf_name("/StemV"): generic.NumberObject(80),
            pdf_name("/FontFile2"): writer.add_object(stream),
        }
    )
    widths = generic.ArrayObject()
    for letter, glyph in sorted(glyphs.items(), key=lambda pair: pair[1]):
        width_of = generic.FloatObject(f"{face.widths[ord(letter)]:.3f}")
        widths += [generic.NumberObject(glyph), generic.ArrayObject([width_of])]
    return generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Font"),
            pdf_name("/Subtype"): pdf_name("/CIDFontType2"),
            pdf_name("/BaseFont"): name,
            pdf_name("/CIDSystemInfo"): generic.DictionaryObject(
                {
                    pdf_name("/Registry"): pdf_string("Adobe"),
                    pdf_name("/Ordering"): pdf_string("Identity"),
                    pdf_name("/Supplement"): generic.NumberObject(0),
                }
            ),
            pdf_name("/FontDescriptor"): writer.add_object(descriptor),
            pdf_name("/DW"): generic.NumberObject(500),
            pdf_name("/W"): widths,
            pdf_name("/CIDToGIDMap"): pdf_name("/Identity"),
        }
    )


def _unicode_map(glyphs: dict[str, int]) -> bytes:
    """A ToUnicode CMap (ISO 32000-1, 9.10.3) from glyph to letter, at most 100 letters a section."""
    pairs = [f"<{glyph:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for letter, glyph in glyphs.items()]
    sections = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    body = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in sections)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()
