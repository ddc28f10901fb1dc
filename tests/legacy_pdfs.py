"""PDFs as they were made before Unicode: fonts that show Vietnamese letters where other fonts have Western ones."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from pipeline.intake.legacy_encodings import LETTERS, VNI, LegacyEncoding
from scripts.corpus import fonts
from tests.made_pdfs import A4

ASCII = [chr(code) for code in range(0x20, 0x7F)]


def encode(text: str, encoding: LegacyEncoding) -> bytes:
    """``text`` in the codes of ``encoding``; raises ``KeyError`` for a Vietnamese letter that it lacks."""
    codes = {letter: bytes([code]) for code, letter in encoding.letters.items()}
    for code, signs in encoding.marks.items():
        for letter in "aeouyAEOUYơưƠƯ":
            whole = unicodedata.normalize("NFC", letter + signs)
            if whole in LETTERS and whole not in codes and letter.isupper() == chr(code).isupper():
                codes[whole] = codes.get(letter, letter.encode()) + bytes([code])
    return b"".join(codes[letter] if letter in LETTERS else letter.encode("cp1252") for letter in text)


def legacy_font(encoding: LegacyEncoding, *, capitals: bool = False) -> bytes:
    """A TrueType font in which the Western letter of each code looks like the Vietnamese one."""
    font = TTFont(fonts.file_of("Liberation Serif"))
    marks = {ord(sign): sign for signs in VNI.marks.values() for sign in signs}
    chooser = subset.Subsetter(subset.Options(layout_features=[], notdef_outline=True, glyph_names=True, hinting=False))
    chooser.populate(unicodes=[*map(ord, ASCII), *map(ord, LETTERS), *marks])
    chooser.subset(font)
    shown = font.getBestCmap()
    cmap = {ord(sign): shown[ord(sign.upper() if capitals else sign)] for sign in ASCII}
    for code, letter in encoding.letters.items():
        cmap[ord(bytes([code]).decode("cp1252"))] = shown[ord(letter.upper() if capitals else letter)]
    for code, signs in encoding.marks.items():
        cmap[ord(bytes([code]).decode("cp1252"))] = _mark(font, f"mark{code}", [shown[ord(sign)] for sign in signs])
    for table in font["cmap"].tables:
        table.cmap = dict(cmap) if table.isUnicode() else {}
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _mark(font: TTFont, name: str, parts: Sequence[str]) -> str:
    """A glyph without width that stacks the marks ``parts``; a dot stays below."""
    if name not in font["hmtx"].metrics:
        pen = TTGlyphPen(font.getGlyphSet())
        for place, part in enumerate(parts):
            below = font["glyf"][part].yMax < 0
            pen.addComponent(part, (1, 0, 0, 1, 0, 0 if below else 350 * place))
        font["glyf"][name] = pen.glyph()
        font["hmtx"][name] = font["hmtx"][parts[0]]
    return name


def legacy_pdf(path: Path, lines: Sequence[tuple[str, bytes]], programs: dict[str, bytes | None]) -> Path:
    """A page of ``lines`` (font name, codes); ``programs`` holds the file of each font, None where it is not embedded."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=A4)
    names = {name: f"/F{at}" for at, name in enumerate(programs)}
    page.obj["/Resources"] = pikepdf.Dictionary(
        Font=pikepdf.Dictionary({names[name]: _font(pdf, name, data) for name, data in programs.items()})
    )
    content = b""
    for at, (name, codes) in enumerate(lines):
        content += f"BT {names[name]} 12 Tf 70 {740 - 20 * at} Td <{codes.hex()}> Tj ET\n".encode()
    page.obj["/Contents"] = pdf.make_stream(content)
    pdf.save(path)
    return path


