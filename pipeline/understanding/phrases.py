"""Words that stand on papers again and again, read from ``phrases.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypedDict


class _Data(TypedDict):
    provinces: dict[str, str]
    phrases: dict[str, list[str]]


@cache
def provinces() -> Mapping[str, str]:
    """The names of the 63 provinces by the three digits that begin a personal id."""
    return _data()["provinces"]


@cache
def phrases(kind: str) -> tuple[str, ...]:
    """The set phrases of ``kind``: issuers, signers, heads, dependent, symbols, surnames."""
    return tuple(_data()["phrases"][kind])


@cache
def _data() -> _Data:
    data = tomllib.loads(files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8"))
    return {"provinces": data["provinces"], "phrases": data["phrases"]}
