"""Reading order: heads and feet by their blocks, tables by their cells, forms by their rows."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from ocr_models import ScriptedEngine
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageImage, Word
from pipeline.recognition.cells import read_cells_again
from pipeline.recognition.order import order_lines
from pipeline.recognition.rulings import Table, find_tables


def line(text: str, left: float, top: float, *, block: int = 1) -> Line:
    """A line of words as wide as their letters (10 pixels each), 20 high, the usual space between them."""
    words, x = [], left
    for part in text.split():
        words.append(Word(part, Box(x, top, x + 10 * len(part), top + 20), 0.9))
        x += 10 * len(part) + 7
    return Line(tuple(words), block)


def joined(*lines: Line) -> Line:
    return Line(tuple(word for part in lines for word in part.words), 1)


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [found.text for found in lines]


HEAD = (
    joined(line("UBND TỈNH QUẢNG NGÃI", 20, 0), line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 240, 0)),
    joined(line("BAN CHỈ ĐẠO", 60, 30), line("Độc lập - Tự do - Hạnh phúc", 290, 32)),
    joined(line("Số: 04/QĐ-BCĐ", 40, 80), line("Quảng Ngãi, ngàyÖ tháng 02", 280, 80)),
    line("V/v đăng ký", 50, 104),
    line("bổ sung nội dung", 30, 128),
    line("QUYẾT ĐỊNH", 230, 190),
    line("về việc công nhận địa bàn trọng điểm phức tạp", 120, 220),
)


def test_a_head_without_a_straight_gutter_is_read_left_block_first():
    assert texts(order_lines(HEAD)) == [
        "UBND TỈNH QUẢNG NGÃI",
        "BAN CHỈ ĐẠO",
        "Số: 04/QĐ-BCĐ",
        "V/v đăng ký",
        "bổ sung nội dung",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Quảng Ngãi, ngàyÖ tháng 02",
        "QUYẾT ĐỊNH",
        "về việc công nhận địa bàn trọng điểm phức tạp",
    ]


def test_a_motto_alone_in_the_middle_of_a_form_is_no_head():
    lines = (line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 100, 0), line("ĐƠN ĐỀ NGHỊ", 200, 60), line("Kính gửi: Sở", 150, 100))
    assert order_lines(lines) == lines


def test_recipients_are_read_to_their_end_before_the_signature_beside_them():
    lines = (
        line("Quyết định này có hiệu lực kể từ ngày ký và được đăng công báo của tỉnh", 0, 0),
        joined(line("Nơi nhận:", 0, 40), line("CHỦ TỊCH", 480, 40)),
        line("- Như Điều 3;", 0, 66),
        line("- Sở Nội vụ;", 0, 92),
        joined(line("- Lưu: VT.", 0, 118), line("Nguyễn Văn An", 460, 118)),
        line("Ghi chú: bản này thay thế bản trước", 0, 300),
    )
    assert texts(order_lines(lines)) == [
        "Quyết định này có hiệu lực kể từ ngày ký và được đăng công báo của tỉnh",
        "Nơi nhận:",
        "- Như Điều 3;",
        "- Sở Nội vụ;",
        "- Lưu: VT.",
        "CHỦ TỊCH",
        "Nguyễn Văn An",
        "Ghi chú: bản này thay thế bản trước",
    ]


def test_labels_and_their_values_in_two_columns_are_read_row_by_row():
    lines = (
        line("1. Họ và tên:", 0, 0),
        line("2. Được phép xây dựng", 0, 30),
        line("công trình:", 0, 54),
        line("3. Số tầng:", 0, 84),
        line("Từ Quỳnh Dung", 300, 0),
        line("Nhà ở riêng lẻ", 300, 30),
        line("02 tầng", 300, 84),
    )
    assert texts(order_lines(lines)) == [
        "1. Họ và tên: Từ Quỳnh Dung",
        "2. Được phép xây dựng",
        "công trình:",
        "Nhà ở riêng lẻ",
        "3. Số tầng: 02 tầng",
    ]


def test_two_parties_with_the_same_labels_side_by_side_are_read_one_after_the_other():
    left, right = ("Bên A: Ông An", "Sinh năm: 1980", "Địa chỉ: Huế"), ("Bên A: Bà Bình", "Sinh năm: 1982", "Địa chỉ: Vinh")
    lines = tuple(
        joined(line(a, 0, 30 * at), line(b, 300, 30 * at)) for at, (a, b) in enumerate(zip(left, right, strict=True))
    )
    assert texts(order_lines(lines)) == [*left, *right]


TABLE = Table(
    (
        (Box(0, 100, 60, 130), Box(62, 100, 300, 130), Box(302, 100, 500, 130)),
        (Box(0, 132, 60, 190), Box(62, 132, 300, 190), Box(302, 132, 500, 190)),
        (Box(0, 192, 60, 220), Box(62, 192, 300, 220), Box(302, 192, 500, 220)),
    )
)


def test_a_ruled_table_is_read_cell_by_cell_at_its_place():
    lines = (
        line("Trước bảng", 0, 60),
        joined(line("STT", 5, 105), line("Nội dung", 70, 105), line("Ghi chú", 310, 105)),
        joined(line("1", 20, 148), line("Thống kê tàu cá", 70, 136), line("Đã giao", 310, 136)),
        joined(line("đã lắp thiết bị", 70, 162), line("cho xã", 310, 162)),
        joined(line("2", 20, 196), line("Lưu trữ", 70, 196), line("338", 310, 196)),
        line("Sau bảng", 0, 240),
    )
    found = order_lines(lines, [TABLE])
    assert texts(found) == [
        "Trước bảng",
        "STT Nội dung Ghi chú",
        "1",
        "Thống kê tàu cá",
        "đã lắp thiết bị",
        "Đã giao",
        "cho xã",
        "2 Lưu trữ 338",
        "Sau bảng",
    ]
    assert len({read.block for read in found[1:8]}) == 5


def test_a_ruling_read_into_a_word_is_taken_out_and_its_words_fall_apart():
    glued = Word("163|439.500.000", Box(250, 136, 400, 156), 0.8)
    lines = (Line((Word("|Số", Box(61, 105, 91, 125), 0.8),)), Line((glued,)), line("STT", 5, 105), line("[3]", 70, 196))
    assert texts(order_lines(lines, [TABLE])) == ["STT Số", "163 439.500.000", "[3]"]


def test_a_frame_around_text_is_no_table():
    frame = Table(((Box(0, 0, 600, 400),), (Box(0, 410, 600, 420),)))
    assert order_lines(HEAD, [frame]) == order_lines(HEAD)


def test_nothing_is_lost_or_doubled_whatever_stands_in_a_table():
    lines = (*HEAD, *(line(f"dòng {at} của bảng có chữ", 5 + 13 * at, 101 + 7 * at) for at in range(12)))
    words = Counter(word for each in lines for word in each.words)
    assert Counter(word for each in order_lines(lines, [TABLE]) for word in each.words) == words


def drawn(dpi: float, *, broken: bool = False) -> PageImage:
    """Two rows of three cells, the second and third of the first row merged; rulings two pixels thin."""
    pixels = np.full((int(6 * dpi), int(5 * dpi)), 245, np.uint8)
    xs, ys = [int(x * dpi) for x in (0.5, 1, 3, 4.5)], [int(y * dpi) for y in (1, 1.5, 2.5)]
    for y in ys:
        pixels[y : y + 2, xs[0] : xs[-1] + 2] = 60
    for at, x in enumerate(xs):
        pixels[ys[1] if at == 2 else ys[0] : ys[-1] + 2, x : x + 2] = 60
    if broken:
        pixels[ys[1] : ys[1] + 2, xs[1] + 9 : xs[1] + 12] = 245
    return PageImage(1, pixels, dpi)


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("broken", [False, True])
def test_cells_are_found_between_rulings_merged_ones_as_one(dpi, broken):
    [table] = find_tables(drawn(dpi, broken=broken))
    assert [len(row) for row in table.rows] == [2, 3]
    wide = table.rows[0][1]
    assert wide.left == pytest.approx(dpi, abs=0.06 * dpi)
    assert wide.right == pytest.approx(4.5 * dpi, abs=0.06 * dpi)
    assert table.box.bottom == pytest.approx(2.5 * dpi, abs=0.06 * dpi)


def test_underlines_frames_and_white_pages_are_no_tables():
    pixels = np.full((900, 700), 245, np.uint8)
    assert find_tables(PageImage(1, pixels, 150)) == ()
    pixels[100:102, 100:400] = 60
    assert find_tables(PageImage(1, pixels, 150)) == ()
    pixels[[20, 21, 880, 881], 20:680] = 60
    pixels[20:882, [20, 21, 680, 681]] = 60
    assert find_tables(PageImage(1, pixels, 150)) == ()
    assert find_tables(PageImage(1, np.full((8, 8), 255, np.uint8), 150)) == ()


def test_a_name_torn_by_a_signature_stays_in_one_line_on_its_side():
    lines = (
        joined(line("Nơi nhận:", 0, 0), line("PHÓ CHỦ TỊCH", 440, 0)),
        line("- Lưu: VT.", 0, 26),
        joined(line("Phan", 430, 120), line("Bá Quyết", 510, 120)),
    )
    assert texts(order_lines(lines))[-1] == "Phan Bá Quyết"


def test_a_date_in_the_body_below_a_head_is_none_of_it():
    body = line("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015", 0, 300)
    assert order_lines((*HEAD, body))[-1] == body


def test_a_head_whose_blocks_nearly_touch_is_cut_before_the_name_of_the_nation():
    names = joined(line("HỘI ĐỒNG NHÂN DÂN", 0, 0), line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 190, 0))
    motto = joined(line("TỈNH QUẢNG NGÃI", 20, 30), line("Độc lập - Tự do - Hạnh phúc", 230, 30))
    assert texts(order_lines((names, motto)))[:2] == ["HỘI ĐỒNG NHÂN DÂN", "TỈNH QUẢNG NGÃI"]


def test_a_body_whose_name_begins_like_that_of_the_nation_keeps_its_number():
    head = (
        joined(line("BỘ CÔNG AN", 40, 0), line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 360, 0)),
        line("Độc lập - Tự do - Hạnh phúc", 400, 32),
        joined(line("Số:", 0, 80), line("148/2020/TT-BCA", 45, 80), line("Hà Nội, ngày 31 tháng 12 năm 2020", 370, 80)),
    )
    assert texts(order_lines(head)) == [
        "BỘ CÔNG AN",
        "Số: 148/2020/TT-BCA",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Hà Nội, ngày 31 tháng 12 năm 2020",
    ]


def cell_line(text: str, box: Box, confidence: float) -> Line:
    return Line((Word(text, Box(box.left + 5, box.top + 5, box.right - 5, box.top + 25), confidence),))


@pytest.mark.parametrize(
    ("old", "confidence", "new", "kept"),
    [
        ("0lchếc", 0.6, "01chiếc", "01chiếc"),
        ("nung,", 0.1, "02bình", "02bình"),
        ("13", 0.7, "14", "13"),
        ("13", 0.1, "14", "14"),
        ("4", 0.2, "+", "4"),
        ("chiếc", 0.9, "chiêc", "chiếc"),
    ],
)
def test_a_doubtful_cell_is_read_again_and_no_digit_is_put_in_the_place_of_another(old, confidence, new, kept):
    cells = TABLE.rows[1]
    lines = tuple(cell_line("chữ", cell, 0.95) for cell in cells[1:])
    engine = ScriptedEngine([cell_line(new, cells[0], 0.95)])
    read = read_cells_again((cell_line(old, cells[0], confidence), *lines), [TABLE], drawn(150), engine)
    assert {line.text for line in read} == {kept, "chữ"}
    assert [region for _, region, _ in engine.readings] == ([cells[0]] if confidence < 0.8 else [])


def test_signatures_side_by_side_are_read_one_after_the_other():
    lines = (
        line("Biên bản này được lập thành ba bản có giá trị pháp lý như nhau", 0, 0),
        joined(line("BÊN A", 40, 60), line("BÊN B", 300, 60), line("NGƯỜI CHỨNG", 550, 60)),
        joined(line("(ký, ghi rõ", 30, 86), line("(ký, ghi rõ", 290, 86), line("(ký, ghi rõ", 550, 86)),
        line("họ tên)", 30, 110),
        joined(line("Phan Tạo", 30, 240), line("Hà Toàn", 290, 240), line("Lê Hằng", 560, 240)),
    )
    assert texts(order_lines(lines))[1:] == [
        *("BÊN A", "(ký, ghi rõ", "họ tên)", "Phan Tạo"),
        *("BÊN B", "(ký, ghi rõ", "Hà Toàn"),
        *("NGƯỜI CHỨNG", "(ký, ghi rõ", "Lê Hằng"),
    ]


def test_names_at_different_heights_belong_to_the_titles_above_them():
    lines = (
        joined(line("THƯ KÝ", 40, 0), line("KT. GIÁM ĐỐC", 400, 0)),
        line("PHÓ GIÁM ĐỐC", 395, 30),
        line("Chu Mai Ngân", 30, 150),
        line("Phan Hữu Tạo", 400, 190),
    )
    assert texts(order_lines(lines)) == ["THƯ KÝ", "Chu Mai Ngân", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Phan Hữu Tạo"]


@pytest.mark.parametrize("by_columns", [False, True])
def test_a_table_without_rulings_is_read_row_by_row_however_the_engine_read_it(by_columns):
    cells = [("STT", "Họ và tên", "Địa chỉ", "Số tiền"), ("1", "Văn An", "thôn Đông", "3.166.000")]
    cells += [(str(at), "Trần Bình", "ấp 4", "7.783.000") for at in (2, 3, 4)]
    pieces = [[line(text, 200 * at, 40 * row) for at, text in enumerate(texts_)] for row, texts_ in enumerate(cells)]
    across = [joined(*row) for row in pieces]
    down = [piece for column in zip(*pieces, strict=True) for piece in column]
    assert texts(order_lines(tuple(down if by_columns else across))) == [" ".join(row) for row in cells]


def test_amounts_stand_beside_what_they_are_for():
    names, amounts = ("Thu ngân sách", "Chi thường xuyên", "Chi đầu tư"), ("9.894", "612", "10.506")
    left = [line(name, 0, 40 * at) for at, name in enumerate(names)]
    right = [line(amount, 400, 40 * at) for at, amount in enumerate(amounts)]
    assert texts(order_lines((*left, *right))) == [f"{name} {amount}" for name, amount in zip(names, amounts, strict=True)]


def test_strokes_of_a_signature_do_not_run_into_the_name_beside_them():
    lines = (
        joined(line("Nơi nhận:", 0, 0), line("KT. CHỦ TỊCH", 440, 0)),
        line("- Lưu: VT.", 0, 26),
        joined(line("`7...", 380, 120), line("Đỗ Anh Hải", 450, 120)),
    )
    assert texts(order_lines(lines))[-2:] == ["`7...", "Đỗ Anh Hải"]


def test_the_name_of_the_nation_in_prose_makes_no_head():
    lines = (
        line("Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam", 30, 0),
        line("ngày 28 tháng 11 năm 2013;", 0, 30),
        line("Chính phủ ban hành Nghị định này.", 30, 60),
    )
    assert order_lines(lines) == lines


def test_a_misread_motto_stays_on_its_side_of_the_head():
    motto = line("Dộc lâp - Tv dơ", 290, 32)
    assert texts(order_lines((HEAD[0], line("BAN CHỈ ĐẠO", 60, 30), motto, *HEAD[2:])))[5:7] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Dộc lâp - Tv dơ",
    ]


def test_where_papers_are_received_is_no_list_of_recipients():
    lines = (
        line("Nơi nhận hồ sơ và trả kết quả của tổ chức", 0, 0),
        joined(line("1. Bộ phận một cửa", 0, 30), line("Tầng 2", 480, 30)),
        line("2. Bưu điện", 0, 60),
    )
    assert order_lines(lines) == lines
