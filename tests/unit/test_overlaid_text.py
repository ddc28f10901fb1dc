"""What lies over the document's own text, in the text of a page and in the measures of it."""

from __future__ import annotations

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, LineRole, PageText, Word
from scripts.bench.text_measures import own_text


def line(text: str, block: int = 0, role: LineRole = LineRole.BODY) -> Line:
    return Line(tuple(Word(part, Box(0, 0, 10, 10), 0.9) for part in text.split()), block, role)


PAGE = PageText(
    1,
    (
        line("QUYẾT ĐỊNH"),
        line("Điều 1."),
        line("ĐẾN", 7, LineRole.INCOMING_STAMP),
        line("Số: 12", 7, LineRole.INCOMING_STAMP),
        line("Ký bởi: UBND", 8, LineRole.E_SIGNATURE),
    ),
    "test",
)


def test_the_text_of_a_page_tells_what_lies_over_it_last_and_by_name():
    assert PAGE.text == "QUYẾT ĐỊNH\nĐiều 1.\n\n[Dấu công văn đến]\nĐẾN\nSố: 12\n\n[Chữ ký điện tử]\nKý bởi: UBND"


def test_a_page_of_nothing_but_a_stamp_begins_with_its_name():
    assert PageText(1, PAGE.lines[2:3], "test").text == "[Dấu công văn đến]\nĐẾN"


def test_two_stamps_are_two_blocks():
    page = PageText(1, (line("ĐẾN", 1, LineRole.INCOMING_STAMP), line("ĐẾN", 2, LineRole.INCOMING_STAMP)), "test")
    assert len(page.overlays) == 2


def test_benches_count_only_the_own_text():
    assert own_text(PAGE.text).split() == ["QUYẾT", "ĐỊNH", "Điều", "1."]
    assert own_text("Điều 1.\n[sic] xem") == "Điều 1.\n[sic] xem"
