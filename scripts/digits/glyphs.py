"""Shapes of single signs: from handwriting fonts, from print fonts, and the 1,797 UCI digits that scikit-learn ships."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from sklearn.datasets import load_digits

Ink = NDArray[np.float32]

#: Faces of handwriting, by the file names that Debian's and Fontsource's packages give them.
HANDWRITING = (
    "Breip.ttf", "BecauseWe*-Regular.otf", "dkg.ttf", "dkgIt.ttf", "femkeklaver.ttf", "Rufscript010.ttf", "SteveHand.ttf",
    "Delphine.ttf", "Ecolier-court.ttf", "*-latin-400-normal.woff",
)  # fmt: skip
#: Kept out of training, to measure with hands the net has not seen.
HELD_OUT = ("kalam", "reenie-beanie", "femkeklaver", "homemade-apple", "patrick-hand", "Delphine", "mansalva")
PRINT = (
    "LiberationSerif-Regular.ttf", "LiberationSerif-Italic.ttf", "LiberationSerif-Bold.ttf", "FreeSerif.ttf",
    "FreeSerifItalic.ttf", "LiberationSans-Regular.ttf",
)  # fmt: skip
SIZE = 96


def find_faces(roots: Sequence[Path], patterns: Iterable[str]) -> tuple[Path, ...]:
    """The font files under ``roots`` whose names match ``patterns``."""
    return tuple(sorted({path for root in roots for pattern in patterns for path in root.rglob(pattern)}))


def split_faces(faces: Iterable[Path], *, held_out: bool) -> tuple[Path, ...]:
    """The faces for training, or those held out."""
    return tuple(face for face in faces if any(name in face.name for name in HELD_OUT) is held_out)


@lru_cache(maxsize=4096)
def glyph(face: Path, sign: str) -> tuple[Ink, float, float]:
    """The mask of ``sign``, how far its top lies above the baseline, its advance; all in units of the capitals' height."""
    font = _font(face)
    unit = _capitals(face)
    left, top, right, bottom = font.getbbox(sign, anchor="ls")
    pad = 4
    size = (max(1, int(right - left)) + 2 * pad, max(1, int(bottom - top)) + 2 * pad)
    image = Image.new("L", size, 0)
    ImageDraw.Draw(image).text((pad - left, pad - top), sign, fill=255, font=font, anchor="ls")
    return np.asarray(image, np.float32) / 255, (pad - top) / unit, font.getlength(sign) / unit


def scale_of(face: Path) -> float:
    """Pixels of a mask of :func:`glyph` to one height of capitals."""
    return _capitals(face)


@lru_cache(maxsize=256)
def _font(face: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face), SIZE)


@lru_cache(maxsize=256)
def _capitals(face: Path) -> float:
    _, top, _, bottom = _font(face).getbbox("0", anchor="ls")
    return float(max(8, bottom - top))


@lru_cache(maxsize=1)
def uci_digits() -> dict[str, tuple[Ink, ...]]:
    """The UCI digits by class, as masks 64 pixels high with firm strokes."""
    data = load_digits()
    found: dict[str, list[Ink]] = {digit: [] for digit in "0123456789"}
    for image, target in zip(data.images, data.target, strict=True):
        large = cv2.resize((image / 16).astype(np.float32), (64, 64), interpolation=cv2.INTER_CUBIC)
        large = cv2.GaussianBlur(large, (0, 0), 2)
        mask = np.clip((large - 0.38) * 5, 0, 1).astype(np.float32)
        rows, columns = np.where(mask.max(axis=1) > 0.5)[0], np.where(mask.max(axis=0) > 0.5)[0]
        if len(rows) > 20 and len(columns):
            found[str(target)].append(mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    return {digit: tuple(masks) for digit, masks in found.items()}
