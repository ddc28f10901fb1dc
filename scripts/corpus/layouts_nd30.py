"""Papers laid out after Decree 30/2020/NĐ-CP: every administrative type, letters, laws and by-laws."""

from __future__ import annotations

from dataclasses import dataclass

from scripts.corpus import dates, prose
from scripts.corpus.appendix import write_appendix
from scripts.corpus.bodies_nd30 import BODIES
from scripts.corpus.chance import Split
from scripts.corpus.draft import Draft, Layout
from scripts.corpus.flow import Margins, Piece, Writer
from scripts.corpus.letterhead import Heading, HeadPlan, write_foot, write_head
from scripts.corpus.matters import Matter
from scripts.corpus.offices import Office, draw_office


@dataclass(frozen=True, slots=True)
class Paper:
    """How one type is numbered and titled; ``offices`` are the kinds of bodies that issue it."""

    title: str
    abbreviation: str
    offices: tuple[str, ...] = ("local",)
    about: str = "Về việc"


PAPERS: dict[str, Paper] = {
    "quyet_dinh": Paper("QUYẾT ĐỊNH", "QĐ"),
    "nghi_quyet": Paper("NGHỊ QUYẾT", "NQ", ("assembly",)),
    "chi_thi": Paper("CHỈ THỊ", "CT", ("province", "district", "commune")),
    "quy_che": Paper("QUY CHẾ", "QC", ("department", "province"), ""),
    "quy_dinh": Paper("QUY ĐỊNH", "QyĐ", ("department", "province"), ""),
    "thong_cao": Paper("THÔNG CÁO", "TC", ("province", "department")),
    "thong_bao": Paper("THÔNG BÁO", "TB"),
    "huong_dan": Paper("HƯỚNG DẪN", "HD", ("department", "ministry"), ""),
    "chuong_trinh": Paper("CHƯƠNG TRÌNH", "CTr", ("province", "department"), ""),
    "ke_hoach": Paper("KẾ HOẠCH", "KH", ("local",), ""),
    "phuong_an": Paper("PHƯƠNG ÁN", "PA", ("local",), ""),
    "de_an": Paper("ĐỀ ÁN", "ĐA", ("province", "department"), ""),
    "du_an": Paper("DỰ ÁN", "DA", ("province", "department"), ""),
    "bao_cao": Paper("BÁO CÁO", "BC", ("local",), ""),
    "bien_ban": Paper("BIÊN BẢN", "BB", ("department", "commune"), ""),
    "to_trinh": Paper("TỜ TRÌNH", "TTr"),
    "hop_dong": Paper("HỢP ĐỒNG", "HĐ", ("department",), ""),
    "cong_dien": Paper("CÔNG ĐIỆN", "CĐ", ("province", "ministry")),
    "giay_uy_quyen": Paper("GIẤY ỦY QUYỀN", "GUQ", ("department", "commune")),
    "giay_moi": Paper("GIẤY MỜI", "GM"),
    "giay_gioi_thieu": Paper("GIẤY GIỚI THIỆU", "GGT", ("department", "commune")),
    "phieu_chuyen": Paper("PHIẾU CHUYỂN", "PC", ("department", "commune", "staff")),
    "cong_van": Paper("", ""),
    "luat": Paper("LUẬT", "QH", ("parliament",)),
    "nghi_dinh": Paper("NGHỊ ĐỊNH", "NĐ", ("government",), ""),
    "thong_tu": Paper("THÔNG TƯ", "TT", ("ministry",), ""),
}


#: Types that often have an appendix.
ATTACHING = ("quyet_dinh", "nghi_quyet", "ke_hoach", "thong_bao", "chuong_trinh", "phuong_an", "huong_dan")

DEFAULT_MARGINS = Margins()


@dataclass(frozen=True, slots=True)
class Manner:
    """One look of the whole paper: its head, sizes and how the subject is set."""

    head: HeadPlan
    size: float = 13.5
    leading: float = 1.3
    margins: Margins = DEFAULT_MARGINS
    subject_bold: bool = True
    about: str = "Về việc"


MANNERS_TUNE = {
    "standard": Manner(HeadPlan()),
    "roomy": Manner(HeadPlan(left=0.2, right=0.7, size=13), size=14, leading=1.42, margins=Margins(82, 60, 50, 60)),
    "compact": Manner(HeadPlan(left=0.24, right=0.73, size=11.5), size=12.5, leading=1.22, margins=Margins(88, 57, 57, 57)),
}
MANNERS_HELD_OUT = {
    "dashed": Manner(
        HeadPlan(left=0.21, right=0.7, size=12, rule="dashes"), size=13, leading=1.36, subject_bold=False, about="V/v"
    ),
    "stepped": Manner(
        HeadPlan(left=0.25, right=0.72, size=12.2, date_under_number=True), size=13.2, margins=Margins(96, 62, 48, 62)
    ),
}


def assembly(year: int) -> int:
    """The number of the National Assembly that made laws in most of ``year``: its term begins in every fifth summer."""
    return 15 + (year - 2021) // 5


