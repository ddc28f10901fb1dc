"""Tables that others made, CSV or XLSX, as rows of text under the headings that are asked for."""

from __future__ import annotations

import csv
import io
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

#: Bounds on what is opened: bytes of a workbook once unpacked, rows of a table, lines looked through for its headings.
MOST_BYTES, MOST_ROWS, HEADING_WITHIN = 200_000_000, 200_000, 15

Cell = str | int | float | date | None


class SheetError(ValueError):
    """What is wrong with a table as a whole; the message is Vietnamese."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with the number of its line; ``cells`` by column, those that are blank left out."""

    line: int
    cells: Mapping[str, Cell]


def read_sheet(data: bytes, headings: Mapping[str, Sequence[str]], required: Sequence[str]) -> Iterator[SheetRow]:
    """The rows under the headings; raises :class:`SheetError` for what is no such table.

    ``headings`` are all names that each column may have, without regard to capitals; lines before them are left out.
    """
    lines = _workbook_lines(data) if data.startswith(b"PK\x03\x04") else _text_lines(data)
    columns: dict[str, int] = {}
    for number, cells in lines:
        if number > MOST_ROWS:
            raise SheetError(f"bảng dài quá {MOST_ROWS:,} dòng. Hãy chia thành nhiều tệp.".replace(",", "."))
        if not columns:
            columns = _columns(cells, headings)
            if not all(key in columns for key in required):
                if number >= HEADING_WITHIN:
                    break
                columns = {}
            continue
        found = {key: cells[place] for key, place in columns.items() if place < len(cells) and cells[place] not in (None, "")}
        if found:
            yield SheetRow(number, found)
    if not columns:
        wanted = ", ".join(headings[key][0] for key in required)
        raise SheetError(f"không thấy dòng tiêu đề có các cột {wanted} trong {HEADING_WITHIN} dòng đầu.")


def _columns(cells: Sequence[Cell], headings: Mapping[str, Sequence[str]]) -> dict[str, int]:
    named = [" ".join(str(cell or "").casefold().split()) for cell in cells]
    return {key: named.index(one) for key, names in headings.items() for one in reversed(names) if one in named}


def _text_lines(data: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    coding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = unicodedata.normalize("NFC", data.decode(coding))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SheetError(f"dòng {line}: không phải chữ UTF-8. Hãy lưu lại dạng CSV UTF-8 hoặc XLSX.") from error
    beginning = "\n".join(text.split("\n", HEADING_WITHIN)[:HEADING_WITHIN])
    delimiter = max("\t;,", key=beginning.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            yield line, [" ".join(cell.split()) for cell in row]
            line = reader.line_num + 1
    except csv.Error as error:
        raise SheetError(f"dòng {line}: không đọc được ({error}). Hãy kiểm tra dấu nháy kép.") from error


def _workbook_lines(data: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    """The lines of the first sheet that is shown."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(member.file_size for member in packed.infolist()) > MOST_BYTES:
                raise SheetError(f"sổ tính lớn quá {MOST_BYTES // 1_000_000} MB khi mở ra.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from openpyxl import load_workbook  # noqa: PLC0415  (takes a fifth of a second, and commands wait for it)

            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheet = next(one for one in book.worksheets if one.sheet_state == "visible")
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield number, [_cell(value) for value in row]
    except SheetError:
        raise
    except Exception as error:  # a broken workbook raises whatever its parts raise
        raise SheetError("không mở được sổ tính. Hãy lưu lại dạng XLSX hoặc CSV UTF-8.") from error


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, int | float | date):
        return value
    return unicodedata.normalize("NFC", " ".join(str(value).split()))
