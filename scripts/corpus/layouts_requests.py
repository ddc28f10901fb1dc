"""Papers at the counter: applications of citizens, receipts of dossiers, and papers of no type."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import segno
from numpy.typing import NDArray

from scripts.corpus import dates
from scripts.corpus.canvas import Picture
from scripts.corpus.chance import listed
from scripts.corpus.dates import slashed
from scripts.corpus.draft import Draft, Layout, national_head, sign_off
from scripts.corpus.flow import Margins, Writer
from scripts.corpus.forms import Entry, FormManner, write_entries
from scripts.corpus.offices import Office, draw_office
from scripts.corpus.people import Person, draw_name, draw_person

WISHES_TUNE = listed(
    "cấp lại sổ hộ nghèo do bị thất lạc|xác nhận tình trạng nhà ở để làm thủ tục vay vốn|"
    "hỗ trợ kinh phí sửa chữa nhà tạm, nhà dột nát|tách thửa đất cho con ở riêng|"
    "miễn, giảm học phí cho con là học sinh lớp 7|đính chính năm sinh trên giấy khai sinh|"
    "cấp bản sao trích lục khai tử của bố đẻ|lắp đồng hồ nước sạch cho hộ gia đình|"
    "chuyển mục đích sử dụng 120 m² đất vườn sang đất ở|được hưởng trợ cấp xã hội hằng tháng đối với người cao tuổi|"
    "xác nhận đang nuôi con nhỏ dưới 36 tháng tuổi"
)
WISHES_HELD_OUT = listed(
    "gia hạn giấy phép xây dựng nhà ở riêng lẻ|cấp đổi giấy chứng nhận quyền sử dụng đất bị rách, ố|"
    "hỗ trợ mai táng phí|giải quyết việc lấn chiếm ngõ đi chung|công nhận sáng kiến cấp cơ sở|"
    "xin nghỉ học một năm để chữa bệnh|di dời trụ điện nằm trong khuôn viên nhà"
)
OPENINGS_TUNE = (
    "Nay tôi làm đơn này đề nghị quý cơ quan xem xét",
    "Tôi làm đơn này kính đề nghị Ủy ban nhân dân",
    "Kính đề nghị quý cơ quan xem xét, giải quyết cho tôi được",
)
OPENINGS_HELD_OUT = ("Bằng đơn này, tôi trân trọng đề nghị", "Nội dung đề nghị:")
REASONS = listed(
    "gia đình tôi thuộc diện khó khăn, nhà neo người|giấy tờ cũ bị mưa lũ làm hư hỏng, không đọc được|"
    "tôi tuổi cao, sức yếu, không còn khả năng lao động|sơ suất khi kê khai trước đây nên thông tin chưa khớp|"
    "chủ cũ đã chuyển đi nơi khác, không liên lạc được|nhà xuống cấp, mỗi khi mưa bão rất nguy hiểm"
)
PROCEDURES = listed(
    "Đăng ký khai sinh|Đăng ký lại kết hôn|Cấp giấy phép xây dựng nhà ở riêng lẻ|Đăng ký thành lập hộ kinh doanh|"
    "Cấp đổi Giấy chứng nhận quyền sử dụng đất|Xác nhận tình trạng hôn nhân|Cấp Phiếu lý lịch tư pháp số 1|"
    "Hưởng trợ cấp xã hội hằng tháng|Đính chính thông tin trên giấy chứng nhận đã cấp|Cấp bản sao trích lục hộ tịch|"
    "Thủ tục công nhận hộ nghèo, hộ cận nghèo|Tách thửa hoặc hợp thửa đất"
)
PAPERS = listed(
    "Tờ khai theo mẫu|Bản sao căn cước công dân|Giấy chứng sinh|Văn bản ủy quyền|Bản vẽ thiết kế|Hợp đồng thuê nhà"
)


def qr_picture(text: str, left: float, top: float, size: float, module: int = 8) -> Picture:
    """A QR code holding ``text`` as a square of ``size`` points."""
    matrix = np.array([list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=2)], np.uint8)
    grey: NDArray[np.uint8] = np.kron(np.where(matrix > 0, 0, 255), np.ones((module, module))).astype(np.uint8)
    return Picture(left, top, left + size, top + size, np.repeat(grey[:, :, None], 3, axis=2))


def draw_application(draft: Draft, manner: FormManner) -> None:
    """Writes a citizen's application."""
    chance = draft.chance
    day = draft.day()
    person = draw_person(chance, day, (19, 84))
    office = draw_office(chance, day, chance.pick(("commune", "commune", "department")))
    wish = chance.pick_apart(WISHES_TUNE, WISHES_HELD_OUT)
    writer = draft.writer(chance.pick((13, 13.5, 14)), Margins(80, 60, 56, 60))
    middle = (writer.left + writer.right) / 2
    second = national_head(writer, middle, writer.margins.top + 13, 13)
    writer.y = second + 22
    title = chance.pick_apart(
        ("ĐƠN ĐỀ NGHỊ", "ĐƠN ĐỀ NGHỊ", "ĐƠN XIN XÁC NHẬN", "ĐƠN ĐĂNG KÝ"), ("ĐƠN ĐỀ NGHỊ", "ĐƠN XIN", "TỜ KHAI ĐỀ NGHỊ")
    )
    writer.centred(title, bold=True, size=16, gap=2)
    if chance.odds(0.4):
        writer.centred(f"(V/v {wish})", italic=True, gap=2)
    writer.skip(6)
    target = f"{office.title_case}{', ' + office.address.province if office.code == 'UBND' else ''}"
    writer.centred(f"Kính gửi: {target}", bold=chance.odds(0.4), gap=10)
    write_entries(writer, _applicant_entries(draft, person), manner, gap=4)
    _plead(draft, writer, wish)
    place = office.place if chance.odds(0.7) else person.home.place
    writer.need(140)
    writer.mixed(draft.day_pieces(place, day), (writer.right - 120, writer.y + 18), writer.style.but(italic=True))
    lines = [chance.pick(("NGƯỜI LÀM ĐƠN", "NGƯỜI ĐỀ NGHỊ", "Người viết đơn"))]
    if chance.odds(0.5):
        lines.append("(Ký, ghi rõ họ tên)")
    sign_off(draft, writer, lines, person.name, middle=writer.right - 120, top=writer.y + 24)
    draft.fields.update(
        kinh_gui=target, ho_ten=person.name, ngay_sinh=person.born.isoformat(), so_dinh_danh=person.id12,
        dia_chi=str(person.home), so_dien_thoai=person.phone, noi_dung_de_nghi=wish,
    )  # fmt: skip


