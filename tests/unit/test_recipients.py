"""The list under Nơi nhận: its items, and the line that says where a copy is filed."""

from __future__ import annotations

import pytest

from pipeline.understanding.sheets import make_sheet
from pipeline.understanding.zones.filings import is_filing, is_usual_filing, read_filing
from pipeline.understanding.zones.recipient_names import is_near_miss, is_usual_recipient, spelt_recipient
from pipeline.understanding.zones.recipients import Recipients, find_recipients, share_set_whole
from tests.written_pages import Written, write_page


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Lưu: VT, TCKT.ThànhSb", "TCKT.Thành5b"),
        ("Lưu: VT, TCKT.Thành§b", "TCKT.Thành8b"),
        ("Lưu: VT, TCKT.Thành Ib", "TCKT.Thành1b"),
        ("Lưu: VT, TCKT.Thànhlb", "TCKT.Thành1b"),
        ("Lưu: VT, TCKT.Thànhó6b", "TCKT.Thành6b"),
        ("Lưu: VT, TCKT.Thành†1b", "TCKT.Thành1b"),
        ("Lưu: VT, TCKT,Thành3b", "TCKT.Thành3b"),
        ("Lưu: VT, TCKT:Thành3b", "TCKT.Thành3b"),
        ("Lưu: VT, TCKT.Vÿ3b", "TCKT.Vỹ3b"),
        ("Lưu: VT, TCKT.Biếu4b", "TCKT.Biểu4b"),
        ("Lưu: VT, TCKT.Ty4b", "TCKT.Ty4b"),
        ("Lưu: VT, VXI1", "VX1"),
        ("tưu: VT, TCKT", "TCKT"),
        ("Lưu: VÌ, TCKT", "TCKT"),
        ("Lưu: XT, TCKT", "TCKT"),
        ("VT.TCKT", "TCKT"),
    ],
)
def test_the_line_of_filing_is_read_as_it_is_written(read: str, meant: str) -> None:
    assert read_filing(read) == f"Lưu: VT, {meant}"


@pytest.mark.parametrize(
    "rest", ["NC(Vi273)", "P.KTTHTien31", "KTTHa47", "TCKT.ThànhBb", "TCKT.Hợi0®b", "TCKT.Hoa12b", "TCKT, THNV", "NVA (3b)"]
)
def test_what_may_stand_there_otherwise_is_left(rest: str) -> None:
    assert read_filing(f"Lưu: VT, {rest}") == f"Lưu: VT, {rest}"


def test_other_files_are_last_items_too_but_are_not_rewritten() -> None:
    assert read_filing("Lưu: Văn thư, TC") is None
    assert is_filing("- Lưu: Văn thư, TC.")
    assert not is_filing("- Lựu đạn")


def listed(*items: Written) -> Recipients:
    found = find_recipients([make_sheet(write_page([(400, 2000, "Nơi nhận:"), *items]))])
    assert found is not None
    return found


def test_a_stop_before_small_letters_is_a_comma() -> None:
    items = [(400, 2060, "- Các trường. trung tâm trực thuộc;"), (400, 2120, "- Lưu: VT.")]
    assert listed(*items).texts == ("Các trường, trung tâm trực thuộc", "Lưu: VT")


def test_items_part_though_the_sign_between_them_was_misread() -> None:
    items = [
        (400, 2060, "- Các sở, ban, ngành,"),
        (420, 2120, "Công báo:"),
        (420, 2180, "Báo Tuyên Quang;"),
        (400, 2240, "- Lưu: VT."),
    ]
    assert listed(*items).texts == ("Các sở, ban, ngành", "Công báo", "Báo Tuyên Quang", "Lưu: VT")


def test_ink_behind_an_item_is_none_of_it() -> None:
    items: list[Written] = [(400, 2060, "- Như trên;"), (680, 2060, "Kc", 0.04), (400, 2120, "- Lưu: VT, TH.")]
    assert listed(*items).texts == ("Như trên", "Lưu: VT, TH")


def test_the_end_of_a_set_phrase_under_ink_is_completed() -> None:
    items = [(400, 2060, "- Như kính gửi;"), (400, 2120, "- Ủy ban Thường vụ"), (400, 2180, "- Lưu: VT.")]
    found = listed(*items)
    assert found.texts == ("Như kính gửi", "Ủy ban Thường vụ Quốc hội", "Lưu: VT")
    assert found.mended


def test_a_gap_between_items_leaves_the_list_in_doubt() -> None:
    items = [
        (400, 2060, "- Như trên;"),
        (400, 2120, "- Công báo;"),
        (400, 2240, "- Kho bạc Nhà nước;"),
        (400, 2300, "- Lưu: VT."),
    ]
    assert listed(*items).maimed
    assert not listed(*items[:2], (400, 2180, "- Lưu: VT.")).maimed


@pytest.mark.parametrize("line", ["Lưu: VT", "Lưu: VT, KTTH", "Lưu: VT, KTTH.Hùng5b", "Lưu: VT, VX1.Tạo12b"])
def test_a_filing_of_a_known_division_is_usual(line: str) -> None:
    assert is_usual_filing(line)


