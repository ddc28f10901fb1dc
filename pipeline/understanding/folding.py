"""Text without marks and case, for comparing what was read with what should stand there."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACES = re.compile(r"\s+")
_NOT_LETTERS = re.compile(r"[^0-9a-z]+")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """``text`` in lower case without tone and vowel marks, đ as d; every run of other signs is one space."""
    stripped = text.translate(_D)
    plain = "".join(sign for sign in unicodedata.normalize("NFD", stripped) if not unicodedata.combining(sign))
    return _NOT_LETTERS.sub(" ", plain.lower()).strip()


def squeeze(text: str) -> str:
    """``text`` with single spaces, NFC."""
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text).strip())


def capital_share(text: str) -> float:
    """The share of capitals among the letters of ``text``, 0..1; 0 where it has no letters."""
    letters = [sign for sign in text if sign.isalpha()]
    return sum(sign.isupper() for sign in letters) / len(letters) if letters else 0.0


_D = str.maketrans({"Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Ɖ": "D", "ø": "o", "Ø": "o"})
