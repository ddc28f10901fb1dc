"""Images, stencils and flat colours laid upon each other as a PDF reader does it, kept in grey and small in colour."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.composition.places import Place
from pipeline.composition.rasters import both, in_grey, pick, shrink, spread
from pipeline.composition.sights import Sight, small_size
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Pixels

Colour = tuple[int, int, int]


class Canvas:
    """White paper of a page's size in pixels; ``components`` is 3 where it takes colours, 1 where it is grey."""

    def __init__(self, width: int, height: int, components: int, step: int) -> None:
        across, down = small_size(width, height, step)
        self._grey = np.full((height, width), 255, np.uint8)
        self._small = np.full((down, across, 3) if components == 3 else (down, across), 255, np.uint8)
        self._step = step

    def sight(self) -> Sight:
        """What it shows."""
        return Sight(self._grey, self._small, self._step)

    def lay(self, pixels: Pixels, box: Box) -> None:
        """Lay an image over a box of a whole number of its pixels."""
        place, ratio = self._place(box), max(1, round((box.right - box.left) / pixels.shape[1]))
        grey = in_grey(pixels)
        larger = _magnify(grey, ratio)
        place.cut(self._grey)[:] = larger[: place.bottom - place.top, : place.right - place.left]
        if self._covers_all(place):
            self._small[:] = self._shrink_all(pixels, ratio)
            return
        self._lay_small(_magnify(self._coloured(pixels), ratio), place)

    def fill(self, box: Box, colour: Colour) -> None:
        """Fill a box."""
        place = self._place(box)
        place.cut(self._grey)[:] = _in_grey(colour)
        flat = np.full((place.bottom - place.top, place.right - place.left, 3), colour, np.uint8)
        if self._covers_all(place):
            self._small[:] = self._coloured(flat[:1, :1])
        else:
            self._lay_small(self._coloured(flat), place)

    def paint(self, clear: Pixels, box: Box, colour: Colour) -> None:
        """Lay one ink where ``clear`` is 0, and not where it is 255."""
        place = self._place(box)
        clear = clear[: place.bottom - place.top, : place.right - place.left]
        part = place.cut(self._grey)
        inked = cv2.threshold(clear, 127, _in_grey(colour), cv2.THRESH_BINARY_INV)[1]
        part[:] = cv2.bitwise_or(both(part, clear), inked)
        spot, inner = self._aligned(place)
        if not spot.area:
            return
        whole = np.full(((spot.bottom - spot.top) * self._step, (spot.right - spot.left) * self._step), 255, np.uint8)
        target = inner.cut(whole)
        target[:] = clear[: target.shape[0], : target.shape[1]]
        self._blend(shrink(whole, (spot.right - spot.left, spot.bottom - spot.top)), spot, colour)

    def _blend(self, clear: Pixels, spot: Place, colour: Colour) -> None:
        """Mix an ink into the small picture: as much of what is there stays as ``clear`` says, of 255."""
        part = spot.cut(self._small)
        ink = self._coloured(np.full((1, 1, 3), colour, np.uint8)).reshape(-1)
        tables = ((np.arange(255, -1, -1)[:, None] * ink[None] + 127) // 255).astype(np.uint8)
        if part.ndim == 3:
            stays, added = cv2.merge([clear] * 3), cv2.merge([cv2.LUT(clear, table) for table in tables.T])
        else:
            stays, added = clear, cv2.LUT(clear, tables[:, 0])
        part[:] = cv2.add(cv2.multiply(part, stays, scale=1 / 255), added)

    def _lay_small(self, pixels: Pixels, place: Place) -> None:
        """Lay ``pixels`` of full size on the small picture: those that only touch one of its pixels count in part."""
        spot, inner = self._aligned(place)
        if not spot.area:
            return
        size = (spot.right - spot.left, spot.bottom - spot.top)
        under = pick(spot.cut(self._small), (size[0] * self._step, size[1] * self._step))
        target = inner.cut(under)
        target[:] = pixels[: target.shape[0], : target.shape[1]]
        spot.cut(self._small)[:] = shrink(under, size)

    def _shrink_all(self, pixels: Pixels, ratio: int) -> Pixels:
        """The small picture of a page that an image covers whole."""
        height, width = self._small.shape[:2]
        pixels = self._coloured(pixels)
        if ratio == 1:
            return shrink(pixels, (width, height))
        if ratio == self._step:
            return pixels[:height, :width]
        across = self._step / ratio
        way = np.array([[across, 0, across / 2 - 0.5], [0, across, across / 2 - 0.5]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(pixels, way, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)

    def _coloured(self, pixels: Pixels) -> Pixels:
        """``pixels`` in as many channels as the canvas has."""
        if self._small.ndim == 2:
            return in_grey(pixels)
        return pixels if pixels.ndim == 3 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), np.uint8)

    def _place(self, box: Box) -> Place:
        height, width = self._grey.shape
        return Place(int(box.left), int(box.top), min(width, int(box.right)), min(height, int(box.bottom)))

    def _covers_all(self, place: Place) -> bool:
        height, width = self._grey.shape
        return place == Place(0, 0, width, height)

    def _aligned(self, place: Place) -> tuple[Place, Place]:
        """The pixels of the small picture that ``place`` touches, and where it lies within them, in full pixels."""
        rows, columns = self._small.shape[:2]
        step = self._step
        spot = Place(
            place.left // step,
            place.top // step,
            min(columns, -(-place.right // step)),
            min(rows, -(-place.bottom // step)),
        )
        left, top = place.left - spot.left * step, place.top - spot.top * step
        right, bottom = min(place.right, spot.right * step), min(place.bottom, spot.bottom * step)
        if right <= place.left or bottom <= place.top:
            return Place(0, 0, 0, 0), Place(0, 0, 0, 0)
        return spot, Place(left, top, left + right - place.left, top + bottom - place.top)


def _magnify(pixels: Pixels, ratio: int) -> Pixels:
    """As readers do that do not smooth what they enlarge: the others show no less."""
    return spread(pixels, (ratio, ratio), (pixels.shape[1] * ratio, pixels.shape[0] * ratio))


def _in_grey(colour: Colour) -> int:
    return int(in_grey(np.full((1, 1, 3), colour, np.uint8))[0, 0])
