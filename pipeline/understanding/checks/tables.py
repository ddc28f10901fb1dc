"""What checks know of the world, read from ``tables.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TypedDict

from pipeline.understanding.folding import fold


class _Data(TypedDict):
    issuers: dict[str, list[str]]
    assemblies: dict[str, list[int]]
    phones: dict[str, list[str]]
    people: dict[str, list[str]]
    phrases: dict[str, list[str]]
    limits: dict[str, list[int]]
    since: dict[str, date]


@cache
def issuers() -> Mapping[str, tuple[str, ...]]:
    """What the name of a body holds, folded, by the symbol that its numbers bear."""
    return {symbol: tuple(names) for symbol, names in _data()["issuers"].items()}


@cache
def assemblies() -> Mapping[str, range]:
    """The years of each term of the National Assembly by the symbol of its laws."""
    return {symbol: range(years[0], years[1] + 1) for symbol, years in _data()["assemblies"].items()}


@cache
def phones(kind: str) -> tuple[str, ...]:
    """Prefixes of telephone numbers: ``mobile``, ``former`` or ``landline``."""
    return tuple(_data()["phones"][kind])


@cache
def peoples() -> tuple[str, ...]:
    """The 54 peoples of the country."""
    return tuple(_data()["people"]["official"])


@cache
def known_peoples() -> frozenset[str]:
    """The peoples in every spelling that papers have, folded."""
    return frozenset(fold(name) for names in _data()["people"].values() for name in names)


@cache
def set_phrases(kind: str) -> tuple[str, ...]:
    """Set phrases: ``marriage`` and ``record`` folded, ``spelt`` and ``nations`` as they are written."""
    return tuple(_data()["phrases"][kind])


@cache
def limits(name: str) -> range:
    """A span of whole numbers, both ends included."""
    first, last = _data()["limits"][name]
    return range(first, last + 1)


@cache
def since(name: str) -> date:
    """The first day on which a rule is in force."""
    return _data()["since"][name]


@cache
def _data() -> _Data:
    return tomllib.loads(files(__package__).joinpath("tables.toml").read_text(encoding="utf-8"))  # type: ignore[return-value]
