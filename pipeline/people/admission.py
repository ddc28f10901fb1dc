"""Signing in and staying signed in.

::

    login + password ──► tries counted ──► argon2id ──► session: random key to the browser, its sha256 to the database
                            │ too many: a delay that doubles
                            ▼
                         refused, whoever it is
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.custody.auditing import Notes
from pipeline.domain.audit import Action
from pipeline.domain.errors import SohoaError
from pipeline.domain.people import Account, Person, Session
from pipeline.people.keys import kept_of, make_key
from pipeline.people.passwords import faults_of, hash_password, is_outdated, is_password
from pipeline.ports import Clock
from pipeline.ports.people import People

#: How long a session lasts unused, and how long at all (OWASP ASVS 3.3.2, level 2).
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)

#: How long a password holds that somebody else has set (ASVS 2.3.1).
PROVISIONAL = timedelta(days=7)

#: A session's last use is written down again only after this time.
_SLACK = timedelta(minutes=1)

#: Tries that cost nothing, on one account and from one address (a whole office may share one).
FREE_TRIES = {"account": 5, "address": 30}

#: The delay after the first try too many, doubled with each, and the longest one; tries are forgotten after a day.
FIRST_DELAY, LONGEST_DELAY, MEMORY = timedelta(seconds=15), timedelta(hours=1), timedelta(days=1)


class NotAdmittedError(SohoaError):
    """Nobody is let in: ``wrong_password``, ``password_over``, or ``locked_out`` until the time ``until``."""

    default_code = "wrong_password"

    def __init__(self, message: str, *, code: str | None = None, advice: str = "", until: datetime | None = None) -> None:
        super().__init__(message, code=code, advice=advice)
        self.until = until


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody sits who is signed in: who, since when; ``provisional``: the password must be changed first."""

    person: Person
    key: str
    begun: datetime
    provisional: bool = False
    vouched: bool = False


