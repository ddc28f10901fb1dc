"""Several readings of one datum, and what is made of them."""

from __future__ import annotations

import pytest

from pipeline.domain.findings import Evidence, Field, FieldOrigin, FieldSpec, FieldValue
from pipeline.domain.geometry import Box
from pipeline.understanding.trust.confidence import Proof
from pipeline.understanding.trust.witnesses import Witness, alike, same, settle
from tests.written_forms import field_of
from tests.written_pages import Written

NAME = FieldSpec("ho_ten", "name", required=True, label="Họ và tên")
BORN = FieldSpec("ngay_sinh", "date", required=True, label="Ngày sinh")


def witness(value: FieldValue, confidence: float, *chances: float, place: str = "", loose: bool = False) -> Witness:
    spot = Evidence(1, Box(0, 0, 10 + len(place), 10))
    return Witness(Field("ho_ten", value, str(value), confidence, (spot,)), Proof(chances=chances), place, loose=loose)


def coded(value: str, origin: FieldOrigin = FieldOrigin.QR) -> Witness:
    return Witness(
        Field("ho_ten", value, value, 0.985, (Evidence(1, Box(90, 90, 99, 99)),), origin), Proof(known=True), "mã QR"
    )


def settled(spec: FieldSpec, *witnesses: Witness) -> Witness:
    found = settle(spec, witnesses)
    assert found is not None
    return found


def test_nothing_said_is_nothing_found() -> None:
    assert settle(NAME, ()) is None


def test_readings_that_agree_are_believed_more_and_all_shown() -> None:
    again = witness("Nguyễn Văn An", 0.7, place="chữ ký", loose=True)
    found = settled(NAME, witness("Nguyễn Văn An", 0.8), again)
    assert found.field.value == "Nguyễn Văn An"
    assert found.field.confidence > 0.8
    assert found.proof.agreeing == 1
    assert len(found.field.evidence) == 2


def test_a_doubtful_reading_yields_to_a_surer_one_and_is_kept_as_a_suggestion() -> None:
    found = settled(
        NAME, witness("Trần Cấm Thư", 0.4, 0.9, 0.4, 0.5), witness("Trần Cẩm Thư", 0.97, 0.99, 0.99, 0.99, loose=True)
    )
    assert found.field.value == "Trần Cẩm Thư"
    assert [hint.value for hint in found.field.suggestions] == ["Trần Cấm Thư"]
    assert not found.field.problems


def test_sure_readings_that_differ_are_a_problem() -> None:
    found = settled(BORN, witness("1990-01-02", 0.94), witness("1990-01-03", 0.93, place="phần viết bằng chữ"))
    assert [problem.code for problem in found.field.problems] == ["sources_disagree"]
    assert found.field.confidence <= 0.5
    assert {found.field.value, found.field.suggestions[0].value} == {"1990-01-02", "1990-01-03"}


def test_another_persons_name_under_the_signature_says_nothing() -> None:
    found = settled(NAME, witness("Nguyễn Văn An", 0.9), witness("Lê Thị Hoa", 0.99, place="chữ ký", loose=True))
    assert (found.field.value, found.field.confidence) == ("Nguyễn Văn An", 0.9)
    assert not found.field.suggestions


def test_a_name_is_made_of_the_surest_syllables_that_were_read() -> None:
    first = witness("Trần Cấm Hoa Thư", 0.8, 0.99, 0.98, 0.99, 0.85)
    second = witness("Trần Cẩm Hoa Thu", 0.7, 0.9, 0.75, 0.99, 0.99, place="chữ ký", loose=True)
    third = settled(NAME, witness("Trần Cấm Hoa Thu", 0.5, 0.9, 0.6, 0.99, 0.99), second)
    assert third.field.value == "Trần Cẩm Hoa Thu"
    assert str(settled(NAME, first, second).field.value).startswith("Trần Cẩm Hoa")


def test_a_name_cut_short_is_completed_by_its_signature() -> None:
    found = settled(NAME, witness("Võ Du", 0.6, 0.99, 0.6), witness("Võ Duy Ước", 0.97, 0.99, 0.99, 0.99, loose=True))
    assert found.field.value == "Võ Duy Ước"


