"""The second witness: doubtful words of values are shown to a reader of lines, and are as sure as it bears them out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import CleanPage, Line, PageImage, PageText, Word
from pipeline.ports import EngineInfo
from pipeline.recognition import WITNESS_FEATURES, call_witness
from pipeline.recognition.accounts import hear
from pipeline.recognition.stretches import MOST_LOOKS, MOST_WORDS, find_stretches
from pipeline.recognition.values import find_values

WIDTH, HEIGHT, DPI = 1240, 1754, 150.0
SURE, UNSURE = 0.9995, 0.6


@dataclass
class SeenLine:
    """A line of which just these texts are likely, the first the likeliest."""

    told: dict[str, float]

    def readings(self) -> tuple[str, ...]:
        return tuple(self.told)

    def weigh(self, texts: Sequence[str]) -> tuple[float, ...]:
        return tuple(self.told.get(text, -40.0) for text in texts)

    def places(self, text: str) -> tuple[float, ...]:
        return tuple(float(at) for at in range(len(text)))


@dataclass
class ScriptedReader:
    """Sees one line after the other, in the end nothing."""

    lines: list[dict[str, float]]
    seen: list[PageImage] = field(default_factory=list)

    @property
    def info(self) -> EngineInfo:
        return EngineInfo("lines", "1", ())

    def look(self, image: PageImage) -> SeenLine:
        self.seen.append(image)
        return SeenLine(self.lines.pop(0) if self.lines else {"": -0.1})


@dataclass
class Scale:
    """Believes what more than half of the witness's readings have, and keeps what it was asked."""

    trained: bool = True
    asked: list[dict[str, float]] = field(default_factory=list)

    def knows(self, engine: str) -> bool:
        return self.trained and engine == "lines"

    def chances(self, evidence: NDArray[np.float32], features: Sequence[str], engine: str) -> Sequence[float]:
        told = [dict(zip(features, row.tolist(), strict=True)) for row in evidence]
        self.asked += told
        return [0.998 if one["share_3"] + one["share_7"] > 0.0 else 0.3 for one in told]


def a_line(text: str, top: float, left: float = 150.0, *, sure: Sequence[float] | float = SURE) -> Line:
    """The words of ``text`` 20 pixels high, a space of 8 between them, letters 11 wide."""
    words = []
    texts = text.split()
    chances = [sure] * len(texts) if isinstance(sure, float) else sure
    for word, chance in zip(texts, chances, strict=True):
        words.append(Word(word, Box(left, top, left + 11 * len(word), top + 20), chance))
        left += 11 * len(word) + 8
    return Line(tuple(words))


def a_letter(*beneath: Line) -> tuple[Line, ...]:
    return (
        a_line("ỦY BAN NHÂN DÂN", 100),
        a_line("Số: 9]/QĐ-UBND", 160, sure=(SURE, UNSURE)),
        a_line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 100, 600),
        a_line("Độc lập - Tự do - Hạnh phúc", 130, 640),
        a_line("Hà Nội, ngày 12 tháng 8 năm 2022", 160, 640),
        *beneath,
    )


def tell(lines: tuple[Line, ...], *seen: dict[str, float], model: Scale | None = None) -> tuple[PageText, ScriptedReader]:
    page = PageImage(1, np.full((HEIGHT, WIDTH), 255, np.uint8), DPI)
    reader = ScriptedReader(list(seen))
    return call_witness(PageText(1, lines, "engine"), CleanPage(page), page, reader, model or Scale()), reader


def only(text: PageText, number: int) -> Line:
    return text.lines[number]


def test_what_the_witness_bears_out_is_sure() -> None:
    lines = (a_line("Số: 91/QĐ-UBND", 100, sure=(SURE, UNSURE)),)
    told, _ = tell(lines, {"91/QĐ-UBND": -0.01})
    assert [word.confidence for word in only(told, 0).words] == [SURE, 0.998]


