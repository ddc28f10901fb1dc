"""Who signed, in what capacity, and who gets a copy: zones 7 and 9 of Decree 30/2020/NĐ-CP, appendix I."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from pipeline.understanding.folding import capital_share, fold
from pipeline.understanding.names import SURNAMES, parse_name
from pipeline.understanding.places import phrases
from pipeline.understanding.sheets import Piece, Sheet, Token

_DELEGATION = re.compile(r"^\W*(?:kt|tm|tl|tuq|q|k t|t m|t l)\b\W*", re.IGNORECASE)
_RECIPIENTS = "noi nhan"
_ITEM = re.compile(r"^\s*[-–—•*+]")


@dataclass(frozen=True, slots=True)
class Signature:
    """The lines above a signature, the last title among them, and the name beneath."""

    sheet: Sheet
    title: tuple[Token, ...]
    name: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Recipients:
    """The items under Nơi nhận."""

    items: tuple[tuple[Token, ...], ...]


def find_signature(sheets: Sequence[Sheet]) -> Signature | None:
    """The signature of the document itself: on the first sheet that also lists recipients, else the last one found."""
    found: list[tuple[bool, Signature]] = []
    for sheet in sheets:
        listed = _anchor(sheet)
        for signature in _signatures(sheet):
            beside = listed is not None and signature.title[0].box.top > listed.box.top - 4 * sheet.em
            found.append((beside, signature))
    beside = [signature for listed, signature in found if listed]
    whole = [signature for _, signature in found if signature.name]
    for choice in ([one for one in beside if one.name][:1], beside[:1], whole[-1:], [one for _, one in found][-1:]):
        if choice:
            return choice[0]
    return None


def find_recipients(sheets: Sequence[Sheet]) -> Recipients | None:
    """The list under the first Nơi nhận; None where there is none."""
    for sheet in sheets:
        anchor = _anchor(sheet)
        if anchor is not None:
            items = _items(sheet, anchor)
            return Recipients(items) if items else None
    return None


def _anchor(sheet: Sheet) -> Piece | None:
    for piece in sheet.pieces:
        start = " ".join(piece.folded.split()[:2])
        if fuzz.ratio(start, _RECIPIENTS) >= 87 and piece.box.left < 0.45 * sheet.width:
            return piece
    return None


def _signatures(sheet: Sheet) -> list[Signature]:
    titles = [piece for piece in sheet.pieces if _is_signer_title(piece, sheet)]
    found = []
    while titles:
        block = [titles.pop(0)]
        for piece in list(titles):
            last = block[-1]
            near = piece.box.top - last.box.bottom < 1.8 * sheet.em
            if near and abs(piece.box.centre[0] - last.box.centre[0]) < 0.12 * sheet.width:
                block.append(piece)
                titles.remove(piece)
        title = _last_title(block)
        if title:
            found.append(Signature(sheet, title, _name_beneath(sheet, block[-1])))
    return found


def _is_signer_title(piece: Piece, sheet: Sheet) -> bool:
    if piece.box.centre[0] < 0.42 * sheet.width or capital_share(piece.text) < 0.75 or len(piece.folded) < 5:
        return False
    return _DELEGATION.match(piece.text) is not None or _begins_with_role(piece.folded)


@cache
def _roles() -> tuple[str, ...]:
    return tuple(sorted((fold(role) for role in phrases("signers")), key=len, reverse=True))


def _begins_with_role(folded: str) -> bool:
    words = folded.split()
    for role in _roles():
        start = " ".join(words[: len(role.split())])
        if start == role or (len(role) > 7 and fuzz.ratio(start, role) >= 88):
            return True
    return False


def _last_title(block: Sequence[Piece]) -> tuple[Token, ...]:
    """The tokens of the last title of ``block``, what is signed for (KT., TM., TL., TUQ.) left out."""
    for piece in reversed(block):
        if not _DELEGATION.match(piece.text):
            return piece.tokens
    tokens = block[-1].tokens
    for start in range(len(tokens) - 1, 1, -1):
        rest = fold(" ".join(token.text for token in tokens[start:]))
        before = fold(tokens[start - 1].text)
        if _begins_with_role(rest) and before not in ("pho", "kt", "tm", "tl", "tuq", "chi", "tong"):
            return tokens[start:]
    return ()


def _name_beneath(sheet: Sheet, title: Piece) -> tuple[Token, ...]:
    """The tokens of the first line beneath ``title`` that names a person."""
    best: tuple[float, tuple[Token, ...]] = (0.0, ())
    for piece in sheet.pieces:
        drop = piece.box.top - title.box.bottom
        if not 0 < drop < 0.22 * sheet.height or abs(piece.box.centre[0] - title.box.centre[0]) > 0.13 * sheet.width:
            continue
        score = _name_score(piece)
        if score > best[0]:
            best = score, piece.tokens
    return best[1]


def _name_score(piece: Piece) -> float:
    name = parse_name(piece.text)
    if name is None or any(sign.isdigit() for sign in piece.text) or not all(token.text[:1].isupper() for token in piece.tokens):
        return 0.0
    words = fold(name).split()
    known = 1.0 if words[0] in SURNAMES else 0.45
    likely = 1.0 if 2 <= len(words) <= 5 else 0.5
    sure = sum(token.confidence for token in piece.tokens) / len(piece.tokens)
    return known * likely * (0.3 + 0.7 * sure)


def _items(sheet: Sheet, anchor: Piece) -> tuple[tuple[Token, ...], ...]:
    items: list[list[Token]] = []
    last = anchor
    column = [
        piece
        for piece in sheet.pieces
        if piece.band > anchor.band and abs(piece.box.left - anchor.box.left) < 5 * sheet.em and piece.box.left < 0.4 * sheet.width
    ]
    for piece in column:
        if piece.box.top - last.box.bottom > 2.2 * sheet.em:
            break
        fresh = _ITEM.match(piece.text) or not items or items[-1][-1].text.endswith((";", "."))
        if fresh and items and _is_last(items[-1]):
            break
        if fresh:
            items.append(list(piece.tokens))
        else:
            items[-1] += piece.tokens
        last = piece
    return tuple(tuple(item) for item in items)


def _is_last(item: Sequence[Token]) -> bool:
    return fold(" ".join(token.text for token in item)).startswith("luu")
