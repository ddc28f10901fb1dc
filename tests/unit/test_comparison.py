"""Two readings beside each other: what counts as a change, and how it is told."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.console import Console

from pipeline.comparison import KEPT_LINES, ORDERED_WORDS, Version, compare
from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.findings import Classification, Field, FieldOrigin, Findings, Problem
from pipeline.rereading import Outcome, Rereading
from pipeline.rereading_report import Report, as_line
from pipeline.review import heed_earlier

NUMBER = Field("so_ky_hieu", "717/QĐ-UBND", "717/QĐ-UBND", 0.97)
FINDINGS = Findings(Classification("quyet_dinh", 0.98), (NUMBER,))
BEFORE = Version(Status.APPROVED, FINDINGS, (), "Số: 717/QĐ-UBND\nHà Giang\n\fTrang hai\n", (), frozenset())
DOCUMENT = Document(
    "20260105-ab", "H05", Source("đơn [1].pdf", "ab" * 32, 3, "application/pdf", 2), Status.APPROVED, QueueName.BATCH,
    datetime(2026, 1, 5, tzinfo=UTC), 1,
)  # fmt: skip


def findings(*fields: Field, code: str = "quyet_dinh") -> Findings:
    return Findings(Classification(code, 0.98), fields)


def test_the_same_reading_changes_nothing_that_matters() -> None:
    surer = replace(BEFORE, findings=findings(replace(NUMBER, confidence=0.99)))
    assert not compare(BEFORE, BEFORE).matters
    assert not compare(BEFORE, surer).matters


@pytest.mark.parametrize(
    "after",
    [
        replace(BEFORE, status=Status.NEEDS_REVIEW),
        replace(BEFORE, findings=findings(NUMBER, code="thong_bao")),
        replace(BEFORE, findings=findings(replace(NUMBER, value="777/QĐ-UBND"))),
        replace(BEFORE, findings=findings()),
        replace(BEFORE, findings=findings(NUMBER, replace(NUMBER, key="nguoi_ky"))),
        replace(BEFORE, problems=(Problem("field_missing", "…", "nguoi_ky"),)),
        replace(BEFORE, text=BEFORE.text.replace("Giang", "Giàng")),
        replace(BEFORE, codes=("893123",)),
    ],
)
def test_type_fields_status_problems_text_and_codes_matter(after: Version) -> None:
    assert compare(BEFORE, after).matters
    assert compare(after, BEFORE).matters


def test_a_problem_worded_otherwise_is_the_same_problem() -> None:
    first, second = (replace(BEFORE, problems=(Problem("low_confidence", words, "so"),)) for words in ("một", "hai"))
    assert not compare(first, second).matters


def test_words_are_counted_page_by_page_and_lines_are_shown_with_theirs() -> None:
    difference = compare(BEFORE, replace(BEFORE, text="Số: 777/QĐ-UBND\nHà Giang\n\fTrang hai ba\n"))
    assert (difference.words, difference.of_words) == (2, 7)
    assert difference.lines == (
        "@@ -1 +1 @@ trang 1", "-Số: 717/QĐ-UBND", "+Số: 777/QĐ-UBND", "@@ -1 +1 @@ trang 2", "-Trang hai", "+Trang hai ba",
    )  # fmt: skip


def test_a_page_more_or_less_is_a_page_of_changed_words() -> None:
    assert compare(BEFORE, replace(BEFORE, text="Số: 717/QĐ-UBND\nHà Giang\n")).words == 2


def test_long_differences_are_cut_and_say_how_much_is_left_out() -> None:
    old, new = ("\n".join(f"{word} {n}" for n in range(200)) for word in ("cũ", "mới"))
    difference = compare(replace(BEFORE, text=old), replace(BEFORE, text=new))
    assert len(difference.lines) == KEPT_LINES
    assert difference.more_lines == 401 - KEPT_LINES


def test_pages_longer_than_any_paper_are_compared_as_bags_of_words() -> None:
    many = " ".join(str(n) for n in range(ORDERED_WORDS + 1))
    assert compare(replace(BEFORE, text=many), replace(BEFORE, text=many + " thêm")).words == 1


def test_what_a_human_decided_is_told_from_what_was_read() -> None:
    assert not BEFORE.as_decided(Status.ARCHIVED).decided
    approved = replace(BEFORE, status=Status.NEEDS_REVIEW).as_decided(Status.ARCHIVED)
    assert (approved.status, approved.decided) == (Status.APPROVED, True)
    assert approved.earlier is not None
    assert approved.earlier.confirmed
    assert not BEFORE.as_decided(Status.FAILED).decided


def test_a_doubtful_value_may_change_and_a_sure_one_not_without_a_word() -> None:
    other = findings(replace(NUMBER, value="777/QĐ-UBND"))
    doubtful = findings(replace(NUMBER, confidence=0.5))
    assert heed_earlier(other, doubtful, ()) == other
    assert [p.code for p in heed_earlier(other, FINDINGS, ()).fields[0].problems] == ["reread_differs"]
    assert [p.code for p in heed_earlier(other, doubtful, (), confirmed=True).fields[0].problems] == ["reread_differs"]


def test_a_type_that_was_sure_does_not_change_without_a_word() -> None:
    after = heed_earlier(findings(code="thong_bao"), FINDINGS, ())
    assert [problem.code for problem in after.problems] == ["reread_type_differs"]
    again = heed_earlier(findings(code="thong_bao"), after, after.problems)
    assert again.problems == after.problems


def test_a_field_of_a_human_stands_whatever_is_read() -> None:
    given = findings(replace(NUMBER, value="771/QĐ-UBND", origin=FieldOrigin.HUMAN))
    assert heed_earlier(findings(NUMBER), given, ()).fields == given.fields
    assert heed_earlier(findings(), given, ()).fields == given.fields


def changed(**parts: object) -> Rereading:
    after = replace(BEFORE, findings=findings(replace(NUMBER, value="777/QĐ-UBND")), text="Số: 777/QĐ-UBND\n", **parts)
    return Rereading(DOCUMENT, Outcome.CHANGED, 2, "better", compare(BEFORE, after))


def told(*results: Rereading, written: bool = False, every: bool = False) -> str:
    report = Report(with_diff=True, every=every, written=written)
    report._console = Console(file=(out := io.StringIO()), width=60)
    for result in results:
        report.add(result)
        report.tell(result)
    return out.getvalue() + "\n".join(report.totals())


def test_a_person_reads_what_changes_and_that_nothing_was_written() -> None:
    text = told(changed(status=Status.NEEDS_REVIEW), Rereading(DOCUMENT, Outcome.UNCHANGED, 1))
    assert "changed   20260105-ab r0001 → r0002? H05/đơn [1].pdf" in text
    assert "~ so_ky_hieu  717/QĐ-UBND (0.97) → 777/QĐ-UBND (0.97)" in text
    assert "~ status    approved → needs_review" in text
    assert "2 documents: 1 changed, 1 unchanged, 0 skipped, 0 failed" in text
    assert "field so_ky_hieu: 1 changed" in text
    assert "no revision was made" in text
    assert text.count("20260105-ab") == 1


def test_a_person_is_told_of_every_document_that_he_named() -> None:
    text = told(Rereading(DOCUMENT, Outcome.SKIPPED, 1, reason="it is being read"), changed(), written=True, every=True)
    assert "it is being read" in text
    assert "r0001 → r0002 H05" in text
    assert "no revision was made" not in text


def test_workers_of_another_edition_are_told_of() -> None:
    assert "restart them" in told(replace(changed(), elsewhere=True), written=True)


@pytest.mark.parametrize("written", [True, False])
def test_a_program_reads_one_line_of_json(written: bool) -> None:
    line = json.loads(as_line(changed(), written=written))
    assert (line["outcome"], line["revision"], line["new_revision"]) == ("changed", 1, 2 if written else None)
    [field] = line["fields"]
    assert (field["key"], field["change"], field["after"]["value"]) == ("so_ky_hieu", "changed", "777/QĐ-UBND")
    assert line["words"] == {"changed": 5, "total": 6}
    same = json.loads(as_line(Rereading(DOCUMENT, Outcome.UNCHANGED, 1), written=written))
    assert (same["outcome"], same["new_revision"]) == ("unchanged", None)
