"""Values of certificates and forms, wherever the form puts them."""

from __future__ import annotations

import pytest

from tests.written_forms import extract_of, field_of
from tests.written_pages import Written, write_line

TITLE: list[tuple[float, float, str]] = [
    (1120, 300, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (1350, 370, "Độc lập - Tự do - Hạnh phúc"),
]
BIRTH = "giay_khai_sinh"
MARRIAGE = "giay_chung_nhan_ket_hon"
FORM = "don_de_nghi"


def birth(*lines: Written) -> list[Written]:
    return [*TITLE, (1040, 550, "GIẤY KHAI SINH"), *lines]


@pytest.mark.parametrize(
    "words",
    [
        "Ngày mùng một, tháng năm, năm hai nghìn không trăm mười sáu",
        "ngày một tháng năm năm hai ngàn không trăm mười sáu",
    ],
)
@pytest.mark.parametrize("label", ["Ghi bằng chữ:", "Viết bằng chữ:"])
def test_a_birthday_in_words_on_a_line_of_its_own_bears_the_figure_out(words: str, label: str) -> None:
    lines = birth((330, 660, "Ngày, tháng, năm sinh: 01/05/2016"), (330, 750, f"{label} {words}"))
    extract = extract_of(BIRTH, lines)
    found = next(one for one in extract.fields if one.key == "ngay_sinh")
    assert found.value == "2016-05-01"
    assert extract.proofs["ngay_sinh"].agreeing == 1
    assert not found.problems


def test_a_birthday_that_its_words_deny_is_a_problem_with_both() -> None:
    words = "Ngày mùng bảy, tháng năm, năm hai nghìn không trăm mười sáu"
    found = field_of(
        BIRTH, "ngay_sinh", birth((330, 660, "Ngày, tháng, năm sinh: 01/05/2016"), (330, 750, f"Ghi bằng chữ: {words}"))
    )
    assert [problem.code for problem in found.problems] == ["words_disagree"]
    assert [(hint.value, hint.source) for hint in found.suggestions] == [("2016-05-07", "print")]
    assert found.confidence <= 0.5


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("ngày 07 tháng 01 năm 2025", "2025-01-07"),
        ("07-01-2025", "2025-01-07"),
        ("7.1.2025", "2025-01-07"),
        ("07 / 01 / 2025", "2025-01-07"),
        ("1 1/09/1986", "1986-09-11"),
        ("04/1 1/2024", "2024-11-04"),
        ("30/101954", "1954-10-30"),
        ("Ngày mười lăm tháng chạp năm một nghìn chín trăm tám mươi tư", "1984-12-15"),
    ],
)
def test_days_are_read_as_forms_are_filled_in(printed: str, iso: str) -> None:
    assert field_of(BIRTH, "ngay_sinh", birth((330, 660, f"Ngày, tháng, năm sinh: {printed}"))).value == iso


@pytest.mark.parametrize("printed", ["01/2025", "năm 1986", "00/13/2020"])
def test_half_a_date_is_none_but_said_to_be_unreadable(printed: str) -> None:
    extract = extract_of(BIRTH, birth((330, 660, f"Ngày, tháng, năm sinh: {printed}")))
    assert "ngay_sinh" not in {found.key for found in extract.fields}
    assert "ngay_sinh" in {problem.field for problem in extract.problems}


@pytest.mark.parametrize("printed", ["/", "-", "......", "Không xác định", "(để trống)"])
def test_where_nothing_is_wanted_nothing_is_found_and_nothing_wrong(printed: str) -> None:
    extract = extract_of(BIRTH, birth((330, 660, f"Ngày, tháng, năm sinh: {printed}"), (330, 750, "Giới tính: Nữ")))
    assert "ngay_sinh" not in {found.key for found in extract.fields}
    assert not [problem for problem in extract.problems if problem.field == "ngay_sinh"]


