"""The administrative units of before and since July 2025, read from ``units.tsv.gz`` when first asked for.

A row's first part says what it is, codes are those of the statistical office's catalogue:

    R number date                               a resolution; others name it by its place in the file
    P code name resolution [later resolution]   province of since July 2025, the resolution that arranged its communes, and
                                                the name of today where a later resolution changed it
    O code name new                             province of before, and the one that it went into
    D code province name others                 district; its name of June 2025 and names of before, parted by |
    @ code                                      what follows lies in the new province ``code``
    N code name [later resolution]              commune of since July 2025
    C code district name successors             commune of June 2025; the new communes it went to, parted by commas
    F code district name successors             the same for a name that had ended before June 2025; may have none
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from pipeline.domain.findings import Unit, UnitLevel
from pipeline.understanding.folding import fold

#: Kinds as names begin with them, and folded.
_KINDS = {
    "Thành phố ": "thanh pho", "Thị trấn ": "thi tran", "Thị xã ": "thi xa", "Đặc khu ": "dac khu", "Phường ": "phuong",
    "Huyện ": "huyen", "Quận ": "quan", "Tỉnh ": "tinh", "Xã ": "xa",
}  # fmt: skip
#: Folded kinds, the longer before those they end with.
KINDS = tuple(_KINDS.values())
#: What else papers call a province, after its kind.
_SHORT_NAMES = {"79": ("HCM",), "77": ("BRVT", "BR VT"), "46": ("TT Huế", "TTH")}
#: Until Nghị quyết 175/2024/QH15 took effect (1 January 2025) Huế was a city of this province.
_HUE = Unit("46", "Tỉnh Thừa Thiên Huế", UnitLevel.PROVINCE)
_SPELT = {"xa": "xã", "phuong": "phường", "thi tran": "thị trấn", "dac khu": "đặc khu"}
_LIKE = str.maketrans("l10y", "iioi")
#: Syllables of names from other languages that papers spell in more than one way.
_SPELLINGS = {"dac": "dak", "lac": "lak", "can": "kan", "kon": "con"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit as an index has it: ``key`` is its name in letters that engines do not take for each other.

    ``parent`` is the code of the district, else of the province, it lay in; ``former`` where its name had ended before
    June 2025; ``since`` where it exists since July 2025.
    """

    unit: Unit
    name: str
    key: str
    kind: str
    parent: str
    successors: tuple[str, ...] = ()
    former: bool = False
    since: bool = False
    today: Unit | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """A province of since July 2025 with all that lies, or lay, in it."""

    province: Entry
    basis: str
    communes: Mapping[str, Entry]
    before: Mapping[str, tuple[Entry, ...]]

    def of_district(self, code: str) -> tuple[Entry, ...]:
        """The communes of before in the district ``code``."""
        return self.before.get(code, ())


@dataclass(frozen=True, slots=True)
class Heads:
    """Provinces and districts; ``merged`` tells what new province one of before went into."""

    resolutions: tuple[tuple[str, str], ...]
    provinces: Mapping[str, Entry]
    arranged_by: Mapping[str, str]
    before: Mapping[str, Entry]
    merged: Mapping[str, str]
    districts: tuple[Entry, ...]
    by_province: Mapping[str, tuple[Entry, ...]]
    others: tuple[Entry, ...] = field(default=())


def key_of(name: str) -> str:
    """``name`` without spaces and marks, its letters those of engines' and spellers' confusions: l 1 i y, 0 o, đắc đắk."""
    return "".join(_SPELLINGS.get(word, word) for word in fold(name).split()).translate(_LIKE)


def make_entry(unit: Unit, parent: str, *, successors: Sequence[str] = (), former: bool = False, since: bool = False) -> Entry:
    """The entry of ``unit``, its kind taken off its name."""
    spelt = next(spelt for spelt in _KINDS if unit.name.startswith(spelt))
    name = unit.name[len(spelt) :]
    return Entry(unit, name, key_of(name), _KINDS[spelt], parent, tuple(successors), former, since)


@cache
def heads() -> Heads:
    """All provinces and districts."""
    rows = [line.split("\t") for line in _text()[0].split("\n") if line]
    cited = tuple((row[1], row[2]) for row in rows if row[0] == "R")
    province = UnitLevel.PROVINCE
    provinces, arranged = {}, {}
    for row in rows:
        if row[0] == "P":
            provinces[row[1]] = _with_today(make_entry(Unit(row[1], row[2], province), "", since=True), row[4:], cited)
            arranged[row[1]] = _cite(cited[int(row[3])])
    before = {row[1]: make_entry(Unit(row[1], row[2], province), "") for row in rows if row[0] == "O"}
    hue = make_entry(_HUE, "", former=True)
    others = [hue, *(short for entry in (*provinces.values(), *before.values(), hue) for short in _short(entry))]
    districts = tuple(entry for row in rows if row[0] == "D" for entry in _districts(row))
    grouped: dict[str, list[Entry]] = defaultdict(list)
    for entry in districts:
        grouped[entry.parent].append(entry)
    merged = {row[1]: row[3] for row in rows if row[0] == "O"}
    by_province = {code: tuple(entries) for code, entries in grouped.items()}
    return Heads(cited, provinces, arranged, before, merged, districts, by_province, tuple(others))


