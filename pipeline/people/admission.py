"""Signing in and staying signed in.

::

    login + password ──► tries counted ──► argon2id ──► session: random key to the browser, its sha256 to the database
                            │ too many: a delay that doubles          │ of who has a second factor it opens nothing yet
                            ▼                                         ▼
                         refused, whoever it is            tries counted ──► one-time code ──► session with another key
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.custody.auditing import Notes
from pipeline.domain.audit import Action
from pipeline.domain.errors import SohoaError
from pipeline.domain.people import Account, News, Person, Role, Session
from pipeline.people.credentials import is_kept, is_stale, keep_password
from pipeline.people.factors import SecondFactors
from pipeline.people.keys import kept_of, make_key
from pipeline.people.news import note_place, tell
from pipeline.people.passwords import faults_of
from pipeline.people.vault import Vault
from pipeline.ports import Clock
from pipeline.ports.people import People

#: How long a session lasts unused, and how long at all (OWASP ASVS 3.3.2, level 2).
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)

#: How long a password holds that somebody else has set (ASVS 2.3.1).
PROVISIONAL = timedelta(days=7)

#: How long a session waits for the second factor, and how long a proof of it counts for what needs one anew.
WAITING, PROOF = timedelta(minutes=5), timedelta(minutes=15)

#: A session's last use is written down again only after this time.
_SLACK = timedelta(minutes=1)

#: Tries that cost nothing, on one account and from one address (a whole office may share one).
FREE_TRIES = {"account": 5, "address": 30}

#: The delay after the first try too many, doubled with each, and the longest one; tries are forgotten after a day.
FIRST_DELAY, LONGEST_DELAY, MEMORY = timedelta(seconds=15), timedelta(hours=1), timedelta(days=1)


_WRONG_CODE = "Mã không đúng, đã dùng rồi hoặc đã hết hạn. Hãy đợi mã mới trên ứng dụng rồi nhập lại."


class NotAdmittedError(SohoaError):
    """Nobody is let in: ``wrong_password``, ``wrong_code``, ``password_over``, or ``locked_out`` until the time ``until``."""

    default_code = "wrong_password"

    def __init__(self, message: str, *, code: str | None = None, advice: str = "", until: datetime | None = None) -> None:
        super().__init__(message, code=code, advice=advice)
        self.until = until


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody sits who is signed in: who, since when; ``provisional``: the password must be changed first.

    ``second_factor`` is since when there is one, ``proven`` when it was last shown; ``lacking``: one must be set up first.
    """

    person: Person
    key: str
    begun: datetime
    provisional: bool = False
    vouched: bool = False
    second_factor: datetime | None = None
    proven: datetime | None = None
    lacking: bool = False


