"""Who gets a copy: the list under Nơi nhận, zone 9 of Decree 30/2020/NĐ-CP, appendix I."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz, process

from pipeline.understanding.folding import fold, squeeze
from pipeline.understanding.sheets import Piece, Sheet, Token
from pipeline.understanding.zones.filings import is_filing, read_filing
from pipeline.understanding.zones.recipient_names import known_recipients, spelt_recipient

_HEADING = "noi nhan"
_ITEM = re.compile(r"^\s*[-–—•*+]")
_EDGES = " \t:;,.-–—_|'`\"“”„*+•=~^<>"
#: A stop within an item, before a small letter: a comma misread.
_STOPPED = re.compile(r"(?<=[^\W\d_]{2})\. (?=[a-zà-ỹđ])")
#: Lines lower than this, in heights of letters, are strokes; words less sure than the second behind an item's end are none.
_FLAT, _DOUBTED = 0.45, 0.6
#: An item is missing where lines lie this much further apart than others.
_SPARSE = 1.6
#: How like a set phrase an item must be that holds a word less sure than the last, and how much liker than any other phrase.
_LIKE, _APART, _SURE = 88.0, 4.0, 0.9
#: Items begin as far apart as this, in heights of their first word.
_FLUSH = 0.8
#: A phrase is told from so many of its first words, where only one begins so.
_BEGUN = 3
#: The list takes at least this share of the width of the page.
_COLUMN = 0.27


@dataclass(frozen=True, slots=True)
class Recipients:
    """The items under Nơi nhận: their tokens, and their texts with set phrases as they are spelt.

    ``mended`` where a text has other letters or signs than its tokens, ``maimed`` where an item may be missing.
    """

    items: tuple[tuple[Token, ...], ...]
    texts: tuple[str, ...]
    mended: bool = False
    maimed: bool = False


def find_recipients(sheets: Sequence[Sheet]) -> Recipients | None:
    """The list under the first Nơi nhận; None where there is none."""
    for sheet in sheets:
        heading = find_heading(sheet)
        if heading is not None:
            items = _items(sheet, heading)
            return _spelt(items, heading) if items else None
    return None


def find_heading(sheet: Sheet) -> Piece | None:
    """The line Nơi nhận on the left of ``sheet``."""
    for piece in sheet.pieces:
        start = " ".join(piece.folded.split()[:2])
        if fuzz.ratio(start, _HEADING) >= 87 and piece.box.left < 0.45 * sheet.width:
            return piece
    return next((piece for piece in sheet.pieces if _is_torn_heading(piece, sheet)), None)


def _is_torn_heading(piece: Piece, sheet: Sheet) -> bool:
    """Whether ``piece`` is what ink left of the heading: its last word, right above the item that lists begin with."""
    torn = piece.folded.split()[-1:] == ["nhan"] and len(piece.folded) <= len(_HEADING) and piece.text.endswith(":")
    return torn and any(
        below.folded.startswith("nhu ")
        and 0 < below.box.top - piece.box.top < 3 * sheet.em
        and below.box.left < piece.box.right
        and below.box.left < 0.4 * sheet.width
        for below in sheet.pieces
    )


def _spelt(items: Sequence[tuple[Token, ...]], heading: Piece) -> Recipients | None:
    kept = [(item, mend_recipient(item)) for item in items]
    kept = [(item, text) for item, text in kept if text]
    plain = [squeeze(" ".join(token.text for token in item)).strip(_EDGES) for item, _ in kept]
    texts = tuple(text for _, text in kept)
    if not kept:
        return None
    maimed = _is_sparse([heading.tokens, *items]) or any(_has_lost_its_head(text) for text in texts)
    return Recipients(tuple(item for item, _ in kept), texts, mended=texts != tuple(plain), maimed=maimed)


def share_set_whole(items: Sequence[Sequence[Token]], asked: Sequence[Sequence[Token]]) -> float:
    """How many of the ``asked`` among ``items`` begin where the others do and end with a sign that items end with, 0..1.

    What ink took from an item stands out of its column, or lacks its end; 1 where none is asked about.
    """
    lefts = {id(item): _lettered(item).box.left for item in items}
    usual = statistics.median(lefts.values())
    whole = [
        abs(lefts[id(item)] - usual) < _FLUSH * _lettered(item).box.height and item[-1].text.endswith((";", ".", ":", ","))
        for item in asked
    ]
    return sum(whole) / len(whole) if whole else 1.0


def _lettered(item: Sequence[Token]) -> Token:
    """The first word of ``item`` that has letters."""
    return next((token for token in item if any(map(str.isalpha, token.text))), item[0])


def _has_lost_its_head(text: str) -> bool:
    """Whether ``text`` is but the end of a set phrase: Nhà nước."""
    letters = fold(text)
    return letters not in known_recipients() and any(phrase.endswith(f" {letters}") for phrase in known_recipients())


def _is_sparse(items: Sequence[Sequence[Token]]) -> bool:
    """Whether lines of ``items`` lie so far apart that another stood between them."""
    middles = sorted({line.box.centre[1] for item in items for line in _lines(item)})
    steps = [lower - upper for upper, lower in pairwise(middles)]
    return len(steps) > 1 and max(steps) > _SPARSE * statistics.median_low(steps)


def _lines(item: Sequence[Token]) -> Iterator[Piece]:
    """The lines that the tokens of ``item`` stand on."""
    start = 0
    for place in range(1, len(item) + 1):
        if place == len(item) or item[place].box.left < item[place - 1].box.left:
            yield Piece(tuple(item[start:place]))
            start = place


def mend_recipient(item: Sequence[Token]) -> str:
    """The text of ``item``, set phrases as they are spelt; empty where it is but a stroke."""
    tokens = _without_noise(item)
    text = squeeze(" ".join(token.text for token in tokens)).strip(_EDGES)
    if len(fold(text)) < 2:
        return ""
    filed = read_filing(text)
    if filed:
        return filed
    text = _STOPPED.sub(", ", text)
    known = known_recipients()
    spelt = spelt_recipient(text)
    if spelt:
        return spelt
    completed = _completed(text, tokens)
    if completed or min(token.confidence for token in tokens) >= _SURE:
        return completed or text
    return known.get(_nearest(fold(text)), text)


def _completed(text: str, tokens: Sequence[Token]) -> str:
    """The one set phrase that ``text`` is but for its last words, which ink hides, where its end does not say it is whole.

    Where the first ones are hidden, too, that of which all others that hold these words are but longer forms.
    """
    letters, known = fold(text), known_recipients()
    if tokens[-1].text.endswith((";", ".")) or letters in known or len(letters.split()) < _BEGUN:
        return ""
    begun = [phrase for phrase in known if phrase.startswith(f"{letters} ")]
    ended = [phrase for phrase in known if phrase.endswith(f" {letters}")]
    within = begun or ended or sorted((phrase for phrase in known if f" {letters} " in phrase), key=len)
    one = len(within) == 1 or (not (begun or ended) and within and all(phrase.startswith(within[0]) for phrase in within))
    return known[within[0]] if one else ""


def _nearest(letters: str) -> str:
    """The set phrase most like ``letters``, with the same figures; empty where none is, or two are."""
    found = process.extract(letters, known_recipients().keys(), scorer=fuzz.ratio, score_cutoff=_LIKE - _APART, limit=2)
    if not found or found[0][1] < _LIKE or (len(found) > 1 and found[0][1] - found[1][1] < _APART):
        return ""
    return found[0][0] if re.findall(r"\d", found[0][0]) == re.findall(r"\d", letters) else ""


def _without_noise(item: Sequence[Token]) -> tuple[Token, ...]:
    """``item`` from its first word that a stroke before it was not read for."""
    tokens = list(item)
    while len(tokens) > 1 and (not any(sign.isalnum() for sign in tokens[0].text) or _is_stroke(tokens[0])):
        tokens.pop(0)
    return tuple(tokens)


def _is_stroke(token: Token) -> bool:
    return token.confidence < 0.4 and sum(sign.isalpha() for sign in token.text) < 2


def _items(sheet: Sheet, heading: Piece) -> tuple[tuple[Token, ...], ...]:
    items: list[list[Token]] = []
    last = heading
    column = _column(sheet, heading)
    edge = max((heading.box.left + _COLUMN * sheet.width, *(piece.box.right for piece in column)))
    for piece in column:
        if piece.box.top - last.box.bottom > 2.2 * sheet.em:
            break
        fresh = not items or _begins(piece, last, edge) or _is_whole(items[-1], piece)
        if fresh and items and _is_last(items[-1]):
            break
        if fresh:
            items.append(list(piece.tokens))
        else:
            items[-1] += piece.tokens
        last = piece
    return tuple(tuple(item) for item in items)


def _is_whole(item: Sequence[Token], following: Piece) -> bool:
    """Whether ``item`` is a set phrase already, the sign at its end misread, and ``following`` begins like another item."""
    text = " ".join(token.text for token in item)
    capital = next((sign for sign in following.text if sign.isalpha()), "a").isupper()
    return capital and text.endswith((",", ":")) and fold(text) in known_recipients()


def _column(sheet: Sheet, heading: Piece) -> list[Piece]:
    """What stands beneath ``heading``, on its left edge or a dash away from it, strokes left out."""
    return [
        _without_tail(piece)
        for piece in sheet.pieces
        if piece.band > heading.band
        and piece.box.height > _FLAT * sheet.em
        and abs(piece.box.left - heading.box.left) < 5 * sheet.em
        and piece.box.left < 0.4 * sheet.width
        and not (len(piece.folded) < 3 and max(token.confidence for token in piece.tokens) < 0.9)
    ]


def _without_tail(piece: Piece) -> Piece:
    """``piece`` up to the sign that ends its item: what stands behind it and was hardly read is ink."""
    for place, token in enumerate(piece.tokens[:-1], 1):
        behind = piece.tokens[place:]
        known = fold(Piece(piece.tokens[:place]).text) in known_recipients()
        whole = token.text.endswith(";") or (token.text.endswith(":") and known)
        strokes = known and sum(sign.isalnum() for one in behind for sign in one.text) < 2
        if whole and place > 1 and (strokes or all(one.confidence < _DOUBTED for one in behind)):
            return Piece(piece.tokens[:place], piece.band)
    return piece


def _begins(piece: Piece, last: Piece, edge: float) -> bool:
    """Whether ``piece`` begins an item: by how the line before it ends, by its dash, or since that had room for its word.

    Items begin with capitals: what follows in small letters goes on, be it behind a dash (chính trị - xã hội).
    """
    if last.text.endswith((";", ".")) or is_filing(piece.text):
        return True
    if next((sign for sign in piece.text if sign.isalpha()), "A").islower():
        return False
    if _ITEM.match(piece.text):
        return True
    if last.text.endswith(":"):
        return True
    return last.box.right + 1.3 * piece.tokens[0].box.width < edge and not last.text.endswith((",", "-", "–"))


def _is_last(item: Sequence[Token]) -> bool:
    return is_filing(" ".join(token.text for token in item))
