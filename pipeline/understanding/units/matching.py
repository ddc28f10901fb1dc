"""How well printed words fit the name of a unit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from pipeline.domain.findings import UnitLevel
from pipeline.understanding.folding import fold
from pipeline.understanding.units.gazetteer import Entry, key_of
from pipeline.understanding.units.printed import TONES, PrintedWord, head_before, kind_before

#: A name has so many words at most (Bà Rịa - Vũng Tàu, Văn Miếu - Quốc Tử Giám).
LONGEST = 6
#: The price of what differs: marks of a word, a letter that engines confuse, a wrong letter, another kind of unit, no
#: kind said, a name that no sign parts from what stands before it, a name that had ended by June 2025, a name cut off.
MARKS, CONFUSED, WRONG, OTHER_KIND, NO_KIND, UNPARTED, ENDED, CUT = 0.1, 0.15, 0.6, 0.3, 0.1, 0.25, 0.02, 0.6
#: Letters that look alike on a poor scan, and those that are easily lost or added.
_LOOK_ALIKE = ("ceoag", "nurmhbk", "itfjrl", "vxyu", "gqpd", "sz", "bdho")
_THIN = frozenset("itrncu")

Index = Mapping[str, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """Words that name a unit: from ``start`` with its kind, the name alone from ``name``, up to ``end`` (not included).

    ``wrong`` letters are misread; ``cut`` where the words are but the beginning of the name.
    """

    entry: Entry
    start: int
    name: int
    end: int
    cost: float
    wrong: int = 0
    cut: bool = False


def index_of(entries: Iterable[Entry]) -> Index:
    """``entries`` by key."""
    found: dict[str, tuple[Entry, ...]] = {}
    for entry in entries:
        found[entry.key] = (*found.get(entry.key, ()), entry)
    return found


def find_matches(words: tuple[PrintedWord, ...], end: int, index: Index, *, fuzzy: bool) -> tuple[Match, ...]:
    """Every unit of ``index`` that the words before ``end`` name; where none fits exactly, those a letter or two away."""
    exact = tuple(_exact(words, end, index))
    if exact or not fuzzy:
        return exact
    return tuple(_near(words, end, index))


def find_cut(words: tuple[PrintedWord, ...], end: int, index: Index) -> tuple[Match, ...]:
    """Units whose name begins with the words before ``end``, which a kind precedes: tỉnh Hậu."""
    for start in range(end - 1, max(0, end - 1 - LONGEST), -1):
        head = head_before(words, start)
        if head:
            key = key_of(" ".join(word.text for word in words[start:end]))
            return tuple(
                Match(entry, start - head.size, start, end, CUT, 1, cut=True)
                for other, entries in index.items()
                if other.startswith(key) and len(key) > 1
                for entry in entries
                if entry.kind == head.kind
            )
    return ()


def _spans(words: tuple[PrintedWord, ...], end: int) -> Iterator[tuple[int, str]]:
    for start in range(end - 1, max(-1, end - 1 - LONGEST), -1):
        yield start, key_of(" ".join(word.text for word in words[start:end]))
        if words[start].parted == 2:
            return


def _exact(words: tuple[PrintedWord, ...], end: int, index: Index) -> Iterator[Match]:
    for start, key in _spans(words, end):
        for entry in index.get(key, ()):
            yield from _judged(words, start, end, entry, 0)


def _near(words: tuple[PrintedWord, ...], end: int, index: Index) -> Iterator[Match]:
    for start, key in _spans(words, end):
        if len(key) < 4 or not (words[start].parted or head_before(words, start)):
            continue
        digits = _digits(" ".join(word.text for word in words[start:end]))
        near = range(len(key) - 2, len(key) + 3)
        for other, entries in index.items():
            wrong = _misread(key, other) if len(other) in near else 0
            for entry in entries if wrong else ():
                if _digits(entry.name) == digits:
                    yield from _judged(words, start, end, entry, wrong)


@lru_cache(maxsize=65536)
def _misread(key: str, other: str) -> int:
    """How many letters of ``other`` are misread in ``key``; 0 where it is another name altogether.

    A letter may be taken for one that looks like it, a thin one may be lost or added; a name of ten letters bears two.
    """
    allowed = 1 if min(len(other), len(key)) < 10 else 2
    if abs(len(other) - len(key)) > allowed or min(len(other), len(key)) < 4:
        return 0
    wrong = Levenshtein.distance(key, other, score_cutoff=allowed)
    if wrong > allowed:
        return 0
    for edit in Levenshtein.editops(key, other):
        said = key[edit.src_pos] if edit.tag != "insert" else ""
        wanted = other[edit.dest_pos] if edit.tag != "delete" else ""
        if said and wanted and not any(said in group and wanted in group for group in _LOOK_ALIKE):
            return 0
        if not (said and wanted) and (said or wanted) not in _THIN:
            return 0
    return wrong


def _judged(words: tuple[PrintedWord, ...], start: int, end: int, entry: Entry, wrong: int) -> Iterator[Match]:
    head = head_before(words, start)
    if head and entry.unit.level not in head.levels:
        if words[start].parted < 1 or words[start - 1].stopped:
            return
        head = None
    cost = WRONG * wrong + (ENDED if entry.former else 0)
    cost += differing_cost(" ".join(word.text for word in words[start:end]), entry.name)
    cost += (OTHER_KIND if head.kind != entry.kind else 0) if head else NO_KIND
    if not head and words[start].parted < 1:
        cost += UNPARTED
        if entry.unit.level is UnitLevel.COMMUNE and kind_before(words, start, UnitLevel.COMMUNE):
            return
    if entry.name.isdigit() and not head:
        return
    yield Match(entry, start - head.size if head else start, start, end, cost, wrong)


@lru_cache(maxsize=4096)
def differing_cost(printed: str, name: str) -> float:
    """What the marks and confused letters of ``printed`` cost against ``name``; nothing where spelling alone differs."""
    said, meant = spelling_of(printed), spelling_of(name)
    if said == meant:
        return 0.0
    if fold(printed).replace(" ", "") != fold(name).replace(" ", ""):
        return CONFUSED
    return MARKS * max(1, sum(one != other for one, other in zip(said.split(), meant.split(), strict=False)))


def spelling_of(text: str) -> str:
    """``text`` in small letters, each word's tone after its letters, where in the word it stands being style."""
    words = unicodedata.normalize("NFD", text.lower().replace("’", "'")).replace("-", " ").split()
    return " ".join(
        "".join(sign for sign in word if sign not in TONES) + "".join(sign for sign in word if sign in TONES) for word in words
    )


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
