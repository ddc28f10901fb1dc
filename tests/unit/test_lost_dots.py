"""The dot under a y that an engine lost is found on the page, and only where one stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageImage, Word
from pipeline.recognition.dots import find_lost_dots
from scripts.corpus.fonts import file_of

FAMILIES = ("Liberation Serif", "Liberation Sans", "FreeSerif")


def shown(text: str, read: str, family: str = FAMILIES[0], size: int = 50, *, grey: int = 25) -> tuple[PageImage, Word]:
    """A page at 300 dpi with ``text`` on it, and the word an engine made of it."""
    picture = Image.new("L", (600, 200), 245)
    font = ImageFont.truetype(str(file_of(family)), size)
    ImageDraw.Draw(picture).text((60, 60), text, fill=grey, font=font)
    left, top, right, bottom = font.getbbox(text)
    return PageImage(1, np.asarray(picture, np.uint8), 300.0), Word(
        read, Box(60 + left, 60 + top, 60 + right, 60 + bottom), 0.9
    )


def seen(page: PageImage, word: Word) -> Word:
    return find_lost_dots((Line((word,)),), page)[0].words[0]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("text", "read"), [("Tỵ", "Ty"), ("Thuỵ", "Thuy"), ("TỴ,", "TY,"), ("Kỵ", "Ky")])
def test_a_dot_that_stands_on_the_page_is_put_back(family: str, text: str, read: str) -> None:
    page, word = shown(text, read, family)
    assert seen(page, word) == replace(word, text=text, read=read)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("text", ["Ty", "Thuy", "Ty.", "Ty,", "Huy;", "TY", "Quy"])
def test_where_no_dot_stands_none_is_put(family: str, text: str) -> None:
    page, word = shown(text, text, family)
    assert seen(page, word) is word


@pytest.mark.parametrize("read", ["ty", "Tý", "Tay", "Y", "May", "12y"])
def test_words_of_another_kind_are_left_to_the_model_of_language(read: str) -> None:
    page, word = shown("Tỵ", read)
    assert seen(page, word) is word


def test_a_faint_word_and_a_mended_one_are_left_alone() -> None:
    page, word = shown("Tỵ", "Ty", grey=215)
    assert seen(page, word) is word
    page, word = shown("Tỵ", "Ty")
    mended = replace(word, read="Tv")
    assert seen(page, mended) is mended
