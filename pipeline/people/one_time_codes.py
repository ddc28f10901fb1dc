"""One-time codes by time (RFC 6238): SHA-1, six digits, thirty seconds, as every authenticator app makes them."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

#: Digits of a code, seconds for which it is made, and how many steps a clock may be off to either side.
DIGITS, SECONDS, DRIFT = 6, 30, 1

#: What the app calls us.
ISSUER = "Sohoa"

#: Bytes of a secret (RFC 4226, 4: 160 bits are recommended).
_SECRET = 20


def make_secret() -> str:
    """A new secret, as apps want it typed: 32 letters and digits (base32)."""
    return base64.b32encode(secrets.token_bytes(_SECRET)).decode()


def code_at(secret: str, at: datetime) -> str:
    """The code of the moment."""
    return _code(secret, step_at(at))


def step_at(at: datetime) -> int:
    """The number of the time step."""
    return int(at.timestamp()) // SECONDS


def steps_of(secret: str, typed: str, at: datetime) -> tuple[int, ...]:
    """The time steps around ``at`` whose code ``typed`` is, spaces in it or not; none for a wrong one."""
    code, now = re.sub(r"\s", "", typed), step_at(at)
    near = range(max(0, now - DRIFT), now + DRIFT + 1)
    return tuple(step for step in near if hmac.compare_digest(_code(secret, step).encode(), code.encode()))


def address_of(secret: str, login: str) -> str:
    """What the QR code for an app says; short, so that it is easily read: how codes are made is what apps take for granted."""
    asked = urlencode({"secret": secret, "issuer": ISSUER})
    return f"otpauth://totp/{ISSUER}:{quote(login, safe='')}?{asked}"


def _code(secret: str, step: int) -> str:
    # SHA-1 is what apps know; HMAC does not need what it lacks.
    maker = TOTP(base64.b32decode(secret), DIGITS, SHA1(), SECONDS)  # noqa: S303
    return maker.generate(step * SECONDS).decode()
