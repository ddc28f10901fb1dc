"""Areas, sums and counts: well written and within reason."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain.findings import Suggestion
from pipeline.understanding.checks.papers import HINTED, Paper, Rule
from pipeline.understanding.values.amounts import is_plain_area

_AREA = re.compile(r"(\d[\d.,]*)\s*(m²|ha|km²)?")
#: 1.234,56 · 1.234 · 1234,5 · 1,234.56
_WRITTEN = re.compile(r"\d{1,3}(?:\.\d{3})*(?:,\d{1,4})?|\d{1,3}(?:,\d{3})*(?:\.\d{1,4})?|\d+(?:[.,]\d{1,4})?")
#: Square metres of a house at most, and of a plot.
_LARGEST = {"dien_tich_xay_dung": 200_000.0, "dien_tich": 50_000_000.0}
_IN_METRES = {"m²": 1.0, "": 1.0, "ha": 10_000.0, "km²": 1_000_000.0}
_SWAPPED = str.maketrans(".,", ",.")
_FLOORS = range(1, 82)
#: What a household business has to work with, in đồng.
_CAPITAL = range(100_000, 1_000_000_000_000)
_ROUND = 1000


def check_amounts(paper: Paper) -> Iterator[Rule]:
    """What holds for the amounts of ``paper``."""
    for key, spec in paper.specs.items():
        if spec.type == "area" and paper.has(key):
            yield from _area_rules(paper, key)
        if spec.type == "money_vnd":
            yield from _money_rules(key)
    yield Rule("amount_implausible", ("so_tang",), lambda got: _whole(got["so_tang"]) in _FLOORS, "số tầng hợp lý")


def measure_area(text: str) -> float | None:
    """The area that ``text`` names, in square metres; None where its figure is not well written."""
    match = _AREA.match(text)
    if match is None or not _WRITTEN.fullmatch(match[1]):
        return None
    return _figure(match[1]) * _IN_METRES[match[2] or ""]


def _figure(text: str) -> float:
    """The number written ``text``: of two kinds of points the last is the decimal one, a lone one before three digits none."""
    last = max(text.rfind("."), text.rfind(","))
    decimal = last >= 0 and (len(text) - last != 4 or ("." in text and "," in text))
    whole, part = (text[:last], text[last + 1 :]) if decimal else (text, "")
    return float(f"{re.sub(r'[.,]', '', whole)}.{part or 0}")


def _area_rules(paper: Paper, key: str) -> Iterator[Rule]:
    largest = _LARGEST.get(key, _LARGEST["dien_tich"])
    area = paper.value(key)
    if not is_plain_area(area):
        others = tuple((key, Suggestion(one, "check", "Cách viết số thường dùng.")) for one in _rewritten(area))
        yield Rule("amount_structure", (key,), lambda got: False, "", HINTED, others)
    yield Rule("amount_structure", (key,), lambda got: (measure_area(got[key]) or 0) > 0)
    yield Rule("amount_implausible", (key,), lambda got: (measure_area(got[key]) or 0) <= largest, "", HINTED)


def _rewritten(area: str) -> Iterator[str]:
    """``area`` with points and commas as this country sets them."""
    for other in (area.translate(_SWAPPED), area.replace(".", ","), area.replace(",", ".")):
        if is_plain_area(other):
            yield other


def _money_rules(key: str) -> Iterator[Rule]:
    yield Rule("amount_structure", (key,), lambda got: _whole(got[key]) > 0)
    agrees = "số tiền tròn nghìn và hợp lý"
    yield Rule("amount_implausible", (key,), lambda got: _is_usual(_whole(got[key])), agrees, HINTED)


def _is_usual(amount: int) -> bool:
    return amount in _CAPITAL and amount % _ROUND == 0


def _whole(text: str) -> int:
    return int(text) if text.lstrip("-").isdecimal() else 0
