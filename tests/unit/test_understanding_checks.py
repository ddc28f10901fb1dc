"""Checks that need nobody's help."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.domain.findings import Field
from pipeline.understanding.checks import HINTED, check_fields, missing_fields

TODAY = date(2026, 1, 1)


def doubts(code: str, **values: str | int) -> dict[str, list[str]]:
    fields = [Field(key, value, str(value), 0.95) for key, value in values.items()]
    checked = check_fields(code, fields, TODAY)
    assert [found.key for found in checked] == list(values)
    assert all((found.confidence <= HINTED) == bool(found.problems) for found in checked)
    return {found.key: [problem.code for problem in found.problems] for found in checked if found.problems}


def test_a_sound_card_is_not_doubted() -> None:
    assert doubts("can_cuoc_cong_dan", so_dinh_danh="027166577394", ngay_sinh="1966-04-03", gioi_tinh="Nữ") == {}
    assert doubts("can_cuoc_cong_dan", so_dinh_danh="001322229805", ngay_sinh="2022-05-06", gioi_tinh="Nữ") == {}


@pytest.mark.parametrize(
    ("number", "born", "sex", "code"),
    [
        ("003166577394", "1966-04-03", "Nữ", "id_structure"),
        ("027165577394", "1966-04-03", "Nữ", "id_disagrees_birth"),
        ("027366577394", "1966-04-03", "Nữ", "id_disagrees_birth"),
        ("027066577394", "1966-04-03", "Nữ", "id_disagrees_sex"),
    ],
)
def test_an_id_must_agree_with_province_birth_and_sex(number: str, born: str, sex: str, code: str) -> None:
    assert code in doubts("can_cuoc_cong_dan", so_dinh_danh=number, ngay_sinh=born, gioi_tinh=sex)["so_dinh_danh"]


def test_dates_lie_in_order_and_not_ahead() -> None:
    assert doubts("quyet_dinh", ngay_ban_hanh="2027-01-01") == {"ngay_ban_hanh": ["date_in_future"]}
    assert doubts("can_cuoc_cong_dan", ngay_het_han="2037-07-20") == {}
    found = doubts("giay_khai_sinh", ngay_sinh="2016-05-01", ngay_dang_ky="2015-06-15")
    assert found == {"ngay_sinh": ["dates_out_of_order"], "ngay_dang_ky": ["dates_out_of_order"]}


def test_the_symbol_must_be_that_of_the_type() -> None:
    assert doubts("quyet_dinh", so_ky_hieu="01/TTr-UBND") == {"so_ky_hieu": ["number_disagrees_type"]}
    assert doubts("quyet_dinh", so_ky_hieu="01/QĐ-UBND") == {}
    assert doubts("luat", so_ky_hieu="31/2024/QH15") == {}
    assert doubts("cong_van", so_ky_hieu="84/UBND-NC") == {}


def test_the_year_within_a_number_must_be_that_of_the_date() -> None:
    found = doubts("thong_tu", so_ky_hieu="79/2024/TT-BCA", ngay_ban_hanh="2023-11-15")
    assert found == {"so_ky_hieu": ["number_disagrees_date"], "ngay_ban_hanh": ["number_disagrees_date"]}


def test_dossier_codes_and_phones_have_a_form() -> None:
    assert doubts("giay_tiep_nhan_ho_so", ma_ho_so="000.29.48.H03-240611-0295", so_dien_thoai="0868118966") == {}
    assert doubts("giay_tiep_nhan_ho_so", ma_ho_so="000.29.48", so_dien_thoai="1868118966") == {
        "ma_ho_so": ["code_structure"],
        "so_dien_thoai": ["phone_structure"],
    }


def test_only_required_fields_of_which_nothing_is_said_are_missing() -> None:
    problems = missing_fields("quyet_dinh", [Field("so_ky_hieu", "1/QĐ-UBND", "", 0.9)], ())
    assert "so_ky_hieu" not in {problem.field for problem in problems}
    assert "noi_nhan" not in {problem.field for problem in problems}
    assert "trich_yeu" in {problem.field for problem in problems}
