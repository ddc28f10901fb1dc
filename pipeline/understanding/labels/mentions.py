"""Names that a paper says again: in a sentence that speaks of the person, and under the person's own signature."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.understanding.folding import fold
from pipeline.understanding.sheets import Piece, Sheet, Token
from pipeline.understanding.values.names import name_quality, parse_name

_HONORIFICS = frozenset({"ong", "ba", "anh", "chi", "ong ba", "em"})
#: How far beneath its heading a signer's name may stand, in letter heights, and how far aside its middle.
_REACH, _ASIDE = 13.0, 7.0


def signed_names(sheets: Sequence[Sheet], headings: Sequence[str]) -> Iterator[tuple[Token, ...]]:
    """The names under the signatures headed by one of ``headings``, last ones first."""
    wanted = [fold(heading) for heading in headings]
    for sheet in reversed(sheets):
        for head in reversed(sheet.pieces):
            if _heads(head, wanted):
                below = _name_beneath(sheet, head)
                if below:
                    yield below


def mentioned_names(sheets: Sequence[Sheet], phrases: Sequence[str]) -> Iterator[tuple[Token, ...]]:
    """The names that follow one of ``phrases`` in running text."""
    told: set[int] = set()
    for phrase in (fold(phrase).split() for phrase in phrases):
        for piece in (piece for sheet in sheets for piece in sheet.pieces):
            words = [fold(token.text) for token in piece.tokens]
            for start in range(len(words) - len(phrase)):
                if words[start : start + len(phrase)] == phrase:
                    named = _capitalised(piece.tokens[start + len(phrase) :])
                    if named and id(named[0]) not in told:
                        told.add(id(named[0]))
                        yield named


def _heads(piece: Piece, wanted: Sequence[str]) -> bool:
    """Whether ``piece`` heads a signature: nothing but the heading, no colon."""
    return piece.folded in wanted and ":" not in piece.text


def _name_beneath(sheet: Sheet, head: Piece) -> tuple[Token, ...]:
    middle = head.box.centre[0]
    for piece in sheet.pieces:
        if (
            not 0 < piece.box.top - head.box.bottom < _REACH * sheet.em
            or abs(piece.box.centre[0] - middle) > _ASIDE * sheet.em
        ):
            continue
        if piece.text.startswith("(") or fold(piece.text).startswith("ky "):
            continue
        kept = _written(piece)
        text = " ".join(token.text for token in kept)
        name = parse_name(text)
        if name and not re.search(r"\d", text) and name_quality(name) >= 0.75 and all(one.text[:1].isupper() for one in kept):
            return kept
    return ()


def _written(piece: Piece) -> tuple[Token, ...]:
    """The tokens of ``piece`` without strokes of the signature at either end."""
    kept = list(piece.tokens)
    while kept and not kept[0].text[:1].isalpha():
        kept.pop(0)
    while kept and not kept[-1].text[-1:].isalpha():
        kept.pop()
    return tuple(kept)


def _capitalised(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens of a name at the head of ``tokens``, honorifics dropped; empty where there is none."""
    kept: list[Token] = []
    for token in tokens[:9]:
        if not kept and fold(token.text) in _HONORIFICS:
            continue
        if not token.text[:1].isupper() or any(sign.isdigit() for sign in token.text):
            break
        kept.append(token)
        if token.text.endswith((",", ";", ".")):
            break
    return tuple(kept) if 2 <= len(kept) <= 6 else ()
