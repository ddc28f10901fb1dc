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
from pipeline.reading import Readers


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


def test_opening_a_file_ends_in_its_fault_or_ours() -> None:
    with pytest.raises(DamagedFileError):
        isolation.inspected(ended(TimeoutError()), "a.pdf")
    with pytest.raises(StageError):
        isolation.inspected(ended(ValueError("odd")), "a.pdf")
