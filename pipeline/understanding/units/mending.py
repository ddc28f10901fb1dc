"""An address with the names of its units as the gazette writes them, where the print leaves no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.domain.findings import UnitLevel
from pipeline.understanding.folding import capital_share, fold, squeeze
from pipeline.understanding.units.matching import Match, spelling_of
from pipeline.understanding.units.parsing import Parse
from pipeline.understanding.units.printed import SPELT, head_before
from pipeline.understanding.units.streets import street_changes

#: Syllables that papers and the gazette write with one mark or another as they please: Đắk, Đăk, Đak.
FREE = frozenset({"dak", "dac", "lak", "lac", "kon", "con", "krong", "cu", "chu", "pak", "pac", "kan", "can"})


_SHORT = frozenset({"tp", "tx", "tt", "t", "h", "q", "p", "x"})


@dataclass(frozen=True, slots=True)
class Mended:
    """What an address says with its units spelt right.

    ``sure`` where only marks, confused letters, the end of the last name or a word of the district's differ, and every unit
    down to the commune stands in the one above it.
    """

    text: str
    sure: bool


def mend_units(parse: Parse) -> Mended | None:
    """The text of ``parse`` with its units spelt as the gazette spells them; None where they are already."""
    changes = [change for match in parse.matches for change in (*_changes(parse, match), *_kind_change(parse, match))]
    changes += _stops(parse)
    if parse.at(UnitLevel.PROVINCE):
        changes += street_changes(parse.text[: parse.words[min(match.start for match in parse.matches)].start])
    if not changes:
        return None
    text = parse.text
    for start, end, name in sorted(changes, reverse=True):
        text = text[:start] + name + text[end:]
    named = {match.entry.unit.level for match in parse.matches}
    whole = {UnitLevel.PROVINCE, UnitLevel.COMMUNE} <= named
    letters = all(match.wrong == 0 or match.cut or _lost_words(parse, match) for match in parse.matches)
    return Mended(squeeze(text), whole and letters and not parse.commune_open)


def _lost_words(parse: Parse, match: Match) -> bool:
    """Whether the printed name is the unit's but for a word that is missing: huyện Quan for huyện Văn Quan."""
    printed = [fold(word.text) for word in parse.words[match.name : match.end]]
    name = fold(match.entry.name).split()
    return 0 < len(printed) < len(name) and (printed == name[: len(printed)] or printed == name[-len(printed) :])


def _changes(parse: Parse, match: Match) -> Iterator[tuple[int, int, str]]:
    """Where the printed name of a unit differs from the gazette's, and what should stand there."""
    words = parse.words[match.name : match.end]
    start, end = words[0].start, words[-1].end
    printed = parse.text[start:end]
    if spelling_of(printed) == spelling_of(match.entry.name):
        return
    parts = match.entry.name.split()
    if len(parts) != len(words) or "-" in parts:
        if match.cut or match.wrong:
            yield start, end, _cased_like(match.entry.name, printed)
        return
    for word, part in zip(words, parts, strict=True):
        same = spelling_of(word.text) == spelling_of(part)
        if not same and not (fold(word.text) == fold(part) and fold(part) in FREE) and not _respelt(word.text, part):
            yield word.start, word.end, _cased_like(part, word.text)


def _stops(parse: Parse) -> Iterator[tuple[int, int, str]]:
    """The full stops between units, which were commas."""
    for match in parse.matches:
        if match.start > 0 and any(other.end == match.start for other in parse.matches):
            before, first = parse.words[match.start - 1], parse.words[match.start]
            if parse.text[before.end : first.start].strip() == ".":
                yield before.end, before.end + 1, ","


def _kind_change(parse: Parse, match: Match) -> Iterator[tuple[int, int, str]]:
    """Where the kind of a unit is misread, and what should stand there: huyện for buyện, xã for ã."""
    head = head_before(parse.words, match.name) if match.start < match.name else None
    if head is None:
        return
    said = parse.words[match.start : match.name]
    printed = parse.text[said[0].start : said[-1].end]
    if said[-1].stopped or fold(printed) in _SHORT:
        return
    kind = SPELT[head.kind]
    if spelling_of(printed) != spelling_of(kind):
        yield (
            said[0].start,
            said[-1].end,
            kind.upper() if printed.isupper() else kind.capitalize() if printed[0].isupper() else kind,
        )


def _respelt(printed: str, name: str) -> bool:
    """Whether ``printed`` is but another way to write ``name``: i for y, c for k, with or without an apostrophe."""
    plain = (fold(text).replace(" ", "").replace("y", "i").replace("k", "c") for text in (printed, name))
    return fold(printed) != fold(name) and len(set(plain)) == 1


def _cased_like(name: str, printed: str) -> str:
    return name.upper() if capital_share(printed) > 0.8 and len(printed) > 1 else name
