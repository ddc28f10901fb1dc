"""Codes that a first look found, beside the local copy of a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import isolation
from pipeline.batches.cutting import Cut, Piece, View
from pipeline.batches.looks import Look
from pipeline.batches.markers import Marker
from pipeline.batches.slices import Stack
from pipeline.batches.taking import Planned
from pipeline.domain.batches import SidePlan, SideRole
from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.geometry import Box
from pipeline.domain.pages import CodeFormat, PageCode
from pipeline.first_looks import keep_codes, known_codes
from pipeline.intake import Bounds
from pipeline.side_reading import REMEMBERED, LastAsked

AT = datetime(2026, 3, 1, tzinfo=UTC)
QR = PageCode(CodeFormat.QR, "H05.01-240101-0001\n“thẻ”", Box(10, 20.5, 90, 101))


def test_what_was_found_is_known_page_by_page(tmp_path: Path) -> None:
    copy = tmp_path / "originals" / ("a" * 64)
    keep_codes(copy, "e1", {1: (QR,), 2: ()})
    assert [known_codes(copy, "e1", number) for number in (1, 2, 3)] == [(QR,), (), None]


def test_another_edition_looks_for_itself(tmp_path: Path) -> None:
    keep_codes(tmp_path / "a", "e1", {1: ()})
    assert known_codes(tmp_path / "a", "e2", 1) is None


def test_a_damaged_note_is_none(tmp_path: Path) -> None:
    for damage in (
        b"",
        b"{",
        b"[]",
        b'{"schema": "x", "pages": {"1": []}}',
        b'{"schema": "sohoa.codes/1", "pages": {"1": [[1]]}}',
    ):
        (tmp_path / "a.e1.codes").write_bytes(damage)
        assert known_codes(tmp_path / "a", "e1", 1) is None


def test_only_the_folder_of_local_copies_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(isolation, "read_scan", lambda *_, codes, **__: seen.append(codes))
    monkeypatch.setattr(isolation, "_readers", lambda _: None)
    monkeypatch.setattr(isolation._Child, "edition", "e1", raising=False)
    monkeypatch.setattr(isolation._Child, "limits", isolation.Limits(Bounds(), copies=tmp_path / "ours"), raising=False)
    for folder in ("ours", "theirs"):
        keep_codes(tmp_path / folder / "a", "e1", {1: (QR,)})
        isolation.read_here(tmp_path / folder / "a", "application/pdf", 1)
    assert seen == [(QR,), None]


@dataclass
class Laid:
    """Two pages of a stack of this type, the second one cut in two."""

    media_type: str

    def planned(self) -> Planned:
        source = Source("a", "f" * 64, 1, self.media_type, pages=2)
        views = [View(1, 1), View(1, 2, Box(0, 0, 0.5, 1)), View(1, 2, Box(0.5, 0, 1, 1))]
        sides = (SidePlan(1, 1, SideRole.PAGE, 1), SidePlan(1, 2, SideRole.PAGE, 1))
        looks = (Look(1, marks=(QR,)), Look(2, marks=()))
        return Planned((Stack(Path("a"), source),), Cut(sides, (Piece(Marker(), views),)), looks=(looks,))


def test_parts_of_pages_are_looked_at_again() -> None:
    planned = Laid("application/pdf").planned()
    assert planned.codes_of(planned.cut.pieces[0]) == {1: (QR,)}


def test_pages_that_nobody_could_look_at_are_not_known() -> None:
    planned = replace(Laid("application/pdf").planned(), looks=((Look(1, seen=False), Look(2)),))
    assert planned.codes_of(planned.cut.pieces[0]) == {}


def test_pictures_that_become_pages_of_a_slice_are_looked_at_again() -> None:
    planned = Laid("image/tiff").planned()
    sides = (*planned.cut.sides[:1], replace(planned.cut.sides[1], into=2))
    planned = replace(planned, cut=Cut(sides, planned.cut.pieces))
    assert planned.codes_of(planned.cut.pieces[0]) == {}


def a_document(number: int, revision: int = 0) -> Document:
    source = Source("a.pdf", "f" * 64, 1, "application/pdf")
    return Document(f"d{number}", "H1", source, Status.READING, QueueName.BATCH, AT, revision=revision)


def test_pages_of_a_document_ask_once() -> None:
    asked, calls = LastAsked(), []
    for _ in range(3):
        assert asked.ask(a_document(1), "ledger", lambda: calls.append(1) or len(calls)) == 1
    assert asked.ask(a_document(1), "words", lambda: None) is None
    assert asked.ask(replace(a_document(1), reading=2), "ledger", lambda: 7) == 7


def test_a_later_reading_always_asks() -> None:
    asked, answers = LastAsked(), iter(range(5))
    assert [asked.ask(a_document(1, revision=1), "ledger", lambda: next(answers)) for _ in range(3)] == [0, 1, 2]


def test_only_the_last_documents_are_remembered() -> None:
    asked = LastAsked()
    for number in range(REMEMBERED + 1):
        asked.ask(a_document(number), "ledger", lambda: "old")
    assert asked.ask(a_document(0), "ledger", lambda: "new") == "new"
    assert asked.ask(a_document(REMEMBERED), "ledger", lambda: "new") == "old"
