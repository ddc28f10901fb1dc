"""Pages that an operator puts right: a new revision, the history of it in the record, nothing lost."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline import flow
from pipeline.commands.paging import _ledger_lines, _list, _pair, _wanted
from pipeline.custody.page_changes import Wanted, change_pages
from pipeline.domain.audit import Action
from pipeline.domain.documents import Document, QueueName
from pipeline.domain.errors import NotEntitledError
from pipeline.domain.ledger import ChangeKind, PageLedger
from pipeline.verification import Report, verify
from storage.catalogue import SqlCatalogue
from tests.scripted_office import Office, ScriptedReader
from tests.unit.test_likeness import FIRST, OTHER, SECOND

WHO = {"actor": "cán bộ A", "reason": "quét thừa và ngược"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with closing(SqlCatalogue(f"sqlite:///{tmp_path}/c.sqlite")) as catalogue:
        yield Office(tmp_path, catalogue, ScriptedReader(pages=3))


@pytest.fixture
def document(office: Office) -> Document:
    document = office.submit()
    office.work()
    return office.catalogue.document(document.id)


def ask(office: Office, document: Document, **options: Any) -> Document:
    """The document after the changes that a command line asks for."""
    plain: dict[str, Any] = {"rotate": [], "remove": [], "put_back": [], "pair": [], "order": []}
    args = argparse.Namespace(**{**plain, **options})

    def plan(ledger: PageLedger, turns: Sequence[int]) -> tuple[Wanted, ...]:
        return tuple(_wanted(args, ledger, turns))

    change_pages(document.id, plan, office.ports, **WHO)
    office.work()
    return office.catalogue.document(document.id)


def sides(office: Office, document: Document) -> list[int | None]:
    record: Any = office.record(document, document.revision)
    return [side["page"] for side in record["ledger"]["sides"]]


def text(office: Office, document: Document) -> list[str]:
    key = f"dossiers/{document.dossier}/{document.id}/r{document.revision:04d}/text.txt"
    return [page.strip() for page in office.store.get(key).decode().split("\f")]


def test_the_ledger_of_a_document_as_submitted_names_every_side(office: Office, document: Document) -> None:
    assert sides(office, document) == [1, 2, 3]
    assert office.record(document)["ledger"]["changes"] == []  # type: ignore[index]


def test_pages_are_turned_removed_and_reordered_in_a_new_revision(office: Office, document: Document) -> None:
    changed = ask(office, document, rotate=[(2, 90)], remove=[1], order=[3, 2, 1])
    assert changed.revision == 2
    assert sides(office, changed) == [None, 2, 1]
    assert text(office, changed) == ["trang số 3", "trang số 2"]
    record: Any = office.record(document, 2)
    assert [(page["number"], page["rotation"]) for page in record["pages"]] == [(1, 0), (2, 90)]
    assert [(c["kind"], c["sides"], c["actor"], c["reason"]) for c in record["ledger"]["changes"]] == [
        ("rotate", [2], "cán bộ A", "quét thừa và ngược"),
        ("order", [3, 2, 1], "cán bộ A", "quét thừa và ngược"),
        ("remove", [1], "cán bộ A", "quét thừa và ngược"),
    ]
    assert text(office, document) == ["trang số 1", "trang số 2", "trang số 3"]
    (happening,) = (one for one in office.catalogue.audit.happenings(document.id) if one.action == Action.PAGES)
    assert (happening.actor, happening.told) == ("cán bộ A", {"changes": ["rotate", "order", "remove"]})


def test_what_was_removed_is_put_back_and_the_history_grows(office: Office, document: Document) -> None:
    without = ask(office, document, remove=[2])
    again = ask(office, without, put_back=[(2, 1)])
    assert again.revision == 3
    assert sides(office, again) == [2, 1, 3]
    assert [one["kind"] for one in office.record(document, 3)["ledger"]["changes"]] == ["remove", "put_back"]  # type: ignore[index]
    office.ports.auditing.seal()
    assert list(verify(office.store, office.catalogue, office.folder, Report())) == []


def test_what_an_operator_did_stays_when_the_document_is_read_again(office: Office, document: Document) -> None:
    changed = ask(office, document, order=[3, 1, 2], rotate=[(1, 180)])
    office.reader.texts = {"other": "đọc lại trang {}"}
    flow.read_again(changed.id, flow.Wish(QueueName.BATCH, "other"), office.ports)
    office.work()
    again = office.catalogue.document(document.id)
    assert (again.revision, sides(office, again)) == (3, [2, 3, 1])
    assert text(office, again)[0] == "đọc lại trang 3"
    record: Any = office.record(document, 3)
    assert record["pages"][1]["rotation"] == 180


def test_a_removed_page_is_accounted_for_by_the_rules(office: Office, document: Document) -> None:
    changed = ask(office, document, remove=[3])
    record: Any = office.record(changed, 2)
    rules = {rule["rule"]: rule["outcome"] for one in record["conformity"] for rule in one["rules"]}
    assert rules["all_pages"] == "pass"


def test_a_sheet_with_and_without_notes_is_found_to_be_twins(office: Office) -> None:
    office.reader.texts = {"": f"{FIRST} Đã xem, đồng ý {{}}", "scripted": f"{FIRST} Đã xem {{}}"}
    document = office.submit(b"%PDF twins")
    office.work()
    record: Any = office.record(document)
    assert [side["twin"] for side in record["ledger"]["sides"]] == [None, 1, None]


def test_other_sheets_are_no_twins(office: Office) -> None:
    for name, told in (("a", SECOND), ("b", OTHER)):
        office.reader.pages = 1
        office.reader.texts = {"": told, "scripted": told}
        document = office.submit(name.encode(), name)
        office.work()
        record: Any = office.record(document)
        assert [side["twin"] for side in record["ledger"]["sides"]] == [None]


def test_a_document_in_work_keeps_its_pages(office: Office) -> None:
    document = office.submit()
    with pytest.raises(NotEntitledError, match="cannot be changed now"):
        ask(office, document, remove=[1])


def test_a_change_without_a_reason_is_refused_and_changes_nothing(office: Office, document: Document) -> None:
    with pytest.raises(ValueError, match="who makes it and why"):
        change_pages(document.id, lambda *_: (Wanted(ChangeKind.REMOVE, (1,)),), office.ports, actor="", reason="")
    assert office.catalogue.document(document.id) == document


def test_the_ledger_is_shown_side_by_side(office: Office, document: Document) -> None:
    changed = ask(office, document, remove=[1], rotate=[(2, 90)], pair=[(3, 2)])
    shown = list(_ledger_lines(office.ports.ledgers.current(changed)))
    assert shown[0] == "3 sides submitted, 2 pages, 1 removed"
    assert shown[1:3] == ["  side 1    removed", "  side 2    page 1     turned to 90°"]
    assert shown[3] == "  side 3    page 2     twin of side 2, which has no notes"
    assert "cán bộ A: remove 1 (quét thừa và ngược)" in shown[-1]


def test_numbers_on_the_command_line_are_checked() -> None:
    assert (_pair("3:90"), _list("3,1,2")) == ((3, 90), [3, 1, 2])
    for read, wrong in ((_pair, "3"), (_list, "3,")):
        with pytest.raises(argparse.ArgumentTypeError):
            read(wrong)
