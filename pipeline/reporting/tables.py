"""A report as CSV and as a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.domain.local_time import VIETNAM
from pipeline.reporting.report import Cell, Column, Kind, Report, Table, floored

#: How spreadsheets show each kind of cells; per cent are written as 45.6, as they are counted.
_FORMATS = {Kind.COUNT: "#,##0", Kind.PERCENT: '0.0" %"', Kind.NUMBER: "#,##0.0", Kind.DAY: "dd/mm/yyyy"}

_HEAD = PatternFill("solid", fgColor="1F4E79")
_BAND = PatternFill("solid", fgColor="F2F6FA")
_WHOLE = PatternFill("solid", fgColor="DCE6F1")
_LINE = Border(bottom=Side("thin", color="C8D2DC"))

#: Widths of columns in letters, and the most letters of a sheet's name.
_NARROWEST, _WIDEST, _SHEET_NAME = 11, 46, 31


def render_csv(report: Report) -> bytes:
    """UTF-8 with a mark that spreadsheets know it by: each table under a line with its title, a blank line between them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for place, table in enumerate(report.tables):
        if place:
            writer.writerow([])
        writer.writerow([table.title, report.subtitle])
        writer.writerow([column.title for column in table.columns])
        for row in _rows(table):
            writer.writerow([_plain(cell, column) for cell, column in zip(row, table.columns, strict=True)])
    return out.getvalue().encode("utf-8-sig")


def render_workbook(report: Report) -> bytes:
    """An XLSX: first the headlines and what is to be known, then a sheet for each table, set to be printed."""
    book = Workbook()
    book.properties.title, book.properties.creator = report.title, "Sohoa"
    book.properties.created = book.properties.modified = report.made_at.astimezone(VIETNAM).replace(tzinfo=None)
    _write_headlines(book.worksheets[0], report)
    for table in report.tables:
        _write_table(book.create_sheet(_sheet_name(table, book.sheetnames)), table, report)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(table: Table) -> tuple[tuple[Cell, ...], ...]:
    return (*table.rows, table.total) if table.total else table.rows


def _plain(cell: Cell, column: Column) -> str:
    """The cell for programs; what a spreadsheet would take for a formula is text to it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.astimezone(VIETNAM).isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
    return str(floored(cell)) if column.kind is Kind.PERCENT else str(round(cell, 3))


def _write_headlines(sheet: Worksheet, report: Report) -> None:
    sheet.title = "Sohoa"
    sheet["A1"], sheet["A2"] = report.title, report.subtitle
    sheet["A1"].font, sheet["A2"].font = Font(bold=True, size=14), Font(size=11, color="555555")
    line = 4
    for name, value in report.headlines:
        sheet.cell(line, 1, name)
        sheet.cell(line, 2, value).alignment = Alignment(horizontal="right")
        sheet.cell(line, 2).font = Font(bold=True)
        line += 1
    for note in report.notes:
        line += 1
        _put(sheet, line, 1, note).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 64, 16
    _set_up(sheet, landscape=False)


def _write_table(sheet: Worksheet, table: Table, report: Report) -> None:
    _put(sheet, 1, 1, table.title).font = Font(bold=True, size=13)
    _put(sheet, 2, 1, f"{report.title} · {report.subtitle}").font = Font(color="555555")
    for place, column in enumerate(table.columns, start=1):
        cell = _put(sheet, 4, place, column.title)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
        right = column.kind not in {Kind.TEXT, Kind.DAY}
        cell.alignment = Alignment(horizontal="right" if right else "left", vertical="center", wrap_text=True)
    for line, row in enumerate(_rows(table), start=5):
        whole = table.total is not None and line == 4 + len(_rows(table))
        for place, (value, column) in enumerate(zip(row, table.columns, strict=True), start=1):
            _write_cell(sheet, (line, place), value, column.kind, whole=whole)
    for place, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _width(column, [row[place - 1] for row in _rows(table)])
    sheet.row_dimensions[4].height = 32
    sheet.freeze_panes = "A5"
    if table.rows:
        sheet.auto_filter.ref = f"A4:{get_column_letter(len(table.columns))}{4 + len(table.rows)}"
    sheet.print_title_rows = "4:4"
    _set_up(sheet, landscape=True)


def _write_cell(sheet: Worksheet, place: tuple[int, int], value: Cell, kind: Kind, *, whole: bool) -> None:
    if isinstance(value, datetime):
        value = value.astimezone(VIETNAM).date()
    cell = _put(sheet, *place, value)
    cell.border = _LINE
    if kind in _FORMATS and not isinstance(value, str):
        cell.number_format = _FORMATS[kind]
    cell.alignment = Alignment(vertical="top", wrap_text=kind is Kind.TEXT)
    if whole:
        cell.font, cell.fill = Font(bold=True), _WHOLE
    elif place[0] % 2 == 0:
        cell.fill = _BAND


def _put(sheet: Worksheet, line: int, place: int, value: Cell) -> SheetCell:
    """The cell with the value in it; a text stays a text, whatever it begins with."""
    cell = sheet.cell(line, place)
    if isinstance(value, str):
        cell.value = "".join(letter for letter in value if letter.isprintable())
        cell.data_type = "s"
    else:
        cell.value = value
    return cell


def _width(column: Column, values: Sequence[Cell]) -> float:
    longest = max((len(str(value)) for value in values if isinstance(value, str)), default=0)
    heading = max(len(word) for word in column.title.split()) + 3
    return min(_WIDEST, max(_NARROWEST, heading, longest + 2))


def _set_up(sheet: Worksheet, *, landscape: bool) -> None:
    """How the sheet comes out of a printer: A4, as wide as the page, numbered."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.right.text = "&P/&N"
    sheet.print_options.horizontalCentered = True


def _sheet_name(table: Table, taken: Sequence[str]) -> str:
    name = "".join(" " if letter in r"[]:*?/\\" else letter for letter in table.title)[:_SHEET_NAME]
    return name if name not in taken else f"{name[: _SHEET_NAME - 2]} {len(taken)}"
