"""Digits that engines take for one another, and what a value would be if just one of its digits had been misread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

#: For every digit read, the digits it may have been on paper, with how likely each is beside the others: by the shapes of
#: print and of ink. Any other digit has :data:`_UNLIKE`.
_ALIKE = {
    "0": {"8": 1.0, "6": 1.0, "9": 0.7},
    "1": {"7": 1.0, "4": 0.4, "2": 0.2},
    "2": {"7": 0.5, "3": 0.4, "1": 0.3},
    "3": {"8": 1.0, "5": 0.6, "9": 0.4, "2": 0.3},
    "4": {"1": 0.5, "9": 0.5, "6": 0.2},
    "5": {"6": 1.0, "3": 0.6, "8": 0.3, "9": 0.3},
    "6": {"8": 1.0, "0": 0.9, "5": 0.9},
    "7": {"1": 1.0, "2": 0.4, "9": 0.3},
    "8": {"6": 1.0, "3": 0.9, "0": 0.9, "9": 0.5, "5": 0.3},
    "9": {"0": 0.7, "4": 0.6, "8": 0.5, "3": 0.4, "7": 0.2},
}
_UNLIKE = 0.05
#: Letters read for digits: the digits they may have been.
_LETTERS = {
    "O": "0", "Q": "0", "D": "0", "U": "0", "Ø": "0", "I": "1", "L": "1", "|": "1", "†": "1", "T": "7", "Z": "2", "A": "4",
    "S": "5", "Š": "5", "§": "8", "B": "8", "G": "6", "Ô": "0", "Đ": "0",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A value with one sign changed: ``read`` into ``instead``.

    ``place`` is that of the digit among the digits, of a letter among all signs, 1-based; ``weight`` says how likely such a
    slip is beside others.
    """

    value: str
    read: str
    instead: str
    place: int
    weight: float


def weigh_slip(read: str, instead: str) -> float:
    """How likely the digit ``read`` was ``instead`` on paper, beside other slips, above 0 to 1."""
    return _ALIKE.get(read, {}).get(instead, _UNLIKE)


def change_digits(text: str) -> Iterator[Change]:
    """``text`` with one of its digits changed, in every way."""
    place = 0
    for at, read in enumerate(text):
        if not ("0" <= read <= "9"):
            continue
        place += 1
        for instead in "0123456789":
            if instead != read:
                yield Change(text[:at] + instead + text[at + 1 :], read, instead, place, weigh_slip(read, instead))


def change_letters(text: str) -> Iterator[Change]:
    """``text`` with one letter beside a digit taken for the digit it looks like."""
    for at, read in enumerate(text):
        instead = _LETTERS.get(read.upper())
        if instead is not None and any(sign.isdigit() for sign in text[max(0, at - 1) : at + 2]):
            yield Change(text[:at] + instead + text[at + 1 :], read, instead, at + 1, 1.0)
