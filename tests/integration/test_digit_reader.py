"""The net that reads handwritten digits, on digits drawn here by a steady hand and set in print."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr_models import NetDigitReader
from ocr_models.ctc import align, search, soften
from ocr_models.digits import reader
from pipeline.domain.errors import UnavailableError
from pipeline.domain.pages import PageImage
from scripts.corpus.chance import Chance
from scripts.corpus.fonts import file_of
from scripts.corpus.ink import write_digits

NUMBERS = ("04", "15", "26", "37", "48", "59", "60", "128", "239", "574", "1890", "07", "31", "12", "305", "66", "88", "90")


def crop_of(pixels: np.ndarray) -> PageImage:
    return PageImage(1, pixels, 300)


def written(text: str, seed: int) -> np.ndarray:
    pixels = np.full((120, 60 + 60 * len(text), 3), 245, np.uint8)
    strokes = write_digits(Chance(f"digits/{seed}", "held_out"), text, (20.0, 84.0), 60.0, 0, (25, 40, 130))
    for path in strokes.paths:
        points = np.round(np.array(path) * 16).astype(np.int32)
        cv2.polylines(pixels, [points], False, strokes.colour, max(2, round(strokes.width)), cv2.LINE_AA, 4)
    return pixels


def test_most_numbers_of_a_hand_it_never_saw_are_read_and_the_sure_ones_are_right() -> None:
    digits = NetDigitReader()
    right, sure_but_wrong = 0, []
    for seed, number in enumerate(NUMBERS):
        best = digits.read(crop_of(written(number, seed)))[0]
        right += best.text.strip("?") == number
        if best.confidence > 0.95 and best.text.strip("?") != number:
            sure_but_wrong.append((number, best))
    assert right >= 0.75 * len(NUMBERS)
    assert len(sure_but_wrong) <= 1


def test_print_is_read_with_its_slash_and_letters_are_told_apart_from_digits() -> None:
    image = Image.new("L", (420, 100), 250)
    font = ImageFont.truetype(str(file_of("Liberation Serif")), 54)
    ImageDraw.Draw(image).text((20, 67), "574/QĐ", fill=20, font=font, anchor="ls")
    best = NetDigitReader().read(crop_of(np.asarray(image)))[0]
    assert best.text.startswith("574/")
    assert set(best.text[4:]) <= {"?"}
    assert list(best.places) == sorted(best.places)
    assert 20 < best.places[0] < 60


def test_an_empty_crop_says_that_nothing_is_written() -> None:
    found = NetDigitReader().read(crop_of(np.full((100, 200), 240, np.uint8)))
    assert [one.text for one in found[:1]] in ([""], [])
    assert NetDigitReader().read(crop_of(np.full((2, 2), 240, np.uint8))) == ()


def test_readings_come_best_first_and_share_what_is_certain_among_them() -> None:
    found = NetDigitReader().read(crop_of(written("4917", 3)))
    shares = [one.confidence for one in found]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1.0 + 1e-6


def test_the_search_adds_up_all_ways_to_write_the_same_text() -> None:
    odds = np.log(np.array([[0.1, 0.8, 0.1, 0.2], [0.9, 0.1, 0.1, 0.7], [1e-9, 0.1, 0.8, 0.1]], np.float32))
    shares = soften(odds, 1.0)
    found = dict(search(shares))
    assert sum(found.values()) == pytest.approx(1.0, abs=0.02)
    best = max(found, key=lambda signs: found[signs])
    assert best == (1, 2, 1)
    assert align(shares, best) == (0.0, 2.0, 3.0)


def test_the_model_is_the_one_the_manifest_speaks_of_and_small() -> None:
    models = tomllib.loads((Path(reader.__file__).parents[1] / "manifest.toml").read_text(encoding="utf-8"))["model"]
    entry = next(model for model in models if model["name"] == "digits")
    assert hashlib.sha256(reader.MODEL.read_bytes()).hexdigest() == entry["sha256"]
    assert reader.MODEL.stat().st_size < 1_500_000
    assert entry["licence"]
    assert NetDigitReader().info.models == ("digits.onnx",)


def test_a_damaged_model_is_told_with_its_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "digits.onnx"
    broken.write_bytes(b"no model")
    monkeypatch.setattr(reader, "MODEL", broken)
    reader._net.cache_clear()
    try:
        with pytest.raises(UnavailableError) as raised:
            NetDigitReader().read(crop_of(written("12", 1)))
    finally:
        reader._net.cache_clear()
    assert raised.value.code == "model_damaged"
