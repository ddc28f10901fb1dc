"""Text without tone marks and case, so that ``quyet dinh`` finds ``Quyết định``; query and index are folded the same way."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_STROKES = {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "Ɖ": "d", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o"}


@lru_cache(maxsize=4096)
def _fold_sign(sign: str) -> str:
    """What one sign becomes: lower-case letters and digits, nothing for a mark, a space for everything else."""
    kept = []
    for part in unicodedata.normalize("NFKD", _STROKES.get(sign, sign)):
        if not unicodedata.combining(part):
            kept.append(part.casefold() if part.isalnum() else " ")
    return "".join(kept)


def fold(text: str) -> str:
    """``text`` as lower-case words without marks, single spaces between them; folding it again changes nothing."""
    return " ".join("".join(map(_fold_sign, text)).split())


def fold_with_origins(text: str) -> tuple[str, list[int]]:
    """``fold(text)`` and, for each of its characters, the index in ``text`` it came from."""
    folded: list[str] = []
    origins: list[int] = []
    for index, sign in enumerate(text):
        for part in _fold_sign(sign):
            if part != " " or (folded and folded[-1] != " "):
                folded.append(part)
                origins.append(index)
    if folded and folded[-1] == " ":
        del folded[-1], origins[-1]
    return "".join(folded), origins
