"""The type of a document: named signs of every type it may be, weighed against ``khac`` as a probability."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from pipeline.domain.findings import Classification
from pipeline.understanding.dictionary import OTHER, document_type, document_types, groups
from pipeline.understanding.folding import fold
from pipeline.understanding.kinds.hallmarks import hallmark_shares
from pipeline.understanding.kinds.page_signs import is_marked
from pipeline.understanding.kinds.recipes import recipes
from pipeline.understanding.kinds.titles import TitleMatch, find_titles, has_other_title, has_title
from pipeline.understanding.kinds.weights import weigh
from pipeline.understanding.sheets import Piece, Sheet
from pipeline.understanding.values.codes import abbreviation_of, parse_number, printed_abbreviation
from pipeline.understanding.zones.header import Header, find_header

#: A type less probable than this is not taken: an honest "do not know" beats a forced guess.
FLOOR = 0.5
#: No type is ever certain.
_CEILING = 0.99
#: Where the first page leaves less doubt than this, later ones are not asked.
_CLEAR = 0.9
#: Titles are looked for on that many pages from the front.
_FRONT = 3
_LETTER = "cong_van"
#: A number is a paper's own only where that many zones of a head stand on the page; else it is one that the text names.
_HEADED = 2
#: What an abbreviation is worth that differs from the printed one by its strokes alone, of the whole.
_OTHER_SPELLING = 0.75
#: And what one is worth beside a title of no type, read beyond doubt: CT stands on indictments (cáo trạng), too.
_BESIDE_A_TITLE = 0.2
#: A title of no type that was read worse than this may be any title.
_LEGIBLE = 0.75
_PARTY = "dang cong san viet nam"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document was taken for, and on what sheet its header and title stand; ``attached`` is what goes along with it."""

    classification: Classification
    front: Sheet | None = None
    header: Header | None = None
    title: tuple[Piece, ...] = ()
    attached: tuple[Sheet, ...] = ()

    def own(self, sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
        """The sheets of the paper itself: from one with a head of its own or an appendix on, all is attached."""
        if self.front is None:
            return tuple(sheets)
        kept: list[Sheet] = []
        for sheet in sheets:
            later = sheet.number > self.front.number
            other = find_header(sheet) if later else None
            if later and ((other is not None and other.nation and other.weight > 2) or is_marked(sheet)):
                break
            kept.append(sheet)
        return tuple(kept)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A type that the document may be: its signs by name, and where its title stands."""

    code: str
    signs: Mapping[str, float]
    sheet: Sheet
    header: Header | None
    title: TitleMatch | None = None

    @property
    def odds(self) -> float:
        """How much speaks for it, in log odds."""
        return weigh(self.signs, OTHER if self.code == OTHER else "types")


def classify(sheets: Sequence[Sheet]) -> Reading:
    """The type of the document whose pages are ``sheets``; ``khac`` where nothing speaks clearly for another.

    A first page with a head of its own is asked alone: what follows may be attached and bear a title, too.
    """
    found: list[Candidate] = []
    for later, sheet in enumerate([sheet for sheet in sheets if sheet.pieces][:_FRONT]):
        found += find_candidates(sheet, later=later > 0)
        reading = settle(found)
        clear = reading.classification.code != OTHER and reading.classification.confidence > _CLEAR
        if clear or (reading.header is not None and reading.header.weight >= _HEADED):
            return reading
    return settle(found)


def settle(candidates: Iterable[Candidate]) -> Reading:
    """The most probable of ``candidates``, with the runners-up; ``khac`` below the floor."""
    best: dict[str, Candidate] = {}
    for one in candidates:
        if one.code not in best or (one.code != OTHER and one.odds > best[one.code].odds):
            best[one.code] = one
    if not best:
        return Reading(Classification(OTHER, _CEILING))
    top = max(one.odds for one in best.values())
    shares = {code: math.exp(one.odds - top) for code, one in best.items()}
    chances = sorted(((share / sum(shares.values()), code) for code, share in shares.items()), reverse=True)
    chance, code = next(((chance, code) for chance, code in chances if chance >= FLOOR), (0.0, OTHER))
    chance = chance or 1 - max((chance for chance, other in chances if other != OTHER), default=0.0)
    rest = tuple((other, round(part, 3)) for part, other in chances if other != code and part >= 0.001)[:3]
    chosen = best[code]
    pieces = chosen.title.pieces if chosen.title and code != OTHER else ()
    return Reading(Classification(code, round(min(_CEILING, chance), 3), rest), chosen.sheet, chosen.header, pieces)


def find_candidates(sheet: Sheet, *, later: bool) -> list[Candidate]:
    """What the paper may be that ``sheet`` is the first page of, ``khac`` always among it; ``later``: not the first."""
    header = find_header(sheet)
    titles: dict[str, TitleMatch] = {}
    for match in find_titles(sheet, header):
        titles.setdefault(match.code, match)
    symbol, printed = _symbol(header)
    page = _Page(sheet, header, titles, symbol, printed, hallmark_shares(sheet), later, has_title(sheet, header))
    codes = dict.fromkeys((*titles, *_abbreviations().get(page.symbol, ()), *page.likely_forms(), *page.likely_letter()))
    return [page.candidate(code) for code in (*(code for code in codes if code != OTHER), OTHER)]


@dataclass(frozen=True, slots=True)
class _Page:
    """The first page of a paper and all that was found on it."""

    sheet: Sheet
    header: Header | None
    titles: Mapping[str, TitleMatch]
    symbol: str
    printed: str
    shares: Mapping[str, float]
    later: bool
    headed: bool

    def candidate(self, code: str) -> Candidate:
        """The type ``code`` with what speaks for and against it."""
        title = self.titles.get(code)
        signs = self._title_signs(title) | {"later": float(self.later)}
        if code == OTHER:
            signs |= self._other_signs()
        elif code in groups():
            signs |= self._letter_signs() if code == _LETTER else self._paper_signs(code)
        else:
            signs |= self._form_signs(code, titled=title is not None)
        return Candidate(code, signs, self.sheet, self.header, title)

    def likely_forms(self) -> list[str]:
        return [code for code, share in self.shares.items() if share >= 0.3 and recipes()[code].titles]

    def likely_letter(self) -> tuple[str, ...]:
        return (_LETTER,) if self.header and self.header.weight >= 2 else ()

    def _title_signs(self, title: TitleMatch | None) -> dict[str, float]:
        if title is None or (title.code == OTHER and title.confidence < _LEGIBLE):
            return {}
        return {
            "title": max(0.0, (title.strength - 0.7) / 0.3),
            "title_clear": float(title.strength > 0.92),
            "title_late": min(title.rank, 4) / 4,
        }

    def _paper_signs(self, code: str) -> dict[str, float]:
        """Signs of papers in the layout of Decree 30."""
        header = self.header
        return {
            "paper": 1.0,
            "zones": header.weight / 4 if header else 0.0,
            "bare": float(header is None),
            "symbol": self._symbol_sign(code),
            "clash": float(self.symbol in _abbreviations() and self.symbol != _abbreviation(code)),
            "subject_aside": float(bool(header and header.subject)),
            "party": float(self._is_party()),
        }

    def _symbol_sign(self, code: str) -> float:
        """1 where the number bears the abbreviation of ``code``; less where another type's is nearer in print: ĐA, not DA."""
        if not self.symbol or self.symbol != _abbreviation(code):
            return 0.0
        if self.titles.keys() <= {OTHER} and has_other_title(self.sheet, self.header):
            return _BESIDE_A_TITLE
        others = [document_type(other).abbreviation for other in _abbreviations()[self.symbol] if other != code]
        return _OTHER_SPELLING if self.printed.upper() in map(str.upper, others) else 1.0

    def _letter_signs(self) -> dict[str, float]:
        header = self.header
        titled = max((match.strength for match in self.titles.values()), default=0.0)
        return {
            "letter": 1.0,
            "zones": header.weight / 4 if header else 0.0,
            "letter_subject": float(bool(header and header.subject)),
            "letter_addressed": float(any(piece.folded.startswith("kinh gui") for piece in self.sheet.pieces[:30])),
            "letter_numbered": float(bool(header and header.number)),
            "letter_titled": max(0.0, (titled - 0.7) / 0.3),
            "letter_symbol": float(self.symbol in _abbreviations()),
            "letter_code": float(bool(self.symbol) and self.symbol not in _abbreviations()),
            "party": float(self._is_party()),
        }

    def _form_signs(self, code: str, *, titled: bool) -> dict[str, float]:
        share = self.shares.get(code, 0.0)
        return {
            "form": 1.0,
            "hallmarks": share,
            "hallmarks_alone": 0.0 if titled else share,
            "hallmarks_lacking": float(titled and share < 0.15),
            "form_untitled": float(not titled and self.headed),
            "form_outdone": float(share < max(self.shares.values(), default=0.0) - 0.3),
        }

    def _other_signs(self) -> dict[str, float]:
        return {"headless": float(self.header is None)}

    def _is_party(self) -> bool:
        top = [piece.folded for piece in self.sheet.pieces if piece.box.top < 0.25 * self.sheet.height]
        return any(len(line) > 15 and fuzz.partial_ratio(_PARTY, line) >= 85 for line in top)


def _symbol(header: Header | None) -> tuple[str, str]:
    """The abbreviation in the number of the paper, folded, and as printed; both empty where there is none."""
    if header is None or not header.number or header.weight < _HEADED:
        return "", ""
    code = parse_number(" ".join(token.text for token in header.number))
    if code is None:
        return "", ""
    number = code.value if not code.unread else "0" + code.value
    symbol = abbreviation_of(number)
    return "qh" if symbol.startswith("qh") and symbol[2:].isdigit() else symbol, printed_abbreviation(number)


def _abbreviation(code: str) -> str:
    return next(folded for folded, codes in _abbreviations().items() if code in codes) if code != _LETTER else ""


@cache
def _abbreviations() -> Mapping[str, tuple[str, ...]]:
    """The types that bear an abbreviation, by the abbreviation folded."""
    found: dict[str, tuple[str, ...]] = {}
    for kind in document_types():
        if kind.abbreviation:
            key = fold(kind.abbreviation)
            found[key] = (*found.get(key, ()), kind.code)
    return found
