"""Accounts: made, changed, disabled, given a new password. None is ever removed: the audit log names it for ever."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from pipeline.custody.auditing import Notes
from pipeline.domain.audit import Action
from pipeline.domain.errors import NotFoundError
from pipeline.domain.people import AGENCY, ALL_OFFICES, Account, News, Role
from pipeline.people.credentials import is_stale, keep_password
from pipeline.people.factors import SecondFactors
from pipeline.people.news import tell
from pipeline.people.passwords import make_password
from pipeline.people.vault import Vault
from pipeline.ports import Clock
from pipeline.ports.people import People

#: The login of the first account of an installation, and what it is called.
FIRST_LOGIN, FIRST_NAME = "quantri", "Quản trị"

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Accounts:
    """Looks after the accounts; ``by`` is always who asks for the change. Whose account it is, is told of it."""

    people: People
    notes: Notes
    clock: Clock
    vault: Vault | None = None

    def all(self) -> tuple[Account, ...]:
        """All of them, by login."""
        return self.people.accounts()

    def find(self, login: str) -> Account:
        """The account of this login; raises ``NotFoundError``."""
        account = self.people.by_login(login.strip().lower())
        if account is None:
            raise NotFoundError(f"no account {login!r}", advice="Không có tài khoản này. Hãy kiểm tra tên đăng nhập.")
        return account

    def add(self, login: str, name: str, roles: Iterable[Role], offices: Iterable[str], *, by: str) -> str:
        """The one-time password of a new account; raises ``ValueError`` for what is no login, name, role or office."""
        password, now = make_password(), self.clock.now()
        made = Account(
            id=login_of(login),
            login=login_of(login),
            name=name_of(name),
            roles=frozenset(roles),
            offices=offices_of(offices),
            created_at=now,
            password=keep_password(password, self.vault),
            provisional=True,
            renewed=now,
        )
        self.people.enter(made)
        self._tell(made, "account added", by, roles=sorted(made.roles), offices=sorted(made.offices))
        return password

    def add_first(self) -> str | None:
        """The one-time password of the first account, which may do everything; None where there are accounts already."""
        if self.people.accounts():
            return None
        return self.add(FIRST_LOGIN, FIRST_NAME, Role, (ALL_OFFICES,), by="sohoa up")

    def change(self, login: str, name: str, roles: Iterable[Role], offices: Iterable[str], *, by: str) -> Account:
        """The account with other rights; ``ValueError`` as for :meth:`add`, and where nobody would look after accounts."""
        account = self.find(login)
        changed = replace(account, name=name_of(name), roles=frozenset(roles), offices=offices_of(offices))
        self._require_administrator(changed)
        self.people.keep(changed)
        if (changed.roles, changed.offices) != (account.roles, account.offices):
            tell(self.people, self.clock, changed.id, News.RIGHTS_CHANGED, by=by)
        self._tell(changed, "account changed", by, roles=sorted(changed.roles), offices=sorted(changed.offices))
        return changed

    def disable(self, login: str, *, by: str) -> Account:
        """The account, which nobody comes in with any more; its sessions end. ``ValueError`` as for :meth:`change`."""
        changed = replace(self.find(login), disabled=True)
        self._require_administrator(changed)
        self.people.keep(changed)
        self.people.close_sessions(changed.id)
        tell(self.people, self.clock, changed.id, News.DISABLED, by=by)
        self._tell(changed, "account disabled", by)
        return changed

    def enable(self, login: str, *, by: str) -> Account:
        """The account, which may be used again."""
        changed = replace(self.find(login), disabled=False)
        self.people.keep(changed)
        tell(self.people, self.clock, changed.id, News.ENABLED, by=by)
        self._tell(changed, "account enabled", by)
        return changed

    def reset_password(self, login: str, *, by: str) -> str:
        """A new one-time password, and no lock-out; all sessions end.

        Raises ``ValueError`` for an account that an identity provider vouches for.
        """
        account, password = self.find(login), make_password()
        if account.issuer:
            raise ValueError(f"{login} signs in through {account.issuer}: there is no password here")
        kept = keep_password(password, self.vault)
        self.people.keep(replace(account, password=kept, provisional=True, renewed=self.clock.now()))
        self.people.close_sessions(account.id)
        self.people.clear_tries(f"account {account.login}")
        tell(self.people, self.clock, account.id, News.PASSWORD_RESET, by=by)
        self._tell(account, "password reset", by)
        return password

    def reset_second_factor(self, login: str, *, by: str) -> bool:
        """Whether there was a second factor, which is asked for no more; all sessions end. For who lost it."""
        account = self.find(login)
        return self.vault is not None and SecondFactors(self.people, self.notes, self.clock, self.vault).reset(account, by=by)

    def rotate_keys(self, add: Callable[[], None], *, by: str) -> int:
        """How many secrets are encrypted by a new key, which ``add`` makes the newest one.

        Passwords are kept with it as people sign in; until all have, the older keys are needed.
        """
        if self.vault is None:
            return 0
        add()
        done = 0
        for factor in self.people.factors.all():
            sealed = self.vault.seal(self.vault.unseal(factor.secret))
            done += self.people.factors.reseal(factor.account, factor.secret, sealed)
        self.notes.note(Action.ACCOUNT, actor=by, reason="keys of people renewed", secrets=done)
        return done

    def waiting_for_key(self) -> int:
        """How many passwords are kept with an older key, or with none."""
        held = [account.password for account in self.people.accounts() if account.password]
        return sum(is_stale(password, self.vault) for password in held)

    def _require_administrator(self, changed: Account) -> None:
        """Raise ``ValueError`` where ``changed`` would leave nobody who looks after accounts."""
        others = (account for account in self.people.accounts() if account.id != changed.id)
        if not any(Role.ADMINISTRATOR in one.roles and not one.disabled for one in (*others, changed)):
            raise ValueError("somebody must stay who looks after accounts: give another account the role administrator first")

    def _tell(self, account: Account, reason: str, by: str, **rights: list[Role] | list[str]) -> None:
        told: dict[str, Any] = dict(rights)
        self.notes.note(Action.ACCOUNT, actor=by, reason=reason, account=account.id, **told)


def login_of(text: str) -> str:
    """A login in its one way of writing; raises ``ValueError`` for what is none."""
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise ValueError(f"a login is 2 to 64 of the signs a-z 0-9 . _ @ -, not {text!r}")
    return login


def name_of(text: str) -> str:
    """A name on one line; raises ``ValueError`` for none, or a very long one."""
    name = " ".join(text.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise ValueError(f"a name has 1 to {_LONGEST_NAME} letters, not {text!r}")
    return name


def offices_of(codes: Iterable[str]) -> frozenset[str]:
    """Agency codes; raises ``ValueError`` for what is none. ``*`` means all."""
    found = frozenset(code.strip().upper() for code in codes if code.strip())
    for code in found - {ALL_OFFICES}:
        if not AGENCY.fullmatch(code):
            raise ValueError(f"an office is an agency code such as 000.00.16.H05, or * for all, not {code!r}")
    return found
