"""Head and foot of administrative papers: two blocks side by side, the left one read before the right one.

Decree 30/2020/NĐ-CP, appendix I: the head has the issuing body, number and subject on the left, the national motto, place
and date on the right; the foot has the recipients on the left and the signature on the right. The blocks are centred, so
no straight gutter need run between them; they are known by what they say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import Line, Word
from pipeline.domain.syllables import bare

#: Words that open the two lines of the motto, the date, and the list of recipients, without their marks.
_NATION, _MOTTO = ("cong", "hoa", "xa", "hoi"), ("doc", "lap", "tu", "do", "hanh", "phuc")
_DAY, _MONTH = "ngay", "thang"
_RECIPIENTS = ("noi", "nhan")

#: A gap between words this many times their height may part the two blocks.
HEAD_GAP, FOOT_GAP = 0.8, 1.2

#: How far from the motto's left edge a row of a head is cut at most, in heights of its words, and what that costs in gap.
REACH, COST = 9.0, 0.25

#: A line goes on the left block of a head no farther below the head than this, with and without place and date, or on
#: the recipients no farther below them than this, in heights of its words.
NEXT, NUMBER, NEXT_RECIPIENT = 1.2, 3.0, 2.5

#: The right side of a row belongs to a head if it stands no farther below the motto and begins no farther left of it than
#: this, in heights of its words; what does not read like place and date, if its middle is so near, in widths of the motto.
BELOW, ACROSS, CENTRED = 6.0, 3.0, 0.25

#: A line of a foot that begins on the left and goes on this far to the right, as a share of the page's lines, ends it; a
#: line that begins this far to the right is none of the recipients.
WIDE, ASIDE = 0.65, 0.33

#: Words are in capitals if more than this share of their letters are.
SHOUTED = 0.8

#: Strokes of a signature stand so far from the name beside them, in heights of its first word.
STROKE_GAP = 0.6

Blocks = tuple[list[Line], list[Line]]
Side = tuple[Word, ...]


def take_head(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The head among ``lines``, its left block first, and the lines outside of it; no head without a motto."""
    motto = _find_motto(lines)
    if motto is None:
        return (), tuple(lines)
    blocks: Blocks = ([], [])
    taken: set[int] = set()
    for at in sorted(range(len(lines)), key=lambda at: lines[at].box.centre[1]):
        line = lines[at]
        size = _size(line.words)
        if line.box.centre[1] < motto.top - size:
            continue
        left, right = _cut_head(line, motto.left, size)
        if _ends_head(blocks, motto, left, right):
            break
        misread = line.box.top < motto.bottom + NEXT * size and _is_beneath(line.words, motto)
        if left or _is_right(right) or misread:
            taken.add(at)
            _add(blocks, line, (left, right))
    return _settle(lines, blocks, taken)


