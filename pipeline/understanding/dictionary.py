"""The dictionary of document types, read from ``types.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypedDict

from pipeline.domain.findings import DocumentType, FieldSpec

#: What a page that is none of the others is called.
OTHER = "khac"


class _Spec(TypedDict):
    type: str
    required: bool
    label: str


class _Type(TypedDict, total=False):
    title: str
    abbreviation: str
    role: str
    group: str
    also: list[str]
    valid_for: str
    fields: dict[str, _Spec]


@cache
def document_types() -> tuple[DocumentType, ...]:
    """Every type of the dictionary in its order, the fields of its group included."""
    data = tomllib.loads(files(__package__).joinpath("types.toml").read_text(encoding="utf-8"))
    groups: Mapping[str, _Type] = data["groups"]
    types: Mapping[str, _Type] = data["types"]
    return tuple(_build(code, entry, groups) for code, entry in types.items())


@cache
def type_titles() -> Mapping[str, str]:
    """The Vietnamese names of the types of documents, by code."""
    return {kind.code: kind.title for kind in document_types()}


@cache
def field_labels() -> Mapping[str, Mapping[str, str]]:
    """The Vietnamese names of fields, by type and key."""
    return {kind.code: {spec.key: spec.label or spec.key for spec in kind.fields} for kind in document_types()}


@cache
def document_type(code: str) -> DocumentType:
    """The type named ``code``; raises ``KeyError`` where the dictionary has none."""
    return {kind.code: kind for kind in document_types()}[code]


@cache
def groups() -> Mapping[str, str]:
    """The group of every type that belongs to one, by type code."""
    data = tomllib.loads(files(__package__).joinpath("types.toml").read_text(encoding="utf-8"))
    return {code: entry["group"] for code, entry in data["types"].items() if "group" in entry}


def _build(code: str, entry: _Type, groups: Mapping[str, _Type]) -> DocumentType:
    specs = dict(groups[entry["group"]]["fields"]) if "group" in entry else {}
    specs |= entry.get("fields", {})
    return DocumentType(
        code=code,
        title=entry["title"],
        role=entry["role"],
        abbreviation=entry.get("abbreviation", ""),
        also=tuple(entry.get("also", ())),
        valid_for=entry.get("valid_for", ""),
        fields=tuple(FieldSpec(key, spec["type"], spec["required"], spec["label"]) for key, spec in specs.items()),
    )
