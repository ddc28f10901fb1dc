"""The number and symbol of a paper against its type, its day and the body that issued it; that body against its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.domain.findings import Suggestion
from pipeline.understanding.checks.papers import HINTED, Paper, Rule, Values, parse_day
from pipeline.understanding.checks.tables import assemblies, issuers
from pipeline.understanding.dictionary import document_type, document_types
from pipeline.understanding.folding import fold
from pipeline.understanding.phrases import phrases
from pipeline.understanding.units.agreement import body_and_place_agree
from pipeline.understanding.values.codes import abbreviation_of

_FIRST_YEAR = 1945
#: Names of bodies longer than this are known though a letter was misread; of shorter ones, bộ and sở differ by one.
_LONG, _ALIKE = 14, 85
#: Numbers of entries: 12, 12/2024, 12/2024/TLKS-BS, 05/TLKT, 1234a/2024.
_ENTRY = re.compile(r"\d{1,6}[a-zA-Z]?(?:/\d{4})?(?:[-/][^\W\d_].*)?")
_DIVISION = re.compile(r"([A-ZĐ]{2,})[IlÌ]")
_YEAR = re.compile(r"/(\d{4})(?=/|-|$)")
_PARTS = re.compile(r"[^\W\d_]+")
_ASSEMBLY = re.compile(r"QH\d{1,2}\b")


def check_numbers(paper: Paper) -> Iterator[Rule]:
    """What holds for the number of ``paper``."""
    key = "so_ky_hieu"
    if paper.has(key):
        yield from _type_rule(paper, key)
        yield from _issuer_rule(paper, key)
        yield from _sign_rule(paper, key)
        day = paper.day_key
        yield Rule("number_disagrees_date", (key, day), lambda got: _same_year(got[key], got[day]), "năm trong số khớp ngày")
        yield Rule("number_disagrees_term", (key,), _fits_term, "năm khớp khóa Quốc hội", HINTED)
    for each in (key, "so"):
        yield Rule("number_disagrees_date", (each,), _in_memory(each, paper.today.year), "năm trong số hợp lý")
    yield from _register_rules(paper)


def check_place(paper: Paper) -> Iterator[Rule]:
    """A body issues papers where it sits, or within its province."""
    body, place = "co_quan_ban_hanh", "dia_danh"
    superior = paper.value("co_quan_chu_quan")
    if paper.has(body, place) and _bare(paper.value(place)) not in fold(f"{superior} {paper.value(body)}"):
        day = parse_day(paper.value("ngay_ban_hanh"))
        if body_and_place_agree(paper.value(body), paper.value(place), superior, day):
            yield Rule("place_disagrees_issuer", (place, body), lambda got: False, "", HINTED)


def _bare(place: str) -> str:
    """The name of ``place`` without its kind, folded."""
    return re.sub(r"^(?:tp|thanh pho|tinh|thi xa|tx|huyen|quan|phuong|xa|thi tran) ", "", fold(place))


def year_within(number: str) -> str:
    """The year that stands within ``number``; empty where none does."""
    match = _YEAR.search(number)
    return match[1] if match else ""


def _register_rules(paper: Paper) -> Iterator[Rule]:
    """An entry in the register is numbered in its year; an extract of it may have a number of a later one."""
    key, day, code = "so", "ngay_dang_ky", "number_disagrees_date"
    keys, agrees = (key, day), "năm trong số khớp năm đăng ký"
    yield Rule(code, keys, lambda got: not _earlier(got[key], got[day]), agrees)
    yield Rule(code, keys, lambda got: _same_year(got[key], got[day]), agrees, HINTED, by_slip=True)
    whole = re.sub(r"/[12]?[^/A-ZĐ]{0,3}$", f"/{paper.value(day)[:4]}", paper.value(key))
    known = paper.has(day) and _ENTRY.fullmatch(whole) is not None
    others = ((key, Suggestion(whole, "check", "Năm trong số thường là năm đăng ký.")),) if known else ()
    agrees = "số đúng cấu trúc"
    yield Rule("number_structure", (key,), lambda got: _ENTRY.fullmatch(got[key]) is not None, agrees, others=others)


def _type_rule(paper: Paper, key: str) -> Iterator[Rule]:
    wanted = document_type(paper.code).abbreviation
    own = fold(wanted)
    number = paper.value(key)
    symbol = abbreviation_of(number)
    near = len(symbol) == len(own) and Levenshtein.distance(symbol, own) == 1
    if not own or symbol == own or (paper.code == "luat" and symbol.startswith(own)):
        return
    if symbol not in _abbreviations() and not near:
        return
    other = _with_symbol(number, symbol, wanted)
    others = ((key, Suggestion(other, "check", f"Ký hiệu của loại giấy tờ này là “{wanted}”.")),) if near and other else ()
    yield Rule("number_disagrees_type", (key,), lambda got: False, others=others)


def _issuer_rule(paper: Paper, key: str) -> Iterator[Rule]:
    """A symbol that stands for one body only must be that of the issuing body or of the one above it."""
    named = fold(f"{paper.value('co_quan_chu_quan')} {paper.value('co_quan_ban_hanh')}")
    symbols = [part for part in _PARTS.findall(paper.value(key)) if part in issuers()]
    if not named or not symbols or any(_stands_for(symbol, named) for symbol in symbols):
        return
    expected = [symbol for symbol in issuers() if _stands_for(symbol, fold(paper.value("co_quan_ban_hanh")))]
    others = tuple(
        (key, Suggestion(paper.value(key).replace(found, symbol), "check", f"Ký hiệu của cơ quan ban hành là “{symbol}”."))
        for symbol in expected
        for found in symbols
        if Levenshtein.distance(found, symbol) == 1
    )
    yield Rule("number_disagrees_issuer", (key, "co_quan_ban_hanh"), lambda got: False, "", HINTED, others)


def _sign_rule(paper: Paper, key: str) -> Iterator[Rule]:
    """The last sign of a division's symbol is often a digit (VX1), which looks like a letter (VXI)."""
    head, _, last = paper.value(key).rpartition("-")
    match = _DIVISION.fullmatch(last)
    if head and match and last not in phrases("symbols"):
        others = ((key, Suggestion(f"{head}-{match[1]}1", "check", "Chữ cuối có thể là chữ số 1.")),)
        yield Rule("number_ambiguous", (key,), lambda got: False, "", HINTED, others)


def _stands_for(symbol: str, named: str) -> bool:
    return any(
        name in named or (len(name) > _LONG and fuzz.partial_ratio(name, named) >= _ALIKE) for name in issuers()[symbol]
    )


def _with_symbol(number: str, symbol: str, wanted: str) -> str:
    part = next((part for part in _PARTS.findall(number) if fold(part) == symbol), "")
    return number.replace(part, wanted, 1) if part else ""


def _same_year(number: str, day: str) -> bool:
    year = year_within(number)
    return not year or day[:4] == year


def _in_memory(key: str, last: int) -> Callable[[Values], bool]:
    return lambda got: int(year_within(got[key]) or last) in range(_FIRST_YEAR, last + 1)


def _earlier(number: str, day: str) -> bool:
    year = year_within(number)
    return bool(year) and year < day[:4]


def _fits_term(got: Values) -> bool:
    number = got["so_ky_hieu"]
    term, year = _ASSEMBLY.search(number), year_within(number)
    return term is None or not year or int(year) in assemblies().get(term[0], ())


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(fold(kind.abbreviation) for kind in document_types() if kind.abbreviation)
