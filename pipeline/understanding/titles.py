"""Title lines: centred, in capitals, near the top; compared without marks, so that a misread tone costs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from pipeline.understanding.folding import capital_share, fold
from pipeline.understanding.recipes import recipes
from pipeline.understanding.sheets import Piece, Sheet
from pipeline.understanding.zones import Header

_NATIONAL = ("cong hoa xa hoi chu nghia viet nam", "doc lap tu do hanh phuc")
_BODY = ("can cu ", "kinh gui", "dieu 1 ", "chuong i ", "xet ", "theo de nghi")


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """A line that reads like the title of ``code``; ``strength`` 0..1, ``rank`` counts titles from the top of the page."""

    code: str
    strength: float
    pieces: tuple[Piece, ...]
    rank: int


def find_titles(sheet: Sheet, header: Header | None) -> tuple[TitleMatch, ...]:
    """What the title lines of ``sheet`` may mean, strongest first."""
    matches: list[TitleMatch] = []
    for rank, group in enumerate(_groups(sheet, header)):
        matches += _fullest(_match(group, rank, sheet))
    return tuple(sorted(matches, key=lambda match: -match.strength))


def _fullest(matches: list[TitleMatch]) -> list[TitleMatch]:
    """``matches`` of one group without those of its first lines where more of them make a well-read title."""
    lines = max((len(match.pieces) for match in matches if match.strength > 0.88), default=0)
    return [match for match in matches if len(match.pieces) >= lines]


def _groups(sheet: Sheet, header: Header | None) -> Iterator[tuple[Piece, ...]]:
    """Lines in capitals with those that go on beneath them, from the top to where the body begins."""
    pieces = [piece for piece in sheet.pieces if piece.box.top < 0.62 * sheet.height]
    zoned = _zoned(header)
    for place, piece in enumerate(pieces):
        if _begins_body(piece, sheet):
            return
        if any(token in zoned for token in piece.tokens) or not _is_title(piece):
            continue
        group = [piece]
        for following in pieces[place + 1 : place + 5]:
            last = group[-1]
            near = 0 <= following.box.top - last.box.bottom < 1.6 * sheet.em
            centred = abs(following.box.centre[0] - last.box.centre[0]) < 0.12 * sheet.width
            if near and centred and _is_title(following):
                group.append(following)
        yield tuple(group)


def _zoned(header: Header | None) -> frozenset[object]:
    if header is None:
        return frozenset()
    lines = (*header.issuer, header.number, header.place_date, *header.subject)
    return frozenset(token for line in lines for token in line)


def _is_title(piece: Piece) -> bool:
    letters = piece.folded
    if len(letters) < 3 or capital_share(piece.text) < 0.72:
        return False
    return max(fuzz.ratio(letters, phrase) for phrase in _NATIONAL) < 70


def _begins_body(piece: Piece, sheet: Sheet) -> bool:
    if piece.folded.startswith(_BODY):
        return True
    long = piece.box.width > 0.66 * sheet.width and capital_share(piece.text) < 0.3
    return long and piece.box.left < 0.25 * sheet.width and piece.box.top > 0.25 * sheet.height


def _match(group: Sequence[Piece], rank: int, sheet: Sheet) -> list[TitleMatch]:
    found: dict[str, TitleMatch] = {}
    for size in range(1, min(4, len(group)) + 1):
        pieces = tuple(group[:size])
        text = fold(" ".join(piece.text for piece in pieces))
        place = 1.0 if abs(pieces[0].box.centre[0] - sheet.width / 2) < 0.16 * sheet.width else 0.93
        for code, title, opening in _patterns():
            strength = (_likeness_of_opening(text, title) if opening else _likeness(text, title)) * place
            strength -= 0.02 * min(rank, 5) + 0.002 * (size - 1)
            if strength > 0.7 and (code not in found or strength > found[code].strength):
                found[code] = TitleMatch(code, strength, pieces, rank)
    return list(found.values())


def _likeness(text: str, title: str) -> float:
    score = fuzz.ratio(text, title) / 100
    if len(title) <= 6 and score < 1:
        return 0.0
    return score if score >= 0.8 else 0.0


def _likeness_of_opening(text: str, title: str) -> float:
    words, wanted = text.split(), len(title.split())
    if len(words) <= wanted:
        return 0.0
    score = fuzz.ratio(" ".join(words[:wanted]), title) / 100
    floor = 1.0 if len(title) <= 7 else 0.86
    return 0.94 * score if score >= floor else 0.0


@cache
def _patterns() -> tuple[tuple[str, str, bool], ...]:
    wholes = [(code, fold(title), False) for code, recipe in recipes().items() for title in recipe.titles]
    openings = [(code, fold(title), True) for code, recipe in recipes().items() for title in recipe.openings]
    return (*wholes, *openings)
