"""The groups of an owner's repository (Thông tư 01/2023/TT-VPCP, article 24), as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Shows(StrEnum):
    """What a group shows."""

    IDENTITY = "identity"
    DOSSIERS = "dossiers"
    HISTORY = "history"
    RESULTS = "results"
    COPIES = "copies"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its names."""

    shows: Shows
    vi: str
    en: str

    def title(self, language: str) -> str:
        """Its name in a language."""
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Groups:
    """All groups in their order, their legal basis, and the types of papers that say who somebody is."""

    listed: tuple[Group, ...]
    basis: str
    identity_types: frozenset[str]


@cache
def groups() -> Groups:
    """The groups as they come with the product."""
    raw: dict[str, Any] = tomllib.loads(files(__package__).joinpath("groups.toml").read_text(encoding="utf-8"))
    listed = tuple(Group(Shows(one["shows"]), one["vi"], one["en"]) for one in raw["groups"])
    return Groups(listed, raw["basis"], frozenset(raw["identity_types"]))