@pytest.mark.parametrize("printed", ["1/09/1986", "[1/8/1979", "|1/8/1979"])
def test_a_day_that_may_have_lost_a_digit_is_doubted(printed: str) -> None:
    extract = extract_of(BIRTH, birth((330, 660, f"Ngày, tháng, năm sinh: {printed}")))
    assert extract.proofs["ngay_sinh"].maimed


COUPLE: list[tuple[float, float, str]] = [
    *TITLE,
    (900, 550, "GIẤY CHỨNG NHẬN KẾT HÔN"),
    (300, 700, "Họ và tên chồng: PHẠM THẾ LONG"),
    (1350, 700, "Họ và tên vợ: LÊ THỊ TUYẾT"),
    (300, 790, "Ngày, tháng, năm sinh: 25-09-1997"),
    (1350, 790, "Ngày, tháng, năm sinh:"),
    (1350, 850, "30/03/1994"),
    (300, 940, "Giấy tờ tùy thân: CCCD số 035097001234"),
    (1350, 940, "Giấy tờ tùy thân: CCCD số 035194005678"),
    (300, 1200, "Ngày, tháng, năm đăng ký: 30/8/2024"),
]


@pytest.mark.parametrize("mirrored", [False, True])
def test_husband_and_wife_stand_side_by_side_in_either_order(mirrored: bool) -> None:
    moved = {300: 1350, 1350: 300}
    lines = [
        (moved.get(int(line[0]), line[0]) if mirrored and 600 < line[1] < 1000 else line[0], *line[1:]) for line in COUPLE
    ]
    found = {one.key: one.value for one in extract_of(MARRIAGE, lines).fields}  # type: ignore[arg-type]
    assert (found["ho_ten_chong"], found["ho_ten_vo"]) == ("Phạm Thế Long", "Lê Thị Tuyết")
    assert (found["ngay_sinh_chong"], found["ngay_sinh_vo"]) == ("1997-09-25", "1994-03-30")
    assert (found["so_dinh_danh_chong"], found["so_dinh_danh_vo"]) == ("035097001234", "035194005678")


ADDRESS = "tổ 5, phường Kinh Bắc, thành phố Bắc Ninh, tỉnh Bắc Ninh"


@pytest.mark.parametrize(
    "lines",
    [
        [(330, 800, f"Nơi thường trú: {ADDRESS}")],
        [(330, 800, f"Nơi thường trú:   {ADDRESS}")],
        [(330, 800, "Nơi thường trú:"), (420, 860, ADDRESS)],
        [(330, 800, "Nơi thường trú:"), (1100, 800, ADDRESS)],
        [(330, 800, f"Nơi thường trú: ……{ADDRESS}")],
        [(330, 800, "Nơi thường trú: tổ 5, phường Kinh Bắc, thành phố Bắc Ninh, tỉnh Bắc"), (330, 850, "Ninh")],
        [(330, 800, "Nơi thường trú:   tổ 5, phường Kinh Bắc, thành phố Bắc Ninh, tỉnh Bắc"), (330, 850, "Ninh")],
    ],
)
def test_an_address_is_found_beside_beneath_and_over_breaks(lines: list[Written]) -> None:
    page = [*TITLE, (900, 550, "ĐƠN ĐỀ NGHỊ"), (330, 700, "Tôi tên là: Nguyễn Văn An"), *lines]
    page += [
        (330, 950, "Số điện thoại: 0912 345 678"),
        (330, 1040, f"{'Tôi xin cam đoan những lời khai trên là đúng sự thật và '}"),
    ]
    found = {one.key: one.value for one in extract_of(FORM, page).fields}
    assert found["dia_chi"] == ADDRESS
    assert found["so_dien_thoai"] == "0912345678"


def test_the_end_of_a_line_that_was_read_twice_is_told_once() -> None:
    stump = "Tình trạng hôn nhân: Chưa đăng ký kết h"
    again = write_line(330, 700, stump).words[-2].box.left
    lines = [*TITLE, (330, 700, stump), (again, 702, "kết hôn với ai")]
    found = field_of("giay_xac_nhan_hon_nhan", "tinh_trang_hon_nhan", lines)
    assert found.value == "Chưa đăng ký kết hôn với ai"


