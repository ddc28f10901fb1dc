"""How long papers are kept: classes of retention as data, and the last day of a paper's term."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

#: The type that stands for all others.
ANY = "*"


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """Papers of some ``types`` kept for so many ``years``, 0 for ever; ``basis`` is the legal one, ``title`` Vietnamese."""

    id: str
    title: str
    years: int
    basis: str
    types: tuple[str, ...]

    def last_day(self, received: date) -> date | None:
        """The last day of the term of a paper received then; None where it never ends."""
        return date(received.year + self.years, 12, 31) if self.years else None


@dataclass(frozen=True, slots=True)
class Retention:
    """The schedule of an installation."""

    version: str
    classes: tuple[RetentionClass, ...]

    def class_of(self, document_type: str) -> RetentionClass:
        """The class of papers of this type."""
        named = (one for one in self.classes if document_type in one.types)
        return next(named, None) or next(one for one in self.classes if ANY in one.types)


@cache
def shipped_retention() -> Retention:
    """The schedule that comes with the product."""
    return _parse((files("pipeline.archive") / "retention.toml").read_text(encoding="utf-8"), "retention.toml")


def load_retention(path: Path) -> Retention:
    """The schedule of an installation; raises ``ValueError`` for a faulty one."""
    return _parse(path.read_text(encoding="utf-8"), path.name)


def _parse(text: str, name: str) -> Retention:
    try:
        raw = tomllib.loads(text)
        classes = tuple(
            RetentionClass(one["id"], one["title"], int(one.get("years", 0)), one["basis"], tuple(one["types"]))
            for one in raw["class"]
        )
        made = Retention(str(raw["version"]), classes)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{name}: not a schedule of retention: {error!r}") from error
    if _faults(classes):
        raise ValueError(f"{name}: {'; '.join(_faults(classes))}")
    return made


def _faults(classes: Sequence[RetentionClass]) -> list[str]:
    listed = [kind for one in classes for kind in one.types]
    twice = sorted({kind for kind in listed if listed.count(kind) > 1})
    found = [f"{kind} stands in two classes" for kind in twice]
    if ANY not in listed:
        found.append('no class has the type "*", that of all other papers')
    return found + [f"class {one.id}: years may not be below 0" for one in classes if one.years < 0]
