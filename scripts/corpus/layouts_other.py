"""Papers of no type: cash receipts, lists, sketches, notes, and all that others.toml and the pictures add."""

from __future__ import annotations

from scripts.corpus import ink, prose
from scripts.corpus.canvas import Rule, Strokes
from scripts.corpus.dates import slashed
from scripts.corpus.draft import Draft, Layout, sign_off
from scripts.corpus.flow import Margins
from scripts.corpus.forms import Entry, write_entries
from scripts.corpus.layouts_pictures import PICTURES
from scripts.corpus.people import draw_name, draw_person
from scripts.corpus.slips import slip_layouts


def draw_payment(draft: Draft) -> None:
    """Writes a cash receipt, which is a paper of no type."""
    chance = draft.chance
    day = draft.day()
    writer = draft.writer(13, Margins(80, 70, 60, 57))
    shop = f"CÔNG TY TNHH {chance.pick(('MỘC LAN', 'ĐỒNG TIẾN', 'BẾN NƯỚC', 'KHUÊ VĂN'))}"
    writer.line(shop, writer.left + 100, writer.y, writer.style.but(size=11, bold=True))
    writer.line(f"Địa chỉ: {draw_person(chance, day).home.house}", writer.left + 100, writer.y + 15, writer.style.but(size=10))
    writer.skip(50)
    writer.centred("PHIẾU THU", bold=True, size=17, gap=3)
    writer.centred(f"Ngày {day.day} tháng {day.month} năm {day.year}", italic=True, gap=12)
    amount = chance.whole(20, 9_000) * 1000
    entries = [
        Entry("Họ và tên người nộp tiền", draw_name(chance, True)),
        Entry("Lý do nộp", chance.pick(("Tiền đặt cọc thuê xe", "Phí gửi xe tháng", "Mua sách giáo khoa", "Tiền điện, nước"))),
        Entry("Số tiền", f"{prose.grouped(amount)} đồng"),
        Entry("Kèm theo", f"{chance.whole(1, 4):02d} chứng từ gốc"),
    ]
    write_entries(writer, entries, chance.pick_apart(("inline", "leaders"), ("columns",)), gap=6)
    for index, title in enumerate(("Giám đốc", "Thủ quỹ", "Người nộp tiền")):
        sign_off(
            draft, writer, [title], draw_name(chance, index == 0), middle=writer.left + 70 + index * 160, top=writer.y + 14
        )


def draw_roster(draft: Draft) -> None:
    """Writes a list of names, which is a paper of no type."""
    chance = draft.chance
    day = draft.day()
    writer = draft.writer(12.5)
    writer.centred(
        chance.pick(("DANH SÁCH HỌC SINH THAM GIA DÃ NGOẠI", "BẢNG CHẤM CÔNG TỔ CẤP DƯỠNG", "DANH SÁCH ĐÓNG GÓP QUỸ LỚP")),
        bold=True,
        size=14,
        gap=10,
    )
    rows = [["STT", "Họ và tên", "Ngày sinh", "Ghi chú"]]
    for number in range(1, chance.whole(9, 22)):
        person = draw_person(chance, day, (8, 60))
        rows.append([str(number), person.name, slashed(person.born), chance.pick(("", "Vắng", "Đã nộp", "Nộp sau"))])
    writer.table(rows, (0.1, 0.45, 0.25, 0.2))


def draw_sketch(draft: Draft) -> None:
    """Draws a rough plan of a house, which is a paper of no type."""
    chance = draft.chance
    writer = draft.writer(12)
    writer.centred("SƠ ĐỒ MẶT BẰNG", bold=True, size=15, gap=20)
    left, top, right, bottom = writer.left + 20, writer.y + 10, writer.right - 20, writer.y + 420
    for start, end in (
        ((left, top), (right, top)),
        ((right, top), (right, bottom)),
        ((left, bottom), (right, bottom)),
        ((left, top), (left, bottom)),
    ):
        writer.sheet.put(Rule(start, end, 2.2))
    for _ in range(3):
        x, y = chance.between(left + 60, right - 60), chance.between(top + 60, bottom - 60)
        writer.sheet.put(Rule((x, top), (x, bottom), 1.4))
        writer.sheet.put(Rule((left, y), (right, y), 1.4))
    for room in chance.some(("Phòng khách", "Bếp", "Phòng ngủ", "Kho", "Sân phơi", "Giếng trời"), 4):
        writer.line(
            room, chance.between(left + 50, right - 50), chance.between(top + 30, bottom - 20), writer.style.but(size=11)
        )
    writer.y = bottom + 20
    writer.paragraph(f"Tỷ lệ 1/{chance.pick((50, 100, 200))}. Kích thước ghi trên bản vẽ tính bằng mét.", align="left")
    mark = ink.write_digits(chance, chance.digits(3), (right - 60, bottom + 60), 16, -1)
    writer.sheet.put(Strokes(mark.paths, mark.width, mark.colour))


def draw_note(draft: Draft) -> None:
    """Writes a page of plain prose, which is a paper of no type."""
    chance = draft.chance
    day = draft.day()
    writer = draft.writer(14)
    writer.centred(
        chance.pick(("Bài tham luận", "Thư ngỏ gửi bà con xóm giềng", "Hướng dẫn sử dụng máy bơm nước")),
        bold=True,
        size=16,
        gap=12,
    )
    for _ in range(chance.whole(4, 8)):
        writer.paragraph(prose.paragraph(chance, day, 2), indent=30, gap=8)


LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "khac": (
        Layout("payment", "tune", draw_payment),
        Layout("roster", "tune", draw_roster),
        Layout("sketch", "held_out", draw_sketch),
        Layout("note", "held_out", draw_note),
        *PICTURES,
        *slip_layouts(),
    ),
}
