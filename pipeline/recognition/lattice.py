"""The cheapest way through words each of which may be one of several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from pipeline.ports import NOTHING, LanguageModel

Prices = NDArray[np.float64]
Numbers = NDArray[np.int64]

#: What a word may be, and what each choice costs by itself.
Choices = tuple[Sequence[str], Prices]

#: Choices whose best way costs this many nats more than the best of all are not looked at with more context.
BEAM = 16.0


def settle(runs: Sequence[Sequence[Choices]], model: LanguageModel) -> list[list[Prices]]:
    """For each place of each run, the cost in nats of the cheapest way through each of its choices, less the cheapest of all.

    First pairs of words are weighed, then triples of what is left; choices that fell out after the first turn cost infinity.
    """
    places = [place for run in runs for place in run]
    if not places:
        return [[] for _ in runs]
    depths = [place for run in runs for place in range(len(run))]
    sizes = [len(words) for words, _ in places]
    numbers = np.split(model.numbers([word for words, _ in places for word in words]), list(accumulate(sizes))[:-1])
    rough = _cheapest(numbers, [prices for _, prices in places], depths, model, 2)
    kept = [np.flatnonzero(costs <= BEAM) for costs in rough]
    left = [words[keep] for words, keep in zip(numbers, kept, strict=True)]
    fine = _cheapest(left, [prices[keep] for (_, prices), keep in zip(places, kept, strict=True)], depths, model, 3)
    settled = iter(_spread(fine, kept, sizes))
    return [[next(settled) for _ in run] for run in runs]


def _spread(found: Sequence[Prices], kept: Sequence[NDArray[np.intp]], sizes: Sequence[int]) -> Iterator[Prices]:
    """The costs ``found`` where they were ``kept``, infinity elsewhere."""
    for costs, keep, size in zip(found, kept, sizes, strict=True):
        full = np.full(size, np.inf)
        full[keep] = costs
        yield full


def _cheapest(
    words: Sequence[Numbers], prices: Sequence[Prices], depths: Sequence[int], model: LanguageModel, size: int
) -> list[Prices]:
    """The same for all choices, with ``size`` words weighed together; ``depths`` counts the places of each run from 0."""
    steps = _steps(words, prices, depths, model, size)
    starts = [at for at, depth in enumerate(depths) if depth == 0]
    found: list[Prices] = []
    for first, end in zip(starts, [*starts[1:], len(depths)], strict=True):
        found += _through(steps[first:end])
    return found


def _through(steps: Sequence[Prices]) -> list[Prices]:
    """The costs of the cheapest ways through one run, place by place."""
    ways: Prices = np.zeros((1, 1))
    forward = [ways := (ways[:, :, None] + step).min(axis=0) for step in steps]
    rest: Prices = np.zeros((1, 1))
    found: list[Prices] = []
    for ways, step in zip(reversed(forward), reversed(steps), strict=True):
        total = (ways + rest).min(axis=0)
        found.append(total - total.min())
        rest = (step + rest[None, :, :]).min(axis=2)
    return found[::-1]


def _steps(
    words: Sequence[Numbers], prices: Sequence[Prices], depths: Sequence[int], model: LanguageModel, size: int
) -> list[Prices]:
    """Costs by (word before last, last word, word) of every place; the first axis has length 1 for pairs."""
    # A run may begin anywhere in a sentence, so its first words stand behind nothing rather than behind a beginning.
    depth = np.array(depths)
    wide = np.array([len(choices) for choices in words])
    starts = np.cumsum(wide) - wide
    last = np.where(depth > 0, np.roll(wide, 1), 1)
    before = np.where((depth > 1) & (size > 2), np.roll(wide, 2), 1)
    total = before * last * wide
    owner = np.repeat(np.arange(len(words)), total)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(total) - total, total)
    row, column, deep = rank // (last * wide)[owner], rank // wide[owner] % last[owner], rank % wide[owner]
    flat = np.concatenate(words)
    third = flat[starts[owner] + deep]
    second = np.where((depth > 0)[owner], flat[np.roll(starts, 1)[owner] + column], NOTHING)
    first = np.where(((depth > 1) & (size > 2))[owner], flat[np.roll(starts, 2)[owner] + row], NOTHING)
    costs = model.costs(np.stack((first, second, third), axis=1)).astype(np.float64)
    parts = np.split(costs, np.cumsum(total)[:-1])
    shapes = zip(before.tolist(), last.tolist(), wide.tolist(), strict=True)
    return [part.reshape(shape) + price for part, shape, price in zip(parts, shapes, prices, strict=True)]
