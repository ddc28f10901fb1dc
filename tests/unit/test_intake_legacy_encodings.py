"""Text layers of the time before Unicode: mended where that can be done, else read from the picture."""

from __future__ import annotations

import pytest

from pipeline.domain.geometry import Box
from pipeline.intake import Bounds, read_page
from pipeline.intake.glyphs import Glyph
from pipeline.intake.legacy_encodings import (
    TCVN3,
    VISCII,
    VNI,
    VPS,
    LegacyEncoding,
    decode_text,
    is_capital_font,
    named_encoding,
)
from pipeline.intake.mending import mend_glyphs
from tests.legacy_pdfs import encode, legacy_font, legacy_pdf

LINES = (
    "ủy ban nhân dân tỉnh quảng ngãi thông báo kết luận của phó chủ tịch",
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "theo đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 123/TTr-SNV ngày 05/11/2012,",
    "về việc thực hiện thu ngân sách 1.250.000.000đ, như sau: những hộ gia đình bị",
    "ảnh hưởng được hỗ trợ; số định danh 001099012345, điện thoại 0905123456, Q.5",
)
TEXT = "\n".join(LINES)


def glyphs_of(words: list[str], font: str, *, height: float = 5.0) -> list[Glyph]:
    """Glyphs of 12 points of words in one line, low hyphens, spaces between them."""
    made = []
    for word in words:
        for letter in [*word, " "]:
            at = 6.0 * len(made)
            low = letter in "-\xad\x02"
            box = Box(at, 98.0 if low else 100.0 - height, at + 6, 99.0 if low else 100.0)
            made.append(Glyph(letter, box, (at, 100.0), 12.0, font, True, True, True, letter == " ", letter))
    return made


def mended(words: list[str], font: str, **shape: float) -> tuple[str, bool]:
    glyphs, was_mended = mend_glyphs(glyphs_of(words, font, **shape))
    return "".join(glyph.text for glyph in glyphs).strip(), was_mended


def codes_of(text: str, encoding: LegacyEncoding) -> list[str]:
    return encode(text, encoding).decode("latin-1").split()


@pytest.mark.parametrize(
    ("encoding", "held", "meant"),
    [
        (TCVN3, "Céng hßa x· héi chñ nghÜa ViÖt Nam, §éc lËp", "Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập"),
        (TCVN3, "ñy ban nh©n d©n tØnh Qu¶ng Ng·i", "ủy ban nhân dân tỉnh Quảng Ngãi"),
        (VNI, "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, Ñoäc laäp", "Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập"),
        (VNI, "ÖÙNG DUÏNG ñöôïc THÖÔÛNG", "ỨNG DỤNG được THƯỞNG"),
        (VISCII, "C\xf5ng h\xf2a", "Cõng hòa"),
        (VPS, "Vi\x8ct Nam, th\xc2n \xe5i".replace("\xc2", "\xe2"), "Việt Nam, thân ại"),
    ],
)
def test_letters_are_those_that_the_fonts_show(encoding, held, meant):
    assert decode_text(held, encoding) == meant


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", TCVN3),
        (".VnArialH,Bold", TCVN3),
        ("VnTimeH", TCVN3),
        ("VNI-Times", VNI),
        ("VNI Helve", VNI),
        ("VPS Times", VPS),
        ("Times New Roman", None),
        ("Vernon", None),
        ("VnExpressSans", None),
    ],
)
def test_fonts_are_known_by_name(font, encoding):
    assert named_encoding(font) is encoding


def test_capital_fonts_are_known_by_name():
    assert [is_capital_font(name) for name in (".VnTimeH", ".VnArialH,Bold", ".VnTimeH-Bold")] == [True] * 3
    assert [is_capital_font(name) for name in (".VnTime", ".VnHelvetIns", "VNI-TimesH")] == [False] * 3
    assert is_capital_font("VnTimeH")


@pytest.mark.parametrize("encoding", [TCVN3, VNI, VPS, VISCII], ids=lambda encoding: encoding.name)
@pytest.mark.parametrize("font", ["named", "CIDFont+F1"])
def test_a_page_is_mended_by_the_name_of_its_font_or_by_its_words(encoding, font):
    names = {"tcvn3": ".VnTime", "vni": "VNI-Times", "vps": "VPS Times", "viscii": "VISCII Times"}
    text = TEXT.replace("Ủ", "ủ")
    assert mended(codes_of(text, encoding), names[encoding.name] if font == "named" else font) == (
        " ".join(text.split()),
        True,
    )


def test_small_letters_of_a_font_of_capitals_are_capitals():
    words = codes_of("cộng hòa xã hội số 12", TCVN3)
    assert mended(words, ".VnTimeH") == ("CỘNG HÒA XÃ HỘI SỐ 12", True)
    assert mended(["ban", "12"], ".VnTimeH") == ("BAN 12", True)


