"""Rows of boxes on forms, and the digits that hands write into them, with a scripted reader of digits."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import Line, PageImage, Pixels, Word
from pipeline.ports import DigitReading, EngineInfo
from pipeline.recognition.boxes import BoxRow, find_box_rows
from pipeline.recognition.filled import CEILING, fill_boxes, without_box_rows
from pipeline.recognition.ink import UNREADABLE, Ink
from pipeline.recognition.rulings import Table

SIDE = 34


class OneAfterTheOther:
    """Reads each digit three times, as it is looked at, in the order of ``readings``."""

    def __init__(self, *readings: tuple[str, float]) -> None:
        self.readings = readings
        self.looked = 0

    @property
    def info(self) -> EngineInfo:
        return EngineInfo("scripted", "1", ())

    def read(self, image: PageImage) -> tuple[DigitReading, ...]:
        text, share = self.readings[self.looked // 3]
        self.looked += 1
        return (DigitReading(text, share, (image.width / 2,)),)


def sheet() -> Pixels:
    return np.full((500, 800), 250, np.uint8)


def draw_row(pixels: Pixels, left: int, top: int, count: int, *, apart: int = 0, inked: int = 0) -> None:
    for at in range(count):
        x = left + at * (SIDE + apart)
        cv2.rectangle(pixels, (x, top), (x + SIDE, top + SIDE), (40,), 2)
        if at < inked:
            cv2.ellipse(pixels, (x + SIDE // 2, top + SIDE // 2), (7, 10), 0, 0, 360, (20,), 3)


def page(pixels: Pixels) -> PageImage:
    return PageImage(1, pixels, 150, Affine.scale(1.0))


def sizes(pixels: Pixels) -> list[tuple[int, bool]]:
    return [(len(row.boxes), row.whole) for row in find_box_rows(page(pixels))]


@pytest.mark.parametrize("apart", [0, 6])
@pytest.mark.parametrize("inked", [0, 9, 12])
def test_a_row_of_boxes_is_found_filled_or_not(apart: int, inked: int) -> None:
    pixels = sheet()
    draw_row(pixels, 100, 200, 12, apart=apart, inked=inked)
    assert sizes(pixels) == [(12, True)]


def test_boxes_that_ink_cuts_in_two_belong_to_their_row() -> None:
    pixels = sheet()
    draw_row(pixels, 100, 200, 10)
    for at in (0, 4, 9):
        cv2.line(pixels, (117 + at * SIDE, 202), (117 + at * SIDE, 232), (20,), 3)
    assert sizes(pixels) == [(10, True)]


def test_a_row_that_goes_on_beyond_what_was_found_is_not_whole() -> None:
    pixels = sheet()
    draw_row(pixels, 100, 200, 6)
    cv2.line(pixels, (100 + 6 * SIDE, 200), (100 + 7 * SIDE, 200), (40,), 2)
    cv2.line(pixels, (100 + 6 * SIDE, 200 + SIDE), (100 + 7 * SIDE, 200 + SIDE), (40,), 2)
    assert sizes(pixels) == [(6, False)]


def test_groups_of_a_day_are_rows_of_one_line_and_single_boxes_are_none() -> None:
    pixels = sheet()
    for left, count in ((100, 2), (200, 2), (300, 4)):
        draw_row(pixels, left, 200, count)
    draw_row(pixels, 100, 300, 1)
    draw_row(pixels, 100, 400, 2)
    assert sizes(pixels) == [(2, True), (2, True), (4, True)]


def test_a_box_whose_neighbour_is_torn_has_the_distance_of_the_other_groups() -> None:
    pixels = sheet()
    for left, count in ((100, 2), (200, 2), (300, 4)):
        draw_row(pixels, left, 200, count)
    cv2.line(pixels, (217, 202), (217, 232), (20,), 3)
    assert sizes(pixels) == [(2, True), (2, True), (4, True)]


def test_grids_frames_and_white_pages_hold_no_rows() -> None:
    grid, frame = sheet(), sheet()
    for top in (200, 200 + SIDE, 200 + 2 * SIDE):
        draw_row(grid, 100, top, 8)
    cv2.rectangle(frame, (50, 50), (700, 400), (40,), 2)
    assert [sizes(pixels) for pixels in (grid, frame, sheet())] == [[], [], []]


LABEL = Line((Word("Số", Box(20, 205, 45, 230), 0.95), Word("CCCD:", Box(50, 205, 95, 230), 0.95)))
GARBAGE = Word("|0[5]", Box(120, 202, 220, 232), 0.3)


def read(pixels: Pixels, *readings: tuple[str, float], line: Line = LABEL) -> tuple[Line, ...]:
    image = page(pixels)
    return fill_boxes((line,), find_box_rows(image), image, Ink(OneAfterTheOther(*readings)))


def test_digits_in_boxes_become_one_word_behind_their_label() -> None:
    pixels = sheet()
    draw_row(pixels, 100, 200, 6, inked=4)
    (line,) = read(pixels, *[(digit, 0.96) for digit in "0584"], line=Line((*LABEL.words, GARBAGE)))
    assert line.text == "Số CCCD: 0584"
    word = line.words[-1]
    assert (word.written, word.read) == (True, "|0[5]")
    assert word.confidence == pytest.approx(0.96**4, abs=1e-3)
    assert read(pixels, *[(digit, 1.0) for digit in "0584"])[0].words[-1].confidence == CEILING


@pytest.mark.parametrize("bad", [("?", 0.9), ("5", 0.4), ("55", 0.99)])
def test_a_row_with_an_unreadable_box_is_marked_and_not_guessed(bad: tuple[str, float]) -> None:
    pixels = sheet()
    draw_row(pixels, 100, 200, 4, inked=4)
    (line,) = read(pixels, ("1", 0.99), bad, ("2", 0.99), ("3", 0.99), line=Line((*LABEL.words, GARBAGE)))
    assert line.text == f"Số CCCD: {UNREADABLE}"
    assert line.words[-1].confidence == 0


def test_a_box_left_empty_between_others_makes_the_row_unread() -> None:
    pixels = sheet()
    draw_row(pixels, 100, 200, 5, inked=5)
    pixels[203:231, 100 + SIDE + 3 : 100 + 2 * SIDE - 2] = 250
    assert read(pixels, *[("7", 0.99)] * 5)[0].text == f"Số CCCD: {UNREADABLE}"


def test_empty_boxes_and_soundly_read_print_change_nothing() -> None:
    empty, printed = sheet(), sheet()
    draw_row(empty, 100, 200, 4)
    draw_row(printed, 100, 200, 4, inked=4)
    sound = Line((*LABEL.words, Word("0000", Box(110, 205, 230, 230), 0.93)))
    letters = Line((*LABEL.words, Word("DUNG", Box(110, 205, 230, 230), 0.93)))
    assert read(empty) == (LABEL,)
    assert read(printed, *[("0", 0.99)] * 4, line=sound) == (sound,)
    assert read(printed, *[("?", 0.99)] * 4, line=letters) == (letters,)


def test_a_bare_upright_stroke_in_a_box_is_a_one_and_an_aslant_one_is_none() -> None:
    pixels = sheet()
    draw_row(pixels, 100, 200, 4, inked=4)
    for at, lean in ((1, 1), (2, 10)):
        x = 100 + at * SIDE
        pixels[203:232, x + 3 : x + SIDE - 2] = 250
        cv2.line(pixels, (x + 17 + lean, 208), (x + 17 - lean, 227), (20,), 3)
    assert read(pixels, ("8", 1.0), ("/", 1.0), ("7", 1.0), ("8", 1.0))[0].words[-1].text == "8178"
    assert read(pixels, ("8", 1.0), ("/", 1.0), ("/", 1.0), ("8", 1.0))[0].words[-1].text == UNREADABLE


def test_three_groups_make_a_day_and_stand_alone_without_a_label() -> None:
    pixels = sheet()
    for left, count in ((100, 2), (200, 2), (300, 4)):
        draw_row(pixels, left, 200, count, inked=count)
    far = Line((Word("Kính", Box(20, 20, 60, 40), 0.9),))
    lines = read(pixels, *[(digit, 0.99) for digit in "24061985"], line=far)
    assert [line.text for line in lines] == ["Kính", "24/06/1985"]
    assert lines[1].block != far.block


def test_a_row_of_boxes_is_no_table() -> None:
    row = BoxRow((Box(100, 200, 134, 234), Box(136, 200, 170, 234)), whole=True)
    small, large = Table((row.boxes,)), Table(((Box(0, 100, 400, 300), Box(400, 100, 600, 300)),))
    assert without_box_rows((small, large), (row,)) == (large,)
