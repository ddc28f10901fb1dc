"""What scanners, copiers and phones do to a page; every word's box goes through the same geometry as the pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.corpus.chance import Chance
from scripts.corpus.photos import burn_glare, draw_desk, look_askew
from scripts.corpus.raster import DrawnWord
from scripts.corpus.traces import add_borders, add_staple, punch_holes

Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Level = Literal[
    "clean",
    "office",
    "poor",
    "photocopy",
    "phone",
    "perspective",
    "faded",
    "fax",
    "turned",
    "desk",
    "glare",
    "filed",
    "through",
]
LEVELS: tuple[Level, ...] = get_args(Level)
#: What ``poor`` chooses from.
POOR: tuple[Level, ...] = ("photocopy", "phone", "perspective", "faded", "fax", "turned")


def _nowhere() -> Matrix:
    return np.eye(3)


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """A page as a machine saw it: RGB pixels, words in its pixels, dpi, quarter turns clockwise in degrees.

    ``way`` is the homography from the pixel edges of the undisturbed page to those of this one.
    """

    pixels: Pixels
    words: tuple[DrawnWord, ...]
    dpi: int
    rotation: int = 0
    way: Matrix = field(default_factory=_nowhere)


def choose(chance: Chance, level: Level) -> Level:
    """The defect of a whole document: ``poor`` becomes one of its variants."""
    return chance.pick(POOR) if level == "poor" else level


def spoil(chance: Chance, scan: Scan, defect: Level) -> Scan:
    """The page after one pass through a machine with ``defect``; a clean page comes back as it was."""
    return SPOILERS[defect](chance, scan)


def moved_box(box: Sequence[float], matrix: Matrix) -> tuple[float, float, float, float]:
    """The upright box around ``box`` (pixel edges) after the homography ``matrix``."""
    left, top, right, bottom = box
    corners = np.array([(left, top, 1.0), (right, top, 1.0), (right, bottom, 1.0), (left, bottom, 1.0)]) @ matrix.T
    points = corners[:, :2] / corners[:, 2:]
    low, high = points.min(axis=0), points.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _warp(scan: Scan, matrix: Matrix, size: tuple[int, int], paper: tuple[int, int, int], dpi: int | None = None) -> Scan:
    """The page through ``matrix``, which maps pixel edges; OpenCV counts from pixel centres, half a pixel off."""
    shift = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    centred = np.linalg.inv(shift) @ matrix @ shift
    source: Pixels = scan.pixels
    if matrix[0, 0] < 0.75:
        source = np.asarray(cv2.GaussianBlur(source, (0, 0), 0.32 / float(matrix[0, 0])), np.uint8)
    pixels = cv2.warpPerspective(source, centred, size, borderMode=cv2.BORDER_CONSTANT, borderValue=paper)
    words = tuple(replace(word, box=moved_box(word.box, matrix)) for word in scan.words)
    return Scan(np.asarray(pixels, np.uint8), words, dpi or scan.dpi, scan.rotation, matrix @ scan.way)


def _turn_matrix(size: tuple[int, int], degrees: float, scale: float = 1.0, shift: tuple[float, float] = (0, 0)) -> Matrix:
    """A turn around the middle of a page of ``size`` (width, height), then a scaling from the origin and a shift."""
    turn = np.vstack([cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), degrees, 1.0), [0, 0, 1]])
    grow = np.array([[scale, 0, shift[0]], [0, scale, shift[1]], [0, 0, 1.0]])
    return np.asarray(grow @ turn, np.float64)


def _skew(chance: Chance, scan: Scan, most: float, paper: tuple[int, int, int], dpi: int) -> Scan:
    height, width = scan.pixels.shape[:2]
    scale = dpi / scan.dpi
    drift = (chance.between(-6, 6), chance.between(-6, 6))
    matrix = _turn_matrix((width, height), chance.between(-most, most), scale, drift)
    return _warp(scan, matrix, (round(width * scale), round(height * scale)), paper, dpi)


def _noise(chance: Chance, pixels: Pixels, strength: float, *, grey: bool = False) -> Pixels:
    """The page with grain of a standard deviation of ``strength`` levels, repeated in large tiles."""
    channels = 1 if grey else 3
    grain = np.random.default_rng(chance.whole(0, 10**9)).normal(0, strength, (521, 487, channels)).astype(np.int16)
    height, width = pixels.shape[:2]
    tiled = np.tile(grain, (height // 521 + 1, width // 487 + 1, 1))[:height, :width]
    return np.asarray(np.clip(pixels.astype(np.int16) + tiled, 0, 255), np.uint8)


def _jpeg(pixels: Pixels, quality: int) -> Pixels:
    ok, data = cv2.imencode(".jpg", pixels, (cv2.IMWRITE_JPEG_QUALITY, quality))
    assert ok, "a page of pixels can be encoded"
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _tinted(pixels: Pixels, paper: tuple[int, int, int]) -> Pixels:
    table = (np.arange(256)[:, None] * np.array(paper)[None, :] / 255).astype(np.uint8)
    return np.asarray(cv2.LUT(pixels, table.reshape(1, 256, 3)), np.uint8)


def _with_verso(chance: Chance, pixels: Pixels, strength: float) -> Pixels:
    """The page with the ghost of writing on its back."""
    height, width = pixels.shape[:2]
    small = cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (width // 3, height // 3), interpolation=cv2.INTER_AREA)
    back = np.roll(cv2.flip(cv2.GaussianBlur(small, (0, 0), 1.0), 1), chance.whole(-160, 160), axis=0)
    ghost = 255 - ((255 - back.astype(np.float32)) * strength).astype(np.uint8)
    full = cv2.resize(ghost, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(pixels, cv2.cvtColor(full, cv2.COLOR_GRAY2RGB), scale=1 / 255), np.uint8)


def _shaded(chance: Chance, pixels: Pixels, darkest: float, blobs: int) -> Pixels:
    """The page under uneven light: soft shadows down to ``darkest`` (0..1) of the light."""
    height, width = pixels.shape[:2]
    light = np.full((64, 48), 1.0, np.float32)
    rows, columns = np.mgrid[0:64, 0:48].astype(np.float32)
    light -= chance.between(0.05, 0.25) * (rows if chance.odds(0.5) else columns) / 64
    for _ in range(blobs):
        x, y, wide = chance.between(0, 48), chance.between(0, 64), chance.between(9, 24)
        light -= chance.between(0.2, 0.5) * np.exp(-(((columns - x) / wide) ** 2 + ((rows - y) / (wide * 0.7)) ** 2))
    light = np.clip(light, darkest, 1.0)
    full = cv2.resize((light * 255).astype(np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.multiply(pixels, cv2.cvtColor(full, cv2.COLOR_GRAY2RGB), scale=1 / 255), np.uint8)


def _clean(chance: Chance, scan: Scan) -> Scan:
    return scan


def _office(chance: Chance, scan: Scan) -> Scan:
    light, warmth = chance.whole(244, 255), chance.whole(0, 5)
    paper = (light, light - chance.whole(0, 2), light - warmth)
    pixels = _with_verso(chance, scan.pixels, chance.between(0.02, 0.07)) if chance.odds(0.5) else scan.pixels
    found = _skew(chance, replace(scan, pixels=_tinted(pixels, paper)), chance.pick((0.3, 0.8, 1.4)), paper, scan.dpi)
    blurred = cv2.GaussianBlur(found.pixels, (0, 0), chance.between(0.4, 0.75) * scan.dpi / 300 + 0.15)
    return replace(
        found, pixels=_jpeg(_noise(chance, np.asarray(blurred, np.uint8), chance.between(1.0, 3.5)), chance.whole(70, 90))
    )


def _photocopy(chance: Chance, scan: Scan) -> Scan:
    found = _skew(chance, scan, 2.0, (255, 255, 255), 200)
    grey = cv2.cvtColor(found.pixels, cv2.COLOR_RGB2GRAY)
    kernel = np.ones((2, 2), np.uint8)
    thick = cv2.erode(grey, kernel) if chance.odds(0.5) else grey
    hard = np.clip((cv2.GaussianBlur(thick, (0, 0), 0.8).astype(np.float32) - 70) * 1.9, 0, 255).astype(np.uint8)
    specks = np.random.default_rng(chance.whole(0, 10**9))
    height, width = hard.shape
    count = chance.whole(150, 900)
    at = (specks.integers(0, height - 3, count), specks.integers(0, width - 3, count))
    hard[at] = 30
    hard[at[0] + 1, at[1]] = 60
    if chance.odds(0.5):
        edge = chance.whole(6, 26)
        hard[:, :edge] = np.minimum(hard[:, :edge], 70)
    noisy = _noise(chance, hard[:, :, None], 9.0, grey=True)[:, :, 0]
    return replace(found, pixels=_jpeg(cv2.cvtColor(noisy, cv2.COLOR_GRAY2RGB).astype(np.uint8), 70))


def _phone(chance: Chance, scan: Scan) -> Scan:
    paper = (236, 232, 222)
    found = _skew(chance, replace(scan, pixels=_tinted(scan.pixels, paper)), 3.0, (92, 74, 58), chance.pick((180, 200)))
    return _photographed(chance, found)


def _photographed(chance: Chance, scan: Scan) -> Scan:
    pixels = _shaded(chance, scan.pixels, 0.3, chance.whole(1, 3))
    blurred = np.asarray(cv2.GaussianBlur(pixels, (0, 0), chance.between(0.6, 1.0)), np.uint8)
    return replace(scan, pixels=_jpeg(_noise(chance, blurred, chance.between(3, 6)), chance.whole(60, 80)))


def _perspective(chance: Chance, scan: Scan) -> Scan:
    height, width = scan.pixels.shape[:2]
    dpi = chance.pick((180, 200))
    scale = dpi / scan.dpi
    wide, tall = round(width * scale * 1.06), round(height * scale * 1.05)
    reach = 0.035
    corners = [(0.03, 0.025), (0.97, 0.025), (0.97, 0.975), (0.03, 0.975)]
    target = np.array(
        [
            (wide * (x + chance.between(-reach, reach) * 0.7), tall * (y + chance.between(-reach, reach) * 0.7))
            for x, y in corners
        ]
    )
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target.astype(np.float32))
    tinted = replace(scan, pixels=_tinted(scan.pixels, (238, 234, 226)))
    return _photographed(chance, _warp(tinted, np.asarray(matrix, np.float64), (wide, tall), (84, 66, 50), dpi))


def _faded(chance: Chance, scan: Scan) -> Scan:
    pixels = _with_verso(chance, scan.pixels, chance.between(0.15, 0.32))
    floor = chance.between(90, 140)
    table = (floor + np.arange(256) * (255 - floor) / 255).astype(np.uint8)
    paper = (chance.whole(214, 236), chance.whole(206, 228), chance.whole(186, 214))
    pale = _tinted(np.asarray(cv2.LUT(pixels, table), np.uint8), paper)
    found = _skew(chance, replace(scan, pixels=pale), 1.5, paper, chance.pick((200, 300)))
    blurred = np.asarray(cv2.GaussianBlur(found.pixels, (0, 0), 0.8), np.uint8)
    return replace(found, pixels=_jpeg(_noise(chance, blurred, 3.0), 72))


def _fax(chance: Chance, scan: Scan) -> Scan:
    found = _skew(chance, scan, 1.2, (255, 255, 255), 200)
    grey = cv2.GaussianBlur(cv2.cvtColor(found.pixels, cv2.COLOR_RGB2GRAY), (0, 0), 0.7)
    noisy = _noise(chance, np.asarray(grey, np.uint8)[:, :, None], 26.0, grey=True)[:, :, 0]
    bits = np.where(noisy > chance.whole(132, 168), 255, 0).astype(np.uint8)
    for _ in range(chance.whole(0, 3)):
        row = chance.whole(40, bits.shape[0] - 40)
        bits[row : row + 2] = 255
    return replace(found, pixels=np.asarray(cv2.cvtColor(bits, cv2.COLOR_GRAY2RGB), np.uint8))


def _turned(chance: Chance, scan: Scan) -> Scan:
    found = _office(chance, scan)
    return turn(found, chance.pick((90, 180, 270)))


def _desk(chance: Chance, scan: Scan) -> Scan:
    height, width = scan.pixels.shape[:2]
    matrix, picture = look_askew(chance, (width, height))
    sheet = replace(scan, pixels=_tinted(scan.pixels, (240, 237, 230)))
    seen = _warp(sheet, matrix, picture, (0, 0, 0))
    there = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, picture)[..., None] / 255.0
    pixels = np.asarray(seen.pixels * there + draw_desk(chance, picture) * (1 - there), np.uint8)
    return _photographed(chance, replace(seen, pixels=pixels))


def _glare(chance: Chance, scan: Scan) -> Scan:
    found = _desk(chance, scan) if chance.odds(0.5) else _phone(chance, scan)
    return replace(found, pixels=burn_glare(chance, found.pixels))


def _filed(chance: Chance, scan: Scan) -> Scan:
    found = _office(chance, scan)
    pixels = found.pixels
    for leave, odds in ((punch_holes, 0.7), (add_staple, 0.5), (add_borders, 0.7)):
        if chance.odds(odds):
            pixels = leave(chance, pixels, found.dpi)
    return replace(found, pixels=pixels)


def _through(chance: Chance, scan: Scan) -> Scan:
    return _office(chance, replace(scan, pixels=_with_verso(chance, scan.pixels, chance.between(0.15, 0.4))))


def turn(scan: Scan, degrees: int) -> Scan:
    """The page turned clockwise by 90, 180 or 270 degrees, boxes exactly with it."""
    height, width = scan.pixels.shape[:2]
    matrices: dict[int, Matrix] = {
        90: np.array([[0, -1, height], [1, 0, 0], [0, 0, 1.0]]),
        180: np.array([[-1, 0, width], [0, -1, height], [0, 0, 1.0]]),
        270: np.array([[0, 1, 0], [-1, 0, width], [0, 0, 1.0]]),
    }
    pixels = np.ascontiguousarray(np.rot90(scan.pixels, -degrees // 90))
    words = tuple(replace(word, box=moved_box(word.box, matrices[degrees])) for word in scan.words)
    return Scan(pixels, words, scan.dpi, (scan.rotation + degrees) % 360, matrices[degrees] @ scan.way)


def tilt(scan: Scan, degrees: float, paper: tuple[int, int, int] = (255, 255, 255)) -> Scan:
    """The page turned clockwise by ``degrees`` on a canvas that holds all of it, filled up with ``paper``."""
    height, width = scan.pixels.shape[:2]
    turned = _turn_matrix((width, height), -degrees)
    left, top, right, bottom = moved_box((0, 0, width, height), turned)
    shift = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1.0]])
    return _warp(scan, shift @ turned, (round(right - left), round(bottom - top)), paper)


SPOILERS: dict[Level, Callable[[Chance, Scan], Scan]] = {
    "clean": _clean,
    "office": _office,
    "photocopy": _photocopy,
    "phone": _phone,
    "perspective": _perspective,
    "faded": _faded,
    "fax": _fax,
    "turned": _turned,
    "desk": _desk,
    "glare": _glare,
    "filed": _filed,
    "through": _through,
}
