"""What speaks for a word, and the chance that follows from it."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace

import numpy as np
import pytest

from ocr_models.confidence import WEIGHTS, LogisticConfidence
from pipeline.domain.errors import UnavailableError
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageText, Word
from pipeline.recognition.evidence import FEATURES, gather_evidence, weigh_words
from tests.tiny_language import TinyLanguage

BOX = Box(0, 0, 50, 20)


def spoken(word: Word) -> dict[str, float]:
    (row,) = gather_evidence((Line((word,)),), TinyLanguage())
    return {name: float(value) for name, value in zip(FEATURES, row, strict=True) if value}


class Half:
    def knows(self, engine):
        return engine == "known"

    def chances(self, evidence, features, engine):
        assert evidence.shape[1] == len(features)
        return [0.5] * len(evidence)


def test_the_confidence_of_the_engine_is_told_as_shares_of_its_two_neighbours():
    told = spoken(Word("quan", BOX, 0.75))
    assert told["sure_0.7"] == told["sure_0.8"] == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("quan,", "known_word"),
        ("nghiêng", "syllable"),
        ("Xqz", "other_letters"),
        ("12.500", "number"),
        ("717/QĐ-UBND", "mixed"),
        ("---", "signs_only"),
    ],
)
def test_every_word_is_of_one_kind(text, kind):
    kinds = {"known_word", "syllable", "other_letters", "number", "mixed", "signs_only"}
    assert kinds & set(spoken(Word(text, BOX, 0.9))) == {kind}


def test_the_nearest_choice_counts_by_whether_it_changes_a_mark_or_a_sign():
    word = Word("đê", BOX, 0.9, choices=((("d", 4.0), ("b", 7.0)), (("ề", 1.0), (".", 0.1))))
    told = spoken(word)
    assert (told["mark_1"], told["sign_7"]) == (1.0, 1.0)
    assert "choices_untold" not in told
    assert "choices_untold" in spoken(replace(word, text="đê,"))


def test_a_second_reading_speaks_for_or_against_a_word():
    word = Word("quan", BOX, 0.8)
    assert "agreed" in spoken(replace(word, second="quan"))
    assert "disagreed" in spoken(replace(word, second="quam"))
    assert "not_found_again" in spoken(replace(word, second=""))
    assert not {"agreed", "disagreed", "not_found_again"} & set(spoken(word))


def test_how_well_a_word_suits_its_sentence_speaks_for_it():
    word = Word("quan", BOX, 0.8)
    told = spoken(replace(word, leads=(4.0, -6.0)))
    assert (told["lead_4"], told["usage_-6"]) == (1.0, 1.0)
    assert not any(name.startswith(("lead_", "usage_")) for name in spoken(word))


def test_words_get_their_chance_but_mended_and_written_ones_keep_theirs():
    words = (
        Word("cơ", BOX, 0.9, choices=((), ()), second="cơ", leads=(1.0, 2.0)),
        Word("quyền", BOX, 0.8, read="quyên"),
        Word("12", BOX, 0.7, written=True),
    )
    text = weigh_words(PageText(1, (Line(words),), "known"), Half(), TinyLanguage())
    assert [word.confidence for word in text.words] == [0.5, 0.8, 0.7]
    assert all(word.choices == () and word.second is None and word.leads == () for word in text.words)


@pytest.mark.parametrize(
    ("engine", "model", "language"),
    [("known", None, TinyLanguage()), ("known", Half(), None), ("another", Half(), TinyLanguage())],
)
def test_words_keep_their_confidence_without_a_model_a_language_or_an_engine_the_model_knows(engine, model, language):
    text = PageText(1, (Line((Word("cơ", BOX, 0.9, choices=((), ())),)),), engine)
    assert weigh_words(text, model, language).words == (Word("cơ", BOX, 0.9),)


def test_nothing_is_asked_for_an_empty_page():
    assert weigh_words(PageText(1, (), "known"), Half(), TinyLanguage()) == PageText(1, (), "known")


def test_the_weights_that_come_with_the_product_know_the_features_of_the_program():
    for engine in ("tesserocr", "tesseract"):
        torn = Word("qxz", BOX, 0.3, choices=((("g", 0.5),), (), ()))
        rows = gather_evidence((Line((Word("quan", BOX, 0.96), torn)),), TinyLanguage())
        good, bad = LogisticConfidence().chances(rows, FEATURES, engine)
        assert 0 < bad < 0.9 < good < 1


def test_missing_weights_and_weights_of_another_program_are_told(tmp_path):
    with pytest.raises(UnavailableError, match="cannot be loaded"):
        LogisticConfidence(tmp_path / "none.toml").knows("tesserocr")
    (tmp_path / "odd.toml").write_text("[tesserocr]\na = 1\n")
    with pytest.raises(UnavailableError, match="other features"):
        LogisticConfidence(tmp_path / "odd.toml").chances(np.zeros((1, 1), np.float32), ["b"], "tesserocr")


def test_the_weights_that_ship_are_those_of_the_manifest():
    manifest = tomllib.loads(WEIGHTS.with_name("manifest.toml").read_text("utf-8"))
    (entry,) = [model for model in manifest["model"] if model["file"] == WEIGHTS.name]
    assert hashlib.sha256(WEIGHTS.read_bytes()).hexdigest() == entry["sha256"]
