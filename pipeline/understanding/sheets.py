"""Pages set upright: rows of pieces of tokens in reading order, whatever way the scan lay."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from rapidfuzz import fuzz

from pipeline.domain.findings import Evidence, FieldOrigin
from pipeline.domain.geometry import Affine, Box, hull
from pipeline.domain.pages import LineRole, PageCode, PageOrigin, PageReading, Word
from pipeline.understanding.folding import fold

#: A gap wider than this many letter heights parts two columns.
COLUMN_GAP = 2.6
_GLUED = re.compile(r"^([^\W\d_]{2,}:)([^\s:/]+)$")
_KEPT_SIGNS = frozenset("-–—:;,.…()/&+%\"“”'²")


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its upright box; ``word.box`` stays where it is on the scan."""

    word: Word
    box: Box
    page: int

    @property
    def text(self) -> str:
        """The word as read."""
        return self.word.text

    @property
    def confidence(self) -> float:
        """How sure the engine was, 0..1."""
        return self.word.confidence


@dataclass(frozen=True)
class Piece:
    """Tokens of one line within one column; never empty. ``band`` numbers the row of the sheet it stands in."""

    tokens: tuple[Token, ...]
    band: int = 0

    @cached_property
    def text(self) -> str:
        """The tokens with single spaces between them."""
        return " ".join(token.text for token in self.tokens)

    @cached_property
    def folded(self) -> str:
        """The text without marks, case and signs."""
        return fold(self.text)

    @cached_property
    def box(self) -> Box:
        """The smallest upright box around the tokens."""
        return hull(token.box for token in self.tokens)

    @property
    def page(self) -> int:
        """The page it stands on."""
        return self.tokens[0].page


@dataclass(frozen=True)
class Sheet:
    """An upright page: ``pieces`` band by band from the top, in a band from the left; ``em`` is the letter height.

    ``codes`` are its barcodes and QR codes, ``signatures`` the texts of electronic signatures laid over it.
    """

    number: int
    width: float
    height: float
    em: float
    pieces: tuple[Piece, ...]
    origin: FieldOrigin
    codes: tuple[PageCode, ...] = ()
    signatures: tuple[str, ...] = ()

    @cached_property
    def left(self) -> float:
        """Where lines usually begin, in upright pixels."""
        return _quantile([piece.box.left for piece in self.pieces], 0.1)

    @cached_property
    def right(self) -> float:
        """Where full lines end, in upright pixels."""
        return _quantile([piece.box.right for piece in self.pieces], 0.95)

    @cached_property
    def words(self) -> tuple[tuple[Token, str], ...]:
        """All tokens but dashes, in reading order, each with its letters, folded."""
        tokens = (token for piece in self.pieces for token in piece.tokens)
        return tuple((token, fold(token.text)) for token in tokens if token.text not in ("-", "–", "—"))

    @cached_property
    def places(self) -> Mapping[str, Sequence[int]]:
        """Where among ``words`` those of the same letters stand."""
        found: dict[str, list[int]] = {}
        for place, (_, letters) in enumerate(self.words):
            found.setdefault(letters, []).append(place)
        return found

    def band(self, number: int) -> tuple[Piece, ...]:
        """The pieces of one row, from the left."""
        return tuple(piece for piece in self.pieces if piece.band == number)


def make_sheet(reading: PageReading) -> Sheet:
    """The document's own text on the page ``reading``, set upright; without pieces where nothing was read."""
    width, height, place = _uprighter(reading)
    lines = [
        [Token(part, place(part.box), reading.number) for word in line.words for part in _parts(word) if _speaks(part.text)]
        for line in reading.text.own_lines
    ]
    lines = _told_once(_levelled(lines, width, height))
    tokens = [token for line in lines for token in line]
    em = statistics.median(token.box.height for token in tokens) if tokens else 1.0
    pieces = [piece for line in lines for piece in _split(line, em * COLUMN_GAP)]
    origin = FieldOrigin.TEXT_LAYER if reading.origin is PageOrigin.TEXT_LAYER else FieldOrigin.OCR
    return Sheet(
        reading.number, width, height, max(em, 1.0), _in_bands(pieces, em), origin, reading.codes, _signatures(reading)
    )


def _signatures(reading: PageReading) -> tuple[str, ...]:
    """The texts of the electronic signatures laid over the page ``reading``."""
    signed = (over for over in reading.text.overlays if over[0].role is LineRole.E_SIGNATURE)
    return tuple(" ".join(line.text for line in over) for over in signed)


def evidence(tokens: Sequence[Token]) -> tuple[Evidence, ...]:
    """One box on the scan for every run of ``tokens`` that stands on one upright line."""
    found: list[Evidence] = []
    for run in _runs(tokens):
        found.append(Evidence(run[0].page, hull(token.word.box for token in run)))
    return tuple(found)


def _runs(tokens: Sequence[Token]) -> Iterable[list[Token]]:
    run: list[Token] = []
    for token in tokens:
        if run and (token.page != run[-1].page or not _same_line(token.box, run[-1].box)):
            yield run
            run = []
        run.append(token)
    if run:
        yield run


def _same_line(one: Box, other: Box) -> bool:
    return abs(one.centre[1] - other.centre[1]) < 0.6 * max(one.height, other.height) and one.left >= other.left


