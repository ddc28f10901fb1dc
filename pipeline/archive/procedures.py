"""Lists of administrative procedures: the tables that agencies publish, and the object that the bucket keeps.

A table is TSV or CSV with a heading line; the object, schema ``sohoa.procedures/1``, holds every procedure known since the
first import, so that the newest object alone tells all.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from pipeline.domain.errors import RejectedInputError
from pipeline.domain.procedures import Procedure

SCHEMA = "sohoa.procedures/1"
#: The headings of each column, as this product writes them and as agencies do.
_HEADINGS = {
    "code": ("ma_thu_tuc", "mã thủ tục", "mã số tthc", "mã tthc", "mã số thủ tục", "mã số", "mã"),
    "name": ("ten", "ten_thu_tuc", "tên thủ tục", "tên thủ tục hành chính", "tên tthc", "tên"),
    "field": ("linh_vuc", "lĩnh vực"),
    "level": ("cap", "cap_thuc_hien", "cấp thực hiện", "cấp"),
    "decision": ("quyet_dinh", "quyết định", "quyết định công bố", "số quyết định"),
    "components": ("thanh_phan", "thanh_phan_ho_so", "thành phần hồ sơ", "thành phần"),
}
#: What stands between two papers of one cell.
_BETWEEN = re.compile(r"\s*[;|\n]\s*")
_CODE = re.compile(r"(\d\.\d{6})(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?")
#: Faults told of one file; more are counted.
_TOLD = 10


@dataclass(frozen=True, slots=True)
class ProcedureList:
    """An imported list: all procedures known since, where they came from and when."""

    procedures: tuple[Procedure, ...]
    name: str
    sha256: str
    imported_at: str


def render_procedure_list(listed: ProcedureList) -> bytes:
    """UTF-8 JSON."""
    return json.dumps(
        {
            "schema": SCHEMA,
            "imported_at": listed.imported_at,
            "source": {"name": listed.name, "sha256": listed.sha256},
            "procedures": [_as_json(procedure) for procedure in listed.procedures],
        },
        ensure_ascii=False,
        indent=1,
    ).encode()


def _as_json(procedure: Procedure) -> dict[str, object]:
    """All that is known of a procedure; its papers where the list names any."""
    told = asdict(procedure)
    return told if procedure.components else {key: value for key, value in told.items() if key != "components"}


def parse_procedure_list(data: bytes) -> ProcedureList:
    """The list that :func:`render_procedure_list` wrote; raises ``ValueError`` for bytes that are none."""
    raw = json.loads(data)
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise ValueError(f"not a {SCHEMA}")
    procedures = tuple(Procedure(**{**row, "components": tuple(row.get("components", ()))}) for row in raw["procedures"])
    return ProcedureList(procedures, raw["source"]["name"], raw["source"]["sha256"], raw["imported_at"])


def parse_table(data: bytes, name: str) -> tuple[Procedure, ...]:
    """The procedures of a table in the file ``name``, by code: UTF-8 or UTF-16, parted by tabs, commas or semicolons.

    Codes lose the office behind them (``2.000635.000.00.00.H10``); columns that are not known are left out. Raises
    ``RejectedInputError`` that names each faulty line.
    """
    rows = _rows(_decoded(data, name), name)
    columns = _columns(next(rows, (1, []))[1], name)
    found: dict[str, tuple[int, Procedure]] = {}
    faults: list[str] = []
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        procedure, fault = _procedure(row, columns)
        if procedure is not None and procedure.code in found and found[procedure.code][1] != procedure:
            fault = f"{procedure.code} stands in line {found[procedure.code][0]} too, otherwise"
        if fault:
            faults.append(f"line {line}: {fault}")
        elif procedure is not None:
            found.setdefault(procedure.code, (line, procedure))
    if faults:
        raise _refusal(name, faults)
    if not found:
        raise _refusal(name, ["no procedure under the headings"])
    return tuple(procedure for _, (_, procedure) in sorted(found.items()))


def _decoded(data: bytes, name: str) -> str:
    if data.startswith(b"PK\x03\x04"):
        raise _refusal(name, ["a workbook; save it as CSV UTF-8 and import that"])
    coding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return unicodedata.normalize("NFC", data.decode(coding))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refusal(name, [f"line {line}: not {coding.removesuffix('-sig').upper()}"]) from error


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its first line."""
    heading = text.partition("\n")[0]
    delimiter = max("\t;,", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise _refusal(name, [f"line {line}: {error}"]) from error


def _columns(heading: Sequence[str], name: str) -> Mapping[str, int]:
    cells = [cell.strip().casefold() for cell in heading]
    found = {key: cells.index(one) for key, names in _HEADINGS.items() for one in reversed(names) if one in cells}
    missing = [_HEADINGS[key][0] for key in ("code", "name") if key not in found]
    if missing:
        raise _refusal(name, [f"line 1: no column {' and no column '.join(missing)} among {', '.join(cells) or 'nothing'}"])
    return found


def _procedure(row: Sequence[str], columns: Mapping[str, int]) -> tuple[Procedure | None, str]:
    """The procedure of a row, or what is wrong with it."""
    if len(row) <= max(columns["code"], columns["name"]):
        return None, f"{len(row)} cells only"
    cells = {key: " ".join(row[place].split()) if place < len(row) else "" for key, place in columns.items()}
    code = _CODE.fullmatch(cells["code"].replace(" ", ""))
    if code is None:
        return None, f"{cells['code']!r} is no code of a procedure (such as 1.001193)"
    if not cells["name"]:
        return None, f"{code[1]} has no name"
    papers = "".join(row[columns["components"] :][:1]) if "components" in columns else ""
    components = tuple(" ".join(one.split()) for one in _BETWEEN.split(papers) if one.strip())
    told = {key: cells.get(key, "") for key in ("field", "level", "decision")}
    return Procedure(code[1], cells["name"], **told, components=components), ""


def _refusal(name: str, faults: Sequence[str]) -> RejectedInputError:
    told = "; ".join(faults[:_TOLD]) + (f"; and {len(faults) - _TOLD} more" if len(faults) > _TOLD else "")
    return RejectedInputError(
        f"{name}: {told}",
        code="procedures_unreadable",
        advice="Tệp danh mục thủ tục có dòng sai. Hãy sửa các dòng đã nêu, lưu dạng TSV hoặc CSV UTF-8 "
        "có các cột ma_thu_tuc, ten, linh_vuc, cap, quyet_dinh rồi nhập lại.",
    )
