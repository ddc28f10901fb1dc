"""One page made legible: each step only where the page needs it, for what mends a poor page spoils a good one."""

from __future__ import annotations

import math

import cv2
import numpy as np

from pipeline.cleanup.background import even_out, measure_paper
from pipeline.cleanup.blank import is_blank
from pipeline.cleanup.closeup import tilt_of_few
from pipeline.cleanup.grey import to_grey
from pipeline.cleanup.leaders import erase_leaders
from pipeline.cleanup.noise import is_noisy, remove_specks
from pipeline.cleanup.orientation import find_turn, share_on_lines, turn_marks, turn_page
from pipeline.cleanup.outline import find_sheet, seen_from_above
from pipeline.cleanup.quality import judge, judge_bare
from pipeline.cleanup.scale import choose_factor, fit_factor, resize_page
from pipeline.cleanup.thumbnail import Thumbnail, look_closer, take_thumbnail
from pipeline.cleanup.tilt import FEWEST_MARKS, measure_rulings, measure_tilt, straighten
from pipeline.cleanup.traces import find_traces, paint_over
from pipeline.domain.geometry import Affine
from pipeline.domain.pages import CleanPage, PageImage
from pipeline.ports import OcrEngine

#: A sheet seen from above is kept where this share as many of its letters stand on straight lines as before: a few letters
#: tell it roughly, and black borders that slant are no perspective.
AS_STRAIGHT = 0.9

#: With more marks than this their feet tell the tilt by their number; fewer are looked at once more, closely.
MANY_MARKS = 300


def clean(image: PageImage, engine: OcrEngine, upright: int | None = None) -> CleanPage:
    """The page in grey, upright, straight, evenly lit and at the size engines read best; ``engine`` settles doubtful turns.

    ``upright`` is the clockwise turn that makes it upright, where a human has said so.
    """
    cv2.setNumThreads(1)
    grey = to_grey(image)
    thumbnail = take_thumbnail(grey)
    if is_noisy(thumbnail):
        grey = remove_specks(grey)
        thumbnail = take_thumbnail(grey)
    paper = measure_paper(thumbnail)
    sheet = find_sheet(thumbnail, paper)
    if sheet is not None:
        flat = seen_from_above(grey, sheet)
        seen = take_thumbnail(flat)
        if share_on_lines(seen.marks) >= AS_STRAIGHT * share_on_lines(thumbnail.marks):
            grey, thumbnail, paper = flat, seen, measure_paper(seen)
    traces = find_traces(thumbnail, paper, grey.dpi)
    if traces is not None:
        grey = paint_over(grey, traces, paper)
        thumbnail = take_thumbnail(grey)
    if is_blank(thumbnail, paper):
        return CleanPage(grey, blank=True, quality=judge_bare(paper))
    turn = find_turn(thumbnail.marks, _as_page(thumbnail, grey), engine) if upright is None else upright
    tilt = _tilt(thumbnail, grey, turn)
    factor = choose_factor(thumbnail.text_height, image.dpi, faint=paper.faint)
    page = resize_page(grey, fit_factor(factor, max(grey.width, grey.height)))
    if paper.uneven:
        page = even_out(page, paper)
    page = erase_leaders(straighten(turn_page(page, turn), tilt))
    skew = tilt if isinstance(page.to_scan, Affine) else _lean(page, turn)
    return CleanPage(page, turn, skew, quality=judge(thumbnail, paper, skew, image.dpi))


def _tilt(thumbnail: Thumbnail, grey: PageImage, turn: int) -> float:
    if FEWEST_MARKS <= len(thumbnail.marks) <= MANY_MARKS and thumbnail.factor < 1:
        marks, dpi = look_closer(grey, thumbnail)
        told = tilt_of_few(turn_marks(marks, grey.pixels, turn), dpi)
        if told is not None:
            return told
    told = measure_tilt(turn_marks(thumbnail.marks, thumbnail.grey, turn))
    return measure_rulings(np.ascontiguousarray(np.rot90(thumbnail.grey, -turn // 90))) if told is None else told


def _lean(page: PageImage, turn: int) -> float:
    """How far, in degrees, lines in the middle of the page fall to the right on the scan turned by ``turn``."""
    way = page.to_scan.near(page.width / 2, page.height / 2)
    return (math.degrees(math.atan2(way.d, way.a)) + turn + 180) % 360 - 180


def _as_page(thumbnail: Thumbnail, grey: PageImage) -> PageImage:
    return PageImage(grey.number, thumbnail.grey, grey.dpi * thumbnail.factor)
