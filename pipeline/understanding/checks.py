"""What can be checked without asking anybody: order of dates, structure of ids, agreement of number and type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from pipeline.domain.findings import Field, FieldSpec, Problem
from pipeline.understanding.codes import abbreviation_of
from pipeline.understanding.dictionary import document_type, document_types
from pipeline.understanding.fields import with_problem
from pipeline.understanding.folding import fold
from pipeline.understanding.messages import describe
from pipeline.understanding.phrases import provinces

#: The most confidence a field keeps after a check that speaks against it.
DOUBTED = 0.5
_ORDER = (
    ("ngay_sinh", "ngay_dang_ky"),
    ("ngay_sinh", "ngay_cap"),
    ("ngay_sinh", "ngay_het_han"),
    ("ngay_tiep_nhan", "ngay_hen_tra"),
    ("ngay_sinh_vo", "ngay_dang_ky"),
    ("ngay_sinh_chong", "ngay_dang_ky"),
)
_MAY_LIE_AHEAD = frozenset({"ngay_het_han", "ngay_hen_tra"})
_PEOPLE = (
    ("so_dinh_danh", "ngay_sinh", "gioi_tinh"),
    ("so_dinh_danh_vo", "ngay_sinh_vo", ""),
    ("so_dinh_danh_chong", "ngay_sinh_chong", ""),
)
_SEXES = {"so_dinh_danh_vo": "Nữ", "so_dinh_danh_chong": "Nam"}
_DOSSIER = re.compile(r"\d{3}(?:\.\d{2}){2}\.[A-Z]\d{2}-\d{6}-\d{4,5}")
_PHONE = re.compile(r"0(?:[235789]\d{8}|2\d{9})")


def check_fields(code: str, fields: Sequence[Field], today: date) -> tuple[Field, ...]:
    """``fields`` of a document of type ``code``, the doubted ones with a problem and less confidence."""
    by_key = {found.key: found for found in fields}
    specs = {spec.key: spec for spec in document_type(code).fields}
    for key, problem in _doubts(code, by_key, specs, today):
        by_key[key] = with_problem(by_key[key], problem, DOUBTED)
    return tuple(by_key.values())


def missing_fields(code: str, fields: Sequence[Field], known: Sequence[Problem]) -> tuple[Problem, ...]:
    """A problem for every required field that was not found and about which nothing is said in ``known``."""
    found = {one.key for one in fields} | {problem.field for problem in known}
    return tuple(
        describe("field_missing", spec) for spec in document_type(code).fields if spec.required and spec.key not in found
    )


def _doubts(
    code: str, by_key: Mapping[str, Field], specs: Mapping[str, FieldSpec], today: date
) -> Iterator[tuple[str, Problem]]:
    yield from _date_doubts(by_key, specs, today)
    for keys in _PEOPLE:
        yield from _id_doubts(keys, by_key, specs)
    yield from _number_doubts(code, by_key, specs)
    for key, code_name, pattern in (("ma_ho_so", "code_structure", _DOSSIER), ("so_dien_thoai", "phone_structure", _PHONE)):
        if key in by_key and not pattern.fullmatch(str(by_key[key].value)):
            yield key, describe(code_name, specs[key], text=str(by_key[key].value))


def _date_doubts(by_key: Mapping[str, Field], specs: Mapping[str, FieldSpec], today: date) -> Iterator[tuple[str, Problem]]:
    for key, spec in specs.items():
        if spec.type == "date" and key in by_key and key not in _MAY_LIE_AHEAD and str(by_key[key].value) > today.isoformat():
            yield key, describe("date_in_future", spec, text=str(by_key[key].value))
    for first, second in _ORDER:
        if first in by_key and second in by_key and str(by_key[first].value) > str(by_key[second].value):
            for key in (first, second):
                yield key, describe("dates_out_of_order", specs[key], text=str(by_key[second].value))


def _id_doubts(
    keys: tuple[str, str, str], by_key: Mapping[str, Field], specs: Mapping[str, FieldSpec]
) -> Iterator[tuple[str, Problem]]:
    key, birth, sex = keys
    if key not in by_key:
        return
    number = str(by_key[key].value)
    if number[:3] not in provinces():
        yield key, describe("id_structure", specs[key], text=number)
    century, male = 1900 + 100 * (int(number[3]) // 2), int(number[3]) % 2 == 0
    if birth in by_key and str(by_key[birth].value)[:4] != str(century + int(number[4:6])):
        for doubted in (key, birth):
            yield doubted, describe("id_disagrees_birth", specs[doubted], text=number)
    said = str(by_key[sex].value) if sex in by_key else _SEXES.get(key, "")
    if said in ("Nam", "Nữ") and (said == "Nam") != male:
        for doubted in (key, sex) if sex in by_key else (key,):
            yield doubted, describe("id_disagrees_sex", specs[doubted], text=number)


def _number_doubts(code: str, by_key: Mapping[str, Field], specs: Mapping[str, FieldSpec]) -> Iterator[tuple[str, Problem]]:
    found = by_key.get("so_ky_hieu")
    if found is None:
        return
    symbol = abbreviation_of(str(found.value))
    own = fold(document_type(code).abbreviation)
    others = {fold(kind.abbreviation) for kind in document_types() if kind.abbreviation} - {own}
    if own and symbol != own and not (code == "luat" and symbol.startswith(own)) and symbol in others:
        yield "so_ky_hieu", describe("number_disagrees_type", specs["so_ky_hieu"], text=str(found.value))
    year = re.search(r"/((?:19|20)\d\d)/", str(found.value))
    issued = by_key.get("ngay_ban_hanh")
    if year and issued and str(issued.value)[:4] != year[1]:
        for key in ("so_ky_hieu", "ngay_ban_hanh"):
            yield key, describe("number_disagrees_date", specs[key], text=str(found.value))
