"""What is not to be read again, and when: one rule for whoever asks, at a terminal or on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline import flow
from pipeline.domain.documents import SETTLED, Document, Status
from pipeline.domain.releases import Released
from pipeline.flow import FlowPorts, Wish
from pipeline.ports import Catalogue
from pipeline.rereading_desk.previews import Previews


class Why(StrEnum):
    """Why a document is not read again."""

    IN_WORK = "in_work"
    ERASED = "erased"
    NEVER_READ = "never_read"
    CHANGED_SINCE = "changed_since"
    READ_OTHERWISE = "read_otherwise"
    READ_SO = "read_so"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Spared:
    """Why a document is not read again; ``told`` says it at a terminal."""

    why: Why
    told: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a difference was shown for: the revision, and what was to read it anew (empty: not known)."""

    revision: int
    made_with: str = ""


@dataclass(frozen=True, slots=True)
class Restraint:
    """What is not to be read again, and when. ``again``: also what this very edition and engine read last.

    ``spare_held``: nothing that was released to somebody. ``accepted``: only documents whose newest revision, and what is to
    read them, are still those that the difference was shown for. ``background``: only while no other document waits to be
    read, few at a time.
    """

    again: bool = False
    spare_held: bool = False
    accepted: Mapping[str, Accepted] | None = None
    background: bool = False


#: Everything may be read again but what this very edition and engine read last.
UNRESTRAINED = Restraint()


def why_not(document: Document, made_with: str, catalogue: Catalogue, restraint: Restraint) -> Spared | None:
    """Why a document is not read again by what ``made_with`` names; None where it is."""
    if document.status not in SETTLED:
        return Spared(Why.IN_WORK, "it is being read")
    if document.status is Status.ERASED:
        return Spared(Why.ERASED, "it was erased")
    if document.revision == 0:
        return Spared(Why.NEVER_READ, "it was never read: hand it in again with `sohoa submit`")
    return _restrained(document, made_with, catalogue, restraint)


def _restrained(document: Document, made_with: str, catalogue: Catalogue, restraint: Restraint) -> Spared | None:
    """Why a document that could be read again is not to be; None where it is."""
    if restraint.accepted is not None:
        shown = restraint.accepted.get(document.id)
        if shown is None or shown.revision != document.revision:
            told = "it has another revision than the difference that was accepted was shown for"
            return Spared(Why.CHANGED_SINCE, told)
        if shown.made_with not in {"", made_with}:
            told = "the difference was shown for another engine or edition: name that --engine, or have it shown anew"
            return Spared(Why.READ_OTHERWISE, told)
    if document.made_with == made_with and not restraint.again:
        return Spared(Why.READ_SO, "already read so (--again reads it nonetheless)")
    if restraint.spare_held and (held := catalogue.releases.fetchers(document.id)):
        return Spared(Why.HELD, f"it was released to {', '.join(sorted({one.system for one in held}))}")
    return None


def begin(document: Document, wish: Wish, ports: FlowPorts) -> None:
    """Have the workers read it; what was to be decided about it is decided by that. May be repeated."""
    flow.read_again(document.id, wish, ports)
    Previews(ports.store, ports.clock).forget(document.id)


def holders_of(document: Document, catalogue: Catalogue, *, values_change: bool) -> tuple[Released, ...]:
    """Who was given values of a document that read otherwise now; nobody where only its text or doubts do."""
    return catalogue.releases.fetchers(document.id) if values_change else ()
