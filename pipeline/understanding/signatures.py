"""Who signed, in what capacity, and who gets a copy: zones 7 and 9 of Decree 30/2020/NĐ-CP, appendix I."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from pipeline.understanding.folding import capital_share, fold
from pipeline.understanding.names import SURNAMES, parse_name
from pipeline.understanding.phrases import phrases
from pipeline.understanding.sheets import Piece, Sheet, Token

_DELEGATION = re.compile(r"^\W*(?:kt|tm|tl|tuq|q|k t|t m|t l)\b\W*", re.IGNORECASE)
_RECIPIENTS = "noi nhan"
#: A line beneath a title that scores less is no name: strokes of ink, the rest of a seal.
_LIKELY = 0.42
_ITEM = re.compile(r"^\s*[-–—•*+]")


@dataclass(frozen=True, slots=True)
class Signature:
    """The last title above a signature and the name beneath; either empty where it was not read. ``top`` of the block.

    ``maimed`` where a deputy's title may have lost its first word: to a seal, or to what was signed for above it.
    """

    sheet: Sheet
    title: tuple[Token, ...]
    name: tuple[Token, ...]
    top: float
    maimed: bool = False


@dataclass(frozen=True, slots=True)
class Recipients:
    """The items under Nơi nhận."""

    items: tuple[tuple[Token, ...], ...]


def find_signature(sheets: Sequence[Sheet]) -> Signature | None:
    """The signature of the document itself: beside its recipients, else the last with a name.

    What is attached may be signed too, so the first block beside a list of recipients counts even where the seal hides
    its name.
    """
    found = [signature for sheet in sheets for signature in _signatures(sheet)]
    for sheet in sheets:
        listed = _anchor(sheet)
        if listed is not None:
            beside = [one for one in found if one.sheet is sheet and one.top > listed.box.top - 5 * sheet.em]
            best = max(beside, key=lambda one: (bool(one.name), bool(one.title), one.top), default=None)
            return best if best and best.name else _nameless(sheet, listed, best)
    named = [one for one in found if one.name]
    return named[-1] if named else found[-1] if found else None


def _nameless(sheet: Sheet, listed: Piece, block: Signature | None) -> Signature:
    """The signature beside ``listed`` whose title was not read, or whose name stands out of its line."""
    best: tuple[float, tuple[Token, ...]] = (0.6, ())
    for piece in sheet.pieces:
        drop = piece.box.top - listed.box.bottom
        if 0 < drop < 0.3 * sheet.height and _across(piece, sheet) > 0.57:
            best = max(best, (_name_score(piece), piece.tokens), key=lambda entry: entry[0])
    title, maimed = (block.title, block.maimed) if block else ((), False)
    return Signature(sheet, title, best[1], listed.box.top, maimed)


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
    pieces = [Piece(_without_noise(piece.tokens), piece.band) for piece in _rejoined(sheet)]
    titles = [piece for piece in pieces if _is_signer_title(piece, sheet)]
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
        name = _name_beneath(sheet, block[-1])
        found.append(Signature(sheet, title, name, block[0].box.top, _is_maimed(title, block, sheet)))
    return found


def _is_maimed(title: tuple[Token, ...], block: Sequence[Piece], sheet: Sheet) -> bool:
    """Whether ``title`` says again what stands above it, or had letters before it that were taken for noise.

    Who signs for another (KT. CHỦ TỊCH) does not bear the other's title.
    """
    if not title:
        return False
    role = fold(" ".join(token.text for token in title))
    above = [piece for piece in block if piece.tokens[0] is not title[0] and piece.box.top < title[0].box.top]
    again = any(fold(_DELEGATION.sub("", piece.text)).endswith(role) for piece in above)
    return again or any(_letters_before(piece, title[0]) for piece in sheet.pieces)


def _letters_before(piece: Piece, first: Token) -> bool:
    """Whether letters stand right before ``first`` on its own line."""
    at = next((place for place, token in enumerate(piece.tokens) if token.word is first.word), 0)
    return at > 0 and any(sign.isalpha() for sign in piece.tokens[at - 1].text)


def _rejoined(sheet: Sheet) -> list[Piece]:
    """The pieces of ``sheet``, titles that a seal has torn apart in one again."""
    joined: list[Piece] = []
    for piece in sheet.pieces:
        last = joined[-1] if joined else None
        torn = last is not None and last.band == piece.band and 0 < piece.box.left - last.box.right < 4 * sheet.em
        if last is not None and torn and min(capital_share(last.text), capital_share(piece.text)) > 0.8:
            joined[-1] = Piece((*last.tokens, *piece.tokens), piece.band)
        else:
            joined.append(piece)
    return joined


def _without_noise(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """``tokens`` from the first to the last that has two letters: strokes of a signature read as signs left out."""
    worded = [place for place, token in enumerate(tokens) if sum(sign.isalpha() for sign in token.text) > 1]
    return tokens[worded[0] : worded[-1] + 1] if worded else tokens


def _is_signer_title(piece: Piece, sheet: Sheet) -> bool:
    if _across(piece, sheet) < 0.57 or capital_share(piece.text) < 0.75 or len(piece.folded) < 5:
        return False
    return _DELEGATION.match(piece.text) is not None or _begins_with_role(piece.folded)


def _across(piece: Piece, sheet: Sheet) -> float:
    """Where the middle of ``piece`` lies between the margins, 0 left, 1 right; a page with little text has none of its own."""
    left, right = min(sheet.left, 0.15 * sheet.width), max(sheet.right, 0.88 * sheet.width)
    return (piece.box.centre[0] - left) / (right - left)


@cache
def _roles() -> tuple[str, ...]:
    return tuple(sorted((fold(role) for role in phrases("signers")), key=len, reverse=True))


def _begins_with_role(folded: str) -> bool:
    words = folded.split()
    for role in _roles():
        start = " ".join(words[: len(role.split())])
        if start == role or (len(role) > 7 and fuzz.ratio(start, role) >= 88):
            return True
    return len(folded) > 5 and process.extractOne(folded, _roles(), scorer=fuzz.ratio, score_cutoff=85) is not None


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
    best: tuple[float, tuple[Token, ...]] = (_LIKELY, ())
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
    if name is None or not all(token.text[:1].isupper() for token in piece.tokens):
        return 0.0
    words = fold(name).split()
    if any(" ".join(words[start : start + 2]) in _roles() for start in range(2)):
        return 0.0
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
        if piece.band > anchor.band
        and abs(piece.box.left - anchor.box.left) < 5 * sheet.em
        and piece.box.left < 0.4 * sheet.width
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
