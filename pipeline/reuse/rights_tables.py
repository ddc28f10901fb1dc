"""Lists of entitlements and of excluded types, as an installation writes them: TOML, or CSV with a heading line."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from pipeline.domain.errors import RejectedInputError
from pipeline.domain.holdings import Exclusion
from pipeline.domain.people import AGENCY
from pipeline.domain.releases import ANY, Entitlement, ExcludedType, ReleaseForm

T = TypeVar("T")

_PROCEDURE = re.compile(r"\d\.\d{6}")
_PURPOSE = re.compile(r"[a-z0-9][a-z0-9_.-]{1,63}")
_YES, _NO = frozenset({"1", "true", "yes", "có", "co", "x"}), frozenset({"", "0", "false", "no", "không", "khong"})
#: Faults told of one file; more are counted.
_TOLD = 10

#: The columns of each list; what stands behind them may be left out.
ENTITLEMENT_COLUMNS = (
    ("agency", "procedure", "type", "purpose", "form", "basis"),
    ("fields", "consent", "by_name", "since", "until"),
)
EXCLUSION_COLUMNS = (("type", "exclusion", "basis"), ("holder", "since", "until"))

_Row = Mapping[str, str]


def parse_entitlements(data: bytes, name: str, types: Mapping[str, Collection[str]]) -> tuple[Entitlement, ...]:
    """The lines of a list; ``types`` are the types there are, with the fields of each.

    Raises ``RejectedInputError`` that names each faulty line.
    """
    return _parsed(data, name, ENTITLEMENT_COLUMNS, "entitlement", lambda row: _entitlement(row, types))


def parse_exclusions(data: bytes, name: str, types: Collection[str]) -> tuple[ExcludedType, ...]:
    """The lines of a list of excluded types; raises as :func:`parse_entitlements` does."""
    return _parsed(data, name, EXCLUSION_COLUMNS, "exclusion", lambda row: _excluded(row, types))


def _parsed(
    data: bytes, name: str, columns: tuple[Sequence[str], Sequence[str]], table: str, make: Callable[[_Row], T]
) -> tuple[T, ...]:
    text = _decoded(data, name)
    rows = _toml_rows(text, name, table) if name.lower().endswith(".toml") else _csv_rows(text, name)
    found: dict[T, None] = {}
    faults: list[str] = []
    for place, row in rows:
        unknown = sorted(row.keys() - {*columns[0], *columns[1]})
        missing = [column for column in columns[0] if not row.get(column)]
        try:
            if unknown or missing:
                said = [*(f"no column is called {one!r}" for one in unknown), *(f"{one} is missing" for one in missing)]
                raise ValueError(", ".join(said))
            found[make(row)] = None
        except ValueError as error:
            faults.append(f"{place}: {error}")
    if faults or not found:
        raise _refusal(name, faults or ["it holds no line"])
    return tuple(found)


def _decoded(data: bytes, name: str) -> str:
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _refusal(name, ["it is not UTF-8"]) from error


def _toml_rows(text: str, name: str, table: str) -> Iterator[tuple[str, _Row]]:
    try:
        listed = tomllib.loads(text).get(table, [])
    except tomllib.TOMLDecodeError as error:
        raise _refusal(name, [str(error)]) from error
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise _refusal(name, [f"each line stands under [[{table}]]"])
    for number, raw in enumerate(listed, 1):
        yield f"[[{table}]] {number}", {key: _cell(value) for key, value in raw.items()}


def _cell(value: object) -> str:
    """A value of TOML as it stands in a cell."""
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _csv_rows(text: str, name: str) -> Iterator[tuple[str, _Row]]:
    delimiter = max("\t;,", key=text.partition("\n")[0].count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for row in reader:
            if None in row or None in row.values():
                raise _refusal(name, [f"line {reader.line_num}: more or fewer cells than the heading has"])
            if any(cell.strip() for cell in row.values()):
                yield f"line {reader.line_num}", {key.strip().lower(): cell.strip() for key, cell in row.items()}
    except csv.Error as error:
        raise _refusal(name, [str(error)]) from error


def _entitlement(row: _Row, types: Mapping[str, Collection[str]]) -> Entitlement:
    kind, form = row["type"], ReleaseForm(row["form"].lower())
    fields = tuple(row.get("fields", "").replace(",", " ").split())
    if row["agency"] != ANY and not AGENCY.fullmatch(row["agency"]):
        raise ValueError(f"{row['agency']!r} is no agency code like 000.00.16.H05")
    if row["procedure"] != ANY and not _PROCEDURE.fullmatch(row["procedure"]):
        raise ValueError(f"{row['procedure']!r} is no code of a procedure like 1.001193")
    if kind != ANY and kind not in types:
        raise ValueError(f"there is no type {kind!r}")
    if not _PURPOSE.fullmatch(row["purpose"]):
        raise ValueError(f"{row['purpose']!r} is no code of a purpose like dang_ky_ket_hon")
    if (form is ReleaseForm.FIELDS) != bool(fields):
        raise ValueError("form fields needs fields, and form pdf has none")
    unknown = [one for one in fields if one not in (types[kind] if kind != ANY else {*sum(map(tuple, types.values()), ())})]
    if unknown:
        raise ValueError(f"type {kind} has no field {', '.join(unknown)}")
    since, until = _days(row)
    consent, by_name = (_flag(row, name) for name in ("consent", "by_name"))
    whose = row["agency"], row["procedure"], kind, row["purpose"]
    return Entitlement(*whose, form, row["basis"], fields, consent, by_name, since, until)


def _excluded(row: _Row, types: Collection[str]) -> ExcludedType:
    if row["type"] != ANY and row["type"] not in types:
        raise ValueError(f"there is no type {row['type']!r}")
    since, until = _days(row)
    exclusion = Exclusion(row["exclusion"].lower())
    if exclusion is Exclusion.SHARED_ELSEWHERE and not row.get("holder"):
        raise ValueError("holder is missing: which database shares it")
    return ExcludedType(row["type"], exclusion, row["basis"], row.get("holder", ""), since, until)


def _days(row: _Row) -> tuple[str, str]:
    since, until = row.get("since", ""), row.get("until", "")
    for day in (since, until):
        if day and date.fromisoformat(day).isoformat() != day:
            raise ValueError(f"{day!r} is no day like 2026-01-31")
    if since and until and until < since:
        raise ValueError(f"it ends on {until}, before it begins on {since}")
    return since, until


def _flag(row: _Row, name: str) -> bool:
    cell = row.get(name, "").lower()
    if cell not in _YES | _NO:
        raise ValueError(f"{name} is yes or no, not {cell!r}")
    return cell in _YES


def _refusal(name: str, faults: Sequence[str]) -> RejectedInputError:
    told = "; ".join(faults[:_TOLD]) + (f"; and {len(faults) - _TOLD} more" if len(faults) > _TOLD else "")
    return RejectedInputError(
        f"{name}: {told}",
        code="rights_unreadable",
        advice="Danh mục có dòng sai nên chưa nhập dòng nào. Hãy sửa các dòng đã nêu (xem docs/reuse.md) rồi nhập lại.",
    )
