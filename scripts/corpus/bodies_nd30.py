"""The bodies of administrative papers, each type in its own form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from scripts.corpus import dates, prose
from scripts.corpus.chance import Chance
from scripts.corpus.draft import Draft
from scripts.corpus.flow import Writer
from scripts.corpus.matters import Matter
from scripts.corpus.people import draw_name, draw_person

INDENT = 36.0
ROMAN = ("I", "II", "III", "IV", "V", "VI")


Body = Callable[[Draft, Writer, Matter], None]


def _say(draft: Draft, writer: Writer, matter: Matter, count: int) -> None:
    for _ in range(count):
        writer.paragraph(prose.paragraph(draft.chance, matter.day), indent=INDENT, gap=6)


def _bases(draft: Draft, writer: Writer, matter: Matter) -> None:
    chance, style = draft.chance, writer.style.but(italic=True)
    proposers = {
        "CHÍNH PHỦ": ("Bộ trưởng Bộ Nội vụ", "Bộ trưởng Bộ Tài chính"),
        "QUỐC HỘI": (),
    }.get(matter.office.name, ("Giám đốc Sở Tư pháp", "Chánh Văn phòng", "Trưởng phòng Nội vụ", "Giám đốc Sở Xây dựng"))
    texts = prose.bases(chance, matter.day, chance.pick(proposers)) if proposers else [prose.CONSTITUTION]
    for text in texts:
        writer.paragraph(text, indent=INDENT, style=style, gap=4)


def _articles(draft: Draft, writer: Writer, matter: Matter, count: int) -> None:
    chance = draft.chance
    for number in range(1, count):
        writer.paragraph(f"*Điều {number}.* {prose.sentence(chance, matter.day)}", indent=INDENT, gap=5)
        for clause in range(1, chance.pick((1, 3, 4))):
            writer.paragraph(f"{clause}. {prose.sentence(chance, matter.day)}", indent=INDENT, gap=4)
    last = chance.pick(
        (
            "có hiệu lực kể từ ngày ký. Thủ trưởng các cơ quan, đơn vị liên quan chịu trách nhiệm thi hành./.",
            "có hiệu lực thi hành từ ngày ký ban hành và thay thế các văn bản trước đây trái với nội dung này./.",
        )
    )
    writer.paragraph(f"*Điều {count}.* Văn bản này {last}", indent=INDENT, gap=6)


def _decision(word: str) -> Body:
    def write(draft: Draft, writer: Writer, matter: Matter) -> None:
        if word == "QUYẾT NGHỊ:":
            writer.centred(" ".join(matter.office.lines), bold=True, gap=8)
        else:
            writer.centred(f"{matter.office.head} {' '.join(matter.office.lines)}", bold=True, gap=8)
        _bases(draft, writer, matter)
        writer.skip(4)
        writer.centred(word, bold=True, gap=8)
        _articles(draft, writer, matter, draft.chance.whole(2, 5))

    return write


def _rulebook(low: int, high: int, *, preamble: bool) -> Body:
    def write(draft: Draft, writer: Writer, matter: Matter) -> None:
        chance = draft.chance
        if preamble:
            _bases(draft, writer, matter)
            lead = {"CHÍNH PHỦ": "Chính phủ ban hành Nghị định", "QUỐC HỘI": "Quốc hội ban hành Luật"}.get(
                matter.office.name, f"Bộ trưởng {matter.office.title_case} ban hành Thông tư"
            )
            writer.paragraph(f"_{lead} với các quy định sau đây._", indent=INDENT, gap=8)
        article = 1
        for chapter in range(chance.whole(low, high)):
            writer.need(90)
            writer.centred(f"Chương {ROMAN[chapter]}", bold=True, gap=1)
            name = chance.pick(
                ("QUY ĐỊNH CHUNG", "TRÁCH NHIỆM THỰC HIỆN", "TRÌNH TỰ, THỦ TỤC", "ĐIỀU KHOẢN THI HÀNH", "QUYỀN VÀ NGHĨA VỤ")
            )
            writer.centred(name, bold=True, gap=6)
            for _ in range(chance.whole(2, 3)):
                topic = chance.pick(
                    ("Phạm vi điều chỉnh", "Giải thích từ ngữ", "Nguyên tắc", "Hồ sơ đề nghị", "Xử lý vi phạm", "Kinh phí")
                )
                writer.paragraph(f"*Điều {article}. {topic}*", indent=INDENT, gap=3)
                article += 1
                for clause in range(1, chance.whole(3, 4)):
                    writer.paragraph(f"{clause}. {prose.paragraph(chance, matter.day, 1)}", indent=INDENT, gap=4)
                for letter in "abc"[: chance.pick((0, 0, 2, 3))]:
                    writer.paragraph(f"{letter}) {prose.sentence(chance, matter.day)}", indent=INDENT, gap=3)

    return write


def _report(table: float) -> Body:
    def write(draft: Draft, writer: Writer, matter: Matter) -> None:
        chance = draft.chance
        writer.paragraph(
            f"Thực hiện nhiệm vụ được giao, {matter.office.title_case} xây dựng nội dung cụ thể như sau:", indent=INDENT
        )
        heads = chance.some(
            (
                "MỤC ĐÍCH, YÊU CẦU",
                "TÌNH HÌNH CHUNG",
                "KẾT QUẢ ĐẠT ĐƯỢC",
                "TỒN TẠI, HẠN CHẾ",
                "NHIỆM VỤ, GIẢI PHÁP",
                "TỔ CHỨC THỰC HIỆN",
            ),
            chance.whole(2, 4),
        )
        for number, head in enumerate(heads):
            writer.need(70)
            writer.paragraph(f"*{ROMAN[number]}. {head}*", indent=INDENT, gap=4)
            for item in range(1, chance.whole(2, 3) + 1):
                writer.paragraph(f"{item}. {prose.paragraph(chance, matter.day)}", indent=INDENT, gap=4)
            if number == 0 and chance.odds(table):
                _figures(draft, writer)
        writer.paragraph(
            f"Trên đây là nội dung của {matter.office.title_case}, đề nghị các đơn vị thực hiện./.", indent=INDENT
        )

    return write


def _figures(draft: Draft, writer: Writer) -> None:
    chance = draft.chance
    rows = [["STT", "Nội dung công việc", "Đơn vị chủ trì", "Số lượng", "Kinh phí (đồng)"]]
    for number in range(1, chance.whole(3, 6)):
        deed = chance.pick(prose.DEEDS)
        money = prose.grouped(chance.whole(3, 890) * 500_000)
        rows.append([f"{number}", deed[0].upper() + deed[1:], chance.pick(prose.ACTORS), str(chance.whole(1, 480)), money])
    writer.table(rows, (0.07, 0.4, 0.24, 0.11, 0.18))


def _letter(greeting: bool, low: int, high: int) -> Body:
    def write(draft: Draft, writer: Writer, matter: Matter) -> None:
        chance = draft.chance
        writer.skip(8)
        if greeting:
            addressees = chance.some(
                ("Sở Tư pháp", "Ủy ban nhân dân các xã, phường", "Văn phòng UBND tỉnh", "Bộ Nội vụ", "Sở Tài chính"),
                chance.pick((1, 1, 2)),
            )
            if len(addressees) == 1:
                writer.centred(f"Kính gửi: {addressees[0]}", gap=12)
            else:
                left = writer.left + 130
                writer.paragraph("Kính gửi:", span=(writer.left + 90, writer.right), gap=0)
                for name in addressees:
                    writer.paragraph(f"- {name};", span=(left, writer.right), gap=0)
                writer.skip(10)
        writer.paragraph(_opening(chance, matter), indent=INDENT, gap=6)
        _say(draft, writer, matter, chance.whole(low, high))
        writer.paragraph(chance.pick(prose.LINKS)[:-1] + "./.", indent=INDENT)

    return write


def _opening(chance: Chance, matter: Matter) -> str:
    before = dates.slashed(matter.day - timedelta(days=chance.whole(2, 20)))
    office, person = matter.office.title_case, matter.person
    return chance.pick(
        (
            f"Ngày {before}, {office} nhận được đơn của {person.style.lower()} {person.name}, thường trú tại {person.home}, "
            "về nội dung nêu trên. Sau khi xem xét, cơ quan có ý kiến như sau:",
            f"Thực hiện Công văn số {chance.whole(11, 3900)}/UBND-NC ngày {before} về nhiệm vụ trọng tâm, {office} triển khai "
            "một số nội dung sau đây:",
            f"Qua theo dõi, tổng hợp báo cáo của các đơn vị tính đến ngày {before}, {office} nhận thấy:",
        )
    )


def _contract(draft: Draft, writer: Writer, matter: Matter) -> None:
    chance = draft.chance
    _bases(draft, writer, matter)
    company = f"Công ty TNHH {chance.pick(('Thịnh Vượng', 'Đất Mỏ', 'Ước Nguyện', 'Bảo Khuê'))}"
    seat = str(draw_person(chance, matter.day, (28, 60)).home)
    second = matter.counterpart[1] if matter.counterpart else draw_name(chance, True)
    sides = (
        ("BÊN A", matter.office.title_case, draw_name(chance, True), str(matter.office.address)),
        ("BÊN B", company, second, seat),
    )
    for side, name, person, place in sides:
        writer.paragraph(f"*{side}: {name}*", gap=2)
        writer.paragraph(f"Địa chỉ: {place}", align="left", gap=2)
        writer.paragraph(f"Người đại diện: {person}. Chức vụ: Giám đốc", align="left", gap=2)
        writer.paragraph(f"Số tài khoản: {chance.digits(13)} tại Ngân hàng Thương mại cổ phần", align="left", gap=5)
    writer.paragraph("Hai bên thỏa thuận ký kết hợp đồng với các điều khoản sau:", indent=INDENT)
    _articles(draft, writer, matter, chance.whole(3, 4))


def _minutes(draft: Draft, writer: Writer, matter: Matter) -> None:
    chance = draft.chance
    start, end = chance.whole(7, 9), chance.whole(10, 16)
    lines = (
        f"Thời gian bắt đầu: {start:02d} giờ {chance.whole(0, 5)}0 phút, {dates.spelled(matter.day)}",
        f"Địa điểm: Phòng họp số {chance.whole(1, 4)}, trụ sở {matter.office.title_case}",
        f"Thành phần tham dự: {draw_name(chance, True)}, {draw_name(chance, False)}, {draw_name(chance, True)}",
        f"Vắng mặt: {chance.whole(0, 3)}",
    )
    for text in lines:
        writer.paragraph(text, align="left", gap=3)
    writer.paragraph("*Nội dung:*", gap=3)
    _say(draft, writer, matter, chance.whole(2, 4))
    writer.paragraph(
        f"Cuộc họp kết thúc vào {end} giờ 00 phút cùng ngày, biên bản đã được đọc lại cho mọi người cùng nghe./.",
        indent=INDENT,
    )


def _errand(kind: str) -> Body:
    def write(draft: Draft, writer: Writer, matter: Matter) -> None:
        chance, person = draft.chance, matter.person
        office = matter.office.title_case
        until = matter.day + timedelta(days=chance.whole(10, 90))
        forms = {
            "invite": (
                f"{office} trân trọng kính mời: {person.style} {person.name}",
                f"Tới dự: {matter.subject}",
                f"Chủ trì: {draw_name(chance, True)}, {matter.office.head.capitalize()}",
                f"Thời gian: {chance.whole(7, 15):02d} giờ 30 phút, ngày {dates.slashed(until)}",
                f"Địa điểm: {matter.office.address}",
            ),
            "introduce": (
                f"{office} trân trọng giới thiệu:",
                f"{person.style} (bà) {person.name}".replace("Bà (bà)", "Bà").replace("Ông (bà)", "Ông"),
                f"Chức vụ: {chance.pick(('Chuyên viên', 'Phó Trưởng phòng', 'Văn thư', 'Kế toán viên'))}",
                f"Được cử đến: {chance.pick(('Sở Tài chính', 'Kho bạc Nhà nước khu vực', 'Ủy ban nhân dân các xã lân cận'))}",
                f"Về việc: {chance.pick(prose.DEEDS)}.",
                f"Giấy này có giá trị đến hết ngày {dates.slashed(until)}.",
            ),
            "empower": (
                f"Người ủy quyền: {draw_name(chance, True)}, {matter.office.head.capitalize()} {office}",
                f"Người được ủy quyền: {person.name}",
                f"Số định danh cá nhân: {person.id12}",
                f"Nơi cư trú: {person.home}",
                f"Nội dung ủy quyền: {prose.fill(chance, chance.pick(prose.DEEDS), matter.day)}.",
                f"Thời hạn ủy quyền: từ ngày ký đến hết ngày {dates.slashed(until)}.",
            ),
            "transfer": (
                f"{office} nhận được đơn đề ngày {dates.slashed(matter.day - timedelta(days=9))} của: {person.name}",
                f"Địa chỉ: {person.home}",
                f"Nội dung: {prose.sentence(chance, matter.day)}",
                f"Chuyển đến {chance.pick(('Thanh tra tỉnh', 'Sở Xây dựng'))} để xem xét, giải quyết theo thẩm quyền.",
            ),
        }
        writer.skip(6)
        for text in forms[kind]:
            writer.paragraph(text, indent=INDENT, align="left", gap=6)
        _say(draft, writer, matter, chance.whole(0, 2))

    return write


BODIES: dict[str, Body] = {
    "quyet_dinh": _decision("QUYẾT ĐỊNH:"),
    "nghi_quyet": _decision("QUYẾT NGHỊ:"),
    "chi_thi": _letter(greeting=False, low=4, high=7),
    "quy_che": _rulebook(1, 2, preamble=False),
    "quy_dinh": _rulebook(1, 2, preamble=False),
    "thong_cao": _letter(greeting=False, low=2, high=4),
    "thong_bao": _letter(greeting=False, low=2, high=5),
    "huong_dan": _report(0.3),
    "chuong_trinh": _report(0.5),
    "ke_hoach": _report(0.8),
    "phuong_an": _report(0.5),
    "de_an": _report(0.4),
    "du_an": _report(0.5),
    "bao_cao": _report(0.7),
    "bien_ban": _minutes,
    "to_trinh": _letter(greeting=True, low=2, high=5),
    "hop_dong": _contract,
    "cong_dien": _letter(greeting=True, low=2, high=4),
    "giay_uy_quyen": _errand("empower"),
    "giay_moi": _errand("invite"),
    "giay_gioi_thieu": _errand("introduce"),
    "phieu_chuyen": _errand("transfer"),
    "cong_van": _letter(greeting=True, low=1, high=4),
    "luat": _rulebook(3, 5, preamble=True),
    "nghi_dinh": _rulebook(3, 5, preamble=True),
    "thong_tu": _rulebook(2, 3, preamble=True),
}
