"""Who gets a copy: the list under Nơi nhận, zone 9 of Decree 30/2020/NĐ-CP, appendix I."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from pipeline.understanding.folding import fold, squeeze
from pipeline.understanding.phrases import phrases
from pipeline.understanding.sheets import Piece, Sheet, Token

_HEADING = "noi nhan"
_ITEM = re.compile(r"^\s*[-–—•*+]")
_EDGES = " \t:;,.-–—_|'`\"“”„*+•=~^<>"
#: Where a copy is filed, however it was read: Lưu: VT, …
_FILED = re.compile(r"^l[ưuừứửữự]u\s*[:;.,]*\s*vt\b\s*[,.;:]*\s*", re.IGNORECASE)
#: A figure at the end of the symbol of a division, read as a letter.
_FIGURE = re.compile(r"^([A-ZĐ]{2,})[Il|](?=$|[.,;(])")
#: How like a set phrase an item must be that holds a word less sure than the last, and how much liker than any other phrase.
_LIKE, _APART, _SURE = 88.0, 4.0, 0.9
#: The list takes at least this share of the width of the page.
_COLUMN = 0.27


@dataclass(frozen=True, slots=True)
class Recipients:
    """The items under Nơi nhận: their tokens, and their texts with set phrases as they are spelt.

    ``mended`` where a text has other letters or signs than its tokens.
    """

    items: tuple[tuple[Token, ...], ...]
    texts: tuple[str, ...]
    mended: bool = False


def find_recipients(sheets: Sequence[Sheet]) -> Recipients | None:
    """The list under the first Nơi nhận; None where there is none."""
    for sheet in sheets:
        heading = find_heading(sheet)
        if heading is not None:
            items = _items(sheet, heading)
            return _spelt(items) if items else None
    return None


def find_heading(sheet: Sheet) -> Piece | None:
    """The line Nơi nhận on the left of ``sheet``."""
    for piece in sheet.pieces:
        start = " ".join(piece.folded.split()[:2])
        if fuzz.ratio(start, _HEADING) >= 87 and piece.box.left < 0.45 * sheet.width:
            return piece
    return None


def _spelt(items: Sequence[tuple[Token, ...]]) -> Recipients | None:
    kept = [(item, mend_recipient(item)) for item in items]
    kept = [(item, text) for item, text in kept if text]
    plain = [squeeze(" ".join(token.text for token in item)).strip(_EDGES) for item, _ in kept]
    texts = tuple(text for _, text in kept)
    return Recipients(tuple(item for item, _ in kept), texts, mended=texts != tuple(plain)) if kept else None


def mend_recipient(item: Sequence[Token]) -> str:
    """The text of ``item``, set phrases as they are spelt; empty where it is but a stroke."""
    tokens = _without_noise(item)
    text = squeeze(" ".join(token.text for token in tokens)).strip(_EDGES)
    if len(fold(text)) < 2:
        return ""
    filed = _FILED.match(text)
    if filed:
        return _filed(text[filed.end() :])
    known = _known()
    if fold(text) in known:
        return known[fold(text)]
    if min(token.confidence for token in tokens) >= _SURE:
        return text
    return known.get(_nearest(fold(text)), text)


def _nearest(letters: str) -> str:
    """The set phrase most like ``letters``, with the same figures; empty where none is, or two are."""
    found = process.extract(letters, _known().keys(), scorer=fuzz.ratio, score_cutoff=_LIKE - _APART, limit=2)
    if not found or found[0][1] < _LIKE or (len(found) > 1 and found[0][1] - found[1][1] < _APART):
        return ""
    return found[0][0] if re.findall(r"\d", found[0][0]) == re.findall(r"\d", letters) else ""


def _filed(rest: str) -> str:
    rest = _FIGURE.sub(r"\g<1>1", re.sub(r"\?(?=\d)", "", rest.strip(_EDGES).replace(" .", ".")))
    return f"Lưu: VT, {rest}" if rest else "Lưu: VT"


def _without_noise(item: Sequence[Token]) -> tuple[Token, ...]:
    """``item`` from its first word that a stroke before it was not read for."""
    tokens = list(item)
    while len(tokens) > 1 and (not any(sign.isalnum() for sign in tokens[0].text) or _is_stroke(tokens[0])):
        tokens.pop(0)
    return tuple(tokens)


def _is_stroke(token: Token) -> bool:
    return token.confidence < 0.4 and sum(sign.isalpha() for sign in token.text) < 2


@cache
def _known() -> Mapping[str, str]:
    return {fold(phrase): phrase for phrase in phrases("recipients")}


def _items(sheet: Sheet, heading: Piece) -> tuple[tuple[Token, ...], ...]:
    items: list[list[Token]] = []
    last = heading
    column = _column(sheet, heading)
    edge = max((heading.box.left + _COLUMN * sheet.width, *(piece.box.right for piece in column)))
    for piece in column:
        if piece.box.top - last.box.bottom > 2.2 * sheet.em:
            break
        fresh = not items or _begins(piece, last, edge)
        if fresh and items and _is_last(items[-1]):
            break
        if fresh:
            items.append(list(piece.tokens))
        else:
            items[-1] += piece.tokens
        last = piece
    return tuple(tuple(item) for item in items)


def _column(sheet: Sheet, heading: Piece) -> list[Piece]:
    """What stands beneath ``heading``, on its left edge or a dash away from it, strokes left out."""
    return [
        piece
        for piece in sheet.pieces
        if piece.band > heading.band
        and abs(piece.box.left - heading.box.left) < 5 * sheet.em
        and piece.box.left < 0.4 * sheet.width
        and not (len(piece.folded) < 3 and max(token.confidence for token in piece.tokens) < 0.9)
    ]


def _begins(piece: Piece, last: Piece, edge: float) -> bool:
    """Whether ``piece`` begins an item: by how the line before it ends, by its dash, or since that had room for its word.

    Items begin with capitals: what follows in small letters goes on, be it behind a dash (chính trị - xã hội).
    """
    if last.text.endswith((";", ".")) or _FILED.match(piece.text):
        return True
    if next((sign for sign in piece.text if sign.isalpha()), "A").islower():
        return False
    if _ITEM.match(piece.text):
        return True
    return last.box.right + 1.3 * piece.tokens[0].box.width < edge and not last.text.endswith((",", "-", "–"))


def _is_last(item: Sequence[Token]) -> bool:
    return fold(" ".join(token.text for token in item)).startswith("luu")
