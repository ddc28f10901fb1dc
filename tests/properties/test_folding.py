"""Folding: what is typed without marks finds what stands there with them, whatever way the marks are written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.folding import fold, fold_with_origins
from storage.snippets import HIT_CLOSE, HIT_OPEN, cut_snippet

LETTERS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
VIETNAMESE = st.text(st.sampled_from(LETTERS + LETTERS.upper() + "bcghklmnpqrstvx0123456789 /-.,:\n"))
ANY = st.one_of(st.text(), VIETNAMESE)


@given(ANY)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_marks_written_together_or_apart_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(VIETNAMESE)
def test_vietnamese_folds_to_plain_letters_and_digits(text: str) -> None:
    assert all(sign == " " or (sign.isascii() and sign.isalnum()) for sign in fold(text))
    assert fold(text) == fold(text.upper()) == fold(text.lower())


@given(ANY)
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded, origins = fold_with_origins(text)
    assert folded == fold(text)
    assert len(origins) == len(folded)
    assert origins == sorted(origins)
    assert all(folded[i] in fold(text[origin]) or folded[i] == " " for i, origin in enumerate(origins))


@given(ANY, ANY, VIETNAMESE.filter(fold))
def test_a_snippet_marks_the_words_asked_for_and_changes_nothing_else(before: str, after: str, asked: str) -> None:
    text = f"{before} {asked} {after}".replace(HIT_OPEN, "").replace(HIT_CLOSE, "")
    snippet = cut_snippet(text, fold(asked).split())
    assert snippet.count(HIT_OPEN) == snippet.count(HIT_CLOSE) >= 1
    marked = snippet[snippet.index(HIT_OPEN) + 1 : snippet.index(HIT_CLOSE)]
    assert fold(marked) == " ".join(fold(asked).split())


@given(ANY, st.lists(VIETNAMESE))
def test_a_snippet_of_anything_is_short(text: str, words: list[str]) -> None:
    assert len(cut_snippet(text * 50, [word for query in words for word in fold(query).split()])) < 4000


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Quyết định số 717/QĐ-UBND", "quyet dinh so 717 qd ubnd"),
        ("ĐƯỜNG", "duong"),
        ("đường", "duong"),
        ("  ", ""),
        ("ﬁ № １２", "fi no 12"),
        ("Điều 5, khoản 2.", "dieu 5 khoan 2"),
    ],
)
def test_examples_fold_as_one_types_them(text: str, folded: str) -> None:
    assert fold(text) == folded
