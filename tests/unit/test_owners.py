"""Whose paper it is: by the fields that its recipe names, and by nobody's guess."""

from __future__ import annotations

import pytest

from pipeline.domain.documents import Owner
from pipeline.domain.findings import Component, Field, Findings, Problem
from pipeline.understanding import document_types, relate
from pipeline.understanding.dictionary import groups
from pipeline.understanding.kinds.recipes import recipes
from pipeline.understanding.standing.owners import find_owners
from tests.written_findings import found
from tests.written_pages import write_page

WRONG = (Problem("id_birth_differs", "Số định danh không khớp ngày sinh.", "so_dinh_danh"),)


def test_a_birth_certificate_is_the_childs_and_not_its_parents() -> None:
    birth = found(
        "giay_khai_sinh",
        so_dinh_danh="027316191757",
        ho_ten="Bùi Thanh Loan",
        ngay_sinh="2016-05-01",
        ho_ten_me="Phạm Thu Phượng",
    )
    assert find_owners(birth) == (Owner("027316191757", "Bùi Thanh Loan", "2016-05-01"),)


def test_a_marriage_certificate_is_both_spouses() -> None:
    marriage = found(
        "giay_chung_nhan_ket_hon",
        ho_ten_vo="Lê Thị Sen", ngay_sinh_vo="1981-01-02", so_dinh_danh_vo="074181029422",
        ho_ten_chong="Đặng Duy Hướng", ngay_sinh_chong="1985-09-17",
    )  # fmt: skip
    assert find_owners(marriage) == (
        Owner("074181029422", "Lê Thị Sen", "1981-01-02"),
        Owner("", "Đặng Duy Hướng", "1985-09-17"),
    )


def test_a_personal_id_that_something_speaks_against_links_nobody() -> None:
    single = found(
        "giay_xac_nhan_hon_nhan",
        so_dinh_danh=Field("so_dinh_danh", "027190012345", "027190012345", 0.9, problems=WRONG),
        ho_ten="Trần Văn An", ngay_sinh="1991-04-05",
    )  # fmt: skip
    assert find_owners(single) == (Owner("", "Trần Văn An", "1991-04-05"),)


def test_nine_digits_of_an_old_identity_card_are_no_personal_id() -> None:
    assert find_owners(found("don_de_nghi", so_dinh_danh="125345678", ho_ten="Trần Văn An"))[0].id12 == ""


@pytest.mark.parametrize("code", sorted(groups()))
def test_an_administrative_paper_belongs_to_nobody_by_itself(code: str) -> None:
    assert find_owners(found(code, nguoi_ky="Nguyễn Văn Thành", trich_yeu="bổ nhiệm ông Trần Văn An")) == ()


@pytest.mark.parametrize("kind", document_types(), ids=lambda kind: kind.code)
def test_recipes_name_owners_and_validity_by_fields_of_their_type(kind) -> None:
    recipe, keys = recipes()[kind.code], {spec.key: spec.type for spec in kind.fields}
    for owner in recipe.owners:
        assert not owner.id12 or keys[owner.id12] == "id12"
        assert keys[owner.name] == "name"
        assert not owner.birth_date or keys[owner.birth_date] == "date"
    if recipe.validity:
        assert all(keys[key] == "date" for key in (recipe.validity.issued, recipe.validity.until) if key)
        assert all(key in keys for key in (*recipe.validity.conditions, *filter(None, [recipe.validity.term])))


def test_each_document_of_a_file_has_owners_of_its_own() -> None:
    card = found("can_cuoc_cong_dan", so_dinh_danh="027091000001", ho_ten="Trần Văn An")
    request = found("don_de_nghi", so_dinh_danh="027190000002", ho_ten="Lê Thị Bình")
    whole = Findings(card.classification, card.fields, components=(Component((1,), card), Component((2,), request)))
    related = relate(whole, [write_page([], 1), write_page([], 2)])
    assert [owner.id12 for owner in related.owners] == ["027091000001"]
    assert [part.findings.owners[0].id12 for part in related.components] == ["027091000001", "027190000002"]
