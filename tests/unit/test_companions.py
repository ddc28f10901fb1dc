"""Documents of one file that speak of the same person bear each other out, or are doubted."""

from __future__ import annotations

from dataclasses import replace

from pipeline.domain.findings import Classification, Component, Evidence, Field, FieldOrigin, Findings
from pipeline.domain.geometry import Box
from pipeline.understanding.checks import DOUBTED, check_companions

CARD = {"so_dinh_danh": "027166577394", "ho_ten": "Nguyễn Thị Hòa", "ngay_sinh": "1966-04-03"}
REQUEST = {"ho_ten": "Nguyễn Thị Hoà", "ngay_sinh": "1966-04-03", "so_dinh_danh": "027166577394"}
MARRIAGE = {"ho_ten_vo": "Nguyễn Thị Hòa", "ngay_sinh_vo": "1966-04-03", "so_dinh_danh_vo": "027166577394"}


def component(page: int, code: str, values: dict[str, str], origin: FieldOrigin = FieldOrigin.OCR) -> Component:
    spot = (Evidence(page, Box(0, 0, 1, 1)),)
    fields = tuple(Field(key, value, value, 0.95, spot, origin) for key, value in values.items())
    return Component((page,), Findings(Classification(code, 0.97), fields))


def doubts(*components: Component) -> dict[tuple[int, str], tuple[object, ...]]:
    """What doubted fields may be instead, by component and key."""
    checked = check_companions(components)
    found = {}
    for place, one in enumerate(checked):
        for field in one.findings.fields:
            assert (field.confidence == DOUBTED) == bool(field.problems)
            if field.problems:
                assert [problem.code for problem in field.problems] == ["sources_disagree"]
                found[place, field.key] = tuple(offered.value for offered in field.suggestions)
    return found


def test_documents_that_agree_or_speak_of_others_are_left_alone() -> None:
    card, request = component(1, "can_cuoc_cong_dan", CARD), component(3, "don_de_nghi", REQUEST)
    marriage = component(4, "giay_chung_nhan_ket_hon", MARRIAGE)
    other = component(5, "don_de_nghi", {**REQUEST, "so_dinh_danh": "024071220130", "ngay_sinh": "1971-01-01"})
    assert doubts(card, request, marriage, other) == {}


def test_a_misread_digit_of_an_id_is_seen_beside_the_card() -> None:
    card = component(1, "can_cuoc_cong_dan", CARD)
    request = component(3, "don_de_nghi", {**REQUEST, "so_dinh_danh": "027166577334"})
    assert doubts(card, request) == {(0, "so_dinh_danh"): ("027166577334",), (1, "so_dinh_danh"): ("027166577394",)}


def test_what_a_code_said_is_not_doubted_for_what_print_says() -> None:
    card = component(1, "can_cuoc_cong_dan", CARD, FieldOrigin.QR)
    request = component(3, "don_de_nghi", {**REQUEST, "so_dinh_danh": "027166577334"})
    assert doubts(card, request) == {(1, "so_dinh_danh"): ("027166577394",)}


def test_the_same_id_has_one_birth_date_and_one_name() -> None:
    card = component(1, "can_cuoc_cong_dan", CARD)
    marriage = component(
        4, "giay_chung_nhan_ket_hon", {**MARRIAGE, "ngay_sinh_vo": "1966-04-08", "ho_ten_vo": "Nguyễn Thị Hoa"}
    )
    assert doubts(card, marriage) == {
        (0, "ho_ten"): ("Nguyễn Thị Hoa",),
        (0, "ngay_sinh"): ("1966-04-08",),
        (1, "ho_ten_vo"): ("Nguyễn Thị Hòa",),
        (1, "ngay_sinh_vo"): ("1966-04-03",),
    }


def test_namesakes_with_other_birth_dates_are_two_people() -> None:
    card = component(1, "can_cuoc_cong_dan", CARD)
    request = component(3, "don_de_nghi", {**REQUEST, "ngay_sinh": "1968-04-03", "so_dinh_danh": "027168577394"})
    assert doubts(card, request) == {}


def test_the_message_names_the_page_and_the_other_value() -> None:
    card = component(1, "can_cuoc_cong_dan", CARD)
    request = component(3, "don_de_nghi", {**REQUEST, "so_dinh_danh": "027166577334"})
    checked = check_companions((card, replace(request, pages=(3, 4))))
    problem = checked[0].findings.fields[0].problems[0]
    assert (problem.field, problem.page) == ("so_dinh_danh", 1)
    assert "trang 3" in problem.message
    assert "027166577334" in problem.message
