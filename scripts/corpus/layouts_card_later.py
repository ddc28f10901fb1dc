"""Cards of identity beside the common one: with a barcode (2016), with a chip (2021), and the card of 2024."""

from __future__ import annotations

from datetime import date

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from scripts.corpus.canvas import Picture
from scripts.corpus.dates import slashed
from scripts.corpus.draft import Draft, Layout
from scripts.corpus.flow import Margins, Writer
from scripts.corpus.layouts_card import CARD, Face, expiry, portrait, qr_text
from scripts.corpus.layouts_requests import qr_picture
from scripts.corpus.people import Person, draw_person

RENAMED = date(2024, 7, 1)


def barcode_picture(text: str, at: tuple[float, float], size: tuple[float, float]) -> Picture:
    """A Code 128 barcode of ``text`` with its left top at ``at``, ``size`` points wide and high."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    grey: NDArray[np.uint8] = np.asarray(zxingcpp.write_barcode_to_image(code, scale=3), np.uint8)
    return Picture(at[0], at[1], at[0] + size[0], at[1] + size[1], np.repeat(grey[:, :, None], 3, axis=2))


def _place(draft: Draft, scale: float) -> tuple[Writer, Face]:
    """A page and the front of a card on it, nothing written yet."""
    chance = draft.chance
    writer = draft.writer(13, Margins(60, 60, 60, 60))
    if chance.odds(0.4):
        writer.centred(chance.pick(("BẢN SAO", "BẢN CHỤP GIẤY TỜ TÙY THÂN")), bold=True, gap=20)
    left, top = chance.between(60, 595 - 60 - CARD[0] * scale), writer.y + chance.between(10, 60)
    face = Face(draft, writer, left, top, scale)
    face.panel(chance.pick(((226, 238, 234), (232, 240, 246), (240, 240, 228))))
    face.picture(portrait(draft), 9, 52, 60, 120)
    return writer, face


def _say(draft: Draft, person: Person, end: date | None, *, origin: bool) -> None:
    draft.fields.update(
        so_dinh_danh=person.id12, ho_ten=person.name, ngay_sinh=person.born.isoformat(), gioi_tinh=person.sex,
        quoc_tich="Việt Nam", noi_thuong_tru=str(person.home),
    )  # fmt: skip
    if origin:
        draft.fields["que_quan"] = str(person.origin)
    if end:
        draft.fields["ngay_het_han"] = end.isoformat()


def draw_chip_card(draft: Draft, *, scale: float) -> None:
    """Writes the front of a chip card as it is: names and places under their labels."""
    chance = draft.chance
    issued = draft.day(date(2021, 3, 1), date(2024, 6, 28))
    person = draw_person(chance, issued, (18, 82))
    writer, face = _place(draft, scale)
    old = chance.digits(9) if chance.odds(0.5) else ""
    writer.sheet.put(qr_picture(qr_text(old, person, issued), face.left + 198 * scale, face.top + 6 * scale, 38 * scale))
    face.heads("CĂN CƯỚC CÔNG DÂN", True)
    end = expiry(person.born, issued)
    face.write(66, 55, "Số / No.", person.id12, size=9.0, bold=True)
    y = face.under(66, 66, "Họ và tên / Full name", person.name.upper(), bold=True)
    y = face.write(66, y, "Ngày sinh / Date of birth", slashed(person.born))
    face.write(66, y, "Giới tính / Sex", person.sex, wide=60)
    y = face.write(130, y, "Quốc tịch / Nationality", "Việt Nam", wide=110)
    y = face.under(66, y, "Quê quán / Place of origin", str(person.origin))
    face.write(66, y, "Nơi thường trú / Place of residence", str(person.home))
    face.write(8, 128, "Có giá trị đến", slashed(end) if end else "Không thời hạn", size=5.0, wide=54)
    _say(draft, person, end, origin=True)


def draw_coded_card(draft: Draft, *, scale: float) -> None:
    """Writes a card of 2016: no QR code, the barcode on its back."""
    chance = draft.chance
    issued = draft.day(date(2016, 1, 4), date(2020, 12, 28))
    person = draw_person(chance, issued, (18, 78))
    writer, face = _place(draft, scale)
    face.heads("CĂN CƯỚC CÔNG DÂN", False)
    end = expiry(person.born, issued)
    y = face.write(66, 55, "Số", person.id12, size=9.0, bold=True)
    y = face.write(66, y + 1, "Họ và tên", person.name.upper(), bold=True)
    y = face.write(66, y + 1, "Ngày, tháng, năm sinh", slashed(person.born))
    face.write(66, y + 1, "Giới tính", person.sex, wide=50)
    y = face.write(126, y + 1, "Quốc tịch", "Việt Nam", wide=110)
    y = face.write(66, y + 1, "Quê quán", str(person.origin))
    face.write(66, y + 1, "Nơi thường trú", str(person.home))
    face.write(8, 128, "Có giá trị đến", slashed(end) if end else "Không thời hạn", size=5.0, wide=54)
    back = Face(draft, writer, face.left, face.top + (CARD[1] + 22) * scale, scale)
    back.panel((238, 238, 232))
    at = (back.left + 60 * scale, back.top + 8 * scale)
    writer.sheet.put(barcode_picture(chance.digits(14), at, (130 * scale, 16 * scale)))
    y = back.write(70, 40, "Đặc điểm nhân dạng", "Sẹo chấm cách 1cm dưới sau đuôi mắt phải", wide=160)
    back.write(70, y + 3, "Ngày, tháng, năm", slashed(issued), wide=160)
    _say(draft, person, end, origin=True)


def draw_card_2024(draft: Draft, *, scale: float, two_pages: bool) -> None:
    """Writes both sides of the card of 2024: residence, place of birth, days and the QR code on its back."""
    chance = draft.chance
    issued = draft.day(RENAMED)
    person = draw_person(chance, issued, (15, 82))
    writer, face = _place(draft, scale)
    face.heads("CĂN CƯỚC", False)
    face.centre("IDENTITY CARD", 118, 50, face.style(6.4, bold=True, colour=(190, 30, 40)))
    y = face.under(66, 57, "Số định danh cá nhân / Personal identification number", person.id12, bold=True)
    y = face.under(66, y, "Họ, chữ đệm và tên khai sinh / Full name", person.name.upper(), bold=True)
    y = face.write(66, y, "Ngày, tháng, năm sinh / Date of birth", slashed(person.born))
    face.write(66, y, "Giới tính / Sex", person.sex, wide=60)
    face.write(130, y, "Quốc tịch / Nationality", "Việt Nam", wide=110)
    if two_pages:
        writer.turn_page()
    top = writer.margins.top + 20 if two_pages else face.top + (CARD[1] + 22) * scale
    back = Face(draft, writer, face.left, top, scale)
    back.panel((236, 238, 236))
    writer.sheet.put(qr_picture(qr_text("", person, issued), back.left + 196 * scale, top + 8 * scale, 40 * scale))
    end = expiry(person.born, issued)
    y = back.under(10, 14, "Nơi cư trú / Place of residence", str(person.home), wide=180)
    y = back.under(10, y, "Nơi đăng ký khai sinh / Place of birth", str(person.origin), wide=180)
    y = back.write(10, y, "Ngày, tháng, năm cấp / Date of issue", slashed(issued), wide=180)
    back.write(10, y, "Ngày, tháng, năm hết hạn / Date of expiry", slashed(end) if end else "Không thời hạn", wide=180)
    back.centre("BỘ CÔNG AN", 196, 82, back.style(5.8, bold=True))
    _say(draft, person, end, origin=False)


LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "can_cuoc_cong_dan": (
        Layout("chip", "tune", lambda draft: draw_chip_card(draft, scale=1.5)),
        Layout("card_2024", "tune", lambda draft: draw_card_2024(draft, scale=1.55, two_pages=False)),
        Layout("barcode", "held_out", lambda draft: draw_coded_card(draft, scale=1.5)),
        Layout("card_2024_two_pages", "held_out", lambda draft: draw_card_2024(draft, scale=1.7, two_pages=True)),
    ),
}
