"""Text layers whose fonts do not say, or say wrongly, which letters they show."""

from __future__ import annotations

import pikepdf
import pytest

from pipeline.intake import Bounds, read_page
from pipeline.intake.font_maps import with_own_maps
from tests.legacy_pdfs import mapped_pdf
from tests.made_pdfs import text_pdf, typed

LINES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "theo đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 123/TTr-SNV,",
    "Ủy ban nhân dân tỉnh thông báo kết luận của Phó Chủ tịch tại cuộc họp",
    "về tình hình thực hiện nhiệm vụ, số định danh 001099012345.",
)
#: Look-alikes: other marks, or none.
WRONG = dict(zip("ếềệốồộấầậáàạịụủứự", "eeeoooaaaaaaiuuưư", strict=True))
SHIFTED = {chr(code): chr(code + 1) for code in range(ord("a"), ord("y"))}


def read(path):
    return read_page(path, "application/pdf", 1, Bounds())


def test_a_right_map_is_believed(tmp_path):
    page = read(mapped_pdf(tmp_path / "a.pdf", LINES, {}, with_cmap=True))
    assert page.layer is not None
    assert (page.layer.text, page.problems) == ("\n".join(LINES), ())


@pytest.mark.parametrize("letters", [None, WRONG, SHIFTED], ids=["none", "wrong marks", "shifted"])
@pytest.mark.parametrize(("with_cmap", "names"), [(True, False), (False, True)], ids=["character map", "glyph names"])
def test_a_missing_or_wrong_map_is_made_anew_from_the_font(tmp_path, letters, with_cmap, names):
    page = read(mapped_pdf(tmp_path / "a.pdf", LINES, letters, with_cmap=with_cmap, names=names))
    assert page.layer is not None
    assert (page.layer.text, page.problems) == ("\n".join(LINES), ("broken_font_map",))


@pytest.mark.parametrize("letters", [None, WRONG, SHIFTED], ids=["none", "wrong marks", "shifted"])
def test_where_the_font_knows_no_letters_the_picture_is_read(tmp_path, letters):
    page = read(mapped_pdf(tmp_path / "a.pdf", LINES, letters, with_cmap=False))
    assert (page.layer, page.problems) == (None, ())


def test_fonts_that_are_not_in_the_file_make_no_map(tmp_path):
    with pikepdf.open(text_pdf(tmp_path / "a.pdf", typed())) as raw:
        assert with_own_maps(raw, 1) is None
        assert with_own_maps(raw, 7) is None


def test_a_damaged_font_program_makes_no_map(tmp_path):
    path = mapped_pdf(tmp_path / "a.pdf", LINES, None, with_cmap=True)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        font = pdf.pages[0].obj.Resources.Font.F0.DescendantFonts[0].FontDescriptor
        font.FontFile2.write(font.FontFile2.read_bytes()[:300])
        assert with_own_maps(pdf, 1) is None
