"""Pieces of ink are numbered in 16 bits only where that many numbers are enough."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.pieces import find_pieces

SHAPES = st.tuples(st.integers(1, 40), st.integers(1, 40))


@settings(max_examples=200, deadline=None)
@given(arrays(np.uint8, SHAPES, elements=st.sampled_from([0, 0, 255])), st.sampled_from([4, 8]))
def test_pieces_are_those_that_opencv_finds(ink, connectivity):
    count, labels, stats, centres = cv2.connectedComponentsWithStats(ink, connectivity=connectivity)
    pieces = find_pieces(ink, connectivity)
    assert len(pieces.stats) == count
    assert np.array_equal(pieces.labels, labels)
    assert np.array_equal(pieces.stats, stats)
    assert np.array_equal(pieces.boxes, stats[1:])
    assert np.allclose(pieces.centres, centres, equal_nan=True)


@pytest.mark.parametrize("connectivity", [4, 8])
def test_as_many_pieces_as_a_page_of_dust_holds_are_told_apart(connectivity):
    ink = np.zeros((700, 700), np.uint8)
    ink[::2, ::2] = 255
    pieces = find_pieces(ink, connectivity)
    assert len(pieces.boxes) == 350 * 350
    assert pieces.labels.max() == 350 * 350
    assert (pieces.boxes[:, cv2.CC_STAT_AREA] == 1).all()


@pytest.mark.parametrize("seed", range(3))
def test_numbers_that_are_joined_on_the_way_do_not_run_out(seed):
    """Combs: every tooth is a piece of its own until the row that joins them all."""
    rng = np.random.default_rng(seed)
    ink = np.where(rng.random((1200, 1200)) < 0.35, 255, 0).astype(np.uint8)
    ink[-1] = 255
    pieces = find_pieces(ink)
    assert np.array_equal(pieces.labels, cv2.connectedComponentsWithStats(ink, connectivity=8)[1])


def test_a_page_without_ink_has_no_pieces():
    assert len(find_pieces(np.zeros((50, 60), np.uint8)).boxes) == 0