@cache
def region(code: str) -> Region:
    """The province of since July 2025 with the code ``code``, all its communes read."""
    cited = heads().resolutions
    communes: dict[str, Entry] = {}
    before: dict[str, list[Entry]] = defaultdict(list)
    for line in _text()[1][code].split("\n"):
        row = line.split("\t")
        if row[0] == "N":
            entry = make_entry(Unit(row[1], row[2], UnitLevel.COMMUNE), code, since=True)
            communes[row[1]] = _with_today(entry, row[3:], cited)
        elif row[0] in "CF" and line:
            went = row[4].split(",") if len(row) > 4 else ()
            unit = Unit(row[1], row[3], UnitLevel.COMMUNE)
            entry = make_entry(unit, row[2], successors=went, former=row[0] == "F")
            if not any(entry.name == other.name and entry.kind == other.kind for other in before[row[2]]):
                before[row[2]].append(entry)
    home = heads().provinces[code]
    return Region(home, heads().arranged_by[code], communes, {at: tuple(entries) for at, entries in before.items()})


def home_of(entry: Entry) -> str:
    """The code of the province of since July 2025 in which ``entry`` lies, or lay."""
    if entry.since:
        return entry.parent or entry.unit.code
    if entry.unit.level is UnitLevel.PROVINCE:
        return heads().merged[entry.unit.code]
    if entry.unit.level is UnitLevel.DISTRICT:
        return heads().merged[entry.parent]
    return heads().merged[next(one.parent for one in heads().districts if one.unit.code == entry.parent)]


def cite(number: int) -> str:
    """The resolution at the place ``number`` as a text cites it."""
    return _cite(heads().resolutions[number])


def communes_named(kind: str, name: str) -> tuple[Entry, ...]:
    """The communes, of before or since, of the folded kind ``kind`` and the name ``name``, whatever the case.

    Empty where they do not all lie in one province of today.
    """
    wanted = f"\t{_SPELT[kind]} {name.lower()}"
    found: dict[tuple[str, str], None] = {}
    for code, text in _small().items():
        place = text.find(wanted)
        while place >= 0:
            if text[place + len(wanted)] in "\t\n":
                found[code, text[text.rfind("\n", 0, place) + 1 : place].split("\t")[1]] = None
            place = text.find(wanted, place + 1)
    if len({code for code, _ in found}) != 1:
        return ()
    return tuple(dict.fromkeys(entry for code, number in found for entry in _of_code(code, number, name)))


def _of_code(home: str, number: str, name: str) -> Iterator[Entry]:
    here = region(home)
    every = (*here.communes.values(), *(entry for entries in here.before.values() for entry in entries))
    return (entry for entry in every if entry.unit.code == number and entry.name.lower() == name.lower())


@cache
def _small() -> Mapping[str, str]:
    return {code: f"{text.lower()}\n" for code, text in _text()[1].items()}


def _districts(row: Sequence[str]) -> Iterator[Entry]:
    if row[3]:
        yield make_entry(Unit(row[1], row[3], UnitLevel.DISTRICT), row[2])
    for name in row[4].split("|") if len(row) > 4 else ():
        yield make_entry(Unit(row[1], name, UnitLevel.DISTRICT), row[2], former=True)


def _short(entry: Entry) -> Iterator[Entry]:
    for name in _SHORT_NAMES.get(entry.unit.code, ()):
        if entry.unit.code != _HUE.code or entry.unit is _HUE:
            yield replace(entry, name=name, key=key_of(name))


def _with_today(entry: Entry, later: Sequence[str], cited: Sequence[tuple[str, str]]) -> Entry:
    if not later:
        return entry
    today = Unit(entry.unit.code, later[0], entry.unit.level)
    basis = _cite(cited[int(later[1])])
    return replace(entry, today=today, basis=basis)


def _cite(resolution: tuple[str, str]) -> str:
    number, day = resolution
    year, month, date = day.split("-")
    return f"Nghị quyết số {number} ngày {date}/{month}/{year}"


@cache
def _text() -> tuple[str, Mapping[str, str]]:
    """The rows of provinces and districts, and the rows of each new province."""
    head, *sections = read_units().split("\n@\t")
    return head, {section.split("\n", 1)[0]: section.split("\n", 1)[1] for section in sections}


def read_units() -> str:
    """``units.tsv.gz`` as text: rows of tab-separated parts, those of a new province behind a row ``@`` with its code."""
    return gzip.decompress(files(__package__).joinpath("units.tsv.gz").read_bytes()).decode()
