"""CTC: from the odds of each sign at each column to the likeliest texts, and from texts to how likely they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float64]

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
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (1.0, 0.0)}
    for column in shares:
        signs = [int(sign) for sign in np.flatnonzero(column[1:] > FAINT) + 1]
        if not signs:
            beams = {prefix: ((ended + open_) * column[0], 0.0) for prefix, (ended, open_) in beams.items()}
            continue
        beams = _step(beams, column, signs, width)
    ranked = sorted(((prefix, ended + open_) for prefix, (ended, open_) in beams.items()), key=lambda one: -one[1])
    return [(prefix, float(share)) for prefix, share in ranked]


def _step(
    beams: dict[tuple[int, ...], tuple[float, float]], column: Shares, signs: Sequence[int], width: int
) -> dict[tuple[int, ...], tuple[float, float]]:
    ended: defaultdict[tuple[int, ...], float] = defaultdict(float)
    held: defaultdict[tuple[int, ...], float] = defaultdict(float)
    for prefix, (after_blank, after_sign) in beams.items():
        total = after_blank + after_sign
        ended[prefix] += total * column[0]
        if prefix:
            held[prefix] += after_sign * column[prefix[-1]]
        for sign in signs:
            start = after_blank if prefix and prefix[-1] == sign else total
            held[(*prefix, sign)] += start * column[sign]
    best = sorted(set(ended) | set(held), key=lambda prefix: -(ended[prefix] + held[prefix]))[:width]
    return {prefix: (ended[prefix], held[prefix]) for prefix in best}


def align(shares: Shares, signs: Sequence[int]) -> tuple[float, ...]:
    """The column at which each of ``signs`` stands, by the likeliest way through ``shares``."""
    states = [0]
    for sign in signs:
        states += [sign, 0]
    logs = np.log(shares[:, states] + LEAST)
    columns, count = logs.shape
    score = np.full(count, -np.inf)
    score[:2] = logs[0, :2]
    back = np.zeros((columns, count), np.int64)
    for at in range(1, columns):
        ways = np.stack([score, np.r_[-np.inf, score[:-1]], np.r_[-np.inf, -np.inf, score[:-2]][:count]])
        skips = [state < 2 or states[state] == 0 or states[state] == states[state - 2] for state in range(count)]
        ways[2, skips] = -np.inf
        back[at] = ways.argmax(axis=0)
        score = ways.max(axis=0) + logs[at]
    state = count - 1 if count < 2 or score[-1] >= score[-2] else count - 2
    places: list[list[int]] = [[] for _ in signs]
    for at in range(columns - 1, -1, -1):
        if state % 2:
            places[state // 2].append(at)
        state -= int(back[at, state])
    return tuple(float(np.mean(found)) if found else 0.0 for found in places)
