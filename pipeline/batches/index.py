"""The list beside the scans (CSV or XLSX): which file belongs to which dossier, of what type, whose it is.

It is checked as a whole before any work starts; what is wrong is told by line, in words for the operator.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from pipeline.domain.folding import fold
from pipeline.intake.names import safe_dossier

#: What a list is called that lies beside the scans.
NAMES = tuple(f"{stem}{suffix}" for stem in ("muc-luc", "muc_luc", "index") for suffix in (".csv", ".xlsx"))

_COLUMNS = {
    "file": ("file", "tep", "ten tep", "tep tin", "ten file"),
    "dossier": ("dossier", "ma ho so", "ho so", "so ho so"),
    "type": ("type", "loai", "loai giay to", "thanh phan", "ma loai"),
    "owner": ("owner", "chu so huu", "ho ten", "chu ho so", "nguoi nop", "so dinh danh"),
    "backs": ("backs", "mat sau", "tep mat sau"),
}
_BROKEN = (OSError, ValueError, KeyError, IndexError, EOFError, AttributeError, TypeError, SyntaxError, BadZipFile)
_MOST_LINES, _MOST_BYTES, _MOST_FAULTS = 200_000, 50_000_000, 50
#: What may be packed in an XLSX; nothing is read beyond what it declares.
_MOST_UNPACKED = 200_000_000
_TOO_LARGE = "Mục lục quá lớn. Hãy chia lô thành nhiều thư mục nhỏ hơn."


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list says of a file: ``line`` of the list, path within the folder; empty where it says nothing.

    ``backs`` is where the file lies that holds the backs of its sheets.
    """

    line: int
    file: str
    dossier: str = ""
    type: str = ""
    owner: str = ""
    backs: Path | None = None


class FaultyIndexError(ValueError):
    """The list cannot be gone by; ``faults`` are lines for the operator."""

    def __init__(self, path: Path, faults: Sequence[str]) -> None:
        told = "\n".join(f"  {fault}" for fault in faults[:_MOST_FAULTS])
        more = f"\n  … và {len(faults) - _MOST_FAULTS} lỗi nữa" if len(faults) > _MOST_FAULTS else ""
        super().__init__(
            f"Mục lục {path.name} có {len(faults)} chỗ sai; chưa nhận tệp nào. Hãy sửa rồi chạy lại:\n{told}{more}"
        )
        self.faults = tuple(faults)


def find_index(folder: Path) -> Path | None:
    """The list beside the scans of a folder; None where there is none."""
    return next((folder / name for name in NAMES if (folder / name).is_file()), None)


def read_index(path: Path, folder: Path, types: Mapping[str, str]) -> dict[Path, Listed]:
    """What the list at ``path`` says of files under ``folder``, by their resolved paths; ``types`` names codes of types.

    Raises ``FaultyIndexError`` with all that is wrong.
    """
    rows = list(_rows(path))
    if not rows:
        raise FaultyIndexError(path, ["Mục lục rỗng: dòng 1 phải là tên cột (tệp, mã hồ sơ, loại, chủ sở hữu)."])
    columns, faults = _columns(rows[0])
    if faults:
        raise FaultyIndexError(path, faults)
    found: dict[Path, Listed] = {}
    titles = {fold(title): code for code, title in types.items()} | {fold(code): code for code in types}
    for line, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        said = {name: row[at] if at < len(row) else "" for name, at in columns.items()}
        listed, wrong = _listed(line, said, titles, folder)
        faults += wrong or list(_lodge(listed, folder, found))
    if not found and not faults:
        faults.append("Mục lục chỉ có dòng tên cột, không có tệp nào.")
    if faults:
        raise FaultyIndexError(path, faults)
    return found


