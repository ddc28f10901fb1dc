"""The text layer as poppler, pdfium, pdfminer and pdf.js see it: words whole, in order, on their places."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import zlib
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median, quantiles
from unicodedata import is_normalized

import pdfplumber
import pypdfium2
import pytest

from pipeline.composition import PdfMetadata, compose, compress
from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import Line, PageOrigin, PagePicture, PageReading, PageText, PictureEncoding, Word
from tests.drawn_pages import LINES, DrawnPage, draw_page
from tests.pdf_texts import READERS, by_pdfjs, by_poppler_tags

METADATA = PdfMetadata("Quyết định", created=datetime(2026, 3, 1, 5, tzinfo=UTC))
TILTS = (-3.0, -1.5, -1.0, -0.5, 0.0, 1.0, 1.5, 3.0)
#: Beyond 1° a line ends as low as its neighbour begins: poppler, where it sorts what it finds, then takes lines apart.
ORDERLY_TILTS = tuple(tilt for tilt in TILTS if abs(tilt) <= 1)
Found = list[tuple[str, Box]]

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext: apt-get install poppler-utils")


def composed(folder: Path, *pages: DrawnPage) -> Path:
    """The pages as one PDF."""
    path = folder / "drawn.pdf"
    compose(((compress(page.scan, "nd30").picture, page.reading) for page in pages), METADATA, path)
    return path


def seen_by_poppler(path: Path) -> Found:
    """Words of the first page with their boxes in points, by ``pdftotext -bbox``."""
    done = subprocess.run(["pdftotext", "-l", "1", "-bbox", str(path), "-"], capture_output=True, text=True, check=True)
    rows = re.findall(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', done.stdout)
    return [(html.unescape(text), Box(*map(float, sides))) for *sides, text in rows]


def seen_by_pdfium(path: Path) -> Found:
    """Words of the first page, each with the hull of its characters' boxes, in points."""
    found: Found = []
    with pypdfium2.PdfDocument(path) as document:
        page = document[0]
        text, height = page.get_textpage(), page.get_height()
        letters: list[tuple[str, Box]] = []
        for place in range(text.count_chars() + 1):
            letter = text.get_text_range(place, 1) if place < text.count_chars() else " "
            if letter.strip():
                left, bottom, right, top = text.get_charbox(place)
                letters.append((letter, Box(left, height - top, right, height - bottom)))
            elif letters:
                found.append(("".join(letter for letter, _ in letters), hull(box for _, box in letters)))
                letters = []
    return found


def written_by_poppler(path: Path, *options: str) -> str:
    """What ``pdftotext`` writes."""
    return subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, text=True, check=True).stdout


def agreement(found: Found, page: DrawnPage) -> float:
    """How far the words of ``found`` are those of the page, in their order: 0..1."""
    matcher = SequenceMatcher(a=[text for text, _ in found], b=[text for text, _ in page.words], autojunk=False)
    return matcher.ratio()


def overlaps(found: Found, page: DrawnPage) -> list[float]:
    """Overlap of every word of the page with the best word of the same text."""
    return [max((box.overlap(there) for same, there in found if same == text), default=0.0) for text, box in page.words]


@needs_poppler
@pytest.mark.parametrize("tilt", TILTS)
def test_poppler_sees_every_word_on_its_place(tmp_path, tilt):
    page = draw_page(skew=tilt)
    scores = overlaps(seen_by_poppler(composed(tmp_path, page)), page)
    assert median(scores) > 0.85
    assert quantiles(scores, n=10)[0] > 0.65


@pytest.mark.parametrize("tilt", TILTS)
def test_pdfium_sees_every_word_on_its_place_and_in_order(tmp_path, tilt):
    page = draw_page(skew=tilt)
    found = seen_by_pdfium(composed(tmp_path, page))
    scores = overlaps(found, page)
    assert median(scores) > 0.85
    assert quantiles(scores, n=10)[0] > 0.65
    assert agreement(found, page) == 1.0


@needs_poppler
@pytest.mark.parametrize("rotation", [90, 180, 270])
@pytest.mark.parametrize("see", [seen_by_poppler, seen_by_pdfium])
def test_turned_scans_read_like_upright_ones(tmp_path, rotation, see):
    page = draw_page(rotation=rotation, skew=0.5)
    found = see(composed(tmp_path, page))
    assert agreement(found, page) == 1.0
    assert median(overlaps(found, page)) > 0.85


@needs_poppler
@pytest.mark.parametrize("tilt", ORDERLY_TILTS)
@pytest.mark.parametrize("options", [[], ["-raw"]], ids=["flowing", "raw"])
def test_pdftotext_writes_the_words_in_order(tmp_path, tilt, options):
    text = written_by_poppler(composed(tmp_path, draw_page(skew=tilt)), *options)
    assert text.split() == " ".join(LINES).split()
    assert is_normalized("NFC", text)


