"""The places where a hand fills a printed line in: Số: …/QĐ-UBND, ngày … tháng … năm 2025."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, Word

_NUMBER = re.compile(
    r"(?:^|(?<=\s))(?P<left>[Ss][ốôóồổỗoøữẽ6]\s*[:;]|S[ốôóồổỗoøữẽ6](?=[\s\d]))(?P<gap>[^/]{0,14}?(?:/[^/\s]{0,3}?)?)(?=/\s*(?:\d{4}\s*/\s*)?[A-ZĐÐ])"
)
_DAY = re.compile(
    r"(?:^|(?<=[\s,.]))(?P<left>ng[àaảáạâ][yỳýW]?(?:\s*:)?)(?P<gap>.{0,10}?)(?=th[áaàâ]ng\b(?!\s*,))", re.IGNORECASE
)
_MONTH = re.compile(r"(?:^|(?<=\s)|(?<=\W))(?P<left>th[áaàâ]ng)(?P<gap>.{0,10}?)(?=n[ăaâ]m\b)", re.IGNORECASE)
#: What stands between the anchors where they are but labels or prose: a comma, or a word.
_COMMAS = frozenset({",", ";", ".", ":"})
_WORDY = re.compile(r"[^\W\d_]{3}")

_LOW = frozenset("gjpqyQ,;()ạậặẹệịọộợụựỵẠẬẶẸỆỊỌỘỢỤỰỴ")
_TALL = frozenset("bdđfhklt0123456789/")

#: What letters with tails and without tall parts make of the height of a word, in heights of capitals.
_TAIL, _LOWER = 0.32, 0.68

#: Boxes that speak of capitals this much higher or lower than the others' hold more or less than their word.
_FITTING = 0.15

#: How wide the words beside a gap are set, in heights of capitals; a wider box has swallowed ink.
_WIDE = {"ng": 2.95, "th": 3.45, "số": 2.1, "só": 2.1, "sô": 2.1}

#: Gaps narrower or wider than so many heights of capitals are none, nor are narrow ones without letters and digits.
_WIDTHS = (0.25, 12.0)
_NARROW = 0.8


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of a line between two printed anchors, in the pixels of the line's boxes.

    ``kind`` is ``number``, ``day`` or ``month``; ``start`` and ``end`` count signs of the line's text; ``text`` is what the
    engine read there, spaces dropped, with ``confidence`` its worst word's. ``sure`` says which of its edges, left and
    right, lies at the edge of a word. ``capitals`` is the height of printed capitals, ``baseline`` where they stand.
    """

    kind: str
    start: int
    end: int
    left: float
    right: float
    text: str
    confidence: float
    sure: tuple[bool, bool]
    capitals: float
    baseline: float


def find_gaps(line: Line) -> tuple[Gap, ...]:
    """All gaps of ``line``, from the left."""
    text = line.text
    found = []
    for kind, pattern in (("number", _NUMBER), ("day", _DAY), ("month", _MONTH)):
        for match in pattern.finditer(text):
            gap = _measure(line, kind, match.end("left"), match.end("gap"))
            if gap is not None:
                found.append(gap)
    return tuple(sorted(found, key=lambda gap: gap.start))


def _measure(line: Line, kind: str, start: int, end: int) -> Gap | None:
    """The gap between the signs before ``start`` and those from ``end`` on; None where it is no gap."""
    spans = list(_spans(line))
    inside = [word for word, first, last in spans if first < end and last > start and line.text[start:end].strip()]
    outside = [word for word, first, last in spans if last <= start or first >= end]
    size = _print_size(outside, inside)
    if size is None:
        return None
    capitals, baseline = size
    left, left_sure = _edge(spans, start - 1, capitals, after=True)
    right, right_sure = _edge(spans, end, capitals, after=False)
    bare = "".join(line.text[start:end].split())
    if bare in _COMMAS or (kind != "number" and _WORDY.search(bare)):
        return None
    least = _WIDTHS[0] if any(sign.isalnum() for sign in bare) else _NARROW
    if not least * capitals <= right - left <= _WIDTHS[1] * capitals:
        return None
    confidence = min((word.confidence for word in inside), default=1.0)
    return Gap(kind, start, end, left, right, bare, confidence, (left_sure, right_sure), capitals, baseline)


