"""The PDF as a file: whole or not at all, the same every time, page by page."""

from __future__ import annotations

import gc
import weakref
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest

from pipeline.composition import PdfMetadata, compose, compress
from pipeline.composition.container import Name, Ref, render, render_number
from pipeline.domain.errors import CompositionError
from pipeline.domain.geometry import Box
from pipeline.domain.pages import (
    Line,
    PageImage,
    PageOrigin,
    PagePicture,
    PageReading,
    PageText,
    PictureEncoding,
    ScannedPage,
    UnreadPage,
    Word,
)

NOON = datetime(2026, 3, 1, 12, 0, 5, tzinfo=timezone(timedelta(hours=7)))
METADATA = PdfMetadata("Quyết định số 717/QĐ-UBND", "Về việc công nhận", ("quyet_dinh", "717/QĐ-UBND"), created=NOON)


def picture(width: int = 400, height: int = 600, dpi: float = 100.0) -> PagePicture:
    pixels = np.full((height, width), 255, np.uint8)
    pixels[: height // 4, : width // 2] = 0
    return compress(ScannedPage(PageImage(1, pixels, dpi)), "nd30").picture


def reading(*words: str, number: int = 1, width: int = 400, height: int = 600, rotation: int = 0) -> PageReading:
    line = Line(tuple(Word(text, Box(20 + 60 * place, 50, 70 + 60 * place, 70), 0.9) for place, text in enumerate(words)))
    text = PageText(number, (line,) if words else (), "test")
    return PageReading(number, width, height, 100.0, text, PageOrigin.OCR, rotation)


def text_of(path: Path, page: int = 0) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return document[page].get_textpage().get_text_range()


def test_words_come_out_as_they_went_in(tmp_path):
    compose([(picture(), reading("Quyết", "định", "số", "717/QĐ-UBND"))], METADATA, tmp_path / "a.pdf")
    assert text_of(tmp_path / "a.pdf").split() == ["Quyết", "định", "số", "717/QĐ-UBND"]


def test_odd_characters_do_no_harm(tmp_path):
    odd = ("𠀋字", "a\x00b", "\ud800x", "ﬁ", "(\\)", "Ω≈ç", "\ufffe", "e\u0302\u0301", "👍🏽")
    compose([(picture(), reading(*odd))], METADATA, tmp_path / "a.pdf")
    found = text_of(tmp_path / "a.pdf")
    assert all(text in found for text in ("𠀋字", "ab", "(\\)", "Ω≈ç", "ế", "👍🏽"))


def test_the_same_document_gives_the_same_bytes_at_any_path(tmp_path):
    for name in ("a.pdf", "b.pdf"):
        compose(((picture(), reading("một", "hai", number=n)) for n in (1, 2)), METADATA, tmp_path / name)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_other_words_give_another_id(tmp_path):
    ids = []
    for text in ("một", "hai"):
        compose([(picture(), reading(text))], METADATA, tmp_path / "a.pdf")
        with pikepdf.open(tmp_path / "a.pdf") as pdf:
            ids.append(bytes(pdf.trailer.ID[0]))
    assert ids[0] != ids[1]


def test_a_failure_on_the_way_leaves_the_old_file_and_nothing_else(tmp_path):
    def pages():
        yield picture(), reading("một")
        raise LookupError("the store is gone")

    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")
    with pytest.raises(LookupError):
        compose(pages(), METADATA, target)
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]
    assert target.read_bytes() == b"old"


def test_a_folder_that_is_not_there_is_told_with_advice(tmp_path):
    with pytest.raises(CompositionError) as caught:
        compose([(picture(), reading())], METADATA, tmp_path / "gone" / "a.pdf")
    assert "dung lượng đĩa" in caught.value.advice


