"""A verdict on the scan: can it be kept, or should the paper be scanned again while it is at hand."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.cleanup.background import Paper
from pipeline.cleanup.thumbnail import Marks, Thumbnail
from pipeline.domain.pages import Quality
from pipeline.pieces import find_pieces

#: Scans below the first are to be repeated, below the second hardly legible in small print.
RESCAN_DPI, FAIR_DPI = 120, 190

#: Sharpness of ink edges (spread of the Laplacian over the ink, for its contrast) below which letters run together.
RESCAN_SHARPNESS, FAIR_SHARPNESS = 0.22, 0.34

#: Median lightness of the paper below which a page is dark.
RESCAN_PAPER, FAIR_PAPER = 70, 120

#: Tilt in degrees from which an operator should lay the paper straight.
FAIR_TILT = 5.0

#: Contrast of the ink below which a page is faint.
RESCAN_CONTRAST, FAIR_CONTRAST = 25, 40

#: A lamp's glare: one spot at least this share of the page, this light on paper that is darker, next to no ink in it.
GLARE_SHARE, BURNT, UNBURNT, NO_INK = 0.015, 252, 240, 0.003

#: Print is lost in a spot that has print beside it in this share of its rows.
LOST_ROWS = 0.4

#: Marks that touch an edge of the page, as a share of all, from which the page is cut off.
CUT_OFF_SHARE = 0.012


def judge(thumbnail: Thumbnail, paper: Paper, tilt: float, dpi: float) -> Quality:
    """The verdict, with every reason that counted: ``rescan`` where one is grave, ``fair`` where one is slight."""
    graded = (
        ("too_few_dpi", _grade(dpi, RESCAN_DPI, FAIR_DPI)),
        ("blur", _grade(sharpness(thumbnail, paper), RESCAN_SHARPNESS, FAIR_SHARPNESS)),
        ("too_dark", _grade(float(np.median(paper.lightness)), RESCAN_PAPER, FAIR_PAPER)),
        ("faint", _grade(paper.contrast, RESCAN_CONTRAST, FAIR_CONTRAST)),
        ("skewed", int(abs(tilt) >= FAIR_TILT)),
        ("glare", grade_glare(thumbnail, paper)),
        ("cut_off", int(is_cut_off(thumbnail.marks, thumbnail.grey.shape[1], thumbnail.grey.shape[0]))),
    )
    reasons = tuple(code for code, grade in graded if grade)
    worst = max(grade for _, grade in graded)
    return Quality(("good", "fair", "rescan")[worst], reasons)


def judge_bare(paper: Paper) -> Quality:
    """The verdict on a page without print: black ones show a lid, or a lamp that is out, and no paper."""
    dark = float(np.median(paper.lightness)) < RESCAN_PAPER
    return Quality("rescan", ("too_dark",)) if dark else Quality()


def sharpness(thumbnail: Thumbnail, paper: Paper) -> float:
    """How steep the edges of the ink are, about 0.2 (smeared) to 1 (crisp)."""
    ink = thumbnail.ink > 0
    if not ink.any() or paper.contrast <= 0:
        return 1.0
    return float(cv2.Laplacian(thumbnail.grey, cv2.CV_16S)[ink].std()) / paper.contrast


def grade_glare(thumbnail: Thumbnail, paper: Paper) -> int:
    """2 where a lamp has burnt a spot into the print of a page, 1 where the spot lies beside the print, 0 without any."""
    burnt = (paper.lightness >= BURNT).astype(np.uint8)
    if float(np.median(paper.lightness)) >= UNBURNT or float(burnt.mean()) < GLARE_SHARE:
        return 0
    pieces = find_pieces(burnt)
    largest = 1 + int(pieces.boxes[:, cv2.CC_STAT_AREA].argmax())
    height, width = thumbnail.grey.shape
    spot = cv2.resize((pieces.labels == largest).astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    if float(spot.mean()) < GLARE_SHARE or float((thumbnail.ink[spot] > 0).mean()) > NO_INK:
        return 0
    printed = np.zeros(height, bool)
    for _, top, _, high, _ in thumbnail.marks.tolist():
        printed[top : top + high] = True
    return 2 if float(printed[spot.any(axis=1)].mean()) >= LOST_ROWS else 1


def is_cut_off(marks: Marks, width: int, height: int) -> bool:
    """Whether letters are cut by the left or right edge of the picture."""
    if len(marks) < 50:
        return False
    left, right = marks[:, 0], marks[:, 0] + marks[:, 2]
    return float(((left <= 1) | (right >= width - 1)).mean()) > CUT_OFF_SHARE


def _grade(value: float, rescan: float, fair: float) -> int:
    return 2 if value < rescan else 1 if value < fair else 0