def _applicant_entries(draft: Draft, person: Person) -> list[Entry]:
    chance = draft.chance
    name = chance.pick_apart(
        ("Tôi tên là", "Họ và tên", "Tên tôi là"), ("Họ và tên người đề nghị", "Tôi là", "Họ, chữ đệm, tên")
    )
    born = chance.pick_apart(("Sinh ngày", "Ngày sinh"), ("Ngày, tháng, năm sinh", "Sinh ngày"))
    number = chance.pick_apart(("Số CCCD", "Số định danh cá nhân"), ("Căn cước công dân số", "CCCD/CMND số"))
    address = chance.pick_apart(("Địa chỉ thường trú", "Nơi thường trú"), ("Hiện cư trú tại", "Địa chỉ"))
    phone = chance.pick_apart(("Số điện thoại", "Điện thoại liên hệ"), ("Điện thoại", "Số điện thoại liên hệ"))
    day = dates.spelled(person.born).removeprefix("ngày ") if chance.odds(0.2) else slashed(person.born)
    entries = [
        Entry(name, person.name.upper() if chance.odds(0.4) else person.name),
        Entry(born, day, half=True),
        Entry("Giới tính", person.sex, half=True),
        Entry(number, person.id12),
        Entry(address, str(person.home)),
        Entry(phone, f"{person.phone[:4]} {person.phone[4:7]} {person.phone[7:]}" if chance.odds(0.25) else person.phone),
    ]
    if not draft.by_hand:
        return entries
    return [replace(entry, half=False, hand="boxes" if chance.odds(0.7) else "dots") for entry in entries]


