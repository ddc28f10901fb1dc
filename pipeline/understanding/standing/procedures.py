"""The administrative procedure and the dossier that a paper belongs to: by code, else by a name that only one bears."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipeline.domain.findings import Field, Findings, ProcedureRef
from pipeline.domain.pages import PageReading
from pipeline.domain.procedures import Procedure
from pipeline.ports import Procedures
from pipeline.understanding.folding import fold
from pipeline.understanding.sheets import Sheet

#: The field of the dictionary that names a procedure, and the one with the code of a dossier.
_NAME, _DOSSIER = "ten_thu_tuc", "ma_ho_so"
_CODE = re.compile(r"(?<![\d.])(?P<code>\d\.\d{6})(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?(?![\d.]*\d)")
_CODE_LABEL = re.compile(r"ma (?:so )?(?:thu tuc|tthc)")
#: Dossier codes of Thông tư 01/2018/TT-VPCP, article 19, and the shorter ones in use since.
_DOSSIER_CODE = re.compile(r"(?<![\w.])(?:\d{3}\.)?(?:\d{2,3}\.){0,3}[A-Z]\d{2}(?:\.\d{2,3}){0,3}-\d{6}-\d{4,6}(?!\w)")
_OPENING = re.compile(r"^(?:thu tuc|noi dung|ve viec|v v) ")
_EMPTY = re.compile(r"\(\s*\)")
#: How alike a name and a listed one must be (0..100), how far ahead of the next, and how alike each pair of words.
_ALIKE, _AHEAD, _WORD = 88.0, 3.0, 50.0
_FROM_CODE, _SLIPPED = 0.99, 0.9


@dataclass(frozen=True, slots=True)
class _Index:
    """A list by code and by folded name."""

    by_code: dict[str, Procedure]
    by_name: dict[str, tuple[Procedure, ...]]
    names: tuple[str, ...]


def find_procedure(
    findings: Findings, sheets: Sequence[Sheet], readings: Sequence[PageReading], listed: Procedures | None
) -> ProcedureRef | None:
    """The procedure that the paper names; None where it names none, or where two could be meant.

    A code counts where the list has it, or where there is no list; a code and a name that contradict each other link nothing.
    """
    named, codes = findings.field(_NAME), _codes(findings, sheets, readings)
    if named is None and not codes:
        return None
    procedures = listed.procedures() if listed else ()
    if not procedures:
        return ProcedureRef(codes[0], str(named.value) if named else "", _FROM_CODE) if len(codes) == 1 else None
    index = _index(procedures)
    coded = [index.by_code[code] for code in codes if code in index.by_code]
    meant, likeness = _named(named, index) if named else (None, 0.0)
    if len(coded) == 1:
        contradicted = meant is not None and meant.code != coded[0].code and _plain(meant.name) != _plain(coded[0].name)
        return None if contradicted else ProcedureRef(coded[0].code, coded[0].name, _FROM_CODE)
    if named is None or meant is None or coded:
        return None
    return ProcedureRef(meant.code, meant.name, round(min(1.0, named.confidence) * likeness, 4))


def find_dossier_code(findings: Findings, readings: Sequence[PageReading]) -> str:
    """The code of its dossier that the paper bears, as a field or within a code for machines; empty where none or several."""
    field = findings.field(_DOSSIER)
    if field is not None:
        return str(field.value)
    found = {match[0] for reading in readings for code in reading.codes for match in _DOSSIER_CODE.finditer(code.text)}
    return found.pop() if len(found) == 1 else ""


def _codes(findings: Findings, sheets: Sequence[Sheet], readings: Sequence[PageReading]) -> list[str]:
    """The codes of procedures on the paper, without their office: in its QR, behind a label, or alone on a receipt."""
    scanned = _distinct(code.text for reading in readings for code in reading.codes)
    if scanned:
        return scanned
    lines = [piece.text for sheet in sheets for piece in sheet.pieces]
    labelled = _distinct(line for line in lines if _CODE_LABEL.search(fold(line)))
    if labelled:
        return labelled
    return _distinct(lines) if findings.field(_NAME) else []


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(match["code"] for text in texts for match in _CODE.finditer(text)))


def _named(field: Field, index: _Index) -> tuple[Procedure | None, float]:
    """The only listed procedure that ``field`` can mean, and how alike the names are, 0..1."""
    text = _EMPTY.sub("", _CODE.sub("", str(field.value)))
    wanted = _plain(text)
    exact = index.by_name.get(wanted, ())
    if exact:
        return _only(exact, text), 0.99
    near = process.extract(wanted, index.names, scorer=fuzz.ratio, score_cutoff=_ALIKE - _AHEAD, limit=3)
    if not near or near[0][1] < _ALIKE or not _is_slip(wanted, near[0][0]):
        return None, 0.0
    if len(near) > 1 and near[0][1] - near[1][1] < _AHEAD:
        return None, 0.0
    return _only(index.by_name[near[0][0]], text), _SLIPPED * near[0][1] / 100


def _only(alike: Sequence[Procedure], text: str) -> Procedure | None:
    """The one of those that are written alike without marks: the one in force, else the one with the same marks."""
    current = [one for one in alike if not one.withdrawn] or list(alike)
    if len(current) > 1:
        current = [one for one in current if one.name.casefold().endswith(text.casefold().strip(" ."))]
    return current[0] if len(current) == 1 else None


def _is_slip(read: str, listed: str) -> bool:
    """Whether ``read`` may be ``listed`` with letters misread: word for word, for one word more makes another procedure."""
    ours, theirs = read.split(), listed.split()
    return len(ours) == len(theirs) and all(
        one == other or (min(len(one), len(other)) > 2 and fuzz.ratio(one, other) >= _WORD)
        for one, other in zip(ours, theirs, strict=True)
    )


def _plain(name: str) -> str:
    """``name`` folded, without the words that open any such name."""
    folded = fold(name)
    while (shorter := _OPENING.sub("", folded)) != folded:
        folded = shorter
    return folded


@lru_cache(maxsize=2)
def _index(procedures: tuple[Procedure, ...]) -> _Index:
    by_name: dict[str, tuple[Procedure, ...]] = {}
    for procedure in procedures:
        key = _plain(procedure.name)
        by_name[key] = (*by_name.get(key, ()), procedure)
    return _Index({procedure.code: procedure for procedure in procedures}, by_name, tuple(by_name))
