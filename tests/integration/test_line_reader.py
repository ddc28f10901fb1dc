"""The net that reads short pieces of print, on names set here, clean and under strokes."""

from __future__ import annotations

import hashlib
import math
import tomllib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr_models import NetLineReader
from ocr_models.lines import reader
from ocr_models.lines.ink import BASELINE, EM, HEIGHT
from ocr_models.lines.signs import ALPHABET
from pipeline.domain.errors import UnavailableError
from pipeline.domain.pages import PageImage
from scripts.corpus.fonts import VIETNAMESE, file_of

NAMES = (
    "Nguyễn Thị Ngọc Ánh", "Trần Quốc Toản", "Lê Hữu Phước", "Phạm Đức Thuận", "Hoàng Thị Mỹ Lệ", "Đỗ Xuân Tiến",
    "Vũ Khắc Tiệp", "Đặng Thúy Hằng", "Bùi Công Định", "Quách Minh Tạo",
)  # fmt: skip
ROWS = 72


def crop_of(text: str, *, bold: bool = True, stroke: int | None = None) -> PageImage:
    """``text`` as ``ports.LineReader`` wants it, under a stroke of a pen of the grey ``stroke``."""
    font = ImageFont.truetype(str(file_of("Liberation Serif", bold=bold)), round(ROWS * EM / HEIGHT))
    image = Image.new("L", (60 + round(font.getlength(text)), ROWS), 245)
    ImageDraw.Draw(image).text((30, ROWS * BASELINE / HEIGHT), text, fill=25, font=font, anchor="ls")
    pixels = np.array(image)
    if stroke is not None:
        points = [(-5, 60), (image.width // 4, 5), (image.width // 3, 66), (image.width // 2, 20), (image.width + 5, 48)]
        cv2.polylines(pixels, [np.array(points, np.int32)], False, stroke, 4, cv2.LINE_AA)
    return PageImage(1, pixels, 200)


def best(crop: PageImage) -> str:
    return NetLineReader().look(crop).readings()[0]


@pytest.mark.parametrize("name", NAMES)
def test_clean_names_are_read_with_all_their_marks(name: str) -> None:
    assert best(crop_of(name)) == name


def test_most_names_under_a_stroke_are_read() -> None:
    grey = sum(best(crop_of(name, stroke=150)) == name for name in NAMES)
    black = sum(best(crop_of(name, stroke=25)) == name for name in NAMES)
    assert grey >= 9
    assert black >= 6


@pytest.mark.parametrize("text", ["KT. CHỦ TỊCH", "12/QĐ-UBND", "ngày 05 tháng 3 năm 2024", "Phó Chủ tịch phụ trách"])
def test_titles_numbers_and_dates_are_read_too(text: str) -> None:
    assert best(crop_of(text, bold=False)) == text


@pytest.mark.parametrize(
    "text",
    [
        "172/ĐA-UBND", "/GM-UBND", "2720/2024/QĐ-UBND", "73,98", "1.383,9", "10:25", "09318305419", "0357 474 810",
        "000.41.24.H61-250326-0649", "Lưu: VT, NC.Vượng9b.", "CMND/CCCD:", "V/v", "43E1375520", "II. TÌNH HÌNH",
    ],
)  # fmt: skip
def test_what_papers_are_filed_by_is_read_sign_by_sign(text: str) -> None:
    assert best(crop_of(text, bold=False)) == text


def test_the_small_figure_of_square_metres_is_read_as_a_two() -> None:
    assert best(crop_of("605,2 m²", bold=False)) == "605,2 m2"


def test_look_alikes_are_told_apart_by_their_weight() -> None:
    line = NetLineReader().look(crop_of("Bùi Công Định"))
    right, wrong, foreign = line.weigh(("Bùi Công Định", "Bùi Công Đình", "Bùi Cõng 定"))
    assert -1.0 < right <= 0.0
    assert right - wrong > 3.0
    assert foreign == -math.inf


def test_letters_stand_where_they_were_set() -> None:
    crop = crop_of("Lê Hữu Phước")
    places = NetLineReader().look(crop).places("Lê Hữu Phước")
    assert list(places) == sorted(places)
    assert places[0] == pytest.approx(45, abs=20)
    assert places[-1] == pytest.approx(crop.width - 45, abs=20)


def test_where_nothing_is_printed_nothing_is_read() -> None:
    line = NetLineReader().look(PageImage(1, np.full((60, 300), 240, np.uint8), 200))
    assert line.readings()[0] == ""
    assert not NetLineReader().look(PageImage(1, np.full((2, 2), 240, np.uint8), 200)).readings()
    long = NetLineReader().look(PageImage(1, np.full((10, 900), 240, np.uint8), 200))
    assert long.places("") == ()


def test_the_net_knows_every_vietnamese_letter() -> None:
    assert set(VIETNAMESE) <= set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET)


def test_the_model_is_the_one_the_manifest_speaks_of_and_small() -> None:
    models = tomllib.loads((Path(reader.__file__).parents[1] / "manifest.toml").read_text(encoding="utf-8"))["model"]
    entry = next(model for model in models if model["name"] == "lines")
    assert hashlib.sha256(reader.MODEL.read_bytes()).hexdigest() == entry["sha256"]
    assert reader.MODEL.stat().st_size < 6_000_000
    assert entry["licence"]
    assert NetLineReader().info.models == ("lines.onnx",)


def test_a_damaged_model_is_told_with_its_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "lines.onnx"
    broken.write_bytes(b"no model")
    monkeypatch.setattr(reader, "MODEL", broken)
    reader._net.cache_clear()
    try:
        with pytest.raises(UnavailableError) as raised:
            NetLineReader().look(crop_of("An"))
    finally:
        reader._net.cache_clear()
    assert raised.value.code == "model_damaged"