def _listed(line: int, said: Mapping[str, str], titles: Mapping[str, str], folder: Path) -> tuple[Listed, list[str]]:
    faults = []
    kind = said.get("type", "")
    code = titles.get(fold(kind), "") if kind else ""
    if not said["file"]:
        faults.append(f"Dòng {line}: chưa ghi tên tệp.")
    if kind and not code:
        faults.append(f"Dòng {line}: không có loại giấy tờ “{kind}”. Xem danh sách loại: sohoa separators --types")
    dossier = said.get("dossier", "")
    if dossier and safe_dossier(tuple(dossier.split("/"))) != dossier:
        faults.append(f"Dòng {line}: mã hồ sơ “{dossier}” có ký tự không dùng được trong mã.")
    backs = _place(folder, said["backs"]) if said.get("backs") else None
    return Listed(line, said["file"], dossier, code, said.get("owner", ""), backs), faults


def _place(folder: Path, name: str) -> Path:
    return (folder / name.replace("\\", "/")).resolve()


def _lodge(listed: Listed, folder: Path, found: dict[Path, Listed]) -> Iterator[str]:
    """Enter a line for its file, and say what is wrong with that."""
    for path, what in ((_place(folder, listed.file), "tệp"), (listed.backs, "tệp mặt sau")):
        if path is None:
            continue
        name = listed.file if path is not listed.backs else path.name
        if not path.is_relative_to(folder.resolve()):
            yield f"Dòng {listed.line}: {what} “{name}” nằm ngoài thư mục quét."
        elif not path.is_file():
            yield f"Dòng {listed.line}: không thấy {what} “{name}” trong thư mục quét."
        elif path in found:
            yield f"Dòng {listed.line}: {what} “{name}” đã ghi ở dòng {found[path].line}."
        else:
            found[path] = listed


def _columns(head: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    columns: dict[str, int] = {}
    faults = []
    for at, title in enumerate(head):
        name = next((name for name, titles in _COLUMNS.items() if fold(title) in titles), None)
        if name is None and title:
            faults.append(f"Dòng 1: không hiểu cột “{title}”. Các cột: tệp, mã hồ sơ, loại, chủ sở hữu, mặt sau.")
        elif name in columns:
            faults.append(f"Dòng 1: cột “{title}” có hai lần.")
        elif name:
            columns[name] = at
    if "file" not in columns:
        faults.append("Dòng 1: thiếu cột “tệp”.")
    return columns, faults


def _rows(path: Path) -> Iterator[list[str]]:
    if path.stat().st_size > _MOST_BYTES:
        raise FaultyIndexError(path, [_TOO_LARGE])
    rows = _sheet_rows(path) if path.suffix.lower() == ".xlsx" else _text_rows(path)
    for count, row in enumerate(rows):
        if count > _MOST_LINES:
            raise FaultyIndexError(path, [f"Mục lục có hơn {_MOST_LINES} dòng. Hãy chia lô thành nhiều thư mục nhỏ hơn."])
        yield [unicodedata.normalize("NFC", cell).strip() for cell in row]


def _sheet_rows(path: Path) -> Iterator[list[str]]:
    try:
        with ZipFile(path) as packed:
            if sum(info.file_size for info in packed.infolist()) > _MOST_UNPACKED:
                raise FaultyIndexError(path, [_TOO_LARGE])
        from openpyxl import load_workbook  # noqa: PLC0415  (takes a fifth of a second, and most lists are none)

        book = load_workbook(path, read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_as_text(cell) for cell in row]
        book.close()
    except FaultyIndexError:
        raise
    except _BROKEN as error:
        raise FaultyIndexError(path, ["Không mở được tệp XLSX. Hãy lưu lại bằng Excel hoặc LibreOffice."]) from error


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _text_rows(path: Path) -> Iterator[list[str]]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1258")
        except UnicodeDecodeError as error:
            raise FaultyIndexError(path, ["Không đọc được chữ trong mục lục. Hãy lưu tệp CSV theo mã UTF-8."]) from error
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    yield from csv.reader(io.StringIO(text), delimiter=delimiter)
