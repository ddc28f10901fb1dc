"""Words on documents: written once, the same for all who look, proven by the archive, back from the bucket."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import archive
from pipeline.custody.erasing import Erasing
from pipeline.custody.gates import Gates
from pipeline.custody.papers import restore_books, restore_words
from pipeline.domain.documents import Owner, Status
from pipeline.domain.errors import NotEntitledError, NotFoundError, RejectedInputError
from pipeline.domain.holdings import (
    Exclusion,
    OwnerEvent,
    OwnerEventKind,
    PublicState,
    ReasonCode,
    Standing,
    StandingKind,
    State,
)
from pipeline.domain.releases import CheckQuestion, ExcludedType, Held, Wanted
from pipeline.reuse.codes import digest_of, make_code, read_code, shown_code
from storage.catalogue import SqlCatalogue
from tests.reuse_office import BIRTH, DESK, LAN, PROCEDURE, PURPOSE, ReuseOffice, entitled

ANSWER = {"reason": "cấp sai", "basis": "QĐ 12/QĐ-UBND", "actor": "cán bộ A"}


@pytest.fixture
def office(tmp_path: Path) -> ReuseOffice:
    office = ReuseOffice(tmp_path)
    office.allow(entitled())
    office.hold("A")
    return office


def test_a_word_is_an_object_of_the_bucket_a_line_of_the_log_and_an_event_at_once(office: ReuseOffice) -> None:
    said = office.revocations.revoke("A", **ANSWER)
    key = archive.standing_key(office.catalogue.document("A").dossier, "A", 1)
    assert archive.parse_reuse(Standing, office.store.get(key)) == said
    assert office.actions() == ["standing"]
    (*_, event) = office.catalogue.outbox.unplanned(10)
    assert (event.document, event.kind.value) == ("A", "document.revoked")


def test_the_same_said_again_changes_nothing(office: ReuseOffice) -> None:
    first = office.revocations.revoke("A", **ANSWER)
    assert office.revocations.revoke("A", reason="khác", basis="QĐ 13", actor="B") == first
    office.revocations.restore("A", **ANSWER)
    assert office.revocations.revoke("A", **ANSWER).number == 3
    assert office.actions() == ["standing"] * 3


def test_a_word_whose_writer_was_killed_is_taken_over_by_the_next(office: ReuseOffice) -> None:
    dossier = office.catalogue.document("A").dossier
    lost = Standing("A", 1, StandingKind.REVOKED, "cán bộ B", "r", "QĐ 1", office.clock.now())
    office.store.put_once(archive.standing_key(dossier, "A", 1), archive.render_reuse(lost))
    assert office.judging.judge("A").is_reusable
    assert office.revocations.revoke("A", **ANSWER) == lost
    assert office.judging.judge("A").state is State.REVOKED
    assert office.actions() == ["standing"]


@pytest.mark.parametrize("missing", ["reason", "basis"])
def test_nothing_is_said_without_a_reason_and_a_basis(office: ReuseOffice, missing: str) -> None:
    with pytest.raises(RejectedInputError) as refused:
        office.revocations.revoke("A", **{**ANSWER, missing: " "})
    assert refused.value.code == "basis_missing"
    assert office.revocations.of("A") == ()


def test_faulty_words_are_refused(office: ReuseOffice) -> None:
    with pytest.raises(NotFoundError):
        office.revocations.revoke("nothing", **ANSWER)
    with pytest.raises(NotFoundError):
        office.revocations.supersede("A", "nothing", **ANSWER)
    with pytest.raises(RejectedInputError):
        office.revocations.supersede("A", "A", **ANSWER)
    with pytest.raises(RejectedInputError):
        office.revocations.revoke("A", since="mai", **ANSWER)


def test_a_revocation_between_judgement_and_release_stops_the_release(
    office: ReuseOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, document="A"))
    stat, done = office.store.stat, []

    def meanwhile(key: str) -> object:
        if not done:
            done.append(office.revocations.revoke("A", **ANSWER))
        return stat(key)

    monkeypatch.setattr(office.store, "stat", meanwhile)
    with pytest.raises(NotEntitledError) as refused:
        office.requests.release(DESK, request.id)
    assert refused.value.code == ReasonCode.REVOKED
    assert office.requests.released("A") == ()


def test_words_stay_when_a_document_is_erased(office: ReuseOffice) -> None:
    code = office.prints.make("A", actor="cán bộ A")
    office.revocations.revoke("A", **ANSWER)
    dossier = office.catalogue.document("A").dossier
    office.store.put_once(archive.received_key(dossier, "A"), b"{}")
    Erasing(office.store, office.catalogue, office.clock, archive.shipped_retention()).erase(
        "A", actor="a", reason="r", order="QĐ 9"
    )
    assert len(office.revocations.of("A")) == 1
    assert office.judging.judge("A").state is State.ERASED
    assert office.prints.look(code).state is PublicState.REVOKED
    assert office.catalogue.holdings.of_owner(LAN, [BIRTH]) == ()


def test_everything_said_comes_back_from_the_bucket_alone(office: ReuseOffice) -> None:
    office.revocations.revoke("A", **ANSWER)
    office.revocations.restore("A", **ANSWER)
    code = office.prints.make("A", actor="cán bộ A")
    release = office.requests.release(DESK, office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, document="A")).id)
    told = OwnerEvent("E", OwnerEventKind.DIED, LAN, "2026-01-02", "KT 5", "hộ tịch", office.clock.now())
    office.revocations.befall(told)
    office.receipts.keep()
    fresh = SqlCatalogue("sqlite://")
    restore_words([entry.key for entry in office.store.list("dossiers/")], office.store, fresh)
    restore_books(office.store, fresh)
    assert fresh.holdings.standings("A") == office.revocations.of("A")
    assert not fresh.holdings.befall(told)
    for one in (code, release.check_code):
        found = fresh.holdings.find_code(digest_of(one))
        assert found is not None and found.document == "A"
    assert [one.id for one in fresh.releases.fetchers("A")] == [release.request.id]


def test_papers_are_found_under_an_id_that_their_owner_had_before(office: ReuseOffice) -> None:
    now = Owner("001190000077", LAN.name, LAN.birth_date)
    change = OwnerEvent("E1", OwnerEventKind.ID_CHANGED, LAN, "2026-01-02", "CV 5", "công an", office.clock.now(), now)
    office.revocations.befall(change)
    question = CheckQuestion(now, PURPOSE, office.ports.today, PROCEDURE)
    (found,) = office.checks.check(DESK, question).components
    assert (found.held, found.document) == (Held.REUSABLE, "A")
    assert ReasonCode.OWNER_CHANGED in {one.code for one in found.notes}
    back = OwnerEvent("E2", OwnerEventKind.CANCELLED, LAN, "2026-01-03", "CV 6", "công an", office.clock.now(), cancels="E1")
    office.revocations.befall(back)
    assert office.checks.check(DESK, question).components[0].held is Held.NOT_HELD


def test_a_death_that_was_told_wrongly_is_taken_back(office: ReuseOffice) -> None:
    office.hold("M", "giay_xac_nhan_hon_nhan", until="2026-06-01")
    died = OwnerEvent("E1", OwnerEventKind.DIED, LAN, "2026-01-02", "KT 5", "hộ tịch", office.clock.now())
    office.revocations.befall(died)
    assert office.judging.judge("M").state is State.EXPIRED
    back = OwnerEvent("E2", OwnerEventKind.CANCELLED, LAN, "2026-01-03", "KT 6", "hộ tịch", office.clock.now(), cancels="E1")
    office.revocations.befall(back)
    assert office.judging.judge("M").is_reusable


def test_what_is_not_digitised_is_refused_where_it_comes_in(office: ReuseOffice) -> None:
    gates = Gates(office.catalogue, office.clock)
    gates.admit(declared=None, kind=BIRTH, dossier="H", actor="quầy 1")
    for exclusion in Exclusion:
        with pytest.raises(RejectedInputError) as refused:
            gates.admit(declared=exclusion, kind="", dossier="H", actor="quầy 1")
        assert refused.value.code == f"excluded_{exclusion.value}"
        assert refused.value.advice
    office.bar(ExcludedType(BIRTH, Exclusion.SHARED_ELSEWHERE, "QĐ 06", "CSDL hộ tịch", since="2026-01-06"))
    gates.admit(declared=None, kind=BIRTH, dossier="H", actor="quầy 1")
    office.clock.advance(timedelta(days=1))
    with pytest.raises(RejectedInputError):
        gates.admit(declared=None, kind=BIRTH, dossier="H", actor="quầy 1")
    assert office.actions() == ["reuse_refusal"] * 5


def test_a_code_is_made_for_valid_papers_alone(office: ReuseOffice) -> None:
    office.hold("B", status=Status.NEEDS_REVIEW, dossier="H2", owner=Owner("001085000002", "B", "1985-01-01"))
    with pytest.raises(NotEntitledError) as refused:
        office.prints.make("B", actor="a")
    assert refused.value.code == ReasonCode.NEEDS_REVIEW
    with pytest.raises(NotFoundError):
        office.prints.make("nothing", actor="a")


def test_codes_are_read_as_they_are_shown() -> None:
    codes = {make_code() for _ in range(50)}
    assert len(codes) == 50
    assert all(read_code(shown_code(code)) == code for code in codes)
    assert read_code("") == read_code("x" * 25) == ""
