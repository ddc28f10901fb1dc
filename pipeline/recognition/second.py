"""A second look: lines the engine is unsure of are read once more, larger, and both readings are weighed against each other.

Two readings that agree are right far more often than one that is sure of itself; what they disagree on is doubtful.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    doubtful = [line for line in lines if any(map(_is_unsure, line.words))]
    if not doubtful:
        return lines
    found = _read(image, doubtful, engine)
    words = [word for line in doubtful for word in line.words]
    seconds = iter(_pair(words, found))
    looked = {id(line): replace(line, words=tuple(_weigh(word, next(seconds)) for word in line.words)) for line in doubtful}
    return tuple(looked.get(id(line), line) for line in lines)


def _is_unsure(word: Word) -> bool:
    return word.confidence < (UNSURE_WORD if _well_formed(word) else UNSURE_OTHER)


def _read(image: PageImage, lines: Sequence[Line], engine: OcrEngine) -> list[Word]:
    """The words of the second reading of ``lines``, in pixels of ``image``."""
    shown = np.full_like(image.pixels, 255)
    for line in lines:
        part = _pixels_of(line.box.grown(ROOM * _height(line)), image)
        shown[part] = image.pixels[part]
    part = _pixels_of(hull(line.box for line in lines).grown(2 * max(map(_height, lines))), image)
    large = cv2.resize(shown[part], None, fx=LARGER, fy=LARGER, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    back = Affine.scale(1 / LARGER).then(Affine.shift(part[1].start, part[0].start))
    read = remove_ghosts(engine.read(PageImage(image.number, large, image.dpi * LARGER)))
    return [replace(word, box=back.map_box(word.box)) for line in read for word in line.words]


def _height(line: Line) -> float:
    return median(word.box.height for word in line.words)


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
