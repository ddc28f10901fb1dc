"""The menu: the families of pages, each shown to whom may view it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.domain.people import Person
from pipeline.web.permissions import Act, Page, may


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: ``word`` is the key of its text."""

    path: str
    word: str
    page: Page


#: In the order in which they stand.
MENU = (
    Entry("/", "home", Page.STATE),
    Entry("/station", "station_page", Page.STATION),
    Entry("/batches", "batches_page", Page.BATCHES),
    Entry("/review", "review", Page.REVIEW),
    Entry("/rereadings", "rereadings_page", Page.REREADINGS),
    Entry("/find", "search", Page.FIND),
    Entry("/owners", "owners_page", Page.OWNER),
    Entry("/figures", "figures_page", Page.FIGURES),
    Entry("/accounts", "accounts", Page.ACCOUNTS),
    Entry("/systems", "systems_page", Page.SYSTEMS),
)


def menu_of(person: Person, path: str) -> tuple[tuple[Entry, bool], ...]:
    """What ``person`` may view, each with whether ``path`` is part of it."""
    shown = tuple(entry for entry in MENU if may(person, entry.page, Act.VIEW))
    return tuple((entry, path == entry.path or (entry.path != "/" and path.startswith(f"{entry.path}/"))) for entry in shown)
