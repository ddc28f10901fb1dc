"""What signing in needs from outside: accounts, sessions, the count of failed tries, tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from pipeline.domain.people import Account, Factor, Notice, Session, Ticket


class People(Protocol):
    """Accounts and what hangs on them. Every call is one transaction; safe from many processes at once."""

    @property
    def factors(self) -> Factors:
        """Their second factors."""

    @property
    def notices(self) -> Notices:
        """What they are told."""

    def accounts(self) -> tuple[Account, ...]:
        """All of them, by login, those disabled included."""

    def account(self, account_id: str) -> Account | None:
        """The account of this id."""

    def by_login(self, login: str) -> Account | None:
        """The account of this login."""

    def by_subject(self, issuer: str, subject: str) -> Account | None:
        """The account that an identity provider vouches for."""

    def enter(self, account: Account) -> None:
        """Hold a new account. Raises ``ValueError`` where another one has its id, login or subject."""

    def keep(self, account: Account) -> None:
        """Hold what an account is now; one that was never entered is not."""

    def open_session(self, session: Session) -> None:
        """Hold a session."""

    def session(self, key: str) -> tuple[Session, Account] | None:
        """The session of this key, with whose it is."""

    def sessions(self, account_id: str) -> tuple[Session, ...]:
        """All sessions of an account, the newest first."""

    def touch_session(self, key: str, seen: datetime) -> None:
        """Note that the session was used."""

    def close_session(self, key: str) -> None:
        """Forget the session; an unknown one is fine."""

    def close_sessions(self, account_id: str, *, but: str = "") -> int:
        """Forget all sessions of an account, without that of the key ``but``; how many there were."""

    def count_try(self, what: str, at: datetime, forgotten: datetime) -> tuple[int, datetime | None]:
        """Count one more try on ``what``; how many there have been before it, and when the last of them was.

        Tries count from none again once the last of them was before ``forgotten``. Of two at once each sees another count.
        """

    def tries(self, what: str, forgotten: datetime) -> tuple[int, datetime | None]:
        """How many tries on ``what`` count, and when the last of them was."""

    def clear_tries(self, what: str) -> None:
        """Count from none again."""

    def hand_in(self, account_id: str, day: date, size: int, files: int, total: int) -> bool:
        """Count a file of ``size`` bytes that the person hands in on ``day``; False where that is past ``files`` or ``total``.

        What is past it is not counted. Of many at once each counts.
        """

    def give_ticket(self, ticket: Ticket) -> None:
        """Hold a ticket."""

    def ticket(self, key: str) -> Ticket | None:
        """The ticket of this key, whether or not it is over."""

    def drop_stale(self, sessions_unseen_since: datetime, tickets_over_at: datetime) -> None:
        """Forget sessions and tickets that nobody can use any more."""


class Factors(Protocol):
    """Second factors with their codes of recovery, of which only hashes are held."""

    def factor(self, account_id: str) -> Factor | None:
        """The second factor of an account."""

    def all(self) -> tuple[Factor, ...]:
        """All of them."""

    def set(self, factor: Factor, codes: Sequence[str]) -> None:
        """Hold a factor with its codes in the place of what there was."""

    def reseal(self, account_id: str, before: str, secret: str) -> bool:
        """Hold the same secret otherwise encrypted; False where it is no longer the one that was ``before``."""

    def drop(self, account_id: str) -> bool:
        """Forget the factor and its codes; whether there was one."""

    def use_step(self, account_id: str, step: int) -> bool:
        """Have the code of this time step used up; False where it, or one of a later step, was used already."""

    def codes(self, account_id: str) -> tuple[str, ...]:
        """The hashes of the codes of recovery that are left."""

    def use_code(self, account_id: str, kept: str) -> bool:
        """Forget the code of this hash; False where there is none: of two at once one alone is right."""


class Notices(Protocol):
    """What people are told about their accounts."""

    def tell(self, notice: Notice) -> None:
        """Hold a notice."""

    def of(self, account_id: str, *, limit: int = 50) -> tuple[Notice, ...]:
        """The notices of an account, the newest first."""

    def mark_read(self, account_id: str) -> None:
        """Note that all of them were seen."""


class IdentityProvider(Protocol):
    """Who vouches for people (OpenID Connect). Raises ``UnavailableError`` where it is away."""

    @property
    def issuer(self) -> str:
        """What it calls itself."""

    def departure(self, callback: str, key: str) -> str:
        """The address that a browser goes to; what it takes along is made of ``key``, which only that browser holds."""

    def vouch(self, callback: str, key: str, answer: Mapping[str, str]) -> Mapping[str, Any]:
        """The claims about the person who came back to ``callback`` with ``answer``, proven to be for us and for ``key``.

        Raises ``NotEntitledError`` where anything does not fit.
        """
