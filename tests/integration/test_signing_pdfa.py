"""Signed files are valid PDF/A-2b in the eyes of veraPDF, after each signature."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.bench import verapdf
from tests.signing_desk import Desk, compose_pdf, turn_pdf
from tests.unit.test_signing_places import PAGES

pytestmark = pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing() or "veraPDF is here")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.mark.parametrize("kind", ["upright", "cropped and turned", "large units"])
def test_a_file_stays_archivable_after_each_signature(kind: str, desk: Desk, tmp_path: Path) -> None:
    pdf = turn_pdf(compose_pdf(tmp_path / "plain.pdf"), tmp_path / "page.pdf", PAGES[kind])
    twice = desk.sign_twice(pdf)
    for file in (pdf, tmp_path / "once-page.pdf", twice):
        verdict = verapdf.check(file)
        assert verdict.valid, verdict.broken
