"""Hallmarks: what is printed on every certificate or form of a type, told though letters were misread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache

import numpy as np
from rapidfuzz import fuzz, process

from pipeline.understanding.folding import fold
from pipeline.understanding.kinds.recipes import recipes
from pipeline.understanding.sheets import Sheet

#: Types of fewer hallmarks are told by other things.
_ENOUGH = 3
_ALIKE = 91
#: The share of them that makes a paper sure, for no form bears every wording.
_PLENTY = 0.65


def hallmark_shares(sheet: Sheet) -> Mapping[str, float]:
    """How many of its hallmarks stand on ``sheet``, of as many as make it sure, 0..1, for every type that has some."""
    lines = [piece.folded for piece in sheet.pieces if piece.folded]
    owners, wanted = _wordings()
    if not lines:
        return {code: 0.0 for code, _ in owners}
    alike = process.cdist(wanted, lines, scorer=fuzz.partial_ratio, score_cutoff=_ALIKE, dtype=np.uint8)
    seen = {
        owners[row]
        for row in range(len(wanted))
        if any(_ends_alike(wanted[row], lines[at]) for at in np.flatnonzero(alike[row]))
    }
    counts = Counter(code for code, _ in dict.fromkeys(owners))
    found = Counter(code for code, _ in seen)
    return {code: min(1.0, found[code] / (_PLENTY * count)) for code, count in counts.items()}


def _ends_alike(mark: str, line: str) -> bool:
    """Whether the last word of ``mark``, which tells it from others (người mẹ, người cha), stands in ``line``."""
    last = mark.rsplit(maxsplit=1)[-1]
    close = (fuzz.ratio(word, last) for word in line.split())
    return len(line) >= len(mark) - 2 and max(close, default=0.0) >= (75 if len(last) > 3 else 100)


@cache
def _wordings() -> tuple[tuple[tuple[str, int], ...], tuple[str, ...]]:
    """Types with the place of a hallmark among theirs, and a folded wording of it, side by side."""
    triples = [
        ((code, place), fold(wording))
        for code, recipe in recipes().items()
        if len(recipe.hallmarks) >= _ENOUGH
        for place, mark in enumerate(recipe.hallmarks)
        for wording in mark.split("|")
    ]
    return tuple(owner for owner, _ in triples), tuple(wording for _, wording in triples)
