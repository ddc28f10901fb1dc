"""The list under Nơi nhận: its items, and the line that says where a copy is filed."""

from __future__ import annotations

import pytest

from pipeline.understanding.sheets import make_sheet
from pipeline.understanding.zones.filings import is_filing, is_usual_filing, read_filing
from pipeline.understanding.zones.recipients import Recipients, find_recipients
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
