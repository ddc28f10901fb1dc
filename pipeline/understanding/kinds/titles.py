"""Title lines: centred, mostly in capitals, near the top; compared without marks, so that a misread tone costs nothing."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from pipeline.domain.syllables import canonical, is_syllable
from pipeline.understanding.folding import capital_share, fold
from pipeline.understanding.kinds.recipes import recipes
from pipeline.understanding.sheets import Piece, Sheet
from pipeline.understanding.zones.header import Header
from pipeline.understanding.zones.subjects import is_enacting

_NATIONAL = ("cong hoa xa hoi chu nghia viet nam", "doc lap tu do hanh phuc", "dang cong san viet nam")
_BODY = ("can cu ", "kinh gui", "dieu 1 ", "chuong i ", "xet ", "theo de nghi")
#: A title is told by this much likeness; short ones must be right to the letter.
_ALIKE, _SHORT = 0.8, 6
#: What a beginning of a longer title is worth beside a whole one, and what a title in small letters beside one in capitals.
_OPENED, _SMALL = 0.94, 0.9

#: Words of a title of another kind are this sure, and not more than so many.
_WELL_READ, _LONGEST_TITLE = 0.95, 6


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """A line that reads like the title of ``code``; ``strength`` 0..1, ``rank`` counts titles from the top of the page."""

    code: str
    strength: float
    pieces: tuple[Piece, ...]
    rank: int

    @property
    def confidence(self) -> float:
        """How sure its words were read, 0..1, the mean of them."""
        return statistics.fmean(token.confidence for piece in self.pieces for token in piece.tokens)


def find_titles(sheet: Sheet, header: Header | None) -> tuple[TitleMatch, ...]:
    """What the title lines of ``sheet`` may mean, strongest first."""
    matches: list[TitleMatch] = []
    for rank, group in enumerate(_groups(sheet, header)):
        matches += _fullest(_match(group, rank, sheet))
    return tuple(sorted(matches, key=lambda match: -match.strength))


def has_title(sheet: Sheet, header: Header | None) -> bool:
    """Whether a line in capitals stands where titles do, whatever it says."""
    groups = list(_groups(sheet, header))
    return any(
        _in_capitals(group[0]) and abs(group[0].box.centre[0] - sheet.width / 2) < 0.12 * sheet.width for group in groups[:2]
    )


def has_other_title(sheet: Sheet, header: Header | None) -> bool:
    """Whether the line where titles stand is read beyond doubt, and is a title: of no type then, where none was found."""
    group = next(_groups(sheet, header), None)
    if group is None or not _in_capitals(group[0]) or is_enacting(group[0].folded):
        return False
    words = [token for token in group[0].tokens if any(sign.isalpha() for sign in token.text)]
    centred = abs(group[0].box.centre[0] - sheet.width / 2) < 0.12 * sheet.width
    well_read = all(token.confidence >= _WELL_READ and is_syllable(canonical(token.text)) for token in words)
    return centred and well_read and 2 <= len(words) <= _LONGEST_TITLE


def _fullest(matches: list[TitleMatch]) -> list[TitleMatch]:
    """``matches`` of one group without those of its first lines where more of them make a well-read title."""
    lines = max((len(match.pieces) for match in matches if match.strength > 0.88), default=0)
    return [match for match in matches if len(match.pieces) >= lines]


def _groups(sheet: Sheet, header: Header | None) -> Iterator[tuple[Piece, ...]]:
    """Title lines with those that go on beneath them, from the top to where the body begins."""
    zoned = _zoned(header)
    pieces = list(_rejoined(sheet, zoned))
    for place, piece in enumerate(pieces):
        if _begins_body(piece, sheet):
            return
        if any(token in zoned for token in piece.tokens) or not _is_title(piece, sheet):
            continue
        group = [piece]
        for following in pieces[place + 1 : place + 5]:
            last = group[-1]
            near = -0.8 * sheet.em <= following.box.top - last.box.bottom < 1.6 * sheet.em
            centred = abs(following.box.centre[0] - last.box.centre[0]) < 0.12 * sheet.width
            if near and centred and _in_capitals(following) == _in_capitals(piece) and _is_title(following, sheet):
                group.append(following)
        yield tuple(group)


def _rejoined(sheet: Sheet, zoned: frozenset[object]) -> Iterator[Piece]:
    """The pieces of the upper part of ``sheet``, titles in capitals that a gap has torn apart in one again."""
    held: Piece | None = None
    for piece in sheet.pieces:
        if piece.box.top > 0.62 * sheet.height:
            break
        torn = held is not None and held.band == piece.band and 0 < piece.box.left - held.box.right < 4 * sheet.em
        capitals = held is not None and _in_capitals(held) and _in_capitals(piece)
        if held is not None and torn and capitals and not zoned & {*held.tokens, *piece.tokens}:
            held = Piece((*held.tokens, *piece.tokens), piece.band)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held


def _zoned(header: Header | None) -> frozenset[object]:
    if header is None:
        return frozenset()
    lines = (*header.issuer, header.number, header.place_date, *header.subject)
    return frozenset(token for line in lines for token in line)


def _is_title(piece: Piece, sheet: Sheet) -> bool:
    """Whether ``piece`` looks like a title: in capitals, or a short line by itself in the middle of the page."""
    letters = piece.folded
    if len(letters) < 3 or max(fuzz.ratio(letters, phrase) for phrase in _NATIONAL) >= 70:
        return False
    return _in_capitals(piece) or _stands_alone(piece, sheet)


def _in_capitals(piece: Piece) -> bool:
    return capital_share(piece.text) >= 0.72


def _stands_alone(piece: Piece, sheet: Sheet) -> bool:
    centred = abs(piece.box.centre[0] - sheet.width / 2) < 0.12 * sheet.width
    capital = next((sign for sign in piece.text if sign.isalpha()), "a").isupper()
    return (
        centred and capital and piece.box.width < 0.55 * sheet.width and ":" not in piece.text and len(piece.folded) > _SHORT
    )


def _begins_body(piece: Piece, sheet: Sheet) -> bool:
    if piece.folded.startswith(_BODY):
        return True
    long = piece.box.width > 0.66 * sheet.width and capital_share(piece.text) < 0.3
    return long and piece.box.left < 0.25 * sheet.width and piece.box.top > 0.25 * sheet.height


def _match(group: Sequence[Piece], rank: int, sheet: Sheet) -> list[TitleMatch]:
    found: dict[str, TitleMatch] = {}
    worth = 1.0 if _in_capitals(group[0]) else _SMALL
    for size in range(1, min(4, len(group)) + 1):
        pieces = tuple(group[:size])
        place = 1.0 if abs(pieces[0].box.centre[0] - sheet.width / 2) < 0.16 * sheet.width else 0.93
        for code, likeness in _likenesses(" ".join(piece.text for piece in pieces)).items():
            strength = likeness * place * worth - 0.02 * min(rank, 5) - 0.002 * (size - 1)
            if strength > 0.7 and (code not in found or strength > found[code].strength):
                found[code] = TitleMatch(code, strength, pieces, rank)
    return list(found.values())


def _likenesses(text: str) -> Mapping[str, float]:
    """How much ``text`` is like a title of each type, or like the beginning of one, 0..1; types that it is unlike left out."""
    words = fold(text).split()
    found: dict[str, float] = {}
    if len(words) == 1 or sum(len(word) == 1 for word in words) > 0.6 * len(words):
        _rate("".join(words), _titles(spaced=False), 1.0, found)
    _rate(" ".join(words), _titles(spaced=True), 1.0, found)
    for count, patterns in _openings().items():
        if len(words) > count:
            _rate(" ".join(words[:count]), patterns, _OPENED, found)
    return found


def _rate(text: str, patterns: tuple[tuple[str, ...], tuple[str, ...]], worth: float, found: dict[str, float]) -> None:
    codes, titles = patterns
    floor = 100 * (_ALIKE if worth == 1.0 else 0.86)
    for title, score, place in process.extract(text, titles, scorer=fuzz.ratio, score_cutoff=floor, limit=None):
        if score < 100 and len(title) <= _SHORT + (worth < 1.0):
            continue
        found[codes[place]] = max(found.get(codes[place], 0.0), worth * score / 100)


@cache
def _titles(*, spaced: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Types and their folded titles, side by side; without spaces unless ``spaced``."""
    pairs = [(code, fold(title)) for code, recipe in recipes().items() for title in recipe.titles]
    return tuple(code for code, _ in pairs), tuple(title if spaced else title.replace(" ", "") for _, title in pairs)


@cache
def _openings() -> Mapping[int, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Types and folded beginnings of their titles by the number of words."""
    pairs = [(code, fold(title)) for code, recipe in recipes().items() for title in recipe.openings]
    counts = sorted({len(title.split()) for _, title in pairs})
    return {
        count: (
            tuple(code for code, title in pairs if len(title.split()) == count),
            tuple(title for _, title in pairs if len(title.split()) == count),
        )
        for count in counts
    }
