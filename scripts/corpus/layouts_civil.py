"""Papers of civil status: birth, marriage, marital status, criminal record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from scripts.corpus import dates, people
from scripts.corpus.canvas import A4, Panel
from scripts.corpus.draft import Draft, Layout, national_head, sign_off, signer_name
from scripts.corpus.flow import Margins, Writer
from scripts.corpus.forms import Entry, FormManner, write_entries
from scripts.corpus.letterhead import Heading, HeadPlan, write_foot, write_head
from scripts.corpus.offices import Office, draw_office
from scripts.corpus.people import Person, draw_person
from scripts.corpus.places import PROVINCES

BORDERS = ((172, 60, 70), (54, 112, 84), (60, 70, 140))
NOTE = "(Ký, ghi rõ họ, chữ đệm, tên, chức vụ và đóng dấu)"


def frame(draft: Draft, writer: Writer) -> None:
    """Draws the double border of a certificate, on tinted paper now and then."""
    chance = draft.chance
    if chance.odds(0.4):
        writer.tint(chance.pick(((253, 248, 236), (246, 250, 243), (253, 243, 243))))
    colour = chance.pick(BORDERS)
    writer.sheet.put(Panel(34, 30, A4[0] - 34, A4[1] - 30, outline=colour, width=2.4))
    writer.sheet.put(Panel(40, 36, A4[0] - 40, A4[1] - 36, outline=colour, width=0.8))


def office_head(draft: Draft, writer: Writer, office: Office, number: str, *, two_columns: bool) -> None:
    """Writes the national name (and the issuing body beside it) and the number at the right."""
    width = writer.right - writer.left
    top = writer.margins.top + 12
    if two_columns:
        left, baseline = writer.left + width * 0.2, top
        for text in office.lines:
            writer.line(text, left, baseline, writer.style.but(size=12, bold=True))
            baseline += 15.5
        national_head(writer, writer.left + width * 0.7, top, 12)
    else:
        national_head(writer, (writer.left + writer.right) / 2, top, 13)
    writer.mixed([("print", "Số:"), draft.filled(number)], (writer.right - 70, top + 46), writer.style)
    writer.y = top + 62


def _child(draft: Draft, mother: Person, father: Person | None, day: date) -> Person:
    chance = draft.chance
    child = draw_person(chance, day, (1, 2))
    born = day - timedelta(days=chance.whole(3, 58))
    surname = (father or mother).name.split()[0]
    name = " ".join([surname, *child.name.split()[1:]])
    home = replace((father or mother), born=born)
    province = next(one for one in PROVINCES if one.code == child.id12[:3])
    return replace(
        child,
        name=name,
        born=born,
        origin=home.origin,
        folk=home.folk,
        id12=people.draw_id(chance, province, child.male, born),
    )


def draw_birth(draft: Draft, manner: FormManner, *, extract: bool = False, framed: bool = True) -> None:
    """Writes a birth certificate, or an extract of one."""
    chance = draft.chance
    day = draft.day()
    mother, father = draw_person(chance, day, (20, 43), male=False), draw_person(chance, day, (22, 50), male=True)
    lone = chance.odds(0.06)
    child = _child(draft, mother, None if lone else father, day)
    office = draw_office(chance, day, "commune")
    number = f"{chance.whole(1, 480)}/{day.year}"
    writer = draft.writer(12.5, Margins(70, 58, 62, 50))
    if framed:
        frame(draft, writer)
    office_head(draft, writer, office, number, two_columns=chance.odds(0.5))
    writer.centred("TRÍCH LỤC KHAI SINH" if extract else "GIẤY KHAI SINH", bold=True, size=chance.pick((17, 19, 21)), gap=2)
    if extract or chance.odds(0.25):
        writer.centred("(BẢN SAO)" if extract else "(BẢN CHÍNH)", bold=True, size=12, gap=4)
    writer.skip(6)
    register = (
        f"{office.title_case}{', ' + office.address.district if office.address.district else ''}, {office.address.province}"
    )
    hospital = f"{chance.pick(('Bệnh viện đa khoa', 'Bệnh viện Phụ sản', 'Trung tâm Y tế'))} {office.address.province}"
    entries = _birth_entries(chance.odds(0.5), child, hospital)
    entries += _parent_entries("mẹ", mother) + ([] if lone else _parent_entries("cha", father))
    entries += [Entry("Nơi đăng ký khai sinh", register), Entry("Ngày, tháng, năm đăng ký", dates.slashed(day))]
    write_entries(writer, entries, manner, bold=chance.odds(0.3), gap=chance.pick((3.0, 4.5)))
    signer = signer_name(chance)
    title = chance.pick(("NGƯỜI KÝ GIẤY KHAI SINH", "CHỦ TỊCH", "PHÓ CHỦ TỊCH")) if not extract else "NGƯỜI KÝ TRÍCH LỤC"
    lines = [title, NOTE] if chance.odds(0.4) else [title]
    writer.need(140)
    ring = " ".join(office.lines)
    sign_off(draft, writer, lines, signer, middle=writer.right - 120, top=writer.y + 4, ring=ring)
    draft.fields.update(
        so=number, ho_ten=child.name, ngay_sinh=child.born.isoformat(), gioi_tinh=child.sex, dan_toc=child.folk,
        quoc_tich="Việt Nam", noi_sinh=hospital, que_quan=str(child.origin), so_dinh_danh=child.id12,
        ho_ten_me=mother.name, noi_dang_ky=register, ngay_dang_ky=day.isoformat(), nguoi_ky=signer,
    )  # fmt: skip
    if not lone:
        draft.fields["ho_ten_cha"] = father.name


def _birth_entries(spelled: bool, child: Person, hospital: str) -> list[Entry]:
    born = [Entry("Ngày, tháng, năm sinh", dates.slashed(child.born)), Entry("Ghi bằng chữ", dates.say_day(child.born))]
    if spelled:
        born = [Entry("Ngày, tháng, năm sinh", f"{dates.slashed(child.born)}. Ghi bằng chữ: {dates.say_day(child.born)}")]
    return [
        Entry("Họ, chữ đệm, tên", child.name.upper()),
        *born,
        Entry("Giới tính", child.sex, half=True),
        Entry("Dân tộc", child.folk, half=True),
        Entry("Quốc tịch", "Việt Nam"),
        Entry("Nơi sinh", hospital),
        Entry("Quê quán", str(child.origin)),
        Entry("Số định danh cá nhân", child.id12),
    ]


def _parent_entries(role: str, parent: Person) -> list[Entry]:
    return [
        Entry(f"Họ, chữ đệm, tên người {role}", parent.name.upper()),
        Entry("Năm sinh", str(parent.born.year), half=True),
        Entry("Dân tộc", parent.folk, half=True),
        Entry("Quốc tịch", "Việt Nam"),
        Entry("Nơi cư trú", str(parent.home)),
    ]


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
        _write_couple(writer, wife, husband)
    else:
        for role, person in (("vợ", wife), ("chồng", husband)):
            write_entries(writer, _spouse_entries(role, person), manner, gap=4)
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


def _spouse_entries(role: str, person: Person) -> list[Entry]:
    return [
        Entry(f"Họ, chữ đệm, tên {role}", person.name.upper()),
        Entry("Ngày, tháng, năm sinh", dates.slashed(person.born)),
        Entry("Dân tộc", person.folk, half=True),
        Entry("Quốc tịch", "Việt Nam", half=True),
        Entry("Nơi cư trú", str(person.home)),
        Entry("Giấy tờ tùy thân", f"Căn cước công dân số {person.id12}"),
    ]


def _write_couple(writer: Writer, wife: Person, husband: Person) -> None:
    middle = (writer.left + writer.right) / 2
    spans = ((writer.left, middle - 10), (middle + 10, writer.right))
    start = writer.y
    for left, right in zip(_spouse_entries("vợ", wife), _spouse_entries("chồng", husband), strict=True):
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
        Entry("Họ, chữ đệm, tên", person.name.upper() if chance.odds(0.6) else person.name),
        Entry("Ngày, tháng, năm sinh", dates.slashed(person.born)),
        Entry("Giới tính", person.sex, half=True),
        Entry("Dân tộc", person.folk, half=True),
        Entry("Quốc tịch", "Việt Nam"),
        Entry("Giấy tờ tùy thân", f"Căn cước công dân số {person.id12}"),
        Entry("Nơi cư trú", str(person.home)),
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
    "giay_khai_sinh": (
        Layout("inline", "tune", lambda draft: draw_birth(draft, "inline")),
        Layout("leaders", "tune", lambda draft: draw_birth(draft, "leaders")),
        Layout("extract", "tune", lambda draft: draw_birth(draft, "inline", extract=True, framed=False)),
        Layout("columns", "held_out", lambda draft: draw_birth(draft, "columns", framed=False)),
        Layout("table", "held_out", lambda draft: draw_birth(draft, "table", extract=True, framed=False)),
    ),
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
