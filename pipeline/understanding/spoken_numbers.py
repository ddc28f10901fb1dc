"""Numbers in words: một trăm hai mươi, sáu trăm triệu, một tỷ hai trăm lẻ năm triệu."""

from __future__ import annotations

from pipeline.understanding.folding import fold

_DIGITS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9,
}  # fmt: skip
_SCALES = {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_SILENT = frozenset({"linh", "le", "va"})


def read_number(words: str) -> int | None:
    """The whole number that ``words`` begin with, marks and case aside; None where they begin with none.

    What follows the number (đồng, mét vuông) is left alone; ``phẩy`` ends it.
    """
    total, group, unit, said = 0, 0, 0, False
    for word in fold(words).split():
        if word in _DIGITS:
            unit = _DIGITS[word]
        elif word == "tram":
            group, unit = group + 100 * unit, 0
        elif word in ("muoi", "chuc"):
            group, unit = group + 10 * max(unit, 1), 0
        elif word in _SCALES:
            total, group, unit = _scaled(total, group + unit, _SCALES[word]), 0, 0
        elif word not in _SILENT:
            break
        said = said or word not in _SILENT
    return total + group + unit if said else None


def _scaled(total: int, group: int, scale: int) -> int:
    """``total`` with ``group`` units of ``scale``; một nghìn tỷ counts what was said before it, too."""
    if 0 < total < scale:
        return (total + group) * scale
    return total + (group or int(not total)) * scale
