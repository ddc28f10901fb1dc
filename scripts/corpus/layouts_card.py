"""Copies of identity cards, their QR code readable."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from scripts.corpus import fonts
from scripts.corpus.canvas import Colour, Panel, Picture, Style
from scripts.corpus.dates import slashed
from scripts.corpus.draft import Draft, Layout, signer_name
from scripts.corpus.flow import Margins, Writer
from scripts.corpus.layouts_requests import qr_picture
from scripts.corpus.people import Person, draw_person

#: ISO/IEC 7810 ID-1 in points, and how much larger a copy often is.
CARD = (242.6, 153.0)


def qr_text(chance_old_id: str, person: Person, issued: date) -> str:
    """What the QR code of a card says: id, old id, name, birthday, sex, residence, day of issue."""
    parts = (
        person.id12,
        chance_old_id,
        person.name,
        f"{person.born:%d%m%Y}",
        person.sex,
        str(person.home),
        f"{issued:%d%m%Y}",
    )
    return "|".join(parts)


def expiry(born: date, issued: date) -> date | None:
    """The day a card ends, at 25, 40 or 60 years of age, two years of grace before; None where it never ends."""
    for age in (25, 40, 60):
        end = date(born.year + age, born.month, min(born.day, 28) if born.month == 2 else born.day)
        if (end - issued).days > 730:
            return end
    return None


def portrait(draft: Draft) -> NDArray[np.uint8]:
    """A grey likeness of nobody: head and shoulders."""
    rows, columns = np.mgrid[0:160, 0:120].astype(np.float32)
    picture = np.full((160, 120, 3), (196, 214, 226), np.float32)
    tone = draft.chance.between(0.82, 1.05)
    head = ((columns - 60) / 26) ** 2 + ((rows - 66) / 34) ** 2 < 1
    hair = ((columns - 60) / 31) ** 2 + ((rows - 52) / 34) ** 2 < 1
    body = ((columns - 60) / 56) ** 2 + ((rows - 160) / 54) ** 2 < 1
    picture[hair] = (38, 34, 34)
    picture[body] = (72, 84, 112)
    picture[head & (rows > 46)] = (206 * tone, 170 * tone, 146 * tone)
    return np.clip(picture, 0, 255).astype(np.uint8)


def draw_card(draft: Draft, *, bilingual: bool, scale: float, title: str, both_sides: bool, row: float = 1.0) -> None:
    """Writes a page with a copy of an identity card on it, ``scale`` times its size."""
    chance = draft.chance
    issued = draft.day(date(2021, 3, 1))
    person = draw_person(chance, issued, (18, 82))
    writer = draft.writer(13, Margins(60, 60, 60, 60))
    if chance.odds(0.5):
        writer.centred(
            chance.pick(("BẢN SAO", "BẢN CHỤP CĂN CƯỚC CÔNG DÂN", "BẢN PHÔ TÔ GIẤY TỜ TÙY THÂN")), bold=True, gap=20
        )
    left = chance.between(60, 595 - 60 - CARD[0] * scale)
    top = writer.y + chance.between(10, 60)
    end = expiry(person.born, issued)
    face = Face(draft, writer, left, top, scale)
    face.panel(chance.pick(((226, 238, 234), (232, 240, 246), (240, 240, 228))))
    old = chance.digits(9) if chance.odds(0.5) else ""
    writer.sheet.put(qr_picture(qr_text(old, person, issued), left + 198 * scale, top + 6 * scale, 38 * scale))
    face.picture(portrait(draft), 9, 52, 60, 120)
    face.heads(title, bilingual)
    _write_card_lines(face, person, end, bilingual, row)
    if both_sides:
        _draw_back(draft, writer, face, issued)
    draft.fields.update(
        so_dinh_danh=person.id12, ho_ten=person.name, ngay_sinh=person.born.isoformat(), gioi_tinh=person.sex,
        quoc_tich="Việt Nam", que_quan=str(person.origin), noi_thuong_tru=str(person.home),
    )  # fmt: skip
    if end:
        draft.fields["ngay_het_han"] = end.isoformat()


class Face:
    """One side of a card; places are points of the card at its true size."""

    def __init__(self, draft: Draft, writer: Writer, left: float, top: float, scale: float) -> None:
        self.writer, self.left, self.top, self.scale = writer, left, top, scale
        self.family = fonts.sans_of(draft.chance.split)

    def panel(self, fill: Colour) -> None:
        """Draws the card itself."""
        right, bottom = self.left + CARD[0] * self.scale, self.top + CARD[1] * self.scale
        panel = Panel(self.left, self.top, right, bottom, fill=fill, outline=(150, 160, 160), width=0.6, radius=8 * self.scale)
        self.writer.sheet.put(panel)

    def picture(self, pixels: NDArray[np.uint8], left: float, top: float, right: float, bottom: float) -> None:
        """Puts ``pixels`` on the card."""
        sides = [
            self.left + left * self.scale,
            self.top + top * self.scale,
            self.left + right * self.scale,
            self.top + bottom * self.scale,
        ]
        self.writer.sheet.put(Picture(sides[0], sides[1], sides[2], sides[3], pixels))

    def style(self, size: float, bold: bool = False, colour: Colour = (30, 32, 38)) -> Style:
        """The face of the card at ``size`` points of its true size."""
        return Style(self.family, size * self.scale, bold=bold, colour=colour)

    def centre(self, text: str, x: float, y: float, style: Style) -> None:
        """Writes ``text`` centred on a place of the card."""
        self.writer.line(text, self.left + x * self.scale, self.top + y * self.scale, style)

    def write(  # noqa: PLR0913  what to write and where, by keyword
        self, x: float, y: float, label: str, value: str, *, size: float = 6.2, bold: bool = False, wide: float = 170
    ) -> float:
        """Writes ``label: value`` at a place of the card, over several lines where it is long; the next free height."""
        return self._set(x, y, f"{label}: *{value}*" if bold else f"{label}: {value}", size, wide)

    def _set(self, x: float, y: float, text: str, size: float, wide: float) -> float:
        writer, style = self.writer, self.style(size)
        leading, writer.leading = writer.leading, 1.2
        writer.y = self.top + y * self.scale - style.size
        span = (self.left + x * self.scale, self.left + (x + wide) * self.scale)
        writer.paragraph(text, align="left", style=style, span=span, gap=0)
        writer.leading = leading
        return (writer.y - self.top + style.size) / self.scale

    def under(self, x: float, y: float, label: str, value: str, *, bold: bool = False, wide: float = 170) -> float:
        """Writes ``value`` on the lines below its label; the next free height."""
        y = self._set(x, y, f"{label}:", 5.2, wide)
        return self._set(x, y + 1.6, f"*{value}*" if bold else value, 6.4, wide) + 1.6

    def heads(self, title: str, bilingual: bool) -> None:
        """Writes the national name, the motto and the title."""
        self.centre("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 118, 14, self.style(6.6, bold=True))
        self.centre("Độc lập - Tự do - Hạnh phúc", 118, 22, self.style(5.8, bold=True))
        if bilingual:
            self.centre("SOCIALIST REPUBLIC OF VIET NAM", 118, 29.5, self.style(4.8))
        self.centre(title, 118, 42, self.style(10.5, bold=True, colour=(190, 30, 40)))


def _write_card_lines(face: Face, person: Person, end: date | None, bilingual: bool, row: float) -> None:
    words = (
        ("Số / No.", "Họ và tên / Full name", "Ngày sinh / Date of birth", "Giới tính / Sex", "Quốc tịch / Nationality",
         "Quê quán / Place of origin", "Nơi thường trú / Place of residence", "Có giá trị đến / Date of expiry")
        if bilingual
        else ("Số", "Họ và tên", "Ngày sinh", "Giới tính", "Quốc tịch", "Quê quán", "Nơi thường trú", "Có giá trị đến")
    )  # fmt: skip
    y = face.write(66, 55, words[0], person.id12, size=9.0, bold=True)
    y = face.write(66, y + row, words[1], person.name.upper(), bold=True)
    y = face.write(66, y + row, words[2], slashed(person.born))
    level = y + row
    y = face.write(66, level, words[3], person.sex, wide=60)
    y = max(y, face.write(130 if bilingual else 110, level, words[4], "Việt Nam", wide=110))
    y = face.write(66, y + row, words[5], str(person.origin))
    face.write(66, y + row, words[6], str(person.home))
    face.write(8, 128, words[7], slashed(end) if end else "Không thời hạn", size=5.0, wide=54)


def _draw_back(draft: Draft, writer: Writer, front: Face, issued: date) -> None:
    chance = draft.chance
    back = Face(draft, writer, front.left, front.top + (CARD[1] + 22) * front.scale, front.scale)
    back.panel((236, 238, 236))
    y = back.write(
        70,
        24,
        "Đặc điểm nhận dạng",
        chance.pick(("Nốt ruồi C: 2cm dưới mắt trái", "Sẹo chấm C: 1cm trên cung mày phải")),
        wide=160,
    )
    y = back.write(70, y + 3, "Ngày, tháng, năm", slashed(issued), wide=160)
    back.centre("CỤC TRƯỞNG CỤC CẢNH SÁT", 150, y + 8, back.style(5.8, bold=True))
    back.centre("QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI", 150, y + 15, back.style(5.8, bold=True))
    back.centre(signer_name(chance), 150, y + 40, back.style(6.4, bold=True))
    for index in range(3):
        filler = f"{chance.digits(10)}{'<' * 8}{chance.digits(6)}{'<' * 6}"
        face = Style("FreeSerif" if "FreeSerif" in fonts.families() else back.family, 9 * back.scale)
        x, baseline = back.left + 10 * back.scale, back.top + (116 + index * 13) * back.scale
        writer.sheet.print_words(f"IDVNM{filler}" if index == 0 else filler, (x, baseline), face, "stamp")


LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "can_cuoc_cong_dan": (
        Layout(
            "bilingual",
            "tune",
            lambda draft: draw_card(draft, bilingual=True, scale=1.45, title="CĂN CƯỚC CÔNG DÂN", both_sides=True),
        ),
        Layout(
            "plain",
            "tune",
            lambda draft: draw_card(draft, bilingual=False, scale=1.6, title="CĂN CƯỚC CÔNG DÂN", both_sides=False, row=2.5),
        ),
        Layout(
            "small",
            "held_out",
            lambda draft: draw_card(draft, bilingual=True, scale=1.25, title="CĂN CƯỚC CÔNG DÂN", both_sides=True),
        ),
        Layout(
            "renamed",
            "held_out",
            lambda draft: draw_card(draft, bilingual=False, scale=1.75, title="CĂN CƯỚC", both_sides=False, row=2),
        ),
    ),
}
