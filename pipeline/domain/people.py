"""Who works with the house: people, what they are, and whose papers they see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

#: Among somebody's offices: the papers of every office, and those that belong to none.
ALL_OFFICES = "*"

#: An agency's code as QCVN 102:2016/BTTTT and Decision 20/2020/QĐ-TTg write it: ``000.00.16.H05``, ``H05.16``, ``G22``.
AGENCY = re.compile(r"(?:\d{2,3}\.){0,4}[A-Z]\d{2}(?:\.\d{2,3}){0,4}")


class Role(StrEnum):
    """What somebody is in the house."""

    OPERATOR = "operator"
    REVIEWER = "reviewer"
    RECORDS_OFFICER = "records_officer"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in. ``id`` never changes and is what the audit log names; ``offices`` are agency codes."""

    id: str
    name: str
    roles: frozenset[Role] = frozenset()
    offices: frozenset[str] = frozenset()

    @property
    def scope(self) -> tuple[str, ...] | None:
        """The offices whose papers the person may see, for ports that look documents up; None: all papers."""
        return None if ALL_OFFICES in self.offices else tuple(sorted(self.offices))

    def sees(self, dossier: str) -> bool:
        """Whether papers of ``dossier`` are among those that the person may see."""
        return ALL_OFFICES in self.offices or office_of(dossier) in self.offices


@dataclass(frozen=True, slots=True)
class Account:
    """What is kept of a person. ``login`` is lower case and unique.

    ``password`` is an argon2id hash, empty where an identity provider vouches for the person: then ``issuer`` and ``subject``
    name them there. ``renewed`` is when the password was set; ``provisional``: by somebody else, so that it must be changed.
    ``second_factor`` is since when one-time codes are asked for; kept with the factor itself, not with the account.
    """

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    offices: frozenset[str]
    created_at: datetime
    password: str = ""
    provisional: bool = False
    renewed: datetime | None = None
    disabled: bool = False
    issuer: str = ""
    subject: str = ""
    second_factor: datetime | None = None

    @property
    def person(self) -> Person:
        """Who it is of."""
        return Person(self.id, self.name, self.roles, self.offices)


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that lasts. ``key`` is the sha256 of what the browser holds; ``seen`` is when it was last used.

    ``waiting``: the password was right and the second factor is still to come, so that it opens nothing. ``proven`` is when
    the second factor was last proven.
    """

    key: str
    account: str
    begun: datetime
    seen: datetime
    waiting: bool = False
    proven: datetime | None = None


@dataclass(frozen=True, slots=True)
class Factor:
    """The second factor of an account: a generator of one-time codes (RFC 6238).

    ``secret`` is encrypted. ``step`` is the last time step whose code was used, ``since`` when it was set up.
    """

    account: str
    secret: str
    since: datetime
    step: int = 0


class News(StrEnum):
    """What people are told about their own accounts."""

    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of news
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind of news
    RIGHTS_CHANGED = "rights_changed"
    DISABLED = "disabled"
    ENABLED = "enabled"
    FACTOR_SET = "factor_set"
    FACTOR_REMOVED = "factor_removed"
    FACTOR_RESET = "factor_reset"
    CODES_RENEWED = "codes_renewed"
    CODE_SPENT = "code_spent"
    CODE_REPLAYED = "code_replayed"
    LOCKED = "locked"
    NEW_PLACE = "new_place"
    MUCH_READ = "much_read"
    MUCH_ASKED = "much_asked"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that somebody is told about the own account; ``by`` is who did it, ``address`` from where."""

    id: str
    account: str
    at: datetime
    news: News
    by: str = ""
    address: str = ""
    read: bool = False


@dataclass(frozen=True, slots=True)
class Ticket:
    """Leave to fetch one file of one document until ``until``, given by ``giver``; ``key`` as of a session."""

    key: str
    document: str
    name: str
    giver: str
    until: datetime


def office_of(dossier: str) -> str:
    """The agency code that a dossier's code begins with; empty for names of folders and the like."""
    code = dossier.partition("-")[0]
    return code if AGENCY.fullmatch(code) else ""
