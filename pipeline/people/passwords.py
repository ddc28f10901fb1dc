"""Passwords: what is a good one, and argon2id over them."""

from __future__ import annotations

import gzip
import re
import secrets
import unicodedata
from functools import cache
from importlib.resources import files
from itertools import pairwise
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

#: Letters that a password has at least and at most (OWASP ASVS 2.1.1 and 2.1.2).
SHORTEST, LONGEST = 12, 128

#: RFC 9106, second choice: 64 MiB, three rounds.
_HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4, type=Type.ID)

#: Hashes that are made at once: each takes 64 MiB, and many who try to sign in must not take all there is.
_AT_ONCE = BoundedSemaphore(4)

#: Without what is taken for something else when it is read from a screen and typed.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"

#: What hangs on a common word to make it look like another one.
_TRIMMINGS = re.compile(r"^[\W\d_]+|[\W\d_]+$")

_SMALL_CHANGES = str.maketrans("013457@$!", "oleastasi")


def make_password() -> str:
    """A password of 80 random bits that can be read out and typed: four groups of four letters."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def hash_password(password: str) -> str:
    """The argon2id hash with its parameters and salt."""
    with _AT_ONCE:
        return _HASHER.hash(normal_form(password))


def is_password(password: str, hashed: str) -> bool:
    """Whether ``hashed`` is of ``password``. It takes as long where there is no hash, so that nobody learns who exists."""
    try:
        with _AT_ONCE:
            return _HASHER.verify(hashed or _nobodys(), normal_form(password[:LONGEST])) and bool(hashed)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(hashed: str) -> bool:
    """Whether ``hashed`` was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(hashed)


def faults_of(password: str, login: str) -> str:
    """Why ``password`` is no good one for ``login``: ``short``, ``long``, ``name``, ``common`` or ``simple``; empty: it is."""
    text = normal_form(password)
    if len(re.sub(r"\s+", " ", text)) < SHORTEST:
        return "short"
    if len(text) > LONGEST:
        return "long"
    if len(login) > 2 and login in text.lower():
        return "name"
    if len(set(text.lower())) < 5 or _is_sequence(text.lower()):
        return "simple"
    return "common" if _is_common(text) else ""


def _is_common(text: str) -> bool:
    """Whether it is one of the most common passwords, or one with digits and signs around it, or such one after another."""
    plain = _plain(text)
    bare = _TRIMMINGS.sub("", plain)
    tries = {plain, bare, bare.translate(_SMALL_CHANGES), plain.translate(_SMALL_CHANGES)}
    return any(one in _common() or _repeats_common(one) for one in tries if one)


def _repeats_common(text: str) -> bool:
    """Whether ``text`` is a common password over and over."""
    return any(
        len(text) % size == 0 and text == text[:size] * (len(text) // size) and text[:size] in _common()
        for size in range(3, len(text) // 2 + 1)
    )


def _is_sequence(text: str) -> bool:
    """Whether every letter follows the one before, up or down, as in 123456789012 or abcdefghijkl."""
    steps = {_step(before, after) for before, after in pairwise(text)}
    return len(steps) == 1


def _step(before: str, after: str) -> int:
    """How far it is from one sign to the next; 9 is before 0."""
    step = ord(after) - ord(before)
    return step % 10 if before.isdigit() and after.isdigit() else step


@cache
def _common() -> frozenset[str]:
    raw = gzip.decompress(files("pipeline.people").joinpath("common_passwords.txt.gz").read_bytes())
    return frozenset(raw.decode("utf-8").split())


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_hex(16))


def normal_form(password: str) -> str:
    """The password as every keyboard would have written it."""
    return unicodedata.normalize("NFC", password)


def _plain(text: str) -> str:
    """Small letters without spaces and tone marks."""
    stripped = "".join(sign for sign in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(sign))
    return re.sub(r"\s+", "", stripped.replace("đ", "d"))
