"""Papers of civil status on the forms of earlier years (Thông tư 08.a/2010/TT-BTP and before Thông tư 04/2020/TT-BTP)."""

from __future__ import annotations

from datetime import date, timedelta

from scripts.corpus import dates
from scripts.corpus.canvas import Panel
from scripts.corpus.certificates import frame, office_head
from scripts.corpus.chance import Chance
from scripts.corpus.draft import Draft, Layout, sign_off, signer_name
from scripts.corpus.flow import Margins, Writer
from scripts.corpus.forms import Entry, FormManner, write_entries
from scripts.corpus.letterhead import Heading, HeadPlan, write_foot, write_head
from scripts.corpus.offices import Office, draw_office
from scripts.corpus.people import Person, draw_person

LAST = date(2024, 12, 20)


def _register(office: Office) -> str:
    parts = (office.title_case, office.address.district, office.address.province)
    return ", ".join(part for part in parts if part)


def say_date(chance: Chance, day: date) -> str:
    """A day as one of the older forms was filled in."""
    return chance.pick((dates.slashed(day), f"{day:%d-%m-%Y}", f"{day.day}/{day.month}/{day.year}", dates.spelled(day)))


def _parent_rows(chance: Chance, label: str, parent: Person) -> list[Entry]:
    return [
        Entry(label, parent.name.upper() if chance.odds(0.6) else parent.name),
        Entry("Dân tộc", parent.folk, half=True),
        Entry("Quốc tịch", "Việt Nam", half=True),
        Entry("Năm sinh", str(parent.born.year)),
        Entry(chance.pick(("Nơi thường trú/tạm trú", "Nơi cư trú", "Nơi thường trú")), str(parent.home)),
    ]


def draw_birth_2010(draft: Draft, manner: FormManner) -> None:
    """Writes a birth certificate on the form of 2010: full name, sex first, the father before the mother."""
    chance = draft.chance
    day = draft.day(last=LAST)
    mother, father = draw_person(chance, day, (20, 43), male=False), draw_person(chance, day, (22, 50), male=True)
    office = draw_office(chance, day, "commune")
    child = draw_person(chance, day, (1, 3))
    name = " ".join([father.name.split()[0], *child.name.split()[1:]])
    born = day - timedelta(days=chance.whole(3, 58))
    number = f"{chance.whole(1, 480):02d}" + (f"/{day.year}" if chance.odds(0.6) else "")
    writer = draft.writer(12.5, Margins(70, 58, 62, 50))
    frame(draft, writer)
    office_head(draft, writer, office, number, two_columns=chance.odds(0.6))
    writer.centred("GIẤY KHAI SINH", bold=True, size=chance.pick((18, 20)), gap=2)
    writer.centred(chance.pick(("(BẢN CHÍNH)", "(BẢN SAO)")), bold=True, size=11.5, gap=8)
    words = dates.say_day(born)
    words = words if chance.odds(0.6) else words[0].lower() + words[1:]
    place = f"{chance.pick(('Trạm Y tế', 'Bệnh viện đa khoa huyện', 'Nhà hộ sinh'))} {office.address.place}"
    register = _register(office)
    entries = [
        Entry(chance.pick_apart(("Họ và tên",), ("Họ, tên",)), name.upper()),
        Entry("Giới tính", child.sex, half=True),
        Entry("Dân tộc", father.folk, half=True),
        Entry("Ngày, tháng, năm sinh", f"{say_date(chance, born)} ({chance.pick(('ghi bằng chữ', 'bằng chữ'))}: {words})"),
        Entry("Nơi sinh", place),
        Entry("Quê quán", str(father.origin)),
        Entry("Quốc tịch", "Việt Nam"),
        *_parent_rows(chance, "Họ và tên cha", father),
        *_parent_rows(chance, "Họ và tên mẹ", mother),
        Entry(chance.pick_apart(("Nơi đăng ký",), ("Nơi đăng ký khai sinh",)), register),
        Entry(chance.pick(("Ngày, tháng, năm đăng ký", "Đăng ký ngày")), say_date(chance, day)),
        Entry("Ghi chú", "Không"),
    ]
    write_entries(writer, entries, manner, gap=2.5)
    signer = signer_name(chance)
    writer.need(130)
    lines = ["NGƯỜI KÝ GIẤY KHAI SINH", "(Ký, ghi rõ họ tên, chức vụ)"]
    sign_off(draft, writer, lines, signer, middle=writer.right - 120, top=writer.y + 2, ring=" ".join(office.lines))
    draft.fields.update(
        so=number, ho_ten=name, ngay_sinh=born.isoformat(), gioi_tinh=child.sex, dan_toc=father.folk, quoc_tich="Việt Nam",
        noi_sinh=place, que_quan=str(father.origin), ho_ten_me=mother.name, ho_ten_cha=father.name, noi_dang_ky=register,
        ngay_dang_ky=day.isoformat(), nguoi_ky=signer,
    )  # fmt: skip


