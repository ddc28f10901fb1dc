"""Several documents in one file, parted at their first pages; what goes along with a paper stays with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.understanding.kinds.page_signs import PageSigns, goes_along, name_signs, read_signs
from pipeline.understanding.kinds.weights import weigh
from pipeline.understanding.sheets import Sheet

#: Log odds from which on a page begins a document, and how far from there a human should look. A cut too many is worse than
#: one too few: it takes pages away from their paper.
_BEGINS, _CLOSE = 0.7, 1.2


@dataclass(frozen=True, slots=True)
class Part:
    """The sheets of one document in order, blank ones among them; ``doubtful`` pages of it may as well be cut otherwise."""

    sheets: tuple[Sheet, ...]
    doubtful: tuple[int, ...] = ()


def split(sheets: Sequence[Sheet]) -> tuple[Part, ...]:
    """The documents on ``sheets``, in order; every sheet belongs to exactly one, and there is one where there are sheets.

    A blank sheet belongs to the document before it. Pages before the first beginning belong to what begins there: a
    document whose sheets were fed in the wrong order.
    """
    parts: list[Part] = []
    host: list[PageSigns] = []
    for place, sheet in enumerate(sheets):
        signs = read_signs(sheet) if sheet.pieces else None
        odds = _odds(signs, host, first=len(parts) == 1, after_blank=not sheets[place - 1].pieces) if signs else -math.inf
        if not parts or odds > _BEGINS:
            parts.append(Part(()))
            host = []
        doubtful = (sheet.number,) if abs(odds - _BEGINS) < _CLOSE else ()
        parts[-1] = Part((*parts[-1].sheets, sheet), (*parts[-1].doubtful, *doubtful))
        if signs is not None:
            host.append(signs)
    return tuple(parts)


def _odds(page: PageSigns, host: Sequence[PageSigns], *, first: bool, after_blank: bool) -> float:
    """The log odds that ``page`` begins a document after the pages ``host``, which are the ``first`` document's or not."""
    if not host or (first and _is_headless(host)) or goes_along(page, host):
        return -math.inf
    return weigh(name_signs(page, host, after_blank=after_blank), "splitting")


def _is_headless(pages: Sequence[PageSigns]) -> bool:
    """Whether all ``pages`` are later pages of something that has not begun yet."""
    return all(
        not (page.header and page.header.nation) and not page.title and ((page.number or 0) > 1 or page.goes_on)
        for page in pages
    )
