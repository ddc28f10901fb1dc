"""The bench of words: sets beside bare Tesseract, documents that read worse, and the pictures that bare Tesseract gets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scripts.bench.bare import picture_of, read_bare
from scripts.bench.corpora import PageTruth
from scripts.bench.readings import place
from scripts.bench.texts import HEAD, ReadText, format_row, name_worse, read_texts


def a_text(name: str, found: str, bare: str, truth: str = "xã Hoà Bình tỉnh", page: int = 1) -> ReadText:
    return ReadText(PageTruth(Path(f"{name}.pdf"), page, truth), found, bare)


def test_a_row_holds_both_readings_and_their_tone_errors():
    row = format_row("made", [a_text("a", "xã Hoà Bình tỉnh", "xà Hoà Binh x"), a_text("b", "xa Hoà Bình", "")])
    assert row == "| made | 2 | 8 | 0.750 | 0.857 | 0.800 | 1.000 | 0.188 | 1 | 0.125 | 0.167 | 2 |"
    assert {line.count("|") for line in HEAD.splitlines()} == {row.count("|")}


def test_documents_are_worse_by_recall_or_by_f1_over_all_their_pages():
    better_in_all = [a_text("a", "xã Hoà", "xã Hoà Bình", page=1), a_text("a", "xã Hoà Bình tỉnh", "", page=2)]
    fewer_words = a_text("b", "xã Hoà Bình", "xã Hoà Bình tỉnh x")
    more_noise = a_text("c", "xã Hoà Bình tỉnh x y", "xã Hoà Bình tỉnh")
    same = a_text("d", "xã Hoà", "xã Hoà")
    lines = name_worse("real", [*better_in_all, fewer_words, more_noise, same])
    assert lines == [
        "- real b.pdf: 3 of 4 words, bare 4; F1 0.857, bare 0.889",
        "- real c.pdf: 4 of 4 words, bare 4; F1 0.800, bare 1.000",
    ]


def test_what_is_kept_is_not_read_again(tmp_path: Path):
    page = PageTruth(tmp_path / "set" / "office" / "absent.pdf", 2, "hai")
    kept = place(tmp_path / "bare", page.file.parent) / "absent.p0002.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("hai ba")
    digitised = place(tmp_path, page.file.parent) / "absent.txt"
    digitised.parent.mkdir(parents=True)
    digitised.write_text("một\n\fhai\n\n[Dấu công văn đến]\nĐẾN\n")
    assert read_bare([page], tmp_path) == ["hai ba"]
    assert [(read.found.split(), read.bare) for read in read_texts([page], tmp_path)] == [(["hai"], "hai ba")]


@pytest.mark.parametrize("suffix", [".tif", ".pdf"])
def test_bare_tesseract_gets_the_page_in_grey_at_the_resolution_of_its_scan(tmp_path: Path, suffix: str):
    pages = [Image.new("RGB", (400, 200), shade) for shade in ("white", "black")]
    path = tmp_path / f"two{suffix}"
    pages[0].save(
        path, save_all=True, append_images=pages[1:], **{"resolution": 200} if suffix == ".pdf" else {"dpi": (200, 200)}
    )
    pixels, dpi = picture_of(path, 2)
    assert (pixels.shape, round(dpi)) == ((200, 400), 200)
    assert np.median(pixels) == 0


def test_a_picture_that_tells_no_resolution_is_taken_for_300_dpi(tmp_path: Path):
    Image.new("L", (30, 20)).save(tmp_path / "a.png")
    assert picture_of(tmp_path / "a.png", 1)[1] == 300.0