@pytest.mark.parametrize("line", ["Lưu: VT, KTTK", "Lưu: VT, KTTH.HùngBb", "Lưu: VT, KTTH.Hừng5b", "Công báo"])
def test_other_filings_are_not(line: str) -> None:
    assert not is_usual_filing(line)


def test_the_end_of_a_set_phrase_leaves_the_list_in_doubt() -> None:
    items = [(400, 2060, "- Như trên;"), (480, 2120, "Nhà nước;"), (400, 2180, "- Lưu: VT.")]
    assert listed(*items).maimed


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Lưu: VT, CĐĐS.Hùng6b", "Lưu: VT, CĐS.Hùng6b"),
        ("Lưu: VT, QLĐĐ", "Lưu: VT, QLĐĐ"),
        ("Lưu: VT, NNN.Nguyên8b", "Lưu: VT, NNN.Nguyên8b"),
        ("VP.Mão5b", "Lưu: VT, VP.Mão5b"),
    ],
)
def test_a_division_that_is_known_is_spelt_so(read: str, meant: str) -> None:
    assert read_filing(read) == meant


@pytest.mark.parametrize("item", ["VP.Mão", "ABC.Mão5b", "Văn phòng 5b", "KTTH"])
def test_what_names_no_typist_of_a_known_division_is_no_line_of_filing(item: str) -> None:
    assert read_filing(item) is None


def test_a_letter_behind_the_end_of_an_item_is_dirt() -> None:
    items: list[Written] = [(400, 2060, "- Như Điều 3; a"), (400, 2120, "- Công báo;"), (400, 2180, "- Lưu: VT.")]
    assert listed(*items).texts == ("Như Điều 3", "Công báo", "Lưu: VT")


def test_a_set_phrase_whose_ends_are_hidden_is_told_by_its_middle() -> None:
    items: list[Written] = [(400, 2060, "- Như trên;"), (400, 2120, "Thông tin điện"), (400, 2180, "- Lưu: VT.")]
    assert listed(*items).texts == ("Như trên", "Cổng Thông tin điện tử", "Lưu: VT")


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Bộ Tư phap (đê báo cáo)", "Bộ Tư pháp (để báo cáo)"),
        ("Như Điều 2 (để thực hiện)", "Như Điều 2 (để thực hiện)"),
        ("UBND tỉnh (b/c)", "UBND tỉnh (b/c)"),
        ("Lãnh đạo Sở (để báo cáo, chỉ đạo)", "Lãnh đạo Sở (để báo cáo, chỉ đạo)"),
        (
            "Uy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tô chức chính trị - xã hội",
            "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức chính trị - xã hội",
        ),
        ("Hợp tác xã Tân Tiến", ""),
        ("Bộ Tư pháp (để quên)", ""),
    ],
)
def test_recipients_are_known_with_what_they_are_told_it_for_and_who_else_is(read: str, meant: str) -> None:
    assert spelt_recipient(read) == meant
    assert not meant or is_usual_recipient(meant)


def test_a_body_with_its_place_is_a_usual_recipient() -> None:
    assert is_usual_recipient("UBND tỉnh Cà Mau")
    assert is_usual_recipient("Sở Tư pháp (để phối hợp)")
    assert not is_usual_recipient("Sở Tư phap")


def test_what_is_almost_a_known_recipient_was_misread() -> None:
    assert is_near_miss("Cống Thông điện tử")
    assert not is_near_miss("Hợp tác xã Tân Tiến")
    assert not is_near_miss("Cổng Thông tin điện tử thành phố")


def test_items_out_of_their_column_or_without_an_end_were_cut() -> None:
    rows: list[Written] = [
        (400, 2060, "- Hợp tác xã Tân Tiến;"),
        (520, 2120, "tác xã Thành Công;"),
        (400, 2180, "- Trạm bơm số ba"),
    ]
    items = listed(*rows, (400, 2240, "- Lưu: VT.")).items
    whole = [share_set_whole(items, [item]) for item in items]
    assert whole == [1.0, 0.0, 0.0, 1.0]
    assert share_set_whole(items, []) == 1.0


def test_of_two_steps_between_lines_the_longer_shows_that_one_is_missing() -> None:
    assert listed((400, 2060, "- Như Điều 3;"), (400, 2180, "- Lưu: VT.")).maimed


@pytest.mark.parametrize("heading", ["nhận:", "K nhận:"])
def test_the_end_of_the_heading_above_the_first_item_is_one(heading: str) -> None:
    rows: list[Written] = [(410, 2000, heading), (400, 2060, "- Như Điều 3;"), (400, 2120, "- Lưu: VT.")]
    found = find_recipients([make_sheet(write_page(rows))])
    assert found is not None
    assert found.texts == ("Như Điều 3", "Lưu: VT")


def test_a_set_phrase_that_has_lost_its_first_word_is_told_by_its_end() -> None:
    items: list[Written] = [(400, 2060, "- Như trên;"), (400, 2120, "các PCT UBND tỉnh"), (400, 2180, "- Lưu: VT.")]
    assert listed(*items).texts[1] == "CT, các PCT UBND tỉnh"


def test_the_b_of_copies_is_no_figure() -> None:
    assert read_filing("Lưu: VT, TCCB.Khiêm96") == "Lưu: VT, TCCB.Khiêm9b"