def test_a_signature_that_hides_the_family_name_still_bears_witness() -> None:
    found = settled(NAME, witness("Đặng Duy Hưởng", 0.8, 0.9, 0.9, 0.9), witness("Duy Hưởng", 0.9, 0.95, 0.95, loose=True))
    assert found.field.value == "Đặng Duy Hưởng"
    assert found.proof.agreeing == 1


@pytest.mark.parametrize("printed", ["Nguyễn Văn An", "NGUYỄN VĂN AN"])
def test_a_code_and_the_print_that_agree_leave_no_doubt(printed: str) -> None:
    found = settled(NAME, witness(printed, 0.7), coded("Nguyễn Văn An"))
    assert (found.field.value, found.field.origin) == ("Nguyễn Văn An", FieldOrigin.QR)
    assert found.field.confidence > 0.99
    assert len(found.field.evidence) == 2


def test_a_code_comes_before_a_print_that_was_read_in_doubt() -> None:
    found = settled(NAME, witness("Nguyễn Vãn Ân", 0.5), coded("Nguyễn Văn An"))
    assert found.field.value == "Nguyễn Văn An"
    assert [(hint.value, hint.source) for hint in found.field.suggestions] == [("Nguyễn Vãn Ân", "print")]
    assert not found.field.problems


def test_a_code_and_a_sure_print_that_differ_are_a_problem() -> None:
    code = Witness(Field("ngay_sinh", "1990-01-02", "1990-01-02", 0.985, (), FieldOrigin.QR), Proof(), "mã QR")
    found = settled(BORN, witness("1990-01-12", 0.97), code)
    assert [problem.code for problem in found.field.problems] == ["sources_disagree"]
    assert found.field.value == "1990-01-02"
    assert [hint.value for hint in found.field.suggestions] == ["1990-01-12"]


def test_values_are_the_same_whatever_their_case_and_where_a_tone_is_set() -> None:
    assert same("Nguyễn Hoà", "NGUYỄN HÒA")
    assert same(500, 500)
    assert not same("Hòa", "Hoa")
    assert alike(NAME, "Khống Thanh Hà", "Khổng Thanh Hà")
    assert not alike(NAME, "Khổng Thanh Hà", "Khổng Thanh Hà Anh Thư Minh")


def receipt(name: str, confidence: float, signed: str) -> list[Written]:
    return [
        (1120, 300, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (1350, 370, "Độc lập - Tự do - Hạnh phúc"),
        (600, 560, "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"),
        (900, 650, "Mã hồ sơ: 000.22.03.H36-260109-0955"),
        (330, 740, f"Tiếp nhận hồ sơ của: {name}", confidence),
        (330, 830, "Địa chỉ: số 12 đường Lý Thường Kiệt, phường Kinh Bắc, tỉnh Bắc Ninh"),
        (330, 920, "Nội dung yêu cầu giải quyết: Cấp đổi Giấy chứng nhận quyền sử dụng đất"),
        (330, 1010, "Thành phần hồ sơ nộp gồm:"),
        (330, 1100, "Thời gian nhận hồ sơ: 16 giờ 26 phút, ngày 09 tháng 01 năm 2026"),
        (330, 1190, "Thời gian trả kết quả giải quyết hồ sơ: 10 giờ 20 phút, ngày 10 tháng 02 năm 2026"),
        (500, 1300, "NGƯỜI NỘP HỒ SƠ"),
        (1500, 1300, "NGƯỜI TIẾP NHẬN HỒ SƠ"),
        (520, 1600, signed),
        (1520, 1600, "Lâm Thị Mai"),
    ]


def test_the_name_under_the_signature_settles_the_name_in_the_form() -> None:
    found = field_of("giay_tiep_nhan_ho_so", "ho_ten", receipt("Võ Dũy Ước", 0.5, "Võ Duy Ước"))
    assert found.value == "Võ Duy Ước"
    assert [hint.value for hint in found.suggestions] == ["Võ Dũy Ước"]
