"""Codes on prints: 128 bits that tell nothing, in letters and figures that nobody mistakes for each other."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

#: Crockford's letters: without I, L, O and U.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 26
_CODE = re.compile(f"[{_LETTERS}]{{{_LENGTH}}}")
_SLIPS = str.maketrans("OILU", "011V", "- ")


def make_code() -> str:
    """A new code, by chance."""
    return _written(int.from_bytes(secrets.token_bytes(16), "big"))


def code_of(master: str, release: str) -> str:
    """The code of the prints of a release: the same each time, and nobody's guess without the ``master``."""
    digest = hmac.new(master.encode(), f"print {release}".encode(), hashlib.sha256).digest()
    return _written(int.from_bytes(digest[:16], "big"))


def read_code(text: str) -> str:
    """The code as it is kept, from what somebody typed or a camera saw; empty for what is none."""
    code = text.strip().upper().translate(_SLIPS)
    return code if _CODE.fullmatch(code) else ""


def shown_code(code: str) -> str:
    """The code in groups, for eyes."""
    return "-".join((*(code[start : start + 5] for start in range(0, 20, 5)), code[20:])) if code else ""


def digest_of(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def _written(number: int) -> str:
    return "".join(_LETTERS[(number >> shift) & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))
