"""Papers of civil status: birth, marriage, marital status, criminal record."""

from __future__ import annotations

from dataclasses import replace

from scripts.corpus import dates
from scripts.corpus.canvas import Panel
from scripts.corpus.certificates import frame, office_head
from scripts.corpus.draft import Draft, Layout, sign_off, signer_name
from scripts.corpus.flow import Margins, Writer
from scripts.corpus.forms import Entry, FormManner, write_entries
from scripts.corpus.letterhead import Heading, HeadPlan, write_foot, write_head
from scripts.corpus.offices import draw_office
from scripts.corpus.people import Person, draw_person


def draw_marriage(draft: Draft, manner: FormManner | None) -> None:
    """Writes a marriage certificate: wife and husband side by side where ``manner`` is None, else one after the other."""
    chance = draft.chance
    day = draft.day()
    wife, husband = draw_person(chance, day, (18, 45), male=False), draw_person(chance, day, (20, 50), male=True)
    office = draw_office(chance, day, "commune")
    number = f"{chance.whole(1, 290)}/{day.year}" if chance.odds(0.7) else f"{chance.whole(1, 290):02d}"
    writer = draft.writer(12.5, Margins(66, 58, 60, 50))
    frame(draft, writer)
    office_head(draft, writer, office, number, two_columns=chance.odds(0.3))
    writer.centred("GIẤY CHỨNG NHẬN KẾT HÔN", bold=True, size=19, gap=10)
    if manner is None:
        _write_couple(draft, writer, wife, husband)
    else:
        for role, person in (("vợ", wife), ("chồng", husband)):
            write_entries(writer, _spouse_entries(draft, role, person), manner, gap=4)
            writer.skip(6)
    register = f"{office.title_case}, {office.address.province}"
    tail = [Entry("Nơi đăng ký kết hôn", register), Entry("Ngày, tháng, năm đăng ký", dates.slashed(day))]
    write_entries(writer, tail, manner or "inline", gap=4)
    writer.need(150)
    signer = signer_name(chance)
    width = writer.right - writer.left
    if chance.odds(0.5):
        for title, name, share in (("VỢ", wife.name, 0.14), ("CHỒNG", husband.name, 0.42)):
            sign_off(draft, writer, [title], name, middle=writer.left + width * share, top=writer.y + 6)
    ring = " ".join(office.lines)
    sign_off(draft, writer, ["CHỦ TỊCH"], signer, middle=writer.right - 80, top=writer.y + 6, ring=ring)
    draft.fields.update(
        so=number, ho_ten_vo=wife.name, ho_ten_chong=husband.name, ngay_sinh_vo=wife.born.isoformat(),
        ngay_sinh_chong=husband.born.isoformat(), so_dinh_danh_vo=wife.id12, so_dinh_danh_chong=husband.id12,
        ngay_dang_ky=day.isoformat(), nguoi_ky=signer,
    )  # fmt: skip


def _spouse_entries(draft: Draft, role: str, person: Person) -> list[Entry]:
    chance = draft.chance
    return [
        Entry(chance.pick_apart((f"Họ, chữ đệm, tên {role}",), (f"Họ và tên {role}",)), person.name.upper()),
        Entry(chance.pick_apart(("Ngày, tháng, năm sinh",), ("Sinh ngày",)), dates.slashed(person.born)),
        Entry("Dân tộc", person.folk, half=True),
        Entry("Quốc tịch", "Việt Nam", half=True),
        Entry("Nơi cư trú", str(person.home)),
        Entry("Giấy tờ tùy thân", f"Căn cước công dân số {person.id12}"),
    ]


