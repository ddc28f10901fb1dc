"""The measures that the benchmark prints."""

from __future__ import annotations

import pytest

from scripts.bench.text_measures import (
    character_error_rate,
    count_tone_errors,
    match_words,
    score_order,
    score_words,
    total,
    words_of,
)


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


def test_a_text_in_its_order_keeps_all_neighbours_whatever_was_misread_in_it():
    score = score_order("một hai ba bốn năm", "một hai bo bốn x năm")
    assert (score.truth, score.common) == (3, 3)


def test_a_block_read_too_early_costs_its_ends():
    score = score_order("a b c d e f g h i j", "d e f a b c g h i j")
    assert (score.truth, score.common) == (9, 7)


def test_columns_read_across_each_other_cost_a_pair_at_every_change_of_side():
    assert score_order("a b c d e f g h", "a b e f c d g h").common == 4
    assert score_order("a", "a").recall == score_order("a b", "").recall == 1.0


def test_a_tone_error_is_a_missing_word_whose_bare_letters_are_too_many():
    assert count_tone_errors("Ủy ban xã Hoà Bình", "Ủy bạn xà Hoà Binh") == 3
    assert count_tone_errors("đổi mới đổi", "đôi môi") == 2
    assert count_tone_errors("xã xã", "xà") == 1
    assert count_tone_errors("xã", "xã xà") == 0


def test_a_word_lost_or_in_another_case_is_no_tone_error():
    assert count_tone_errors("tỉnh Long An", "TỈNH Lang An x") == 0
    assert count_tone_errors("tỉnh Tỉnh", "TỈNH tinh") == 1


def test_words_match_in_their_order_first_and_each_once():
    assert match_words(["a", "b", "c"], ["c", "a", "b", "x", "c"]) == {1: 0, 2: 1, 4: 2}
    assert match_words(["a", "b", "c"], ["c", "a", "b", "c"][:3]) == {0: 2, 1: 0, 2: 1}
