"""A first look at the pages of a file, before it is taken apart: codes, bars, blanks, cards. Runs in killable processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from pebble import ProcessExpired

from pipeline import intake, isolation
from pipeline.batches.cards import find_cards, find_gutter
from pipeline.batches.markers import is_generic
from pipeline.batches.patches import DPI, LEAST_CONTRAST, holds_patch
from pipeline.cleanup.background import measure_paper
from pipeline.cleanup.blank import MARGIN, is_blank
from pipeline.cleanup.grey import to_grey
from pipeline.cleanup.thumbnail import CONTRAST, take_thumbnail
from pipeline.composition.rasters import in_grey, shrink
from pipeline.domain.batches import Handling
from pipeline.domain.documents import Source
from pipeline.domain.errors import RejectedInputError
from pipeline.domain.geometry import Box
from pipeline.domain.pages import CodeFormat, PageCode, PageImage
from pipeline.levels import levels_at
from pipeline.recognition import find_codes

#: Pages looked at ahead of those that are waited for.
_AHEAD = 16
#: A page with so many marks that may be letters is not blank, whatever its paper.
_FULL = 400
#: On a faint page so many of the largest patches are looked at again: codes that part papers are large.
_MOST_FAINT = 8
#: Ink that stands out from the paper by less than this share of its lightness may be too faint for codes to be found as they
#: are: of codes drawn ever fainter, the last that only a second look found stood out by 0.30.
_FAINT = 0.36
#: Where nothing stands out from its surroundings by this share of what ink does, a page is bare.
_BARE = 0.6
#: Ink that is darker than paper by so many levels, over more than this share of a page, is more than any blank page has.
_DARK, _INKED = 85, 0.004
_MM = 25.4
#: A page is reduced in whole steps, which is a third of the work, to no fewer dots per inch than this.
_LEAST_DPI = 0.9 * DPI
#: Side of the square that tells ink from its surroundings, in pixels of the reduced page (odd).
_AROUND = 21


@dataclass(frozen=True, slots=True)
class Look:
    """What the first look at page ``number`` sees. ``patch``: a Patch code.

    ``letters``: marks that may be letters, counted where it matters: on what may be a separator, or blank.
    ``cards`` and ``gutter`` are shares of the page, where they were asked for and found. ``seen`` is False for a page that
    cannot be opened: it is told by whoever reads it. ``size`` is that of the paper in millimetres, 0 where nobody knows.
    ``marks`` are the codes with their places, as the reading finds them; None where it has to look itself.
    """

    number: int
    codes: tuple[tuple[CodeFormat, str], ...] = ()
    patch: bool = False
    letters: int = 0
    blank: bool = False
    cards: tuple[Box, ...] = ()
    gutter: float | None = None
    seen: bool = True
    size: tuple[float, float] = (0.0, 0.0)
    marks: tuple[PageCode, ...] | None = None


class Looker(Protocol):
    """Opens files and looks at pages where a hostile one can do no harm."""

    def inspect(self, path: Path, name: str) -> Source:
        """What the file is; raises ``RejectedInputError``."""

    def look(self, path: Path, source: Source, handling: Handling) -> Sequence[Look]:
        """A first look at each page of the file."""


@dataclass(frozen=True, slots=True)
class PoolLooker:
    """Looks at pages in the children of a pool."""

    pool: isolation.PagePool

    def inspect(self, path: Path, name: str) -> Source:
        """What the file is; raises ``RejectedInputError``."""
        return self.pool.inspect(path, name)

    def look(self, path: Path, source: Source, handling: Handling) -> Sequence[Look]:
        """A first look at each page of the file; pages that kill their process are not seen."""
        return tuple(self._looks(path, source, handling))

    def _looks(self, path: Path, source: Source, handling: Handling) -> Iterator[Look]:
        waiting: list[tuple[int, Future[Look]]] = []
        for number in range(1, source.pages + 1):
            waiting.append((number, self.pool.submit(look_at, path, source.media_type, number, handling)))
            if len(waiting) >= _AHEAD:
                yield _looked(*waiting.pop(0))
        for number, future in waiting:
            yield _looked(number, future)


def _looked(number: int, future: Future[Look]) -> Look:
    try:
        return future.result()
    except (TimeoutError, ProcessExpired, MemoryError):
        return Look(number, seen=False)


def _reduced(grey: PageImage) -> PageImage:
    """The grey page near the ``DPI`` of Patch codes, on which all is decided that needs no more; steps are whole."""
    step = max(1, int(grey.dpi / _LEAST_DPI))
    pixels = shrink(grey.pixels, (max(1, grey.width // step), max(1, grey.height // step))) if step > 1 else grey.pixels
    return PageImage(grey.number, pixels, grey.dpi / step)


def _as_if_printed_well(image: PageImage, small: PageImage) -> PageImage | None:
    """A faint page with its ink made black; None where ink is dark enough as it is, or there is none."""
    black, paper = levels_at(small.pixels[::3, ::3], 0.5, 75)
    if not LEAST_CONTRAST < paper - black < _FAINT * paper:
        return None
    levels = np.clip((np.arange(256) - black) * (255.0 / (paper - black)), 0, 255).astype(np.uint8)
    return replace(image, pixels=np.asarray(cv2.LUT(image.pixels, levels), np.uint8))


def _is_blank_at_once(small: PageImage) -> bool | None:
    """Whether the page is blank, where that shows: nothing stands out inside its margins, or far too much; else None."""
    height, width = small.pixels.shape
    y, x = round(height * MARGIN), round(width * MARGIN)
    inner = np.ascontiguousarray(small.pixels[y : height - y, x : width - x])
    depth = cv2.subtract(cv2.blur(inner, (_AROUND, _AROUND), borderType=cv2.BORDER_REPLICATE), inner)
    if int(depth.max()) < _BARE * CONTRAST:
        return True
    dark = inner < float(levels_at(inner[::3, ::3], 50)[0]) - _DARK
    if int(np.count_nonzero(dark & (depth >= CONTRAST))) > _INKED * inner.size:
        return False
    return False if len(take_thumbnail(small).marks) >= _FULL else None


def look_at(path: Path, media_type: str, number: int, handling: Handling) -> Look:
    """What a page looks like; runs in a child of a :class:`isolation.PagePool`."""
    try:
        scan = intake.read_page(path, media_type, number, isolation.bounds_here())
    except RejectedInputError:
        return Look(number, seen=False)
    reader = isolation.codes_here()
    grey = replace(scan.image, pixels=in_grey(scan.image.pixels))
    small = _reduced(grey)
    marks = codes = find_codes(scan.image, reader, grey=grey.pixels) if reader else ()
    if not codes and reader and (plain := _as_if_printed_well(scan.image, small)) is not None:
        codes = find_codes(plain, reader, most=_MOST_FAINT)
    said = tuple((code.format, code.text) for code in codes)
    patch = not codes and holds_patch(small.pixels, small.dpi)
    letters, blank = 0, False
    at_once = _is_blank_at_once(small)
    if patch or is_generic(said) or at_once is None:
        thumbnail = take_thumbnail(to_grey(scan.image))
        letters = len(thumbnail.marks)
        blank = not codes and letters < _FULL and is_blank(thumbnail, measure_paper(thumbnail))
    else:
        blank = at_once and not codes
    return Look(
        number,
        codes=said,
        patch=patch,
        letters=letters,
        blank=blank,
        cards=find_cards(small.pixels, small.dpi) if handling.cards else (),
        gutter=find_gutter(small.pixels, small.dpi) if handling.cut else None,
        size=(scan.image.width * _MM / scan.image.dpi, scan.image.height * _MM / scan.image.dpi),
        marks=marks if reader else None,
    )
