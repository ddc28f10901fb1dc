"""What holds of mended lines whatever was read."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.pages import Line
from pipeline.domain.syllables import bare, canonical, to_old_placement
from pipeline.recognition.mending import mend_lines
from tests.tiny_language import SENTENCES, TinyLanguage, line

LANGUAGE = TinyLanguage()
KNOWN = [word for sentence in SENTENCES for word in sentence.split()]
MISREAD = st.sampled_from(KNOWN).flatmap(
    lambda word: st.sampled_from([word, bare(word), word.title(), word.upper(), f"({word},"])
)
ANYTHING = st.text(st.characters(codec="utf-8", exclude_categories=("Z", "C")), min_size=1, max_size=8)
WORDS = st.one_of(MISREAD, MISREAD, ANYTHING)
LINES = st.lists(
    st.builds(
        lambda words, confidence, block: line(" ".join(words), confidence, block=block),
        st.lists(WORDS, min_size=1, max_size=8),
        st.floats(0, 1),
        st.integers(0, 1),
    ),
    max_size=5,
).map(tuple)


def plain(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines without what is only said of their words while a page is read."""
    return tuple(replace(found, words=tuple(replace(word, leads=()) for word in found.words)) for found in lines)


def words_of(lines: tuple[Line, ...]) -> list[tuple[str, str]]:
    return [(word.text, word.read) for found in lines for word in found.words]


@given(LINES)
def test_words_and_boxes_stay_as_many_and_where_they_were(lines):
    mended = mend_lines(lines, LANGUAGE)
    assert [[w.box for w in found.words] for found in mended] == [[w.box for w in found.words] for found in lines]
    assert [found.block for found in mended] == [found.block for found in lines]


@given(LINES)
def test_only_marks_change_and_never_beside_digits(lines):
    mended = plain(mend_lines(lines, LANGUAGE))
    for before, after in zip(lines, mended, strict=True):
        for old, new in zip(before.words, after.words, strict=True):
            assert bare(new.text) == bare(old.text)
            assert [sign.isupper() for sign in new.text] == [sign.isupper() for sign in old.text]
            assert new.read == ("" if new.text == old.text else old.text)
            assert new == old or canonical(new.text) != canonical(old.text)
            if any(sign.isdigit() for sign in old.text):
                assert new == old


@given(LINES)
def test_mending_twice_is_mending_once(lines):
    once = mend_lines(lines, LANGUAGE)
    assert plain(mend_lines(once, LANGUAGE)) == plain(once)


@given(st.sampled_from(KNOWN))
def test_both_placements_of_a_tone_are_one_word(word):
    assert canonical(to_old_placement(word)) == word
