"""The dictionary and its recipes belong together."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from pipeline.understanding.dictionary import document_type, document_types, groups
from pipeline.understanding.kinds.recipes import recipes
from pipeline.understanding.values.interpretation import _BY_TYPE
from pipeline.understanding.zones.administrative import _ZONES

CODES = [kind.code for kind in document_types()]


def test_every_type_of_the_dictionary_stands_there_once() -> None:
    assert len(CODES) == len(set(CODES)) == 37


@pytest.mark.parametrize("code", CODES)
def test_every_type_has_a_recipe_that_reaches_every_field(code: str) -> None:
    recipe = recipes()[code]
    fields = {spec.key: spec for spec in document_type(code).fields}
    assert {rule.key for rule in recipe.rules} == set(fields)
    for rule in recipe.rules:
        assert rule.labels or rule.zone
        assert not rule.zone or rule.zone in _ZONES
        assert rule.section in (None, "", *(name for name, _ in recipe.sections))


@pytest.mark.parametrize("code", CODES)
def test_every_value_type_can_be_interpreted(code: str) -> None:
    assert {spec.type for spec in document_type(code).fields} <= set(_BY_TYPE)


@pytest.mark.parametrize("code", CODES)
def test_every_type_has_a_file_of_its_own_that_bears_its_name(code: str) -> None:
    path = files("pipeline.understanding.kinds").joinpath("recipes", f"{code}.toml")
    assert tomllib.loads(path.read_text(encoding="utf-8"))["code"] == code


def test_papers_of_decree_30_share_their_zones() -> None:
    members = [recipes()[code] for code in groups()]
    assert len(members) == 26
    zones = {rule.key: rule.zone for rule in members[0].rules}
    assert zones["so_ky_hieu"] == "number"
    assert all({rule.key: rule.zone for rule in member.rules} == zones for member in members)


def test_recipes_name_no_type_that_the_dictionary_lacks() -> None:
    assert set(recipes()) == set(CODES)


@pytest.mark.needs_shared
def test_the_dictionary_says_what_the_contract_says(shared) -> None:
    import yaml

    contract = yaml.safe_load((shared / "contracts" / "document_types.yaml").read_text(encoding="utf-8"))
    assert list(contract["types"]) == CODES
    for code, entry in contract["types"].items():
        kind = document_type(code)
        fields = {**(contract["groups"][entry["group"]]["fields"] if "group" in entry else {}), **(entry.get("fields") or {})}
        assert {spec.key: (spec.type, spec.required) for spec in kind.fields} == {
            key: (field["type"], field["req"]) for key, field in fields.items()
        }
        assert (kind.title, kind.role, kind.abbreviation) == (entry["title"], entry["role"], entry.get("abbreviation", ""))
        assert list(kind.also) == entry.get("also", [])
