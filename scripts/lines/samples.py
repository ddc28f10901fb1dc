"""Samples: a printed line under strokes and seals, copied and scanned badly, with what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_models.lines import ink as seen
from scripts.lines.faces import EM, Face, draw_marking, set_line
from scripts.lines.marks import Seals, draw_strokes
from scripts.lines.texts import Texts

Ink = NDArray[np.float32]

#: Rows of the field a line is set on, and where its baseline lies.
ROWS, BASELINE = 150, 92


@dataclass(frozen=True)
class Sample:
    """What the net sees (``HEIGHT`` rows, 0..1) and what stands there."""

    ink: Ink
    text: str


class Press:
    """Draws samples from ``texts`` in ``faces``."""

    def __init__(self, chance: np.random.Generator, texts: Texts, faces: Sequence[Face]) -> None:
        self.chance, self.texts, self.faces = chance, texts, list(faces)
        weights = np.array([face.weight for face in faces])
        self.weights = np.cumsum(weights / weights.sum())
        self.markings = [draw_marking(chance) for _ in range(60)]
        self.seals = Seals(chance, self.faces)
        self.grain = chance.normal(0, 1, (400, 3000)).astype(np.float32)

    def draw(self) -> Sample:
        """One line at random."""
        chance = self.chance
        text = self.texts.draw(chance)
        clean = chance.random() < 0.12
        ink, size = self._set(text, clean=clean)
        if not clean:
            self._mark(ink)
        dark = ink[1] if len(ink) > 1 else ink[0]
        return Sample(self._scan(dark if clean else self._lay(ink), size, clean=clean), text)

    def _face(self) -> Face:
        return self.faces[int(np.searchsorted(self.weights, self.chance.random()))]

    def _set(self, text: str, *, clean: bool) -> tuple[list[Ink], float]:
        """The layer of print, 0..1, the line on it with its neighbours, and the width in use."""
        chance, face = self.chance, self._face()
        marking = self.markings[int(chance.integers(len(self.markings)))] if chance.random() < 0.45 else None
        line, baseline = set_line(
            face, text.replace("m2", "m²") or "x", chance.uniform(-1.5, 3) if chance.random() < 0.4 else 0.0, marking
        )
        if not text:
            line[:] = 0
        before, after = (EM * (chance.uniform(0.05, 0.8) if chance.random() < 0.8 else chance.uniform(0.8, 3)) for _ in "ab")
        width = int(before + line.shape[1] + after - EM * 0.5)
        field = np.zeros((ROWS, max(EM, width)), np.uint8)
        _put(field, line, int(before), BASELINE - baseline)
        if not clean:
            for way, odds in ((-1, 0.3), (1, 0.25)):
                if chance.random() < odds:
                    other, base = set_line(self._face(), self.texts.draw(chance) or "-")
                    apart = way * chance.uniform(1.0, 1.5) * EM
                    _put(field, other, int(chance.uniform(-3, 3) * EM), round(BASELINE - base + apart))
            self._rule(field)
            if chance.random() < 0.35:
                kernel = np.ones((2, 2) if chance.random() < 0.6 else (3, 3), np.uint8)
                field = cv2.dilate(field, kernel) if chance.random() < 0.6 else cv2.erode(field, kernel)
        return [field.astype(np.float32) / 255], width

    def _rule(self, field: NDArray[np.uint8]) -> None:
        chance, columns = self.chance, field.shape[1]
        if chance.random() < 0.08:
            y = BASELINE + int(chance.uniform(0.08, 0.45) * EM)
            start, end = sorted(chance.uniform(-0.2, 1.2, 2) * columns)
            cv2.line(field, (int(start), y), (int(end), y + int(chance.integers(-2, 3))), 255, int(chance.integers(1, 5)))
        if chance.random() < 0.05:
            for x in np.arange(0, columns, chance.uniform(0.12, 0.3) * EM):
                cv2.circle(field, (int(x), BASELINE + 3), int(chance.integers(2, 4)), 230, -1)
        if chance.random() < 0.05:
            x = int(chance.integers(columns))
            cv2.line(field, (x, 0), (x + int(chance.integers(-6, 7)), ROWS), 255, int(chance.integers(1, 6)))

    def _mark(self, layers: list[Ink]) -> None:
        """Puts the layers of pens and seals behind that of print."""
        chance, shape = self.chance, layers[0].shape
        pens = np.zeros(shape, np.uint8)
        if chance.random() < 0.6:
            draw_strokes(chance, pens, int(chance.choice([1, 2, 3, 4], p=[0.4, 0.3, 0.2, 0.1])))
        layers.append(pens.astype(np.float32) / 255)
        layers.append(np.zeros(0, np.float32))
        if chance.random() < 0.3:
            layers[-1] = self.seals.draw(chance, (shape[0], shape[1])).astype(np.float32) / 255

    def _lay(self, layers: list[Ink]) -> Ink:
        """The layers over each other: as dark as print, fainter, or taken out again and print with them."""
        chance = self.chance
        printed, pens, seal = layers
        print_dark = chance.uniform(0.45, 1.0) if chance.random() < 0.5 else 1.0
        light = 1 - printed * print_dark
        if seal.size:
            light *= 1 - seal * (chance.uniform(0.05, 0.5) if chance.random() < 0.6 else chance.uniform(0.4, 0.95))
        kind = chance.random()
        if kind < 0.4:
            light *= 1 - pens * print_dark * chance.uniform(0.75, 1.0)
        elif kind < 0.75:
            light *= 1 - pens * chance.uniform(0.1, 0.7)
        else:
            wide = cv2.dilate(pens, np.ones((5, 5), np.uint8)) if chance.random() < 0.5 else pens
            light = 1 - (1 - light) * (1 - wide * chance.uniform(0.2, 0.95))
            light *= 1 - pens * chance.uniform(0.0, 0.3)
        if chance.random() < 0.12:
            ghost = cv2.GaussianBlur(printed[:, ::-1], (0, 0), 3)
            light *= 1 - np.roll(ghost, int(chance.integers(-60, 60)), axis=0) * chance.uniform(0.05, 0.35)
        return np.asarray(1 - light, np.float32)

    def _scan(self, ink: Ink, width: float, *, clean: bool) -> Ink:
        """What a scanner makes of it, as the net sees it."""
        chance = self.chance
        size = chance.uniform(20, 60) if not clean else chance.uniform(32, 60)
        page, baseline = _tilt(chance, ink, size / EM, clean=clean)
        self._degrade(page, size / 40, clean=clean)
        scale = chance.uniform(0.82, 1.2)
        tall = size * scale * seen.HEIGHT / seen.EM
        top = baseline - tall * (seen.BASELINE + chance.normal(0, 1.3)) / seen.HEIGHT
        first, last = round(top), round(top + tall)
        pixels = cv2.copyMakeBorder(
            page, max(0, -first), max(0, last - page.shape[0]), 0, 0, cv2.BORDER_REPLICATE
        )[max(0, first) :][: last - first]  # fmt: skip
        return seen.ink_of(pixels)

    def _degrade(self, page: NDArray[np.uint8], scale: float, *, clean: bool) -> None:
        """Blur, contrast, noise, one bit, JPEG; in place. ``scale`` is the scan's resolution beside 215 dpi."""
        chance = self.chance
        grey = page.astype(np.float32)
        kind = chance.random() if not clean else 1.0
        cv2.GaussianBlur(grey, (0, 0), max(0.2, scale * chance.uniform(0.2, 1.3 if kind < 0.8 else 0.6)), grey)
        row, column = int(chance.integers(100)), int(chance.integers(600))
        grain = self.grain[row : row + grey.shape[0], column : column + grey.shape[1]]
        if kind < 0.14:
            grey = (grey + grain * chance.uniform(4, 45) > chance.uniform(95, 175)) * np.float32(255)
        else:
            if kind < 0.3:
                grey = (grey - chance.uniform(30, 90)) * chance.uniform(1.3, 2.4)
            np.clip(grey, 0, 255, grey)
            paper, floor = chance.uniform(170, 255), chance.uniform(0, 150) if kind < 0.6 else chance.uniform(0, 60)
            floor = min(floor, paper - 60)
            grey = floor + grey * ((paper - floor) / 255) + grain * chance.uniform(0, 9)
            if chance.random() < 0.2:
                grey += np.linspace(-1, 1, grey.shape[1], dtype=np.float32)[None, :] * chance.uniform(-25, 25)
        if not clean and chance.random() < 0.2:
            count = int(chance.integers(2, 60))
            at = chance.integers(0, grey.shape[0] - 1, count), chance.integers(0, grey.shape[1] - 1, count)
            grey[at] = chance.choice([20.0, 245.0])
            grey[at[0] + 1, at[1]] = grey[at]
        pixels = np.clip(grey, 0, 255).astype(np.uint8)
        if chance.random() < 0.45:
            coded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(30, 92))])[1]
            pixels = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)
        page[:] = pixels