def draw_marriage_2010(draft: Draft, *, husband_left: bool) -> None:
    """Writes a marriage certificate with labels over both columns; old ids where the couple had no other."""
    chance = draft.chance
    day = draft.day(last=LAST)
    wife, husband = draw_person(chance, day, (18, 45), male=False), draw_person(chance, day, (20, 50), male=True)
    office = draw_office(chance, day, "commune")
    number = f"{chance.whole(1, 290):02d}/{day.year}"
    writer = draft.writer(12, Margins(60, 58, 54, 50))
    frame(draft, writer)
    office_head(draft, writer, office, number, two_columns=chance.odds(0.5))
    writer.centred(chance.pick(("GIẤY CHỨNG NHẬN KẾT HÔN", "GIẤY CHỨNG NHẬN KẾT HÔN (BẢN SAO)")), bold=True, size=17, gap=10)
    old_ids = chance.odds(0.4)
    columns = [("vợ", wife), ("chồng", husband)]
    if husband_left:
        columns.reverse()
    _write_columns(draft, writer, columns, old_ids)
    register = _register(office)
    write_entries(
        writer,
        [Entry("Nơi đăng ký", register), Entry("Ngày, tháng, năm đăng ký", say_date(chance, day)), Entry("Ghi chú", "Không")],
        "leaders",
        gap=4,
    )
    writer.need(130)
    signer, width = signer_name(chance), writer.right - writer.left
    for (role, person), share in zip(columns, (0.13, 0.42), strict=True):
        lines = [role.capitalize(), "(Ký, ghi rõ họ tên)"]
        sign_off(draft, writer, lines, person.name, middle=writer.left + width * share, top=writer.y + 6)
    title = chance.pick(("CHỦ TỊCH", "PHÓ CHỦ TỊCH"))
    sign_off(draft, writer, [title], signer, middle=writer.right - 78, top=writer.y + 6, ring=" ".join(office.lines))
    draft.fields.update(
        so=number, ho_ten_vo=wife.name, ho_ten_chong=husband.name, ngay_sinh_vo=wife.born.isoformat(),
        ngay_sinh_chong=husband.born.isoformat(), ngay_dang_ky=day.isoformat(), nguoi_ky=signer,
    )  # fmt: skip
    if not old_ids:
        draft.fields.update(so_dinh_danh_vo=wife.id12, so_dinh_danh_chong=husband.id12)


def _write_columns(draft: Draft, writer: Writer, columns: list[tuple[str, Person]], old_ids: bool) -> None:
    """Every row has the same label on both sides; the names' labels say whose column it is."""
    chance = draft.chance
    middle = (writer.left + writer.right) / 2
    spans = ((writer.left, middle - 10), (middle + 10, writer.right))
    paper = chance.pick(("Số Giấy CMND/Hộ chiếu", "Giấy tờ tùy thân", "Số định danh cá nhân"))
    named = chance.pick_apart(("Họ, chữ đệm, tên {}", "Họ và tên {}"), ("Họ tên {}",))
    home = chance.pick(("Nơi thường trú/tạm trú", "Nơi cư trú"))
    rows: list[tuple[str, ...]] = []
    for role, person in columns:
        number = chance.digits(9) if old_ids else person.id12
        rows.append(
            (
                f"{named.format(role)}: {person.name.upper()}", f"Ngày, tháng, năm sinh: {say_date(chance, person.born)}",
                f"Dân tộc: {person.folk}", "Quốc tịch: Việt Nam", f"{home}: {person.home}", f"{paper}: {number}",
            )
        )  # fmt: skip
    start = writer.y
    for cells in zip(*rows, strict=True):
        top, ends = writer.y, []
        for cell, span in zip(cells, spans, strict=True):
            writer.y = top
            writer.paragraph(cell, align="left", span=span, gap=0)
            ends.append(writer.y)
        writer.y = max(ends) + 4
    if chance.odds(0.6):
        writer.sheet.put(Panel(middle - 0.4, start, middle + 0.4, writer.y, outline=(90, 90, 96), width=0.6))
    writer.skip(8)


