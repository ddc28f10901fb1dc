"""Print under seals and signatures brought out: coloured ink fades where a seal lies, black print stays."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.domain.pages import Pixels
from pipeline.pieces import find_pieces

Corners = tuple[int, int, int, int]

#: Sides of a seal in inches; photos do not know their scale.
LEAST, MOST = 0.6, 2.6

#: How far red stands above green and blue in a faded seal, of 255 and held against the paper; parts of a seal are at most
#: so many inches apart, and cover at least this share of its square.
REDDISH, PARTS, INKED = 26, 0.12, 0.06

#: Every so many pixels are looked at first, across and down.
SPOTS = 3

#: Seals smaller than this (inches) in the uppermost share of a page are pictures that belong to electronic signatures.
PRESSED, UPPERMOST = 1.1, 0.12

#: How far beside and around a seal its signature and its titles reach, in inches.
BESIDE, AROUND = 1.9, 0.35

#: Ink is coloured where its strongest channel stands above its weakest by this much of 255, each held against the paper.
COLOURED = 28

#: The darkest so many per cent of what has no colour are print, if they are no lighter than this; its usual level.
PRINT, FAINTEST, USUAL = 0.7, 140.0, 20.0

#: What is coloured stays where its strongest channel is at most so much lighter than print, and vanishes at this share of
#: the way from there to the paper.
AS_DARK, VANISHING = 55.0, 0.42

#: Strokes of a signature hang together over this length, in inches; printed letters do not.
STROKE = 0.35

#: Paper is looked for within this many pixels, on a picture this many times smaller.
REACH, COARSER = 15, 6


def find_seals(coarse: Pixels, dpi: float) -> list[Corners]:
    """Where seals are pressed on a small RGB picture of a page; (left, top, right, bottom) in its pixels.

    Red is told against the paper, which may be yellow or pink, and faded seals count too.
    """
    balance = _balance(coarse)
    spots = _reddish(np.ascontiguousarray(coarse[::SPOTS, ::SPOTS]), balance)
    if np.count_nonzero(spots) < (0.2 * LEAST * dpi / SPOTS) ** 2:
        return []
    mask = _reddish(coarse, balance)
    reach = max(3, round(PARTS * dpi) | 1)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    found = []
    for left, top, width, height, _ in find_pieces(joined.astype(np.uint8)).boxes.tolist():
        corners = (left, top, left + width, top + height)
        inked = np.count_nonzero(mask[top : top + height, left : left + width]) >= INKED * width * height
        if inked and _is_seal(corners, dpi, coarse.shape[0]):
            found.append(corners)
    return found


def _is_seal(piece: Corners, dpi: float, height: int) -> bool:
    """Whether a ``piece`` of red ink on a page of that height may be a seal pressed on paper; all in pixels."""
    left, top, right, bottom = piece
    small, large = sorted((right - left, bottom - top))
    printed = bottom < UPPERMOST * height and large < PRESSED * dpi
    return small >= LEAST * dpi and large <= MOST * dpi and not printed


def _reddish(pixels: Pixels, balance: Pixels) -> Pixels:
    """255 where an RGB picture is red, its colours set right by ``balance``."""
    red, green, blue = cv2.split(cv2.LUT(pixels, balance))
    return ((cv2.subtract(red, cv2.max(green, blue)) > REDDISH) * np.uint8(255)).astype(np.uint8)


def _balance(part: Pixels) -> Pixels:
    """A table (1, 256, 3) that makes the paper of an RGB picture white."""
    paper = np.maximum(1.0, np.percentile(part[::4, ::4].reshape(-1, 3), 85, axis=0))
    steps = np.arange(256, dtype=np.float32)[:, None]
    return np.clip(steps * (255.0 / paper), 0, 255).astype(np.uint8).reshape(1, 256, 3)


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
    one, two, three = cv2.split(cv2.LUT(part, _balance(part)))
    strongest = cv2.max(cv2.max(one, two), three)
    chroma = cv2.subtract(strongest, cv2.min(cv2.min(one, two), three))
    coloured = ((chroma > COLOURED) * np.uint8(255)).astype(np.uint8)
    reddish = cv2.bitwise_and(coloured, ((one >= strongest) * np.uint8(255)).astype(np.uint8))
    fading = cv2.dilate(cv2.bitwise_or(reddish, _long_strokes(coloured, dpi)), np.ones((3, 3), np.uint8))
    shares = np.arange(256, dtype=np.float32)
    dark = _darkness_of_print(strongest[coloured == 0]) + AS_DARK
    curve = shares + (255 - shares) * np.clip((shares - dark) / (VANISHING * (256 - dark)), 0, 1)
    bare = _paper(red)
    lighter = cv2.multiply(cv2.LUT(strongest, curve.astype(np.uint8)), bare, scale=1 / 255)
    return np.where(fading > 0, cv2.min(cv2.max(red, lighter), bare), red).astype(np.uint8)


def _darkness_of_print(plain: Pixels) -> float:
    """How dark print is among uncoloured pixels of a place; a usual level where none of them is dark."""
    level = float(np.percentile(plain[::3], PRINT)) if plain.size else 255.0
    return level if level <= FAINTEST else USUAL


def _long_strokes(ink: Pixels, dpi: float) -> Pixels:
    """Those pieces of ``ink`` that are longer than any printed letter."""
    pieces = find_pieces(ink)
    longest = np.maximum(pieces.stats[:, cv2.CC_STAT_WIDTH], pieces.stats[:, cv2.CC_STAT_HEIGHT])
    chosen = ((longest >= STROKE * dpi) * np.uint8(255)).astype(np.uint8)
    chosen[0] = 0
    return np.asarray(chosen[pieces.labels], np.uint8)


def _paper(grey: Pixels) -> Pixels:
    """How light the paper is, pixel by pixel."""
    height, width = grey.shape
    coarse = cv2.resize(grey, (max(1, width // COARSER), max(1, height // COARSER)), interpolation=cv2.INTER_AREA)
    light = cv2.medianBlur(coarse, REACH)
    return cv2.resize(cv2.blur(light, (REACH, REACH)), (width, height)).astype(np.uint8)
