"""Pages taken apart into layers, and put together again by other people's decoders."""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.composition.fax import encode_fax
from pipeline.composition.inks import cover, part_inks
from pipeline.composition.pictures import compress
from pipeline.composition.rendering import draw as show
from pipeline.composition.strokes import find_strokes, study
from pipeline.conformity import picture_traits
from pipeline.domain.geometry import Box
from pipeline.domain.pages import PageImage, PagePicture, PictureEncoding, PictureLayer, ScannedPage
from tests.inked_pages import BLUE, RED, Drawing, draw

INK = (201, 13, 27)


def stencil(mask: np.ndarray, left: int = 0, top: int = 0) -> PictureLayer:
    height, width = mask.shape
    box = Box(left, top, left + width, top + height)
    return PictureLayer(encode_fax(255 - mask), PictureEncoding.CCITT_G4, box, width, height, colour=INK)


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 90)), elements=st.sampled_from([0, 255])))
def test_a_stencil_is_drawn_bit_for_bit(mask):
    height, width = mask.shape[0] + 7, mask.shape[1] + 5
    paper = PictureLayer(b"", PictureEncoding.FLATE, Box(0, 0, width, height), 1, 1, colour=(255, 255, 255))
    picture = PagePicture(b"", PictureEncoding.LAYERS, width, height, 300.0, 3, layers=(paper, stencil(mask, 2, 3)))
    expected = np.full((height, width, 3), 255, np.uint8)
    expected[3 : 3 + mask.shape[0], 2 : 2 + mask.shape[1]][mask > 0] = INK
    assert np.array_equal(show(picture), expected)


def test_every_ink_of_a_page_has_its_own_colour():
    page = study(draw(Drawing(photo=False)).pixels, 200.0)
    inks = part_inks(page, find_strokes(page))
    for wanted in (RED, BLUE):
        assert any(max(abs(a - b) for a, b in zip(ink.colour, wanted, strict=True)) < 30 for ink in inks)


def test_faint_specks_all_over_a_page_are_left_on_its_paper_and_faint_writing_is_an_ink():
    for pencil in (False, True):
        pixels = draw(Drawing(seal=None, signature=None, photo=False, pencil=pencil)).pixels.copy()
        for left, top in ((330, 500), (910, 40), (860, 620), (520, 360)):
            pixels[top : top + 2, left : left + 2] = 165
        page = study(pixels, 200.0)
        faint = [ink for ink in part_inks(page, find_strokes(page)) if min(ink.colour) > 100]
        assert bool(faint) == pencil


def test_photos_are_no_strokes():
    page = study(draw(Drawing()).pixels, 200.0)
    strokes = find_strokes(page)
    covered = cover(part_inks(page, strokes), strokes)
    assert covered[450:650, 90:240].mean() < 255 * 0.2


@pytest.mark.parametrize("profile", ["nd30", "archive"])
def test_the_rules_see_the_resolution_and_colour_of_the_scan(profile):
    made = compress(ScannedPage(draw(Drawing())), profile).picture
    traits = picture_traits(made)
    assert (traits.dpi, traits.components, traits.bits) == (200.0, 3, 8)


def test_bare_paper_is_one_rectangle():
    pixels = np.full((900, 700, 3), (252, 246, 226), np.uint8)
    made = compress(ScannedPage(PageImage(1, pixels, 200.0)), "nd30")
    assert made.picture.encoding is PictureEncoding.LAYERS
    assert made.picture.size == 0
    assert np.array_equal(show(made.picture), pixels)


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (70, 65), (64, 3000), (301, 299)])
def test_pages_of_odd_sizes_are_kept(shape):
    pixels = np.random.default_rng(3).integers(0, 256, (*shape, 3), np.uint8)
    shown = show(compress(ScannedPage(PageImage(1, pixels, 300.0)), "nd30").picture)
    assert shown is not None
    assert shown.shape == pixels.shape


@pytest.mark.parametrize("dpi", [1.0, 72.0, 1200.0, float("nan")])
def test_resolutions_that_cannot_be_believed_do_no_harm(dpi):
    made = compress(ScannedPage(replace(draw(Drawing()), dpi=dpi)), "nd30")
    assert made.picture.encoding in (PictureEncoding.LAYERS, PictureEncoding.JPEG)


def test_the_same_page_gives_the_same_bytes():
    one, two = (compress(ScannedPage(draw(Drawing())), "nd30").picture for _ in range(2))
    assert one == two


_FULL_PAGE = """
import resource, sys
import numpy as np
from pipeline.composition.pictures import compress
from pipeline.domain.pages import PageImage, ScannedPage
from tests.inked_pages import Drawing, draw
part = draw(Drawing(), 300.0).pixels
page = np.tile(part, (5, 3, 1))[:3508, :2480]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(compress(ScannedPage(PageImage(1, np.ascontiguousarray(page), 300.0)), "nd30").account.coding, file=sys.stderr)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_full_page_takes_bounded_memory():
    done = subprocess.run([sys.executable, "-c", _FULL_PAGE], check=True, capture_output=True, text=True)
    assert int(done.stdout) < 330_000, f"{done.stdout.strip()} KB; this process: {resource.getrusage(resource.RUSAGE_SELF)}"
