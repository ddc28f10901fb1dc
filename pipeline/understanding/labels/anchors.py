"""Labels on the page: where they stand, and in which section of the paper."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.understanding.folding import fold
from pipeline.understanding.kinds.recipes import Recipe
from pipeline.understanding.sheets import Piece, Sheet

_NUMBERING = re.compile(r"^(?:[-+*•–]|\(?[0-9IVXlL]{1,3}[.)]|[a-zđ]\)|[0-9]{1,2})$")


@dataclass(frozen=True, slots=True)
class Label:
    """What may be printed: folded words, the fields it leads to, the sections it opens."""

    letters: str
    words: int
    keys: frozenset[str]
    sections: frozenset[str]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A label found: tokens ``start`` to ``end`` of ``piece``; ``score`` 0..1 how well it was read."""

    label: Label
    sheet: Sheet
    piece: Piece
    start: int
    end: int
    score: float

    @property
    def at(self) -> tuple[int, int, float]:
        """Its place in reading order."""
        return self.sheet.number, self.piece.band, self.piece.tokens[self.start].box.left


def find_anchors(sheets: Sequence[Sheet], recipe: Recipe) -> tuple[Anchor, ...]:
    """Every label of ``recipe`` on ``sheets`` in reading order; where two overlap, the longer one stands."""
    labels = _labels(recipe)
    running = {rule.key for rule in recipe.rules if rule.sentence}
    found: list[Anchor] = []
    for sheet in sheets:
        for piece in sheet.pieces:
            found += _best(_candidates(sheet, piece, labels, running))
    return tuple(sorted(found, key=lambda anchor: anchor.at))


def section_of(anchor: Anchor, anchors: Sequence[Anchor]) -> str:
    """The section ``anchor`` stands in: the last one opened above it, in its own column where two stand side by side."""
    if anchor.label.sections:
        return min(anchor.label.sections)
    heads = [head for head in anchors if head.label.sections and head.at < anchor.at]
    if not heads:
        return ""
    last = heads[-1]
    beside = [
        head for head in heads
        if head.sheet.number == last.sheet.number and abs(head.piece.band - last.piece.band) <= 1
    ]  # fmt: skip
    left = anchor.piece.tokens[anchor.start].box.left + 2 * anchor.sheet.em
    columns = [head for head in beside if head.piece.tokens[head.start].box.left <= left]
    side_by_side = len({head.piece.tokens[head.start].box.left // (8 * head.sheet.em) for head in beside}) > 1
    chosen = max(columns, key=lambda head: head.piece.tokens[head.start].box.left) if side_by_side and columns else last
    return min(chosen.label.sections)


def follows(anchor: Anchor, phrases: Sequence[str]) -> bool:
    """Whether one of ``phrases`` stands on the sheet of ``anchor`` at or above its row."""
    wanted = [fold(phrase) for phrase in phrases]
    return any(
        piece.band <= anchor.piece.band and any(phrase in piece.folded for phrase in wanted) for piece in anchor.sheet.pieces
    )


def _labels(recipe: Recipe) -> tuple[Label, ...]:
    keys: dict[str, set[str]] = {}
    sections: dict[str, set[str]] = {}
    for rule in recipe.rules:
        for label in rule.labels:
            keys.setdefault(fold(label), set()).add(rule.key)
    for name, heads in recipe.sections:
        for head in heads:
            sections.setdefault(fold(head), set()).add(name)
    letters = dict.fromkeys((*keys, *sections, *map(fold, recipe.stops)))
    return tuple(
        Label(text, len(text.split()), frozenset(keys.get(text, ())), frozenset(sections.get(text, ()))) for text in letters
    )


def _candidates(sheet: Sheet, piece: Piece, labels: Sequence[Label], running: set[str]) -> list[Anchor]:
    words = [fold(token.text) for token in piece.tokens]
    found = []
    for start in range(len(words)):
        if not words[start]:
            continue
        for label in labels:
            if label.letters[0] != words[start][0] and start and label.words < 3:
                continue
            best = _fit(words, start, label)
            if best is None:
                continue
            end, score = best
            if _is_within(piece, start, label):
                continue
            if _stands(piece, words, (start, end), score, sentence=bool(label.keys & running)):
                found.append(Anchor(label, sheet, piece, start, end, score))
    return found


def _is_within(piece: Piece, start: int, label: Label) -> bool:
    """Whether ``label``, which only ends values, would begin small within one: Đất trồng cây lâu năm."""
    if label.keys or label.sections or not start:
        return False
    return piece.tokens[start].text[:1].islower() and not piece.tokens[start - 1].text.endswith((",", ";", ".", ":"))


def _fit(words: Sequence[str], start: int, label: Label) -> tuple[int, float] | None:
    """Where ``label`` ends if it begins at ``start``, and how well it fits; None where it does not."""
    floor = 1.0 if len(label.letters) <= 4 or label.words == 1 else 0.9 if len(label.letters) <= 7 else 0.85
    best: tuple[int, float] | None = None
    for size in (label.words, label.words + 1, label.words - 1, label.words + 2):
        if size < 1 or start + size > len(words):
            continue
        text = " ".join(part for part in words[start : start + size] if part)
        score = fuzz.ratio(text, label.letters) / 100
        if score < 1 and text.replace(" ", "") == label.letters.replace(" ", ""):
            score = 0.99
        if score >= floor and (best is None or score > best[1]):
            best = (start + size, score)
    return best


def _stands(piece: Piece, words: Sequence[str], span: tuple[int, int], score: float, *, sentence: bool) -> bool:
    """Whether the words look like a label where they are: at a line's start, or with a colon after them."""
    start, end = span
    texts = [token.text for token in piece.tokens]
    if any(texts[place].endswith(":") for place in range(start, end - 1)):
        return False
    colon = (
        texts[end - 1].endswith((":", ":."))
        or (texts[end - 1].endswith(";") and end < len(texts))
        or (end < len(texts) and texts[end].startswith((":", ".:", "…:")))
    )
    first = all(not words[place] or _NUMBERING.match(texts[place]) for place in range(start))
    if first:
        short = end - start == 1
        value_follows = end < len(texts) and (any(sign.isdigit() for sign in texts[end]) or texts[end].startswith(("..", "…")))
        capital = texts[start][:1].isupper()
        whole = end == len(texts) or value_follows
        bare = score >= 0.93 and ((not short and (end - start > 2 or whole)) or (short and capital and whole))
        return colon or bare
    clause = texts[start - 1].endswith((",", ";", ".")) and end < len(texts) and texts[end][:1].isdigit()
    if clause and end - start >= 2 and score >= 0.95:
        return True
    if sentence:
        return score >= 0.9 and end - start >= 2
    return colon and (texts[start][:1].isupper() or end - start >= 2)


def _best(candidates: Sequence[Anchor]) -> list[Anchor]:
    taken: set[int] = set()
    kept = []
    ordered = sorted(candidates, key=lambda one: (-len(one.label.letters) * one.score**3, one.start))
    for anchor in ordered:
        span = set(range(anchor.start, anchor.end))
        if not span & taken:
            taken |= span
            kept.append(anchor)
    return kept


def anchors_by_piece(anchors: Sequence[Anchor]) -> Mapping[int, list[Anchor]]:
    """The anchors of every piece from the left, by the identity of the piece."""
    found: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        found.setdefault(id(anchor.piece), []).append(anchor)
    return found
