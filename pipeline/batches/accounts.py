"""What became of a batch: document by document, file by file, as a table, CSV or a workbook."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from pipeline import archive
from pipeline.custody.foreign_texts import ForeignTexts
from pipeline.domain.batches import BatchFile, FileState, Placed
from pipeline.domain.documents import SETTLED, Document, Status
from pipeline.domain.errors import NotFoundError
from pipeline.flow import FlowPorts
from pipeline.understanding import type_titles

HEADS = (
    "Tệp", "Tài liệu", "Hồ sơ", "Mã tài liệu", "Trạng thái", "Loại giấy tờ", "Loại theo mục lục", "Chủ sở hữu theo mục lục",
    "Số trang", "Trang trắng", "Mặt bỏ (tờ phân cách)", "Độ tin cậy (%)", "Trang cần quét lại", "Ghi chú",
    "Siêu dữ liệu kèm theo",
)  # fmt: skip

STATUS_WORDS = {
    None: "chờ đọc",
    Status.RECEIVED: "đã nhận",
    Status.READING: "đang đọc",
    Status.NEEDS_REVIEW: "cần xem lại",
    Status.APPROVED: "đạt",
    Status.ARCHIVED: "đã lưu kho",
    Status.REJECTED: "bị từ chối",
    Status.FAILED: "lỗi hệ thống",
    Status.ERASED: "đã tiêu hủy",
}
STATE_WORDS = {
    FileState.DUPLICATE: "trùng tệp",
    FileState.NO_PAGES: "không có giấy tờ",
    FileState.REJECTED: "bị từ chối",
    FileState.REPAIRED: "đã thay bằng tệp sửa",
}
_DECLARED = {
    "title": "nhan đề",
    "date": "ngày",
    "identifier": "mã",
    "creator": "tác giả",
    "type": "loại",
    "shelf": "vị trí",
}
_TOLD = (FileState.DUPLICATE, FileState.NO_PAGES, FileState.REJECTED, FileState.REPAIRED)


@dataclass(frozen=True, slots=True)
class Line:
    """One document of the report, or a file of which there is none. ``confidence`` is that of its words, 0..1."""

    file: str
    name: str
    dossier: str
    document: str
    status: str
    type: str = ""
    expected: str = ""
    owner: str = ""
    pages: int = 0
    blank: int = 0
    removed: int = 0
    confidence: float | None = None
    rescan: tuple[int, ...] = ()
    note: str = ""
    declared: str = ""

    @property
    def cells(self) -> tuple[str | int | float | None, ...]:
        """As in :data:`HEADS`."""
        sure = None if self.confidence is None else round(100 * self.confidence, 1)
        again = ", ".join(map(str, self.rescan))
        told = (self.file, self.name, self.dossier, self.document, self.status, self.type, self.expected, self.owner)
        return (*told, self.pages, self.blank, self.removed, sure, again, self.note, self.declared)


def lines_of(batch_id: str, ports: FlowPorts) -> Iterator[Line]:
    """The report of a batch: its documents in the order of its files, then the files of which there is nothing."""
    titles = type_titles()
    after = (0, 0)
    while placed := ports.catalogue.batches.placed(batch_id, after=after):
        after = placed[-1].file, placed[-1].part.number
        yield from (_line(one, titles, ports) for one in placed)
    number = 0
    while files := ports.catalogue.batches.files(batch_id, *_TOLD, after=number):
        number = files[-1].number
        yield from map(_file_line, files)


def _file_line(file: BatchFile) -> Line:
    return Line(file.name, "", file.dossier, "", STATE_WORDS[file.state], note=file.message)


def _line(one: Placed, titles: Mapping[str, str], ports: FlowPorts) -> Line:
    document, part = one.document, one.part
    record = _record(document, ports) if document is not None else None
    plain = Line(
        one.file_name,
        part.name,
        part.dossier,
        part.document,
        STATUS_WORDS[document.status if document else None],
        expected=titles.get(part.type, part.type),
        owner=part.owner,
        pages=part.pages,
        removed=len(part.removed),
    )
    if record is None:
        return plain
    return _filled(plain, record, titles, part.type, _declared(record, part.sha256, ports))


def _filled(plain: Line, record: dict[str, Any], titles: Mapping[str, str], expected: str, declared: str) -> Line:
    pages = record.get("pages", [])
    sure = [page["confidence"] for page in pages if page["origin"] != "unread" and not page["blank"]]
    kind = (record.get("document_type") or {}).get("code", "")
    notes = [problem["message"] for problem in record.get("problems", ())][:3]
    if expected and kind and kind != expected:
        notes.insert(0, "Loại đọc được khác mục lục.")
    return Line(
        plain.file,
        plain.name,
        plain.dossier,
        plain.document,
        plain.status,
        type=titles.get(kind, kind),
        expected=plain.expected,
        owner=plain.owner,
        pages=len(pages) or plain.pages,
        blank=sum(bool(page["blank"]) for page in pages),
        removed=plain.removed,
        confidence=sum(sure) / len(sure) if sure else None,
        rescan=tuple(page["number"] for page in pages if page["quality"]["verdict"] == "rescan" or page["origin"] == "unread"),
        note=" ".join(notes),
        declared=declared,
    )


def _declared(record: dict[str, Any], sha256: str, ports: FlowPorts) -> str:
    """What a catalogue that came along says of the paper; empty where none did."""
    if not any(one["name"] == archive.FOREIGN_INPUT for one in record.get("inputs", ())):
        return ""
    text = ForeignTexts(ports.store).of(sha256)
    return "; ".join(f"{_DECLARED.get(name, name)}: {value}" for name, value in text.declared) if text else ""


def _record(document: Document, ports: FlowPorts) -> dict[str, Any] | None:
    if document.status not in SETTLED or document.revision == 0:
        return None
    try:
        key = archive.revision_key(document.dossier, document.id, document.revision, "record.json")
        found: dict[str, Any] = json.loads(ports.store.get(key))
    except NotFoundError:
        return None
    return found


@dataclass(frozen=True, slots=True)
class Sum:
    """The last line of a report."""

    documents: int
    pages: int
    sides: int
    rescan: int
    rejected: int
    duplicates: int


def sum_up(lines: Iterable[Line]) -> Sum:
    """What lines come to."""
    listed = list(lines)
    papers = [line for line in listed if line.name]
    return Sum(
        documents=len(papers),
        pages=sum(line.pages for line in papers),
        sides=sum(line.pages + line.removed for line in papers),
        rescan=sum(len(line.rescan) for line in papers),
        rejected=sum(line.status == STATE_WORDS[FileState.REJECTED] for line in listed),
        duplicates=sum(line.status == STATE_WORDS[FileState.DUPLICATE] for line in listed),
    )


def as_csv(lines: Iterable[Line]) -> bytes:
    """The report as UTF-8 CSV that spreadsheets open as such; no cell begins a formula."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(HEADS)
    for line in lines:
        writer.writerow(["" if cell is None else _plain(cell) for cell in line.cells])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def as_workbook(lines: Iterable[Line], title: str) -> bytes:
    """The report as XLSX: a frozen head, columns as wide as they need, one more sheet with what must be scanned again."""
    listed = list(lines)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Tài liệu"
    _fill(sheet, listed)
    again = book.create_sheet("Cần quét lại, bị từ chối")
    _fill(again, [line for line in listed if line.rescan or (not line.name and line.note) or line.status == "lỗi hệ thống"])
    book.properties.title = title
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _fill(sheet: Any, lines: Iterable[Line]) -> None:  # noqa: ANN401 - a worksheet of a library without types
    sheet.append(HEADS)
    for line in lines:
        sheet.append([_plain(cell) for cell in line.cells])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F5FBF")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    for at, cells in enumerate(sheet.iter_cols(values_only=True), 1):
        longest = max((len(str(cell)) for cell in cells[1:200] if cell is not None), default=0)
        sheet.column_dimensions[get_column_letter(at)].width = min(48, max(12, longest + 2))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _plain(cell: str | int | float | None) -> str | int | float | None:
    """A cell that no spreadsheet takes for a formula, without signs that it cannot hold."""
    if not isinstance(cell, str):
        return cell
    text = "".join(sign for sign in cell if sign >= " " or sign in "\n\t")
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
