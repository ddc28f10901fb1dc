"""Words of a page as they are compared: without marks, case and signs between."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

#: Words from which on a page is told by its words.
LEAST_WORDS = 20

_WORD = re.compile(r"[^\W_]+(?:[./:-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word: folded, with its digits by themselves; ``capital`` says that it begins so."""

    folded: str
    digits: str
    capital: bool

    @property
    def tells(self) -> bool:
        """Whether it is a number of two digits at least."""
        return len(self.digits) > 1


def words_of(text: str) -> tuple[Token, ...]:
    """The words of ``text`` in order."""
    return tuple(_token(word) for word in _WORD.findall(text))


def pairs_of(words: Sequence[Token]) -> frozenset[str]:
    """The pairs of neighbouring words."""
    return frozenset(f"{one.folded} {other.folded}" for one, other in pairwise(words))


def telling_of(words: Sequence[Token]) -> frozenset[str]:
    """What tells a page from others of its form: numbers, and pairs of words with capitals, as names have them."""
    names = {f"{a.folded} {b.folded}" for a, b in pairwise(words) if a.capital and b.capital}
    return frozenset({word.digits for word in words if word.tells} | names)


@lru_cache(maxsize=65_536)
def _token(word: str) -> Token:
    parts = unicodedata.normalize("NFD", word.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(sign for sign in parts if not unicodedata.combining(sign) and sign.isalnum())
    return Token(plain.casefold(), "".join(filter(str.isdigit, plain)), plain[:1].isupper())
