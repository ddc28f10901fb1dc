"""Whether letters of a text layer can be believed."""

from __future__ import annotations

import pytest

from pipeline.intake.soundness import is_broken, is_plausible, speaks

VIETNAMESE = """Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015; theo đề nghị của Giám đốc Sở Nội vụ,
Ủy ban nhân dân tỉnh thông báo kết luận của Phó Chủ tịch tại cuộc họp nghe báo cáo về tình hình thực hiện nhiệm vụ"""


def test_vietnamese_is_believed():
    assert speaks(VIETNAMESE.split())


@pytest.mark.parametrize(
    "text",
    [
        "Dieses Skript wurde im Wintersemester von den Studenten für die Prüfung in Topologie geschrieben und gelesen",
        "Beautiful is better than ugly and explicit is better than implicit although practicality beats purity every time",
        "Lorem ipsum dolor sit amet consetetur sadipscing elitr sed diam nonumy eirmod tempor invidunt ut labore et dolore",
    ],
    ids=["German", "English", "Latin"],
)
def test_other_languages_are_believed(text):
    assert speaks(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "Céng hßa x· héi chñ nghÜa ViÖt Nam §éc lËp Tù do H¹nh phóc ñy ban nh©n d©n tØnh Qu¶ng Ng·i th«ng b¸o kÕt luËn",
        "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam Ñoäc laäp Töï do Haïnh phuùc UÛy ban nhaân daân tænh Quaûng Ngaõi",
        "Fòqj fx kqmx tqzp bkdx wnxq lmrt sdfg hjkl zxcv bnmq wrtp sdfq ghjk lzxc vbnm qwrt",
        "DFGHZ JKLMN PQRST VWXZB CDFGH JKLMN PQRST VWXZB CDFGH JKLMN PQRST VWXZB CDFGH JKLMN",
    ],
    ids=["TCVN3", "VNI", "shifted", "consonants"],
)
def test_what_only_looks_like_text_is_not(text):
    assert not speaks(text.split())


@pytest.mark.parametrize("syllable", ["nghiêng", "quyêt", "uy", "khuya", "gia", "đươc", "nguyên", "xoay", "y"])
def test_vietnamese_syllables_are_plausible(syllable):
    assert is_plausible(syllable)


def test_letters_that_stand_for_none_are_broken():
    assert all(is_broken(letter) for letter in ("\ufffd", "\ue001", "\x03"))
    assert not any(is_broken(letter) for letter in "aĐ1/")
