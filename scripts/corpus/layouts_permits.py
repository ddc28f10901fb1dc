"""Certificates and permits: household businesses, buildings, land."""

from __future__ import annotations

from dataclasses import replace

from scripts.corpus import dates, people, prose
from scripts.corpus.canvas import A4, RED, Panel
from scripts.corpus.certificates import frame
from scripts.corpus.chance import listed
from scripts.corpus.draft import Draft, Layout, national_head, sign_off, signer_name
from scripts.corpus.flow import Margins, Writer
from scripts.corpus.forms import Entry, FormManner, write_entries
from scripts.corpus.letterhead import Heading, HeadPlan, write_foot, write_head
from scripts.corpus.offices import draw_office
from scripts.corpus.people import draw_person, draw_tax_code

TRADES = listed(
    "Bán lẻ hàng tạp hóa|Kinh doanh ăn uống, giải khát|Sửa chữa xe máy, thay dầu nhớt|May đo quần áo, rèm cửa|"
    "Cho thuê phòng trọ|Mua bán vật liệu xây dựng, sắt thép|Cắt tóc, gội đầu, làm móng|"
    "Gia công cơ khí, khung nhôm cửa kính|Bán buôn gạo, ngô, thức ăn chăn nuôi|Dạy kèm ngoại ngữ, tin học|"
    "Sản xuất bún, bánh phở tươi|Giặt ủi, vệ sinh nhà ở"
)
SHOPS = listed("Tâm Đức|Cỏ May|Phú Quý|Bếp Nhà Út|Hương Đồng|Thuận Thảo|Bảy Khuỳnh|Ngõ Nhỏ|Vững Bền|Ước Mơ Xanh")
LAND_USES = listed(
    "Đất ở tại nông thôn|Đất ở tại đô thị|Đất trồng cây lâu năm|Đất chuyên trồng lúa nước|Đất rừng sản xuất|"
    "Đất nuôi trồng thủy sản"
)


