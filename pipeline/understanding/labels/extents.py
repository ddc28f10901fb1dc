"""How far the value after a label goes: to the next label, over line breaks, in its own column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.understanding.folding import capital_share, fold
from pipeline.understanding.kinds.recipes import Rule
from pipeline.understanding.labels.anchors import Anchor, anchors_by_piece
from pipeline.understanding.sheets import Piece, Sheet, Token

_NEW_ITEM = re.compile(r"^(?:[-+*•–]|\(?[0-9]{1,2}[.)](?!\d)|[IVX]{1,4}[.)]|[a-zđ]\))")
#: A level of an address whose name comes on the next line.
_UNNAMED = re.compile(r" (?:tinh|thanh pho|huyen|quan|xa|phuong|thi tran|thi xa)$")
_SENTENCE_END = re.compile(r"[^\d.][.;]$")


def value_tokens(anchor: Anchor, rule: Rule, anchors: Sequence[Anchor], *, force: bool = False) -> tuple[Token, ...]:
    """The tokens of the value that ``anchor`` leads to, colon and leaders left in.

    With ``force`` one more line is taken although the text seems to end: for values that make no sense without it.
    """
    by_piece = anchors_by_piece(anchors)
    last, tokens = anchor.piece, list(_up_to_next(anchor.piece, anchor.end, by_piece.get(id(anchor.piece), [])))
    if _closed(anchor.piece, anchor.end + len(tokens)):
        last, tokens = _along_band(anchor, tokens, by_piece)
        ended = len(by_piece.get(id(last), [])) > 0 and last is not anchor.piece
        if not ended:
            tokens += _over_breaks(anchor, last, rule, tokens, by_piece, force=force)
    elif force:
        part = Piece(anchor.piece.tokens[anchor.start : anchor.end + len(tokens)], anchor.piece.band)
        tokens += _over_breaks(anchor, part, rule, tokens, by_piece, force=True)
    return _sentence(tokens) if rule.sentence else tuple(tokens)


def _closed(piece: Piece, end: int) -> bool:
    return end >= len(piece.tokens)


def _up_to_next(piece: Piece, start: int, anchors: Sequence[Anchor]) -> tuple[Token, ...]:
    ends = [anchor.start for anchor in anchors if anchor.start >= start]
    return piece.tokens[start : min(ends, default=len(piece.tokens))]


def _along_band(anchor: Anchor, tokens: list[Token], by_piece: Mapping[int, list[Anchor]]) -> tuple[Piece, list[Token]]:
    """Go on to the right in the same row, over leaders and gaps, until another label begins."""
    last, found = anchor.piece, list(tokens)
    open_label = not any(":" in token.text for token in anchor.piece.tokens[anchor.start :])
    for piece in anchor.sheet.band(anchor.piece.band):
        if piece.box.left <= last.box.left:
            continue
        gap = piece.box.left - last.box.right
        filled = any(fold(token.text) for token in found)
        if not filled and _is_speck(piece):
            continue
        beside_label = open_label and last is anchor.piece
        far = 3 if _doubtful(piece) else 5
        if filled and gap > far * anchor.sheet.em and not beside_label:
            break
        more = _up_to_next(piece, 0, by_piece.get(id(piece), []))
        if not more:
            break
        if open_label and last is anchor.piece:
            found = []
        found += more
        last = piece
    return last, found


def _is_speck(piece: Piece) -> bool:
    """Whether ``piece`` is but a sign or two that the engine disowned."""
    return all(token.confidence < 0.1 and len(fold(token.text)) < 3 for token in piece.tokens)


def _doubtful(piece: Piece) -> bool:
    """Whether ``piece`` may be no word at all: a stroke, the edge of a stamp."""
    return all(token.confidence < 0.5 for token in piece.tokens)


def _over_breaks(
    anchor: Anchor, last: Piece, rule: Rule, tokens: Sequence[Token], by_piece: Mapping[int, list[Anchor]], *, force: bool
) -> list[Token]:
    """The tokens of the lines that the value goes on over, in its own column."""
    found: list[Token] = []
    label, filled = anchor.piece.tokens[anchor.start].box.left, any(fold(token.text) for token in tokens)
    if rule.sentence or (anchor.start > 0 and last is anchor.piece and _hangs(last)):
        label = min(label, anchor.piece.box.left, anchor.sheet.left)
    own_column = bool(tokens) and tokens[0].box.left > anchor.piece.box.right and _is_column(anchor, tokens[0])
    left = tokens[0].box.left if own_column else label
    furthest = max(left + 6 * anchor.sheet.em, tokens[0].box.left + 2 * anchor.sheet.em if tokens else 0.0)
    budget = max(1, rule.lines - 1) if filled else max(1, rule.lines)
    while budget > 0:
        following = _next_line(anchor.sheet, last, left)
        if following is None or (filled and following.box.left > furthest):
            break
        if own_column and _labelled(anchor.sheet, following, label, by_piece):
            break
        if not _goes_on(anchor.sheet, last, following, filled=filled and not force):
            break
        more = _up_to_next(following, 0, by_piece.get(id(following), []))
        found += more
        if not more or len(more) < len(following.tokens):
            break
        last, filled, budget, force = following, True, budget - 1, False
    return found


def _is_column(anchor: Anchor, first: Token) -> bool:
    """Whether the value that begins with ``first`` stands in a column of values, not just behind a gap."""
    em = anchor.sheet.em
    if first.box.left - anchor.piece.box.right > 4 * em:
        return True
    aligned = sum(abs(piece.box.left - first.box.left) < 0.6 * em for piece in anchor.sheet.pieces)
    return aligned > 2


def _labelled(sheet: Sheet, piece: Piece, left: float, by_piece: Mapping[int, list[Anchor]]) -> bool:
    """Whether the row of ``piece`` begins with a label of its own in the column of labels at ``left``.

    A label that goes on from the row above begins small; one that no recipe knows begins with a capital or a number.
    """
    for other in sheet.band(piece.band):
        if other is not piece and abs(other.box.left - left) < 4 * sheet.em:
            begins = other.text[:1].isupper() or _NEW_ITEM.match(other.text) is not None
            if by_piece.get(id(other)) or begins:
                return True
    return False


def _next_line(sheet: Sheet, last: Piece, left: float) -> Piece | None:
    """The piece beneath ``last`` in the column that begins at ``left``."""
    beneath = [
        piece
        for piece in sheet.pieces
        if last.band < piece.band <= last.band + 3
        and piece.box.right > left - 3 * sheet.em
        and piece.box.left < max(last.box.right, left + 4 * sheet.em)
        and piece.box.left > left - 4 * sheet.em
    ]
    return min(beneath, key=lambda piece: (piece.band, abs(piece.box.left - left)), default=None)


def _goes_on(sheet: Sheet, last: Piece, following: Piece, *, filled: bool) -> bool:
    gap = following.box.top - last.box.bottom
    if gap > 1.5 * sheet.em or _NEW_ITEM.match(following.text):
        return False
    if not filled:
        return capital_share(following.text) < 0.9 or len(following.tokens) < 7
    first = following.tokens[0].box.width
    full = last.box.right + first + 1.2 * sheet.em > _column_end(sheet, last)
    hanging = _hangs(last)
    return full or hanging


def _hangs(piece: Piece) -> bool:
    """Whether the text of ``piece`` must go on: it ends with a comma, or with a level of an address without its name."""
    return piece.text.rstrip().endswith((",", "-", "–")) or _UNNAMED.search(piece.folded) is not None


def _column_end(sheet: Sheet, piece: Piece) -> float:
    """Where a full line beside ``piece`` would end: at the next column of its row, else at the margin."""
    beside = [other.box.left for other in sheet.band(piece.band) if other.box.left > piece.box.right]
    return min(sheet.right, min(beside, default=sheet.right) - 1.5 * sheet.em)


def _sentence(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens up to the end of the sentence."""
    for place, token in enumerate(tokens):
        last = place == len(tokens) - 1
        if _SENTENCE_END.search(token.text) and (last or tokens[place + 1].text[:1].isupper()):
            return tuple(tokens[: place + 1])
    return tuple(tokens)
