"""Barcodes and QR codes by ZXing-C++ (https://github.com/zxing-cpp/zxing-cpp, Apache-2.0)."""

from __future__ import annotations

import zxingcpp

from pipeline.domain.geometry import Box
from pipeline.domain.pages import CodeFormat, PageCode, PageImage

#: What is looked for.
_FORMATS: dict[zxingcpp.BarcodeFormat, CodeFormat] = {
    zxingcpp.BarcodeFormat.QRCode: CodeFormat.QR,
    zxingcpp.BarcodeFormat.DataMatrix: CodeFormat.DATA_MATRIX,
    zxingcpp.BarcodeFormat.Aztec: CodeFormat.AZTEC,
    zxingcpp.BarcodeFormat.PDF417: CodeFormat.PDF417,
    zxingcpp.BarcodeFormat.Code128: CodeFormat.CODE128,
    zxingcpp.BarcodeFormat.Code39: CodeFormat.CODE39,
    zxingcpp.BarcodeFormat.EAN13: CodeFormat.EAN13,
    zxingcpp.BarcodeFormat.EAN8: CodeFormat.EAN8,
    zxingcpp.BarcodeFormat.ITF: CodeFormat.ITF,
}

_SOUGHT = zxingcpp.barcode_formats_from_str(",".join(kind.name for kind in _FORMATS))

#: No code of these formats holds more signs.
LONGEST = 7_100

#: Interleaved 2 of 5 counts only with so many digits, the last of which is a check digit.
ITF_DIGITS = 14


class ZxingReader:
    """Reads codes in grey pictures, at any turn."""

    def read(self, image: PageImage) -> tuple[PageCode, ...]:
        """The codes in ``image``, boxes in its own pixels; see ``ports.CodeReader``."""
        found = zxingcpp.read_barcodes(image.pixels, formats=_SOUGHT, try_invert=False, text_mode=zxingcpp.TextMode.Plain)
        codes = (
            PageCode(_FORMATS[code.format], code.text[:LONGEST], _box_of(code.position))
            for code in found
            if code.valid and code.text and code.format in _FORMATS
        )
        return tuple(code for code in codes if code.format is not CodeFormat.ITF or _is_itf14(code.text))


def _is_itf14(text: str) -> bool:
    """Whether digits are 14 and the last one checks the others: a part of a longer interleaved 2 of 5 reads as a whole one."""
    if len(text) != ITF_DIGITS or not text.isdecimal():
        return False
    return sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(text)) % 10 == 0


def _box_of(place: zxingcpp.Position) -> Box:
    corners = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
    xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
    return Box(min(xs), min(ys), max(xs) + 1, max(ys) + 1)