@needs_poppler
@pytest.mark.parametrize("tilt", [-0.5, 0.0, 0.5])
@pytest.mark.parametrize("options", [[], ["-layout"], ["-raw"]], ids=["flowing", "layout", "raw"])
def test_pdftotext_keeps_the_lines_of_a_straight_page(tmp_path, tilt, options):
    text = written_by_poppler(composed(tmp_path, draw_page(skew=tilt)), *options)
    assert [" ".join(line.split()) for line in text.splitlines() if line.strip()] == list(LINES)


@pytest.mark.parametrize("tilt", TILTS)
@pytest.mark.parametrize("asked", ["quyết định", "717/QĐ-UBND", "Nông nghiệp và Môi trường", "định số"])
def test_a_search_in_chromium_finds_what_stands_on_one_line(tmp_path, tilt, asked):
    with pypdfium2.PdfDocument(composed(tmp_path, draw_page(skew=tilt))) as document:
        found = document[0].get_textpage().search(asked, match_case=True).get_next()
    assert (found is not None) == any(asked in line for line in LINES)


def test_pdfminer_finds_the_words(tmp_path):
    page = draw_page()
    with pdfplumber.open(composed(tmp_path, page)) as document:
        found = document.pages[0].extract_words()
    assert [word["text"] for word in found] == [text for text, _ in page.words]


@pytest.mark.parametrize("tilt", TILTS)
@pytest.mark.parametrize("rotation", [0, 90, 180])
@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_the_words_that_were_read_one_by_one(tmp_path, reader, tilt, rotation):
    (text,) = READERS[reader](composed(tmp_path, draw_page(skew=tilt, rotation=rotation)))
    assert text.split() == " ".join(LINES).split()
    assert is_normalized("NFC", text)


@pytest.mark.parametrize("tilt", TILTS)
def test_firefox_keeps_the_lines(tmp_path, tilt):
    (text,) = by_pdfjs(composed(tmp_path, draw_page(skew=tilt)))
    assert [" ".join(line.split()) for line in text.splitlines() if line.strip()] == list(LINES)


@pytest.mark.parametrize("tilt", TILTS)
def test_tags_give_the_words_in_order_however_the_page_lies(tmp_path, tilt):
    text = by_poppler_tags(composed(tmp_path, draw_page(skew=tilt)))
    assert text.split() == " ".join(LINES).split()


#: Hard to keep in order: the tilt in degrees and (text, left, top, right, bottom) of each word of each line, in pixels.
HARD = {
    "handwriting beside print": (0.78, [
        [("KT.", 1561, 1631, 1649, 1669), ("CHỦ", 1668, 1621, 1784, 1673), ("TỊCH", 1800, 1636, 1935, 1686)],
        [("PHÓ", 1546, 1684, 1663, 1733), ("CHỦ", 1680, 1684, 1796, 1737), ("TỊCH", 1811, 1700, 1945, 1739)],
        [("Trần", 1513, 2062, 1636, 2115), ("Hoàng", 1655, 2076, 1819, 2132), ("Tuấn", 1834, 2068, 1963, 2122)],
        [("…", 1649, 1888, 2280, 2035)],
    ]),
    "strokes taken for a high and wide word": (0.0, [
        [("Quản", 300, 860, 380, 900), ("lý", 400, 860, 430, 900), ("dự", 450, 860, 500, 900), ("án", 520, 860, 570, 900)],
        [("đt", 210, 825, 510, 948), ("cho", 530, 908, 610, 948), ("Ban", 630, 908, 720, 948), ("để", 740, 908, 800, 948)],
    ]),
    "a word that begins within another": (-1.13, [
        [("TA", 825, 1939, 867, 2011), ("THỊ", 884, 1938, 927, 2010), ("TRẢ", 937, 1937, 992, 2009),
         ("Ê", 909, 1942, 1024, 2000), ("THỊ", 1032, 1945, 1079, 1970), ("XÃ;", 1087, 1939, 1134, 1969)],
    ]),
    "letters higher than the lines are apart": (-0.63, [
        [("1.", 236, 319, 258, 346), ("Mặt", 281, 317, 343, 352), ("trước:", 353, 314, 444, 344)],
        [("§5.6", 437, 355, 493, 382), ("mm", 502, 363, 554, 380)],
    ]),
}  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", HARD)
def test_what_lies_upon_its_neighbours_is_read_in_order(tmp_path, name, reader):
    skew, rows = HARD[name]
    lines = tuple(Line(tuple(Word(text, Box(*box), 0.9) for text, *box in words)) for words in rows)
    reading = PageReading(1, 2480, 3508, 300.0, PageText(1, lines, "test"), PageOrigin.OCR, skew=skew)
    blank = PagePicture(zlib.compress(bytes(620 * 877)), PictureEncoding.FLATE, 620, 877, 75.0, components=1)
    compose([(blank, reading)], METADATA, tmp_path / "hard.pdf")
    assert " ".join(READERS[reader](tmp_path / "hard.pdf")).split() == [word.text for line in lines for word in line.words]
