"""Passwords as they are kept: argon2id over the password, mixed before with a key that the database does not hold.

::

    p1:3f2a91bc:$argon2id$v=19$m=65536,t=3,p=4$…      which key, then the hash
    $argon2id$v=19$m=65536,t=3,p=4$…                  from before there were keys; made anew at the next sign-in
"""

from __future__ import annotations

from pipeline.people.passwords import LONGEST, hash_password, is_outdated, is_password, normal_form
from pipeline.people.vault import Vault

_MIXED = "p1"


def keep_password(password: str, vault: Vault | None) -> str:
    """What is kept of ``password``."""
    if vault is None:
        return hash_password(password)
    mixed, name = vault.pepper(normal_form(password))
    return f"{_MIXED}:{name}:{hash_password(mixed)}"


def is_kept(password: str, kept: str, vault: Vault | None) -> bool:
    """Whether ``kept`` is of ``password``; it takes as long where there is none."""
    name, hashed = _parts(kept)
    if not name or vault is None:
        return is_password(password, hashed if not name else "")
    mixed, _ = vault.pepper(normal_form(password[:LONGEST]), name)
    return is_password(mixed, hashed)


def is_stale(kept: str, vault: Vault | None) -> bool:
    """Whether it would be kept otherwise today: by newer parameters, or by a newer key."""
    name, hashed = _parts(kept)
    return is_outdated(hashed) or (vault is not None and not vault.is_newest(name))


def _parts(kept: str) -> tuple[str, str]:
    """The name of the key, empty where there is none, and the hash."""
    kind, _, rest = kept.partition(":")
    if kind != _MIXED:
        return "", kept
    name, _, hashed = rest.partition(":")
    return name, hashed
