"""Paper, margins, size of letters and page numbers, measured where the edges of the scan are those of the paper."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from pipeline.domain.findings import Outcome
from pipeline.domain.pages import PageOrigin
from pipeline.understanding.layout.paper import PASSED, UNKNOWN, Paper, Verdict, failed
from pipeline.understanding.sheets import Piece, Sheet

_A4 = (210.0, 297.0)
#: How far in millimetres a scan of A4 may be from A4, and one that is surely of other paper.
_NEAR, _FAR = 6.0, 12.0
#: The least and the most of each margin in millimetres, and how much a sheet may have shifted on the glass.
_MARGINS = {"trái": (30.0, 35.0), "phải": (15.0, 20.0), "trên": (20.0, 25.0), "dưới": (20.0, 25.0)}
_SHIFT, _MOVED = 6.0, 6.0
#: Text that is nearer to the edge than this has been moved there by the camera, or the sheet is cut.
_CUT = 4.0
#: Letters of this size are 0.8 of it tall on average; smaller and larger ones than these are hardly 13 or 14.
_TALL, _SMALLEST, _LARGEST = 0.8, 11.0, 17.0
#: Lines that take this share of the width are lines of running text; fewer tell nothing.
_FULL, _ENOUGH = 0.6, 6
#: A page number stands alone in this share of the height; with so many pages without one, none was printed.
_EDGE, _MANY = 0.08, 4


def check_paper(paper: Paper) -> Verdict:
    """A4, upright or lying."""
    other = []
    for sheet in paper.sheets:
        off = _off_a4(paper, sheet)
        if off > _FAR and paper.readings[sheet.number].origin is not PageOrigin.TEXT_LAYER:
            return UNKNOWN
        if off > _FAR:
            other.append(sheet)
    if not other:
        return PASSED
    scale = paper.millimetres(other[0])
    return failed(f"{other[0].width * scale:.0f} mm x {other[0].height * scale:.0f} mm", *(sheet.number for sheet in other))


def check_margins(paper: Paper) -> Verdict:
    """Margins of the pages that are full of running text, measured from the edge of the paper."""
    found: dict[str, tuple[float, list[int]]] = {}
    measured = False
    for sheet in paper.sheets:
        lines = _running_lines(sheet)
        if _off_a4(paper, sheet) > _NEAR or sheet.width > sheet.height or len(lines) < _ENOUGH:
            continue
        margins = _margins(paper, sheet, lines)
        if min(margins.values()) < _CUT:
            continue
        measured = True
        for side, width in _wrong(margins).items():
            found.setdefault(side, (width, []))[1].append(sheet.number)
    if not measured:
        return UNKNOWN
    if not found:
        return PASSED
    told = ", ".join(f"{side} {width:.0f} mm" for side, (width, _) in found.items())
    return failed(told, *sorted({number for _, numbers in found.values() for number in numbers}))


def _wrong(margins: Mapping[str, float]) -> dict[str, float]:
    """The margins that are too wide or too narrow; left and right one may trade, as on a sheet that lay askew on the glass."""
    both = margins["trái"] + margins["phải"]
    least, most = (_MARGINS["trái"][end] + _MARGINS["phải"][end] for end in (0, 1))
    moved = _SHIFT + (_MOVED if least - _SHIFT <= both <= most + _SHIFT else 0.0)
    allowed = {"trái": moved, "phải": moved}
    return {
        side: width
        for side, width in margins.items()
        if not _MARGINS[side][0] - allowed.get(side, _SHIFT) <= width <= _MARGINS[side][1] + allowed.get(side, _SHIFT)
    }


def _margins(paper: Paper, sheet: Sheet, lines: Sequence[Piece]) -> dict[str, float]:
    """Left and right margin by the running text, the bottom one where text fills the page, the top one of following pages."""
    scale = paper.millimetres(sheet)
    rights = sorted(piece.box.right for piece in lines)
    margins = {
        "trái": min(piece.box.left for piece in lines) * scale,
        "phải": (sheet.width - rights[(3 * len(rights)) // 4]) * scale,
    }
    tops = [piece.box.top for piece in sheet.pieces if not _is_figure(piece) and len(piece.folded) > 2]
    if sheet is not paper.front and tops:
        margins["trên"] = min(tops) * scale
    bottom = (sheet.height - max(piece.box.bottom for piece in lines)) * scale
    if sheet is not paper.last and bottom < _MARGINS["dưới"][0]:
        margins["dưới"] = bottom
    return margins


def check_size(paper: Paper) -> Verdict:
    """The size of the running text, in points, by the height of its words."""
    heights = []
    for sheet in paper.sheets:
        if _off_a4(paper, sheet) <= _NEAR:
            scale = 72 / paper.readings[sheet.number].dpi
            heights += [scale * token.box.height for piece in _running_lines(sheet) for token in piece.tokens]
    if len(heights) < 10 * _ENOUGH:
        return UNKNOWN
    size = statistics.median(heights) / _TALL
    return PASSED if _SMALLEST <= size <= _LARGEST else failed(f"khoảng {size:.0f}")


def check_page_numbers(paper: Paper) -> Verdict:
    """Numbers at the head of following pages; a lone figure is easily missed, so few pages without one tell nothing."""
    following = paper.sheets[1:]
    if not following:
        return Verdict(Outcome.NOT_APPLICABLE)
    at_head = [sheet for sheet in following if _numbered(sheet, 0.0, _EDGE)]
    if at_head:
        return PASSED
    at_foot = [sheet for sheet in paper.sheets if _numbered(sheet, 1 - _EDGE, 1.0)]
    if at_foot and len(at_foot) >= len(following) / 2:
        return failed("đánh số ở lề dưới", *(sheet.number for sheet in at_foot))
    return paper.missing("không thấy", *following) if len(following) >= _MANY else UNKNOWN


def _numbered(sheet: Sheet, top: float, bottom: float) -> bool:
    """Whether a figure stands alone in the middle of this part of the height."""
    return any(
        _is_figure(piece)
        and top <= piece.box.centre[1] / sheet.height <= bottom
        and abs(piece.box.centre[0] - sheet.width / 2) < 0.1 * sheet.width
        for piece in sheet.pieces
    )


def _is_figure(piece: Piece) -> bool:
    return piece.text.strip("-–. ").isdecimal() and len(piece.text) <= 5


def _running_lines(sheet: Sheet) -> list[Piece]:
    return [piece for piece in sheet.pieces if piece.box.width > _FULL * sheet.width]


def _off_a4(paper: Paper, sheet: Sheet) -> float:
    """By how many millimetres the longer or the shorter side of the scan is not that of A4."""
    scale = paper.millimetres(sheet)
    sides = sorted((sheet.width * scale, sheet.height * scale))
    return max(abs(side - wanted) for side, wanted in zip(sides, _A4, strict=True))
