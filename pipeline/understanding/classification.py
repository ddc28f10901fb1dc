"""The type of a document: its title line first, then its number, its layout and its hallmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from pipeline.domain.findings import Classification
from pipeline.understanding.codes import abbreviation_of, parse_number
from pipeline.understanding.dictionary import OTHER, document_types, groups
from pipeline.understanding.folding import fold
from pipeline.understanding.recipes import recipes
from pipeline.understanding.sheets import Piece, Sheet
from pipeline.understanding.titles import TitleMatch, find_titles
from pipeline.understanding.zones import Header, find_header

#: Below this a paper is called ``khac``: an honest "do not know" beats a forced guess.
FLOOR = 0.5
#: Titles are looked for on that many pages from the front.
_FRONT = 3
_LETTER = "cong_van"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document was taken for, and on what sheet its header and title stand."""

    classification: Classification
    front: Sheet | None = None
    header: Header | None = None
    title: tuple[Piece, ...] = ()

    def own(self, sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
        """The sheets of the paper itself: what comes before another paper with a header of its own is attached."""
        if self.front is None:
            return tuple(sheets)
        kept: list[Sheet] = []
        for sheet in sheets:
            other = find_header(sheet) if sheet.number > self.front.number else None
            if other is not None and other.nation and other.weight > 2:
                break
            kept.append(sheet)
        return tuple(kept)


@dataclass
class _Ballot:
    """Probabilities by type, with the title each came from."""

    scores: dict[str, float] = field(default_factory=dict)
    titles: dict[str, TitleMatch] = field(default_factory=dict)

    def vote(self, code: str, score: float) -> None:
        if score > self.scores.get(code, 0.0):
            self.scores[code] = score


def classify(sheets: Sequence[Sheet]) -> Reading:
    """The type of the document whose pages are ``sheets``; ``khac`` where nothing speaks clearly for another."""
    best = Reading(Classification(OTHER, 0.9))
    for place, sheet in enumerate(sheets[:_FRONT]):
        if not sheet.pieces:
            continue
        found = _classify_sheet(sheet)
        if best.front is None:
            best = found
        if found.classification.code != OTHER and (
            best.classification.code == OTHER
            or (place and found.classification.confidence > best.classification.confidence + 0.25)
        ):
            best = found
        if best.classification.code != OTHER and best.classification.confidence > 0.85:
            break
    return best


def _classify_sheet(sheet: Sheet) -> Reading:
    header = find_header(sheet)
    ballot = _Ballot()
    for match in find_titles(sheet, header):
        ballot.titles.setdefault(match.code, match)
    symbol = _symbol(header)
    for match in ballot.titles.values():
        ballot.vote(match.code, _weigh_title(match, sheet, header, symbol))
    _vote_symbol(ballot, symbol)
    _vote_letter(ballot, sheet, header, symbol)
    _vote_hallmarks(ballot, sheet)
    classification = _settle(ballot.scores)
    title = ballot.titles.get(classification.code)
    return Reading(classification, sheet, header, title.pieces if title else ())


def _weigh_title(match: TitleMatch, sheet: Sheet, header: Header | None, symbol: str) -> float:
    score = 0.9 * min(1.0, max(0.0, (match.strength - 0.55) / 0.4))
    recipe = recipes()[match.code]
    if match.code == OTHER:
        return score
    if recipe.hallmarks:
        share = hallmark_share(recipe.hallmarks, sheet)
        return score * (0.72 if share < 0.15 else 0.9 if share < 0.3 else 1.0) + 0.09 * min(1.0, 2 * share)
    agreed = symbol and symbol == _abbreviation(match.code)
    if agreed:
        return min(0.99, score + 0.09)
    if symbol and symbol in _abbreviations() and match.code in groups():
        return 0.75 * score
    weight = header.weight if header else 0
    return score * (0.6, 0.75, 0.85, 0.98, 1.0)[weight]


def _vote_symbol(ballot: _Ballot, symbol: str) -> None:
    codes = _abbreviations().get(symbol, ())
    for code in codes:
        ballot.vote(code, 0.7 / len(codes))


def _vote_letter(ballot: _Ballot, sheet: Sheet, header: Header | None, symbol: str) -> None:
    if header is None or header.weight < 3 or symbol in _abbreviations():
        return
    titled = max((score for code, score in ballot.scores.items()), default=0.0) > 0.6
    addressed = any(piece.folded.startswith("kinh gui") for piece in sheet.pieces)
    if not titled and header.number and (header.subject or addressed):
        ballot.vote(_LETTER, 0.97 if header.subject and addressed else 0.88 if header.subject else 0.7)


def _vote_hallmarks(ballot: _Ballot, sheet: Sheet) -> None:
    for code, recipe in recipes().items():
        if len(recipe.hallmarks) < 3 or code in ballot.titles:
            continue
        share = hallmark_share(recipe.hallmarks, sheet)
        if share >= 0.5:
            ballot.vote(code, 0.8 * share)


def hallmark_share(hallmarks: Sequence[str], sheet: Sheet) -> float:
    """The share of ``hallmarks`` that begin a line of ``sheet`` or stand within one, 0..1."""
    lines = [piece.folded for piece in sheet.pieces]
    seen = 0
    for hallmark in hallmarks:
        wanted = fold(hallmark)
        seen += any(len(line) >= len(wanted) - 2 and fuzz.partial_ratio(wanted, line) >= 88 for line in lines)
    return seen / len(hallmarks)


def _settle(scores: dict[str, float]) -> Classification:
    """A winner with its probability: what its own evidence gives, less what speaks for the runner-up."""
    ordered = sorted(scores.items(), key=lambda entry: -entry[1]) or [(OTHER, 0.1)]
    (code, score), *others = ordered
    rival = others[0][1] if others else 0.0
    confidence = score if rival < 0.6 * score else score * (1 - 0.6 * (rival / score - 0.6))
    if confidence < FLOOR:
        rest = tuple((other, round(value, 3)) for other, value in ordered[:3] if other != OTHER)
        return Classification(OTHER, round(1 - max(0.1, confidence), 3), rest)
    alternatives = tuple(
        (other, round(min(value, confidence) * (1 - confidence) / max(score, 1e-6), 3)) for other, value in others[:3]
    )
    return Classification(code, round(min(0.99, confidence), 3), alternatives)


def _symbol(header: Header | None) -> str:
    if header is None or not header.number:
        return ""
    code = parse_number(" ".join(token.text for token in header.number))
    if code is None:
        return ""
    symbol = abbreviation_of(code.value if not code.unread else "0" + code.value)
    return "qh" if symbol.startswith("qh") and symbol[2:].isdigit() else symbol


def _abbreviation(code: str) -> str:
    return fold(next(kind.abbreviation for kind in document_types() if kind.code == code))


def _abbreviations() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for kind in document_types():
        if kind.abbreviation:
            key = fold(kind.abbreviation)
            found[key] = (*found.get(key, ()), kind.code)
    return found
