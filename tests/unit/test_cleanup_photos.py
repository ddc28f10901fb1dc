"""Sheets on desks, and what scanners, binders and the other side of the paper leave on a page."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_models import ScriptedEngine
from pipeline.cleanup import clean
from pipeline.cleanup.background import measure_paper
from pipeline.cleanup.outline import Candidate, find_sheet, span_sheets
from pipeline.cleanup.thumbnail import take_thumbnail
from pipeline.cleanup.tilt import measure_rulings
from pipeline.cleanup.traces import find_traces, paint_over
from pipeline.domain.pages import PageImage, Pixels
from tests.drawn_pages import draw_page

WIDTH, HEIGHT = 1240, 1754
LETTER = tuple(f"Điều {number}. Phê duyệt quy hoạch sử dụng đất đến năm 2030, tầm nhìn 2050." for number in range(1, 21))
CORNERS = np.array([(150, 110), (1330, 160), (1290, 1830), (90, 1900)], np.float32)


def grey_page(lines: tuple[str, ...] = LETTER) -> Pixels:
    return cv2.cvtColor(draw_page(lines=lines).scan.image.pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8)


def on_desk(page: Pixels, shade: int = 70) -> tuple[Pixels, np.ndarray]:
    """The page as a phone sees it, and the homography from the page to the picture."""
    sheet = np.array([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], np.float32)
    way = cv2.getPerspectiveTransform(sheet, CORNERS)
    picture = cv2.warpPerspective(page, way, (1440, 2000), borderMode=cv2.BORDER_CONSTANT, borderValue=(shade,))
    return picture.astype(np.uint8), way


def corners_of(pixels: Pixels) -> np.ndarray | None:
    thumbnail = take_thumbnail(PageImage(1, pixels, 150))
    return find_sheet(thumbnail, measure_paper(thumbnail))


@pytest.mark.parametrize("shade", [20, 70, 150])
def test_a_sheet_on_a_desk_is_found_by_its_corners(shade):
    assert corners_of(on_desk(grey_page(), shade)[0]) == pytest.approx(CORNERS, abs=3)


def test_a_sheet_that_fills_the_picture_is_left_as_it_is():
    assert corners_of(grey_page()) is None
    framed = grey_page()
    framed[200:1500, 100:110] = framed[200:1500, 1100:1110] = framed[200:210, 100:1110] = framed[1490:1500, 100:1110] = 0
    assert corners_of(framed) is None


def test_words_of_a_photographed_page_find_their_way_back_to_the_photo():
    page = grey_page()
    page[900:930, 300:360] = 0
    photo, way = on_desk(page)
    cleaned = clean(PageImage(1, photo, 150), ScriptedEngine())
    found = cv2.morphologyEx(cleaned.image.pixels, cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8)) < 100
    rows, columns = np.nonzero(found)
    there = cleaned.image.to_scan.apply(float(columns.mean()) + 0.5, float(rows.mean()) + 0.5)
    expected = cv2.perspectiveTransform(np.array([[(330.0, 915.0)]]), way)[0, 0]
    assert there == pytest.approx(expected, abs=3)


def test_the_skew_of_a_photographed_page_is_that_of_its_middle_on_the_photo():
    photo, way = on_desk(grey_page())
    start, end = cv2.perspectiveTransform(np.array([[(520.0, 877.0), (720.0, 877.0)]]), way)[0]
    slope = np.degrees(np.arctan2(end[1] - start[1], end[0] - start[0]))
    assert clean(PageImage(1, photo, 150), ScriptedEngine()).skew == pytest.approx(slope, abs=0.3)


def bordered(page: Pixels) -> Pixels:
    dirty = page.copy()
    dirty[:, :30] = 15
    dirty[-24:] = 25
    for middle in (650, 1122):
        cv2.circle(dirty, (70, middle), 16, (40,), -1)
    return dirty


def test_borders_and_punch_holes_become_paper_and_nothing_else_changes():
    page = grey_page()
    image = PageImage(1, bordered(page), 150)
    thumbnail = take_thumbnail(image)
    paper = measure_paper(thumbnail)
    traces = find_traces(thumbnail, paper, 150)
    assert traces is not None
    painted = paint_over(image, traces, paper).pixels
    assert np.abs(painted.astype(int) - page)[traces == 0].max() == 0
    assert painted[:, :60].min() > 200
    assert painted[600:1200, 40:100].min() > 200
    assert (painted < 128).sum() == (page < 128).sum()


def test_letters_and_rulings_that_reach_a_black_border_stay():
    page = grey_page()
    page[700:703, 10:1200] = 0
    page[720:750, 36:46] = 0
    dirty = page.copy()
    dirty[:, :30] = 15
    image = PageImage(1, dirty, 150)
    thumbnail = take_thumbnail(image)
    paper = measure_paper(thumbnail)
    traces = find_traces(thumbnail, paper, 150)
    assert traces is not None
    painted = paint_over(image, traces, paper).pixels
    assert (painted[701, 60:1200] < 50).all()
    assert (painted[722:748, 40] < 50).all()


def test_a_page_of_text_tables_and_bold_titles_has_no_traces():
    page = grey_page()
    page[900:1200:60, 100:1100] = 0
    page[900:1200, 100:104] = 0
    page[1300:1330, 400:800] = 0
    thumbnail = take_thumbnail(PageImage(1, page, 150))
    assert find_traces(thumbnail, measure_paper(thumbnail), 150) is None


@pytest.mark.parametrize("light", [0.5, 0.3, 0.2])
def test_a_deep_shadow_over_print_at_the_rim_is_no_border(light):
    page = grey_page().astype(np.float32)
    page[:500] *= light
    thumbnail = take_thumbnail(PageImage(1, page.astype(np.uint8), 150))
    assert find_traces(thumbnail, measure_paper(thumbnail), 150) is None


def shone_through(strength: float) -> Pixels:
    """The back of a printed page: its print mirrored, blurred by the paper, faint."""
    blurred = cv2.GaussianBlur(grey_page()[:, ::-1].astype(np.float32), (0, 0), 2.5)
    return (250 - (255 - blurred) * strength).astype(np.uint8)


@pytest.mark.parametrize("strength", [0.1, 0.25, 0.4])
def test_print_that_shines_through_makes_no_page(strength):
    assert clean(PageImage(1, bordered(shone_through(strength)), 150), ScriptedEngine()).blank


@pytest.mark.parametrize("shade", [40, 190])
@pytest.mark.parametrize("text", ["2", "- 14 -", "Đã nhận đủ hồ sơ", "Trang này chỉ có một dòng chữ mờ"])
def test_a_page_number_or_one_faint_line_is_no_blank_page(text, shade):
    page = grey_page((text,))
    page[900:] = 255
    faint = (255 - (255 - page.astype(np.float32)) * (255 - shade) / 255).astype(np.uint8)
    assert not clean(PageImage(1, faint, 150), ScriptedEngine()).blank


def test_long_straight_lines_tell_the_tilt_of_a_page_without_text():
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for y in range(300, 1500, 200):
        cv2.line(page, (100, y), (1100, y + round(1000 * np.tan(np.radians(4.0)))), (0,), 3)
    assert measure_rulings(page) == pytest.approx(4.0, abs=0.15)
    assert measure_rulings(np.full((HEIGHT, WIDTH), 255, np.uint8)) == 0.0


def lit(light: float, spot_at: int | None = None) -> Pixels:
    """A page lit to ``light`` (0..1), with the reflection of a lamp in the middle of row ``spot_at``."""
    page = grey_page() * light
    if spot_at is not None:
        rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
        spot = np.clip(1.6 * np.exp(-(((columns - 620) / 230) ** 2 + ((rows - spot_at) / 230) ** 2)), 0, 1)
        page = page * (1 - spot) + 255 * spot
    return page.astype(np.uint8)


@pytest.mark.parametrize("light", [0.6, 0.75, 0.88])
def test_a_lamp_that_burns_a_spot_into_the_print_asks_for_another_photo(light):
    burnt = clean(PageImage(1, lit(light, 800), 300), ScriptedEngine()).quality
    assert (burnt.verdict, "glare" in burnt.reasons) == ("rescan", True)
    assert "glare" not in clean(PageImage(1, lit(light), 300), ScriptedEngine()).quality.reasons


def test_a_lamp_beside_the_print_only_makes_the_page_fair():
    beside = clean(PageImage(1, lit(0.75, 1570), 300), ScriptedEngine()).quality
    assert (beside.verdict, "glare" in beside.reasons) == ("fair", True)
    assert "glare" not in clean(PageImage(1, grey_page(), 300), ScriptedEngine()).quality.reasons


def test_edges_that_would_mirror_a_sheet_span_none():
    right = [Candidate((1.0, 0.0, 380.0), 400.0)]
    left = [Candidate((-1.0, 0.0, -20.0), 400.0)]
    top, bottom = [Candidate((0.0, 1.0, 20.0), 400.0)], [Candidate((0.0, -1.0, -480.0), 400.0)]
    standing = {"left": [Candidate((1.0, 0.0, 20.0), 400.0)], "right": [Candidate((-1.0, 0.0, -380.0), 400.0)]}
    assert not list(span_sheets({"left": right, "top": top, "right": left, "bottom": bottom}, (500, 400)))
    assert len(list(span_sheets({**standing, "top": top, "bottom": bottom}, (500, 400)))) == 1
