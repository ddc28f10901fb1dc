"""The review desk: claims, drafts, decisions, and the revision that comes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest

from pipeline import archive, flow
from pipeline.domain.audit import Action
from pipeline.domain.documents import QueueName, Status
from pipeline.domain.errors import NotEntitledError, NotFoundError
from pipeline.domain.findings import FieldOrigin
from pipeline.domain.reviews import TYPE_KEY, Place, StepKind, Verdict
from pipeline.domain.signatures import SignatureRole
from pipeline.review_desk import Desk, Outcome, RejectionCode, TypedValueError, Wish
from pipeline.verification import Report, verify
from tests.reviewed_office import ID_KEY, birth_office, look_at_all, paper
from tests.scripted_office import Killed, Office
from tests.signed_office import give_signers


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Office, Desk]]:
    with birth_office(tmp_path) as made:
        yield made


def set_id(desk: Desk, document: str, text: str = "002315000128", actor: str = "hoa", revision: int = 1) -> None:
    desk.settle(document, revision, Wish(ID_KEY, StepKind.SET, text, 4.0), actor=actor)


def faults(office: Office) -> list[object]:
    """What a check of everything in the bucket finds."""
    office.ports.auditing.seal()
    return list(verify(office.store, office.catalogue, office.folder, Report()))


def test_a_corrected_value_stands_in_the_next_revision_as_a_humans(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    set_id(desk, document.id)
    look_at_all(desk, document, "hoa")
    assert desk.approve(document.id, 1, actor="hoa") is Outcome.APPROVED
    approved = office.catalogue.document(document.id)
    assert (approved.status, approved.revision) == (Status.APPROVED, 2)
    found = archive.parse_record(office.store.get(archive.revision_key(document.dossier, document.id, 2, "record.json")))
    assert found.findings is not None
    field = found.findings.field("so_dinh_danh")
    assert field is not None
    assert (field.value, field.origin, field.confidence, field.problems) == ("002315000128", FieldOrigin.HUMAN, 1.0, ())
    assert field.evidence == desk.ports.revisions.version(document, 1).findings.field("so_dinh_danh").evidence  # type: ignore[union-attr]
    assert found.findings.owners[0].id12 == "002315000128"
    assert found.problems == ()


def test_the_record_of_a_review_keeps_to_the_schema_and_to_the_chain(both: tuple[Office, Desk], root: Path) -> None:
    office, desk = both
    document = paper(office)
    look_at_all(desk, document, "hoa")
    desk.approve(document.id, 1, actor="hoa")
    schema = json.loads((root / "pipeline/archive/record.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(office.record(document, 2), schema)
    assert faults(office) == []


def test_the_pdf_of_an_approved_paper_is_the_very_same(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    look_at_all(desk, document, "hoa")
    desk.approve(document.id, 1, actor="hoa")
    first, second = (
        office.store.get(archive.revision_key(document.dossier, document.id, number, "document.pdf")) for number in (1, 2)
    )
    assert first == second


def test_a_paper_that_nobody_has_signed_is_signed_by_the_digitiser_when_it_is_approved(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    signers = give_signers(office, SignatureRole.DIGITISER)
    desk = replace(desk, ports=office.ports)
    look_at_all(desk, document, "hoa")
    desk.approve(document.id, 1, actor="hoa")
    record = office.record(document, 2)
    assert signers[SignatureRole.DIGITISER].count == 1
    assert [one["role"] for one in record["signatures"]] == ["digitiser"]  # type: ignore[index, union-attr]
    assert record["pdf"]["signed"] is True  # type: ignore[index, call-overload]


def test_what_the_digitiser_has_signed_is_not_signed_twice_and_the_agency_signs_behind(tmp_path: Path) -> None:
    with birth_office(tmp_path) as (office, _):
        signers = give_signers(office, SignatureRole.DIGITISER, SignatureRole.AGENCY)
        document, desk = paper(office), Desk(office.ports)
        look_at_all(desk, document, "hoa")
        desk.approve(document.id, 1, actor="hoa")
        office.ports.signing.sign_as_agency(document.id, officer="lan")
        assert signers[SignatureRole.DIGITISER].count == 1
        record = office.record(document, 3)
        assert [one["role"] for one in record["signatures"]] == ["digitiser", "agency"]  # type: ignore[index, union-attr]
        assert faults(office) == []


def test_nothing_is_approved_while_a_point_is_open(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    with pytest.raises(NotEntitledError) as refused:
        desk.approve(document.id, 1, actor="hoa")
    assert refused.value.code == "points_open"
    assert office.catalogue.document(document.id).status is Status.NEEDS_REVIEW


def test_two_people_never_change_the_same_paper_unseen(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    desk.claim(document.id, "hoa")
    for change in (
        lambda: set_id(desk, document.id, actor="binh"),
        lambda: desk.undo(document.id, 1, actor="binh"),
        lambda: desk.approve(document.id, 1, actor="binh"),
        lambda: desk.reject(document.id, RejectionCode.RESCAN, "mờ", actor="binh"),
    ):
        with pytest.raises(NotEntitledError) as refused:
            change()
        assert refused.value.code == "claimed"


def test_taking_over_needs_a_reason_and_stands_in_the_audit_log(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    desk.claim(document.id, "hoa")
    with pytest.raises(NotEntitledError):
        desk.take_over(document.id, "binh", reason=" ")
    ended = desk.take_over(document.id, "binh", reason="Chị Hoa nghỉ")
    assert ended is not None
    assert ended.holder == "hoa"
    told = [one for one in office.catalogue.audit.happenings(document.id) if one.action == Action.TAKE_OVER]
    assert [(one.actor, one.reason, one.told["from"]) for one in told] == [("binh", "Chị Hoa nghỉ", "hoa")]
    set_id(desk, document.id, actor="binh")
    with pytest.raises(NotEntitledError):
        set_id(desk, document.id, actor="hoa")


def test_a_paper_left_lying_is_anybodys_and_its_draft_stays(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    set_id(desk, document.id)
    office.clock.advance(timedelta(minutes=16))
    set_id(desk, document.id, "002315000129", actor="binh")
    steps = desk.case(document.id).steps
    assert [(one.actor, one.before, one.after) for one in steps] == [
        ("hoa", "002315000123", "002315000128"),
        ("binh", "002315000128", "002315000129"),
    ]


def test_work_on_a_paper_keeps_it_on_the_desk(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    for _ in range(3):
        set_id(desk, document.id)
        office.clock.advance(timedelta(minutes=10))
    assert desk.claim(document.id, "binh").holder == "hoa"


def test_undo_gives_back_what_was_read(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    set_id(desk, document.id)
    desk.undo(document.id, 1, actor="hoa")
    field = desk.case(document.id).field(ID_KEY)
    assert field is not None
    assert field.value == "002315000123"
    desk.redo(document.id, 1, actor="hoa")
    again = desk.case(document.id).field(ID_KEY)
    assert again is not None
    assert again.value == "002315000128"


def test_what_is_no_value_of_its_field_is_told_and_changes_nothing(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    with pytest.raises(TypedValueError) as refused:
        set_id(desk, document.id, "00231500012")
    assert refused.value.advice == "Số định danh phải có 12 chữ số; đã nhập 11."
    assert desk.case(document.id).steps == ()


def test_checks_speak_of_the_values_as_they_are_typed(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    set_id(desk, document.id, "002399000123")
    field = desk.case(document.id).field(ID_KEY)
    assert field is not None
    assert field.warnings
    assert "năm sinh" in field.warnings[0].message


def test_another_type_has_other_fields_and_all_of_them_are_looked_at(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    desk.settle(document.id, 1, Wish(Place(1, TYPE_KEY), StepKind.SET, "giay_xac_nhan_hon_nhan"), actor="hoa")
    case = desk.case(document.id)
    (part,) = case.parts
    assert part.kind.code == "giay_xac_nhan_hon_nhan"
    assert {field.place.key for field in part.fields if field.is_open} >= {"ho_ten", "tinh_trang_hon_nhan"}
    assert "ho_ten_me" not in {field.place.key for field in part.fields}
    look_at_all(desk, document, "hoa")
    desk.approve(document.id, 1, actor="hoa")
    assert office.catalogue.document(document.id).type == "giay_xac_nhan_hon_nhan"


def test_no_type_is_made_up(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    with pytest.raises(TypedValueError):
        desk.settle(document.id, 1, Wish(Place(1, TYPE_KEY), StepKind.SET, "giay_phep_bay"), actor="hoa")


def test_a_type_with_a_second_reader_needs_another_person_who_saw_the_same(tmp_path: Path) -> None:
    with birth_office(tmp_path, second_reader=frozenset({"giay_khai_sinh"})) as (office, desk):
        document = paper(office)
        look_at_all(desk, document, "hoa")
        assert desk.approve(document.id, 1, actor="hoa") is Outcome.SECOND_READER
        with pytest.raises(NotEntitledError) as refused:
            desk.approve(document.id, 1, actor="hoa")
        assert refused.value.code == "same_reader"
        desk.release(document.id, "hoa")
        assert desk.approve(document.id, 1, actor="binh") is Outcome.APPROVED
        key = archive.revision_key(document.dossier, document.id, 2, "review.json")
        assert archive.parse_review(office.store.get(key)).readers == ("hoa", "binh")


def test_what_the_second_reader_changes_goes_back_to_the_first(tmp_path: Path) -> None:
    with birth_office(tmp_path, second_reader=frozenset({"giay_khai_sinh"})) as (office, desk):
        document = paper(office)
        look_at_all(desk, document, "hoa")
        desk.approve(document.id, 1, actor="hoa")
        set_id(desk, document.id, actor="binh")
        assert desk.approve(document.id, 1, actor="binh") is Outcome.SECOND_READER
        assert desk.approve(document.id, 1, actor="hoa") is Outcome.APPROVED


def test_what_people_made_of_a_reading_is_kept_to_learn_from(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    set_id(desk, document.id)
    look_at_all(desk, document, "hoa")
    desk.approve(document.id, 1, actor="hoa")
    sheet = archive.parse_review(office.store.get(archive.revision_key(document.dossier, document.id, 2, "review.json")))
    by_key = {one.key: one for one in sheet.lessons}
    corrected = by_key["so_dinh_danh"]
    assert (corrected.verdict, corrected.read, corrected.decided) == (Verdict.CORRECTED, "002315000123", "002315000128")
    assert corrected.evidence
    assert (corrected.seconds, corrected.actor) == (4.0, "hoa")
    assert by_key["gioi_tinh"].verdict is Verdict.CONFIRMED
    assert by_key["que_quan"].read is None
    assert sheet.engine is not None
    assert (sheet.engine.name, sheet.made_with) == ("scripted", "scripted 1")
    tallies = {one.key: one for one in office.catalogue.reviews.tallies(office.clock.now(), office.clock.now() + timedelta(1))}
    assert (tallies["so_dinh_danh"].corrected, tallies["gioi_tinh"].confirmed) == (1, 1)


def test_reindex_counts_again_what_was_learnt_and_what_is_urgent(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document, other = paper(office), paper(office, b"%PDF other")
    set_id(desk, document.id)
    look_at_all(desk, document, "hoa")
    desk.approve(document.id, 1, actor="hoa")
    span = office.clock.now() - timedelta(days=1), office.clock.now() + timedelta(days=1)
    learnt, waiting = office.catalogue.reviews.tallies(*span), desk.queue(None)
    office.ports.auditing.seal()
    flow.reindex(office.ports)
    assert office.catalogue.reviews.tallies(*span) == learnt
    assert desk.queue(None) == waiting
    assert [one.document for one in waiting] == [other.id]
    assert waiting[0].concern.risk > 0
    assert office.catalogue.document(document.id).status is Status.APPROVED


def test_a_paper_sent_back_says_why_and_leaves_the_queue(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    desk.reject(document.id, RejectionCode.RESCAN, "Trang 1 bị mất góc", actor="hoa")
    assert office.catalogue.document(document.id).status is Status.REJECTED
    event = office.catalogue.events(document.id)[-1]
    assert (event.actor, event.reason) == ("hoa", "rescan: Trang 1 bị mất góc")
    assert desk.queue(None) == ()
    with pytest.raises(NotEntitledError):
        desk.claim(document.id, "hoa")


def test_a_paper_that_was_read_again_meanwhile_is_not_approved_by_what_was_seen_before(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    look_at_all(desk, document, "hoa")
    office.reader.texts = {"scripted": office.reader.texts["scripted"].replace("BƯỞI", "BƯỜI")}
    flow.read_again(document.id, flow.Wish(QueueName.STATION), office.ports)
    office.work()
    assert office.catalogue.document(document.id).revision == 2
    with pytest.raises(NotEntitledError) as refused:
        desk.approve(document.id, 1, actor="hoa")
    assert refused.value.code == "review_outdated"


def test_what_people_decided_outlives_further_readings(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    set_id(desk, document.id)
    look_at_all(desk, document, "hoa")
    desk.approve(document.id, 1, actor="hoa")
    flow.read_again(document.id, flow.Wish(QueueName.STATION), office.ports)
    office.work()
    again = office.catalogue.document(document.id)
    version = office.ports.revisions.current(again)
    assert version is not None
    assert version.findings is not None
    field = version.findings.field("so_dinh_danh")
    assert field is not None
    assert (again.status, field.value) == (Status.APPROVED, "002315000128")


@pytest.mark.parametrize("dies_at", ["index", "keep_lessons", "move"])
def test_an_approval_cut_off_in_the_middle_is_finished(
    both: tuple[Office, Desk], dies_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, desk = both
    document = paper(office)
    look_at_all(desk, document, "hoa")
    home = office.catalogue.reviews if dies_at == "keep_lessons" else office.catalogue

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(home, dies_at, die)
        with pytest.raises(Killed):
            desk.approve(document.id, 1, actor="hoa")
    case = desk.case(document.id)
    if case.document.status is Status.NEEDS_REVIEW:
        desk.approve(document.id, 1, actor="hoa")
    approved = office.catalogue.document(document.id)
    assert (approved.status, approved.revision) == (Status.APPROVED, 2)
    assert office.catalogue.events(document.id)[-1].actor == "hoa"
    assert office.catalogue.reviews.tallies(office.clock.now(), office.clock.now() + timedelta(1))
    assert faults(office) == []


def test_an_approved_paper_may_be_opened_again_and_keeps_both_reviews(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = paper(office)
    look_at_all(desk, document, "hoa")
    desk.approve(document.id, 1, actor="hoa")
    with pytest.raises(NotEntitledError):
        desk.reopen(document.id, reason="", actor="binh")
    desk.reopen(document.id, reason="Sai số định danh", actor="binh")
    assert office.catalogue.document(document.id).status is Status.NEEDS_REVIEW
    set_id(desk, document.id, actor="binh", revision=2)
    assert desk.approve(document.id, 2, actor="binh") is Outcome.APPROVED
    sheets = [
        archive.parse_review(office.store.get(archive.revision_key(document.dossier, document.id, number, "review.json")))
        for number in (2, 3)
    ]
    assert [sheet.reviewed for sheet in sheets] == [1, 2]
    assert [one.key for one in sheets[1].lessons] == ["so_dinh_danh"]
    assert faults(office) == []


def test_a_paper_that_was_never_read_lies_on_no_desk(both: tuple[Office, Desk]) -> None:
    office, desk = both
    document = office.submit()
    with pytest.raises(NotFoundError):
        desk.case(document.id)
