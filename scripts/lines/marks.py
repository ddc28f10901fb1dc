"""What lies over printed lines: strokes of pens, seals, rulings; as layers of ink 0..255."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.lines.faces import EM, Face

Layer = NDArray[np.uint8]

#: Diameter of a round seal where type is ``EM`` pixels large: 36 mm beside 13.5 points.
SEAL = 7.5 * EM

_AROUND = (
    "ỦY BAN NHÂN DÂN TỈNH ĐỒNG NAI ★", "SỞ TƯ PHÁP TỈNH NGHỆ AN ★", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM ★",
    "ỦY BAN NHÂN DÂN XÃ TÂN LẬP H. MỸ ĐỨC ★", "CÔNG TY TNHH MỘT THÀNH VIÊN ★", "HỘI ĐỒNG NHÂN DÂN HUYỆN BA VÌ ★",
    "PHÒNG CÔNG CHỨNG SỐ 1 ★ TP. HÀ NỘI ★", "CHI CỤC THUẾ QUẬN HAI BÀ TRƯNG ★", "BỘ TƯ PHÁP ★ CỤC HÀNH CHÍNH TƯ PHÁP",
)  # fmt: skip


def draw_strokes(chance: np.random.Generator, layer: Layer, count: int) -> None:
    """``count`` strokes of a pen, quick and looped as in signatures, somewhere over ``layer``."""
    rows, columns = layer.shape
    for _ in range(count):
        points = _loops(chance, rows, columns) if chance.random() < 0.65 else _sweep(chance, rows, columns)
        width = chance.uniform(2.5, 10)
        press = np.clip(width * (1 + np.cumsum(chance.normal(0, 0.07, len(points)))), 2, 14)
        ink = int(chance.integers(190, 256))
        steps = np.round(points * 8).astype(np.int32)
        for at in range(0, len(steps) - 1, 4):
            cv2.polylines(layer, [steps[at : at + 5]], False, ink, max(1, round(press[at])), cv2.LINE_AA, 3)


def _loops(chance: np.random.Generator, rows: int, columns: int) -> NDArray[np.float64]:
    t = np.linspace(0, 1, 80)
    turns = chance.uniform(1, 6)
    x = chance.uniform(-0.2, 0.9) * columns + t * chance.normal(0, 5) * EM
    x = x + chance.uniform(0.1, 1.4) * EM * np.sin(2 * np.pi * turns * t + chance.uniform(0, 6.3))
    y = chance.uniform(-0.3, 1.3) * rows + t * chance.normal(0, 1.2) * EM
    tall = chance.uniform(0.2, 2.2) * EM * (1 + chance.normal(0, 0.6) * t)
    y = y + tall * np.sin(2 * np.pi * turns * t * chance.uniform(0.9, 1.1) + chance.uniform(0, 6.3))
    return np.stack([x, y], axis=1)


def _sweep(chance: np.random.Generator, rows: int, columns: int) -> NDArray[np.float64]:
    knots = np.stack([chance.uniform(-0.2, 1.2, 4) * columns, chance.uniform(-0.6, 1.6, 4) * rows], axis=1)
    if chance.random() < 0.5:
        knots[:, 0] = knots[0, 0] + np.cumsum(chance.normal(0, 2.0, 4)) * EM
    t = np.linspace(0, 1, 48)[:, None]
    weights = np.concatenate([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], axis=1)
    return weights @ knots


class Seals:
    """A stock of round seals, each drawn once and laid over lines in many ways."""

    def __init__(self, chance: np.random.Generator, faces: Sequence[Face], count: int = 40) -> None:
        self.stock = [_seal(chance, faces[int(chance.integers(len(faces)))]) for _ in range(count)]

    def draw(self, chance: np.random.Generator, shape: tuple[int, int]) -> Layer:
        """A layer of ``shape`` with a seal that reaches into it, patchy as stamps are."""
        seal = self.stock[int(chance.integers(len(self.stock)))]
        rows, columns = shape
        angle, size = chance.uniform(-25, 25), chance.uniform(0.75, 1.25)
        middle = chance.uniform(-0.1, 1.1) * columns, rows / 2 + chance.uniform(-0.62, 0.62) * SEAL * size
        way = cv2.getRotationMatrix2D((seal.shape[1] / 2, seal.shape[0] / 2), angle, size)
        way[:, 2] += np.array(middle) - np.array(seal.shape[::-1]) / 2
        layer = cv2.warpAffine(seal, way, (columns, rows), flags=cv2.INTER_LINEAR)
        patches = cv2.resize(chance.uniform(0.35, 1.25, (5, max(4, columns // 40))).astype(np.float32), (columns, rows))
        return np.asarray(np.clip(layer * patches, 0, 255), np.uint8)


def _seal(chance: np.random.Generator, face: Face) -> Layer:
    side = int(SEAL * 1.1)
    layer = np.zeros((side, side), np.uint8)
    middle, radius = (side // 2, side // 2), SEAL / 2
    cv2.circle(layer, middle, int(radius - 4), 255, int(chance.integers(4, 11)), cv2.LINE_AA)
    cv2.circle(layer, middle, int(radius * chance.uniform(0.86, 0.94)), 255, int(chance.integers(2, 5)), cv2.LINE_AA)
    if chance.random() < 0.7:
        cv2.circle(layer, middle, int(radius * chance.uniform(0.5, 0.6)), 255, int(chance.integers(2, 4)), cv2.LINE_AA)
    text = _AROUND[int(chance.integers(len(_AROUND)))]
    scale = chance.uniform(0.62, 0.85)
    for at, sign in enumerate(text.replace("★", "*")):
        angle = -150 + 300 * at / len(text)
        _around(layer, face, sign, (angle, radius * 0.7, scale))
    if chance.random() < 0.75:
        turns = np.radians(-90 + 36 * np.arange(10))
        reach = radius * chance.uniform(0.3, 0.45) * np.where(np.arange(10) % 2, 0.4, 1.0)
        star = np.stack([middle[0] + reach * np.cos(turns), middle[1] + reach * np.sin(turns)], axis=1)
        cv2.fillPoly(layer, [np.round(star).astype(np.int32)], int(chance.integers(150, 256)), cv2.LINE_AA)
    return layer


def _around(layer: Layer, face: Face, sign: str, place: tuple[float, float, float]) -> None:
    """Puts ``sign`` at an angle in degrees from the top, its baseline so far from the middle, scaled."""
    angle, radius, scale = place
    mask, left, top, advance = face.glyph(sign)
    if not mask.size:
        return
    turn = np.radians(angle)
    side = layer.shape[0] / 2
    across, up = np.array([np.cos(turn), np.sin(turn)]), np.array([np.sin(turn), -np.cos(turn)])
    start = np.array([side, side]) + up * (radius - top * scale) + across * (left - advance / 2) * scale
    way = np.array([[across[0], -up[0], 0], [across[1], -up[1], 0]]) * scale
    way[:, 2] = start
    drawn = cv2.warpAffine(mask, way, layer.shape[::-1], flags=cv2.INTER_LINEAR)
    np.maximum(layer, drawn, out=layer)
