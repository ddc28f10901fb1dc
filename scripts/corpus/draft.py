"""A document on its way from a layout to pixels: written sheets and the fields they show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from scripts.corpus import dates, fonts, ink
from scripts.corpus.canvas import Sheet, Style
from scripts.corpus.chance import Chance, Split
from scripts.corpus.flow import Margins, Piece, Writer
from scripts.corpus.people import draw_name
from scripts.corpus.truth import Value

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
TODAY = date(2026, 6, 30)


@dataclass(slots=True)
class Draft:
    """One document being written.

    ``trap`` asks for numbers and days that a text layer would not hold, ``by_hand`` for forms that a pen filled in.
    """

    chance: Chance
    family: str
    layout: str
    trap: bool = False
    by_hand: bool = False
    fields: dict[str, Value] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)

    def writer(self, size: float = 13.0, margins: Margins | None = None, page: tuple[float, float] | None = None) -> Writer:
        """A writer whose sheets become this document's."""
        made = (
            Writer(self.chance, self.family, size, margins, page) if page else Writer(self.chance, self.family, size, margins)
        )
        self.sheets = made.sheets
        return made

    def day(self, first: date = date(2016, 1, 4), last: date = TODAY) -> date:
        """A working day, mostly a recent one."""
        recent = max(first, date(2021, 1, 4))
        found = self.chance.day(recent if self.chance.odds(0.8) else first, last)
        return found if found.weekday() < 5 else date.fromordinal(found.toordinal() - 2)

    def filled(self, text: str) -> Piece:
        """``text`` as an office fills a number in: typed, written in ink, or printed over."""
        if self.trap:
            return ("over", text) if self.chance.odds(0.6) else ("ink", text)
        return ("ink", text) if self.chance.odds(0.45) else ("print", text)

    def day_pieces(self, place: str, day: date) -> list[Piece]:
        """The pieces of ``place, ngày … tháng … năm …``; the day as an office fills it in."""
        number = self.filled(f"{day.day:02d}")
        return [
            ("print", f"{place}, ngày" if place else "Ngày"),
            number,
            ("print", f"tháng {dates.month_of(day)} năm {day.year}"),
        ]


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to draw a type; ``split`` says which half it belongs to."""

    name: str
    split: Split
    draw: Callable[[Draft], None]


def national_head(writer: Writer, middle: float, baseline: float, size: float, dashed: bool = False) -> float:
    """Writes the national name and motto with their rule; the baseline of the motto."""
    style = writer.style.but(size=size, bold=True)
    writer.line(NATION, middle, baseline, style)
    second = baseline + size * 1.32
    width = writer.line("Độc lập - Tự do - Hạnh phúc", middle, second, style.but(size=size + 1))
    writer.rule((middle - width / 2, middle + width / 2), second + 4.5, 0.8, 3.0 if dashed else 0.0)
    return second


def sign_off(  # noqa: PLR0913  who signs and where, by keyword
    draft: Draft, writer: Writer, lines: list[str], name: str, *, middle: float, top: float, ring: str = ""
) -> float:
    """Writes title lines, a signature, a seal (unless ``ring`` is empty) and the signer's name; where it ends."""
    chance, style = draft.chance, writer.style.but(bold=True)
    baseline = top + style.size
    for index, text in enumerate(lines):
        smaller = text.startswith("(")
        writer.line(text, middle, baseline, style.but(size=11, bold=False, italic=True) if smaller else style)
        baseline += style.size * 1.25 if index < len(lines) - 1 else 0
    room = chance.between(62, 84)
    name_at = baseline + room
    writer.line(name, middle, name_at, style)
    centre = (middle + chance.between(-14, 26), baseline + room * chance.between(0.38, 0.62))
    writer.sheet.put(ink.sign(chance, centre, chance.between(70, 105)))
    if ring:
        at = (middle - chance.between(44, 72), baseline + room * chance.between(0.4, 0.6))
        writer.sheet.put(ink.stamp_seal(chance, at, ring, writer.style.family))
    return name_at + 8


def signer_name(chance: Chance) -> str:
    """An invented signer."""
    return draw_name(chance, chance.odds(0.7))


def overlay_signature(draft: Draft, writer: Writer, office: str, day: date) -> None:
    """Puts the small text of an electronic signature over the top right corner of the first page."""
    chance = draft.chance
    style = Style(fonts.sans_of(chance.split), 7.2, colour=(20, 20, 200))
    y = 9.0 + chance.between(0, 4)
    moment = f"{dates.slashed(day)} {chance.whole(7, 17):02d}:{chance.whole(0, 59):02d}:{chance.whole(0, 59):02d}"
    rows = chance.pick(
        (
            (f"Ký bởi: {office}", "Cơ quan: Cổng thông tin", f"Thời gian ký: {moment}"),
            (f"Người ký: {office}", f"Email: vanthu{chance.whole(1, 60)}@coquan.gov.vn", f"Ngày ký: {moment} +07:00"),
        )
    )
    x = min(478.0, 588.0 - max(style.width(row) for row in rows)) - chance.between(0, 30)
    for index, row in enumerate(rows):
        writer.sheet.print_words(row, (x, y + index * 8.4), style, "overlay")
