"""Tesseract's output as lines, and its failures as errors of ours; no Tesseract needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytesseract
import pytest

from ocr_models import TesseractEngine
from ocr_models.tsv import parse_lines, tidy_text
from pipeline.domain.errors import RecognitionError, UnavailableError
from pipeline.domain.geometry import Box
from pipeline.domain.pages import PageImage

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
RUN = "ocr_models.tesseract.wrapper.run_and_get_output"


def row(block, line, number, text, confidence="90.5", box=(10, 20, 30, 40)):
    return "\t".join(map(str, (5, 1, block, 1, line, number, *box, confidence, text))) + "\n"


def page():
    return PageImage(1, np.full((20, 30), 255, np.uint8), 300)


def test_words_of_one_line_come_together_with_box_and_confidence():
    [first, second] = parse_lines(HEAD + row(1, 1, 1, "Quyết") + row(1, 1, 2, "định") + row(2, 1, 1, "số"), 100, 200)
    assert (first.text, first.block, second.text, second.block) == ("Quyết định", 1, "số", 2)
    assert first.words[0].box == Box(110, 220, 140, 260)
    assert first.words[0].confidence == pytest.approx(0.905)


def test_rows_without_text_and_broken_rows_are_left_out():
    assert parse_lines(HEAD + row(1, 1, 1, " ") + "5\t1\t1\n" + row(1, 1, 2, "")) == ()
    assert parse_lines("") == ()


def test_a_word_with_a_space_inside_becomes_two_with_their_shares_of_the_box():
    [line] = parse_lines(HEAD + row(1, 1, 1, "ab c", box=(0, 0, 30, 10)))
    assert [(w.text, w.box) for w in line.words] == [("ab", Box(0, 0, 20, 10)), ("c", Box(20, 0, 30, 10))]


@pytest.mark.parametrize(
    ("read", "tidy"), [("Ðiều", "Điều"), ("Quye\u0302\u0301t", "Quyết"), ("a\u200bb\ufeff", "ab"), ("x\x0cy", "x\x0cy")]
)
def test_text_is_nfc_with_vietnamese_letters_and_no_invisible_signs(read, tidy):
    assert tidy_text(read) == tidy


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (RuntimeError("Tesseract process timeout"), "page_timeout"),
        (pytesseract.TesseractError(1, "broken"), "recognition_failed"),
        (OSError("disk full"), "recognition_failed"),
    ],
)
def test_failures_of_a_reading_are_recognition_errors(monkeypatch, raised, expected):
    def fail(*_, **__):
        raise raised

    monkeypatch.setattr(RUN, fail)
    monkeypatch.setattr("pytesseract.get_languages", lambda: ["vie"])
    with pytest.raises(RecognitionError) as caught:
        TesseractEngine().read(page())
    assert caught.value.code == expected


def test_a_missing_program_and_a_missing_language_name_the_command_that_mends_it(monkeypatch):
    monkeypatch.setattr("pytesseract.pytesseract.tesseract_cmd", "/nowhere/tesseract")
    with pytest.raises(UnavailableError, match="apt-get install tesseract-ocr tesseract-ocr-vie") as caught:
        TesseractEngine().read(page())
    assert caught.value.code == "engine_missing"

    def fail(*_, **__):
        raise pytesseract.TesseractError(1, "no such language")

    monkeypatch.setattr(RUN, fail)
    monkeypatch.setattr("pytesseract.get_languages", lambda: ["eng"])
    with pytest.raises(UnavailableError, match="apt-get install") as caught:
        TesseractEngine().read(page())
    assert caught.value.code == "engine_language_missing"


def test_a_region_is_cut_out_and_its_boxes_lie_on_the_whole_picture(monkeypatch):
    seen = {}

    def run(path, *, config, **_):
        seen["head"] = Path(path).read_bytes()[:9]
        seen["config"] = config
        return HEAD + row(1, 1, 1, "7", box=(1, 2, 3, 4))

    monkeypatch.setattr(RUN, run)
    [line] = TesseractEngine().read(page(), region=Box(4.6, -3, 14.2, 9.5), single_line=True)
    assert seen["head"] == b"P5\n11 10\n"
    assert "--psm 7" in seen["config"]
    assert line.words[0].box == Box(5, 2, 8, 6)


def test_a_region_outside_the_picture_holds_nothing():
    assert TesseractEngine().read(page(), region=Box(50, 50, 60, 60)) == ()
