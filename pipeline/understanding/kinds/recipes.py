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
    it stands when no label leads to it, ``sentence`` whether it is a part of running text. A name
    is said again behind ``mentions`` and under signatures headed by ``signed``.
    """

    key: str
    labels: tuple[str, ...] = ()
    section: str | None = None
    after: tuple[str, ...] = ()
    lines: int = 2
    zone: str = ""
    sentence: bool = False
    mentions: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnerFields:
    """The keys of the fields that name one owner of a paper; empty where the type has no such field."""

    id12: str = ""
    name: str = ""
    birth_date: str = ""


@dataclass(frozen=True, slots=True)
class ValidityFields:
    """The keys of the fields that say when and for what a paper holds; ``unlimited`` where the law knows no term."""

    issued: str = ""
    until: str = ""
    term: str = ""
    conditions: tuple[str, ...] = ()
    unlimited: bool = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """How papers of one type look. ``titles`` are whole title lines, ``openings`` beginnings of longer ones.

    ``hallmarks`` are what is printed on all of them, each in one or several wordings, parted by bars.
    ``owners`` and ``validity`` name the fields that say whose the paper is and how long it holds.
    """

    code: str
    titles: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()
    hallmarks: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rules: tuple[Rule, ...] = ()
    owners: tuple[OwnerFields, ...] = ()
    validity: ValidityFields | None = None


class _Field(TypedDict, total=False):
    labels: list[str]
    section: str
    after: list[str]
    lines: int
    zone: str
    sentence: bool
    mentions: list[str]
    signed: list[str]


class _Owner(TypedDict, total=False):
    id12: str
    name: str
    birth_date: str


class _Validity(TypedDict, total=False):
    issued: str
    until: str
    term: str
    conditions: list[str]
    unlimited: bool


class _File(TypedDict, total=False):
    code: str
    extends: str
    titles: list[str]
    openings: list[str]
    hallmarks: list[str]
    stops: list[str]
    sections: dict[str, list[str]]
    fields: dict[str, _Field]
    owners: list[_Owner]
    validity: _Validity


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
    """``data`` with the fields of what it extends before its own, and with its validity where it has none."""
    if "extends" not in data:
        return data
    shared = _files()[data["extends"]]
    fields = {**shared.get("fields", {}), **data.get("fields", {})}
    return {**data, "fields": fields, "validity": data.get("validity", shared.get("validity", {}))}


def _build(code: str, entry: _File) -> Recipe:
    return Recipe(
        code=code,
        titles=tuple(entry.get("titles", ())),
        openings=tuple(entry.get("openings", ())),
        hallmarks=tuple(entry.get("hallmarks", ())),
        stops=tuple(entry.get("stops", ())),
        sections=tuple((name, _worded(labels)) for name, labels in entry.get("sections", {}).items()),
        rules=_rules(entry.get("fields", {})),
        owners=tuple(OwnerFields(**owner) for owner in entry.get("owners", ())),
        validity=_validity(entry.get("validity", {})),
    )


def _validity(entry: _Validity) -> ValidityFields | None:
    if not entry:
        return None
    return ValidityFields(
        issued=entry.get("issued", ""),
        until=entry.get("until", ""),
        term=entry.get("term", ""),
        conditions=tuple(entry.get("conditions", ())),
        unlimited=entry.get("unlimited", False),
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
            mentions=tuple(field.get("mentions", ())),
            signed=tuple(field.get("signed", ())),
        )
        for key, field in fields.items()
    )
