"""Certificates on newer forms: land since 2025 (Thông tư 10/2024/TT-BTNMT), household businesses since 2021."""

from __future__ import annotations

from datetime import date

from scripts.corpus import dates, prose
from scripts.corpus.canvas import RED
from scripts.corpus.certificates import frame
from scripts.corpus.draft import Draft, Layout, national_head, sign_off, signer_name
from scripts.corpus.flow import Margins, Writer
from scripts.corpus.forms import Entry, FormManner, write_entries
from scripts.corpus.layouts_permits import LAND_USES, SHOPS, TRADES, say_money
from scripts.corpus.layouts_requests import qr_picture
from scripts.corpus.letterhead import write_foot
from scripts.corpus.offices import draw_office
from scripts.corpus.people import draw_person, draw_tax_code


def draw_land_2025(draft: Draft, manner: FormManner) -> None:
    """Writes a land certificate of the form of 2025: one sheet, a QR code at its right, an issue number of eight digits."""
    chance = draft.chance
    day = draft.day(date(2025, 1, 2))
    owner = draw_person(chance, day, (24, 80))
    office = draw_office(chance, day, "province")
    issue = f"{chance.pick('ABCDĐE')}{chance.pick('ABKMNPQX')} {chance.whole(1_000_000, 99_999_999):08d}"
    book = f"{chance.pick(('CN', 'VP', 'CS'))} {chance.whole(101, 99_999):05d}"
    plot, sheet, place = str(chance.whole(1, 1400)), str(chance.whole(1, 120)), str(office.address)
    area = f"{prose.grouped(chance.whole(45, 2900))},{chance.whole(1, 9)} m²"
    use = chance.pick(LAND_USES)
    term = "Lâu dài" if use.startswith("Đất ở") else dates.slashed(day.replace(day=15, year=day.year + 50))
    writer = draft.writer(12, Margins(66, 58, 58, 50))
    writer.numbered = False
    frame(draft, writer)
    writer.sheet.put(qr_picture(f"{issue.replace(' ', '')}", writer.right - 50, writer.margins.top - 8, 48))
    _title_2025(writer)
    write_entries(writer, [Entry("1. Người sử dụng đất, chủ sở hữu tài sản gắn liền với đất", "")], "inline", gap=1)
    person = f"{owner.style}: {owner.name.upper()}" if chance.odds(0.5) else f"{owner.style} {owner.name}"
    writer.paragraph(
        f"{person}, CCCD số: {owner.id12}" if chance.odds(0.5) else f"{person}; số định danh: {owner.id12}", gap=2
    )
    writer.paragraph(f"Địa chỉ: {owner.home}", gap=5)
    writer.paragraph("*2. Thông tin thửa đất:*", gap=2)
    entries = [
        Entry("a) Thửa đất số", f"{plot};", half=True),
        Entry("tờ bản đồ số", f"{sheet};", half=True),
        Entry("b) Diện tích", f"{area};"),
        Entry("c) Loại đất", f"{use};"),
        Entry("d) Thời hạn sử dụng đất", f"{term};"),
        Entry("đ) Hình thức sử dụng đất", "Sử dụng riêng;"),
        Entry("e) Địa chỉ", f"{place}."),
    ]
    write_entries(writer, entries, manner, gap=2)
    writer.paragraph("*3. Thông tin tài sản gắn liền với đất:* -/-", gap=2)
    writer.paragraph("*4. Ghi chú:* Không.", gap=6)
    writer.need(170)
    middle, signer = writer.right - 130, signer_name(chance)
    writer.mixed(draft.day_pieces(office.place, day), (middle, writer.y + 14), writer.style.but(italic=True))
    capacity, title = chance.pick(office.signers[:2])
    end = sign_off(draft, writer, [*capacity, title], signer, middle=middle, top=writer.y + 18, ring=" ".join(office.lines))
    red = writer.style.but(bold=True).coloured(RED)
    writer.line(f"Số phát hành: {issue}" if chance.odds(0.5) else issue, writer.right - 80, end + 22, red)
    writer.line(f"Số vào sổ cấp Giấy chứng nhận: {book}", writer.left + 125, end + 22, writer.style)
    draft.fields.update(
        so_phat_hanh=issue.replace(" ", ""), so_vao_so=book.replace(" ", ""), ho_ten=owner.name, so_dinh_danh=owner.id12,
        thua_dat_so=plot, to_ban_do_so=sheet, dia_chi_thua_dat=place, dien_tich=area, muc_dich_su_dung=use,
        thoi_han_su_dung=term, ngay_cap=day.isoformat(), nguoi_ky=signer,
    )  # fmt: skip


