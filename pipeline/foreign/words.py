"""Words as other programs write them into ours: NFC, one word each, boxes that enclose something."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator

from pipeline.domain.foreign import UNKNOWN
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Word

#: Longer ones are no words.
_LONGEST = 400


def clean_words(text: str, box: Box, confidence: float | None) -> Iterator[Word]:
    """The words of ``text``, each with its share of ``box``; none where the box encloses nothing or is not on any page."""
    kept = "".join(sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"})
    parts = (kept if kept.strip() else "").split()
    if not parts or not _encloses(box) or len(kept) > _LONGEST * len(parts):
        return
    sure = UNKNOWN if confidence is None or not math.isfinite(confidence) else min(1.0, max(0.0, confidence))
    step, at = box.width / max(1, sum(map(len, parts)) + len(parts) - 1), box.left
    for part in parts:
        end = at + step * len(part)
        yield Word(part, Box(at, box.top, end, box.bottom), sure)
        at = end + step


def _encloses(box: Box) -> bool:
    sides = (box.left, box.top, box.right, box.bottom)
    return (
        all(map(math.isfinite, sides)) and box.right > box.left and box.bottom > box.top and box.right > 0 and box.bottom > 0
    )


def number_of(text: str | None) -> float | None:
    """The number that ``text`` writes; None for anything else."""
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    return value if value is not None and math.isfinite(value) else None
