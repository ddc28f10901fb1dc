"""What is lost of a page is seen by the gate, whatever coded it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.composition.fidelity import Fidelity, Yardstick, measure_by
from pipeline.composition.layers import separate
from pipeline.composition.pictures import _PROFILES, compress
from pipeline.composition.rendering import show
from pipeline.composition.strokes import study
from pipeline.domain.pages import PictureEncoding, ScannedPage
from tests.inked_pages import LINES, Drawing, boxes_with_digits, draw

DPI = 200.0
PAGE = Drawing()


def yardstick(drawing: Drawing = PAGE) -> Yardstick:
    return measure_by(study(draw(drawing).pixels, DPI), boxes_with_digits())


def as_layers(drawing: Drawing) -> Fidelity:
    """The page as drawn, held against what the layers of ``drawing`` show: as if the coder had drawn that."""
    image = draw(drawing, seed=6)
    layers = _PROFILES["nd30"].layers
    assert layers is not None
    shown = show(separate(image, study(image.pixels, DPI), layers))
    assert shown is not None
    return yardstick().compare(shown)


def with_line(row: int, old: str, new: str) -> Drawing:
    assert old in LINES[row]
    return replace(PAGE, lines=tuple(text.replace(old, new) if at == row else text for at, text in enumerate(LINES)))


def test_a_page_in_layers_is_faithful():
    made = compress(ScannedPage(draw(PAGE)), "nd30", boxes_with_digits())
    assert made.picture.encoding is PictureEncoding.LAYERS
    assert made.account.ssim > 0.9
    assert made.account.digits == 4
    assert made.account.bytes == made.picture.size < 40_000


@pytest.mark.parametrize(
    ("row", "old", "new"),
    [(1, "048186003915", "048186008915"), (0, "26", "28"), (3, "13.580", "18.580"), (1, "0039", "0089"), (3, "30/9", "30/0")],
)
def test_a_digit_that_was_swapped_is_seen(row, old, new):
    assert "digit" in as_layers(with_line(row, old, new)).failures


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param(with_line(2, "Địa", "Đia"), "digit", id="a dot below a letter"),
        pytest.param(with_line(1, "Ứng", "Ưng"), "digit", id="an accent on a capital"),
        pytest.param(replace(PAGE, signature=None), "lost_stroke", id="the signature"),
        pytest.param(replace(PAGE, lines=LINES[:3]), "lost_stroke", id="a line of text"),
        pytest.param(replace(PAGE, photo=False), "tone", id="the photo"),
        pytest.param(replace(PAGE, seal=None), "colour", id="the seal"),
        pytest.param(replace(PAGE, seal=(90, 90, 90)), "colour", id="the red of the seal"),
        pytest.param(replace(PAGE, signature=(40, 40, 40)), "colour", id="the blue of the signature"),
        pytest.param(replace(PAGE, paper=(255, 255, 255)), "colour", id="the tint of the paper"),
        pytest.param(replace(PAGE, pencil=False), "similarity", id="the pencil"),
        pytest.param(replace(PAGE, speck=True), "ghost", id="nothing: a dot was added"),
    ],
)
def test_what_was_lost_is_seen(changed, code):
    assert code in as_layers(changed).failures


def test_the_scan_itself_is_faithful_and_another_size_is_not():
    gauge, pixels = yardstick(), draw(PAGE).pixels
    same = gauge.compare(pixels)
    assert same.passed
    assert same.ssim == pytest.approx(1.0)
    assert gauge.compare(pixels[1:]).failures == ("size",)


def test_places_of_loss_lie_where_the_loss_is():
    found = as_layers(replace(PAGE, speck=True)).places
    assert any(one.left < 520 and one.right > 530 and one.top < 690 and one.bottom > 700 for one in found)


def test_what_fails_is_mended_or_given_up_and_accounted_for():
    image = draw(PAGE)
    noise = np.random.default_rng(1).integers(0, 256, (200, 300, 3), np.uint8)
    image.pixels[600:800, 700:1000] = noise
    made = compress(ScannedPage(image), "nd30", boxes_with_digits())
    shown = show(made.picture)
    assert shown is not None
    assert made.account.refused[0].coding == "layers"
    assert yardstick_of(image.pixels).compare(shown).passed


def yardstick_of(pixels: np.ndarray) -> Yardstick:
    return measure_by(study(pixels, DPI), boxes_with_digits())
