"""The random draws behind one made document, repeatable by seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, TypeVar

T = TypeVar("T")

Split = Literal["tune", "held_out"]


def listed(text: str) -> tuple[str, ...]:
    """The entries of a bank of words, which ``|`` parts."""
    return tuple(text.split("|"))


class Chance:
    """Random choices of one document; ``split`` says which half of the wordings, layouts and fonts is drawn from."""

    def __init__(self, seed: str, split: Split = "tune") -> None:
        self.split = split
        self.random = random.Random(seed)

    def pick(self, options: Sequence[T]) -> T:
        """One of ``options``, all equally likely."""
        return self.random.choice(options)

    def pick_apart(self, tune: Sequence[T], held_out: Sequence[T]) -> T:
        """One of the half that belongs to this document's split."""
        return self.pick(tune if self.split == "tune" else held_out)

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """``count`` different options (all of them where there are fewer), in random order."""
        return self.random.sample(list(options), min(count, len(options)))

    def whole(self, low: int, high: int) -> int:
        """An integer from ``low`` to ``high``, both included."""
        return self.random.randint(low, high)

    def between(self, low: float, high: float) -> float:
        """A number from ``low`` to ``high``."""
        return self.random.uniform(low, high)

    def odds(self, share: float) -> bool:
        """True in ``share`` (0..1) of the cases."""
        return self.random.random() < share

    def day(self, first: date, last: date) -> date:
        """A day from ``first`` to ``last``, both included."""
        return first + timedelta(days=self.whole(0, max(0, (last - first).days)))

    def digits(self, count: int) -> str:
        """A string of ``count`` digits."""
        return "".join(str(self.whole(0, 9)) for _ in range(count))
