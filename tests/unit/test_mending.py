"""Misread marks put right, and all that is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.domain.pages import Line
from pipeline.recognition.mending import mend_lines
from tests.tiny_language import SENTENCES, TinyLanguage, line


def mended(*texts: str, confidence: float = 0.9) -> list[str]:
    lines = tuple(line(text, confidence, top=30.0 * at) for at, text in enumerate(texts))
    return [found.text for found in mend_lines(lines, TinyLanguage())]


def test_misread_marks_are_put_right_in_the_case_and_between_the_signs_they_stand_in():
    assert mended("cơ quan (có thâm quyên), giải quyêt") == ["cơ quan (có thẩm quyền), giải quyết"]
    assert mended("Sửa đôi, Bỗ sung") == ["Sửa đổi, Bổ sung"]


def test_headings_in_capitals_are_mended():
    assert mended("QUYÉT ĐỊNH", "CHÚ TICH") == ["QUYẾT ĐỊNH", "CHỦ TỊCH"]


def test_a_line_that_goes_on_from_the_one_above_is_read_with_it():
    assert mended("cơ quan có thâm", "quyên giải quyết") == ["cơ quan có thẩm", "quyền giải quyết"]


def test_what_was_read_is_kept_beside_what_was_made_of_it():
    (found,) = mend_lines((line("thâm quyền"),), TinyLanguage())
    first, second = found.words
    assert (first.text, first.read) == ("thẩm", "thâm")
    assert 0.5 <= first.confidence < 1
    assert second == line("thâm quyền").words[1]


def test_a_word_that_stays_leads_what_it_might_have_become():
    model = TinyLanguage((*SENTENCES, "cái quyên"))
    (found,) = mend_lines((line("thẩm quyền, thẩm quyên, lại quyên", 1.0),), model)
    suits, odd, untold = found.words[1], found.words[3], found.words[5]
    assert [word.text for word in (suits, odd, untold)] == ["quyền,", "quyên,", "quyên"]
    assert min(suits.leads) > 6.0
    assert odd.leads[0] > 0 > odd.leads[1]
    assert untold.leads[0] > untold.leads[1] == pytest.approx(0.0)
    assert found.words[0].leads == ()


def test_a_word_the_engine_is_sure_of_takes_more_to_change():
    assert mended("đối quyên", confidence=0.5) == ["đối quyền"]
    assert mended("đối quyên", confidence=1.0) == ["đối quyên"]


def test_what_a_second_reading_made_of_a_sure_word_takes_less():
    sure = line("đối quyên", 1.0)
    first, last = sure.words
    for second, text in (("quyền", "đối quyền"), ("quyến", "đối quyên"), ("quyên", "đối quyên")):
        (found,) = mend_lines((replace(sure, words=(first, replace(last, second=second))),), TinyLanguage())
        assert found.text == text


@pytest.mark.parametrize(
    "text",
    [
        "ông Trần Thâm Quyên",
        "Nguyễn Thâm Quyên",
        "NGUYỄN THÂM QUYÊN",
        "xã Thâm Quyên",
        "Xã Thâm Quyên",
        "UBND XÃ THÂM QUYÊN",
        "công ty TNHH Thâm Quyên",
        "Thâm Quyên",
    ],
)
def test_names_stay_as_read(text):
    assert mended(text, confidence=0.3) == [text]


@pytest.mark.parametrize(
    "text",
    ["quyên1 9quyên", "12/QĐ-UBND", "thâm@quyên.vn", "thâm/quyên", "THÂM-QUYÊN", "thâM quYên", "Số: đôi /QĐ-UBND", "DO", "đ)"],
)
def test_numbers_codes_addresses_and_abbreviations_stay_as_read(text):
    assert mended(text, confidence=0.3) == [text]


def test_the_place_of_the_tone_is_never_all_that_changes():
    assert mended("ủy ban nhân dân", "công bố hòa giải") == ["ủy ban nhân dân", "công bố hòa giải"]
    assert mended("uỷ ban nhân dân", "công bố hoà giải") == ["uỷ ban nhân dân", "công bố hoà giải"]


def test_a_mended_word_sets_its_tone_as_the_page_does():
    assert mended("công bố hoa giải", "uỷ ban") == ["công bố hoà giải", "uỷ ban"]
    assert mended("công bố hoa giải", "ủy ban") == ["công bố hòa giải", "ủy ban"]


def test_provinces_are_spelt_as_they_are():
    assert mended("TĨNH QUÁNG NGAI", "tỉnh Quang Nam") == ["TỈNH QUẢNG NGÃI", "tỉnh Quảng Nam"]
    assert mended("tỉnh Hà Tĩnh Quảng Trạch") == ["tỉnh Hà Tĩnh Quảng Trạch"]


def test_a_word_alone_is_changed_only_where_it_is_none():
    assert mended("bô") == ["bô"]
    assert mended("quyét", confidence=0.5) == ["quyết"]


def test_blocks_are_read_apart():
    above, below = line("cơ quan có thâm"), line("quyên", block=1, top=40)
    assert [found.text for found in mend_lines((above, below), TinyLanguage())] == ["cơ quan có thẩm", "quyên"]


def test_a_mended_word_is_not_mended_again():
    once = mend_lines((line("thâm quyên giải quyêt"),), TinyLanguage())
    assert mend_lines(once, TinyLanguage()) == once


def test_words_without_letters_are_no_hindrance():
    assert mended("— … ( )") == ["— … ( )"]
    lines = (Line((replace(line("a").words[0], text="-"),)),)
    assert mend_lines(lines, TinyLanguage()) == lines
    assert mend_lines((), TinyLanguage()) == ()


def told(text: str, nats: float) -> Line:
    """``text`` read surely, its ``ê`` perhaps an ``ề`` less likely by so many ``nats``."""
    words = line(text, 1.0).words
    return Line(
        tuple(replace(word, choices=tuple(((("ề", nats),) if sign == "ê" else ()) for sign in word.text)) for word in words)
    )


def test_what_the_engine_took_for_nearly_as_likely_changes_even_a_sure_word():
    assert [found.text for found in mend_lines((told("(đối quyên)", 0.5),), TinyLanguage())] == ["(đối quyền)"]
    assert [found.text for found in mend_lines((told("(đối quyên)", 18.0),), TinyLanguage())] == ["(đối quyên)"]