def _put(field: NDArray[np.uint8], line: NDArray[np.uint8], x: int, y: int) -> None:
    part = field[max(0, y) : max(0, y + line.shape[0]), max(0, x) : max(0, x + line.shape[1])]
    cut = line[max(0, -y) :, max(0, -x) :][: part.shape[0], : part.shape[1]]
    np.maximum(part, cut, out=part)


def _tilt(chance: np.random.Generator, ink: Ink, scale: float, *, clean: bool) -> tuple[NDArray[np.uint8], float]:
    """The ink as grey on white, scanned a little askew at ``scale``; the row of the baseline in the middle."""
    turn = 0.0 if clean else np.radians(chance.normal(0, 0.6))
    slant = 0.0 if clean or chance.random() < 0.5 else chance.normal(0, 0.06)
    stretch = scale * (chance.uniform(0.86, 1.14) if chance.random() < 0.6 else 1.0)
    columns, rows = max(8, round(ink.shape[1] * stretch)), round(ROWS * scale)
    way = np.array([[stretch, -slant * scale, 0.0], [np.sin(turn) * stretch, scale, 0.0]])
    middle = np.array([ink.shape[1] / 2, BASELINE])
    way[:, 2] = np.array([columns / 2, BASELINE * scale]) - way[:, :2] @ middle
    grey = 255 - ink * 255
    if scale < 0.8:
        grey = cv2.GaussianBlur(grey, (0, 0), 0.35 / scale)
    page = cv2.warpAffine(grey, way, (columns, rows), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return page.astype(np.uint8), BASELINE * scale