def test_what_the_witness_does_not_see_stays_doubtful() -> None:
    lines = (a_line("Số: 97/QĐ-UBND", 100, sure=(SURE, 0.9)),)
    told, _ = tell(lines, {"91/QĐ-UBND": -0.6, "97/QĐ-UBND": -1.2})
    assert only(told, 0).text == "Số: 97/QĐ-UBND"
    assert only(told, 0).words[1].confidence == 0.3


def test_a_witness_that_is_sure_prevails_over_a_weak_reading_and_nobody_is_sure_then() -> None:
    told, _ = tell(a_letter(), {"91/QĐ-UBND": -0.01})
    number = only(told, 1).words[1]
    assert (number.text, number.read) == ("91/QĐ-UBND", "9]/QĐ-UBND")
    assert number.confidence == pytest.approx(0.5, abs=0.01)


def test_what_the_engine_did_not_believe_itself_disputes_nothing_yet_one_reader_is_never_sure() -> None:
    told, _ = tell((a_line("KT. 7ICH", 100, sure=(SURE, 0.1)),), {"TỊCH": -0.01})
    assert only(told, 0).text == "KT. TỊCH"
    assert 0.8 < only(told, 0).words[1].confidence <= 0.9


def test_a_strong_reading_gives_way_to_nothing_but_certainty() -> None:
    lines = (a_line("Mã số: 0123456789", 100, sure=(SURE, SURE, 0.95)),)
    told, _ = tell(lines, {"0128456789": -0.2, "0123456789": -1.7})
    assert only(told, 0).text == "Mã số: 0123456789"


def test_words_are_parted_as_the_witness_parts_them_and_lie_beside_each_other() -> None:
    told, _ = tell((a_line("UBND PHỐ CẦNTHƠ", 100, sure=(SURE, SURE, UNSURE)),), {"CẦN THƠ": -0.01})
    first, second = only(told, 0).words[2:]
    assert (first.text, second.text) == ("CẦN", "THƠ")
    assert first.box.right < second.box.left


def test_words_that_the_witness_would_only_join_stay_apart() -> None:
    lines = (a_line("Số: 53 /BB-UBND", 100, sure=(SURE, UNSURE, UNSURE)),)
    told, _ = tell(lines, {"53/BB-UBND": -0.01})
    assert only(told, 0).text == "Số: 53 /BB-UBND"


def test_what_spans_two_words_takes_the_place_of_both() -> None:
    lines = (a_line("Số: 04819483901 I", 100, sure=(SURE, 0.9, UNSURE)),)
    told, _ = tell(lines, {"048194839011": -0.01})
    assert only(told, 0).text == "Số: 048194839011"


@pytest.mark.parametrize(
    ("was", "told", "becomes"),
    [
        ("§77/QĐ-UBND", "577/QĐ-UBND", "577/QĐ-UBND"),
        ("4I", "41", "41"),
        ("0931830541", "093183054195", "093183054195"),
        ("31/UBND-VP", "1/UBND-VP", "31/UBND-VP"),
        ("97/QĐ-UBND", "91/QĐ-UBND", "97/QĐ-UBND"),
        ("2329/QyĐ-SNV", "2329/QĐ-SNV", "2329/QyĐ-SNV"),
        ("43E1375520", "4381375520", "43E1375520"),
        ("10:25", "10.25", "10:25"),
    ],
)
def test_a_digit_is_never_put_right_by_vote_but_what_is_none_may_become_one(was: str, told: str, becomes: str) -> None:
    found, _ = tell((a_line(f"Số: {was}", 100, sure=(SURE, UNSURE)),), {told: -0.01})
    assert only(found, 0).words[1].text == becomes
    assert only(found, 0).words[1].confidence <= 0.5


def test_ink_is_never_put_right() -> None:
    (line,) = (a_line("Số: 41/BB", 100, sure=(SURE, UNSURE)),)
    inked = replace(line, words=(line.words[0], replace(line.words[1], written=True)))
    told, reader = tell((inked,), {"Số: 47/BB": -0.01})
    assert only(told, 0) == inked
    assert not reader.seen


