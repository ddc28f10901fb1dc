"""In what capacity people sign: for a collective body, for a head, on orders, acting, in office or by proxy."""

from __future__ import annotations

from datetime import date

from scripts.corpus import dates, fonts
from scripts.corpus.canvas import Style
from scripts.corpus.chance import Chance
from scripts.corpus.draft import Draft
from scripts.corpus.flow import Writer
from scripts.corpus.offices import Office

#: Heads of which there is but one, and nobody acts for.
_ALONE = ("THỦ TƯỚNG", "CHỦ TỊCH QUỐC HỘI")


def draw_capacity(chance: Chance, office: Office) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines of who is signed for, and the lines of the signer's own title."""
    capacity, title = chance.pick(office.signers)
    if office.head in _ALONE or not chance.odds(0.22):
        return capacity, (title,)
    head, deputy = office.head, next(own for lines, own in office.signers if any("KT." in line for line in lines))
    rare = chance.pick_apart(
        (
            ((), (f"Q. {head}",)),
            ((f"KT. {head}",), (f"{deputy} THƯỜNG TRỰC",)),
            ((f"TL. {head}",), ("TRƯỞNG PHÒNG HÀNH CHÍNH",)),
            ((f"TL. {head}",), ("CHÁNH VĂN PHÒNG",)),
        ),
        (
            ((), (f"QUYỀN {head}",)),
            ((f"KT. {head}",), (f"{deputy} PHỤ TRÁCH",)),
            ((f"TUQ. {head}",), ("CHÁNH VĂN PHÒNG",)),
            ((f"TL. {head}", "KT. CHÁNH VĂN PHÒNG"), ("PHÓ CHÁNH VĂN PHÒNG",)),
        ),
    )
    if head == "BỘ TRƯỞNG" and chance.odds(0.5):
        wide = chance.pick_apart(
            (("CỤC TRƯỞNG CỤC KIỂM SOÁT", "THỦ TỤC HÀNH CHÍNH"), ("VỤ TRƯỞNG VỤ PHÁP CHẾ",)),
            (("VỤ TRƯỞNG VỤ TỔ CHỨC", "CÁN BỘ"), ("CỤC TRƯỞNG CỤC CÔNG NGHỆ", "THÔNG TIN")),
        )
        return (f"TL. {head}",), wide
    return rare


def draw_degree(chance: Chance) -> str:
    """A degree to stand before a signer's name; mostly none."""
    return chance.pick_apart(("ThS. ", "TS. ", "BS. "), ("PGS.TS. ", "ThS.BS. ")) if chance.odds(0.06) else ""


def sign_electronically(  # noqa: PLR0913  who signs and where, by keyword
    draft: Draft, writer: Writer, lines: list[str], name: str, *, middle: float, top: float, said: tuple[str, date]
) -> float:
    """Writes title lines, the small text of an electronic signature and the signer's name; where it ends.

    ``said`` are the name of the body and the day that the signature bears.
    """
    chance, style = draft.chance, writer.style.but(bold=True)
    baseline = top + style.size
    for text in lines:
        writer.line(text, middle, baseline, style)
        baseline += style.size * 1.25
    small = Style(fonts.sans_of(chance.split), 7.4, colour=chance.pick(((200, 30, 40), (20, 20, 200), (30, 30, 30))))
    office, day = said
    moment = f"{dates.slashed(day)} {chance.whole(7, 17):02d}:{chance.whole(0, 59):02d}:{chance.whole(0, 59):02d}"
    rows = (
        (f"Ký bởi: {office}", f"Thời gian ký: {moment} +07:00")
        if chance.odds(0.5)
        else (f"Người ký: {name}", f"Ngày ký: {moment}")
    )
    for index, row in enumerate(rows):
        writer.sheet.print_words(row, (middle - small.width(row) / 2, baseline + 18 + index * 9), small, "overlay")
    name_at = baseline + chance.between(50, 66)
    writer.line(name, middle, name_at, style)
    return name_at + 8
