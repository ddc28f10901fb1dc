"""Several documents in one file are parted at their first pages; what goes along with a paper stays with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pipeline.domain.pages import PageReading
from pipeline.understanding import understand
from tests.unit.test_understanding_document import BIRTH
from tests.written_pages import Written, decision, write_page

TODAY = date(2026, 1, 1)

RULES: list[Written] = [
    (420, 300, "ỦY BAN NHÂN DÂN"),
    (1120, 300, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (420, 370, "TỈNH BẮC NINH"),
    (1350, 370, "Độc lập - Tự do - Hạnh phúc"),
    (1130, 560, "QUY CHẾ"),
    (800, 630, "Phối hợp số hóa hồ sơ, giấy tờ"),
    (560, 700, "(Ban hành kèm theo Quyết định số 717/QĐ-UBND ngày 07/03/2024)"),
    (1080, 860, "Chương I"),
    (520, 980, "Điều 1. Phạm vi điều chỉnh của Quy chế này là việc phối hợp giữa các cơ quan."),
]
BODY: list[Written] = [
    (1220, 180, "2"),
    (400, 300, "các cơ quan, đơn vị có liên quan chịu trách nhiệm thi hành việc số hóa hồ sơ."),
    (400, 380, "Điều 4. Chánh Văn phòng Ủy ban nhân dân tỉnh chịu trách nhiệm thi hành."),
]
DRAFT: list[Written] = [
    (420, 300, "HỘI ĐỒNG NHÂN DÂN"),
    (1120, 300, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (420, 370, "TỈNH BẮC NINH"),
    (1350, 370, "Độc lập - Tự do - Hạnh phúc"),
    (420, 480, "Số:   /2024/NQ-HĐND"),
    (1250, 480, "Bắc Ninh, ngày   tháng   năm 2024"),
    (1080, 640, "NGHỊ QUYẾT"),
    (760, 710, "Về việc giao dự toán ngân sách"),
    (520, 1000, "Căn cứ Luật Ngân sách nhà nước ngày 25 tháng 6 năm 2015;"),
]
FORM: list[Written] = [
    (1900, 180, "Mẫu số 01"),
    (740, 300, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (950, 370, "Độc lập - Tự do - Hạnh phúc"),
    (980, 560, "ĐƠN ĐỀ NGHỊ"),
    (400, 760, "Kính gửi: ................................................"),
    (400, 860, "Họ và tên: ..............................................."),
    (400, 960, "Nơi cư trú: .............................................."),
    (1300, 1200, "......, ngày ... tháng ... năm ......"),
]


def read(*pages: list[Written]) -> list[PageReading]:
    return [replace(write_page(lines, number=number), blank=not lines) for number, lines in enumerate(pages, 1)]


def parts(*pages: list[Written]) -> list[tuple[str, tuple[int, ...]]]:
    """Type and pages of every document found; of one document its type and all pages."""
    findings = understand(read(*pages), today=TODAY)
    if not findings.components:
        return [(findings.classification.code, tuple(range(1, len(pages) + 1)))]
    return [(part.findings.classification.code, part.pages) for part in findings.components]


def test_one_document_has_no_components() -> None:
    assert understand(read(decision()), today=TODAY).components == ()


def test_two_papers_in_one_file_are_two_documents() -> None:
    second = decision(number="Số: 91/QĐ-UBND", date="Bắc Ninh, ngày 09 tháng 4 năm 2024")
    findings = understand(read(decision(), second), today=TODAY)
    numbers = [part.findings.field("so_ky_hieu") for part in findings.components]
    assert [part.pages for part in findings.components] == [(1,), (2,)]
    assert [found.value for found in numbers if found] == ["717/QĐ-UBND", "91/QĐ-UBND"]
    assert [found.evidence[0].page for found in numbers if found] == [1, 2]


def test_what_the_file_says_first_is_what_it_is_called() -> None:
    findings = understand(read(decision(), BIRTH), today=TODAY)
    first = findings.components[0].findings
    assert (findings.classification, findings.fields) == (first.classification, first.fields)
    assert [part.findings.classification.code for part in findings.components] == ["quyet_dinh", "giay_khai_sinh"]


def test_rules_with_a_head_of_their_own_stay_with_the_decision_that_brings_them() -> None:
    findings = understand(read(decision(), RULES), today=TODAY)
    number = findings.field("so_ky_hieu")
    assert findings.components == ()
    assert number is not None
    assert number.value == "717/QĐ-UBND"


def test_a_draft_without_number_and_day_stays_with_what_submits_it() -> None:
    assert parts(decision(title="TỜ TRÌNH", number="Số: 22/TTr-UBND"), DRAFT) == [("to_trinh", (1, 2))]


def test_blank_forms_stay_with_the_paper_they_follow() -> None:
    assert parts(decision(), FORM, FORM) == [("quyet_dinh", (1, 2, 3))]


def test_later_pages_and_blank_backs_belong_to_the_document_before_them() -> None:
    found = parts([line for line in decision() if line[1] < 1900], BODY, [], BIRTH, [], decision())
    assert found == [("quyet_dinh", (1, 2, 3)), ("giay_khai_sinh", (4, 5)), ("quyet_dinh", (6,))]


def test_sheets_fed_in_the_wrong_order_are_one_document() -> None:
    assert parts(BODY, [line for line in decision() if line[1] < 1900]) == [("quyet_dinh", (1, 2))]


def test_empty_pages_alone_are_one_document_of_no_type() -> None:
    assert parts([], [], []) == [("khac", (1, 2, 3))]


def test_who_signs_an_appendix_does_not_sign_the_paper() -> None:
    appendix: list[Written] = [
        (1080, 250, "PHỤ LỤC I"),
        (900, 330, "DANH SÁCH HỖ TRỢ"),
        (700, 410, "(Ban hành theo Quyết định số 717/QĐ-UBND)"),
        (1600, 2000, "GIÁM ĐỐC"),
        (1520, 2400, "Trần Thị Bình"),
    ]
    findings = understand(read(decision(), appendix), today=TODAY)
    signer = findings.field("nguoi_ky")
    assert findings.components == ()
    assert signer is not None
    assert signer.value == "Nguyễn Văn Thành"


def test_a_page_that_may_or_may_not_begin_a_document_is_told_to_a_human() -> None:
    card: list[Written] = [(700, 330, "BẢN ĐỒ HIỆN TRẠNG SỬ DỤNG ĐẤT"), (1000, 1500, "TỶ LỆ 1:1000")]
    findings = understand(read(decision(), card), today=TODAY)
    problems = [problem for part in findings.components for problem in part.findings.problems] or list(findings.problems)
    assert ("cut_doubtful", 2) in [(problem.code, problem.page) for problem in problems]


def test_a_clear_cut_is_not_doubted() -> None:
    findings = understand(read(decision(), BIRTH, BODY), today=TODAY)
    assert len(findings.components) == 2
    assert "cut_doubtful" not in {problem.code for part in findings.components for problem in part.findings.problems}
