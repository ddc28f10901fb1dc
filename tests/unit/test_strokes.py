"""Names under signatures and seals: what a reader of lines sees there is weighed against what the engine read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import pytest

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageImage, Word
from pipeline.ports import EngineInfo
from pipeline.recognition.colours import see_colours
from pipeline.recognition.rows import find_rows
from pipeline.recognition.signers import choose_name, is_name
from pipeline.recognition.signing_places import SigningPlaces
from pipeline.recognition.strokes import read_under_strokes
from pipeline.recognition.typography import measure_type

DPI = 200.0
LEFT, TOP, STEP, HEIGHT = 500.0, 700.0, 90.0, 28.0


@dataclass
class SeenLine:
    """A line of which just these texts are likely, the first the likeliest; where its letters stand."""

    told: dict[str, float]
    start: float = 100.0
    apart: float = 10.0

    def readings(self) -> tuple[str, ...]:
        return tuple(self.told)

    def weigh(self, texts: Sequence[str]) -> tuple[float, ...]:
        return tuple(self.told.get(text, -40.0) for text in texts)

    def places(self, text: str) -> tuple[float, ...]:
        return tuple(self.start + self.apart * at for at in range(len(text)))


@dataclass
class ScriptedReader:
    """Sees one line after the other, in the end nothing."""

    lines: list[dict[str, float]]
    start: float = 100.0
    apart: float = 10.0
    seen: list[PageImage] = field(default_factory=list)

    @property
    def info(self) -> EngineInfo:
        return EngineInfo("scripted", "1", ())

    def look(self, image: PageImage) -> SeenLine:
        self.seen.append(image)
        return SeenLine(self.lines.pop(0) if self.lines else {"": -0.1}, self.start, self.apart)


def words_at(*told: tuple[str, float], left: float = LEFT, top: float = TOP) -> tuple[Word, ...]:
    boxes = (Box(left + at * STEP, top, left + at * STEP + 75, top + HEIGHT) for at in range(len(told)))
    return tuple(Word(text, box, confidence) for (text, confidence), box in zip(told, boxes, strict=True))


def a_scan(*, signed: bool = True, coloured: bool = True) -> PageImage:
    pixels = np.full((1000, 1200, 3), 255, np.uint8)
    cv2.putText(pixels, "NAME OF NAMES", (450, 725), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (20, 20, 20), 2)
    if signed:
        cv2.line(pixels, (420, 740), (800, 690), (30, 40, 170), 6)
        cv2.circle(pixels, (450, 640), 120, (200, 30, 40), 5)
    return PageImage(1, pixels if coloured else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8), DPI)


def read(lines: tuple[Line, ...], reader: ScriptedReader, scan: PageImage | None = None) -> tuple[Line, ...]:
    scan = scan or a_scan()
    grey = scan.pixels if scan.pixels.ndim == 2 else np.ascontiguousarray(scan.pixels.min(axis=2))
    page = replace(scan, pixels=grey)
    return read_under_strokes(lines, SigningPlaces(page, see_colours(page, scan), scan), reader)


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [line.text for line in lines]


def test_a_name_under_a_signature_is_what_the_reader_sees_there() -> None:
    line = Line(words_at(("tề", 0.6), ("Xuân", 0.97), ("Đệ", 0.9)))
    (found,) = read((line,), ScriptedReader([{"Lê Xuân Đệ": -0.5, "Lệ Xuân Đệ": -3.0}]))
    assert found.text == "Lê Xuân Đệ"
    assert found.words[0].second == "tề" or found.words[0].second == ""
    assert all(0.8 < word.confidence < 0.98 for word in found.words)


def test_a_word_that_both_read_keeps_what_the_engine_knows_of_it() -> None:
    words = words_at(("Lê", 0.6), ("Xuân", 0.99), ("Đê", 0.7))
    choices = ((), (("ụ", 6.0),), (), ())
    line = Line((words[0], replace(words[1], choices=choices), words[2]))
    reader = ScriptedReader([{"Lê Xuân Đệ": -0.5}], start=250.0, apart=22.0)
    (found,) = read((line,), reader)
    assert [word.second for word in found.words] == ["Lê", "Xuân", "Đê"]
    assert found.words[0].confidence > 0.8
    assert found.words[1] == replace(words[1], choices=choices, second="Xuân", seen=True)


def test_what_strokes_beside_a_name_became_goes_and_what_the_engine_is_sure_of_stays() -> None:
    far = words_at(("1a", 0.2), ("BS", 0.9), left=LEFT - 5 * STEP)
    line = Line((*far, *words_at(("tề", 0.6), ("Xuân", 0.97), ("Đệ", 0.9))))
    (found,) = read((line,), ScriptedReader([{"Lê Xuân Đệ": -0.5}]))
    assert found.text == "BS Lê Xuân Đệ"


def test_what_the_reader_finds_no_name_in_stays() -> None:
    line = Line(words_at(("Giáp", 0.9), ("Hải", 0.9), ("Ngân", 0.97)))
    assert texts(read((line,), ScriptedReader([{"G1áp": -4.0, "": -6.0}]))) == ["Giáp Hải Ngân"]


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_an_engine_may_be_wholly_sure_or_not_at_all(confidence: float) -> None:
    line = Line(words_at(("Lê", confidence), ("Xuân", confidence), ("Đê", 0.5)))
    assert texts(read((line,), ScriptedReader([{"Lê Xuân Đệ": -0.5}]))) == ["Lê Xuân Đệ"]


def test_the_engine_decides_between_readings_that_are_as_likely() -> None:
    line = Line(words_at(("Ðinh", 0.4), ("Công", 0.97), ("Định", 0.95)))
    (found,) = read((line,), ScriptedReader([{"Đinh Công Đình": -0.8, "Đinh Công Định": -1.2}]))
    assert found.text == "Đinh Công Định"


def test_the_reader_decides_where_it_is_sure_and_says_how_sure_it_is() -> None:
    line = Line(words_at(("Đinh", 0.9), ("Công", 0.97), ("Định", 0.95)))
    (found,) = read((line,), ScriptedReader([{"Đinh Công Đình": -0.1, "Đinh Công Định": -12.0}], start=240.0, apart=18.0))
    assert found.text == "Đinh Công Đình"
    assert found.words[2].confidence <= 0.5


@pytest.mark.parametrize("text", ["717/QĐ-UBND", "1987", "BM 123456"])
def test_what_holds_a_number_is_never_read_again(text: str) -> None:
    line = Line(words_at(*((word, 0.9) for word in ("Quyết", *text.split()))))
    assert line.text in texts(read((line,), ScriptedReader([{"Lê Xuân Đệ": -20.0}])))


def test_without_ink_nothing_is_looked_at() -> None:
    line = Line(words_at(("tề", 0.6), ("Xuân", 0.97), ("Đệ", 0.9)))
    reader = ScriptedReader([{"Lê Xuân Đệ": -0.5}])
    assert texts(read((line,), reader, a_scan(signed=False))) == ["tề Xuân Đệ"]
    assert not reader.seen


def test_large_strokes_in_grey_are_signatures_too() -> None:
    line = Line(words_at(("tề", 0.6), ("Xuân", 0.97), ("Đệ", 0.9)))
    assert texts(read((line,), ScriptedReader([{"Lê Xuân Đệ": -0.5}]), a_scan(coloured=False))) == ["Lê Xuân Đệ"]


def test_what_stands_in_another_column_of_the_line_stays() -> None:
    line = Line((*words_at(("-", 0.9), ("Lưu:", 0.9), left=40.0), *words_at(("Vưống", 0.6), ("Mai", 0.97), ("Vân", 0.97))))
    assert texts(read((line,), ScriptedReader([{"Vương Mai Vân": -0.5}]))) == ["- Lưu: Vương Mai Vân"]


def test_a_name_that_was_overlooked_below_a_seal_becomes_a_line() -> None:
    title = Line(words_at(("CHỦ", 1.0), ("TỊCH", 1.0), top=480.0))
    assert texts(read((title,), ScriptedReader([{"Chu Xuân Chiến": -0.5}]))) == ["CHỦ TỊCH", "Chu Xuân Chiến"]


def test_an_overlooked_name_must_be_likely() -> None:
    title = Line(words_at(("CHỦ", 1.0), ("TỊCH", 1.0), top=480.0))
    assert texts(read((title,), ScriptedReader([{"Chu Xuân Chiến": -9.0}]))) == ["CHỦ TỊCH"]


def test_no_name_is_put_where_something_else_was_read_for_sure() -> None:
    standing = Line(words_at(("trăm", 0.9), ("triệu", 0.9), ("đồng", 0.9), left=450.0))
    assert texts(read((standing,), ScriptedReader([{"Chu Xuân Chiến": -0.5}]))) == ["trăm triệu đồng"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nguyễn Văn An", True),
        ("ThS. Nguyễn Văn An", True),
        ("NGUYỄN VĂN AN", True),
        ("Nguyễn", False),
        ("Chủ tịch Nguyễn", False),
        ("Nguyễn Vănn An", False),
        ("Xuân Văn An", False),
    ],
)
def test_names_have_a_family_name_and_words_that_may_be_names(text: str, name: bool) -> None:
    assert is_name(text.split()) is name


def test_a_family_name_is_tried_where_none_was_read() -> None:
    line = SeenLine({"Đinn Hữu Ngọ": -0.3, "Đinh Hữu Ngọ": -3.4, "Đin Hữu Ngọ": -3.2})
    line.readings = lambda: ("Đinn Hữu Ngọ", "Đin Hữu Ngọ")  # type: ignore[method-assign]
    name = choose_name(line, ())
    assert name is not None
    assert name.text == "Đinh Hữu Ngọ"


def test_scraps_of_strokes_beside_a_name_are_left_out() -> None:
    line = SeenLine({"n Lương Ngọc Bưởi l": -0.5, "Lương Ngọc Bưởi": -4.0})
    name = choose_name(line, ())
    assert name is not None
    assert name.text == "Lương Ngọc Bưởi"


def test_the_size_of_type_is_told_by_what_letters_reach_to() -> None:
    em, baseline = 40.0, 500.0
    reaches = {"xu": (0.46, 0.0), "Nam": (0.66, 0.0), "Ễch": (1.02, 0.0), "gì": (0.68, 0.217), "tọa": (0.66, 0.2)}
    for text, (rise, fall) in reaches.items():
        word = Word(text, Box(0, baseline - rise * em, 90, baseline + fall * em), 0.9)
        setting = measure_type([word])
        assert setting.em == pytest.approx(em)
        assert setting.baseline == pytest.approx(baseline)


def test_rows_of_print_are_found_under_a_stroke() -> None:
    pixels = np.full((90, 400), 250, np.uint8)
    cv2.putText(pixels, "Nguyen Van Anh", (60, 50), cv2.FONT_HERSHEY_TRIPLEX, 0.5, 20, 1, cv2.LINE_AA)
    cv2.line(pixels, (20, 80), (380, 20), 60, 3, cv2.LINE_AA)
    setting, left, right = next(iter(find_rows(PageImage(1, pixels, 80), 16.0)))
    assert setting.baseline == pytest.approx(50, abs=3)
    assert left < 60
    assert right > 150
    assert not list(find_rows(PageImage(1, np.full((90, 400), 250, np.uint8), 80), 16.0))
