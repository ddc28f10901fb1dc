"""The installed Tesseract on drawn pages: its program, and its library in a process that stays."""

from __future__ import annotations

import os
import threading

import numpy as np
import psutil
import pytest

from ocr_models import ResidentTesseract, TesseractEngine
from pipeline.cleanup import clean
from pipeline.domain.errors import RecognitionError, UnavailableError
from pipeline.domain.geometry import Box
from pipeline.domain.pages import PageImage
from pipeline.recognition import recognise
from scripts.bench.text_measures import score_words
from tests.drawn_pages import LINES, draw_page


@pytest.fixture(scope="module", params=[TesseractEngine, ResidentTesseract])
def engine(request):
    return request.param(timeout=60)


def test_a_drawn_page_is_read_and_its_words_lie_where_they_were_drawn(engine):
    drawn = draw_page()
    text = recognise(clean(drawn.scan.image, engine), engine)
    score = score_words("\n".join(LINES), text.text)
    assert score.recall >= 0.97
    assert score.f1 >= 0.97
    truth = {word.text: word.box for word in drawn.reading.text.words}
    overlaps = [word.box.overlap(truth[word.text]) for word in text.words if word.text in truth]
    assert len(overlaps) > 60
    assert np.median(overlaps) > 0.6
    assert text.engine == engine.info.name


def test_a_page_on_its_head_is_read_and_its_words_lie_on_the_scan(engine):
    drawn = draw_page()
    turned = PageImage(1, np.ascontiguousarray(np.rot90(drawn.scan.image.pixels, 2)), drawn.scan.image.dpi)
    cleaned = clean(turned, engine)
    text = recognise(cleaned, engine)
    assert cleaned.rotation == 180
    assert score_words("\n".join(LINES), text.text).recall >= 0.97
    assert text.lines[0].box.top > turned.height / 2


def test_a_single_line_is_read_in_its_region(engine):
    drawn = draw_page()
    box = drawn.reading.text.lines[1].box.grown(12)
    [line] = engine.read(drawn.scan.image, region=box, single_line=True)
    assert line.text == "Số: 717/QĐ-UBND"
    assert line.box.overlap(box) > 0.3


def test_a_reading_past_its_time_is_stopped_and_the_next_one_is_not(engine):
    page = draw_page().scan.image
    hasty = type(engine)(timeout=0.001)
    with pytest.raises(RecognitionError) as caught:
        hasty.read(page)
    assert caught.value.code == "page_timeout"
    hasty.timeout = 60
    assert hasty.read(page)


def test_both_say_the_same_of_the_turn_of_a_page():
    turned = draw_page().scan.image
    turned = PageImage(1, np.ascontiguousarray(np.rot90(turned.pixels)), turned.dpi)
    turn, confidence = ResidentTesseract().upright(turned)
    assert turn == TesseractEngine().upright(turned)[0] == 90
    assert confidence > 3
    assert ResidentTesseract().upright(PageImage(1, np.full((200, 200), 255, np.uint8), 100)) == (0, 0.0)


def start_child(engine, page):
    known = set(psutil.Process().children())
    engine.read(page)
    [child] = set(psutil.Process().children()) - known
    assert any("resident_program" in part for part in child.cmdline())
    return child


def test_a_child_killed_while_it_reads_costs_one_reading_and_one_killed_between_two_costs_none():
    engine, page = ResidentTesseract(), draw_page().scan.image
    child = start_child(engine, page)
    child.suspend()
    threading.Timer(0.1, child.kill).start()
    with pytest.raises(RecognitionError, match="ended while it read"):
        engine.read(page)
    child = start_child(engine, page)
    child.kill()
    psutil.wait_procs([child], timeout=10)
    assert engine.read(page)


def test_a_missing_language_names_the_command_that_mends_it():
    for ask in (lambda: ResidentTesseract("xxx").info, lambda: ResidentTesseract("xxx").read(draw_page().scan.image)):
        with pytest.raises(UnavailableError, match="apt-get install") as caught:
            ask()
        assert caught.value.code == "engine_language_missing"


def test_a_child_ends_with_its_engine():
    engine = ResidentTesseract()
    child = start_child(engine, draw_page().scan.image)
    del engine
    assert not child.is_running()


def test_the_engine_says_what_it_is_and_leaves_our_environment_alone(engine):
    assert engine.info.name == {"TesseractEngine": "tesseract", "ResidentTesseract": "tesserocr"}[type(engine).__name__]
    assert engine.info.models == ("vie",)
    assert engine.info.version.count(".") >= 1
    assert os.environ.get("OMP_THREAD_LIMIT") is None or os.environ["OMP_THREAD_LIMIT"]


def test_white_paper_holds_no_words_and_has_no_certain_way_up(engine):
    white = PageImage(1, np.full((600, 500), 255, np.uint8), 150)
    assert engine.read(white) == ()
    assert engine.upright(white) == (0, 0.0)
    assert engine.read(white, region=Box(0, 0, 0, 0)) == ()
