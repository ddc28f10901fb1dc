"""Fields that name places, with their units; a name that can be but one is spelt so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipeline.domain.findings import Field, FieldSpec, Suggestion, UnitLevel
from pipeline.understanding.units.mending import mend_units
from pipeline.understanding.units.parsing import Parse, parse_address
from pipeline.understanding.units.printed import head_before
from pipeline.understanding.units.succession import describe_units

#: Fields of type text that may name units.
PLACES = ("dia_danh", "noi_sinh", "noi_dang_ky")
BODIES = ("co_quan_ban_hanh", "co_quan_chu_quan", "noi_dang_ky")
#: Of these, which name a province as addresses do.
PLACES_OF_OFFICES = ("noi_dang_ky",)
#: The most confidence of a value whose letters are the gazette's, not the engine's, and of one that the gazette doubts.
MENDED, DOUBTED = 0.9, 0.6
#: The days that tell when a paper was made, the surest first.
_DAYS = ("ngay_ban_hanh", "ngay_cap", "ngay_dang_ky", "ngay_tiep_nhan")
_BODY = re.compile(r"\b(?:ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN|UBND|HỘI ĐỒNG NHÂN DÂN|HĐND|CÔNG AN|VĂN PHÒNG)\b", re.IGNORECASE)


def settle_units(fields: Sequence[Field], specs: Mapping[str, FieldSpec]) -> tuple[Field, ...]:
    """``fields`` with their units where they name some.

    A value whose units are misspelt by marks, by letters that engines confuse, or cut off at the end, is spelt right where
    province and commune leave one candidate alone; else that is but suggested. ``text`` stays as printed.
    """
    on = _day(fields)
    return tuple(
        _settled(field, on, whole=specs[field.key].type == "address" or field.key in PLACES_OF_OFFICES)
        if isinstance(field.value, str) and (specs[field.key].type == "address" or field.key in (*PLACES, *BODIES))
        else field
        for field in fields
    )


def read_place(key: str, value: str, on: date | None = None) -> Parse | None:
    """The units that the value of the field ``key`` names; a body's, where a kind says so."""
    parse = parse_address(_BODY.sub(lambda match: "," * len(match[0]), value) if key in BODIES else value, on)
    if parse is None or key not in BODIES:
        return parse
    spoken = all(match.start < match.name and head_before(parse.words, match.name) for match in parse.matches)
    return replace(parse, text=value) if spoken else None


def _settled(field: Field, on: date | None, *, whole: bool) -> Field:
    """``field`` with its units; where it should name a ``whole`` address, one without a province may be cut off."""
    parse = read_place(field.key, str(field.value), on)
    if whole and (parse is None or not _names_province(parse)):
        field = replace(field, confidence=min(field.confidence, DOUBTED))
    if parse is None:
        return field
    units = describe_units(parse)
    mended = mend_units(parse)
    if mended is None:
        return replace(field, units=units)
    if mended.sure:
        told = read_place(field.key, mended.text, on)
        units = units if told is None else describe_units(told)
        return replace(field, value=mended.text, units=units, confidence=min(field.confidence, MENDED))
    names = ", ".join(unit.name for unit in reversed(units.units))
    reason = f"Danh mục đơn vị hành chính có {names}. Đối chiếu với bản giấy."
    suggestions = (*field.suggestions, Suggestion(mended.text, "units", reason))
    return replace(field, units=units, confidence=min(field.confidence, DOUBTED), suggestions=suggestions)


def _names_province(parse: Parse) -> bool:
    """Whether a province is named, and not but a city of the same name within it."""
    match = parse.at(UnitLevel.PROVINCE)
    head = head_before(parse.words, match.name) if match else None
    is_city = head is not None and head.kind == "thanh pho"
    return match is not None and (not is_city or match.entry.unit.name.startswith("Thành phố"))


def _day(fields: Sequence[Field]) -> date | None:
    """The day on which the paper was made, where a field tells it."""
    values = {field.key: str(field.value) for field in fields}
    found = next((values[key] for key in _DAYS if key in values), "")
    return date.fromisoformat(found) if re.fullmatch(r"\d{4}-\d\d-\d\d", found) else None
