"""Papers from the scanner to whoever reuses them: what the flow holds, holds back, proves and gives back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import flow
from pipeline.domain.documents import QueueName, Status
from pipeline.domain.holdings import Exclusion, State
from pipeline.domain.releases import CheckQuestion, ExcludedType, Held, RightsList, Wanted
from pipeline.domain.secret import Secret
from pipeline.reuse.receipts import KIND
from pipeline.reuse_desk import Checks, Events, PrintCodes, Receipts, Requests, ReusePorts, Revocations, Terms, Validity
from pipeline.verification import Report, verify
from pipeline.workers.courier import Courier
from storage.catalogue import SqlCatalogue
from storage.receipt_keys import KeyedReceipts
from tests.reuse_office import BIRTH, DESK, PROCEDURE, PURPOSE, Receivers, entitled
from tests.reviewed_office import BIRTH as BIRTH_TEXT
from tests.scripted_office import Office, ScriptedReader

ANSWER = {"reason": "cấp sai", "basis": "QĐ 12/QĐ-UBND", "actor": "cán bộ A"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with closing(SqlCatalogue("sqlite://")) as catalogue:
        office = Office(tmp_path, catalogue, ScriptedReader(pages=1))
        office.reader.texts = {"scripted": BIRTH_TEXT}
        yield office


@pytest.fixture
def reuse(office: Office, tmp_path: Path) -> ReusePorts:
    receipts = KeyedReceipts(tmp_path / "receipts.pem", kind=KIND, made=True)
    terms = Terms(master=Secret("a secret of the office"))
    return ReusePorts(office.store, office.catalogue, office.clock, receipts, Receivers(), terms)


def handed_in(office: Office, status: Status = Status.APPROVED) -> str:
    """A birth certificate that was read, and that a human let pass."""
    document = office.submit(dossier="000.00.16.H05-260105-0001")
    office.work()
    if status is Status.APPROVED:
        office.catalogue.move(document.id, status, actor="cán bộ A", reason="reviewed", at=office.clock.now())
    return document.id


def findings(office: Office, tmp_path: Path) -> list[str]:
    office.ports.auditing.seal()
    return [str(one) for one in verify(office.store, office.catalogue, tmp_path, Report())]


def test_what_was_read_is_held_with_owner_validity_and_place(office: Office, reuse: ReusePorts) -> None:
    name = handed_in(office)
    (kept,) = office.catalogue.holdings.of_document(name)
    assert kept.holding.type == BIRTH
    assert kept.holding.owners[0].name
    assert kept.holding.validity is not None
    assert office.store.stat(kept.holding.pdf_key).sha256 == kept.holding.pdf_sha256  # type: ignore[union-attr]


def test_the_archive_proves_everything_that_reuse_keeps(office: Office, reuse: ReusePorts, tmp_path: Path) -> None:
    name = handed_in(office)
    office.catalogue.rights.keep(RightsList((entitled(),), (), (1, 0)))
    Revocations(reuse).clear(name, **ANSWER)
    assert Validity(reuse).judge(name).is_reusable
    request = Requests(reuse).open(DESK, Wanted(PURPOSE, PROCEDURE, document=name))
    Requests(reuse).release(DESK, request.id)
    PrintCodes(reuse).make(name, actor="cán bộ A")
    assert findings(office, tmp_path) == []
    assert Courier(reuse).turn() == 1
    Revocations(reuse).revoke(name, **ANSWER)
    assert findings(office, tmp_path) == []
    (release,) = [entry.key for entry in office.store.list("releases/")]
    office.store.put(release, b"{}")
    (word, _) = [entry.key for entry in office.store.list("dossiers/") if "/standings/" in entry.key]
    office.store.remove(word)
    told = " ".join(findings(office, tmp_path))
    assert release in told
    assert word in told


def test_a_catalogue_rebuilt_from_the_bucket_judges_as_before(office: Office, reuse: ReusePorts) -> None:
    names = [handed_in(office)]
    Revocations(reuse).revoke(names[0], **ANSWER)
    before = Validity(reuse).judge(names[0])
    office.ports.auditing.seal()
    with closing(SqlCatalogue("sqlite://")) as fresh:
        flow.reindex(replace(office.ports, catalogue=fresh))
        assert Validity(replace(reuse, catalogue=fresh)).judge(names[0]) == before
        assert fresh.outbox.unplanned(10) == ()
    assert before.state is State.REVOKED


def test_a_paper_that_is_read_again_is_not_given_meanwhile(office: Office, reuse: ReusePorts) -> None:
    name = handed_in(office)
    Revocations(reuse).clear(name, **ANSWER)
    flow.read_again(name, flow.Wish(QueueName.BATCH), office.ports)
    assert Validity(reuse).judge(name).state is State.UNAPPROVED
    office.work()
    assert Validity(reuse).judge(name).is_reusable


@pytest.mark.parametrize(
    ("text", "code"),
    [(f"TUYỆT MẬT\n{BIRTH_TEXT}", "excluded_secret")],
)
def test_what_its_pages_show_to_be_excluded_waits_for_a_human_and_stays_excluded(
    office: Office, reuse: ReusePorts, text: str, code: str
) -> None:
    office.reader.texts = {"scripted": text}
    name = handed_in(office, Status.NEEDS_REVIEW)
    assert office.catalogue.document(name).status is Status.NEEDS_REVIEW
    record = office.record(office.catalogue.document(name))
    assert code in {problem["code"] for problem in record["problems"]}  # type: ignore[attr-defined]
    office.catalogue.move(name, Status.APPROVED, actor="cán bộ A", reason="reviewed", at=office.clock.now())
    assert Validity(reuse).judge(name).state is State.EXCLUDED


def test_excluded_types_wait_at_the_archive(office: Office) -> None:
    listed = ExcludedType(BIRTH, Exclusion.SHARED_ELSEWHERE, "QĐ 06", "CSDL hộ tịch")
    office.catalogue.rights.keep(RightsList((), (listed,), (0, 1)))
    name = handed_in(office, Status.NEEDS_REVIEW)
    record = office.record(office.catalogue.document(name))
    assert "excluded_shared_elsewhere" in {problem["code"] for problem in record["problems"]}  # type: ignore[attr-defined]
    noted = [one for one in office.catalogue.audit.happenings(name) if one.action == "reuse_refusal"]
    assert [one.told["gate"] for one in noted] == ["archive"]


def test_other_systems_are_told_that_a_dossier_is_digitised(office: Office, reuse: ReusePorts) -> None:
    handed_in(office)
    Events(reuse).plan()
    kinds = [one.kind.value for one in office.catalogue.outbox.after(0, 10)]
    assert kinds == ["document.approved", "dossier.digitised"]


def test_the_courier_goes_on_where_something_is_away(office: Office, reuse: ReusePorts) -> None:
    name = handed_in(office)
    office.catalogue.rights.keep(RightsList((entitled(),), (), (1, 0)))
    Revocations(reuse).clear(name, **ANSWER)
    Requests(reuse).release(DESK, Requests(reuse).open(DESK, Wanted(PURPOSE, PROCEDURE, document=name)).id)
    office.store.away = True
    assert Courier(reuse).turn() == 0
    office.store.away = False
    assert Courier(reuse).turn() == 1
    assert Receipts(reuse).keep() == 0


def test_a_check_finds_what_came_in_through_the_scanner(office: Office, reuse: ReusePorts) -> None:
    name = handed_in(office)
    office.catalogue.rights.keep(RightsList((entitled(by_name=True),), (), (1, 0)))
    Revocations(reuse).clear(name, **ANSWER)
    (kept,) = office.catalogue.holdings.of_document(name)
    answer = Checks(reuse).check(DESK, CheckQuestion(kept.holding.owners[0], PURPOSE, reuse.today, PROCEDURE))
    assert [(one.held, one.document) for one in answer.components] == [(Held.REUSABLE, name)]
