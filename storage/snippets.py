"""The original text around what was asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storage.folding import fold_with_origins

#: What stands around a hit; neither sign occurs in administrative prose.
HIT_OPEN, HIT_CLOSE = "⟪", "⟫"

_REACH = 90
_SPACES = re.compile(r"\s+")


def cut_snippet(text: str, words: Sequence[str]) -> str:
    """About two lines of ``text``, marks and case as they stand, around ``words`` (folded) one after the other.

    Where they do not stand together, around the first of them that occurs; the beginning where none does. Every hit
    inside the snippet is marked.
    """
    folded, origins = fold_with_origins(text)
    spans = _find(folded, " ".join(words)) or [span for word in words for span in _find(folded, word)]
    originals = sorted((origins[start], _end(text, origins[end - 1])) for start, end in spans)
    middle = originals[0] if originals else (0, 0)
    left, right = _widen(text, max(0, middle[0] - _REACH), min(len(text), middle[1] + _REACH))
    pieces, at = [], left
    for start, end in originals:
        if start >= at and end <= right:
            pieces += [text[at:start], HIT_OPEN, text[start:end], HIT_CLOSE]
            at = end
    pieces.append(text[at:right])
    snippet = _SPACES.sub(" ", "".join(pieces)).strip()
    return f"{'… ' if left else ''}{snippet}{' …' if right < len(text) else ''}"


def _find(folded: str, words: str) -> list[tuple[int, int]]:
    """Where ``words`` stand as whole words."""
    if not words:
        return []
    return [match.span() for match in re.finditer(rf"(?<![^ ]){re.escape(words)}(?![^ ])", folded)]


def _end(text: str, last: int) -> int:
    """One past ``last`` and the combining marks that follow it."""
    end = last + 1
    while end < len(text) and "\u0300" <= text[end] <= "\u036f":
        end += 1
    return end


def _widen(text: str, left: int, right: int) -> tuple[int, int]:
    """The span widened to whole words, by a few letters at most."""
    for _ in range(20):
        if left > 0 and not text[left - 1].isspace():
            left -= 1
        if right < len(text) and not text[right].isspace():
            right += 1
    return left, right
