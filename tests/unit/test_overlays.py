"""What lies over a document's own text is told apart from it, and the document's own number never is."""

from __future__ import annotations

import numpy as np
import pytest

from ocr_models.scripted import ScriptedEngine
from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import CleanPage, Line, LineRole, PageImage, PageText, Pixels, Word
from pipeline.recognition import Ink, recognise
from pipeline.recognition.colours import see_colours
from pipeline.recognition.frames import find_frames
from pipeline.recognition.overlays import part_typed
from pipeline.recognition.stamps import find_arrivals, points_of

DPI = 150.0
WIDTH, HEIGHT = 1240, 1754
STAMP = Box(60, 300, 360, 420)


def line(left: float, top: float, text: str, size: float = 22, confidence: float = 0.95, block: int = 0) -> Line:
    """Words of print ``size`` pixels high; two spaces leave a wide gap."""
    words, at = [], left
    for part in text.split(" "):
        if part:
            width = 0.5 * size * len(part)
            words.append(Word(part, Box(at, top, at + width, top + size), confidence))
            at += width
        at += 0.3 * size if part else 2.5 * size
    return Line(tuple(words), block)


HEAD = (
    line(120, 150, "ỦY BAN NHÂN DÂN  CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    line(120, 185, "TỈNH AN PHÚ  Độc lập - Tự do - Hạnh phúc"),
    line(120, 225, "Số: 15/QĐ-UBND  An Phú, ngày 04 tháng 02 năm 2025"),
    line(500, 280, "QUYẾT ĐỊNH"),
    line(120, 480, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;"),
)


def typed(*more: Line) -> tuple[list[str], list[tuple[LineRole, str]]]:
    own, over = part_typed((*more, *HEAD), DPI, HEIGHT)
    return [one.text for one in own], [(one.role, one.text) for one in over]


LABELLED = ("Ký bởi: Ủy ban nhân dân tỉnh", "Cơ quan: Tỉnh An Phú", "Thời gian ký: 07/02/2025 15:53:02")
NAMELESS = ("TRUNG TÂM CÔNG BÁO", "congbao@anphu.gov.vn", "17.01.2025 14:33:39 +07:00")
MISREAD = ("Kỷ bởi. Ủy bạn hân dẫn ảnh", "Cơ quan: Tnh An Phú", "Thời gia ký: 0702 I4 soss")
ABROAD = ("Signature Not Verified", "Người ký: SỞ TƯ PHÁP", "Email: stp@anphu.gov.vn", "Ngày ký: 05/02/2025 08:09:28")


@pytest.mark.parametrize("texts", [LABELLED, NAMELESS, MISREAD, ABROAD])
def test_small_lines_above_the_head_are_an_electronic_signature(texts: tuple[str, ...]):
    own, over = typed(*(line(900, 10 + 14 * at, text, size=11, confidence=0.7) for at, text in enumerate(texts)))
    assert own == [one.text for one in HEAD]
    assert over == [(LineRole.E_SIGNATURE, text) for text in texts]


def test_a_signature_beside_the_signers_name_is_told_from_it():
    name = line(800, 1500, "Nguyễn Văn An")
    own, over = typed(*(line(820, 1400 + 14 * at, text, size=11) for at, text in enumerate(LABELLED)), name)
    assert name.text in own
    assert [text for _, text in over] == list(LABELLED)


def test_a_signature_read_in_one_line_with_print_is_cut_off():
    mixed = line(120, 1400, "Nơi nhận:")
    tiny = line(900, 1404, "Ký bởi: Sở Tư pháp", size=11)
    below = line(900, 1420, "Thời gian ký: 07/02/2025 15:53:02", size=11)
    own, over = typed(Line((*mixed.words, *tiny.words)), below)
    assert "Nơi nhận:" in own
    assert [text for _, text in over] == [tiny.text, below.text]


def test_garbage_beside_a_signature_above_the_head_goes_with_it():
    rows = [line(900, 10 + 14 * at, text, size=11) for at, text in enumerate(NAMELESS)]
    own, over = typed(*rows, line(820, 20, "Z⁄‹ĐN Ti", size=30, confidence=0.1))
    assert own == [one.text for one in HEAD]
    assert len(over) == 4


@pytest.mark.parametrize(
    "text",
    [
        "Người ký: Nguyễn Văn An",
        "Ngày ký: 04/02/2025",
        "Thời gian ký hợp đồng trước 10:30 ngày 15/3/2025",
        "Cơ quan: Sở Tư pháp, email: stp@anphu.gov.vn",
        "Số: 123/STP-VP ngày 05 tháng 02 năm 2025",
        "Tính đến ngày 15 tháng 3, số văn bản đến là 12",
        "thực hiện chứng thực bản sao đúng với bản chính theo quy định",
        "Chữ ký số hợp lệ, ký bởi người có thẩm quyền",
    ],
)
def test_prose_and_entries_of_forms_stay_the_documents_own(text: str):
    own, over = typed(line(120, 600, text))
    assert text in own
    assert over == []


def test_an_address_in_the_foot_is_no_signature():
    own, over = typed(line(120, 1700, "Email: ubnd@anphu.gov.vn; Điện thoại: 0276.3822222", size=15))
    assert len(own) == len(HEAD) + 1
    assert over == []


def test_a_copy_marked_by_its_signature_is_a_copy():
    rows = ("SAO Y", "Ủy ban nhân dân tỉnh An Phú", "12/12/2024 08:00:15 +07:00")
    _, over = typed(*(line(900, 10 + 14 * at, text, size=11) for at, text in enumerate(rows)))
    assert over == [(LineRole.COPY_STAMP, text) for text in rows]


def test_the_certificate_on_a_copy_ends_with_its_signer():
    rows = ("CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH", "Số chứng thực: 1234 Quyển số: 01-SCT/BS", "Ngày 05 tháng 02 năm 2025")
    signer = line(200, 1500, "Trần Thị Bình")
    own, over = typed(
        line(800, 1150, "Nguyễn Văn An"), *(line(150, 1250 + 30 * at, text) for at, text in enumerate(rows)), signer
    )
    assert "Nguyễn Văn An" in own
    assert over == [(LineRole.COPY_STAMP, text) for text in (*rows, signer.text)]


def blank(colour: bool = False) -> Pixels:
    return np.full((HEIGHT, WIDTH, 3) if colour else (HEIGHT, WIDTH), 255, np.uint8)


def frame(pixels: Pixels, box: Box, ink: int | tuple[int, int, int] = 0, slope: int = 0) -> Pixels:
    """``box`` drawn two pixels thick, its right end ``slope`` pixels lower than its left."""
    left, top, right, bottom = (int(side) for side in (box.left, box.top, box.right, box.bottom))
    for x in range(left, right):
        y = round(slope * (x - left) / (right - left))
        for row in (top + y, bottom + y):
            pixels[row : row + 2, x] = ink
    pixels[top:bottom, left : left + 2] = ink
    pixels[top + slope : bottom + slope, right - 2 : right] = ink
    return pixels


@pytest.mark.parametrize("slope", [0, 8, -8])
def test_a_box_of_the_size_of_a_stamp_is_found_also_when_it_is_put_down_askew(slope: int):
    (found,) = find_frames(PageImage(1, frame(blank(), STAMP, slope=slope), DPI))
    assert found.overlap(STAMP) > 0.8


def test_a_worn_side_is_forgiven_and_a_photo_or_a_table_is_no_stamp():
    worn = frame(blank(), STAMP)
    worn[300:420, 60:64] = 255
    assert len(find_frames(PageImage(1, worn, DPI))) == 1
    assert find_frames(PageImage(1, frame(blank(), Box(60, 300, 1180, 900)), DPI)) == []
    assert find_frames(PageImage(1, frame(blank(), Box(60, 300, 120, 330)), DPI)) == []


def scaled(*lines: Line) -> tuple[Line, ...]:
    """Lines as the engine reads them in the box shown by itself."""
    way = Affine.shift(-(STAMP.left - 6), -(STAMP.top - 6)).then(Affine.scale(200 / DPI))
    return tuple(Line(tuple(Word(w.text, way.map_box(w.box), w.confidence) for w in one.words)) for one in lines)


WORDS = (
    line(120, 310, "CÔNG VĂN ĐẾN", size=16),
    line(70, 345, "Số:", size=16),
    line(120, 345, "I2З4", size=20, confidence=0.4),
    line(70, 380, "Ngày: 15/5/2025", size=16, confidence=0.9),
)


def stamped(reread: tuple[Line, ...], read: tuple[Line, ...] = WORDS) -> PageText:
    page = PageImage(1, frame(blank(), STAMP), DPI)
    return recognise(CleanPage(page), ScriptedEngine((*HEAD, *read), scaled(*reread), ()))


def test_an_incoming_stamp_is_told_from_the_text_around_it():
    text = stamped(WORDS)
    assert [one.text for one in text.own_lines if "15/QĐ-UBND" in one.text]
    assert not any("ĐẾN" in one.text or "Ngày:" in one.text for one in text.own_lines)
    (stamp,) = text.overlays
    assert {one.role for one in stamp} == {LineRole.INCOMING_STAMP}
    assert stamp[0].text == "CÔNG VĂN ĐẾN"


def test_what_a_hand_wrote_into_a_stamp_is_marked_and_not_guessed():
    (stamp,) = stamped(WORDS).overlays
    (ink,) = [word for one in stamp for word in one.words if word.written]
    assert (ink.text, ink.read, ink.confidence) == ("…", "I2З4", 0.0)


def test_words_of_a_stamp_keep_their_place_when_it_is_read_again():
    (stamp,) = stamped(WORDS).overlays
    assert stamp[0].box.overlap(WORDS[0].box) > 0.7


def test_a_stamp_that_was_not_read_at_first_is_read_by_itself():
    text = stamped(WORDS, ())
    assert len(text.overlays) == 1


def test_a_box_with_anything_else_stays_in_the_text():
    inside = (line(80, 320, "Ảnh"), line(80, 360, "Số: 12/GP-UBND"))
    text = stamped(inside, inside)
    assert text.overlays == ()
    assert "Ảnh" in text.text


def test_a_line_of_text_that_begins_under_a_stamp_stays_whole():
    under = line(290, 400, "Căn cứ Luật Đất đai")
    text = stamped(WORDS, (*WORDS, under))
    assert "Căn cứ Luật Đất đai" in [one.text for one in text.own_lines]


def test_a_red_stamp_is_read_from_the_scan_with_its_colours():
    scan = PageImage(1, frame(blank(colour=True), STAMP, (200, 40, 50)), DPI)
    clean = PageImage(1, blank(), DPI)
    engine = ScriptedEngine(HEAD, scaled(*WORDS), ())
    text = recognise(CleanPage(clean), engine, ink=Ink(_NoDigits(), scan))
    assert [over[0].role for over in text.overlays] == [LineRole.INCOMING_STAMP]


class _NoDigits:
    info = ScriptedEngine().info

    def read(self, image: PageImage) -> tuple[()]:
        return ()


def test_a_stamp_without_a_box_is_known_by_its_words():
    rows = (line(70, 310, "ĐẾN"), line(150, 300, "Số: 123"), line(150, 330, "Ngày: 15/5/2025"), line(70, 360, "Chuyển:"))
    segments_read = ScriptedEngine((*HEAD, *rows))
    text = recognise(CleanPage(PageImage(1, blank(), DPI)), segments_read)
    assert sorted(one.text for one in text.overlays[0]) == sorted(one.text for one in rows)


def test_a_number_with_its_code_is_never_a_stamps():
    assert points_of(["ĐẾN", "Số: 15/QĐ-UBND", "Ngày: 4/2/2025"], boxed=True) == 0
    assert find_arrivals([], PageImage(1, blank(), DPI), ScriptedEngine(), None, None) == []


def test_colours_are_seen_where_there_are_any():
    scan = PageImage(1, frame(blank(colour=True), STAMP, (200, 40, 50)), DPI)
    clean = PageImage(1, blank(), DPI)
    seen = see_colours(clean, scan)
    assert seen is not None
    assert seen.share(seen.red, STAMP) > 0.01
    assert seen.share(seen.blue, STAMP) == 0
    assert see_colours(clean, PageImage(1, blank(colour=True), DPI)) is None
    assert see_colours(clean, clean) is None
    assert see_colours(clean, None) is None


def test_overlays_of_a_text_layer_are_told_apart_too():
    layer = PageText(1, (*(line(900, 10 + 14 * at, text, size=11) for at, text in enumerate(LABELLED)), *HEAD), "layer")
    text = recognise(CleanPage(PageImage(1, blank(), DPI)), ScriptedEngine(), layer=layer)
    own = [word.text for one in text.own_lines for word in one.words]
    assert sorted(own) == sorted(word.text for one in HEAD for word in one.words)
    assert len(text.overlays) == 1
