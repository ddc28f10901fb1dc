"""A first look at the pages of a file, before it is taken apart: codes, bars, blanks, cards. Runs in killable processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from pebble import ProcessExpired

from pipeline import intake, isolation
from pipeline.batches.cards import find_cards, find_gutter
from pipeline.batches.patches import LEAST_CONTRAST, holds_patch
from pipeline.cleanup.background import measure_paper
from pipeline.cleanup.blank import is_blank
from pipeline.cleanup.grey import to_grey
from pipeline.cleanup.thumbnail import take_thumbnail
from pipeline.domain.batches import Handling
from pipeline.domain.documents import Source
from pipeline.domain.errors import RejectedInputError
from pipeline.domain.geometry import Box
from pipeline.domain.pages import CodeFormat, PageImage
from pipeline.recognition import find_codes

#: Pages looked at ahead of those that are waited for.
_AHEAD = 16
#: A page with so many marks that may be letters is not blank, whatever its paper.
_FULL = 400
#: Ink that stands out from the paper by fewer levels is too faint for codes to be found as they are.
_FAINT = 130.0


@dataclass(frozen=True, slots=True)
class Look:
    """What the first look at page ``number`` sees. ``patch``: a Patch code; ``letters``: marks that may be letters.

    ``cards`` and ``gutter`` are shares of the page, where they were asked for and found. ``seen`` is False for a page that
    cannot be opened: it is told by whoever reads it.
    """

    number: int
    codes: tuple[tuple[CodeFormat, str], ...] = ()
    patch: bool = False
    letters: int = 0
    blank: bool = False
    cards: tuple[Box, ...] = ()
    gutter: float | None = None
    seen: bool = True


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


def _as_if_printed_well(grey: PageImage) -> PageImage | None:
    """A faint page with its ink made black; None where ink is dark enough as it is, or there is none."""
    sampled = grey.pixels[::7, ::7]
    black, paper = np.percentile(sampled, (0.5, 75))
    if not LEAST_CONTRAST < paper - black < _FAINT:
        return None
    levels = np.clip((np.arange(256) - black) * (255.0 / (paper - black)), 0, 255).astype(np.uint8)
    return replace(grey, pixels=levels[grey.pixels])


def look_at(path: Path, media_type: str, number: int, handling: Handling) -> Look:
    """What a page looks like; runs in a child of a :class:`isolation.PagePool`."""
    try:
        scan = intake.read_page(path, media_type, number, isolation.bounds_here())
    except RejectedInputError:
        return Look(number, seen=False)
    reader = isolation.codes_here()
    grey = to_grey(scan.image)
    codes = find_codes(scan.image, reader) if reader else ()
    if not codes and reader and (plain := _as_if_printed_well(grey)) is not None:
        codes = find_codes(plain, reader)
    thumbnail = take_thumbnail(grey)
    return Look(
        number,
        codes=tuple((code.format, code.text) for code in codes),
        patch=not codes and holds_patch(thumbnail.grey, grey.dpi * thumbnail.factor),
        letters=len(thumbnail.marks),
        blank=not codes and len(thumbnail.marks) < _FULL and is_blank(thumbnail, measure_paper(thumbnail)),
        cards=find_cards(grey.pixels, grey.dpi) if handling.cards else (),
        gutter=find_gutter(grey.pixels, grey.dpi) if handling.cut else None,
    )
