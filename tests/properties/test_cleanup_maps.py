"""Whatever cleanup does to a page, a box finds its way back to the scan."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cleanup.orientation import turn_marks, turn_page
from pipeline.cleanup.scale import resize_page
from pipeline.cleanup.tilt import straighten
from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import PageImage


@settings(max_examples=60, deadline=None)
@given(
    turn=st.sampled_from((0, 90, 180, 270)),
    factor=st.floats(0.4, 2.0),
    degrees=st.floats(-15, 15),
    left=st.integers(30, 120),
    top=st.integers(30, 80),
    before=st.builds(Affine.shift, st.floats(-50, 50), st.floats(-50, 50)),
)
def test_a_dark_patch_found_on_the_cleaned_page_lies_where_it_lay_on_the_scan(turn, factor, degrees, left, top, before):
    pixels = np.full((140, 180), 255, np.uint8)
    pixels[top : top + 20, left : left + 20] = 0
    page = straighten(turn_page(resize_page(PageImage(1, pixels, 150, before), factor), turn), degrees)
    rows, columns = np.nonzero(page.pixels < 100)
    found = page.to_scan.apply(float(columns.mean()) + 0.5, float(rows.mean()) + 0.5)
    expected = before.apply(left + 10, top + 10)
    assert found == pytest.approx(expected, abs=1.6)


@given(turn=st.sampled_from((0, 90, 180, 270)), left=st.integers(0, 20), top=st.integers(0, 10))
def test_marks_turn_with_their_picture(turn, left, top):
    picture = np.zeros((30, 50), np.uint8)
    picture[top : top + 3, left : left + 7] = 255
    [[x, y, wide, high, _]] = turn_marks(np.array([[left, top, 7, 3, 21]], np.int32), picture, turn).tolist()
    turned = turn_page(PageImage(1, picture, 150), turn).pixels
    assert (turned[y : y + high, x : x + wide] == 255).all()


@given(
    degrees=st.floats(-15, 15), box=st.builds(lambda x, y: Box(x, y, x + 30, y + 12), st.integers(0, 100), st.integers(0, 100))
)
def test_a_box_mapped_forth_and_back_holds_itself(degrees, box):
    page = straighten(PageImage(1, np.full((200, 200), 255, np.uint8), 150), degrees)
    there_and_back = page.to_scan.map_box(page.to_scan.inverse().map_box(box))
    assert there_and_back.intersection(box).area == pytest.approx(box.area, rel=1e-6)
