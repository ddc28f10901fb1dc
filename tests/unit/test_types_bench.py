"""The bench of types counts what it says it counts."""

from __future__ import annotations

import random
from datetime import date

from pipeline.domain.findings import Classification, Component, Findings
from pipeline.understanding import understand
from scripts.bench.types import Bound, Told, compose, firsts_of, format_reliability, format_splitting, format_types
from scripts.corpus.binding import bind
from tests.written_pages import decision, write_page

TODAY = date(2026, 1, 1)


def single(name: str, pages: int) -> Bound:
    return Bound(name, tuple(write_page(decision(), number=number) for number in range(1, pages + 1)), ("quyet_dinh",), (1,))


def test_rows_use_every_document_once_and_number_their_pages_anew() -> None:
    rows = list(compose([single(str(name), 1 + name % 3) for name in range(20)], random.Random(2)))
    assert sum(len(row.types) for row in rows) == 20
    for row in rows:
        assert [page.number for page in row.readings] == list(range(1, len(row.readings) + 1))
        assert row.firsts[0] == 1
        assert all(not row.readings[first - 1].blank for first in row.firsts)
    assert any(page.blank for row in rows for page in row.readings)


def test_boundaries_found_missed_and_made_up_are_counted() -> None:
    findings = Findings(Classification("khac", 0.9))
    parted = Findings(Classification("khac", 0.9), components=(Component((1, 2), findings), Component((3,), findings)))
    bound = Bound("a", (), ("khac", "khac"), (1, 2))
    assert firsts_of(findings) == (1,)
    assert firsts_of(parted) == (1, 3)
    line = format_splitting("here", [bound, bound], [parted, findings], every_error=True)
    assert "of 2 boundaries 0 found (0.0000), 2 missed, 1 made up" in line
    assert "- a (1 khac, 2 khac): missed [2], made up [3]" in line


def test_papers_of_no_type_taken_for_one_are_told() -> None:
    told = [Told("a", "khac", "khac", 0.95), Told("b", "khac", "bao_cao", 0.6), Told("c", "bao_cao", "khac", 0.8)]
    text = "\n".join(format_types(told))
    assert "| khac | 2 | 1 (0.500) | 0 | 1 |" in text
    assert "| bao_cao | 1 | 0 (0.000) | 1 | 0 |" in text
    assert "1 of 2 (0.5000)" in text
    assert "Expected error of calibration: 0.4833." in "\n".join(format_reliability(told))


def test_a_bundle_tells_the_pages_of_every_document_it_binds(tmp_path) -> None:
    bundle = bind(3, 5, level="clean", dpi=200)
    numbers = [number for part in bundle.parts for number in part.pages]
    assert numbers == list(range(1, len(bundle.pages) + 1))
    assert [page.number for page in bundle.truths] == numbers
    assert len(bundle.parts) == 3
    (path,) = bundle.save(tmp_path, "bundle")
    assert path.exists()


def test_sheets_without_words_are_understood_as_one_document_of_no_type() -> None:
    assert understand([write_page([])], today=TODAY).classification.code == "khac"
