"""Reading order moves and cuts lines; it loses and doubles no word."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageImage, Word
from pipeline.recognition.order import order_lines
from pipeline.recognition.rulings import Table, find_tables

TEXTS = ("CỘNG", "HÒA", "XÃ", "HỘI", "Nơi", "nhận:", "Số:", "Họ tên:", "ngày", "tháng", "12", "KT.", "[3]", "-", "Sở")
places = st.floats(0, 1000, allow_nan=False)
sizes = st.floats(0, 300, allow_nan=False)


@st.composite
def words(draw: st.DrawFn) -> Word:
    left, top = draw(places), draw(places)
    box = Box(left, top, left + draw(sizes), top + draw(st.floats(0, 60)))
    return Word(draw(st.sampled_from(TEXTS)), box, draw(st.floats(0, 1)))


lines = st.lists(st.lists(words(), min_size=1, max_size=5).map(lambda found: Line(tuple(found))), max_size=15).map(tuple)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    left, top, wide, high = draw(places), draw(places), draw(st.floats(10, 200)), draw(st.floats(10, 80))
    columns, rows = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    xs, ys = [left + at * wide for at in range(columns)], [top + at * high for at in range(rows)]
    return Table(tuple(tuple(Box(x, y, x + wide - 2, y + high - 2) for x in xs) for y in ys))


def count(found: tuple[Line, ...]) -> Counter[Word]:
    return Counter(word for line in found for word in line.words)


@given(lines, st.lists(tables(), max_size=2))
def test_every_word_is_there_once_whatever_stands_where(found, ruled):
    ordered = order_lines(found, ruled)
    assert all(line.words for line in ordered)
    bare = {word.text.strip("[]") for word in count(found)}
    assert {word.text.strip("[]") for word in count(ordered)} == bare
    assert sum(count(ordered).values()) == sum(count(found).values())
    if not ruled:
        assert count(ordered) == count(found)


@given(st.integers(0, 2**32 - 1), st.floats(20, 1200))
def test_any_picture_gives_tables_of_cells_inside_it(seed, dpi):
    chance = np.random.default_rng(seed)
    pixels = np.full((int(chance.integers(1, 400)), int(chance.integers(1, 400))), 250, np.uint8)
    for _ in range(int(chance.integers(0, 12))):
        y, x = int(chance.integers(0, pixels.shape[0])), int(chance.integers(0, pixels.shape[1]))
        pixels[y : y + 2, x:] = 40
        pixels[y:, x : x + 2] = 40
    for table in find_tables(PageImage(1, pixels, dpi)):
        for cell in table.cells:
            assert cell.area > 0
            assert cell.left >= 0 and cell.right <= pixels.shape[1] + 1
            assert cell.top >= 0 and cell.bottom <= pixels.shape[0] + 1
