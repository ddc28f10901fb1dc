"""The bench of confidence: which words count, which of them are right, and what errors of calibration come to."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, LineRole, PageText, Word
from scripts.bench.calibration import format_summary, judge, labelled_words
from scripts.bench.diagram import draw_reliability
from scripts.bench.reliability import Judged, calibration_error, format_bins


def a_word(text: str, left: float = 0.0, confidence: float = 0.9, **more: bool) -> Word:
    return Word(text, Box(left, 0, left + 10, 10), confidence, **more)


def a_page(*words: Word, over: tuple[Word, ...] = ()) -> PageText:
    overlaid = (Line(over, 1, LineRole.E_SIGNATURE),) if over else ()
    return PageText(1, (Line(words), *overlaid), "test")


def labels(truth: str, page: PageText, **boxes: tuple[Box, ...]) -> dict[str, bool]:
    return {word.text: right for word, right in labelled_words(truth, page, **boxes)}


def test_a_word_is_right_where_the_truth_has_it_whatever_punctuation_stands_at_its_edges():
    assert labels("Căn cứ Luật, ngày", a_page(*map(a_word, ("Căn", "cú", "“Luật", "ngày;")))) == {
        "Căn": True,
        "cú": False,
        "“Luật": True,
        "ngày;": True,
    }


def test_a_word_that_stands_elsewhere_in_the_truth_is_right_once():
    page = a_page(*map(a_word, ("tỉnh", "một", "hai", "tỉnh")))
    assert [right for _, right in labelled_words("một hai tỉnh", page)] == [False, True, True, True]


def test_words_laid_over_the_text_and_signs_alone_do_not_count():
    page = a_page(a_word("Điều"), a_word("|"), over=(a_word("Ký"), a_word("bởi")))
    assert labels("Điều", page) == {"Điều": True}


def test_ink_counts_where_it_was_read_and_not_where_it_says_that_it_was_not():
    page = a_page(a_word("717/QĐ", written=True), a_word("…", written=True), a_word("…/TB", written=True), a_word("19…"))
    assert labels("719/QĐ", page) == {"717/QĐ": False, "19…": False}


def test_an_unknown_word_on_what_lies_beside_the_text_does_not_count_but_a_misread_one_under_it_does():
    own, beside = (Box(0, 0, 10, 10),), (Box(5, 0, 60, 10),)
    page = a_page(a_word("mát", 0), a_word("ĐẾN", 20), a_word("Luật", 40))
    assert labels("mất Luật", page, own=own, beside=beside) == {"mát": False, "Luật": True}


def test_the_number_of_a_page_does_not_count_where_the_truth_leaves_it_out():
    lines = tuple(Line((a_word(text),)) for text in ("-12-", "13", "Điều", "12"))
    page = PageText(12, lines, "test")
    assert [word.text for word, _ in labelled_words("Điều", page)] == ["13", "Điều"]
    assert labels("Điều 12", PageText(12, lines[2:], "test")) == {"Điều": True, "12": True}


def test_confidences_fall_into_bins_that_hold_their_lower_edge():
    judged = Judged([1.0, 0.5, 0.49, 0.9], [True, True, False, False])
    bins = judged.bins((0.0, 0.5, 0.9, 1.0))
    assert [(one.count, one.right) for one in bins] == [(1, 0.0), (1, 1.0), (2, 0.5)]
    assert bins[2].mean == pytest.approx(0.95)
    assert [one.count for one in judged.equal_bins(10)] == [1, 1, 2]


def test_bins_of_even_counts_rise_and_hold_every_word():
    judged = Judged([0.4, 0.1, 0.3, 0.2, 0.5], [True] * 5)
    bins = judged.even_bins(2)
    assert [(one.low, one.high, one.count) for one in bins] == [(0.1, 0.3, 3), (0.4, 0.5, 2)]
    assert len(judged.even_bins(15)) == 5


def test_the_calibration_error_is_the_mean_gap_by_count():
    judged = Judged([0.9] * 8 + [0.5] * 2, [True] * 8 + [False] * 2)
    assert calibration_error(judged.equal_bins(10)) == pytest.approx(0.8 * 0.1 + 0.2 * 0.5)
    assert calibration_error(Judged([0.75] * 4, [True, True, True, False]).equal_bins(10)) == pytest.approx(0.0)
    assert calibration_error(()) == 0.0


def test_what_sure_words_are_worth_is_told_by_their_share_right():
    sure = Judged([0.99, 1.0, 0.989], [True, False, False]).sure
    assert (sure.count, sure.right) == (2, 0.5)
    assert Judged([0.5], [False]).sure.count == 0


def test_a_verdict_is_needed_for_each_confidence():
    with pytest.raises(ValueError, match="verdict"):
        Judged([0.5], [])


def test_tables_have_a_row_for_each_set_and_bin():
    judged = judge([(a_word("a", confidence=0.96), True), (a_word("b", confidence=0.3), False)])
    assert format_summary({"real": judged}).splitlines()[2] == "| real | 2 | 0.6300 | 0.5000 | 0.1700 | 0.1700 | 0 | 1.0000 |"
    assert format_bins(judged.bins()).splitlines()[2:] == [
        "| 0 to 0.5 | 1 | 0.3000 | 0.0000 |",
        "| 0.95 to 0.98 | 1 | 0.9600 | 1.0000 |",
    ]


def test_the_diagram_is_an_svg_with_a_line_for_each_set_in_both_panels():
    judged = Judged([0.95, 0.85, 0.2] * 10 + [0.5], [True, True, False] * 10 + [True])
    drawn = ET.fromstring(draw_reliability({"real & made": judged, "all": judged}))
    lines = drawn.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 4
    assert lines[0].get("points", "").count(",") == 3
    assert lines[1].get("points", "").count(",") == 2
    assert ET.fromstring(draw_reliability({})) is not None
