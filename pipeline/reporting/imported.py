"""The table of received and solved dossiers that the province's system gives, line by line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from pipeline.domain.errors import RejectedInputError
from pipeline.domain.figures import Level, Month, ReportedFigures
from pipeline.domain.people import AGENCY
from pipeline.reporting.sheets import Cell, SheetError, SheetRow, read_sheet

#: The names of each column, as this product writes them and as systems do.
HEADINGS = {
    "month": ("ky", "kỳ", "kỳ báo cáo", "tháng", "thang"),
    "office": ("ma_co_quan", "mã cơ quan", "mã đơn vị", "mã định danh", "mã định danh cơ quan"),
    "name": ("ten_co_quan", "tên cơ quan", "tên đơn vị", "cơ quan", "đơn vị"),
    "level": ("cap", "cấp", "cấp hành chính"),
    "procedure": ("ma_thu_tuc", "mã thủ tục", "mã tthc", "mã số tthc"),
    "carried_over": ("ton_ky_truoc", "tồn kỳ trước", "kỳ trước chuyển sang", "từ kỳ trước"),
    "received": ("tiep_nhan", "tiếp nhận", "tiếp nhận trong kỳ", "tiếp nhận mới", "số hồ sơ tiếp nhận"),
    "solved": ("da_giai_quyet", "đã giải quyết", "giải quyết", "số hồ sơ đã giải quyết"),
    "on_time": ("dung_han", "đúng hạn", "giải quyết đúng hạn", "trước hạn và đúng hạn"),
    "pending": ("dang_giai_quyet", "đang giải quyết", "tồn cuối kỳ", "chuyển kỳ sau"),
    "components": ("so_hoa_thanh_phan", "số hóa thành phần", "số hóa thành phần hồ sơ"),
    "results": ("so_hoa_ket_qua", "số hóa kết quả", "số hóa kết quả giải quyết"),
    "delivered": ("ngay_gui", "ngày gửi", "ngày báo cáo"),
}
_REQUIRED = ("month", "office", "level", "received", "solved")
_COUNTS = ("received", "solved", "carried_over", "on_time", "pending", "components", "results")
_LEVELS = {
    Level.PROVINCE: ("tỉnh", "cấp tỉnh", "thành phố", "province"),
    Level.DISTRICT: ("huyện", "cấp huyện", "district"),
    Level.COMMUNE: ("xã", "cấp xã", "commune"),
    Level.UNKNOWN: ("tổng", "tổng cộng", "toàn tỉnh", "total"),
}
_MONTHS = (
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})"),
    re.compile(r"(?:tháng\s*)?(?P<month>\d{1,2})[-/.](?P<year>\d{4})", re.IGNORECASE),
)
_PROCEDURE = re.compile(r"(\d\.\d{6})(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?")
_WHOLE = re.compile(r"\d+|\d{1,3}(?:\.\d{3})+")
_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_Said = TypeVar("_Said")
#: How a row is named that is the sum of a level, and has no office.
_SUM = re.compile(r"tổng|cộng|toàn", re.IGNORECASE)
#: Faults told of one file; more are counted.
_TOLD = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line, in Vietnamese; line 0: in the table as a whole."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"dòng {self.line}: {self.what}" if self.line else self.what


def parse_figures(data: bytes, name: str) -> tuple[ReportedFigures, ...]:
    """The rows of the table in the file ``name``, in their order; raises ``RejectedInputError`` that tells all faults.

    Nothing is guessed: a cell that does not say clearly what it says is a fault of its line.
    """
    rows: list[ReportedFigures] = []
    faults: list[Fault] = []
    known: dict[tuple[str, ...], int] = {}
    try:
        for row in read_sheet(data, HEADINGS, _REQUIRED):
            found = _row(row, faults)
            if found is None:
                continue
            if found.key in known:
                faults.append(Fault(row.line, f"trùng kỳ, cơ quan và thủ tục với dòng {known[found.key]}"))
            known.setdefault(found.key, row.line)
            rows.append(found)
    except SheetError as error:
        faults.append(Fault(0, str(error)))
    if not rows and not faults:
        faults.append(Fault(0, "không có dòng số liệu nào dưới tiêu đề"))
    if faults:
        raise _refusal(name, faults)
    return tuple(rows)


def _row(row: SheetRow, faults: list[Fault]) -> ReportedFigures | None:
    """What the row says; None where it is at fault, which is added to ``faults``."""
    cells = _Cells(row, faults)
    month, level = cells.take("month", _month), cells.take("level", _level)
    office, procedure = cells.take("office", _office) or "", cells.take("procedure", _procedure) or ""
    counts = {key: cells.take(key, partial(_count, key)) for key in _COUNTS}
    delivered = cells.take("delivered", _day)
    for key, value in (("month", month), ("level", level), *((key, counts[key]) for key in ("received", "solved"))):
        if value is None and key not in cells.faulty:
            cells.add(f"thiếu {HEADINGS[key][0]}")
    if office and level is Level.UNKNOWN:
        cells.add(f"{HEADINGS['level'][0]} của cơ quan {office} phải là tỉnh, huyện hoặc xã")
    name = str(row.cells.get("name", ""))
    if not office and "office" not in cells.faulty and name and not _SUM.search(name):
        cells.add(f"thiếu {HEADINGS['office'][0]} của “{name}”")
    received, solved = counts.pop("received"), counts.pop("solved")
    if cells.faulty or month is None or level is None or received is None or solved is None:
        return None
    return ReportedFigures(
        month, office, level, received, solved, name, procedure, **counts, delivered=delivered, line=row.line
    )


class _Cells:
    """The cells of one row; what is wrong with them is added to ``faults``, and the columns to ``faulty``."""

    def __init__(self, row: SheetRow, faults: list[Fault]) -> None:
        self._row = row
        self._faults = faults
        self.faulty: set[str] = set()

    def take(self, key: str, parse: Callable[[Cell], _Said]) -> _Said | None:
        """What the cell says; None where it is blank or at fault."""
        cell = self._row.cells.get(key)
        if cell is None:
            return None
        try:
            return parse(cell)
        except ValueError as error:
            self.add(str(error), key)
            return None

    def add(self, what: str, key: str = "row") -> None:
        """Tell a fault of the row."""
        self.faulty.add(key)
        self._faults.append(Fault(self._row.line, what))


def _month(cell: Cell) -> Month:
    if isinstance(cell, date):
        return Month.of(cell)
    for form in _MONTHS:
        if match := form.fullmatch(str(cell).strip()):
            if 1 <= int(match["month"]) <= 12 and 2000 <= int(match["year"]) <= 2100:
                return Month(int(match["year"]), int(match["month"]))
            break
    raise ValueError(f"kỳ “{cell}” không phải là tháng (viết như 2026-01)")


def _level(cell: Cell) -> Level:
    said = str(cell).strip().casefold()
    for level, names in _LEVELS.items():
        if said in names:
            return level
    raise ValueError(f"cấp “{cell}” không phải tỉnh, huyện, xã hay tổng cộng")


def _office(cell: Cell) -> str:
    code = str(cell).replace(" ", "").upper()
    if AGENCY.fullmatch(code) is None:
        raise ValueError(f"“{cell}” không phải mã định danh cơ quan (như 000.00.16.H05)")
    return code


def _procedure(cell: Cell) -> str:
    match = _PROCEDURE.fullmatch(str(cell).replace(" ", ""))
    if match is None:
        raise ValueError(f"“{cell}” không phải mã thủ tục (như 1.001193)")
    return match[1]


def _count(key: str, cell: Cell) -> int:
    """A whole number of dossiers; ``1.234`` is one thousand two hundred and thirty-four, as it is written in Vietnam."""
    if isinstance(cell, int) and not isinstance(cell, bool) and cell >= 0:
        return cell
    if isinstance(cell, float) and cell >= 0 and cell.is_integer():
        return int(cell)
    if isinstance(cell, str) and _WHOLE.fullmatch(cell.strip()):
        return int(cell.strip().replace(".", ""))
    raise ValueError(f"{HEADINGS[key][0]} “{cell}” không phải số nguyên từ 0 trở lên")


def _day(cell: Cell) -> date:
    if isinstance(cell, date):
        return cell
    said = str(cell).strip()
    try:
        match = _DAY.fullmatch(said)
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(said)
    except ValueError as error:
        raise ValueError(f"ngày “{cell}” không đúng (viết như 09/02/2026)") from error


def _refusal(name: str, faults: list[Fault]) -> RejectedInputError:
    more = f"\n… và {len(faults) - _TOLD} lỗi nữa" if len(faults) > _TOLD else ""
    told = "\n".join(f"  {fault}" for fault in faults[:_TOLD])
    return RejectedInputError(
        f"{name}:\n{told}{more}",
        code="figures_unreadable",
        advice="Chưa nhập dòng nào. Hãy sửa các dòng đã nêu trong tệp rồi nhập lại; thêm --dry-run để thử trước.",
    )
