"""The language model on its way through settings, recognition, working files and ALTO."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from ocr_models import ScriptedEngine
from pipeline.archive.working import decode_reading, encode_reading
from pipeline.composition import to_alto
from pipeline.domain.documents import Source
from pipeline.domain.pages import CleanPage, PageImage, PageOrigin, PageReading, PageText
from pipeline.recognition import recognise
from pipeline.settings import Settings
from pipeline.workbench import build_pool
from tests.tiny_language import TinyLanguage, line


def read(language: TinyLanguage | None) -> PageText:
    page = CleanPage(PageImage(1, np.full((100, 300), 255, np.uint8), 300.0))
    return recognise(page, ScriptedEngine([line("thâm quyền")]), language=language)


def test_pages_are_mended_with_a_language_model_only():
    assert read(None).text == "thâm quyền"
    assert read(TinyLanguage()).text == "thẩm quyền"


def test_a_text_layer_is_not_mended():
    page = CleanPage(PageImage(1, np.full((100, 300), 255, np.uint8), 300.0))
    layer = PageText(1, (line("thâm quyền"),), "layer")
    assert recognise(page, ScriptedEngine(), layer=layer, language=TinyLanguage()) == layer


def test_what_was_read_goes_through_working_files_and_into_alto():
    reading = PageReading(1, 300, 100, 300.0, read(TinyLanguage()), PageOrigin.OCR)
    assert decode_reading(encode_reading(reading)) == reading
    root = ElementTree.fromstring(to_alto([reading], Source("a.pdf", "ab" * 32, 1, "application/pdf")))
    words = [word for word in root.iter() if word.tag.endswith("}String")]
    assert [(word.get("CONTENT"), [kept.text for kept in word]) for word in words] == [("thẩm", ["thâm"]), ("quyền", [])]


@pytest.mark.parametrize(("value", "used"), [("", True), ("1", True), ("0", False)])
def test_the_setting_switches_it(value, used):
    assert Settings.from_environment({"SOHOA_LANGUAGE_MODEL": value}).language_model is used


@pytest.mark.parametrize(("changed", "named"), [({}, True), ({"language_model": False}, False), ({"language": "eng"}, False)])
def test_records_name_it_where_it_is_used(monkeypatch, changed, named):
    monkeypatch.setattr("pipeline.workbench.build_engine", lambda *_: ScriptedEngine())
    with build_pool(replace(Settings(home=Path()), jobs=1, **changed)) as pool:
        assert ("syllables" in pool.engine.models) is named
