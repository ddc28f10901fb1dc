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
_ALIKE = 88


def hallmark_shares(sheet: Sheet) -> Mapping[str, float]:
    """The share of its hallmarks that stand on ``sheet``, 0..1, for every type that has some."""
    lines = [piece.folded for piece in sheet.pieces if piece.folded]
    codes, wanted = _hallmarks()
    if not lines:
        return dict.fromkeys(codes, 0.0)
    alike = process.cdist(wanted, lines, scorer=fuzz.partial_ratio, score_cutoff=_ALIKE, dtype=np.uint8)
    long_enough = np.array([[len(line) >= len(mark) - 2 for line in lines] for mark in wanted])
    seen = np.logical_and(alike, long_enough).any(axis=1)
    owners = np.array(codes)
    return {code: float(seen[owners == code].mean()) for code in dict.fromkeys(codes)}


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