def say_money(amount: int) -> str:
    """A whole number of million đồng in words, with a capital."""
    billions, millions = divmod(amount // 1_000_000, 1000)
    parts = [f"{dates.say_number(billions)} tỷ"] if billions else []
    if millions:
        parts.append(f"{dates.say_number(millions)} triệu")
    text = " ".join(parts) + " đồng"
    return text[0].upper() + text[1:]


def draw_business(draft: Draft, manner: FormManner) -> None:
    """Writes a registration certificate of a household business."""
    chance = draft.chance
    day = draft.day()
    owner = draw_person(chance, day, (20, 66))
    office = draw_office(chance, day, "commune")
    number = (
        f"{chance.whole(10, 99)}{chance.pick('ABCDEĐGHKLM')}{chance.digits(7)}" if chance.odds(0.7) else draw_tax_code(chance)
    )
    writer = draft.writer(13, Margins(78, 57, 52, 57))
    name = f"{chance.pick(('HỘ KINH DOANH', 'CỬA HÀNG', 'HKD'))} {chance.pick(SHOPS).upper()}"
    if chance.odds(0.3):
        name = f"HỘ KINH DOANH {owner.name.upper()}"
    heading = Heading(office, (("print", number),), (), day)
    _bare_head(draft, writer, heading)
    writer.centred("GIẤY CHỨNG NHẬN", bold=True, size=15, gap=0)
    writer.centred("ĐĂNG KÝ HỘ KINH DOANH", bold=True, size=15, gap=3)
    writer.centred(f"Đăng ký lần đầu, {dates.spelled(day)}", italic=True, gap=8)
    capital = chance.whole(1, 90) * 10_000_000
    money = f"{prose.grouped(capital)} {chance.pick(('đồng', 'VNĐ', 'đ'))}"
    if chance.odds(0.5):
        money = f"{money} (Bằng chữ: {say_money(capital)})"
    trade = "; ".join(chance.some(TRADES, chance.pick((1, 1, 2))))
    place = owner.home if chance.odds(0.6) else draw_person(chance, day).home
    entries = [
        Entry(chance.pick_apart(("1. Tên hộ kinh doanh",), ("1. Tên hộ kinh doanh (ghi bằng chữ in hoa)",)), name),
        Entry(
            chance.pick_apart(("2. Địa điểm kinh doanh",), ("2. Địa chỉ trụ sở hộ kinh doanh", "2. Địa điểm kinh doanh")),
            str(place),
        ),
        Entry("Điện thoại", owner.phone),
        Entry("3. Ngành, nghề kinh doanh", trade),
        Entry("4. Vốn kinh doanh", money),
        Entry(chance.pick(("5. Họ và tên chủ hộ kinh doanh", "5. Chủ hộ kinh doanh")), owner.name.upper()),
        Entry("Giới tính", owner.sex, half=True),
        Entry("Sinh ngày", dates.slashed(owner.born), half=True),
        Entry("Dân tộc", owner.folk, half=True),
        Entry("Quốc tịch", "Việt Nam", half=True),
        Entry("Số định danh cá nhân", owner.id12),
        Entry("Nơi thường trú", str(owner.home)),
    ]
    write_entries(writer, entries, manner)
    _, signer = write_foot(draft, writer, office, ["Chủ hộ kinh doanh", "Thuế cơ sở", "Lưu: VT"])
    draft.fields.update(
        so_dang_ky=number, ten_ho_kinh_doanh=name, dia_diem_kinh_doanh=str(place), nganh_nghe=trade, von_kinh_doanh=capital,
        ho_ten=owner.name, gioi_tinh=owner.sex, ngay_sinh=owner.born.isoformat(), so_dinh_danh=owner.id12,
        ngay_dang_ky=day.isoformat(), nguoi_ky=signer,
    )  # fmt: skip


def _bare_head(draft: Draft, writer: Writer, heading: Heading) -> None:
    """A head without place and day; the number stands under the issuing body."""
    width = writer.right - writer.left
    top, baseline = writer.margins.top + 12, writer.margins.top + 12
    for text in heading.office.lines:
        writer.line(text, writer.left + width * 0.21, baseline, writer.style.but(size=12, bold=True))
        baseline += 15.5
    writer.mixed([("print", "Số:"), *heading.number], (writer.left + width * 0.21, baseline + 12), writer.style)
    national_head(writer, writer.left + width * 0.71, top, 12)
    writer.y = baseline + 32


def draw_building(draft: Draft, manner: FormManner) -> None:
    """Writes a building permit."""
    chance = draft.chance
    day = draft.day()
    owner = draw_person(chance, day, (24, 75))
    office = draw_office(chance, day, chance.pick(("commune", "district")))
    figure = f"{chance.whole(1, 1200):02d}"
    number = figure + chance.pick(("/GPXD", "/GPXD-UBND", f"/{day.year}/GPXD"))
    writer = draft.writer(13, Margins(82, 57, 50, 57))
    kind, _ = piece = draft.filled(figure)
    pieces = (("print", number),) if kind == "print" else (piece, ("print", number.removeprefix(figure)))
    heading = Heading(office, pieces, tuple(draft.day_pieces(office.place, day)), day)  # type: ignore[arg-type]
    write_head(draft, writer, HeadPlan(size=12.2), heading)
    writer.skip(10)
    writer.centred("GIẤY PHÉP XÂY DỰNG", bold=True, size=15.5, gap=1)
    writer.centred(chance.pick(("(Sử dụng cho nhà ở riêng lẻ)", "(Cấp cho công trình không theo tuyến)")), italic=True, gap=8)
    plot, sheet = chance.whole(11, 980), chance.whole(2, 96)
    place = f"{chance.pick(('thửa đất số', 'thửa số'))} {plot}, tờ bản đồ số {sheet}, {office.address}"
    area = f"{chance.whole(38, 420)},{chance.whole(1, 99):02d} m²" if chance.odds(0.7) else f"{chance.whole(38, 420)} m²"
    floors = chance.whole(1, 7)
    floor_text = chance.pick((f"{floors:02d}", f"{floors:02d} tầng", f"{floors}"))
    entries = [
        Entry(
            chance.pick_apart(("1. Cấp cho",), ("1. Cấp cho chủ đầu tư", "1. Cấp cho ông (bà)")),
            f"{chance.pick((owner.style, 'Ông/Bà', f'{owner.style}:'))} {owner.name}",
        ),
        Entry("Địa chỉ thường trú", str(owner.home)),
        Entry("2. Được phép xây dựng công trình", "Nhà ở riêng lẻ"),
        Entry(chance.pick(("Xây dựng tại", "Địa điểm xây dựng", "Vị trí xây dựng")), place),
        Entry(chance.pick(("Diện tích xây dựng tầng 1", "Diện tích xây dựng", "Diện tích xây dựng tầng một")), area),
        Entry("Tổng diện tích sàn", f"{chance.whole(90, 900)},{chance.whole(1, 9)} m²"),
        Entry("Số tầng", floor_text, half=True),
        Entry("Chiều cao công trình", f"{chance.whole(4, 24)},{chance.whole(1, 9)} m", half=True),
        Entry("Cốt nền xây dựng", f"+0,{chance.whole(15, 60)} m so với mặt đường"),
    ]
    write_entries(writer, entries, manner)
    writer.paragraph(
        "3. Giấy phép này có hiệu lực khởi công trong thời hạn 12 tháng kể từ ngày cấp; quá thời hạn thì phải gia hạn."
    )
    _, signer = write_foot(draft, writer, office, ["Như mục 1", "Thanh tra xây dựng", "Lưu: VT, QLĐT"])
    draft.fields.update(
        so_ky_hieu=number, ho_ten=owner.name, dia_diem_xay_dung=place, dien_tich_xay_dung=area, so_tang=floors,
        ngay_cap=day.isoformat(), nguoi_ky=signer,
    )  # fmt: skip


def draw_land(draft: Draft, manner: FormManner, *, cover: bool) -> None:
    """Writes a certificate of land use right; with a ``cover``, the owner stands on page 1 and the land on page 2."""
    chance = draft.chance
    day = draft.day()
    owner = draw_person(chance, day, (26, 80))
    office = draw_office(chance, day, chance.pick(("district", "province")))
    issue = f"{chance.pick('ABCDĐE')}{chance.pick('ABKMNPQX')} {chance.whole(100_000, 999_999)}"
    book = f"{chance.pick(('CS', 'CH', 'VP'))} {chance.whole(101, 99_999):05d}"
    plot, sheet = str(chance.whole(1, 1400)), str(chance.whole(1, 120))
    place = str(draw_person(chance, day).home if chance.odds(0.2) else office.address)
    size = chance.whole(45, 2900)
    area = f"{prose.grouped(size)},{chance.whole(1, 9)} m²" if chance.odds(0.6) else f"{prose.grouped(size)} m²"
    use = chance.pick(LAND_USES)
    term = "Lâu dài" if use.startswith("Đất ở") else f"Đến ngày {dates.slashed(day.replace(day=15, year=day.year + 50))}"
    writer = draft.writer(12.5, Margins(70, 62, 60, 56))
    writer.numbered = False
    frame(draft, writer)
    _land_title(writer)
    write_entries(writer, _owner_entries(owner, chance.odds(0.5)), manner, bold=True)
    if cover:
        _write_issue(writer, issue)
        writer.turn_page()
        frame(draft, writer)
        writer.skip(10)
    writer.paragraph("*II. Thửa đất, nhà ở và tài sản khác gắn liền với đất*", gap=5)
    entries = [
        Entry("a) Thửa đất số", plot, half=True),
        Entry("Tờ bản đồ số", sheet, half=True),
        Entry("b) Địa chỉ", place),
        Entry(
            "c) Diện tích",
            f"{area} (bằng chữ: {dates.say_number(size)} mét vuông)" if size < 1000 and "," not in area else area,
        ),
        Entry("d) Hình thức sử dụng", "Sử dụng riêng"),
        Entry("đ) Mục đích sử dụng", use),
        Entry("e) Thời hạn sử dụng", term),
        Entry("g) Nguồn gốc sử dụng", "Công nhận quyền sử dụng đất như giao đất có thu tiền"),
    ]
    write_entries(writer, entries, manner)
    signer = signer_name(chance)
    writer.need(170)
    writer.y += 4
    middle = writer.right - 130
    writer.mixed(draft.day_pieces(office.place, day), (middle, writer.y + 14), writer.style.but(italic=True))
    capacity, title = chance.pick(office.signers[:2])
    end = sign_off(draft, writer, [*capacity, title], signer, middle=middle, top=writer.y + 18, ring=" ".join(office.lines))
    writer.line(f"Số vào sổ cấp GCN: {book}", writer.left + 95, end, writer.style)
    if not cover:
        _write_issue(writer, issue)
    draft.fields.update(
        so_phat_hanh=issue.replace(" ", ""), so_vao_so=book.replace(" ", ""), ho_ten=owner.name, so_dinh_danh=owner.id12,
        thua_dat_so=plot, to_ban_do_so=sheet, dia_chi_thua_dat=place, dien_tich=area, muc_dich_su_dung=use,
        thoi_han_su_dung=term, ngay_cap=day.isoformat(), nguoi_ky=signer,
    )  # fmt: skip


def _land_title(writer: Writer) -> None:
    middle = (writer.left + writer.right) / 2
    national_head(writer, middle, writer.margins.top + 14, 12.5)
    writer.y = writer.margins.top + 46
    red = writer.style.but(size=17, bold=True).coloured(RED)
    writer.paragraph("GIẤY CHỨNG NHẬN", align="centre", style=red, gap=0)
    writer.paragraph("QUYỀN SỬ DỤNG ĐẤT", align="centre", style=red.but(size=15), gap=0)
    writer.paragraph("QUYỀN SỞ HỮU NHÀ Ở VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT", align="centre", style=red.but(size=11.5), gap=12)
    writer.paragraph("*I. Người sử dụng đất, chủ sở hữu nhà ở và tài sản khác gắn liền với đất*", align="left", gap=5)


def _owner_entries(owner: people.Person, split: bool) -> list[Entry]:
    if split:
        return [
            Entry(owner.style, owner.name),
            Entry("Sinh năm", str(owner.born.year), half=True),
            Entry("CCCD số", owner.id12, half=True),
            Entry("Địa chỉ thường trú", str(owner.home)),
        ]
    return [
        Entry("Người sử dụng đất", f"{owner.style} {owner.name.upper()}, sinh năm {owner.born.year}, CCCD số: {owner.id12}"),
        Entry("Địa chỉ thường trú", str(owner.home)),
    ]


def _write_issue(writer: Writer, issue: str) -> None:
    style = replace(writer.style, size=14, bold=True, colour=RED)
    width = style.width(issue)
    writer.line(issue, A4[0] - 60 - width / 2, A4[1] - 46, style)
    writer.sheet.put(Panel(A4[0] - 66 - width, A4[1] - 62, A4[0] - 54, A4[1] - 40, outline=(230, 180, 180), width=0.5))


LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "giay_chung_nhan_ho_kinh_doanh": (
        Layout("inline", "tune", lambda draft: draw_business(draft, "inline")),
        Layout("leaders", "tune", lambda draft: draw_business(draft, "leaders")),
        Layout("table", "held_out", lambda draft: draw_business(draft, "table")),
    ),
    "giay_phep_xay_dung": (
        Layout("inline", "tune", lambda draft: draw_building(draft, "inline")),
        Layout("columns", "tune", lambda draft: draw_building(draft, "columns")),
        Layout("leaders", "held_out", lambda draft: draw_building(draft, "leaders")),
    ),
    "giay_chung_nhan_quyen_su_dung_dat": (
        Layout("one_page", "tune", lambda draft: draw_land(draft, "inline", cover=False)),
        Layout("cover", "tune", lambda draft: draw_land(draft, "inline", cover=True)),
        Layout("columns", "held_out", lambda draft: draw_land(draft, "columns", cover=True)),
    ),
}
