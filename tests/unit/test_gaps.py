"""Gaps of printed lines that hands fill in, and what becomes of them, with a scripted reader of digits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ocr_models import ScriptedEngine
from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import CleanPage, Line, PageImage, Word
from pipeline.ports import DigitReading, EngineInfo
from pipeline.recognition import recognise
from pipeline.recognition.gaps import fill_gap, find_gaps
from pipeline.recognition.ink import UNREADABLE, Ink, cut_out, is_blue, read_ink


class ScriptedDigits:
    def __init__(self, *readings: tuple[str, float]) -> None:
        self.readings = readings
        self.seen: list[PageImage] = []

    @property
    def info(self) -> EngineInfo:
        return EngineInfo("scripted", "1", ())

    def read(self, image: PageImage) -> tuple[DigitReading, ...]:
        self.seen.append(image)
        step = image.width / 8
        return tuple(
            DigitReading(text, share, tuple(step * (at + 2) for at in range(len(text)))) for text, share in self.readings
        )


def line(*words: tuple[str, float, float] | tuple[str, float, float, float]) -> Line:
    return Line(tuple(Word(text, Box(left, 100, right, 120), *(rest or (0.95,))) for text, left, right, *rest in words))


def page(*strokes: Box) -> PageImage:
    pixels = np.full((200, 500), 255, np.uint8)
    for box in strokes:
        pixels[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = 20
    return PageImage(1, pixels, 150)


NUMBER = line(("Số:", 20, 50), ("đ@", 60, 90, 0.3), ("/UBND", 110, 190))
INKED = page(Box(62, 95, 66, 125), Box(80, 95, 84, 125))


@pytest.mark.parametrize(
    ("words", "kind", "text"),
    [
        ((("Số:", 20, 50), ("/TTr-UBND", 110, 190)), "number", ""),
        ((("Số:04_", 20, 90), ("/TTr-UBND", 110, 190)), "number", "04_"),
        ((("Số:", 20, 50), ("§?/UBND-KTTH", 60, 190)), "number", "§?"),
        ((("Số:", 20, 50), ("4#", 60, 90), ("/2020/TT-BCA", 110, 190)), "number", "4#"),
        ((("Hà", 10, 30), ("Nội,", 32, 60), ("ngày0P", 70, 140), ("tháng", 150, 200)), "day", "0P"),
        ((("ngày&Ötháng", 70, 200), ("01", 210, 230)), "day", "&Ö"),
        ((("tháng", 70, 120), ("42", 130, 150), ("năm", 170, 200)), "month", "42"),
        ((("Sinh", 10, 60), ("ngày:", 70, 120), ("30", 130, 150), ("tháng", 170, 200)), "day", "30"),
    ],
)
def test_a_gap_is_found_between_its_anchors_whatever_was_read_there(words, kind, text) -> None:
    found = find_gaps(line(*words))
    assert [(gap.kind, gap.text) for gap in found] == [(kind, text)]


@pytest.mark.parametrize(
    "text",
    [
        "Số lượng hồ sơ / năm",
        "hằng tháng",
        "Căn cứ Luật Tổ chức chính quyền",
        "số nhà 12/4 phố Huế",
        "Ngày, tháng, năm sinh:",
        "cuối tháng 11 hằng năm",
    ],
)
def test_running_text_has_no_gaps(text: str) -> None:
    places = [(word, 20.0 + 60 * at, 70.0 + 60 * at) for at, word in enumerate(text.split())]
    assert find_gaps(line(*places)) == ()


@pytest.mark.parametrize(
    "words",
    [
        (("Ngày,", 20, 70), ("tháng,", 78, 140), ("năm", 148, 180), ("sinh:", 188, 230)),
        (("ngày", 20, 60), ("tháng", 68, 120), ("năm", 128, 160)),
        (("ngày,", 20, 66), ("tháng", 74, 126), ("năm", 134, 170)),
    ],
)
def test_labels_of_dates_have_no_gaps(words) -> None:
    assert find_gaps(line(*words)) == ()


def test_a_word_that_has_swallowed_the_ink_is_no_edge() -> None:
    (gap,) = find_gaps(line(("ngày", 10, 120), ("tháng", 122, 175)))
    assert gap.sure == (False, True)
    assert gap.right - gap.left > 40


def test_filling_a_gap_keeps_the_printed_parts_and_cuts_what_was_joined_to_them() -> None:
    joined = line(("Số:04", 20, 70), ("_/UBND", 80, 140))
    (gap,) = find_gaps(joined)
    filled = fill_gap(joined, gap, Word("04", Box(52, 95, 75, 122), 0.9))
    assert [word.text for word in filled.words] == ["Số:", "04", "/UBND"]
    assert [round(word.box.left) for word in filled.words] == [20, 52, 90]


def test_ink_is_read_into_its_place_with_the_shares_of_all_readings_that_agree() -> None:
    digits = ScriptedDigits(("574/?", 0.6), ("?574/?", 0.3), ("514/?", 0.1))
    (read,) = read_ink((NUMBER,), INKED, Ink(digits))
    assert read.text == "Số: 574 /UBND"
    assert read.words[1].confidence == pytest.approx(0.9)
    assert 50 <= read.words[1].box.left < read.words[1].box.right < 115


@pytest.mark.parametrize("readings", [(("574/?", 0.3), ("514/?", 0.3)), (("?", 0.9),), ()])
def test_ink_that_cannot_be_read_is_marked_and_not_guessed(readings) -> None:
    (read,) = read_ink((NUMBER,), INKED, Ink(ScriptedDigits(*readings)))
    assert [(word.text, word.confidence) for word in read.words[1:2]] == [(UNREADABLE, 0.0)]


def test_an_empty_gap_stays_as_it_is_dots_and_all() -> None:
    empty = line(("Số:", 20, 50), ("/UBND", 110, 190))
    dotted = page(*(Box(x, 117, x + 3, 120) for x in range(54, 106, 8)))
    assert read_ink((empty,), dotted, Ink(ScriptedDigits(("1/?", 0.9)))) == (empty,)


def test_print_that_was_read_well_is_not_even_looked_at() -> None:
    printed = line(("ngày", 10, 60), ("15", 70, 90), ("tháng", 100, 150), ("11", 160, 180), ("năm", 190, 220))
    digits = ScriptedDigits(("?99?", 1.0))
    assert read_ink((printed,), INKED, Ink(digits)) == (printed,)
    assert not digits.seen


def test_months_in_words_are_print() -> None:
    spelt = line(("tháng", 10, 60), ("ba,", 66, 95), ("năm", 100, 150))
    digits = ScriptedDigits(("?3?", 1.0))
    assert read_ink((spelt,), INKED, Ink(digits)) == (spelt,)
    assert not digits.seen


def test_days_and_months_that_no_calendar_has_are_not_taken() -> None:
    dated = line(("ngày", 10, 60), ("đ@", 62, 90, 0.2), ("tháng", 100, 150))
    (read,) = read_ink((dated,), INKED, Ink(ScriptedDigits(("?47?", 0.8), ("?17?", 0.15))))
    assert read.text == f"ngày {UNREADABLE} tháng"


def test_a_crop_shows_the_scan_where_there_is_one() -> None:
    scan = np.full((400, 1000, 3), 255, np.uint8)
    scan[200:240, 120:180] = (30, 50, 160)
    clean = PageImage(1, np.full((200, 500), 255, np.uint8), 150, Affine.scale(2))
    crop = cut_out(Box(50, 95, 100, 125), clean, PageImage(1, scan, 300))
    assert crop.pixels.shape == (100, 167, 3)
    assert is_blue(crop.pixels)
    assert not is_blue(cut_out(Box(50, 95, 100, 125), INKED, None).pixels)


def test_a_page_is_read_with_its_ink_in_pixels_of_the_scan() -> None:
    clean = CleanPage(replace(INKED, to_scan=Affine.scale(2)))
    scan = PageImage(1, np.kron(INKED.pixels, np.ones((2, 2), np.uint8)), 300)
    text = recognise(clean, ScriptedEngine([NUMBER]), ink=Ink(ScriptedDigits(("574/?", 0.9)), scan))
    inked = next(word for word in text.words if word.written)
    assert (inked.text, inked.read) == ("574", "đ@")
    assert 100 <= inked.box.left < inked.box.right < 230
    assert text.text == "Số: 574 /UBND"
    assert recognise(clean, ScriptedEngine([NUMBER])).text == "Số: đ@ /UBND"


def test_a_number_whose_ink_was_read_with_a_slash_ends_at_the_printed_one() -> None:
    words = line(("Số:", 20, 50), ("4/#/2020/TT-BCA", 60, 260, 0.6))
    (gap,) = find_gaps(words)
    assert (gap.kind, gap.text) == ("number", "4/#")
    strokes = page(Box(62, 95, 66, 125), Box(80, 95, 84, 125))
    (early,) = read_ink((words,), strokes, Ink(ScriptedDigits(("1/8/2", 0.9))))
    assert early.words[1].text == UNREADABLE
    (read,) = read_ink((words,), strokes, Ink(ScriptedDigits(("14848/2", 0.9))))
    assert read.text == "Số: 14848 /2020/TT-BCA"


def test_a_sure_printed_number_with_a_slash_of_its_own_stays() -> None:
    words = line(("Số:", 20, 50), ("12a/5/QĐ-UBND", 60, 230, 0.93))
    assert read_ink((words,), page(Box(62, 100, 90, 120)), Ink(ScriptedDigits(("12/", 0.99)))) == (words,)


def test_boxes_that_reach_into_the_next_line_do_not_lower_the_print() -> None:
    sound = line(("Căn", 10, 60), ("cứ", 70, 120), ("tháng", 240, 300), ("năm", 340, 380), ("2025", 400, 450))
    deep = Word("ngày", Box(150, 100, 190, 140), 0.95)
    words = (*sound.words[:2], deep, Word("18", Box(205, 100, 225, 120), 0.95), *sound.words[2:])
    day = find_gaps(Line(words))[0]
    assert abs(day.baseline - 120) < 5
    assert read_ink((Line(words),), page(Box(205, 100, 225, 120)), Ink(ScriptedDigits(("19?", 0.99)))) == (Line(words),)


def test_a_label_that_has_swallowed_what_follows_it_is_still_an_edge() -> None:
    gap = find_gaps(line(("ngày", 10, 60), ("Š!", 75, 95), ("tháng", 105, 250), ("42", 160, 180), ("năm", 190, 230)))[0]
    assert (gap.right, gap.sure) == (105, (True, True))


def test_a_doubtful_reading_is_looked_at_from_more_frames() -> None:
    digits = ScriptedDigits(("574/?", 0.7))
    read_ink((NUMBER,), INKED, Ink(digits))
    assert len(digits.seen) == 9
    settled = ScriptedDigits(("574/?", 0.9))
    read_ink((NUMBER,), INKED, Ink(settled))
    assert len(settled.seen) == 3


def test_a_day_that_the_engine_read_with_a_slash_is_read_like_any_other() -> None:
    words = line(("ngày", 20, 60), ("/†", 70, 100, 0.4), ("tháng", 110, 160))
    strokes = page(Box(72, 95, 76, 125), Box(90, 95, 94, 125))
    (read,) = read_ink((words,), strokes, Ink(ScriptedDigits(("11", 0.9))))
    assert read.text == "ngày 11 tháng"