def _write_couple(draft: Draft, writer: Writer, wife: Person, husband: Person) -> None:
    middle = (writer.left + writer.right) / 2
    spans = ((writer.left, middle - 10), (middle + 10, writer.right))
    start = writer.y
    for left, right in zip(_spouse_entries(draft, "vợ", wife), _spouse_entries(draft, "chồng", husband), strict=True):
        top, ends = writer.y, []
        for entry, span in zip((left, right), spans, strict=True):
            writer.y = top
            writer.paragraph(f"{entry.label}: {entry.value}", align="left", span=span, gap=0)
            ends.append(writer.y)
        writer.y = max(ends) + 5
    writer.sheet.put(Panel(middle - 0.4, start, middle + 0.4, writer.y, outline=(90, 90, 96), width=0.6))
    writer.skip(8)


def draw_marital_status(draft: Draft, manner: FormManner) -> None:
    """Writes a certificate of marital status."""
    chance = draft.chance
    day = draft.day()
    person = draw_person(chance, day, (18, 55))
    office = draw_office(chance, day, "commune")
    figure = f"{chance.whole(1, 480):02d}"
    number = f"{figure}/{chance.pick(('UBND-XNTTHN', 'XNTTHN-UBND', 'GXN-UBND'))}"
    writer = draft.writer(13, Margins(80, 57, 52, 57))
    kind, _ = piece = draft.filled(figure)
    pieces = (("print", number),) if kind == "print" else (piece, ("print", number.removeprefix(figure)))
    heading = Heading(office, pieces, tuple(draft.day_pieces(office.place, day)), day)  # type: ignore[arg-type]
    write_head(draft, writer, HeadPlan(size=12.2), heading)
    writer.skip(10)
    writer.centred("GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN", bold=True, size=15, gap=8)
    writer.centred(office.title_case.upper(), bold=True, gap=6)
    writer.paragraph(
        f"Xét đề nghị của {person.style.lower()} {person.name} về việc cấp giấy xác nhận tình trạng hôn nhân,", indent=30
    )
    writer.centred("XÁC NHẬN:", bold=True, gap=6)
    status = chance.pick(
        (
            "Chưa đăng ký kết hôn với ai", "Hiện tại chưa đăng ký kết hôn với ai",
            f"Đã ly hôn theo Quyết định số {chance.whole(11, 320)}/{day.year - 1}/QĐST-HNGĐ, hiện chưa đăng ký kết hôn với ai",
            "Có vợ hoặc chồng nhưng đã chết, hiện chưa đăng ký kết hôn với ai",
        )
    )  # fmt: skip
    aim = chance.pick(
        (
            "đăng ký kết hôn",
            "bổ túc hồ sơ vay vốn ngân hàng",
            "làm thủ tục chuyển nhượng quyền sử dụng đất",
            "xuất khẩu lao động",
        )
    )
    entries = [
        Entry(
            chance.pick_apart(("Họ, chữ đệm, tên",), ("Họ và tên",)), person.name.upper() if chance.odds(0.6) else person.name
        ),
        Entry("Ngày, tháng, năm sinh", dates.slashed(person.born)),
        Entry("Giới tính", person.sex, half=True),
        Entry("Dân tộc", person.folk, half=True),
        Entry("Quốc tịch", "Việt Nam"),
        Entry("Giấy tờ tùy thân", f"Căn cước công dân số {person.id12}"),
        Entry(chance.pick_apart(("Nơi cư trú",), ("Nơi thường trú",)), str(person.home)),
        Entry("Tình trạng hôn nhân", status),
    ]
    write_entries(writer, entries, manner)
    writer.paragraph(f"Giấy này được cấp để {aim}.", indent=30)
    writer.paragraph("Giấy này có giá trị trong thời hạn 06 tháng kể từ ngày cấp.", indent=30)
    _, signer = write_foot(draft, writer, office, [])
    draft.fields.update(
        so_ky_hieu=number, ho_ten=person.name, ngay_sinh=person.born.isoformat(), gioi_tinh=person.sex, dan_toc=person.folk,
        quoc_tich="Việt Nam", so_dinh_danh=person.id12, noi_cu_tru=str(person.home), tinh_trang_hon_nhan=status,
        muc_dich=aim, ngay_cap=day.isoformat(), nguoi_ky=signer,
    )  # fmt: skip


