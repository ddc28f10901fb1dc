"""What a font dictionary says of its codes: the glyph name of each (ISO 32000-1, 9.6.6), and how wide it is."""

from __future__ import annotations

import pikepdf
from fontTools.agl import UV2AGL
from fontTools.encodings.MacRoman import MacRoman
from fontTools.encodings.StandardEncoding import StandardEncoding

from pipeline.intake.drawing_rules import UndrawableError, as_number

NOTDEF = ".notdef"


def _win_ansi() -> list[str]:
    names = [NOTDEF] * 32
    for code in range(32, 256):
        letter = bytes([code]).decode("cp1252", "replace")
        names.append(UV2AGL.get(ord(letter), "bullet"))
    names[0xA0], names[0xAD] = "space", "hyphen"
    return names


_ENCODINGS = {"/WinAnsiEncoding": _win_ansi(), "/MacRomanEncoding": MacRoman, "/StandardEncoding": StandardEncoding}


def encoded_names(encoding: pikepdf.Object | None, own: list[str], symbolic: bool) -> dict[int, str]:
    """The glyph name of each code: ``own`` are those of the font's program."""
    base = own
    if isinstance(encoding, pikepdf.Name):
        base = _ENCODINGS.get(str(encoding), own)
    elif isinstance(encoding, pikepdf.Dictionary):
        base = _ENCODINGS.get(str(encoding.get("/BaseEncoding")), own or ([] if symbolic else StandardEncoding))
    names = {code: name for code, name in enumerate(base) if name != NOTDEF}
    if isinstance(encoding, pikepdf.Dictionary):
        code = 0
        for item in encoding.get("/Differences", pikepdf.Array()):
            if isinstance(item, pikepdf.Name):
                names[code] = str(item)[1:]
                code += 1
            else:
                code = int(item)
    return names


def simple_widths(font: pikepdf.Object) -> tuple[dict[int, float], float]:
    """Widths of codes in thousandths of the font size, and that of all others; raises ``UndrawableError``."""
    descriptor, listed = font.get("/FontDescriptor", pikepdf.Dictionary()), font.get("/Widths")
    if not isinstance(listed, pikepdf.Array):
        raise UndrawableError("font_widths")
    first = int(font.get("/FirstChar", 0))
    widths = {first + place: _whole(width) for place, width in enumerate(listed)}
    return widths, _whole(descriptor.get("/MissingWidth", 0))


def composite_widths(inner: pikepdf.Object) -> tuple[dict[int, float], float]:
    """Widths of the glyphs of a composite font in thousandths of the font size, and that of all others."""
    widths: dict[int, float] = {}
    rows = list(inner.get("/W", pikepdf.Array()))
    while rows:
        first, second = int(rows.pop(0)), rows.pop(0)
        if isinstance(second, pikepdf.Array):
            widths |= {first + place: _whole(width) for place, width in enumerate(second)}
        else:
            last = min(int(second), 0xFFFF)
            widths |= dict.fromkeys(range(first, last + 1), _whole(rows.pop(0)))
    return widths, _whole(inner.get("/DW", 1000))


def _whole(width: object) -> float:
    """A width as pdfium takes it, which also tells where words stand: without its fraction."""
    return float(int(as_number(width)))
