"""How Vietnamese syllables are written."""

from __future__ import annotations

import pytest

from pipeline.domain.syllables import bare, canonical, count_marks_changed, is_syllable, to_old_placement


@pytest.mark.parametrize(("word", "letters"), [("Quyết", "quyet"), ("ĐỊNH", "dinh"), ("mười", "muoi"), ("ubnd", "ubnd")])
def test_look_alikes_share_their_bare_letters(word, letters):
    assert bare(word) == letters
    assert len(letters) == len(word)


@pytest.mark.parametrize(
    ("written", "today"),
    [("hòa", "hoà"), ("Hoà", "hoà"), ("thủy", "thuỷ"), ("ủy", "uỷ"), ("khỏe", "khoẻ"), ("quý", "quý"), ("của", "của")],
)
def test_a_tone_has_one_place_whatever_the_page_prefers(written, today):
    assert canonical(written) == today


@pytest.mark.parametrize(
    "word", ["giải", "già", "gì", "ngoài", "khuỷu", "nghiệp", "được", "quyển", "oái", "mía", "muốn", "quả"]
)
def test_other_tones_stay_where_they_are(word):
    assert canonical(word) == word
    assert to_old_placement(word) == word


@pytest.mark.parametrize(
    ("today", "before"), [("hoà", "hòa"), ("thuỷ", "thủy"), ("uỷ", "ủy"), ("hoạt", "hoạt"), ("quỹ", "quỹ")]
)
def test_the_old_placement_differs_in_open_oa_oe_uy_only(today, before):
    assert to_old_placement(today) == before


@pytest.mark.parametrize("word", ["quyết", "Nghiêng", "ĐƯỜNG", "quốc", "giếng", "gìn", "y", "ở", "khuya", "quơ"])
def test_spellings_that_occur_are_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["quyét", "quyet", "bàc", "hợpthủ", "ubnd", "ngf", "export", "", "3"])
def test_other_spellings_are_none(word):
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("one", "other", "marks"), [("quyên", "quyền", 1), ("gờ", "gỗ", 2), ("đươc", "dược", 2), ("bổ", "bổ", 0)]
)
def test_marks_between_look_alikes_are_counted(one, other, marks):
    assert count_marks_changed(one, other) == marks
