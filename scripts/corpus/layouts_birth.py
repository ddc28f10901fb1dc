"""Birth certificates and extracts of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from scripts.corpus import dates, people
from scripts.corpus.certificates import frame, office_head
from scripts.corpus.draft import Draft, Layout, sign_off, signer_name
from scripts.corpus.flow import Margins, Writer
from scripts.corpus.forms import Entry, FormManner, write_entries
from scripts.corpus.offices import Office, draw_office
from scripts.corpus.people import Person, draw_person
from scripts.corpus.places import PROVINCES

NOTE = "(Ký, ghi rõ họ, chữ đệm, tên, chức vụ và đóng dấu)"


def _child(draft: Draft, mother: Person, father: Person | None, office: Office, day: date) -> Person:
    chance = draft.chance
    child = draw_person(chance, day, (1, 2))
    born = day - timedelta(days=chance.whole(3, 58))
    surname = (father or mother).name.split()[0]
    name = " ".join([surname, *child.name.split()[1:]])
    home = replace((father or mother), born=born)
    province = next(one for one in PROVINCES if one.titled(day) == office.address.province)
    return replace(
        child,
        name=name,
        born=born,
        origin=home.origin,
        folk=home.folk,
        id12=people.draw_id(chance, province, child.male, born),
    )


def draw_birth(draft: Draft, manner: FormManner, *, extract: bool = False, framed: bool = True, back: bool = False) -> None:
    """Writes a birth certificate, or an extract of one; its ``back`` is a page for later changes."""
    chance = draft.chance
    day = draft.day()
    mother, father = draw_person(chance, day, (20, 43), male=False), draw_person(chance, day, (22, 50), male=True)
    lone = chance.odds(0.06)
    office = draw_office(chance, day, "commune")
    child = _child(draft, mother, None if lone else father, office, day)
    number = f"{chance.whole(1, 480)}/{day.year}"
    writer = draft.writer(11 if manner == "table" else 12.5, Margins(70, 58, 62, 50))
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
    entries = _birth_entries(draft, child, hospital)
    entries += _parent_entries(draft, "mẹ", mother) + ([] if lone else _parent_entries(draft, "cha", father))
    entries += [Entry("Nơi đăng ký khai sinh", register), Entry("Ngày, tháng, năm đăng ký", dates.slashed(day))]
    write_entries(writer, entries, manner, bold=chance.odds(0.3), gap=chance.pick((3.0, 4.5)))
    signer = signer_name(chance)
    title = chance.pick(("NGƯỜI KÝ GIẤY KHAI SINH", "CHỦ TỊCH", "PHÓ CHỦ TỊCH")) if not extract else "NGƯỜI KÝ TRÍCH LỤC"
    lines = [title, NOTE] if chance.odds(0.4) else [title]
    writer.need(140)
    ring = " ".join(office.lines)
    sign_off(draft, writer, lines, signer, middle=writer.right - 120, top=writer.y + 4, ring=ring)
    if back:
        _write_back(draft, writer)
    draft.fields.update(
        so=number, ho_ten=child.name, ngay_sinh=child.born.isoformat(), gioi_tinh=child.sex, dan_toc=child.folk,
        quoc_tich="Việt Nam", noi_sinh=hospital, que_quan=str(child.origin), so_dinh_danh=child.id12,
        ho_ten_me=mother.name, noi_dang_ky=register, ngay_dang_ky=day.isoformat(), nguoi_ky=signer,
    )  # fmt: skip
    if not lone:
        draft.fields["ho_ten_cha"] = father.name


def _write_back(draft: Draft, writer: Writer) -> None:
    writer.numbered = False
    writer.turn_page()
    frame(draft, writer)
    writer.centred("NHỮNG THAY ĐỔI, BỔ SUNG SAU NÀY", bold=True, size=14, gap=12)
    blank = ["", "", ""]
    head = ["Ngày, tháng, năm", "Nội dung ghi chú", "Người ký, đóng dấu"]
    writer.table([head, *[blank] * draft.chance.whole(5, 9)], (0.24, 0.48, 0.28))
    writer.paragraph("Không được tự ý tẩy xóa, sửa chữa nội dung trên giấy này.", align="left")


def _birth_entries(draft: Draft, child: Person, hospital: str) -> list[Entry]:
    chance = draft.chance
    in_words = chance.pick_apart(("Ghi bằng chữ",), ("Viết bằng chữ", "Bằng chữ"))
    born = [Entry("Ngày, tháng, năm sinh", dates.slashed(child.born)), Entry(in_words, dates.say_day(child.born))]
    if chance.odds(0.5):
        born = [Entry("Ngày, tháng, năm sinh", f"{dates.slashed(child.born)}. {in_words}: {dates.say_day(child.born)}")]
    return [
        Entry(chance.pick_apart(("Họ, chữ đệm, tên",), ("Họ và tên", "Họ, chữ đệm và tên")), child.name.upper()),
        *born,
        Entry("Giới tính", child.sex, half=True),
        Entry("Dân tộc", child.folk, half=True),
        Entry("Quốc tịch", "Việt Nam"),
        Entry("Nơi sinh", hospital),
        Entry("Quê quán", str(child.origin)),
        Entry("Số định danh cá nhân", child.id12),
    ]


def _parent_entries(draft: Draft, role: str, parent: Person) -> list[Entry]:
    label = draft.chance.pick_apart((f"Họ, chữ đệm, tên người {role}",), (f"Họ và tên {role}", f"Họ tên người {role}"))
    return [
        Entry(label, parent.name.upper()),
        Entry("Năm sinh", str(parent.born.year), half=True),
        Entry("Dân tộc", parent.folk, half=True),
        Entry("Quốc tịch", "Việt Nam"),
        Entry("Nơi cư trú", str(parent.home)),
    ]


LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "giay_khai_sinh": (
        Layout("inline", "tune", lambda draft: draw_birth(draft, "inline")),
        Layout("leaders", "tune", lambda draft: draw_birth(draft, "leaders")),
        Layout("two_sides", "tune", lambda draft: draw_birth(draft, "inline", back=True)),
        Layout("extract", "tune", lambda draft: draw_birth(draft, "inline", extract=True, framed=False)),
        Layout("columns", "held_out", lambda draft: draw_birth(draft, "columns", framed=False)),
        Layout("table", "held_out", lambda draft: draw_birth(draft, "table", extract=True, framed=False)),
    ),
}