def test_a_status_that_breaks_off_within_a_word_is_doubted() -> None:
    lines = [*TITLE, (330, 700, "Tình trạng hôn nhân: Chưa đăng ký kết h")]
    assert extract_of("giay_xac_nhan_hon_nhan", lines).proofs["tinh_trang_hon_nhan"].maimed


def test_a_family_name_that_is_none_is_spelt_as_the_only_one_of_its_letters_and_said_so() -> None:
    found = field_of(BIRTH, "ho_ten", birth((330, 660, "Họ, chữ đệm, tên: KHỐNG THANH HÀ")))
    assert found.value == "Khổng Thanh Hà"
    assert [(hint.value, hint.source) for hint in found.suggestions] == [("Khống Thanh Hà", "print")]


def test_names_run_together_are_parted_where_there_is_but_one_way() -> None:
    assert field_of(BIRTH, "ho_ten", birth((330, 660, "Họ, chữ đệm, tên: LỤC THỊSENLAN"))).value == "Lục Thị Sen Lan"


def test_dirt_behind_the_dots_of_a_line_is_no_name() -> None:
    assert (
        field_of(BIRTH, "ho_ten", birth((330, 660, "Họ, chữ đệm, tên: NGUYỄN ĐÌNH RUỘNG.......Ầ."))).value
        == "Nguyễn Đình Ruộng"
    )


def test_a_sentence_that_names_the_owner_bears_the_form_out() -> None:
    lines = [
        *TITLE,
        (330, 600, "Xét đề nghị của ông Bùi Anh Toàn về việc cấp giấy xác nhận tình trạng hôn nhân,"),
        (1000, 680, "XÁC NHẬN:"),
        (330, 760, "Họ, chữ đệm, tên: BÙI ANH TOÀN"),
    ]
    extract = extract_of("giay_xac_nhan_hon_nhan", lines)
    assert extract.proofs["ho_ten"].agreeing == 1


@pytest.mark.parametrize(
    ("printed", "value", "agreeing", "hints"),
    [
        ("500.000.000 đồng (Năm trăm triệu đồng)", 500_000_000, 1, []),
        ("500.000.000 đồng", 500_000_000, 0, []),
        ("500.000.000 đồng (Năm trăm linh năm triệu đồng)", 500_000_000, 0, [505_000_000]),
        ("Năm trăm triệu đồng", 500_000_000, 0, []),
    ],
)
def test_capital_in_figures_and_words(printed: str, value: int, agreeing: int, hints: list[int]) -> None:
    extract = extract_of("giay_chung_nhan_ho_kinh_doanh", [*TITLE, (330, 700, f"4. Vốn kinh doanh: {printed}")])
    found = next(one for one in extract.fields if one.key == "von_kinh_doanh")
    assert (found.value, extract.proofs["von_kinh_doanh"].agreeing) == (value, agreeing)
    assert [hint.value for hint in found.suggestions] == hints


@pytest.mark.parametrize(("read", "value"), [("118/202I", "118/2021"), ("26/2016", "26/2016"), ("05", "05")])
def test_letters_among_digits_of_a_register_number_are_digits(read: str, value: str) -> None:
    assert field_of(BIRTH, "so", birth((1900, 430, f"Số: {read}"))).value == value


