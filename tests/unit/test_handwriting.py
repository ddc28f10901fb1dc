"""Strokes read as words are marked with their box and never guessed into the text; print under them stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, LineRole, PageImage, Pixels, Word
from pipeline.recognition.handwriting import mark_hands

SIZE = 24.0


def word(text: str, left: float, top: float, confidence: float = 0.95, height: float = SIZE) -> Word:
    return Word(text, Box(left, top, left + 0.55 * SIZE * len(text), top + height), confidence)


def line(*words: Word) -> Line:
    return Line(words)


PROSE = tuple(
    line(*(word(text, 100 + 90 * at, 100 + 40 * row) for at, text in enumerate(["Căn", "cứ", "Luật", "Đất", "đai"])))
    for row in range(4)
)


def printed() -> Pixels:
    """White paper with small letters where the words of ``PROSE`` and a title stand."""
    pixels = np.full((1000, 800), 255, np.uint8)
    for one in PROSE:
        for part in one.words:
            letters(pixels, part.box)
    return pixels


def letters(pixels: Pixels, box: Box) -> Pixels:
    """Pieces of ink of the size of letters in ``box``."""
    for left in range(int(box.left), int(box.right) - 8, 13):
        cv2.rectangle(pixels, (left, int(box.top) + 4), (left + 8, int(box.bottom) - 4), 0, 2)
    return pixels


def scrawl(pixels: Pixels, box: Box) -> Pixels:
    """One stroke through ``box`` and far beyond it."""
    x, y = box.centre
    points = np.array([(x - 90, y + 40), (x - 20, y - 45), (x, y + 35), (x + 40, y - 30), (x + 110, y + 25)], np.int32)
    cv2.polylines(pixels, [points.reshape(-1, 1, 2)], False, 0, 3)
    return pixels


def mark(pixels: Pixels, *lines: Line) -> tuple[list[str], list[Line]]:
    own, marks = mark_hands((*PROSE, *lines), PageImage(1, pixels, 150))
    return [one.text for one in own[len(PROSE) :]], list(marks)


def test_a_signature_read_as_words_becomes_one_mark_with_its_box():
    first, second = word("Z#y", 500, 500, 0.2), word("uL", 570, 500, 0.1)
    own, marks = mark(scrawl(printed(), Box(500, 500, 600, 524)), line(first, second))
    assert own == []
    (only,) = marks
    assert only.role is LineRole.HANDWRITING
    assert (only.text, only.words[0].read, only.words[0].written) == ("…", "Z#y uL", True)
    assert only.box == Box(first.box.left, 500, second.box.right, 524)


def test_strokes_inside_a_line_of_print_are_marked_in_their_place():
    stroke, title = word("ấ:x", 480, 500, 0.2), word("GIÁM", 525, 500)
    pixels = scrawl(letters(printed(), title.box), Box(430, 500, 500, 524))
    own, marks = mark(pixels, line(stroke, title))
    assert own == ["… GIÁM"]
    assert marks == []


def test_print_that_a_stroke_crosses_stays_as_it_was_read():
    name = word("Nguyên", 480, 500, 0.4)
    own, marks = mark(scrawl(letters(printed(), name.box), name.box), line(name))
    assert (own, marks) == (["Nguyên"], [])


@pytest.mark.parametrize(("text", "confidence"), [("Z#y", 0.9), ("TT-BCA12345", 0.3)])
def test_sure_words_and_long_codes_stay(text: str, confidence: float):
    one = word(text, 480, 500, confidence)
    assert mark(scrawl(printed(), one.box), line(one)) == ([text], [])


def test_doubtful_print_without_a_stroke_stays():
    one = word("C0ng", 480, 500, 0.3)
    assert mark(letters(printed(), one.box), line(one)) == (["C0ng"], [])


def test_an_underlined_word_is_no_stroke():
    one = word("Ng0c", 480, 500, 0.3)
    pixels = letters(printed(), one.box)
    pixels[521:524, 430:650] = 0
    assert mark(pixels, line(one)) == (["Ng0c"], [])


def test_a_note_much_higher_than_print_that_makes_no_sense_is_a_hands():
    note = word("T97Œ)", 600, 20, 0.4, height=2.2 * SIZE)
    own, marks = mark(printed(), line(note))
    assert own == []
    assert [one.role for one in marks] == [LineRole.HANDWRITING]


def test_a_title_in_large_type_is_no_note():
    title = word("QUYẾT", 300, 20, 0.9, height=2.2 * SIZE)
    assert mark(printed(), line(title)) == (["QUYẾT"], [])


def test_two_hands_far_apart_are_two_marks():
    one, two = word("Z#y", 500, 500, 0.2), word("q#", 500, 900, 0.2)
    pixels = scrawl(scrawl(printed(), one.box), two.box)
    assert len(mark(pixels, line(one), line(two))[1]) == 2


def test_ink_that_was_read_is_left_alone():
    read = Word("15", Box(500, 500, 530, 524), 0.7, written=True)
    assert mark(scrawl(printed(), read.box), line(read)) == (["15"], [])


def test_a_page_without_doubt_stays_as_it_is():
    assert mark_hands(PROSE, PageImage(1, printed(), 150)) == (PROSE, ())
    assert mark_hands((), PageImage(1, printed(), 150)) == ((), ())
