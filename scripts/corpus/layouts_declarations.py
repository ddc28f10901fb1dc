"""Declarations on printed forms and slips of dossiers, as counters keep them."""

from __future__ import annotations

from datetime import timedelta

from scripts.corpus import dates
from scripts.corpus.chance import listed
from scripts.corpus.draft import Draft, Layout, national_head, sign_off
from scripts.corpus.flow import Margins, Writer
from scripts.corpus.forms import Entry, FormManner, write_entries
from scripts.corpus.layouts_card_later import barcode_picture
from scripts.corpus.layouts_requests import PROCEDURES, dossier_code
from scripts.corpus.offices import draw_office
from scripts.corpus.people import draw_name, draw_person

#: Title of a declaration and what it asks the registrar for.
DECLARED_TUNE = (
    ("TỜ KHAI CẤP BẢN SAO TRÍCH LỤC HỘ TỊCH", "cấp bản sao trích lục khai sinh cho người có tên dưới đây"),
    ("TỜ KHAI CẤP GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN", "cấp Giấy xác nhận tình trạng hôn nhân"),
    ("TỜ KHAI ĐĂNG KÝ KHAI TỬ", "đăng ký khai tử cho bố đẻ"),
)
DECLARED_HELD_OUT = (
    ("TỜ KHAI ĐĂNG KÝ LẠI KHAI SINH", "đăng ký lại khai sinh"),
    ("TỜ KHAI ĐĂNG KÝ VIỆC THAY ĐỔI, CẢI CHÍNH HỘ TỊCH", "cải chính chữ đệm trong giấy khai sinh"),
)
HOURS = listed("Bộ phận Một cửa|Trung tâm Phục vụ hành chính công|Bưu điện văn hóa xã")


def draw_declaration(draft: Draft, manner: FormManner) -> None:
    """Writes a declaration of civil status: who asks, with which papers, and for what."""
    chance = draft.chance
    day = draft.day()
    person = draw_person(chance, day, (19, 80))
    office = draw_office(chance, day, "commune")
    title, wish = chance.pick_apart(DECLARED_TUNE, DECLARED_HELD_OUT)
    writer = draft.writer(13, Margins(80, 60, 56, 60))
    second = national_head(writer, (writer.left + writer.right) / 2, writer.margins.top + 13, 13)
    writer.y = second + 22
    writer.centred(title, bold=True, size=14.5, gap=8)
    target = f"{office.title_case}, {office.address.province}"
    writer.centred(f"Kính gửi: {target}", gap=10)
    papers = chance.pick(("Căn cước công dân số", "CCCD số", "thẻ CCCD số"))
    issued = dates.slashed(chance.day(day - timedelta(days=1500), day))
    entries = [
        Entry(
            chance.pick_apart(("Họ, chữ đệm, tên người yêu cầu",), ("Họ, chữ đệm, tên người khai",)),
            person.name.upper() if chance.odds(0.5) else person.name,
        ),
        Entry("Ngày, tháng, năm sinh", dates.slashed(person.born)),
        Entry("Nơi cư trú", str(person.home)),
        Entry("Giấy tờ tùy thân", f"{papers} {person.id12}, cấp ngày {issued}"),
        Entry("Quan hệ với người được cấp", chance.pick(("Bản thân", "Con", "Cháu ruột"))),
    ]
    write_entries(writer, entries, manner, gap=4)
    opening = chance.pick_apart(("Đề nghị cơ quan đăng ký",), ("Đề nghị Quý cơ quan",))
    writer.paragraph(f"{opening} {wish}.", indent=0, gap=6)
    writer.paragraph("Tôi cam đoan những nội dung khai trên đây là đúng sự thật và chịu trách nhiệm trước pháp luật.", gap=6)
    writer.need(140)
    pieces = draft.day_pieces(office.place, day)
    writer.mixed([("print", "Làm tại:"), *pieces], (writer.right - 150, writer.y + 18), writer.style.but(italic=True))
    lines = ["Người yêu cầu", "(Ký, ghi rõ họ, chữ đệm, tên)"]
    sign_off(draft, writer, lines, person.name, middle=writer.right - 120, top=writer.y + 24)
    draft.fields.update(
        kinh_gui=target, ho_ten=person.name, ngay_sinh=person.born.isoformat(), so_dinh_danh=person.id12,
        dia_chi=str(person.home), noi_dung_de_nghi=wish,
    )  # fmt: skip


