"""Numbers and days that a hand wrote: understood as read, and always shown to a human."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipeline.archive import decode_reading, encode_reading
from pipeline.domain.pages import Line, PageReading, PageText, Word
from pipeline.understanding import understand
from tests.written_pages import decision, write_page

INKED = {"717": "so_ky_hieu", "07": "ngay_ban_hanh"}


def page(ink: str, text: str, confidence: float) -> PageReading:
    """A decision whose word ``ink`` was written by hand and read as ``text``."""
    plain = write_page(decision(number="Số: 717 /QĐ-UBND"))
    lines = tuple(
        Line(tuple(_written(word, text, confidence) if word.text == ink else word for word in line.words), line.block)
        for line in plain.text.lines
    )
    return replace(plain, content=PageText(1, lines, "written"))


def _written(word: Word, text: str, confidence: float) -> Word:
    return Word(text, word.box, confidence, "đ@", written=True)


@pytest.mark.parametrize(("ink", "key"), INKED.items())
def test_ink_that_was_read_is_a_value_a_human_must_confirm(ink: str, key: str) -> None:
    findings = understand([page(ink, ink, 0.99)], today=date(2026, 1, 1))
    found = findings.field(key)
    assert found is not None
    assert found.value in ("717/QĐ-UBND", "2024-03-07")
    assert 0.6 < found.confidence < 0.9
    assert [problem.code for problem in found.problems] == [
        "number_handwritten" if key == "so_ky_hieu" else "date_handwritten"
    ]


@pytest.mark.parametrize(("ink", "key"), INKED.items())
def test_ink_that_could_not_be_read_makes_no_digit(ink: str, key: str) -> None:
    findings = understand([page(ink, "…", 0.0)], today=date(2026, 1, 1))
    found = findings.field(key)
    assert found is None or str(found.value).startswith("/")
    problems = (*findings.problems, *(found.problems if found else ()))
    assert {problem.code for problem in problems} & {"number_unread", "date_unread"}


def test_doubtful_ink_keeps_its_doubt() -> None:
    found = understand([page("717", "717", 0.65)], today=date(2026, 1, 1)).field("so_ky_hieu")
    assert found is not None
    assert found.confidence == pytest.approx(0.65)


def test_words_of_a_hand_survive_the_bucket() -> None:
    reading = page("717", "717", 0.7)
    assert decode_reading(encode_reading(reading)) == reading
