"""What Tesseract itself writes as ALTO and hOCR is taken in word by word, at the places where it read them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.foreign import Kind, kind_of, read_alto, read_hocr
from tests.foreign_files import picture

LINES = ("CONG HOA XA HOI", "Doc lap Tu do", "So 717 ngay 06")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a scan, beside it what Tesseract wrote of it."""
    if shutil.which("tesseract") is None:
        pytest.skip("Tesseract is not installed")
    folder = tmp_path_factory.mktemp("tesseract")
    scan = picture(folder / "a.png", *LINES, size=(900, 400))
    options = ("--dpi", "150", "-c", "tessedit_create_alto=1", "-c", "tessedit_create_hocr=1", "-c", "tessedit_create_tsv=1")
    subprocess.run(["tesseract", str(scan), str(folder / "a"), *options], check=True, capture_output=True)
    return folder


def words_of_tsv(folder: Path) -> list[tuple[str, tuple[float, ...]]]:
    """Text, and left, top, right, bottom of each word, as the third of its forms has them."""
    rows = [line.split("\t") for line in (folder / "a.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    found = [(row[11], tuple(map(float, row[6:10]))) for row in rows if row[0] == "5" and row[11].strip()]
    return [(text, (left, top, left + width, top + height)) for text, (left, top, width, height) in found]


@pytest.mark.parametrize(("name", "kind"), [("a.xml", Kind.ALTO), ("a.hocr", Kind.HOCR)])
def test_words_and_boxes_are_those_that_tesseract_read(written: Path, name: str, kind: Kind) -> None:
    assert kind_of(written / name) is kind
    data = (written / name).read_bytes()
    if kind is Kind.ALTO:
        (page,), software = read_alto(data, name)
    else:
        (told,), software = read_hocr(data, name)
        page = told.page
        assert Path(told.image).name == "a.png"
    assert "tesseract" in software.lower()
    assert (page.width, page.height) == (900, 400)
    found = [(word.text, word.box) for line in page.lines for word in line.words]
    assert [(text, (box.left, box.top, box.right, box.bottom)) for text, box in found] == words_of_tsv(written)
    assert len(found) >= 9
    assert all(0 < word.confidence <= 1 for line in page.lines for word in line.words)
