"""Print under seals and signatures brought out: coloured ink fades where a seal lies, black print stays."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.domain.pages import Pixels

Corners = tuple[int, int, int, int]

#: Sides of a seal in inches; photos do not know their scale.
LEAST, MOST = 0.6, 2.6

#: Seals smaller than this (inches) in the uppermost share of a page are pictures that belong to electronic signatures.
PRESSED, UPPERMOST = 1.1, 0.12

#: How far beside and around a seal its signature and its titles reach, in inches.
BESIDE, AROUND = 1.9, 0.35

#: Ink is coloured where its strongest channel stands above its weakest by this much of 255, each held against the paper.
COLOURED = 40

#: What is coloured stays as dark as its strongest channel below the first of these levels, and vanishes above the second.
DARK, LIGHT = 70, 150

#: Strokes of a signature hang together over this length, in inches; printed letters do not.
STROKE = 0.35

#: Paper is looked for within this many pixels, on a picture this many times smaller.
REACH, COARSER = 9, 6


def is_seal(piece: Corners, dpi: float, height: int) -> bool:
    """Whether a ``piece`` of red ink on a page of that height may be a seal pressed on paper; all in pixels."""
    left, top, right, bottom = piece
    small, large = sorted((right - left, bottom - top))
    printed = bottom < UPPERMOST * height and large < PRESSED * dpi
    return small >= LEAST * dpi and large <= MOST * dpi and not printed


def around_seal(seal: Corners, dpi: float, width: int, height: int) -> Corners:
    """The part of a page of that size in which the ink around ``seal`` lies; (left, top, right, bottom) in pixels."""
    left, top, right, bottom = seal
    across, down = round(BESIDE * dpi), round(AROUND * dpi)
    return max(0, left - across), max(0, top - down), min(width, right + across), min(height, bottom + down)


def fade_inks(part: Pixels, red: Pixels, dpi: float) -> Pixels:
    """The ``red`` channel of an RGB ``part`` of a page with seals and coloured signatures faded; black print stays.

    Red ink is dark in green and blue, blue ink in red and green, print in all three: the strongest channel, each held
    against the paper, tells print from both. Letters printed in another colour than red stay: their pieces are small.
    """
    paper = np.maximum(1.0, np.percentile(part[::4, ::4].reshape(-1, 3), 85, axis=0))
    steps = np.arange(256, dtype=np.float32)[:, None]
    balance = np.clip(steps * (255.0 / paper), 0, 255).astype(np.uint8).reshape(1, 256, 3)
    one, two, three = cv2.split(cv2.LUT(part, balance))
    strongest = cv2.max(cv2.max(one, two), three)
    chroma = cv2.subtract(strongest, cv2.min(cv2.min(one, two), three))
    coloured = ((chroma > COLOURED) * np.uint8(255)).astype(np.uint8)
    reddish = cv2.bitwise_and(coloured, ((one >= strongest) * np.uint8(255)).astype(np.uint8))
    fading = cv2.dilate(cv2.bitwise_or(reddish, _long_strokes(coloured, dpi)), np.ones((3, 3), np.uint8))
    shares = np.arange(256, dtype=np.float32)
    curve = shares + (255 - shares) * np.clip((shares - DARK) / (LIGHT - DARK), 0, 1)
    lighter = cv2.multiply(cv2.LUT(strongest, curve.astype(np.uint8)), _paper(red), scale=1 / 255)
    return np.where(fading > 0, cv2.max(red, lighter), red).astype(np.uint8)


def _long_strokes(ink: Pixels, dpi: float) -> Pixels:
    """Those pieces of ``ink`` that are longer than any printed letter."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    longest = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    chosen = ((longest >= STROKE * dpi) * np.uint8(255)).astype(np.uint8)
    chosen[0] = 0
    return np.asarray(chosen[labels], np.uint8)


def _paper(grey: Pixels) -> Pixels:
    """How light the paper is, pixel by pixel."""
    height, width = grey.shape
    coarse = cv2.resize(grey, (max(1, width // COARSER), max(1, height // COARSER)), interpolation=cv2.INTER_AREA)
    light = cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, np.ones((REACH, REACH), np.uint8))
    return cv2.resize(cv2.blur(light, (REACH, REACH)), (width, height)).astype(np.uint8)
