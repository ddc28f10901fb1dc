"""Maps from codes to letters that a PDF lacks or has wrong, made anew from the fonts it carries."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping

import pikepdf
from fontTools import agl
from fontTools.ttLib import TTFont, TTLibError

from pipeline.intake.pdf_files import QPDF_ERRORS

#: A font of more glyphs than a page can show is no font; and so many bytes are more than any holds.
_MOST_GLYPHS, _MOST_BYTES = 65_536, 40_000_000
_DEEPEST = 4
#: Names that subsetting gives, which tell no letter.
_NAMELESS = re.compile(r"(?i)(glyph|gid|cid|g|index)\W?\d+|\.notdef")
_FONT_ERRORS = (TTLibError, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, EOFError)


def with_own_maps(raw: pikepdf.Pdf, number: int) -> bytes | None:
    """A PDF of page ``number`` alone whose fonts say of each code what their own glyphs are; None where none can tell.

    Only TrueType programs with a character map or glyph names of their own can.
    """
    try:
        with pikepdf.new() as single:
            single.pages.append(raw.pages[number - 1])
            fonts = {font.objgen: font for font in _fonts(single.pages[0].obj.get("/Resources"), 0)}
            if not sum(_set_map(single, font) for font in fonts.values()):
                return None
            out = io.BytesIO()
            single.save(out)
            return out.getvalue()
    except QPDF_ERRORS:
        return None


def _fonts(resources: pikepdf.Object | None, depth: int) -> Iterator[pikepdf.Object]:
    if not isinstance(resources, pikepdf.Dictionary) or depth > _DEEPEST:
        return
    yield from (font for _, font in resources.get("/Font", pikepdf.Dictionary()).items())
    for _, item in resources.get("/XObject", pikepdf.Dictionary()).items():
        if item.get("/Subtype") == "/Form":
            yield from _fonts(item.get("/Resources"), depth + 1)


def _set_map(pdf: pikepdf.Pdf, font: pikepdf.Object) -> bool:
    """Give ``font`` a /ToUnicode of its own program's letters; False where it does not know them."""
    try:
        is_composite = font.get("/Subtype") == "/Type0"
        inner = font.DescendantFonts[0] if is_composite else font
        if is_composite and font.get("/Encoding") != "/Identity-H":
            return False
        data = inner.FontDescriptor.FontFile2.read_bytes()
        if len(data) > _MOST_BYTES:
            return False
        with TTFont(io.BytesIO(data), lazy=True) as program:
            letters = _letters(program)
            codes = _composite_codes(inner, letters) if is_composite else _simple_codes(program, letters)
    except (*_FONT_ERRORS, *QPDF_ERRORS):
        return False
    if not codes:
        return False
    font["/ToUnicode"] = pdf.make_stream(_cmap(codes, 4 if is_composite else 2))
    return True


def _letters(program: TTFont) -> dict[int, str]:
    """The letter of each glyph, by its number: from the font's character map, else from its glyph's name."""
    order = program.getGlyphOrder()[:_MOST_GLYPHS]
    by_name: dict[str, str] = {}
    for code, name in sorted((program.getBestCmap() or {}).items(), reverse=True):
        if not 0xE000 <= code <= 0xF8FF:
            by_name[name] = chr(code)
    if not by_name and getattr(program["post"], "formatType", 3) == 2:
        by_name = {name: agl.toUnicode(name) for name in order if not _NAMELESS.fullmatch(name)}
    return {number: by_name[name] for number, name in enumerate(order) if by_name.get(name)}


def _composite_codes(inner: pikepdf.Object, letters: Mapping[int, str]) -> dict[int, str]:
    table = inner.get("/CIDToGIDMap")
    if not isinstance(table, pikepdf.Stream):
        return dict(letters)
    pairs = table.read_bytes()
    numbers = (int.from_bytes(pairs[at : at + 2], "big") for at in range(0, len(pairs) - 1, 2))
    return {code: letters[number] for code, number in enumerate(numbers) if number in letters}


def _simple_codes(program: TTFont, letters: Mapping[int, str]) -> dict[int, str]:
    """Codes of a symbolic font, through its own tables for codes of one byte."""
    numbers = {name: number for number, name in enumerate(program.getGlyphOrder())}
    codes: dict[int, str] = {}
    for table in program["cmap"].tables:
        if (table.platformID, table.platEncID) in ((3, 0), (1, 0)):
            found = ((code & 0xFF, numbers.get(name, -1)) for code, name in table.cmap.items())
            codes |= {code: letters[number] for code, number in found if number in letters and code not in codes}
    return codes


def _cmap(codes: Mapping[int, str], digits: int) -> bytes:
    rows = [f"<{code:0{digits}x}> <{letters.encode('utf-16-be').hex()}>" for code, letters in sorted(codes.items())]
    parts = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    body = "".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n" for part in parts)
    span = f"1 begincodespacerange\n<{'0' * digits}> <{'f' * digits}>\nendcodespacerange\n"
    head = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Own def\n/CMapType 2 def\n"
    return f"{head}{span}{body}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n".encode()