def _plead(draft: Draft, writer: Writer, wish: str) -> None:
    chance = draft.chance
    opening = chance.pick_apart(OPENINGS_TUNE, OPENINGS_HELD_OUT)
    writer.paragraph(f"{opening} {wish}.", indent=30, gap=6)
    writer.paragraph(f"Lý do: {'; '.join(chance.some(REASONS, 2))}.", indent=30, gap=6)
    writer.paragraph(
        "Tôi xin cam đoan những lời khai trên là đúng sự thật và chịu trách nhiệm trước pháp luật.", indent=30, gap=6
    )
    writer.paragraph(
        chance.pick(("Tôi xin chân thành cảm ơn./.", "Rất mong được quý cơ quan quan tâm giải quyết.")), indent=30, gap=4
    )


def dossier_code(draft: Draft, day: str) -> str:
    """A dossier code: the agency of four levels (Thông tư 01/2018/TT-VPCP, article 19), or since 2021 root first."""
    chance = draft.chance
    office, desk, root = chance.whole(1, 45), chance.whole(1, 60), f"H{chance.whole(1, 63):02d}"
    agency = f"000.{office:02d}.{desk:02d}.{root}"
    if day >= "21" and chance.odds(0.4):
        agency = chance.pick((f"{root}.{desk:02d}", f"{root}.{desk:02d}.{office:02d}", f"{root}.{desk + 100}"))
    return f"{agency}-{day}-{chance.whole(1, 980):04d}"


def working_days(first: date, last: date) -> int:
    """The days from Monday to Friday after ``first`` up to ``last``."""
    return sum(date.fromordinal(day).weekday() < 5 for day in range(first.toordinal() + 1, last.toordinal() + 1))


