"""Papers that come in twice: linked, shown, never dropped; found again after the catalogue was lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import flow
from pipeline.domain.documents import Document, QueueName, Status
from pipeline.domain.duplicates import Duplicate, DuplicateKind
from pipeline.domain.findings import Problem
from pipeline.review import note_duplicates
from storage.catalogue import SqlCatalogue
from storage.likenesses import COMMON
from tests.scripted_office import Office, ScriptedReader
from tests.unit.test_likeness import FIRST, MISREAD, OTHER, SECOND


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with closing(SqlCatalogue(f"sqlite:///{tmp_path}/c.sqlite")) as catalogue:
        yield Office(tmp_path, catalogue, ScriptedReader(pages=1))


def scan(office: Office, text: str, dossier: str, name: str = "a.pdf") -> Document:
    """A new file whose page reads so, settled a minute after the one before."""
    office.clock.advance(timedelta(minutes=1))
    office.reader.texts = {"": text, "scripted": text}
    document = office.submit(f"%PDF {office.clock.now()}".encode(), name, dossier)
    office.work()
    return office.catalogue.document(document.id)


def links(office: Office, document: Document) -> list[tuple[str, str]]:
    return [(one.kind.value, one.document) for one in office.catalogue.likenesses.linked(document.id)]


def problems(office: Office, document: Document) -> list[str]:
    record = office.record(document, document.revision)
    return [problem["code"] for problem in record["problems"]]  # type: ignore[attr-defined, index, call-overload]


def test_a_sheet_scanned_again_is_linked_and_shown(office: Office) -> None:
    first, again = scan(office, FIRST, "H05"), scan(office, MISREAD, "H06")
    assert links(office, again) == [("pages", first.id)]
    assert links(office, first) == [("pages", again.id)]
    assert "duplicate_pages" in problems(office, again)
    assert "duplicate_pages" not in problems(office, first)
    (link,) = office.record(again)["duplicates"]  # type: ignore[misc]
    assert link == {"document": first.id, "dossier": "H05", "kind": "pages", "score": 1.0, "pages": [[1, 1]]}


def test_two_papers_of_one_form_and_other_papers_are_not_linked(office: Office) -> None:
    for text in (FIRST, SECOND, OTHER):
        assert links(office, scan(office, text, "H05")) == []


def test_the_same_file_in_another_dossier_is_linked_and_not_held_back(office: Office) -> None:
    first = office.submit(b"%PDF same", "a.pdf", "H05")
    office.clock.advance(timedelta(minutes=1))
    second = office.submit(b"%PDF same", "b.pdf", "H06")
    office.work()
    assert links(office, second) == [("file", first.id)]
    assert "duplicate_file" in problems(office, office.catalogue.document(second.id))


def test_what_came_first_does_not_learn_of_it_by_being_read_again(office: Office) -> None:
    first, again = scan(office, FIRST, "H05"), scan(office, MISREAD, "H06")
    office.reader.texts = {"": FIRST, "scripted": FIRST, "other": FIRST}
    flow.read_again(first.id, flow.Wish(QueueName.BATCH, "other"), office.ports)
    office.work()
    assert office.catalogue.document(first.id).revision == 1
    office.reader.texts["other"] = MISREAD
    flow.read_again(again.id, flow.Wish(QueueName.BATCH, "other"), office.ports)
    office.work()
    assert office.catalogue.document(again.id).revision == 1


def test_links_and_index_come_back_with_the_catalogue(office: Office, tmp_path: Path) -> None:
    first, again = scan(office, FIRST, "H05"), scan(office, MISREAD, "H06")
    office.ports.auditing.seal()
    with closing(SqlCatalogue(f"sqlite:///{tmp_path}/new.sqlite")) as fresh:
        flow.reindex(replace(office.ports, catalogue=fresh))
        assert [one.document for one in fresh.likenesses.linked(again.id)] == [first.id]
        office.ports = replace(office.ports, catalogue=fresh)
        office.catalogue = fresh
        third = scan(office, FIRST, "H07")
        assert {one for _, one in links(office, third)} == {first.id, again.id}


PROBLEM = Problem("low_confidence", "…")


@pytest.mark.parametrize(
    ("kind", "dossier", "status"),
    [
        (DuplicateKind.FILE, "H06", Status.APPROVED),
        (DuplicateKind.PAGES, "H06", Status.APPROVED),
        (DuplicateKind.PAGES, "H05", Status.NEEDS_REVIEW),
        (DuplicateKind.NUMBER, "H06", Status.NEEDS_REVIEW),
    ],
)
def test_a_human_is_asked_where_one_of_the_two_is_wrong_or_needless(kind: DuplicateKind, dossier: str, status: Status) -> None:
    found = (Duplicate("d1", dossier, kind),)
    noted, told = note_duplicates(Status.APPROVED, (PROBLEM,), found, dossier="H05")
    assert noted is status
    assert [problem.code for problem in told] == ["low_confidence", f"duplicate_{kind.value}"]
    again = note_duplicates(Status.APPROVED, (PROBLEM,), found, dossier="H05", settled=told)
    assert again == (Status.APPROVED, told)


def test_a_paper_found_by_its_sheets_is_not_told_again_by_its_number() -> None:
    found = (Duplicate("d1", "H06", DuplicateKind.PAGES), Duplicate("d1", "H06", DuplicateKind.NUMBER))
    assert note_duplicates(Status.APPROVED, (), found, dossier="H05")[0] is Status.APPROVED


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlCatalogue]:
    url = f"sqlite:///{tmp_path}/l.sqlite" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    with closing(SqlCatalogue(url)) as made:
        yield made


def test_bands_that_many_pages_share_find_nothing_and_the_others_still_do(catalogue: SqlCatalogue) -> None:
    for number in range(COMMON + 1):
        catalogue.likenesses.enter(f"d{number:02d}", {1: (7, 1000 + number)})
    catalogue.likenesses.enter("e", {1: (7, 1003, 2**62), 2: (1004,)})
    assert catalogue.likenesses.candidates("e", (7, 1003, 1004, 2**62), 5) == ("d03", "d04")
    catalogue.likenesses.enter("d03", {})
    assert catalogue.likenesses.candidates("e", (7, 1003, 1004), 5) == ("d04",)


def test_links_are_told_from_both_sides_and_replaced(catalogue: SqlCatalogue) -> None:
    link = Duplicate("a", "", DuplicateKind.PAGES, 0.5, ((1, 2),))
    catalogue.likenesses.link("b", (Duplicate("z", "", DuplicateKind.FILE),))
    catalogue.likenesses.link("b", (link,))
    assert catalogue.likenesses.linked("b") == (link,)
    assert catalogue.likenesses.linked("a") == (replace(link, document="b", pages=((2, 1),)),)
    catalogue.clear()
    assert catalogue.likenesses.linked("a") == ()
