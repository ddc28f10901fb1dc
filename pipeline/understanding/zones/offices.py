"""Offices of those who sign: what they are called, and what their deputies are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from rapidfuzz import fuzz, process

from pipeline.understanding.folding import fold
from pipeline.understanding.phrases import phrases
from pipeline.understanding.sheets import Token

#: Who signs for another: a head (KT.), a collective (TM.), by order (TL.), by authority (TUQ.).
DELEGATION = re.compile(
    r"^[\W_]*(?:(?:kt|tm|tl|tuq|k t|t m|t l)\b|(?:kt|tm|tl|tuq)(?=chủ|giám|bộ|trưởng|chánh|cục|ủy|hội|ubnd))[\W_]*",
    re.IGNORECASE,
)
FOR_HEAD = re.compile(r"^[\W_]*k\s?t\b[\W_]*", re.IGNORECASE)
#: How like a deputy's title what is left of one must be.
_LEFT = 62.0


@cache
def office_names() -> tuple[str, ...]:
    """What offices are called, folded, the longest first."""
    return tuple(sorted((fold(role) for role in phrases("signers")), key=len, reverse=True))


@cache
def begins_with_office(folded: str, *, strict: bool = False) -> bool:
    """Whether ``folded`` begins with an office, or, unless ``strict``, is like one but for a letter or two."""
    words = folded.split()
    if words[:1] in (["q"], ["quyen"]):
        words = words[1:]
    for role in office_names():
        start = " ".join(words[: len(role.split())])
        if start == role or (len(role) > 7 and fuzz.ratio(start, role) >= 88):
            return True
    if strict or len(folded) <= 5:
        return False
    return process.extractOne(folded, office_names(), scorer=fuzz.ratio, score_cutoff=85) is not None


def deputy_of(head: str) -> str:
    """What the deputy of ``head`` is called: Chủ tịch has a Phó Chủ tịch, Bộ trưởng a Thứ trưởng; empty for no known head."""
    letters = fold(head)
    known = {fold(role): role for role in phrases("signers")}
    role = known.get(letters)
    if role is None and len(letters) > 5:
        found = process.extractOne(letters, known.keys(), scorer=fuzz.ratio, score_cutoff=88)
        role = known[found[0]] if found else None
    if role is None or fold(role).startswith(("pho ", "thu truong")):
        return ""
    return "Thứ trưởng" if fold(role) == "bo truong" else f"Phó {role}"


def letters_of(tokens: Sequence[Token]) -> str:
    """The words of ``tokens``, folded."""
    return fold(" ".join(token.text for token in tokens))


def is_left_of(tokens: Sequence[Token], deputy: str) -> bool:
    """Whether ``tokens`` may be what ink left of the title ``deputy``."""
    letters, whole = fold(" ".join(token.text for token in tokens)), fold(deputy)
    if not letters:
        return False
    ends = whole.split()[-1] in letters.split()[-1:] or letters.split()[0] == whole.split()[0]
    return ends or fuzz.ratio(letters, whole) >= _LEFT
