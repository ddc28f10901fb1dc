"""A second witness: doubtful words of values are shown to a reader of lines that does not know what the engine read.

Two readers that share neither model nor training are hardly ever wrong in the same way. What they agree on is nearly sure;
what they differ on stays doubtful, whoever of them is right (docs/decisions/0039).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.geometry import Box, Way, hull
from pipeline.domain.pages import CleanPage, Line, PageImage, PageText, Word
from pipeline.ports import ConfidenceModel, LineReader
from pipeline.recognition.accounts import Account, Other, hear
from pipeline.recognition.evidence import straight_pieces
from pipeline.recognition.signers import SUREST
from pipeline.recognition.stretches import Stretch, find_stretches, has_digit
from pipeline.recognition.strokes import DISPUTED, READ, ROWS
from pipeline.recognition.views import view_print

#: Straight pieces of what the chance of a word was, and of the share of the witness's readings that bear it out, as log odds.
CHANCE_KNOTS = (-5.0, -2.0, 0.0, 2.0, 4.0, 6.0)
SHARE_KNOTS = (-7.0, -3.0, 0.0, 3.0, 7.0)

#: No chance and no share is taken to be farther from certain than this.
LEAST = 1e-4

#: Words less sure than the first give way to what at least this share of the witness's readings has; surer ones to this.
WEAK, SHARE_OVER_WEAK, SHARE_OVER_STRONG = 0.7, 0.8, 0.95

#: A share above which a word is borne out rather than not; words of so few signs are short.
EVEN, SHORT = 0.5, 2

#: A word with digits may be one of letters where it holds so many times more of them; letters that digits are read as.
LETTERS = 2
_TWINS = frozenset("ilosbz")

WITNESS_FEATURES: tuple[str, ...] = (
    *(f"chance_{knot:g}" for knot in CHANCE_KNOTS),
    *(f"share_{knot:g}" for knot in SHARE_KNOTS),
    "digits",
    "digits_borne_out",
    "short",
    "nothing_seen",
)


def call_witness(
    text: PageText, clean: CleanPage, scan: PageImage, reader: LineReader | None, model: ConfidenceModel | None
) -> PageText:
    """``text``, in pixels of the ``scan``, with doubtful words of values as sure as ``reader`` makes them.

    ``model`` has learnt how much its word counts. Where the reader is sure of something else, that stands instead of what the
    engine read, and nobody is sure of it. Nothing changes without either. Raises what the reader raises.
    """
    if reader is None or model is None or not model.knows(reader.info.name):
        return text
    own = text.own_lines
    told: dict[int, dict[int, list[Word]]] = defaultdict(dict)
    for stretch in find_stretches(own, clean.image.to_scan.inverse()):
        seen = view_print(stretch.box, ROWS, clean.image, scan if scan.pixels.ndim == 3 else None)
        account = hear(reader.look(seen), [word.text for word in stretch.words])
        chances = model.chances(weigh_account(stretch, account), WITNESS_FEATURES, reader.info.name)
        words = own[stretch.line].words[stretch.at : stretch.at + len(stretch.words)]
        sure = [replace(word, confidence=round(float(chance), 4)) for word, chance in zip(words, chances, strict=True)]
        told[id(own[stretch.line])].update(_tell(stretch, account, sure, clean.image.to_scan))
    return replace(text, lines=tuple(_retell(line, told[id(line)]) for line in text.lines))


def weigh_account(stretch: Stretch, account: Account) -> NDArray[np.float32]:
    """One row of :data:`WITNESS_FEATURES` for each word of ``stretch``."""
    rows = []
    for word, share in zip(stretch.words, account.shares, strict=True):
        digits = has_digit(word)
        rows.append(
            [
                *straight_pieces(_log_odds(word.confidence), CHANCE_KNOTS),
                *straight_pieces(_log_odds(share), SHARE_KNOTS),
                float(digits),
                float(digits and share > EVEN),
                float(len(word.text) <= SHORT),
                float(not account.reading),
            ]
        )
    return np.array(rows, np.float32)


def _log_odds(chance: float) -> float:
    sound = min(max(chance, LEAST), 1.0 - LEAST)
    return math.log(sound / (1.0 - sound))


def _tell(stretch: Stretch, account: Account, sure: Sequence[Word], to_scan: Way) -> Iterator[tuple[int, list[Word]]]:
    """What stands in the places of the words of ``stretch``, as ``sure`` as they are; what spans several is in the first."""
    yield from ((at, [word]) for at, word in enumerate(sure, stretch.at))
    for other in account.others:
        read = stretch.words[other.first : other.last]
        if read and other.words and _prevails(other, read):
            for at in range(other.first, other.last):
                yield stretch.at + at, []
            yield stretch.at + other.first, [replace(word, box=to_scan.map_box(word.box)) for word in _spell(other, read)]


def _prevails(other: Other, read: Sequence[Word]) -> bool:
    """Whether what the witness has counts for more than what was ``read``; words that it would only join stay apart.

    A digit is never put right by vote: only signs that are none give way to one.
    """
    told, was = "".join(other.words), "".join(word.text for word in read)
    if not any(map(str.isalnum, told)):
        return False
    least = SHARE_OVER_WEAK if min(word.confidence for word in read) < WEAK else SHARE_OVER_STRONG
    if other.share < least:
        return False
    if _signs(told) == _signs(was):
        return len(other.words) > len(read)
    digits = sum(map(str.isdigit, was))
    if not any(map(str.isdigit, told)):
        return sum(map(str.isalpha, was)) >= LETTERS * digits
    return _letters(told) == _letters(was) and sum(map(str.isdigit, told)) > digits


def _letters(text: str) -> str:
    """The letters of ``text`` but those that digits are read as."""
    return "".join(sign for sign in text.casefold() if sign.isalpha() and sign not in _TWINS)


def _signs(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum() or sign == "/")


def _spell(other: Other, read: Sequence[Word]) -> Iterator[Word]:
    """The words of ``other`` in the place, on the page, of those ``read``; never surer than one reader alone may be."""
    place = hull(word.box for word in read)
    disputed = min(word.confidence for word in read) >= READ
    sure = min(SUREST * other.share, DISPUTED if disputed else 1.0)
    step = place.width / (sum(map(len, other.words)) + len(other.words) - 1)
    left = place.left
    for text in other.words:
        right = left + step * len(text)
        yield Word(text, Box(left, place.top, right, place.bottom), sure, " ".join(word.text for word in read))
        left = right + step


def _retell(line: Line, told: Mapping[int, Sequence[Word]]) -> Line:
    if not told and not any(word.seen for word in line.words):
        return line
    words = (new for at, word in enumerate(line.words) for new in told.get(at, (word,)))
    return replace(line, words=tuple(replace(word, seen=False) if word.seen else word for word in words))
