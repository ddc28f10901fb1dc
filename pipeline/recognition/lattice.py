"""The cheapest way through words each of which may be one of several."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.ports import LanguageModel

Prices = NDArray[np.float64]

#: Choices whose best way costs this many nats more than the best of all are not looked at with more context.
BEAM = 16.0


def settle(choices: Sequence[Sequence[str]], prices: Sequence[Prices], model: LanguageModel) -> list[Prices]:
    """For each place of a run, the cost in nats of the cheapest way through each of its choices, less the cheapest of all.

    ``prices`` are what each choice costs by itself. First pairs of words are weighed, then triples of what is left;
    choices that fell out after the first turn cost infinity.
    """
    rough = _cheapest(choices, prices, model, 2)
    kept = [np.flatnonzero(costs <= BEAM).tolist() for costs in rough]
    fine = _cheapest(
        [[words[at] for at in keep] for words, keep in zip(choices, kept, strict=True)],
        [price[keep] for price, keep in zip(prices, kept, strict=True)],
        model,
        3,
    )
    settled = []
    for words, keep, costs in zip(choices, kept, fine, strict=True):
        full = np.full(len(words), np.inf)
        full[keep] = costs
        settled.append(full)
    return settled


def _cheapest(choices: Sequence[Sequence[str]], prices: Sequence[Prices], model: LanguageModel, size: int) -> list[Prices]:
    """The same for all choices, with ``size`` words weighed together."""
    steps = _steps(choices, prices, model, size)
    ways: Prices = np.zeros((1, 1))
    forward = [ways := (ways[:, :, None] + step).min(axis=0) for step in steps]
    rest: Prices = np.zeros((1, 1))
    found: list[Prices] = []
    for ways, step in zip(reversed(forward), reversed(steps), strict=True):
        total = (ways + rest).min(axis=0)
        found.append(total - total.min())
        rest = (step + rest[None, :, :]).min(axis=2)
    return found[::-1]


def _steps(choices: Sequence[Sequence[str]], prices: Sequence[Prices], model: LanguageModel, size: int) -> list[Prices]:
    """Costs by (word before last, last word, word) of every place; the first axis has length 1 for pairs."""
    # A run may begin anywhere in a sentence, so its first words stand behind nothing rather than behind a beginning.
    runs: list[tuple[str, ...]] = []
    shapes: list[tuple[int, int, int]] = []
    before: Sequence[tuple[str, ...]] = ((),)
    last: Sequence[tuple[str, ...]] = ((),)
    for words in choices:
        context = before if size > 2 else ((),)
        runs += [(*two, *one, word) for two in context for one in last for word in words]
        shapes.append((len(context), len(last), len(words)))
        before, last = last, [(word,) for word in words]
    costs = np.asarray(model.costs(runs), np.float64)
    ends = np.cumsum([rows * columns * deep for rows, columns, deep in shapes])
    parts = np.split(costs, ends[:-1])
    return [part.reshape(shape) + price for part, shape, price in zip(parts, shapes, prices, strict=True)]