def test_capitals_are_told_by_their_height_where_no_name_does():
    words = codes_of(LINES[0], TCVN3)
    assert mended(words, "F1", height=8.0) == (LINES[0].upper(), True)
    assert mended(words, "F1", height=5.5) == (LINES[0], True)


@pytest.mark.parametrize("held", ["n-íc", "n\xadíc"])
def test_a_letter_that_shares_its_code_with_the_hyphen_comes_back(held):
    assert mended([held, "nh\x02", "TTr-SNV", "1945-1975", "Q§-UBND"], ".VnTime")[0] == "nước như TTr-SNV 1945-1975 QĐ-UBND"


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "Là và có thì mà là bà hà cá cò vò võ tã lã má xã",
        "Dieses Skript wurde im Wintersemester für die Prüfung geschrieben, ähnlich wie früher, möglichst schön und grün",
        "Le président a été élu; né à Évreux, le français était déjà là où l'été s'achève, forêt, hôtel, âme, naïve",
        "El niño español compró piñas, razón, canción, árbol, túnel, después también habló inglés y francés aquí allá",
        "Tel. 0905-123-456, 25°C, 100 m², Nº 5, §3, «quoted», 1­2­3, a­0015­185 well­known 2013­10­02 11­10 co­op re­do",
    ],
    ids=["Vietnamese", "Vietnamese in Western letters", "German", "French", "Spanish", "numbers"],
)
def test_what_is_unicode_already_stays_as_it_is(text):
    glyphs = glyphs_of(text.split(), "Times New Roman")
    assert mend_glyphs(glyphs) == (tuple(glyphs), False)


def test_unicode_in_a_font_with_a_legacy_name_stays_as_it_is():
    assert mended(TEXT.split(), ".VnTime") == (" ".join(TEXT.split()), False)


def test_letters_that_no_encoding_explains_are_unmapped():
    glyphs, was_mended = mend_glyphs(glyphs_of(["kµ÷t", "§§p", "x¹¹q", "bình"], "VNI-Times"))
    assert not was_mended
    glyphs, was_mended = mend_glyphs(glyphs_of(["Xä÷q", "öåzä", "plïk"], "VNI-Times"))
    assert not was_mended
    assert not any(glyph.mapped for glyph in glyphs if not glyph.is_break)


def test_a_font_without_a_name_goes_with_the_others_of_its_page():
    page = glyphs_of(codes_of(TEXT.replace("Ủ", "ủ"), TCVN3), ".VnTime") + glyphs_of(["Sè", "kÕt", "th«ng"], "F2")
    text = "".join(glyph.text for glyph in mend_glyphs(page)[0])
    assert text.split()[-3:] == ["Số", "kết", "thông"]


def read(path):
    return read_page(path, "application/pdf", 1, Bounds())


@pytest.mark.parametrize(("encoding", "font"), [(TCVN3, ".VnTime"), (VNI, "VNI-Times"), (VNI, "CIDFont+F3")])
def test_a_page_set_in_such_a_font_has_a_layer(tmp_path, encoding, font):
    lines = [line.replace("Ủ", "ủ") for line in LINES]
    path = legacy_pdf(tmp_path / "a.pdf", [(font, encode(line, encoding)) for line in lines], {font: legacy_font(encoding)})
    page = read(path)
    assert page.layer is not None
    assert page.layer.text == "\n".join(lines)
    assert page.problems == ("legacy_encoding",)
    assert page.unlayered == ()
    assert {word.confidence for word in page.layer.words} == {1.0}


def test_fonts_of_both_times_stand_on_one_page(tmp_path):
    lines = [(".VnTimeH", encode("quyết định", TCVN3)), *((".VnTime", encode(line, TCVN3)) for line in LINES[:4])]
    lines.append(("Helvetica", b"Page 1 of 2, reference 2013-10-02"))
    programs = {".VnTimeH": legacy_font(TCVN3, capitals=True), ".VnTime": legacy_font(TCVN3), "Helvetica": None}
    page = read(legacy_pdf(tmp_path / "a.pdf", lines, programs))
    assert page.layer is not None
    assert page.layer.text.split("\n") == ["QUYẾT ĐỊNH", *LINES[:4], "Page 1 of 2, reference 2013-10-02"]


def test_a_legacy_font_that_yields_no_vietnamese_makes_no_layer(tmp_path):
    nonsense = [(".VnTime", bytes(0xB5 + (7 * at + 3 * row) % 70 for at in range(60))) for row in range(6)]
    assert read(legacy_pdf(tmp_path / "a.pdf", nonsense, {".VnTime": legacy_font(TCVN3)})).layer is None
