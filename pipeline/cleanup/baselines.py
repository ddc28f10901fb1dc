"""Letters linked to their neighbours along the lines of text, and how well their feet stand on straight baselines.

What is linked need not be whole lines: half a line of true neighbours tells the tilt more exactly than a profile of the
page, in which seals, signatures and the ghosts of another page count as much as letters do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.thumbnail import Marks

#: Letters are at least this share of the usual side high, and at most the second as long.
LOWEST, LONGEST = 0.5, 2.5

#: The next letter begins at most this many usual sides behind a letter's end, and lies at most this much higher or lower,
#: besides what a tilt of 18 degrees explains.
REACH, RISE, STEEPEST = 1.6, 0.45, 0.33

#: Letters are compared with those this many links on; powers of two.
FEWEST_LINKS, MOST_LINKS = 4, 64

#: Rounds in which the tilt is looked for: links from and to, step and reach in degrees, spread of a baseline in pixels.
ROUNDS = ((4, 8, 0.5, 18.5, 2.5), (4, 32, 0.125, 1.0, 1.5), (8, 64, 0.025, 0.25, 1.0))

#: Fewer pairs than this tell no tilt; more than the second tell it no better.
FEWEST_PAIRS, MOST_PAIRS = 12, 3000

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of letters of the same line: how many links apart, the left one's middle, and how far the other stands off.

    ``across`` and ``down`` lead from the foot of the left letter to that of the right one, ``heads`` from head to head.
    """

    links: NDArray[np.int64]
    x: Numbers
    y: Numbers
    across: Numbers
    down: Numbers
    heads: Numbers


def link_letters(marks: Marks) -> Pairs:
    """The pairs of letters found among marks whose lines run level, give or take 18 degrees."""
    letters = find_letters(marks)
    following = find_successors(letters)
    hops, steps, found = np.append(following, -1), 1, []
    while steps <= MOST_LINKS:
        if steps >= FEWEST_LINKS:
            left = np.flatnonzero(hops[:-1] >= 0)
            found.append((np.full(len(left), steps), left, hops[left]))
        hops, steps = hops[hops], steps * 2
    links, left, right = (np.concatenate([part[column] for part in found]) for column in range(3))
    middle = letters[:, 0] + letters[:, 2] / 2
    foot = (letters[:, 1] + letters[:, 3]).astype(np.float32)
    head = letters[:, 1].astype(np.float32)
    across = (middle[right] - middle[left]).astype(np.float32)
    x = middle[left].astype(np.float32)
    return Pairs(links, x, foot[left], across, foot[right] - foot[left], head[right] - head[left])


def find_tilt(pairs: Pairs, *, heads: bool = False) -> tuple[float, float]:
    """The tilt in degrees at which most letters stand on common baselines, and the share (0..1) that does.

    With ``heads`` the same for the tops of letters. The share is 0 where there are too few pairs to tell.
    """
    down = pairs.heads if heads else pairs.down
    best, share = 0.0, 0.0
    for low, high, step, reach, spread in ROUNDS:
        chosen = np.flatnonzero((pairs.links >= low) & (pairs.links <= high))
        if len(chosen) < FEWEST_PAIRS:
            if share == 0.0:
                return 0.0, 0.0
            chosen = np.arange(len(pairs.links))
        chosen = chosen[:: max(1, len(chosen) // MOST_PAIRS)]
        angles = best + np.arange(-reach, reach + step / 2, step)
        scores = share_level(pairs.across[chosen], down[chosen], angles, spread)
        top = int(np.argmax(scores))
        best, share = float(angles[top]) + step * find_summit(scores, top), float(scores[top])
    return best, share


def find_letters(marks: Marks) -> Marks:
    """The marks of about the usual size, sorted by their left edges."""
    side = np.maximum(marks[:, 2], marks[:, 3])
    usual = float(np.median(side))
    letters = marks[(marks[:, 3] >= LOWEST * usual) & (side <= LONGEST * usual)]
    return letters[np.argsort(letters[:, 0], kind="stable")]


def find_successors(letters: Marks) -> NDArray[np.int64]:
    """For each letter, sorted by their left edges, the next one on its line; -1 where there is none."""
    usual = float(np.median(np.maximum(letters[:, 2], letters[:, 3])))
    left = letters[:, 0].astype(np.float32)
    right, middle = left + letters[:, 2], left + letters[:, 2] / 2
    height = (letters[:, 1] + letters[:, 3] / 2).astype(np.float32)
    first = np.searchsorted(left, right - 0.15 * usual)
    count = np.maximum(0, np.searchsorted(left, right + REACH * usual) - first)
    source = np.repeat(np.arange(len(letters)), count)
    target = np.arange(len(source)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    across, down = middle[target] - middle[source], np.abs(height[target] - height[source])
    near = (across > 0) & (down <= RISE * usual + STEEPEST * across)
    source, target, cost = source[near], target[near], (across + 2 * down)[near]
    order = np.lexsort((cost, source))
    source, target = source[order], target[order]
    nearest = np.ones(len(source), bool)
    nearest[1:] = source[1:] != source[:-1]
    following = np.full(len(letters), -1, np.int64)
    following[source[nearest]] = target[nearest]
    return following


def share_level(across: Numbers, down: Numbers, angles: NDArray[np.float64], spread: float) -> NDArray[np.float64]:
    """For each angle the share of pairs on a common baseline; one that is off by ``spread`` pixels counts as 0.6."""
    slopes = np.tan(np.radians(angles)).astype(np.float32)[:, None]
    off = (down[None] - across[None] * slopes) / np.float32(spread)
    return np.asarray(np.exp(-0.5 * off * off).mean(axis=1), np.float64)


def find_summit(scores: NDArray[np.float64], top: int) -> float:
    """Where between its neighbours the highest score would be, in steps from ``top``: -0.5..0.5."""
    if not 0 < top < len(scores) - 1:
        return 0.0
    before, at, behind = scores[top - 1 : top + 2]
    bend = before - 2 * at + behind
    return float(0.5 * (before - behind) / bend) if bend < 0 else 0.0
