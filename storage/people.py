"""Accounts, sessions, tries and tickets in SQL."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from pipeline.domain.people import Account, Role, Session, Ticket
from storage.database import Database
from storage.factor_tables import handed_in, second_factors
from storage.factors import SqlFactors, SqlNotices
from storage.tables import accounts, sessions, tickets, tries

#: Any number, the same everywhere: who counts a try, or a file, on PostgreSQL holds this lock.
_TRIES_LOCK = 7_171_947

#: Accounts with since when they have a second factor.
_WITH_FACTOR = accounts.outerjoin(second_factors, second_factors.c.account == accounts.c.id)
_ACCOUNTS = select(accounts, second_factors.c.since).select_from(_WITH_FACTOR)


class SqlPeople:
    """``People`` beside the catalogue, in the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.factors = SqlFactors(database)
        self.notices = SqlNotices(database)

    def accounts(self) -> tuple[Account, ...]:
        """All of them, by login, those disabled included."""
        with self._database.read() as connection:
            return tuple(_account(row) for row in connection.execute(_ACCOUNTS.order_by(accounts.c.login)))

    def account(self, account_id: str) -> Account | None:
        """The account of this id."""
        return self._find(accounts.c.id == account_id)

    def by_login(self, login: str) -> Account | None:
        """The account of this login."""
        return self._find(accounts.c.login == login)

    def by_subject(self, issuer: str, subject: str) -> Account | None:
        """The account that an identity provider vouches for."""
        return self._find(accounts.c.identity == _identity(issuer, subject))

    def enter(self, account: Account) -> None:
        """Hold a new account. Raises ``ValueError`` where another one has its id, login or subject."""
        try:
            with self._database.write() as connection:
                connection.execute(insert(accounts).values(_values(account)))
        except IntegrityError as error:
            raise ValueError(f"there is an account {account.login!r} already") from error

    def keep(self, account: Account) -> None:
        """Hold what an account is now; one that was never entered is not."""
        with self._database.write() as connection:
            connection.execute(update(accounts).where(accounts.c.id == account.id).values(_values(account)))

    def open_session(self, session: Session) -> None:
        """Hold a session."""
        values = {
            "key": session.key,
            "account": session.account,
            "begun": session.begun,
            "seen": session.seen,
            "waiting": int(session.waiting),
            "proven": session.proven,
        }
        with self._database.write() as connection:
            connection.execute(insert(sessions).values(values))

    def session(self, key: str) -> tuple[Session, Account] | None:
        """The session of this key, with whose it is."""
        whole = _WITH_FACTOR.join(sessions, sessions.c.account == accounts.c.id)
        asked = select(sessions, accounts, second_factors.c.since).select_from(whole)
        with self._database.read() as connection:
            row = connection.execute(asked.where(sessions.c.key == key)).one_or_none()
        return None if row is None else (_session(row), _account(row))

    def sessions(self, account_id: str) -> tuple[Session, ...]:
        """All sessions of an account, the newest first."""
        asked = select(sessions).where(sessions.c.account == account_id).order_by(sessions.c.begun.desc(), sessions.c.key)
        with self._database.read() as connection:
            return tuple(_session(row) for row in connection.execute(asked))

    def touch_session(self, key: str, seen: datetime) -> None:
        """Note that the session was used."""
        with self._database.write() as connection:
            connection.execute(update(sessions).where(sessions.c.key == key).values(seen=seen))

    def close_session(self, key: str) -> None:
        """Forget the session; an unknown one is fine."""
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.key == key))

    def close_sessions(self, account_id: str, *, but: str = "") -> int:
        """Forget all sessions of an account, without that of the key ``but``; how many there were."""
        with self._database.write() as connection:
            others = delete(sessions).where(sessions.c.account == account_id, sessions.c.key != but)
            return int(connection.execute(others).rowcount)

    def count_try(self, what: str, at: datetime, forgotten: datetime) -> tuple[int, datetime | None]:
        """Count one more try on ``what``; how many there have been before it, and when the last of them was."""
        with self._database.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TRIES_LOCK})
            count, last = _tries(connection, what, forgotten)
            connection.execute(delete(tries).where((tries.c.what == what) | (tries.c.at < forgotten)))
            connection.execute(insert(tries).values(what=what, count=count + 1, at=at))
            return count, last

    def tries(self, what: str, forgotten: datetime) -> tuple[int, datetime | None]:
        """How many tries on ``what`` count, and when the last of them was."""
        with self._database.read() as connection:
            return _tries(connection, what, forgotten)

    def clear_tries(self, what: str) -> None:
        """Count from none again."""
        with self._database.write() as connection:
            connection.execute(delete(tries).where(tries.c.what == what))

    def hand_in(self, account_id: str, day: date, size: int, files: int, total: int) -> bool:
        """Count a file that the person hands in on ``day``; False where that is past ``files`` or ``total`` bytes."""
        of_day = (handed_in.c.account == account_id) & (handed_in.c.day == day.isoformat())
        with self._database.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TRIES_LOCK})
            row = connection.execute(select(handed_in.c.files, handed_in.c.bytes).where(of_day)).one_or_none()
            count, held = (1, size) if row is None else (row[0] + 1, row[1] + size)
            if count > files or held > total:
                return False
            connection.execute(delete(handed_in).where(handed_in.c.account == account_id))
            values = {"account": account_id, "day": day.isoformat(), "files": count, "bytes": held}
            connection.execute(insert(handed_in).values(values))
            return True

    def give_ticket(self, ticket: Ticket) -> None:
        """Hold a ticket."""
        values = {
            "key": ticket.key,
            "document": ticket.document,
            "name": ticket.name,
            "giver": ticket.giver,
            "until": ticket.until,
        }
        with self._database.write() as connection:
            connection.execute(insert(tickets).values(values))

    def ticket(self, key: str) -> Ticket | None:
        """The ticket of this key, whether or not it is over."""
        with self._database.read() as connection:
            row = connection.execute(select(tickets).where(tickets.c.key == key)).one_or_none()
        return None if row is None else Ticket(row.key, row.document, row.name, row.giver, row.until)

    def drop_stale(self, sessions_unseen_since: datetime, tickets_over_at: datetime) -> None:
        """Forget sessions and tickets that nobody can use any more."""
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.seen < sessions_unseen_since))
            connection.execute(delete(tickets).where(tickets.c.until < tickets_over_at))

    def _find(self, condition: ColumnElement[bool]) -> Account | None:
        with self._database.read() as connection:
            row = connection.execute(_ACCOUNTS.where(condition)).one_or_none()
        return None if row is None else _account(row)


