"""Decisions of the cleanup, on drawn pages."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_models import ScriptedEngine
from pipeline.cleanup import clean
from pipeline.cleanup.background import Paper
from pipeline.cleanup.closeup import tilt_of_few
from pipeline.cleanup.orientation import guess_turn
from pipeline.cleanup.quality import judge
from pipeline.cleanup.scale import choose_factor
from pipeline.cleanup.thumbnail import take_thumbnail
from pipeline.cleanup.tilt import measure_tilt
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageImage, Pixels, Word
from tests.drawn_pages import draw_page


def text_page() -> Pixels:
    return draw_page(lines=LETTER).scan.image.pixels


LETTER = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Xét đề nghị của Giám đốc Sở Nông nghiệp và Môi trường tại Tờ trình",
    "Điều 1. Phê duyệt quy hoạch sử dụng đất đến năm 2030, tầm nhìn 2050.",
    "Điều 2. Chánh Văn phòng, thủ trưởng các cơ quan chịu trách nhiệm thi hành",
    "quyết định này kể từ ngày ký, mọi vướng mắc gửi về Ủy ban nhân dân tỉnh.",
)


def as_page(pixels: Pixels, dpi: float = 150) -> PageImage:
    return PageImage(1, pixels, dpi)


def tilted(pixels: Pixels, degrees: float) -> Pixels:
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    return cv2.warpAffine(pixels, matrix, (width, height), borderValue=(255, 255, 255)).astype(np.uint8)


@pytest.mark.parametrize("degrees", [-14.0, -3.0, -0.7, 0.0, 2.0, 9.0])
def test_the_tilt_of_a_page_is_measured_and_taken_back(degrees):
    cleaned = clean(as_page(tilted(text_page(), degrees)), ScriptedEngine())
    assert cleaned.skew == pytest.approx(degrees, abs=0.3)
    assert measure_tilt(take_thumbnail(cleaned.image).marks) == pytest.approx(0, abs=0.3)


@pytest.mark.parametrize(("quarters", "turn"), [(0, 0), (1, 90), (2, 180), (3, 270)])
def test_the_marks_alone_tell_which_way_up_a_page_lies(quarters, turn):
    grey = cv2.cvtColor(text_page(), cv2.COLOR_RGB2GRAY) if text_page().ndim == 3 else text_page()
    pixels = np.ascontiguousarray(np.rot90(grey, quarters)).astype(np.uint8)
    assert guess_turn(take_thumbnail(as_page(pixels)).marks)[0] == turn


def test_clear_marks_cost_no_question_which_way_up_a_page_lies():
    engine = ScriptedEngine(upright=(90, 9.0))
    assert clean(as_page(text_page()), engine).rotation == 0
    assert clean(as_page(np.ascontiguousarray(text_page()[::-1, ::-1])), engine).rotation == 180
    assert engine.turns_asked == 0


def lines_of_squares():
    """Marks whose heads are as even as their feet: nothing in them tells top from bottom."""
    squares = np.full((1754, 1240), 255, np.uint8)
    for top in range(200, 900, 40):
        for left in range(100, 1100, 16):
            squares[top : top + 11, left : left + 11] = 0
    return as_page(squares)


def test_marks_whose_heads_are_as_even_as_their_feet_are_asked_about():
    engine = ScriptedEngine(upright=(180, 9.0))
    assert clean(lines_of_squares(), engine).rotation == 180
    assert engine.turns_asked == 1
    assert clean(lines_of_squares(), ScriptedEngine(upright=(180, 0.1))).rotation == 0


def test_an_engine_that_is_sure_a_page_lies_upside_down_is_believed_only_where_it_reads_it_better_then():
    read = [[Line((Word("x" * length, Box(0, 0, 10, 10), 0.9),))] for length in (20, 10)]
    assert clean(lines_of_squares(), ScriptedEngine(*read, upright=(180, 9.0))).rotation == 0
    assert clean(lines_of_squares(), ScriptedEngine(*reversed(read), upright=(180, 9.0))).rotation == 180


def test_the_tilt_of_a_few_words_beside_a_seal_is_measured():
    page = draw_page(lines=("Nơi nhận:", "- Như Điều 3;", "- Lưu: VT, KTTH.")).scan.image.pixels
    assert clean(as_page(tilted(page, 3.3)), ScriptedEngine()).skew == pytest.approx(3.3, abs=0.25)


def test_a_clean_page_of_the_right_size_stays_as_it_is():
    grey = draw_page(lines=LETTER).scan.image.pixels
    grey = cv2.cvtColor(grey, cv2.COLOR_RGB2GRAY).astype(np.uint8) if grey.ndim == 3 else grey
    cleaned = clean(as_page(grey), ScriptedEngine())
    assert np.array_equal(cleaned.image.pixels, grey)
    assert cleaned.quality.verdict != "rescan"


def test_white_dusty_and_shining_through_pages_are_blank_and_a_single_line_is_not():
    white = np.full((1754, 1240), 250, np.uint8)
    dusty = white.copy()
    dusty[300:303, 400:402] = 90
    backed = np.minimum(white, (text_page() if text_page().ndim == 2 else text_page()[..., 0]) // 8 + 219).astype(np.uint8)
    for pixels in (white, dusty, backed[:, ::-1]):
        assert clean(as_page(np.ascontiguousarray(pixels)), ScriptedEngine()).blank
    assert not clean(as_page(draw_page(lines=("Trang này chỉ có một dòng chữ",)).scan.image.pixels), ScriptedEngine()).blank


def test_shadow_is_removed_only_where_there_is_one():
    page = text_page() if text_page().ndim == 2 else text_page()[..., 0]
    shade = np.linspace(0.35, 1.0, page.shape[1])[None]
    cleaned = clean(as_page((page * shade).astype(np.uint8)), ScriptedEngine())
    assert np.percentile(cleaned.image.pixels, 20) > 225


@pytest.mark.parametrize(
    ("height", "dpi", "least", "most"),
    [
        (38, 300, 0.44, 0.55),
        (24, 200, 0.7, 0.85),
        (16, 150, 1, 1),
        (8, 100, 1.9, 2),
        (0, 300, 0.4, 0.7),
        (90, 300, 0.46, 0.47),
    ],
)
def test_pages_are_brought_to_the_size_engines_read_best(height, dpi, least, most):
    assert least <= choose_factor(height, dpi) <= most


def paper(lightness: int = 250, contrast: float = 150) -> Paper:
    return Paper(np.full((20, 20), lightness, np.uint8), 0, contrast)


@pytest.mark.parametrize(
    ("dpi", "tilt", "sheet", "verdict", "reasons"),
    [
        (300, 0.5, paper(), "good", ()),
        (96, 0, paper(), "rescan", ("too_few_dpi",)),
        (150, 0, paper(), "fair", ("too_few_dpi",)),
        (300, -8, paper(), "fair", ("skewed",)),
        (300, 0, paper(lightness=60), "rescan", ("too_dark",)),
        (300, 0, paper(contrast=20), "rescan", ("faint",)),
    ],
)
def test_the_verdict_names_every_reason(dpi, tilt, sheet, verdict, reasons):
    thumbnail = take_thumbnail(as_page(text_page() if text_page().ndim == 2 else text_page()[..., 0].copy()))
    quality = judge(thumbnail, sheet, tilt, dpi)
    assert (quality.verdict, quality.reasons) == (verdict, reasons)


def test_a_smeared_page_is_blurred_and_one_cut_through_its_letters_is_cut_off():
    page = text_page() if text_page().ndim == 2 else text_page()[..., 0].copy()
    smeared = cv2.GaussianBlur(page, (0, 0), 3.5).astype(np.uint8)
    assert "blur" in clean(as_page(smeared), ScriptedEngine()).quality.reasons
    assert "cut_off" in clean(as_page(page[:, 300:].copy()), ScriptedEngine()).quality.reasons


def test_a_page_of_one_pixel_goes_through():
    assert clean(as_page(np.zeros((1, 1), np.uint8)), ScriptedEngine()).image.pixels.size > 0


def test_an_overlong_page_is_brought_to_a_size_that_can_be_turned_and_read():
    strip = np.full((40000, 120), 255, np.uint8)
    for top in range(100, 39000, 400):
        strip[top : top + 200, 20:100] = 0
    assert max(clean(as_page(strip, 300), ScriptedEngine()).image.pixels.shape) <= 16000


def test_faint_print_keeps_more_of_its_pixels():
    assert choose_factor(38, 300, faint=True) > choose_factor(38, 300)


def test_a_closer_look_at_few_letters_tells_a_tilt_finely():
    page = draw_page(lines=LETTER[:3]).scan.image.pixels
    large = cv2.resize(page, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR).astype(np.uint8)
    assert clean(as_page(tilted(large, -2.4), 300), ScriptedEngine()).skew == pytest.approx(-2.4, abs=0.1)


def test_a_closer_look_at_too_few_letters_or_at_no_lines_tells_no_tilt():
    scattered = np.random.default_rng(5).integers(0, 900, (200, 2))
    marks = np.column_stack((scattered, np.tile((9, 12, 60), (200, 1)))).astype(np.int32)
    assert tilt_of_few(np.zeros((0, 5), np.int32), 300) is None
    assert tilt_of_few(marks[:2], 300) is None
    assert tilt_of_few(marks, 300) is None


@pytest.mark.parametrize(("upside_down", "turn"), [(10, 0), (11, 0), (30, 180)])
def test_a_page_in_doubt_is_turned_over_only_where_far_more_is_legible_then(upside_down, turn):
    read = [[Line((Word("x" * length, Box(0, 0, 10, 10), 0.9),))] for length in (10, upside_down)]
    assert clean(lines_of_squares(), ScriptedEngine(*read, upright=(0, 0.1))).rotation == turn
