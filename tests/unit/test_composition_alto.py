"""ALTO: the words with boxes and confidences as XML."""

from __future__ import annotations

from xml.etree import ElementTree

from pipeline.composition import to_alto
from pipeline.domain.documents import Source
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, LineRole, PageOrigin, PageReading, PageText, UnreadPage, Word

SPACE = {"a": "http://www.loc.gov/standards/alto/ns-v4#"}
SOURCE = Source("hồ sơ <1> & \x02.pdf", "ab" * 32, 10, "application/pdf", 3)


def lines() -> tuple[Line, ...]:
    return (
        Line((Word("Quyết", Box(10, 20, 60, 45), 0.95), Word('"định"', Box(70, 20, 120, 44), 0.8)), block=1),
        Line((Word("A&B<", Box(10, 60, 60, 80), 1.2),), block=1),
        Line((Word("phải", Box(300, 20, 360, 45), 0.5),), block=2),
    )


def readings() -> list[PageReading]:
    return [
        PageReading(1, 400, 600, 100.0, PageText(1, lines(), "tesseract"), PageOrigin.OCR, rotation=90),
        PageReading(2, 400, 600, 100.0, UnreadPage(2, "page_timeout"), PageOrigin.UNREAD),
        PageReading(3, 400, 600, 100.0, PageText(3, (), "tesseract"), PageOrigin.OCR, blank=True),
    ]


def parsed() -> ElementTree.Element:
    return ElementTree.fromstring(to_alto(readings(), SOURCE))


def test_words_stand_in_blocks_and_lines_in_reading_order():
    pages = parsed().findall(".//a:Page", SPACE)
    blocks = [
        [[word.get("CONTENT") for word in line.findall("a:String", SPACE)] for line in block.findall("a:TextLine", SPACE)]
        for block in pages[0].findall("a:PrintSpace/a:TextBlock", SPACE)
    ]
    assert blocks == [[["Quyết", '"định"'], ["A&B<"]], [["phải"]]]


def test_positions_are_pixels_of_the_scan():
    assert parsed().findtext("a:Description/a:MeasurementUnit", namespaces=SPACE) == "pixel"
    word = parsed().find(".//a:String", SPACE)
    assert [word.get(name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT", "WC")] == ["10.0", "20.0", "50.0", "25.0", "0.9500"]
    block = parsed().find(".//a:TextBlock", SPACE)
    assert [block.get(name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT", "ROTATION")] == [
        "10.0",
        "20.0",
        "110.0",
        "60.0",
        "90",
    ]


def test_confidences_stay_between_none_and_one():
    assert all(0 <= float(word.get("WC")) <= 1 for word in parsed().iterfind(".//a:String", SPACE))


def test_spaces_stand_between_words_only():
    line = parsed().find(".//a:TextLine", SPACE)
    assert [part.tag.rpartition("}")[2] for part in line] == ["String", "SP", "String"]


def test_unread_and_blank_pages_are_told_apart():
    classes = [page.get("PAGECLASS") for page in parsed().iterfind(".//a:Page", SPACE)]
    assert classes == [None, "unread: page_timeout", "blank"]


def test_the_source_is_named_by_name_and_checksum():
    image = parsed().find("a:Description/a:sourceImageInformation", SPACE)
    assert [part.text for part in image] == ["hồ sơ <1> & .pdf", "sha256:" + "ab" * 32]


def test_ids_are_unique():
    names = [part.get("ID") for part in parsed().iter() if part.get("ID")]
    assert len(names) == len(set(names))


def test_what_lies_over_the_text_refers_to_a_tag_that_names_it():
    stamp = Line((Word("ĐẾN", Box(10, 100, 60, 145), 0.9),), 3, LineRole.INCOMING_STAMP)
    reading = PageReading(1, 400, 600, 100.0, PageText(1, (*lines(), stamp), "tesseract"), PageOrigin.OCR)
    page = ElementTree.fromstring(to_alto([reading], SOURCE))
    assert [part.tag.rpartition("}")[2] for part in page] == ["Description", "Tags", "Layout"]
    tag = page.find("a:Tags/a:LayoutTag[@ID='incoming_stamp']", SPACE)
    assert tag.get("LABEL") == "Dấu công văn đến"
    assert [block.get("TAGREFS") for block in page.iterfind(".//a:TextBlock", SPACE)] == [None, None, "incoming_stamp"]


def test_a_page_with_nothing_over_it_needs_no_tags():
    assert parsed().find("a:Tags", SPACE) is None
