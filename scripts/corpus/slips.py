"""Papers of no type that ``others.toml`` describes: receipts, diplomas, cards, party papers, papers in other tongues."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Literal, TypedDict, cast

from scripts.corpus import prose
from scripts.corpus.certificates import frame
from scripts.corpus.chance import Chance, Split
from scripts.corpus.dates import slashed, spelled
from scripts.corpus.draft import Draft, Layout, national_head, sign_off
from scripts.corpus.flow import Margins, Writer
from scripts.corpus.forms import Entry, write_entries
from scripts.corpus.people import draw_name, draw_person

_BLANK = re.compile(r"\{(\w+)\}")
_CARD_MARGINS = Margins(110, 90, 200, 57)
_COMPANIES = {
    "tune": ("Công ty TNHH Mộc Lan", "Công ty Cổ phần Đồng Tiến", "Công ty TNHH Bến Nước"),
    "held_out": ("Công ty TNHH Khuê Văn", "Công ty Cổ phần An Lạc", "Doanh nghiệp tư nhân Hòa Phát Đạt"),
}


class Slip(TypedDict, total=False):
    """One paper: its head, its title and what stands under it."""

    split: Split
    head: Literal["none", "nation", "office", "party", "company"]
    page: Literal["a4", "card"]
    frame: bool
    issuer: list[str]
    company: list[str]
    number: str
    title: str
    under: str
    entries: list[list[str]]
    table: list[str]
    prose: list[str]
    signers: list[str]


@cache
def slips() -> dict[str, Slip]:
    """Every paper that the file describes, by name."""
    text = files(__package__).joinpath("others.toml").read_text(encoding="utf-8")
    return cast("dict[str, Slip]", tomllib.loads(text))


def slip_layouts() -> tuple[Layout, ...]:
    """A layout for each of them."""
    return tuple(Layout(name, slip["split"], _drawer(slip)) for name, slip in slips().items())


def _drawer(slip: Slip) -> Callable[[Draft], None]:
    return lambda draft: draw_slip(draft, slip)


def draw_slip(draft: Draft, slip: Slip) -> None:
    """Writes ``slip``, its blanks filled anew."""
    chance = draft.chance
    card = slip.get("page") == "card"
    writer = draft.writer(10.5 if card else 13, _CARD_MARGINS if card else Margins(75, 62, 60, 57))
    if slip.get("frame"):
        frame(draft, writer)
    _write_head(draft, writer, slip)
    writer.skip(14)
    if slip.get("title"):
        writer.centred(_filled(draft, slip["title"]), bold=True, size=13 if card else chance.between(14, 17), gap=3)
    if slip.get("under"):
        writer.centred(_filled(draft, slip["under"]), italic=chance.odds(0.5), gap=8)
    writer.skip(6)
    entries = [Entry(label, _filled(draft, value)) for label, value in slip.get("entries", [])]
    if entries:
        write_entries(writer, entries, chance.pick_apart(("inline", "leaders"), ("columns", "inline")), gap=5)
    rows = [[_filled(draft, cell) for cell in row.split("|")] for row in slip.get("table", [])]
    if rows:
        writer.table(rows, tuple(max(4, *(len(row[place]) for row in rows)) for place in range(len(rows[0]))))
    for text in slip.get("prose", []):
        writer.paragraph(_filled(draft, text), indent=28, gap=6)
    _write_signers(draft, writer, slip.get("signers", []))


def _write_head(draft: Draft, writer: Writer, slip: Slip) -> None:
    head, top = slip.get("head", "none"), writer.margins.top + 10
    if head == "company":
        company = _filled(draft, "{COMPANY}|Địa chỉ: {home}|Điện thoại: {phone}").split("|")
        for text in [_filled(draft, line) for line in slip.get("company", company)]:
            writer.paragraph(text, align="left", style=writer.style.but(size=writer.style.size - 1.5), gap=1)
    elif head == "nation":
        writer.y = national_head(writer, (writer.left + writer.right) / 2, top, writer.style.size - 1) + 10
    elif head in ("office", "party"):
        _write_two_columns(draft, writer, slip, top)


def _write_two_columns(draft: Draft, writer: Writer, slip: Slip, top: float) -> None:
    width, day = writer.right - writer.left, draft.day()
    left, right, size = writer.left + width * 0.22, writer.left + width * 0.73, 10.5
    style, baseline = writer.style.but(size=size), top
    issuer = [_filled(draft, line) for line in slip.get("issuer", [])]
    for text in issuer:
        bold = style.but(bold=text is issuer[-1])
        writer.line(text, left, baseline, bold.but(size=min(size, size * width * 0.42 / max(1.0, bold.width(text)))))
        baseline += 14
    if slip.get("head") == "party":
        text = "ĐẢNG CỘNG SẢN VIỆT NAM"
        writer.line(text, right, top, style.but(size=12, bold=True))
        writer.rule((right - 60, right + 60), top + 5)
        second = top + 12
    else:
        second = national_head(writer, right, top, size)
    level = max(baseline, second + 14) + 8
    if slip.get("number"):
        writer.line("Số: " + _filled(draft, slip["number"]), left, level, style.but(size=12))
    if slip.get("number") or draft.chance.odds(0.5):
        place = draw_person(draft.chance, day).home.place
        writer.line(f"{place}, {spelled(day)}", right, level, style.but(size=12, italic=True))
    writer.y = level + 10


def _write_signers(draft: Draft, writer: Writer, titles: list[str]) -> None:
    if not titles:
        return
    writer.need(130)
    writer.skip(8)
    top, width = writer.y, writer.right - writer.left
    for place, title in enumerate(titles):
        share = 0.72 if len(titles) == 1 else (place + 0.5) / len(titles)
        name = draw_name(draft.chance, draft.chance.odds(0.5))
        sign_off(draft, writer, [_filled(draft, title)], name, middle=writer.left + width * share, top=top)


def _filled(draft: Draft, text: str) -> str:
    return _BLANK.sub(lambda found: _draw(draft, found[1]), text)


def _draw(draft: Draft, blank: str) -> str:
    chance: Chance = draft.chance
    if re.fullmatch(r"d\d+", blank):
        return str(chance.whole(1, 9)) + chance.digits(int(blank[1:]) - 1)
    if blank.isupper():
        return _draw(draft, blank.lower()).upper()
    day = draft.day()
    person = draw_person(chance, day, (18, 75))
    values = {
        "name": person.name, "home": str(person.home), "area": person.home.commune, "province": person.home.province,
        "id": person.id12, "phone": person.phone, "day": slashed(day), "date": spelled(day), "year": str(day.year),
        "money": prose.grouped(chance.whole(20, 90_000) * 1000), "age": str(chance.whole(18, 80)),
        "hour": f"{chance.whole(7, 20):02d} giờ {chance.whole(0, 5)}0", "company": chance.pick(_COMPANIES[chance.split]),
    }  # fmt: skip
    return values[blank]
