"""What is lost of a page is seen by the gate, whatever coded it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.composition.fidelity import Fidelity, Yardstick, measure_by
from pipeline.composition.layers import mend, separate
from pipeline.composition.pictures import _PROFILES, compress
from pipeline.composition.places import Place
from pipeline.composition.rendering import Show
from pipeline.composition.rendering import draw as render
from pipeline.composition.sights import choose_step, see
from pipeline.composition.strokes import study
from pipeline.domain.pages import PagePicture, PictureEncoding, ScannedPage
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
    page = study(image.pixels, DPI)
    shown = Show(page.sight.step).see(separate(image, page, layers))
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
    same = gauge.compare(see(pixels, gauge.page.sight.step))
    assert same.passed
    assert same.ssim == pytest.approx(1.0)
    assert gauge.compare(see(pixels[1:], gauge.page.sight.step)).failures == ("size",)


@pytest.mark.parametrize("profile", ["nd30", "archive"])
@pytest.mark.parametrize("dpi", [200.0, 300.0, 400.0])
@pytest.mark.parametrize("spoilt", [False, True], ids=["plain", "mended"])
def test_pictures_are_shown_as_a_reader_draws_them(profile, dpi, spoilt):
    """What is decoded here and what pdfium draws differ by how each smooths what it enlarges, and by nothing else."""
    image = replace(draw(PAGE), dpi=dpi)
    if spoilt:
        image.pixels[600:700, 700:900] = np.random.default_rng(1).integers(0, 256, (100, 200, 3), np.uint8)
    made = compress(ScannedPage(image), profile, boxes_with_digits())
    assert ("mended" in made.account.coding) == (spoilt and made.picture.encoding is PictureEncoding.LAYERS)
    step = choose_step(dpi)
    here, drawn = Show(step).see(made.picture), render(made.picture)
    assert here is not None
    assert drawn is not None
    there = see(drawn, step)
    assert here.is_like(there)
    for one, other in ((here.grey, there.grey), (here.small, there.small)):
        off = np.abs(one.astype(int) - other)
        assert off.mean() < 0.5
        assert (off > 24).mean() < 0.001


def test_a_picture_shown_after_one_that_it_shares_layers_with_is_shown_whole():
    page = study(draw(PAGE).pixels, DPI)
    layers = _PROFILES["nd30"].layers
    assert layers is not None
    first = separate(draw(PAGE), page, layers)
    second = mend(first, page.pixels, [Place(100, 100, 300, 200)], 85)
    step = page.sight.step
    one, both = Show(step), Show(step)
    both.see(first)
    for picture in (second, first):
        expected, found = one.see(picture), both.see(picture)
        assert expected is not None
        assert found is not None
        assert np.array_equal(expected.grey, found.grey)
        assert np.array_equal(expected.small, found.small)
        one = Show(step)


def test_what_cannot_be_decoded_is_not_shown():
    made = compress(ScannedPage(draw(PAGE)), "nd30").picture
    stencil = next(number for number, layer in enumerate(made.layers) if layer.colour is not None and layer.data)
    broken = [
        replace(layer, data=layer.data[:20]) if number in (0, stencil) else layer for number, layer in enumerate(made.layers)
    ]
    assert Show(2).see(replace(made, layers=tuple(broken))) is None
    jpeg = PagePicture(b"\xff\xd8nothing", PictureEncoding.JPEG, 1000, 800, DPI, 3)
    assert Show(2).see(jpeg) is None


def test_places_of_loss_lie_where_the_loss_is():
    found = as_layers(replace(PAGE, speck=True)).places
    assert any(one.left < 520 and one.right > 530 and one.top < 690 and one.bottom > 700 for one in found)


def test_what_fails_is_mended_or_given_up_and_accounted_for():
    image = draw(PAGE)
    noise = np.random.default_rng(1).integers(0, 256, (200, 300, 3), np.uint8)
    image.pixels[600:800, 700:1000] = noise
    made = compress(ScannedPage(image), "nd30", boxes_with_digits())
    gauge = yardstick_of(image.pixels)
    shown = Show(gauge.page.sight.step).see(made.picture)
    assert shown is not None
    assert made.account.refused[0].coding == "layers"
    assert gauge.compare(shown).passed


def yardstick_of(pixels: np.ndarray) -> Yardstick:
    return measure_by(study(pixels, DPI), boxes_with_digits())
