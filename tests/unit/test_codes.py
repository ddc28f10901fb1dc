"""Barcodes and QR codes: found on the scan, never guessed, kept with their boxes, searched for."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import cv2
import jsonschema
import numpy as np
import pytest
import segno
import zxingcpp
from PIL import Image

from ocr_models import ScriptedEngine, ZxingReader
from pipeline import archive, recognition
from pipeline.composition import to_alto
from pipeline.domain.documents import Source, Status
from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import CodeFormat, Line, PageCode, PageImage, PageOrigin, PageReading, PageText, ScannedPage, Word
from pipeline.intake import Bounds
from pipeline.reading import Readers, read_scan
from pipeline.revisions import _entry
from pipeline.settings import Settings
from pipeline.workbench import build_pool

CARD = "001099012345|012345678|Nguyễn Thị Ánh|01021990|Nữ|Thôn Bình Đông, xã Ia Pa|05062021"
DPI = 200
WIDTH, HEIGHT = 1654, 2339
FORMATS = {
    CodeFormat.DATA_MATRIX: (zxingcpp.BarcodeFormat.DataMatrix, "H05.16-260105-0001"),
    CodeFormat.AZTEC: (zxingcpp.BarcodeFormat.Aztec, "H05.16-260105-0001"),
    CodeFormat.PDF417: (zxingcpp.BarcodeFormat.PDF417, "H05.16-260105-0001"),
    CodeFormat.CODE128: (zxingcpp.BarcodeFormat.Code128, "H05.16-260105-0001"),
    CodeFormat.CODE39: (zxingcpp.BarcodeFormat.Code39, "HS260105"),
    CodeFormat.EAN13: (zxingcpp.BarcodeFormat.EAN13, "4006381333931"),
    CodeFormat.EAN8: (zxingcpp.BarcodeFormat.EAN8, "96385074"),
    CodeFormat.ITF: (zxingcpp.BarcodeFormat.ITF, "00012345678905"),
}


def drawn(kind: CodeFormat) -> np.ndarray:
    made, text = FORMATS[kind]
    return np.asarray(zxingcpp.create_barcode(text, made).to_image(scale=3, add_quiet_zones=True))


def qr(content: str | bytes, scale: int = 3) -> np.ndarray:
    rows = segno.make(content, micro=False, boost_error=False).matrix_iter(scale=scale, border=4)
    return ((1 - np.array([list(row) for row in rows], np.uint8)) * 255).astype(np.uint8)


def page_with(picture: np.ndarray, left: int = 900, top: int = 300) -> np.ndarray:
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for row in range(200, 2200, 60):
        cv2.putText(page, "Uy ban nhan dan xa Ia Pa thong bao ve viec", (120, row), cv2.FONT_HERSHEY_COMPLEX, 0.9, 0, 2)
    page[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return page


def found(page: np.ndarray) -> list[tuple[CodeFormat, str]]:
    return [(code.format, code.text) for code in recognition.find_codes(PageImage(1, page, DPI), ZxingReader())]


class Told:
    """A reader that says what it was told, look by look."""

    def __init__(self, *answers: tuple[PageCode, ...]) -> None:
        self.answers = list(answers)
        self.looks = 0

    def read(self, image: PageImage) -> tuple[PageCode, ...]:
        self.looks += 1
        scale = image.dpi / DPI
        answer = self.answers.pop(0) if self.answers else ()
        return tuple(replace(code, box=Affine.scale(scale).map_box(code.box)) for code in answer)


def test_a_card_s_code_is_found_where_it_stands_with_its_vietnamese_text():
    picture = qr(CARD)
    (code,) = recognition.find_codes(PageImage(1, page_with(picture), DPI), ZxingReader())
    assert (code.format, code.text) == (CodeFormat.QR, CARD)
    truth = Box(912, 312, 900 + picture.shape[1] - 12, 300 + picture.shape[0] - 12)
    assert code.box.overlap(truth) > 0.95


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_found(kind: CodeFormat):
    assert found(page_with(drawn(kind), 600)) == [(kind, FORMATS[kind][1])]


@pytest.mark.parametrize("turns", [1, 2, 3])
@pytest.mark.parametrize("kind", [CodeFormat.CODE128, CodeFormat.DATA_MATRIX])
def test_a_page_may_lie_in_any_direction(kind: CodeFormat, turns: int):
    page = np.ascontiguousarray(np.rot90(page_with(drawn(kind), 600), turns))
    assert found(page) == [(kind, FORMATS[kind][1])]


@pytest.mark.parametrize("degrees", [7, 33, 45])
def test_a_qr_code_may_lie_askew(degrees: int):
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), degrees, 1.0)
    page = cv2.warpAffine(page_with(qr(CARD), 700, 1000), turn, (WIDTH, HEIGHT), borderValue=255)
    assert found(np.asarray(page, np.uint8)) == [(CodeFormat.QR, CARD)]


@pytest.mark.parametrize("degrees", [-9, 6, 96])
def test_long_low_bars_may_lie_askew(degrees: int):
    bars = drawn(CodeFormat.CODE128)
    low = np.repeat(bars[bars.shape[0] // 2][None], 60, axis=0)
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    left, top = (WIDTH - low.shape[1]) // 2, HEIGHT // 2
    page[top : top + 60, left : left + low.shape[1]] = low
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), degrees, 1.0)
    turned = np.asarray(cv2.warpAffine(page, turn, (WIDTH, HEIGHT), borderValue=255), np.uint8)
    (code,) = recognition.find_codes(PageImage(1, turned, DPI), ZxingReader())
    assert code.text == FORMATS[CodeFormat.CODE128][1]
    x, y = code.box.centre
    assert abs(x - WIDTH / 2) < 40
    assert abs(y - HEIGHT / 2) < 40


def test_a_red_code_on_a_coloured_page_is_found():
    page = np.repeat(page_with(qr(CARD))[:, :, None], 3, axis=2)
    page[:, :, 0] = np.maximum(page[:, :, 0], 190)
    assert found(page) == [(CodeFormat.QR, CARD)]


def test_print_alone_is_not_looked_at_for_codes():
    reader = Told()
    blank = np.full((40, 40), 255, np.uint8)
    assert recognition.find_codes(PageImage(1, page_with(blank), DPI), reader) == ()
    assert reader.looks == 0


def test_boxes_land_on_the_scan():
    page = page_with(qr(CARD))
    half = Affine.scale(0.5)
    (plain,) = recognition.find_codes(PageImage(1, page, DPI), ZxingReader())
    (mapped,) = recognition.find_codes(PageImage(1, page, DPI, half), ZxingReader())
    assert mapped.box.overlap(half.map_box(plain.box)) > 0.99


SPOT = Box(50, 50, 150, 150)


def barcode(text: str, box: Box = SPOT) -> PageCode:
    return PageCode(CodeFormat.CODE128, text, box)


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        ([("717",), ("717",), ()], ["717"]),
        ([("717",), (), ()], []),
        ([("717",), ("717",), ("711",)], []),
        ([(), ("717",), ("717",)], ["717"]),
    ],
)
def test_bars_that_correct_no_errors_must_be_read_alike_twice_and_never_otherwise(answers, kept):
    reader = Told(*(tuple(barcode(text) for text in texts) for texts in answers))
    codes = recognition.find_codes(PageImage(1, page_with(qr(CARD)), DPI), reader)
    assert [code.text for code in codes] == kept


def test_interleaved_bars_without_a_check_digit_are_no_code():
    bars = np.asarray(zxingcpp.create_barcode("4233698627", zxingcpp.BarcodeFormat.ITF).to_image(scale=3))
    assert found(page_with(bars)) == []


@pytest.mark.parametrize("content", [bytes(range(40)), "Nguyễn".encode() + b"\xff\xfe", b"\x00\x01"])
def test_bytes_that_are_no_text_break_nothing(content: bytes):
    (code,) = recognition.find_codes(PageImage(1, page_with(qr(content, 5)), DPI), ZxingReader())
    reading = reading_with(code)
    assert archive.decode_reading(archive.encode_reading(reading)) == reading
    ElementTree.fromstring(to_alto([reading], SOURCE))
    jsonschema.validate(json.loads(record_of(reading)), schema())


SOURCE = Source("a.pdf", "ab" * 32, 10, "application/pdf", 1)
CODE = PageCode(CodeFormat.QR, CARD, Box(900, 300, 1050, 450))


def reading_with(*codes: PageCode) -> PageReading:
    return PageReading(1, WIDTH, HEIGHT, DPI, PageText(1, (), "tesseract"), PageOrigin.OCR, codes=codes)


def record_of(reading: PageReading) -> bytes:
    return archive.render_record(archive.Record(source=SOURCE, status=Status.NEEDS_REVIEW, readings=(reading,)))


def schema() -> dict[str, object]:
    loaded: dict[str, object] = json.loads(Path(archive.__file__).with_name("record.schema.json").read_text(encoding="utf-8"))
    return loaded


def test_records_keep_codes_with_their_boxes():
    raw = json.loads(record_of(reading_with(CODE)))
    jsonschema.validate(raw, schema())
    assert raw["pages"][0]["codes"] == [{"format": "qr", "text": CARD, "box": [900, 300, 1050, 450]}]


def test_alto_says_where_a_code_stands_and_what_it_says():
    root = ElementTree.fromstring(to_alto([reading_with(CODE)], SOURCE))
    space = {"a": "http://www.loc.gov/standards/alto/ns-v4#"}
    place, tag = root.find(".//a:Illustration", space), root.find("a:Tags/a:OtherTag", space)
    assert (place.get("TYPE"), place.get("HPOS"), place.get("TAGREFS")) == ("qr", "900.0", tag.get("ID"))
    assert tag.get("DESCRIPTION") == CARD


def test_what_a_code_says_is_found_by_search_unless_it_is_no_text():
    entry = _entry(record_of(reading_with(CODE, replace(CODE, text="\x00\x01"))), "k/record.json", "Đơn đề nghị")
    assert entry.text == f"Đơn đề nghị\n{CARD}"


def test_words_read_from_bars_are_dropped_and_those_below_stay():
    bars = Line((Word("IIIlI", Box(910, 310, 1000, 350), 0.4),))
    below = Line((Word("001099012345", Box(900, 455, 1050, 480), 0.9),))
    text = PageText(1, (bars, below), "tesseract")
    assert recognition.drop_words_in_codes(text, (CODE,)).lines == (below,)
    assert recognition.drop_words_in_codes(text, (CODE,), layer=text) == text


def test_ink_of_codes_does_not_wait_to_be_read_as_text():
    inside, outside = Box(905, 305, 1040, 440), Box(100, 100, 200, 120)
    scan = ScannedPage(PageImage(1, np.full((10, 10), 255, np.uint8), DPI), unlayered=(inside, outside))
    assert recognition.without_codes(scan, (CODE,)).unlayered == (outside,)


@pytest.mark.parametrize("reader", [ZxingReader(), None])
def test_a_page_is_read_with_its_codes_where_they_are_wanted(tmp_path: Path, reader: ZxingReader | None):
    path = tmp_path / "page.png"
    Image.fromarray(page_with(qr(CARD))).save(path, dpi=(DPI, DPI))
    word = Word("Uỷ", Box(130, 180, 180, 205), 0.9)
    ghost = Word("E8", Box(930, 330, 960, 360), 0.3)
    engine = ScriptedEngine((Line((word, ghost)),))
    read = read_scan(path, "image/png", 1, bounds=Bounds(), readers=Readers(engine, codes=reader), profile="nd30")
    assert [code.text for code in read.reading.codes] == ([CARD] if reader else [])
    assert len(read.reading.text.words) == (1 if reader else 2)


@pytest.mark.parametrize("wanted", [True, False])
def test_a_setting_switches_them_off(monkeypatch, wanted: bool):
    monkeypatch.setattr("pipeline.workbench.build_engine", lambda *_: ScriptedEngine())
    settings = Settings.from_environment({"SOHOA_CODES": str(int(wanted)), "SOHOA_JOBS": "1"})
    with build_pool(settings) as pool:
        assert ("zxing" in pool.engine.models) is wanted
