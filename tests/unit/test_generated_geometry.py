"""Generated pages laid in every direction come out of the cleanup upright and straight."""

from __future__ import annotations

from itertools import islice

import cv2
import numpy as np
import pytest

from ocr_models import ScriptedEngine
from pipeline.domain.geometry import Affine
from pipeline.domain.pages import CleanPage, PageImage
from scripts.bench.geometry import STRAIGHT, angle_of_rows, angle_of_rulings, lay_pages, lines_of, measure
from scripts.corpus.defects import Scan, tilt, turn

#: Enough pages for most directions, for scans and photos.
PAGES = 16


@pytest.fixture(scope="module")
def outcomes():
    engine = ScriptedEngine(upright=(0, 0.0))
    return [measure(*laid, engine) for laid in islice(lay_pages("tune"), PAGES)]


def test_generated_pages_come_out_upright(outcomes):
    """Now and then the last page of a paper has too few letters to tell without an engine."""
    assert len({outcome.rotation for outcome in outcomes}) >= 3
    assert sum(outcome.turned_right for outcome in outcomes) >= PAGES - 2


def test_generated_pages_come_out_straight(outcomes):
    assert sum(outcome.residual <= STRAIGHT for outcome in outcomes) >= PAGES - 2


def test_a_page_that_nobody_straightened_is_as_skewed_as_it_was_laid():
    scan = turn(tilt(Scan(np.full((300, 200, 3), 255, np.uint8), (), 100), 4.0), 90)
    untouched = CleanPage(PageImage(1, scan.pixels, 100.0, Affine()))
    assert lines_of(untouched, scan) == pytest.approx(94.0, abs=1e-6)


@pytest.mark.parametrize("degrees", [-2.6, 1.4])
def test_rulings_and_rows_of_ink_bear_witness_to_an_angle(degrees):
    pixels = np.full((900, 700, 3), 255, np.uint8)
    for height in range(150, 800, 50):
        fall = np.tan(np.radians(degrees)) * 500
        cv2.line(pixels, (100, height), (600, round(height + fall)), (0, 0, 0), 4, cv2.LINE_AA)
    page = PageImage(1, pixels, 100.0)
    assert angle_of_rulings(page) == pytest.approx(degrees, abs=0.15)
    assert angle_of_rows(page, round(degrees)) == pytest.approx(degrees, abs=0.15)


def test_an_empty_page_has_no_rulings_to_bear_witness():
    assert angle_of_rulings(PageImage(1, np.full((300, 200), 255, np.uint8), 100.0)) is None
