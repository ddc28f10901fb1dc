"""The installation's procedures at hand: found by code or by words of the name, and which papers each asks for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from threading import Lock

from pipeline.domain.errors import NotFoundError
from pipeline.domain.folding import fold
from pipeline.domain.procedures import Procedure
from pipeline.ports import Catalogue
from pipeline.registers import Registers
from pipeline.understanding import OTHER, document_types

#: Procedures that are offered at once.
OFFERED = 12


class Need(StrEnum):
    """How it stands with a paper that a procedure asks for. ``unknown``: no type of document is told by its name."""

    TAKEN = "taken"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Needed:
    """A paper that a procedure asks for, as its list words it."""

    name: str
    need: Need


@dataclass(slots=True)
class _Shelf:
    number: int = -1
    procedures: dict[str, Procedure] = field(default_factory=dict)
    folded: list[tuple[str, str]] = field(default_factory=list)


class ProcedureShelf:
    """The newest list of procedures, held ready; safe from many threads."""

    def __init__(self, catalogue: Catalogue, registers: Registers) -> None:
        self._catalogue = catalogue
        self._registers = registers
        self._lock = Lock()
        self._shelf = _Shelf()

    def find(self, asked: str) -> tuple[Procedure, ...]:
        """At most :data:`OFFERED` procedures in force whose code begins so, or whose name holds all these words.

        With tone marks or without; words may be cut short. Names that hold it as it was typed come first, marks and all, then
        those that hold its words side by side, then the shorter ones.
        """
        shelf = self._current()
        text = fold(asked)
        if not text:
            return ()
        code = "".join(asked.split())
        by_code = [one for one in shelf.procedures.values() if code[:1].isdigit() and one.code.startswith(code)]
        words = text.split()
        typed = " ".join(unicodedata.normalize("NFC", asked).casefold().split())
        by_name = sorted(
            (
                typed not in shelf.procedures[key].name.casefold(),
                f" {text} " not in f" {name} ",
                text not in name,
                len(name),
                key,
            )
            for key, name in shelf.folded
            if _holds(name, words)
        )
        named = [shelf.procedures[key] for *_, key in by_name]
        found = dict.fromkeys(one.code for one in (*by_code, *named) if not one.withdrawn)
        return tuple(shelf.procedures[key] for key in list(found)[:OFFERED])

    def named(self, code: str) -> Procedure | None:
        """The procedure of this code, also one that is in force no more; None where the list does not have it."""
        return self._current().procedures.get(code)

    @property
    def is_empty(self) -> bool:
        """Whether no list was imported."""
        return not self._current().procedures

    def _current(self) -> _Shelf:
        number = self._catalogue.procedures_held()
        with self._lock:
            if self._shelf.number != number:
                listed = self._listed(number)
                folded = [(one.code, fold(one.name)) for one in listed]
                self._shelf = _Shelf(number, {one.code: one for one in listed}, folded)
            return self._shelf

    def _listed(self, number: int) -> Sequence[Procedure]:
        try:
            return self._registers.listed(number) if number else ()
        except NotFoundError:
            return self._catalogue.procedures()


def _holds(name: str, words: Iterable[str]) -> bool:
    return all(name.startswith(word) or f" {word}" in name for word in words)


def checklist(procedure: Procedure | None, taken: Iterable[str]) -> tuple[Needed, ...]:
    """How it stands with the papers that a procedure asks for, given the types of those ``taken`` in."""
    there = set(taken)
    if procedure is None:
        return ()
    return tuple(Needed(name, _need(types_named(name), there)) for name in procedure.components)


def _need(types: frozenset[str], there: set[str]) -> Need:
    if not types:
        return Need.UNKNOWN
    return Need.TAKEN if types & there else Need.MISSING


def types_named(name: str) -> frozenset[str]:
    """The types of documents that the wording of a paper names: those whose title, the longest first, stands in it."""
    text, found = f" {fold(name)} ", set()
    for title, code in _titles():
        if f" {title} " in text:
            found.add(code)
            text = text.replace(f" {title} ", "  ")
    return frozenset(found)


@cache
def _titles() -> tuple[tuple[str, str], ...]:
    """Folded titles with their types, the longest first."""
    named = [(fold(title), kind.code) for kind in document_types() if kind.code != OTHER for title in (kind.title, *kind.also)]
    return tuple(sorted(named, key=lambda one: -len(one[0])))
