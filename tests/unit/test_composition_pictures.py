"""Which bytes of a scan go into the PDF."""

from __future__ import annotations

import io
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from pipeline.composition import picture_of
from pipeline.composition.fax import decode_fax, encode_fax
from pipeline.composition.jpeg import read_frame
from pipeline.domain.pages import PageImage, PagePicture, PictureEncoding, Pixels, ScannedPage

WIDTH, HEIGHT = 240, 320


def photo() -> Pixels:
    """A page with shades and colours everywhere, bright above and dark below."""
    noise = np.random.default_rng(7).integers(0, 40, (HEIGHT, WIDTH, 3))
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
    assert picture_of(scan(photo(), kept), "nd30") is kept


def test_a_grey_jpeg_is_kept():
    kept = jpeg_picture(jpeg_of(photo(), "L"), components=1)
    assert picture_of(scan(np.asarray(Image.fromarray(photo()).convert("L")), kept), "nd30") is kept


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
    made = picture_of(scan(photo(), broken), "nd30")
    assert made is not broken
    assert np.abs(np.asarray(Image.open(io.BytesIO(made.data))).astype(int) - photo()).mean() < 12


def test_a_fax_page_is_kept_and_an_inverted_one_is_not():
    kept = PagePicture(encode_fax(ink()), PictureEncoding.CCITT_G4, WIDTH, HEIGHT, 300.0, 1, 1)
    inverted = replace(kept, black_is_1=True)
    assert picture_of(scan(ink(), kept), "nd30") is kept
    assert picture_of(scan(ink(), inverted), "nd30") == kept


def test_flate_is_kept_only_where_it_holds_exactly_the_page():
    kept = PagePicture(zlib.compress(photo().tobytes()), PictureEncoding.FLATE, WIDTH, HEIGHT, 300.0, 3)
    short, long = (replace(kept, data=zlib.compress(photo().tobytes() + more)) for more in (b"", b"x"))
    short = replace(short, data=zlib.compress(photo().tobytes()[:-1]))
    assert picture_of(scan(photo(), kept), "nd30") is kept
    assert picture_of(scan(photo(), short), "nd30").encoding is PictureEncoding.JPEG
    assert picture_of(scan(photo(), long), "nd30").encoding is PictureEncoding.JPEG


def test_bilevel_pages_become_fax_pages():
    made = picture_of(scan(np.stack([ink()] * 3, axis=-1)), "archive")
    assert (made.encoding, made.components, made.bits) == (PictureEncoding.CCITT_G4, 1, 1)
    assert np.array_equal(decode_fax(made.data, WIDTH, HEIGHT), ink())


def test_colourless_colour_scans_become_grey_jpegs():
    grey = np.asarray(Image.fromarray(photo()).convert("L"))
    made = picture_of(scan(np.stack([grey] * 3, axis=-1)), "nd30")
    assert (made.encoding, made.components) == (PictureEncoding.JPEG, 1)


def test_one_red_stamp_keeps_the_page_in_colour():
    pixels = np.stack([np.asarray(Image.fromarray(photo()).convert("L"))] * 3, axis=-1)
    pixels[101:107, 101:107] = (200, 20, 30)
    assert picture_of(scan(pixels), "nd30").components == 3


def test_flat_drawings_lose_nothing():
    pixels = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    pixels[50:60] = (10, 90, 160)
    made = picture_of(scan(pixels), "nd30")
    assert made.encoding is PictureEncoding.FLATE
    assert zlib.decompress(made.data) == pixels.tobytes()


def test_the_archive_profile_keeps_more_of_the_colours():
    daily, kept = (read_frame(picture_of(scan(photo()), profile).data) for profile in ("nd30", "archive"))
    assert daily == kept
    assert len(picture_of(scan(photo()), "archive").data) > len(picture_of(scan(photo()), "nd30").data)


def test_a_picture_has_the_size_and_resolution_of_the_scan():
    made = picture_of(scan(photo()), "archive")
    assert (made.width, made.height, made.dpi) == (WIDTH, HEIGHT, 300.0)


def test_an_unknown_profile_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="nd30, archive"):
        picture_of(scan(photo()), "tiny")


@given(arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 70)), elements=st.sampled_from([0, 255])))
def test_fax_coding_loses_nothing(pixels):
    assert np.array_equal(decode_fax(encode_fax(pixels), pixels.shape[1], pixels.shape[0]), pixels)


@given(st.binary(max_size=300))
def test_no_bytes_confuse_the_jpeg_reader(noise):
    read_frame(b"\xff\xd8" + noise + b"\xff\xd9")
