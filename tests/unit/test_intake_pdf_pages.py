"""Pages of PDFs: native scans where they are nothing else, painted ones otherwise, and their text layers."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from pipeline.domain.errors import DamagedFileError, EncryptedPdfError, TooLargeError
from pipeline.domain.geometry import Box
from pipeline.domain.pages import PictureEncoding, ScannedPage
from pipeline.intake import Bounds, inspect, read_page
from pipeline.intake.media import PDF
from tests.made_pdfs import A4, LETTER_TEXT, add_stamp, image_pdf, jpeg_bytes, scan_pixels, text_pdf, typed


def read(path: Path, number: int = 1, bounds: Bounds | None = None) -> ScannedPage:
    return read_page(path, PDF, number, bounds or Bounds())


def g4_bytes(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(255 - pixels).convert("1").save(out, "TIFF", compression="group4", strip_size=1 << 30)
    with Image.open(out) as tiff:
        offset, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
    return out.getvalue()[offset : offset + length]


def test_a_page_that_is_one_jpeg_keeps_its_pixels_and_bytes(tmp_path):
    pixels = scan_pixels()
    data = jpeg_bytes(pixels)
    page = read(image_pdf(tmp_path / "a.pdf", data, (620, 877)))
    with Image.open(io.BytesIO(data)) as decoded:
        assert np.array_equal(page.image.pixels, np.asarray(decoded))
    assert page.picture is not None
    assert (page.picture.data, page.picture.encoding, page.picture.components) == (data, PictureEncoding.JPEG, 3)
    assert page.image.dpi == pytest.approx(75, rel=0.01)
    assert page.layer is None


def test_a_jpeg_wrapped_in_flate_is_unwrapped(tmp_path):
    data = jpeg_bytes(scan_pixels())
    page = read(image_pdf(tmp_path / "a.pdf", zlib.compress(data), (620, 877), filters="/FlateDecode /DCTDecode"))
    assert page.picture is not None
    assert page.picture.data == data


@pytest.mark.parametrize("inverted", [False, True])
def test_a_ccitt_page_keeps_its_bytes_and_says_what_is_black(tmp_path, inverted):
    pixels = scan_pixels(colour=False)
    bilevel = np.where(pixels > 128, 255, 0).astype(np.uint8)
    page = read(
        image_pdf(
            tmp_path / "a.pdf",
            g4_bytes(bilevel),
            (620, 877),
            filters="/CCITTFaxDecode",
            space="/DeviceGray",
            bits=1,
            parameters={"/K": -1, "/Columns": 620, "/BlackIs1": inverted},
        )
    )
    assert page.picture is not None
    assert page.picture.encoding is PictureEncoding.CCITT_G4
    assert page.picture.black_is_1 is inverted
    assert np.array_equal(page.image.pixels, 255 - bilevel if inverted else bilevel)


@pytest.mark.parametrize(
    ("rotate", "turns"),
    [(90, 3), (180, 2), (270, 1)],
)
def test_a_turned_page_is_shown_as_the_eye_sees_it_and_keeps_no_bytes(tmp_path, rotate, turns):
    data = jpeg_bytes(scan_pixels())
    page = read(image_pdf(tmp_path / "a.pdf", data, (620, 877), rotate=rotate))
    with Image.open(io.BytesIO(data)) as decoded:
        assert np.array_equal(page.image.pixels, np.rot90(np.asarray(decoded), turns))
    assert page.picture is None


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        (f"-{A4[0]} 0 0 {A4[1]} {A4[0]} 0", lambda shown: shown[:, ::-1]),
        (f"{A4[0]} 0 0 -{A4[1]} 0 {A4[1]}", lambda shown: shown[::-1]),
    ],
)
def test_a_mirrored_or_turned_matrix_is_applied_to_the_pixels(tmp_path, matrix, expected):
    data = jpeg_bytes(scan_pixels())
    page = read(image_pdf(tmp_path / "a.pdf", data, (620, 877), matrix=matrix))
    with Image.open(io.BytesIO(data)) as decoded:
        assert np.array_equal(page.image.pixels, expected(np.asarray(decoded)))
    assert page.picture is None


def test_a_picture_stored_on_its_side_is_stood_up(tmp_path):
    data = jpeg_bytes(np.rot90(scan_pixels(), 3).copy())
    page = read(image_pdf(tmp_path / "a.pdf", data, (877, 620), matrix=f"0 {A4[1]} -{A4[0]} 0 {A4[0]} 0"))
    with Image.open(io.BytesIO(data)) as decoded:
        assert np.array_equal(page.image.pixels, np.rot90(np.asarray(decoded), 1))
    assert page.picture is None


def test_an_inverting_decode_array_is_shown_but_its_bytes_are_not_kept(tmp_path):
    data = jpeg_bytes(scan_pixels())
    decode = pikepdf.Array([1, 0, 1, 0, 1, 0])
    page = read(image_pdf(tmp_path / "a.pdf", data, (620, 877), fields={"/Decode": decode}))
    assert page.picture is None
    assert page.image.pixels[30, 30].max() > 200


def test_a_stamp_is_drawn_over_the_scan_and_the_rest_stays_untouched(tmp_path):
    data = jpeg_bytes(scan_pixels(1654, 2339))
    path = image_pdf(tmp_path / "a.pdf", data, (1654, 2339))
    add_stamp(path, (100, 100, 200, 150), "0 0 1 rg 0 0 100 50 re f")
    page = read(path)
    with Image.open(io.BytesIO(data)) as decoded:
        own = np.asarray(decoded)
    assert page.image.pixels.shape == own.shape
    assert tuple(page.image.pixels[2339 - 340, 400]) == (0, 0, 255)
    assert np.array_equal(page.image.pixels[:1800], own[:1800])
    assert page.picture is None


def test_invisible_text_over_a_scan_is_not_believed_and_does_not_hide_the_scan(tmp_path):
    data = jpeg_bytes(scan_pixels())
    page = read(image_pdf(tmp_path / "a.pdf", data, (620, 877), more=typed(mode=3)))
    assert page.layer is None
    assert page.picture is not None


def test_a_footer_typed_on_a_scan_is_no_text_layer(tmp_path):
    data = jpeg_bytes(scan_pixels())
    page = read(image_pdf(tmp_path / "a.pdf", data, (620, 877), more=typed(LETTER_TEXT[:1], top=20)))
    assert page.layer is None
    assert page.picture is None


def test_typed_text_becomes_words_where_the_ink_is(tmp_path):
    page = read(text_pdf(tmp_path / "a.pdf", typed()))
    assert page.layer is not None
    assert [line.text for line in page.layer.lines] == list(LETTER_TEXT)
    assert page.unlayered == ()
    for word in page.layer.words:
        box = word.box
        inside = page.image.pixels[int(box.top) : int(box.bottom) + 1, int(box.left) : int(box.right) + 1]
        assert inside.min() < 100


def test_a_wide_gap_splits_a_row_and_rows_run_from_the_top(tmp_path):
    content = (
        typed(("UY BAN NHAN DAN", "TINH QUANG NGAI"), left=60, top=780)
        + typed(("CONG HOA XA HOI CHU NGHIA", "Doc lap Tu do Hanh phuc"), left=320, top=780)
        + typed(top=650)
    )
    page = read(text_pdf(tmp_path / "a.pdf", content))
    assert page.layer is not None
    assert [line.text for line in page.layer.lines][:4] == [
        "UY BAN NHAN DAN",
        "CONG HOA XA HOI CHU NGHIA",
        "TINH QUANG NGAI",
        "Doc lap Tu do Hanh phuc",
    ]


ONES = "0 g 102 750 2 9 re f 108 750 2 9 re f\n"


def test_a_number_drawn_over_the_text_is_named_as_unlayered(tmp_path):
    content = typed(("So:          /TB-UBND",), top=750) + typed() + ONES
    page = read(text_pdf(tmp_path / "a.pdf", content))
    scale = 300 / 72
    drawn = Box(102 * scale, (A4[1] - 759) * scale, 110 * scale, (A4[1] - 750) * scale)
    assert page.layer is not None
    assert any(box.intersection(drawn).area > 0.95 * drawn.area for box in page.unlayered)
    assert len(page.unlayered) == 1


def test_a_number_typed_in_a_stamp_joins_the_line_it_stands_on(tmp_path):
    path = text_pdf(tmp_path / "a.pdf", typed(("So:          /TB-UBND",), top=750) + typed())
    add_stamp(path, (95, 745, 122, 765), "BT /F0 12 Tf 2 5 Td (507) Tj ET")
    page = read(path)
    assert page.layer is not None
    assert page.layer.lines[0].text == "So: 507 /TB-UBND"
    assert page.unlayered == ()


def test_a_number_drawn_in_a_stamp_is_named_as_unlayered(tmp_path):
    path = text_pdf(tmp_path / "a.pdf", typed(("So:          /TB-UBND",), top=750) + typed())
    add_stamp(path, (95, 745, 122, 765), "0 g 7 5 2 9 re f 13 5 2 9 re f")
    page = read(path)
    assert page.layer is not None
    assert page.layer.lines[0].text == "So: /TB-UBND"
    assert len(page.unlayered) == 1


def test_rulings_of_tables_and_empty_tick_boxes_are_no_text(tmp_path):
    lines = "1 w 60 500 400 60 re S 160 500 m 160 560 l S 260 540 m 260 555 l S 70 510 12 12 re S\n"
    page = read(text_pdf(tmp_path / "a.pdf", typed() + lines))
    assert page.layer is not None
    assert page.unlayered == ()


@pytest.mark.parametrize(
    "content",
    [
        typed(mode=3),
        "1 g " + typed(),
        typed(top=1200),
        typed() + "1 g 50 600 500 150 re f\n",
        "50 400 500 10 re W n " + typed(),
    ],
    ids=["invisible", "white", "off the page", "painted over", "clipped away"],
)
def test_text_that_does_not_show_is_no_layer(tmp_path, content):
    assert read(text_pdf(tmp_path / "a.pdf", content)).layer is None


def test_plain_letters_of_a_legacy_font_are_what_they_are(tmp_path):
    page = read(text_pdf(tmp_path / "a.pdf", typed(), font=".VnTime"))
    assert page.layer is not None
    assert (page.layer.text, page.problems) == ("\n".join(LETTER_TEXT), ())


def test_text_in_a_legacy_encoding_is_mended(tmp_path):
    lines = ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "§éc lËp Tù do H¹nh phóc", "ñy ban nh©n d©n tØnh Qu¶ng Ng·i th«ng b¸o")
    page = read(text_pdf(tmp_path / "a.pdf", typed(lines)))
    assert page.layer is not None
    assert page.layer.text.startswith("Cộng hòa xã hội chủ nghĩa Việt Nam\nĐộc lập Tự do Hạnh phúc\n")
    assert page.problems == ("legacy_encoding",)


def test_a_scan_whose_jpeg_breaks_off_is_a_damaged_page_and_one_that_lacks_a_sliver_says_so(tmp_path):
    data = jpeg_bytes(scan_pixels(1240, 1754))
    with pytest.raises(DamagedFileError) as refused:
        read(image_pdf(tmp_path / "a.pdf", data[: len(data) // 2], (1240, 1754)))
    assert refused.value.code == "damaged_page"
    page = read(image_pdf(tmp_path / "b.pdf", data[:-100], (1240, 1754)))
    assert (page.problems, page.picture) == (("truncated",), None)


def test_a_stamped_scan_on_a_page_of_claimed_poster_size_keeps_its_own_grid(tmp_path):
    data = jpeg_bytes(scan_pixels(1654, 2339))
    path = image_pdf(tmp_path / "a.pdf", data, (1654, 2339), matrix="1654 0 0 2339 0 0", page_size=(1654, 2339))
    add_stamp(path, (100, 100, 200, 150), "0 0 1 rg 0 0 100 50 re f")
    image = read(path).image
    assert (image.width, image.height) == (1654, 2339)
    assert image.dpi == pytest.approx(200, rel=0.01)


def test_a_picture_declared_too_large_is_refused_before_it_is_decoded(tmp_path):
    path = image_pdf(tmp_path / "a.pdf", jpeg_bytes(scan_pixels()), (30_000, 30_000))
    with pytest.raises(TooLargeError) as refused:
        read(path)
    assert refused.value.code == "too_many_pixels"


def test_a_huge_sheet_is_painted_at_fewer_dots_per_inch(tmp_path):
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(14_400, 14_400))
    pdf.save(tmp_path / "a.pdf")
    bounds = Bounds(max_page_pixels=250_000_000)
    page = read(tmp_path / "a.pdf", bounds=bounds)
    assert page.image.width * page.image.height <= bounds.max_page_pixels


def test_a_pdf_locked_with_a_certificate_is_encrypted_not_damaged(tmp_path):
    path = text_pdf(tmp_path / "a.pdf", typed())
    locked = b"trailer << /Encrypt << /Filter /Adobe.PubSec /V 4 /SubFilter /adbe.pkcs7.s5 >> "
    path.write_bytes(path.read_bytes().replace(b"trailer <<", locked, 1))
    with pytest.raises(EncryptedPdfError):
        inspect(path, "a.pdf", Bounds())


def test_a_scan_in_strips_is_painted_as_finely_as_it_was_scanned(tmp_path):
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=A4)
    images = {}
    for at in range(4):
        strip = pikepdf.Stream(pdf, jpeg_bytes(scan_pixels(1654, 585)))
        strip.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 1654, "/Height": 585})
        strip["/ColorSpace"], strip["/BitsPerComponent"], strip["/Filter"] = pikepdf.Name.DeviceRGB, 8, pikepdf.Name.DCTDecode
        images[f"/I{at}"] = pdf.make_indirect(strip)
    page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(images))
    placed = [f"q {A4[0]} 0 0 {A4[1] / 4} 0 {A4[1] / 4 * at} cm /I{at} Do Q" for at in range(4)]
    page.obj["/Contents"] = pdf.make_stream("\n".join(placed).encode())
    pdf.save(tmp_path / "a.pdf")
    assert read(tmp_path / "a.pdf").image.dpi == pytest.approx(200, rel=0.01)


def test_signed_fields_are_counted_and_empty_ones_are_not(tmp_path):
    path = text_pdf(tmp_path / "a.pdf", typed())
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        signature = pikepdf.Dictionary(
            Type=pikepdf.Name.Sig,
            Filter=pikepdf.Name("/Adobe.PPKLite"),
            ByteRange=pikepdf.Array([0, 10, 20, 10]),
            Contents=b"x",
        )
        signed = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="s1", V=pdf.make_indirect(signature)))
        empty = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="s2"))
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([signed, empty]), SigFlags=3)
        pdf.save(path)
    assert inspect(path, "a.pdf", Bounds()).signatures == 1
