"""What a paper's body, place and personal ids say of where it comes from, held against each other."""

from __future__ import annotations

from datetime import date
from functools import cache

from pipeline.domain.findings import Unit, UnitLevel
from pipeline.understanding.folding import fold
from pipeline.understanding.units.gazetteer import Region, heads, home_of, key_of, region
from pipeline.understanding.units.matching import index_of
from pipeline.understanding.units.parsing import Parse
from pipeline.understanding.units.settlement import read_place

_KINDS = ("thanh pho", "thi tran", "thi xa", "phuong", "huyen", "quan", "tinh", "tp", "tx", "tt", "xa")


def province_of_id(number: str) -> tuple[Unit, Unit] | None:
    """The province whose code begins a personal id, of the 63 of before July 2025, and the one it lies in today.

    None where no province has that code (Thông tư 59/2021/TT-BCA, appendix).
    """
    entry = heads().before.get(number[1:3]) if number[:1] == "0" else None
    if entry is None:
        return None
    home = heads().provinces[heads().merged[entry.unit.code]]
    return entry.unit, home.today or home.unit


def body_and_place_agree(body: str, place: str, superior: str = "", on: date | None = None) -> str | None:
    """Why a body cannot issue at a place, in Vietnamese; None where it can, or where either names no unit.

    ``body`` and ``superior`` as they stand at the head of the paper, ``place`` as in the line of place and date. A body's
    own unit, those above it and those within its province may be named; a place in another province alone disagrees.
    """
    parse = _unit_of(body, superior, on)
    name = _plain(place)
    if parse is None or not name or name in _names_in(_home(parse)):
        return None
    if not any(name in _names_in(code) for code in heads().provinces):
        return None
    last = parse.matches[-1].entry.unit
    province = region(_home(parse)).province.unit
    within = last.name if last.level is UnitLevel.PROVINCE else f"{last.name}, {province.name}"
    return f"Địa danh “{place}” không thuộc địa bàn của cơ quan ban hành ({within})."


def _unit_of(body: str, superior: str, on: date | None) -> Parse | None:
    parse = read_place("co_quan_ban_hanh", f"{body}, {superior}" if superior else body, on)
    if parse is None and superior:
        parse = read_place("co_quan_ban_hanh", superior, on)
    return parse


def _home(parse: Parse) -> str:
    return home_of(parse.matches[0].entry)


def _plain(place: str) -> str:
    """The letters of ``place`` without its kind."""
    folded = fold(place)
    kind = next((kind for kind in _KINDS if folded.startswith(f"{kind} ")), "")
    return key_of(folded.removeprefix(kind))


@cache
def _names_in(code: str) -> frozenset[str]:
    """The letters of every province, district and commune, of before or since, in the new province ``code``."""
    here: Region = region(code)
    olds = [old for old, home in heads().merged.items() if home == code]
    provinces = [here.province, *(heads().before[old] for old in olds)]
    provinces += [other for other in heads().others if other.unit.code in olds]
    districts = [entry for old in olds for entry in heads().by_province.get(old, ())]
    communes = [*here.communes.values(), *(entry for entries in here.before.values() for entry in entries)]
    return frozenset(index_of((*provinces, *districts, *communes)))
