"""Where what was asked for stands on the pages of a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.domain.folding import fold
from pipeline.domain.geometry import Affine
from pipeline.domain.pages import PageText, Word


@dataclass(frozen=True, slots=True)
class Lit:
    """A word that is lit: its box on the upright page, in scan pixels."""

    left: int
    top: int
    width: int
    height: int


def lit_words(pages: Sequence[Sequence[str]], query: str) -> tuple[frozenset[int], ...]:
    """The places of the words of each page that ``query`` asks for, with or without tone marks.

    All of it one after the other, where it stands so on any page; else each of its words.
    """
    asked = fold(query).split()
    said = [[(part, place) for place, word in enumerate(words) for part in fold(word).split()] for words in pages]
    together = tuple(_together(page, asked) for page in said)
    if any(together):
        return together
    return tuple(frozenset(place for part, place in page if part in asked) for page in said)


def lit_pages(texts: Sequence[PageText], query: str, ways: Mapping[int, Affine]) -> dict[int, tuple[Lit, ...]]:
    """What is lit on each page of ``ways``, which lead from the scan to the page as it is shown."""
    found = lit_words([[word.text for word in text.words] for text in texts], query)
    lit = {text.number: (text.words, places) for text, places in zip(texts, found, strict=True)}
    nothing: tuple[tuple[Word, ...], frozenset[int]] = ((), frozenset())
    return {number: _boxes(*lit.get(number, nothing), way) for number, way in ways.items()}


def _together(said: Sequence[tuple[str, int]], asked: Sequence[str]) -> frozenset[int]:
    parts, size = [part for part, _ in said], len(asked)
    starts = [start for start in range(len(parts) - size + 1) if size and parts[start : start + size] == asked]
    return frozenset(said[start + step][1] for start in starts for step in range(size))


def _boxes(words: Sequence[Word], places: Iterable[int], upright: Affine) -> tuple[Lit, ...]:
    boxes = [upright.map_box(words[place].box) for place in sorted(places)]
    return tuple(
        Lit(round(box.left), round(box.top), max(1, round(box.right - box.left)), max(1, round(box.bottom - box.top)))
        for box in boxes
    )
