"""Printed letters as masks, from every installed face with Vietnamese letters that no held-out page is set in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from scripts.corpus.fonts import VIETNAMESE

Mask = NDArray[np.uint8]

#: Size of the type that samples are set in before they are scanned, in pixels.
EM = 64

#: Families of Debian and how often they are drawn; ``{}`` stands for the style.
DEBIAN = (
    (6.0, "liberation2/LiberationSerif-{}.ttf", ("Regular", "Bold", "Italic", "BoldItalic")),
    (3.0, "freefont/FreeSerif{}.ttf", ("", "Bold", "Italic", "BoldItalic")),
    (2.0, "noto/NotoSerif-{}.ttf", ("Regular", "Bold", "Italic", "BoldItalic")),
    (1.5, "liberation2/LiberationSans-{}.ttf", ("Regular", "Bold", "Italic", "BoldItalic")),
)
#: The same of npm's @fontsource packages; their files hold some of the letters each.
FONTSOURCE = (
    (3.0, "stix-two-text"),
    (1.0, "source-serif-4"),
    (1.0, "gelasio"),
    (0.7, "lora"),
    (0.7, "open-sans"),
    (0.5, "be-vietnam-pro"),
)
_STYLES = ("400-normal", "700-normal", "400-italic", "700-italic")
#: How often each style is drawn: names under signatures are bold.
_SHARES = (0.3, 0.48, 0.14, 0.08)


@dataclass
class Face:
    """One style of a family, spread over a few files."""

    name: str
    weight: float
    files: tuple[Path, ...]
    _fonts: dict[str, ImageFont.FreeTypeFont] = field(default_factory=dict)
    _glyphs: dict[str, tuple[Mask, int, int, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in self.files:
            font = ImageFont.truetype(str(path), EM, layout_engine=ImageFont.Layout.BASIC)
            with TTFont(path, lazy=True) as tables:
                for code in tables.getBestCmap():
                    self._fonts.setdefault(chr(code), font)

    @property
    def complete(self) -> bool:
        """Whether it has every Vietnamese letter."""
        return all(letter in self._fonts for letter in VIETNAMESE + "aZ09")

    def glyph(self, sign: str) -> tuple[Mask, int, int, float]:
        """The mask of ``sign``, how far its left and its top lie from the pen and the baseline, and its advance."""
        if sign not in self._glyphs:
            font = self._fonts.get(sign) or self._fonts["-"]
            field_ = Image.new("L", (3 * EM, 3 * EM))
            ImageDraw.Draw(field_).text((EM, 2 * EM), sign, 255, font, anchor="ls")
            pixels = np.asarray(field_)
            left, top, width, height = cv2.boundingRect(pixels)
            mask = pixels[top : top + height, left : left + width].copy()
            self._glyphs[sign] = mask, left - EM, top - 2 * EM, float(font.getlength(sign))
        return self._glyphs[sign]


def find_faces(roots: Iterable[Path]) -> list[Face]:
    """The faces found below ``roots``: folders of fonts, or of unpacked @fontsource packages."""
    found = [face for root in roots for face in _faces_in(root)]
    return [face for face in found if face.complete]


def _faces_in(root: Path) -> Iterator[Face]:
    for weight, pattern, styles in DEBIAN:
        for style, share in zip(styles, _SHARES, strict=True):
            path = root / pattern.format(style)
            if path.is_file():
                yield Face(path.stem, weight * share, (path,))
    for weight, name in FONTSOURCE:
        for style, share in zip(_STYLES, _SHARES, strict=True):
            pattern = f"{name}/package/files/{name}-{{}}-{style}.woff"
            paths = [root / pattern.format(part) for part in ("latin", "vietnamese", "latin-ext")]
            if all(path.is_file() for path in paths[:2]):
                yield Face(f"{name}-{style}", weight * share, tuple(path for path in paths if path.is_file()))


def set_line(face: Face, text: str, track: float = 0.0) -> tuple[Mask, int]:
    """``text`` set in ``face``: a mask of 0..255, ``track`` pixels more between letters, and the row of its baseline."""
    places, x = [], 0.0
    for sign in text:
        glyph = face.glyph(sign)
        places.append((x, glyph))
        x += glyph[3] + track
    baseline = round(1.25 * EM)
    line = np.zeros((round(1.75 * EM), max(8, round(x) + EM // 2)), np.uint8)
    for pen, (mask, left, top, _) in places:
        if not mask.size:
            continue
        row, column = baseline + top, max(0, round(pen) + left + EM // 8)
        part = line[max(0, row) : row + mask.shape[0], column : column + mask.shape[1]]
        cut = mask[max(0, -row) :][: part.shape[0], : part.shape[1]]
        np.maximum(part, cut, out=part)
    return line, baseline
