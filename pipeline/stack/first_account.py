"""The account that a new installation is opened with: its one-time password is shown once, and kept in a file of its owner."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.bootstrap import build_accounts
from pipeline.people.accounts import FIRST_LOGIN
from pipeline.settings import Settings
from pipeline.stack.processes import make_home


@dataclass(frozen=True, slots=True)
class FirstSignIn:
    """How to sign in for the first time. ``password`` is empty but where it was made just now; ``path`` keeps it."""

    login: str
    password: str
    path: Path


def first_sign_in(settings: Settings) -> FirstSignIn | None:
    """How to sign in for the first time, as long as nobody has; the account is made where there is none at all.

    None where people have accounts, or an identity provider vouches for them.
    """
    path = settings.home / "first-sign-in.txt"
    if settings.web.openid.issuer:
        return None
    make_home(settings.home)
    accounts = build_accounts(settings)
    password = accounts.add_first()
    if password is not None:
        _write(path, f"login: {FIRST_LOGIN}\none-time password: {password}\n")
        return FirstSignIn(FIRST_LOGIN, password, path)
    first = accounts.people.by_login(FIRST_LOGIN)
    if first is not None and first.provisional and path.exists():
        return FirstSignIn(FIRST_LOGIN, "", path)
    path.unlink(missing_ok=True)
    return None


def _write(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, from its first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