def test_a_witness_that_sees_nothing_takes_no_word_away() -> None:
    told, _ = tell((a_line("GIÁM ĐỐC", 100, sure=(UNSURE, UNSURE)),), {"": -0.01})
    assert only(told, 0).text == "GIÁM ĐỐC"


@pytest.mark.parametrize("text", ["Giám đốc Sở chịu trách nhiệm thi hành Quyết định này từ ngày ký", "cho đến hết năm"])
def test_prose_costs_nothing(text: str) -> None:
    told, reader = tell((a_line(text, 900, sure=UNSURE),), {text: -0.01})
    assert not reader.seen
    assert only(told, 0) == a_line(text, 900, sure=UNSURE)


def test_a_page_of_sure_words_costs_nothing() -> None:
    _, reader = tell((a_line("Số: 91/QĐ-UBND", 100), a_line("Họ và tên: Trần Thị Bưởi", 140)))
    assert not reader.seen


@pytest.mark.parametrize("model", [None, Scale(trained=False)])
def test_without_weights_for_its_word_the_witness_is_not_asked(model: Scale | None) -> None:
    page = PageImage(1, np.full((HEIGHT, WIDTH), 255, np.uint8), DPI)
    text, reader = PageText(1, a_letter(), "engine"), ScriptedReader([])
    assert call_witness(text, CleanPage(page), page, reader, model) is text
    assert not reader.seen


def test_evidence_has_a_column_for_each_feature() -> None:
    model = Scale()
    tell(a_letter(), {"91/QĐ-UBND": -0.01}, model=model)
    assert [set(row) for row in model.asked] == [set(WITNESS_FEATURES)]
    assert model.asked[0]["digits"] == 1.0
    assert model.asked[0]["digits_borne_out"] == 0.0


