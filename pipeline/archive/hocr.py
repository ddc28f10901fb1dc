"""hOCR 1.2 (https://kba.github.io/hocr-spec/1.2/): what was read, for programs that do not know ALTO."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageReading

_CAPABILITIES = "ocr_page ocr_carea ocr_line ocrx_word"


def to_hocr(readings: Sequence[PageReading], title: str) -> bytes:
    """The words of all pages with boxes in scan pixels and confidences in percent, as UTF-8 XHTML."""
    engine = next((reading.text.engine for reading in readings if reading.text.engine), "")
    body = "\n".join(line for reading in readings for line in _page(reading))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="vi" xml:lang="vi">
<head>
<title>{escape(title)}</title>
<meta charset="utf-8"/>
<meta name="ocr-system" content="sohoa {escape(engine)}"/>
<meta name="ocr-capabilities" content="{_CAPABILITIES}"/>
<meta name="ocr-number-of-pages" content="{len(readings)}"/>
</head>
<body>
{body}
</body>
</html>
""".encode()


def _page(reading: PageReading) -> Iterator[str]:
    number = reading.number
    whole = _bbox(Box(0, 0, reading.width, reading.height))
    dpi = round(reading.dpi)
    yield f'<div class="ocr_page" id="page_{number}" title="{whole}; ppageno {number - 1}; scan_res {dpi} {dpi}">'
    for place, (block, lines) in enumerate(groupby(reading.text.lines, key=lambda line: (line.role, line.block)), 1):
        yield from _area(f"{number}_{place}", block[0].value, tuple(lines))
    yield "</div>"


def _area(name: str, role: str, lines: Sequence[Line]) -> Iterator[str]:
    boxes = [line.box for line in lines]
    whole = Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
    kind = "" if role == "body" else f' data-role="{role}"'
    yield f'<div class="ocr_carea" id="block_{name}" title="{_bbox(whole)}"{kind}>'
    for number, line in enumerate(lines, 1):
        words = " ".join(_words(line, name, number))
        yield f'<span class="ocr_line" id="line_{name}_{number}" title="{_bbox(line.box)}">{words}</span>'
    yield "</div>"


def _words(line: Line, name: str, row: int) -> Iterable[str]:
    for number, word in enumerate(line.words, 1):
        sure = f"{_bbox(word.box)}; x_wconf {round(100 * word.confidence)}"
        yield f'<span class="ocrx_word" id="word_{name}_{row}_{number}" title="{sure}">{escape(_printable(word.text))}</span>'


def _printable(text: str) -> str:
    """The text without what XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " and sign not in "\ufffe\uffff" and not 0xD800 <= ord(sign) <= 0xDFFF)


def _bbox(box: Box) -> str:
    return f"bbox {round(box.left)} {round(box.top)} {round(box.right)} {round(box.bottom)}"
