"""Reading order, ghosts and the merging of a text layer with what the picture shows."""

from __future__ import annotations

import numpy as np
import pytest

from ocr_models import ScriptedEngine
from pipeline.domain.errors import RecognitionError
from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import CleanPage, Line, PageImage, PageText, Word
from pipeline.recognition import recognise
from pipeline.recognition.ghosts import is_ghost, remove_ghosts
from pipeline.recognition.merging import insert_words
from pipeline.recognition.order import order_lines


def word(text: str, left: float, top: float, right: float, bottom: float, confidence: float = 0.9) -> Word:
    return Word(text, Box(left, top, right, bottom), confidence)


def line(text: str, left: float, top: float, *, step: float = 40, block: int = 0) -> Line:
    words = [word(part, left + at * step, top, left + at * step + step - 8, top + 20) for at, part in enumerate(text.split())]
    return Line(tuple(words), block)


def joined(*lines: Line) -> Line:
    return Line(tuple(w for part in lines for w in part.words))


def clean_page(to_scan: Affine | None = None, *, blank: bool = False) -> CleanPage:
    pixels = np.full((400, 600), 255, np.uint8)
    return CleanPage(PageImage(3, pixels, 150, to_scan or Affine()), blank=blank)


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [found.text for found in lines]


def test_a_head_read_across_is_put_into_its_left_and_right_block():
    lines = (
        joined(line("ỦY BAN NHÂN DÂN", 0, 0), line("CỘNG HÒA XÃ HỘI", 300, 0)),
        joined(line("TỈNH BẮC NINH", 0, 30), line("Độc lập Tự do", 300, 30)),
        joined(line("Số: 12/QĐ-UBND", 0, 60), line("Bắc Ninh, ngày 01", 300, 60)),
        line("QUYẾT ĐỊNH về việc bổ nhiệm cán bộ của tỉnh", 40, 100),
    )
    assert texts(order_lines(lines)) == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH BẮC NINH",
        "Số: 12/QĐ-UBND",
        "CỘNG HÒA XÃ HỘI",
        "Độc lập Tự do",
        "Bắc Ninh, ngày 01",
        "QUYẾT ĐỊNH về việc bổ nhiệm cán bộ của tỉnh",
    ]


def test_the_rows_of_a_table_with_three_columns_stay_rows():
    rows = tuple(joined(line("1 Tờ", 0, y), line("01 bản", 200, y), line("Bản chính", 400, y)) for y in (0, 30, 60))
    assert order_lines(rows) == rows


def test_two_entries_of_a_form_in_one_line_stay_one_line():
    lines = (
        line("Họ và tên: Nguyễn Thị Lan", 0, 0),
        joined(line("Giới tính: Nữ", 0, 30), line("Quốc tịch: Việt Nam", 250, 30)),
    )
    assert order_lines(lines) == lines


def test_running_text_keeps_the_order_of_the_engine():
    lines = tuple(line("một hai ba bốn năm sáu bảy", 0, y) for y in (90, 0, 30, 60))
    assert order_lines(lines) == lines


def test_a_recipients_list_that_runs_on_below_the_signature_stays_together():
    lines = (
        joined(line("Nơi nhận:", 0, 0), line("KT. CHỦ TỊCH", 300, 0)),
        joined(line("- Như trên;", 0, 26), line("PHÓ CHỦ TỊCH", 300, 26)),
        line("- Sở Nội vụ;", 0, 52),
        line("- Lưu: VT.", 0, 78),
    )
    assert texts(order_lines(lines)) == [
        "Nơi nhận:",
        "- Như trên;",
        "- Sở Nội vụ;",
        "- Lưu: VT.",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
    ]


@pytest.mark.parametrize(
    ("text", "confidence", "ghost"),
    [
        ("|", 0.95, True),
        ("~", 0.3, True),
        ("___", 0.9, True),
        ("-", 0.95, False),
        (";", 0.9, False),
        ("7", 0.01, False),
        ("ỷ", 0.01, False),
        ("|1", 0.2, False),
    ],
)
def test_marks_are_ghosts_but_letters_and_digits_never_are(text, confidence, ghost):
    assert is_ghost(word(text, 0, 0, 5, 5, confidence)) is ghost


def test_a_word_without_area_is_a_ghost_and_takes_its_empty_line_along():
    lines = (Line((word("a", 4, 4, 4, 9),)), Line((word("b", 0, 0, 5, 5), word("|", 6, 0, 7, 5))))
    assert texts(remove_ghosts(lines)) == ["b"]


def test_boxes_are_mapped_to_the_scan():
    page = clean_page(Affine.scale(2).then(Affine.shift(10, 20)))
    read = recognise(page, ScriptedEngine([Line((word("Số", 5, 5, 15, 10),))]))
    assert read.words == (Word("Số", Box(20, 30, 40, 40), 0.9),)
    assert (read.number, read.engine) == (3, "scripted")


def test_a_blank_page_is_not_read():
    engine = ScriptedEngine([line("ma", 0, 0)])
    assert recognise(clean_page(blank=True), engine).lines == ()
    assert engine.readings == []


def test_what_the_engine_raises_is_passed_on():
    with pytest.raises(RecognitionError):
        recognise(clean_page(), ScriptedEngine(RecognitionError("broken")))


def test_only_the_unlayered_boxes_are_read_and_their_words_stand_at_their_place():
    layer = PageText(
        3, (Line((word("Số:", 20, 20, 50, 40), word("/TB-UBND", 90, 20, 170, 40))), line("THÔNG BÁO", 40, 80)), "layer"
    )
    engine = ScriptedEngine([Line((word("11", 30, 10, 40, 20, 0.7), word("/TB", 50, 10, 70, 20)))])
    read = recognise(clean_page(Affine.scale(2)), engine, layer=layer, unlayered=(Box(56, 18, 84, 42),))
    assert texts(read.lines) == ["Số: 11 /TB-UBND", "THÔNG BÁO"]
    assert read.words[1] == Word("11", Box(60, 20, 80, 40), 0.7)
    assert read.engine == "layer"
    [(_, region, single_line)] = engine.readings
    assert single_line
    assert region is not None
    assert region.left < 28 and region.right > 42


def test_a_layer_is_put_into_reading_order_too():
    left, right = ("UY BAN NHAN DAN", "TINH BAC NINH"), ("CONG HOA XA HOI", "Doc lap Tu do")
    rows = tuple(line(text, 300 * side, 30 * row) for row in (0, 1) for side, text in enumerate((left[row], right[row])))
    layer = PageText(3, rows, "layer")
    assert texts(recognise(clean_page(), ScriptedEngine(), layer=layer).lines) == [*left, *right]


def test_a_layer_that_says_everything_costs_no_reading():
    layer = PageText(1, (line("đủ", 0, 0),), "layer")
    engine = ScriptedEngine()
    assert recognise(clean_page(), engine, layer=layer) == layer
    assert engine.readings == []


def test_words_beside_no_line_become_a_line_at_their_height():
    lines = (line("trên", 0, 0), line("dưới", 0, 100))
    assert texts(insert_words(lines, [word("giữa", 0, 50, 40, 70)])) == ["trên", "giữa", "dưới"]


def test_a_word_the_layer_already_has_is_not_doubled():
    lines = (line("trên", 0, 0),)
    assert insert_words(lines, [word("trên", 1, 1, 31, 19)]) == lines
