"""A second look: lines the engine is unsure of are read once more, larger, and both readings are weighed against each other.

Two readings that agree are right far more often than one that is sure of itself; what they disagree on is doubtful.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.geometry import Affine, Box, hull
from pipeline.domain.pages import Line, PageImage, Word
from pipeline.domain.syllables import canonical, is_syllable
from pipeline.ports import OcrEngine
from pipeline.recognition.ghosts import remove_ghosts

#: A line is read again where a word of it is less sure than this: one that may be a Vietnamese word, any other.
UNSURE_WORD, UNSURE_OTHER = 0.7, 0.8

#: So many words to both sides of an unsure one are read with it; the whole line where that is most of it.
BESIDE, MOSTLY = 6, 0.75

#: How much larger the second look is.
LARGER = 1.4

#: Room around a line, in heights of its words: marks reach beyond the boxes, neighbours must not come in.
ROOM = 0.15

#: Two boxes that share this much of what they cover together hold the same word.
SAME = 0.5

#: The second reading counts where it is surer by this much.
SURER = 0.05

#: Signs around a word that are not part of it.
_EDGES = ".,;:!?()[]{}\"'“”‘’…-–/"


def look_again(image: PageImage, lines: tuple[Line, ...], engine: OcrEngine) -> tuple[Line, ...]:
    """``lines`` with doubtful words as the surer of two readings has them; boxes in pixels of ``image``.

    ``Word.second`` of every word that was found twice holds the second reading. Words with digits stay as first read.
    """
    stretches = [stretch for line in lines for stretch in _doubtful(line.words)]
    if not stretches:
        return lines
    words = [word for stretch in stretches for word in stretch]
    seconds = _pair(words, _read(image, stretches, engine))
    looked = {id(word): _weigh(word, second) for word, second in zip(words, seconds, strict=True)}
    return tuple(replace(line, words=tuple(looked.get(id(word), word) for word in line.words)) for line in lines)


def _doubtful(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Stretches of a line around its unsure words; all of it where little would be left out."""
    unsure = [at for at, word in enumerate(words) if _is_unsure(word)]
    spans: list[list[int]] = []
    for at in unsure:
        first, last = max(0, at - BESIDE), min(len(words), at + BESIDE + 1)
        if spans and first <= spans[-1][1]:
            spans[-1][1] = last
        else:
            spans.append([first, last])
    if sum(last - first for first, last in spans) > MOSTLY * len(words):
        spans = [[0, len(words)]]
    yield from (words[first:last] for first, last in spans)


def _is_unsure(word: Word) -> bool:
    return word.confidence < (UNSURE_WORD if _well_formed(word) else UNSURE_OTHER)


def _read(image: PageImage, stretches: Sequence[Sequence[Word]], engine: OcrEngine) -> list[Word]:
    """The words of the second reading of ``stretches`` of lines, in pixels of ``image``."""
    shown = np.full_like(image.pixels, 255)
    boxes = [hull(word.box for word in words) for words in stretches]
    for box, words in zip(boxes, stretches, strict=True):
        part = _pixels_of(box.grown(ROOM * _height(words)), image)
        shown[part] = image.pixels[part]
    part = _pixels_of(hull(boxes).grown(2 * max(map(_height, stretches))), image)
    large = cv2.resize(shown[part], None, fx=LARGER, fy=LARGER, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    back = Affine.scale(1 / LARGER).then(Affine.shift(part[1].start, part[0].start))
    read = remove_ghosts(engine.read(PageImage(image.number, large, image.dpi * LARGER)))
    return [replace(word, box=back.map_box(word.box)) for line in read for word in line.words]


def _height(words: Sequence[Word]) -> float:
    return median(word.box.height for word in words)


def _pixels_of(box: Box, image: PageImage) -> tuple[slice, slice]:
    rows = slice(max(0, int(box.top)), min(image.height, int(box.bottom) + 1))
    return rows, slice(max(0, int(box.left)), min(image.width, int(box.right) + 1))


def _pair(words: Sequence[Word], found: Sequence[Word]) -> list[Word | None]:
    """For each of ``words`` the one of ``found`` that lies in the same place."""
    if not found:
        return [None] * len(words)
    shares = _overlaps(_corners(words), _corners(found))
    nearest = shares.argmax(axis=1)
    return [found[at] if shares[row, at] >= SAME else None for row, at in enumerate(nearest.tolist())]


def _corners(words: Sequence[Word]) -> NDArray[np.float64]:
    return np.array([(word.box.left, word.box.top, word.box.right, word.box.bottom) for word in words])


def _overlaps(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Intersection over union of each box with each other one."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (one, other)]
    union = areas[0][:, None] + areas[1][None, :] - shared
    return np.asarray(shared / np.maximum(union, 1e-9), np.float64)


def _weigh(word: Word, second: Word | None) -> Word:
    """What is made of two readings of one word."""
    if second is None:
        return replace(word, second="")
    better = second.confidence > word.confidence + SURER and _well_formed(second) >= _well_formed(word)
    if word.text == second.text or not better or any(sign.isdigit() for sign in word.text + second.text):
        return replace(word, second=second.text)
    return replace(second, second=word.text)


def _well_formed(word: Word) -> bool:
    """Whether it may be a Vietnamese word."""
    core = word.text.strip(_EDGES)
    return is_syllable(canonical(core)) if core.isalpha() else False
