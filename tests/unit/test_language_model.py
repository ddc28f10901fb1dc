"""Training, file and answers of the model of syllables."""

from __future__ import annotations

import hashlib
import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

from ocr_models import SyllableModel
from ocr_models.language import START, SYLLABLES
from pipeline.domain.errors import UnavailableError
from pipeline.ports import NOTHING, NUMBER, UNKNOWN
from scripts.train_language import main, split_sentences

TEXT = """Cơ quan có thẩm quyền giải quyết hồ sơ trong 15 ngày.
Cơ quan có thẩm quyền thẩm định hồ sơ trong 20 ngày làm việc.
Người nộp hồ sơ: cơ quan có thẩm quyền trả kết quảMã số 1.004
Quyên góp.
Quyên góp."""


@pytest.fixture
def trained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    text, model = tmp_path / "text.txt", tmp_path / "model.npz"
    text.write_text(TEXT, encoding="utf-8")
    assert main([str(text), "--out", str(model)]) == 0
    assert "5 lines" in capsys.readouterr().out
    return model


def costs(model: SyllableModel, *runs: tuple[str, ...]) -> list[float]:
    """Of the last word of each run, behind its others."""
    rows = [[*[NOTHING] * (3 - len(run)), *model.numbers(run)] for run in runs]
    return model.costs(np.array(rows, np.int64)).tolist()


def test_words_often_seen_together_are_cheap_together(trained):
    model = SyllableModel(trained)
    usual, odd = costs(model, ("có", "thẩm", "quyền"), ("có", "thẩm", "quyên"))
    assert usual < 1 < odd
    assert model.similar("quyen") == ("quyên", "quyền")
    assert model.knows("thẩm")
    assert not model.knows("thầm")


def test_chances_add_up_to_one_behind_any_words(trained):
    model = SyllableModel(trained)
    words = [*model._tables.number]
    for context in [(), ("có",), ("có", "thẩm"), ("việc", "có"), (START, START), (UNKNOWN, "thẩm")]:
        total = sum(math.exp(-cost) for cost in costs(model, *((*context, word) for word in words)))
        assert total == pytest.approx(1.0, abs=0.06)


def test_what_the_model_does_not_know_costs_as_much_as_the_unknown(trained):
    model = SyllableModel(trained)
    assert costs(model, ("có", "zzz")) == costs(model, ("có", UNKNOWN))
    assert model.costs(np.zeros((0, 3), np.int64)).shape == (0,)


def test_training_twice_gives_the_same_bytes(trained, tmp_path, capsys):
    again = tmp_path / "again.npz"
    main([str(tmp_path / "text.txt"), "--out", str(again)])
    assert hashlib.sha256(again.read_bytes()).hexdigest() in capsys.readouterr().out
    assert again.read_bytes() == trained.read_bytes()


def test_lines_that_a_file_quotes_can_be_left_out(trained, tmp_path, capsys):
    quoting = tmp_path / "page.txt"
    quoting.write_text("Theo đó, cơ quan có thẩm quyền giải quyết hồ sơ trong hạn", encoding="utf-8")
    main([str(tmp_path / "text.txt"), "--out", str(tmp_path / "less.npz"), "--without", str(quoting)])
    assert "4 lines" in capsys.readouterr().out


def test_sentences_end_at_stops_and_where_lines_were_glued_together():
    assert list(split_sentences("Hồ sơ: 02 bộ (bản sao); kết quảMã số")) == [
        ["hồ", "sơ"], [NUMBER, "bộ", "bản", "sao"], ["kết", "quả"], ["mã", "số"]
    ]  # fmt: skip


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 broken", b"no archive"])
def test_a_missing_or_damaged_file_is_told_with_its_cure(tmp_path, content):
    path = tmp_path / "model.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnavailableError, match="install the product again") as told:
        SyllableModel(path).knows("hồ")
    assert told.value.code == "language_model_missing"


def test_the_model_that_ships_is_the_one_of_the_manifest():
    manifest = tomllib.loads((SYLLABLES.parent / "manifest.toml").read_text(encoding="utf-8"))
    entry = next(model for model in manifest["model"] if model["file"] == SYLLABLES.name)
    assert entry["sha256"] == hashlib.sha256(SYLLABLES.read_bytes()).hexdigest()


def test_the_model_that_ships_knows_the_prose_of_offices():
    usual, odd = costs(SyllableModel(), ("cơ", "quan", "có"), ("cơ", "quan", "cò"))
    assert usual + 4 < odd
