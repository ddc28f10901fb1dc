"""The units an address names, and those in force today, with the resolutions that made them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pipeline.domain.findings import AddressUnits, Unit, UnitLevel, UnitScheme
from pipeline.understanding.units.gazetteer import Entry, Region, cite, heads, home_of, region
from pipeline.understanding.units.matching import Match
from pipeline.understanding.units.parsing import REFORM, Parse, parse_address

#: Nghị quyết 202/2025/QH15 merged provinces; it stands first in the file.
_MERGING = 0
#: Made of the province Thừa Thiên Huế the city Huế, in force since 1 January 2025.
_HUE = "Nghị quyết số 175/2024/QH15 ngày 30/11/2024"


def address_units(text: str, on: date | None = None) -> AddressUnits | None:
    """The units ``text`` names and what they are today; None where it names none for sure.

    ``on`` is the day of the paper, where known: it settles which division an address without a district is written in.
    """
    parse = parse_address(text, on)
    return describe_units(parse) if parse else None


def describe_units(parse: Parse) -> AddressUnits:
    """The units of ``parse`` and what they are today."""
    named = tuple(match.entry for match in parse.matches)
    units = tuple(entry.unit for entry in named)
    scheme = _scheme(parse, named)
    home = region(home_of(named[0]))
    notes = [note for note in (_misread_note(parse.matches), _open_note(parse)) if note]
    if all(entry.since for entry in named):
        today = tuple(entry.today or entry.unit for entry in named)
        basis, since = _later(named)
        return AddressUnits(scheme, units, parse.detail, today, (), basis, since, " ".join(notes))
    today, successors, note = _today(named, home)
    notes += [note] if note else []
    basis = _basis(named, home) if (*today, *successors) != units else ""
    since = REFORM.isoformat() if basis else ""
    return AddressUnits(scheme, units, parse.detail, today, successors, basis, since, " ".join(notes))


def _scheme(parse: Parse, named: Iterable[Entry]) -> UnitScheme:
    entries = tuple(named)
    if len(entries) == 1 and entries[0].unit.level is UnitLevel.PROVINCE:
        name = entries[0].name
        both = any(one.name == name for one in heads().provinces.values())
        both = both and any(one.name == name for one in heads().before.values())
        return UnitScheme.EITHER if both else UnitScheme.BEFORE_2025_07
    if parse.also_before:
        return UnitScheme.EITHER
    return UnitScheme.SINCE_2025_07 if entries[-1].since else UnitScheme.BEFORE_2025_07


def _today(named: tuple[Entry, ...], home: Region) -> tuple[tuple[Unit, ...], tuple[Unit, ...], str]:
    """The units of today, or the successors of a commune that was parted, and what is to be said of it."""
    province = home.province.today or home.province.unit
    last = named[-1]
    if last.unit.level is UnitLevel.PROVINCE:
        return (province,), (), ""
    if last.unit.level is UnitLevel.DISTRICT:
        island = [one for one in home.of_district(last.unit.code) if one.unit.code.startswith("D")]
        if not island:
            return (province,), (), f"Từ 01/7/2025 không còn cấp huyện: cần tên xã, phường thuộc {last.unit.name} cũ."
        last = island[0]
    went = tuple(one.today or one.unit for one in (home.communes[code] for code in last.successors))
    if len(went) == 1:
        return (province, went[0]), (), ""
    if went:
        names = ", ".join(one.name for one in went)
        return (), went, f"{last.unit.name} cũ chia về {len(went)} đơn vị ({names}): xác định theo địa chỉ cụ thể."
    return (province,), (), f"{last.unit.name} đã sắp xếp trước 01/7/2025, chưa rõ nay thuộc xã, phường nào."


def _basis(named: tuple[Entry, ...], home: Region) -> str:
    """The resolutions that made of ``named`` what there is today."""
    code = named[0].unit.code if named[0].unit.level is UnitLevel.PROVINCE else ""
    old = code or next((entry.parent for entry in named if entry.unit.level is UnitLevel.DISTRICT), "")
    mergers = [one for one, went in heads().merged.items() if went == home.province.unit.code]
    parts = [_HUE] if named[0].former and named[0].unit.level is UnitLevel.PROVINCE else []
    parts += [cite(_MERGING)] if old and len(mergers) > 1 else []
    if named[-1].unit.level is not UnitLevel.PROVINCE:
        parts.append(home.basis)
    went = [home.communes[code] for code in named[-1].successors]
    later = [entry.basis for entry in (home.province, *went) if entry.basis]
    return "; ".join(dict.fromkeys((*parts, *later)))


def _later(named: tuple[Entry, ...]) -> tuple[str, str]:
    """The resolutions of after July 2025 that changed ``named``, and the day of the last."""
    cited = [entry.basis for entry in named if entry.basis]
    days = [day for number, day in heads().resolutions if any(f" {number} " in basis for basis in cited)]
    return "; ".join(dict.fromkeys(cited)), max(days, default="")


def _misread_note(matches: Iterable[Match]) -> str:
    wrong = [match.entry.unit.name for match in matches if match.wrong]
    return f"Đọc gần đúng: {', '.join(wrong)}. Đối chiếu tên với bản giấy." if wrong else ""


def _open_note(parse: Parse) -> str:
    if not parse.commune_open:
        return ""
    return "Không xác định được xã, phường: tên đọc được không có trong danh mục hoặc có nhiều đơn vị cùng tên."
