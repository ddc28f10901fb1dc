"""Codes for machines: where ink stands as densely as in a barcode or a QR code, a reader of codes looks closely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import PageCode, PageImage, PageText, Pixels, ScannedPage
from pipeline.levels import levels_at
from pipeline.pieces import find_pieces
from pipeline.ports import CodeReader

#: Resolution at which the page is sampled before it is shrunk to points of a millimetre.
_SAMPLED_DPI = 100.0
_POINTS_PER_INCH = 25.4
#: Every square of so many millimetres within a code is so dark, where the page's own ink counts as black. The least of
#: codes of normal size is 0.40; of print only bold capitals, seals and pictures come near.
_SQUARE, _DARK = 4, 0.34
#: A patch that is somewhere as dark as this gets a second look where the first found nothing.
_DARKER = 0.38
#: Ink weaker than this share of the paper's lightness is not taken for black.
_FAINTEST = 0.4
#: Dark squares that lie so near each other (in millimetres) are one patch.
_REACH = 5
#: Millimetres around a patch that belong to the code: its own edge and the quiet zone.
_MARGIN = 4
#: A patch of so many millimetres that is so many times as long as wide may be bars that a tilt breaks.
_LONG, _ELONGATED = 20, 2.5
#: Finer pixels say no more about a code.
_FINEST_DPI = 330.0
#: What a patch is enlarged to for a second and a third look.
_LARGE_DPI = 600.0
#: So many patches of a page get a second look.
_MOST_AGAIN = 6
#: A word that lies so far within a code is what an engine made of its bars.
_INSIDE = 0.6


@dataclass(frozen=True, slots=True)
class _Patch:
    """A place in pixels of the page that may hold a code; ``dark`` where it is worth a second look.

    ``tilt`` is that of a long one in degrees clockwise: a scan line must cross all of its bars.
    """

    box: Box
    dark: bool
    tilt: float = 0.0


def find_codes(
    image: PageImage, reader: CodeReader, *, grey: Pixels | None = None, most: int | None = None
) -> tuple[PageCode, ...]:
    """The codes on the page, from top to bottom, boxes in scan pixels; one that cannot be decoded is none.

    ``image`` is the scan as submitted, grey or RGB; ``grey``: its pixels in plain grey, where they are known; ``most``: no
    more than so many of the largest places are looked at. Raises what the reader raises.
    """
    found: list[PageCode] = []
    again = _MOST_AGAIN
    patches: Iterable[_Patch] = _find_patches(image, _grey(image.pixels) if grey is None else grey)
    if most is not None:
        patches = sorted(patches, key=lambda patch: -patch.box.area)[:most]
    for patch in patches:
        codes = _read_patch(image, patch.box, reader, again=patch.dark and again > 0)
        if not codes and patch.tilt:
            codes = _read_patch(image, patch.box, reader, again=patch.dark and again > 0, tilt=patch.tilt)
        again -= patch.dark and not codes
        found += codes
    return tuple(sorted(_distinct(found), key=lambda code: (code.box.top, code.box.left)))


def without_codes(scan: ScannedPage, codes: tuple[PageCode, ...]) -> ScannedPage:
    """``scan`` where nothing that lies within ``codes`` waits to be read from the picture any more."""
    if not codes or not scan.unlayered:
        return scan
    return replace(scan, unlayered=tuple(box for box in scan.unlayered if not _is_inside(box, codes)))


def drop_words_in_codes(text: PageText, codes: tuple[PageCode, ...], layer: PageText | None = None) -> PageText:
    """``text`` without the words that were read from the bars of ``codes``; those of the text ``layer`` stay."""
    if not codes:
        return text
    kept = frozenset(layer.words) if layer else frozenset()
    lines = (
        replace(line, words=tuple(word for word in line.words if word in kept or not _is_inside(word.box, codes)))
        for line in text.lines
    )
    return replace(text, lines=tuple(line for line in lines if line.words))


def _is_inside(box: Box, codes: tuple[PageCode, ...]) -> bool:
    return any(code.box.intersection(box).area > _INSIDE * box.area for code in codes)


def _find_patches(image: PageImage, grey: Pixels) -> Iterator[_Patch]:
    """Places where ink is dense all over a square of 5 mm or more."""
    darkness = _darkness(grey, image.dpi)
    squares = cv2.boxFilter(darkness, -1, (_SQUARE, _SQUARE), anchor=(2, 2), borderType=cv2.BORDER_REPLICATE)
    solid = cv2.erode(squares, np.ones((2, 2), np.uint8), anchor=(0, 0))
    core = cv2.dilate((solid > _DARK).astype(np.uint8), np.ones((_SQUARE + 1, _SQUARE + 1), np.uint8), anchor=(2, 2))
    near = cv2.morphologyEx(core, cv2.MORPH_CLOSE, np.ones((_REACH, _REACH), np.uint8))
    pieces = find_pieces(near.astype(np.uint8))
    dark = frozenset(np.unique(pieces.labels[solid > _DARKER]).tolist())
    scale = image.dpi / _POINTS_PER_INCH
    page = Box(0, 0, image.width, image.height)
    for label, (left, top, width, height, _) in enumerate(pieces.stats.tolist()):
        if label:
            box = Box(left * scale, top * scale, (left + width) * scale, (top + height) * scale)
            yield _Patch(
                box.grown(_MARGIN * scale).intersection(page),
                label in dark,
                _tilt(pieces.labels, label, width, height),
            )


def _tilt(labels: NDArray[np.integer], label: int, width: int, height: int) -> float:
    """Degrees clockwise between a long patch and the nearer axis of the page; 0 for one that is short or straight."""
    if max(width, height) < _LONG:
        return 0.0
    _, sides, degrees = cv2.minAreaRect(np.asarray(cv2.findNonZero((labels == label).astype(np.uint8))))
    tilt = float(degrees) - 90 * round(float(degrees) / 90)
    return tilt if max(sides) > _ELONGATED * min(sides) and abs(tilt) > 1 else 0.0


def _darkness(grey: Pixels, dpi: float) -> NDArray[np.float32]:
    """One value for each square millimetre: 0 is paper, 1 as dark as the darkest ink of the page."""
    step = max(1, round(dpi / _SAMPLED_DPI))
    sampled = np.ascontiguousarray(grey[::step, ::step])
    scale = step * _POINTS_PER_INCH / dpi
    size = max(1, round(sampled.shape[1] * scale)), max(1, round(sampled.shape[0] * scale))
    points = cv2.resize(sampled, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    paper = cv2.blur(cv2.dilate(points, np.ones((9, 9), np.uint8)), (9, 9))
    black, white = levels_at(sampled[::3, ::3], 0.1, 80)
    depth = min(1.0, max(_FAINTEST, 1 - float(black) / max(1.0, float(white))))
    return np.asarray((1 - points / np.maximum(paper, 1)) / depth, np.float32)


def _read_patch(image: PageImage, box: Box, reader: CodeReader, *, again: bool, tilt: float = 0.0) -> tuple[PageCode, ...]:
    """The codes of a patch; one that corrects no errors only where two views of it say the same and none another."""
    found: list[PageCode] = []
    doubtful: list[PageCode] = []
    for number, view in enumerate(_views(image, box, tilt), 1):
        for code in reader.read(view):
            placed = replace(code, box=view.to_scan.map_box(code.box))
            (found if code.format.corrects_errors else doubtful).append(placed)
        if not doubtful and (found or not again or number == 2):
            break
    return _distinct([*found, *(code for code in doubtful if _is_agreed(code, doubtful))])


def _is_agreed(code: PageCode, readings: list[PageCode]) -> bool:
    here = [other for other in readings if _same_place(code, other)]
    return len(here) > 1 and all((other.format, other.text) == (code.format, code.text) for other in here)


def _distinct(codes: list[PageCode]) -> tuple[PageCode, ...]:
    kept: list[PageCode] = []
    for code in codes:
        if not any(_same_place(code, other) for other in kept):
            kept.append(code)
    return tuple(kept)


def _views(image: PageImage, box: Box, tilt: float) -> Iterator[PageImage]:
    """The patch as it is, then enlarged from sharpened pixels in which red seals fade, then sharpened in large."""
    left, top = int(box.left), int(box.top)
    part = np.ascontiguousarray(image.pixels[top : int(np.ceil(box.bottom)), left : int(np.ceil(box.right))])
    part, to_part = _straightened(part, tilt)
    factor = min(1.0, _FINEST_DPI / image.dpi)
    grey = _resized(_grey(part), factor)
    to_scan = Affine.scale(1 / factor).then(to_part).then(Affine.shift(left, top)).then(image.to_scan)
    yield PageImage(image.number, grey, image.dpi * factor, to_scan)
    times = max(2, round(_LARGE_DPI / (image.dpi * factor)))
    to_scan = Affine.scale(1 / times).then(to_scan)
    dpi = image.dpi * factor * times
    unsealed = grey if part.ndim == 2 else _resized(np.ascontiguousarray(part[:, :, 0]), factor)
    yield PageImage(image.number, _resized(_sharpened(unsealed, 1.0, 1.0), times), dpi, to_scan)
    yield PageImage(image.number, _sharpened(_resized(grey, times), 1.3 * times, 2.0), dpi, to_scan)


def _straightened(part: Pixels, tilt: float) -> tuple[Pixels, Affine]:
    """The part turned back by ``tilt`` on a canvas that holds all of it, and the map back to it."""
    if not tilt:
        return part, Affine()
    height, width = part.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    size = round(height * sin + width * cos), round(height * cos + width * sin)
    turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    turned = cv2.warpAffine(part, turn, size, borderValue=(255, 255, 255))
    return np.asarray(turned, np.uint8), Affine(*(float(value) for value in turn.ravel())).inverse()


def _sharpened(grey: Pixels, sigma: float, amount: float) -> Pixels:
    blurred = cv2.GaussianBlur(grey, (0, 0), sigma)
    return np.asarray(cv2.addWeighted(grey, 1 + amount, blurred, -amount, 0), np.uint8)


def _resized(grey: Pixels, factor: float) -> Pixels:
    if factor == 1:
        return grey
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=how), np.uint8)


def _grey(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def _same_place(one: PageCode, other: PageCode) -> bool:
    """Whether two readings are of one code: their boxes share most of the smaller one."""
    return one.box.intersection(other.box).area > 0.5 * min(one.box.area, other.box.area)
