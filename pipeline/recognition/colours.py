"""Where a scan shows coloured ink: the red of seals and stamps, the blue of pens; on the grid of the clean page."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import PageImage, Pixels

#: Resolution at which colours are looked for.
COARSE_DPI = 100.0

#: Red stands above the two other channels, blue above red, by this much where the ink has that colour.
REDNESS, BLUENESS = 45, 35

#: The scan is looked at in this many spots an inch first; where fewer than this share of them are coloured, nothing is.
SPOTS, LEAST = 37.0, 0.0001


@dataclass(frozen=True, slots=True, eq=False)
class Colours:
    """Masks (255 where there is such ink) as small pictures of the clean page; ``factor`` leads from its pixels to theirs."""

    red: Pixels
    blue: Pixels
    factor: float

    def share(self, mask: Pixels, box: Box) -> float:
        """How much of ``box`` (pixels of the clean page) is covered by ``mask``, 0..1."""
        part = self.cut(mask, box)
        return float(np.count_nonzero(part)) / part.size if part.size else 0.0

    def cut(self, mask: Pixels, box: Box) -> Pixels:
        """The part of ``mask`` under ``box`` (pixels of the clean page)."""
        left, top = max(0, int(box.left * self.factor)), max(0, int(box.top * self.factor))
        return mask[top : int(box.bottom * self.factor) + 1, left : int(box.right * self.factor) + 1]


def see_colours(clean: PageImage, scan: PageImage | None) -> Colours | None:
    """The coloured ink of ``scan`` on the grid of ``clean``; None for a scan in grey or without any."""
    if scan is None or scan.pixels.ndim == 2:
        return None
    stride = max(1, round(scan.dpi / SPOTS))
    sample = np.ascontiguousarray(scan.pixels[stride // 2 :: stride, stride // 2 :: stride])
    red, blue = _masks(sample)
    if np.count_nonzero(red) + np.count_nonzero(blue) < LEAST * red.size:
        return None
    factor = min(1.0, COARSE_DPI / clean.dpi)
    size = max(1, round(clean.width * factor)), max(1, round(clean.height * factor))
    way = Affine.scale(1 / factor).then(clean.to_scan)
    matrix = np.array(way.rows).reshape(3, 3)
    coarse = cv2.warpPerspective(
        scan.pixels,
        matrix,
        size,
        flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255, 255, 255),
    )
    red, blue = _masks(np.asarray(coarse, np.uint8))
    return Colours(red, blue, factor)


def _masks(pixels: Pixels) -> tuple[Pixels, Pixels]:
    """255 where an RGB picture is red, and where it is blue."""
    red, green, blue = cv2.split(pixels)
    reddish = cv2.subtract(red, cv2.max(green, blue))
    bluish = cv2.subtract(blue, red)
    return (reddish > REDNESS).astype(np.uint8) * 255, (bluish > BLUENESS).astype(np.uint8) * 255
