"""Number and day that the appendices of a paper say again."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.domain.findings import Findings
from pipeline.understanding import understand
from tests.written_pages import decision, write_page

TODAY = date(2026, 1, 1)


def with_appendix(*headings: str, **parts: str) -> Findings:
    """A decision and, on pages of their own, appendices under ``headings``."""
    pages = [write_page(decision(**parts))]
    for number, heading in enumerate(headings, 2):
        lines = [(1100, 300, "PHỤ LỤC"), (500, 380, heading), (300, 600, "Stt  Nội dung công việc  Thời gian")]
        pages.append(write_page(lines, number=number))
    return understand(pages, today=TODAY)


HEADING = "(Kèm theo Quyết định số 717/QĐ-UBND ngày 07/3/2024 của Ủy ban nhân dân tỉnh Bắc Ninh)"


def test_a_number_that_ink_hides_is_taken_from_the_appendix() -> None:
    findings = with_appendix(HEADING, number="Số: … /QĐ-UBND")
    number = findings.field("so_ky_hieu")
    assert number is not None
    assert (number.value, number.evidence[0].page) == ("717/QĐ-UBND", 2)
    assert [problem.code for problem in number.problems] == ["number_handwritten"]


def test_a_day_that_ink_hides_is_taken_from_the_appendix() -> None:
    found = with_appendix(HEADING, date="Bắc Ninh, ngày … tháng 03 năm 2024").field("ngay_ban_hanh")
    assert found is not None
    assert found.value == "2024-03-07"


def test_another_number_in_the_appendix_is_suggested_and_changes_nothing() -> None:
    found = with_appendix(HEADING.replace("717", "711")).field("so_ky_hieu")
    assert found is not None
    assert found.value == "717/QĐ-UBND"
    assert [(one.value, one.source) for one in found.suggestions] == [("711/QĐ-UBND", "page")]


@pytest.mark.parametrize(
    "heading",
    [
        "(Kèm theo Quyết định số 05/QĐ-STP ngày 01/02/2023 của Sở Tư pháp)",
        "Nội dung kèm theo Quyết định số 711/QĐ-UBND",
        "(Kèm theo Quyết định số     /QĐ-UBND ngày    tháng    năm 2024)",
    ],
)
def test_what_speaks_of_other_papers_says_nothing(heading: str) -> None:
    found = with_appendix(heading).field("so_ky_hieu")
    assert found is not None
    assert (found.value, found.suggestions) == ("717/QĐ-UBND", ())


def test_most_appendices_are_believed_before_one() -> None:
    findings = with_appendix(HEADING, HEADING.replace("717", "117"), HEADING, number="Số: … /QĐ-UBND")
    number = findings.field("so_ky_hieu")
    assert number is not None
    assert number.value == "717/QĐ-UBND"
