"""Several documents in one file, parted at their first pages; what goes along with a paper stays with it."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.understanding.page_signs import PageSigns, goes_along, name_signs, read_signs
from pipeline.understanding.sheets import Sheet
from pipeline.understanding.weights import weigh

#: Log odds from which on a page begins a document.
_BEGINS = 0.0


def split(sheets: Sequence[Sheet]) -> tuple[tuple[Sheet, ...], ...]:
    """The documents on ``sheets``, in order; every sheet belongs to exactly one, and there is one where there are sheets.

    A blank sheet belongs to the document before it. Pages before the first beginning belong to what begins there: a
    document whose sheets were fed in the wrong order.
    """
    parts: list[list[Sheet]] = []
    host: list[PageSigns] = []
    for place, sheet in enumerate(sheets):
        signs = read_signs(sheet) if sheet.pieces else None
        fresh = signs is not None and _begins(signs, host, first=len(parts) == 1, after_blank=not sheets[place - 1].pieces)
        if not parts or fresh:
            parts.append([])
            host = []
        parts[-1].append(sheet)
        if signs is not None:
            host.append(signs)
    return tuple(tuple(part) for part in parts)


def _begins(page: PageSigns, host: Sequence[PageSigns], *, first: bool, after_blank: bool) -> bool:
    """Whether ``page`` begins a document after the pages ``host``, which are the ``first`` document's or a later one's."""
    if not host or (first and _is_headless(host)) or goes_along(page, host):
        return False
    return weigh(name_signs(page, host, after_blank=after_blank), "splitting") > _BEGINS


def _is_headless(pages: Sequence[PageSigns]) -> bool:
    """Whether all ``pages`` are later pages of something that has not begun yet."""
    return all(
        not (page.header and page.header.nation) and not page.title and ((page.number or 0) > 1 or page.goes_on)
        for page in pages
    )
