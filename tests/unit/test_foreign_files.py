"""METS, ALTO and hOCR of other programs: what is read out of them, and what is not even opened."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from pipeline.archive.foreign import parse_foreign, render_foreign
from pipeline.archive.hocr import to_hocr
from pipeline.composition import to_alto
from pipeline.domain.documents import Source
from pipeline.domain.errors import RejectedInputError
from pipeline.domain.foreign import MOST_SURE, UNKNOWN, ForeignFile, ForeignPage, ForeignText
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageOrigin, PageReading, PageText, Word
from pipeline.foreign import read_alto, read_hocr, read_mets
from pipeline.foreign.xml_reader import MOST_BYTES
from tests.foreign_files import OCROPUS_HOCR, TESSERACT_HOCR, alto

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def texts(page: ForeignPage) -> list[str]:
    return [line.text for line in page.lines]


def refused(read, data: str | bytes) -> str:
    with pytest.raises(RejectedInputError) as caught:
        read(data.encode() if isinstance(data, str) else data, "tep.xml")
    assert "tep.xml" in caught.value.advice
    return caught.value.code


@pytest.mark.parametrize("version", [2, 3, 4])
def test_alto_of_every_version_gives_lines_boxes_and_confidences(version: int) -> None:
    (page,), software = read_alto(alto(version=version).encode(), "a.xml")
    assert texts(page) == ["CỘNG HÒA XÃ HỘI", "Số: 717/QĐ-UBND", "Hà Nội, ngày 06"]
    assert software == "FineReader Engine 11"
    assert page.lines[0].words[1].box == Box(250, 100, 370, 140)
    assert [page.lines[row].words[0].confidence for row in range(3)] == [0.97, 0.61, UNKNOWN]


@pytest.mark.parametrize(("unit", "scale"), [("pixel", 1.0), ("mm10", 254 / 150), ("inch1200", 1200 / 150)])
@pytest.mark.parametrize("told", [True, False])
def test_boxes_in_every_unit_come_to_the_same_place_on_the_scan(unit: str, scale: float, told: bool) -> None:
    (page,), _ = read_alto(alto(unit=unit, scale=scale, size=(1240, 1754) if told else (0, 0)).encode(), "a.xml")
    placed = page.on_scan(1240, 1754, 150.0, "alto")
    assert placed is not None
    box = placed.words[1].box
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((250, 100, 370, 140), abs=0.5)


def test_a_text_of_another_picture_is_not_laid_over_this_one() -> None:
    (page,), _ = read_alto(alto().encode(), "a.xml")
    assert page.on_scan(1754, 1240, 150.0, "alto") is None
    twice = page.on_scan(2480, 3508, 300.0, "alto")
    assert twice is not None
    assert twice.words[1].box == Box(500, 200, 740, 280)


def test_no_word_of_others_is_surer_than_anybody_knows_it_to_be() -> None:
    (page,), _ = read_alto(alto().encode(), "a.xml")
    placed = page.on_scan(1240, 1754, 150.0, "alto")
    assert placed is not None
    assert max(word.confidence for word in placed.words) == MOST_SURE


def test_words_beyond_the_edge_are_cut_off_or_left_out() -> None:
    edge = Word("mép", Box(1200, 10, 1300, 40), 0.9)
    out = Word("ngoài", Box(1300, 10, 1400, 40), 0.9)
    placed = ForeignPage(1, (Line((edge, out)), Line((out,)))).on_scan(1240, 1754, 150.0, "x")
    assert placed is not None
    assert [(word.text, word.box.right) for word in placed.words] == [("mép", 1240)]


@pytest.mark.parametrize(
    "string",
    [
        'CONTENT="x" HPOS="nan" VPOS="1" WIDTH="5" HEIGHT="5"',
        'CONTENT="x" HPOS="1e400" VPOS="1" WIDTH="5" HEIGHT="5"',
        'CONTENT="x" HPOS="1" VPOS="1" WIDTH="0" HEIGHT="5"',
        'CONTENT="x" HPOS="-9" VPOS="1" WIDTH="5" HEIGHT="5"',
        'CONTENT="x" HPOS="1" VPOS="1" WIDTH="5"',
        'CONTENT="   " HPOS="1" VPOS="1" WIDTH="5" HEIGHT="5"',
    ],
)
def test_words_that_enclose_nothing_are_no_words(string: str) -> None:
    data = alto(words=(("a", 1.0),)).replace("</TextLine>", f"<String {string}/></TextLine>")
    (page,), _ = read_alto(data.encode(), "a.xml")
    assert texts(page) == ["a"]


def test_words_come_in_composed_letters_and_one_at_a_time() -> None:
    data = alto(words=(("x", 1.0),)).replace('CONTENT="x"', 'CONTENT="Ho&#768;a gia\u0309i"').encode()
    (page,), _ = read_alto(data, "a.xml")
    first, second = page.lines[0].words
    assert (first.text, second.text) == ("Hòa", "giải")
    assert first.box.left == 100
    assert first.box.right < second.box.left
    assert second.box.right == pytest.approx(220)


def test_hocr_of_tesseract_is_read_with_its_doctype_and_marks_within_words() -> None:
    (page,), software = read_hocr(TESSERACT_HOCR.format(image="a.png").encode(), "a.hocr")
    assert software == "tesseract 5.3.0"
    assert page.image == "a.png"
    assert (page.page.width, page.page.height) == (1240, 1754)
    assert texts(page.page) == ["CỘNG HOÀ", "A & B"]
    assert page.page.lines[0].words[1].confidence == 0.41


def test_hocr_left_open_and_without_words_is_read_line_by_line() -> None:
    pages, software = read_hocr(OCROPUS_HOCR.format(first="1.png", second="2.png").encode(), "a.html")
    assert software == "ocropy 1.3"
    assert [one.image for one in pages] == ["1.png", "2.png"]
    assert [texts(one.page) for one in pages] == [["Độc lập - Tự do", "Hạnh phúc"], ["Trang hai"]]
    boxes = [word.box for word in pages[0].page.lines[0].words]
    assert all(one.right < other.left for one, other in pairwise(boxes))
    assert boxes[-1].right == pytest.approx(500)


@pytest.mark.parametrize("read", [read_alto, read_mets])
def test_hostile_xml_is_not_opened(read) -> None:
    head = '<?xml version="1.0"?>'
    assert refused(read, f"{head}<!DOCTYPE a [<!ENTITY l0 'ha'>{LAUGHS}]><alto>&l9;</alto>") == "hostile_xml"
    assert refused(read, f'{head}<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alto>&x;</alto>') == "hostile_xml"
    assert refused(read, f'{head}<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><alto/>') == "hostile_xml"
    assert refused(read, f'{head}<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/a">%x;]><a/>') == "hostile_xml"
    assert refused(read, head + "<a>" * 100_000) == "hostile_xml"
    assert refused(read, b" " * (MOST_BYTES + 1)) == "xml_too_large"
    assert refused(read, f"{head}<alto><b></alto>") == "broken_xml"
    assert refused(read, b"\x00\xff\xfe") == "broken_xml"
    assert refused(read, "") == "broken_xml"
    assert refused(read, f'{head}<alto xmlns="urn:x"/>') == "wrong_namespace"
    assert refused(read, f'{head}<mets xmlns="http://www.loc.gov/METS/v2"/>') == "wrong_namespace"


def test_hostile_hocr_is_not_opened() -> None:
    assert refused(read_hocr, f"<!DOCTYPE html [<!ENTITY a 'b'>{LAUGHS}]><html>&a;</html>") == "hostile_xml"
    assert refused(read_hocr, "<div class='ocr_page'>" + "<div>" * 10_000) == "hostile_xml"
    assert refused(read_hocr, "<html><p>nothing</p></html>") == "broken_xml"
    assert refused(read_hocr, b"\xff\xfeocr_page") == "broken_xml"
    assert refused(read_hocr, b" " * (MOST_BYTES + 1)) == "xml_too_large"


def test_an_unknown_unit_is_not_guessed_at() -> None:
    assert refused(read_alto, alto(unit="furlong")) == "broken_xml"


def reading() -> PageReading:
    lines = (
        Line((Word("Số:", Box(100, 100, 160, 140), 0.91), Word("717/QĐ-UBND", Box(170, 100, 420, 141), 0.58))),
        Line((Word("“Điều", Box(100, 200, 190, 240), 0.99), Word("1<2&3”", Box(200, 200, 330, 240), 0.7))),
    )
    return PageReading(1, 2480, 3508, 300.0, PageText(1, lines, "tesserocr"), PageOrigin.OCR)


def test_what_is_exported_comes_back_word_by_word_and_box_by_box() -> None:
    made = reading()
    source = Source("a.pdf", "ab" * 32, 1, "application/pdf")
    (page,), software = read_alto(to_alto([made, replace(made, number=2)], source), "a.alto.xml")[0][:1], "tesserocr"
    assert read_alto(to_alto([made], source), "a")[1] == software
    (hocr,), _ = read_hocr(to_hocr([made], "a.pdf"), "a.hocr.html")
    for found in (page, hocr.page):
        assert [line.text for line in found.lines] == [line.text for line in made.text.lines]
        assert [word.box for line in found.lines for word in line.words] == [word.box for word in made.text.words]
        told = [word.confidence for line in found.lines for word in line.words]
        assert told == pytest.approx([word.confidence for word in made.text.words], abs=0.005)


def test_what_came_from_others_is_kept_as_it_came() -> None:
    pages, software = read_alto(alto().encode(), "a.xml")
    text = ForeignText("alto", software, pages, True, (("title", "Quyết định"),), (ForeignFile("a.xml", "cd" * 32, 5),))
    assert parse_foreign(render_foreign(text)) == text
    with pytest.raises(ValueError, match="foreign"):
        parse_foreign(b'{"schema": "sohoa.document/1"}')
