"""Words that travel in an address so that nobody but the same visitor can read or use them, and not for long."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken

#: How long what is sealed can be opened.
LASTING = timedelta(hours=12)


def seal(key: str, text: str, at: datetime) -> str:
    """``text``, encrypted for who holds the session's ``key``: letters, digits, dashes and underscores."""
    return _box(key).encrypt_at_time(text.encode(), int(at.timestamp())).decode().rstrip("=")


def unseal(key: str, sealed: str, at: datetime) -> str | None:
    """What was sealed with this very ``key`` within :data:`LASTING`; None for anything else."""
    if not re.fullmatch(r"[\w-]{1,4000}", sealed, re.ASCII):
        return None
    padded = sealed + "=" * (-len(sealed) % 4)
    try:
        return _box(key).decrypt_at_time(padded.encode(), int(LASTING.total_seconds()), int(at.timestamp())).decode()
    except (InvalidToken, ValueError):
        return None


def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.new(key.encode(), b"seal", hashlib.sha256).digest()))
