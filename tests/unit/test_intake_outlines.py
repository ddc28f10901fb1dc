"""Whether letters of a layer look as they must."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.domain.geometry import Box
from pipeline.intake.glyphs import Glyph
from pipeline.intake.outlines import look_like_their_letters

ABOVE, BELOW = frozenset("áàâấãă"), frozenset("ạ")


def drawn(shown: str, *, told: str | None = None, embedded: bool = True) -> list[Glyph]:
    """Glyphs of 10 points that look like ``shown``, of which the layer says ``told``."""
    made = []
    for letter, text in zip(shown, told or shown, strict=True):
        top = 93.0 if letter in ABOVE else 95.3
        bottom = 102.0 if letter in BELOW else 100.1
        made.append(Glyph(text, Box(0, top, 5, bottom), (0, 100), 10, "F1", True, True, True, False, text, embedded))
    return made


SHOWN = "áạaấaăeoacmn" * 4


def test_letters_with_their_marks_are_believed():
    assert look_like_their_letters(drawn(SHOWN))


@pytest.mark.parametrize(("shown", "told"), [("á", "a"), ("a", "á"), ("ạ", "a"), ("a", "ạ"), ("ấ", "ạ")])
def test_other_marks_than_the_outlines_have_are_told(shown, told):
    extra = shown * 5
    assert not look_like_their_letters(drawn(SHOWN + extra, told=SHOWN + told * 5))


def test_outlines_of_fonts_that_are_not_in_the_file_say_nothing():
    assert look_like_their_letters(drawn(SHOWN, told=SHOWN.replace("á", "a"), embedded=False))


def test_horns_and_letters_of_other_languages_are_not_judged():
    assert look_like_their_letters(drawn(SHOWN + "aaaaa", told=SHOWN + "ơưäöü"))


def test_too_few_letters_say_nothing():
    assert look_like_their_letters(drawn("cmnáa", told="cmnaá"))
    assert look_like_their_letters([replace(glyph, upright=False) for glyph in drawn(SHOWN, told=SHOWN.replace("á", "a"))])
