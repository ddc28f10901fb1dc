"""Printed letters as masks, from every installed face with Vietnamese letters that no held-out page is set in."""

from __future__ import annotations

import unicodedata
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
#: Tones above a letter.
_ABOVE = "\u0300\u0301\u0303\u0309"
_STYLES = ("400-normal", "700-normal", "400-italic", "700-italic")
#: How often each style is drawn: names under signatures are bold.
_SHARES = (0.3, 0.48, 0.14, 0.08)


@dataclass(frozen=True)
class Marking:
    """Where tones stand: faces differ in that more than in their letters. Shifts in sizes of type, right and down."""

    beside: tuple[float, float]
    apart: float

    def place(self, base: tuple[Mask, int, int, float], mark: Mask, tone: str, gap: int | None) -> tuple[int, int]:
        """Left and top of ``mark`` over ``base``: over its hat without ``gap``, else that far above the letter."""
        mask, left, top, _ = base
        middle = left + mask.shape[1] / 2 - mark.shape[1] / 2
        if gap is not None:
            return round(middle + self.apart * EM / 2), top - gap - mark.shape[0] + round(self.apart * EM / 2)
        way = {"\u0301": 1.0, "\u0309": 0.9, "\u0300": -0.7, "\u0303": 0.0}[tone]
        return round(middle + way * self.beside[0] * EM), round(top - mark.shape[0] + self.beside[1] * EM)


def draw_marking(chance: np.random.Generator) -> Marking:
    """One of a few hundred."""
    beside = round(float(chance.uniform(-0.02, 0.26)), 2), round(float(chance.uniform(-0.05, 0.12)), 2)
    return Marking(beside, round(float(chance.uniform(-0.06, 0.06)), 2))


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

    def glyph(self, sign: str, marking: Marking | None = None) -> tuple[Mask, int, int, float]:
        """The mask of ``sign``, how far its left and its top lie from the pen and the baseline, and its advance.

        With a ``marking`` the tone above a letter stands where that says, not where the face has it.
        """
        if marking is not None:
            key = f"{sign}{marking}"
            if key not in self._glyphs:
                self._glyphs[key] = self._mark(sign, marking)
            return self._glyphs[key]
        if sign not in self._glyphs:
            font = self._fonts.get(sign) or self._fonts["-"]
            field_ = Image.new("L", (3 * EM, 3 * EM))
            ImageDraw.Draw(field_).text((EM, 2 * EM), sign, 255, font, anchor="ls")
            pixels = np.asarray(field_)
            left, top, width, height = cv2.boundingRect(pixels)
            mask = pixels[top : top + height, left : left + width].copy()
            self._glyphs[sign] = mask, left - EM, top - 2 * EM, float(font.getlength(sign))
        return self._glyphs[sign]

    def _mark(self, sign: str, marking: Marking) -> tuple[Mask, int, int, float]:
        """``sign`` made of its letter and the tone of an a, which is moved."""
        letters = unicodedata.normalize("NFD", sign)
        tone = next((mark for mark in letters if mark in _ABOVE), "")
        if not tone or letters[0] == "i":
            return self.glyph(sign)
        carrier = "A" if sign.isupper() else "a"
        base = self.glyph(unicodedata.normalize("NFC", letters.replace(tone, "")))
        (donor, _, donor_top, _), (_, _, carrier_top, _) = (
            self.glyph(unicodedata.normalize("NFC", carrier + tone)),
            self.glyph(carrier),
        )
        mark = donor[: max(1, carrier_top - donor_top)]
        left, top, width, height = cv2.boundingRect(mark)
        if not width or not height:
            return self.glyph(sign)
        mark = mark[top : top + height, left : left + width]
        hat = len(letters.replace("\u0323", "").replace("\u031b", "")) > 2
        return _join(base, mark, marking.place(base, mark, tone, carrier_top - donor_top - top - height if not hat else None))


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


def _join(base: tuple[Mask, int, int, float], mark: Mask, place: tuple[int, int]) -> tuple[Mask, int, int, float]:
    mask, left, top, advance = base
    first, highest = min(left, place[0]), min(top, place[1])
    last, lowest = max(left + mask.shape[1], place[0] + mark.shape[1]), max(top + mask.shape[0], place[1] + mark.shape[0])
    joined = np.zeros((lowest - highest, last - first), np.uint8)
    for part, x, y in ((mask, left, top), (mark, *place)):
        field_ = joined[y - highest : y - highest + part.shape[0], x - first : x - first + part.shape[1]]
        np.maximum(field_, part, out=field_)
    return joined, first, highest, advance


def set_line(face: Face, text: str, track: float = 0.0, marking: Marking | None = None) -> tuple[Mask, int]:
    """``text`` set in ``face``: a mask of 0..255, ``track`` pixels more between letters, and the row of its baseline."""
    places, x = [], 0.0
    for sign in text:
        glyph = face.glyph(sign, marking)
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
