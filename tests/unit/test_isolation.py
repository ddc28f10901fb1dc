"""What becomes of pages and files whose reading ends as nobody foresaw."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from pebble import ProcessExpired

from ocr_models import ScriptedEngine
from pipeline import intake, isolation
from pipeline.domain.errors import DamagedFileError, StageError, UnavailableError
from pipeline.domain.pages import UnreadPage
from pipeline.edition import edition_of
from pipeline.ports import EngineInfo
from pipeline.reading import Readers
from pipeline.workbench import build_engine


def ended(error: BaseException) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(error)
    return future


def reason(content: object) -> str:
    assert isinstance(content, UnreadPage)
    return content.reason


@pytest.mark.parametrize(("error", "code"), [(TimeoutError(), "page_timeout"), (ProcessExpired("killed"), "killed_worker")])
def test_a_reading_that_never_came_back_is_an_unread_page(error: BaseException, code: str) -> None:
    assert reason(isolation.read(ended(error), 3).reading.content) == code


def test_a_missing_engine_is_no_fate_of_a_single_page() -> None:
    with pytest.raises(UnavailableError):
        isolation.read(ended(UnavailableError("no tesseract")), 1)


@pytest.mark.parametrize(("error", "code"), [(ValueError("odd"), "recognition_failed"), (MemoryError(), "out_of_memory")])
def test_an_error_nobody_foresaw_costs_one_page(monkeypatch: pytest.MonkeyPatch, error: BaseException, code: str) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(isolation, "read_scan", fails)
    monkeypatch.setattr(isolation._Child, "limits", isolation.Limits(intake.Bounds()), raising=False)
    monkeypatch.setattr(isolation._Child, "readers", {"tesserocr": Readers(ScriptedEngine())}, raising=False)
    assert reason(isolation.read_here(Path("a.pdf"), "application/pdf", 2).reading.content) == code


def test_a_child_makes_every_engine_once_and_shares_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    asked: list[Readers] = []

    def make(name: str, language: str, seconds: float) -> ScriptedEngine:
        made.append(name)
        return ScriptedEngine()

    usual = Readers(ScriptedEngine())
    monkeypatch.setattr(isolation._Child, "limits", isolation.Limits(intake.Bounds()), raising=False)
    monkeypatch.setattr(isolation._Child, "readers", {"tesserocr": usual}, raising=False)
    monkeypatch.setattr(isolation._Child, "make_engine", staticmethod(make), raising=False)
    monkeypatch.setattr(isolation, "read_scan", lambda *_, readers, **__: asked.append(readers))
    for name in ("", "tesseract", "tesserocr", "tesseract"):
        isolation.read_here(Path("a.pdf"), "application/pdf", 1, name)
    assert made == ["tesseract"]
    assert asked[0] is asked[2] is usual
    assert asked[1] is asked[3]
    assert asked[1].engine is not usual.engine


def test_an_engine_that_this_machine_does_not_have_costs_no_page() -> None:
    with pytest.raises(UnavailableError, match="tesserocr") as raised:
        build_engine("newest", "vie", 1.0)
    assert raised.value.advice


def test_what_made_a_reading_changes_with_the_engine_its_models_and_the_edition() -> None:
    def make(name: str, language: str, seconds: float) -> ScriptedEngine:
        class Named(ScriptedEngine):
            info = EngineInfo(name, "1", (language,), "ab" * 32)

        return Named()

    limits = isolation.Limits(intake.Bounds())
    pools = [isolation.PagePool(make, limits, 1, edition=edition) for edition in ("first", "second")]
    told = {pool.made_with(name) for pool in pools for name in ("", "tesserocr", "tesseract")}
    for pool in pools:
        pool.stop()
    assert len(told) == 4
    assert pools[0].made_with("") == pools[0].made_with("tesserocr")


def test_the_edition_changes_with_every_recipe_and_model(tmp_path: Path) -> None:
    (tmp_path / "one.npz").write_bytes(b"weights")
    before = edition_of(tmp_path)
    (tmp_path / "one.npz").write_bytes(b"better weights")
    edition_of.cache_clear()
    assert edition_of(tmp_path) != before
    assert len(before) == 16


def test_opening_a_file_ends_in_its_fault_or_ours() -> None:
    with pytest.raises(DamagedFileError):
        isolation.inspected(ended(TimeoutError()), "a.pdf")
    with pytest.raises(StageError):
        isolation.inspected(ended(ValueError("odd")), "a.pdf")
