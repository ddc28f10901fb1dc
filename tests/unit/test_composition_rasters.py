"""Coarse pictures of a page and the page itself lie upon each other, whatever its size."""

from __future__ import annotations

import io

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, TiffImagePlugin

from pipeline.composition.fax import decode_fax, encode_fax
from pipeline.composition.places import Place, magnify
from pipeline.composition.rasters import shrink, spread

SIDES = st.integers(1, 70)


@given(
    arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9))), st.integers(1, 8), st.integers(0, 7), st.integers(0, 7)
)
def test_what_is_spread_shrinks_to_what_it_was(coarse, step, more_rows, more_columns):
    rows, columns = coarse.shape
    size = columns * step + min(more_columns, step - 1, columns - 1), rows * step + min(more_rows, step - 1, rows - 1)
    assert np.array_equal(shrink(spread(coarse, (step, step), size), (columns, rows)), coarse)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(2, 9), st.data())
def test_cells_cover_the_page_without_gaps(rows, columns, step, data):
    more = data.draw(st.integers(0, (step - 1) // 2))
    page = rows * step + more, columns * step + more
    covered = np.zeros(page, int)
    for row in range(rows):
        for column in range(columns):
            place = magnify((column, row, 1, 1), (rows, columns), page)
            place.cut(covered)[:] += 1
    assert (covered == 1).all()
    assert magnify((0, 0, columns, rows), (rows, columns), page) == Place(0, 0, page[1], page[0])


@settings(max_examples=150, deadline=None)
@given(arrays(np.uint8, st.tuples(SIDES, SIDES), elements=st.sampled_from([0, 255])))
def test_group_4_is_coded_as_pillow_codes_it_and_decoded_to_what_it_was(pixels):
    target = io.BytesIO()
    Image.fromarray(pixels == 0).save(target, "TIFF", compression="group4", tiffinfo={278: pixels.shape[0]})
    with TiffImagePlugin.TiffImageFile(io.BytesIO(target.getvalue())) as coded:
        start, length = coded.tag_v2[273][0], coded.tag_v2[279][0]
    data = encode_fax(pixels)
    assert data == target.getvalue()[start : start + length]
    assert np.array_equal(decode_fax(data, pixels.shape[1], pixels.shape[0]), pixels)
