"""Who may do what on which page: one table, and nothing else decides it."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from pipeline.domain.people import Person, Role


class Page(StrEnum):
    """A family of pages."""

    STATE = "state"
    FIND = "find"
    DOCUMENT = "document"
    DOSSIER = "dossier"
    OWNER = "owner"
    STATION = "station"
    BATCHES = "batches"
    REVIEW = "review"
    REREADINGS = "rereadings"
    FIGURES = "figures"
    ACCOUNTS = "accounts"
    SYSTEMS = "systems"


class Act(StrEnum):
    """What is done there. ``decide``: what binds the house, such as approving, signing, archiving."""

    VIEW = "view"
    CHANGE = "change"
    DECIDE = "decide"
    EXPORT = "export"


_OPERATOR, _REVIEWER, _RECORDS, _MANAGER, _ADMINISTRATOR = Role
_WITH_PAPERS = frozenset({_OPERATOR, _REVIEWER, _RECORDS})

#: What is not in it nobody may do. Papers are seen of one's own offices alone, whatever the role.
MAY = MappingProxyType(
    {
        (Page.STATE, Act.VIEW): frozenset(Role),
        (Page.FIND, Act.VIEW): _WITH_PAPERS,
        (Page.DOCUMENT, Act.VIEW): _WITH_PAPERS,
        (Page.DOCUMENT, Act.EXPORT): _WITH_PAPERS,
        (Page.DOSSIER, Act.VIEW): _WITH_PAPERS,
        (Page.DOSSIER, Act.CHANGE): frozenset({_OPERATOR, _RECORDS}),
        (Page.OWNER, Act.VIEW): frozenset({_REVIEWER, _RECORDS}),
        (Page.STATION, Act.VIEW): frozenset({_OPERATOR}),
        (Page.STATION, Act.CHANGE): frozenset({_OPERATOR}),
        (Page.BATCHES, Act.VIEW): frozenset({_OPERATOR, _RECORDS}),
        (Page.BATCHES, Act.CHANGE): frozenset({_OPERATOR, _RECORDS}),
        (Page.BATCHES, Act.EXPORT): frozenset({_OPERATOR, _RECORDS}),
        (Page.REVIEW, Act.VIEW): frozenset({_OPERATOR, _REVIEWER}),
        (Page.REVIEW, Act.CHANGE): frozenset({_OPERATOR, _REVIEWER}),
        (Page.REVIEW, Act.DECIDE): frozenset({_REVIEWER}),
        (Page.REREADINGS, Act.VIEW): frozenset({_RECORDS}),
        (Page.REREADINGS, Act.DECIDE): frozenset({_RECORDS}),
        (Page.FIGURES, Act.VIEW): frozenset({_MANAGER}),
        (Page.FIGURES, Act.EXPORT): frozenset({_MANAGER}),
        (Page.ACCOUNTS, Act.VIEW): frozenset({_ADMINISTRATOR}),
        (Page.ACCOUNTS, Act.CHANGE): frozenset({_ADMINISTRATOR}),
        (Page.SYSTEMS, Act.VIEW): frozenset({_ADMINISTRATOR}),
        (Page.SYSTEMS, Act.CHANGE): frozenset({_ADMINISTRATOR}),
    }
)


def may(person: Person, page: Page, act: Act) -> bool:
    """Whether one of the person's roles allows it."""
    return bool(person.roles & MAY.get((page, act), frozenset()))
