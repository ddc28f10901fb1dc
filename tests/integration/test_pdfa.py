"""What is composed is valid PDF/A-2b in the eyes of veraPDF, and veraPDF has its eyes open."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from pipeline import intake
from pipeline.composition import Part, PdfMetadata, compose, compress
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
from scripts.bench import verapdf
from tests.drawn_pdfs import draw_inks, draw_letter, draw_seal, office_pdf
from tests.inked_pages import Drawing, draw
from tests.pdf_texts import READERS

pytestmark = pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing() or "veraPDF is here")

METADATA = PdfMetadata(
    "Quyết định <717/QĐ-UBND> & phụ lục", "Về việc…", ("quyet_dinh", "số"), created=datetime(2026, 3, 1, 5, tzinfo=UTC)
)
WIDTH, HEIGHT = 620, 877


def picture(encoding: str) -> PagePicture:
    """A page picture of each coding that a PDF may hold."""
    colour = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    colour[100:120, 50:400] = (30, 30, 40)
    colour[500:600, 300:400] = (200, 30, 40)
    grey = colour[:, :, 1].copy()
    one = (grey > 128).astype(np.uint8)
    jpeg = PagePicture(b"", PictureEncoding.JPEG, WIDTH, HEIGHT, 75.0, 3)
    flate = replace(jpeg, encoding=PictureEncoding.FLATE)
    makers = {
        "colour jpeg": lambda: replace(jpeg, data=_jpeg(colour)),
        "progressive jpeg": lambda: replace(jpeg, data=_jpeg(colour, progressive=True)),
        "grey jpeg": lambda: replace(jpeg, data=_jpeg(grey), components=1),
        "fax": lambda: compress(ScannedPage(PageImage(1, one * np.uint8(255), 75.0)), "nd30").picture,
        "flate": lambda: replace(flate, data=zlib.compress(colour.tobytes())),
        "grey flate": lambda: replace(flate, data=zlib.compress(grey.tobytes()), components=1),
        "bilevel flate": lambda: replace(flate, data=zlib.compress(np.packbits(one, axis=1)), components=1, bits=1),
        "lossless": lambda: compress(ScannedPage(PageImage(1, colour, 75.0)), "exact").picture,
        "grey lossless": lambda: compress(ScannedPage(PageImage(1, grey, 75.0)), "exact").picture,
        "layers": lambda: compress(ScannedPage(draw(Drawing())), "nd30").picture,
        "layers for keeping": lambda: compress(ScannedPage(draw(Drawing())), "archive").picture,
    }
    return makers[encoding]()


def _jpeg(pixels: np.ndarray, **options: object) -> bytes:
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=80, **options)
    return target.getvalue()


def reading(number: int = 1, rotation: int = 0, skew: float = 0.0, width: int = WIDTH, height: int = HEIGHT) -> PageReading:
    odd = ("Quyết", "định", "số", "717/QĐ-UBND", "𠀋", "ﬁ", "\ufffe\x00x", "–")
    words = tuple(Word(text, Box(30 + 70 * place, 100, 90 + 70 * place, 125), 0.9) for place, text in enumerate(odd))
    text = PageText(number, (Line(words), Line(words[:2], 1)), "test")
    return PageReading(number, width, height, 75.0, text, PageOrigin.OCR, rotation, skew)


def unread(number: int = 1) -> PageReading:
    return PageReading(number, WIDTH, HEIGHT, 75.0, UnreadPage(number, "page_timeout"), PageOrigin.UNREAD)


ENCODINGS = ("colour jpeg", "progressive jpeg", "grey jpeg", "fax", "flate", "grey flate", "bilevel flate")
ENCODINGS += ("lossless", "grey lossless", "layers", "layers for keeping")
LAYOUTS = {
    **{f"turned by {turn}": reading(rotation=turn, skew=1.5) for turn in (0, 90, 180, 270)},
    **{f"tilted by {tilt}": reading(skew=tilt) for tilt in (-3.0, 0.2, 3.0)},
    "unread": unread(),
    "blank": PageReading(1, WIDTH, HEIGHT, 75.0, PageText(1, (), "test"), PageOrigin.OCR, blank=True),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_coding_of_pictures_is_valid(tmp_path, encoding):
    compose([(picture(encoding), reading())], METADATA, tmp_path / "a.pdf")
    assert verapdf.check(tmp_path / "a.pdf").broken == ()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_valid(tmp_path, layout):
    compose([(picture("grey jpeg"), LAYOUTS[layout])], METADATA, tmp_path / "a.pdf")
    assert verapdf.check(tmp_path / "a.pdf").broken == ()


def test_all_of_them_in_one_document_are_valid_and_their_text_has_unicode_values(tmp_path):
    pages = [(picture(encoding), reading(number)) for number, encoding in enumerate(ENCODINGS, 1)]
    pages += [(picture("fax"), layout) for layout in LAYOUTS.values()]
    compose(pages, METADATA, tmp_path / "a.pdf")
    assert verapdf.check(tmp_path / "a.pdf", "2b").broken == ()
    assert all("6.2.11.7" not in broken for broken in verapdf.check(tmp_path / "a.pdf", "2u").broken)


def test_pages_beyond_the_usual_sizes_are_valid(tmp_path):
    wide = compress(ScannedPage(PageImage(1, np.full((2, 30_000), 255, np.uint8), 72.0)), "nd30").picture
    compose([(wide, reading(width=30_000, height=2))], METADATA, tmp_path / "a.pdf")
    assert verapdf.check(tmp_path / "a.pdf").broken == ()


def test_words_without_end_and_specks_of_text_are_valid(tmp_path):
    words = (Word("dài" * 12_000, Box(10, 10, 11, 11), 0.1), Word("xa", Box(-900, -50, 90_000, 4000), 0.1))
    text = replace(reading(), content=PageText(1, (Line(words), Line((Word("…", Box(5, 5, 5, 5), 0.0),))), "test"))
    compose([(picture("fax"), text)], METADATA, tmp_path / "a.pdf")
    assert verapdf.check(tmp_path / "a.pdf").broken == ()


def test_a_document_of_nothing_but_a_title_is_valid(tmp_path):
    metadata = PdfMetadata("", created=datetime(2026, 3, 1, 5, tzinfo=UTC))
    compose([(picture("fax"), unread())], metadata, tmp_path / "a.pdf")
    assert verapdf.check(tmp_path / "a.pdf").broken == ()


def test_documents_with_all_that_is_told_of_them_are_valid_and_tagged_as_2a_wants(tmp_path):
    metadata = replace(
        METADATA,
        identifier="sha256:ab",
        author="UBND <tỉnh>",
        issued="2025-01-06",
        kind="quyet_dinh",
        number="717/QĐ-UBND",
        dossier="000.00.16.H05-260105-0001",
        source_name="đơn & thư.pdf",
    )
    parts = (Part("Quyết định", (1, 2)), Part("Tờ trình & (phụ lục)", (3,)))
    pages = [(picture("fax"), replace(reading(number), number=number)) for number in (1, 2)]
    compose([*pages, (picture("grey jpeg"), unread(3))], metadata, tmp_path / "a.pdf", parts)
    assert verapdf.check(tmp_path / "a.pdf").broken == ()
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        packet = pdf.Root.Metadata.read_bytes().replace(b"conformance>B<", b"conformance>A<")
        pdf.Root.Metadata.write(packet)
        pdf.save(tmp_path / "claims-2a.pdf")
    assert verapdf.check(tmp_path / "claims-2a.pdf", "2a").broken == ()


@pytest.mark.parametrize("draw", [draw_letter, draw_inks, draw_seal])
def test_drawings_are_valid_and_stay_lines(tmp_path, draw):
    scan = intake.read_page(office_pdf(tmp_path / "a.pdf", draw_letter, draw), "application/pdf", 1, intake.Bounds())
    kept, image = compress(scan, "nd30"), scan.image
    assert kept.account.coding == "vectors"
    assert scan.layer is not None
    read = PageReading(1, image.width, image.height, image.dpi, scan.layer, PageOrigin.TEXT_LAYER)
    compose([(kept.picture, read), (kept.picture, replace(read, number=2))], METADATA, tmp_path / "b.pdf")
    assert verapdf.check(tmp_path / "b.pdf").broken == ()
    for reader in READERS.values():
        assert [page.split() for page in reader(tmp_path / "b.pdf")] == [[word.text for word in scan.layer.words]] * 2
    with pikepdf.open(tmp_path / "b.pdf") as pdf:
        for page in pdf.pages:
            called = {str(op.operands[0]) for op in pikepdf.parse_content_stream(page) if str(op.operator) == "Do"}
            assert called == set(page.obj.Resources.XObject.keys())


def _undescribe(pdf: pikepdf.Pdf) -> None:
    packet = pdf.Root.Metadata.read_bytes().replace(b"pdfaProperty:name>SourceName<", b"pdfaProperty:name>Other<")
    pdf.Root.Metadata.write(packet)


def _without(name: str) -> Callable[[pikepdf.Pdf], None]:
    def remove(pdf: pikepdf.Pdf) -> None:
        del pdf.Root[name]

    return remove


def _add_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _claim_another_part(pdf: pikepdf.Pdf) -> None:
    packet = pdf.Root.Metadata.read_bytes().replace(b"<pdfaid:part>2<", b"<pdfaid:part>9<")
    pdf.Root.Metadata.write(packet)


def _lose_the_typeface(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        del font.DescendantFonts[0].FontDescriptor["/FontFile2"]
    content = pdf.pages[0].Contents.read_bytes().replace(b"3 Tr", b"0 Tr")
    pdf.pages[0].Contents.write(content)


def _widen_the_letters(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        font.DescendantFonts[0].W[1][0] = 900
    content = pdf.pages[0].Contents.read_bytes().replace(b"3 Tr", b"0 Tr")
    pdf.pages[0].Contents.write(content)


def _show_no_glyph(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents.write(pdf.pages[0].Contents.read_bytes().replace(b"<0001", b"<0000"))


def _use_four_inks(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Resources.XObject.Scan.ColorSpace = pikepdf.Name.DeviceCMYK


def _smooth_the_picture(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Resources.XObject.Scan.Interpolate = True


def _huge_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].MediaBox = [0, 0, 20_000, 20_000]


MUTANTS: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "no output intent": _without("/OutputIntents"),
    "no metadata": _without("/Metadata"),
    "a script": _add_script,
    "another part claimed": _claim_another_part,
    "typeface not embedded": _lose_the_typeface,
    "widths that lie": _widen_the_letters,
    "a missing glyph": _show_no_glyph,
    "four inks": _use_four_inks,
    "interpolated picture": _smooth_the_picture,
    "a page too large": _huge_page,
    "a property that nobody describes": _undescribe,
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("pdfa") / "sound.pdf"
    compose([(picture("colour jpeg"), reading())], replace(METADATA, source_name="a.pdf"), path)
    yield path


@pytest.mark.parametrize("mutation", MUTANTS)
def test_a_broken_copy_is_rejected(sound, tmp_path, mutation):
    with pikepdf.open(sound) as pdf:
        MUTANTS[mutation](pdf)
        pdf.save(tmp_path / "broken.pdf")
    assert not verapdf.check(tmp_path / "broken.pdf").valid


def test_a_copy_saved_again_unbroken_is_still_valid(sound, tmp_path):
    with pikepdf.open(sound) as pdf:
        pdf.save(tmp_path / "again.pdf")
    assert verapdf.check(tmp_path / "again.pdf").valid


def test_an_encrypted_copy_and_a_torn_one_are_rejected(sound, tmp_path):
    with pikepdf.open(sound) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user=""))
    (tmp_path / "torn.pdf").write_bytes(sound.read_bytes()[:-900])
    (tmp_path / "noise.pdf").write_bytes(b"no PDF")
    assert not any(verapdf.check(tmp_path / name).valid for name in ("locked.pdf", "torn.pdf", "noise.pdf"))
