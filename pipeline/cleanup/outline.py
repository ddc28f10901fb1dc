"""A sheet photographed on a desk: its four edges found, the picture brought to the sheet as if seen from above."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.background import REACH, Paper
from pipeline.cleanup.thumbnail import Thumbnail
from pipeline.domain.geometry import Homography
from pipeline.domain.pages import PageImage, Pixels

#: Share of the picture's rim that must be darker than the paper, and by how much, for a sheet to be looked for at all.
DARK_RIM, DARKER = 0.25, 0.8

#: Edges are looked for among straight pieces at least this share of the shorter side long, leaning at most this much.
SHORTEST, MOST_LEAN = 0.2, 0.36

#: How far from an edge, in pixels of the coarse picture, lightness is compared; the paper is lighter by this factor.
BESIDE, LIGHTER = 5, 1.15

#: Of each edge at least this share must be seen, of all four this much on average; at most so many candidates each.
LEAST_SEEN, MEAN_SEEN, CANDIDATES = 0.4, 0.7, 5

#: A sheet fills at least this share of the picture.
SMALLEST = 0.3

#: The edges are then fitted to so many places each, where lightness rises by so much within this many finer pixels.
SAMPLES, CLEAR_RISE, WITHIN = 60, 20.0, 14

Points = NDArray[np.float64]
#: A line as (a, b, c) with a·x + b·y = c and a² + b² = 1; the paper lies where a·x + b·y > c.
Edge = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An edge that may be the sheet's, and the share of the picture's side along which it was seen at first."""

    edge: Edge
    length: float


def find_sheet(thumbnail: Thumbnail, paper: Paper) -> Points | None:
    """The corners of the sheet in pixels of the scan: top left, top right, bottom right, bottom left; None without a desk."""
    bare = float(np.median(paper.lightness))
    if min(paper.lightness.shape) < 60 or not has_dark_rim(thumbnail.grey, bare):
        return None
    light = _without_print(thumbnail.grey, paper)
    depth = cv2.LUT(light, _LOGARITHMS)
    edges = cv2.Canny(depth, 25, 60).astype(np.uint8)
    seen = cv2.dilate(edges, np.ones((3, 3), np.uint8)).astype(np.uint8)
    candidates = _candidates(light, edges)
    sheets = [(_seen_share(seen, corners), corners) for corners in span_sheets(candidates, light.shape)]
    sheets = [(score, corners) for score, corners in sheets if score >= MEAN_SEEN]
    if not sheets:
        return None
    best = max(sheets, key=lambda found: found[0] + 0.2 * _area(found[1]) / light.size)[1]
    scale = thumbnail.grey.shape[1] / light.shape[1], thumbnail.grey.shape[0] / light.shape[0]
    return np.asarray(_sharpened(thumbnail.grey, (best + 0.5) * scale) / thumbnail.factor)


def has_dark_rim(grey: Pixels, bare: float) -> bool:
    """Whether much of the rim of the picture is darker than ``bare`` paper."""
    rim = np.concatenate((grey[2], grey[-3], grey[:, 2], grey[:, -3]))
    return float((rim < DARKER * bare).mean()) > DARK_RIM


def _without_print(grey: Pixels, paper: Paper) -> Pixels:
    """The picture as coarse as that of the paper, its print closed up, but not a narrow strip of desk at its rim."""
    coarse = cv2.resize(grey, paper.lightness.shape[::-1], interpolation=cv2.INTER_AREA)
    framed = cv2.copyMakeBorder(coarse, REACH, REACH, REACH, REACH, cv2.BORDER_CONSTANT, value=(0,))
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, np.ones((REACH, REACH), np.uint8))
    return cv2.medianBlur(np.ascontiguousarray(closed[REACH:-REACH, REACH:-REACH]), 5).astype(np.uint8)


