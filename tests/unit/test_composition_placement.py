"""Words on their baselines."""

from __future__ import annotations

import math
from itertools import pairwise
from unicodedata import normalize

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.composition.letterforms import letter_reach, word_reach
from pipeline.composition.placement import letter_height, place, upright
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageOrigin, PageReading, PageText, Word


def reading(*lines: Line, rotation: int = 0, skew: float = 0.0) -> PageReading:
    return PageReading(1, 1000, 1400, 100.0, PageText(1, lines, "test"), PageOrigin.OCR, rotation, skew)


def word(text: str, left: float, top: float, right: float, bottom: float) -> Word:
    return Word(text, Box(left, top, right, bottom), 0.9)


@given(st.floats(5, 900), st.floats(5, 90), st.floats(-3, 3))
def test_the_height_of_the_letters_follows_from_the_hull_of_a_tilted_word(width, height, degrees):
    tilt = math.radians(degrees)
    cos, sin = math.cos(tilt), abs(math.sin(tilt))
    hull_width, hull_height = width * cos + height * sin, width * sin + height * cos
    found = letter_height(hull_width, hull_height, tilt)
    assert found == pytest.approx(height if height > 0.26 * hull_height else found, rel=1e-6)


def test_an_upright_box_on_a_tilted_page_keeps_its_height():
    assert letter_height(900, 30, math.radians(3)) == 30


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_turn_of_the_page_is_clockwise(rotation):
    pixels = np.zeros((3, 5), np.uint8)
    pixels[0, 1] = 1
    turned = np.rot90(pixels, -rotation // 90)
    (row,), (column,) = np.nonzero(turned)
    assert upright(5, 3, rotation).apply(1.5, 0.5) == (column + 0.5, row + 0.5)


def test_words_of_a_line_share_size_and_baseline_whatever_their_letters():
    line = Line((word("quyết", 100, 91, 160, 121), word("xem", 170, 106, 210, 115), word("–", 220, 109, 230, 111)))
    ((_, (one, two, three)),) = place(reading(line))
    assert one.size == two.size == three.size == pytest.approx(26, abs=4)
    assert one.y == two.y == three.y == pytest.approx(115, abs=2)
    assert (one.cut.ascent, one.cut.descent) == (900, -220)
    assert (two.cut.ascent, two.cut.descent) == (480, -15)


def test_boxes_as_high_as_the_typeface_are_filled_by_every_word():
    line = Line((word("quyết", 100, 90, 160, 120), word("xem", 170, 90, 210, 120), word("–", 220, 90, 230, 120)))
    alone = Line((word("xem", 100, 190, 160, 220),), block=1)
    for _, placed in place(reading(line, alone)):
        for one in placed:
            assert one.y == pytest.approx(one.cut.ascent / 1000 * one.size + (90 if one.y < 150 else 190))
            assert (one.cut.ascent, one.cut.descent) == (900, -220)
            assert one.size == pytest.approx(30 / 1.12)


def test_overlapping_words_are_parted_so_that_a_space_fits_between():
    line = Line((word("lập", 100, 100, 160, 130), word("-", 150, 110, 162, 118), word("do", 175, 104, 200, 124)))
    ((_, (one, two, _)),) = place(reading(line))
    assert one.x + one.width < two.x
    assert one.gap > 0
    assert two.x + two.width <= 162


def test_on_a_tilted_page_the_baseline_goes_down_word_by_word():
    slope = math.tan(math.radians(2))
    words = tuple(word("hạn", x, 100 + x * slope, x + 60, 125 + x * slope) for x in range(100, 900, 80))
    ((_, placed),) = place(reading(Line(words), skew=2.0))
    steps = [after.y - before.y for before, after in pairwise(placed)]
    assert steps == pytest.approx([80 * slope] * len(steps), abs=0.2)


def test_words_without_letters_or_without_a_place_are_left_out():
    words = (word("\x00\u200b"[:1], 0, 0, 10, 10), Word("tên", Box(math.nan, 0, 1, 1), 0.5), word(" ", 5, 5, 9, 9))
    assert tuple(place(reading(Line(words)))) == ()


def test_decomposed_letters_are_composed():
    ((_, (placed,)),) = place(reading(Line((word(normalize("NFD", "Nghị"), 10, 10, 60, 30),))))
    assert placed.text == "Nghị"


@given(st.text(min_size=1, max_size=8))
def test_every_letter_reaches_somewhere(text):
    top, bottom = word_reach(text)
    assert -0.3 < bottom < top <= 1.0


def test_marks_reach_higher_and_dots_lower():
    assert letter_reach("ế")[0] > letter_reach("ê")[0] > letter_reach("e")[0]
    assert letter_reach("ị")[1] < letter_reach("i")[1] == 0


def test_a_box_that_swallows_its_neighbours_ends_where_they_begin():
    line = Line((word("lục", 100, 100, 260, 130), word("hộ", 150, 100, 180, 130), word("tịch", 195, 100, 258, 130)))
    ((_, placed),) = place(reading(line))
    assert all(one.x + one.width < other.x for one, other in pairwise(placed))


def test_words_that_go_back_to_the_left_begin_a_line_of_their_own():
    line = Line((word("hai", 300, 100, 360, 130), word("một", 100, 100, 160, 130)))
    assert [[one.text for one in placed] for _, placed in place(reading(line))] == [["hai"], ["một"]]


def test_slivers_that_touch_a_word_are_parted_from_it():
    line = Line((word("quyền", 100, 100, 180, 130), word("‹", 190, 112, 197, 128), word("địa", 195, 98, 240, 130)))
    ((_, placed),) = place(reading(line))
    assert all(other.x - one.x - one.width >= 0.15 * one.size for one, other in pairwise(placed))
