"""Which bytes of a scan go into the PDF."""

from __future__ import annotations

import io
import zlib
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from pipeline.composition import compress
from pipeline.composition.fax import decode_fax, encode_fax
from pipeline.composition.jpeg import read_frame
from pipeline.composition.rendering import draw as show
from pipeline.domain.pages import PageImage, PagePicture, PictureEncoding, Pixels, ScannedPage

WIDTH, HEIGHT = 240, 320


def photo() -> Pixels:
    """A page with shades and colours everywhere, bright above and dark below."""
    noise = np.random.default_rng(7).integers(0, 60, (HEIGHT // 2, WIDTH // 2, 3)).repeat(2, axis=0).repeat(2, axis=1)
    shade = np.linspace(210, 20, HEIGHT)[:, None, None] * np.array([1.0, 0.8, 0.7])
    return (shade + noise).clip(0, 255).astype(np.uint8)


def ink() -> Pixels:
    """Black strokes on white."""
    pixels = np.full((HEIGHT, WIDTH), 255, np.uint8)
    pixels[40:60, 20:200] = 0
    pixels[100:220:6, 30:180] = 0
    return pixels


def scan(pixels: Pixels, picture: PagePicture | None = None) -> ScannedPage:
    return ScannedPage(PageImage(1, pixels, 300.0), picture)


def jpeg_of(pixels: Pixels, mode: str = "RGB", **options: object) -> bytes:
    target = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(target, "JPEG", quality=85, **options)
    return target.getvalue()


def jpeg_picture(data: bytes, components: int = 3) -> PagePicture:
    return PagePicture(data, PictureEncoding.JPEG, WIDTH, HEIGHT, 300.0, components)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}], ids=["baseline", "progressive", "444"])
def test_a_sound_jpeg_of_the_scanner_is_kept_byte_for_byte(options):
    kept = jpeg_picture(jpeg_of(photo(), **options))
    assert compress(scan(photo(), kept), "nd30").picture is kept


def test_a_grey_jpeg_is_kept():
    kept = jpeg_picture(jpeg_of(photo(), "L"), components=1)
    assert compress(scan(np.asarray(Image.fromarray(photo()).convert("L")), kept), "nd30").picture is kept


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(jpeg_picture(jpeg_of(photo()), components=1), id="other components than promised"),
        pytest.param(jpeg_picture(jpeg_of(photo(), "CMYK")), id="four inks"),
        pytest.param(jpeg_picture(jpeg_of(photo(), "CMYK"), components=4), id="four inks, promised"),
        pytest.param(jpeg_picture(jpeg_of(photo())[:900]), id="cut off"),
        pytest.param(jpeg_picture(b"\xff\xd8\xff\xd9"), id="no frame"),
        pytest.param(jpeg_picture(b""), id="empty"),
        pytest.param(jpeg_picture(jpeg_of(photo()[:-8])), id="other height than promised"),
        pytest.param(replace(jpeg_picture(jpeg_of(photo()[:-8])), height=HEIGHT - 8), id="other height than the scan"),
        pytest.param(jpeg_picture(jpeg_of(photo()[::-1].copy())), id="upside down"),
        pytest.param(jpeg_picture(jpeg_of(255 - photo())), id="inverted"),
    ],
)
def test_a_jpeg_that_does_not_show_the_scan_is_coded_afresh(broken):
    made = compress(scan(photo(), broken), "nd30").picture
    assert made is not broken
    assert np.abs(show(made).astype(int) - photo()).mean() < 12


def test_a_fax_page_is_kept_and_an_inverted_one_is_not():
    kept = PagePicture(encode_fax(ink()), PictureEncoding.CCITT_G4, WIDTH, HEIGHT, 300.0, 1, 1)
    inverted = replace(kept, black_is_1=True)
    assert compress(scan(ink(), kept), "nd30").picture is kept
    assert compress(scan(ink(), inverted), "nd30").picture == kept


def test_flate_is_kept_only_where_it_holds_exactly_the_page():
    kept = PagePicture(zlib.compress(photo().tobytes()), PictureEncoding.FLATE, WIDTH, HEIGHT, 300.0, 3)
    short, long = (replace(kept, data=zlib.compress(photo().tobytes() + more)) for more in (b"", b"x"))
    short = replace(short, data=zlib.compress(photo().tobytes()[:-1]))
    assert compress(scan(photo(), kept), "nd30").picture is kept
    assert compress(scan(photo(), short), "nd30").picture is not short
    assert compress(scan(photo(), long), "nd30").picture is not long


def test_bilevel_pages_become_fax_pages():
    made = compress(scan(np.stack([ink()] * 3, axis=-1)), "archive").picture
    assert (made.encoding, made.components, made.bits) == (PictureEncoding.CCITT_G4, 1, 1)
    assert np.array_equal(decode_fax(made.data, WIDTH, HEIGHT), ink())


def test_colourless_colour_scans_become_grey():
    grey = np.asarray(Image.fromarray(photo()).convert("L"))
    made = compress(scan(np.stack([grey] * 3, axis=-1)), "nd30").picture
    assert made.components == 1


def test_one_red_stamp_keeps_the_page_in_colour():
    pixels = np.stack([np.asarray(Image.fromarray(photo()).convert("L"))] * 3, axis=-1)
    pixels[101:107, 101:107] = (200, 20, 30)
    assert compress(scan(pixels), "nd30").picture.components == 3


def test_flat_drawings_lose_nothing():
    pixels = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    pixels[50:60] = (10, 90, 160)
    made = compress(scan(pixels), "nd30").picture
    assert np.array_equal(show(made), pixels)
    assert made.size < 500


def test_the_archive_profile_keeps_more():
    shades = cv2.GaussianBlur(photo(), (0, 0), 3)
    daily, kept = (compress(scan(shades), profile) for profile in ("nd30", "archive"))
    assert daily.picture.size < kept.picture.size
    assert daily.account.ssim <= kept.account.ssim


@pytest.mark.parametrize("pixels", [photo(), photo()[:, :, 0]], ids=["colour", "grey"])
def test_the_exact_profile_loses_nothing(pixels):
    made = compress(scan(pixels), "exact")
    assert made.account.coding == "lossless"
    assert np.array_equal(show(made.picture), pixels)


def test_the_exact_profile_keeps_the_bytes_of_the_scanner():
    kept = jpeg_picture(jpeg_of(photo()))
    assert compress(scan(photo(), kept), "exact").picture is kept


def test_a_picture_has_the_size_and_resolution_of_the_scan():
    made = compress(scan(photo()), "archive").picture
    assert (made.width, made.height, made.dpi) == (WIDTH, HEIGHT, 300.0)


def test_an_unknown_profile_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="nd30, archive, exact"):
        compress(scan(photo()), "tiny")


@given(arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 70)), elements=st.sampled_from([0, 255])))
def test_fax_coding_loses_nothing(pixels):
    assert np.array_equal(decode_fax(encode_fax(pixels), pixels.shape[1], pixels.shape[0]), pixels)


@given(st.binary(max_size=300))
def test_no_bytes_confuse_the_jpeg_reader(noise):
    read_frame(b"\xff\xd8" + noise + b"\xff\xd9")
