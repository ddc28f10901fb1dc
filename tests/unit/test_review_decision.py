"""When a human must look."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.domain.documents import Status
from pipeline.domain.findings import Classification, Component, Field, FieldOrigin, Findings, Problem
from pipeline.domain.pages import PageOrigin, PageReading, Quality, UnreadPage
from pipeline.review import decide
from pipeline.review.thresholds import needed_confidence
from tests.written_pages import write_page

PAGE = write_page([(300, 300, "QUYẾT ĐỊNH về việc gì đó")])
SURE = Findings(
    Classification("quyet_dinh", 0.98),
    (Field("so_ky_hieu", "717/QĐ-UBND", "717/QĐ-UBND", 0.999), Field("nguoi_ky", "Bùi Thanh Loan", "", 0.999)),
)


def codes(pages, findings):
    status, problems = decide(pages, findings)
    return status, [problem.code for problem in problems]


def test_what_is_sure_in_every_part_needs_no_human() -> None:
    assert codes([PAGE], SURE) == (Status.APPROVED, [])


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (PageReading(1, 10, 10, 300, UnreadPage(1, "page_timeout"), PageOrigin.UNREAD), "page_unread"),
        (replace(PAGE, quality=Quality("rescan", ("blur",))), "page_rescan"),
        (write_page([(300, 300, "mờ mờ ảo ảo", 0.3)]), "page_illegible"),
    ],
)
def test_a_page_that_was_not_read_well_is_looked_at(page: PageReading, code: str) -> None:
    assert codes([PAGE, page], SURE) == (Status.NEEDS_REVIEW, [code])


def test_blank_pages_hold_nothing_back_unless_there_is_nothing_else() -> None:
    blank = replace(write_page([], number=2), blank=True)
    assert codes([PAGE, blank], SURE)[0] is Status.APPROVED
    assert "empty_document" in codes([blank], SURE)[1]
    assert "empty_document" in codes([], SURE)[1]


@pytest.mark.parametrize(
    ("classification", "code"),
    [(Classification("khac", 0.99), "type_unknown"), (Classification("quyet_dinh", 0.7), "type_doubtful")],
)
def test_a_doubtful_type_is_looked_at(classification: Classification, code: str) -> None:
    assert codes([PAGE], replace(SURE, classification=classification)) == (Status.NEEDS_REVIEW, [code])


@pytest.mark.parametrize(
    "field",
    [
        Field("so_dinh_danh", "027166577394", "", 0.88),
        Field("ngay_sinh", "1966-04-03", "", 0.89),
        Field("ho_ten", "Bùi Thanh Loan", "", 0.8),
        Field("von_kinh_doanh", 100_000_000, "", 0.85),
        Field("dia_chi", "tổ 6, xã Ia Lâu", "", 0.5),
        Field("noi_nhan", ("Như trên", "Lưu: VT"), "", 0.4),
    ],
)
def test_values_are_doubted_below_what_they_need(field: Field) -> None:
    assert codes([PAGE], replace(SURE, fields=(field,))) == (Status.NEEDS_REVIEW, ["low_confidence"])
    needed = needed_confidence(field, "quyet_dinh")
    assert needed >= 0.9
    enough = Status.APPROVED if needed <= 1 else Status.NEEDS_REVIEW
    assert codes([PAGE], replace(SURE, fields=(replace(field, confidence=min(1.0, needed)),)))[0] is enough


def test_what_a_human_or_a_code_on_the_paper_said_is_not_doubted() -> None:
    field = Field("so_dinh_danh", "027166577394", "", 0.1, origin=FieldOrigin.QR)
    assert codes([PAGE], replace(SURE, fields=(field,)))[0] is Status.APPROVED


def test_problems_of_the_findings_and_of_each_field_are_handed_on() -> None:
    missing, odd = Problem("field_missing", "…", "nguoi_ky"), Problem("number_handwritten", "…", "so_ky_hieu")
    field = Field("so_ky_hieu", "44/QĐ-UBND", "", 0.95, problems=(odd,))
    status, problems = decide([PAGE], replace(SURE, fields=(field,), problems=(missing,)))
    assert (status, problems) == (Status.NEEDS_REVIEW, (odd, missing))


def test_numbers_come_before_names_and_text_and_what_a_type_may_lack_comes_last() -> None:
    keys = ("noi_nhan", "trich_yeu", "dia_danh", "nguoi_ky", "co_quan_chu_quan", "ngay_ban_hanh", "so_ky_hieu")
    fields = tuple(Field(key, "x", "x", 0.1) for key in keys)
    _, problems = decide([PAGE], replace(SURE, fields=fields))
    wanted = ["so_ky_hieu", "nguoi_ky", "ngay_ban_hanh", "dia_danh", "trich_yeu", "co_quan_chu_quan", "noi_nhan"]
    assert [problem.field for problem in problems] == wanted


def test_what_sets_two_fields_against_each_other_is_told_once() -> None:
    def odd(key: str) -> Field:
        return Field(key, "x", "x", 0.5, problems=(Problem("id_disagrees_birth", f"… {key}", key),))

    couple = ("ngay_sinh_vo", "so_dinh_danh_vo", "so_dinh_danh_chong", "ngay_sinh_chong")
    married = Findings(Classification("giay_chung_nhan_ket_hon", 0.99), tuple(odd(key) for key in couple))
    _, problems = decide([PAGE], married)
    assert [problem.field for problem in problems] == ["ngay_sinh_chong", "ngay_sinh_vo"]


def test_every_document_of_a_file_is_looked_at() -> None:
    doubted = replace(SURE, classification=Classification("thong_bao", 0.6), fields=(Field("nguoi_ky", "Bùi", "", 0.3),))
    parts = (Component((1,), SURE), Component((2, 3), doubted))
    status, problems = decide([PAGE, replace(PAGE, number=2)], replace(SURE, components=parts))
    assert status is Status.NEEDS_REVIEW
    assert [(problem.code, problem.page) for problem in problems] == [("type_doubtful", 2), ("low_confidence", 2)]


def test_a_field_of_which_nothing_was_learnt_always_goes_to_a_human() -> None:
    unheard = Field("khong_co_trong_tu_dien", "x", "x", 1.0)
    assert codes([PAGE], replace(SURE, fields=(unheard,))) == (Status.NEEDS_REVIEW, ["low_confidence"])


def test_every_message_is_vietnamese_and_says_what_to_do() -> None:
    unread = PageReading(1, 10, 10, 300, UnreadPage(1, "x"), PageOrigin.UNREAD)
    field = Field("so", "x" * 100, "", 0.1)
    _, problems = decide([unread], Findings(Classification("khac", 0.9), (field,)))
    assert len(problems) == 3
    assert all(any(verb in problem.message for verb in ("Kiểm tra", "Chọn", "Đối chiếu")) for problem in problems)