def test_a_register_number_with_half_a_year_is_known_to_no_form() -> None:
    extract = extract_of(BIRTH, birth((1900, 430, "Số: 2/202")))
    assert extract.proofs["so"].known is False


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("chuyển mục đích sử dụng 120 m? đất vườn sang đất ở", "chuyển mục đích sử dụng 120 m² đất vườn sang đất ở"),
        ("lắp đồng hồ nước cho hộ tại đườn g Lê Lợi", "lắp đồng hồ nước cho hộ tại đường Lê Lợi"),
    ],
)
def test_signs_that_no_text_has_are_set_right(text: str, value: str) -> None:
    found = field_of(FORM, "noi_dung_de_nghi", [*TITLE, (330, 700, f"Nội dung đề nghị: {text}")])
    assert found.value == value


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("thị trấn la Grai, huyện Ia Grai, tỉnh Gia Lai", "thị trấn Ia Grai, huyện Ia Grai, tỉnh Gia Lai"),
        ("thôn 2. thị trấn Lim, huyện Tiên Du, tỉnh Bắc Ninh", "thôn 2, thị trấn Lim, huyện Tiên Du, tỉnh Bắc Ninh"),
    ],
)
def test_addresses_get_back_capitals_and_commas(read: str, value: str) -> None:
    assert field_of(BIRTH, "que_quan", birth((330, 700, f"Quê quán: {read}"))).value == value


@pytest.mark.parametrize("place", ["Quận 10", "Phường 6", "Bắc Ninh"])
def test_a_certificate_is_dated_where_place_and_day_stand_alone(place: str) -> None:
    lines = [*TITLE, (330, 700, "Thửa đất số: 357"), (1500, 1700, f"{place}, ngày 12 tháng 02 năm 2021")]
    assert field_of("giay_chung_nhan_quyen_su_dung_dat", "ngay_cap", lines).value == "2021-02-12"


def test_an_applicant_who_tells_all_in_one_sentence() -> None:
    lines = [
        *TITLE,
        (330, 700, "Tôi là: Nguyễn Văn An, sinh ngày 01/02/1980, CCCD số 012080678901, cấp ngày 01/01/2021"),
        (330, 760, "tại Cục Cảnh sát QLHC về TTXH; thường trú tại: thôn 2, xã Phú Lâm, huyện Tiên Du, tỉnh"),
        (330, 820, "Bắc Ninh. Điện thoại: 0912345678."),
        (330, 900, "Nay tôi làm đơn này đề nghị quý cơ quan xem xét cấp lại sổ hộ nghèo."),
    ]
    found = {one.key: one.value for one in extract_of(FORM, lines).fields}
    assert found == {
        "ho_ten": "Nguyễn Văn An",
        "ngay_sinh": "1980-02-01",
        "so_dinh_danh": "012080678901",
        "dia_chi": "thôn 2, xã Phú Lâm, huyện Tiên Du, tỉnh Bắc Ninh",
        "so_dien_thoai": "0912345678",
        "noi_dung_de_nghi": "cấp lại sổ hộ nghèo",
    }


@pytest.mark.parametrize(
    "printed", ["Ông Nguyễn Văn An và bà Trần Thị Bình", "NGUYỄN VĂN AN  Tuổi: 30", "Nguyễn Văn An Dân tộc: Kinh"]
)
def test_a_name_ends_where_another_matter_begins(printed: str) -> None:
    lines = [*TITLE, (330, 700, f"1. Cấp cho: {printed}")]
    assert field_of("giay_phep_xay_dung", "ho_ten", lines).value == "Nguyễn Văn An"


@pytest.mark.parametrize("label", ["Số Giấy CMND/Hộ chiếu", "Số  /Hộ chiếu", "Giấy tờ tùy thân: Căn cước công dân số"])
def test_ids_of_a_couple_on_the_form_of_2010(label: str) -> None:
    swapped = [(left, top, text.replace("Giấy tờ tùy thân", label)) for left, top, text in COUPLE]
    found = {one.key: one.value for one in extract_of(MARRIAGE, swapped).fields}
    assert (found["so_dinh_danh_chong"], found["so_dinh_danh_vo"]) == ("035097001234", "035194005678")


def test_a_letter_read_twice_in_a_registration_number_is_one() -> None:
    lines = [*TITLE, (330, 700, "Số đăng ký: 98ĐĐ4939508")]
    assert field_of("giay_chung_nhan_ho_kinh_doanh", "so_dang_ky", lines).value == "98Đ4939508"
