"""Seals and signatures fade where they lie over print; print stays, in whatever colour."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.cleanup.grey import find_red_ink, to_grey
from pipeline.domain.pages import PageImage, Pixels

DPI = 150.0
RED, BLUE, BLACK = (200, 40, 50), (40, 60, 170), (25, 25, 25)
CENTRE, RADIUS = (700, 1300), 105


def page(paper: tuple[int, int, int] = (250, 248, 245)) -> Pixels:
    return np.full((1754, 1240, 3), paper, np.uint8)


def seal(pixels: Pixels, centre: tuple[int, int] = CENTRE, radius: int = RADIUS) -> Pixels:
    for ring in (radius, radius - 14):
        cv2.circle(pixels, centre, ring, RED, 4)
    return pixels


def sign(pixels: Pixels, colour: tuple[int, int, int] = BLUE) -> Pixels:
    points = np.array([(660, 1320), (760, 1240), (780, 1340), (860, 1260), (980, 1300)], np.int32)
    cv2.polylines(pixels, [points.reshape(-1, 1, 2)], False, colour, 4)
    return pixels


def write(pixels: Pixels, colour: tuple[int, int, int], at: tuple[int, int]) -> Pixels:
    cv2.putText(pixels, "Nguyen Van An", at, cv2.FONT_HERSHEY_TRIPLEX, 0.8, colour, 2)
    return pixels


def darkness(pixels: Pixels, mask: Pixels) -> float:
    """How dark the darker half of what ``mask`` shows is, 0 as the paper, 1 black."""
    return 1 - float(np.percentile(pixels[mask > 0], 25)) / float(np.percentile(pixels, 90))


def where(drawn: Pixels) -> Pixels:
    return ((drawn != page()).any(axis=2) * np.uint8(255)).astype(np.uint8)


def grey(pixels: Pixels) -> Pixels:
    return to_grey(PageImage(1, pixels, DPI)).pixels


def test_a_blue_signature_beside_a_seal_fades():
    assert darkness(grey(sign(seal(page()))), where(sign(page()))) < 0.2


def test_a_seal_fades_and_the_name_under_it_stays():
    pixels = seal(write(page(), BLACK, (640, 1380)))
    name = where(write(page(), BLACK, (640, 1380)))
    assert darkness(grey(pixels), name) > 0.8
    assert darkness(grey(pixels), where(seal(page())) & ~name) < 0.15


def test_blue_print_beside_a_seal_stays():
    assert darkness(grey(seal(write(page(), BLUE, (860, 1450)))), where(write(page(), BLUE, (860, 1450)))) > 0.6


def test_a_signature_in_black_ink_is_left_alone():
    assert darkness(grey(sign(seal(page()), BLACK)), where(sign(page(), BLACK))) > 0.8


def test_shaded_yellow_paper_keeps_its_shade():
    shade = np.linspace(0.6, 1.0, 1240)[None, :, None]
    pixels = (seal(page((240, 225, 190))) * shade).astype(np.uint8)
    plain = (page((240, 225, 190)) * shade).astype(np.uint8)[..., 0].astype(int)
    assert np.abs(grey(pixels).astype(int) - plain).max() < 60
    assert np.median(np.abs(grey(pixels).astype(int) - plain)) < 3


def test_without_a_seal_blue_ink_stays():
    assert darkness(grey(sign(page())), where(sign(page()))) > 0.6


def faded(pixels: Pixels) -> Pixels:
    """Everything two thirds of the way to yellow paper, as old copies are."""
    paper = np.array((236, 224, 190), np.float32)
    return (paper - (250 - pixels.astype(np.float32)) * 0.45).clip(0, 255).astype(np.uint8)


def test_a_faded_seal_is_found_and_faded_print_under_its_signature_stays():
    pixels = faded(sign(seal(write(page(), BLACK, (640, 1380)))))
    assert len(find_red_ink(PageImage(1, pixels, DPI))[1]) == 1
    name = where(write(page(), BLACK, (640, 1380)))
    assert darkness(grey(pixels), name) > 0.35
    assert darkness(grey(pixels), where(sign(page())) & ~name) < 0.12


def test_an_arc_of_a_seal_is_no_line_of_red_print():
    pixels = page()
    cv2.ellipse(pixels, CENTRE, (RADIUS, RADIUS), 0, 30, 330, RED, 6)
    cv2.ellipse(pixels, CENTRE, (RADIUS - 20, RADIUS - 20), 0, 60, 120, RED, 4)
    assert find_red_ink(PageImage(1, pixels, DPI))[0] == []


@pytest.mark.parametrize(("centre", "radius", "found"), [(CENTRE, RADIUS, 1), ((700, 80), 55, 0), ((700, 900), 25, 0)])
def test_seals_are_told_from_pictures_of_signatures_and_from_dots(centre: tuple[int, int], radius: int, found: int):
    assert len(find_red_ink(PageImage(1, seal(page(), centre, radius), DPI))[1]) == found
