"""PDFs as they were made before Unicode: fonts that show Vietnamese letters where other fonts have Western ones."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from fontTools import subset
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
        if ord(signs[-1]) in shown:
            cmap[ord(bytes([code]).decode("cp1252"))] = shown[ord(signs[-1])]
    for table in font["cmap"].tables:
        table.cmap = dict(cmap) if table.isUnicode() else {}
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


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