def _title_2025(writer: Writer) -> None:
    national_head(writer, (writer.left + writer.right) / 2, writer.margins.top + 14, 12)
    writer.y = writer.margins.top + 48
    red = writer.style.but(size=16, bold=True).coloured(RED)
    writer.paragraph("GIẤY CHỨNG NHẬN", align="centre", style=red, gap=0)
    title = "QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU TÀI SẢN GẮN LIỀN VỚI ĐẤT"
    writer.paragraph(title, align="centre", style=red.but(size=12), gap=10)


def draw_business_2021(draft: Draft, manner: FormManner) -> None:
    """Writes a registration certificate with the labels of 2021: capital in figures and in words, owner's papers below."""
    chance = draft.chance
    day = draft.day(date(2021, 5, 4))
    owner = draw_person(chance, day, (20, 66))
    office = draw_office(chance, day, "commune")
    number = (
        f"{chance.whole(10, 99)}{chance.pick('ABCDEGHKLM')}{chance.digits(7)}" if chance.odds(0.5) else draw_tax_code(chance)
    )
    writer = draft.writer(12.5, Margins(76, 57, 52, 57))
    _head_2021(writer, office.lines)
    writer.centred("GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH", bold=True, size=15, gap=2)
    writer.centred(f"Số: {number}", gap=2)
    writer.centred(f"Đăng ký lần đầu, ngày {day.day:02d} tháng {day.month:02d} năm {day.year}", italic=True, gap=8)
    capital = chance.whole(3, 900) * 1_000_000
    trade = "; ".join(chance.some(TRADES, chance.pick((1, 2, 3))))
    name = f"HỘ KINH DOANH {chance.pick((owner.name, chance.pick(SHOPS))).upper()}"
    words = say_money(capital)
    entries = [
        Entry(chance.pick_apart(("1. Tên hộ kinh doanh (ghi bằng chữ in hoa)",), ("1. Tên hộ kinh doanh",)), name),
        Entry("2. Địa chỉ trụ sở hộ kinh doanh", str(owner.home)),
        Entry("Điện thoại", owner.phone, half=True),
        Entry("Email", f"hkd{chance.whole(1, 900)}@gmail.com", half=True),
        Entry("3. Ngành, nghề kinh doanh", trade),
        Entry("4. Vốn kinh doanh", f"{prose.grouped(capital)} đồng ({chance.pick((words, words.lower()))})"),
        Entry("5. Thông tin về chủ hộ kinh doanh", ""),
        Entry(chance.pick_apart(("Họ và tên (ghi bằng chữ in hoa)",), ("Họ và tên",)), owner.name.upper()),
        Entry("Giới tính", owner.sex, half=True),
        Entry("Sinh ngày", f"{owner.born.day:02d} / {owner.born.month:02d} / {owner.born.year}", half=True),
        Entry("Dân tộc", owner.folk, half=True),
        Entry("Quốc tịch", "Việt Nam", half=True),
        Entry("Loại giấy tờ pháp lý của cá nhân", "Căn cước công dân"),
        Entry("Số giấy tờ pháp lý của cá nhân", owner.id12),
        Entry("Ngày cấp", dates.slashed(chance.day(date(2021, 1, 4), day)), half=True),
        Entry("Nơi cấp", "Cục CSQLHC về TTXH", half=True),
        Entry("Địa chỉ liên lạc", str(owner.home)),
    ]
    write_entries(writer, entries, manner, gap=3)
    _, signer = write_foot(draft, writer, office, [])
    draft.fields.update(
        so_dang_ky=number, ten_ho_kinh_doanh=name, dia_diem_kinh_doanh=str(owner.home), nganh_nghe=trade,
        von_kinh_doanh=capital, ho_ten=owner.name, gioi_tinh=owner.sex, ngay_sinh=owner.born.isoformat(),
        so_dinh_danh=owner.id12, ngay_dang_ky=day.isoformat(), nguoi_ky=signer,
    )  # fmt: skip


def _head_2021(writer: Writer, lines: tuple[str, ...]) -> None:
    width, top = writer.right - writer.left, writer.margins.top + 12
    baseline = top
    for text in lines:
        writer.line(text, writer.left + width * 0.21, baseline, writer.style.but(size=11.5, bold=True))
        baseline += 15
    national_head(writer, writer.left + width * 0.71, top, 11.5)
    writer.y = baseline + 24


LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "giay_chung_nhan_quyen_su_dung_dat": (
        Layout("form_2025", "tune", lambda draft: draw_land_2025(draft, "inline")),
        Layout("form_2025_leaders", "held_out", lambda draft: draw_land_2025(draft, "leaders")),
    ),
    "giay_chung_nhan_ho_kinh_doanh": (
        Layout("form_2021", "tune", lambda draft: draw_business_2021(draft, "inline")),
        Layout("form_2021_columns", "held_out", lambda draft: draw_business_2021(draft, "columns")),
    ),
}
