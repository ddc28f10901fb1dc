"""What a confidence is worth: how often those are right who say so, and how far that lies from what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Bounds of the printed table, narrow where decisions fall.
EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0)
#: From here on a word is said to be right.
SURE = 0.99


@dataclass(frozen=True, slots=True)
class Bin:
    """Confidences from ``low`` to ``high``: how many, their mean, and the share of them that is right (both 0..1)."""

    low: float
    high: float
    count: int
    mean: float
    right: float


class Judged:
    """Confidences, 0..1, and whether each was right."""

    def __init__(self, confidences: Sequence[float], rights: Sequence[bool]) -> None:
        """Raises ``ValueError`` where there are not as many of one as of the other."""
        if len(confidences) != len(rights):
            raise ValueError("a verdict is needed for each confidence")
        order = np.argsort(np.asarray(confidences, np.float64), kind="stable")
        self.confidences: NDArray[np.float64] = np.asarray(confidences, np.float64)[order]
        self.rights: NDArray[np.bool_] = np.asarray(rights, np.bool_)[order]

    def __len__(self) -> int:
        return len(self.confidences)

    def bins(self, edges: Sequence[float] = EDGES) -> list[Bin]:
        """The bins between ``edges``, empty ones left out; a bin holds its lower edge, the last one its upper edge too."""
        cuts = np.searchsorted(self.confidences, edges[1:-1], side="left")
        parts = np.split(np.arange(len(self)), cuts)
        return [self._bin(low, high, part) for low, high, part in zip(edges, edges[1:], parts, strict=False) if part.size]

    def equal_bins(self, count: int) -> list[Bin]:
        """``count`` bins of equal width over 0..1, empty ones left out."""
        return self.bins([place / count for place in range(count + 1)])

    def even_bins(self, count: int) -> list[Bin]:
        """``count`` bins of as many words each, as nearly as can be, in rising order; empty ones left out."""
        parts = [part for part in np.array_split(np.arange(len(self)), count) if part.size]
        return [self._bin(float(self.confidences[part[0]]), float(self.confidences[part[-1]]), part) for part in parts]

    def _bin(self, low: float, high: float, part: NDArray[np.intp]) -> Bin:
        mean, right = float(self.confidences[part].mean()), float(self.rights[part].mean())
        return Bin(low, high, int(part.size), mean, right)

    @property
    def sure(self) -> Bin:
        """All that are at least :data:`SURE`; share and mean are 1 where none is."""
        part = np.flatnonzero(self.confidences >= SURE)
        return self._bin(SURE, 1.0, part) if part.size else Bin(SURE, 1.0, 0, 1.0, 1.0)

    @property
    def mean(self) -> float:
        """Mean confidence, 0..1; 1 where there is none."""
        return float(self.confidences.mean()) if len(self) else 1.0

    @property
    def right(self) -> float:
        """The share that is right, 0..1; 1 where there is none."""
        return float(self.rights.mean()) if len(self) else 1.0


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error, 0..1: the mean of |share right - mean confidence| over ``bins``, by count.

    Naeini, Cooper, Hauskrecht: Obtaining well calibrated probabilities using Bayesian binning (AAAI 2015).
    """
    count = sum(one.count for one in bins)
    return sum(one.count * abs(one.right - one.mean) for one in bins) / count if count else 0.0


def format_bins(bins: Sequence[Bin], what: str = "words") -> str:
    """A Markdown table of ``bins``; ``what`` was judged."""
    rows = [f"| confidence | {what} | mean confidence | share right |", "|---|---|---|---|"]
    rows += [f"| {one.low:.4g} to {one.high:.4g} | {one.count} | {one.mean:.4f} | {one.right:.4f} |" for one in bins]
    return "\n".join(rows)