def _font(pdf: pikepdf.Pdf, name: str, data: bytes | None) -> pikepdf.Object:
    made = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.TrueType,
        BaseFont=pikepdf.Name("/" + name),
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    if data is not None:
        font = TTFont(io.BytesIO(data))
        scale = 1000 / font["head"].unitsPerEm
        best = font.getBestCmap()
        shown = [bytes([code]).decode("cp1252", "replace") for code in range(0x20, 0x100)]
        widths = [round(font["hmtx"][best[ord(letter)]][0] * scale) if ord(letter) in best else 0 for letter in shown]
        program = pdf.make_stream(data, Length1=len(data))
        made["/FirstChar"], made["/LastChar"], made["/Widths"] = 0x20, 0xFF, pikepdf.Array(widths)
        made["/FontDescriptor"] = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.FontDescriptor,
                FontName=pikepdf.Name("/" + name),
                Flags=32,
                FontBBox=pikepdf.Array([-200, -300, 1200, 1000]),
                ItalicAngle=0,
                Ascent=900,
                Descent=-250,
                CapHeight=660,
                StemV=80,
                FontFile2=program,
            )
        )
    return pdf.make_indirect(made)


def mapped_pdf(
    path: Path, lines: Sequence[str], letters: dict[str, str] | None, *, with_cmap: bool, names: bool = False
) -> Path:
    """A page of ``lines`` in a subset font by glyph numbers, as today's writers make it.

    ``letters`` is what its map says of each letter (None for no map at all); ``with_cmap`` and ``names`` tell what the font
    program itself still knows.
    """
    font = TTFont(fonts.file_of("Liberation Serif"))
    chooser = subset.Subsetter(subset.Options(layout_features=[], hinting=False, glyph_names=names))
    chooser.populate(text="".join(lines))
    chooser.subset(font)
    best, numbers = font.getBestCmap(), font.getReverseGlyphMap()
    codes = {letter: numbers[best[ord(letter)]] for letter in set("".join(lines))}
    scale = 1000 / font["head"].unitsPerEm
    widths = [round(font["hmtx"][name][0] * scale) for name in font.getGlyphOrder()]
    if not with_cmap:
        for table in font["cmap"].tables:
            table.cmap = {}
    out = io.BytesIO()
    font.save(out)
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=A4)
    made = _composite(pdf, out.getvalue(), widths)
    if letters is not None:
        told = {code: letters.get(letter, letter) for letter, code in codes.items()}
        rows = "".join(f"<{code:04x}> <{letter.encode('utf-16-be').hex()}>\n" for code, letter in told.items())
        head = "/CIDInit /ProcSet findresource begin\nbegincmap\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        body = f"{head}{len(told)} beginbfchar\n{rows}endbfchar\nendcmap\nend\n"
        made["/ToUnicode"] = pdf.make_stream(body.encode())
    page.obj["/Resources"] = pikepdf.Dictionary(Font=pikepdf.Dictionary(F0=pdf.make_indirect(made)))
    content = ""
    for at, line in enumerate(lines):
        shown = "".join(f"{codes[letter]:04x}" for letter in line)
        content += f"BT /F0 12 Tf 70 {740 - 20 * at} Td <{shown}> Tj ET\n"
    page.obj["/Contents"] = pdf.make_stream(content.encode())
    pdf.save(path)
    return path


def _composite(pdf: pikepdf.Pdf, data: bytes, widths: Sequence[int]) -> pikepdf.Dictionary:
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name("/ABCDEF+Serif"), Flags=4, ItalicAngle=0, Ascent=900,
        FontBBox=pikepdf.Array([-200, -300, 1200, 1000]), Descent=-250, CapHeight=660, StemV=80,
        FontFile2=pdf.make_stream(data, Length1=len(data)),
    )  # fmt: skip
    inner = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType2, BaseFont=pikepdf.Name("/ABCDEF+Serif"),
        CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor), CIDToGIDMap=pikepdf.Name.Identity,
        W=pikepdf.Array([0, pikepdf.Array(list(widths))]),
    )  # fmt: skip
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, BaseFont=pikepdf.Name("/ABCDEF+Serif"),
        Encoding=pikepdf.Name("/Identity-H"), DescendantFonts=pikepdf.Array([pdf.make_indirect(inner)]),
    )  # fmt: skip
