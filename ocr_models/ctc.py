"""CTC: from the odds of each sign at each column to the likeliest texts, and from texts to how likely they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float64]

#: How likely each sequence is, by how it ends: behind a blank, and on its last sign.
_Beams = dict[int, tuple[float, float]]

#: A sign below this share at a column is not followed up.
FAINT = 1e-4

#: No share is taken to be less than this.
LEAST = 1e-12


def soften(odds: NDArray[np.float32], temperature: float) -> Shares:
    """Log odds (signs, columns) as shares (columns, signs) that add up to 1 in each column."""
    scaled = odds.T.astype(np.float64) / temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    shares = np.exp(scaled)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def weigh(shares: Shares, texts: Sequence[Sequence[int]]) -> tuple[float, ...]:
    """For each of ``texts`` the log of the probability that it and nothing else is written, in whatever way."""
    if not texts:
        return ()
    states = np.zeros((len(texts), 2 * max(map(len, texts)) + 1), np.int64)
    for row, signs in zip(states, texts, strict=True):
        row[1 : 2 * len(signs) : 2] = signs
    skips = np.zeros(states.shape, bool)
    skips[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    logs = np.log(np.maximum(shares, LEAST))
    score = np.full(states.shape, -np.inf)
    score[:, :2] = logs[0][states[:, :2]]
    for column in logs[1:]:
        one = np.full(states.shape, -np.inf)
        one[:, 1:] = score[:, :-1]
        two = np.full(states.shape, -np.inf)
        two[:, 2:] = np.where(skips[:, 2:], score[:, :-2], -np.inf)
        score = np.logaddexp(np.logaddexp(score, one), two) + column[states]
    ends = [2 * len(signs) for signs in texts]
    last = (np.logaddexp(row[end], row[end - 1]) if end else row[0] for row, end in zip(score, ends, strict=True))
    return tuple(float(nats) for nats in last)


def search(shares: Shares, width: int = 12) -> list[tuple[tuple[int, ...], float]]:
    """The likeliest sequences of signs with their probability, best first (prefix beam search; sign 0 is the blank)."""
    tree = _Prefixes()
    beams: _Beams = {tree.ROOT: (1.0, 0.0)}
    # Python's own floats: the same numbers, and several times as fast one by one.
    for column, followed in zip(shares.tolist(), shares[:, 1:] > FAINT, strict=True):
        signs = sorted((np.flatnonzero(followed) + 1).tolist(), key=column.__getitem__, reverse=True)
        if signs:
            beams = _step(beams, column, signs, tree, width)
        else:
            beams = {prefix: ((ended + held) * column[0], 0.0) for prefix, (ended, held) in beams.items()}
    ranked = sorted(beams, key=lambda prefix: sum(beams[prefix]), reverse=True)
    return [(tree.signs_of(prefix), float(sum(beams[prefix]))) for prefix in ranked]


class _Prefixes:
    """Sequences of signs by number: numbers are compared at once, however long what they stand for is."""

    ROOT = 0

    def __init__(self) -> None:
        self.last = [0]
        self.parents = [0]
        self._numbers: dict[tuple[int, int], int] = {}

    def longer(self, prefix: int, sign: int) -> int:
        """The sequence with one more sign."""
        number = self._numbers.setdefault((prefix, sign), len(self.last))
        if number == len(self.last):
            self.last.append(sign)
            self.parents.append(prefix)
        return number

    def signs_of(self, prefix: int) -> tuple[int, ...]:
        """All signs of the sequence."""
        signs: list[int] = []
        while prefix:
            signs.append(self.last[prefix])
            prefix = self.parents[prefix]
        return tuple(reversed(signs))


def _step(beams: _Beams, column: Sequence[float], signs: Sequence[int], tree: _Prefixes, width: int) -> _Beams:
    """The beams behind one more column; ``signs`` are those to follow up, the likeliest first."""
    found = {prefix: (sum(odds) * column[0], _hold(prefix, beams, column, tree)) for prefix, odds in beams.items()}
    # What is less likely than all that are there already cannot be among the best.
    floor = min(map(sum, found.values())) if len(found) >= width else 0.0
    for prefix, (after_blank, after_sign) in beams.items():
        total, last = after_blank + after_sign, tree.last[prefix]
        for sign in signs:
            if total * column[sign] < floor:
                break
            longer = tree.longer(prefix, sign)
            if longer not in beams:
                found[longer] = 0.0, (after_blank if sign == last else total) * column[sign]
    best = sorted(found, key=lambda prefix: sum(found[prefix]), reverse=True)
    return {prefix: found[prefix] for prefix in best[:width]}


def _hold(prefix: int, beams: _Beams, column: Sequence[float], tree: _Prefixes) -> float:
    """How likely the column is the last sign of ``prefix``: still, or for the first time."""
    last, parent = tree.last[prefix], tree.parents[prefix]
    if not prefix:
        return 0.0
    held = beams[prefix][1] * column[last]
    if parent in beams and column[last] > FAINT:
        after_blank, after_sign = beams[parent]
        held += (after_blank if last == tree.last[parent] else after_blank + after_sign) * column[last]
    return held


def align(shares: Shares, signs: Sequence[int]) -> tuple[float, ...]:
    """The column at which each of ``signs`` stands, by the likeliest way through ``shares``."""
    states = np.zeros(2 * len(signs) + 1, np.int64)
    states[1::2] = signs
    logs = np.log(shares[:, states] + LEAST)
    columns, count = logs.shape
    score = np.full(count, -np.inf)
    score[:2] = logs[0, :2]
    back = np.zeros((columns, count), np.int64)
    may_skip = np.zeros(count, bool)
    may_skip[3::2] = states[3::2] != states[1:-2:2]
    ways = np.full((3, count), -np.inf)
    for at in range(1, columns):
        ways[0] = score
        ways[1, 1:] = score[:-1]
        np.copyto(ways[2, 2:], score[:-2], where=may_skip[2:])
        back[at] = ways.argmax(axis=0)
        score = ways.max(axis=0) + logs[at]
    state = count - 1 if count < 2 or score[-1] >= score[-2] else count - 2
    places: list[list[int]] = [[] for _ in signs]
    for at in range(columns - 1, -1, -1):
        if state % 2:
            places[state // 2].append(at)
        state -= int(back[at, state])
    return tuple(float(np.mean(found)) if found else 0.0 for found in places)
