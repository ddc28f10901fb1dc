"""Picture files: orientation, depth, resolution, and what becomes of broken ones."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from pipeline.domain.errors import DamagedFileError, TooLargeError, UnsupportedFileError
from pipeline.domain.pages import PictureEncoding
from pipeline.intake import Bounds, inspect, media, read_page
from pipeline.intake.jpegs import read_header
from pipeline.intake.resolution import sane_dpi
from pipeline.intake.tiffs import list_pages
from tests.made_pdfs import jpeg_bytes, scan_pixels

BOUNDS = Bounds()


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def tiff_bytes(pages: list[np.ndarray], **options: object) -> bytes:
    out = io.BytesIO()
    images = [Image.fromarray(page) for page in pages]
    if options.get("compression") == "group4":
        images = [image.convert("1") for image in images]
    images[0].save(out, "TIFF", save_all=True, append_images=images[1:], **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
def test_every_kind_is_known_by_its_bytes_whatever_its_name(tmp_path, kind):
    path = tmp_path / "scan.docx"
    if kind == "HEIF":
        pillow_heif.from_pillow(Image.fromarray(scan_pixels())).save(path, quality=90)
    else:
        Image.fromarray(scan_pixels()).save(path, kind, dpi=(150, 150))
    source = inspect(path, "../../Đơn.docx", BOUNDS)
    page = read_page(path, source.media_type, 1, BOUNDS)
    expected = {"HEIF": media.HEIC}.get(kind, f"image/{kind.lower()}")
    assert (source.media_type, source.pages, source.name) == (expected, 1, "Đơn.docx")
    assert page.image.pixels.shape == (877, 620, 3)
    assert page.image.pixels[40, 40].max() < 60


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_tag_is_applied_and_bytes_are_kept_only_where_nothing_turns(tmp_path, kind, orientation):
    upright = scan_pixels()
    undo = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    stored = Image.fromarray(upright)
    if orientation > 1:
        stored = stored.transpose(turns[undo[orientation]])
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "a"
    stored.save(path, kind, exif=exif)
    page = read_page(path, inspect(path, "a", BOUNDS).media_type, 1, BOUNDS)
    assert np.abs(page.image.pixels.astype(int) - upright).mean() < 3
    assert (page.picture is not None) == (kind == "JPEG" and orientation == 1)


def test_a_jpeg_is_kept_without_what_hangs_on_behind_it(tmp_path):
    data = jpeg_bytes(scan_pixels(), dpi=(200, 200))
    path = write(tmp_path / "a.jpg", data + b"PK\x03\x04 a polyglot")
    page = read_page(path, inspect(path, "a.jpg", BOUNDS).media_type, 1, BOUNDS)
    assert page.picture is not None
    assert page.picture.data == data
    assert page.image.dpi == 200


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
def test_the_end_of_a_jpeg_is_found(options):
    data = jpeg_bytes(scan_pixels(), **options)
    header = read_header(data + b"\xff\xd9 more")
    assert header is not None
    assert (header.end, header.width, header.height, header.plain) == (len(data), 620, 877, True)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_every_depth_becomes_grey_or_rgb_with_white_paper(tmp_path, mode):
    path = tmp_path / "a"
    grey = Image.fromarray(scan_pixels(colour=False))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    else:
        image = grey.convert("RGB").convert(mode) if mode in ("P", "CMYK") else grey.convert(mode)
    image.save(path, "TIFF" if mode == "CMYK" else "PNG")
    pixels = read_page(path, inspect(path, "a", BOUNDS).media_type, 1, BOUNDS).image.pixels
    assert pixels.dtype == np.uint8
    assert pixels[40, 40].max() < 30
    assert pixels[5, 5].min() > 240


def test_transparent_paper_is_white(tmp_path):
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (40, 40, 60, 60))
    image.save(tmp_path / "a.png")
    pixels = read_page(tmp_path / "a.png", media.PNG, 1, BOUNDS).image.pixels
    assert pixels[5, 5].min() == 255
    assert pixels[50, 50].max() == 0


def test_a_fax_with_oblong_dots_is_stretched_to_square_ones(tmp_path):
    path = write(tmp_path / "a.tif", tiff_bytes([scan_pixels(1728, 1100, colour=False)], dpi=(204, 98)))
    image = read_page(path, media.TIFF, 1, BOUNDS).image
    assert (image.width, image.height, image.dpi) == (1728, 2290, 204)


def test_a_g4_frame_keeps_its_bytes(tmp_path):
    path = write(tmp_path / "a.tif", tiff_bytes([scan_pixels(colour=False)], compression="group4", strip_size=1 << 30))
    page = read_page(path, media.TIFF, 1, BOUNDS)
    assert page.picture is not None
    assert page.picture.encoding is PictureEncoding.CCITT_G4
    assert page.picture.black_is_1 is True
    assert page.image.pixels[30, 30] == 0


def test_pages_of_a_truncated_tiff_that_are_whole_are_kept(tmp_path):
    pages = [scan_pixels() + np.uint8(0) for _ in range(3)]
    whole = tiff_bytes(pages, compression="tiff_lzw")
    path = write(tmp_path / "a.tif", whole[: len(whole) * 5 // 6])
    source = inspect(path, "a.tif", BOUNDS)
    outcomes = []
    for number in range(1, source.pages + 1):
        try:
            outcomes.append(read_page(path, media.TIFF, number, BOUNDS).image.height)
        except DamagedFileError as error:
            outcomes.append(error.code)
    assert outcomes[:2] == [877, 877]
    assert outcomes[2:] in ([], ["damaged_page"])


def test_a_file_of_which_no_page_can_be_read_is_refused(tmp_path):
    tiff = tiff_bytes([scan_pixels()])
    png = io.BytesIO()
    Image.fromarray(scan_pixels()).save(png, "PNG")
    for name, data in (
        ("a.tif", tiff[:9]),
        ("b.tif", tiff[: len(tiff) // 2]),
        ("c.jpg", jpeg_bytes(scan_pixels())[:3000]),
        ("d.png", png.getvalue()[:2000]),
    ):
        with pytest.raises(DamagedFileError) as refused:
            inspect(write(tmp_path / name, data), name, BOUNDS)
        assert refused.value.code == "damaged_file"
        assert refused.value.advice


def test_a_jpeg_that_lacks_only_its_last_rows_is_kept_and_says_so(tmp_path):
    data = jpeg_bytes(scan_pixels(1240, 1754))
    path = write(tmp_path / "a.jpg", data[:-200])
    assert inspect(path, "a.jpg", BOUNDS).pages == 1
    page = read_page(path, media.JPEG, 1, BOUNDS)
    assert (page.problems, page.picture) == (("truncated",), None)
    assert page.image.pixels[-1].min() == 255


def test_a_tiff_whose_frames_run_in_circles_ends(tmp_path):
    data = bytearray(tiff_bytes([scan_pixels(colour=False)]))
    (first,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    struct.pack_into("<I", data, first + 2 + 12 * count, first)
    assert len(list_pages(write(tmp_path / "a.tif", bytes(data)), 2000)) == 1


def test_too_many_frames_and_too_many_pixels_are_refused(tmp_path):
    path = write(tmp_path / "a.tif", tiff_bytes([scan_pixels(20, 20, colour=False)] * 5))
    with pytest.raises(TooLargeError) as pages:
        inspect(path, "a.tif", Bounds(max_pages=4))
    with pytest.raises(TooLargeError) as pixels:
        inspect(path, "a.tif", Bounds(max_page_pixels=399))
    assert (pages.value.code, pixels.value.code) == ("too_many_pages", "too_many_pixels")


def test_an_unknown_file_and_an_empty_one_are_refused(tmp_path):
    with pytest.raises(UnsupportedFileError):
        inspect(write(tmp_path / "a.pdf", b"not a pdf"), "a.pdf", BOUNDS)
    with pytest.raises(DamagedFileError) as empty:
        inspect(write(tmp_path / "b.pdf", b""), "b.pdf", BOUNDS)
    assert empty.value.code == "empty_file"


@pytest.mark.parametrize(
    ("width", "height", "declared", "dpi"),
    [
        (2480, 3508, 300, 300),
        (2480, 3508, 72, 300),
        (2480, 3508, None, 300),
        (3000, 4000, 72, 342),
        (827, 1169, 100, 100),
        (1011, 638, 1, 300),
        (620, 877, 96, 96),
    ],
)
def test_a_resolution_that_cannot_be_is_replaced_by_that_of_a_likely_sheet(width, height, declared, dpi):
    assert sane_dpi(width, height, declared) == pytest.approx(dpi, rel=0.01)
