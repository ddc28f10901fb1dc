"""Every administrative unit of both divisions: counts, succession, and that its address leads back to it."""

from __future__ import annotations

import hashlib
import tomllib
from importlib.resources import files

import pytest

from pipeline.understanding.folding import fold
from pipeline.understanding.units import address_units, parse_address, printed
from pipeline.understanding.units.gazetteer import heads, region

PACKAGE = files("pipeline.understanding.units")


@pytest.fixture(scope="module")
def new():
    """The communes of since July 2025 with their province."""
    return [(entry, here.province) for here in map(region, heads().provinces) for entry in here.communes.values()]


@pytest.fixture(scope="module")
def old():
    """The communes of June 2025 with district and province; an island district without communes stands for one."""
    districts = {entry.unit.code: entry for entry in heads().districts if not entry.former}
    rows = []
    for here in map(region, heads().provinces):
        for code, entries in here.before.items():
            rows += [(entry, districts[code], heads().before[districts[code].parent]) for entry in entries if not entry.former]
    return rows


def small(entry):
    return entry.unit.name[0].lower() + entry.unit.name[1:]


def test_the_file_is_the_one_its_manifest_names():
    manifest = tomllib.loads(PACKAGE.joinpath("manifest.toml").read_text(encoding="utf-8"))
    assert hashlib.sha256(PACKAGE.joinpath(manifest["file"]).read_bytes()).hexdigest() == manifest["sha256"]
    assert {package["licence"] for package in manifest["package"]} <= {"MIT", "BSD-3-Clause", "Apache-2.0"}


def test_there_are_as_many_units_as_the_resolutions_made(old, new):
    assert len(heads().before) == 63
    assert len({entry.unit.code for entry in heads().districts if not entry.former}) == 696
    assert len(old) == 10_040
    assert len(heads().provinces) == 34
    assert len(new) == 3_321


def test_every_old_commune_maps_into_the_province_that_its_own_went_into(old):
    for entry, _, province in old:
        home = region(heads().merged[province.unit.code])
        assert entry.successors, entry.unit
        assert set(entry.successors) <= set(home.communes), entry.unit


def test_every_new_commune_has_a_predecessor(old, new):
    assert {code for entry, _, _ in old for code in entry.successors} == {entry.unit.code for entry, _ in new}


def test_every_province_has_its_own_resolution():
    bases = {heads().arranged_by[code] for code in heads().provinces}
    assert len(bases) == 34
    numbers = sorted(int(basis.split()[3].split("/")[0]) for basis in bases)
    assert numbers == list(range(1654, 1688))


def test_the_address_of_every_old_commune_leads_to_it_and_says_what_it_is_today(old):
    for entry, district, province in old:
        names = [one for one in (entry, district, province) if not one.unit.code.startswith("D")]
        units = address_units("thôn 3, " + ", ".join(small(one) for one in names))
        assert [unit.code for unit in units.units] == [one.unit.code for one in reversed(names)], entry.unit
        if len(entry.successors) == 1:
            assert units.today[-1].code == entry.successors[0]
            assert not units.note
        else:
            assert tuple(unit.code for unit in units.successors) == entry.successors
            assert units.note
        assert units.basis
        assert units.since == "2025-07-01"


def test_the_address_of_every_new_commune_leads_to_it(new):
    for entry, province in new:
        parse = parse_address(f"{small(entry)}, {small(province)}".upper())
        assert [match.entry.unit.code for match in parse.matches] == [province.unit.code, entry.unit.code], entry.unit


def test_all_that_names_begin_with_and_that_has_the_letters_of_a_kind_is_known() -> None:
    """The names of all units, old and new; their kinds are taken off."""
    known = heads()
    entries = [*known.provinces.values(), *known.before.values(), *known.districts]
    for code in known.provinces:
        entries += [*region(code).communes.values(), *(old for olds in region(code).before.values() for old in olds)]
    firsts = {entry.name.split(" ")[0].lower() for entry in entries}
    assert {first for first in firsts if fold(first) in printed._HEADS} == printed._NAME_HEADS
