"""Unsure lines read twice, and what is made of the two readings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ocr_models import ScriptedEngine
from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import Line, PageImage, Word
from pipeline.recognition.second import BESIDE, LARGER, look_again

PAGE = PageImage(1, np.full((400, 600), 255, np.uint8), 150)


def word(text: str, confidence: float, left: float, top: float = 100.0) -> Word:
    return Word(text, Box(left, top, left + 60, top + 20), confidence)


def as_seen(*words: Word) -> tuple[Line, ...]:
    """Words as the engine tells them of a second look at one line at the top left, larger, from its corner on."""
    room = 40.0
    corner = Affine.shift(room - min(w.box.left for w in words), room - min(w.box.top for w in words))
    there = corner.then(Affine.scale(LARGER))
    return (Line(tuple(replace(w, box=there.map_box(w.box)) for w in words)),)


def look(first: list[Word], second: list[Word]) -> tuple[Word, ...]:
    engine = ScriptedEngine(as_seen(*second))
    (line,) = look_again(PAGE, (Line(tuple(first)),), engine)
    return line.words


def test_lines_the_engine_is_sure_of_are_not_read_again():
    engine = ScriptedEngine(())
    lines = (Line((word("cơ", 0.95, 100), word("quan", 0.93, 170))),)
    assert look_again(PAGE, lines, engine) == lines
    assert engine.readings == []


def test_a_surer_second_reading_of_a_word_counts_and_the_first_is_remembered():
    sure, changed = look([word("cơ", 0.95, 100), word("quam", 0.6, 170)], [word("cơ", 0.9, 100), word("quan", 0.9, 170)])
    assert (sure.text, sure.second) == ("cơ", "cơ")
    assert (changed.text, changed.second, changed.confidence) == ("quan", "quam", 0.9)
    assert changed.box.overlap(word("quan", 0.9, 170).box) > 0.95


def test_what_is_no_word_does_not_replace_one():
    (kept,) = look([word("quan", 0.6, 100)], [word("qxan", 0.9, 100)])
    assert (kept.text, kept.second) == ("quan", "qxan")


def test_digits_stay_as_first_read_and_the_doubt_is_remembered():
    (kept,) = look([word("717/QĐ-UBND", 0.5, 100)], [word("777/QĐ-UBND", 0.95, 100)])
    assert (kept.text, kept.second, kept.confidence) == ("717/QĐ-UBND", "777/QĐ-UBND", 0.5)


def test_a_word_that_is_not_found_again_says_so():
    first, second = look([word("cơ", 0.5, 100), word("ẩ2", 0.3, 400)], [word("cơ", 0.9, 100)])
    assert (first.second, second.second) == ("cơ", "")


def test_only_unsure_lines_are_shown_to_the_engine():
    shown = []

    class Engine(ScriptedEngine):
        def read(self, image, **more):
            shown.append(image.pixels)
            return super().read(image, **more)

    pixels = PAGE.pixels.copy()
    pixels[105:115] = 0
    pixels[205:215] = 0
    lines = (Line((word("cơ", 0.5, 100),)), Line((word("quan", 0.99, 100, 200),)))
    look_again(PageImage(1, pixels, 150), lines, Engine(()))
    assert (shown[0] < 128).any()
    assert shown[0].shape[0] < 150 * LARGER


WIDE = PageImage(1, np.full((400, 2400), 255, np.uint8), 150)


def a_line(count: int, unsure: set[int]) -> list[Word]:
    return [word("quan", 0.5 if at in unsure else 0.99, 100 + 70.0 * at) for at in range(count)]


def test_of_a_long_line_only_the_neighbours_of_an_unsure_word_are_read_again():
    words = a_line(30, {20})
    near = range(20 - BESIDE, 20 + BESIDE + 1)
    (line,) = look_again(WIDE, (Line(tuple(words)),), ScriptedEngine(as_seen(*(words[at] for at in near))))
    assert [one.text for one in line.words] == ["quan"] * 30
    assert [at for at, one in enumerate(line.words) if one.second is not None] == list(near)


def test_stretches_that_touch_are_one_and_a_line_of_doubts_is_read_whole():
    words = a_line(17, {3, 12, 13})
    engine = ScriptedEngine(as_seen(*words))
    (line,) = look_again(WIDE, (Line(tuple(words)),), engine)
    assert all(one.second == "quan" for one in line.words)
    assert len(engine.readings) == 1
