"""Lines that the engine passed over, and the leaders that make it do so."""

from __future__ import annotations

import cv2
import numpy as np

from ocr_models import ScriptedEngine
from pipeline.cleanup.leaders import erase_leaders
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageImage, Word
from pipeline.recognition.overlooked import find_overlooked, read_overlooked


def page(*rows: int, dots: int | None = None) -> PageImage:
    """A page of 600 × 400 pixels with rows of twelve 'letters', 20 pixels high, and a dotted leader at height ``dots``."""
    pixels = np.full((400, 600), 255, np.uint8)
    for top in rows:
        for at in range(12):
            cv2.rectangle(pixels, (40 + at * 18, top), (50 + at * 18, top + 19), 0, 2)
    if dots is not None:
        pixels[dots : dots + 2, 40:500:5] = 0
        pixels[dots : dots + 2, 41:500:5] = 0
    return PageImage(1, pixels, 150)


def read_line(top: int, confidence: float = 0.9, text: str = "Tiếp nhận hồ sơ") -> Line:
    step = 216 / len(text.split())
    boxes = [Box(40 + at * step, top, 40 + (at + 1) * step - 4, top + 20) for at in range(len(text.split()))]
    return Line(tuple(Word(part, box, confidence) for part, box in zip(text.split(), boxes, strict=True)))


def test_a_row_of_letters_that_no_word_covers_is_found_with_room_for_its_marks() -> None:
    (row,) = find_overlooked(page(60, 160), (read_line(60),))
    assert row.overlap(Box(40, 160, 250, 180).grown(6)) > 0.9


def test_a_page_read_whole_has_no_overlooked_rows() -> None:
    assert find_overlooked(page(60, 160), (read_line(60), read_line(160))) == ()


def test_scattered_marks_and_drawings_are_no_rows() -> None:
    image = page(60)
    cv2.circle(image.pixels, (450, 250), 60, 0, 2)
    for at in range(4):
        cv2.circle(image.pixels, (100 + 90 * at, 200 + 37 * at), 6, 0, -1)
    assert find_overlooked(image, (read_line(60),)) == ()


def test_overlooked_rows_are_read_one_by_one_and_put_in_their_place() -> None:
    engine = ScriptedEngine([read_line(160, text="Vương Thúy Hiền")])
    lines = read_overlooked(page(60, 160, 260), (read_line(60), read_line(260)), engine)
    assert [line.text for line in lines] == ["Tiếp nhận hồ sơ", "Vương Thúy Hiền", "Tiếp nhận hồ sơ"]
    assert [single for _, _, single in engine.readings] == [True]


def test_what_the_engine_itself_does_not_believe_is_left_out() -> None:
    engine = ScriptedEngine([read_line(160, confidence=0.4)])
    assert len(read_overlooked(page(60, 160), (read_line(60),), engine)) == 1


def test_a_dotted_leader_is_painted_out_and_letters_stay() -> None:
    with_dots, plain = page(60, dots=90), page(60)
    cleaned = erase_leaders(with_dots)
    assert int(cleaned.pixels[85:97].min()) > 200
    assert np.array_equal(cleaned.pixels[50:84], plain.pixels[50:84])


def test_an_ellipsis_is_no_leader() -> None:
    image = page(60)
    image.pixels[90:93, 40:54:6] = 0
    assert erase_leaders(image) is image
