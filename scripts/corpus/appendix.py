"""Appendices: sheets that hold little but one wide table of names, days and sums, mostly landscape."""

from __future__ import annotations

from datetime import date

from scripts.corpus.canvas import A4, Sheet
from scripts.corpus.chance import Chance
from scripts.corpus.draft import Draft
from scripts.corpus.flow import Margins, Writer
from scripts.corpus.fonts import families_of
from scripts.corpus.matters import Matter
from scripts.corpus.people import draw_person

#: Titles of columns with their shares of the width.
COLUMNS = {"STT": 6, "Họ và tên": 22, "Ngày sinh": 13, "Nơi thường trú": 30, "Số tiền (đồng)": 15, "Ghi chú": 14}
NOTES = ("", "", "", "Đã nhận", "Hộ nghèo", "Mới bổ sung")


def write_appendix(draft: Draft, writer: Writer, matter: Matter, paper: str) -> None:
    """Goes on with an appendix to ``paper`` (``Quyết định số 12/QĐ-UBND``): headings and a table of people."""
    chance = draft.chance
    writer.turn_page()
    writer.centred(chance.pick_apart(("PHỤ LỤC", "PHỤ LỤC I"), ("Phụ lục 01", "DANH SÁCH")), bold=True, gap=2)
    writer.centred(matter.subject.upper() if chance.odds(0.5) else matter.subject, bold=True, gap=2)
    head = chance.pick_apart(("Kèm theo", "Ban hành kèm theo"), ("Kèm", "Đính kèm"))
    day = f"ngày {matter.day:%d/%m/%Y}" if "…" not in paper else f"ngày …../…../{matter.day.year}"
    writer.centred(f"({head} {paper} {day} của {matter.office.title_case})", italic=True, gap=10)
    rows = [["STT", "Họ và tên", "Ngày sinh", "Nơi thường trú", "Ghi chú"]]
    for number in range(1, chance.whole(3, 9)):
        person = draw_person(chance, matter.day, (20, 60))
        rows.append([str(number), person.name, f"{person.born:%d/%m/%Y}", str(person.home.area), chance.pick(NOTES)])
    writer.table(rows, (0.08, 0.26, 0.16, 0.34, 0.16))


def draw_appendix(chance: Chance, *, landscape: bool = True) -> Sheet:
    """A sheet with a heading of two lines and a table of 3 to 14 people, nothing else."""
    page = (A4[1], A4[0]) if landscape else A4
    writer = Writer(chance, chance.pick(families_of(chance.split)), chance.between(10.0, 12.5), Margins(57, 57, 45, 45), page)
    writer.centred("PHỤ LỤC", bold=True)
    writer.centred(f"Danh sách kèm theo Quyết định số {chance.whole(2, 990)}/QĐ-UBND", italic=True)
    writer.skip(8)
    rows = [list(COLUMNS)]
    for number in range(1, chance.whole(4, 15)):
        person = draw_person(chance, date(2025, 6, 2))
        money = f"{chance.whole(1, 90)}.{chance.digits(3)}.000"
        rows.append([str(number), person.name, f"{person.born:%d/%m/%Y}", str(person.home.area), money, chance.pick(NOTES)])
    writer.table(rows, tuple(COLUMNS.values()))
    return writer.sheets[0]
