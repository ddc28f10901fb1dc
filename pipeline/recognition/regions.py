"""Single regions of a page read from the picture: what the text layer is silent about."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.domain.geometry import Box
from pipeline.domain.pages import CleanPage, Word
from pipeline.ports import OcrEngine
from pipeline.recognition.ghosts import remove_ghosts

#: How far around a box the engine sees, in heights of the box: letters cut in half are misread.
CONTEXT_HEIGHTS = 0.35

#: A box at most this high in inches is one line of print or ink.
LINE_INCHES = 0.45

#: Share of a word's area that must lie inside the asked box for the word to count as the box's.
INSIDE = 0.5


def read_regions(clean: CleanPage, engine: OcrEngine, boxes: Iterable[Box]) -> tuple[Word, ...]:
    """The words inside ``boxes`` (scan pixels), boxes in scan pixels, as the engine read them."""
    words: list[Word] = []
    to_scan = clean.image.to_scan
    from_scan = to_scan.inverse()
    for box in boxes:
        asked = from_scan.map_box(box)
        if asked.area <= 0:
            continue
        single = asked.height <= LINE_INCHES * clean.image.dpi
        seen = asked.grown(CONTEXT_HEIGHTS * min(asked.height, LINE_INCHES * clean.image.dpi))
        lines = remove_ghosts(engine.read(clean.image, region=seen, single_line=single))
        found = [word for line in lines for word in line.words if _inside(word.box, asked)]
        words.extend(Word(word.text, to_scan.map_box(word.box), word.confidence) for word in found)
    return tuple(words)


def _inside(word: Box, asked: Box) -> bool:
    return word.area > 0 and word.intersection(asked).area >= INSIDE * word.area