@dataclass(frozen=True, slots=True)
class Admission:
    """Lets people in. ``notes`` tell of everyone who came, failed, was locked out, or left."""

    people: People
    notes: Notes
    clock: Clock

    def sign_in(self, login: str, password: str, address: str) -> str:
        """The key of a new session; raises ``NotAdmittedError``, in the same words for unknown people and wrong passwords."""
        login = login.strip().lower()
        account = self.people.by_login(login)
        of_account, of_address = f"account {login[:200]}", f"address {address}"
        self._require_free("address", of_address)
        self._count(of_account, account)
        if not is_password(password, account.password if account and not account.disabled else "") or account is None:
            now = self.clock.now()
            self.people.count_try(of_address, now, now - MEMORY)
            self._tell(account, "sign-in failed", address)
            raise NotAdmittedError("wrong login or password", advice="Tên đăng nhập hoặc mật khẩu không đúng.")
        self.people.clear_tries(of_account)
        if account.provisional and account.renewed and self.clock.now() - account.renewed > PROVISIONAL:
            advice = "Mật khẩu tạm đã hết hạn. Hãy nhờ quản trị viên đặt lại mật khẩu."
            raise NotAdmittedError("the one-time password is over", code="password_over", advice=advice)
        if is_outdated(account.password):
            self.people.keep(replace(account, password=hash_password(password)))
        return self.open(account, address)

    def open(self, account: Account, address: str) -> str:
        """The key of a new session for somebody whose identity is proven."""
        now, key = self.clock.now(), make_key()
        self.people.drop_stale(now - LONGEST, now)
        self.people.open_session(Session(kept_of(key), account.id, now, now))
        self._tell(account, "signed in", address)
        return key

    def seat(self, key: str, *, background: bool = False) -> Seat | None:
        """Who holds ``key``; None where nobody does any more. ``background``: no use that keeps the session alive."""
        found = self.people.session(kept_of(key)) if key else None
        if found is None:
            return None
        session, account = found
        now = self.clock.now()
        if account.disabled or not _lasts(session, now):
            self.people.close_session(session.key)
            return None
        if not background and now - session.seen > _SLACK:
            self.people.touch_session(session.key, now)
        return Seat(account.person, session.key, session.begun, account.provisional, bool(account.issuer))

    def sessions(self, seat: Seat) -> tuple[Session, ...]:
        """The sessions of the person that last, the newest first."""
        now = self.clock.now()
        return tuple(session for session in self.people.sessions(seat.person.id) if _lasts(session, now))

    def end(self, seat: Seat, key: str) -> None:
        """End the session that is kept under ``key``, where it is one of the same person."""
        if key in {session.key for session in self.people.sessions(seat.person.id)}:
            self.people.close_session(key)
            self.notes.note(Action.SIGN_IN, actor=seat.person.id, reason="another session ended")

    def renew(self, seat: Seat) -> str:
        """A new key in the place of the one that the browser holds, which ends; the session began when it did."""
        key = make_key()
        self.people.open_session(Session(kept_of(key), seat.person.id, seat.begun, self.clock.now()))
        self.people.close_session(seat.key)
        return key

    def sign_out(self, seat: Seat, *, everywhere: bool = False) -> None:
        """End the session; ``everywhere``: and all others of the same person."""
        self.people.close_session(seat.key)
        if everywhere:
            self.people.close_sessions(seat.person.id)
        reason = "signed out everywhere" if everywhere else "signed out"
        self.notes.note(Action.SIGN_IN, actor=seat.person.id, reason=reason)

    def change_password(self, seat: Seat, old: str, new: str) -> str:
        """What is wrong with it (as of ``faults_of``, or ``wrong``, ``same``); empty: it is changed, all other sessions end.

        Raises ``NotAdmittedError`` where the old one was guessed at too often.
        """
        account = self.people.account(seat.person.id)
        if account is None or not account.password:
            return "wrong"
        what = f"account {account.login}"
        self._count(what, account)
        if not is_password(old, account.password):
            return "wrong"
        self.people.clear_tries(what)
        if is_password(new, account.password):
            return "same"
        if fault := faults_of(new, account.login):
            return fault
        hashed = hash_password(new)
        self.people.keep(replace(account, password=hashed, provisional=False, renewed=self.clock.now()))
        self.people.close_sessions(account.id, but=seat.key)
        self.notes.note(Action.ACCOUNT, actor=account.id, reason="password changed", account=account.id)
        return ""

    def _count(self, what: str, account: Account | None) -> None:
        """Count a try on an account before it is looked at, so that many at once gain nothing."""
        self._require_free("account", what)
        now = self.clock.now()
        count, last = self.people.count_try(what, now, now - MEMORY)
        until = _free_again("account", count, last)
        if until is not None and now < until:
            raise self._locked(until)
        if account and count + 1 == FREE_TRIES["account"]:
            self.notes.note(Action.SIGN_IN, actor=account.id, reason="locked out at the next failure")

    def _require_free(self, kind: str, what: str) -> None:
        now = self.clock.now()
        until = _free_again(kind, *self.people.tries(what, now - MEMORY))
        if until is not None and now < until:
            raise self._locked(until)

    def _locked(self, until: datetime) -> NotAdmittedError:
        seconds = (until - self.clock.now()).total_seconds()
        wait = f"{math.ceil(seconds / 60)} phút" if seconds > 90 else f"{math.ceil(seconds)} giây"
        advice = f"Đã nhập sai quá nhiều lần. Hãy thử lại sau {wait}, hoặc nhờ quản trị viên đặt lại mật khẩu."
        return NotAdmittedError("too many tries", code="locked_out", advice=advice, until=until)

    def _tell(self, account: Account | None, reason: str, address: str) -> None:
        """Into the audit log; never what was typed as a login: it may be a password in the wrong place."""
        self.notes.note(Action.SIGN_IN, actor=account.id if account else "", reason=reason, address=address)


def _lasts(session: Session, now: datetime) -> bool:
    return now - session.seen <= IDLE and now - session.begun <= LONGEST


def _free_again(kind: str, count: int, last: datetime | None) -> datetime | None:
    """When the next try is allowed after ``count`` of them; None: at once."""
    over = count - FREE_TRIES[kind]
    if over < 0 or last is None:
        return None
    return last + min(FIRST_DELAY * (1 << min(over, 20)), LONGEST_DELAY)
