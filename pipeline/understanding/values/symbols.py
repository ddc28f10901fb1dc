"""The symbol of a paper's number held against its type and the body that issued it: QĐ-UBND, NQ-HĐND, TB-SVHTTDL."""

from __future__ import annotations

import re
from functools import cache

from pipeline.understanding.folding import fold
from pipeline.understanding.phrases import phrases

_ASSEMBLY = re.compile(r"QH1\d")
#: Words of names that symbols leave out, folded.
_LEFT_OUT = frozenset(("va", "cua", "cac", "tinh", "thanh", "pho", "huyen", "xa", "phuong", "quan", "thi", "tran"))


def fits_symbol(code: str, abbreviation: str, issuer: str) -> bool:
    """Whether the symbol of ``code`` is such as a paper has whose type has ``abbreviation`` and that ``issuer`` issued.

    Every part of it is the abbreviation, the first letters of the issuer's name, or a symbol or division that is known.
    """
    parts = re.split(r"[-/]", re.sub(r"^[^/]*/(?:\d{4}/)?", "", code))
    fits = [
        part == abbreviation or part in _symbols() or _ASSEMBLY.fullmatch(part) is not None or is_short_for(part, issuer)
        for part in parts
    ]
    return "/" in code and all(fits) and (not abbreviation or abbreviation in parts or "QH" in code)


def is_short_for(symbol: str, name: str) -> bool:
    """Whether ``symbol`` is made of the first letters of ``name``, in their order, no word with a name of its own left out."""
    letters = fold(symbol).replace(" ", "")
    words = fold(name).replace(",", " ").replace("-", " ").split()
    start = 0
    while start < len(words):
        if _spells(letters, words[start:]):
            return len(letters) > 1
        start += 1
    return False


def _spells(letters: str, words: list[str]) -> bool:
    """Whether the first letters of ``words``, some left out that symbols leave out, begin with all ``letters``."""
    if not letters:
        return True
    for place, word in enumerate(words):
        if word[:1] == letters[0]:
            return _spells(letters[1:], words[place + 1 :])
        if word not in _LEFT_OUT:
            return False
    return False


@cache
def _symbols() -> frozenset[str]:
    return frozenset((*phrases("symbols"), *phrases("divisions")))
