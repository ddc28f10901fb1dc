"""Names under signatures and seals: read again with the strokes taken out, and only where that makes a better name."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr_models import ScriptedEngine
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageImage, Word
from pipeline.recognition.colours import see_colours
from pipeline.recognition.names import nearest_family_name
from pipeline.recognition.signing_places import SigningPlaces
from pipeline.recognition.strokes import read_under_strokes

DPI = 200.0
LEFT, TOP, STEP, HEIGHT = 500.0, 700.0, 90.0, 28.0


def words_at(*told: tuple[str, float], left: float = LEFT, top: float = TOP) -> tuple[Word, ...]:
    boxes = (Box(left + at * STEP, top, left + at * STEP + 75, top + HEIGHT) for at in range(len(told)))
    return tuple(Word(text, box, confidence) for (text, confidence), box in zip(told, boxes, strict=True))


def in_view(*told: tuple[str, float]) -> list[Line]:
    """What an engine says of a line shown by itself; where the words stand there does not matter."""
    return [Line(words_at(*told, left=90.0, top=20.0))]


def a_scan(*, signed: bool = True, coloured: bool = True) -> PageImage:
    pixels = np.full((1000, 1200, 3), 255, np.uint8)
    cv2.putText(pixels, "NAME", (500, 725), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (20, 20, 20), 2)
    if signed:
        cv2.line(pixels, (420, 740), (800, 690), (30, 40, 170), 6)
        cv2.circle(pixels, (450, 640), 120, (200, 30, 40), 5)
    return PageImage(1, pixels if coloured else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8), DPI)


def read(lines: tuple[Line, ...], engine: ScriptedEngine, scan: PageImage | None = None) -> list[str]:
    scan = scan or a_scan()
    grey = scan.pixels if scan.pixels.ndim == 2 else np.ascontiguousarray(scan.pixels.min(axis=2))
    page = replace(scan, pixels=grey)
    return [line.text for line in read_under_strokes(lines, SigningPlaces(page, see_colours(page, scan), scan), engine)]


def test_a_name_under_a_signature_is_what_most_readings_without_the_strokes_say() -> None:
    line = Line(words_at(("tề", 0.6), ("Xuân", 0.97), ("Đệ", 0.9)))
    again = in_view(("Lê", 0.9), ("Xuân", 0.95), ("Đệ", 0.95))
    engine = ScriptedEngine(again, in_view(("£8", 0.3), ("Xuân", 0.95), ("Đê", 0.5)), again)
    assert read((line,), engine) == ["Lê Xuân Đệ"]


def test_a_reading_that_is_no_better_changes_nothing() -> None:
    line = Line(words_at(("Giáp", 0.9), ("Hải", 0.9), ("Ngân", 0.97)))
    junk = in_view(("Gi5", 0.2), ("Hái", 0.4), ("Ngân", 0.9))
    assert read((line,), ScriptedEngine(junk, [], [])) == ["Giáp Hải Ngân"]


@pytest.mark.parametrize("text", ["717/QĐ-UBND", "1987", "BM 123456"])
def test_what_holds_a_sure_number_is_never_read_again(text: str) -> None:
    line = Line(words_at(*((word, 0.9) for word in ("Quyết", *text.split()))))
    assert read((line,), ScriptedEngine()) == [line.text]


@pytest.mark.parametrize("scan", [a_scan(signed=False), a_scan(coloured=False)])
def test_without_coloured_ink_nothing_is_read_again(scan: PageImage) -> None:
    line = Line(words_at(("tề", 0.6), ("Xuân", 0.97), ("Đệ", 0.9)))
    assert read((line,), ScriptedEngine(), scan) == ["tề Xuân Đệ"]


def test_what_stands_in_another_column_of_the_line_stays() -> None:
    line = Line((*words_at(("-", 0.9), ("Lưu:", 0.9), left=40.0), *words_at(("Vưống", 0.6), ("Mai", 0.97), ("Vân", 0.97))))
    again = in_view(("Vương", 0.9), ("Mai", 0.95), ("Vân", 0.95))
    assert read((line,), ScriptedEngine(again, again, again)) == ["- Lưu: Vương Mai Vân"]


def test_a_name_that_was_overlooked_below_a_seal_becomes_a_line() -> None:
    title = Line(words_at(("CHỦ", 1.0), ("TỊCH", 1.0), top=480.0))
    name = [Line(words_at(("Chu", 0.9), ("Xuân", 0.9), ("Chiến", 0.9), left=200.0, top=120.0))]
    assert read((title,), ScriptedEngine(name)) == ["CHỦ TỊCH", "Chu Xuân Chiến"]


class BlockEngine(ScriptedEngine):
    """Reads nothing in single lines, and in blocks what stands at its place on the page."""

    def __init__(self, *words: Word) -> None:
        super().__init__()
        self.words = words

    def read(self, image: PageImage, *, region: Box | None = None, single_line: bool = False) -> tuple[Line, ...]:
        back = image.to_scan.inverse()
        return () if single_line else (Line(tuple(replace(word, box=back.map_box(word.box)) for word in self.words)),)


def test_what_was_left_of_an_overlooked_name_gives_way_to_it() -> None:
    name = words_at(("Chu", 0.9), ("Xuân", 0.9), ("Chiến", 0.9))
    rest = Line((Word("74330", Box(250, TOP, 330, TOP + HEIGHT), 0.95), replace(name[1], text="oan", confidence=0.1), name[2]))
    assert read((rest,), BlockEngine(*name)) == ["74330 Chu Xuân Chiến"]


def test_no_name_is_put_where_something_else_was_read_for_sure() -> None:
    name = words_at(("Chu", 0.9), ("Xuân", 0.9), ("Chiến", 0.9))
    assert read((Line(words_at(("trăm", 0.9), ("triệu", 0.9))),), BlockEngine(*name)) == ["trăm triệu"]


def test_the_nearest_family_name_is_made_of_signs_the_engine_thought_of() -> None:
    choices = ((), (("ầ", 2.5), ("ă", 4.0)), ())
    assert nearest_family_name(Word("Sấm", Box(0, 0, 1, 1), 0.8, choices=choices)) == (2.5, "Sầm")
    assert nearest_family_name(Word("Xyz", Box(0, 0, 1, 1), 0.8, choices=((), (), ())))[0] == float("inf")
