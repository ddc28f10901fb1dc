"""How many papers would read otherwise now, and how many of those others hold: for a notice where people begin their day."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.beside import Beside
from pipeline.rereading_desk.desk import LOOKED_AT, Asked, Desk

#: Seconds for which what was found is believed.
BELIEVED = 60.0


@dataclass(frozen=True, slots=True)
class Noticed:
    """How many wait for somebody to decide, and how many of them others hold; ``more``: there are more than were counted."""

    waiting: int = 0
    held: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """The dossier of each that waits, and whether others hold the paper."""

    papers: tuple[tuple[str, bool], ...] = ()
    more: bool = False


class Notices:
    """Counts what waits at the desk, once a minute however often it is asked; safe from many threads."""

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk = desk
        self._found = Beside(self._count, _Found(), believed=BELIEVED, clock=clock)

    def look(self) -> None:
        """Count now; raises ``UnavailableError``."""
        self._found.look()

    def of(self, sees: Callable[[str], bool]) -> Noticed:
        """What waits of dossiers that whoever asks ``sees``, as it was counted last; never waits for the store."""
        found = self._found.last()
        held = [held for dossier, held in found.papers if sees(dossier)]
        return Noticed(len(held), sum(held), found.more)

    def _count(self) -> _Found:
        papers, more = self._desk.first(Asked(), LOOKED_AT)
        return _Found(tuple((one.document.dossier, bool(one.held_by)) for one in papers), more)
