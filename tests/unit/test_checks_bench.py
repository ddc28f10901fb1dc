"""Checks are silent on every right paper that the generator makes, and find misread digits where anything can tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.understanding.checks import check_fields
from scripts.bench.checks import RECEIVED, as_fields, bench_checks, run_checks
from scripts.corpus.chance import Split


@pytest.mark.parametrize("split", ["tune", "held_out"])
def test_no_right_paper_of_any_type_is_doubted(split: Split) -> None:
    outcome = run_checks(6, alike=False, split=split)
    assert outcome.papers > 200
    assert not outcome.alarms


def test_misread_digits_are_found_where_another_value_tells() -> None:
    tallies = run_checks(12, alike=True).tallies
    for key, caught in (("ngay_sinh", 0.6), ("ngay_het_han", 0.9), ("ngay_tiep_nhan", 0.9), ("so_dinh_danh", 0.25)):
        assert tallies[key].caught >= caught * tallies[key].misread, key
        assert tallies[key].first >= 0.6 * tallies[key].caught, key


def test_the_bench_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    bench_checks(1)
    printed = capsys.readouterr().out
    assert "alarms on right ones: none" in printed
    assert "| so_dinh_danh |" in printed


@pytest.mark.needs_shared
def test_the_sample_pages_are_not_doubted(shared: Path) -> None:
    for path in sorted((shared / "samples" / "synthetic").glob("*/*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        values = {key: tuple(value) if isinstance(value, list) else value for key, value in truth["fields"].items()}
        assert not [found for found in check_fields(truth["type"], as_fields(values), RECEIVED) if found.problems], path.name