def draw_criminal_record(draft: Draft, manner: FormManner) -> None:
    """Writes a criminal record certificate."""
    chance = draft.chance
    day = draft.day()
    person = draw_person(chance, day, (18, 60))
    office = draw_office(chance, day, "department")
    office = replace(office, lines=("SỞ TƯ PHÁP",), name="SỞ TƯ PHÁP", title_case="Sở Tư pháp", signers=_JUSTICE_SIGNERS)
    figure = str(chance.whole(102, 9800))
    number = f"{figure}/{chance.pick(('STP-LLTP', 'LLTP-STP', 'PLLTP'))}"
    writer = draft.writer(13, Margins(82, 57, 52, 57))
    heading = Heading(office, (("print", number),), tuple(draft.day_pieces(office.place, day)), day)
    write_head(draft, writer, HeadPlan(size=12.2), heading)
    writer.skip(12)
    writer.centred(f"PHIẾU LÝ LỊCH TƯ PHÁP SỐ {chance.pick((1, 2))}", bold=True, size=15, gap=4)
    writer.centred("Căn cứ Luật Lý lịch tư pháp ngày 17 tháng 6 năm 2009;", italic=True, gap=8)
    writer.centred("XÁC NHẬN:", bold=True, gap=6)
    status = chance.pick(("Không có án tích", "Không có án tích", "Không có án tích", "Đã được xóa án tích"))
    entries = [
        Entry("1. Họ và tên", person.name.upper()),
        Entry("2. Giới tính", person.sex, half=True),
        Entry("3. Ngày, tháng, năm sinh", dates.slashed(person.born), half=True),
        Entry("4. Nơi sinh", str(person.origin)),
        Entry("5. Quốc tịch", "Việt Nam"),
        Entry("6. Nơi thường trú", str(person.home)),
        Entry("7. Giấy CMND/Căn cước công dân/Hộ chiếu", f"{person.id12}" if chance.odds(0.5) else f"số {person.id12}"),
        Entry("8. Tình trạng án tích", status),
    ]
    write_entries(writer, entries, manner, gap=6)
    _, signer = write_foot(draft, writer, office, ["Người được cấp", "Lưu: VT, HCTP"])
    draft.fields.update(
        so_ky_hieu=number, ho_ten=person.name, ngay_sinh=person.born.isoformat(), gioi_tinh=person.sex,
        so_dinh_danh=person.id12, noi_cu_tru=str(person.home), tinh_trang_an_tich=status,
        ngay_cap=day.isoformat(), nguoi_ky=signer,
    )  # fmt: skip


_JUSTICE_SIGNERS = (((), "GIÁM ĐỐC"), (("KT. GIÁM ĐỐC",), "PHÓ GIÁM ĐỐC"))

LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "giay_chung_nhan_ket_hon": (
        Layout("side_by_side", "tune", lambda draft: draw_marriage(draft, None)),
        Layout("leaders", "tune", lambda draft: draw_marriage(draft, "leaders")),
        Layout("columns", "held_out", lambda draft: draw_marriage(draft, "columns")),
    ),
    "giay_xac_nhan_hon_nhan": (
        Layout("inline", "tune", lambda draft: draw_marital_status(draft, "inline")),
        Layout("leaders", "tune", lambda draft: draw_marital_status(draft, "leaders")),
        Layout("stacked", "held_out", lambda draft: draw_marital_status(draft, "stacked")),
    ),
    "phieu_ly_lich_tu_phap": (
        Layout("inline", "tune", lambda draft: draw_criminal_record(draft, "inline")),
        Layout("columns", "tune", lambda draft: draw_criminal_record(draft, "columns")),
        Layout("table", "held_out", lambda draft: draw_criminal_record(draft, "table")),
    ),
}
