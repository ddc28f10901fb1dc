"""What goes along with an administrative paper in one file: appendices, rules it brings into force, blank forms, drafts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scripts.corpus import prose
from scripts.corpus.canvas import A4
from scripts.corpus.dates import slashed
from scripts.corpus.draft import Draft, national_head
from scripts.corpus.flow import Margins, Writer
from scripts.corpus.people import draw_person
from scripts.corpus.truth import Truth

ROMAN = ("I", "II", "III", "IV")
DOTS = "." * 34
FORM_TITLES = ("ĐƠN ĐỀ NGHỊ CẤP GIẤY PHÉP", "TỜ KHAI ĐĂNG KÝ", "GIẤY CHỨNG NHẬN", "BÁO CÁO ĐỊNH KỲ", "BẢN KHAI LÝ LỊCH")
LATER_TITLES = ("BIÊN BẢN KIỂM TRA", "ĐƠN XIN GIA HẠN", "GIẤY XÁC NHẬN", "PHƯƠNG ÁN TỔ CHỨC", "BẢN CAM KẾT")


@dataclass(frozen=True, slots=True)
class Host:
    """The paper that something is attached to: the title of its type, its number, day and issuer as printed."""

    kind: str
    number: str
    day: str
    issuer: str

    @classmethod
    def of(cls, truth: Truth, kind: str) -> Host:
        """The paper of which ``truth`` speaks; ``kind`` is the title of its type."""
        fields = truth.fields
        year, month, day = str(fields["ngay_ban_hanh"]).split("-")
        issuer = str(fields["co_quan_ban_hanh"]).capitalize()
        return cls(kind, str(fields["so_ky_hieu"]), f"{day}/{month}/{year}", issuer)

    def cited(self, draft: Draft) -> str:
        """How a sheet says that it goes with the paper."""
        opening = draft.chance.pick_apart(("Kèm theo", "Ban hành kèm theo"), ("Gửi kèm", "Ban hành kèm theo"))
        return f"({opening} {self.kind} số {self.number} ngày {self.day} của {self.issuer})"


def draw_table(draft: Draft, host: Host) -> None:
    """An appendix: a table of people and sums, on its side now and then."""
    chance = draft.chance
    page = (A4[1], A4[0]) if chance.odds(0.5) else A4
    writer = draft.writer(chance.between(10.5, 12.5), Margins(62, 57, 50, 50), page)
    writer.numbered = False
    number = chance.pick(("", " I", " 01", " số 02"))
    writer.centred(chance.pick(("PHỤ LỤC", "Phụ lục")) + number, bold=True)
    writer.centred(
        chance.pick_apart(("DANH SÁCH HỖ TRỢ", "BIỂU TỔNG HỢP KINH PHÍ"), ("BẢNG PHÂN BỔ", "DANH MỤC CÔNG VIỆC")), bold=True
    )
    if chance.odds(0.8):
        writer.centred(host.cited(draft), italic=True)
    writer.skip(6)
    rows = [["STT", "Họ và tên", "Ngày sinh", "Nơi thường trú", "Số tiền (đồng)"]]
    for order in range(1, chance.whole(6, 26)):
        person = draw_person(chance, draft.day())
        money = prose.grouped(chance.whole(2, 900) * 50_000)
        rows.append([str(order), person.name, slashed(person.born), str(person.home.area), money])
    writer.table(rows, (6, 22, 13, 34, 16))


def draw_rules(draft: Draft, host: Host) -> None:
    """Rules with a head of their own, brought into force by the paper they follow."""
    chance = draft.chance
    day = draft.day()
    writer = draft.writer(13.5)
    if chance.odds(0.7):
        _head(writer, host, "")
    writer.skip(10)
    title = chance.pick_apart(("QUY CHẾ", "QUY ĐỊNH", "KẾ HOẠCH"), ("QUY CHẾ", "PHƯƠNG ÁN", "ĐỀ ÁN"))
    writer.centred(title, bold=True, size=14.5, gap=2)
    writer.centred(f"Phối hợp thực hiện trong lĩnh vực {chance.pick(prose.FIELDS)}", bold=True, gap=3)
    writer.centred(host.cited(draft), italic=True, gap=10)
    article = 1
    for chapter in range(chance.whole(1, 3)):
        writer.need(80)
        writer.centred(f"Chương {ROMAN[chapter]}", bold=True, gap=1)
        writer.centred(("QUY ĐỊNH CHUNG", "TRÁCH NHIỆM PHỐI HỢP", "TỔ CHỨC THỰC HIỆN")[chapter], bold=True, gap=6)
        for _ in range(chance.whole(2, 4)):
            writer.paragraph(f"*Điều {article}. Nội dung*", indent=30, gap=3)
            article += 1
            for clause in range(1, chance.whole(2, 4)):
                writer.paragraph(f"{clause}. {prose.paragraph(chance, day, 1)}", indent=30, gap=4)


def draw_blank_form(draft: Draft, host: Host) -> None:
    """A form to be filled in, with dots where values go."""
    writer = draft.writer(13)
    writer.numbered = False
    _write_form(draft, writer, host, draft.chance.whole(1, 12))


def draw_series(draft: Draft, host: Host) -> None:
    """Forms in a row, as circulars bring them, some of them with notes on how to fill them in."""
    chance = draft.chance
    writer = draft.writer(13)
    writer.numbered = chance.odds(0.3)
    writer.centred("Phụ lục", bold=True)
    writer.centred(host.cited(draft), italic=True, gap=10)
    count = chance.whole(2, 4)
    for number in range(1, count + 1):
        writer.paragraph(f"Mẫu số {number:02d}. {chance.pick(FORM_TITLES).capitalize()}", align="left")
    for number in range(1, count + 1):
        writer.turn_page()
        _write_form(draft, writer, host, number)
        if chance.odds(0.4):
            writer.turn_page()
            writer.centred(
                chance.pick_apart(("HƯỚNG DẪN GHI BIỂU MẪU", "GHI CHÚ"), ("CÁCH GHI CÁC MỤC", "CHÚ THÍCH")), bold=True
            )
            for item in range(1, 5):
                writer.paragraph(f"({item}) {prose.sentence(chance, draft.day())}", indent=30)


def _write_form(draft: Draft, writer: Writer, host: Host, number: int) -> None:
    chance = draft.chance
    style = writer.style.but(size=11.5, bold=True)
    writer.line(f"Mẫu số {number:02d}", writer.right - 60, writer.y + 6, style)
    writer.skip(14)
    if chance.odds(0.4):
        writer.centred(host.cited(draft), italic=True, gap=6)
    middle = (writer.left + writer.right) / 2
    if chance.odds(0.75):
        writer.y = national_head(writer, middle, writer.y + 16, 12.5) + 22
    if chance.odds(0.3):
        writer.centred("SOCIALIST REPUBLIC OF VIETNAM", size=11)
    writer.centred(chance.pick(FORM_TITLES if draft.chance.split == "tune" else LATER_TITLES), bold=True, size=14.5, gap=10)
    labels = ("Kính gửi", "Họ và tên", "Ngày, tháng, năm sinh", "Số định danh cá nhân", "Nơi thường trú", "Nội dung đề nghị")
    for label in labels[: chance.whole(3, 6)]:
        writer.paragraph(f"{label}: {DOTS}{DOTS}", align="left", gap=7)
    writer.paragraph(f"Tôi cam đoan nội dung trên là đúng và chịu trách nhiệm trước pháp luật. {DOTS}", gap=10)
    right = writer.left + (writer.right - writer.left) * 0.7
    if chance.odds(0.7):
        day = chance.pick(
            ("..., ngày ... tháng ... năm ...", "......, ngày     tháng     năm 20..", "Ngày …… tháng …… năm ………")
        )
        writer.line(day, right, writer.y + 12, writer.style.but(italic=True))
    writer.line("NGƯỜI ĐỀ NGHỊ", right, writer.y + 30, writer.style.but(bold=True))
    writer.line("(Ký, ghi rõ họ tên)", right, writer.y + 46, writer.style.but(italic=True, size=11.5))


def draw_bill(draft: Draft, host: Host) -> None:
    """A draft that the paper submits: a head without number and day."""
    chance = draft.chance
    day = draft.day()
    writer = draft.writer(13.5)
    kind, symbol = chance.pick_apart((("NGHỊ QUYẾT", "NQ-HĐND"),), (("QUYẾT ĐỊNH", "QĐ-UBND"),))
    _head(writer, host, f"Số:      /{day.year}/{symbol}")
    writer.line("DỰ THẢO", writer.left + 60, writer.y + 6, writer.style.but(bold=True, size=12))
    writer.skip(22)
    writer.centred(kind, bold=True, size=14.5, gap=2)
    writer.centred(f"Về việc {prose.subject(chance, day, 'địa phương', 'Trung tâm')}", bold=True, gap=12)
    for text in prose.bases(chance, day, "Trưởng phòng Nội vụ"):
        writer.paragraph(text, indent=30, style=writer.style.but(italic=True))
    writer.centred(f"{kind}:", bold=True, gap=8)
    for article in range(1, chance.whole(3, 6)):
        writer.paragraph(f"*Điều {article}.* {prose.sentence(chance, day)}", indent=30, gap=5)


def _head(writer: Writer, host: Host, number: str) -> None:
    width, top = writer.right - writer.left, writer.margins.top + 12
    left, right = writer.left + width * 0.22, writer.left + width * 0.72
    style = writer.style.but(size=12, bold=True)
    text = host.issuer.upper()
    writer.line(text, left, top, style.but(size=min(12.0, 12 * width * 0.4 / style.width(text))))
    second = national_head(writer, right, top, 11.5)
    if number:
        year = number.split("/")[1]
        writer.line(number, left, second + 22, writer.style)
        writer.line(f"..., ngày     tháng     năm {year}", right, second + 22, writer.style.but(italic=True))
    writer.y = second + 34


Attachment = Callable[[Draft, Host], None]
#: What may go along with papers of which types; those that are left out go alone.
ATTACHMENTS: dict[str, tuple[Attachment, ...]] = {
    "quyet_dinh": (draw_table, draw_rules, draw_blank_form, draw_series),
    "nghi_quyet": (draw_table, draw_rules),
    "ke_hoach": (draw_table, draw_blank_form),
    "bao_cao": (draw_table,),
    "thong_bao": (draw_table, draw_blank_form),
    "cong_van": (draw_table, draw_blank_form, draw_bill),
    "to_trinh": (draw_bill, draw_table),
    "thong_tu": (draw_series, draw_table),
    "nghi_dinh": (draw_series, draw_table),
    "huong_dan": (draw_blank_form, draw_series, draw_table),
}
