"""The layout of papers against Decree 30: a right one is passed over in silence, and what one lacks is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from pipeline.domain.findings import Component, Conformity, Findings, Outcome, RuleOutcome, Severity
from pipeline.domain.pages import PageOrigin, PageReading
from pipeline.understanding import lint_layout, understand
from pipeline.understanding.dictionary import groups
from pipeline.understanding.layout.linter import CHECKS, layout_rules
from tests.written_findings import found
from tests.written_pages import Written, decision, write_page

TEXT = "Thực hiện đầy đủ các nhiệm vụ được giao trong năm nay và báo cáo kết quả về Văn phòng trước ngày"
RUNNING = [(360.0, 300.0 + 80 * row, TEXT) for row in range(30)]


def linted(*pages: PageReading) -> tuple[Findings, dict[str, RuleOutcome]]:
    findings = understand(pages, today=date(2026, 1, 1))
    (judged,) = lint_layout(findings, pages)
    return findings, {one.rule: one for one in judged.outcomes}


def hints(*pages: PageReading) -> dict[str, str]:
    return {rule: one.found for rule, one in linted(*pages)[1].items() if one.outcome is Outcome.FAILED}


def without(*starts: str) -> list[Written]:
    return [line for line in decision() if not line[2].startswith(starts)]


def with_text(old: str, new: str) -> list[Written]:
    return [(line[0], line[1], line[2].replace(old, new)) for line in decision()]


def test_a_right_paper_is_passed_over_in_silence() -> None:
    _, judged = linted(write_page(decision()))
    assert {rule: one.outcome for rule, one in judged.items() if one.outcome is not Outcome.PASSED} == {
        "margins": Outcome.UNKNOWN,
        "size": Outcome.UNKNOWN,
        "page_numbers": Outcome.NOT_APPLICABLE,
    }
    assert all(one.severity is Severity.HINT and one.point and one.title for one in judged.values())


@pytest.mark.parametrize(
    ("lines", "rule", "told"),
    [
        (without("CỘNG HÒA"), "nation", "không thấy"),
        (with_text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Cộng hòa xã hội chủ nghĩa Việt Nam"), "nation", "Cộng hòa xã"),
        (without("Độc lập"), "motto", "không thấy"),
        (with_text("Độc lập - Tự do - Hạnh phúc", "Độc lập Tự do Hạnh phúc"), "motto", "Độc lập Tự do Hạnh phúc"),
        (with_text("Độc lập - Tự do - Hạnh phúc", "ĐỘC LẬP - TỰ DO - HẠNH PHÚC"), "motto", "ĐỘC LẬP"),
        (with_text("Độc lập - Tự do - Hạnh phúc", "Độc Lập - Tự Do - Hạnh Phúc"), "motto", "Độc Lập"),
        (without("ỦY BAN NHÂN DÂN", "TỈNH BẮC NINH"), "issuer", "không thấy"),
        (without("Số:"), "number", "không thấy"),
        (without("Bắc Ninh, ngày"), "place_date", "không thấy"),
        (without("Về việc", "hồ sơ, giấy tờ trên"), "subject", "không thấy"),
        (without("Nguyễn Văn Thành"), "signer", "không thấy"),
        (without("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Văn Thành"), "signer_title", "không thấy"),
        (without("KT. CHỦ TỊCH"), "authority", "PHÓ CHỦ TỊCH"),
        (without("Nơi nhận", "- "), "recipients", "không thấy"),
    ],
)
def test_what_a_paper_lacks_is_told(lines: list[Written], rule: str, told: str) -> None:
    found_hints = hints(write_page(lines))
    assert found_hints[rule].startswith(told)


def test_a_paper_without_its_title_lacks_it() -> None:
    page = write_page(without("QUYẾT ĐỊNH"))
    (judged,) = lint_layout(found("quyet_dinh", so_ky_hieu="717/QĐ-UBND"), [page])
    assert outcome(judged, "title").outcome is Outcome.FAILED


def test_a_number_below_the_title_is_out_of_order() -> None:
    lines = [(420.0, 720.0, "Số: 717/QĐ-UBND") if line[2].startswith("Số:") else line for line in decision()]
    lines = [line for line in lines if not line[2].startswith("Về việc")]
    (judged,) = lint_layout(found("quyet_dinh"), [write_page(lines)])
    assert outcome(judged, "order").found == "số, ký hiệu dưới tên loại"


def test_what_a_page_that_is_hard_to_read_lacks_is_not_known() -> None:
    faint = [(line[0], line[1], line[2], 0.7) for line in without("CỘNG HÒA", "Độc lập", "Nơi nhận", "- ")]
    (judged,) = lint_layout(found("quyet_dinh"), [write_page(faint)])
    assert not [one for one in judged.outcomes if one.outcome is Outcome.FAILED]


def outcome(judged: Conformity, rule: str) -> RuleOutcome:
    return next(one for one in judged.outcomes if one.rule == rule)


def shaped(lines: list[Written], rule: str, **changes: object) -> RuleOutcome:
    pages = [write_page(decision()[:12]), write_page(lines, 2, **changes), write_page(decision()[12:], 3)]
    (judged,) = lint_layout(found("quyet_dinh"), pages)
    return outcome(judged, rule)


def moved(left: float, down: float = 0.0) -> list[Written]:
    return [(line[0] + left, line[1] + down, line[2]) for line in RUNNING]


def test_margins_are_measured_from_the_edge_of_the_paper() -> None:
    assert shaped(RUNNING, "margins").outcome is Outcome.PASSED
    wrong = shaped([(520.0, line[1], TEXT.removesuffix(" trước ngày")) for line in RUNNING], "margins")
    assert (wrong.outcome, wrong.pages) == (Outcome.FAILED, (2,))
    assert "trái 44 mm" in wrong.found
    assert "trên 38 mm" in shaped(moved(0, 150), "margins").found


def test_a_sheet_that_lay_askew_on_the_glass_has_moved_and_not_other_margins() -> None:
    assert shaped(moved(60), "margins").outcome is Outcome.PASSED


def test_margins_of_a_picture_that_is_no_scan_of_the_sheet_are_not_known() -> None:
    pages = [replace(write_page(RUNNING, number), dpi=200.0) for number in (1, 2)]
    (judged,) = lint_layout(found("quyet_dinh"), pages)
    assert outcome(judged, "margins").outcome is Outcome.UNKNOWN
    assert outcome(judged, "paper").outcome is Outcome.UNKNOWN


def test_paper_that_is_printed_on_another_size_is_told() -> None:
    pages = [replace(write_page(RUNNING), dpi=250.0, origin=PageOrigin.TEXT_LAYER)]
    (judged,) = lint_layout(found("quyet_dinh"), pages)
    assert outcome(judged, "paper").found == "252 mm x 356 mm"


def test_letters_much_too_small_are_told() -> None:
    tiny = [(700.0, 700.0 + 80 * row, f"{TEXT} {TEXT}") for row in range(30)]
    (judged,) = lint_layout(found("quyet_dinh"), [replace(write_page(tiny), width=4960, height=7016, dpi=600.0)])
    assert outcome(judged, "size").found == "khoảng 7"
    (right,) = lint_layout(found("quyet_dinh"), [write_page(RUNNING)])
    assert outcome(right, "size").outcome is Outcome.PASSED


def numbered(place: Callable[[int], Written | None]) -> RuleOutcome:
    pages = [write_page(decision()[:12])]
    for number in range(2, 7):
        extra = place(number)
        pages.append(write_page([*([extra] if extra else []), *RUNNING], number))
    (judged,) = lint_layout(found("quyet_dinh"), pages)
    return outcome(judged, "page_numbers")


def test_page_numbers_stand_in_the_middle_of_the_head() -> None:
    assert numbered(lambda number: (1230, 150, str(number))).outcome is Outcome.PASSED
    assert numbered(lambda number: (1230, 150, "3") if number == 3 else None).outcome is Outcome.PASSED
    assert numbered(lambda number: (1230, 3350, str(number))).found == "đánh số ở lề dưới"
    assert numbered(lambda number: None).found == "không thấy"


def test_a_few_pages_without_a_number_tell_nothing() -> None:
    assert shaped(RUNNING, "page_numbers").outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("code", ["khac", "giay_khai_sinh", "don_de_nghi"])
def test_papers_of_other_layouts_are_not_judged(code: str) -> None:
    assert lint_layout(found(code), [write_page(decision())]) == ()


def test_papers_from_before_the_decree_are_not_judged() -> None:
    assert lint_layout(found("quyet_dinh", ngay_ban_hanh="2019-12-31"), [write_page(decision())]) == ()
    assert lint_layout(found("quyet_dinh", ngay_ban_hanh="2020-03-05"), [write_page(decision())]) != ()


def test_blank_pages_alone_are_not_judged() -> None:
    assert lint_layout(found("quyet_dinh"), [write_page([], blank=True)]) == ()


def test_each_administrative_paper_of_a_file_is_judged_by_its_own_pages() -> None:
    one, other = write_page(decision()), write_page(without("CỘNG HÒA"), 3)
    parts = (Component((1,), found("quyet_dinh")), Component((2,), found("khac")), Component((3,), found("quyet_dinh")))
    judged = lint_layout(replace(found("quyet_dinh"), components=parts), [one, write_page([], 2), other])
    assert [outcome(each, "nation").pages for each in judged] == [(), (3,)]


def test_every_rule_has_its_check_and_binds_types_of_the_dictionary() -> None:
    rules = layout_rules().rules
    assert [rule.id for rule in rules] == list(dict.fromkeys(rule.id for rule in rules))
    assert {rule.id for rule in rules} == set(CHECKS)
    assert all(code in groups() for rule in rules for code in rule.not_for)