def test_words_lie_where_they_lay_on_a_scan_of_another_size() -> None:
    scan = PageImage(1, np.full((HEIGHT // 2, WIDTH // 2, 3), 255, np.uint8), DPI / 2)
    page = PageImage(1, np.full((HEIGHT, WIDTH), 255, np.uint8), DPI, Affine.scale(0.5))
    line = a_line("KT. 7ICH", 100, sure=(SURE, 0.1))
    small = replace(line, words=tuple(replace(word, box=Affine.scale(0.5).map_box(word.box)) for word in line.words))
    reader = ScriptedReader([{"TỊCH": -0.01}])
    told = call_witness(PageText(1, (small,), "engine"), CleanPage(page), scan, reader, Scale())
    assert told.lines[0].words[1].box == small.words[1].box
    (seen,) = reader.seen
    assert seen.pixels.ndim == 2
    assert seen.height <= 72


def test_words_are_parted_along_the_line_where_the_scan_lies_on_its_side() -> None:
    turn = Affine(0.0, -1.0, float(HEIGHT), 1.0, 0.0, 0.0)
    page = PageImage(1, np.full((HEIGHT, WIDTH), 255, np.uint8), DPI, turn)
    scan = PageImage(1, np.full((WIDTH, HEIGHT), 255, np.uint8), DPI)
    line = a_line("UBND PHỐ CẦNTHƠ", 100, sure=(SURE, SURE, UNSURE))
    turned = replace(line, words=tuple(replace(word, box=turn.map_box(word.box)) for word in line.words))
    reader = ScriptedReader([{"CẦN THƠ": -0.01}])
    told = call_witness(PageText(1, (turned,), "engine"), CleanPage(page), scan, reader, Scale())
    first, second = told.lines[0].words[2:]
    assert (first.text, second.text) == ("CẦN", "THƠ")
    assert first.box.bottom < second.box.top
    assert first.box.left == pytest.approx(second.box.left)


def test_values_stand_in_heads_titles_labels_and_feet_and_not_in_prose() -> None:
    prose = [
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015 của Quốc hội nước ta",
        "Xét đề nghị của Giám đốc Sở Nội vụ tại Tờ trình nói trên, quyết định như dưới đây",
    ]
    lines = a_letter(
        a_line("QUYẾT ĐỊNH", 230, 550),
        a_line("Về việc bổ nhiệm công chức", 260, 480),
        a_line(prose[0], 320),
        a_line(prose[1], 350),
        a_line("Họ và tên: Trần Thị Bưởi", 400),
        a_line("sinh tại xã Thanh Trì", 430),
        a_line("Nơi nhận:", 1400),
        a_line("- Như Điều 3;", 1430),
        a_line("KT. CHỦ TỊCH", 1400, 800),
    )
    texts = {lines[at].text for at in find_values(lines)}
    assert texts == {line.text for line in lines} - {*prose, lines[2].text, lines[3].text}


def test_no_more_than_a_few_stretches_of_a_page_are_looked_at_those_with_digits_first() -> None:
    lines = [a_line(f"Tên thứ {sign}: Trần Thị Bưởi", 100 + 40 * at, sure=0.5) for at, sign in enumerate("abcdefghijkl")]
    lines.append(a_line("Số điện thoại: 0912345678", 800, sure=(SURE, SURE, SURE, 0.99)))
    found = find_stretches(lines, Affine())
    assert len(found) == MOST_LOOKS
    assert found[0].line == len(lines) - 1
    assert all(len(stretch.words) <= MOST_WORDS for stretch in found)


def test_doubtful_words_side_by_side_are_one_stretch_that_keeps_clear_of_its_neighbours() -> None:
    line = a_line("Họ và tên cha: Trần Thị Bưởi Xanh", 100, sure=(*[SURE] * 5, 0.5, 0.6, SURE))
    (stretch,) = find_stretches([line], Affine())
    assert [word.text for word in stretch.words] == ["Thị", "Bưởi"]
    assert line.words[4].box.right < stretch.box.left < line.words[5].box.left
    assert line.words[6].box.right < stretch.box.right < line.words[7].box.left


def test_names_are_doubtful_sooner_than_words_a_language_knows() -> None:
    line = a_line("Tên tôi: Trần văn Bưởi", 100, sure=(SURE, SURE, 0.992, 0.992, 0.992))
    assert [stretch.words[0].text for stretch in find_stretches([line], Affine())] == ["Trần", "Bưởi"]


def test_what_the_reader_has_seen_before_is_not_asked_again() -> None:
    line = a_line("Ký bởi: Trần Bưởi", 100, sure=(SURE, SURE, UNSURE, UNSURE))
    seen = replace(line, words=tuple(replace(word, seen=True) for word in line.words))
    told, reader = tell((seen,))
    assert not reader.seen
    assert only(told, 0) == line


def test_strokes_that_were_read_as_a_sign_or_two_are_not_looked_at() -> None:
    _, reader = tell((a_line("GIÁM ĐỐC", 100), a_line("Ỷ 7", 130, sure=(0.05, 0.1))))
    assert not reader.seen


def test_shares_of_readings_add_up_over_those_that_have_the_word() -> None:
    line = SeenLine({"KT. CHỦ TỊCH": math.log(0.6), "KT, CHỦ TỊCH": math.log(0.3), "KT. CHÚ TỊCH": math.log(0.1)})
    account = hear(line, ["KT.", "CHỦ", "TỊCH"])
    assert account.reading == "KT. CHỦ TỊCH"
    assert account.shares == pytest.approx((1.0, 0.9, 1.0))
    assert [(one.first, one.last, one.words) for one in account.others] == [(1, 2, ("CHÚ",))]


def test_case_and_signs_at_edges_do_not_count_but_those_within_do() -> None:
    account = hear(SeenLine({"số cccd; 08.50": -0.3}), ["Số", "CCCD:", "08:50"])
    assert account.shares == pytest.approx((1.0, 1.0, 0.0), abs=1e-6)


def test_a_reader_that_sees_no_line_bears_out_nothing() -> None:
    account = hear(SeenLine({}), ["Số:", "91"])
    assert (account.reading, account.shares, account.others) == ("", (0.0, 0.0), ())
