"""The tilt of few letters, told from all there is to see of them: full resolution, every pair of letters of each line.

On a page with a signature block and nothing else the pixels of the thumbnail are too coarse: feet rounded to the next pixel,
and letters that run into print that shines through, turn such a page by a quarter of a degree.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.baselines import FEWEST_PAIRS, find_letters, find_successors, find_summit, share_level
from pipeline.cleanup.thumbnail import Marks

#: Letters of one line are compared where they stand at least this many usual sides apart.
APART = 3.0

#: Lines of fewer letters are left out; of more pairs than the second only every so many is compared.
FEWEST_LETTERS, MOST_PAIRS = 4, 4000

#: Rounds in which the tilt is looked for: reach and step in degrees, and how far off a common baseline, in inches but at
#: least a pixel, a letter counts as 0.6.
ROUNDS = ((18.5, 0.2, 0.0167), (1.0, 0.02, 0.0067))

#: At least this share of pairs must stand on common baselines, roughly.
LEAST_SHARE = 0.3

Numbers = NDArray[np.float32]


def tilt_of_few(marks: Marks, dpi: float) -> float | None:
    """The tilt in degrees at which most letters share baselines with others of their line; None where lines are lacking.

    ``marks`` are of a picture of ``dpi`` whose lines run level, give or take 18 degrees.
    """
    across, down = _pair_up(find_letters(marks)) if len(marks) else (np.zeros(0, np.float32),) * 2
    if len(across) < FEWEST_PAIRS:
        return None
    thinned = slice(None, None, -(-len(across) // MOST_PAIRS))
    best = 0.0
    for reach, step, spread in ROUNDS:
        angles = best + np.arange(-reach, reach + step / 2, step)
        shares = share_level(across[thinned], down[thinned], angles, max(1.0, spread * dpi))
        top = int(np.argmax(shares))
        if reach == ROUNDS[0][0] and shares[top] < LEAST_SHARE:
            return None
        best = float(angles[top]) + step * find_summit(shares, top)
    return best


def _pair_up(letters: Marks) -> tuple[Numbers, Numbers]:
    """How far the feet of two letters of a line lie apart, across and down, for all pairs that stand far enough apart."""
    usual = float(np.median(np.maximum(letters[:, 2], letters[:, 3])))
    middle = (letters[:, 0] + letters[:, 2] / 2).astype(np.float32)
    foot = (letters[:, 1] + letters[:, 3]).astype(np.float32)
    line = _number_lines(find_successors(letters))
    pairs = [np.zeros((2, 0), np.float32)]
    for number in np.flatnonzero(np.bincount(line) >= FEWEST_LETTERS):
        members = np.flatnonzero(line == number)
        one, other = members[np.stack(np.triu_indices(len(members), 1))]
        apart = np.stack((middle[other] - middle[one], foot[other] - foot[one]))
        pairs.append(apart[:, apart[0] >= APART * usual])
    across, down = np.concatenate(pairs, axis=1)
    return across, down


def _number_lines(following: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each letter the last one of the line it leads to."""
    line = np.arange(len(following))
    for letter in range(len(following) - 1, -1, -1):
        if following[letter] >= 0:
            line[letter] = line[following[letter]]
    return line