def _tries(connection: Connection, what: str, forgotten: datetime) -> tuple[int, datetime | None]:
    row = connection.execute(select(tries).where(tries.c.what == what, tries.c.at >= forgotten)).one_or_none()
    return (0, None) if row is None else (int(row[1]), row.at)


def _identity(issuer: str, subject: str) -> str:
    return f"{issuer} {subject}"


def _values(account: Account) -> dict[str, object]:
    return {
        "id": account.id,
        "login": account.login,
        "name": account.name,
        "roles": " ".join(sorted(account.roles)),
        "offices": " ".join(sorted(account.offices)),
        "created_at": account.created_at,
        "password": account.password,
        "provisional": int(account.provisional),
        "renewed": account.renewed,
        "disabled": int(account.disabled),
        "identity": _identity(account.issuer, account.subject) if account.issuer else None,
    }


def _account(row: Row[tuple[object, ...]]) -> Account:
    issuer, _, subject = (row.identity or "").partition(" ")
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        roles=frozenset(Role(role) for role in row.roles.split()),
        offices=frozenset(row.offices.split()),
        created_at=row.created_at,
        password=row.password,
        provisional=bool(row.provisional),
        renewed=row.renewed,
        disabled=bool(row.disabled),
        issuer=issuer,
        subject=subject,
        second_factor=row.since,
    )


def _session(row: Row[tuple[object, ...]]) -> Session:
    return Session(row.key, row.account, row.begun, row.seen, bool(row.waiting), row.proven)
