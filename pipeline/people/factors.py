"""The second factor: set up, asked for, taken away; codes of recovery for who lost it.

::

    password right ──► session that waits ──► code of the app, or of recovery ──► session
                                                  │ each code once; tries counted with those of the password
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.custody.auditing import Notes
from pipeline.domain.audit import Action
from pipeline.domain.people import Account, Factor, News
from pipeline.people.news import tell
from pipeline.people.one_time_codes import make_secret, steps_of
from pipeline.people.passwords import make_password
from pipeline.people.vault import Vault
from pipeline.ports import Clock
from pipeline.ports.people import People

#: Codes of recovery that somebody gets.
RECOVERY_CODES = 10


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """Looks after second factors; every change is told to whose it is, and to the audit log."""

    people: People
    notes: Notes
    clock: Clock
    vault: Vault

    def begin(self) -> str:
        """A secret for an app; nothing asks for it before :meth:`confirm`."""
        return make_secret()

    def confirm(self, account: Account, secret: str, code: str) -> tuple[str, ...]:
        """The codes of recovery, once ``code`` shows that the app has the secret; none: it does not, and nothing changes."""
        now = self.clock.now()
        steps = steps_of(secret, code, now)
        if not steps:
            return ()
        codes = _make_codes()
        factor = Factor(account.id, self.vault.seal(secret), now, steps[-1])
        self.people.factors.set(factor, [self.vault.marks(_marked(account, one))[0] for one in codes])
        self._tell(account, News.FACTOR_SET, "second factor set up", account.id)
        return codes

    def is_right(self, account: Account, typed: str, address: str) -> bool:
        """Whether ``typed`` is a code of the moment, or one of recovery, that was not used before; from now on it was."""
        factor = self.people.factors.factor(account.id)
        if factor is None:
            return False
        steps = steps_of(self.vault.unseal(factor.secret), typed, self.clock.now())
        if any(self.people.factors.use_step(account.id, step) for step in steps):
            return True
        if steps:
            self.notes.note(Action.SIGN_IN, actor=account.id, reason="one-time code used twice", address=address)
            tell(self.people, self.clock, account.id, News.CODE_REPLAYED, address=address)
            return False
        return self._is_recovery(account, typed, address)

    def renew_codes(self, account: Account) -> tuple[str, ...]:
        """New codes of recovery in the place of all others; none for who has no second factor."""
        factor = self.people.factors.factor(account.id)
        if factor is None:
            return ()
        codes = _make_codes()
        self.people.factors.set(factor, [self.vault.marks(_marked(account, one))[0] for one in codes])
        self._tell(account, News.CODES_RENEWED, "codes of recovery renewed", account.id)
        return codes

    def left(self, account_id: str) -> int:
        """How many codes of recovery are left."""
        return len(self.people.factors.codes(account_id))

    def remove(self, account: Account) -> bool:
        """Whether there was a factor, which its owner takes away."""
        found = self.people.factors.drop(account.id)
        if found:
            self._tell(account, News.FACTOR_REMOVED, "second factor removed", account.id)
        return found

    def reset(self, account: Account, *, by: str) -> bool:
        """Whether there was a factor, which somebody else takes away; all sessions end."""
        found = self.people.factors.drop(account.id)
        self.people.close_sessions(account.id)
        self.people.clear_tries(f"account {account.login}")
        if found:
            self._tell(account, News.FACTOR_RESET, "second factor reset", by)
        return found

    def _is_recovery(self, account: Account, typed: str, address: str) -> bool:
        """Whether it is a code of recovery, whichever of the keys its hash was made with."""
        for kept in self.vault.marks(_marked(account, typed)):
            if self.people.factors.use_code(account.id, kept):
                self.notes.note(Action.SIGN_IN, actor=account.id, reason="code of recovery used", address=address)
                tell(self.people, self.clock, account.id, News.CODE_SPENT, address=address)
                return True
        return False

    def _tell(self, account: Account, news: News, reason: str, by: str) -> None:
        self.notes.note(Action.ACCOUNT, actor=by, reason=reason, account=account.id)
        tell(self.people, self.clock, account.id, news, by=by)


def _make_codes() -> tuple[str, ...]:
    return tuple(make_password() for _ in range(RECOVERY_CODES))


def _marked(account: Account, code: str) -> str:
    """What is marked of a code: its letters alone, and whose it is, so that the same code of two people differs."""
    return f"{account.id} {re.sub(r'[^a-z0-9]', '', code.lower())}"