def take_foot(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The foot among ``lines``, recipients first, and the lines outside of it; no foot without recipients."""
    first = _find_recipients(lines)
    if first is None:
        return (), tuple(lines)
    margin, width = first.left, max(line.box.right for line in lines) - first.left
    blocks: Blocks = ([], [])
    taken: set[int] = set()
    for at in sorted(range(len(lines)), key=lambda at: lines[at].box.centre[1]):
        line = lines[at]
        if line.box.centre[1] < first.top and not 0 < first.top - line.box.bottom < NEXT * first.height:
            continue
        left, right = _cut_foot(line, margin, width)
        if line.box.centre[1] < first.top and left:
            continue
        if left and not right and _ends_foot(blocks[0], line, margin + WIDE * width):
            break
        taken.add(at)
        strokes = _count_strokes(right)
        _add(blocks, line, (left, right[:strokes]))
        _add(blocks, line, ((), right[strokes:]))
    return _settle(lines, blocks, taken)


def _count_strokes(words: Side) -> int:
    """How many words before a wide gap hold no two letters: strokes of a signature beside the signer's name."""
    for at, (word, following) in enumerate(pairwise(words), 1):
        if sum(sign.isalpha() for sign in word.text) > 1:
            return 0
        if following.box.left - word.box.right > STROKE_GAP * following.box.height:
            return at
    return 0


def _settle(lines: Sequence[Line], blocks: Blocks, taken: set[int]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    if not (blocks[0] and blocks[1]):
        return (), tuple(lines)
    found = (replace(line, block=number) for number, block in enumerate(blocks) for line in block)
    return tuple(found), tuple(line for at, line in enumerate(lines) if at not in taken)


def _add(blocks: Blocks, line: Line, sides: tuple[Side, Side]) -> None:
    for block, words in zip(blocks, sides, strict=True):
        if words:
            block.append(replace(line, words=words))


def _find_motto(lines: Sequence[Line]) -> Box | None:
    """Where the name of the nation stands, or must stand above its second line."""
    for line in lines:
        at = _find(line.words, _NATION)
        if at is not None and is_shouted(line.words[: at + len(_NATION)]):
            return hull(word.box for word in line.words[at:])
    for line in lines:
        at = _find(line.words, _MOTTO)
        if at is not None:
            box, size = hull(word.box for word in line.words[at:]), _size(line.words)
            return Box(box.left - 4.5 * size, box.top - 1.6 * size, box.right + 4.5 * size, box.bottom)
    return None


def _find_recipients(lines: Sequence[Line]) -> Box | None:
    """Where the last list of recipients begins."""
    for line in sorted(lines, key=lambda line: -line.box.top):
        words = line.words[:2]
        if tuple(bare(word.text.strip(":;.,\"'")) for word in words) == _RECIPIENTS and words[0].text[:1].isupper():
            behind = line.words[2].box.left - words[1].box.right if len(line.words) > 2 else math.inf
            if words[1].text[-1:] in ":;." or behind > FOOT_GAP * _size(words):
                return hull(word.box for word in words)
    return None


def _find(words: Sequence[Word], phrase: Sequence[str]) -> int | None:
    """Where the first of ``phrase`` stands in ``words`` if the others follow it, one of them perhaps misread.

    Of several such places the one where most stand in turn: in BỘ CÔNG AN CỘNG HÒA XÃ HỘI the nation's name begins later.
    """
    letters = [bare(word.text.strip(".,;:-–")) for word in words]
    best, found = 0, None
    for at in range(len(letters)):
        behind = letters[at : at + len(phrase) + 2]
        if behind[0] == phrase[0] and sum(word in behind for word in phrase) >= max(2, len(phrase) - 1):
            in_turn = sum(word == wanted for word, wanted in zip(behind, phrase, strict=False))
            if in_turn > best:
                best, found = in_turn, at
    return found


def is_motto(line: Line) -> bool:
    """Whether ``line`` holds one of the two lines of the national motto."""
    nation = _find(line.words, _NATION) is not None and is_shouted(line.words)
    return nation or _find(line.words, _MOTTO) is not None


def is_shouted(words: Sequence[Word]) -> bool:
    """Whether ``words`` are in capitals, as names of bodies and of the nation are in heads and not in prose."""
    letters = [sign for word in words for sign in word.text if sign.isalpha()]
    return sum(sign.isupper() for sign in letters) > SHOUTED * len(letters)


def _cut_head(line: Line, edge: float, size: float) -> tuple[Side, Side]:
    """The words of ``line`` left and right of the gap that parts the blocks, ``edge`` being where the motto begins."""
    words, best, cut = line.words, 0.0, 0
    if line.box.left > edge - size:
        return (), words
    for at in range(1, len(words)):
        gap = (words[at].box.left - words[at - 1].box.right) / size
        distance = abs((words[at].box.left + words[at - 1].box.right) / 2 - edge) / size
        score = gap - COST * distance
        if gap > HEAD_GAP and distance < REACH and (not cut or score > best):
            best, cut = score, at
    touching = _find(words, _NATION) or 0
    if not cut and is_shouted(words[: touching + len(_NATION)]):
        cut = touching
    if cut:
        return words[:cut], words[cut:]
    return ((), words) if line.box.centre[0] > edge - 2 * size else (words, ())


def _ends_head(blocks: Blocks, motto: Box, left: Side, right: Side) -> bool:
    """Whether the row ``left``, ``right`` stands below the head."""
    if right:
        side, size = hull(word.box for word in right), _size(right)
        if side.top > motto.bottom + BELOW * size or side.left < motto.left - ACROSS * size:
            return True
        return bool(left) and not (_is_right(right) or _is_beneath(right, motto))
    side = hull(word.box for word in left)
    reach = NEXT if blocks[1] and _is_dated(blocks[1][-1].words) else NUMBER
    bottom = max(motto.bottom, *(block[-1].box.bottom for block in blocks if block), 0.0)
    return side.top > bottom + reach * _size(left) or side.right > motto.centre[0]


def _is_beneath(words: Side, motto: Box) -> bool:
    """Whether ``words`` stand in the middle under the name of the nation, as its motto, place and date do."""
    return abs(hull(word.box for word in words).centre[0] - motto.centre[0]) <= CENTRED * motto.width


def _is_right(words: Side) -> bool:
    return _is_dated(words) or any(_find(words, phrase) is not None for phrase in (_NATION, _MOTTO))


def _is_dated(words: Side) -> bool:
    letters = "".join(bare(word.text) for word in words)
    return 0 <= letters.find(_DAY) < letters.find(_MONTH)


def _ends_foot(recipients: Sequence[Line], line: Line, limit: float) -> bool:
    """Whether ``line``, which begins on the left, is none of the recipients: too wide, or too far below them."""
    if line.box.right > limit:
        return True
    return bool(recipients) and line.box.top - recipients[-1].box.bottom > NEXT_RECIPIENT * _size(line.words)


def _cut_foot(line: Line, margin: float, width: float) -> tuple[Side, Side]:
    """The words of ``line`` left and right of its widest gap, or all of them on one side."""
    words, size = line.words, _size(line.words)
    gaps = [(words[at].box.left - words[at - 1].box.right, at) for at in range(1, len(words))]
    gap, cut = max(gaps, default=(0.0, 0))
    middle = margin + width / 2
    if line.box.left > margin + ASIDE * width:
        return (), words
    if gap > FOOT_GAP * size and hull(word.box for word in words[cut:]).centre[0] > middle:
        return words[:cut], words[cut:]
    return ((), words) if line.box.centre[0] > middle else (words, ())


def _size(words: Sequence[Word]) -> float:
    return max(1.0, median(word.box.height for word in words))
