"""Grey levels below which shares of a picture lie."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.levels import levels_at

PICTURES = arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30)))
PERCENTS = st.lists(st.floats(0, 100), min_size=1, max_size=4)


@given(PICTURES, PERCENTS)
def test_counted_levels_are_the_sorted_ones(grey: np.ndarray, percents: list[float]) -> None:
    assert levels_at(grey, *percents) == pytest.approx(np.percentile(grey, percents), abs=1e-6)


@given(PICTURES)
def test_levels_of_a_thinned_picture_are_those_of_its_pixels(grey: np.ndarray) -> None:
    assert levels_at(grey[::3, ::2], 75) == pytest.approx(np.percentile(grey[::3, ::2], [75]), abs=1e-6)


def test_an_empty_picture_has_no_levels() -> None:
    with pytest.raises(ValueError, match="empty"):
        levels_at(np.zeros((0, 4), np.uint8), 50)