@dataclass(frozen=True, slots=True)
class Admission:
    """Lets people in. ``notes`` tell of everyone who came, failed, was locked out, or left.

    Of those with one of the roles ``second_factor``, who sign in with a password of ours, a second factor is wanted; without
    a ``vault`` nobody can have one.
    """

    people: People
    notes: Notes
    clock: Clock
    vault: Vault | None = None
    second_factor: frozenset[Role] = frozenset()

    @property
    def factors(self) -> SecondFactors | None:
        """Who looks after second factors; None where nothing can keep them."""
        return SecondFactors(self.people, self.notes, self.clock, self.vault) if self.vault else None

    def sign_in(self, login: str, password: str, address: str) -> str:
        """The key of a new session, which waits for the second factor of who has one.

        Raises ``NotAdmittedError``, in the same words for unknown people and wrong passwords.
        """
        login = login.strip().lower()
        account = self.people.by_login(login)
        of_account, of_address = f"account {login[:200]}", f"address {address}"
        self._require_free("address", of_address)
        self._count(of_account, account)
        kept = account.password if account and not account.disabled else ""
        if not is_kept(password, kept, self.vault) or account is None:
            now = self.clock.now()
            self.people.count_try(of_address, now, now - MEMORY)
            self._tell(account, "sign-in failed", address)
            raise NotAdmittedError("wrong login or password", advice="Tên đăng nhập hoặc mật khẩu không đúng.")
        if account.second_factor is None:
            self.people.clear_tries(of_account)
        if account.provisional and account.renewed and self.clock.now() - account.renewed > PROVISIONAL:
            advice = "Mật khẩu tạm đã hết hạn. Hãy nhờ quản trị viên đặt lại mật khẩu."
            raise NotAdmittedError("the one-time password is over", code="password_over", advice=advice)
        if is_stale(account.password, self.vault):
            self.people.keep(replace(account, password=keep_password(password, self.vault)))
        return self.open(account, address) if account.second_factor is None else self.open_waiting(account, address)

    def open(self, account: Account, address: str, *, proven: datetime | None = None) -> str:
        """The key of a new session for somebody whose identity is proven, ``proven``: by a second factor."""
        now, key = self.clock.now(), make_key()
        self.people.drop_stale(now - LONGEST, now)
        self.people.open_session(Session(kept_of(key), account.id, now, now, proven=proven))
        note_place(self.people, self.clock, account.id, address)
        self._tell(account, "signed in", address)
        return key

    def open_waiting(self, account: Account, address: str) -> str:
        """The key of a session that opens nothing but the page that asks for the second factor."""
        now, key = self.clock.now(), make_key()
        self.people.open_session(Session(kept_of(key), account.id, now, now, waiting=True))
        self._tell(account, "password right, second factor asked for", address)
        return key

    def waiting(self, key: str) -> Account | None:
        """Who showed the right password with ``key`` a moment ago and has still to show the second factor."""
        found = self.people.session(kept_of(key)) if key else None
        if found is None or not found[0].waiting or found[1].disabled:
            return None
        return found[1] if self.clock.now() - found[0].begun <= WAITING else None

    def pass_on(self, key: str, code: str, address: str) -> str:
        """The key of a new session in the place of the one that waits; raises ``NotAdmittedError``."""
        account = self.waiting(key)
        if account is None:
            advice = "Đã quá lâu kể từ khi nhập mật khẩu. Hãy đăng nhập lại từ đầu."
            raise NotAdmittedError("nobody waits for a second factor", code="too_late", advice=advice)
        self._check_code(account, code, address)
        self.people.close_session(kept_of(key))
        return self.open(account, address, proven=self.clock.now())

    def prove(self, seat: Seat, code: str, address: str) -> str:
        """A new key in the place of that of ``seat``, the second factor shown again; raises ``NotAdmittedError``."""
        account = self.people.account(seat.person.id)
        if account is None or account.second_factor is None:
            raise NotAdmittedError("there is no second factor", code="wrong_code", advice=_WRONG_CODE)
        self._check_code(account, code, address)
        return self.renew(seat, proven=True)

    def is_password_of(self, seat: Seat, password: str, address: str) -> bool:
        """Whether it is the person's own password; raises ``NotAdmittedError`` where it was guessed at too often."""
        account = self.people.account(seat.person.id)
        if account is None or not account.password:
            return False
        self._count(f"account {account.login}", account)
        if not is_kept(password, account.password, self.vault):
            self._tell(account, "password failed", address)
            return False
        self.people.clear_tries(f"account {account.login}")
        return True

    def _check_code(self, account: Account, code: str, address: str) -> None:
        """Raise ``NotAdmittedError`` for a code that is not right; tries count as those of the password do."""
        of_account = f"account {account.login}"
        self._count(of_account, account)
        if self.factors is None or not self.factors.is_right(account, code, address):
            self._tell(account, "second factor failed", address)
            raise NotAdmittedError("wrong code", code="wrong_code", advice=_WRONG_CODE)
        self.people.clear_tries(of_account)

    def seat(self, key: str, *, background: bool = False) -> Seat | None:
        """Who holds ``key``; None where nobody does any more. ``background``: no use that keeps the session alive."""
        found = self.people.session(kept_of(key)) if key else None
        if found is None:
            return None
        session, account = found
        if session.waiting:
            return None
        now = self.clock.now()
        if account.disabled or not _lasts(session, now):
            self.people.close_session(session.key)
            return None
        if not background and now - session.seen > _SLACK:
            self.people.touch_session(session.key, now)
        lacks = self.vault is not None and account.second_factor is None and not account.issuer
        return Seat(
            account.person,
            session.key,
            session.begun,
            account.provisional,
            bool(account.issuer),
            account.second_factor,
            session.proven,
            lacks and bool(account.roles & self.second_factor),
        )

    def sessions(self, seat: Seat) -> tuple[Session, ...]:
        """The sessions of the person that last, the newest first."""
        now = self.clock.now()
        held = self.people.sessions(seat.person.id)
        return tuple(session for session in held if _lasts(session, now) and not session.waiting)

    def end(self, seat: Seat, key: str) -> None:
        """End the session that is kept under ``key``, where it is one of the same person."""
        if key in {session.key for session in self.people.sessions(seat.person.id)}:
            self.people.close_session(key)
            self.notes.note(Action.SIGN_IN, actor=seat.person.id, reason="another session ended")

    def renew(self, seat: Seat, *, proven: bool = False) -> str:
        """A new key in the place of the one that the browser holds, which ends; the session began when it did.

        ``proven``: the second factor was shown just now.
        """
        key, now = make_key(), self.clock.now()
        shown = now if proven else seat.proven
        self.people.open_session(Session(kept_of(key), seat.person.id, seat.begun, now, proven=shown))
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
        if not is_kept(old, account.password, self.vault):
            return "wrong"
        self.people.clear_tries(what)
        if is_kept(new, account.password, self.vault):
            return "same"
        if fault := faults_of(new, account.login):
            return fault
        kept = keep_password(new, self.vault)
        self.people.keep(replace(account, password=kept, provisional=False, renewed=self.clock.now()))
        self.people.close_sessions(account.id, but=seat.key)
        self.notes.note(Action.ACCOUNT, actor=account.id, reason="password changed", account=account.id)
        tell(self.people, self.clock, account.id, News.PASSWORD_CHANGED, by=account.id)
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
            tell(self.people, self.clock, account.id, News.LOCKED)

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