def draw_status_2010(draft: Draft, manner: FormManner) -> None:
    """Writes a certificate of marital status with the labels of 2010."""
    chance = draft.chance
    day = draft.day(last=LAST)
    person = draw_person(chance, day, (18, 55))
    office = draw_office(chance, day, "commune")
    number = f"{chance.whole(1, 480):02d}/UBND-XNTTHN"
    writer = draft.writer(13, Margins(80, 57, 52, 57))
    heading = Heading(office, (("print", number),), tuple(draft.day_pieces(office.place, day)), day)
    write_head(draft, writer, HeadPlan(size=12.2), heading)
    writer.skip(8)
    writer.centred("GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN", bold=True, size=15, gap=10)
    writer.centred(f"ỦY BAN NHÂN DÂN {office.lines[-1]}", bold=True, gap=4)
    writer.centred("XÁC NHẬN:", bold=True, gap=6)
    status = chance.pick(("Chưa đăng ký kết hôn với ai", "Độc thân", "Đang có vợ" if person.male else "Đang có chồng"))
    aim = chance.pick(("làm thủ tục đăng ký kết hôn", "bổ túc hồ sơ mua bán nhà đất", "làm hồ sơ du học"))
    entries = [
        Entry(chance.pick_apart(("Ông/bà",), ("Ông (bà)",)), person.name.upper() if chance.odds(0.5) else person.name),
        Entry(chance.pick(("Sinh ngày", "Ngày, tháng, năm sinh")), say_date(chance, person.born)),
        Entry("Giới tính", person.sex, half=True),
        Entry("Dân tộc", person.folk, half=True),
        Entry("Quốc tịch", "Việt Nam"),
        Entry(chance.pick(("Số Giấy CMND/Hộ chiếu/Giấy tờ hợp lệ thay thế", "Giấy tờ tùy thân")), f"CCCD số {person.id12}"),
        Entry(chance.pick(("Nơi thường trú/tạm trú", "Nơi cư trú")), str(person.home)),
        Entry("Tình trạng hôn nhân", status),
        Entry("Giấy này được cấp để", aim),
    ]
    write_entries(writer, entries, manner, gap=5)
    _, signer = write_foot(draft, writer, office, [])
    draft.fields.update(
        so_ky_hieu=number, ho_ten=person.name, ngay_sinh=person.born.isoformat(), gioi_tinh=person.sex, dan_toc=person.folk,
        quoc_tich="Việt Nam", so_dinh_danh=person.id12, noi_cu_tru=str(person.home), tinh_trang_hon_nhan=status,
        muc_dich=aim, ngay_cap=day.isoformat(), nguoi_ky=signer,
    )  # fmt: skip


LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "giay_khai_sinh": (
        Layout("form_2010", "tune", lambda draft: draw_birth_2010(draft, "leaders")),
        Layout("form_2010_open", "held_out", lambda draft: draw_birth_2010(draft, "inline")),
    ),
    "giay_chung_nhan_ket_hon": (
        Layout("form_2010", "tune", lambda draft: draw_marriage_2010(draft, husband_left=True)),
        Layout("form_2010_wife_left", "held_out", lambda draft: draw_marriage_2010(draft, husband_left=False)),
    ),
    "giay_xac_nhan_hon_nhan": (
        Layout("form_2010", "tune", lambda draft: draw_status_2010(draft, "leaders")),
        Layout("form_2010_columns", "held_out", lambda draft: draw_status_2010(draft, "columns")),
    ),
}
