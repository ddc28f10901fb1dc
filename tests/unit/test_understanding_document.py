"""Whole documents understood, from pages written by hand."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.domain.pages import PageOrigin, PageReading, UnreadPage
from pipeline.understanding import document_types, understand
from tests.written_pages import decision, write_page

TODAY = date(2026, 1, 1)

BIRTH = [
    (520, 250, "ỦY BAN NHÂN DÂN"),
    (1220, 250, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (540, 310, "XÃ PHÚ LÂM"),
    (1420, 310, "Độc lập - Tự do - Hạnh phúc"),
    (1970, 430, "Số: 26/2016"),
    (1040, 550, "GIẤY KHAI SINH"),
    (330, 660, "Họ, chữ đệm, tên: BÙI THANH LOAN"),
    (330, 750, "Ngày, tháng, năm sinh: 01/05/2016"),
    (330, 840, "Giới tính: Nữ Dân tộc:Hoa Quốc tịch: Việt Nam"),
    (330, 930, "Nơi sinh: Bệnh viện đa khoa tỉnh Bắc Ninh"),
    (330, 1020, "Quê quán: xã Quảng Khê, huyện Ba Bể, tỉnh Bắc Kạn"),
    (330, 1110, "Số định danh cá nhân: 079316191757"),
    (330, 1200, "Họ, chữ đệm, tên người mẹ: PHẠM THU PHƯỢNG"),
    (330, 1290, "Năm sinh: 1983 Dân tộc: Kinh Quốc tịch: Việt Nam"),
    (330, 1380, "Họ, chữ đệm, tên người cha: TRỊNH NGỌC THẮNG"),
    (330, 1470, "Nơi đăng ký khai sinh: Ủy ban nhân dân xã Phú Lâm, huyện Tiên Du, tỉnh Bắc Ninh"),
    (330, 1560, "Ngày, tháng, năm đăng ký: 15/06/2016"),
    (1600, 1700, "CHỦ TỊCH"),
    (1580, 2100, "Lý Đức Long"),
]


def values(lines, **changes):
    findings = understand([write_page(lines, **changes)], today=TODAY)
    return findings.classification.code, {found.key: found.value for found in findings.fields}


def test_a_decision_yields_every_field_of_its_zones() -> None:
    code, found = values(decision())
    assert code == "quyet_dinh"
    assert found == {
        "co_quan_ban_hanh": "ỦY BAN NHÂN DÂN TỈNH BẮC NINH",
        "so_ky_hieu": "717/QĐ-UBND",
        "dia_danh": "Bắc Ninh",
        "ngay_ban_hanh": "2024-03-07",
        "trich_yeu": "phê duyệt kế hoạch số hóa hồ sơ, giấy tờ trên địa bàn",
        "chuc_vu_nguoi_ky": "PHÓ CHỦ TỊCH",
        "nguoi_ky": "Nguyễn Văn Thành",
        "noi_nhan": ("Như Điều 3", "Lưu: VT, KSTT"),
    }


def test_header_columns_read_as_one_line_are_parted_by_place() -> None:
    lines = [line for line in decision() if line[1] > 400]
    lines += [(420, 300, "ỦY BAN NHÂN DÂN   CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), (420, 370, "TỈNH BẮC NINH")]
    assert values(lines)[1]["co_quan_ban_hanh"] == "ỦY BAN NHÂN DÂN TỈNH BẮC NINH"


def test_a_department_is_its_own_name_and_its_superior_is_kept_apart() -> None:
    lines = [line for line in decision(number="Số: 12/QĐ-STP") if line[2] not in ("ỦY BAN NHÂN DÂN", "TỈNH BẮC NINH")]
    lines += [(380, 300, "UBND TỈNH BẮC NINH"), (450, 370, "SỞ TƯ PHÁP")]
    found = values(lines)[1]
    assert (found["co_quan_ban_hanh"], found["co_quan_chu_quan"]) == ("SỞ TƯ PHÁP", "UBND TỈNH BẮC NINH")


def test_an_office_takes_the_name_of_the_body_above_it() -> None:
    lines = [line for line in decision() if line[2] not in ("ỦY BAN NHÂN DÂN", "TỈNH BẮC NINH")]
    lines += [(380, 300, "UBND TỈNH BẮC NINH"), (460, 370, "VĂN PHÒNG")]
    assert values(lines)[1]["co_quan_ban_hanh"] == "VĂN PHÒNG UBND TỈNH BẮC NINH"


def test_a_letter_is_known_by_its_subject_under_the_number() -> None:
    lines = [line for line in decision(number="Số: 84/UBND-NC") if not 600 < line[1] < 900 and line[1] != 1200]
    lines += [(400, 560, "V/v góp ý dự thảo"), (400, 620, "Nghị định của Chính phủ"), (900, 760, "Kính gửi: Bộ Tư pháp")]
    code, found = values(lines)
    assert (code, found["trich_yeu"]) == ("cong_van", "góp ý dự thảo Nghị định của Chính phủ")


def test_an_unread_number_is_never_made_up() -> None:
    findings = understand([write_page(decision(number="Số: /QD-UBND"))], today=TODAY)
    assert findings.field("so_ky_hieu") is None
    assert "number_unread" in {problem.code for problem in findings.problems if problem.field == "so_ky_hieu"}


def test_a_number_written_into_a_gap_is_doubted() -> None:
    number = understand([write_page(decision(number="Số: 44  /QĐ-UBND"))], today=TODAY).field("so_ky_hieu")
    assert number is not None
    assert number.value == "44/QĐ-UBND"
    assert number.confidence <= 0.6


def test_a_birth_certificate_tells_the_child_from_its_parents() -> None:
    code, found = values(BIRTH)
    assert code == "giay_khai_sinh"
    assert found == {
        "so": "26/2016",
        "ho_ten": "Bùi Thanh Loan",
        "ngay_sinh": "2016-05-01",
        "gioi_tinh": "Nữ",
        "dan_toc": "Hoa",
        "quoc_tich": "Việt Nam",
        "noi_sinh": "Bệnh viện đa khoa tỉnh Bắc Ninh",
        "que_quan": "xã Quảng Khê, huyện Ba Bể, tỉnh Bắc Kạn",
        "so_dinh_danh": "079316191757",
        "ho_ten_me": "Phạm Thu Phượng",
        "ho_ten_cha": "Trịnh Ngọc Thắng",
        "noi_dang_ky": "Ủy ban nhân dân xã Phú Lâm, huyện Tiên Du, tỉnh Bắc Ninh",
        "ngay_dang_ky": "2016-06-15",
        "nguoi_ky": "Lý Đức Long",
    }


def test_an_application_asks_for_something_within_a_sentence() -> None:
    lines = [
        (740, 250, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (950, 310, "Độc lập - Tự do - Hạnh phúc"),
        (1080, 430, "ĐƠN ĐỀ NGHỊ"),
        (800, 520, "Kính gửi: Ủy ban nhân dân xã Phú Lâm"),
        (330, 620, "Tôi tên là: Lương Hồng Thảo  Sinh ngày: 10/02/1955"),
        (330, 710, "Số CCCD: 027155897605 do Cục Cảnh sát cấp ngày 01/02/2021"),
        (330, 800, "Địa chỉ thường trú: tổ 6, xã Ia Lâu, tỉnh Gia Lai"),
        (330, 890, "Tôi làm đơn này đề nghị quý cơ quan xem xét hỗ trợ kinh phí di dời chuồng trại. Lý"),
        (330, 960, "do: Trên cơ sở khảo sát."),
    ]
    code, found = values(lines)
    assert code == "don_de_nghi"
    assert found["noi_dung_de_nghi"] == "hỗ trợ kinh phí di dời chuồng trại"
    assert (found["ho_ten"], found["ngay_sinh"], found["so_dinh_danh"]) == ("Lương Hồng Thảo", "1955-02-10", "027155897605")


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_scanned_sideways_is_understood_as_upright(turn: int) -> None:
    from pipeline.domain.geometry import Affine
    from pipeline.domain.pages import Line, PageText, Word

    upright = write_page(decision())
    sizes = {90: (3508, 2480), 180: (2480, 3508), 270: (3508, 2480)}
    back = {
        90: Affine.rotation(-90).then(Affine.shift(0, 2480)),
        180: Affine.rotation(180).then(Affine.shift(2480, 3508)),
        270: Affine.rotation(90).then(Affine.shift(3508, 0)),
    }[turn]
    lines = tuple(
        Line(tuple(Word(word.text, back.map_box(word.box), word.confidence) for word in line.words))
        for line in upright.text.lines
    )
    width, height = sizes[turn]
    page = PageReading(1, width, height, 300.0, PageText(1, lines, "written"), PageOrigin.OCR, rotation=turn)
    findings = understand([page], today=TODAY)
    number = findings.field("so_ky_hieu")
    assert findings.classification.code == "quyet_dinh"
    assert number is not None
    assert number.value == "717/QĐ-UBND"
    assert number.evidence[0].box.intersection(lines[4].box).area > 0


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [(300, 300, "Dear Sir or Madam, please find enclosed our offer"), (300, 400, "Yours faithfully")],
        [(900, 300, "HÓA ĐƠN GIÁ TRỊ GIA TĂNG"), (300, 500, "Đơn vị bán hàng: Công ty An Bình")],
        [(300, 300, "Anh Hai thương mến, em viết thư này báo tin nhà vẫn bình thường.")],
        [(900, 300, "TRÍCH LỤC KHAI TỬ"), (300, 500, "Họ, chữ đệm, tên: NGUYỄN VĂN A")],
    ],
)
def test_what_is_none_of_the_types_is_never_forced_into_one(lines) -> None:
    code, found = values(lines)
    assert (code, found) == ("khac", {})


def test_a_paper_that_speaks_of_other_papers_keeps_its_own_type() -> None:
    lines = decision(title="NGHỊ QUYẾT", number="Số: 05/NQ-HĐND")
    assert values(lines)[0] == "nghi_quyet"


def test_unread_pages_say_nothing_and_break_nothing() -> None:
    unread = PageReading(1, 100, 100, 300.0, UnreadPage(1, "page_timeout"), PageOrigin.UNREAD)
    assert understand([unread], today=TODAY).classification.code == "khac"
    assert understand([], today=TODAY).classification.code == "khac"
    findings = understand([unread, write_page(decision(), number=2)], today=TODAY)
    assert findings.classification.code == "quyet_dinh"


def test_what_is_attached_does_not_sign_for_the_paper() -> None:
    main = [line for line in decision() if line[1] < 1900]
    attached = [(*line[:2], line[2].replace("717", "99").replace("Nguyễn Văn Thành", "Trần Thị Bình")) for line in decision()]
    findings = understand([write_page(main), write_page(attached, number=2)], today=TODAY)
    assert findings.field("nguoi_ky") is None
    assert "nguoi_ky" in {problem.field for problem in findings.problems}


def test_a_birthday_that_no_calendar_has_is_said_to_be_so_with_likely_days() -> None:
    lines = [(x, y, text.replace("01/05/2016", "31/04/2016")) for x, y, text in BIRTH]
    findings = understand([write_page(lines)], today=TODAY)
    problem = next(problem for problem in findings.problems if problem.field == "ngay_sinh")
    assert findings.field("ngay_sinh") is None
    assert problem.code == "date_impossible"
    assert "21/04/2016" in problem.message


def test_a_misread_digit_of_an_id_is_doubted_and_the_likely_id_offered() -> None:
    lines = [(x, y, text.replace("079316191757", "079318191757")) for x, y, text in BIRTH]
    found = understand([write_page(lines)], today=TODAY).field("so_dinh_danh")
    assert found is not None
    assert found.value == "079318191757"
    assert [problem.code for problem in found.problems] == ["id_disagrees_birth"]
    assert "079316191757" in [one.value for one in found.suggestions]


def test_missing_fields_are_named_with_what_to_do() -> None:
    lines = [line for line in decision() if "ngày 07" not in line[2]]
    problems = understand([write_page(lines)], today=TODAY).problems
    assert {problem.field for problem in problems if problem.code == "field_missing"} == {"dia_danh", "ngay_ban_hanh"}


def test_every_field_found_belongs_to_its_type_and_has_evidence() -> None:
    findings = understand([write_page(BIRTH)], today=TODAY)
    keys = {spec.key for kind in document_types() if kind.code == "giay_khai_sinh" for spec in kind.fields}
    for found in findings.fields:
        assert found.key in keys
        assert found.evidence
        assert 0 <= found.confidence < 1


@pytest.mark.parametrize("maimed", ["CHỦ TỊCH", "Ó CHỦ TỊCH"])
def test_a_deputy_whose_first_word_a_seal_hides_is_doubted(maimed: str) -> None:
    """Who signs KT. CHỦ TỊCH is not the chairman, whatever is left of his own title."""
    lines = [(left, top, maimed if text == "PHÓ CHỦ TỊCH" else text) for left, top, text in decision()]
    findings = understand([write_page(lines)], today=TODAY)
    title = findings.field("chuc_vu_nguoi_ky")
    assert title is None or title.confidence <= 0.5