def _uprighter(reading: PageReading) -> tuple[float, float, Callable[[Box], Box]]:
    width, height = float(reading.width), float(reading.height)
    turn = reading.rotation % 360
    shifts = {90: (height, 0.0), 180: (width, height), 270: (0.0, width)}
    way = Affine.rotation(turn).then(Affine.shift(*shifts[turn])) if turn in shifts else Affine()
    if turn in (90, 270):
        width, height = height, width
    way = way.then(Affine.rotation(-reading.skew, width / 2, height / 2))
    return width, height, lambda box: _moved(box, way, turned=turn in (90, 270))


def _levelled(lines: list[list[Token]], width: float, height: float) -> list[list[Token]]:
    """The lines turned by what tilt is left: the median slope of the longer ones."""
    slopes = [
        (line[-1].box.centre[1] - line[0].box.centre[1]) / (line[-1].box.centre[0] - line[0].box.centre[0])
        for line in lines
        if len(line) > 2 and line[-1].box.centre[0] - line[0].box.centre[0] > 0.15 * width
    ]
    tilt = statistics.median(slopes) if len(slopes) > 2 else 0.0
    if not 0.002 < abs(tilt) < 0.2:
        return lines
    way = Affine.rotation(-math.degrees(math.atan(tilt)), width / 2, height / 2)
    return [[Token(token.word, _moved(token.box, way, turned=False), token.page) for token in line] for line in lines]


def _told_once(lines: list[list[Token]]) -> list[list[Token]]:
    """The lines without the ends of lines that a longer reading of the same ink repeats: Một củ, and Một cửa over it."""
    found = []
    lines = [line for line in lines if line]
    for line, level in zip(lines, _level([hull(token.box for token in line) for line in lines]), strict=True):
        beside = [token for place in level for token in lines[place]]
        kept = [token for token in line if not any(_repeats(token, other) for other in beside)] if beside else line
        if kept:
            found.append(kept)
    return found


def _level(boxes: Sequence[Box]) -> list[list[int]]:
    """For each of ``boxes`` the places of the others that lie beside it in one row and share some of its width."""
    if not boxes:
        return []
    left, top, right, bottom = np.array([(box.left, box.top, box.right, box.bottom) for box in boxes]).T
    high = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
    wide = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    level = (high > 0.5 * np.minimum.outer(bottom - top, bottom - top)) & (wide > 0)
    np.fill_diagonal(level, val=False)
    return [np.flatnonzero(row).tolist() for row in level]


def _repeats(token: Token, other: Token) -> bool:
    """Whether ``token`` is a stump, or a worse reading, of what ``other`` reads in the same place."""
    shared = min(token.box.right, other.box.right) - max(token.box.left, other.box.left)
    if shared < 0.6 * token.box.width or abs(token.box.centre[1] - other.box.centre[1]) > 0.5 * other.box.height:
        return False
    stump, whole = fold(token.text), fold(other.text)
    if not stump or not whole.startswith(stump[:1]):
        return False
    longer = (len(whole), other.confidence, other.box.left, other.box.top) > (
        len(stump),
        token.confidence,
        token.box.left,
        token.box.top,
    )
    return longer and (whole.startswith(stump) or fuzz.ratio(stump, whole) >= 60)


def _moved(box: Box, way: Affine, *, turned: bool) -> Box:
    x, y = way.apply(*box.centre)
    across, down = (box.height, box.width) if turned else (box.width, box.height)
    return Box(x - across / 2, y - down / 2, x + across / 2, y + down / 2)


def _parts(word: Word) -> tuple[Word, ...]:
    """``word``, or its two halves where a label and its value were read as one (tộc:Kinh)."""
    match = _GLUED.match(word.text)
    if match is None:
        return (word,)
    cut = word.box.left + word.box.width * len(match[1]) / len(word.text)
    first, second = replace(word.box, right=cut), replace(word.box, left=cut)
    return Word(match[1], first, word.confidence), Word(match[2], second, word.confidence)


def _speaks(text: str) -> bool:
    return any(sign.isalnum() for sign in text) or (bool(text) and all(sign in _KEPT_SIGNS for sign in text))


def _split(line: Sequence[Token], gap: float) -> list[Piece]:
    parts: list[list[Token]] = []
    for token in sorted(line, key=lambda found: found.box.left):
        if parts and token.box.left - parts[-1][-1].box.right <= gap:
            parts[-1].append(token)
        else:
            parts.append([token])
    return [Piece(tuple(part)) for part in parts if any(sign.isalnum() for token in part for sign in token.text)]


def _in_bands(pieces: Sequence[Piece], em: float) -> tuple[Piece, ...]:
    bands: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda found: found.box.centre[1]):
        if bands and _fits(piece, bands[-1], em):
            bands[-1].append(piece)
        else:
            bands.append([piece])
    return tuple(
        Piece(piece.tokens, number)
        for number, band in enumerate(bands)
        for piece in sorted(band, key=lambda found: found.box.left)
    )


def _fits(piece: Piece, band: Sequence[Piece], em: float) -> bool:
    middle = statistics.fmean(found.box.centre[1] for found in band)
    clear = all(_apart(piece.box, found.box) for found in band)
    return clear and abs(piece.box.centre[1] - middle) < 0.55 * em


def _apart(one: Box, other: Box) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared < 0.3 * min(one.width, other.width)


def _quantile(values: Sequence[float], share: float) -> float:
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.floor(share * len(ordered)))]