def _spans(line: Line) -> Iterator[tuple[Word, int, int]]:
    """Each word with its first sign and the one behind its last, counted in the line's text."""
    at = 0
    for word in line.words:
        yield word, at, at + len(word.text)
        at += len(word.text) + 1


def _edge(spans: Sequence[tuple[Word, int, int]], sign: int, capitals: float, *, after: bool) -> tuple[float, bool]:
    """Where the ``sign`` of the line ends (``after``) or begins, and whether that is the edge of its word."""
    for order, (word, first, last) in enumerate(spans):
        if first <= sign < last:
            at = sign - first + (1 if after else 0)
            left, right = _far_side_trimmed(spans, order, after=after)
            wide = _WIDE.get(word.text[:2].lower(), 99.0) * capitals
            if at in (0, last - first) and right - left > 1.2 * wide:
                return (left + wide if after else right - wide), False
            return left + (right - left) * at / (last - first), at in (0, last - first)
    return 0.0, False


def _far_side_trimmed(spans: Sequence[tuple[Word, int, int]], order: int, *, after: bool) -> tuple[float, float]:
    """The sides of a word beside a gap, the one away from the gap no farther than its neighbour there."""
    box = spans[order][0].box
    if after and order > 0:
        return min(max(box.left, spans[order - 1][0].box.right), box.right), box.right
    if not after and order + 1 < len(spans):
        return box.left, max(min(box.right, spans[order + 1][0].box.left), box.left)
    return box.left, box.right


def _print_size(outside: Sequence[Word], inside: Sequence[Word]) -> tuple[float, float] | None:
    """The height of capitals and the baseline of the printed words beside a gap."""
    trusted = [word for word in outside if word.confidence >= 0.6 and _letters(word.text) >= 2]
    chosen = trusted or [word for word in outside if _letters(word.text) >= 2] or list(outside) or list(inside)
    sizes = [(*_word_size(word), word.box.centre[0]) for word in chosen if word.box.height > 0]
    if not sizes:
        return None
    capitals = median(size for size, _, _ in sizes)
    fitting = [one for one in sizes if abs(one[0] / capitals - 1) < _FITTING] or sizes
    middle = (inside or list(outside))[0].box.centre[0]
    nearest = sorted(fitting, key=lambda one: abs(one[2] - middle))[:4]
    return capitals, median(baseline for _, baseline, _ in nearest)


def _letters(text: str) -> int:
    return sum(sign.isalnum() for sign in text)


def _word_size(word: Word) -> tuple[float, float]:
    """The height of capitals and the baseline that the box of ``word`` speaks of."""
    above = 1.0 if any(sign.isupper() or sign in _TALL or ord(sign) > 127 for sign in word.text) else _LOWER
    below = _TAIL if any(sign in _LOW for sign in word.text) else 0.0
    capitals = word.box.height / (above + below)
    return capitals, word.box.bottom - below * capitals


def fill_gap(line: Line, gap: Gap, filling: Word) -> Line:
    """``line`` with ``filling`` as the only word of ``gap``; words that reach into the gap are cut at its edges."""
    before: list[Word] = []
    behind: list[Word] = []
    for word, first, last in _spans(line):
        if first < gap.start:
            before.append(_cut(word, 0, min(last, gap.start) - first))
        if last > gap.end:
            behind.append(_cut(word, max(first, gap.end) - first, last - first))
    kept = [word for word in (*before, filling, *behind) if word.text]
    return replace(line, words=tuple(kept))


def _cut(word: Word, first: int, last: int) -> Word:
    """The signs ``first`` to ``last`` of ``word`` with their share of its box."""
    length = len(word.text)
    if (first, last) == (0, length):
        return word
    box, step = word.box, word.box.width / length
    part = Box(box.left + first * step, box.top, box.left + last * step, box.bottom)
    return replace(word, text=word.text[first:last], box=part)