def draw_slip(draft: Draft, manner: FormManner, *, words: tuple[str, ...]) -> None:
    """Writes a slip of a dossier, its code as a barcode at the head."""
    chance = draft.chance
    day = draft.day()
    person = draw_person(chance, day, (20, 75))
    office = draw_office(chance, day, chance.pick(("commune", "department")))
    due = day + timedelta(days=chance.whole(3, 32))
    code, procedure = dossier_code(draft, f"{day:%y%m%d}"), chance.pick(PROCEDURES)
    writer = draft.writer(12.5, Margins(72, 57, 50, 57))
    width, baseline = writer.right - writer.left, writer.margins.top + 12
    for text in office.lines:
        writer.line(text, writer.left + width * 0.21, baseline, writer.style.but(size=11, bold=True))
        baseline += 14
    national_head(writer, writer.left + width * 0.73, writer.margins.top + 12, 11)
    at = ((writer.left + writer.right) / 2 - width * 0.33, baseline + 6)
    writer.sheet.put(barcode_picture(code, at, (width * 0.66, 28)))
    writer.y = baseline + 46
    writer.centred(words[0], bold=True, size=14, gap=6)
    entries = [
        Entry(words[1], code),
        Entry(words[2], person.name.upper() if chance.odds(0.4) else person.name),
        Entry(words[3], person.id12, half=True),
        Entry("Điện thoại", person.phone, half=True),
        Entry("Địa chỉ", str(person.home)),
        Entry(words[4], procedure),
        Entry(words[5], f"{chance.whole(7, 16):02d}:{chance.whole(0, 59):02d} ngày {dates.slashed(day)}"),
        Entry(words[6], f"{chance.whole(7, 16):02d}:{chance.whole(0, 5)}0 ngày {dates.slashed(due)}"),
        Entry("Nơi trả kết quả", chance.pick(HOURS)),
    ]
    write_entries(writer, entries, manner, gap=4)
    _sign_slip(draft, writer, person.name)
    draft.fields.update(
        ma_ho_so=code, ho_ten=person.name, so_dinh_danh=person.id12, dia_chi=str(person.home), so_dien_thoai=person.phone,
        ten_thu_tuc=procedure, ngay_tiep_nhan=day.isoformat(), ngay_hen_tra=due.isoformat(),
    )  # fmt: skip


def _sign_slip(draft: Draft, writer: Writer, name: str) -> None:
    writer.need(130)
    width, top = writer.right - writer.left, writer.y + 6
    sign_off(draft, writer, ["NGƯỜI NỘP HỒ SƠ"], name, middle=writer.left + width * 0.24, top=top)
    clerk = draw_name(draft.chance, False)
    sign_off(draft, writer, ["CÁN BỘ TIẾP NHẬN"], clerk, middle=writer.left + width * 0.76, top=top)


_TUNE = (
    "PHIẾU TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Mã số hồ sơ", "Người nộp hồ sơ", "CMND/CCCD", "Tên thủ tục hành chính",
    "Ngày tiếp nhận", "Ngày hẹn trả kết quả",
)  # fmt: skip
_HELD_OUT = (
    "GIẤY BIÊN NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Mã hồ sơ", "Họ và tên người nộp", "Số căn cước", "Thủ tục",
    "Thời gian tiếp nhận", "Hẹn trả kết quả",
)  # fmt: skip

LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "don_de_nghi": (
        Layout("declaration", "tune", lambda draft: draw_declaration(draft, "leaders")),
        Layout("declaration_open", "held_out", lambda draft: draw_declaration(draft, "inline")),
    ),
    "giay_tiep_nhan_ho_so": (
        Layout("slip", "tune", lambda draft: draw_slip(draft, "columns", words=_TUNE)),
        Layout("slip_inline", "held_out", lambda draft: draw_slip(draft, "inline", words=_HELD_OUT)),
    ),
}
