"""Odds of signs at columns: texts found in them and weighed by them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_models.ctc import align, search, soften, weigh

odds = st.integers(1, 5).flatmap(
    lambda columns: st.lists(
        st.lists(st.floats(-3, 3, width=32), min_size=3, max_size=3), min_size=columns, max_size=columns
    ).map(lambda rows: np.array(rows, np.float32).T)
)


def ways(shares: np.ndarray) -> dict[tuple[int, ...], float]:
    """Every text there may be with its probability, by writing out every way through the columns."""
    found: dict[tuple[int, ...], float] = {}
    for path in itertools.product(range(shares.shape[1]), repeat=len(shares)):
        text = tuple(sign for sign, _ in itertools.groupby(path) if sign)
        found[text] = found.get(text, 0.0) + math.prod(shares[at, sign] for at, sign in enumerate(path))
    return found


@settings(max_examples=40, deadline=None)
@given(odds)
def test_what_texts_weigh_is_what_all_ways_to_write_them_add_up_to(told: np.ndarray) -> None:
    shares = soften(told, 1.0)
    every = ways(shares)
    texts = list(every)
    assert np.exp(weigh(shares, texts)) == pytest.approx([every[text] for text in texts], rel=1e-6, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(odds)
def test_the_search_finds_the_likeliest_text(told: np.ndarray) -> None:
    shares = soften(told, 1.0)
    every = ways(shares)
    text, share = search(shares, width=40)[0]
    assert share == pytest.approx(max(every.values()), rel=1e-6)
    assert every[text] == pytest.approx(share, rel=1e-6)


def test_a_text_longer_than_the_line_cannot_stand_there() -> None:
    shares = soften(np.zeros((3, 2), np.float32), 1.0)
    assert weigh(shares, [(1, 1), (1, 2, 1)]) == (-math.inf, -math.inf)
    assert weigh(shares, []) == ()
    assert len(align(shares, (1, 2))) == 2