def draw_receipt(draft: Draft, manner: FormManner, *, with_qr: bool) -> None:
    """Writes a receipt of a dossier with the day its result is due."""
    chance = draft.chance
    day = draft.day()
    person = draw_person(chance, day, (20, 75))
    office = draw_office(chance, day, chance.pick(("commune", "department")))
    due = day + timedelta(days=chance.whole(3, 32))
    due += timedelta(days=7 - due.weekday() if due.weekday() > 4 else 0)
    code = dossier_code(draft, f"{day:%y%m%d}")
    procedure = chance.pick(PROCEDURES)
    writer = draft.writer(12.5, Margins(72, 57, 50, 57))
    _receipt_head(draft, writer, office, code, with_qr)
    writer.centred("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", bold=True, size=14.5, gap=3)
    writer.mixed([("print", "Mã hồ sơ:"), ("print", code)], ((writer.left + writer.right) / 2, writer.y + 13), writer.style)
    writer.skip(26)
    address = str(person.home)
    entries = [
        Entry(
            chance.pick_apart(("Tiếp nhận hồ sơ của",), ("Tiếp nhận hồ sơ của ông/bà", "Tiếp nhận hồ sơ của")),
            person.name if chance.odds(0.6) else f"{person.style} {person.name}",
        ),
        Entry("Số CCCD", person.id12, half=True),
        Entry("Số điện thoại", person.phone, half=True),
        Entry("Địa chỉ", address),
        Entry(chance.pick_apart(("Nội dung yêu cầu giải quyết",), ("Về việc", "Nội dung yêu cầu giải quyết")), procedure),
    ]
    write_entries(writer, entries, manner, gap=4)
    writer.paragraph("Thành phần hồ sơ nộp gồm:", gap=4)
    rows = [["STT", "Tên giấy tờ", "Số bản", "Hình thức"]]
    rows += [
        [str(n + 1), name, "01", chance.pick(("Bản chính", "Bản sao"))]
        for n, name in enumerate(chance.some(PAPERS, chance.whole(2, 4)))
    ]
    writer.table(rows, (0.09, 0.55, 0.14, 0.22))
    tail = [
        Entry("Số lượng hồ sơ", "01 (bộ)"),
        Entry("Thời gian giải quyết hồ sơ theo quy định", f"{working_days(day, due)} ngày làm việc"),
        Entry("Thời gian nhận hồ sơ", f"{chance.whole(7, 16):02d} giờ {chance.whole(0, 59):02d} phút, {dates.spelled(day)}"),
        Entry(
            "Thời gian trả kết quả giải quyết hồ sơ",
            f"{chance.whole(7, 16):02d} giờ {chance.whole(0, 5)}0 phút, {dates.spelled(due)}",
        ),
        Entry("Đăng ký nhận kết quả tại", chance.pick(("Bộ phận Một cửa", "Trung tâm Phục vụ hành chính công", "Bưu điện"))),
    ]
    write_entries(writer, tail, "inline" if manner == "table" else manner, gap=4)
    writer.need(130)
    width = writer.right - writer.left
    sign_off(draft, writer, ["NGƯỜI NỘP HỒ SƠ"], person.name, middle=writer.left + width * 0.24, top=writer.y + 6)
    ring = " ".join(office.lines) if chance.odds(0.5) else ""
    sign_off(
        draft,
        writer,
        ["NGƯỜI TIẾP NHẬN HỒ SƠ"],
        draw_name(chance, False),
        middle=writer.left + width * 0.76,
        top=writer.y + 6,
        ring=ring,
    )
    draft.fields.update(
        ma_ho_so=code, ho_ten=person.name, so_dinh_danh=person.id12, dia_chi=address, so_dien_thoai=person.phone,
        ten_thu_tuc=procedure, ngay_tiep_nhan=day.isoformat(), ngay_hen_tra=due.isoformat(),
    )  # fmt: skip


def _receipt_head(draft: Draft, writer: Writer, office: Office, code: str, with_qr: bool) -> None:
    width = writer.right - writer.left
    top, baseline = writer.margins.top + 12, writer.margins.top + 12
    shift = 44.0 if with_qr else 0.0
    if with_qr:
        writer.sheet.put(qr_picture(code, writer.left - 26, writer.margins.top - 26, 56))
    counter = draft.chance.pick(("BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"))
    names = [*office.lines, *[" ".join(counter.split()[:4]), " ".join(counter.split()[4:])]]
    for text in names:
        style = writer.style.but(size=10.5, bold=True)
        room = width * 0.4 - shift
        fitting = style.but(size=min(10.5, 10.5 * room / style.width(text)))
        writer.line(text, writer.left + width * 0.2 + shift / 2, baseline, fitting)
        baseline += 14
    national_head(writer, writer.left + width * 0.74, top, 11)
    writer.y = baseline + 14


LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "don_de_nghi": (
        Layout("inline", "tune", lambda draft: draw_application(draft, "inline")),
        Layout("leaders", "tune", lambda draft: draw_application(draft, "leaders")),
        Layout("stacked", "held_out", lambda draft: draw_application(draft, "stacked")),
        Layout("columns", "held_out", lambda draft: draw_application(draft, "columns")),
    ),
    "giay_tiep_nhan_ho_so": (
        Layout("inline", "tune", lambda draft: draw_receipt(draft, "inline", with_qr=False)),
        Layout("with_qr", "tune", lambda draft: draw_receipt(draft, "leaders", with_qr=True)),
        Layout("table", "held_out", lambda draft: draw_receipt(draft, "table", with_qr=True)),
    ),
}
