"""Types are told though titles are lost, torn or misread, and papers of no type are left alone."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.domain.findings import Classification
from pipeline.understanding import understand
from tests.unit.test_understanding_document import BIRTH
from tests.written_pages import Written, decision, write_page

TODAY = date(2026, 1, 1)
NATION: list[Written] = [(740, 250, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), (950, 310, "Độc lập - Tự do - Hạnh phúc")]


def taken_for(lines: list[Written]) -> Classification:
    return understand([write_page(lines)], today=TODAY).classification


def retitled(*titles: Written) -> list[Written]:
    """A decision whose title lines are ``titles`` and nothing else says that it is one."""
    return [line for line in decision(number="Số: 12/UBND") if line[2] not in ("QUYẾT ĐỊNH", "QUYẾT ĐỊNH:")] + list(titles)


@pytest.mark.parametrize(
    "titles",
    [
        [(900, 640, "Q U Y Ế T Đ Ị N H")],
        [(1080, 640, "Quyết định")],
        [(1080, 640, "QUYỂT ĐINH")],
        [(1080, 640, "QUYẾT ĐỊ")],
        [(1080, 600, "BẢN SAO"), (1080, 660, "QUYẾT ĐỊNH")],
    ],
)
def test_a_title_is_told_spaced_out_in_small_letters_misread_or_cut(titles) -> None:
    assert taken_for(retitled(*titles)).code == "quyet_dinh"


def test_a_title_that_a_stamp_hides_is_told_by_the_number() -> None:
    lines = [line for line in decision() if line[2] not in ("QUYẾT ĐỊNH", "QUYẾT ĐỊNH:")]
    assert taken_for(lines).code == "quyet_dinh"


@pytest.mark.parametrize(("symbol", "code"), [("ĐA", "de_an"), ("DA", "du_an")])
def test_abbreviations_that_differ_by_a_stroke_are_told_by_it_but_not_for_sure(symbol, code) -> None:
    lines = [line for line in decision(number=f"Số: 12/{symbol}-UBND") if line[2] not in ("QUYẾT ĐỊNH", "QUYẾT ĐỊNH:")]
    found = taken_for(lines)
    assert found.code == code
    assert found.confidence < 0.9


def test_a_number_does_not_outweigh_a_title_of_no_type() -> None:
    lines = [line for line in decision(number="Số: 56/CT-VKS") if line[2] not in ("QUYẾT ĐỊNH", "QUYẾT ĐỊNH:")]
    assert taken_for(lines).code == "chi_thi"
    assert taken_for([*lines, (1080, 640, "CÁO TRẠNG")]).code == "khac"


def test_a_title_over_several_lines_and_one_torn_in_two_are_one() -> None:
    land: list[Written] = [
        *NATION,
        (950, 420, "GIẤY CHỨNG NHẬN"),
        (600, 480, "QUYỀN SỬ DỤNG ĐẤT,   QUYỀN SỞ HỮU TÀI SẢN"),
        (900, 540, "GẮN LIỀN VỚI ĐẤT"),
        (330, 700, "1. Người sử dụng đất, chủ sở hữu tài sản gắn liền với đất:"),
        (330, 790, "Thửa đất số: 46; tờ bản đồ số: 8"),
        (330, 880, "Loại đất: Đất ở tại nông thôn"),
        (330, 970, "Thời hạn sử dụng đất: Lâu dài"),
    ]
    assert taken_for(land).code == "giay_chung_nhan_quyen_su_dung_dat"


def test_a_certificate_whose_title_is_lost_is_told_by_what_is_printed_on_it() -> None:
    assert taken_for([line for line in BIRTH if line[2] != "GIẤY KHAI SINH"]).code == "giay_khai_sinh"


def test_a_heading_in_two_tongues_is_a_title() -> None:
    lines = [line if line[2] != "GIẤY KHAI SINH" else (840, 550, "GIẤY KHAI SINH / BIRTH CERTIFICATE") for line in BIRTH]
    assert taken_for(lines).code == "giay_khai_sinh"


def test_a_letter_that_names_a_decision_stays_a_letter() -> None:
    lines = [line for line in decision(number="Số: 84/UBND-NC") if not 600 < line[1] < 900 and line[1] != 1200]
    lines += [
        (400, 560, "V/v thực hiện Quyết định"),
        (400, 620, "số 717/QĐ-UBND"),
        (900, 760, "Kính gửi: Sở Tư pháp"),
        (520, 900, "Thực hiện Quyết định số 717/QĐ-UBND về số hóa hồ sơ, giấy tờ"),
    ]
    assert taken_for(lines).code == "cong_van"


def test_an_inspectorate_whose_code_is_that_of_submissions_writes_letters_too() -> None:
    lines = [line for line in decision(number="Số: 20/TTr-NV1") if not 600 < line[1] < 900 and line[1] != 1200]
    lines += [(400, 560, "V/v lấy ý kiến dự thảo"), (900, 760, "Kính gửi: Ủy ban nhân dân các xã")]
    assert taken_for(lines).code == "cong_van"


def test_papers_of_the_party_are_not_of_decree_30() -> None:
    lines: list[Written] = [
        (420, 300, "TỈNH ỦY BẮC NINH"),
        (1300, 300, "ĐẢNG CỘNG SẢN VIỆT NAM"),
        (420, 480, "Số: 123-QĐ/TU"),
        (1250, 480, "Bắc Ninh, ngày 07 tháng 03 năm 2024"),
        (1080, 640, "QUYẾT ĐỊNH"),
        (760, 710, "về việc điều động, chỉ định cán bộ"),
        (520, 1000, "- Căn cứ Điều lệ Đảng Cộng sản Việt Nam;"),
    ]
    assert taken_for(lines).code == "khac"


def test_a_decision_of_a_company_in_the_layout_of_decree_30_is_a_decision() -> None:
    lines = [line for line in decision(number="Số: 05/QĐ-CT") if line[2] not in ("ỦY BAN NHÂN DÂN", "TỈNH BẮC NINH")]
    assert taken_for([*lines, (380, 300, "CÔNG TY CỔ PHẦN"), (400, 370, "AN THỊNH PHÁT")]).code == "quyet_dinh"


def test_a_contract_between_citizens_is_a_contract() -> None:
    lines: list[Written] = [
        *NATION,
        (980, 450, "HỢP ĐỒNG THUÊ NHÀ"),
        (330, 600, "Hôm nay, ngày 05 tháng 01 năm 2025, tại xã Phú Lâm, chúng tôi gồm:"),
        (330, 700, "BÊN A: Ông Nguyễn Văn Nam"),
        (330, 800, "BÊN B: Bà Trần Thị Hạnh"),
    ]
    assert taken_for(lines).code == "hop_dong"


@pytest.mark.parametrize(
    "lines",
    [
        [*NATION, (950, 450, "GIẤY CHỨNG NHẬN"), (700, 520, "HOÀN THÀNH KHÓA BỒI DƯỠNG"), (330, 700, "Họ và tên: Lê Văn An")],
        [*NATION, (900, 450, "GIẤY PHÉP LÁI XE"), (330, 600, "Họ tên: LÊ VĂN AN"), (330, 700, "Nơi cư trú: xã Phú Lâm")],
        [*NATION, (900, 450, "SƠ YẾU LÝ LỊCH TỰ THUẬT"), (330, 600, "Họ và tên: LÊ VĂN AN"), (330, 700, "Nơi sinh: Bắc Ninh")],
        [*NATION, (800, 450, "XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ"), (330, 600, "Nơi thường trú: xã Phú Lâm, tỉnh Bắc Ninh")],
        [(800, 300, "BÁO CÁO THỰC TẬP TỐT NGHIỆP"), (330, 500, "Sinh viên thực hiện: Lê Văn An")],
        [(900, 300, "THÔNG BÁO TIỀN ĐIỆN"), (330, 500, "Tên khách hàng: Lê Văn An"), (330, 600, "Số tiền: 230.000 đồng")],
        [(900, 300, "MỤC LỤC VĂN BẢN TRONG HỒ SƠ"), (330, 500, "12/QĐ-UBND Quyết định phê duyệt dự toán")],
        [(800, 300, "CERTIFICATE OF COMPLETION"), (330, 500, "This is proudly presented to Le Van An")],
    ],
)
def test_near_misses_are_of_no_type(lines) -> None:
    assert taken_for(lines).code == "khac"


def test_probabilities_add_up_to_no_more_than_one() -> None:
    found = taken_for(decision(title="THÔNG BÁO"))
    assert found.confidence + sum(chance for _, chance in found.alternatives) <= 1.001
    assert found.confidence >= max((chance for _, chance in found.alternatives), default=0.0)