def test_a_document_without_pages_is_an_error(tmp_path):
    with pytest.raises(CompositionError, match="without pages"):
        compose([], METADATA, tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []


def test_pictures_are_let_go_as_soon_as_they_are_written(tmp_path):
    alive: weakref.WeakSet[_Tracked] = weakref.WeakSet()
    most = 0

    def pages():
        nonlocal most
        coded = picture()
        for number in range(1, 61):
            tracked = _Tracked(**{name: getattr(coded, name) for name in PagePicture.__slots__})
            alive.add(tracked)
            yield tracked, reading("trang", str(number), number=number)
            del tracked
            gc.collect(0)
            most = max(most, len(alive))

    compose(pages(), METADATA, tmp_path / "a.pdf")
    assert most <= 2
    assert text_of(tmp_path / "a.pdf", 59).split() == ["trang", "60"]


@dataclass(frozen=True, eq=False)
class _Tracked(PagePicture):
    """A picture that can be watched."""

    __slots__ = ("__dict__", "__weakref__")


def test_pages_print_at_full_scale(tmp_path):
    compose([(picture(2480, 3508, 300.0), reading(width=2480, height=3508))], METADATA, tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        box = [float(side) for side in pdf.pages[0].MediaBox]
    assert box == pytest.approx([0, 0, 595.2, 841.92])


@pytest.mark.parametrize("dpi", [0.0, -1.0, float("nan"), float("inf")])
def test_a_picture_without_resolution_gets_one(tmp_path, dpi):
    compose([(replace(picture(), dpi=dpi), reading("một"))], METADATA, tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert float(pdf.pages[0].MediaBox[2]) == 144


def test_no_side_is_longer_or_shorter_than_pdfa_allows(tmp_path):
    row = zlib_white(20000, 1)
    compose([(row, reading(width=20000, height=1))], METADATA, tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        page = pdf.pages[0]
        assert float(page.UserUnit) == 2
        assert float(page.MediaBox[2]) * 2 == pytest.approx(20000)
        assert float(page.MediaBox[3]) == 3


def zlib_white(width: int, height: int) -> PagePicture:
    pixels = np.full((height, width), 255, np.uint8)
    made = compress(ScannedPage(PageImage(1, pixels, 72.0)), "nd30").picture
    assert made.encoding is PictureEncoding.CCITT_G4
    return made


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_page_is_shown_upright(tmp_path, rotation):
    upright = np.full((600, 400), 255, np.uint8)
    upright[:150, :200] = 0
    scanned = np.ascontiguousarray(np.rot90(upright, rotation // 90))
    page = compress(ScannedPage(PageImage(1, scanned, 72.0)), "nd30").picture
    height, width = scanned.shape
    compose([(page, reading(width=width, height=height, rotation=rotation))], METADATA, tmp_path / "a.pdf")
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as document:
        seen = document[0].render(scale=1, grayscale=True).to_numpy().squeeze()
    assert seen.shape == (600, 400)
    assert np.mean(np.abs(seen.astype(int) - upright)) < 2


def test_an_unread_page_keeps_its_place_and_its_picture(tmp_path):
    unread = PageReading(2, 400, 600, 100.0, UnreadPage(2, "page_timeout"), PageOrigin.UNREAD)
    pages = [(picture(), reading("một")), (picture(), unread), (picture(), replace(reading(number=3), blank=True))]
    compose(pages, METADATA, tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert all(page.Resources.XObject.Scan.Subtype == "/Image" for page in pdf.pages)
        assert len(pdf.pages) == 3
    assert text_of(tmp_path / "a.pdf", 1) == text_of(tmp_path / "a.pdf", 2) == ""


def test_the_bytes_of_the_picture_stand_in_the_file_unchanged(tmp_path):
    coded = picture()
    compose([(coded, reading("một", rotation=90))], METADATA, tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert pdf.pages[0].Resources.XObject.Scan.read_raw_bytes() == coded.data


def test_metadata_says_the_same_twice(tmp_path):
    compose([(picture(), reading())], replace(METADATA, identifier="d-17"), tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        info, xmp = pdf.docinfo, pdf.open_metadata()
        assert str(info["/Title"]) == xmp["dc:title"] == METADATA.title
        assert str(info["/Subject"]) == xmp["dc:description"] == "Về việc công nhận"
        assert str(info["/Keywords"]) == xmp["pdf:Keywords"] == "quyet_dinh, 717/QĐ-UBND"
        assert str(info["/CreationDate"]) == "D:20260301120005+07'00'"
        assert xmp["xmp:CreateDate"] == xmp["xmp:ModifyDate"] == "2026-03-01T12:00:05+07:00"
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "B")
        assert xmp["dc:identifier"] == "d-17"
        assert str(pdf.Root.Lang) == "vi"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.pdf_version == "1.7"


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC), "D:20260102030405Z"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(-timedelta(hours=3, minutes=30))), "D:20260102030405-03'30'"),
    ],
)
def test_dates_carry_their_zone(tmp_path, moment, shown):
    compose([(picture(), reading())], PdfMetadata("x", created=moment), tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == shown


def test_a_title_of_markup_and_controls_stays_a_title(tmp_path):
    compose([(picture(), reading())], PdfMetadata("<a> & \x01\n{b} ]]>", created=NOON), tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert pdf.open_metadata()["dc:title"] == str(pdf.docinfo["/Title"]) == "<a> &  {b} ]]>"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, b"true"),
        (-3, b"-3"),
        (0.1 + 0.2, b"0.3"),
        (-0.00001, b"0"),
        ("a(b)\\", b"(a\\(b\\)\\\\)"),
        ("ế", b"<FEFF1EBF>"),
        (b"\x01\xff", b"<01ff>"),
        (Name("A B#"), b"/A#20B#23"),
        ([1, Ref(2)], b"[1 2 0 R]"),
        ({"K": False}, b"<< /K false >>"),
    ],
)
def test_values_are_written_in_pdf_syntax(value, shown):
    assert render(value) == shown


def test_numbers_that_are_none_are_refused():
    with pytest.raises(ValueError, match="nan"):
        render_number(float("nan"))
