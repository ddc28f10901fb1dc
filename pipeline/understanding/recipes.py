"""Recipes: how each type is recognised and where its fields stand, one file of ``recipes`` for each type."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypedDict

_FULL_NAME = ("Họ, chữ đệm, tên", "Họ, chữ đệm và tên", "Họ và tên", "Họ, tên", "Họ tên")


@dataclass(frozen=True, slots=True)
class Rule:
    """How one field is found.

    ``labels`` are what is printed before it, ``section`` the part of the paper it must stand in (None: any, "": before
    the first section), ``after`` phrases it must follow, ``lines`` how many lines its value may take, ``zone`` where
    it stands when no label leads to it, ``sentence`` whether it is a part of running text.
    """

    key: str
    labels: tuple[str, ...] = ()
    section: str | None = None
    after: tuple[str, ...] = ()
    lines: int = 2
    zone: str = ""
    sentence: bool = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """How papers of one type look. ``titles`` are whole title lines, ``openings`` beginnings of longer ones."""

    code: str
    titles: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()
    hallmarks: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rules: tuple[Rule, ...] = ()


class _Field(TypedDict, total=False):
    labels: list[str]
    section: str
    after: list[str]
    lines: int
    zone: str
    sentence: bool


class _File(TypedDict, total=False):
    code: str
    extends: str
    titles: list[str]
    openings: list[str]
    hallmarks: list[str]
    stops: list[str]
    sections: dict[str, list[str]]
    fields: dict[str, _Field]


@cache
def recipes() -> Mapping[str, Recipe]:
    """The recipe of every type of the dictionary, by type code; a file without a code is what others extend."""
    found = (_build(data["code"], _completed(data)) for data in _files().values() if "code" in data)
    return {recipe.code: recipe for recipe in found}


@cache
def _files() -> Mapping[str, _File]:
    """Every file of the folder ``recipes``, by its name without suffix."""
    found: dict[str, _File] = {}
    for path in sorted(files(__package__).joinpath("recipes").iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".toml"):
            found[path.name.removesuffix(".toml")] = {**tomllib.loads(path.read_text(encoding="utf-8"))}  # type: ignore[typeddict-item]
    return found


def _completed(data: _File) -> _File:
    """``data`` with the fields of what it extends before its own."""
    if "extends" not in data:
        return data
    return {**data, "fields": {**_files()[data["extends"]].get("fields", {}), **data.get("fields", {})}}


def _build(code: str, entry: _File) -> Recipe:
    return Recipe(
        code=code,
        titles=tuple(entry.get("titles", ())),
        openings=tuple(entry.get("openings", ())),
        hallmarks=tuple(entry.get("hallmarks", ())),
        stops=tuple(entry.get("stops", ())),
        sections=tuple((name, _worded(labels)) for name, labels in entry.get("sections", {}).items()),
        rules=_rules(entry.get("fields", {})),
    )


def _worded(labels: Iterable[str]) -> tuple[str, ...]:
    """``labels``, those that ask for a full name in every usual wording."""
    found: list[str] = []
    for label in labels:
        opening = next((words for words in _FULL_NAME if label.startswith(words)), None)
        found += [label] if opening is None else [label, *(words + label[len(opening) :] for words in _FULL_NAME)]
    return tuple(dict.fromkeys(found))


def _rules(fields: Mapping[str, _Field]) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            key=key,
            labels=_worded(field.get("labels", ())),
            section=field.get("section"),
            after=tuple(field.get("after", ())),
            lines=field.get("lines", 2),
            zone=field.get("zone", ""),
            sentence=field.get("sentence", False),
        )
        for key, field in fields.items()
    )