def seen_from_above(image: PageImage, corners: Points) -> PageImage:
    """The sheet between ``corners`` as a rectangle, as large as its longer edges are in the picture."""
    top_left, top_right, bottom_right, bottom_left = corners
    width = max(np.linalg.norm(top_right - top_left), np.linalg.norm(bottom_right - bottom_left))
    height = max(np.linalg.norm(bottom_left - top_left), np.linalg.norm(bottom_right - top_right))
    size = max(1, round(float(width))), max(1, round(float(height)))
    flat = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    to_scan = cv2.getPerspectiveTransform(flat, corners.astype(np.float32))
    way = Homography(tuple(float(entry) for entry in to_scan.ravel()))
    centres = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    pixels = cv2.warpPerspective(
        image.pixels,
        np.linalg.inv(centres) @ to_scan @ centres,
        size,
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return PageImage(image.number, np.asarray(pixels, np.uint8), image.dpi, way.then(image.to_scan))


_LOGARITHMS = np.round(np.log1p(np.arange(256)) * (255 / np.log(256))).astype(np.uint8)


def _candidates(light: Pixels, edges: Pixels) -> dict[str, list[Candidate]]:
    """Edges that may be the sheet's left, top, right or bottom: straight, and lighter on the sheet's side."""
    shortest = SHORTEST * min(light.shape)
    lines = cv2.HoughLinesP(edges, 1, np.pi / 720, round(shortest / 2), minLineLength=shortest, maxLineGap=12)
    found: dict[str, list[Candidate]] = {"left": [], "top": [], "right": [], "bottom": []}
    for x0, y0, x1, y1 in np.asarray([] if lines is None else lines, np.float64).reshape(-1, 4).tolist():
        across, down = x1 - x0, y1 - y0
        length = float(np.hypot(across, down))
        a, b = -down / length, across / length
        if min(abs(a), abs(b)) > MOST_LEAN:
            continue
        one, other = (_lightness_beside(light, (x0, y0, x1, y1), (sign * a, sign * b)) for sign in (1, -1))
        if max(one, other) < LIGHTER * min(one, other):
            continue
        if other > one:
            a, b = -a, -b
        side = ("left" if a > 0 else "right") if abs(a) > abs(b) else ("top" if b > 0 else "bottom")
        found[side].append(Candidate((a, b, a * x0 + b * y0), length))
    return {side: _distinct(candidates) for side, candidates in found.items()}


def _sharpened(grey: Pixels, corners: Points) -> Points:
    """The corners where the sheet's edges cross as the finer picture shows them."""
    edges = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        inwards = np.array((start[1] - end[1], end[0] - start[0])) / np.linalg.norm(end - start)
        along = start + np.linspace(0.03, 0.97, SAMPLES)[:, None] * (end - start)
        steps = np.arange(-WITHIN, WITHIN + 1)
        places = along[:, None] + steps[None, :, None] * inwards
        x, y = (places[..., axis].astype(np.float32) for axis in (0, 1))
        profiles = cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
        rises = profiles[:, 4:] - profiles[:, :-4]
        found = along + (steps[2:-2][rises.argmax(axis=1)])[:, None] * inwards
        clear = rises.max(axis=1) > CLEAR_RISE
        edges.append(_fitted(found[clear], inwards) if clear.mean() > LEAST_SEEN else _through(start, inwards))
    return np.array([_crossing(edges[at - 1], edges[at]) for at in range(4)])


def _fitted(points: Points, inwards: Points) -> Edge:
    across, down, x, y = cv2.fitLine(points.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel().tolist()
    normal = np.array((-down, across))
    return _through(np.array((x, y)), normal if float(normal @ inwards) > 0 else -normal)


def _through(point: Points, normal: Points) -> Edge:
    return float(normal[0]), float(normal[1]), float(normal @ point)


def _lightness_beside(light: Pixels, piece: tuple[float, float, float, float], towards: tuple[float, float]) -> float:
    height, width = light.shape
    along = np.linspace(0.1, 0.9, 9)
    x = piece[0] + along * (piece[2] - piece[0]) + BESIDE * towards[0]
    y = piece[1] + along * (piece[3] - piece[1]) + BESIDE * towards[1]
    return float(np.median(light[np.clip(y, 0, height - 1).astype(int), np.clip(x, 0, width - 1).astype(int)])) + 1.0


def _distinct(candidates: list[Candidate]) -> list[Candidate]:
    """The longest candidates, of which no two are nearly the same line."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda found: -found.length):
        a, b, c = candidate.edge
        same = (
            abs(a - k[0]) < 0.01 and abs(b - k[1]) < 0.01 and abs(c - k[2]) < 3 for k in (kept_one.edge for kept_one in kept)
        )
        if not any(same) and len(kept) < CANDIDATES:
            kept.append(candidate)
    return kept


def span_sheets(candidates: dict[str, list[Candidate]], shape: tuple[int, ...]) -> Iterator[Points]:
    """The corners of every sheet that one candidate for each side bounds; a side without any is the picture's own."""
    height, width = shape
    own = {
        "left": (1.0, 0.0, 0.0),
        "top": (0.0, 1.0, 0.0),
        "right": (-1.0, 0.0, 1.0 - width),
        "bottom": (0.0, -1.0, 1.0 - height),
    }
    edges = [[found.edge for found in candidates[side]] or [own[side]] for side in own]
    if sum(bool(found) for found in candidates.values()) < 3:
        return
    for left, top, right, bottom in product(*edges):
        corners = np.array([_crossing(left, top), _crossing(right, top), _crossing(right, bottom), _crossing(left, bottom)])
        inside = (corners > -3).all() and (corners[:, 0] < width + 3).all() and (corners[:, 1] < height + 3).all()
        convex = cv2.isContourConvex(corners.astype(np.float32))
        if inside and convex and _stands(corners) and _area(corners) >= SMALLEST * height * width:
            yield corners


def _stands(corners: Points) -> bool:
    """Whether the left edge lies left of the right one and the top above the bottom: else the sheet would be mirrored."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners.tolist()
    return bool(x0 < x1 and x3 < x2 and y0 < y3 and y1 < y2)


def _crossing(one: Edge, other: Edge) -> tuple[float, float]:
    det = one[0] * other[1] - one[1] * other[0]
    if abs(det) < 0.3:
        return -1e6, -1e6
    return (one[2] * other[1] - one[1] * other[2]) / det, (one[0] * other[2] - one[2] * other[0]) / det


def _area(corners: Points) -> float:
    return float(cv2.contourArea(corners.astype(np.float32)))


def _seen_share(seen: Pixels, corners: Points) -> float:
    """The share of the sheet's edges along which the picture shows one; 0 where an edge is hardly seen at all."""
    height, width = seen.shape
    shares = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        points = start + np.linspace(0.02, 0.98, 60)[:, None] * (end - start)
        x, y = np.clip(points[:, 0], 0, width - 1).astype(int), np.clip(points[:, 1], 0, height - 1).astype(int)
        on_rim = (x <= 2) | (x >= width - 3) | (y <= 2) | (y >= height - 3)
        shares.append(float(((seen[y, x] > 0) | on_rim).mean()))
    return float(np.mean(shares)) if min(shares) >= LEAST_SEEN else 0.0
