"""Fields of made documents of every form, from their true words, and of the development samples through the engine."""

from __future__ import annotations

import json
import statistics
from datetime import date
from pathlib import Path

import cv2
import pytest

from ocr_models import TesseractEngine
from pipeline.cleanup import clean
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageImage, PageOrigin, PageReading, PageText, Word
from pipeline.recognition import recognise
from pipeline.understanding import document_types, understand
from scripts.bench.field_measures import CONFIDENT, RIGHT, WRONG, format_table, judge
from scripts.corpus import TruePage, make_document

TODAY = date(2026, 12, 31)
KINDS = {kind.code: kind for kind in document_types()}
FORMS = [code for code, kind in KINDS.items() if "trich_yeu" not in {spec.key for spec in kind.fields}]
LETTERS = ["quyet_dinh", "cong_van", "luat", "hop_dong"]


def true_reading(page: TruePage, dpi: int) -> PageReading:
    """The true words of ``page`` as an engine would hand them over: whatever stands at one height is one line."""
    rows: list[list[Word]] = []
    for number in dict.fromkeys(word.line for word in page.words):
        words = [Word(word.text, Box(*word.box), 0.96) for word in page.words if word.line == number]
        level = statistics.fmean(word.box.centre[1] for word in words)
        above = rows[-1] if rows else []
        same = above and abs(statistics.fmean(word.box.centre[1] for word in above) - level) < 0.3 * words[0].box.height
        if same and min(word.box.left for word in words) > max(word.box.right for word in above):
            above.extend(words)
        else:
            rows.append(words)
    text = PageText(page.number, tuple(Line(tuple(row)) for row in rows), "truth")
    return PageReading(page.number, page.width, page.height, float(dpi), text, PageOrigin.OCR)


@pytest.mark.parametrize("code", [*FORMS, *LETTERS])
def test_every_field_of_a_made_document_is_found_in_its_true_words(code: str) -> None:
    truth = make_document(code, 3, dpi=200).truth
    findings = understand([true_reading(page, truth.dpi) for page in truth.pages], today=TODAY)
    assert findings.classification.code == code
    verdicts = judge(code, findings, truth.fields, KINDS[code])
    assert not [verdict for verdict in verdicts if verdict.outcome != RIGHT]


@pytest.mark.needs_shared
@pytest.mark.parametrize("name", ["made-01", "made-03", "made-05", "made-09"])
def test_a_sample_of_an_office_scan_is_understood_through_the_engine(shared: Path, name: str) -> None:
    folder = shared / "samples" / "synthetic" / "office"
    truth = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    pixels = cv2.cvtColor(cv2.imread(str(folder / f"{name}.jpg")), cv2.COLOR_BGR2RGB)
    engine = TesseractEngine()
    page = clean(PageImage(1, pixels, truth["dpi"]), engine)
    text = recognise(page, engine)
    height, width = pixels.shape[:2]
    reading = PageReading(1, width, height, truth["dpi"], text, PageOrigin.OCR, rotation=page.rotation, skew=page.skew)
    findings = understand([reading], today=TODAY)
    assert findings.classification.code == truth["type"]
    verdicts = judge(name, findings, truth["fields"], KINDS[truth["type"]])
    assert not [one for one in verdicts if one.outcome == WRONG and one.confidence >= CONFIDENT]
    assert sum(one.outcome == RIGHT for one in verdicts) >= 0.8 * len(verdicts), format_table(verdicts)