def _number(draft: Draft, code: str, office: Office, year: int) -> tuple[str, tuple[Piece, ...]]:
    """The number and symbol as a field value, and as pieces to be set."""
    chance, paper = draft.chance, PAPERS[code]
    figure = chance.whole(1, 96) if office.code in ("CP", "QH15") else chance.whole(1, chance.pick((40, 400, 4200)))
    text = f"{figure:02d}"
    tails = {
        "luat": f"/{year}/QH{assembly(year)}",
        "nghi_dinh": f"/{year}/NĐ-CP",
        "thong_tu": f"/{year}/TT-{office.code}",
        "cong_van": f"/{office.code}-{chance.pick(office.divisions)}",
    }
    tail = tails.get(code, f"/{paper.abbreviation}-{office.code}")
    if code in ("quyet_dinh", "nghi_quyet") and chance.odds(0.12):
        tail = f"/{year}{tail}"
    kind, _ = piece = draft.filled(text)
    pieces: tuple[Piece, ...] = (("print", text + tail),) if kind == "print" else (piece, ("print", tail))
    return text + tail, pieces


def draw_paper(draft: Draft, code: str, manner: Manner) -> None:
    """Writes a paper of type ``code``."""
    chance, paper = draft.chance, PAPERS[code]
    day = draft.day()
    office = draw_office(chance, day, chance.pick(paper.offices))
    number, pieces = _number(draft, code, office, day.year)
    matter = Matter.draw(chance, code, office, day)
    writer = draft.writer(manner.size, manner.margins)
    writer.leading = manner.leading
    heading = Heading(
        office, pieces, tuple(draft.day_pieces(office.place, day)), day, matter.subject if code == "cong_van" else ""
    )
    plan = manner.head if code != "luat" else HeadPlan(manner.head.left, manner.head.right, number_word="Luật số:")
    write_head(draft, writer, plan, heading)
    if code != "cong_van":
        _write_title(draft, writer, paper, matter, manner)
    BODIES[code](draft, writer, matter)
    listed = [] if code in ("luat", "hop_dong", "bien_ban") else prose.recipients(chance, chance.pick(office.divisions))
    title, name = write_foot(draft, writer, office, listed, counterpart=matter.counterpart, day=day)
    if code in ATTACHING and chance.odds(0.2):
        typed = number if pieces[0][0] == "print" else f"…..{number.removeprefix(number.split('/')[0])}"
        write_appendix(draft, writer, matter, f"{paper.title.capitalize()} số {typed}")
    draft.fields.update(
        co_quan_ban_hanh=office.name,
        so_ky_hieu=number,
        dia_danh=office.place,
        ngay_ban_hanh=day.isoformat(),
        trich_yeu=matter.subject,
        chuc_vu_nguoi_ky=title,
        nguoi_ky=name,
    )
    if office.superior_field:
        draft.fields["co_quan_chu_quan"] = office.superior_field
    if listed:
        draft.fields["noi_nhan"] = tuple(listed)


def _write_title(draft: Draft, writer: Writer, paper: Paper, matter: Matter, manner: Manner) -> None:
    writer.skip(12)
    writer.centred(paper.title, bold=True, size=14.5, gap=1)
    text = f"{manner.about} {matter.subject}" if paper.about and paper.title != "LUẬT" else matter.subject
    width = writer.right - writer.left
    span = (writer.left + width * 0.09, writer.right - width * 0.09)
    writer.paragraph(text, align="centre", style=writer.style.but(size=13.5, bold=manner.subject_bold), span=span, gap=0)
    if paper.abbreviation in ("QC", "QyĐ") and draft.chance.odds(0.4):
        writer.paragraph(_issued_with(draft, matter), align="centre", style=writer.style.but(size=13, italic=True), span=span)
    middle = (writer.left + writer.right) / 2
    writer.rule((middle - 42, middle + 42), writer.y + 4)
    writer.skip(16)


def _issued_with(draft: Draft, matter: Matter) -> str:
    """What stands under the subject of rules that another paper puts into force."""
    chance, day = draft.chance, dates.slashed(matter.day)
    head = chance.pick_apart(["Ban hành kèm theo", "Kèm theo"], ["Ban hành theo", "Được ban hành kèm theo"])
    return f"({head} Quyết định số {chance.whole(2, 990)}/QĐ-{matter.office.code} ngày {day} của {matter.office.title_case})"


def _layout(code: str, name: str, split: Split, manner: Manner) -> Layout:
    def draw(draft: Draft) -> None:
        draw_paper(draft, code, manner)

    return Layout(name, split, draw)


def _layouts(code: str) -> tuple[Layout, ...]:
    tune = [_layout(code, name, "tune", manner) for name, manner in MANNERS_TUNE.items()]
    return (*tune, *(_layout(code, name, "held_out", manner) for name, manner in MANNERS_HELD_OUT.items()))


LAYOUTS: dict[str, tuple[Layout, ...]] = {code: _layouts(code) for code in PAPERS}
