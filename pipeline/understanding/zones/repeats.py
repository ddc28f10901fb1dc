"""The number and day of a paper as its appendices say them again: (Kèm theo Quyết định số 717/QĐ-UBND ngày 07/3/2024 …)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.domain.findings import Suggestion
from pipeline.understanding.folding import fold
from pipeline.understanding.sheets import Sheet, Token
from pipeline.understanding.values.codes import parse_number
from pipeline.understanding.values.dates import find_dates

_HEADING = re.compile(
    r"^[\W_]*(?:(?:được )?ban hành )?(?:đính )?k[èéeê]m(?: theo)?\s+(?P<paper>.{2,30}?)\s+số\s*[:.]?\s*", re.IGNORECASE
)
_NUMBER = re.compile(r"^(?P<number>\d{1,5}[a-zđ]?\s*/\s*\S+)")
_REASON = "Phụ lục, biểu mẫu kèm theo văn bản ghi như vậy."


@dataclass(frozen=True, slots=True)
class Repeat:
    """What one heading of an appendix says of its paper: the number as printed, the ISO day (either may be empty)."""

    number: str
    day: str
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """What the headings say of one datum: how many agree with its value, how many do not, and what most say.

    ``tokens`` bear what most say.
    """

    agreeing: int = 0
    differing: int = 0
    most: str = ""
    tokens: tuple[Token, ...] = ()

    def suggestions(self, value: str) -> tuple[Suggestion, ...]:
        """What most headings say, where it is something else than ``value``."""
        return (Suggestion(self.most, "page", _REASON),) if self.most and self.most != value else ()


def find_repeats(sheets: Sequence[Sheet], front: int) -> tuple[Repeat, ...]:
    """The headings of appendices on ``sheets`` behind the page ``front`` that name the paper they belong to."""
    found = []
    for sheet in sheets:
        if sheet.number <= front:
            continue
        for place, piece in enumerate(sheet.pieces):
            if not piece.folded.startswith(("kem", "ban hanh", "duoc ban hanh", "dinh kem")):
                continue
            beneath = sheet.pieces[place + 1].tokens if place + 1 < len(sheet.pieces) else ()
            tokens = (*piece.tokens, *beneath)
            repeat = _read(" ".join(token.text for token in tokens), piece.tokens)
            if repeat is not None:
                found.append(repeat)
    return tuple(found)


def _read(text: str, tokens: tuple[Token, ...]) -> Repeat | None:
    heading = _HEADING.match(text)
    if heading is None:
        return None
    rest = text[heading.end() :]
    number = _NUMBER.match(rest)
    dates = find_dates(rest[:90])
    return Repeat(number["number"] if number else "", dates[0].iso if dates else "", tokens)


def tally_numbers(repeats: Sequence[Repeat], value: str, symbol: str, abbreviation: str) -> Tally:
    """What ``repeats`` say of the number ``value``; those with another ``symbol`` speak of other papers."""
    said: list[tuple[str, tuple[Token, ...]]] = []
    for repeat in repeats:
        code = parse_number(repeat.number, abbreviation) if repeat.number else None
        if code is not None and not code.unread and fold(code.value.split("/", 1)[1]) == fold(symbol):
            said.append((code.value, repeat.tokens))
    return _tally(said, value)


def tally_days(repeats: Sequence[Repeat], value: str) -> Tally:
    """What ``repeats`` say of the day ``value``."""
    return _tally([(repeat.day, repeat.tokens) for repeat in repeats if repeat.day], value)


def _tally(said: Sequence[tuple[str, tuple[Token, ...]]], value: str) -> Tally:
    if not said:
        return Tally()
    counts = Counter(one for one, _ in said)
    most = max(counts, key=lambda one: (counts[one], one == value))
    tokens = next(tokens for one, tokens in said if one == most)
    return Tally(counts[value], len(said) - counts[value], most, tokens)
