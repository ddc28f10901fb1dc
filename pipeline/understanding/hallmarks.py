"""Hallmarks: what is printed on every certificate or form of a type, told though letters were misread."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from rapidfuzz import fuzz, process

from pipeline.understanding.folding import fold
from pipeline.understanding.recipes import recipes
from pipeline.understanding.sheets import Sheet

#: Types of fewer hallmarks are told by other things.
_ENOUGH = 3
_ALIKE = 91
#: The share of them that makes a paper sure, for no form bears every wording.
_PLENTY = 0.65


def hallmark_shares(sheet: Sheet) -> Mapping[str, float]:
    """How many of its hallmarks stand on ``sheet``, of as many as make it sure, 0..1, for every type that has some."""
    lines = [piece.folded for piece in sheet.pieces if piece.folded]
    codes, wanted = _hallmarks()
    if not lines:
        return dict.fromkeys(codes, 0.0)
    alike = process.cdist(wanted, lines, scorer=fuzz.partial_ratio, score_cutoff=_ALIKE, dtype=np.uint8)
    seen = np.array(
        [any(_ends_alike(wanted[row], lines[at]) for at in np.flatnonzero(alike[row])) for row in range(len(wanted))]
    )
    owners = np.array(codes)
    return {code: min(1.0, float(seen[owners == code].mean()) / _PLENTY) for code in dict.fromkeys(codes)}


def _ends_alike(mark: str, line: str) -> bool:
    """Whether the last word of ``mark``, which tells it from others (người mẹ, người cha), stands in ``line``."""
    last = mark.rsplit(maxsplit=1)[-1]
    close = (fuzz.ratio(word, last) for word in line.split())
    return len(line) >= len(mark) - 2 and max(close, default=0.0) >= (75 if len(last) > 3 else 100)


@cache
def _hallmarks() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Types and their folded hallmarks, side by side."""
    pairs = [
        (code, fold(mark))
        for code, recipe in recipes().items()
        if len(recipe.hallmarks) >= _ENOUGH
        for mark in recipe.hallmarks
    ]
    return tuple(code for code, _ in pairs), tuple(mark for _, mark in pairs)
