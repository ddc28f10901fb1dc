"""Invented issuing bodies: names as printed, codes, places, who signs for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scripts.corpus.chance import Chance
from scripts.corpus.places import Address, draw_address, draw_province

#: Department or ministry: name, code in document numbers, codes of its divisions.
DEPARTMENTS = (
    ("Sở Tư pháp", "STP", ("HCTP", "XDKTVB")),
    ("Sở Xây dựng", "SXD", ("QLN", "KTQH")),
    ("Sở Nội vụ", "SNV", ("CCVC", "VTLT")),
    ("Sở Tài chính", "STC", ("QLNS", "GCS")),
    ("Sở Y tế", "SYT", ("NVY", "KHTC")),
    ("Sở Nông nghiệp và Môi trường", "SNNMT", ("QLĐĐ", "TTBVTV")),
    ("Sở Giáo dục và Đào tạo", "SGDĐT", ("GDTrH", "TCCB")),
    ("Sở Khoa học và Công nghệ", "SKHCN", ("BCVT", "CĐS")),
    ("Thanh tra tỉnh", "TTr", ("NV1", "VP")),
    ("Sở Văn hóa, Thể thao và Du lịch", "SVHTTDL", ("QLVH", "VP")),
    ("Ban Quản lý các khu công nghiệp", "BQL", ("QHXD", "ĐT")),
)
MINISTRIES = (
    ("Bộ Tư pháp", "BTP"),
    ("Bộ Nội vụ", "BNV"),
    ("Bộ Xây dựng", "BXD"),
    ("Bộ Tài chính", "BTC"),
    ("Bộ Y tế", "BYT"),
    ("Bộ Giáo dục và Đào tạo", "BGDĐT"),
    ("Bộ Khoa học và Công nghệ", "BKHCN"),
    ("Bộ Nông nghiệp và Môi trường", "BNNMT"),
)
DIVISIONS = ("NC", "KTTH", "KGVX", "TH", "VX1", "NN", "HCC")


@dataclass(frozen=True, slots=True)
class Office:
    """A body that issues papers.

    ``lines`` is its name as the head of a page prints it, ``superior`` the line above (may be empty), ``name`` the field
    value, ``title_case`` its name in running text, ``code`` what follows in its document numbers, ``signers`` pairs of
    capacity lines (KT., TM., TL.) and title.
    """

    superior: str
    lines: tuple[str, ...]
    name: str
    title_case: str
    code: str
    divisions: tuple[str, ...]
    place: str
    head: str
    signers: tuple[tuple[tuple[str, ...], str], ...]
    address: Address
    superior_field: str = ""


def _signers(head: str, collective: str = "") -> tuple[tuple[tuple[str, ...], str], ...]:
    for_all = (f"TM. {collective}",) if collective else ()
    return (
        (for_all, head),
        ((*for_all, f"KT. {head}"), f"PHÓ {head}"),
        ((f"KT. {head}",), f"PHÓ {head}"),
    )


def draw_office(chance: Chance, on: date, kind: str = "local") -> Office:
    """An office that issues papers of ``kind``: local, assembly, ministry, government, parliament, commune or centre."""
    makers = {
        "assembly": _draw_assembly,
        "ministry": _draw_ministry,
        "government": _draw_government,
        "parliament": _draw_parliament,
        "commune": _draw_commune,
        "department": _draw_department,
    }
    if kind == "local":
        kind = chance.pick_apart(
            ("province", "department", "commune", "district"), ("province", "department", "commune", "staff")
        )
    return makers.get(kind, _draw_other)(chance, on, kind)


def _seat(chance: Chance, on: date) -> Address:
    return draw_address(chance, draw_province(chance), on, house=False)


def _other_signers(chance: Chance, kind: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    own = _signers("CHỦ TỊCH", "ỦY BAN NHÂN DÂN")
    by_order = ((("TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG"), "PHÓ CHÁNH VĂN PHÒNG"), (("TL. CHỦ TỊCH",), "CHÁNH VĂN PHÒNG"))
    return (*own, *by_order) if kind == "province" else own


def _draw_other(chance: Chance, on: date, kind: str) -> Office:
    seat = _seat(chance, on)
    province = seat.province
    if kind == "staff":
        head = "CHÁNH VĂN PHÒNG"
        superior = f"UBND {province.upper()}"
        name = f"VĂN PHÒNG {superior}"
        return Office(
            superior, ("VĂN PHÒNG",), name, f"Văn phòng UBND {province}", "VP", DIVISIONS, _bare(province), head,
            _signers(head), seat, superior,
        )  # fmt: skip
    if kind == "district" and seat.district:
        area, superior = seat.district, f"UBND {province.upper()}" if chance.odds(0.5) else ""
    else:
        area, superior = province, ""
    lines = ("ỦY BAN NHÂN DÂN", area.upper())
    place = _bare(area)
    return Office(
        superior, lines, " ".join(lines), f"Ủy ban nhân dân {area}", "UBND", DIVISIONS, place, "CHỦ TỊCH",
        _other_signers(chance, kind), seat, superior,
    )  # fmt: skip


def _draw_commune(chance: Chance, on: date, kind: str) -> Office:
    seat = _seat(chance, on)
    above = seat.district or seat.province
    superior = f"UBND {above.upper()}" if chance.odds(0.5) else ""
    lines = ("ỦY BAN NHÂN DÂN", seat.commune.upper())
    return Office(
        superior, lines, " ".join(lines), f"Ủy ban nhân dân {seat.commune}", "UBND", ("VP", "ĐCXD", "TPHT"),
        _bare(seat.commune), "CHỦ TỊCH", _signers("CHỦ TỊCH", "ỦY BAN NHÂN DÂN"), seat, superior,
    )  # fmt: skip


def _draw_department(chance: Chance, on: date, kind: str) -> Office:
    seat = _seat(chance, on)
    name, code, divisions = chance.pick(DEPARTMENTS)
    words = f"ỦY BAN NHÂN DÂN {seat.province.upper()}" if chance.odds(0.25) else f"UBND {seat.province.upper()}"
    head = {"Thanh tra tỉnh": "CHÁNH THANH TRA", "Ban Quản lý các khu công nghiệp": "TRƯỞNG BAN"}.get(name, "GIÁM ĐỐC")
    return Office(
        words, (name.upper(),), name.upper(), name, code, divisions, _bare(seat.province), head, _signers(head), seat, words,
    )  # fmt: skip


def _draw_assembly(chance: Chance, on: date, kind: str) -> Office:
    seat = _seat(chance, on)
    area = chance.pick((seat.province, seat.province, seat.commune))
    lines = ("HỘI ĐỒNG NHÂN DÂN", area.upper())
    return Office(
        "", lines, " ".join(lines), f"Hội đồng nhân dân {area}", "HĐND", ("PC", "KTNS"), _bare(area), "CHỦ TỊCH",
        (((), "CHỦ TỊCH"), (("KT. CHỦ TỊCH",), "PHÓ CHỦ TỊCH"), (("TM. HỘI ĐỒNG NHÂN DÂN",), "CHỦ TỊCH")), seat,
    )  # fmt: skip


def _draw_ministry(chance: Chance, on: date, kind: str) -> Office:
    name, code = chance.pick(MINISTRIES)
    return Office(
        "", (name.upper(),), name.upper(), name, code, ("VP", "PC", "TCCB"), "Hà Nội", "BỘ TRƯỞNG",
        (((), "BỘ TRƯỞNG"), (("KT. BỘ TRƯỞNG",), "THỨ TRƯỞNG")), _seat(chance, on),
    )  # fmt: skip


def _draw_government(chance: Chance, on: date, kind: str) -> Office:
    signers = ((("TM. CHÍNH PHỦ",), "THỦ TƯỚNG"), (("TM. CHÍNH PHỦ", "KT. THỦ TƯỚNG"), "PHÓ THỦ TƯỚNG"))
    return Office(
        "", ("CHÍNH PHỦ",), "CHÍNH PHỦ", "Chính phủ", "CP", ("NN",), "Hà Nội", "THỦ TƯỚNG", signers, _seat(chance, on)
    )


def _draw_parliament(chance: Chance, on: date, kind: str) -> Office:
    signers = (((), "CHỦ TỊCH QUỐC HỘI"),)
    return Office(
        "", ("QUỐC HỘI",), "QUỐC HỘI", "Quốc hội", "QH15", ("PL",), "Hà Nội", "CHỦ TỊCH QUỐC HỘI", signers, _seat(chance, on)
    )


def _bare(area: str) -> str:
    """The name without its kind: ``tỉnh Bắc Ninh`` gives ``Bắc Ninh``, as the place before the date has it."""
    for kind in ("thành phố", "thị trấn", "thị xã", "phường", "huyện", "quận", "tỉnh", "xã"):
        if area.startswith(f"{kind} "):
            rest = area.removeprefix(f"{kind} ")
            if rest.isdigit():
                return f"{kind.capitalize()} {rest}"
            return f"TP. {rest}" if kind == "thành phố" and rest == "Hồ Chí Minh" else rest
    return area
