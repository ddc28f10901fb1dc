"""The measures that the benchmark prints."""

from __future__ import annotations

import pytest

from scripts.bench.text_measures import character_error_rate, score_words, total, words_of


def test_words_are_compared_without_order_and_without_punctuation_at_their_edges():
    score = score_words("Căn cứ Luật, ngày 19/6/2015;", "ngày 19/6/2015 Luật Căn ‹ cú")
    assert (score.truth, score.found, score.common) == (5, 5, 4)
    assert score.recall == score.precision == score.f1 == pytest.approx(0.8)


def test_a_word_counts_as_often_as_it_stands_there():
    assert score_words("tổ tổ tổ", "tổ").recall == pytest.approx(1 / 3)


def test_composed_and_decomposed_letters_are_the_same():
    assert words_of("Quye\u0302\u0301t | —") == ["Quyết"]


def test_scores_of_pages_add_up_by_words():
    both = total([score_words("a b c", "a b c"), score_words("d", "")])
    assert (both.recall, both.precision) == (0.75, 1.0)


def test_character_errors_are_counted_for_each_character_of_the_truth():
    assert character_error_rate("đổi  mới", "đôi mới") == pytest.approx(1 / 7)
    assert character_error_rate("", "") == 0.0
    assert character_error_rate("", "x") == 1.0
