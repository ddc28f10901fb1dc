"""An address taken apart into the units it names, held together by what lay in what."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from rapidfuzz.distance import Indel

from pipeline.domain.findings import UnitLevel
from pipeline.understanding.folding import squeeze
from pipeline.understanding.units.gazetteer import Entry, communes_named, heads, key_of, region
from pipeline.understanding.units.matching import LONGEST, WRONG, Index, Match, find_cut, find_matches, index_of
from pipeline.understanding.units.printed import PrintedWord, head_before, split_words

#: From this day on there are 34 provinces and no districts.
REFORM = date(2025, 7, 1)
#: The price of a level that is not named, of a district whose province of before is not the one that is named, of a kind
#: of unit (huyện, xã …) said before the words that are understood, and of a district of before above a commune of since.
NO_PROVINCE, NO_DISTRICT, NO_COMMUNE, OTHER_PROVINCE, LEFT, MIXED = 0.9, 0.35, 1.0, 0.5, 0.5, 0.5
#: The price of a bare name right before the words that are understood.
UNTOLD = 0.3
#: A reading that costs less than this more than the best one is as good as that.
TIE = 0.08
#: The same where the print has no marks at all: they tell no names apart.
TIE_UNMARKED = 0.25
#: Letters of all names together that may be wrong.
MOST_WRONG = 3
#: A district that is maimed has so much in common with its name, 0..1.
ALIKE = 0.5
_EDGES = " \t,;.-–—:/("


@dataclass(frozen=True, slots=True)
class Parse:
    """The units of an address from the province down, with the words that name them.

    ``matches`` may lack any level. ``commune_open`` where a commune is named that could not be told; ``also_before`` where
    a unit of since July 2025 may as well be the one of before that bore its name.
    """

    text: str
    words: tuple[PrintedWord, ...]
    matches: tuple[Match, ...]
    cost: float
    commune_open: bool = False
    also_before: bool = False

    def at(self, level: UnitLevel) -> Match | None:
        """What names the unit of ``level``."""
        return next((match for match in self.matches if match.entry.unit.level is level), None)

    @property
    def detail(self) -> str:
        """What stands before the units, as printed."""
        if not self.matches:
            return squeeze(self.text)
        return squeeze(self.text[: self.words[min(match.start for match in self.matches)].start].rstrip(_EDGES))


def parse_address(text: str, on: date | None = None) -> Parse | None:
    """The units that ``text`` names; None where it names none for sure.

    ``on``: the day of the paper, which settles what a name without a district means. A commune is told only within the
    district or province that is named; between equally good ones none is told.
    """
    text = unicodedata.normalize("NFC", text)
    words = split_words(text)
    end = len(words)
    if [word.text.lower() for word in words[-2:]] == ["việt", "nam"]:
        end -= 2
    readings = sorted(_readings(words, end, text, on), key=lambda one: one.cost)
    readings = [one for one in readings if sum(match.wrong for match in one.matches) <= MOST_WRONG]
    if not readings:
        return None
    best = readings[0]
    tie = TIE_UNMARKED if text.isascii() else TIE
    rivals = [one for one in readings if one.cost < best.cost + tie and not _same(one, best)]
    return _shared(best, rivals) if rivals else best


def _same(one: Parse, other: Parse) -> bool:
    """Whether both name the same units; of a commune that changed its district, the district does not matter."""
    mine, theirs = (parse.matches[-1].entry for parse in (one, other))
    if mine.unit.level is UnitLevel.COMMUNE and mine.since is theirs.since:
        return mine.unit.code == theirs.unit.code
    return _codes(one) == _codes(other)


def _codes(one: Parse) -> list[str]:
    return [f"{match.entry.unit.code} {match.entry.since}" for match in one.matches]


def _shared(best: Parse, rivals: Sequence[Parse]) -> Parse | None:
    """``best`` down to the level at which its rivals agree with it; None where they agree on nothing."""
    kept: list[Match] = []
    for match in best.matches:
        fellows = [rival.at(match.entry.unit.level) for rival in rivals]
        if any(fellow is None or fellow.entry.unit.code != match.entry.unit.code for fellow in fellows):
            break
        kept.append(match)
    return Parse(best.text, best.words, tuple(kept), best.cost, commune_open=True) if kept else None


def _readings(words: tuple[PrintedWord, ...], end: int, text: str, on: date | None) -> Iterator[Parse]:
    provinces = find_matches(words, end, _provinces(), fuzzy=True) or find_cut(words, end, _provinces())
    for province in provinces:
        yield from _below(words, province, text, on)
    for district in find_matches(words, end, _all_districts(), fuzzy=False):
        if district.entry.former and any(one.entry.unit.code == district.entry.unit.code for one in provinces):
            continue
        home = Match(_home(district.entry), end, end, end, NO_PROVINCE)
        yield from _in_district(words, (home, district), text)
    yield from _alone(words, end, text)


def _alone(words: tuple[PrintedWord, ...], end: int, text: str) -> Iterator[Parse]:
    """A commune named with its kind and nothing above it, where one province alone has one of that name."""
    for start in range(end - 1, max(0, end - 1 - LONGEST), -1):
        head = head_before(words, start)
        if not head or UnitLevel.COMMUNE not in head.levels:
            continue
        found = communes_named(head.kind, " ".join(word.text for word in words[start:end]))
        fresh = [entry for entry in found if entry.since]
        if fresh or len(found) == 1:
            match = Match((fresh or found)[0], start - head.size, start, end, NO_PROVINCE)
            yield _parse(text, words, (match,), NO_PROVINCE, also_before=bool(fresh) and len(fresh) < len(found))
        return


def _below(words: tuple[PrintedWord, ...], province: Match, text: str, on: date | None) -> Iterator[Parse]:
    """The readings that begin with ``province``: districts and communes of before, communes of since."""
    fresh = province.entry.since
    code = province.entry.unit.code
    late = on is None or on >= REFORM
    dear = NO_DISTRICT if late is not fresh else 0.0
    if fresh:
        yield from _mixed(words, province, text)
    else:
        districts = tuple(_districts(words, province))
        for district in districts:
            yield from _in_district(words, (province, district), text)
        if not districts:
            yield from _bridged(words, province, text)
    for commune in find_matches(words, province.start, _communes(code, fresh), fuzzy=fresh):
        cost = province.cost + commune.cost + dear
        again = fresh and not dear and _was_before(commune.entry)
        yield _parse(text, words, (province, commune), cost, also_before=again)
    yield _parse(text, words, (province,), province.cost + NO_COMMUNE + NO_DISTRICT + (dear and TIE))


def _bridged(words: tuple[PrintedWord, ...], province: Match, text: str) -> Iterator[Parse]:
    """Readings whose district is maimed: the commune before it tells which, if their names have letters in common."""
    for start in range(province.start - 1, max(0, province.start - 1 - LONGEST), -1):
        head = head_before(words, start)
        if not head or UnitLevel.DISTRICT not in head.levels:
            continue
        key = key_of(" ".join(word.text for word in words[start : province.start]))
        for district in heads().by_province.get(province.entry.unit.code, ()):
            if Indel.normalized_similarity(key, district.key) < ALIKE:
                continue
            maimed = Match(district, start - head.size, start, province.start, WRONG * MOST_WRONG, MOST_WRONG)
            for commune in find_matches(words, maimed.start, _of_district(district.unit.code), fuzzy=False):
                yield _parse(text, words, (province, maimed, commune), province.cost + maimed.cost + commune.cost)
        return


def _mixed(words: tuple[PrintedWord, ...], province: Match, text: str) -> Iterator[Parse]:
    """Communes of since below a district of before, as papers of the first months have them."""
    for old, home in heads().merged.items():
        if home == province.entry.unit.code:
            for district in find_matches(words, province.start, _districts_of(old), fuzzy=False):
                for commune in find_matches(words, district.start, _communes(home, True), fuzzy=False):
                    cost = province.cost + district.cost + commune.cost + MIXED
                    yield _parse(text, words, (province, commune), cost)


def _in_district(words: tuple[PrintedWord, ...], above: tuple[Match, Match], text: str) -> Iterator[Parse]:
    province, district = above
    cost = province.cost + district.cost
    for commune in find_matches(words, district.start, _of_district(district.entry.unit.code), fuzzy=True):
        yield _parse(text, words, (*_spoken(above), commune), cost + commune.cost)
    yield _parse(text, words, _spoken(above), cost + NO_COMMUNE)


def _parse(
    text: str, words: tuple[PrintedWord, ...], matches: tuple[Match, ...], cost: float, *, also_before: bool = False
) -> Parse:
    """The reading, dearer by what it leaves unsaid."""
    first = min(match.start for match in matches)
    left = _kinds_left(words, first)
    commune = matches[-1].entry.unit.level is UnitLevel.COMMUNE
    cost += LEFT * len(left) + (UNTOLD if _name_left(words, first) else 0)
    return Parse(text, words, matches, cost, not commune and UnitLevel.COMMUNE in left, also_before)


def _spoken(matches: Sequence[Match]) -> tuple[Match, ...]:
    return tuple(match for match in matches if match.end > match.start)


def _districts(words: tuple[PrintedWord, ...], province: Match) -> Iterator[Match]:
    """Districts of ``province``; of those that joined it later where it has none that fits."""
    code = province.entry.unit.code
    found = find_matches(words, province.start, _districts_of(code), fuzzy=True)
    yield from found
    if not any(match.wrong == 0 for match in found):
        home = heads().merged[code]
        for other, merged in heads().merged.items():
            if merged == home and other != code and code == home:
                for match in find_matches(words, province.start, _districts_of(other), fuzzy=False):
                    yield Match(match.entry, match.start, match.name, match.end, match.cost + OTHER_PROVINCE, match.wrong)


def _kinds_left(words: tuple[PrintedWord, ...], end: int) -> tuple[UnitLevel, ...]:
    """The levels of the units that seem to be named among the last words before ``end``."""
    found = (head_before(words, place) for place in range(max(1, end - 6), end) if _begins_name(words[place].text))
    return tuple(head.levels[-1] for head in found if head)


def _name_left(words: tuple[PrintedWord, ...], end: int) -> bool:
    """Whether what stands before ``end``, up to the sign before it, is a name and nothing else."""
    start = end - 1
    while start > 0 and not words[start].parted:
        start -= 1
    return end > 0 and end - start < 5 and all(word.text[0].isupper() for word in words[max(0, start) : end])


def _begins_name(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit()


def _home(district: Entry) -> Entry:
    return heads().before[district.parent]


@cache
def _provinces() -> Index:
    everything = heads()
    return index_of((*everything.provinces.values(), *everything.before.values(), *everything.others))


@cache
def _all_districts() -> Index:
    return index_of(heads().districts)


@cache
def _districts_of(province: str) -> Index:
    return index_of(heads().by_province.get(province, ()))


@cache
def _of_district(code: str) -> Index:
    parent = next(entry.parent for entry in heads().districts if entry.unit.code == code)
    return index_of(region(heads().merged[parent]).of_district(code))


@cache
def _communes(province: str, since: bool) -> Index:
    """Communes of a new province, or all those of before in an old one."""
    if since:
        return index_of(region(province).communes.values())
    home = region(heads().merged[province])
    codes = dict.fromkeys(entry.unit.code for entry in heads().by_province.get(province, ()))
    return index_of(entry for code in codes for entry in home.of_district(code))


def _was_before(commune: Entry) -> bool:
    """Whether before July 2025, too, a commune of this name and kind lay in what is now its province."""
    olds = (entry for entries in region(commune.parent).before.values() for entry in entries)
    return any(old.key == commune.key and old.name == commune.name for old in olds)
