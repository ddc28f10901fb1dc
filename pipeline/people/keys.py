"""What a browser holds and what is kept of it: random keys, and only their hashes."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets


def make_key() -> str:
    """A key of 256 random bits, fit for addresses and cookies."""
    return secrets.token_urlsafe(32)


def is_key(text: str) -> bool:
    """Whether ``text`` is written as :func:`make_key` writes keys."""
    return re.fullmatch(r"[\w-]{43}", text, re.ASCII) is not None


def kept_of(key: str) -> str:
    """What is kept of a key: whoever reads the database cannot come in with it."""
    return hashlib.sha256(key.encode()).hexdigest()


def token_of(key: str) -> str:
    """The token that forms of the holder of ``key`` carry: another site can neither read nor guess it."""
    return hmac.new(key.encode(), b"form", hashlib.sha256).hexdigest() if key else ""


def is_token(token: str, key: str) -> bool:
    """Whether ``token`` is that of ``key``, compared in the same time whatever differs."""
    return bool(key) and hmac.compare_digest(token.encode(), token_of(key).encode())
